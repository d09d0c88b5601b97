"""The two clocks of the edges, handed in so that tests can turn them.

Wall time (aware UTC) is for what people see and what the database keeps; monotonic seconds are for waiting
and rates. They are never mixed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """`wall()` is an aware UTC datetime, `monotonic()` seconds as float."""

    wall: Callable[[], datetime]
    monotonic: Callable[[], float]


SYSTEM_CLOCK = Clock(wall=lambda: datetime.now(UTC), monotonic=time.monotonic)
