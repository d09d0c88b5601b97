"""Flows that share a narrow link, in simulated time: our sender and its client, and a TCP-like rival."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass, field, replace
from math import ceil, inf
from typing import Protocol

from media.arrivals import Arrivals
from media.bandwidth import Bandwidth
from media.pacing import Pacer, Priority
from media.rtcp import TransportFeedback, compose, parse_compound
from tests.network import Conditions, Link

PACE = 2.5  # times the target, as the SFU paces
MOST_PACKET_BYTES, LEAST_PACKET_BYTES = 1200, 80
FRAME_S = 1 / 30
TICK_S = 0.02  # how often the SFU looks after its timers
CLIENT_CLOCK_S = 5000.0  # what the client's clock is ahead of ours


@dataclass(slots=True)
class Packet:
    """On its way to `flow`'s client; `size_bytes` with all headers."""

    flow: Flow
    number: int
    sent_at: float
    size_bytes: int


@dataclass(slots=True)
class Record:
    """What there is to know of a flow afterwards."""

    arrivals: list[tuple[float, float, int]] = field(default_factory=list)  # when, one-way delay, bytes
    targets: list[tuple[float, float]] = field(default_factory=list)  # when, bits per second

    def rate_bps(self, start: float, end: float) -> float:
        """What arrived between these times."""
        return 8 * sum(size for _, _, size in self._between(start, end)) / (end - start)

    def queueing_ms(self, start: float, end: float, quantile: float, delay_s: float) -> float:
        """A quantile of the time packets took more than the link's own delay."""
        delays = sorted(delay for _, delay, _ in self._between(start, end))
        return 1000 * (delays[int(quantile * (len(delays) - 1))] - delay_s) if delays else inf

    def target_at(self, at: float) -> float:
        """The target at a time."""
        return self.targets[max(0, bisect_left(self.targets, (at, inf)) - 1)][1]

    def time_until(self, start: float, end: float, *, above: float = 0.0, below: float = inf) -> float:
        """How long after `start` the target first lay within these bounds; infinite when not before `end`."""
        times = [at for at, bps in self.targets if start <= at < end and above <= bps <= below]
        return times[0] - start if times else inf

    def _between(self, start: float, end: float) -> list[tuple[float, float, int]]:
        first = bisect_left(self.arrivals, (start,))
        return self.arrivals[first : bisect_left(self.arrivals, (end,))]


class Flow(Protocol):
    """A sender and its receiver."""

    record: Record

    def poll_timeout(self) -> float: ...
    def handle_timeout(self, now: float) -> None: ...
    def receive(self, now: float, packet: Packet) -> None: ...


class SharedLink:
    """The narrow link to the clients; `change` schedules other conditions. Run it until a time."""

    def __init__(self, conditions: Conditions, seed: int = 1) -> None:
        self.link: Link[Packet] = Link(
            replace(conditions, overhead_bytes=0), seed, lambda packet: packet.size_bytes
        )
        self.flows: list[Flow] = []
        self.now = 0.0
        self._changes: deque[tuple[float, dict[str, float]]] = deque()

    def change(self, at: float, **conditions: float) -> None:
        """From this time on the link is different; call in order of time."""
        self._changes.append((at, conditions))

    def run(self, until: float) -> None:
        """Let everything happen that happens before this time."""
        while True:
            timeouts = [flow.poll_timeout() for flow in self.flows]
            arrival = self.link.poll_timeout()
            if arrival is not None:
                timeouts.append(arrival)
            if self._changes:
                timeouts.append(self._changes[0][0])
            self.now = now = max(self.now, min(timeouts))
            if now >= until:
                return
            while self._changes and self._changes[0][0] <= now:
                conditions = self._changes.popleft()[1]
                self.link.conditions = replace(self.link.conditions, **conditions)  # type: ignore[arg-type]
            for packet in self.link.receive(now):
                packet.flow.receive(now, packet)
            for flow in self.flows:
                flow.handle_timeout(now)


class MediaFlow:
    """Frames at the target, paced, probed, with a client that reports every arrival over a link back.

    `uses_bps` caps what there is to send, `wants_bps` is what the allocator could use.
    """

    def __init__(
        self,
        shared: SharedLink,
        *,
        starts_at: float = 0.0,
        uses_bps: float = inf,
        wants_bps: float = inf,
        back: Conditions | None = None,
    ) -> None:
        conditions = shared.link.conditions
        self.record = Record()
        self.bandwidth = Bandwidth(starts_at)
        self.pacer: Pacer[int] = Pacer(starts_at, int(PACE * self.bandwidth.target_bps))
        self.uses_bps = uses_bps
        self.wants_bps = wants_bps
        self.back: Link[bytes] = Link(
            back or Conditions(delay_s=conditions.delay_s, loss=conditions.loss), seed=7
        )
        self.probes = 0
        self._shared = shared
        self._arrivals = Arrivals(1)
        self._next_frame = self._next_tick = starts_at
        self._unsent_bytes = 0.0
        self._padding: deque[tuple[float, int, int]] = deque()  # when, size, probe
        shared.flows.append(self)

    def poll_timeout(self) -> float:
        """When something happens next."""
        timeouts = [self._next_frame, self._next_tick]
        if self._padding:
            timeouts.append(self._padding[0][0])
        for timeout in (self.pacer.poll_timeout(), self.back.poll_timeout()):
            if timeout is not None:
                timeouts.append(timeout)
        report = self._arrivals.poll_timeout()
        if report is not None:
            timeouts.append(report - CLIENT_CLOCK_S)
        return min(timeouts)

    def handle_timeout(self, now: float) -> None:
        """Both ends do what is due."""
        if now >= self._next_tick:
            self._tick(now)
        while self._padding and self._padding[0][0] <= now:
            _, size_bytes, probe_id = self._padding.popleft()
            self.pacer.take(now, size_bytes)
            self._send(now, size_bytes, probe_id)
        if now >= self._next_frame:
            self._send_frame(now)
        for size_bytes in self.pacer.due(now):
            self._send(now, size_bytes)
        while (report := self._arrivals.feedback(now + CLIENT_CLOCK_S + 1e-6)) is not None:
            self.back.send(now, compose([report]))
        for data in self.back.receive(now):
            for feedback in parse_compound(data):
                assert isinstance(feedback, TransportFeedback)
                self.bandwidth.handle_feedback(now, feedback)

    def receive(self, now: float, packet: Packet) -> None:
        """A packet reached the client."""
        self._arrivals.receive(now + CLIENT_CLOCK_S, packet.number)
        self.record.arrivals.append((now, now - packet.sent_at, packet.size_bytes))

    def _tick(self, now: float) -> None:
        self._next_tick = now + TICK_S
        timeout = self.bandwidth.poll_timeout()
        if timeout is not None and timeout <= now:
            self.bandwidth.handle_timeout(now)
        probe = self.bandwidth.next_probe(now, self.wants_bps)
        if probe is not None:
            self.probes += 1
            gap_s = 8 * probe.packet_bytes / probe.rate_bps
            for index in range(ceil(probe.size_bytes / probe.packet_bytes)):
                self._padding.append((now + index * gap_s, probe.packet_bytes, probe.id))
        self.pacer.rate_bps = int(PACE * self.bandwidth.target_bps)
        self.record.targets.append((now, self.bandwidth.target_bps))

    def _send_frame(self, now: float) -> None:
        self._next_frame += FRAME_S
        self._unsent_bytes += min(self.bandwidth.target_bps, self.uses_bps) / 8 * FRAME_S
        count = max(1, ceil(self._unsent_bytes / MOST_PACKET_BYTES))
        size_bytes = int(self._unsent_bytes / count)
        if size_bytes < LEAST_PACKET_BYTES:
            return  # a frame is skipped where the rate does not pay for its headers
        self._unsent_bytes = 0.0
        for _ in range(count):
            if self.pacer.may_send(now, size_bytes):
                self._send(now, size_bytes)
            else:
                self.pacer.queue(Priority.VIDEO, size_bytes, size_bytes, now)

    def _send(self, now: float, size_bytes: int, probe_id: int = 0) -> None:
        number = self.bandwidth.packet_sent(now, size_bytes, probe_id)
        self._shared.link.send(now, Packet(self, number, now, size_bytes))


class TcpFlow:
    """A greedy download: Reno's window with fast recovery and a retransmission timer (RFC 5681)."""

    def __init__(self, shared: SharedLink, *, starts_at: float = 0.0) -> None:
        self.record = Record()
        self._shared = shared
        self._back: Link[Packet] = Link(Conditions(delay_s=shared.link.conditions.delay_s), seed=8)
        self._window = 10.0
        self._threshold = inf
        self._next = 0
        self._unacknowledged: dict[int, float] = {}
        self._recovered_at = 0  # losses before this number belong to one event
        self._round_trip_s = 0.2
        self._timer = starts_at
        shared.flows.append(self)

    def poll_timeout(self) -> float:
        """When something happens next."""
        arrival = self._back.poll_timeout()
        return self._timer if arrival is None else min(arrival, self._timer)

    def handle_timeout(self, now: float) -> None:
        """Take acknowledgements, and send what the window allows."""
        acknowledged = self._back.receive(now)
        for packet in acknowledged:
            self._acknowledge(now, packet)
        if acknowledged:
            self._timer = now + 0.5 + 2 * self._round_trip_s
        elif now >= self._timer:
            self._unacknowledged.clear()
            self._threshold = max(2.0, self._window / 2)
            self._window = 1.0 if self._next else 10.0
            self._timer = now + 1.0
        while len(self._unacknowledged) < int(self._window) and now >= 0 and self._timer > now:
            self._unacknowledged[self._next] = now
            self._shared.link.send(now, Packet(self, self._next, now, MOST_PACKET_BYTES))
            self._next += 1

    def receive(self, now: float, packet: Packet) -> None:
        """A packet reached the client, which acknowledges each."""
        self.record.arrivals.append((now, now - packet.sent_at, packet.size_bytes))
        self._back.send(now, packet)

    def _acknowledge(self, now: float, packet: Packet) -> None:
        self._unacknowledged.pop(packet.number, None)
        self._round_trip_s += (now - packet.sent_at - self._round_trip_s) / 8
        self._window += 1.0 if self._window < self._threshold else 1 / self._window
        lost = [number for number in self._unacknowledged if number < packet.number - 3]
        for number in lost:
            del self._unacknowledged[number]
        if lost and lost[-1] >= self._recovered_at:
            self._window = self._threshold = max(2.0, self._window / 2)
            self._recovered_at = self._next
