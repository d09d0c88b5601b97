"""From a tap into a journal: packets of one track as they come, sender reports, where key frames begin.

While the track is paused (what only staff hear is not recorded) nothing is taken. A picture without a key
frame for long cannot be entered in its midst, so one is asked for. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Protocol

from media import RtpPacket, SenderReport
from recordings.journal import Begin, Gap, KeyFrame, Note, Report

KEY_FRAME_EVERY_S = 20.0
"""Playing goes on after a jump by so much at the latest; more often would cost every viewer's line."""
_ASK_AGAIN_S = 2.0


class Paper(Protocol):
    """What is written on: a `Journal`."""

    def packet(self, at_us: int, data: bytes) -> None:
        """Take a packet."""

    def note(self, note: Note) -> None:
        """Take a note."""

    def close(self, at_us: int, why: str) -> None:
        """Nothing more comes."""


class TrackSink:
    """A `media.TapSink`. `epoch_us` is the wall-clock time at `now` = 0, in microseconds since 1970."""

    paper: Paper
    """What it writes on; set before the first packet comes."""

    def __init__(self, epoch_us: int, *, is_picture: bool) -> None:
        self.ask_key_frame: Callable[[float], object] = _nothing
        self.on_close: Callable[[], object] = lambda: None
        self.why = "track ended"  # when it ends for another reason, whoever ends it says so
        self._epoch_us = epoch_us
        self._is_picture = is_picture
        self._ask_at = 0.0 if is_picture else inf
        self._ssrc = -1
        self._paused_us: int | None = None

    @property
    def is_paused(self) -> bool:
        """Whether nothing is taken now."""
        return self._paused_us is not None

    def set_paused(self, now: float, is_paused: bool) -> None:
        """Take nothing, or go on; a gap without packets says when that was."""
        if is_paused == self.is_paused:
            return
        at_us = self._wall_us(now)
        if is_paused:
            self._paused_us = at_us
            return
        since_us, self._paused_us = self._paused_us or at_us, None
        self.paper.note(Gap(since_us, at_us, 0, "withheld"))
        self._ask_at = min(self._ask_at, now) if self._is_picture else inf

    def handle_packet(self, now: float, packet: RtpPacket) -> None:
        """One packet."""
        if self._paused_us is not None:
            return
        at_us = self._epoch_us + int(now * 1e6)
        if packet.ssrc != self._ssrc:
            self._ssrc = packet.ssrc
            self.paper.note(Begin(at_us, packet.ssrc, packet.timestamp))
        layers = packet.layers
        if layers is not None:
            if layers.is_independent and layers.starts_frame and not layers.spatial:
                self.paper.note(KeyFrame(at_us, packet.ssrc, packet.timestamp))
                self._ask_at = now + KEY_FRAME_EVERY_S
            elif now >= self._ask_at:
                self._ask_at = now + _ASK_AGAIN_S
                self.ask_key_frame(now)
        self.paper.packet(at_us, packet.data)

    def handle_report(self, now: float, report: SenderReport) -> None:
        """The publisher's clock."""
        self.paper.note(Report(self._wall_us(now), report.ssrc, report.ntp_time, report.rtp_timestamp))

    def handle_close(self) -> None:
        """The track ended, or the tap was closed."""
        self.on_close()

    def finish(self, now: float) -> None:
        """Close what it writes on."""
        self.set_paused(now, False)
        self.paper.close(self._wall_us(now), self.why)

    def _wall_us(self, now: float) -> int:
        return self._epoch_us + int(now * 1e6)


def _nothing(_: float) -> None:
    """Until a tap is there."""
