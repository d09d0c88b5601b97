"""The process that listens: decodes the Opus frames of all voices and cuts them into utterances.

Reads `frames` (ticks, duration and payload of each), `pause` and `close` of a voice on standard input;
answers its utterances as samples, and after each lot of frames up to which tick it is done with the voice:
what came later has to be sent again to the next listener if this one dies. Short gaps are filled with what
was heard before, so that a loss is no change of level; a frame that does not decode is a gap. Times are ticks
of 48 kHz.
"""

import os
import sys
from collections.abc import Iterator
from typing import Final

import av
import numpy as np

from signaling.speech.messages import FRAME_HEAD, RATE, TICKS_PER_SAMPLE, Message
from signaling.speech.pipes import read, write
from signaling.speech.voice_activity import Samples, Segmenter, Utterance

_LOSS_TICKS: Final = 5_760  # 120 ms: a longer gap is silence that was not sent
_LONGEST_GAP_TICKS: Final = 2 * 48_000  # a longer one ends the utterance
_JITTER_TICKS: Final = 240  # what the resampler holds back is no gap


class Ear:
    """Hears one voice."""

    def __init__(self) -> None:
        self._decoder = av.AudioCodecContext.create("opus", "r")
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        self._segmenter = Segmenter()
        self._origin: int | None = None  # the tick of the segmenter's first sample
        self._pushed = 0
        self._heard: Samples = np.zeros(0, np.int16)

    @property
    def done(self) -> int:
        """The tick before which nothing is needed any more."""
        return (self._origin or 0) + self._segmenter.done * TICKS_PER_SAMPLE

    def hear(self, ticks: int, duration: int, payload: bytes) -> Iterator[tuple[int, int, Utterance]]:
        """One frame; utterances with the ticks at which they begin and end."""
        gap = 0 if self._origin is None else ticks - self._origin - self._pushed * TICKS_PER_SAMPLE
        if self._origin is None or gap > _LONGEST_GAP_TICKS:
            yield from self.pause()
            self._segmenter, self._origin, self._pushed = Segmenter(), ticks, 0
        elif gap > _JITTER_TICKS:
            yield from self._push(self._filling(gap // TICKS_PER_SAMPLE, is_loss=gap <= _LOSS_TICKS))
        self._heard = self._decode(payload)
        yield from self._push(self._heard)

    def pause(self) -> Iterator[tuple[int, int, Utterance]]:
        """The voice says nothing for now: what is open ends."""
        yield from map(self._placed, self._segmenter.flush())

    def _push(self, samples: Samples) -> Iterator[tuple[int, int, Utterance]]:
        self._pushed += len(samples)
        yield from map(self._placed, self._segmenter.push(samples))

    def _filling(self, count: int, *, is_loss: bool) -> Samples:
        return np.resize(self._heard, count) if is_loss and len(self._heard) else np.zeros(count, np.int16)

    def _placed(self, utterance: Utterance) -> tuple[int, int, Utterance]:
        origin = self._origin or 0
        start, end = (origin + sample * TICKS_PER_SAMPLE for sample in (utterance.start, utterance.end))
        return start, end, utterance

    def _decode(self, payload: bytes) -> Samples:
        try:
            frames = self._decoder.decode(av.Packet(payload))
            parts = [part.to_ndarray()[0] for frame in frames for part in self._resampler.resample(frame)]
        except (av.FFmpegError, ValueError):
            return np.zeros(0, np.int16)
        return np.concatenate(parts).astype(np.int16) if parts else np.zeros(0, np.int16)


def main() -> None:
    """Listen until standard input ends."""
    os.nice(2)  # calls go first
    ears: dict[str, Ear] = {}
    while (message := read(sys.stdin.buffer)) is not None:
        voice = str(message.facts["voice"])
        ear = ears.setdefault(voice, Ear())
        for start, end, utterance in _hear(ear, message):
            facts = {"voice": voice, "start": start, "end": end, "is_final": utterance.is_final}
            _answer(Message({**facts, "done": ear.done}, utterance.samples.tobytes()))
        if message.facts["do"] == "close":
            ears.pop(voice)
            _answer(Message({"voice": voice, "closed": True}))
        else:
            _answer(Message({"voice": voice, "done": ear.done}))


def _hear(ear: Ear, message: Message) -> Iterator[tuple[int, int, Utterance]]:
    offset, content = 0, message.content
    while offset < len(content):
        ticks, duration, size = FRAME_HEAD.unpack_from(content, offset)
        offset += FRAME_HEAD.size
        yield from ear.hear(ticks, duration, content[offset : offset + size])
        offset += size
    if message.facts["do"] in ("pause", "close"):
        yield from ear.pause()


def _answer(message: Message) -> None:
    write(sys.stdout.buffer, message)
