"""Against guessing the codes of links: after too many wrong ones a network waits, for right ones too."""

from signaling.accounts.sign_in import network_of
from signaling.clock import Clock
from signaling.rate_limits import Rate, RateLimited, RateLimiter

WRONG_CODES = Rate(burst=10, per_minute=6)


class WrongCodes:
    """The wrong codes of one kind of link, counted by the caller's network."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._limiter = RateLimiter(WRONG_CODES)

    def check(self, address: str) -> None:
        """Raises RateLimited while whoever calls from there has to wait."""
        wait_s = self._limiter.peek(network_of(address), self._clock.monotonic())
        if wait_s > 0:
            raise RateLimited(wait_s)

    def count(self, address: str) -> None:
        """One more came from there."""
        self._limiter.take(network_of(address), self._clock.monotonic())
