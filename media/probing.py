"""Short bursts of padding that find out how much more the path would take.

As in libwebrtc, a probe is some packets at a rate above the present one; what arrives, and how spread, says
whether the path carried it. Success is followed by a higher probe at once: from the start, after a drop or
after the network got better the rate is found in a few round trips instead of minutes of growth. A probe
that finds nothing new makes the next one wait longer. Sans-IO.
"""

from __future__ import annotations

from dataclasses import dataclass

_FIRST_STEP, _STEP = 3.0, 2.0  # of the target: at the start and while far from any capacity of today, later
_LOW_BPS = 300_000
_WORTHWHILE = 1.1  # wanted must exceed the target by this much
_DURATION_S, _LONGEST_S = 0.02, 0.1
_MOST_QUEUE_S = 0.08  # a probe may make on a path that is full already
_JITTERS = 4  # a probe lasts this many times the jitter, or it would measure that
_PACKETS = 5
_PACKET_S = 0.012  # of the probed rate makes one packet, within:
_LEAST_PACKET_BYTES, _MOST_PACKET_BYTES = 90, 270  # RTP padding ends at 255 bytes (RFC 3550 section 5.1)
_MOST_REPEATS = 3  # of a probe that got lost
_SOON_S, _LATER_S, _LATEST_S = 1.0, 3.0, 4.0
_PATIENCE_S = 1.0  # for the feedback, on top of two round trips
_FULL = 0.9  # arriving slower than this share of the sending rate fills the path
_FULL_SHARE = 0.95  # of what arrived then, so that the queue can drain
_NEWS = 1.3  # times what was known
_LEAST_SPAN_S = 0.001
_MOST_COMPRESSED = 2.0  # arrivals this much denser than they were sent say nothing about the path


@dataclass(frozen=True, slots=True)
class Probe:
    """Padding to send now: `size_bytes` in packets of `packet_bytes` (on the wire), spaced by `rate_bps`."""

    id: int
    rate_bps: int
    size_bytes: int
    packet_bytes: int


@dataclass(frozen=True, slots=True)
class Finding:
    """The rate a probe showed, never more than was sent, and whether it filled the path."""

    rate_bps: float
    is_full: bool


class Probes:
    """When to probe, how fast, and what it showed. One probe is under way at a time.

    The packets between its first and its last count as well: what else is sent then shares the path.
    `first` and `last` are their running numbers, -1 before they are sent.
    """

    __slots__ = (
        "_asked_at",
        "_due_at",
        "_failures",
        "_is_first",
        "_missing_bytes",
        "_next_bps",
        "_probe",
        "_repeats",
        "_serial",
        "first",
        "last",
    )

    def __init__(self, now: float) -> None:
        self.first = self.last = -1
        self._serial = 0
        self._probe: Probe | None = None
        self._asked_at = now
        self._due_at = now
        self._is_first = True
        self._next_bps = 0.0  # a rate to try at once, 0 for none
        self._failures = 0
        self._repeats = 0
        self._missing_bytes = 0  # of the probe under way, not sent yet

    @property
    def is_sent(self) -> bool:
        """Whether all of a probe has left and its result is awaited."""
        return self._probe is not None and self._missing_bytes <= self._probe.packet_bytes // 2

    def sent(self, probe_id: int, number: int, size_bytes: int) -> None:
        """A packet of this probe left under this running number."""
        if self._probe is not None and probe_id == self._probe.id:
            if self.first < 0:
                self.first = number
            self.last = number
            self._missing_bytes -= size_bytes

    def next(
        self, now: float, target_bps: float, wanted_bps: float, rtt_s: float, jitter_s: float
    ) -> Probe | None:
        """A probe, if one is due and somebody wants more than the target."""
        if self._probe is not None:
            if now < self._asked_at + 2 * rtt_s + _PATIENCE_S:
                return None
            self.finish(now, None, target_bps)
        if now < self._due_at or wanted_bps < target_bps * _WORTHWHILE:
            return None
        rate = self._next_bps or target_bps * (_FIRST_STEP if self._is_first else _STEP)
        rate = min(max(rate, target_bps * _WORTHWHILE), wanted_bps * 1.15)
        packet_bytes = int(rate * _PACKET_S / 8)
        packet_bytes = min(max(packet_bytes, _LEAST_PACKET_BYTES), _MOST_PACKET_BYTES)
        duration_s = min(max(_DURATION_S, _JITTERS * jitter_s), _LONGEST_S)
        most_bytes = target_bps * _MOST_QUEUE_S / 8
        size_bytes = max(_PACKETS * packet_bytes, int(min(rate * duration_s / 8, most_bytes)))
        self._serial += 1
        self._probe = Probe(self._serial, int(rate), size_bytes, packet_bytes)
        self._missing_bytes = size_bytes
        self._asked_at = now
        self._next_bps = 0.0
        self.first = self.last = -1
        return self._probe

    def want(self, now: float, rate_bps: float = 0.0) -> None:
        """Probe at once, at this rate when one is given, whatever was under way."""
        self._probe = None
        self.first = self.last = -1
        self._failures = 0
        self._due_at = now
        self._next_bps = rate_bps

    def wait(self, now: float, *, is_collapse: bool = False) -> None:
        """Not right now: the path has just been found full.

        After a collapse it is another path, of which former failures say nothing, and less than it
        carries is sent until its queue is gone.
        """
        self._due_at = now + _SOON_S if is_collapse else max(self._due_at, now + _SOON_S)
        self._failures = 0 if is_collapse else self._failures
        self._next_bps = 0.0

    def finish(self, now: float, finding: Finding | None, target_bps: float) -> None:
        """The probe under way is over; None when too little of it came back to tell."""
        probe, self._probe = self._probe, None
        self.first = self.last = -1
        self._is_first = False
        self._next_bps = 0.0
        if finding is None and probe is not None and self._repeats < _MOST_REPEATS:
            self._repeats += 1
            self._next_bps = probe.rate_bps
            self._due_at = now + _SOON_S
            return
        self._repeats = 0
        if finding is None or finding.rate_bps < target_bps * (_NEWS if finding.is_full else 1.0):
            self._failures += 1
            self._due_at = now + (_LATER_S if self._failures < 2 else _LATEST_S)
            return
        self._failures = 0
        if finding.is_full:
            # Much more than was known, and perhaps not all: a few packets spread by chance look like a limit.
            self._due_at = now + _SOON_S
        else:
            self._next_bps = (_FIRST_STEP if finding.rate_bps < _LOW_BPS else _STEP) * finding.rate_bps
            self._due_at = now


def measure(arrived_bytes: float, sent_s: float, arrived_s: float, sent_bytes: int) -> Finding | None:
    """What the packets after the first of a probe showed, and the time they took; None for noise."""
    if sent_s < _LEAST_SPAN_S or arrived_s < _LEAST_SPAN_S:
        return None
    sent_bps = 8 * sent_bytes / sent_s
    arrived_bps = 8 * arrived_bytes / arrived_s
    if arrived_bps > _MOST_COMPRESSED * sent_bps:
        return None
    if arrived_bps < _FULL * sent_bps:
        return Finding(_FULL_SHARE * arrived_bps, is_full=True)
    return Finding(min(sent_bps, arrived_bps), is_full=False)
