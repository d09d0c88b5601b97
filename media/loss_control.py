"""The rate that losses allow, told apart from losses that come with the path.

A radio link loses packets whatever is sent; a full queue or a policer loses what is too much. Which it is
cannot be seen at a constant rate, so this is a small experiment: when more is lost than is usual here, the
rate goes a little below what arrives, and what is lost then decides. Losses that stay are inherent to the
path and ignored from then on (libwebrtc's second loss-based estimator fits the same model, capacity and
inherent loss, to observations at rates that happened to differ); losses that cease were congestion, and the
bound stays and grows slowly. Where a queue stands as well, losses are the queue's, and the thresholds of
draft-ietf-rmcat-gcc-02 section 6 hold. Sans-IO.
"""

from __future__ import annotations

from math import inf, log, sqrt

from .delay_trend import DelayTrend

_MEMORY = 0.7  # weight of the observations so far against the next one
_NOTABLE = 0.02  # more loss than usual by this much is notable (the draft's lower threshold)
_HIGH = 0.1  # and this much beside a queue (its upper one)
_DEVIATIONS = 2.0
_FEWEST_LOST = 3
_MOST_INHERENT = 0.5
_QUEUE_S = 0.1
_SHARE, _LEAST_SHARE = 0.95, 0.8  # of what arrives, for a trial
_DRAIN_PER_S = 2.0  # how much lower that share is for a queue, which must drain for the trial to tell
_SETTLE_S = 0.15
_CERTAIN = 3.0  # log-likelihood ratio: one decision in twenty may be wrong
_ORDINARY = 0.005  # loss of a good path
_LONGEST_TRIAL_S = 3.0
_GROWTH_PER_S = 0.05
_TRIAL_PAUSE_S = 1.0
_FIRST_DOUBT_S, _LAST_DOUBT_S = 10.0, 60.0  # after which an inherent loss is tried again


class LossControl:
    """`bound_bps` is infinite while losses say nothing; `loss` is the recent fraction lost, 0..1.

    `inherent` is the part of it that does not depend on the rate.
    """

    __slots__ = (
        "_before_bps",
        "_before_loss",
        "_doubt_at",
        "_doubt_s",
        "_evidence",
        "_expected_loss",
        "_floor_bps",
        "_lost",
        "_observed_at",
        "_sent",
        "_trial_at",
        "_trial_ended_at",
        "bound_bps",
        "inherent",
        "loss",
    )

    def __init__(self, now: float, floor_bps: float) -> None:
        self.bound_bps = inf
        self.loss = 0.0
        self.inherent = 0.0
        self._floor_bps = floor_bps
        self._sent = self._lost = 0.0  # ageing counts, of the trial only while there is one
        self._observed_at = now
        self._trial_at = inf  # when the rate was lowered, inf without a trial
        self._trial_ended_at = -inf
        self._evidence = 0.0
        self._doubt_s = _FIRST_DOUBT_S
        self._doubt_at = inf
        self._expected_loss = 0.0
        self._before_bps = inf
        self._before_loss = 0.0

    def restart(self) -> None:
        """Forget what was lost, as after an interruption."""
        self.bound_bps = inf
        self._sent = self._lost = 0.0
        self._trial_at = inf

    def observe(
        self, now: float, sent_from: float, sent: int, lost: int, rate_bps: float, trend: DelayTrend
    ) -> None:
        """A stretch of packets sent from this time on at this rate, queue and all."""
        elapsed, self._observed_at = now - self._observed_at, now
        if self._trial_at != inf:
            self._judge(now, sent_from, sent, lost, _is_queueing(trend))
            return
        self._sent = _MEMORY * self._sent + sent
        self._lost = _MEMORY * self._lost + lost
        self.loss = self._lost / self._sent
        margin = self._margin()
        excess = self.loss - self.inherent
        if self._lost >= _FEWEST_LOST and sent_from > self._trial_ended_at:
            threshold = _HIGH if _is_queueing(trend) else _NOTABLE
            if excess > threshold + margin:
                self._begin(now, rate_bps, trend.queue_s, self.inherent)
                return
            if self.inherent > _NOTABLE and now > self._doubt_at:
                self._begin(now, rate_bps, trend.queue_s, 0.0)
                return
        if self.loss + margin < self.inherent:
            self.inherent = self.loss + margin
        if excess < _NOTABLE:
            self.bound_bps *= 1 + _GROWTH_PER_S * min(elapsed, 1.0)

    def lift(self, rate_bps: float) -> None:
        """Something showed that the path carries this rate."""
        self.bound_bps = max(self.bound_bps, rate_bps)

    def _begin(self, now: float, rate_bps: float, queue_s: float, expected: float) -> None:
        """Lower the rate below what arrives; if that was the reason, no more than `expected` is lost now."""
        self._before_bps, self._before_loss = self.bound_bps, self.loss
        self._expected_loss = min(max(expected, _ORDINARY), self.loss / 2)
        share = max(_LEAST_SHARE, _SHARE - _DRAIN_PER_S * queue_s)
        bound = min(self.bound_bps, share * rate_bps * (1 - self.loss))
        self.bound_bps = max(bound, self._floor_bps)
        self._trial_at = now
        self._evidence = 0.0
        self._sent = self._lost = 0.0

    def _judge(self, now: float, sent_from: float, sent: int, lost: int, is_queueing: bool) -> None:
        """Wald's sequential test on what was sent since the trial began: do the losses stay, or cease?"""
        if sent_from < self._trial_at + _SETTLE_S:
            return
        self._sent += sent
        self._lost += lost
        stays, ceases = min(self._before_loss, 0.9), self._expected_loss
        self._evidence += lost * log(stays / ceases) + (sent - lost) * log((1 - stays) / (1 - ceases))
        is_late = now > self._trial_at + _LONGEST_TRIAL_S
        is_inherent = self._evidence > (0 if is_late else _CERTAIN) and self._lost >= _FEWEST_LOST
        if not is_inherent and not is_late and self._evidence > -_CERTAIN:
            return
        self.loss = self._lost / self._sent
        self._trial_at = inf
        if is_inherent and not is_queueing:
            self.inherent = min(self.loss, _MOST_INHERENT)
            self.bound_bps = self._before_bps
            self._trial_ended_at = now + _TRIAL_PAUSE_S
            self._doubt_at = now + self._doubt_s
            self._doubt_s = min(2 * self._doubt_s, _LAST_DOUBT_S)
        else:
            self.inherent = min(self.inherent, self.loss)
            self._trial_ended_at = now
            self._doubt_s = _FIRST_DOUBT_S

    def _margin(self) -> float:
        """Two deviations of the share lost: more is no accident."""
        share = min(max(self.loss, 0.01), 0.99)
        return _DEVIATIONS * sqrt(share * (1 - share) / self._sent)


def _is_queueing(trend: DelayTrend) -> bool:
    return trend.standing_s > _QUEUE_S or trend.is_contested
