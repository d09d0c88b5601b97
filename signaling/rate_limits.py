"""Token buckets per key, without IO: how often an address may do a thing.

A bucket holds `burst` tokens and refills at `per_minute`. Keys are bounded: the least recently seen are
forgotten first, and a forgotten key starts with a full bucket, so memory stays small under attack. Sans-IO.
"""

from collections import OrderedDict
from dataclasses import dataclass

MAX_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then `per_minute` steadily."""

    burst: int
    per_minute: float


class RateLimited(Exception):
    """Too often from this address or person."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("rate limited")
        self.retry_after_s = max(1, -int(-wait_s // 1))


class RateLimiter:
    """Buckets of one kind; `now` is monotonic seconds."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, now: float) -> float:
        """Take one token: 0.0 when there was one, else the seconds until there will be."""
        tokens = self._level(key, now)
        wait_s = self._wait_s(tokens)
        self._keep(key, tokens - 1 if wait_s == 0 else tokens, now)
        return wait_s

    def peek(self, key: str, now: float) -> float:
        """What `take` would answer, without taking."""
        return self._wait_s(self._level(key, now))

    def _wait_s(self, tokens: float) -> float:
        return 0.0 if tokens >= 1 else (1 - tokens) * 60 / self.rate.per_minute

    def _level(self, key: str, now: float) -> float:
        tokens, seen = self._buckets.get(key, (float(self.rate.burst), now))
        return min(self.rate.burst, tokens + max(0.0, now - seen) * self.rate.per_minute / 60)

    def _keep(self, key: str, tokens: float, now: float) -> None:
        self._buckets[key] = (tokens, now)
        self._buckets.move_to_end(key)
        while len(self._buckets) > MAX_KEYS:
            self._buckets.popitem(last=False)
