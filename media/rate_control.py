"""The rate that the delays allow: up a little while nothing queues, down to what arrives when something does.

Additive increase and multiplicative decrease (draft-ietf-rmcat-gcc-02 section 5.5) with libwebrtc's memory
of the link's capacity: far below it the rate grows by a share, near it by about half a packet per round
trip. Sans-IO.
"""

from __future__ import annotations

from math import sqrt

from .delay_trend import DelayTrend, Usage

_DECREASE = 0.85  # beta of the draft
_GROWTH_PER_S = 0.08  # eta of the draft: 8 % a second while the capacity is unknown
_LEAST_GROWTH_PER_S, _MOST_GROWTH_PER_S = 0.03, 0.08
_HEADROOM, _HEADROOM_BPS = 1.5, 10_000  # how far above what arrives the rate may stand
_PACKET_BITS = 9600
_FRAMES_PER_S = 30
_REACTION_S = 0.1  # of the detector, on top of the round trip
_LEAST_PAUSE_S, _MOST_PAUSE_S = 0.05, 0.2  # between two decreases: the first must be seen to work
_CONTESTED_PAUSE_S = 1.0  # at most, where a queue does not go away for us
_USED = 0.8  # of the target must be sent for it to grow: what is not sent proves nothing
_LITTLE_USED = 0.75  # below this what arrives says more about the application than about the link
_PASSING = 0.85  # of what was sent arrives in time where nothing queues
# A picture is a burst: as the pacer lets it pass or not, small queues come and go, and empty in between.
_HARMLESS_QUEUE_S, _HARMLESS_STANDING_S = 0.04, 0.025
_HARMLESS_BITS, _MOST_HARMLESS_S = 19_200, 0.2  # two packets make no queue either, where the line is slow
_HIGH_QUEUE_S = 0.08  # a queue that is there beyond doubt
_OWN_QUEUE_S = 0.025  # from here on a queue of our own is drained, faster the longer it is:
_DRAIN_S = 0.8
_LEAST_DRAIN = 0.5


class RateControl:
    """`target_bps` between the bounds, moved by `update` once per report of arrivals."""

    __slots__ = (
        "_ceiling_bps",
        "_decreased_at",
        "_floor_bps",
        "_link",
        "_updated_at",
        "target_bps",
    )

    def __init__(self, now: float, start_bps: float, floor_bps: float, ceiling_bps: float) -> None:
        self.target_bps = start_bps
        self._floor_bps = floor_bps
        self._ceiling_bps = ceiling_bps
        self._updated_at = now
        self._decreased_at = now
        self._link = _Capacity()

    def set_target(self, now: float, target_bps: float) -> None:
        """Take a rate that was measured or decided elsewhere, and go on from it."""
        self.target_bps = min(max(target_bps, self._floor_bps), self._ceiling_bps)
        self._updated_at = now

    def update(
        self,
        now: float,
        trend: DelayTrend,
        rates_bps: tuple[float, float] | None,
        rtt_s: float,
    ) -> bool:
        """Follow the detector; `rates_bps` as of `Throughput`. Says whether the rate was decreased."""
        harmless_s = max(_HARMLESS_QUEUE_S, min(_HARMLESS_BITS / self.target_bps, _MOST_HARMLESS_S))
        is_harmless = trend.queue_s < harmless_s and trend.standing_s < _HARMLESS_STANDING_S
        if trend.usage is Usage.UNDER or (trend.usage is Usage.OVER and is_harmless):
            self._updated_at = now  # the queue drains: let it
        elif trend.usage is Usage.OVER or trend.is_draining:
            pause_s = min(
                max(rtt_s, _LEAST_PAUSE_S), _CONTESTED_PAUSE_S if trend.is_contested else _MOST_PAUSE_S
            )
            is_far_off = rates_bps is not None and rates_bps[0] < self.target_bps / 2
            if now - self._decreased_at < pause_s and not is_far_off:
                return False
            return self._decrease(now, trend, rates_bps)
        else:
            self._increase(now, trend.is_contested, rates_bps, rtt_s)
        return False

    def _increase(
        self, now: float, is_contested: bool, rates_bps: tuple[float, float] | None, rtt_s: float
    ) -> None:
        elapsed = min(now - self._updated_at, 1.0)
        self._updated_at = now
        if rates_bps is None:
            return
        arrived_bps, sent_bps = rates_bps
        target = self.target_bps
        limit = _HEADROOM * arrived_bps + _HEADROOM_BPS
        if sent_bps < _USED * target or target >= limit:
            return
        if self._link.is_below(arrived_bps):
            self._link.forget()
        if is_contested:
            # As TCP does, as long as that is not a leap.
            target += min(_PACKET_BITS / (rtt_s + _REACTION_S), target / 2) * elapsed
        elif self._link.is_known:
            frame_bits = target / _FRAMES_PER_S
            packet_bits = frame_bits / (1 + frame_bits // _PACKET_BITS)
            step = packet_bits / (rtt_s + _REACTION_S)
            step = min(max(step, _LEAST_GROWTH_PER_S * target), _MOST_GROWTH_PER_S * target)
            target += step * elapsed
        else:
            target *= (1 + _GROWTH_PER_S) ** elapsed
        self.target_bps = min(target, max(limit, self.target_bps), self._ceiling_bps)

    def _decrease(self, now: float, trend: DelayTrend, rates_bps: tuple[float, float] | None) -> bool:
        self._decreased_at = self._updated_at = now
        before = self.target_bps
        if rates_bps is None:
            target = before / 2
        else:
            arrived_bps, sent_bps = rates_bps
            target = _DECREASE * arrived_bps
            # What little was sent did arrive: that is no measure of the link. Nor is the moment of a queue
            # that was not there before: who made it shows in the next report.
            is_no_measure = sent_bps < _LITTLE_USED * before and arrived_bps > _PASSING * sent_bps
            if trend.queue_s < _HIGH_QUEUE_S and (is_no_measure or trend.standing_s < _HARMLESS_STANDING_S):
                target = _DECREASE * before
            else:
                if self._link.is_above(arrived_bps):
                    self._link.forget()
                self._link.learn(arrived_bps)
                if trend.queue_s > _OWN_QUEUE_S and not trend.is_contested:
                    target = arrived_bps * max(_LEAST_DRAIN, min(_DECREASE, 1 - trend.queue_s / _DRAIN_S))
        self.target_bps = max(min(target, before), self._floor_bps)
        return self.target_bps < before


class _Capacity:
    """What arrived while the link was full: its mean and deviation, as in libwebrtc."""

    __slots__ = ("_deviation", "_mean_kbps")

    def __init__(self) -> None:
        self._mean_kbps = -1.0
        self._deviation = 0.4

    @property
    def is_known(self) -> bool:
        return self._mean_kbps >= 0

    def forget(self) -> None:
        self._mean_kbps = -1.0

    def learn(self, bps: float) -> None:
        kbps = bps / 1000
        if self._mean_kbps < 0:
            self._mean_kbps = kbps
        else:
            self._mean_kbps += 0.05 * (kbps - self._mean_kbps)
        error = (self._mean_kbps - kbps) ** 2 / max(self._mean_kbps, 1.0)
        self._deviation += 0.05 * (error - self._deviation)
        self._deviation = min(max(self._deviation, 0.4), 2.5)

    def is_below(self, bps: float) -> bool:
        return self.is_known and bps / 1000 > self._mean_kbps + self._width()

    def is_above(self, bps: float) -> bool:
        return self.is_known and bps / 1000 < self._mean_kbps - self._width()

    def _width(self) -> float:
        return 3 * sqrt(self._deviation * self._mean_kbps)
