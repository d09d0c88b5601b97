"""Everything that is sent to one client: how much its line carries, who gets which share, what must wait.

Packets pass through `send` in order of sending. Where the client reports arrivals (transport-wide congestion
control), each gets a running number, an estimate follows the line, video that is too much for the moment
waits in the pacer, and a few times a second the estimate is shared among the video copies: audio first, then
by urgency. Where it does not, everything leaves at once. Sans-IO: `write` takes the numbers of a packet and
puts it on its way, `wake` hears when `handle_timeout` wants to be called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp
from struct import Struct
from typing import TYPE_CHECKING

from .allocation import Allocator, wanted_bps
from .bandwidth import Bandwidth
from .layer_rates import WIRE_OVERHEAD_BYTES
from .pacing import OLDEST_S, Pacer, Priority
from .probing import Probe
from .rtcp import TransportFeedback

if TYPE_CHECKING:
    from .consumer import Consumer

START_BPS = 500_000  # a medium picture and a voice; a probe raises it within the first round trips
# Not above the estimate: ordinary pictures pass at once within the pacer's burst, and a key frame six times
# as large must not become a queue on the line, which the estimate would take for congestion.
PACING_FACTOR = 1.0
VOICE_SHARE = 0.9  # of the estimate may go to those who speak, before any picture
LEAST_PICTURE_BPS = 15_000  # less is not worth the 0.14 s that one packet blocks a voice's line of 64 kbps
STILL_AGE_S = 12.0  # stills take their time: they are dropped when they have waited this long
SHARING_INTERVAL_S = 0.2
CLOGGED_BPS = 40_000  # goes to pictures while a queue that they made delays the voice
BACKLOG_S = 0.3  # waiting for longer is too much
MAX_PADDING_BYTES = 255
LOSSY = 0.02  # from here on repeating a voice is worth a try:
TRY_FACTOR = 1.6  # times what it takes; the next dearer packing is within reach
QUEUE_S = 0.08  # beyond doubt: one packet of a voice takes 0.05 s at 64 kbps
LONGEST_TRY_WAIT_S = 30.0
LEAST_PATIENCE_S = 0.02
PATIENT_SHARE = 0.7  # of the round trip, which by our measure includes the client's wait before it reports
_ROOM = 1.3  # how much more than is wanted a probe looks for: an upgrade needs headroom, a probe a reason
_SUDDEN = 0.9  # a fall of the estimate below this share of itself is answered at once
_MEASURED_S = 0.55  # how far back the measured rates look, about
_CC_BLOCK = Struct("!HHBHB")  # a one-byte-form block with the sequence number alone (RFC 8285 section 4.2)
_ELEMENT = Struct("!BHB")
_LONG_ELEMENT = Struct("!BBH")
_ONE_BYTE_FORM, _TWO_BYTE_FORM = 0xBEDE, 0x1000
_RTP, _EXTENSION, _PADDING = 0x80, 0x10, 0x20

# first byte, second byte, sequence number, timestamp, SSRC, extension block, payload; answers the size
Write = Callable[[int, int, int, int, int, bytes, bytes], object]
Waiting = tuple[int, int, int, int, bytes, bytes]  # the same without the first byte


class Downlink:
    """What one client is sent. `consumers` are its copies, video and audio."""

    __slots__ = (
        "_allocator",
        "_audio_bps",
        "_audio_bytes",
        "_bandwidth",
        "_cc_number",
        "_dropped",
        "_is_clogged",
        "_pacer",
        "_probe",
        "_probe_at",
        "_probe_left",
        "_repair_bps",
        "_repair_bytes",
        "_shared_at",
        "_try_at",
        "_try_wait_s",
        "_wake",
        "_wanted_bps",
        "_write",
        "consumers",
        "limit_bps",
    )

    def __init__(self, write: Write, wake: Callable[[float], object]) -> None:
        self.consumers: dict[int, Consumer] = {}  # by their SSRC
        self.limit_bps: int | None = None  # never more than this, whatever the line carries
        self._write = write
        self._wake = wake
        self._cc_number = 0
        self._bandwidth: Bandwidth | None = None
        self._pacer: Pacer[Waiting] = Pacer(0.0, START_BPS)
        self._allocator = Allocator()
        self._shared_at = 0.0
        self._audio_bytes = self._repair_bytes = 0  # since the last sharing
        self._audio_bps = self._repair_bps = 0.0
        self._dropped = 0
        self._is_clogged = False
        self._probe: Probe | None = None
        self._probe_at = 0.0
        self._probe_left = 0
        self._wanted_bps = 0.0
        self._try_at = 0.0
        self._try_wait_s = 1.0

    # -- what the line carries -----------------------------------------------------------------------

    @property
    def bandwidth(self) -> Bandwidth | None:
        """The estimate; None where the client gives no means to make one."""
        return self._bandwidth

    def negotiated(self, now: float, cc_number: int) -> None:
        """Which extension carries transport-wide sequence numbers; 0: the client knows none."""
        self._cc_number = cc_number
        if cc_number and self._bandwidth is None:
            self._bandwidth = Bandwidth(now, START_BPS)
            self._pacer = Pacer(now, int(PACING_FACTOR * START_BPS))
            self._shared_at = now
            self._wake(now + SHARING_INTERVAL_S)

    def handle_feedback(self, now: float, feedback: TransportFeedback) -> None:
        """The client reports arrivals."""
        bandwidth = self._bandwidth
        if bandwidth is None or not self._cc_number:
            return
        before = bandwidth.target_bps
        bandwidth.handle_feedback(now, feedback)
        self._follow(now, bandwidth, before)
        self._look_for_more(now, bandwidth)  # each step of a chain of probes follows the report on the last

    def handle_remb(self, now: float, bitrate_bps: int) -> None:
        """The client says what it believes it can take."""
        if (bandwidth := self._bandwidth) is not None:
            before = bandwidth.target_bps
            bandwidth.handle_remb(now, bitrate_bps)
            self._follow(now, bandwidth, before)

    def handle_loss_report(self, now: float, fraction_lost: float, rtt_s: float | None) -> None:
        """A receiver report on one of the copies."""
        if (bandwidth := self._bandwidth) is not None:
            before = bandwidth.target_bps
            bandwidth.handle_loss_report(now, fraction_lost, rtt_s)
            self._follow(now, bandwidth, before)

    def _follow(self, now: float, bandwidth: Bandwidth, before: int) -> None:
        """The estimate may have moved: what is too much now must not wait for the next turn."""
        is_clogged = bandwidth.is_clogged(now)
        if bandwidth.target_bps < _SUDDEN * before or is_clogged != self._is_clogged:
            self._is_clogged = is_clogged
            self._share(now, bandwidth)

    def _hold_back(self) -> None:
        """Next to no pictures until there is news of what is in flight."""
        self._is_clogged = True
        self._pacer.rate_bps = min(self._pacer.rate_bps, CLOGGED_BPS)

    @property
    def waits_s(self) -> float:
        """How long what is queued now takes to leave."""
        return 8 * self._pacer.queued_bytes / self._pacer.rate_bps

    @property
    def is_lossy(self) -> bool:
        """Whether packets get lost without a queue: by accident, not because there are too many."""
        bandwidth = self._bandwidth
        return bandwidth is not None and bandwidth.loss >= LOSSY and bandwidth.queue_s < QUEUE_S

    def repair_patience_s(self) -> float:
        """How long a repair sent now takes to arrive, at the least: until then another would be wasted."""
        if (bandwidth := self._bandwidth) is None:
            return LEAST_PATIENCE_S
        waits_s = 8 * self._pacer.bytes_of(Priority.REPAIR) / self._pacer.rate_bps  # pictures wait behind it
        return max(LEAST_PATIENCE_S, PATIENT_SHARE * (bandwidth.rtt_s or 0.0)) + waits_s

    # -- packets -------------------------------------------------------------------------------------

    def send(
        self,
        now: float,
        priority: Priority | None,
        second: int,
        sequence_number: int,
        timestamp: int,
        ssrc: int,
        block: bytes,
        payload: bytes,
    ) -> None:
        """Send an RTP packet now or when there is room; without a priority (audio) it never waits.

        ``second`` is the header's second byte, ``block`` a whole header extension block or empty.
        """
        if self._bandwidth is None:
            first = _RTP | _EXTENSION if block else _RTP
            self._write(first, second, sequence_number, timestamp, ssrc, block, payload)
            return
        size = len(payload) + len(block) + WIRE_OVERHEAD_BYTES
        pacer = self._pacer
        if now >= self._bandwidth.overdue_at:
            self._hold_back()
        if priority is None:
            self._audio_bytes += size
            pacer.take(now, size)
        elif not pacer.may_send(now, size):
            item = (second, sequence_number, timestamp, ssrc, block, payload)
            pacer.queue(priority, item, size, now)
            timeout = pacer.poll_timeout()
            if timeout is not None:
                self._wake(timeout)
            return
        elif priority is Priority.REPAIR:
            self._repair_bytes += size
        number = self._bandwidth.packet_sent(now, size)
        if self._cc_number:
            block = self._with_number(block, number)
        self._write(
            _RTP | _EXTENSION if block else _RTP, second, sequence_number, timestamp, ssrc, block, payload
        )

    @property
    def oldest_picture_at(self) -> float:
        """When the picture that leaves next began to wait; infinity where none does."""
        return self._pacer.oldest_at(Priority.VIDEO)

    def discard(self, ssrc: int, rtx_ssrc: int, *, but_begun: bool = False) -> set[int]:
        """Throw away what waits of a copy and its repairs, but perhaps the picture that comes next.

        Answers the sequence numbers of the packets that will never be sent, repairs left out.
        """
        pacer = self._pacer
        pacer.discard(Priority.REPAIR, lambda waiting: waiting[3] in (ssrc, rtx_ssrc))
        next_timestamp = -1

        def is_useless(waiting: Waiting) -> bool:
            nonlocal next_timestamp
            if waiting[3] == ssrc and but_begun and next_timestamp < 0:
                next_timestamp = waiting[2]
            return waiting[3] == ssrc and waiting[2] != next_timestamp

        return {waiting[1] for waiting in pacer.discard(Priority.VIDEO, is_useless)}

    def send_padding(
        self,
        now: float,
        second: int,
        sequence_number: int,
        timestamp: int,
        ssrc: int,
        size_bytes: int,
        probe: int,
    ) -> None:
        """Send a packet of nothing but padding, about so large on the wire, for a probe."""
        if self._bandwidth is None:
            return
        length = min(MAX_PADDING_BYTES, max(1, size_bytes - WIRE_OVERHEAD_BYTES))
        number = self._bandwidth.packet_sent(now, length + WIRE_OVERHEAD_BYTES, probe)
        block = self._with_number(b"", number) if self._cc_number else b""
        first = _RTP | _PADDING | (_EXTENSION if block else 0)
        padding = bytes(length - 1) + bytes((length,))
        self._pacer.take(now, length + WIRE_OVERHEAD_BYTES)
        self._write(first, second, sequence_number, timestamp, ssrc, block, padding)

    def _with_number(self, block: bytes, number: int) -> bytes:
        """The extension block with the transport-wide sequence number in front of what it has."""
        cc = self._cc_number
        if not block:
            if cc < 15:
                return _CC_BLOCK.pack(_ONE_BYTE_FORM, 1, cc << 4 | 1, number, 0)
            return _CC_BLOCK.pack(_TWO_BYTE_FORM, 1, cc, 0x0200 | number >> 8, number & 0xFF)
        words = (block[2] << 8 | block[3]) + 1
        if block[0] == 0xBE:
            if cc > 14:
                return block  # our own offers and all browsers stay below; better unnumbered than unreadable
            element = _ELEMENT.pack(cc << 4 | 1, number, 0)
        else:
            element = _LONG_ELEMENT.pack(cc, 2, number)
        return block[:2] + words.to_bytes(2, "big") + element + block[4:]

    # -- time ----------------------------------------------------------------------------------------

    def wake(self, at: float) -> None:
        """Have `handle_timeout` called then."""
        self._wake(at)

    def poll_timeout(self) -> float | None:
        """When `handle_timeout` wants to be called next; None while nothing is estimated."""
        if self._bandwidth is None:
            return None
        times = [self._shared_at + SHARING_INTERVAL_S]
        times += [at for consumer in self.consumers.values() if (at := consumer.poll_timeout()) is not None]
        if (paced := self._pacer.poll_timeout()) is not None:
            times.append(paced)
        if self._probe is not None:
            times.append(self._probe_at)
        return min(times)

    def handle_timeout(self, now: float) -> None:
        """Send what waited, go on with a probe, share anew."""
        bandwidth = self._bandwidth
        if bandwidth is None:
            return
        for consumer in self.consumers.values():
            consumer.handle_timeout(now)
        self._send_waiting(now, bandwidth)
        if self._probe is not None and now >= self._probe_at:
            self._pad(now, self._probe)
        if now >= self._shared_at + SHARING_INTERVAL_S:
            bandwidth.handle_timeout(now)
            self._share(now, bandwidth)

    def _send_waiting(self, now: float, bandwidth: Bandwidth) -> None:
        for second, sequence_number, timestamp, ssrc, block, payload in self._pacer.due(now):
            size = len(payload) + len(block) + WIRE_OVERHEAD_BYTES
            number = bandwidth.packet_sent(now, size)
            numbered = self._with_number(block, number) if self._cc_number else block
            first = _RTP | _EXTENSION if numbered else _RTP
            self._write(first, second, sequence_number, timestamp, ssrc, numbered, payload)
        if self._pacer.dropped != self._dropped:
            self._dropped = self._pacer.dropped
            for consumer in self.consumers.values():
                if consumer.is_adaptive:
                    consumer.give_up()
                    consumer.request_key_frame(now)

    def _share(self, now: float, bandwidth: Bandwidth) -> None:
        """Give each video copy its part of the estimate, and see whether more is worth looking for."""
        self._measure(now)
        copies = [consumer for consumer in self.consumers.values() if consumer.is_adaptive]
        demands = [consumer.demand(now) for consumer in copies]
        wanted = wanted_bps(demands)
        backlog = self._backlog()
        demands = [
            copy.relieved(d, backlog.get(copy.ssrc, 0)) for copy, d in zip(copies, demands, strict=True)
        ]
        target = bandwidth.target_bps if self.limit_bps is None else min(bandwidth.target_bps, self.limit_bps)
        reserved = self._audio_bps + self._repair_bps
        voices = [consumer for consumer in self.consumers.values() if consumer.is_speaking(now)]
        for voice in voices:
            voice.adapt_voice(self._voice_bps(now, bandwidth, target, copies) / len(voices), bandwidth.loss)
        left = target - reserved
        choices = self._allocator.update(now, left if left >= LEAST_PICTURE_BPS else 0, demands)
        for consumer, choice in zip(copies, choices, strict=True):
            consumer.adapt(now, choice)
        if any(choice.mode == "stills" for choice in choices):
            self._pacer.rate_bps = (
                int(min(target, reserved + _ROOM * sum(choice.bps for choice in choices))) or 1
            )
            self._pacer.oldest_s = STILL_AGE_S
        else:
            self._pacer.rate_bps = int(PACING_FACTOR * target) or 1
            self._pacer.oldest_s = OLDEST_S
        if self._is_clogged:
            self._pacer.rate_bps = min(self._pacer.rate_bps, CLOGGED_BPS)
        is_limited = self.limit_bps is not None or not copies
        self._wanted_bps = 0.0 if is_limited else _ROOM * (wanted + reserved)
        self._look_for_more(now, bandwidth)

    def _backlog(self) -> dict[int, int]:
        """Which copy has the most waiting, when that is more than belongs there, and how many bytes.

        A picture that begins to move, or whose publisher has only just begun, costs more than was measured.
        """
        if self.waits_s < BACKLOG_S or self._pacer.oldest_s > OLDEST_S:  # stills wait on purpose
            return {}
        waiting: dict[int, int] = {}
        for item in self._pacer.items(Priority.VIDEO):
            waiting[item[3]] = waiting.get(item[3], 0) + len(item[5]) + WIRE_OVERHEAD_BYTES
        most = max(waiting, key=waiting.__getitem__, default=0)
        return {most: waiting.get(most, 0) - int(BACKLOG_S * self._pacer.rate_bps / 8)}

    def _look_for_more(self, now: float, bandwidth: Bandwidth) -> None:
        """Probe, where more is wanted than is known to be there."""
        if self._probe is not None or not self._wanted_bps:
            return
        probe = bandwidth.next_probe(now, self._wanted_bps)
        if probe is not None:
            self._probe, self._probe_at, self._probe_left = probe, now, probe.size_bytes
            self._pad(now, probe)

    def _voice_bps(
        self, now: float, bandwidth: Bandwidth, target_bps: float, copies: Sequence[Consumer]
    ) -> float:
        """What the voices may take together.

        Without a picture nothing is there to probe with, and an estimate that fell to what a voice takes
        would keep it from ever being repeated. So a lossy line without a queue is tried with a voice that
        takes more, longer after each time that a queue came of it.
        """
        share_bps = VOICE_SHARE * target_bps
        if copies or self.limit_bps is not None or bandwidth.loss < LOSSY:
            return share_bps
        if bandwidth.queue_s > QUEUE_S:
            if now >= self._try_at:
                self._try_wait_s = min(2 * self._try_wait_s, LONGEST_TRY_WAIT_S)
            self._try_at = now + self._try_wait_s
        return max(share_bps, TRY_FACTOR * self._audio_bps) if now >= self._try_at else share_bps

    def _measure(self, now: float) -> None:
        span_s = now - self._shared_at
        self._shared_at = now
        if span_s > 0:
            # By time, not by turn: turns that follow a fall at once would take one packet for a rate.
            weight = 1 - exp(-span_s / _MEASURED_S)
            self._audio_bps += (8 * self._audio_bytes / span_s - self._audio_bps) * weight
            self._repair_bps += (8 * self._repair_bytes / span_s - self._repair_bps) * weight
            self._audio_bytes = self._repair_bytes = 0

    def _pad(self, now: float, probe: Probe) -> None:
        """Send the padding that is due, as evenly as the clock allows."""
        source = next((consumer for consumer in self.consumers.values() if consumer.can_pad), None)
        if source is None:
            self._probe = None
            return
        interval_s = 8 * probe.packet_bytes / probe.rate_bps
        while self._probe_at <= now and self._probe_left > 0:
            source.send_padding(now, probe.packet_bytes, probe.id)
            self._probe_left -= probe.packet_bytes
            self._probe_at += interval_s
        if self._probe_left <= 0:
            self._probe = None
        else:
            self._wake(self._probe_at)
