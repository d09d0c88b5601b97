"""What to see to when something happens in a life, in the order in which it is due (R52). Sans-IO.

A programme belongs to an event by its own list's word (ライフステージ分類). When it is due is read from its
rule (`eligibility`), where its owner wrote one, and else from its text; what cannot be read is said to be
without a day, never guessed. The order is that in which a person can be late: first what is due within a
month, then what is handed over with the first notification (届出時), then what has no day, because waiting
loses what it would have given meanwhile, then what stays open for long, and last what is counted from
another day.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple

from field_assist.concierge import eligibility
from field_assist.concierge.eligibility import Condition, Node, RuleBroken, Test
from field_assist.concierge.entries import Entry, Kind

SOON_DAYS = 31
"""What is due within this time of the event comes first."""
Unit = Literal["days", "months"]
_MONTH_DAYS = 30


class LifeEvent(StrEnum):
    """Something that happens in a life and brings errands."""

    MOVING = "moving"
    BIRTH = "birth"
    JOB_LOST = "job_lost"
    DEATH = "death"
    DISASTER = "disaster"


_CALLED = {
    LifeEvent.MOVING: frozenset({"引越し"}),
    LifeEvent.BIRTH: frozenset({"妊娠・出産"}),
    LifeEvent.JOB_LOST: frozenset({"失業", "退職", "離職"}),
    LifeEvent.DEATH: frozenset({"相続", "死別・相続", "死別"}),
    LifeEvent.DISASTER: frozenset({"災害"}),
}
_ITS_DAYS = {
    LifeEvent.MOVING: frozenset({"moved_on", "born_or_moved_on"}),
    LifeEvent.BIRTH: frozenset({"born_on", "born_or_moved_on"}),
    LifeEvent.JOB_LOST: frozenset[str](),
    LifeEvent.DEATH: frozenset[str](),
    LifeEvent.DISASTER: frozenset({"disaster_on"}),
}
_TOLD_IN = ("対象者", "内容", "利用・申請方法", "制度概要")
_WITHIN = re.compile(r"(\d{1,3})(日|週間|[かヶカヵケ箇]月|年)以内")
_AT_NOTICE = re.compile(r"届出時|届け出(?:る|の)?(?:とき|時)")


class Window(NamedTuple):
    """So long after a day; `since` is the circumstance that names the day, "" where only its text says so."""

    number: int
    unit: Unit
    since: str = ""

    @property
    def days(self) -> int:
        """About; for the order alone."""
        return self.number * (_MONTH_DAYS if self.unit == "months" else 1)


class Errand(NamedTuple):
    """When one programme is due after one event."""

    window: Window | None
    is_of_event: bool
    """The window is counted from the day of the event, not from another one."""
    with_notice: bool
    """It is handed over with the notification of the event."""
    nearness: int
    """How far behind in its list's words the event comes: 0 is what it is most for."""


def errands(entry: Entry) -> dict[LifeEvent, Errand]:
    """The events that an entry is for, and when it is due then; programmes alone."""
    if entry.kind is not Kind.PROGRAMME:
        return {}
    windows, text = _windows(entry), _text(entry)
    found = {}
    for event, names in _CALLED.items():
        places = [at for at, name in enumerate(entry.life_events) if name in names]
        if places:
            own = [one for one in windows if not one.since or one.since in _ITS_DAYS[event]]
            window = min(own or windows, key=lambda one: one.days, default=None)
            with_notice = bool(_AT_NOTICE.search(text))
            found[event] = Errand(window, bool(own), with_notice, places[0])
    return found


def order(errand: Errand, ends: date | None, today: date) -> tuple[int, int, int]:
    """Sorts errands by when somebody to whom the event happens today must have seen to them."""
    left = [] if ends is None else [(ends - today).days]
    if errand.window is not None and errand.is_of_event:
        left.append(errand.window.days)
    days = min(left, default=None)
    if days is not None and days <= SOON_DAYS:
        return 0, days, errand.nearness
    if errand.with_notice:
        return 1, 0, errand.nearness
    if days is not None:
        return 3, days, errand.nearness
    return (4, errand.window.days, errand.nearness) if errand.window else (2, errand.nearness, 0)


def _windows(entry: Entry) -> list[Window]:
    written = entry.facts.get(eligibility.COLUMN, "")
    try:
        rule = eligibility.read(written) if written else eligibility.Rule()
    except RuleBroken:
        rule = eligibility.Rule()
    found = [
        Window(one.number, one.unit, one.about.name)
        for one in (*rule.deadlines, *_conditions(rule.root))
        if one.test is Test.WITHIN and one.unit
    ]
    return found or [_window(match) for match in _WITHIN.finditer(_text(entry))]


def _conditions(node: Node) -> Iterator[Condition]:
    if isinstance(node, Condition):
        yield node
        return
    for part in node.parts:
        yield from _conditions(part)


def _window(match: re.Match[str]) -> Window:
    number, unit = int(match[1]), match[2]
    if unit == "日":
        return Window(number, "days")
    if unit == "週間":
        return Window(number * 7, "days")
    return Window(number * 12 if unit == "年" else number, "months")


def _text(entry: Entry) -> str:
    said = "。".join(entry.facts.get(heading, "") for heading in _TOLD_IN)
    return unicodedata.normalize("NFKC", said)
