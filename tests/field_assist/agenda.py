"""Simulated time: acts at their times, and between them the queue's own deadlines."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

from field_assist.queueing import Event, Queue


class Agenda:
    """What happens next; `now` in seconds."""

    def __init__(self, now: float) -> None:
        self.now = now
        self._acts: list[tuple[float, int, Callable[[], object]]] = []
        self._serial = count()

    def at(self, at: float, act: Callable[[], object]) -> None:
        """Have this done then."""
        heappush(self._acts, (at, next(self._serial), act))

    def run(self, queue: Callable[[], Queue], hear: Callable[[Event], object]) -> None:
        """Until nothing is left to happen; `queue` answers the one of the moment."""
        while True:
            due = queue().poll_timeout()
            if due is not None and (not self._acts or due <= self._acts[0][0]):
                self.now = max(self.now, due)
                queue().handle_timeout(self.now)
            elif self._acts:
                self.now, _, act = heappop(self._acts)
                act()
            else:
                return
            for event in queue().events():
                hear(event)
