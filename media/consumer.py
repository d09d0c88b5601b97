"""Consumer: one copy of a producer on its way to one client, under the client's own numbers.

Sequence numbers, timestamps and VP8 picture ids stay continuous over dropped padding, pauses and switches
between simulcast encodings, so the client's decoder never notices. What is sent is the best that the client
wants *and* its line carries, down to a key frame every few seconds ("stills") and to nothing. Sans-IO:
packets and ``now`` (monotonic seconds) in, packets out through the downlink given at construction.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import replace

from . import capabilities
from .allocation import Choice, Demand, Rank
from .audio_packing import Outgoing
from .copy_reports import CopyReports
from .downlink import Downlink
from .layers import DROP_PICTURE, MARK, SPATIAL, TEMPORAL, LayerFilter
from .negotiation import Parameters
from .pacing import Priority
from .packets import RtpPacket, parse_rtp
from .producer import START_INTERVAL_S, Producer, SendRtcp, Stream
from .renumber import Renumber, Segment, Shift
from .repairs import Repairs
from .rewriting import extension_block, shift_after, shift_vp8
from .rtcp import ReportBlock, SenderReport
from .voice import Voice

ON_ITS_WAY_S = 0.25  # from a mouth to here, usually
REPLAY_STEP = 90  # timestamp ticks between replayed pictures: a millisecond at the 90 kHz of all video
REPLAYS = 2  # of one key frame: enough for a picture hidden and shown again, too little to be an attack
SUPERSEDED_S = 0.2  # a shorter wait is not worth the gap in the numbers
_SEQUENCE = struct.Struct("!H")


class Consumer:
    """One copy of a producer for one client, under its own SSRC, payload types and extension numbers."""

    def __init__(
        self,
        consumer_id: str,
        producer: Producer,
        ssrc: int,
        rtx_ssrc: int,
        downlink: Downlink,
        send_rtcp: SendRtcp,
    ) -> None:
        self.id = consumer_id
        self.producer = producer
        self.ssrc = ssrc
        self.rtx_ssrc = rtx_ssrc
        self.is_paused = False  # by the client's wish
        self.is_withheld = False  # by the server's, whatever the client wishes
        self.is_starved = False  # the line does not carry even its lowest layer: stills at most
        self.may_starve = True  # the client understands a picture that stops
        self.rank = Rank.VIDEO
        self.priority = 0  # LiveKit's: 1 is the highest, 0 none
        self.is_closed = False
        self.pending_since = 0.0
        self.stream: Stream | None = None  # whose packets are forwarded now
        self.packets = self.octets = 0
        self.reports = CopyReports(ssrc, producer.clock_rate_hz)
        self.retransmitted = 0
        self.on_attached: Callable[[Consumer], object] = _nothing
        self.on_close: Callable[[Consumer], object] = _nothing
        self.on_starved: Callable[[Consumer], object] = _nothing
        self._downlink = downlink
        self._priority = Priority.VIDEO if producer.kind == "video" else None  # a voice never waits
        self._send_rtcp = send_rtcp
        self._quality = 2  # the best the client wants
        self._allowed = 2  # the best its line carries
        self._allowed_temporal = TEMPORAL - 1
        self._voice: Voice | None = None  # where audio may be packed otherwise
        self._filter: LayerFilter | None = None  # where the stream has layers of its own
        self._still_interval_s = 0  # 0: everything is sent, not only key frames
        self._still_at = 0.0
        self._still_timestamp = -1  # of the key frame being sent as a still, as it came
        self._replayed = (0, -1, 0)  # SSRC, number and replays of the key frame replayed last
        self._target: Stream | None = None  # whose key frame is awaited
        self._is_attached = False
        self._released_at = float("-inf")  # what comes earlier was meant for others
        self._line: Renumber[Stream] = Renumber()
        self._repairs = Repairs()
        self._newest = b""  # payload as it was sent last, repairs and what came late left out
        self._last_timestamp = 0  # outgoing
        self._sent_at = 0.0
        self._next_rtx = ssrc & 0x7FFF
        self._payload_types: dict[int, int] = {}
        self._repair_types: dict[int, int] = {}
        self._extension_numbers: dict[int, int] = {}
        producer.consumers.append(self)
        downlink.consumers[ssrc] = self

    @property
    def is_adaptive(self) -> bool:
        """Whether it takes part in the sharing of bandwidth: video that the client wants to see."""
        return self._is_attached and not (self.is_paused or self.is_withheld or self._priority is None)

    @property
    def is_reduced(self) -> bool:
        """Whether the client would like a better encoding, which is there, than its line carries."""
        if not self.is_adaptive or self.is_starved or self.stream is None or self._allowed >= self._quality:
            return False
        sent, wanted = self.stream.quality, self._quality
        return any(sent < stream.quality <= wanted for stream in self.producer.streams.values())

    @property
    def can_pad(self) -> bool:
        """Whether padding can be sent on its repair stream."""
        return self._is_attached and bool(self._repair_types)

    def attach(self, now: float, parameters: Parameters) -> None:
        """Start: a section has been agreed. Repeated calls renew the numbers only."""
        ours, theirs = self.producer, parameters
        self._payload_types = capabilities.payload_types(ours.codecs, theirs.codecs)
        self._repair_types = capabilities.repair_types(theirs.codecs)
        self._extension_numbers = capabilities.extension_numbers(ours.extensions, theirs.extensions)
        if ours.kind == "audio":
            self._voice = Voice(ours.codecs, theirs.codecs, is_opaque=ours.is_encrypted)
        if self._is_attached:
            return
        self._is_attached = True
        self.choose(now)
        self.on_attached(self)

    def set_paused(self, now: float, is_paused: bool) -> None:
        """Stop or resume sending; resuming a picture starts with a key frame."""
        self.is_paused = is_paused
        if is_paused:
            self._leave_all()
        else:
            self.choose(now)

    def set_withheld(self, now: float, is_withheld: bool) -> None:
        """Keep the track from this client from the next packet on, or let it come again with the next.

        Nothing of what is sent meanwhile ever reaches the client: not late, not as a repair, not repeated
        in a later packet. What comes within `ON_ITS_WAY_S` of the release counts as sent before.
        """
        if is_withheld == self.is_withheld:
            return
        self.is_withheld = is_withheld
        if is_withheld:
            self._leave_all()
            self._line.forget()
        else:
            self._released_at = now + ON_ITS_WAY_S
            self.choose(now)
        if self._voice is not None:
            self._voice.begin_anew(now)

    def demand(self, now: float) -> Demand:
        """What it would like of the line."""
        layers, key_frames = self.producer.layers(now)
        return Demand(
            id=str(self.ssrc),
            layers=layers,
            wanted=(self._quality, TEMPORAL),
            rank=self.rank,
            priority=self.priority,
            may_pause=self.may_starve,
            key_frame_bytes=key_frames,
        )

    def relieved(self, demand: Demand, backlog_bytes: int) -> Demand:
        """The demand, or something cheaper than what is sent now, where more than a key frame waits."""
        if self.stream is None or backlog_bytes <= demand.key_frame_bytes.get(self.stream.quality, 0):
            return demand
        sent, lowest = (self.stream.quality, self._allowed_temporal), min(demand.layers, default=None)
        return replace(demand, layers=tuple(x for x in demand.layers if x[:2] < sent or x is lowest))

    def adapt(self, now: float, choice: Choice) -> None:
        """Take what was given: a layer, a key frame now and then, or nothing."""
        was_starved, self.is_starved = self.is_starved, choice.mode != "layer"
        if self.is_starved and not was_starved:
            self.give_up()
        self._still_interval_s = choice.interval_s
        self._allowed = choice.quality if choice.quality >= 0 else self._allowed
        self._allowed_temporal = choice.temporal if choice.temporal >= 0 else TEMPORAL - 1
        if choice.mode == "paused":
            self._leave_all()
        elif choice.mode == "stills":
            self._await_still(now, is_first=not was_starved)
        else:
            if self._still_timestamp >= 0:  # what came after the still was left out: begin anew
                self._still_timestamp = -1
                self._leave_all()
                self._drop_waiting()
            self.choose(now)
        self._steer(now)
        if was_starved != self.is_starved:
            self.on_starved(self)

    def _await_still(self, now: float, *, is_first: bool) -> None:
        if is_first:
            self._still_at = now
        if is_first or (self._still_timestamp >= 0 and now >= self._still_at):
            self._still_timestamp = -1
            self._leave_all()
        if self.stream is None and now >= self._still_at:
            self._choose_stream(now)

    def set_quality(self, now: float, quality: int) -> None:
        """Best encoding wanted: 0 low, 1 medium, 2 high."""
        self._quality = max(0, min(2, quality))
        self.choose(now)
        self._steer(now)

    def _steer(self, now: float) -> None:
        """Have the filter of a layered stream follow what is wanted and allowed."""
        if self._filter is None or self.stream is None:
            return
        # Where encodings are streams of their own, the choice of the stream was the choice of the picture.
        has_encodings = len(self.producer.streams) > 1
        spatial = SPATIAL - 1 if has_encodings else min(self._quality, self._allowed)
        self._filter.want(spatial, self._allowed_temporal)
        if self._filter.needs_key_frame:
            self.producer.repair_key_frame(now, self.stream)

    def choose(self, now: float) -> None:
        """Decide which stream to wait for: the best living one that is wanted and that the line carries."""
        if not self.is_starved:
            self._choose_stream(now)

    def _choose_stream(self, now: float) -> None:
        if not self._is_attached or self.is_paused or self.is_withheld or self.is_closed:
            return
        best = self.producer.best(now, min(self._quality, self._allowed))
        if best is None or best is self._target:
            return
        if self._target is not None:
            self.leave(self._target)
        if self.stream is None and not self._still_interval_s:
            self._start_from_recent(now)
        if best is not self.stream:
            self._target = best
            self.pending_since = now
            best.pending.append(self)
            self.producer.start_key_frame(now, best)

    def prepare(self, now: float) -> None:
        """A section is about to be negotiated: have a key frame at hand when it has been."""
        best = self.producer.best(now, min(self._quality, self._allowed))
        if best is not None and now - best.key_frame_at > START_INTERVAL_S:
            self.producer.start_key_frame(now, best)

    def switch(self, now: float, stream: Stream, packet: RtpPacket) -> None:
        """Begin to forward a stream with this packet, continuous with what was sent before."""
        if now < self._released_at:
            return
        stream.pending.remove(self)
        self._target = None
        self.key_frame_begins(now, but_begun=False)
        if self._still_interval_s:
            self._still_timestamp = packet.timestamp
            self._still_at = now + self._still_interval_s
        self._take(stream, packet, self._next_timestamp(now, stream, packet.timestamp))

    def _take(self, stream: Stream, packet: RtpPacket, timestamp: int) -> Shift:
        """Continue with this packet of a stream, sent under this timestamp."""
        if self.stream is not None:
            self.stream.consumers.remove(self)
        stream.consumers.append(self)
        self.stream = stream
        self._filter = LayerFilter() if self._has_layers(stream) else None
        self._steer(self._sent_at)
        later = (timestamp - packet.timestamp) & 0xFFFFFFFF
        shift = shift_after(self._newest, packet, later) if self.producer.is_vp8 else Shift(later)
        self._line.switch(stream, packet.sequence_number, shift, first_out=self.ssrc & 0x7FFF)
        return shift

    def _has_layers(self, stream: Stream) -> bool:
        """Whether layers can be left out of the stream; VP8's only where bandwidth is estimated."""
        if self.producer.kind == "audio" or stream.is_opaque:
            return False
        return not self.producer.is_vp8 or self._downlink.bandwidth is not None

    def _next_timestamp(self, now: float, stream: Stream, incoming: int) -> int:
        """The outgoing timestamp of what is sent now: as much later as time went by, or simply its own."""
        if self._line.segment is None:
            return incoming
        elapsed_s = min(max(now - self._sent_at, 0.001), 3600.0)
        return self._last_timestamp + max(1, round(elapsed_s * stream.reception.clock_rate_hz))

    def _start_from_recent(self, now: float) -> None:
        """Where a key frame of an allowed stream is fresh, send it and what followed: no need to wait."""
        most = min(self._quality, self._allowed)
        fresh = (s for s in self.producer.streams.values() if s.key_frame_at >= self._released_at)
        living = (stream for stream in fresh if stream.quality <= most)
        for stream in sorted(living, key=lambda stream: -stream.quality):
            if self._replayed != (stream.ssrc, stream.key_frame_number, REPLAYS):
                packets = stream.since_key_frame(now)
                if packets:
                    self._replay(now, stream, packets)
                    return

    def _replay(self, now: float, stream: Stream, packets: list[bytes]) -> None:
        """Send packets since a key frame in one go, their pictures a moment apart.

        Under their own timestamps the receiver would take the burst for a late network and play everything
        that follows as much later.
        """
        parsed = [parse_rtp(data) if data else None for data in packets]
        times = list(dict.fromkeys(packet.timestamp for packet in parsed if packet is not None))
        first = parsed[0]
        if first is None:
            return
        spread = (len(times) - 1) * REPLAY_STEP
        start = times[-1] - spread if self._line.segment is None else self._next_timestamp(now, stream, 0)
        shift = self._take(stream, first, start)
        timestamp = first.timestamp
        for number, packet in enumerate(parsed, stream.key_frame_number):
            if packet is None:
                self._line.drop(number & 0xFFFF)
                continue
            self.producer.describe(stream, packet)
            if packet.timestamp != timestamp:
                timestamp = packet.timestamp
                start += REPLAY_STEP
                shift = replace(shift, timestamp=(start - timestamp) & 0xFFFFFFFF)
                self._line.reshift(packet.sequence_number, shift)
            self.forward(now, packet, packet.payload)
        ssrc, key_frame_number, count = self._replayed
        is_again = (ssrc, key_frame_number) == (stream.ssrc, stream.key_frame_number)
        self._replayed = (stream.ssrc, stream.key_frame_number, count + 1 if is_again else 1)

    def leave(self, stream: Stream) -> None:
        """Take nothing from this stream any more, nor wait for it."""
        if self.stream is stream:
            stream.consumers.remove(self)
            self.stream = None
        if self._target is stream:
            stream.pending.remove(self)
            self._target = None

    def forward(self, now: float, packet: RtpPacket, payload: bytes) -> None:
        """Send one packet of the current stream under this consumer's numbers."""
        if self._still_timestamp >= 0 and packet.timestamp != self._still_timestamp:
            return  # the still is whole
        if self._voice is not None and not self._voice.passes(now, packet.payload_type):
            if self._line.precedes(packet.sequence_number):
                return
            self._line.drop(packet.sequence_number)
            self._speak(now, self._voice, self._voice.push(now, packet, payload))
            return
        is_marked = packet.marker
        if self._filter is not None and packet.layers is not None:
            verdict = self._filter.select(packet.sequence_number, packet.layers)
            if verdict <= DROP_PICTURE:
                is_picture = verdict == DROP_PICTURE and self.producer.is_vp8
                self._line.drop(packet.sequence_number, picture=is_picture)
                return
            is_marked = is_marked or verdict == MARK
        segment = self._line.forward(packet.sequence_number)
        payload_type = self._payload_types.get(packet.payload_type)
        if segment is None or payload_type is None:
            return
        payload = shift_vp8(payload, segment.shift)
        if packet.sequence_number == self._line.highest & 0xFFFF:
            self._newest = payload
        self.packets += 1
        self.octets += len(payload)
        self._sent_at = now
        self._last_timestamp = timestamp = (packet.timestamp + segment.shift.timestamp) & 0xFFFFFFFF
        second = payload_type | 0x80 if is_marked else payload_type
        number = (packet.sequence_number + segment.offset) & 0xFFFF
        block = extension_block(packet, self._extension_numbers) if self._extension_numbers else b""
        self._downlink.send(now, self._priority, second, number, timestamp, self.ssrc, block, payload)

    def _speak(self, now: float, voice: Voice, packed: Sequence[Outgoing]) -> None:
        """Send packets of a voice that are not those that came."""
        segment = self._line.segment
        if segment is None:
            return
        for outgoing in packed:
            second = voice.payload_type(outgoing) | (0x80 if outgoing.marker else 0)
            self.packets += 1
            self.octets += len(outgoing.payload)
            self._sent_at = now
            self._last_timestamp = timestamp = (outgoing.timestamp + segment.shift.timestamp) & 0xFFFFFFFF
            number = self._line.insert()
            self._downlink.send(now, None, second, number, timestamp, self.ssrc, b"", outgoing.payload)
        if (deadline := voice.poll_timeout()) is not None:
            self._downlink.wake(deadline)

    def is_speaking(self, now: float) -> bool:
        """Whether a voice has been sent just now; a pause of DTX sends something every 0.4 s."""
        return self._priority is None and now - self._sent_at < 1.0

    def adapt_voice(self, affordable_bps: float, loss: float) -> None:
        """Pack a voice for what its line carries and loses."""
        if self._voice is not None:
            self._voice.adapt(affordable_bps, loss, self.producer.frame_bytes)

    def poll_timeout(self) -> float | None:
        """When `handle_timeout` wants to be called, None while nothing waits."""
        return self._voice.poll_timeout() if self._voice is not None else None

    def handle_timeout(self, now: float) -> None:
        """Send frames of a voice that have waited long enough for others."""
        if self._voice is not None:
            self._speak(now, self._voice, self._voice.handle_timeout(now))

    def skip(self, sequence_number: int) -> None:
        """A padding packet of the current stream: close the gap it would leave."""
        self._line.drop(sequence_number)

    def send_padding(self, now: float, size_bytes: int, probe_id: int) -> None:
        """Send a packet of padding on the repair stream, which receivers count and throw away (RFC 4588)."""
        payload_type = next(iter(self._repair_types.values()))
        number, self._next_rtx = self._next_rtx, (self._next_rtx + 1) & 0xFFFF
        self._downlink.send_padding(
            now, payload_type, number, self._last_timestamp, self.rtx_ssrc, size_bytes, probe_id
        )

    def send_report(self, now: float, report: SenderReport) -> None:
        """Pass on the publisher's clock reading in this consumer's timestamps."""
        segment = self._line.segment
        if segment is not None:
            shift = segment.shift.timestamp
            self._send_rtcp((self.reports.pass_on(now, report, shift, self.packets, self.octets),))

    def handle_report(self, now: float, block: ReportBlock) -> None:
        """How the client received what was sent (RFC 3550 section 6.4.1)."""
        self._downlink.handle_loss_report(now, block.fraction_lost / 256, self.reports.read(now, block))

    def handle_nack(self, now: float, lost: Sequence[int]) -> None:
        """Send lost packets again from the producer's cache, as RTX where agreed (RFC 4588)."""
        due = self._repairs.due(now, lost, self._line.last_out, self._downlink.repair_patience_s())
        copies = 2 if self._downlink.is_lossy and self._repair_types else 1  # for repairs get lost as well
        for number in due * copies:
            if (found := self._line.original(number)) is not None:
                self._retransmit(now, number, *found)

    def request_key_frame(self, now: float) -> None:
        """The client cannot decode: pass its wish on to the publisher, unless that is answered already."""
        oldest_at, patience_s = self._downlink.oldest_picture_at, self._downlink.repair_patience_s()
        if self.stream is not None and self._repairs.is_key_frame_due(now, oldest_at, patience_s):
            self.producer.repair_key_frame(now, self.stream)

    def key_frame_begins(self, now: float, *, but_begun: bool = True) -> None:
        """A key frame is next: what has waited long is useless, but for a key frame that is half sent."""
        if self._still_timestamp >= 0:
            return  # one still is enough
        if self._downlink.waits_s > SUPERSEDED_S:
            self._drop_waiting(but_begun=but_begun)
        self._repairs.key_frame_begins(now)

    def give_up(self) -> None:
        """What waits to be sent comes too late, and so do repairs of what was: only a key frame can help."""
        self._drop_waiting()
        self._repairs.give_up(self._line.last_out)

    def close(self) -> None:
        """Stop for good."""
        if self.is_closed:
            return
        self.is_closed = True
        self._leave_all()
        self.producer.consumers.remove(self)
        self._downlink.consumers.pop(self.ssrc, None)
        self.on_close(self)

    def _drop_waiting(self, *, but_begun: bool = False) -> None:
        unsent = self._downlink.discard(self.ssrc, self.rtx_ssrc, but_begun=but_begun)
        # Without a repair stream a repair may have left under one of these numbers.
        if not self._repair_types or not self._line.rewind(unsent):
            self._repairs.give_up(self._line.last_out)

    def _leave_all(self) -> None:
        for stream in (self.stream, self._target):
            if stream is not None:
                self.leave(stream)

    def _retransmit(self, now: float, number: int, segment: Segment[Stream], original: int) -> None:
        data = segment.source.cache.get(original)
        if not data:
            return
        packet = parse_rtp(data)
        payload_type = self._payload_types.get(packet.payload_type)
        if payload_type is None or (self._voice and not self._voice.passes(now, packet.payload_type)):
            return  # what was sent under this number is not what came
        payload = shift_vp8(packet.payload, segment.shift)
        ssrc, sequence_number = self.ssrc, number
        repair_type = self._repair_types.get(payload_type)
        if repair_type is not None:
            payload = _SEQUENCE.pack(number) + payload
            payload_type, ssrc, sequence_number = repair_type, self.rtx_ssrc, self._next_rtx
            self._next_rtx = (self._next_rtx + 1) & 0xFFFF
        self.retransmitted += 1
        timestamp = (packet.timestamp + segment.shift.timestamp) & 0xFFFFFFFF
        second = payload_type | 0x80 if packet.marker else payload_type
        block = extension_block(packet, self._extension_numbers) if self._extension_numbers else b""
        self._downlink.send(now, Priority.REPAIR, second, sequence_number, timestamp, ssrc, block, payload)


def _nothing(_: object) -> None:
    """Default of the callbacks that the owner may set."""
