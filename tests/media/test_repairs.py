"""Requests for lost packets are answered once per round trip, and not at all where a key frame follows."""

from __future__ import annotations

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from media.repairs import MAX_NACK, Repairs

PATIENCE_S = 0.1


def test_an_answer_under_way_is_not_sent_again_and_a_lost_one_is() -> None:
    repairs = Repairs()

    assert repairs.due(0.0, [10, 11], 20, PATIENCE_S) == [10, 11]
    assert repairs.due(0.05, [10, 12], 20, PATIENCE_S) == [12]
    assert repairs.due(0.1, [10, 12], 20, PATIENCE_S) == [10]


def test_what_was_thrown_away_is_not_repaired_and_what_comes_after_is() -> None:
    repairs = Repairs()
    repairs.give_up(65_540)

    assert repairs.due(0.0, [3, 4, 5], 65_545, PATIENCE_S) == [5]


def test_what_was_never_sent_is_not_repaired() -> None:
    assert Repairs().due(0.0, [21, 65_000], 20, PATIENCE_S) == []


def test_a_key_frame_that_waits_or_is_on_the_way_answers_all_wishes() -> None:
    repairs = Repairs()
    assert repairs.is_key_frame_due(0.0, inf, PATIENCE_S)

    repairs.key_frame_begins(1.0)

    assert not repairs.is_key_frame_due(1.05, inf, PATIENCE_S)  # the client cannot have seen it yet
    assert not repairs.is_key_frame_due(3.0, 1.01, PATIENCE_S)  # it has not even left
    assert repairs.is_key_frame_due(3.0, 2.5, PATIENCE_S)
    assert repairs.is_key_frame_due(1.2, inf, PATIENCE_S)


@given(st.lists(st.tuples(st.floats(0, 0.2), st.lists(st.integers(0, 65_535), max_size=400))))
def test_no_client_gets_more_than_one_answer_per_number_and_patience(
    requests: list[tuple[float, list[int]]],
) -> None:
    repairs, now = Repairs(), 0.0
    answered: dict[int, float] = {}
    for pause_s, lost in requests:
        now += pause_s
        due = repairs.due(now, lost, 70_000, PATIENCE_S)
        assert len(due) <= MAX_NACK
        for number in due:
            assert now >= answered.get(number, now)
        answered |= {number: now + PATIENCE_S for number in due}
        if len(answered) > 1024:  # as many are remembered
            return
