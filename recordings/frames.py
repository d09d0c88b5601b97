"""From packets as they came to frames as a file wants them, without decoding.

Opus with RED (RFC 7587, RFC 2198), VP8 (RFC 7741), VP9 (RFC 9628), H.264 (RFC 6184, to the byte stream of
ITU-T H.264 annex B) and AV1 (RTP Payload Format For AV1 v1.0, to OBUs with sizes). A picture that is not
whole is left out, and after it all until one that needs no other: a frozen picture is honest, a broken one
is not.
Sans-IO.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from media import RtpPacket, parse_red, parse_rtp, payloads

_START_CODE = b"\0\0\0\1"
_TEMPORAL_DELIMITER = 2
_NAL_IDR = 5


class Frame(NamedTuple):
    """One frame; `at_us` is when its first packet came."""

    ssrc: int
    timestamp: int
    at_us: int
    is_key: bool
    content: bytes


class _Part(NamedTuple):
    at_us: int
    number: int  # sequence number, unwrapped
    packet: RtpPacket


def audio_frames(packets: Iterable[tuple[int, bytes]], red_type: int) -> list[Frame]:
    """Each Opus packet once, in the order of time; what only a repetition still has, from there."""
    found: dict[tuple[int, int], Frame] = {}
    for at_us, data in packets:
        packet = _parsed(data)
        if packet is None:
            continue
        if packet.payload_type != red_type:
            blocks = [(0, packet.payload)]
        else:
            try:
                blocks = [(block.distance, block.payload) for block in parse_red(packet.payload)]
            except ValueError:
                continue
        for distance, content in blocks:
            key = packet.ssrc, (packet.timestamp - distance) & 0xFFFFFFFF
            if content and (not distance or key not in found):
                found[key] = Frame(packet.ssrc, key[1], at_us, True, content)
    return list(found.values())


def video_frames(packets: Iterable[tuple[int, bytes]], mime_type: str) -> list[Frame]:
    """Whole pictures, each encoding in its own order."""
    assemble = _ASSEMBLERS.get(mime_type.lower())
    if assemble is None:
        return []
    frames: list[Frame] = []
    for parts in _by_source(packets).values():
        frames += _whole(parts, assemble)
    return frames


def _parsed(data: bytes) -> RtpPacket | None:
    try:
        return parse_rtp(data)
    except ValueError:
        return None


def _by_source(packets: Iterable[tuple[int, bytes]]) -> dict[int, list[_Part]]:
    """Packets in the order of their numbers, by SSRC."""
    sources: dict[int, list[_Part]] = {}
    for at_us, data in packets:
        packet = _parsed(data)
        if packet is None:
            continue
        parts = sources.setdefault(packet.ssrc, [])
        if parts:
            last = parts[-1].number
            number = last + ((packet.sequence_number - last + 0x8000) & 0xFFFF) - 0x8000
        else:
            number = packet.sequence_number
        parts.append(_Part(at_us, number, packet))
    for parts in sources.values():
        parts.sort(key=lambda part: part.number)
    return sources


class _Picture(NamedTuple):
    """What the packets of one timestamp make. `number` counts pictures, -1 where the format does not."""

    content: bytes
    is_key: bool
    is_start: bool  # its first packet is there
    number: int = -1
    number_bits: int = 0


_Assemble = Callable[[Sequence[RtpPacket]], _Picture | None]


def _whole(parts: Sequence[_Part], assemble: _Assemble) -> Iterable[Frame]:
    is_broken = True  # nothing can be shown before a key frame
    before: _Picture | None = None
    first = 0
    while first < len(parts):
        timestamp, last = parts[first].packet.timestamp, first
        while last + 1 < len(parts) and parts[last + 1].packet.timestamp == timestamp:
            last += 1
        run, first = parts[first : last + 1], last + 1
        is_whole = run[-1].packet.marker and run[-1].number - run[0].number == len(run) - 1
        picture = assemble([part.packet for part in run]) if is_whole else None
        if picture is None or not picture.is_start:
            is_broken = True
            continue
        is_broken = (is_broken or _is_missing_between(before, picture)) and not picture.is_key
        before = picture
        if not is_broken:
            yield Frame(run[0].packet.ssrc, timestamp, run[0].at_us, picture.is_key, picture.content)


def _is_missing_between(before: _Picture | None, picture: _Picture) -> bool:
    """Whether a whole picture was lost. Sequence numbers do not tell: those of padding are not recorded."""
    if before is None or min(before.number, picture.number) < 0:
        return False
    return (picture.number - before.number) & ((1 << picture.number_bits) - 1) != 1


def _vp8(packets: Sequence[RtpPacket]) -> _Picture | None:
    return _described(packets, payloads.describe_vp8, b"".join)


def _vp9(packets: Sequence[RtpPacket]) -> _Picture | None:
    return _described(packets, payloads.describe_vp9, _superframe)


def _described(
    packets: Sequence[RtpPacket],
    describe: Callable[[bytes], payloads.Vp8Descriptor | payloads.Vp9Descriptor | None],
    joined: Callable[[Sequence[bytearray]], bytes],
) -> _Picture | None:
    """A picture in whose packets a descriptor comes first, by its frames."""
    frames: list[bytearray] = []
    first = None
    for packet in packets:
        payload = packet.payload
        found = describe(payload)
        if found is None:
            return None
        first = first or found
        if found.starts_frame or not frames:
            frames.append(bytearray())
        frames[-1] += payload[found.header_length :]
    if first is None:
        return None
    number = -1 if first.picture_id is None else first.picture_id
    return _Picture(joined(frames), first.is_key_frame, first.starts_frame, number, first.picture_id_bits)


def _superframe(layers: Sequence[bytearray]) -> bytes:
    """Layer frames of one picture as one chunk (VP9 bitstream specification, annex B)."""
    content = b"".join(layers)
    if len(layers) == 1 or len(layers) > 8:
        return content
    width = max((len(layer).bit_length() + 7) // 8 for layer in layers)
    marker = bytes((0xC0 | width - 1 << 3 | len(layers) - 1,))
    return content + marker + b"".join(len(layer).to_bytes(width, "little") for layer in layers) + marker


def _h264(packets: Sequence[RtpPacket]) -> _Picture | None:
    content = bytearray()
    is_key = False
    for packet in packets:
        payload = packet.payload
        found = payloads.describe_h264(payload)
        if found is None:
            return None
        is_key = is_key or _NAL_IDR in found.nal_types
        unit = payload[0] & 0x1F
        if unit == 28:  # FU-A: the unit's header comes with its first fragment
            if payload[1] & 0x80:
                content += _START_CODE + bytes((payload[0] & 0xE0 | payload[1] & 0x1F,))
            content += payload[2:]
        elif unit == 24:  # STAP-A
            offset = 1
            while offset + 2 <= len(payload):
                size = payload[offset] << 8 | payload[offset + 1]
                content += _START_CODE + payload[offset + 2 : offset + 2 + size]
                offset += 2 + size
        else:
            content += _START_CODE + payload
    return _Picture(bytes(content), is_key, content.startswith(_START_CODE))


def _av1(packets: Sequence[RtpPacket]) -> _Picture | None:
    units: list[bytearray] = []
    is_start = is_key = False
    for index, packet in enumerate(packets):
        payload = packet.payload
        found = payloads.describe_av1(payload)
        if found is None:
            return None
        if not index:
            is_start, is_key = not found.is_continuation, found.is_key_frame
        for order, element in enumerate(payloads.av1_elements(payload)):
            if found.is_continuation and not order and units:
                units[-1] += element
            else:
                units.append(bytearray(element))
    content = b"".join(_sized(unit) for unit in units if unit[0] >> 3 & 0x0F != _TEMPORAL_DELIMITER)
    return _Picture(content, is_key, is_start)


def _sized(unit: bytearray) -> bytes:
    """An OBU with its size in it, as files want it (AV1 bitstream specification section 5.3)."""
    if unit[0] & 0x02:
        return bytes(unit)
    header = 2 if unit[0] & 0x04 else 1
    size, length = len(unit) - header, bytearray()
    while True:
        length.append(size & 0x7F | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            break
    return bytes((unit[0] | 0x02,)) + bytes(unit[1:header]) + bytes(length) + bytes(unit[header:])


_ASSEMBLERS: dict[str, _Assemble] = {
    "video/vp8": _vp8,
    "video/vp9": _vp9,
    "video/h264": _h264,
    "video/av1": _av1,
}
