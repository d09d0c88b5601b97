"""勤務時間: on which days and between which times somebody, or an office, is there. Sans-IO.

Times are Japan's. Written as people write them, 「月-金 8:30-17:15」 or "Mon-Fri 8:30-17:15"; a shift that
ends before it begins ends the next day. Offices are closed on national holidays (国民の祝日に関する法律)
and from 29 December to 3 January (地方自治法 第4条の2 leaves the days to each body's ordinance; these are the
common ones); whoever works on Sundays takes turns, and works on those days as well.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

import jpholiday

from field_assist.days import WEEKDAYS

JST = timezone(timedelta(hours=9), "JST")

_SUNDAY = 6
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FORM = re.compile(r"(?P<days>[^\d\s]+)\s+(?P<from>\d{1,2}:\d{2})\s*-\s*(?P<to>\d{1,2}:\d{2})")
_DASHES = str.maketrans({dash: "-" for dash in "〜～~–—−ーｰ‐"})
_FARTHEST_DAYS = 14  # whoever works at all works within a fortnight, holidays included


class NotWorkHours(ValueError):
    """The text does not say on which days and between which times."""


@dataclass(frozen=True, slots=True)
class WorkHours:
    """`days` are weekdays, 0 = Monday."""

    days: frozenset[int]
    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> "WorkHours":
        """Read 「月-金 8:30-17:15」, 「月水金 9:00-15:00」, "Mon-Fri 8:30-17:15"; raises NotWorkHours."""
        found = _FORM.fullmatch(unicodedata.normalize("NFKC", text).translate(_DASHES).strip())
        if found is None:
            raise NotWorkHours(text)
        try:
            start, end = (time.fromisoformat(found[name].zfill(5)) for name in ("from", "to"))
        except ValueError:
            raise NotWorkHours(text) from None
        return cls(_days(found["days"]), start, end)

    def __str__(self) -> str:
        days = sorted(self.days)
        is_run = len(days) > 2 and days[-1] - days[0] == len(days) - 1
        names = [WEEKDAYS[day] for day in days]
        words = f"{names[0]}-{names[-1]}" if is_run else "".join(names)
        return f"{words} {_clock(self.start)}-{_clock(self.end)}"

    def contains(self, at: datetime) -> bool:
        """Whether this moment is within."""
        local = at.astimezone(JST)
        return any(
            first <= local < last
            for back in (0, 1)
            for first, last in [self._shift(local.date() - timedelta(days=back))]
            if self._works(first.date())
        )

    def next_start(self, at: datetime) -> datetime | None:
        """When they are there again after this moment; None when that is weeks away."""
        local = at.astimezone(JST)
        for ahead in range(_FARTHEST_DAYS + 1):
            first, _ = self._shift(local.date() + timedelta(days=ahead))
            if first > local and self._works(first.date()):
                return first
        return None

    def end_of_shift(self, at: datetime) -> datetime | None:
        """When the shift of this moment ends; None outside of one."""
        local = at.astimezone(JST)
        for back in (0, 1):
            first, last = self._shift(local.date() - timedelta(days=back))
            if first <= local < last and self._works(first.date()):
                return last
        return None

    def _shift(self, day: date) -> tuple[datetime, datetime]:
        first = datetime.combine(day, self.start, JST)
        last = datetime.combine(day, self.end, JST)
        return first, last if last > first else last + timedelta(days=1)

    def _works(self, day: date) -> bool:
        return day.weekday() in self.days and (_SUNDAY in self.days or not is_closed(day))


OFFICE_HOURS = WorkHours(frozenset(range(5)), time(8, 30), time(17, 15))
"""Of whoever says nothing else."""


def is_closed(day: date) -> bool:
    """Whether public offices are closed: on national holidays and over the turn of the year."""
    is_turn = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return is_turn or jpholiday.is_holiday(day)


def _days(words: str) -> frozenset[int]:
    short = re.sub(r"曜日|曜|[・,、]", "", words.lower())
    names = re.findall(r"[月火水木金土日]|[a-z]{3}|-", short)
    if "".join(names) != short:
        raise NotWorkHours(words)
    days: set[int] = set()
    for at, name in enumerate(names):
        if name != "-":
            days.add(_day(name))
        elif 0 < at < len(names) - 1:
            first, last = _day(names[at - 1]), _day(names[at + 1])
            days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
        else:
            raise NotWorkHours(words)
    if not days:
        raise NotWorkHours(words)
    return frozenset(days)


def _day(name: str) -> int:
    if name in WEEKDAYS:
        return WEEKDAYS.index(name)
    if name in _ENGLISH:
        return _ENGLISH.index(name)
    raise NotWorkHours(name)


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"
