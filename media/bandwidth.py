"""How much the path to one client carries, found out from what the client reports of our packets.

Google congestion control at the sender (draft-ietf-rmcat-gcc-02, and what libwebrtc made of it since) on
transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01): this module keeps what was sent
and what became of it; `delay_trend` sees queues grow, `rate_control` moves the rate, `loss_control` bounds
it, `probing` finds out about more. An SFU sends only the layers it chose, so a rate that is not used is
neither raised nor worn down. Sans-IO.
"""

from __future__ import annotations

from math import ceil, inf

from .delay_trend import DelayTrend, Usage
from .loss_control import LossControl
from .probing import Finding, Probe, Probes, measure
from .rate_control import RateControl
from .rtcp import TransportFeedback
from .throughput import Throughput

PACKET_OVERHEAD_BYTES = 28
"""IPv4 and UDP headers: they belong to the size of a packet here."""

FLOOR_BPS, CEILING_BPS = 10_000, 100_000_000

_RING = 4096  # packets remembered: 4 s at 10 Mbps, and a report older than that is of no use
_MASK = _RING - 1
_IN_FLIGHT, _ARRIVED, _MISSING, _UNREPORTED = 0, 1, 2, 3
_MOST_UNREPORTED = 500  # packets; more than the reports of a second are not lost by accident
_TICKS_PER_S = 4000
_CLOCK_MS = 1 << 30  # 24 bits of 64 ms: the reference time of feedback is modulo this
_CLOCK_SLACK_S = 10.0  # more than any queue: the other clock has jumped
_LEAST_RTT_S, _MOST_RTT_S, _FIRST_RTT_S = 0.001, 5.0, 0.2

_FEWEST_CAME = 3  # packets of a probe,
_PROBE_SHARE, _LOSSY_PROBE_SHARE = (
    0.8,
    0.5,
)  # and this share of them must arrive, where packets get lost anyway
_LOSSY = 0.02
_LOSS_WINDOW_S, _LONG_LOSS_WINDOW_S = 0.25, 1.0
_LOSS_WINDOW_PACKETS = 20

_LET_GO_S = 0.05
_COLLAPSED = 0.5  # below this share of the rate before it is another line
_SQUEEZE_S, _SQUEEZED, _UNMOVED = 1.0, 0.5, 0.75  # half the rate for a second must be felt by a queue of ours
_CLOGGED_S, _CLOGGED_BITS = 0.12, 28_800  # a queue of three packets is none where the line is slow
_FULL_USE = 0.95  # of the target: below, what is sent depends on what there is to send
_OVERDUE_S = 0.15  # on top of the round trip: libwebrtc reports every 50 to 100 ms while pictures come
_SILENCE_S = 1.0  # without feedback, on top of two round trips
_FIRST_SILENCE_S = 6.0  # while it is not known whether the client reports at all; receiver reports take 5 s
_SILENCE_SHARE = 0.5
_FAR_ABOVE = 1.5
_REPORT_GROWTH, _REPORT_GROWTH_BPS = 1.05, 1000  # draft section 6, for clients that report loss only
_LOW_LOSS, _HIGH_LOSS = 0.02, 0.1


class _Squeeze:
    """The rate goes down step by step because of a queue."""

    __slots__ = ("before_bps", "most_s", "since")

    def __init__(self, now: float, before_bps: float) -> None:
        self.since = now
        self.before_bps = before_bps
        self.most_s = 0.0  # of the queue meanwhile


class Bandwidth:
    """The estimate for everything sent on one transport: audio, video, repairs and padding.

    `target_bps` counts packets with `PACKET_OVERHEAD_BYTES`; `rtt_s` is smoothed and None before the first
    report; `loss` is the recent fraction lost on the way to the client, 0..1. Times must not go backwards;
    reports may be lost, late, repeated or lies. At `overdue_at` a report on what is in flight should have
    come: a queue that grows within a tenth of a second holds up the reports on itself.
    """

    __slots__ = (
        "_arrived_at",
        "_arrived_bytes",
        "_awaited",
        "_before_silence_bps",
        "_clock_ms",
        "_clock_offset_s",
        "_fates",
        "_floor_bps",
        "_has_feedback",
        "_highest",
        "_loss",
        "_loss_from",
        "_next",
        "_probes",
        "_rate",
        "_remb_bps",
        "_report_next",
        "_reported_at",
        "_reported_to",
        "_sent_at",
        "_sent_bytes",
        "_silences",
        "_squeeze",
        "_throughput",
        "_totals",
        "_trend",
        "_wanted_bps",
        "overdue_at",
        "rtt_s",
        "target_bps",
    )

    def __init__(
        self,
        now: float,
        start_bps: int = 300_000,
        *,
        floor_bps: int = FLOOR_BPS,
        ceiling_bps: int = CEILING_BPS,
    ) -> None:
        self.target_bps = start_bps
        self.rtt_s: float | None = None
        # What was sent, by running number: when, and all bytes up to and including it.
        self._next = 0
        self._sent_bytes = 0
        self._sent_at = [0.0] * _RING
        self._totals = [0] * _RING
        self._fates = bytearray(_RING)
        self._arrived_at = [0.0] * _RING  # on the client's clock
        # What is known of it.
        self._highest = -1  # running number that arrived
        self._arrived_bytes = 0
        self._clock_ms = 0
        self._clock_offset_s: float | None = None  # client's clock minus ours, at least
        self._reported_to = 0  # the number after the last one reported, arrived or not
        self._loss_from = 0
        self._has_feedback = False
        self._awaited = 0  # the first number sent since the client was heard
        self._silences = 0
        self._before_silence_bps = 0.0
        self._squeeze: _Squeeze | None = None
        self._floor_bps = floor_bps
        self._remb_bps = inf
        self._reported_at = now
        self._report_next = 0
        self._wanted_bps = 0.0
        self.overdue_at = inf

        self._trend = DelayTrend()
        self._throughput = Throughput()
        self._rate = RateControl(now, start_bps, floor_bps, ceiling_bps)
        self._loss = LossControl(now, floor_bps)
        self._probes = Probes(now)

    @property
    def loss(self) -> float:
        """The recent fraction lost, 0..1."""
        return self._loss.loss

    @property
    def queue_s(self) -> float:
        """How much longer than at best the newest reported packets took: the queue on the path."""
        return self._trend.queue_s

    def is_clogged(self, now: float) -> bool:
        """Whether we have made a queue so long that it must go away at once, or may well have made one."""
        if now >= self.overdue_at:
            return True
        too_long_s = max(_CLOGGED_S, _CLOGGED_BITS / self.target_bps)
        return self._trend.queue_s > too_long_s and not self._trend.is_contested

    def packet_sent(self, now: float, size_bytes: int, probe_id: int = 0) -> int:
        """Note a packet that leaves now; answers the transport-wide sequence number to write into it."""
        number = self._next
        self._next = number + 1
        slot = number & _MASK
        self._sent_at[slot] = now
        self._sent_bytes = self._totals[slot] = self._sent_bytes + size_bytes
        self._fates[slot] = _IN_FLIGHT
        if self.overdue_at == inf and self._has_feedback:
            self.overdue_at = now + self._overdue_s()
        if probe_id:
            self._probes.sent(probe_id, number, size_bytes)
        return number & 0xFFFF

    def handle_feedback(self, now: float, feedback: TransportFeedback) -> None:
        """Learn from a report, as far as it speaks of packets that were sent and not yet reported."""
        highest_before = self._highest
        latest = self._read_arrivals(now, feedback)
        self._awaited = self._next
        if latest < 0:
            return
        self._has_feedback = True
        self._measure_rtt(now - self._sent_at[latest & _MASK])
        unreported = self._highest + 1
        is_in_flight = unreported < self._next
        self.overdue_at = self._sent_at[unreported & _MASK] + self._overdue_s() if is_in_flight else inf
        if self._silences:
            self._end_silence(now)
        self._observe_loss(now, highest_before)
        rates = self._rates()
        trend = self._trend
        before_bps = self._rate.target_bps
        if self._rate.update(now, trend, rates, self.rtt_s or _FIRST_RTT_S):
            self._probes.wait(now, is_collapse=self._rate.target_bps < _COLLAPSED * before_bps)
            self._squeeze = self._squeeze or _Squeeze(now, before_bps)
        if self._squeeze is not None:
            self._follow_squeeze(now, self._squeeze)
        self._finish_probe(now)
        self._set_target()

    def handle_loss_report(self, now: float, fraction_lost: float, rtt_s: float | None) -> None:
        """Learn from a receiver report; with transport-wide feedback only that the client is there."""
        self._awaited = self._next
        if self._has_feedback:
            return
        if rtt_s is not None:
            self._measure_rtt(rtt_s)
        sent, since = self._next - self._report_next, self._reported_at
        if sent <= 0 or now <= since:
            return
        first = max(self._report_next, self._next - _RING + 1)
        sent_bps = (
            8 * (self._totals[self._next - 1 & _MASK] - self._totals[first - 1 & _MASK]) / (now - since)
        )
        self._report_next, self._reported_at = self._next, now
        lost = min(max(fraction_lost, 0.0), 1.0)
        self._loss.loss += 0.5 * (lost - self._loss.loss)
        if self._silences:
            self._end_silence(now)
        target = self._rate.target_bps
        if lost > _HIGH_LOSS:
            target *= 1 - 0.5 * lost
        elif lost < _LOW_LOSS and sent_bps > 0.8 * min(target, self._remb_bps):
            target = target * _REPORT_GROWTH + _REPORT_GROWTH_BPS
        self._rate.set_target(now, target)
        self._set_target()

    def handle_remb(self, now: float, bitrate_bps: int) -> None:
        """Heed the bound a client set by itself (draft-alvestrand-rmcat-remb-03)."""
        self._awaited = self._next
        self._remb_bps = bitrate_bps
        self._set_target()

    def next_probe(self, now: float, wanted_bps: float) -> Probe | None:
        """A probe to send now, if one is due and `wanted_bps`, what could be used, is above the target."""
        self._wanted_bps = wanted_bps
        wanted = min(wanted_bps, self._remb_bps)
        if wanted <= self.target_bps:
            return None
        # What is on its way will tell. But where nothing is, as when all pictures have stopped and nobody
        # speaks, only a probe can find out that the queue is gone or the client back.
        if (self._silences or self._trend.is_draining) and not self._is_idle(now):
            return None
        return self._probes.next(
            now, self.target_bps, wanted, self.rtt_s or _FIRST_RTT_S, self._trend.jitter_s
        )

    def poll_timeout(self) -> float | None:
        """When `handle_timeout` wants to be called, None while nothing is awaited."""
        if self._awaited >= self._next:
            return None
        since = self._sent_at[max(self._awaited, self._next - _RING) & _MASK]
        if not self._has_feedback:
            return since + _FIRST_SILENCE_S
        return since + _SILENCE_S + 2 * (self.rtt_s or _FIRST_RTT_S)

    def handle_timeout(self, now: float) -> None:
        """Halve the rate when the client has not been heard for too long, and again each such time."""
        timeout = self.poll_timeout()
        if timeout is None or now < timeout:
            return
        if not self._silences:
            self._before_silence_bps = self._rate.target_bps
        self._silences += 1
        self._awaited = self._next
        self._rate.set_target(now, self._rate.target_bps * _SILENCE_SHARE)
        self._set_target()

    def _follow_squeeze(self, now: float, squeeze: _Squeeze) -> None:
        """A queue of ours goes away when we send less; what does not is a longer way, as after a handover."""
        trend = self._trend
        squeeze.most_s = max(squeeze.most_s, trend.queue_s)
        if trend.standing_s < _LET_GO_S:
            self._squeeze = None
        elif now - squeeze.since >= max(_SQUEEZE_S, 3 * (self.rtt_s or _FIRST_RTT_S)):
            is_much_less = self._rate.target_bps < _SQUEEZED * squeeze.before_bps
            if is_much_less and trend.standing_s > _UNMOVED * squeeze.most_s and self.loss < _LOSSY:
                trend.accept()
                self._probes.want(now, squeeze.before_bps)
                self._squeeze = None

    def _is_idle(self, now: float) -> bool:
        """Whether nothing has been sent for so long that no report can be expected."""
        last_sent_at = self._sent_at[self._next - 1 & _MASK]
        return now > last_sent_at + _SILENCE_S + 2 * (self.rtt_s or _FIRST_RTT_S)

    def _read_arrivals(self, now: float, feedback: TransportFeedback) -> int:
        """Note every packet reported for the first time; the number of the last one, -1 without any."""
        deltas = feedback.deltas
        number = self._next - ((self._next - feedback.base_sequence) & 0xFFFF)
        end = self._next
        oldest = max(0, end - _RING + 1)  # the one before says its size
        arrival = self._read_clock(now, feedback)
        horizon = now + (self._clock_offset_s or 0.0) + _CLOCK_SLACK_S
        fates, sent_at, arrived_at, totals = self._fates, self._sent_at, self._arrived_at, self._totals
        receive, throughput = self._trend.receive, self._throughput
        next_at = throughput.next_at
        arrived_bytes = self._arrived_bytes + self._skip_unreported(number)
        latest = -1
        ticks = 0
        for delta in deltas:
            if number >= end:
                break
            if delta is None:
                if number >= oldest and not fates[number & _MASK]:
                    fates[number & _MASK] = _MISSING
                number += 1
                continue
            ticks += delta
            slot = number & _MASK
            if number >= oldest and fates[slot] != _ARRIVED:
                total = totals[slot]
                if fates[slot] != _UNREPORTED:
                    arrived_bytes += total - totals[slot - 1]
                fates[slot] = _ARRIVED
                at = arrival + ticks / _TICKS_PER_S
                arrived_at[slot] = at
                latest = number
                if at < horizon:
                    sent = sent_at[slot]
                    receive(sent, at)
                    if at >= next_at:
                        throughput.note(at, arrived_bytes, sent, total)
                        next_at = throughput.next_at
            number += 1
        self._arrived_bytes = arrived_bytes
        self._reported_to = max(self._reported_to, number)
        if latest > self._highest:
            self._highest = latest
        return latest

    def _skip_unreported(self, number: int) -> int:
        """Bytes to count as arrived although the report that spoke of them was lost on its way to us."""
        start = self._reported_to
        if not 0 < number - start < _MOST_UNREPORTED or number >= self._next:
            return 0
        for skipped in range(start, number):
            self._fates[skipped & _MASK] = _UNREPORTED
        unreported = self._totals[number - 1 & _MASK] - self._totals[start - 1 & _MASK]
        return int(unreported * (1 - self._loss.loss))

    def _read_clock(self, now: float, feedback: TransportFeedback) -> float:
        """The reference time in seconds on a clock that does not wrap."""
        first = feedback.deltas[0] if feedback.deltas else 0
        step = ((feedback.reference_time_ms - self._clock_ms + _CLOCK_MS // 2) % _CLOCK_MS) - _CLOCK_MS // 2
        clock_ms = self._clock_ms + step
        offset = clock_ms / 1000 + (first or 0) / _TICKS_PER_S - now
        if self._clock_offset_s is None or abs(offset - self._clock_offset_s) > _CLOCK_SLACK_S:
            self._clock_offset_s = offset
            self._trend.restart()
            self._throughput.restart()
        else:
            self._clock_offset_s = max(self._clock_offset_s, offset)
        self._clock_ms = clock_ms
        return clock_ms / 1000

    def _overdue_s(self) -> float:
        return (self.rtt_s or _FIRST_RTT_S) + _OVERDUE_S

    def _measure_rtt(self, sample_s: float) -> None:
        sample_s = min(max(sample_s, _LEAST_RTT_S), _MOST_RTT_S)
        self.rtt_s = sample_s if self.rtt_s is None else self.rtt_s + (sample_s - self.rtt_s) / 8

    def _observe_loss(self, now: float, highest_before: int) -> None:
        """Count stretches of packets, up to what was reported one report ago: stragglers had their time."""
        oldest = self._next - _RING
        start = max(self._loss_from, oldest + 1, 1)
        end = highest_before + 1
        count = end - start
        if count <= 0:
            return
        sent_from = self._sent_at[start - 1 & _MASK]
        span = self._sent_at[end - 1 & _MASK] - sent_from
        if span < _LOSS_WINDOW_S or (count < _LOSS_WINDOW_PACKETS and span < _LONG_LOSS_WINDOW_S):
            return
        first, last = start & _MASK, (end - 1 & _MASK) + 1
        fates = self._fates
        stretch = fates[first:last] if first < last else fates[first:] + fates[:last]
        lost, arrived = stretch.count(_MISSING), stretch.count(_ARRIVED)
        rate = 8 * (self._totals[end - 1 & _MASK] - self._totals[start - 1 & _MASK]) / span
        self._loss_from = end
        if arrived:
            self._loss.observe(now, sent_from, lost + arrived, lost, rate, self._trend)

    def _rates(self) -> tuple[float, float] | None:
        """Rates of arrival and of sending; what the path loses anyway counts as arrived.

        Wherever it is lost, before a bottleneck or behind it, this is the rate to send at to fill it. Where
        little was sent until a key frame made a queue, the last moment tells the capacity: an average would
        hold the quiet before against the line.
        """
        rates = self._throughput.rates_bps()
        if rates is None:
            return None
        if self._trend.usage is Usage.OVER and rates[1] < _FULL_USE * self.target_bps:
            rates = self._throughput.burst_rates_bps() or rates
        arrived_bps, sent_bps = rates
        return min(arrived_bps / (1 - self._loss.inherent), sent_bps), sent_bps

    def _finish_probe(self, now: float) -> None:
        probes = self._probes
        if not probes.is_sent or self._highest < probes.last or probes.first <= self._next - _RING:
            return
        finding = self._probe_finding(probes.first, probes.last)
        if finding is not None and finding.rate_bps > self.target_bps and not self._trend.is_draining:
            self._loss.lift(finding.rate_bps)
            if finding.rate_bps > self._rate.target_bps:
                self._rate.set_target(now, finding.rate_bps)
        probes.finish(now, finding, self.target_bps)

    def _probe_finding(self, first: int, last: int) -> Finding | None:
        """What the packets from `first` to `last` showed, if enough of them arrived."""
        fates, totals = self._fates, self._totals
        came = [number for number in range(first, last + 1) if fates[number & _MASK] == _ARRIVED]
        lost = [number for number in range(first, last + 1) if fates[number & _MASK] == _MISSING]
        usual = self._loss.loss
        share = _LOSSY_PROBE_SHARE if usual > _LOSSY else _PROBE_SHARE
        if len(came) < _FEWEST_CAME or len(came) < share * (len(came) + len(lost)):
            return None
        first, last = came[0], came[-1]
        sent_s = self._sent_at[last & _MASK] - self._sent_at[first & _MASK]
        arrived_s = self._arrived_at[last & _MASK] - self._arrived_at[first & _MASK]
        sent_bytes = totals[last - 1 & _MASK] - totals[first - 1 & _MASK]
        all_bytes: float = totals[last & _MASK] - totals[first & _MASK]
        lost_bytes = sum(
            [totals[number & _MASK] - totals[number - 1 & _MASK] for number in lost if first < number < last]
        )
        # As many as usual were lost by accident: their place between the others counts.
        by_accident = ceil(usual * (len(came) + len(lost))) if usual > _LOSSY else 0
        if len(lost) > by_accident:
            all_bytes -= lost_bytes * (1 - by_accident / len(lost))
        return measure(all_bytes, sent_s, arrived_s, sent_bytes)

    def _end_silence(self, now: float) -> None:
        """The client is back: what was lost meanwhile is no measure, what was carried before is one."""
        self._silences = 0
        self._trend.restart()
        self._throughput.restart()
        self._loss.restart()
        self._loss_from = self._highest + 1
        self._probes.want(now, self._before_silence_bps)

    def _set_target(self) -> None:
        rate = self._rate
        bound_bps = self._loss.bound_bps
        if rate.target_bps > _FAR_ABOVE * bound_bps:
            rate.target_bps = max(_FAR_ABOVE * bound_bps, self._floor_bps)  # unused, it would grow stale
        self.target_bps = int(max(min(rate.target_bps, bound_bps, self._remb_bps), self._floor_bps))
