"""The bench runner condenses figures honestly; the benches themselves are never part of the tests."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.bench.__main__ import condense


@pytest.mark.parametrize(
    ("values", "bounds", "budget", "is_within"),
    [
        ([3.0, 1.0, 2.0], {}, "", True),
        ([3.0, 1.0, 2.0], {"BUDGETS": {"delay_ms": 2}}, "≤ 2", True),
        ([3.0, 1.0, 2.1], {"BUDGETS": {"delay_ms": 2}}, "≤ 2", False),
        ([3.0, 1.0, 2.0], {"AT_LEAST": {"delay_ms": 2.5}}, "≥ 2.5", False),
    ],
)
def test_the_median_is_held_against_the_bound(
    values: list[float], bounds: dict[str, object], budget: str, is_within: bool
) -> None:
    figure = condense(SimpleNamespace(**bounds), "sample", "delay_ms", values)

    assert (figure.median, figure.lowest, figure.highest, figure.runs) == (sorted(values)[1], 1.0, 3.0, 3)
    assert (figure.budget, figure.is_within) == (budget, is_within)
