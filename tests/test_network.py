"""The simulated link does what its conditions say, and the same again for the same seed."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.network import Conditions, Link


def deliver(conditions: Conditions, seed: int = 1, messages: int = 20_000) -> tuple[Link[int], list[int]]:
    link: Link[int] = Link(conditions, seed)
    for number in range(messages):
        link.send(number / 1000, number)
    return link, link.receive(1e9)


def test_a_perfect_link_delivers_in_order_at_once() -> None:
    link: Link[str] = Link(Conditions(), seed=1)

    link.send(1.0, "a")
    link.send(1.0, "b")

    assert link.poll_timeout() == 1.0
    assert link.receive(0.9) == []
    assert link.receive(1.0) == ["a", "b"]
    assert link.poll_timeout() is None


def test_jitter_delays_and_keeps_the_order() -> None:
    link: Link[int] = Link(Conditions(delay_s=0.1, jitter_s=0.05), seed=1)
    arrivals = []
    for number in range(100):
        link.send(number / 100, number)
    while (now := link.poll_timeout()) is not None:
        arrivals += [(now - number / 100, number) for number in link.receive(now)]

    assert [number for _, number in arrivals] == list(range(100))
    assert all(0.1 - 1e-9 <= delay <= 0.15 + 1e-9 for delay, _ in arrivals)
    assert max(arrivals)[0] - min(arrivals)[0] > 0.03


def test_random_loss_is_as_frequent_as_asked() -> None:
    link, arrived = deliver(Conditions(loss=0.05))

    assert link.sent == 20_000
    assert link.lost == 20_000 - len(arrived)
    assert link.lost / link.sent == pytest.approx(0.05, rel=0.1)


def test_bursts_are_as_long_as_asked() -> None:
    _, arrived = deliver(Conditions(burst=0.01, burst_messages=8), messages=100_000)

    gaps = [b - a - 1 for a, b in pairwise(arrived) if b - a > 1]

    assert sum(gaps) / len(gaps) == pytest.approx(8, rel=0.1)


def test_reordering_lets_others_overtake_and_loses_nothing() -> None:
    _, arrived = deliver(Conditions(reorder=0.02, reorder_s=0.01))

    late = sum(1 for a, b in pairwise(arrived) if b < a)

    assert sorted(arrived) == list(range(20_000))
    assert late / 20_000 == pytest.approx(0.02, rel=0.2)


def test_the_same_seed_gives_the_same_journey() -> None:
    conditions = Conditions(jitter_s=0.02, loss=0.1, burst=0.01, reorder=0.1)

    assert deliver(conditions, 7)[1] == deliver(conditions, 7)[1]
    assert deliver(conditions, 7)[1] != deliver(conditions, 8)[1]
