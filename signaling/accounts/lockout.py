"""How often somebody may guess: a sans-IO lock-out with growing delay.

A `Tally` counts the failures of one subject (an account, an address). The first few failures are free;
after that each one locks for twice as long as the one before, up to a ceiling, so that guessing a password
or a six-digit code takes years while a person who mistyped waits seconds. A day without failures forgets.

An attempt is counted before it is verified and forgiven when it was right: a thousand requests sent at
once therefore get no more guesses than a thousand sent one after the other. Sans-IO.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class LockoutPolicy:
    """`free_attempts` failures cost nothing; then `first_delay_s`, doubling up to `longest_delay_s`."""

    free_attempts: int = 5
    first_delay_s: int = 30
    longest_delay_s: int = 3600
    forget_after_s: int = 24 * 3600


@dataclass(frozen=True, slots=True)
class Tally:
    """What is remembered of one subject's failures."""

    failures: int = 0
    last_failed_at: datetime | None = None
    locked_until: datetime | None = None


ACCOUNT_POLICY = LockoutPolicy()
ADDRESS_POLICY = LockoutPolicy(free_attempts=30, first_delay_s=30, longest_delay_s=900)
"""An office is one address to us, so an address gets more attempts and shorter locks than an account."""


def retry_after_s(tally: Tally, at: datetime) -> int:
    """Whole seconds until the next attempt is allowed, 0 when it is allowed now."""
    if tally.locked_until is None or tally.locked_until <= at:
        return 0
    return max(1, -int(-(tally.locked_until - at).total_seconds() // 1))


def attempt(tally: Tally, at: datetime, policy: LockoutPolicy) -> Tally:
    """The tally after one more attempt that counts as failed until forgiven; only when not locked."""
    failures = 0 if _is_forgotten(tally, at, policy) else tally.failures
    failures += 1
    return Tally(failures, at, _locked_until(failures, at, policy))


def forgive(tally: Tally) -> Tally:
    """Take back one attempt, because it was right; it leaves no lock behind."""
    failures = max(0, tally.failures - 1)
    return Tally(failures, tally.last_failed_at) if failures else Tally()


def attempts_left(tally: Tally, policy: LockoutPolicy) -> int:
    """How many failures are still free of delay."""
    return max(0, policy.free_attempts - tally.failures)


def _is_forgotten(tally: Tally, at: datetime, policy: LockoutPolicy) -> bool:
    return tally.last_failed_at is None or at - tally.last_failed_at > timedelta(
        seconds=policy.forget_after_s
    )


def _locked_until(failures: int, at: datetime, policy: LockoutPolicy) -> datetime | None:
    excess = failures - policy.free_attempts
    if excess < 0:
        return None
    delay_s = min(policy.longest_delay_s, policy.first_delay_s * 2 ** min(excess, 20))
    return at + timedelta(seconds=delay_s)
