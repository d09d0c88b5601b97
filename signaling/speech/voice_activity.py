"""Where somebody speaks in a stream of samples, and where an utterance begins and ends.

A frame of 20 ms is voice when its level, with low frequencies taken down (engines, mains hum), stands well
above the quietest of the last two and a half seconds: noise has no such moments, speech has them between
syllables. An utterance ends after 0.6 s without voice. A long one is cut at
its quietest moment, since a recogniser takes 30 s at most. This comes before any recogniser: on silence they
invent text. Samples are 16 bit, mono, 16 kHz. Sans-IO.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FRAME: Final = 320  # 20 ms
END_FRAMES: Final = 30  # 0.6 s: shorter pauses stand between the phrases of a sentence
_BEFORE_FRAMES: Final = 15  # kept around an utterance: consonants are quieter than vowels
_AFTER_FRAMES: Final = 12
_ONSET_FRAMES: Final = (3, 5)  # so many of the last so many
_FEWEST_FRAMES: Final = 7  # of voice: less is a click or a cough
_LONGEST_FRAMES: Final = 900  # 18 s
_CUT_FRAMES: Final = 200  # where the quietest moment is looked for
_INTERIM_FRAMES: Final = 60  # so much more before an utterance that goes on is shown again
_PAUSE_FRAMES: Final = 10  # after these the end is near, and is waited for
_ABOVE_FLOOR_DB: Final = 6.0
_QUIETEST_DB: Final = -62.0  # below that nobody speaks into a microphone
_FLOOR_DB: Final = -75.0  # as quiet as a room gets; below are zeros of a muted microphone
_FLOOR_FRAMES: Final = 125

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was said between two pauses, from sample `start`; one that is not `is_final` goes on.

    All of one utterance begin at the same sample.
    """

    start: int
    samples: Samples
    is_final: bool

    @property
    def end(self) -> int:
        """The sample behind the last one."""
        return self.start + len(self.samples)


class Segmenter:
    """Cuts one voice into utterances; samples are numbered from the first one that was pushed."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.int16)
        self._last = 0.0
        self._floor = deque[float](maxlen=_FLOOR_FRAMES)
        self._frames: list[Samples] = []  # of the utterance, or before the next one
        self._levels: list[float] = []
        self._first = 0  # number of the first of those frames
        self._recent: deque[bool] = deque(maxlen=_ONSET_FRAMES[1])
        self._voiced = 0
        self._silent = 0
        self._shown = 0
        self._is_open = False

    @property
    def done(self) -> int:
        """Everything before this sample will not be asked for again."""
        return self._first * FRAME

    def push(self, samples: Samples) -> list[Utterance]:
        """The next samples; what ended in them, and what goes on and is long enough to be shown again."""
        samples = np.concatenate((self._rest, samples))
        whole = len(samples) // FRAME * FRAME
        self._rest = samples[whole:]
        found = []
        for start in range(0, whole, FRAME):
            frame = samples[start : start + FRAME]
            utterance = self._frame(frame, self._level_db(frame))
            if utterance is not None:
                found.append(utterance)
        return found

    def flush(self) -> list[Utterance]:
        """The voice pauses or ends: what is open ends here."""
        ended = self._end(len(self._frames)) if self._is_open else None
        return [ended] if ended is not None else []

    def _level_db(self, frame: Samples) -> float:
        wave = frame.astype(np.float32) / 32768
        shifted = np.concatenate(((self._last,), wave[:-1]))
        self._last = float(wave[-1])
        return float(10 * np.log10(np.mean((wave - 0.95 * shifted) ** 2) + 1e-10))

    def _is_voice(self, level_db: float) -> bool:
        self._floor.append(max(level_db, _FLOOR_DB))
        return level_db > max(min(self._floor) + _ABOVE_FLOOR_DB, _QUIETEST_DB)

    def _frame(self, frame: Samples, level_db: float) -> Utterance | None:
        is_voice = self._is_voice(level_db)
        self._frames.append(frame)
        self._levels.append(level_db)
        self._recent.append(is_voice)
        if not self._is_open:
            if sum(self._recent) >= _ONSET_FRAMES[0]:
                self._is_open, self._silent, self._shown = True, 0, 0
                self._voiced = sum(self._recent)
            else:
                self._drop(len(self._frames) - _BEFORE_FRAMES - _ONSET_FRAMES[1])
            return None
        self._voiced += is_voice
        self._silent = 0 if is_voice else self._silent + 1
        if self._silent >= END_FRAMES:
            return self._end(len(self._frames) - END_FRAMES + _AFTER_FRAMES)
        if len(self._frames) >= _LONGEST_FRAMES:
            window = self._levels[-_CUT_FRAMES:]
            return self._cut(len(self._frames) - _CUT_FRAMES + window.index(min(window)))
        is_grown = len(self._frames) - self._shown >= _INTERIM_FRAMES
        if is_grown and self._silent < _PAUSE_FRAMES and self._voiced >= _FEWEST_FRAMES:
            self._shown = len(self._frames)
            return self._utterance(len(self._frames), is_final=False)
        return None

    def _end(self, count: int) -> Utterance | None:
        ended = self._utterance(count, is_final=True) if self._voiced >= _FEWEST_FRAMES else None
        self._is_open = False
        self._recent.clear()
        self._drop(count)
        return ended

    def _cut(self, count: int) -> Utterance:
        cut = self._utterance(count, is_final=True)
        self._drop(count)
        self._shown = 0
        return cut

    def _utterance(self, count: int, *, is_final: bool) -> Utterance:
        samples = np.concatenate(self._frames[:count])
        return Utterance(self._first * FRAME, samples, is_final)

    def _drop(self, count: int) -> None:
        if count > 0:
            del self._frames[:count], self._levels[:count]
            self._first += count
