"""資格・免許の期限: from the day a licence runs out to the days on which its holder is told. Sans-IO.

What the list of licences says in words (「満了の2か月前」「満了日前」「誕生日の1か月後」) is read here; only
what is understood becomes a date. Months go by the calendar (民法第143条): where a month has no such day,
its last day stands in. A period that ends while offices are closed is shown with the open day before: by law
it often ends later (地方自治法第4条の2第3項), but nobody should have to know that.
"""

import calendar
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from field_assist.work_hours import is_closed

Stage = Literal["early", "open", "last", "late", "expired"]
"""Before applications are taken, while they are, with few days left, after the last day, and run out."""

LAST_DAYS = 14
"""So many days before the last safe day it becomes urgent."""
ESCALATION_DAYS = 7
"""When the list plans nothing for those days, one more notice goes out so long before the last safe day."""
_GRACE_DAYS = 2  # a step nearer to the end than this leaves no time to act on it
_TOLD_AFTER_DAYS = 30  # whoever has not answered a month after it ran out is left alone

_BEFORE = re.compile(r"(?:満了|期限)の(\d+)(日|か月|年)前")
_BIRTHDAY = re.compile(r"誕生日の(\d+)か月(前|後)")


@dataclass(frozen=True, slots=True)
class Back:
    """So many days or months before the day it runs out."""

    days: int = 0
    months: int = 0

    def before(self, day: date) -> date:
        """That day."""
        return months_before(day, self.months) - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a list says about renewing; `opens` and `closes` are None where its words are not a date.

    `steps` are the days before the due date on which its holders are told, negative ones after it; the due
    date lies `due` before the day it runs out (a driving licence is due on the birthday, a month before).
    """

    steps: tuple[int, ...]
    opens: Back | None = None
    closes: Back | None = None
    due: Back = Back()


@dataclass(frozen=True, slots=True)
class Step:
    """One day on which the holder is told; `key` names it, whatever day it falls on."""

    key: str
    on: date


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days of one holder. `safe_on` is the last open day on which an application is surely in time."""

    expires_on: date
    opens_on: date | None
    closes_on: date | None
    safe_on: date
    steps: tuple[Step, ...]

    def due(self, today: date) -> Step | None:
        """The step of today: the latest one that has come; earlier ones that were missed stay missed."""
        if today > self.expires_on + timedelta(days=_TOLD_AFTER_DAYS):
            return None
        return max((step for step in self.steps if step.on <= today), key=lambda step: step.on, default=None)

    def next_on(self, today: date) -> date | None:
        """The day of the next step after today."""
        return min((step.on for step in self.steps if step.on > today), default=None)

    def stage(self, today: date) -> Stage:
        """How it stands on this day."""
        if today > self.expires_on:
            return "expired"
        if today > (self.closes_on or self.expires_on):
            return "late"
        if today >= self.safe_on - timedelta(days=LAST_DAYS):
            return "last"
        return "open" if self.opens_on is not None and today >= self.opens_on else "early"


def terms(facts: Mapping[str, str]) -> Terms:
    """What the columns 受付開始, 受付終了 and 通知タイミング_期限前日数 of a licence say."""
    opening, closing = _plain(facts.get("受付開始", "")), _plain(facts.get("受付終了", ""))
    planned = _plain(facts.get("通知タイミング_期限前日数", ""))
    birthday = _BIRTHDAY.match(closing)
    if birthday is not None and birthday[2] == "後":
        # It runs out so long after the birthday: that far back lies the birthday, which the days count from.
        due = Back(months=int(birthday[1]))
        return Terms(_days(planned), _birthday_opening(opening, due), Back(), due)
    return Terms(_days(planned), _back(opening), _back(closing))


def schedule(terms: Terms, expires_on: date) -> Schedule | None:
    """The days for a licence that runs out then; None where the list plans nothing."""
    if not terms.steps:
        return None
    closes_on = terms.closes.before(expires_on) if terms.closes is not None else None
    safe_on = open_day_before(closes_on or expires_on)
    due = terms.due.before(expires_on)
    planned = {_step_day(due, days): str(days) for days in sorted(terms.steps)}
    first, last = safe_on - timedelta(days=LAST_DAYS), safe_on - timedelta(days=_GRACE_DAYS)
    if not any(first <= day <= last for day in planned):
        planned[open_day_before(safe_on - timedelta(days=ESCALATION_DAYS))] = "last"
    return Schedule(
        expires_on=expires_on,
        opens_on=open_day_after(terms.opens.before(expires_on)) if terms.opens is not None else None,
        closes_on=closes_on,
        safe_on=safe_on,
        steps=tuple(Step(key, day) for day, key in sorted(planned.items())),
    )


def months_before(day: date, months: int) -> date:
    """The same day of a month so far back, or that month's last day where it has none."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_open_day(day: date) -> bool:
    """Whether public offices are open: no weekend, no national holiday, not the turn of the year."""
    return day.weekday() < 5 and not is_closed(day)


def open_day_before(day: date) -> date:
    """This day where offices are open, or else the last open one before it."""
    while not is_open_day(day):
        day -= timedelta(days=1)
    return day


def open_day_after(day: date) -> date:
    """This day where offices are open, or else the next open one."""
    while not is_open_day(day):
        day += timedelta(days=1)
    return day


def _step_day(due: date, days: int) -> date:
    day = due - timedelta(days=days)
    return open_day_before(day) if days >= 0 else open_day_after(day)


def _back(words: str) -> Back | None:
    found = _BEFORE.match(words)
    if found is not None:
        count = int(found[1])
        return {"日": Back(days=count), "か月": Back(months=count), "年": Back(months=12 * count)}[found[2]]
    if words.startswith("満了日前"):
        return Back(days=1)
    return Back() if words.startswith("満了日") else None


def _birthday_opening(words: str, due: Back) -> Back | None:
    found = _BIRTHDAY.match(words)
    if found is None or found[2] != "前":
        return _back(words)
    return Back(months=due.months + int(found[1]))


def _days(words: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.split(r"[;,、]", words) if re.fullmatch(r"\s*-?\d{1,4}\s*", each))


def _plain(words: str) -> str:
    return re.sub(r"[ヶケヵカ箇ヶ]月", "か月", unicodedata.normalize("NFKC", words).strip())
