"""Producer: one published track, a *stream* per simulcast encoding, and its way to the consumers.

Consumers that receive a stream stand in its list, those that wait for its next key frame in another, so
a packet costs nothing for anybody else. Key frames are requested at most twice a second, however many
ask, and at once when that allows; the packets since the last one are kept for viewers who come just then.
Nothing is decoded. Sans-IO: packets and ``now`` (monotonic seconds) in, feedback out
through the callable given at construction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import Protocol

from . import capabilities
from .allocation import Layer
from .capabilities import ReceiveOptions
from .layer_rates import TEMPORAL_LAYERS, LayerRates
from .layers import LayerReader
from .negotiation import Parameters
from .packet_cache import PacketCache
from .packets import RtpPacket
from .reception import Arrival, Reception
from .red import primary_of
from .rtcp import Nack, PictureLossIndication, RtcpPacket, SenderReport
from .sdp import Kind

KEY_FRAME_INTERVAL_S = 0.5  # between requests of viewers who lost packets: a key frame costs everybody
# Between requests for viewers who see nothing yet. libwebrtc ignores, without a word, what follows another
# request for any encoding of the same track within 300 ms; asking then would cost a whole interval.
START_INTERVAL_S = 0.32
REPLAY_AGE_S = 0.9  # a key frame older than this is asked for anew; below STREAM_SILENCE_S
REPLAY_PACKETS = 120  # what a viewer's line can be expected to take in one burst
FRAME_SMOOTHING = 1 / 32
STREAM_SILENCE_S = 1.0  # an encoding without packets for so long was switched off by its sender
KEY_FRAME_PATIENCE_S = 3.0  # after that a stream whose key frames we cannot see is forwarded as it is

SendRtcp = Callable[[Sequence[RtcpPacket]], object]


class Receiver(Protocol):
    """Who stands behind a producer: a `Consumer`, one client's copy, or a `Tap` of the server's own."""

    pending_since: float

    def choose(self, now: float) -> None:
        """Encodings came or went: decide anew which one to wait for."""

    def switch(self, now: float, stream: Stream, packet: RtpPacket) -> None:
        """The awaited stream can be taken from this packet on."""

    def forward(self, now: float, packet: RtpPacket, payload: bytes) -> None:
        """A packet of the stream that is taken."""

    def skip(self, sequence_number: int) -> None:
        """A packet of padding of the stream that is taken."""

    def key_frame_begins(self, now: float) -> None:
        """The next packet of the stream that is taken begins a key frame."""

    def send_report(self, now: float, report: SenderReport) -> None:
        """The clock of the stream that is taken."""

    def leave(self, stream: Stream) -> None:
        """The stream is over."""

    def close(self) -> None:
        """The track is over."""


class Stream:
    """One incoming SSRC. ``quality`` counts from 0, the lowest encoding."""

    __slots__ = (
        "ask_after_s",
        "cache",
        "consumers",
        "heard_at",
        "is_opaque",
        "key_frame_at",
        "key_frame_number",
        "newest",
        "pending",
        "quality",
        "rates",
        "reader",
        "reception",
        "rid",
        "ssrc",
        "timestamp",
    )

    def __init__(self, ssrc: int, rid: str, quality: int, clock_rate_hz: int, mime_type: str) -> None:
        self.ssrc = ssrc
        self.rid = rid
        self.quality = quality
        self.rates = LayerRates()
        self.reader = LayerReader(mime_type)
        self.reception = Reception(clock_rate_hz)
        self.cache = PacketCache(1024 if clock_rate_hz == 90000 else 128)
        self.consumers: list[Receiver] = []
        self.pending: list[Receiver] = []
        self.heard_at = float("-inf")
        self.ask_after_s: float | None = None  # a key frame is wanted, so long after the last request
        self.is_opaque = False  # its key frames cannot be recognised
        self.newest = 0  # sequence number
        self.timestamp = -1  # of the newest picture
        self.key_frame_number = -1  # first sequence number of the last key frame
        self.key_frame_at = float("-inf")

    def want_key_frame(self, interval_s: float) -> None:
        """Have a key frame asked for when the last request is at least so long ago."""
        self.ask_after_s = interval_s if self.ask_after_s is None else min(interval_s, self.ask_after_s)

    def since_key_frame(self, now: float) -> list[bytes]:
        """All packets from the last key frame on; empty when it is old, large or incomplete."""
        if self.key_frame_number < 0 or not 0 <= now - self.key_frame_at <= REPLAY_AGE_S:
            return []
        count = ((self.newest - self.key_frame_number) & 0xFFFF) + 1
        return self.cache.run(self.key_frame_number, count) if count <= REPLAY_PACKETS else []


class Producer:
    """A published track. ``send_rtcp`` reaches its publisher."""

    def __init__(
        self,
        producer_id: str,
        kind: Kind,
        parameters: Parameters,
        options: ReceiveOptions,
        send_rtcp: SendRtcp,
    ) -> None:
        self.id = producer_id
        self.kind = kind
        self.codecs = parameters.codecs
        self.extensions = parameters.extensions
        self.is_encrypted = options.is_encrypted
        self.frame_bytes = 0.0  # of a voice, on average, repetitions not counted
        self.is_muted = False
        self.is_closed = False
        self.streams: dict[int, Stream] = {}
        self.consumers: list[Receiver] = []
        self.taps = 0  # how many of these are the server's own
        self.on_close: Callable[[Producer], object] = _nothing
        self.wake: Callable[[float], object] = _nothing  # `handle_timeout` is wanted then
        self.key_frame_asked_at = float("-inf")
        self._rids = options.rids
        red = [c.payload_type for c in parameters.codecs if kind == "audio" and capabilities.is_red(c)]
        self._red_type = red[0] if red else -1
        self._send_rtcp = send_rtcp
        media = [c for c in parameters.codecs if not c.is_rtx and not capabilities.is_red(c)]
        self.mime_type = capabilities.mime_type(kind, media[0]) if media else f"{kind}/"
        self.is_vp8 = self.mime_type.lower() == "video/vp8"
        numbers = {uri: number for number, uri in parameters.extensions}
        self._descriptor = numbers.get(capabilities.DEPENDENCY_DESCRIPTOR, 0)
        self.clock_rate_hz = media[0].clock_rate_hz if media else 90000

    def set_muted(self, is_muted: bool) -> None:
        """Note the publisher's mute; on unmute viewers need a key frame."""
        if self.is_muted and not is_muted:
            self.request_key_frame()
        self.is_muted = is_muted

    def stream(self, now: float, ssrc: int, rid: str) -> Stream:
        """The stream of an SSRC, made on first sight. A new SSRC of a known rid replaces the old one."""
        known = self.streams.get(ssrc)
        if known is not None:
            return known
        if rid in self._rids:
            quality = self._rids.index(rid)
        else:
            quality = 0 if rid else min(len(self.streams), 2)
        for old in tuple(self.streams.values()):
            if rid and old.rid == rid:
                self._retire(old)
        made = Stream(ssrc, rid, quality, self.clock_rate_hz, self.mime_type)
        self.streams[ssrc] = made
        for consumer in self.consumers:
            consumer.choose(now)
        return made

    def layers(self, now: float) -> tuple[tuple[Layer, ...], dict[int, int]]:
        """What viewers can choose from now and what it costs, and the size of key frames by quality."""
        living = [s for s in self.streams.values() if now - s.heard_at <= STREAM_SILENCE_S]
        layers = tuple(layer for stream in living for layer in stream.rates.layers(stream.quality))
        key_frames = {s.quality: s.rates.key_frame_bytes for s in living if s.rates.key_frame_bytes}
        return layers, key_frames

    def best(self, now: float, most: int) -> Stream | None:
        """The best living stream of at most this quality; the lowest one where all are better."""
        living = [s for s in self.streams.values() if now - s.heard_at <= STREAM_SILENCE_S]
        candidates = living or list(self.streams.values())
        allowed = [s for s in candidates if s.quality <= most]
        if allowed:
            return max(allowed, key=lambda stream: stream.quality)
        return min(candidates, key=lambda stream: stream.quality, default=None)

    def handle_rtp(self, now: float, stream: Stream, packet: RtpPacket) -> None:
        """Count, keep and forward one packet."""
        size = len(packet.data)
        arrival = stream.reception.receive(now, packet.sequence_number, packet.timestamp, size)
        if arrival is not Arrival.DUPLICATE:
            self._forward(now, stream, packet, is_newest=arrival is not Arrival.LATE)

    def handle_repair(self, now: float, stream: Stream, packet: RtpPacket) -> None:
        """The same for a packet that came by RTX: it fills its gap and stays a loss in reports."""
        size = len(packet.data)
        arrival = stream.reception.recover(now, packet.sequence_number, packet.timestamp, size)
        if arrival is not Arrival.DUPLICATE:
            self._forward(now, stream, packet, is_newest=arrival is not Arrival.LATE)

    def _forward(self, now: float, stream: Stream, packet: RtpPacket, *, is_newest: bool) -> None:
        was_silent = now - stream.heard_at > STREAM_SILENCE_S
        stream.heard_at = now
        if is_newest:
            stream.newest = packet.sequence_number
        if packet.payload_end <= packet.payload_offset:
            stream.cache.store(packet.sequence_number, b"")
            for consumer in stream.consumers:
                consumer.skip(packet.sequence_number)
            return
        if was_silent and self.kind == "video":
            for consumer in self.consumers:
                consumer.choose(now)
        stream.cache.store(packet.sequence_number, packet.data)
        payload = packet.payload
        may_start = is_newest  # a receiver can begin with this packet
        if self.kind == "video":
            may_start = self.describe(stream, packet) or stream.is_opaque
            if is_newest and packet.timestamp != stream.timestamp:
                self._picture_begins(now, stream, packet, is_key_frame=may_start and not stream.is_opaque)
            layers = packet.layers
            layer = TEMPORAL_LAYERS * layers.spatial + min(layers.temporal, 3) if layers else 0
            stream.rates.count(now, layer, len(payload))
        else:
            self.frame_bytes += (self._frame_size(packet, payload) - self.frame_bytes) * FRAME_SMOOTHING
        if stream.pending and may_start:
            for consumer in tuple(stream.pending):
                consumer.switch(now, stream, packet)
        for consumer in stream.consumers:
            consumer.forward(now, packet, payload)

    def _frame_size(self, packet: RtpPacket, payload: bytes) -> int:
        if packet.payload_type != self._red_type:
            return len(payload)
        try:
            return len(primary_of(payload).payload)
        except ValueError:
            return 0

    def describe(self, stream: Stream, packet: RtpPacket) -> bool:
        """Find out which layers the packet belongs to, once for all viewers; whether a key frame begins."""
        descriptor = packet.extension(self._descriptor) if self._descriptor else None
        layers = stream.reader.read(packet.payload, packet.timestamp, packet.marker, descriptor)
        packet.layers = layers
        return layers.starts_frame and layers.is_independent and layers.spatial == 0

    def handle_sender_report(self, now: float, report: SenderReport) -> None:
        """Take the publisher's clock reading and pass it on (RFC 3550 section 6.4.1)."""
        stream = self.streams.get(report.ssrc)
        if stream is None:
            return
        stream.reception.sender_report(now, report.ntp_time)
        for consumer in stream.consumers:
            consumer.send_report(now, report)

    def handle_timeout(self, now: float) -> None:
        """Ask for what is missing: lost packets, key frames, a better or a living encoding.

        Call it ten times a second, which is often enough for encodings that fall silent, and when due.
        """
        for stream in tuple(self.streams.values()):
            lost = stream.reception.nacks(now)
            if lost:
                self._send_rtcp((Nack(0, stream.ssrc, lost),))
            if stream.reception.needs_key_frame and stream.consumers:
                stream.want_key_frame(KEY_FRAME_INTERVAL_S)
            stream.reception.needs_key_frame = False
            if stream.pending:
                self._be_patient(now, stream)
        self._ask(now)
        if self.kind == "video" and len(self.streams) > 1:
            for consumer in self.consumers:
                consumer.choose(now)

    def poll_timeout(self) -> float:
        """When something is to be asked for again, infinity while nothing is missing."""
        due_at = inf
        for stream in self.streams.values():
            if (ask_at := stream.reception.poll_timeout()) is not None:
                due_at = min(due_at, ask_at)
            if stream.ask_after_s is not None:
                due_at = min(due_at, self.key_frame_asked_at + stream.ask_after_s)
        return due_at

    def start_key_frame(self, now: float, stream: Stream) -> None:
        """A viewer has nothing to see yet: ask for a key frame of this stream as soon as that can help."""
        stream.want_key_frame(START_INTERVAL_S)
        self._ask(now)

    def repair_key_frame(self, now: float, stream: Stream) -> None:
        """A viewer lost the thread: ask for a key frame of this stream, but not too often."""
        stream.want_key_frame(KEY_FRAME_INTERVAL_S)
        self._ask(now)

    def request_key_frame(self) -> None:
        """Have a key frame asked for, of every stream that somebody watches, at the next timeout."""
        for stream in self.streams.values():
            if stream.consumers or stream.pending:
                stream.want_key_frame(KEY_FRAME_INTERVAL_S)
                self.wake(self.key_frame_asked_at + KEY_FRAME_INTERVAL_S)

    def close(self) -> None:
        """End the track and every copy of it."""
        if self.is_closed:
            return
        self.is_closed = True
        for consumer in tuple(self.consumers):
            consumer.close()
        self.streams.clear()
        self.on_close(self)

    def _be_patient(self, now: float, stream: Stream) -> None:
        """Keep asking for a key frame; give up waiting where none can be recognised."""
        stream.want_key_frame(START_INTERVAL_S)
        if now - stream.heard_at > STREAM_SILENCE_S:
            return
        waited_s = now - min(consumer.pending_since for consumer in stream.pending)
        stream.is_opaque = stream.is_opaque or waited_s > KEY_FRAME_PATIENCE_S

    def _ask(self, now: float) -> None:
        """Ask for the key frames that are due. One request mostly renews all encodings of a track."""
        wanted = [s for s in self.streams.values() if s.ask_after_s is not None]
        if not wanted:
            return
        since_s = now - self.key_frame_asked_at
        due = [s for s in wanted if since_s >= (s.ask_after_s or 0.0)]
        for stream in due:
            stream.ask_after_s = None
        if due and self.kind == "video":
            self.key_frame_asked_at = now
            self._send_rtcp([PictureLossIndication(0, stream.ssrc) for stream in due])
        for stream in wanted:
            if stream.ask_after_s is not None:
                self.wake(self.key_frame_asked_at + stream.ask_after_s)

    def _picture_begins(self, now: float, stream: Stream, packet: RtpPacket, *, is_key_frame: bool) -> None:
        stream.timestamp = packet.timestamp
        stream.rates.picture_begins(is_key_frame=is_key_frame)
        if is_key_frame:
            stream.key_frame_number, stream.key_frame_at = packet.sequence_number, now
            stream.ask_after_s = None
            for consumer in stream.consumers:
                consumer.key_frame_begins(now)

    def _retire(self, stream: Stream) -> None:
        del self.streams[stream.ssrc]
        for consumer in (*stream.consumers, *stream.pending):
            consumer.leave(stream)


def _nothing(_: object) -> None:
    """Default of the callbacks that the owner may set."""
