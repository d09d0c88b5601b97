"""The SFU on real sockets: calls between scripted peers, in good times and under attack."""

from __future__ import annotations

import asyncio
import itertools
import random
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvloop

from media import MediaServer, MediaSettings, Producer, ReceiveOptions, Router, Transport, TransportState
from media.packets import RtpPacket, parse_rtp
from media.rtcp import Nack, PictureLossIndication, ReceiverReport, RtcpPacket, parse_compound
from media.server import local_addresses
from tests.peers import Peer, Sent, opus, vp8

AUDIO, VIDEO, VIDEO_RTX = 1000, 2000, 2001


class Listener:
    """Remembers what a transport says."""

    def __init__(self) -> None:
        self.states: list[TransportState] = []
        self.messages: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self.open = asyncio.Event()
        self.changed = asyncio.Condition()
        self.started: list[str] = []

    def transport_state_changed(self, transport: Transport, state: TransportState) -> None:
        self.states.append(state)

    def data_received(self, transport: Transport, label: str, payload: bytes) -> None:
        self.messages.put_nowait((label, payload))

    def data_channels_open(self, transport: Transport) -> None:
        self.open.set()

    def producer_started(self, transport: Transport, producer: Producer) -> None:
        self.started.append(producer.id)


class Call:
    """A media server with one room, and peers to join it."""

    def __init__(self, media: MediaServer) -> None:
        self.media = media
        self.router: Router = media.create_router()
        self.producers: list[Producer] = []
        self.listeners: dict[Peer, Listener] = {}
        self.transports: dict[Peer, Transport] = {}

    async def join(self, peer: Peer) -> Transport:
        listener = self.listeners[peer] = Listener()
        transport = self.transports[peer] = self.router.create_transport(listener)
        for section in transport.set_remote_offer(peer.offer()).sending:
            options = ReceiveOptions()
            self.producers.append(transport.receive(section.mid, f"TR_{section.track_id}", options))
        if peer.receives:
            for producer in self.producers:
                transport.consume(producer, stream_id=f"PA_1|{producer.id}", track_id=producer.id)
        await peer.connect(transport.create_answer().sdp)
        await until(lambda: transport.state == "connected")
        return transport

    async def leave(self, peer: Peer) -> None:
        await peer.close()
        await self.transports.pop(peer).close()
        self.producers = [producer for producer in self.producers if not producer.is_closed]


async def until(condition: Callable[[], object], *, seconds: float = 5.0) -> None:
    """Wait for a condition, looking again after every turn of the loop that does something."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # conditions on packets have no event to wait for
            await asyncio.sleep(0.002)


async def repeat(act: Callable[[], object], condition: Callable[[], object]) -> None:
    """Do something until a condition holds, a turn of the loop apart."""

    def again() -> object:
        act()
        return condition()

    await until(again)


@asynccontextmanager
async def a_call(**settings: Any) -> AsyncIterator[Call]:
    async with MediaServer(MediaSettings(host="127.0.0.1", port=0, **settings)) as media:
        yield Call(media)
        await asyncio.sleep(0)
    assert media.usage() == {"transports": 0, "routers": 0, "paths": 0}


def run(scene: Coroutine[Any, Any, None]) -> None:
    uvloop.run(scene)


def collect(peer: Peer) -> list[RtpPacket]:
    packets: list[RtpPacket] = []
    peer.on_rtp = lambda data: packets.append(parse_rtp(data))
    return packets


def collect_feedback(peer: Peer) -> list[RtcpPacket]:
    packets: list[RtcpPacket] = []
    peer.on_rtcp = lambda data: packets.extend(parse_compound(data))
    return packets


async def publish_and_watch(call: Call) -> tuple[Peer, Peer, list[RtpPacket]]:
    publisher = Peer([Sent("audio", AUDIO), Sent("video", VIDEO, VIDEO_RTX)])
    viewer = Peer(receives=("audio", "video"))
    await call.join(publisher)
    await call.join(viewer)
    return publisher, viewer, collect(viewer)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_audio_and_video_reach_the_viewer(transport: str) -> None:
    async def scene() -> None:
        async with a_call(udp=transport == "udp") as call:
            publisher, viewer, packets = await publish_and_watch(call)
            assert call.transports[viewer].protocol == transport
            for number in range(50):
                publisher.send_rtp(opus(AUDIO, number))
                publisher.send_rtp(vp8(VIDEO, number, number * 3000, key=number == 0, size=1000))

            await until(lambda: len(packets) == 100)

            by_ssrc = {p.ssrc: [q.sequence_number for q in packets if q.ssrc == p.ssrc] for p in packets}
            assert all(
                [(b - a) & 0xFFFF for a, b in itertools.pairwise(n)] == [1] * 49 for n in by_ssrc.values()
            )
            assert set(call.listeners[publisher].started) == {f"TR_audio{AUDIO}", f"TR_video{VIDEO}"}
            await call.leave(publisher)
            await call.leave(viewer)
            await call.router.close()

    run(scene())


def test_publisher_is_asked_for_what_it_lost_and_for_key_frames() -> None:
    async def scene() -> None:
        async with a_call() as call:
            publisher, viewer, packets = await publish_and_watch(call)
            feedback = collect_feedback(publisher)
            await until(
                lambda: any(isinstance(p, PictureLossIndication) for p in feedback) or _poke(publisher)
            )
            publisher.send_rtp(vp8(VIDEO, 1000, 0, key=True))
            publisher.send_rtp(vp8(VIDEO, 1003, 9000))

            await until(lambda: any(isinstance(p, Nack) and p.lost == (1001, 1002) for p in feedback))

            publisher.send_rtp(vp8(VIDEO, 1001, 3000))
            publisher.send_rtp(vp8(VIDEO, 1002, 6000))
            await until(lambda: len(packets) == 4)
            for peer in (publisher, viewer):
                await call.leave(peer)

    def _poke(publisher: Peer) -> bool:
        publisher.send_rtp(vp8(VIDEO, 999, 0))
        return False

    run(scene())


def test_viewer_gets_a_lost_packet_again_as_rtx() -> None:
    async def scene() -> None:
        async with a_call() as call:
            publisher, viewer, packets = await publish_and_watch(call)
            for number in range(10):
                publisher.send_rtp(vp8(VIDEO, number, number * 3000, key=number == 0))
            await until(lambda: len(packets) == 10)
            lost = packets[3]

            viewer.send_rtcp(Nack(1, lost.ssrc, (lost.sequence_number,)))

            await until(lambda: len(packets) == 11)
            again = packets[10]
            assert again.ssrc != lost.ssrc
            assert again.payload[:2] == lost.sequence_number.to_bytes(2, "big")
            assert again.payload[2:] == lost.payload
            for peer in (publisher, viewer):
                await call.leave(peer)

    run(scene())


def test_messages_travel_both_ways() -> None:
    async def scene() -> None:
        async with a_call() as call:
            peer = Peer(receives=("audio",), data=True)
            peer.secure.open_channels()
            transport = await call.join(peer)
            async with asyncio.timeout(5):
                await call.listeners[peer].open.wait()
                await peer.channels_open.wait()
                assert transport.send_data("_reliable", b"down")
                assert await peer.messages.get() == ("_reliable", b"down")
                assert peer.secure.send("_lossy", b"up")
                assert await call.listeners[peer].messages.get() == ("_lossy", b"up")
            assert not transport.send_data("unknown", b"")
            await call.leave(peer)

    run(scene())


def test_garbage_on_both_ports_is_counted_and_the_call_goes_on() -> None:
    async def scene() -> None:
        chance = random.Random(7)
        async with a_call() as call:
            publisher, viewer, packets = await publish_and_watch(call)
            stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            stranger.connect(("127.0.0.1", call.media.port))
            for _ in range(2000):
                garbage = chance.randbytes(chance.randrange(1, 200))
                stranger.send(garbage)
                publisher.send_raw(garbage)  # from a known address: not authenticated either
            for _ in range(20):
                with socket.create_connection(("127.0.0.1", call.media.port)) as connection:
                    connection.sendall(chance.randbytes(300))
            for number in range(20):
                publisher.send_rtp(opus(AUDIO, number))

            await until(lambda: len(packets) >= 20)

            assert call.media.counters()["udp_unassigned"] > 0
            stranger.close()
            for peer in (publisher, viewer):
                await call.leave(peer)

    run(scene())


def test_authenticated_nonsense_harms_nobody_else() -> None:
    async def scene() -> None:
        chance = random.Random(8)
        async with a_call() as call:
            publisher, viewer, packets = await publish_and_watch(call)
            hostile = Peer([Sent("video", 5000)])
            await call.join(hostile)
            for number in range(500):
                header = bytes((0x80 | chance.randrange(64), chance.randrange(256)))
                body = chance.randbytes(chance.randrange(10, 100))
                try:
                    if number % 2:
                        hostile.send_rtp(header + body)
                    else:
                        hostile.send_raw(hostile.secure.protect_rtcp(bytes((0x80, 200 + number % 8)) + body))
                except Exception:  # libsrtp refuses to encrypt some of it
                    continue
            for number in range(20):
                publisher.send_rtp(opus(AUDIO, number))

            await until(lambda: len(packets) >= 20)

            assert call.media.counters()
            for peer in (publisher, viewer, hostile):
                await call.leave(peer)

    run(scene())


def test_check_with_a_wrong_password_gets_no_answer() -> None:
    async def scene() -> None:
        async with a_call() as call:
            peer = Peer(receives=("audio",))
            transport = call.router.create_transport(Listener())
            transport.set_remote_offer(peer.offer())
            answer = transport.create_answer().sdp

            forged = "\r\n".join(
                "a=ice-pwd:" + "x" * 32 if line.startswith("a=ice-pwd") else line
                for line in answer.splitlines()
            )
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await peer.reach(forged)

            assert call.media.counters()["stun_refused"] >= 1
            await peer.close()

    run(scene())


def test_wrong_certificate_fails_the_connection_only() -> None:
    async def scene() -> None:
        async with a_call() as call:
            peer = Peer(receives=("audio",))
            transport = call.router.create_transport(listener := Listener())
            offer = peer.offer()
            digest = next(line for line in offer.splitlines() if line.startswith("a=fingerprint"))
            transport.set_remote_offer(
                offer.replace(digest, "a=fingerprint:sha-256 " + ":".join(["00"] * 32))
            )
            await peer.reach(transport.create_answer().sdp)
            assert peer.answer is not None
            await peer.secure.handshake(peer.answer.fingerprints, is_client=True)

            await until(lambda: transport.state == "failed")

            assert "connected" not in listener.states
            await peer.close()

    run(scene())


@pytest.mark.long
def test_a_hundred_joins_and_leaves_leave_nothing_behind() -> None:
    async def scene() -> None:
        async with a_call() as call:
            for _ in range(100):
                publisher, viewer, packets = await publish_and_watch(call)
                publisher.send_rtp(opus(AUDIO, 1))
                await until(lambda packets=packets: packets)  # type: ignore[misc]  # bound per round
                await call.leave(publisher)
                await call.leave(viewer)
            assert call.media.usage() == {"transports": 0, "routers": 1, "paths": 0}
            left = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
            assert left == []

    run(scene())


def test_closing_the_router_closes_every_transport() -> None:
    async def scene() -> None:
        async with a_call() as call:
            publisher, viewer, _ = await publish_and_watch(call)

            await call.router.close()

            assert call.media.usage() == {"transports": 0, "routers": 0, "paths": 0}
            assert call.listeners[viewer].states[-1] == "closed"
            assert all(producer.is_closed for producer in call.producers)
            await publisher.close()
            await viewer.close()

    run(scene())


def test_one_address_is_bound_alone_and_all_addresses_with_loopback_last() -> None:
    assert local_addresses("127.0.0.1") == ["127.0.0.1"]
    everything = local_addresses("0.0.0.0")
    assert everything[-1].startswith("127.")
    assert not any(":" in address for address in everything)


def test_client_whose_address_changed_is_heard_and_served_from_its_next_packet_on() -> None:
    async def scene() -> None:
        async with a_call() as call:
            publisher, viewer, packets = await publish_and_watch(call)
            publisher.send_rtp(opus(AUDIO, 1))
            await until(lambda: len(packets) == 1)

            publisher.move()
            viewer.move()
            counted = call.media.counters
            await repeat(
                lambda: viewer.send_rtcp(ReceiverReport(1)), lambda: "addresses_changed" in counted()
            )
            number = itertools.count(2)
            await repeat(lambda: publisher.send_rtp(opus(AUDIO, next(number))), lambda: len(packets) >= 2)

            assert counted()["addresses_changed"] == 2
            for peer in (publisher, viewer):
                await call.leave(peer)

    run(scene())


def test_media_of_nobody_moves_nobody() -> None:
    async def scene() -> None:
        async with a_call() as call:
            publisher, viewer, packets = await publish_and_watch(call)
            publisher.send_rtp(opus(AUDIO, 1))
            await until(lambda: len(packets) == 1)
            path = call.transports[publisher].path

            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                address = ("127.0.0.1", call.media.port)
                forged = [opus(AUDIO, 2) + bytes(16), bytes.fromhex("80 c8 00 06") + bytes(60)]
                sent = itertools.count()
                await until(
                    lambda: (
                        stranger.sendto(forged[next(sent) % 2], address)
                        and call.media.counters().get("udp_unassigned", 0) >= 50
                    )
                )

            assert call.transports[publisher].path == path
            assert "addresses_changed" not in call.media.counters()
            for peer in (publisher, viewer):
                await call.leave(peer)

    run(scene())
