"""One incoming RTP stream: what arrived, what is missing, and when to ask for it again.

Extended sequence numbers, loss and report blocks follow RFC 3550 appendix A.1 and A.3, jitter A.8, the
requests for lost packets RFC 4585 section 6.2.1. Each number of the recent window is answered for exactly
once, so a duplicate or a probing retransmission is never forwarded twice.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum
from math import inf

from .rtcp import ReportBlock

_LARGEST_GAP = 3000  # MAX_DROPOUT of RFC 3550 A.1: a longer jump is a stream that started again
_WINDOW = 2048  # numbers remembered as received or not; a power of two, about 2 s of a busy video stream
_WINDOW_MASK = _WINDOW - 1

# A packet overtaken by one other is common on radio links and Wi-Fi and mostly arrives within
# milliseconds; asking at once would double the traffic for nothing.
_FIRST_ASK_S = 0.010
_LATER_PACKETS = 2
_SHORTEST_REPEAT_S = 0.020
_FIRST_REPEAT_S = 0.100  # until the round trip is known; libwebrtc's guess as well
_ROUND_TRIPS = 8  # remembered: their median is right while more than half of the requests succeed at once
_REPEAT_MARGIN_S = 0.020  # for answers a little later than the median
# Requests get lost as packets do, so each goes twice; libwebrtc answers a second one within the round trip
# only when it missed the first (its RtpPacketHistory).
_COPY_S = 0.005
_MOST_ASKS = 20  # ten as in libwebrtc, each twice: after ten losses in a row the path is broken, not lossy
_OLDEST_ASK_S = 1.0  # no jitter buffer waits longer for a picture
_LARGEST_DEVIATION_S = 5.0  # a pause or a new clock, not jitter


class Arrival(StrEnum):
    """What a packet was to its stream."""

    NEW = "new"  # the newest so far
    LATE = "late"  # fills a gap
    DUPLICATE = "duplicate"  # received before, or too old to tell: do not forward
    RESTART = "restart"  # the numbers jumped: treat what comes as a new stream


_NEW, _LATE, _DUPLICATE, _RESTART = Arrival.NEW, Arrival.LATE, Arrival.DUPLICATE, Arrival.RESTART


class _Gap:
    """One missing packet."""

    __slots__ = ("ask_at", "asks", "first_asked_at", "noticed_at", "overtaken")

    def __init__(self, now: float, overtaken: int) -> None:
        self.noticed_at = now
        self.overtaken = overtaken  # the stream's count of overtaking packets when it was noticed
        self.ask_at = now + _FIRST_ASK_S
        self.asks = 0
        self.first_asked_at = 0.0


class Reception:
    """Bookkeeping of one SSRC with this clock; gaps beyond `most_missing` at once are given up.

    With `most_missing=0` nothing is ever asked for. `packets` and `bytes` count what arrived once,
    `recovered` those of them that came by RTX, `answered` those that came when asked for but not by RTX,
    `duplicates` what arrived again, `abandoned` what was given up. `needs_key_frame` turns True when so
    much is missing that only a key frame helps; whoever asks for one sets it back.
    """

    __slots__ = (
        "_base",
        "_expected_prior",
        "_has_unasked",
        "_highest",
        "_jitter",
        "_last_arrival",
        "_last_timestamp",
        "_missing",
        "_most_missing",
        "_nack_at",
        "_overtaking",
        "_received",
        "_received_prior",
        "_repeat_s",
        "_restart_at",
        "_round_trips_s",
        "_seen",
        "_sender_report_at",
        "_sender_report_middle",
        "abandoned",
        "answered",
        "bytes",
        "clock_rate_hz",
        "duplicates",
        "needs_key_frame",
        "packets",
        "recovered",
    )

    def __init__(self, clock_rate_hz: int, most_missing: int = 512) -> None:
        self.clock_rate_hz = clock_rate_hz
        self._most_missing = most_missing
        self.packets = 0
        self.bytes = 0
        self.recovered = 0
        self.answered = 0
        self.duplicates = 0
        self.abandoned = 0
        self.needs_key_frame = False

        self._highest = -1  # extended: wraps are counted above the 16 bits
        self._base = 0
        self._seen = bytearray(_WINDOW)  # 1 for each received number in (highest - window, highest]
        self._restart_at = -1  # bad_seq of RFC 3550 A.1
        self._received = 0  # on the stream's own SSRC, since the base
        self._received_prior = 0
        self._expected_prior = 0
        self._jitter = 0.0  # in clock ticks
        self._last_arrival = 0.0
        self._last_timestamp = -1
        self._sender_report_middle = 0
        self._sender_report_at = 0.0

        self._missing: dict[int, _Gap] = {}  # by extended sequence number
        self._has_unasked = False
        self._overtaking = 0  # newest packets that arrived while a gap had not been asked for
        self._nack_at = inf
        self._repeat_s = _FIRST_REPEAT_S
        self._round_trips_s: deque[float] = deque(maxlen=_ROUND_TRIPS)  # from first request to arrival

    @property
    def lost(self) -> int:
        """Packets expected but not received on the stream itself, retransmissions over RTX aside."""
        return max(0, self.expected - self._received)

    @property
    def jitter_s(self) -> float:
        """Interarrival jitter (RFC 3550 A.8)."""
        return self._jitter / self.clock_rate_hz

    def set_rtt(self, rtt_s: float) -> None:
        """The round trip to the sender, where it is known: requests are not repeated within it.

        Answers to requests measure it from then on, so calling this is a matter of the first losses only.
        """
        self._repeat_s = max(_SHORTEST_REPEAT_S, rtt_s)

    def receive(self, now: float, sequence_number: int, timestamp: int, size_bytes: int = 0) -> Arrival:
        """Count a packet of the stream and say what it was."""
        highest = self._highest
        arrival = _NEW
        ahead = ((sequence_number - highest + 0x8000) & 0xFFFF) - 0x8000
        if highest < 0:
            self._highest = self._base = sequence_number
            self._seen[sequence_number & _WINDOW_MASK] = 1
        elif ahead == 1:
            self._highest = highest = highest + 1
            self._seen[highest & _WINDOW_MASK] = 1
        elif ahead > _LARGEST_GAP:
            self._restart(sequence_number)
            arrival = _RESTART
        elif ahead > 1:
            self._leave_gap(now, ahead)
        elif ahead > -_WINDOW:
            return self._receive_late(now, highest + ahead, size_bytes)
        elif sequence_number == self._restart_at:
            self._restart(sequence_number)
            arrival = _RESTART
        else:
            # Far behind: a stray, unless the next one follows it (RFC 3550 A.1).
            self._restart_at = (sequence_number + 1) & 0xFFFF
            self.duplicates += 1
            return _DUPLICATE

        self.packets += 1
        self.bytes += size_bytes
        self._received += 1
        if self._has_unasked:
            self._overtaking += 1
            self._nack_at = now  # a gap may have been overtaken often enough
        if timestamp != self._last_timestamp:
            self._measure_jitter(now, timestamp)
        return arrival

    def recover(self, now: float, sequence_number: int, timestamp: int, size_bytes: int = 0) -> Arrival:
        """Count a packet that came by RTX, under its original number.

        It fills its gap but stays a loss in reports, as libwebrtc has it: the sender's bandwidth
        estimation must see what the path loses.
        """
        highest = self._highest
        ahead = ((sequence_number - highest + 0x8000) & 0xFFFF) - 0x8000
        if highest < 0 or 0 < ahead <= _LARGEST_GAP:
            return self.receive(now, sequence_number, timestamp, size_bytes)
        if not -_WINDOW < ahead <= 0:
            self.duplicates += 1
            return _DUPLICATE
        answered = self.answered
        arrival = self._receive_late(now, highest + ahead, size_bytes)
        if arrival is _LATE:
            self._received -= 1
            self.recovered += 1
            self.answered = answered
        return arrival

    def sender_report(self, now: float, ntp_time: int) -> None:
        """Note the 64-bit NTP time of a sender report, for the round trip the sender will compute."""
        self._sender_report_middle = ntp_time >> 16 & 0xFFFFFFFF
        self._sender_report_at = now

    def report_block(self, ssrc: int, now: float) -> ReportBlock:
        """The report of this stream (its sender's `ssrc`); begins the next interval (RFC 3550 A.3)."""
        expected = self.expected
        expected_interval = expected - self._expected_prior
        lost_interval = expected_interval - (self._received - self._received_prior)
        self._expected_prior = expected
        self._received_prior = self._received
        fraction = 0
        if expected_interval > 0 and lost_interval > 0:
            fraction = min(255, lost_interval * 256 // expected_interval)
        delay = 0
        if self._sender_report_middle:
            delay = min(0xFFFFFFFF, int((now - self._sender_report_at) * 65536))
        return ReportBlock(
            ssrc,
            fraction,
            self.lost,
            max(0, self._highest) & 0xFFFFFFFF,
            int(self._jitter),
            self._sender_report_middle,
            delay,
        )

    def poll_timeout(self) -> float | None:
        """When `nacks` wants to be called next, None while nothing is missing."""
        return self._nack_at if self._missing else None

    def nacks(self, now: float) -> tuple[int, ...]:
        """The sequence numbers to ask for now; cheap when there are none."""
        if now < self._nack_at:
            return ()
        asked = []
        given_up = []
        self._has_unasked = False
        nack_at = inf
        for extended, gap in self._missing.items():
            ask_at = gap.ask_at
            if not gap.asks and self._overtaking >= gap.overtaken + _LATER_PACKETS:
                ask_at = now
            if now >= ask_at:
                if gap.asks >= _MOST_ASKS or now - gap.noticed_at >= _OLDEST_ASK_S:
                    given_up.append(extended)
                    continue
                if not gap.asks:
                    gap.first_asked_at = now
                gap.asks += 1
                gap.ask_at = ask_at = now + (_COPY_S if gap.asks % 2 else self._repeat_s - _COPY_S)
                asked.append(extended & 0xFFFF)
            elif not gap.asks:
                self._has_unasked = True
            if ask_at < nack_at:
                nack_at = ask_at
        for extended in given_up:
            del self._missing[extended]
        self.abandoned += len(given_up)
        self._nack_at = nack_at
        return tuple(asked)

    @property
    def expected(self) -> int:
        """Packets the sender has sent, as far as the numbers tell."""
        return self._highest - self._base + 1 if self._highest >= 0 else 0

    def _receive_late(self, now: float, extended: int, size_bytes: int) -> Arrival:
        slot = extended & _WINDOW_MASK
        if self._seen[slot]:
            self.duplicates += 1
            return _DUPLICATE
        self._seen[slot] = 1
        gap = self._missing.pop(extended, None)
        if gap is not None and gap.asks:
            self.answered += 1
            # From the first request: which one was answered cannot be told (Karn's ambiguity), and a
            # guess at a later one would keep a short round trip believed for ever.
            self._round_trips_s.append(now - gap.first_asked_at)
            median = sorted(self._round_trips_s)[len(self._round_trips_s) // 2]
            self._repeat_s = median + _REPEAT_MARGIN_S
        self.packets += 1
        self.bytes += size_bytes
        self._received += 1
        return _LATE

    def _leave_gap(self, now: float, ahead: int) -> None:
        first = self._highest + 1
        self._highest = highest = self._highest + ahead
        seen = self._seen
        if ahead >= _WINDOW:
            seen[:] = bytes(_WINDOW)
        else:
            for extended in range(first, highest):
                seen[extended & _WINDOW_MASK] = 0
        seen[highest & _WINDOW_MASK] = 1
        if not self._most_missing:
            return
        if len(self._missing) + ahead - 1 > self._most_missing:
            self._give_up(ahead - 1)
            return
        for extended in range(first, highest):
            self._missing[extended] = _Gap(now, self._overtaking)
        self._has_unasked = True

    def _restart(self, sequence_number: int) -> None:
        """Begin again at this number, on extended numbers that still only grow."""
        self._highest += (sequence_number - self._highest) & 0xFFFF
        self._base = self._highest
        self._seen[:] = bytes(_WINDOW)
        self._seen[self._highest & _WINDOW_MASK] = 1
        self._restart_at = -1
        self._received = self._received_prior = self._expected_prior = 0
        self._last_timestamp = -1
        self._give_up(0)

    def _give_up(self, further: int) -> None:
        self.abandoned += len(self._missing) + further
        self._missing.clear()
        self._has_unasked = False
        self._nack_at = inf
        self.needs_key_frame = True

    def _measure_jitter(self, now: float, timestamp: int) -> None:
        """RFC 3550 A.8, once per timestamp: the packets of one video frame leave together."""
        if self._last_timestamp >= 0:
            ticks = ((timestamp - self._last_timestamp + 0x80000000) & 0xFFFFFFFF) - 0x80000000
            deviation = abs((now - self._last_arrival) * self.clock_rate_hz - ticks)
            if deviation < _LARGEST_DEVIATION_S * self.clock_rate_hz:
                self._jitter += (deviation - self._jitter) / 16
        self._last_arrival = now
        self._last_timestamp = timestamp
