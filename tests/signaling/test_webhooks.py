"""Webhooks against a real HTTP server, checked with the official receiver."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from livekit import api
from livekit.protocol.models import Room
from livekit.protocol.webhook import WebhookEvent

from signaling.rtc.webhooks import Webhooks, WebhookSettings
from tests.livekit_node import API_KEY, API_SECRET, LiveKitNode
from tests.signaling.test_rtc_socket import signals

PATIENCE_S = 10
RECEIVER = api.WebhookReceiver(api.TokenVerifier(API_KEY, API_SECRET))


@dataclass
class Receiver:
    """A server that verifies what it gets; `statuses` are answered in turn, then 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    events: list[WebhookEvent] = field(default_factory=list)
    requests: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                self.arrived.clear()
                await self.arrived.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
        body = (await reader.readexactly(int(headers["content-length"]))).decode()
        self.requests += 1
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            assert headers["content-type"] == "application/webhook+json"
            self.events.append(RECEIVER.receive(body, headers["authorization"]))
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()
        self.arrived.set()


@asynccontextmanager
async def receiving(*statuses: int) -> AsyncIterator[Receiver]:
    receiver = Receiver(statuses=list(statuses))
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    async with server:
        receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
        yield receiver


def settings(*urls: str, max_waiting: int = 1000, attempts: int = 4) -> WebhookSettings:
    return WebhookSettings(
        urls, API_KEY, API_SECRET, attempts=attempts, backoff_s=0.01, timeout_s=2.0, max_waiting=max_waiting
    )


def event(name: str, room: str = "room") -> WebhookEvent:
    return WebhookEvent(event=name, id=name, room=Room(name=room))


def test_events_of_a_call_arrive_signed_and_in_order() -> None:
    async def script() -> None:
        async with receiving() as receiver, LiveKitNode() as node, Webhooks(settings(receiver.url)) as hooks:
            node.rooms.observe(hooks.notify)
            async with signals(node) as guest:
                await guest.next("offer")
            await node.rooms.delete_room("room")
            await receiver.until(lambda: len(receiver.events) == 3)

            names = [found.event for found in receiver.events]
            assert names == ["room_started", "participant_connection_aborted", "room_finished"]
            assert receiver.events[1].participant.identity == "me"
            assert all(found.created_at and found.room.sid for found in receiver.events)

    asyncio.run(script())


def test_failed_deliveries_are_repeated_before_the_next_event() -> None:
    async def script() -> None:
        async with receiving(500, 503, 429) as receiver, Webhooks(settings(receiver.url)) as hooks:
            for name in ("first", "second"):
                hooks.notify(event(name))
            await receiver.until(lambda: len(receiver.events) == 2)

            assert [found.event for found in receiver.events] == ["first", "second"]
            assert receiver.requests == 5

    asyncio.run(script())


@pytest.mark.parametrize(("statuses", "requests"), [((400,), 2), ((500, 500, 500, 500), 5)])
def test_hopeless_deliveries_are_given_up(statuses: tuple[int, ...], requests: int) -> None:
    async def script() -> None:
        async with receiving(*statuses) as receiver, Webhooks(settings(receiver.url)) as hooks:
            for name in ("lost", "next"):
                hooks.notify(event(name))
            await receiver.until(lambda: len(receiver.events) == 1)

            assert receiver.events[0].event == "next"
            assert receiver.requests == requests
            assert hooks.dropped == (len(statuses) > 1)

    asyncio.run(script())


def test_queue_is_bounded_and_says_what_it_dropped() -> None:
    async def script() -> None:
        async with receiving() as receiver, Webhooks(settings(receiver.url, max_waiting=3)) as hooks:
            for number in range(5):
                hooks.notify(event(f"e{number}"))
            await receiver.until(lambda: len(receiver.events) == 3)
            hooks.notify(event("later"))
            await receiver.until(lambda: len(receiver.events) == 4)

            assert [found.event for found in receiver.events] == ["e0", "e1", "e2", "later"]
            assert hooks.dropped == 2

    asyncio.run(script())


def test_unreachable_receiver_delays_neither_rooms_nor_the_end() -> None:
    async def script() -> None:
        hooks_settings = settings("http://127.0.0.1:9/nobody", attempts=1000)
        async with LiveKitNode() as node, Webhooks(hooks_settings) as hooks:
            node.rooms.observe(hooks.notify)
            async with signals(node) as guest:
                await guest.next("offer")

    asyncio.run(asyncio.wait_for(script(), PATIENCE_S))


def test_a_broken_observer_disturbs_nobody() -> None:
    async def script() -> None:
        async with LiveKitNode() as node:

            def broken(_: WebhookEvent) -> None:
                raise RuntimeError("a bug elsewhere")

            heard: list[str] = []
            node.rooms.observe(broken)
            node.rooms.observe(lambda event: heard.append(event.event))
            async with signals(node) as guest:
                await guest.next("offer")
            assert heard[0] == "room_started"

    asyncio.run(script())
