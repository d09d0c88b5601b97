"""Which utterance is recognised next, and what becomes of one whose worker died.

Finished utterances come first, in their order, and none is ever given up for want of time. Those that go on
are shown again only where nobody waits: a newer one replaces the older, and where finished ones had to wait
they rest for a while. One that three workers died of is given up, so that it takes no more with it. Sans-IO.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

from signaling.speech.messages import RATE
from signaling.speech.voice import Voice

MOST_TRIES: Final = 3
MOST_WAITING_S: Final = 1800  # of speech: 58 MB
_LATE_S: Final = 0.5
_REST_S: Final = 10.0


@dataclass(slots=True, eq=False)
class Work:
    """An utterance to recognise: its voice, ticks and samples. The same voice and `start` is the same one."""

    voice: Voice
    start: int
    end: int
    samples: bytes
    is_final: bool
    since: float
    tries: int = 0


class Dispatch:
    """What waits. `given_up` collects finished utterances nobody will answer any more."""

    def __init__(self) -> None:
        self._finals: deque[Work] = deque()
        self._interims: dict[Voice, Work] = {}
        self._rest_until = float("-inf")
        self.given_up: list[Work] = []

    def __len__(self) -> int:
        return len(self._finals)

    def add(self, work: Work) -> None:
        """Something to recognise; a finished utterance makes its interim useless."""
        if not work.is_final:
            self._interims[work.voice] = work
            return
        self._interims.pop(work.voice, None)
        self._finals.append(work)
        waiting_bytes = sum(len(each.samples) for each in self._finals)
        while waiting_bytes > MOST_WAITING_S * RATE * 2 and len(self._finals) > 1:
            oldest = self._finals.popleft()
            waiting_bytes -= len(oldest.samples)
            self.given_up.append(oldest)

    def take(self, now: float) -> Work | None:
        """The next one for a worker that is free."""
        if self._finals:
            work = self._finals.popleft()
            if now - work.since > _LATE_S:
                self._rest_until = now + _REST_S
            return work
        if now >= self._rest_until and self._interims:
            return self._interims.pop(next(iter(self._interims)))
        return None

    def failed(self, work: Work, *, is_for_good: bool = False) -> None:
        """The worker that had it died; or enough of them did."""
        work.tries = MOST_TRIES if is_for_good else work.tries + 1
        if not work.is_final or work.voice.is_forgotten:
            return
        if work.tries >= MOST_TRIES:
            self.given_up.append(work)
        else:
            self._finals.appendleft(work)

    def forget(self, voice: Voice) -> None:
        """Nothing of this voice may be recognised any more."""
        self._interims.pop(voice, None)
        self._finals = deque(work for work in self._finals if work.voice is not voice)
