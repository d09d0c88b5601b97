"""資格・免許の期限: month ends, the leap day, weekends, the turn of the year, the words of lists."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist.concierge.licence_dates import (
    Back,
    Schedule,
    Terms,
    is_open_day,
    months_before,
    open_day_before,
    schedule,
    terms,
)

DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
STEPS = st.lists(st.integers(-10, 400), min_size=1, max_size=6).map(tuple)


def facts(opens: str, closes: str, steps: str) -> dict[str, str]:
    return {"受付開始": opens, "受付終了": closes, "通知タイミング_期限前日数": steps}


def made(expires: date, opens: str, closes: str, steps: str) -> Schedule:
    found = schedule(terms(facts(opens, closes, steps)), expires)
    assert found is not None
    return found


def test_a_construction_licence_is_applied_for_until_thirty_days_before_it_runs_out() -> None:
    plan = made(date(2027, 3, 31), "満了の3か月前(県運用)", "満了の30日前", "180;120;90;45;30")

    assert (plan.closes_on, plan.safe_on) == (date(2027, 3, 1), date(2027, 3, 1))
    # Three months before 31 March is 31 December, when nobody is there: 4 January 2027 is a Monday.
    assert plan.opens_on == date(2027, 1, 4)
    assert [step.on for step in plan.steps] == [
        date(2026, 10, 2),
        date(2026, 12, 1),
        date(2026, 12, 28),  # 31 December: the last open day before
        date(2027, 2, 12),  # 14 February is a Sunday
        date(2027, 2, 22),  # added: the next planned one is the very last day
        date(2027, 3, 1),
    ]


@pytest.mark.parametrize(
    ("expires", "months", "before"),
    [
        (date(2027, 3, 31), 1, date(2027, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2028, 2, 29), 48, date(2024, 2, 29)),
        (date(2027, 1, 31), 2, date(2026, 11, 30)),
        (date(2027, 1, 1), 1, date(2026, 12, 1)),
    ],
)
def test_months_end_where_the_calendar_ends_them(expires: date, months: int, before: date) -> None:
    assert months_before(expires, months) == before


@pytest.mark.parametrize(
    ("closes", "back"),
    [
        ("満了日", Back()),
        ("満了日(渡航先により6か月前推奨)", Back()),
        ("満了日前", Back(days=1)),
        ("満了の30日前", Back(days=30)),
        ("満了の１ヶ月前", Back(months=1)),
        ("満了の2カ月前", Back(months=2)),
        ("期限の1年前", Back(months=12)),
        ("8月頃(県が定める日)", None),
        ("—", None),
    ],
)
def test_the_words_of_the_list_become_days_only_where_they_are_understood(
    closes: str, back: Back | None
) -> None:
    assert terms(facts("—", closes, "30")).closes == back


def test_a_driving_licence_counts_from_the_birthday() -> None:
    plan = made(date(2027, 6, 20), "誕生日の1か月前", "誕生日の1か月後", "60;30;14;-7")

    assert plan.opens_on == date(2027, 4, 20)
    assert plan.closes_on == date(2027, 6, 20)
    assert plan.safe_on == date(2027, 6, 18), "the 20th is a Sunday"
    assert [step.on for step in plan.steps][-2:] == [date(2027, 5, 27), date(2027, 6, 11)]
    assert date(2027, 5, 6) in [step.on for step in plan.steps], "14 days before the birthday"


def test_the_turn_of_the_year_brings_notices_forward() -> None:
    plan = made(date(2027, 1, 31), "満了の2か月前", "満了の30日前", "60;30")

    assert plan.closes_on == date(2027, 1, 1)
    assert plan.safe_on == date(2026, 12, 28)
    assert plan.steps[-1].on == date(2026, 12, 28)
    assert [step.key for step in plan.steps] == ["60", "last", "30"]


def test_a_licence_that_never_runs_out_plans_nothing() -> None:
    assert schedule(terms(facts("—", "—", "—")), date(2027, 3, 31)) is None
    assert schedule(terms({}), date(2027, 3, 31)) is None


def test_whoever_subscribes_late_is_told_once_how_it_stands() -> None:
    plan = made(date(2027, 3, 31), "満了の3か月前", "満了の30日前", "180;120;90;45;30")

    step = plan.due(date(2027, 2, 1))

    assert step is not None and step.key == "90"
    assert plan.next_on(date(2027, 2, 1)) == date(2027, 2, 12)
    assert plan.due(date(2026, 9, 1)) is None
    assert plan.due(date(2027, 5, 15)) is None, "a month later it is left alone"


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2026, 12, 1), "early"),
        (date(2027, 1, 4), "open"),
        (date(2027, 2, 15), "last"),
        (date(2027, 3, 1), "last"),
        (date(2027, 3, 2), "late"),
        (date(2027, 4, 1), "expired"),
    ],
)
def test_how_it_stands(today: date, stage: str) -> None:
    assert made(date(2027, 3, 31), "満了の3か月前", "満了の30日前", "90").stage(today) == stage


@given(expires=DAYS, steps=STEPS, closes=st.sampled_from([None, Back(), Back(days=30), Back(months=1)]))
def test_notices_come_on_open_days_and_one_of_them_in_time(
    expires: date, steps: tuple[int, ...], closes: Back | None
) -> None:
    plan = schedule(Terms(steps, Back(months=3), closes), expires)

    assert plan is not None
    assert all(is_open_day(step.on) for step in plan.steps)
    assert is_open_day(plan.safe_on) and plan.safe_on <= (plan.closes_on or expires)
    days = [step.on for step in plan.steps]
    assert days == sorted(set(days)) and len({step.key for step in plan.steps}) == len(days)
    first = plan.safe_on - timedelta(days=14)
    assert any(first - timedelta(days=7) <= day < plan.safe_on for day in days), "time is left to act"


@given(day=DAYS, months=st.integers(0, 60))
def test_months_back_never_leave_the_month_they_lead_to(day: date, months: int) -> None:
    found = months_before(day, months)

    assert found.day <= day.day
    assert (day.year * 12 + day.month) - (found.year * 12 + found.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


@given(day=DAYS)
def test_the_open_day_before_is_never_far(day: date) -> None:
    assert timedelta() <= day - open_day_before(day) <= timedelta(days=10)
