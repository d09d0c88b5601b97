"""Producer: one published track, a *stream* per simulcast encoding, and its way to the consumers.

Consumers that receive a stream stand in its list, those that wait for its next key frame in another, so
a packet costs nothing for anybody else. Key frames are requested at most twice a second per stream,
however many ask. Nothing is decoded. Sans-IO: packets and ``now`` (monotonic seconds) in, feedback out
through the callable given at construction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from . import capabilities
from .capabilities import ReceiveOptions
from .negotiation import Parameters
from .packet_cache import PacketCache
from .packets import RtpPacket
from .payloads import is_key_frame
from .reception import Arrival, Reception
from .rtcp import Nack, PictureLossIndication, RtcpPacket, SenderReport
from .sdp import Kind

if TYPE_CHECKING:
    from .consumer import Consumer

KEY_FRAME_INTERVAL_S = 0.5  # browsers ignore requests that come faster than they can encode
STREAM_SILENCE_S = 1.0  # an encoding without packets for so long was switched off by its sender
KEY_FRAME_PATIENCE_S = 3.0  # after that a stream whose key frames we cannot see is forwarded as it is

SendRtcp = Callable[[Sequence[RtcpPacket]], object]


class Stream:
    """One incoming SSRC. ``quality`` counts from 0, the lowest encoding."""

    __slots__ = (
        "cache",
        "consumers",
        "heard_at",
        "is_opaque",
        "key_frame_requested_at",
        "key_frame_wanted",
        "pending",
        "quality",
        "reception",
        "rid",
        "ssrc",
    )

    def __init__(self, ssrc: int, rid: str, quality: int, clock_rate_hz: int) -> None:
        self.ssrc = ssrc
        self.rid = rid
        self.quality = quality
        self.reception = Reception(clock_rate_hz)
        self.cache = PacketCache(1024 if clock_rate_hz == 90000 else 128)
        self.consumers: list[Consumer] = []
        self.pending: list[Consumer] = []
        self.heard_at = float("-inf")
        self.key_frame_requested_at = float("-inf")
        self.key_frame_wanted = False
        self.is_opaque = False  # its key frames cannot be recognised


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
        self.is_muted = False
        self.is_closed = False
        self.streams: dict[int, Stream] = {}
        self.consumers: list[Consumer] = []
        self.on_close: Callable[[Producer], object] = _nothing
        self._rids = options.rids
        self._send_rtcp = send_rtcp
        media = [codec for codec in parameters.codecs if not codec.is_rtx]
        self.mime_type = capabilities.mime_type(kind, media[0]) if media else f"{kind}/"
        self._mime_types = {c.payload_type: capabilities.mime_type(kind, c) for c in media}
        self._clock_rate_hz = media[0].clock_rate_hz if media else 90000

    def set_muted(self, is_muted: bool) -> None:
        """Note the publisher's mute; on unmute viewers need a key frame."""
        if self.is_muted and not is_muted:
            self.request_key_frame()
        self.is_muted = is_muted

    def stream(self, ssrc: int, rid: str) -> Stream:
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
        made = Stream(ssrc, rid, quality, self._clock_rate_hz)
        self.streams[ssrc] = made
        for consumer in self.consumers:
            consumer.choose(made.heard_at)
        return made

    def handle_rtp(self, now: float, stream: Stream, packet: RtpPacket) -> None:
        """Count, keep and forward one packet."""
        size = len(packet.data)
        arrival = stream.reception.receive(now, packet.sequence_number, packet.timestamp, size)
        if arrival is not Arrival.DUPLICATE:
            self._forward(now, stream, packet)

    def handle_repair(self, now: float, stream: Stream, packet: RtpPacket) -> None:
        """The same for a packet that came by RTX: it fills its gap and stays a loss in reports."""
        size = len(packet.data)
        arrival = stream.reception.recover(now, packet.sequence_number, packet.timestamp, size)
        if arrival is not Arrival.DUPLICATE:
            self._forward(now, stream, packet)

    def _forward(self, now: float, stream: Stream, packet: RtpPacket) -> None:
        was_silent = now - stream.heard_at > STREAM_SILENCE_S
        stream.heard_at = now
        if packet.payload_end <= packet.payload_offset:
            for consumer in stream.consumers:
                consumer.skip(packet.sequence_number)
            return
        stream.cache.store(packet.sequence_number, packet.data)
        if was_silent and self.kind == "video":
            for consumer in self.consumers:
                consumer.choose(now)
        if stream.pending and self._may_start(stream, packet):
            for consumer in tuple(stream.pending):
                consumer.switch(now, stream, packet)
        if stream.consumers:
            payload = packet.data[packet.payload_offset : packet.payload_end]
            for consumer in stream.consumers:
                consumer.forward(now, packet, payload)

    def handle_sender_report(self, now: float, report: SenderReport) -> None:
        """Take the publisher's clock reading and pass it on (RFC 3550 section 6.4.1)."""
        stream = self.streams.get(report.ssrc)
        if stream is None:
            return
        stream.reception.sender_report(now, report.ntp_time)
        for consumer in stream.consumers:
            consumer.send_report(report)

    def handle_timeout(self, now: float) -> None:
        """Ask for what is missing: lost packets, key frames, a better or a living encoding."""
        for stream in tuple(self.streams.values()):
            lost = stream.reception.nacks(now)
            if lost:
                self._send_rtcp((Nack(0, stream.ssrc, lost),))
            if stream.reception.needs_key_frame and stream.consumers:
                stream.key_frame_wanted = True
            stream.reception.needs_key_frame = False
            if stream.pending:
                self._be_patient(now, stream)
            if stream.key_frame_wanted and now - stream.key_frame_requested_at >= KEY_FRAME_INTERVAL_S:
                stream.key_frame_wanted = False
                stream.key_frame_requested_at = now
                self._send_rtcp((PictureLossIndication(0, stream.ssrc),))
        if self.kind == "video" and len(self.streams) > 1:
            for consumer in self.consumers:
                consumer.choose(now)

    def request_key_frame(self, stream: Stream | None = None) -> None:
        """Have a key frame asked for, of one stream or of all that somebody watches, at the next timeout."""
        if self.kind != "video":
            return
        for candidate in (stream,) if stream is not None else tuple(self.streams.values()):
            if candidate is stream or candidate.consumers or candidate.pending:
                candidate.key_frame_wanted = True

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
        stream.key_frame_wanted = True
        if now - stream.heard_at > STREAM_SILENCE_S:
            return
        waited_s = now - min(consumer.pending_since for consumer in stream.pending)
        stream.is_opaque = stream.is_opaque or waited_s > KEY_FRAME_PATIENCE_S

    def _may_start(self, stream: Stream, packet: RtpPacket) -> bool:
        """Whether a receiver can begin with this packet."""
        if self.kind == "audio" or stream.is_opaque:
            return True
        return is_key_frame(self._mime_types.get(packet.payload_type, ""), packet.payload)

    def _retire(self, stream: Stream) -> None:
        del self.streams[stream.ssrc]
        for consumer in (*stream.consumers, *stream.pending):
            consumer.leave(stream)


def _nothing(_: object) -> None:
    """Default of the callback that the owner may set."""
