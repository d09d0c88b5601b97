"""Packets leave at a rate, in bursts the path can swallow: a leaky bucket with a queue behind it.

Everything that fits goes at once; the rest waits by priority, so that a key frame does not stand in front of
the voice on a narrow link. Audio does not ask at all, it only takes from the budget. Sans-IO.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from enum import IntEnum
from math import inf
from typing import Generic, TypeVar

Item = TypeVar("Item")

_BURST_S = 0.04  # of the rate may leave at once after a pause
_LEAST_BURST_BYTES = 1500  # one packet always passes
_DEEPEST_DEBT_S = 0.5  # audio and repairs can overdraw the budget by this much of the rate
_ROUNDING_BYTES = 1e-3  # the time at which the budget is even is not a round number
OLDEST_S = 2.0  # nobody plays video that waited this long


class Priority(IntEnum):
    """Who leaves first."""

    REPAIR = 0
    VIDEO = 1
    PADDING = 2


class Pacer(Generic[Item]):
    """Set `rate_bps`; `queued_bytes` wait. What waits for `oldest_s` is dropped, with all of its priority.

    Half a picture is of no use: `dropped` counts such droppings, and its owner asks for a key frame when
    it has risen.
    """

    __slots__ = ("_budget_bytes", "_filled_at", "_queues", "dropped", "oldest_s", "queued_bytes", "rate_bps")

    def __init__(self, now: float, rate_bps: int) -> None:
        self.rate_bps = rate_bps
        self.oldest_s = OLDEST_S
        self.queued_bytes = 0
        self.dropped = 0
        self._filled_at = now
        self._budget_bytes = float(_LEAST_BURST_BYTES)
        self._queues: tuple[deque[tuple[float, int, Item]], ...] = tuple(deque() for _ in Priority)

    def may_send(self, now: float, size_bytes: int) -> bool:
        """Whether this packet leaves now; its budget is then taken. If not, `queue` it."""
        if self.queued_bytes:
            return False
        rate = self.rate_bps * 0.125
        budget = self._budget_bytes + (now - self._filled_at) * rate
        self._filled_at = now
        burst = rate * _BURST_S
        if burst < _LEAST_BURST_BYTES:
            burst = _LEAST_BURST_BYTES
        if budget > burst:
            budget = burst
        if budget <= 0:
            self._budget_bytes = budget
            return False
        self._budget_bytes = budget - size_bytes
        return True

    def take(self, now: float, size_bytes: int) -> None:
        """A packet left without asking, as audio does; what follows waits for it."""
        self._fill(now)
        self._budget_bytes = max(
            self._budget_bytes - size_bytes, -self.rate_bps / 8 * _DEEPEST_DEBT_S - _LEAST_BURST_BYTES
        )

    def queue(self, priority: Priority, item: Item, size_bytes: int, now: float) -> None:
        """Let an item wait behind those of its priority."""
        self._queues[priority].append((now, size_bytes, item))
        self.queued_bytes += size_bytes

    def oldest_at(self, priority: Priority) -> float:
        """When what leaves next of this priority began to wait; infinity where nothing does."""
        waiting = self._queues[priority]
        return waiting[0][0] if waiting else inf

    def bytes_of(self, priority: Priority) -> int:
        """How much of this priority waits."""
        return sum(size_bytes for _, size_bytes, _ in self._queues[priority])

    def items(self, priority: Priority) -> Iterator[Item]:
        """What waits, in the order of leaving."""
        return (item for _, _, item in self._queues[priority])

    def discard(self, priority: Priority, is_useless: Callable[[Item], bool]) -> list[Item]:
        """Throw away what nobody needs any more, asked in the order of leaving; what that was."""
        waiting = self._queues[priority]
        useless = []
        for _ in range(len(waiting)):
            entry = waiting.popleft()
            if is_useless(entry[2]):
                self.queued_bytes -= entry[1]
                useless.append(entry[2])
            else:
                waiting.append(entry)
        return useless

    def due(self, now: float) -> list[Item]:
        """What leaves now, in order; drops what has waited too long."""
        self._fill(now)
        self._drop_old(now)
        items = []
        for waiting in self._queues:
            while waiting and self._budget_bytes > -_ROUNDING_BYTES:
                _, size_bytes, item = waiting.popleft()
                self._budget_bytes -= size_bytes
                self.queued_bytes -= size_bytes
                items.append(item)
        return items

    def poll_timeout(self) -> float | None:
        """When `due` has something again, None while nothing waits."""
        if not self.queued_bytes:
            return None
        return self._filled_at + max(0.0, -8 * self._budget_bytes / self.rate_bps)

    def _fill(self, now: float) -> None:
        rate = self.rate_bps / 8
        most = max(rate * _BURST_S, _LEAST_BURST_BYTES)
        self._budget_bytes = min(self._budget_bytes + (now - self._filled_at) * rate, most)
        self._filled_at = now

    def _drop_old(self, now: float) -> None:
        for waiting in self._queues:
            if waiting and now - waiting[0][0] > self.oldest_s:
                self.queued_bytes -= sum([size_bytes for _, size_bytes, _ in waiting])
                waiting.clear()
                self.dropped += 1
