"""A call that is cut heals by itself (conformance tier T2), measured at the receiver's audio."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
from livekit import rtc

from tests.network import TcpRelay
from tests.node_process import node_process
from tests.scripted_client import token
from tests.sdk.guests import Guest, Stage, play, until
from tests.sdk.hearing import hearing, packets_lost
from tests.sdk.lines import Lines, relayed_node

pytestmark = pytest.mark.sdk

WHO = pytest.mark.parametrize("who", ["publisher", "subscriber"])


async def back_after(stage: Stage, guest: Guest, cut: Callable[[], None]) -> float:
    """Seconds from a cut to the new socket of the same participant.

    The SDK's own word comes later: it waits seconds before it says that it is connected again.
    """
    room = stage.node.rooms.find("room")
    member = room.members.find(guest.identity) if room is not None else None
    assert member is not None
    before, began = member.outbox, time.monotonic()
    cut()
    await until(lambda: member.outbox is not before and member.presence.is_signalled, "a new socket")
    return time.monotonic() - began


def report(what: str, who: str, is_single: bool, **seconds: float) -> None:
    """Figures for those who run the test with `-rP`; no test asserts a time."""
    figures = ", ".join(f"{name}={value:.2f}" for name, value in seconds.items())
    print(f"{what}, {who}, {'single' if is_single else 'dual'}: {figures}")


async def relayed(stage: Stage) -> tuple[TcpRelay, str]:
    """A relay in front of the node's signalling, and the URL that goes through it."""
    host, _, port = stage.node.url.removeprefix("http://").partition(":")
    relay = await stage.enter(TcpRelay((host, int(port))))
    return relay, f"http://127.0.0.1:{relay.port}"


@WHO
def test_t2_28_cut_signalling_resumes_without_a_gap_in_media(who: str, is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        relay, url = await relayed(stage)
        urls = {who: url}
        publisher = await stage.guest("publisher", is_single=is_single, url=urls.get("publisher", ""))
        subscriber = await stage.guest("subscriber", is_single=is_single, url=urls.get("subscriber", ""))
        witness = await stage.guest("witness", is_single=is_single)
        cut_one, sid = {"publisher": publisher, "subscriber": subscriber}[who], publisher.sid
        publication = await publisher.publish_tone()
        ear = await stage.enter(hearing(subscriber))
        lost_before = await packets_lost(subscriber, publication.sid)

        began = time.monotonic()
        back_s = await back_after(stage, cut_one, relay.cut)
        await cut_one.until_heard("reconnected")
        await ear.until_sound(time.monotonic() + 1)

        report("signalling cut", who, is_single, back_s=back_s, silence_s=ear.longest_silence_s(began))
        assert await packets_lost(subscriber, publication.sid) == lost_before
        assert publisher.sid == sid
        assert not witness.heard("participant_disconnected")
        assert len(witness.heard("participant_connected")) <= 1
        # and the new signalling works
        again = await publisher.publish_tone("another")
        await subscriber.hears_tone(again.sid)

    play(script)


@WHO
def test_t2_29_a_changed_address_is_followed_without_a_restart(who: str, is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        lines = Lines()
        await lines.open(stage)
        publisher = await stage.guest("publisher", is_single=is_single)
        subscriber = await stage.guest("subscriber", is_single=is_single)
        await publisher.publish_tone()
        ear = await stage.enter(hearing(subscriber))

        began = time.monotonic()
        lines.accesses[who].rebind()
        await ear.until_sound(began + 3)

        report("address changed", who, is_single, silence_s=ear.longest_silence_s(began))
        assert not publisher.heard("reconnecting") and not subscriber.heard("reconnecting")

    play(script, relayed_node())


@WHO
def test_t2_29_a_changed_address_and_cut_signalling_together(who: str, is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        lines = Lines()
        await lines.open(stage)
        relay, url = await relayed(stage)
        publisher = await stage.guest("publisher", is_single=is_single, url=url)
        subscriber = await stage.guest("subscriber", is_single=is_single, url=url)
        await publisher.publish_tone()
        ear = await stage.enter(hearing(subscriber))

        began = time.monotonic()
        lines.accesses[who].rebind()
        relay.cut()
        await ear.until_steady(began + 1)
        await publisher.until_heard("reconnected")
        await subscriber.until_heard("reconnected")

        report("address changed and signalling cut", who, is_single, silence_s=ear.longest_silence_s(began))

    play(script, relayed_node())


@pytest.mark.long
@WHO
def test_half_a_minute_without_any_network_heals_by_itself(who: str, is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        lines = Lines()
        await lines.open(stage)
        relay, url = await relayed(stage)
        urls = {who: url}
        publisher = await stage.guest("publisher", is_single=is_single, url=urls.get("publisher", ""))
        subscriber = await stage.guest("subscriber", is_single=is_single, url=urls.get("subscriber", ""))
        await publisher.publish_tone()
        ear = await stage.enter(hearing(subscriber))

        lines.accesses[who].set(is_down=True)
        relay.set_down(True)
        await asyncio.sleep(30)  # the blackout itself
        silent, other = (publisher, subscriber) if who == "publisher" else (subscriber, publisher)
        assert _is_lost_to(other, who) and not _is_lost_to(silent, who), "others are told, itself never"
        lines.accesses[who].set(is_down=False)
        relay.set_down(False)
        began = time.monotonic()
        heard_s = await ear.until_sound(began) - began
        steady_s = await ear.until_steady(began, 3.0) - began

        report("blackout of 30 s", who, is_single, heard_s=heard_s, steady_s=steady_s)

    play(script, relayed_node())


def _is_lost_to(guest: Guest, identity: str) -> bool:
    lost = rtc.ConnectionQuality.QUALITY_LOST
    changes = guest.heard("connection_quality_changed")
    return any(of.identity == identity and quality == lost for of, quality in changes)


@pytest.mark.parametrize("is_graceful", [False, True], ids=["killed", "stopped"])
def test_t2_32_a_server_that_starts_again_gets_its_calls_back(is_graceful: bool, is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        async with node_process() as first:
            publisher = await stage.guest("publisher", is_single=is_single, url=first.url)
            subscriber = await stage.guest("subscriber", is_single=is_single, url=first.url)
            await publisher.publish_tone()
            ear = await stage.enter(hearing(subscriber))
            ended_at = time.monotonic()
            if not is_graceful:
                await first.kill()
        async with node_process(first.same_ports):
            started_at = time.monotonic()
            heard_at = await ear.until_steady(started_at)

            report(
                "server stopped" if is_graceful else "server killed",
                "all",
                is_single,
                process_was_gone_s=started_at - ended_at,
                heard_after_s=heard_at - ended_at,
            )
            await publisher.leave()
            await subscriber.leave()

    play(script)


def test_t2_34_resume_after_the_first_token_expired(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        relay, url = await relayed(stage)
        leeway_s = 60  # expired, but for the two seconds in which it is used
        expiring = token("a", now=time.time() - 100, ttl_s=100 - leeway_s + 2)
        guest = await stage.guest_with(expiring, "a", is_single=is_single, url=url)
        sid = guest.sid
        await asyncio.sleep(2.5)  # the token's own time
        with pytest.raises(rtc.ConnectError, match="expired"):
            await stage.guest_with(expiring, "a", is_single=is_single, url=url)

        await back_after(stage, guest, relay.cut)
        await guest.until_heard("reconnected")

        assert guest.sid == sid

    play(script)


def test_t2_33_reliable_data_is_neither_lost_nor_doubled_over_resumes(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        lines = Lines()
        await lines.open(stage)
        relay, url = await relayed(stage)
        sender = await stage.guest("sender", is_single=is_single, url=url)
        receiver = await stage.guest("receiver", is_single=is_single, url=url)
        sent = 0
        is_over = asyncio.Event()

        async def send() -> None:
            nonlocal sent
            while not is_over.is_set():
                await sender.room.local_participant.publish_data(str(sent).encode(), reliable=True)
                sent += 1
                await asyncio.sleep(0.02)  # somebody draws

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(send())
            for count, identity in enumerate(("sender", "receiver"), start=1):
                await receiver.until_heard("data_received", len(receiver.heard("data_received")) + 5)
                relay.cut()
                lines.accesses[identity].set(is_down=True)
                await asyncio.sleep(1.0)  # what is said meanwhile is lost on the way
                lines.accesses[identity].set(is_down=False)
                # A second cut before that makes the SDK start anew instead of resuming.
                await sender.until_heard("reconnected", count)
                await receiver.until_heard("reconnected", count)
            is_over.set()

        await receiver.until(lambda: len(receiver.heard("data_received")) >= sent, "all packets")
        numbers = [int(packet.data) for (packet,) in receiver.heard("data_received")]
        assert numbers == list(range(sent))

    play(script, relayed_node())
