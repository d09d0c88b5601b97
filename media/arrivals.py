"""Arrival times of a client's packets, reported back for its congestion control.

draft-holmer-rmcat-transport-wide-cc-extensions-01: every packet of a transport carries a running number,
and the receiver reports about ten times a second which of them arrived and when. A packet that arrives
after it was reported lost is reported again together with those around it, so arrival times are kept for a
moment. Sans-IO.
"""

from __future__ import annotations

from math import inf

from .rtcp import TransportFeedback
from .transport_feedback import LARGEST_DELTA, SMALLEST_DELTA, TICKS_PER_SECOND

_INTERVAL_S = 0.05  # after the first unreported packet; with video that makes 12 to 20 reports a second
_MEMORY_S = 0.5  # how long a reported packet can still be reported again, as in libwebrtc
_MOST_STATUSES = 1000
_MOST_DELTA_BYTES = 850  # with the chunks of as many statuses the report stays below 1200 bytes
_MOST_UNREPORTED = 8192  # a flood that nobody takes reports of
_REFERENCE_TICKS = 256  # 64 ms


class Arrivals:
    """Arrivals on one transport, reported by `sender_ssrc`. Times must not go backwards."""

    __slots__ = (
        "_arrived_at",
        "_due_at",
        "_feedback_count",
        "_forgotten",
        "_highest",
        "_media_ssrc",
        "_next",
        "_sender_ssrc",
    )

    def __init__(self, sender_ssrc: int) -> None:
        self._sender_ssrc = sender_ssrc
        self._media_ssrc = 0
        self._feedback_count = 0
        self._arrived_at: dict[int, float] = {}  # by extended number, in order of arrival
        self._highest = -1
        self._next = 0  # the first number the next report speaks of
        self._forgotten = 0  # numbers below are neither remembered nor taken any more
        self._due_at = inf

    def receive(self, now: float, transport_sequence: int, media_ssrc: int = 0) -> None:
        """Note a packet and its SSRC: some libwebrtc versions drop reports that name none of theirs."""
        if media_ssrc:
            self._media_ssrc = media_ssrc
        highest = self._highest
        ahead = ((transport_sequence - highest + 0x8000) & 0xFFFF) - 0x8000
        if highest < 0 or ahead <= -_MOST_STATUSES:
            extended = self._begin(transport_sequence)
        else:
            extended = highest + ahead
            if ahead > 0:
                self._highest = extended
            elif extended < self._forgotten or extended in self._arrived_at:
                return
            if extended < self._next:
                self._next = extended
        self._arrived_at[extended] = now
        if self._due_at == inf:
            self._due_at = now + _INTERVAL_S

    def poll_timeout(self) -> float | None:
        """When `feedback` wants to be called next, None while there is nothing to report."""
        return None if self._due_at == inf else self._due_at

    def feedback(self, now: float) -> TransportFeedback | None:
        """The report that is due, None when none is; more may be due at once after a burst."""
        if now < self._due_at:
            return None
        self._next = max(self._next, self._highest - _MOST_UNREPORTED)
        pending = sorted(extended for extended in self._arrived_at if extended >= self._next)
        if pending[0] - self._next >= _MOST_STATUSES:
            self._next = pending[0]  # a pause or a new beginning rather than so many losses
        base = self._next
        reference = int(self._arrived_at[pending[0]] * TICKS_PER_SECOND) // _REFERENCE_TICKS
        deltas = self._take(pending, reference * _REFERENCE_TICKS)
        self._next = base + len(deltas)
        self._due_at = inf if self._next > pending[-1] else now
        self._forget(now - _MEMORY_S)

        count = self._feedback_count
        self._feedback_count = (count + 1) & 0xFF
        return TransportFeedback(
            self._sender_ssrc, self._media_ssrc, base & 0xFFFF, reference * 64, count, tuple(deltas)
        )

    def _begin(self, transport_sequence: int) -> int:
        """Start at this number, or start again when it lies too far back to be late; numbers only grow."""
        if self._highest < 0:
            self._highest = transport_sequence
            self._forgotten = transport_sequence - _MOST_STATUSES  # a reordered start is welcome
        else:
            self._highest += (transport_sequence - self._highest) & 0xFFFF
            self._forgotten = self._highest
        self._next = self._highest
        self._arrived_at.clear()
        return self._highest

    def _take(self, pending: list[int], last: int) -> list[int | None]:
        """Deltas from `self._next` on, as many as one report can carry; `last` in ticks."""
        deltas: list[int | None] = []
        delta_bytes = 0
        expected = self._next
        for extended in pending:
            ticks = int(self._arrived_at[extended] * TICKS_PER_SECOND)
            delta = ticks - last
            delta_bytes += 1 if 0 <= delta <= 255 else 2
            if (
                len(deltas) + extended - expected >= _MOST_STATUSES
                or delta_bytes > _MOST_DELTA_BYTES
                or not SMALLEST_DELTA <= delta <= LARGEST_DELTA
            ):
                break
            deltas.extend([None] * (extended - expected))
            deltas.append(delta)
            expected = extended + 1
            last = ticks
        return deltas

    def _forget(self, before: float) -> None:
        old = []
        for extended, arrived_at in self._arrived_at.items():
            if arrived_at >= before:
                break
            if extended < self._next:
                old.append(extended)
        for extended in old:
            del self._arrived_at[extended]
        if old:
            self._forgotten = max(self._forgotten, max(old) + 1)
