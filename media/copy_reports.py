"""Sender reports on one copy, and what its client answers (RFC 3550 section 6.4.1). Sans-IO."""

from __future__ import annotations

from .rtcp import ReportBlock, SenderReport


class CopyReports:
    """`loss` (0..1) and `jitter_s` are as the client reported last."""

    __slots__ = ("_clock_rate_hz", "_middle", "_sent_at", "_ssrc", "jitter_s", "loss")

    def __init__(self, ssrc: int, clock_rate_hz: int) -> None:
        self.loss = 0.0
        self.jitter_s = 0.0
        self._ssrc = ssrc
        self._clock_rate_hz = clock_rate_hz
        self._middle = -1  # middle bits of the NTP time in the last sender report
        self._sent_at = 0.0

    def pass_on(
        self, now: float, report: SenderReport, timestamp_shift: int, packets: int, octets: int
    ) -> SenderReport:
        """The publisher's clock reading in the copy's timestamps, with what was sent of the copy."""
        self._middle, self._sent_at = report.ntp_time >> 16 & 0xFFFFFFFF, now
        timestamp = (report.rtp_timestamp + timestamp_shift) & 0xFFFFFFFF
        return SenderReport(self._ssrc, report.ntp_time, timestamp, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)

    def read(self, now: float, block: ReportBlock) -> float | None:
        """Note how the client received the copy; the round trip in seconds, None where it cannot be told."""
        self.loss = block.fraction_lost / 256
        self.jitter_s = block.jitter / self._clock_rate_hz
        if not block.last_sr or block.last_sr != self._middle:
            return None
        return max(0.0, now - self._sent_at - block.delay_since_last_sr / 65536)
