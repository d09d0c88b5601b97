"""Lost packets come back: a publisher and our reception joined by a bad network, in simulated time.

Everything crosses the link as bytes, so packets, RTX, NACKs, cache and reception are tested together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.arrivals import Arrivals
from media.packet_cache import PacketCache
from media.packets import build_rtp, is_rtcp, parse_rtp, unwrap_rtx, wrap_rtx
from media.reception import Arrival, Reception
from media.rtcp import Nack, TransportFeedback, compose, parse_compound
from tests.network import Conditions, Link

MEDIA, RTX = 1000, 2000
TRANSPORT_SEQUENCE = 5  # header extension id
FRAMES_PER_SECOND, PACKETS_PER_FRAME = 30, 5


class Publisher:
    """Sends video and answers NACKs by RTX, as a browser does: once per round trip."""

    def __init__(self, first_sequence_number: int, rtt_s: float) -> None:
        self._rtt_s = rtt_s
        self._answered_at: dict[int, float] = {}
        self.sent = 0
        self.retransmitted = 0
        self.acknowledged: set[int] = set()  # transport-wide numbers reported as arrived
        self._first = first_sequence_number
        self._transport_sequence = 65_000
        self._cache = PacketCache(1024)

    def frame(self, now: float) -> list[bytes]:
        packets = []
        for index in range(PACKETS_PER_FRAME):
            number = (self._first + self.sent) & 0xFFFF
            self.sent += 1
            data = build_rtp(
                payload_type=96,
                marker=index == PACKETS_PER_FRAME - 1,
                sequence_number=number,
                timestamp=int(now * 90_000) & 0xFFFFFFFF,
                ssrc=MEDIA,
                extensions=((TRANSPORT_SEQUENCE, self._next_transport_sequence()),),
                payload=number.to_bytes(2, "big"),
            )
            self._cache.store(number, data)
            packets.append(data)
        return packets

    def handle_rtcp(self, now: float, data: bytes) -> list[bytes]:
        packets = []
        for packet in parse_compound(data):
            if isinstance(packet, Nack):
                due = [n for n in packet.lost if now - self._answered_at.get(n, -inf) >= self._rtt_s]
                self._answered_at |= dict.fromkeys(due, now)
                found = [self._cache.get(number) for number in due]
                packets += [self._retransmit(data) for data in found if data is not None]
            elif isinstance(packet, TransportFeedback):
                for index, delta in enumerate(packet.deltas):
                    if delta is not None:
                        self.acknowledged.add(packet.base_sequence + index & 0xFFFF)
        return packets

    def _retransmit(self, data: bytes) -> bytes:
        packet = parse_rtp(data)
        rtx = wrap_rtx(packet, payload_type=97, ssrc=RTX, sequence_number=self.retransmitted & 0xFFFF)
        self.retransmitted += 1
        ((_, offset, _),) = packet.extensions
        return rtx[:offset] + self._next_transport_sequence() + rtx[offset + 2 :]

    def _next_transport_sequence(self) -> bytes:
        number = self._transport_sequence & 0xFFFF
        self._transport_sequence += 1
        return number.to_bytes(2, "big")


@dataclass
class Receiver:
    """Our side: reception, NACKs and transport-wide reports."""

    reception: Reception = field(default_factory=lambda: Reception(90_000))
    arrivals: Arrivals = field(default_factory=lambda: Arrivals(1))
    delivered: list[int] = field(default_factory=list)
    transport_sequences: set[int] = field(default_factory=set)
    asked: int = 0

    def handle_rtp(self, now: float, data: bytes) -> None:
        packet = parse_rtp(data)
        value = packet.extension(TRANSPORT_SEQUENCE)
        assert value is not None
        self.transport_sequences.add(int.from_bytes(value, "big"))
        self.arrivals.receive(now, int.from_bytes(value, "big"), packet.ssrc)
        if packet.ssrc == RTX:
            original = unwrap_rtx(packet, 96, MEDIA)
            assert original is not None
            packet = parse_rtp(original)
            arrival = self.reception.recover(now, packet.sequence_number, packet.timestamp)
        else:
            arrival = self.reception.receive(now, packet.sequence_number, packet.timestamp)
        assert packet.payload == packet.sequence_number.to_bytes(2, "big")
        assert arrival is not Arrival.RESTART
        if arrival is not Arrival.DUPLICATE:
            self.delivered.append(packet.sequence_number)

    def handle_timeout(self, now: float) -> list[bytes]:
        lost = self.reception.nacks(now)
        self.asked += len(lost)
        messages = [compose([Nack(1, MEDIA, lost)])] if lost else []
        feedback = self.arrivals.feedback(now)
        return [*messages, compose([feedback])] if feedback else messages

    def poll_timeout(self) -> float | None:
        timeouts = [self.reception.poll_timeout(), self.arrivals.poll_timeout()]
        return min((timeout for timeout in timeouts if timeout is not None), default=None)


def call(
    there: Conditions, back: Conditions, *, seed: int, seconds: float = 20.0, first: int = 65_000
) -> tuple[Publisher, Receiver, Link[bytes]]:
    """A call of so many seconds, and four more for what is under way."""
    publisher, receiver = Publisher(first, there.delay_s + back.delay_s), Receiver()
    uplink: Link[bytes] = Link(there, seed)
    downlink: Link[bytes] = Link(back, seed + 1000)
    frame_at, now = 100.0, 100.0
    while now < 104.0 + seconds:
        if now >= frame_at:
            for data in publisher.frame(now):
                uplink.send(now, data)
            frame_at = frame_at + 1 / FRAMES_PER_SECOND if frame_at < 100.0 + seconds else 1e9
        for data in uplink.receive(now):
            assert not is_rtcp(data)
            receiver.handle_rtp(now, data)
        for data in receiver.handle_timeout(now):
            downlink.send(now, data)
        for data in downlink.receive(now):
            for packet in publisher.handle_rtcp(now, data):
                uplink.send(now, packet)
        timeouts = (uplink.poll_timeout(), downlink.poll_timeout(), receiver.poll_timeout(), frame_at)
        now = max(now, min(timeout for timeout in timeouts if timeout is not None))
    return publisher, receiver, uplink


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("there", "back"),
    [
        (Conditions(delay_s=0.03, loss=0.05), Conditions(delay_s=0.03, loss=0.05)),
        (Conditions(delay_s=0.03, jitter_s=0.02, loss=0.05, reorder=0.02), Conditions(delay_s=0.03)),
        (Conditions(delay_s=0.03, burst=0.01, burst_messages=8), Conditions(delay_s=0.03)),
        (Conditions(delay_s=0.2, loss=0.1), Conditions(delay_s=0.2)),
    ],
    ids=["random", "jitter and reordering", "bursts", "long round trip"],
)
def test_at_least_99_percent_of_the_lost_packets_are_recovered(
    there: Conditions, back: Conditions, seed: int
) -> None:
    publisher, receiver, uplink = call(there, back, seed=seed)

    # Losses a receiver can know of: not those after the last packet of the call.
    lost, recovered = receiver.reception.lost, receiver.reception.recovered
    assert lost > 0.03 * publisher.sent, "the link was bad enough to mean something"
    assert recovered >= 0.99 * lost
    assert len(receiver.delivered) == receiver.reception.packets
    assert len(set(receiver.delivered)) == len(receiver.delivered), "nothing is forwarded twice"
    assert publisher.retransmitted <= 1.5 * uplink.lost + 5, "and nothing is asked for needlessly"
    assert not receiver.reception.needs_key_frame


conditions = st.builds(
    Conditions,
    delay_s=st.floats(0, 0.5),
    jitter_s=st.floats(0, 0.2),
    loss=st.floats(0, 0.5),
    burst=st.floats(0, 0.1),
    burst_messages=st.floats(1, 60),
    reorder=st.floats(0, 1),
    reorder_s=st.floats(0, 0.3),
)


@settings(max_examples=40, deadline=None)
@given(there=conditions, back=conditions, seed=st.integers(0, 10_000), first=st.integers(0, 0xFFFF))
def test_no_network_makes_us_deliver_twice_or_ask_for_ever(
    there: Conditions, back: Conditions, seed: int, first: int
) -> None:
    publisher, receiver, _ = call(there, back, seed=seed, seconds=3.0, first=first)

    assert len(set(receiver.delivered)) == len(receiver.delivered)
    assert receiver.asked <= 20 * publisher.sent
    assert receiver.reception.poll_timeout() is None, "four seconds later nothing is asked for any more"
    assert publisher.acknowledged <= receiver.transport_sequences


@pytest.mark.parametrize("seed", range(3))
def test_slight_reordering_alone_hardly_asks_for_anything(seed: int) -> None:
    reordering = Conditions(delay_s=0.03, reorder=0.05, reorder_s=0.004)

    publisher, receiver, _ = call(reordering, Conditions(delay_s=0.03), seed=seed)

    assert len(receiver.delivered) == publisher.sent
    assert receiver.reception.lost == 0
    assert receiver.asked <= 0.05 * publisher.sent


@pytest.mark.parametrize("seed", range(3))
def test_the_publisher_learns_of_exactly_the_packets_that_arrived(seed: int) -> None:
    there = Conditions(delay_s=0.03, jitter_s=0.03, loss=0.03, burst=0.005, reorder=0.05, reorder_s=0.05)

    publisher, receiver, _ = call(there, Conditions(delay_s=0.03), seed=seed)

    assert publisher.acknowledged == receiver.transport_sequences


def test_an_outage_ends_in_a_key_frame_request_and_not_in_a_flood() -> None:
    reception = Reception(90_000)
    asked = 0
    for number in range(10_000):
        if 2000 <= number < 4000:
            continue  # about 13 s at this rate
        now = number / 150
        reception.receive(now, number, number)
        asked += len(reception.nacks(now))

    assert reception.needs_key_frame
    assert asked == 0
