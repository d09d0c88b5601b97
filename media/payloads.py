"""What a video payload says of itself: key frame, layers, picture numbers - without decoding it.

VP8 payload descriptor (RFC 7741 section 4.2), VP9 payload descriptor (RFC 9628 section 4.2), H.264 packet
types (RFC 6184 section 5) and AV1 aggregation header (RTP Payload Format For AV1 v1.0 section 4.4). A
payload too short for what it announces describes nothing: the answer is None.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Vp8Descriptor(NamedTuple):
    """The descriptor in front of a VP8 payload, and the frame header where a key frame starts.

    Offsets point into the payload so that a field can be patched where it lies; 0 means absent.
    """

    header_length: int
    starts_frame: bool
    is_key_frame: bool  # the packet that starts a key frame, not those that continue it
    is_reference: bool  # False when no other frame will refer to this one
    picture_id: int | None
    picture_id_bits: int  # 7 or 15; 0 when there is none
    picture_id_offset: int
    tl0picidx: int | None  # running number of temporal base layer frames, 8 bits
    tl0picidx_offset: int
    tid: int | None  # temporal layer
    layer_sync: bool  # depends on the base layer only: a safe point to switch up
    keyidx: int | None
    tid_offset: int  # of the byte that holds tid, layer_sync and keyidx
    width: int | None  # of a key frame
    height: int | None


class Vp9Descriptor(NamedTuple):
    """The descriptor in front of a VP9 payload. Frame means layer frame: one spatial layer of a picture."""

    header_length: int
    starts_frame: bool
    ends_frame: bool
    is_key_frame: bool  # starts a picture that needs no other one
    inter_picture_predicted: bool
    inter_layer_predicted: bool
    is_flexible: bool
    is_referenced_above: bool  # False when higher spatial layers do not use this frame
    picture_id: int | None
    picture_id_bits: int  # 7 or 15; 0 when there is none
    picture_id_offset: int
    tid: int | None
    sid: int | None
    switching_up: bool  # higher temporal layers may be entered after this frame
    tl0picidx: int | None
    tl0picidx_offset: int
    spatial_layers: int | None  # as a scalability structure says, where one is present
    resolutions: tuple[tuple[int, int], ...]  # (width, height) low to high, where it says so


class H264Descriptor(NamedTuple):
    """The NAL units a packet starts; nothing for a fragment that continues one."""

    nal_types: tuple[int, ...]
    is_key_frame: bool  # starts a sequence parameter set or an IDR slice
    has_parameters: bool  # carries a sequence parameter set: a decoder can begin with this packet
    is_continuation: bool
    ends_unit: bool


class Av1Descriptor(NamedTuple):
    """The aggregation header of an AV1 packet and the OBUs that start in it."""

    is_key_frame: bool  # starts a new coded video sequence
    has_sequence_header: bool
    is_continuation: bool  # the first OBU element continues one of the packet before
    is_continued: bool  # the last one goes on in the next packet
    obu_types: tuple[int, ...]


def is_key_frame(mime_type: str, payload: bytes) -> bool:
    """Whether this payload starts a key frame; False for other codecs and for broken payloads.

    The mime type may be written in any case, e.g. "video/VP8".
    """
    describe = _DESCRIBERS.get(mime_type) or _DESCRIBERS.get(mime_type.lower())
    if describe is None:
        return False
    descriptor = describe(payload)
    return descriptor is not None and descriptor.is_key_frame


def describe_vp8(payload: bytes) -> Vp8Descriptor | None:
    """Read a VP8 payload; None when it is shorter than its descriptor says."""
    picture_id = tl0picidx = tid = keyidx = width = height = None
    picture_id_bits = picture_id_offset = tl0picidx_offset = tid_offset = 0
    layer_sync = is_key_frame = False
    length = 1
    try:
        first = payload[0]
        if first & 0x80:
            present = payload[1]
            length = 2
            if present & 0x80:
                picture_id_offset = 2
                picture_id = payload[2]
                if picture_id & 0x80:
                    picture_id = (picture_id & 0x7F) << 8 | payload[3]
                    picture_id_bits = 15
                    length = 4
                else:
                    picture_id_bits = 7
                    length = 3
            if present & 0x40:
                tl0picidx_offset = length
                tl0picidx = payload[length]
                length += 1
            if present & 0x30:
                tid_offset = length
                layer = payload[length]
                if present & 0x20:
                    tid, layer_sync = layer >> 6, layer & 0x20 != 0
                if present & 0x10:
                    keyidx = layer & 0x1F
                length += 1
        starts_frame = first & 0x17 == 0x10  # the S bit, and partition 0
        if starts_frame:  # the frame tag comes next, its lowest bit is 0 in a key frame (RFC 6386 9.1)
            is_key_frame = not payload[length] & 1
        elif length >= len(payload):
            return None
    except IndexError:
        return None
    if is_key_frame:
        width, height = _read_vp8_size(payload, length)
    return Vp8Descriptor(
        length,
        starts_frame,
        is_key_frame,
        not first & 0x20,
        picture_id,
        picture_id_bits,
        picture_id_offset,
        tl0picidx,
        tl0picidx_offset,
        tid,
        layer_sync,
        keyidx,
        tid_offset,
        width,
        height,
    )


def _read_vp8_size(payload: bytes, tag: int) -> tuple[int, int] | tuple[None, None]:
    """Width and height behind the frame tag of a key frame, without the two bits of upscaling each."""
    if payload[tag + 3 : tag + 6] != b"\x9d\x01\x2a" or len(payload) < tag + 10:
        return None, None
    width = (payload[tag + 7] & 0x3F) << 8 | payload[tag + 6]
    height = (payload[tag + 9] & 0x3F) << 8 | payload[tag + 8]
    return width, height


def describe_vp9(payload: bytes) -> Vp9Descriptor | None:
    """Read a VP9 payload; None when it is shorter than its descriptor says."""
    picture_id = tl0picidx = tid = sid = spatial_layers = None
    picture_id_bits = picture_id_offset = tl0picidx_offset = 0
    switching_up = inter_layer = False
    resolutions: tuple[tuple[int, int], ...] = ()
    length = 1
    try:
        first = payload[0]
        inter_picture = first & 0x40 != 0
        flexible = first & 0x10 != 0
        starts_frame = first & 0x08 != 0
        if first & 0x80:
            picture_id_offset = 1
            picture_id = payload[1]
            picture_id_bits = 7
            length = 2
            if picture_id & 0x80:
                picture_id = (picture_id & 0x7F) << 8 | payload[2]
                picture_id_bits = 15
                length = 3
        if first & 0x20:
            layer = payload[length]
            length += 1
            tid = layer >> 5
            switching_up = layer & 0x10 != 0
            sid = layer >> 1 & 0x07
            inter_layer = layer & 0x01 != 0
            if not flexible:
                tl0picidx_offset = length
                tl0picidx = payload[length]
                length += 1
        if flexible and inter_picture:
            length = _skip_vp9_differences(payload, length)
        if first & 0x02:
            spatial_layers, resolutions, length = _read_vp9_structure(payload, length)
    except IndexError:
        return None
    if length >= len(payload):
        return None
    return Vp9Descriptor(
        length,
        starts_frame,
        first & 0x04 != 0,
        starts_frame and not (inter_picture or inter_layer or sid),
        inter_picture,
        inter_layer,
        flexible,
        not first & 0x01,
        picture_id,
        picture_id_bits,
        picture_id_offset,
        tid,
        sid,
        switching_up,
        tl0picidx,
        tl0picidx_offset,
        spatial_layers,
        resolutions,
    )


def _skip_vp9_differences(payload: bytes, offset: int) -> int:
    """The offset after up to three reference differences, each saying whether another one follows."""
    for _ in range(3):
        offset += 1
        if not payload[offset - 1] & 1:
            break
    return offset


def _read_vp9_structure(payload: bytes, offset: int) -> tuple[int, tuple[tuple[int, int], ...], int]:
    """Spatial layers, resolutions and the end of a scalability structure (RFC 9628 section 4.2.1)."""
    head = payload[offset]
    offset += 1
    layers = (head >> 5) + 1
    resolutions = []
    if head & 0x10:
        for _ in range(layers):
            width = payload[offset] << 8 | payload[offset + 1]
            height = payload[offset + 2] << 8 | payload[offset + 3]
            resolutions.append((width, height))
            offset += 4
    if head & 0x08:
        pictures = payload[offset]
        offset += 1
        for _ in range(pictures):
            offset += 1 + (payload[offset] >> 2 & 0x03)
    return layers, tuple(resolutions), offset


_NAL_IDR, _NAL_SPS = 5, 7
_NAL_STAP_A, _NAL_FU_A = 24, 28


def describe_h264(payload: bytes) -> H264Descriptor | None:
    """Read an H.264 payload in packetization mode 0 or 1; None when it is cut off."""
    if not payload:
        return None
    unit = payload[0] & 0x1F
    if unit == _NAL_FU_A:
        if len(payload) < 2:
            return None
        fragment = payload[1]
        if fragment & 0x80:
            return _h264((fragment & 0x1F,), fragment & 0x40 != 0)
        return H264Descriptor((), False, False, True, fragment & 0x40 != 0)
    if unit != _NAL_STAP_A:
        return _h264((unit,), True)
    types = []
    offset = 1
    while offset + 2 < len(payload):
        size = payload[offset] << 8 | payload[offset + 1]
        offset += 2
        if not size or offset + size > len(payload):
            return None
        types.append(payload[offset] & 0x1F)
        offset += size
    if not types or offset != len(payload):
        return None
    return _h264(tuple(types), True)


def _h264(types: tuple[int, ...], ends_unit: bool) -> H264Descriptor:
    has_parameters = _NAL_SPS in types
    is_key_frame = has_parameters or _NAL_IDR in types
    return H264Descriptor(types, is_key_frame, has_parameters, False, ends_unit)


_OBU_SEQUENCE_HEADER = 1


def describe_av1(payload: bytes) -> Av1Descriptor | None:
    """Read an AV1 payload; None when its OBU elements do not fit it."""
    if len(payload) < 2:
        return None
    first = payload[0]
    is_continuation = first & 0x80 != 0
    count = first >> 4 & 0x03  # elements in this packet; 0 means every one carries its length
    types = []
    offset = 1
    element = 0
    while offset < len(payload):
        element += 1
        if element == count:
            size = len(payload) - offset
        else:
            size, offset = _read_leb128(payload, offset)
            if size <= 0 or offset + size > len(payload):
                return None
        if element > 1 or not is_continuation:
            types.append(payload[offset] >> 3 & 0x0F)
        offset += size
    if element < count:
        return None
    has_sequence_header = _OBU_SEQUENCE_HEADER in types
    # The N bit is the standard's own answer; a sender that forgets it still sends the sequence header.
    is_key_frame = first & 0x08 != 0 or has_sequence_header
    return Av1Descriptor(is_key_frame, has_sequence_header, is_continuation, first & 0x40 != 0, tuple(types))


def av1_elements(payload: bytes) -> list[bytes]:
    """The OBU elements of a payload that `describe_av1` can read, whole or in part."""
    count, offset, elements = payload[0] >> 4 & 0x03, 1, list[bytes]()
    while offset < len(payload):
        size = len(payload) - offset
        if len(elements) + 1 != count:
            size, offset = _read_leb128(payload, offset)
        elements.append(payload[offset : offset + size])
        offset += size
    return elements


def _read_leb128(data: bytes, offset: int) -> tuple[int, int]:
    """A little-endian base-128 number and the offset after it; (-1, offset) when it does not end."""
    value = 0
    for shift in range(0, 56, 7):
        if offset >= len(data):
            break
        byte = data[offset]
        offset += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, offset
    return -1, offset


_Descriptor = Vp8Descriptor | Vp9Descriptor | H264Descriptor | Av1Descriptor
_DESCRIBERS: dict[str, Callable[[bytes], _Descriptor | None]] = {
    "video/vp8": describe_vp8,
    "video/vp9": describe_vp9,
    "video/h264": describe_h264,
    "video/av1": describe_av1,
}
