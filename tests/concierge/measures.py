"""How well a list of found entries answers a query, and how sure that is. Sans-IO."""

import math
import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

Measure = Callable[["Answer"], float]
MAIN_GAIN, ALSO_GAIN = 3, 1
RESAMPLES = 2_000
_SEED = 20261123


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a query, best first, and what should have been."""

    found: Sequence[str]
    main: Collection[str]
    """Never empty."""
    also: Collection[str]


def hit_at_5(answer: Answer) -> float:
    """1 where one of the main entries is among the first five."""
    return float(any(each in answer.main for each in answer.found[:5]))


def recall_at_5(answer: Answer) -> float:
    """The share of the main entries among the first five."""
    return sum(each in answer.main for each in answer.found[:5]) / len(answer.main)


def reciprocal_rank_at_10(answer: Answer) -> float:
    """One through the place of the first main entry; 0 below ten."""
    return next((1 / place for place, each in enumerate(answer.found[:10], 1) if each in answer.main), 0.0)


def ndcg_at_10(answer: Answer) -> float:
    """Discounted gain of the first ten through the best there can be: main entries 3, others that will do
    1."""
    gains = [
        MAIN_GAIN if each in answer.main else ALSO_GAIN if each in answer.also else 0
        for each in answer.found[:10]
    ]
    best = [MAIN_GAIN] * len(answer.main) + [ALSO_GAIN] * len(set(answer.also) - set(answer.main))
    return _discounted(gains) / _discounted(best[:10])


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


MEASURES: dict[str, Measure] = {
    "hit@5": hit_at_5,
    "recall@5": recall_at_5,
    "MRR@10": reciprocal_rank_at_10,
    "nDCG@10": ndcg_at_10,
}


def mean(values: Sequence[float]) -> float:
    """0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Between which 95 of 100 means lie when queries are drawn again (bootstrap, the same every time)."""
    if not values:
        return 0.0, 0.0
    draw = random.Random(_SEED)
    means = sorted(mean(draw.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES)]
