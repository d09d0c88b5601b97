"""Who is on duty: by hours, by their own word outside of them, and when somebody will be again."""

from __future__ import annotations

from datetime import datetime

import pytest

from field_assist.duty import Word, is_on_duty, next_on_duty
from field_assist.people import Person, Role
from field_assist.work_hours import JST, WorkHours


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JST)


def somebody(hours: str = "月-金 8:30-17:15", name: str = "A") -> Person:
    return Person(name, name, name, name, Role.SPECIALIST, hours=WorkHours.parse(hours))


@pytest.mark.parametrize(
    ("said_at", "now", "is_there", "is_right"),
    [
        (None, "2026-11-24T10:00:00", True, True),  # a Tuesday
        (None, "2026-11-24T20:00:00", True, False),
        ("2026-11-24T08:45:00", "2026-11-24T20:00:00", True, False),  # the word of the morning
        ("2026-11-24T19:00:00", "2026-11-25T03:00:00", True, True),  # of this night
        ("2026-11-24T19:00:00", "2026-11-25T03:00:00", False, False),
        ("2026-11-24T19:00:00", "2026-11-25T19:00:00", True, False),  # of last night
    ],
)
def test_who_is_off_duty_is_rung_only_by_their_own_word_of_this_night(
    said_at: str | None, now: str, is_there: bool, is_right: bool
) -> None:
    word = Word(is_there, at(said_at)) if said_at else None

    assert is_on_duty(somebody(), word, at(now)) == is_right


def test_the_next_one_is_whoever_begins_first() -> None:
    people = [somebody(), somebody("月-金 7:00-15:00", "B")]

    assert next_on_duty(people, {}, at("2026-11-28T12:00:00")) == at("2026-11-30T07:00:00")
    assert next_on_duty(people, {}, at("2026-11-30T07:00:00")) is None
