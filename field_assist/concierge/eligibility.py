"""Whether a service may be meant for somebody, as far as they said: yes, no, or to be confirmed. Sans-IO.

A rule is a small piece of JSON which its owner keeps in the column `x_対象条件` of the list:

    {"all": ["lives_here", "age >= 65", {"any": ["tax_exempt", "income_fell"]}, "not bought_already"],
     "desk": ["income_limit"], "by": ["moved_on within 15 days"]}

A condition is a circumstance (`circumstances`) that holds, `not` one that does not, a number compared
(`age >= 65`), one of several (`care_level is support|care_1_2`, `age is 65|70`), or a day with a distance to
today (`bought_on within 6 months`, `moved_on past 3 months`). `desk` names what only the desk can establish;
`by` days until which to apply that decide nothing. Logic is three-valued (Kleene): what is not known stays
so, and no later answer turns a verdict round. Nothing is ever promised: "likely" is the most that is said.
"""

import json
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from field_assist.concierge.circumstances import CIRCUMSTANCES, DESK_CHECKS, Circumstance, Shape, Value

COLUMN = "x_対象条件"
"""The heading under which a list gives the rule of a programme."""
Answers = Mapping[str, Value | None]
"""By circumstance; None where somebody was asked and does not know."""
_DEEPEST = 5
_LONGEST = 4_000
_NUMBER = re.compile(r"(\w+) (>=|<=) (\d{1,5})")
_CHOICE = re.compile(r"(\w+) is ([\w|]+)")
_DISTANCE = re.compile(r"(\w+) (within|past) (\d{1,3}) (days|months)")
_PLAIN = re.compile(r"(not )?(\w+)")


class RuleBroken(Exception):
    """A rule that cannot be read; `part` is what stood there."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class Verdict(StrEnum):
    """As far as one can tell from what was said."""

    LIKELY = "likely"
    UNLIKELY = "unlikely"
    UNSURE = "unsure"


class Test(StrEnum):
    """How a condition compares."""

    __test__ = False  # not one of pytest's

    HOLDS = "holds"
    FAILS = "fails"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    IS = "is"
    WITHIN = "within"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison; `number` of years, people, man-yen, or of `unit`."""

    about: Circumstance
    test: Test
    number: int = 0
    unit: Literal["", "days", "months"] = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Every:
    """Holds when all of its parts do."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """Holds when one of its parts does."""

    parts: "tuple[Node, ...]"


Node = Condition | Every | Some


@dataclass(frozen=True, slots=True)
class Rule:
    """For whom a service is meant, what the desk establishes, and days of one's own until which to apply."""

    root: Node = Every(())
    desk: tuple[str, ...] = ()
    deadlines: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """How one condition stands; `until` is the last day where it counts from a day that is known."""

    condition: Condition
    holds: bool | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What can be said now, and the one thing to ask next (None: nothing that would change it)."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    deadlines: tuple[date, ...]
    ask: Circumstance | None


def read(text: str) -> Rule:
    """The rule written in a list; raises RuleBroken."""
    if len(text) > _LONGEST:
        raise RuleBroken(text[:20])
    try:
        written = json.loads(text)
    except (ValueError, RecursionError):
        raise RuleBroken(text[:20]) from None
    if not isinstance(written, dict) or not set(written) <= {"all", "desk", "by"}:
        raise RuleBroken(str(written)[:40])
    desk = _listed(written.get("desk", []))
    deadlines = tuple(_condition(str(part)) for part in _listed(written.get("by", [])))
    for wrong in [name for name in desk if name not in DESK_CHECKS]:
        raise RuleBroken(str(wrong)[:40])
    for wrong_day in [one for one in deadlines if one.test is not Test.WITHIN]:
        raise RuleBroken(wrong_day.about.name)
    return Rule(_node({"all": written.get("all", [])}), tuple(str(name) for name in desk), deadlines)


def judge(rule: Rule, answers: Answers, today: date) -> Outcome:
    """What the rule says of these answers on this day (Asia/Tokyo)."""
    held = _holds(rule.root, answers, today)
    verdict = {True: Verdict.LIKELY, False: Verdict.UNLIKELY, None: Verdict.UNSURE}[held]
    findings = tuple(dict.fromkeys(_explained(rule.root, answers, today)))
    days = [_until(one, answers) for one in rule.deadlines]
    days += [one.until for one in findings if one.condition.test is Test.WITHIN]
    wanted = _open_questions(rule.root, answers, today)
    if verdict is not Verdict.UNLIKELY:
        wanted = [*wanted, *(one.about for one in rule.deadlines if one.about.name not in answers)]
    known = tuple(sorted({day for day in days if day is not None}))
    return Outcome(verdict, findings, known, wanted[0] if wanted else None)


def _listed(written: object) -> list[object]:
    if not isinstance(written, list):
        raise RuleBroken(str(written)[:40])
    return written


def _node(written: object, depth: int = 0) -> Node:
    if isinstance(written, str):
        return _condition(written)
    if depth < _DEEPEST and isinstance(written, dict) and len(written) == 1:
        (word, inside), *_ = written.items()
        if word in {"all", "any"}:
            parts = tuple(_node(part, depth + 1) for part in _listed(inside))
            return Every(parts) if word == "all" else Some(parts)
    raise RuleBroken(str(written)[:40])


def _condition(text: str) -> Condition:
    if match := _NUMBER.fullmatch(text):
        test = Test.AT_LEAST if match[2] == ">=" else Test.AT_MOST
        return Condition(_about(match[1], Shape.NUMBER, text), test, int(match[3]))
    if match := _CHOICE.fullmatch(text):
        choices = tuple(match[2].split("|"))
        are_numbers = all(choice.isdecimal() for choice in choices)
        about = _about(match[1], Shape.NUMBER if are_numbers else Shape.CHOICE, text)
        if are_numbers or set(choices) <= set(about.choices):
            return Condition(about, Test.IS, choices=choices)
    elif match := _DISTANCE.fullmatch(text):
        unit: Literal["days", "months"] = "days" if match[4] == "days" else "months"
        return Condition(_about(match[1], Shape.DAY, text), Test(match[2]), int(match[3]), unit)
    elif match := _PLAIN.fullmatch(text):
        return Condition(_about(match[2], Shape.YES_NO, text), Test.FAILS if match[1] else Test.HOLDS)
    raise RuleBroken(text[:40])


def _about(name: str, shape: Shape, text: str) -> Circumstance:
    about = CIRCUMSTANCES.get(name)
    if about is None or about.shape is not shape:
        raise RuleBroken(text[:40])
    return about


def _holds(node: Node, answers: Answers, today: date) -> bool | None:
    if isinstance(node, Condition):
        return _compared(node, answers.get(node.about.name), today)
    settled = isinstance(node, Some)  # the value of one part that settles the whole
    values = [_holds(part, answers, today) for part in node.parts]
    if settled in values:
        return settled
    return None if None in values else not settled


def _compared(condition: Condition, answer: Value | None, today: date) -> bool | None:
    match condition.test, answer:
        case Test.HOLDS | Test.FAILS, bool():
            return answer is (condition.test is Test.HOLDS)
        case Test.AT_LEAST, int():
            return answer >= condition.number
        case Test.AT_MOST, int():
            return answer <= condition.number
        case Test.IS, str() | int():
            return str(answer) in condition.choices
        case Test.WITHIN, date() if answer <= today:  # what lies ahead has not happened yet
            return today <= _later(answer, condition)
        case Test.PAST, date() if answer <= today:
            return today >= _later(answer, condition)
    return None


def _later(day: date, condition: Condition) -> date:
    """A month later is the same day of the month, or the month's last where there is none."""
    if condition.unit == "days":
        return day + timedelta(days=condition.number)
    years, month = divmod(day.month - 1 + condition.number, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _until(condition: Condition, answers: Answers) -> date | None:
    day = answers.get(condition.about.name)
    if condition.test is Test.WITHIN and isinstance(day, date):
        return _later(day, condition)
    return None


def _explained(node: Node, answers: Answers, today: date) -> Iterator[Finding]:
    """The conditions that say why: of alternatives only those that stand as the whole does."""
    if isinstance(node, Condition):
        yield Finding(node, _holds(node, answers, today), _until(node, answers))
        return
    whole = _holds(node, answers, today)
    for part in node.parts:
        if isinstance(node, Every) or _holds(part, answers, today) is whole:
            yield from _explained(part, answers, today)


def _open_questions(node: Node, answers: Answers, today: date) -> list[Circumstance]:
    """What has not been asked and can still change how this stands, in the order of the rule."""
    if _holds(node, answers, today) is not None:
        return []
    if isinstance(node, Condition):
        return [] if node.about.name in answers else [node.about]
    return [about for part in node.parts for about in _open_questions(part, answers, today)]
