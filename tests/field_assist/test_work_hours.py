"""When somebody works: as people write it, at night, over the turn of the year."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist.work_hours import JST, OFFICE_HOURS, NotWorkHours, WorkHours

NIGHT = WorkHours.parse("月-金 22:00-6:00")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JST)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("月-金 8:30-17:15", "月-金 8:30-17:15"),
        ("月～金　８：３０－１７：１５", "月-金 8:30-17:15"),
        ("月曜日-金曜日 9:00-17:00", "月-金 9:00-17:00"),
        ("月・水・金 9:00-15:00", "月水金 9:00-15:00"),
        ("Mon-Fri 8:30-17:15", "月-金 8:30-17:15"),
        ("土日 22:00-06:00", "土日 22:00-6:00"),
        ("日 9:00-12:00", "日 9:00-12:00"),
    ],
)
def test_hours_are_read_as_people_write_them(written: str, read: str) -> None:
    assert str(WorkHours.parse(written)) == read


@pytest.mark.parametrize(
    "text",
    ["", "8:30-17:15", "月-金", "月-金 25:00-9:00", "祝 9:00-10:00", "-金 9:00-10:00", "月-x 9:00-10:00"],
)
def test_what_says_no_hours_is_refused(text: str) -> None:
    with pytest.raises(NotWorkHours):
        WorkHours.parse(text)


@given(st.sets(st.integers(0, 6), min_size=1), st.times(), st.times())
def test_what_is_written_is_read_again(days: set[int], start: time, end: time) -> None:
    hours = WorkHours(
        frozenset(days), start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    )

    assert WorkHours.parse(str(hours)) == hours


@given(st.text(max_size=30))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    try:
        WorkHours.parse(text)
    except NotWorkHours:
        pass


@pytest.mark.parametrize(
    ("moment", "is_within"),
    [
        ("2026-11-24T08:29:59", False),  # a Tuesday
        ("2026-11-24T08:30:00", True),
        ("2026-11-24T17:15:00", False),
        ("2026-11-28T10:00:00", False),  # a Saturday
        ("2026-11-23T10:00:00", False),  # 勤労感謝の日
        ("2026-12-28T10:00:00", True),
        ("2026-12-29T10:00:00", False),
        ("2027-01-03T10:00:00", False),
        ("2027-01-04T10:00:00", True),
    ],
)
def test_an_office_is_open_on_its_days(moment: str, is_within: bool) -> None:
    assert OFFICE_HOURS.contains(at(moment)) == is_within


def test_a_night_shift_belongs_to_the_day_it_began() -> None:
    assert NIGHT.contains(at("2026-11-28T05:59:00"))  # Saturday morning, begun on Friday
    assert not NIGHT.contains(at("2026-11-28T22:30:00"))
    assert NIGHT.end_of_shift(at("2026-11-24T23:00:00")) == at("2026-11-25T06:00:00")
    assert NIGHT.end_of_shift(at("2026-11-24T12:00:00")) is None


def test_the_next_start_skips_weekends_and_the_turn_of_the_year() -> None:
    assert OFFICE_HOURS.next_start(at("2026-11-27T18:00:00")) == at("2026-11-30T08:30:00")
    assert OFFICE_HOURS.next_start(at("2026-12-28T18:00:00")) == at("2027-01-04T08:30:00")
    assert OFFICE_HOURS.next_start(at("2026-11-24T07:00:00")) == at("2026-11-24T08:30:00")


def test_whoever_works_on_sundays_takes_no_notice_of_holidays() -> None:
    turns = WorkHours.parse("月-日 0:00-0:00")

    assert turns.contains(at("2027-01-01T00:00:00")) and turns.contains(at("2026-11-23T23:59:00"))
