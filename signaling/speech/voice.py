"""One voice on its way to the listener: a tap's sink that keeps every frame until it was dealt with.

A listener may die, so frames stay here until it says that it is done with them; the next one gets them
again. What waits longer than a minute is given up and reported. Sans-IO.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from media import OpusFrame, OpusOrder, RtpPacket, SdpCodec, SenderReport
from signaling.speech.messages import FRAME_HEAD, TICKS_PER_S, Message

_PAUSE_S: Final = 0.8  # without a packet: muted. In a silence, DTX sends one every 0.4 s
_MOST_KEPT_TICKS: Final = 60 * TICKS_PER_S
_GIVEN_UP_TICKS: Final = 10 * TICKS_PER_S


class Reason(StrEnum):
    """Why something that was said has no text."""

    UNCLEAR = "unclear"  # the engine's answer was no sentence
    FAILED = "failed"  # the engine failed on it, or none was there in time


@dataclass(frozen=True, slots=True)
class Heard:
    """What a voice said. All reports with the same `start` are of one utterance, a final one the last.

    Times are monotonic seconds; no text where nothing was said after all. `delay_s` is what passed between
    the end of the utterance being known and this, less the engine's own time.
    """

    start: int
    began_at: float
    ended_at: float
    text: str
    is_final: bool
    is_doubtful: bool = False
    confidence: float = 0.0
    engine: str = ""
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Unheard:
    """Something was said that nobody will have in words."""

    start: int
    began_at: float
    ended_at: float
    reason: Reason


Report = Callable[[Heard | Unheard], None]


@dataclass(frozen=True, slots=True)
class Speaker:
    """How a voice is listened to: its language (ISO 639-1), and who is told what it says."""

    language: str
    report: Report


class Voice:
    """A `TapSink`. `is_over` when nothing more comes; nothing is taken while `is_withheld`.

    One that is not `is_live` is heard again, faster than it was said: a pause between packets means nothing.
    """

    def __init__(self, name: str, speaker: Speaker) -> None:
        self.name = name
        self.speaker = speaker
        self.is_over = False
        self.is_forgotten = False
        self.is_withheld = False
        self.is_live = True
        self._order = OpusOrder(())
        self._kept: deque[OpusFrame] = deque()
        self._unsent: list[OpusFrame] = []
        self._heard_at = float("inf")
        self._is_paused = True
        self._was_closed = False

    def understand(self, codecs: Sequence[SdpCodec]) -> None:
        """What the payload types of the packets mean, before the first of them."""
        self._order = OpusOrder(codecs)

    def handle_packet(self, now: float, packet: RtpPacket) -> None:
        """As `TapSink` has it."""
        if self.is_forgotten or self.is_withheld:
            return
        self._heard_at, self._is_paused = now, False
        self._take(self._order.push(now, packet))

    def handle_report(self, now: float, report: SenderReport) -> None:
        """The publisher's clock is not needed here."""

    def handle_close(self) -> None:
        """As `TapSink` has it."""
        self._take(self._order.flush())
        self.is_over = True

    def forget(self) -> None:
        """Nothing that is not written yet may become text any more."""
        self.is_forgotten = self.is_over = True
        self._kept.clear()
        self._unsent.clear()

    def poll(self, now: float) -> Message | None:
        """What the listener is to be told now."""
        if self.is_live:
            self._take(self._order.poll(now))
        do = "frames"
        if self.is_over and not self._was_closed:
            do, self._was_closed = "close", True
        elif self.is_live and not self._is_paused and now - self._heard_at > _PAUSE_S:
            do, self._is_paused = "pause", True
        elif not self._unsent:
            return None
        content = b"".join(
            FRAME_HEAD.pack(frame.ticks, frame.duration, len(frame.payload)) + frame.payload
            for frame in self._unsent
        )
        self._unsent.clear()
        return Message({"voice": self.name, "do": do}, content)

    def send_again(self) -> None:
        """The listener is a new one, which knows nothing yet."""
        self._unsent = list(self._kept)
        self._was_closed = False
        self._is_paused = False

    def done(self, ticks: int) -> None:
        """The listener needs nothing of before these ticks any more."""
        while self._kept and self._kept[0].ticks + self._kept[0].duration <= ticks:
            self._kept.popleft()

    @property
    def waiting_s(self) -> float:
        """How much of it no listener is done with yet."""
        return (self._kept[-1].ticks - self._kept[0].ticks) / TICKS_PER_S if self._kept else 0.0

    def time_of(self, ticks: int) -> float:
        """When these ticks were, in monotonic seconds."""
        return self._order.began_at + ticks / TICKS_PER_S

    def give_up(self) -> None:
        """No listener survives what waits here: it is nobody's words."""
        if self._kept:
            self._give_up(self._kept[-1].ticks + self._kept[-1].duration)

    def _take(self, frames: list[OpusFrame]) -> None:
        self._unsent += frames
        self._kept += frames
        if frames and frames[-1].ticks - self._kept[0].ticks > _MOST_KEPT_TICKS:
            self._give_up(self._kept[0].ticks + _GIVEN_UP_TICKS)

    def _give_up(self, end: int) -> None:
        start = self._kept[0].ticks
        while self._kept and self._kept[0].ticks < end:
            self._kept.popleft()
        self.speaker.report(Unheard(start, self.time_of(start), self.time_of(end), Reason.FAILED))
