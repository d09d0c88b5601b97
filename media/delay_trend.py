"""Whether the path's queue grows: the trend of one-way delay over groups of packets.

Google congestion control (draft-ietf-rmcat-gcc-02 section 5, with the trendline filter that libwebrtc put in
place of its Kalman filter): packets sent within 5 ms are one group, delays between groups are added up and
smoothed, a line is laid through the last twenty, and its slope is held against a threshold that adapts, so
that a flow which fills queues by itself (TCP) cannot starve us. Sans-IO; clocks of both ends need not agree.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum
from math import inf

_BURST_S = 0.005  # packets sent or arriving within this belong together (section 5.2)
_LONGEST_BURST_S = 0.1
_WINDOW = 20  # groups under the line
_FEWEST = 8  # groups that make a line at all
_SMOOTHING = 0.9
_GAIN = 4.0  # of the slope, as in libwebrtc; the constants below are tuned to it
_MOST_GROUPS = 60  # from here on more groups do not make a slope more certain
_OVERUSE_S = 0.010  # how long the slope must stay above the threshold
_REBASE_GROUPS = 256  # sums of squares stay small and exact when their origin moves along

_FIRST_THRESHOLD, _LEAST_THRESHOLD, _MOST_THRESHOLD = 12.5, 6.0, 600.0
_RISE_PER_S, _FALL_PER_S = 8.7, 39.0  # k_u and k_d of section 5.4, per second
_LONGEST_STEP_S = 0.1
_OUTLIER = 15.0  # a slope this far above the threshold is a route change, not to adapt to

_BASE_WINDOW_S = 30.0  # how long the shortest delay is believed, at least; clocks drift and routes change
_EMPTY_S = 0.02  # below, the queue is gone: where packets are few, the trend says so much later
_STANDING_S = 0.08
_STANDING_WINDOW_S = 0.4  # jitter comes and goes within this, a queue does not
_CONTESTED_WINDOW_S = 3.0
_CONTESTED_S = 0.06  # a queue that is more than this on average for two windows,
_STILL_THERE = 0.75  # and does not shrink from one to the next, is not only ours
_LONGEST_INTERVAL_S = 0.2
_CONTESTED_MEMORY_S = 15.0  # a TCP flow lets go now and then, and comes back


class Usage(StrEnum):
    """What the delays say about the path."""

    NORMAL = "normal"
    OVER = "over"  # the queue grows
    UNDER = "under"  # the queue drains


_NORMAL, _UNDER = Usage.NORMAL, Usage.UNDER


class DelayTrend:
    """Feed it every packet that arrived, in order of sending; read `usage` and `queue_s`.

    `queue_s` is how much longer the last group took than the quickest one of the last minute: the queueing
    delay, seen from our side; `standing_s` the least of it in the last moment. `is_contested` says that it
    was neither empty nor shrinking for seconds: a queue that does not go away when we send less is somebody
    else's. `jitter_s` is how much the delays of neighbouring groups differ.
    """

    __slots__ = (
        "_accumulated_s",
        "_base_s",
        "_base_until",
        "_contested_until",
        "_group_arrived_at",
        "_group_sent_at",
        "_groups",
        "_interval_s",
        "_last_group_arrived_at",
        "_last_group_sent_at",
        "_last_low_s",
        "_last_slope",
        "_last_update_at",
        "_low_s",
        "_low_until",
        "_next_base_s",
        "_origin",
        "_over_count",
        "_over_s",
        "_points",
        "_smoothed_s",
        "_start_sent_at",
        "_sum_x",
        "_sum_xx",
        "_sum_xy",
        "_sum_y",
        "_threshold",
        "_window_groups",
        "_window_mean_s",
        "_window_most_s",
        "_window_sum_s",
        "_window_until",
        "is_contested",
        "jitter_s",
        "queue_s",
        "usage",
    )

    def __init__(self) -> None:
        self.usage = Usage.NORMAL
        self.queue_s = self.jitter_s = 0.0
        self.is_contested = False
        self._threshold = _FIRST_THRESHOLD
        self._points: deque[tuple[float, float]] = deque()
        self._origin = self._sum_x = self._sum_y = self._sum_xx = self._sum_xy = 0.0
        self.restart()

    @property
    def standing_s(self) -> float:
        """The least of the queue in the last moment: what is not jitter."""
        return min(self._low_s, self._last_low_s)

    @property
    def is_draining(self) -> bool:
        """Whether a queue stands that should be let go away."""
        is_shrinking = self.usage is Usage.UNDER and self.queue_s > _EMPTY_S
        return not self.is_contested and (is_shrinking or self.standing_s > _STANDING_S + self._interval_s)

    def restart(self) -> None:
        """Forget the delays, as when the other clock jumped or nothing arrived for long."""
        self.usage = Usage.NORMAL
        self.queue_s = self.jitter_s = 0.0
        self.is_contested = False
        self._start_sent_at = self._group_sent_at = -inf
        self._group_arrived_at = -inf
        self._last_group_sent_at = self._last_group_arrived_at = -inf
        self._groups = 0
        self._accumulated_s = self._smoothed_s = 0.0
        self._last_slope = self._over_s = 0.0
        self._over_count = 0
        self._last_update_at = -inf
        self._base_s = self._next_base_s = inf
        self._base_until = self._low_until = self._window_until = -inf
        self._low_s = self._last_low_s = 0.0
        self._window_mean_s = self._window_sum_s = self._window_most_s = 0.0
        self._window_groups = 0
        self._contested_until = -inf
        self._interval_s = 0.0
        self._points.clear()
        self._rebase(0.0)

    def accept(self) -> None:
        """What stands is no queue: the way has become longer. From now on it counts as nothing."""
        self._base_s += self.standing_s
        self._next_base_s = self._base_s
        self._low_s = self._last_low_s = self.queue_s = 0.0
        self.usage = Usage.NORMAL

    def receive(self, sent_at: float, arrived_at: float) -> None:
        """Note a packet that arrived; one that was overtaken says nothing about the queue."""
        if arrived_at < self._group_arrived_at or sent_at < self._group_sent_at:
            return
        start = self._start_sent_at
        if sent_at - start <= _BURST_S or self._is_burst(sent_at, arrived_at):
            self._group_sent_at = sent_at
            self._group_arrived_at = arrived_at
            return
        if start != -inf:
            self._close_group()
        self._start_sent_at = self._group_sent_at = sent_at
        self._group_arrived_at = arrived_at

    def _is_burst(self, sent_at: float, arrived_at: float) -> bool:
        """Packets that waited for a channel together come out together: that is one group (section 5.2)."""
        arrival_gap = arrived_at - self._group_arrived_at
        return (
            arrival_gap <= _BURST_S
            and arrival_gap < sent_at - self._group_sent_at
            and sent_at - self._start_sent_at < _LONGEST_BURST_S
        )

    def _close_group(self) -> None:
        # Runs for most packets of a quiet line, so it is written out: calls cost more than arithmetic here.
        sent_at, arrived_at = self._group_sent_at, self._group_arrived_at
        delay_s = arrived_at - sent_at
        if delay_s < self._next_base_s:
            self._next_base_s = delay_s
            if delay_s < self._base_s:
                self._base_s = delay_s
        self.queue_s = queue_s = delay_s - self._base_s
        if queue_s < self._low_s:
            self._low_s = queue_s
        if queue_s > self._window_most_s:
            self._window_most_s = queue_s
        self._window_sum_s += queue_s
        self._window_groups += 1
        if sent_at >= self._low_until:
            self._turn_windows(sent_at, queue_s)

        sent_gap = sent_at - self._last_group_sent_at
        growth = arrived_at - self._last_group_arrived_at - sent_gap
        self._last_group_sent_at = sent_at
        self._last_group_arrived_at = arrived_at
        if sent_gap == inf:
            return
        self._groups += 1
        self._interval_s += (sent_gap - self._interval_s) / 16
        self.jitter_s += ((growth if growth > 0 else -growth) - self.jitter_s) / 16
        accumulated_s = self._accumulated_s = self._accumulated_s + growth
        smoothed_s = self._smoothed_s = _SMOOTHING * self._smoothed_s + (1 - _SMOOTHING) * accumulated_s

        points = self._points
        if not self._groups % _REBASE_GROUPS or not points:
            self._rebase(arrived_at)
            smoothed_s = self._smoothed_s
        x = arrived_at - self._origin
        points.append((x, smoothed_s))
        sum_x, sum_y = self._sum_x + x, self._sum_y + smoothed_s
        sum_xx, sum_xy = self._sum_xx + x * x, self._sum_xy + x * smoothed_s
        count = len(points)
        if count > _WINDOW:
            x, y = points.popleft()
            count = _WINDOW
            sum_x -= x
            sum_y -= y
            sum_xx -= x * x
            sum_xy -= x * y
        self._sum_x, self._sum_y, self._sum_xx, self._sum_xy = sum_x, sum_y, sum_xx, sum_xy

        # Least squares: seconds of delay per second.
        slope = 0.0
        if count >= _FEWEST:
            spread = sum_xx - sum_x * sum_x / count
            slope = (sum_xy - sum_x * sum_y / count) / spread if spread > 1e-6 else self._last_slope
        self._judge(slope, sent_gap, arrived_at)

    def _turn_windows(self, sent_at: float, queue_s: float) -> None:
        """Begin new windows where old ones have ended; in pairs, so that an old minimum is forgotten."""
        self._last_low_s, self._low_s = self._low_s, queue_s
        self._low_until = sent_at + _STANDING_WINDOW_S
        if sent_at >= self._base_until:
            self._base_s, self._next_base_s = self._next_base_s, inf
            self._base_until = sent_at + _BASE_WINDOW_S
        if sent_at >= self._window_until:
            mean_s, before_s = self._window_sum_s / self._window_groups, self._window_mean_s
            is_there = min(mean_s, before_s) > _CONTESTED_S + min(self._interval_s, _LONGEST_INTERVAL_S)
            is_shrinking = mean_s < _STILL_THERE * before_s or queue_s < _STILL_THERE * self._window_most_s
            if is_there and not is_shrinking:
                self._contested_until = sent_at + _CONTESTED_MEMORY_S
            self.is_contested = sent_at < self._contested_until
            self._window_mean_s = mean_s
            self._window_sum_s = self._window_most_s = 0.0
            self._window_groups = 0
            self._window_until = sent_at + _CONTESTED_WINDOW_S

    def _rebase(self, origin: float) -> None:
        # The smoothed delay is rebased as well: only its slope matters.
        shift = origin - self._origin if self._points else 0.0
        smoothed = self._smoothed_s
        self._accumulated_s -= smoothed
        self._smoothed_s = 0.0
        self._origin = origin
        moved = [(x - shift, y - smoothed) for x, y in self._points]
        self._points.clear()
        self._points.extend(moved)
        self._sum_x = sum([x for x, _ in moved])
        self._sum_y = sum([y for _, y in moved])
        self._sum_xx = sum([x * x for x, _ in moved])
        self._sum_xy = sum([x * y for x, y in moved])

    def _judge(self, slope: float, sent_gap: float, arrived_at: float) -> None:
        groups = self._groups
        trend = (groups if groups < _MOST_GROUPS else _MOST_GROUPS) * _GAIN * slope
        threshold = self._threshold
        if trend > threshold:
            self._over_s += sent_gap if self._over_count else sent_gap / 2
            self._over_count += 1
            if self._over_s > _OVERUSE_S and self._over_count > 1 and slope >= self._last_slope:
                self._over_s = 0.0
                self._over_count = 0
                self.usage = Usage.OVER
        else:
            self._over_s = 0.0
            self._over_count = 0
            self.usage = _UNDER if trend < -threshold else _NORMAL
        self._last_slope = slope

        # The threshold follows the trend, so that a rival's sawtooth is not taken for our own queue.
        elapsed = arrived_at - self._last_update_at
        self._last_update_at = arrived_at
        distance = (trend if trend > 0 else -trend) - threshold
        if distance <= _OUTLIER:
            pull = _FALL_PER_S if distance < 0 else _RISE_PER_S
            threshold += pull * distance * (elapsed if elapsed < _LONGEST_STEP_S else _LONGEST_STEP_S)
            self._threshold = min(max(threshold, _LEAST_THRESHOLD), _MOST_THRESHOLD)
