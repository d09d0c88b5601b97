"""The lock-out rules as tables of (seconds, what happens, what is expected)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.accounts.lockout import LockoutPolicy, Tally, attempt, attempts_left, forgive, retry_after_s
from tests.clock import START

POLICY = LockoutPolicy(free_attempts=3, first_delay_s=30, longest_delay_s=100, forget_after_s=3600)


@pytest.mark.parametrize(
    ("failures_at_s", "asked_at_s", "expected_s"),
    [
        ([], 0, 0),
        ([0, 1], 1, 0),
        ([0, 1, 2], 2, 30),
        ([0, 1, 2], 31, 1),
        ([0, 1, 2], 32, 0),
        ([0, 1, 2, 32], 32, 60),
        ([0, 1, 2, 32, 92], 92, 100),
        ([0, 1, 2, 32, 92, 192], 192, 100),
        ([0, 1, 3602], 3602, 0),
        ([0, 1, 2, 3603], 3603, 0),
    ],
)
def test_delays_grow_to_a_ceiling_and_fade(
    failures_at_s: list[int], asked_at_s: int, expected_s: int
) -> None:
    tally = Tally()
    for second in failures_at_s:
        tally = attempt(tally, START + timedelta(seconds=second), POLICY)

    assert retry_after_s(tally, START + timedelta(seconds=asked_at_s)) == expected_s


def test_a_right_attempt_takes_itself_back_but_not_the_ones_before() -> None:
    tally = attempt(attempt(Tally(), START, POLICY), START, POLICY)
    third = attempt(tally, START, POLICY)
    assert retry_after_s(third, START) == 30

    forgiven = forgive(third)

    assert retry_after_s(forgiven, START) == 0
    assert attempts_left(forgiven, POLICY) == 1
    assert forgive(forgive(forgiven)) == Tally()


@given(st.integers(0, 60), st.integers(0, 10_000))
def test_a_lock_is_never_longer_than_the_ceiling_nor_negative(failures: int, later_s: int) -> None:
    tally = Tally()
    for _ in range(failures):
        tally = attempt(tally, START, POLICY)

    assert 0 <= retry_after_s(tally, START + timedelta(seconds=later_s)) <= POLICY.longest_delay_s
    assert 0 <= attempts_left(tally, POLICY) <= POLICY.free_attempts
