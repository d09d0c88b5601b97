"""RTCP packets as values, from and to the wire.

Reports, source description and goodbye (RFC 3550 section 6), NACK and picture loss (RFC 4585), full intra
request (RFC 5104), receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb-03) and transport-wide
feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01). Anything else is skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from struct import Struct
from struct import error as StructError
from typing import TypeAlias, assert_never

from .transport_feedback import pack_deltas, unpack_deltas

_HEADER = Struct("!BBH")
_WORD = Struct("!I")
_SENDER_REPORT = Struct("!IQIII")
_REPORT_BLOCK = Struct("!IIIIII")
_FEEDBACK = Struct("!II")
_NACK_ENTRY = Struct("!HH")
_FIR_ENTRY = Struct("!IB3x")
_REMB_HEAD = Struct("!4sI")
_TRANSPORT_HEAD = Struct("!HHI")

_SENDER_REPORT_TYPE, _RECEIVER_REPORT_TYPE, _SOURCE_DESCRIPTION_TYPE, _BYE_TYPE = 200, 201, 202, 203
_TRANSPORT_LAYER_TYPE, _PAYLOAD_SPECIFIC_TYPE = 205, 206  # RFC 4585 section 6.1
_NACK_FORMAT, _TRANSPORT_FEEDBACK_FORMAT = 1, 15
_PLI_FORMAT, _FIR_FORMAT, _REMB_FORMAT = 1, 4, 15

_CNAME_ITEM = 1
_MOST_IN_COUNT = 31  # the five-bit count of report blocks, sources or chunks
_REFERENCE_MS = 64  # the unit of the reference time in transport-wide feedback


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What a receiver says of one stream (RFC 3550 section 6.4.1).

    `fraction_lost` in 1/256 since the last report, `packets_lost` signed, `jitter` in clock ticks,
    `last_sr` the middle 32 bits of an NTP time, `delay_since_last_sr` in 1/65536 s.
    """

    ssrc: int
    fraction_lost: int
    packets_lost: int
    highest_sequence: int
    jitter: int
    last_sr: int
    delay_since_last_sr: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    """A sender's clocks and totals; `ntp_time` is the 64-bit NTP timestamp."""

    ssrc: int
    ntp_time: int
    rtp_timestamp: int
    packet_count: int
    octet_count: int
    reports: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    """Report blocks of a peer that sends nothing itself."""

    ssrc: int
    reports: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """The canonical name of one source; other SDES items are not kept."""

    ssrc: int
    cname: str


@dataclass(frozen=True, slots=True)
class Bye:
    """Sources that have left."""

    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Nack:
    """Sequence numbers asked for again (RFC 4585 section 6.2.1)."""

    sender_ssrc: int
    media_ssrc: int
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PictureLossIndication:
    """A decoder that cannot go on without a key frame (RFC 4585 section 6.3.1)."""

    sender_ssrc: int
    media_ssrc: int


@dataclass(frozen=True, slots=True)
class FullIntraRequest:
    """A command to send key frames: (SSRC, request number) each (RFC 5104 section 4.3.1)."""

    sender_ssrc: int
    entries: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Remb:
    """The bitrate a receiver believes it can take, for these streams together."""

    sender_ssrc: int
    bitrate_bps: int
    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TransportFeedback:
    """Arrival of consecutive transport-wide sequence numbers from `base_sequence` on.

    `deltas` are ticks of 250 us: the first one since `reference_time_ms` (a multiple of 64, modulo
    2**24 * 64), the others since the arrival before; None for a packet that did not arrive.
    """

    sender_ssrc: int
    media_ssrc: int
    base_sequence: int
    reference_time_ms: int
    feedback_count: int
    deltas: tuple[int | None, ...]


RtcpPacket: TypeAlias = (
    SenderReport
    | ReceiverReport
    | SourceDescription
    | Bye
    | Nack
    | PictureLossIndication
    | FullIntraRequest
    | Remb
    | TransportFeedback
)


def parse_compound(data: bytes) -> list[RtcpPacket]:
    """The known packets of a compound, in order; a source description gives one value per chunk.

    Unknown types are skipped, and so is a packet whose body contradicts itself, because its length still
    says where the next one begins. A broken header ends the list. Raises ValueError only when the first
    header is broken.
    """
    packets: list[RtcpPacket] = []
    offset = 0
    size = len(data)
    while offset < size:
        if offset + 4 > size:
            break
        first, kind, words = _HEADER.unpack_from(data, offset)
        end = offset + 4 + 4 * words
        if first >> 6 != 2 or end > size:
            break
        body_end = end
        if first & 0x20:
            body_end -= data[end - 1]
        parser = _PARSERS.get(kind)
        if parser is not None and body_end >= offset + 4:
            try:
                parser(data, offset + 4, body_end, first & 0x1F, packets)
            except ValueError:
                pass  # a contradictory body; the caller's counters see a packet less, nobody can act on it
        offset = end
    if not offset:
        raise ValueError("RTCP header is malformed")
    return packets


def compose(packets: Iterable[RtcpPacket]) -> bytes:
    """The bytes of a compound; raises ValueError when a value does not fit its field."""
    return b"".join([_compose_one(packet) for packet in packets])


def _compose_one(packet: RtcpPacket) -> bytes:
    match packet:
        case SenderReport():
            head = (packet.ntp_time, packet.rtp_timestamp, packet.packet_count, packet.octet_count)
            body = _pack(_SENDER_REPORT, packet.ssrc, *head) + _compose_reports(packet.reports)
            return _frame(_SENDER_REPORT_TYPE, len(packet.reports), body)
        case ReceiverReport():
            body = _pack(_WORD, packet.ssrc) + _compose_reports(packet.reports)
            return _frame(_RECEIVER_REPORT_TYPE, len(packet.reports), body)
        case SourceDescription():
            return _compose_source_description(packet)
        case Bye():
            body = b"".join([_pack(_WORD, ssrc) for ssrc in packet.ssrcs])
            return _frame(_BYE_TYPE, len(packet.ssrcs), body)
        case Nack():
            body = _pack(_FEEDBACK, packet.sender_ssrc, packet.media_ssrc) + _compose_lost(packet.lost)
            return _frame(_TRANSPORT_LAYER_TYPE, _NACK_FORMAT, body)
        case PictureLossIndication():
            body = _pack(_FEEDBACK, packet.sender_ssrc, packet.media_ssrc)
            return _frame(_PAYLOAD_SPECIFIC_TYPE, _PLI_FORMAT, body)
        case FullIntraRequest():
            entries = [_pack(_FIR_ENTRY, ssrc, number) for ssrc, number in packet.entries]
            body = _pack(_FEEDBACK, packet.sender_ssrc, 0) + b"".join(entries)
            return _frame(_PAYLOAD_SPECIFIC_TYPE, _FIR_FORMAT, body)
        case Remb():
            return _compose_remb(packet)
        case TransportFeedback():
            return _compose_transport_feedback(packet)
        case _:  # pragma: no cover - mypy proves there is no other
            assert_never(packet)


def _pack(layout: Struct, *values: int) -> bytes:
    # struct.error is a sibling of ValueError, and callers are promised the latter.
    try:
        return layout.pack(*values)
    except StructError as error:
        raise ValueError("RTCP field out of range") from error


def _frame(kind: int, count: int, body: bytes) -> bytes:
    if count > _MOST_IN_COUNT:
        raise ValueError("too many entries for one RTCP packet")
    body += bytes(-len(body) % 4)
    if len(body) > 4 * 0xFFFF:
        raise ValueError("RTCP packet too long")
    return _HEADER.pack(0x80 | count, kind, len(body) // 4) + body


def _compose_reports(reports: tuple[ReportBlock, ...]) -> bytes:
    blocks = []
    for report in reports:
        if not 0 <= report.fraction_lost <= 255:
            raise ValueError("fraction lost out of range")
        # Section 6.4.1: 24 bits, signed; a total beyond that stays at the end of the range.
        lost = max(-0x800000, min(0x7FFFFF, report.packets_lost)) & 0xFFFFFF
        blocks.append(
            _pack(
                _REPORT_BLOCK,
                report.ssrc,
                report.fraction_lost << 24 | lost,
                report.highest_sequence,
                report.jitter,
                report.last_sr,
                report.delay_since_last_sr,
            )
        )
    return b"".join(blocks)


def _compose_source_description(packet: SourceDescription) -> bytes:
    name = packet.cname.encode()
    if len(name) > 255:
        raise ValueError("canonical name too long")
    # The list of items ends with at least one zero byte (RFC 3550 section 6.5).
    chunk = _pack(_WORD, packet.ssrc) + bytes([_CNAME_ITEM, len(name)]) + name + b"\0"
    return _frame(_SOURCE_DESCRIPTION_TYPE, 1, chunk)


def _compose_lost(lost: tuple[int, ...]) -> bytes:
    """Sequence numbers as (first, bitmask of the sixteen after it), in the order given."""
    entries = []
    position = 0
    while position < len(lost):
        first = lost[position]
        mask = 0
        position += 1
        while position < len(lost):
            distance = (lost[position] - first) & 0xFFFF
            if distance > 16:
                break
            if distance:
                mask |= 1 << distance - 1
            position += 1
        entries.append(_pack(_NACK_ENTRY, first, mask))
    return b"".join(entries)


def _compose_remb(packet: Remb) -> bytes:
    if len(packet.ssrcs) > 255 or packet.bitrate_bps < 0:
        raise ValueError("REMB field out of range")
    exponent = max(0, packet.bitrate_bps.bit_length() - 18)
    if exponent > 63:
        raise ValueError("REMB bitrate out of range")
    rate = len(packet.ssrcs) << 24 | exponent << 18 | packet.bitrate_bps >> exponent
    body = _pack(_FEEDBACK, packet.sender_ssrc, 0) + _REMB_HEAD.pack(b"REMB", rate)
    body += b"".join([_pack(_WORD, ssrc) for ssrc in packet.ssrcs])
    return _frame(_PAYLOAD_SPECIFIC_TYPE, _REMB_FORMAT, body)


def _compose_transport_feedback(packet: TransportFeedback) -> bytes:
    reference = packet.reference_time_ms // _REFERENCE_MS & 0xFFFFFF
    if not 0 <= packet.feedback_count <= 255:
        raise ValueError("feedback count out of range")
    body = _pack(_FEEDBACK, packet.sender_ssrc, packet.media_ssrc)
    body += _pack(
        _TRANSPORT_HEAD, packet.base_sequence, len(packet.deltas), reference << 8 | packet.feedback_count
    )
    return _frame(_TRANSPORT_LAYER_TYPE, _TRANSPORT_FEEDBACK_FORMAT, body + pack_deltas(packet.deltas))


# Each parser reads one body, data[offset:end], and appends what it found.


def _parse_reports(data: bytes, offset: int, end: int, count: int) -> tuple[ReportBlock, ...]:
    if offset + 24 * count > end:
        raise ValueError("RTCP report blocks are cut off")
    reports = []
    for _ in range(count):
        ssrc, loss, highest, jitter, last_sr, delay = _REPORT_BLOCK.unpack_from(data, offset)
        lost = ((loss & 0xFFFFFF) ^ 0x800000) - 0x800000
        reports.append(ReportBlock(ssrc, loss >> 24, lost, highest, jitter, last_sr, delay))
        offset += 24
    return tuple(reports)


def _parse_sender_report(data: bytes, offset: int, end: int, count: int, into: list[RtcpPacket]) -> None:
    if offset + 24 > end:
        raise ValueError("RTCP sender report is cut off")
    ssrc, ntp_time, timestamp, packets, octets = _SENDER_REPORT.unpack_from(data, offset)
    reports = _parse_reports(data, offset + 24, end, count)
    into.append(SenderReport(ssrc, ntp_time, timestamp, packets, octets, reports))


def _parse_receiver_report(data: bytes, offset: int, end: int, count: int, into: list[RtcpPacket]) -> None:
    if offset + 4 > end:
        raise ValueError("RTCP receiver report is cut off")
    (ssrc,) = _WORD.unpack_from(data, offset)
    into.append(ReceiverReport(ssrc, _parse_reports(data, offset + 4, end, count)))


def _parse_source_description(data: bytes, offset: int, end: int, count: int, into: list[RtcpPacket]) -> None:
    body = offset
    for _ in range(count):
        if offset + 4 > end:
            raise ValueError("RTCP source description is cut off")
        (ssrc,) = _WORD.unpack_from(data, offset)
        offset += 4
        while offset < end and data[offset]:
            if offset + 2 > end or (item_end := offset + 2 + data[offset + 1]) > end:
                raise ValueError("RTCP source description item is cut off")
            if data[offset] == _CNAME_ITEM:
                cname = data[offset + 2 : item_end].decode(errors="replace")
                into.append(SourceDescription(ssrc, cname))
            offset = item_end
        offset += 4 - (offset - body) % 4  # the zero byte, and on to the next 32-bit boundary


def _parse_bye(data: bytes, offset: int, end: int, count: int, into: list[RtcpPacket]) -> None:
    if offset + 4 * count > end:
        raise ValueError("RTCP goodbye is cut off")
    into.append(Bye(_parse_words(data, offset, count)))


def _parse_words(data: bytes, offset: int, count: int) -> tuple[int, ...]:
    return tuple([_WORD.unpack_from(data, at)[0] for at in range(offset, offset + 4 * count, 4)])


def _parse_transport_layer(data: bytes, offset: int, end: int, format: int, into: list[RtcpPacket]) -> None:
    if offset + 8 > end:
        raise ValueError("RTCP feedback is cut off")
    sender_ssrc, media_ssrc = _FEEDBACK.unpack_from(data, offset)
    offset += 8
    if format == _NACK_FORMAT:
        lost = []
        for at in range(offset, end - 3, 4):
            first, mask = _NACK_ENTRY.unpack_from(data, at)
            lost.append(first)
            while mask:
                first += 1
                if mask & 1:
                    lost.append(first & 0xFFFF)
                mask >>= 1
        into.append(Nack(sender_ssrc, media_ssrc, tuple(lost)))
    elif format == _TRANSPORT_FEEDBACK_FORMAT:
        if offset + 8 > end:
            raise ValueError("transport feedback is cut off")
        base, count, rest = _TRANSPORT_HEAD.unpack_from(data, offset)
        deltas = unpack_deltas(data, offset + 8, end, count)
        reference = ((rest >> 8) ^ 0x800000) - 0x800000  # 24 bits, signed
        into.append(
            TransportFeedback(sender_ssrc, media_ssrc, base, reference * _REFERENCE_MS, rest & 0xFF, deltas)
        )


def _parse_payload_specific(data: bytes, offset: int, end: int, format: int, into: list[RtcpPacket]) -> None:
    if offset + 8 > end:
        raise ValueError("RTCP feedback is cut off")
    sender_ssrc, media_ssrc = _FEEDBACK.unpack_from(data, offset)
    offset += 8
    if format == _PLI_FORMAT:
        into.append(PictureLossIndication(sender_ssrc, media_ssrc))
    elif format == _FIR_FORMAT:
        entries = [_FIR_ENTRY.unpack_from(data, at) for at in range(offset, end - 7, 8)]
        into.append(FullIntraRequest(sender_ssrc, tuple(entries)))
    elif format == _REMB_FORMAT and data.startswith(b"REMB", offset):
        if offset + 8 > end:
            raise ValueError("REMB is cut off")
        (rate,) = _WORD.unpack_from(data, offset + 4)
        count = rate >> 24
        offset += 8
        if offset + 4 * count > end:
            raise ValueError("REMB is cut off")
        bitrate = (rate & 0x3FFFF) << (rate >> 18 & 0x3F)
        into.append(Remb(sender_ssrc, bitrate, _parse_words(data, offset, count)))


_Parser: TypeAlias = Callable[[bytes, int, int, int, list[RtcpPacket]], None]
_PARSERS: dict[int, _Parser] = {
    _SENDER_REPORT_TYPE: _parse_sender_report,
    _RECEIVER_REPORT_TYPE: _parse_receiver_report,
    _SOURCE_DESCRIPTION_TYPE: _parse_source_description,
    _BYE_TYPE: _parse_bye,
    _TRANSPORT_LAYER_TYPE: _parse_transport_layer,
    _PAYLOAD_SPECIFIC_TYPE: _parse_payload_specific,
}
