"""Opus frames in the order they were said: late, repeated and lost packets, pauses, another source."""

from __future__ import annotations

import pytest

from media import OpusFrame, OpusOrder, RtpPacket
from media.opus_order import PATIENCE_S, TICKS_PER_S
from media.packets import build_rtp, parse_rtp
from media.red import Block, build_red
from media.sdp import Codec

OPUS, RED = Codec(111, "opus", 48_000, 2), Codec(63, "red", 48_000, 2, "111/111")
FRAME = 960  # 20 ms
SPOKEN = b"\x78"  # the head of one CELT frame of 20 ms


def packet(number: int, *, ssrc: int = 1, payload: bytes = b"", payload_type: int = 111) -> RtpPacket:
    data = build_rtp(
        payload_type=payload_type,
        marker=False,
        sequence_number=number & 0xFFFF,
        timestamp=(0xFFFFF000 + number * FRAME) & 0xFFFFFFFF,  # it wraps
        ssrc=ssrc,
        extensions=(),
        payload=payload or SPOKEN + bytes((number & 0xFF,)),
    )
    return parse_rtp(data)


def numbers(frames: list[OpusFrame]) -> list[int]:
    return [frame.payload[1] for frame in frames]


def test_frames_come_as_they_were_said_across_the_wrap_of_the_clock() -> None:
    order = OpusOrder((OPUS,))
    frames = [frame for number in range(20) for frame in order.push(number * 0.02, packet(number))]

    assert [frame.ticks for frame in frames] == [number * FRAME for number in range(20)]


def test_a_missing_frame_is_waited_for_and_a_late_one_put_into_its_place() -> None:
    order = OpusOrder((OPUS,))
    order.push(0.0, packet(0))

    assert order.push(0.04, packet(2)) == []
    assert numbers(order.push(0.1, packet(1))) == [1, 2]


def test_a_lost_frame_is_not_waited_for_for_ever() -> None:
    order = OpusOrder((OPUS,))
    order.push(0.0, packet(0))
    order.push(0.04, packet(2))

    assert order.poll(0.04 + PATIENCE_S - 0.01) == []
    assert numbers(order.poll(0.04 + PATIENCE_S)) == [2]
    assert order.push(0.3, packet(1)) == []  # its time is over


def test_repetitions_fill_what_was_lost_and_each_frame_comes_once() -> None:
    order = OpusOrder((OPUS, RED))
    order.push(0.0, packet(0))
    blocks = [Block(111, FRAME, SPOKEN + b"\x01"), Block(111, 0, SPOKEN + b"\x02")]

    assert numbers(order.push(0.04, packet(2, payload=build_red(blocks), payload_type=63))) == [1, 2]
    assert order.push(0.05, packet(1)) == []


def test_what_is_no_opus_is_dropped() -> None:
    order = OpusOrder((OPUS, RED))

    assert order.push(0.0, packet(0, payload_type=96)) == []
    assert order.push(0.0, packet(0, payload=b"\x80", payload_type=63)) == []
    assert order.push(0.0, packet(0, payload=b"\x03")) == []


def test_the_time_of_a_frame_is_that_of_the_packets_that_came_fastest() -> None:
    order = OpusOrder((OPUS,))
    for number in range(50):
        order.push(100 + number * 0.02 + (0.0 if number == 30 else 0.15), packet(number))

    assert order.began_at == pytest.approx(100, abs=0.002)


def test_another_source_goes_on_where_the_first_one_was() -> None:
    order = OpusOrder((OPUS,))
    for number in range(10):
        order.push(number * 0.02, packet(number))
    order.flush()
    [frame] = order.push(1.0, packet(9_000, ssrc=2)) or order.flush()

    assert frame.ticks == pytest.approx(1.0 * TICKS_PER_S, abs=FRAME * 2)
