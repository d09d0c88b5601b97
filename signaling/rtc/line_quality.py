"""How good a participant's line is, as a number for others to show and four words for clients to act on.

The E-model's rating (ITU-T G.107, reduced to what packets tell): delay and loss take away from a clear line;
a picture that had to give way takes away as well. LOST is not decided here: silence is (`Attendance`).
Follows `ConnectionQualityInfo` in `livekit_models.proto`. Sans-IO.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

from livekit.protocol.models import ConnectionQuality

from media import LineReport

_CLEAR_RATING = 93.2
_EXCELLENT, _GOOD = 80.0, 40.0
_STARVED, _REDUCED = 35.0, 75.0  # at most, with a picture that stopped, or that is worse than wanted
_PLAYOUT_MS = 20.0
_LONG_DELAY_MS = 177.3  # from here on people begin to talk into each other's sentences
_LOSS_WEIGHT, _LOSS_SCALE = 40.0, 15.0  # Opus with loss concealment


class Rating(NamedTuple):
    """`score` is a mean opinion score, 1 to 5."""

    quality: ConnectionQuality
    score: float


PERFECT = Rating(ConnectionQuality.EXCELLENT, 5.0)


def rate(reports: list[LineReport]) -> Rating:
    """The rating of somebody's connections together: the worst counts."""
    rating = min((_rating(report) for report in reports), default=_CLEAR_RATING)
    if rating > _EXCELLENT:
        quality = ConnectionQuality.EXCELLENT
    else:
        quality = ConnectionQuality.GOOD if rating > _GOOD else ConnectionQuality.POOR
    return Rating(quality, round(_opinion(rating), 1))


def _rating(report: LineReport) -> float:
    delay_ms = 1000 * (report.rtt_s / 2 + 2 * report.jitter_s) + _PLAYOUT_MS
    rating = _CLEAR_RATING - 0.024 * delay_ms - 0.11 * max(0.0, delay_ms - _LONG_DELAY_MS)
    rating -= _LOSS_WEIGHT * log(1 + _LOSS_SCALE * max(report.loss_up, report.loss_down))
    if report.is_starved:
        return min(rating, _STARVED)
    return min(rating, _REDUCED) if report.is_reduced else rating


def _opinion(rating: float) -> float:
    """ITU-T G.107 annex B."""
    if rating <= 0:
        return 1.0
    return min(5.0, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6)
