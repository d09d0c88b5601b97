"""Which records are looked at far more than they usually are, so counted that nobody is found in it (R57).

Sans-IO. A viewer is a network (an IPv4 address, or an IPv6 /64) as a keyed hash under a salt that lives in
memory and is thrown away at the end of the day; all that is ever written down is how many different ones
looked at a record on a day. Whoever looks a thousand times counts once, whoever is behind one router with
others counts once with them: to undercount is the safe side. Under five nothing is told at all.
"""

import hashlib
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from field_assist.concierge.entries import Key

LEAST_VIEWERS = 5
BASELINE_DAYS = 28
LEAST_RATIO = 1.5
_SMOOTH = 5.0
"""Added to both sides of the ratio, so that 1 -> 6 is no sensation and a new record has a baseline."""
_WEEKDAY_BOUNDS = 0.5, 2.0
MOST_MARKS = 200_000
"""Of one day; beyond, nobody more is counted. Some 20 MB."""


class ViewDay(NamedTuple):
    """How many different viewers a record had on a day (Asia/Tokyo)."""

    key: Key
    day: date
    viewers: int


@dataclass(frozen=True, slots=True)
class Trend:
    """A record, by how much it is above its own usual, and how many people that is."""

    key: Key
    ratio: float
    viewers: int


class Viewers:
    """Who looked at what today, as marks nobody can read back; begins anew with each day's `salt`."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._salt = b""
        self._marks: set[bytes] = set()

    def is_new(self, key: Key, network: str, day: date, fresh_salt: bytes) -> bool:
        """Whether this network has not looked at this record today; from now on it has.

        `fresh_salt` (16 random bytes) becomes the salt when the day is a new one.
        """
        if day != self._day:
            self._day, self._salt = day, fresh_salt
            self._marks = set()
        said = "\0".join((network, *key)).encode()
        mark = hashlib.blake2b(said, digest_size=12, key=self._salt).digest()
        if mark in self._marks or len(self._marks) >= MOST_MARKS:
            return False
        self._marks.add(mark)
        return True


def trends(days: Iterable[ViewDay], today: date, limit: int = 3) -> list[Trend]:
    """The records furthest above their own usual, today or yesterday; `days` reach back to `since(today)`."""
    counts: dict[Key, dict[date, int]] = {}
    for key, day, viewers in days:
        counts.setdefault(key, {})[day] = viewers
    weekdays = _weekday_factors(counts.values(), today)
    found = []
    for key, of in counts.items():
        now = [_trend(key, of, day, weekdays) for day in (today, today - timedelta(days=1))]
        best = max((one for one in now if one is not None), key=lambda one: one.ratio, default=None)
        if best is not None:
            found.append(best)
    return sorted(found, key=lambda one: (-one.ratio, -one.viewers, one.key))[:limit]


def since(today: date) -> date:
    """The first day whose counts are needed; older ones can be forgotten."""
    return today - timedelta(days=BASELINE_DAYS + 1)


def _trend(key: Key, of: Mapping[date, int], day: date, weekdays: Mapping[int, float]) -> Trend | None:
    viewers = of.get(day, 0)
    if viewers < LEAST_VIEWERS:
        return None
    before = (of.get(day - timedelta(days=back), 0) for back in range(1, BASELINE_DAYS + 1))
    usual = sum(before) / BASELINE_DAYS * weekdays[day.weekday()]
    ratio = (viewers + _SMOOTH) / (usual + _SMOOTH)
    return Trend(key, ratio, viewers) if ratio >= LEAST_RATIO else None


def _weekday_factors(counts: Iterable[Mapping[date, int]], today: date) -> Mapping[int, float]:
    """How busy each weekday is beside the mean of all, over the four weeks before: Mondays are no spike."""
    total = [0] * 7
    for of in counts:
        for day, viewers in of.items():
            if 1 < (today - day).days <= BASELINE_DAYS + 1:
                total[day.weekday()] += viewers
    mean = statistics.fmean(total)
    low, high = _WEEKDAY_BOUNDS
    return {at: min(high, max(low, count / mean)) if mean else 1.0 for at, count in enumerate(total)}
