"""The seam of the hot path: what is put into a batch arrives sealed, in order, from the right address."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections import Counter
from collections.abc import Iterator

import pylibsrtp
import pytest

from media.batch import SLOTS, Batch
from media.packets import parse_rtp
from media.secure import SLOT_BYTES, SrtpError, make_slots, sealer
from media.sockets import Sockets, UdpPath

KEY = os.urandom(28)


def session(direction: int) -> pylibsrtp.Session:
    profile = pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM
    return pylibsrtp.Session(pylibsrtp.Policy(key=KEY, ssrc_type=direction, srtp_profile=profile))


class Way:
    """Collects what a batch sends, as copies: the batch uses its memory again."""

    def __init__(self) -> None:
        self.pending: list[memoryview] = []
        self.flushed: list[list[bytes]] = []

    def flush(self) -> None:
        self.flushed.append([bytes(view) for view in self.pending])
        self.pending = []


class Scene:
    """A batch, the keys to read what it sealed, and a counter of what failed."""

    def __init__(self) -> None:
        self.counters: Counter[str] = Counter()
        self.batch = Batch(self.counters)
        self.seal = sealer(session(pylibsrtp.Policy.SSRC_ANY_OUTBOUND))
        self.unprotect = session(pylibsrtp.Policy.SSRC_ANY_INBOUND).unprotect
        self.number = 0

    def put(self, way: Way | UdpPath, payload: bytes, block: bytes = b"") -> int:
        self.number += 1
        first = 0x90 if block else 0x80
        return self.batch.put(way, self.seal, first, 0xE0, self.number, 3000, 77, block, payload)


@pytest.fixture
def scene() -> Iterator[Scene]:
    yield Scene()


def test_in_place_encryption_says_the_same_as_the_library(scene: Scene) -> None:
    packet = bytes.fromhex("80 60 00 01 00 00 00 02 00 00 00 4d") + b"payload"
    ((pointer, view),) = make_slots(1)
    view[: len(packet)] = packet

    size = scene.seal(pointer, len(packet))

    assert bytes(view[:size]) == session(pylibsrtp.Policy.SSRC_ANY_OUTBOUND).protect(packet)


def test_what_cannot_be_encrypted_raises(scene: Scene) -> None:
    ((pointer, _),) = make_slots(1)

    with pytest.raises(SrtpError):
        scene.seal(pointer, 4)  # no whole header


def test_packets_leave_when_the_batch_closes_in_order_and_per_way(scene: Scene) -> None:
    one, other = Way(), Way()

    with scene.batch:
        for text in (b"a", b"b", b"c"):
            scene.put(one, text)
            scene.put(other, text.upper(), block=bytes.fromhex("be de 00 01 31 12 34 00"))
        assert not one.flushed

    packets = [parse_rtp(scene.unprotect(data)) for data in one.flushed[0]]
    assert [packet.payload for packet in packets] == [b"a", b"b", b"c"]
    assert {(p.marker, p.payload_type, p.timestamp, p.ssrc) for p in packets} == {(True, 96, 3000, 77)}
    others = [parse_rtp(scene.unprotect(data)) for data in other.flushed[0]]
    assert [packet.payload for packet in others] == [b"A", b"B", b"C"]
    assert {packet.extension(3) for packet in others} == {b"\x12\x34"}


def test_outside_an_event_a_packet_leaves_at_once(scene: Scene) -> None:
    way = Way()

    scene.put(way, b"now")

    assert len(way.flushed) == 1


def test_a_batch_that_is_full_goes_on_in_a_second_one(scene: Scene) -> None:
    way = Way()

    with scene.batch:
        for number in range(SLOTS + 10):
            scene.put(way, number.to_bytes(2, "big"))

    sent = [parse_rtp(scene.unprotect(data)).payload for part in way.flushed for data in part]
    assert [int.from_bytes(payload, "big") for payload in sent] == list(range(SLOTS + 10))
    assert [len(part) for part in way.flushed] == [SLOTS, 10]


def test_a_packet_larger_than_a_slot_is_counted_and_harms_nobody(scene: Scene) -> None:
    way = Way()

    with scene.batch:
        assert scene.put(way, bytes(SLOT_BYTES)) == 0
        scene.put(way, b"fits")

    assert [parse_rtp(scene.unprotect(data)).payload for data in way.flushed[0]] == [b"fits"]
    assert scene.counters == {"rtp_too_large": 1}


@pytest.mark.parametrize("can_segment", [True, False], ids=["segmented", "one by one"])
def test_datagrams_arrive_as_they_were_put_whatever_their_sizes(scene: Scene, can_segment: bool) -> None:
    sizes = [1100, 1100, 1100, 400, 1100, 1101, 1101, 80, 80, 80, 1200]
    received: list[bytes] = []

    async def script() -> None:
        loop = asyncio.get_running_loop()
        sockets = Sockets(loop, lambda fragment: None, lambda now, data, path: None)
        await sockets.open(["127.0.0.1"], 0, udp=True, tcp=False)
        (port,) = sockets._udp
        port._can_segment = port._can_segment and can_segment
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.bind(("127.0.0.1", 0))
            client.setblocking(False)
            path = UdpPath(port, client.getsockname())
            with scene.batch:
                for size in sizes:
                    scene.put(path, bytes(size))
            for _ in sizes:
                received.append(await loop.sock_recv(client, 4096))
        await sockets.close()

    asyncio.run(script())

    packets = [parse_rtp(scene.unprotect(data)) for data in received]
    assert [len(packet.payload) for packet in packets] == sizes
    assert [packet.sequence_number for packet in packets] == list(range(1, len(sizes) + 1))


def test_a_network_card_that_cannot_segment_is_noticed_and_loses_nothing(scene: Scene) -> None:
    received: list[bytes] = []

    class Card:
        """A socket whose card refuses segmented sends, as the kernel reports it."""

        def __init__(self, real: socket.socket) -> None:
            self._real = real

        def sendmsg(self, *arguments: object) -> int:
            raise OSError(errno.EIO, "Input/output error")

        def close(self) -> None:
            self._real.close()

        def fileno(self) -> int:
            return self._real.fileno()

    async def script() -> None:
        loop = asyncio.get_running_loop()
        sockets = Sockets(loop, lambda fragment: None, lambda now, data, path: None)
        await sockets.open(["127.0.0.1"], 0, udp=True, tcp=False)
        (port,) = sockets._udp
        port._socket = Card(port._socket)  # type: ignore[assignment]  # the kernel's answer cannot be provoked
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.bind(("127.0.0.1", 0))
            client.setblocking(False)
            path = UdpPath(port, client.getsockname())
            with scene.batch:
                for _ in range(5):
                    scene.put(path, bytes(1000))
            for _ in range(5):
                received.append(await loop.sock_recv(client, 4096))
        assert not port._can_segment
        await sockets.close()

    asyncio.run(script())

    assert [parse_rtp(scene.unprotect(data)).sequence_number for data in received] == [1, 2, 3, 4, 5]
