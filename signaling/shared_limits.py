"""How often somebody may do a thing, counted over all nodes, and over this one while the bus is away.

The local count goes on beside the shared one, so that a bus that is lost gives nobody a fresh start.
"""

from signaling.bus import Bus
from signaling.rate_limits import Rate, RateLimiter


class SharedLimiter:
    """Buckets of one kind, by name the same on all nodes."""

    def __init__(self, name: str, rate: Rate, bus: Bus) -> None:
        self._name = name
        self._rate = rate
        self._bus = bus
        self._here = RateLimiter(rate)

    async def take(self, key: str, now: float) -> float:
        """Take one token: 0.0 when there was one, else the seconds to wait; `now` is monotonic."""
        wait_s = self._here.take(key, now)
        if wait_s > 0:
            return wait_s
        shared_s = await self._bus.take(self._name, self._rate, key)
        return shared_s or 0.0
