"""Losses that come with the path are put up with, losses that we cause are not."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from random import Random

from media.delay_trend import DelayTrend
from media.loss_control import LossControl

WINDOW_S = 0.25


def play(
    control: LossControl, start: float, end: float, wanted_bps: float, lost_share: Callable[[float], float]
) -> list[float]:
    """Observations at the rate that `control` allows; the rates."""
    trend = DelayTrend()
    random = Random(start)
    rates = []
    now = start
    while now < end:
        rate_bps = min(wanted_bps, control.bound_bps)
        sent = max(10, int(rate_bps * WINDOW_S / 9600))
        lost = sum(random.random() < lost_share(rate_bps) for _ in range(sent))
        rates.append(rate_bps)
        now += WINDOW_S
        control.observe(now, now - WINDOW_S, sent, lost, rate_bps, trend)
    return rates


def test_nothing_lost_bounds_nothing() -> None:
    control = LossControl(0.0, 10_000)

    play(control, 0, 10, 1e6, lambda rate: 0.0)

    assert control.bound_bps == inf
    assert control.loss == 0


def test_random_losses_are_tried_and_then_ignored() -> None:
    control = LossControl(0.0, 10_000)

    rates = play(control, 0, 30, 1e6, lambda rate: 0.1)

    assert min(rates) >= 0.75e6
    assert sum(rate == 1e6 for rate in rates) > 0.7 * len(rates)
    assert 0.03 < control.inherent < 0.25


def test_a_policer_is_obeyed() -> None:
    control = LossControl(0.0, 10_000)

    rates = play(control, 0, 60, 2e6, lambda rate: max(0.0, 1 - 1e6 / rate))

    settled = rates[40:]
    assert 0.8e6 < sum(settled) / len(settled) < 1.15e6
    assert max(settled) < 1.4e6
    assert control.inherent < 0.05


def test_a_policer_on_a_lossy_path_is_obeyed_as_well() -> None:
    control = LossControl(0.0, 10_000)

    rates = play(control, 0, 120, 2e6, lambda rate: 0.1 + 0.9 * max(0.0, 1 - 1e6 / rate))

    settled = rates[-160:]
    assert 0.6e6 < sum(settled) / len(settled) < 1.4e6


def test_what_was_inherent_is_forgotten_when_it_ends() -> None:
    control = LossControl(0.0, 10_000)
    play(control, 0, 20, 1e6, lambda rate: 0.2)

    play(control, 20, 40, 1e6, lambda rate: 0.0)

    assert control.inherent < 0.05
    assert control.loss < 0.01


def test_the_bound_never_falls_below_the_floor() -> None:
    control = LossControl(0.0, 50_000)

    rates = play(control, 0, 60, 1e6, lambda rate: 0.95)

    assert min(rates) >= 50_000
