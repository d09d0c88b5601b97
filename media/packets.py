"""RTP packets on the wire: read fields where they lie, build and retransmit.

A packet stays the `bytes` it arrived as; `RtpPacket` only remembers where things are, because an SFU
forwards far more than it inspects. RTP header (RFC 3550 section 5.1), header extensions in the one-byte
and two-byte forms (RFC 8285), RTP and RTCP on one port (RFC 5761), retransmission format (RFC 4588).
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .layers import PacketLayers

_FIXED_HEADER = Struct("!BBHII")
_EXTENSION_HEADER = Struct("!HH")
_FIXED_HEADER_BYTES = 12

_VERSION = 2
_PADDING_BIT = 0x20
_EXTENSION_BIT = 0x10

# RFC 8285 sections 4.2 and 4.3: the profile that announces the form of the elements.
_ONE_BYTE_PROFILE = 0xBEDE
_TWO_BYTE_PROFILE = 0x1000  # the low four bits are "appbits" and mean nothing to us

_RTX_HEADER_BYTES = 2  # the original sequence number in front of the payload, RFC 4588 section 4


def is_rtcp(data: bytes) -> bool:
    """Whether a datagram that is known to be RTP or RTCP is RTCP (RFC 5761 section 4)."""
    return len(data) >= 2 and 192 <= data[1] <= 223


def sequence_difference(a: int, b: int) -> int:
    """How far sequence number `a` is ahead of `b`, modulo 2**16: -32768..32767."""
    return ((a - b + 0x8000) & 0xFFFF) - 0x8000


def timestamp_difference(a: int, b: int) -> int:
    """How far RTP timestamp `a` is ahead of `b`, modulo 2**32, in clock ticks: -2**31..2**31 - 1."""
    return ((a - b + 0x80000000) & 0xFFFFFFFF) - 0x80000000


class RtpPacket:
    """One received RTP packet as offsets into its bytes; made by `parse_rtp`, never changed.

    `payload_offset:payload_end` is the payload without RTP padding, `padding_length` counts the padding
    bytes after it. A packet of nothing but padding has an empty payload.
    """

    __slots__ = (
        "_extension_offset",
        "_extensions",
        "data",
        "layers",
        "marker",
        "padding_length",
        "payload_end",
        "payload_offset",
        "payload_type",
        "sequence_number",
        "ssrc",
        "timestamp",
    )

    data: bytes
    marker: bool
    payload_type: int
    sequence_number: int
    timestamp: int
    ssrc: int
    payload_offset: int
    payload_end: int
    padding_length: int
    layers: PacketLayers | None  # set once by who knows the stream: the same for all its viewers
    _extension_offset: int  # of the extension block's own header, 0 when there is none
    _extensions: tuple[tuple[int, int, int], ...] | None

    @property
    def payload(self) -> bytes:
        """The payload without padding, as a copy."""
        return self.data[self.payload_offset : self.payload_end]

    @property
    def extensions(self) -> tuple[tuple[int, int, int], ...]:
        """Header extension elements as (id, offset, length) into `data`, in wire order.

        Parsed on first use. An element that reaches beyond the block ends the list: what stands before
        it is usable, and other SFUs and browsers read such packets the same way.
        """
        extensions = self._extensions
        if extensions is None:
            extensions = self._extensions = _parse_extensions(self.data, self._extension_offset)
        return extensions

    def extension(self, id: int) -> bytes | None:
        """The value of the first header extension element with this id, None if there is none."""
        for element_id, offset, length in self.extensions:
            if element_id == id:
                return self.data[offset : offset + length]
        return None


def parse_rtp(data: bytes) -> RtpPacket:
    """Read one RTP packet; raises ValueError when its header contradicts its size."""
    size = len(data)
    if size < _FIXED_HEADER_BYTES:
        raise ValueError("RTP packet shorter than its fixed header")
    first, second, sequence_number, timestamp, ssrc = _FIXED_HEADER.unpack_from(data)
    if first >> 6 != _VERSION:
        raise ValueError("RTP version is not 2")

    packet = RtpPacket.__new__(RtpPacket)
    payload_offset = _FIXED_HEADER_BYTES + 4 * (first & 0x0F)
    if first & _EXTENSION_BIT:
        if payload_offset + 4 > size:
            raise ValueError("RTP header extension is cut off")
        packet._extension_offset = payload_offset
        packet._extensions = None
        payload_offset += 4 + 4 * (data[payload_offset + 2] << 8 | data[payload_offset + 3])
    else:
        packet._extension_offset = 0
        packet._extensions = ()
    if first & _PADDING_BIT:
        padding_length = data[-1]
        if not padding_length:
            raise ValueError("RTP padding of no length")
        size -= padding_length
    else:
        padding_length = 0
    if payload_offset > size:
        raise ValueError("RTP header and padding exceed the packet")

    packet.data = data
    packet.layers = None
    packet.marker = second > 127
    packet.payload_type = second & 0x7F
    packet.sequence_number = sequence_number
    packet.timestamp = timestamp
    packet.ssrc = ssrc
    packet.payload_offset = payload_offset
    packet.payload_end = size
    packet.padding_length = padding_length
    return packet


def build_rtp(
    *,
    payload_type: int,
    marker: bool,
    sequence_number: int,
    timestamp: int,
    ssrc: int,
    extensions: Sequence[tuple[int, bytes]],
    payload: bytes,
) -> bytes:
    """The bytes of a packet; extensions as (id, value), in the one-byte form when all of them fit it.

    Raises ValueError when a number does not fit its field.
    """
    if not (0 <= payload_type <= 127 and 0 <= sequence_number <= 0xFFFF):
        raise ValueError("RTP payload type or sequence number out of range")
    if not (0 <= timestamp <= 0xFFFFFFFF and 0 <= ssrc <= 0xFFFFFFFF):
        raise ValueError("RTP timestamp or SSRC out of range")
    block = _build_extensions(extensions)
    first = _VERSION << 6 | (_EXTENSION_BIT if block else 0)
    second = payload_type | (0x80 if marker else 0)
    return _FIXED_HEADER.pack(first, second, sequence_number, timestamp, ssrc) + block + payload


def unwrap_rtx(packet: RtpPacket, payload_type: int, ssrc: int) -> bytes | None:
    """The original packet inside a retransmission, with the given payload type and SSRC (RFC 4588).

    None when the retransmission carries no original: an empty or padding-only packet, which senders use
    to probe for bandwidth. CSRCs and header extensions are those of the retransmission, padding is gone.
    """
    offset = packet.payload_offset
    payload_start = offset + _RTX_HEADER_BYTES
    if payload_start > packet.payload_end:
        return None
    data = packet.data
    header = _FIXED_HEADER.pack(
        data[0] & ~_PADDING_BIT,
        (data[1] & 0x80) | payload_type,
        data[offset] << 8 | data[offset + 1],
        packet.timestamp,
        ssrc,
    )
    return header + data[_FIXED_HEADER_BYTES:offset] + data[payload_start : packet.payload_end]


def wrap_rtx(packet: RtpPacket, *, payload_type: int, ssrc: int, sequence_number: int) -> bytes:
    """A retransmission of `packet` (as its receiver knows it) on the RTX stream's own numbers (RFC 4588).

    Marker, timestamp, CSRCs and header extensions are kept, padding is dropped.
    """
    data = packet.data
    offset = packet.payload_offset
    header = _FIXED_HEADER.pack(
        data[0] & ~_PADDING_BIT,
        (data[1] & 0x80) | payload_type,
        sequence_number,
        packet.timestamp,
        ssrc,
    )
    return b"".join(
        (
            header,
            data[_FIXED_HEADER_BYTES:offset],
            data[2:4],
            data[offset : packet.payload_end],
        )
    )


def _parse_extensions(data: bytes, offset: int) -> tuple[tuple[int, int, int], ...]:
    profile, words = _EXTENSION_HEADER.unpack_from(data, offset)
    offset += 4
    end = offset + 4 * words
    found = []
    if profile == _ONE_BYTE_PROFILE:
        while offset < end:
            head = data[offset]
            offset += 1
            if not head:
                continue  # padding between elements
            id = head >> 4
            length = (head & 0x0F) + 1
            # Id 15 ends the block (section 4.2). Id 0 with a length is malformed padding; stop as well.
            if id == 15 or not id or offset + length > end:
                break
            found.append((id, offset, length))
            offset += length
    elif profile & 0xFFF0 == _TWO_BYTE_PROFILE:
        while offset < end:
            id = data[offset]
            offset += 1
            if not id:
                continue
            if offset >= end:
                break
            length = data[offset]
            offset += 1
            if offset + length > end:
                break
            found.append((id, offset, length))
            offset += length
    return tuple(found)


def _build_extensions(extensions: Sequence[tuple[int, bytes]]) -> bytes:
    if not extensions:
        return b""
    elements = bytearray()
    if all(1 <= id <= 14 and 1 <= len(value) <= 16 for id, value in extensions):
        profile = _ONE_BYTE_PROFILE
        for id, value in extensions:
            elements.append(id << 4 | len(value) - 1)
            elements += value
    else:
        profile = _TWO_BYTE_PROFILE
        for id, value in extensions:
            if not (1 <= id <= 255 and len(value) <= 255):
                raise ValueError("RTP header extension id or length out of range")
            elements.append(id)
            elements.append(len(value))
            elements += value
    elements += bytes(-len(elements) % 4)
    if len(elements) > 4 * 0xFFFF:
        raise ValueError("RTP header extensions too long")
    return _EXTENSION_HEADER.pack(profile, len(elements) // 4) + elements
