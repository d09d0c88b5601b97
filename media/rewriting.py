"""A packet's insides in a receiver's numbers: VP8 payload descriptor and header extensions. Sans-IO."""

from __future__ import annotations

import struct

from .packets import RtpPacket
from .payloads import describe_vp8
from .renumber import Shift

_SEQUENCE = struct.Struct("!H")


def shift_vp8(payload: bytes, shift: Shift) -> bytes:
    """Rewrite picture id and TL0PICIDX in a VP8 payload descriptor, keeping their lengths."""
    if not shift.picture_id and not shift.tl0_picture_index:
        return payload
    descriptor = describe_vp8(payload)
    if descriptor is None:
        return payload
    patched = bytearray(payload)
    if descriptor.picture_id is not None and descriptor.picture_id_offset is not None:
        at = descriptor.picture_id_offset
        value = descriptor.picture_id + shift.picture_id
        if descriptor.picture_id_bits == 15:
            _SEQUENCE.pack_into(patched, at, 0x8000 | value & 0x7FFF)
        else:
            patched[at] = value & 0x7F
    if descriptor.tl0picidx is not None and descriptor.tl0picidx_offset is not None:
        patched[descriptor.tl0picidx_offset] = (descriptor.tl0picidx + shift.tl0_picture_index) & 0xFF
    return bytes(patched)


def shift_after(sent: bytes, packet: RtpPacket, timestamp: int) -> Shift:
    """What lets a VP8 packet follow this payload as it was sent, its timestamp shifted by so much.

    Picture ids and TL0PICIDX may jump forward, never back: libwebrtc's RtpVp8RefFinder remembers what it saw
    under them and drops what claims to be older, picture after picture.
    """
    last, first = describe_vp8(sent), describe_vp8(packet.payload)
    if last is None or last.picture_id is None or first is None:
        return Shift(timestamp)
    picture_id = last.picture_id + 1 - (first.picture_id or 0)
    return Shift(timestamp, picture_id, (last.tl0picidx or 0) + 1 - (first.tl0picidx or 0))


def extension_block(packet: RtpPacket, numbers: dict[int, int]) -> bytes:
    """The extensions that travel on, under the client's numbers (RFC 8285, two-byte form if needed)."""
    if not packet.extensions:
        return b""
    kept = [
        (numbers[number], packet.data[offset : offset + length])
        for number, offset, length in packet.extensions
        if number in numbers
    ]
    if not kept:
        return b""
    is_short = all(number < 15 and 1 <= len(value) <= 16 for number, value in kept)
    if is_short:
        body = b"".join(bytes((number << 4 | len(value) - 1,)) + value for number, value in kept)
    else:
        body = b"".join(bytes((number, len(value))) + value for number, value in kept)
    body += bytes(-len(body) % 4)
    return struct.pack("!HH", 0xBEDE if is_short else 0x1000, len(body) // 4) + body
