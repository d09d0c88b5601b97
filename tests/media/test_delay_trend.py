"""The delay trend sees queues grow and drain, learns what jitter is, and tells whose queue it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.delay_trend import DelayTrend, Usage
from media.throughput import Throughput


def feed(
    trend: DelayTrend, start: float, end: float, delay_s: Callable[[float], float], interval_s: float = 0.02
) -> set[Usage]:
    """Packets sent evenly, each as much later as `delay_s` says for its time; every usage on the way."""
    usages = set()
    for index in range(int((end - start) / interval_s)):
        sent_at = start + index * interval_s
        trend.receive(sent_at, 1000 + sent_at + delay_s(sent_at))
        usages.add(trend.usage)
    return usages


def test_an_even_path_is_normal_whatever_the_clocks() -> None:
    trend = DelayTrend()

    assert feed(trend, 0, 60, lambda at: 0.1 + at * 50e-6) == {Usage.NORMAL}  # 50 ppm of drift
    assert trend.queue_s < 0.003


@pytest.mark.parametrize("growth", [0.1, 0.5, 1.0])
def test_a_growing_queue_is_seen_within_half_a_second(growth: float) -> None:
    trend = DelayTrend()
    feed(trend, 0, 5, lambda at: 0.1)

    usages = feed(trend, 5, 5.5, lambda at: 0.1 + growth * (at - 5))

    assert Usage.OVER in usages
    assert trend.queue_s == pytest.approx(growth / 2, abs=growth * 0.05)


def test_a_draining_queue_is_seen_as_such() -> None:
    trend = DelayTrend()
    feed(trend, 0, 5, lambda at: 0.1)
    feed(trend, 5, 6, lambda at: 0.1 + 0.5 * (at - 5))

    feed(trend, 6, 7, lambda at: 0.1 + 0.5 * (7 - at))

    assert trend.usage is Usage.UNDER


def test_packets_of_one_burst_are_one_group() -> None:
    trend = DelayTrend()
    for frame in range(300):
        for packet in range(5):  # a frame leaves at once and comes out at the pace of the link
            trend.receive(frame / 30, 1000.1 + frame / 30 + packet * 0.004)

    assert trend.usage is Usage.NORMAL
    assert trend.queue_s < 0.001


def test_a_queue_that_stays_although_nothing_grows_is_contested() -> None:
    trend = DelayTrend()
    feed(trend, 0, 5, lambda at: 0.1)
    feed(trend, 5, 6, lambda at: 0.1 + 0.2 * (at - 5))
    assert not trend.is_contested
    assert trend.standing_s > 0.05

    feed(trend, 6, 20, lambda at: 0.3)
    assert trend.is_contested
    assert not trend.is_draining

    feed(trend, 20, 60, lambda at: 0.1)
    assert not trend.is_contested


def test_a_queue_that_drains_is_ours() -> None:
    trend = DelayTrend()
    feed(trend, 0, 5, lambda at: 0.1)
    feed(trend, 5, 7, lambda at: 0.1 + at - 5)

    feed(trend, 7, 14, lambda at: 2.1 - 0.25 * (at - 7))

    assert not trend.is_contested
    assert trend.is_draining

    feed(trend, 14, 16, lambda at: max(0.1, 2.1 - 0.25 * (at - 7)))
    assert not trend.is_draining


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(-1e6, 1e6)), max_size=300))
def test_no_times_break_it(packets: list[tuple[float, float]]) -> None:
    trend = DelayTrend()
    sent_at = 0.0
    for wait_s, arrived_at in packets:
        sent_at += wait_s
        trend.receive(sent_at, arrived_at)

    assert trend.queue_s >= 0
    assert trend.jitter_s >= 0


def test_throughput_is_what_arrives_and_never_more_than_was_sent() -> None:
    full, lying = Throughput(), Throughput()
    for index in range(100):
        sent_at, total = index / 100, (index + 1) * 1000
        full.note(1000 + index / 50, total, sent_at, total)  # a link of half the rate
        lying.note(1000 + index / 1000, total, sent_at, total)  # said to arrive ten times as fast

    assert full.rates_bps() == pytest.approx((400_000, 800_000))
    assert lying.rates_bps() in (None, pytest.approx((800_000, 800_000)))


def test_throughput_is_unknown_after_too_little() -> None:
    throughput = Throughput()
    assert throughput.rates_bps() is None

    throughput.note(1.0, 1000, 0.9, 1000)
    throughput.note(1.05, 2000, 0.95, 2000)

    assert throughput.rates_bps() is None
