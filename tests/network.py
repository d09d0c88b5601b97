"""A network link in simulated time: delay, jitter, loss and reordering, the same for the same seed.

A link is one direction. Like everything sans-IO here it has no clock: what is sent at `now` comes out of
`receive` once its time has come, and `poll_timeout` says when that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from random import Random
from typing import Generic, TypeVar

Message = TypeVar("Message")


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a link does to messages; probabilities are per message, 0..1.

    Jitter is uniform on top of the delay and keeps the order, as queues do; `reorder` of the messages are
    held back by `reorder_s` while others overtake. Burst loss is a Gilbert model: `burst` is the
    probability that a burst begins, in which everything is lost for `burst_messages` on average.
    """

    delay_s: float = 0.0
    jitter_s: float = 0.0
    loss: float = 0.0
    burst: float = 0.0
    burst_messages: float = 5.0
    reorder: float = 0.0
    reorder_s: float = 0.01


class Link(Generic[Message]):
    """One direction of a path; counts what it `sent` and `lost`."""

    def __init__(self, conditions: Conditions, seed: int) -> None:
        self.conditions = conditions
        self.sent = 0
        self.lost = 0
        self._random = Random(seed)
        self._is_in_burst = False
        self._last_arrival = 0.0
        self._queue: list[tuple[float, int, Message]] = []

    def send(self, now: float, message: Message) -> None:
        """Put a message on the link."""
        self.sent += 1
        if self._loses():
            self.lost += 1
            return
        conditions = self.conditions
        arrival = now + conditions.delay_s + self._random.uniform(0, conditions.jitter_s)
        if self._random.random() < conditions.reorder:
            arrival += conditions.reorder_s
        else:
            arrival = self._last_arrival = max(arrival, self._last_arrival)
        heappush(self._queue, (arrival, self.sent, message))

    def poll_timeout(self) -> float | None:
        """When the next message arrives, None when nothing is under way."""
        return self._queue[0][0] if self._queue else None

    def receive(self, now: float) -> list[Message]:
        """Everything that has arrived by now, in order of arrival."""
        arrived = []
        while self._queue and self._queue[0][0] <= now:
            arrived.append(heappop(self._queue)[2])
        return arrived

    def _loses(self) -> bool:
        conditions = self.conditions
        if self._is_in_burst:
            self._is_in_burst = self._random.random() >= 1 / conditions.burst_messages
        else:
            self._is_in_burst = self._random.random() < conditions.burst
        return self._is_in_burst or self._random.random() < conditions.loss
