"""Opus frames of one publisher in the order they were said, out of packets in the order they came.

A frame that is missing is waited for a fifth of a second, repetitions in RED (RFC 2198) fill gaps, and each
frame comes once. Ticks are those of Opus in RTP, 48 kHz (RFC 7587), extended so that they only grow. Their
place in the server's time is taken from the packets that came fastest: the least delay of a line changes
little, while a publisher's own clock may be years off. Sans-IO.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from . import capabilities, opus_frames
from .packets import RtpPacket, timestamp_difference
from .red import Block, parse_red
from .sdp import Codec

TICKS_PER_S = 48_000
PATIENCE_S = 0.2  # what a repair by NACK needs on a line of 100 ms
_BREAK_TICKS = 20 * TICKS_PER_S  # a jump of the clock that is no pause any more: another source began
_LEAK = 0.0002  # clocks drift: without fast packets the delay is believed to have grown, within minutes
_JUMP_S = 1.0


@dataclass(frozen=True, slots=True, order=True)
class OpusFrame:
    """One Opus packet; it begins at ``ticks`` and lasts ``duration`` of them."""

    ticks: int
    duration: int
    payload: bytes


class OpusOrder:
    """Puts the packets of one track in order; ``codecs`` say what their payload types mean."""

    def __init__(self, codecs: Sequence[Codec]) -> None:
        self._red_types = frozenset(c.payload_type for c in codecs if capabilities.is_red(c))
        self._opus_types = frozenset(c.payload_type for c in codecs if c.name.lower() == "opus")
        self._waiting: list[OpusFrame] = []
        self._known: set[int] = set()
        self._arrived_at: dict[int, float] = {}
        self._next: int | None = None
        self._ssrc = 0
        self._timestamp = 0
        self._ticks = 0
        self._heard_at = 0.0
        self.began_at = 0.0
        """When tick 0 was said, in the time of `now`."""

    def push(self, now: float, packet: RtpPacket) -> list[OpusFrame]:
        """Take a packet; the frames that are next now. What is no Opus is dropped."""
        for block in self._blocks(packet):
            ticks = self._extend(now, packet, block.distance)
            duration = opus_frames.duration(block.payload)
            is_late = self._next is not None and ticks < self._next
            if duration and not is_late and ticks not in self._known:
                self._known.add(ticks)
                self._arrived_at[ticks] = now
                heapq.heappush(self._waiting, OpusFrame(ticks, duration, block.payload))
        return self.poll(now)

    def poll(self, now: float) -> list[OpusFrame]:
        """The frames that are next, or whose predecessor was waited for long enough."""
        ready = []
        while self._waiting:
            first = self._waiting[0]
            is_next = self._next is None or first.ticks <= self._next
            if not is_next and now - self._arrived_at[first.ticks] < PATIENCE_S:
                break
            ready.append(self._take())
        return ready

    def flush(self) -> list[OpusFrame]:
        """Everything that waits: no more will come."""
        return [self._take() for _ in range(len(self._waiting))]

    def _take(self) -> OpusFrame:
        frame = heapq.heappop(self._waiting)
        self._known.discard(frame.ticks)
        del self._arrived_at[frame.ticks]
        self._next = max(frame.ticks + frame.duration, self._next or 0)
        return frame

    def _blocks(self, packet: RtpPacket) -> list[Block]:
        if packet.payload_type in self._red_types:
            try:
                return [b for b in parse_red(packet.payload) if b.payload_type in self._opus_types]
            except ValueError:
                return []
        return (
            [Block(packet.payload_type, 0, packet.payload)] if packet.payload_type in self._opus_types else []
        )

    def _extend(self, now: float, packet: RtpPacket, distance: int) -> int:
        step = timestamp_difference(packet.timestamp, self._timestamp)
        if self._next is None and not self._waiting:
            self._timestamp, self._ticks, self.began_at = packet.timestamp, 0, now
            self._ssrc, step = packet.ssrc, 0
        elif packet.ssrc != self._ssrc or abs(step) > _BREAK_TICKS:  # as long a pause as it was for us
            self._ssrc, self._timestamp = packet.ssrc, packet.timestamp
            self._ticks += max(0, round((now - self._heard_at) * TICKS_PER_S))
            step = 0
        ticks = self._ticks + step
        if step > 0:
            self._timestamp, self._ticks = packet.timestamp, ticks
        self._heard_at = now
        self._follow(now - ticks / TICKS_PER_S)
        return ticks - distance

    def _follow(self, began_at: float) -> None:
        excess_s = began_at - self.began_at
        if excess_s < 0 or excess_s > _JUMP_S:
            self.began_at = began_at
        else:
            self.began_at += excess_s * _LEAK
