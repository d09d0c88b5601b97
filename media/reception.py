"""Interim reception statistics. Sans-IO."""

from __future__ import annotations

from enum import IntEnum

from .rtcp import ReportBlock


class Arrival(IntEnum):
    NEW = 0
    LATE = 1
    DUPLICATE = 2
    RESTART = 3


class Reception:
    def __init__(self, clock_rate_hz: int) -> None:
        self.clock_rate_hz = clock_rate_hz
        self.needs_key_frame = False
        self._highest: int | None = None
        self._missing: dict[int, list[float]] = {}
        self._sr: tuple[float, int] | None = None
        self._seen: set[int] = set()

    def receive(self, now: float, sequence_number: int, timestamp: int) -> Arrival:
        if self._highest is None:
            self._highest = sequence_number
            return Arrival.NEW
        d = (sequence_number - self._highest) & 0xFFFF
        if d == 0:
            return Arrival.DUPLICATE
        if d < 0x8000:
            if d > 3000:
                self._missing.clear()
            else:
                for n in range(self._highest + 1, self._highest + d):
                    self._missing[n] = [now + 0.01, 0]
            self._highest += d
            return Arrival.NEW
        ext = self._highest - (0x10000 - d)
        if self._missing.pop(ext, None) is not None:
            return Arrival.LATE
        return Arrival.DUPLICATE

    def sender_report(self, now: float, ntp_time: int) -> None:
        self._sr = (now, ntp_time)

    def report_block(self, ssrc: int, now: float) -> ReportBlock:
        lsr = dlsr = 0
        if self._sr is not None:
            lsr = self._sr[1] >> 16 & 0xFFFFFFFF
            dlsr = int((now - self._sr[0]) * 65536)
        return ReportBlock(ssrc, 0, 0, (self._highest or 0) & 0xFFFFFFFF, 0, lsr, dlsr)

    def nacks(self, now: float) -> tuple[int, ...]:
        out = []
        for n, entry in list(self._missing.items()):
            if entry[1] > 8:
                del self._missing[n]
                self.needs_key_frame = True
            elif now >= entry[0]:
                entry[0] = now + 0.05
                entry[1] += 1
                out.append(n & 0xFFFF)
        return tuple(out)
