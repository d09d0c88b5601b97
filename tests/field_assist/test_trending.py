"""What many look at: a spike surfaces, one person in a loop does not, and nobody is found in the counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist.concierge.entries import Key, Kind
from field_assist.concierge.trending import (
    BASELINE_DAYS,
    LEAST_VIEWERS,
    ViewDay,
    Viewers,
    trends,
)

TODAY = date(2026, 11, 27)
POOL, GRANT = Key(Kind.FACILITY, "992011", "F1"), Key(Kind.PROGRAMME, "992011", "P27")
SALT = b"salt of the day."


def month(key: Key, usual: int, now: int) -> list[ViewDay]:
    """So many a day for four weeks, and so many today."""
    before = [ViewDay(key, TODAY - timedelta(days=back), usual) for back in range(1, BASELINE_DAYS + 2)]
    return [*before, ViewDay(key, TODAY, now)]


def test_a_spike_surfaces_with_its_ratio_and_its_people() -> None:
    found = trends([*month(POOL, 20, 21), *month(GRANT, 20, 75)], TODAY)
    assert [(one.key, round(one.ratio, 1), one.viewers) for one in found] == [(GRANT, 3.2, 75)]


def test_one_person_in_a_loop_is_one_viewer() -> None:
    viewers = Viewers()
    counted = sum(viewers.is_new(GRANT, "192.0.2.7", TODAY, SALT) for _ in range(10_000))
    assert counted == 1
    assert trends([ViewDay(GRANT, TODAY, counted)], TODAY) == []


def test_under_five_people_nothing_is_told() -> None:
    assert trends([ViewDay(GRANT, TODAY, LEAST_VIEWERS - 1)], TODAY) == []
    assert trends([ViewDay(GRANT, TODAY, LEAST_VIEWERS)], TODAY)[0].viewers == 5


def test_what_is_always_popular_is_no_trend() -> None:
    assert trends(month(POOL, 300, 310), TODAY) == []


def test_yesterdays_spike_still_shows_in_the_morning() -> None:
    yesterday = TODAY - timedelta(days=1)
    found = trends([ViewDay(GRANT, yesterday, 40), ViewDay(GRANT, TODAY, 1)], TODAY)
    assert [(one.key, one.viewers) for one in found] == [(GRANT, 40)]
    assert trends([ViewDay(GRANT, TODAY - timedelta(days=2), 40)], TODAY) == []


def test_a_busy_weekday_is_no_spike() -> None:
    fridays = [ViewDay(POOL, TODAY - timedelta(days=7 * weeks), 60) for weeks in range(5)]
    others = [
        ViewDay(POOL, TODAY - timedelta(days=back), 20) for back in range(1, BASELINE_DAYS + 2) if back % 7
    ]
    assert trends([*fridays, *others], TODAY) == []
    assert trends([*others, ViewDay(POOL, TODAY, 60)], TODAY) != []


def test_a_new_day_knows_nothing_of_the_last() -> None:
    viewers = Viewers()
    assert viewers.is_new(GRANT, "192.0.2.7", TODAY, SALT)
    assert viewers.is_new(GRANT, "192.0.2.7", TODAY + timedelta(days=1), b"another salt")
    assert not viewers.is_new(GRANT, "192.0.2.7", TODAY + timedelta(days=1), b"and a third one")


@given(st.lists(st.tuples(st.sampled_from([POOL, GRANT]), st.integers(0, 30), st.integers(0, 50))))
def test_no_trend_is_of_fewer_than_five_and_none_is_below_its_usual(
    counts: list[tuple[Key, int, int]],
) -> None:
    days = {(key, back): viewers for key, back, viewers in counts}
    rows = [ViewDay(key, TODAY - timedelta(days=back), viewers) for (key, back), viewers in days.items()]
    for trend in trends(rows, TODAY):
        assert trend.viewers >= LEAST_VIEWERS
        assert trend.ratio > 1
        assert trend.viewers in {days.get((trend.key, 0)), days.get((trend.key, 1))}


@pytest.mark.parametrize("network", ["192.0.2.7", "2001:db8::/64"])
def test_marks_hold_nothing_of_the_address(network: str) -> None:
    viewers = Viewers()
    viewers.is_new(GRANT, network, TODAY, SALT)
    assert network not in repr(vars(viewers))
