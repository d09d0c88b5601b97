"""The only fake clock: wall time and monotonic seconds that stand still until a test moves them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from signaling.clock import Clock

START = datetime(2026, 11, 24, 1, 8, tzinfo=UTC)
"""10:08 on a Tuesday in Japan."""


class FakeClock:
    """`clock` goes into the code under test, `forward` moves both of its hands."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at
        self.now = 1000.0
        self.clock = Clock(wall=lambda: self.at, monotonic=lambda: self.now)

    def forward(self, **duration: float) -> None:
        """`forward(minutes=5)`: as `timedelta` takes them."""
        step = timedelta(**duration)
        self.at += step
        self.now += step.total_seconds()
