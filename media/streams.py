"""All RTP streams of one transport, both directions: who an SSRC belongs to, and its RTCP.

Incoming packets are assigned as RFC 8843 section 9.2 says: by a known SSRC, else by the mid and rid
extensions, else by the SSRCs of the description, else by a payload type that only one section has.
Feedback for the client is made here: receiver reports, transport-wide arrival times, NACKs and key frame
requests of its producers. Sans-IO.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from . import capabilities
from .arrivals import Arrivals
from .downlink import Downlink
from .negotiation import Parameters
from .packets import RtpPacket, parse_rtp, unwrap_rtx
from .producer import Producer, Stream
from .rtcp import (
    Bye,
    FullIntraRequest,
    Nack,
    PictureLossIndication,
    ReceiverReport,
    Remb,
    ReportBlock,
    RtcpPacket,
    SenderReport,
    SourceDescription,
    TransportFeedback,
    parse_compound,
)
from .sdp import MediaSection
from .speakers import Speakers

REPORT_INTERVAL_S = 1.0
MAX_SOURCES = 128  # SSRCs of one client; an authenticated client may still be hostile
REPORT_BLOCKS = 31  # RFC 3550 section 6.4.1: five bits count them


class LineReport(NamedTuple):
    """How well packets travel: fractions lost 0..1, round trip and jitter in seconds (0 where unknown).

    `is_starved`: a picture had to stop; `is_reduced`: one is worse than the client wants and the sender has.
    """

    loss_up: float = 0.0
    loss_down: float = 0.0
    rtt_s: float = 0.0
    jitter_s: float = 0.0
    is_starved: bool = False
    is_reduced: bool = False


@dataclass(slots=True)
class _Section:
    """A section on which the client sends, bound to a producer."""

    producer: Producer
    description: MediaSection
    payload_types: frozenset[int]
    repairs: dict[int, int]  # RTX payload type to the media payload type
    numbers: dict[str, int]  # extension URI to number


@dataclass(slots=True)
class _Source:
    section: _Section
    stream: Stream
    is_repair: bool
    transport_cc: int  # extension numbers, 0 where not agreed
    audio_level: int


class Streams:
    """RTP and RTCP of one client. ``send_rtcp`` takes a compound's packets."""

    def __init__(
        self,
        ssrc: int,
        cname: str,
        speakers: Speakers,
        downlink: Downlink,
        send_rtcp: Callable[[Sequence[RtcpPacket]], object],
    ) -> None:
        self._ssrc = ssrc  # of our reports and feedback
        self._cname = cname
        self._speakers = speakers
        self._downlink = downlink
        self._send_rtcp = send_rtcp
        self._sections: dict[str, _Section] = {}
        self._sources: dict[int, _Source] = {}
        self._arrivals = Arrivals(ssrc)
        self._report_at = 0.0
        self._expected_before = self._lost_before = 0
        self.drops: Counter[str] = Counter()
        self.wake: Callable[[float], object] = lambda at: None  # something is due earlier than was said
        self.on_started: Callable[[Producer], object] = lambda producer: None
        self._started: set[str] = set()

    @property
    def is_publishing(self) -> bool:
        """Whether feedback is due at all."""
        return bool(self._sections)

    def bind(self, producer: Producer, section: MediaSection, parameters: Parameters) -> None:
        """Packets of a section belong to a producer from now on."""
        repairs = {rtx: media for media, rtx in capabilities.repair_types(parameters.codecs).items()}
        self._sections[parameters.mid] = _Section(
            producer=producer,
            description=section,
            payload_types=frozenset(c.payload_type for c in parameters.codecs if not c.is_rtx),
            repairs=repairs,
            numbers={uri: number for number, uri in parameters.extensions},
        )
        producer.wake = self.wake
        producer.request_key_frame()

    def renew(self, section: MediaSection) -> None:
        """A later offer may have changed the SSRCs of a bound section."""
        bound = self._sections.get(section.mid)
        if bound is not None:
            bound.description = section

    def unbind(self, producer: Producer) -> None:
        """A producer ended: its packets are nobody's."""
        self._sections = {mid: s for mid, s in self._sections.items() if s.producer is not producer}
        self._sources = {ssrc: s for ssrc, s in self._sources.items() if s.section.producer is not producer}
        self._speakers.forget(producer.id)
        self._started.discard(producer.id)

    def handle_rtp(self, now: float, data: bytes) -> None:
        """One decrypted packet from the client; whatever is wrong with it is counted and dropped."""
        try:
            packet = parse_rtp(data)
        except ValueError:
            self.drops["rtp_malformed"] += 1
            return
        source = self._sources.get(packet.ssrc)
        if source is None:
            source = self._identify(now, packet)
            if source is None:
                return
        if source.transport_cc:
            value = packet.extension(source.transport_cc)
            if value is not None and len(value) == 2:
                self._arrivals.receive(now, value[0] << 8 | value[1], packet.ssrc)
                if (due_at := self._arrivals.poll_timeout()) is not None:
                    self.wake(due_at)
        producer = source.section.producer
        if source.is_repair:
            repaired = self._repair(source, packet)
            if repaired is not None:
                producer.handle_repair(now, source.stream, repaired)
            return
        if source.audio_level:
            value = packet.extension(source.audio_level)
            if value:
                self._speakers.level(now, producer.id, value[0] & 0x7F, value[0] >= 0x80)
        producer.handle_rtp(now, source.stream, packet)
        if (ask_at := source.stream.reception.poll_timeout()) is not None:
            self.wake(ask_at)

    def handle_rtcp(self, now: float, data: bytes) -> None:
        """One decrypted compound from the client."""
        try:
            packets = parse_compound(data)
        except ValueError:
            self.drops["rtcp_malformed"] += 1
            return
        for packet in packets:
            match packet:
                case TransportFeedback():
                    self._downlink.handle_feedback(now, packet)
                case SenderReport(ssrc=ssrc, reports=reports):
                    source = self._sources.get(ssrc)
                    if source is not None:
                        source.section.producer.handle_sender_report(now, packet)
                    self._handle_reports(now, reports)
                case ReceiverReport(reports=reports):
                    self._handle_reports(now, reports)
                case Remb(bitrate_bps=bitrate):
                    self._downlink.handle_remb(now, bitrate)
                case Nack(media_ssrc=ssrc, lost=lost):
                    if (consumer := self._downlink.consumers.get(ssrc)) is not None:
                        consumer.handle_nack(now, lost)
                case PictureLossIndication(media_ssrc=ssrc):
                    if (consumer := self._downlink.consumers.get(ssrc)) is not None:
                        consumer.request_key_frame(now)
                case FullIntraRequest(entries=entries):
                    for ssrc, _ in entries:
                        if (consumer := self._downlink.consumers.get(ssrc)) is not None:
                            consumer.request_key_frame(now)
                case Bye(ssrcs=ssrcs):
                    for ssrc in ssrcs:
                        self._sources.pop(ssrc, None)
                case _:
                    pass  # source descriptions

    def _handle_reports(self, now: float, reports: Sequence[ReportBlock]) -> None:
        for block in reports:
            if (consumer := self._downlink.consumers.get(block.ssrc)) is not None:
                consumer.handle_report(now, block)

    def handle_timeout(self, now: float) -> None:
        """Send the feedback that is due; call ten times a second while the client publishes, and when due."""
        while (feedback := self._arrivals.feedback(now)) is not None:  # several after a burst
            self._send_rtcp((feedback,))
        for section in tuple(self._sections.values()):
            section.producer.handle_timeout(now)
        if now >= self._report_at:
            self._report_at = now + REPORT_INTERVAL_S
            self._report(now)

    def poll_timeout(self) -> float:
        """When `handle_timeout` wants to be called, infinity while nothing is to be told."""
        report_at = self._arrivals.poll_timeout()
        due_at = inf if report_at is None else report_at
        for section in self._sections.values():
            due_at = min(due_at, section.producer.poll_timeout())
        return due_at

    def line_report(self) -> LineReport:
        """How well packets have travelled both ways since this was last asked."""
        receptions = [s.stream.reception for s in self._sources.values() if not s.is_repair]
        # What is repaired was lost all the same: this is about the line, and repairs cost it time and room.
        expected, lost = sum(r.expected for r in receptions), sum(r.lost + r.answered for r in receptions)
        expected_now, lost_now = expected - self._expected_before, lost - self._lost_before
        self._expected_before, self._lost_before = expected, lost
        consumers = self._downlink.consumers.values()
        bandwidth = self._downlink.bandwidth
        jitters = [r.jitter_s for r in receptions] + [c.reports.jitter_s for c in consumers]
        return LineReport(
            loss_up=min(1.0, max(0.0, lost_now / expected_now)) if expected_now > 0 else 0.0,
            loss_down=bandwidth.loss if bandwidth else max((c.reports.loss for c in consumers), default=0.0),
            rtt_s=(bandwidth.rtt_s if bandwidth else None) or 0.0,
            jitter_s=max(jitters, default=0.0),
            is_starved=any(consumer.is_starved for consumer in consumers),
            is_reduced=any(consumer.is_reduced for consumer in consumers),
        )

    def _report(self, now: float) -> None:
        sources = [s for s in self._sources.values() if not s.is_repair][:REPORT_BLOCKS]
        blocks = tuple(s.stream.reception.report_block(s.stream.ssrc, now) for s in sources)
        if blocks:
            self._send_rtcp((ReceiverReport(self._ssrc, blocks), SourceDescription(self._ssrc, self._cname)))

    def _repair(self, source: _Source, packet: RtpPacket) -> RtpPacket | None:
        """The packet inside a retransmission; None for probing padding."""
        media_type = source.section.repairs.get(packet.payload_type)
        if media_type is None:
            return None
        data = unwrap_rtx(packet, media_type, source.stream.ssrc)
        return parse_rtp(data) if data is not None else None

    def _identify(self, now: float, packet: RtpPacket) -> _Source | None:
        section = self._section_of(packet)
        if section is None:
            self.drops["rtp_unknown_source"] += 1
            return None
        if len(self._sources) >= MAX_SOURCES:
            self.drops["rtp_too_many_sources"] += 1
            return None
        stream = self._stream_of(now, section, packet)
        if stream is None:
            self.drops["rtp_unknown_repair"] += 1
            return None
        source = _Source(
            section=section,
            stream=stream,
            is_repair=packet.payload_type in section.repairs,
            transport_cc=section.numbers.get(capabilities.TRANSPORT_CC, 0),
            audio_level=section.numbers.get(capabilities.AUDIO_LEVEL, 0),
        )
        self._sources[packet.ssrc] = source
        producer = section.producer
        if producer.id not in self._started:
            self._started.add(producer.id)
            self.on_started(producer)
        return source

    def _section_of(self, packet: RtpPacket) -> _Section | None:
        for section in self._sections.values():
            description = section.description
            if packet.ssrc in description.ssrcs or any(packet.ssrc in pair for pair in description.rtx_ssrcs):
                return section
        mid = self._text(packet, capabilities.MID)
        if mid is not None:
            return self._sections.get(mid)
        matching = [
            section
            for section in self._sections.values()
            if packet.payload_type in section.payload_types or packet.payload_type in section.repairs
        ]
        return matching[0] if len(matching) == 1 else None

    def _stream_of(self, now: float, section: _Section, packet: RtpPacket) -> Stream | None:
        """The stream an SSRC carries or, for RTX, repairs."""
        producer = section.producer
        if packet.payload_type not in section.repairs:
            if packet.payload_type not in section.payload_types:
                return None
            return producer.stream(now, packet.ssrc, self._text(packet, capabilities.RID) or "")
        for media_ssrc, rtx_ssrc in section.description.rtx_ssrcs:
            if rtx_ssrc == packet.ssrc:
                return producer.streams.get(media_ssrc)
        rid = self._text(packet, capabilities.REPAIRED_RID)
        if rid is not None:
            return next((s for s in producer.streams.values() if s.rid == rid), None)
        return next(iter(producer.streams.values())) if len(producer.streams) == 1 else None

    def _text(self, packet: RtpPacket, uri: str) -> str | None:
        """A text extension, read by the number that every section of a bundle shares."""
        for section in self._sections.values():
            number = section.numbers.get(uri)
            if number is not None:
                value = packet.extension(number)
                return value.decode("ascii", "replace") if value else None
        return None
