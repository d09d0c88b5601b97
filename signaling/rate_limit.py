"""A token bucket: a steady rate with room for bursts."""

from __future__ import annotations


class RateLimit:
    """At most `burst` events at once and `rate_per_s` in the long run."""

    def __init__(self, rate_per_s: float, burst: int) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._left = float(burst)
        self._seen_at: float | None = None

    def allows(self, now: float) -> bool:
        """Whether one more event is within the limit; counts it if so."""
        if self._seen_at is not None:
            self._left = min(self._burst, self._left + (now - self._seen_at) * self._rate_per_s)
        self._seen_at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
