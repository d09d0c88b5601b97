"""When something was said: from RTP timestamps over the publisher's clock to the server's wall clock.

Sender reports tie RTP time to the publisher's NTP clock (RFC 3550 section 6.4.1), which keeps a voice and its
picture together. That clock may be wrong by any amount and run a little fast, so it is tied to ours by the
reports that travelled fastest: as a line between the early and the late ones where there are minutes between
them. A stream without reports is placed by when its first packet came. Sans-IO.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from recordings.journal import Begin, Report

_NTP_EPOCH_S = 2_208_988_800  # 1 January 1970 on the NTP scale, which begins in 1900
_DRIFT_AFTER_US = 600_000_000
_STEPPED_US = 1_000_000  # a report so far off the line: the publisher's clock was set


class TrackClock:
    """Answers for one track, the same for every piece of it that is read."""

    def __init__(self, begins: Sequence[Begin], reports: Sequence[Report], clock_rate_hz: int) -> None:
        self._rate_hz = clock_rate_hz
        self._begins: dict[int, list[Begin]] = {}
        for begin in begins:
            self._begins.setdefault(begin.ssrc, []).append(begin)
        self._reports: dict[int, list[Report]] = {}
        for report in reports:
            self._reports.setdefault(report.ssrc, []).append(report)
        self._line = _line([(report.at_us, report.at_us - ntp_us(report.ntp_time)) for report in reports])

    def wall_us(self, ssrc: int, timestamp: int, at_us: int) -> int:
        """When the moment of this timestamp was, given that its packet came at about `at_us`."""
        reports = self._reports.get(ssrc)
        if reports:
            report = reports[_nearest([entry.at_us for entry in reports], at_us)]
            said_us = ntp_us(report.ntp_time)
            lag_us = _on(self._line, report.at_us)
            if abs(report.at_us - said_us - lag_us) > _STEPPED_US:
                lag_us = report.at_us - said_us
            return said_us + lag_us + self._us(timestamp - report.rtp_timestamp)
        begins = self._begins.get(ssrc)
        if not begins:
            return at_us
        begin = begins[_nearest([entry.at_us for entry in begins], at_us)]
        return begin.at_us + self._us(timestamp - begin.rtp_timestamp)

    def _us(self, ticks: int) -> int:
        ticks = ((ticks + 0x80000000) & 0xFFFFFFFF) - 0x80000000
        return ticks * 1_000_000 // self._rate_hz


def ntp_us(ntp_time: int) -> int:
    """A 64-bit NTP time as microseconds since 1970."""
    return ((ntp_time >> 32) - _NTP_EPOCH_S) * 1_000_000 + ((ntp_time & 0xFFFFFFFF) * 1_000_000 >> 32)


_Line = tuple[int, int, int, int]


def _line(lags: list[tuple[int, int]]) -> _Line:
    """Two points of the smallest lag over time."""
    if not lags:
        return 0, 0, 1, 0
    first, last = lags[0][0], lags[-1][0]
    if last - first < _DRIFT_AFTER_US:
        least = min(lag for _, lag in lags)
        return first, least, first + 1, least
    third = (last - first) // 3
    early = min((lag, at) for at, lag in lags if at <= first + third)
    late = min((lag, at) for at, lag in lags if at >= last - third)
    return early[1], early[0], late[1], late[0]


def _on(line: _Line, at_us: int) -> int:
    x0, y0, x1, y1 = line
    return y0 + (y1 - y0) * (at_us - x0) // (x1 - x0)


def _nearest(times: list[int], at_us: int) -> int:
    after = bisect_left(times, at_us)
    if after == len(times) or (after and at_us - times[after - 1] <= times[after] - at_us):
        return after - 1
    return after
