"""How fast packets left and how fast they arrived, over the last moment of arrivals.

Both rates are over the same packets. The rate of arrival is never taken to be higher than these packets
were sent, whatever the other side claims about its clock. Sans-IO.
"""

from __future__ import annotations

from collections import deque
from math import inf

_WINDOW_S = 0.4  # long enough for ten packets of 1,200 bytes at 300 kbps
_SHORTEST_S = 0.1
_FEWEST_POINTS = 5
_BURST_WINDOW_S, _FEWEST_BURST_POINTS = 0.15, 4  # four packets of a line of 256 kbps
_LONGEST_S = 2.0  # a window with too few points grows to this
_STEP_S = 0.015  # between points


class Throughput:
    """Points of the two byte counts; rates between the newest and the oldest of the window.

    `next_at` is the arrival time from which on another point is worth noting.
    """

    __slots__ = ("_points", "next_at")

    def __init__(self) -> None:
        self._points: deque[tuple[float, int, float, int]] = deque()
        self.next_at = -inf

    def restart(self) -> None:
        """Forget everything, as when the other clock jumped."""
        self._points.clear()
        self.next_at = -inf

    def note(self, arrived_at: float, arrived_bytes: int, sent_at: float, sent_bytes: int) -> None:
        """Totals up to a packet: what has arrived by then, and what had been sent before and with it."""
        points = self._points
        if points and (arrived_at <= points[-1][0] or sent_at < points[-1][2]):
            return
        self.next_at = arrived_at + _STEP_S
        points.append((arrived_at, arrived_bytes, sent_at, sent_bytes))
        while len(points) > 2:
            age = arrived_at - points[1][0]
            if age < _WINDOW_S or (len(points) <= _FEWEST_POINTS and age < _LONGEST_S):
                break
            points.popleft()

    def burst_rates_bps(self) -> tuple[float, float] | None:
        """The same over the last moment only: while a queue stands, the rate of its narrow place."""
        points = self._points
        first = len(points) - 1
        while first > 0 and points[-1][0] - points[first][0] < _BURST_WINDOW_S:
            first -= 1
        return self._rates_since(first) if len(points) - first >= _FEWEST_BURST_POINTS else None

    def rates_bps(self) -> tuple[float, float] | None:
        """Rates of arrival and of sending; None while the window is too short to tell."""
        return self._rates_since(0) if len(self._points) >= _FEWEST_POINTS else None

    def _rates_since(self, first: int) -> tuple[float, float] | None:
        points = self._points
        arrived_at, arrived_bytes, sent_at, sent_bytes = points[-1]
        first_arrived_at, first_arrived_bytes, first_sent_at, first_sent_bytes = points[first]
        arrival_s = arrived_at - first_arrived_at
        sending_s = sent_at - first_sent_at
        if arrival_s < _SHORTEST_S or sending_s <= 0:
            return None
        arrived = 8 * (arrived_bytes - first_arrived_bytes)
        return arrived / max(arrival_s, sending_s), 8 * (sent_bytes - first_sent_bytes) / sending_s
