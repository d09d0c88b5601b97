"""What a subscriber hears through narrow and lossy lines, in simulated time and through libopus."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.audio_packing import LONGEST_WAIT_S, MOST_GENERATIONS, AudioPacker, Conditions, Outgoing
from media.layer_rates import WIRE_OVERHEAD_BYTES
from media.opus_frames import are_alike, duration, split_packet
from media.red import parse_red
from tests.media.voice import decoded, encoded
from tests.network import UDP_OVERHEAD_BYTES, Link
from tests.network import Conditions as Line

OPUS = 111
FRAME_S, FRAME_TICKS = 0.02, 960


def blocks(packet: Outgoing) -> list[tuple[int, bytes]]:
    """Timestamp and payload of all a packet carries, oldest first."""
    if packet.kind == "opus":
        return [(packet.timestamp, packet.payload)]
    return [
        (packet.timestamp - block.distance & 0xFFFFFFFF, block.payload) for block in parse_red(packet.payload)
    ]


def heard(packets: Sequence[Outgoing]) -> dict[int, bytes]:
    """Every frame that came, by timestamp."""
    frames: dict[int, bytes] = {}
    for packet in packets:
        for timestamp, payload in blocks(packet):
            for number, frame in enumerate(split_packet(payload)):
                at = timestamp + number * duration(frame) & 0xFFFFFFFF
                assert frames.setdefault(at, frame) == frame
    return frames


def wire_bytes(packet: Outgoing) -> int:
    """Bytes of a packet as UDP carries it; the link adds the rest."""
    return len(packet.payload) + WIRE_OVERHEAD_BYTES - UDP_OVERHEAD_BYTES


class Call:
    """A voice through a packer and a link, one frame every 20 ms."""

    def __init__(self, line: Line, *, has_red: bool = True, seed: int = 1) -> None:
        self.packer = AudioPacker(OPUS, has_red=has_red)
        self.link: Link[tuple[float, Outgoing]] = Link(line, seed, lambda sent: wire_bytes(sent[1]))
        self.sent: list[Outgoing] = []
        self.received: list[Outgoing] = []
        self.delays_s: list[float] = []  # from the first frame of a packet being spoken to its arrival
        self.frames: tuple[bytes, ...] = ()

    def speak(self, frames: tuple[bytes, ...], conditions: Conditions) -> None:
        for number in range(len(frames)):
            now = number * FRAME_S
            if number % 25 == 10:
                self.packer.adapt(conditions)
            self._send(now, self.packer.handle_timeout(now))
            self._send(
                now, self.packer.push(now, number & 0xFFFF, number * FRAME_TICKS, number == 0, frames[number])
            )
            self._receive(now)
        if (due := self.packer.poll_timeout()) is not None:
            self._send(due, self.packer.handle_timeout(due))
        self._receive(len(frames) * FRAME_S + 100)
        self.frames = frames

    def _send(self, now: float, packets: list[Outgoing]) -> None:
        self.sent += packets
        for packet in packets:
            self.link.send(now, (now, packet))

    def _receive(self, until: float) -> None:
        while (arrival := self.link.poll_timeout()) is not None and arrival <= until:
            for _, packet in self.link.receive(arrival):
                self.received.append(packet)
                self.delays_s.append(arrival - packet.timestamp / 48_000)

    def missing(self) -> float:
        """Share of the frames that never came."""
        return 1 - len(heard(self.received)) / len(self.frames)


def test_with_bandwidth_and_without_loss_packets_pass_as_they_are() -> None:
    frames = encoded(24_000, 4.0)
    call = Call(Line())

    call.speak(frames, Conditions(1_000_000, 0.0))

    assert call.packer.is_transparent
    assert call.sent == [
        Outgoing(number * FRAME_TICKS, "opus", frame, number == 0) for number, frame in enumerate(frames)
    ]


@pytest.mark.parametrize("bit_rate_bps", [16_000, 20_000])
def test_on_32_kbps_the_voice_fits(bit_rate_bps: int) -> None:
    """Frames of constant size: a voice at its dearest."""
    frames = tuple(bytes((0x78,)) + bytes(bit_rate_bps // 400 - 1) for _ in range(1500))
    call = Call(Line(rate_bps=32_000, queue_s=0.3))

    call.speak(frames, Conditions(0.95 * 32_000, 0.0))

    assert call.link.lost == 0 and call.missing() == 0.0
    assert max(call.delays_s[len(call.delays_s) // 2 :]) < 0.13
    plain = Call(Line(rate_bps=32_000, queue_s=0.3))
    plain.speak(frames, Conditions())
    assert plain.missing() > 0.2


def test_libopus_hears_the_same_through_32_kbps() -> None:
    frames = encoded(20_000, 8.0)
    call = Call(Line(rate_bps=32_000, queue_s=0.3))

    call.speak(frames, Conditions(0.95 * 32_000, 0.0))

    assert call.packer.frames > 1
    assert np.array_equal(decoded(packet.payload for packet in call.received), decoded(frames))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_at_20_percent_loss_less_than_4_percent_of_the_voice_is_missing(seed: int) -> None:
    frames = encoded(24_000, 60.0)
    call = Call(Line(loss=0.2), seed=seed)

    call.speak(frames, Conditions(300_000, 0.2))

    assert call.link.lost / call.link.sent > 0.18
    assert call.missing() < 0.04
    without = Call(Line(loss=0.2), has_red=False, seed=seed)
    without.speak(frames, Conditions(300_000, 0.2))
    assert without.missing() > 0.15


def test_narrow_and_lossy_the_voice_is_repeated_as_far_as_it_fits() -> None:
    frames = encoded(16_000, 30.0)
    call = Call(Line(rate_bps=64_000, queue_s=0.3, loss=0.2))

    call.speak(frames, Conditions(0.95 * 64_000, 0.2))

    assert call.missing() < 0.06
    assert 8 * sum(map(wire_bytes, call.sent)) / 30 < 64_000


@pytest.mark.parametrize(
    ("loss", "expected"), [(0.0, 0), (0.005, 0), (0.03, 1), (0.09, 1), (0.12, 2), (0.2, 2), (0.6, 2)]
)
def test_redundancy_follows_the_loss(loss: float, expected: int) -> None:
    packer = AudioPacker(OPUS, has_red=True)
    packer.push(0.0, 0, 0, False, encoded(24_000, 4.0)[20])

    packer.adapt(Conditions(1_000_000, loss))

    assert packer.generations == expected


@pytest.mark.parametrize(
    ("kbps", "frames"), [(100, 1), (46, 1), (42, 2), (34, 2), (33, 3), (31, 3), (27.5, 4), (10, 4)]
)
def test_packets_grow_as_the_line_narrows(kbps: float, frames: int) -> None:
    packer = AudioPacker(OPUS, has_red=True)
    packer.push(0.0, 0, 0, False, bytes((0x78,)) + bytes(49))  # 20 kbps

    packer.adapt(Conditions(kbps * 1000, 0.0))
    packer.adapt(Conditions(kbps * 1000, 0.0))

    assert packer.frames == frames
    assert packer.frames == 4 or packer.rate_bps(packer.frames, 0) <= kbps * 1000


def test_a_wobbling_estimate_changes_the_packing_once() -> None:
    for centre in range(25_000, 120_000, 1_000):
        packer = AudioPacker(OPUS, has_red=True)
        packer.push(0.0, 0, 0, False, bytes((0x78,)) + bytes(49))
        random = Random(centre)
        packings = []
        for _ in range(200):
            packer.adapt(Conditions(centre * random.uniform(0.95, 1.05), 0.05))
            packings.append((packer.frames, packer.generations))
        changes = [a for a, b in pairwise(packings) if a != b]
        assert len(changes) == len(set(changes)) <= 3


def test_a_pause_stays_a_pause() -> None:
    """DTX: 400 ms of nothing, then a marked packet; what waited before it leaves in time."""
    packer = AudioPacker(OPUS, has_red=True)
    frame = bytes((0x78,)) + bytes(39)
    packer.push(0.0, 0, 0, True, frame)
    packer.adapt(Conditions(25_000, 0.0))
    assert packer.frames == 4
    assert packer.push(0.02, 1, 960, False, frame) == []
    assert packer.push(0.04, 2, 1920, False, frame) == []

    due = packer.poll_timeout()
    assert due is not None and due == pytest.approx(0.02 + LONGEST_WAIT_S)
    assert packer.handle_timeout(due - 0.01) == []
    (before,) = packer.handle_timeout(due)
    assert (before.timestamp, duration(before.payload), before.marker) == (960, 1920, False)
    assert packer.poll_timeout() is None

    assert packer.push(0.44, 3, 21_120, True, frame) == []
    (after,) = packer.handle_timeout(0.44 + LONGEST_WAIT_S)
    assert (after.timestamp, after.marker) == (21_120, True)


def test_nothing_is_joined_across_a_loss_and_a_late_packet_finds_its_place() -> None:
    packer = AudioPacker(OPUS, has_red=False)
    frames = [bytes((0x78, n)) + bytes(38) for n in range(6)]
    packer.push(0.0, 0, 0, False, frames[0])
    packer.adapt(Conditions(25_000, 0.0))
    assert packer.push(0.02, 1, 960, False, frames[1]) == []

    (first,) = packer.push(0.06, 3, 2880, False, frames[3])
    assert heard([first]) == {960: frames[1]}
    assert packer.push(0.065, 2, 1920, False, frames[2]) == []
    assert packer.push(0.08, 4, 3840, False, frames[4]) == []
    (second,) = packer.push(0.1, 5, 4800, False, frames[5])
    assert second.timestamp == 1920 and heard([second]) == {n * 960: frames[n] for n in range(2, 6)}

    assert packer.push(0.11, 0, 0, False, frames[0]) == [Outgoing(0, "opus", frames[0], False)]


def test_it_may_be_left_out_while_it_is_transparent_and_asked_again_later() -> None:
    packer = AudioPacker(OPUS, has_red=True)
    frame = bytes((0x78,)) + bytes(49)
    packer.push(0.0, 0, 0, False, frame[:3])
    assert packer.is_transparent
    later = 40_000  # packets, 13 minutes

    packer.adapt(Conditions(33_000, 0.0), frame_bytes=50)
    sent = [
        packet
        for number in range(later, later + 6)
        for packet in packer.push(number * FRAME_S, number, number * FRAME_TICKS, False, frame)
    ]

    assert [(packet.timestamp, duration(packet.payload)) for packet in sent] == [
        (later * FRAME_TICKS, 3 * FRAME_TICKS),
        ((later + 3) * FRAME_TICKS, 3 * FRAME_TICKS),
    ]


def test_what_is_not_opus_passes() -> None:
    packer = AudioPacker(OPUS, has_red=True)

    assert packer.push(0.0, 0, 0, False, b"") == [Outgoing(0, "opus", b"", False)]
    assert packer.push(0.02, 1, 960, False, b"\x7b\x07") == [Outgoing(960, "opus", b"\x7b\x07", False)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from((1, 1, 1, 1, 2, -1)),  # to the next packet: one, a loss, a late one
            st.sampled_from((0x78, 0x78, 0x78, 0x70, 0x08)),
            st.integers(0, 120),
            st.booleans(),
            st.sampled_from((0, 0, 0, 19_200)),  # a pause before it
            st.tuples(st.integers(8_000, 200_000), st.floats(0, 0.5)),
        ),
        max_size=60,
    ),
    st.booleans(),
)
def test_no_frame_is_lost_waits_long_or_changes_place(
    steps: list[tuple[int, int, int, bool, int, tuple[int, float]]], has_red: bool
) -> None:
    packer = AudioPacker(OPUS, has_red=has_red)
    spoken: dict[int, tuple[float, bytes]] = {}
    sent: list[tuple[float, Outgoing]] = []
    now, number, shift = 0.0, 0, 0
    for step, head, size, marker, pause, conditions in steps:
        number, shift, now = number + step, shift + pause, now + FRAME_S + pause / 48_000
        timestamp = number * FRAME_TICKS + shift & 0xFFFFFFFF
        if timestamp in spoken or number < 0:
            continue
        while (due := packer.poll_timeout()) is not None and due <= now:
            sent += [(due, packet) for packet in packer.handle_timeout(due)]
        payload = bytes((head,)) + bytes((number % 251,)) * size
        spoken[timestamp] = now, payload
        sent += [(now, packet) for packet in packer.push(now, number & 0xFFFF, timestamp, marker, payload)]
        packer.adapt(Conditions(*conditions))
    due = packer.poll_timeout()
    if due is not None:
        sent += [(due, packet) for packet in packer.handle_timeout(due)]

    first_at: dict[int, float] = {}
    for at, packet in sent:
        for timestamp, payload in blocks(packet)[-1:]:
            for index, frame in enumerate(split_packet(payload)):
                assert spoken[timestamp + index * duration(frame)][1] == frame
                first_at.setdefault(timestamp + index * duration(frame), at)
    assert first_at.keys() == spoken.keys()
    assert all(at - spoken[timestamp][0] <= LONGEST_WAIT_S + 1e-9 for timestamp, at in first_at.items())
    assert all(
        blocks(packet)[0][0] in spoken and len(blocks(packet)) <= MOST_GENERATIONS + 1 for _, packet in sent
    )
    assert all(
        are_alike(frame, blocks(p)[-1][1]) for _, p in sent for frame in split_packet(blocks(p)[-1][1])
    )
