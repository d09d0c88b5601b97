"""Opus packets taken apart into frames and put together again, without decoding (RFC 6716 section 3).

A packet is a byte that says how it is coded (mode, bandwidth, frame duration, channels) and how many frames
follow. Frames coded alike can share a packet of up to 120 ms, so that a narrow link carries voice instead
of headers. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Sequence

LONGEST_PACKET = 5760  # 120 ms in ticks of 48 kHz, the clock of all Opus in RTP (RFC 7587 section 4.1)
_LONGEST_FRAME_BYTES = 1275
_MOST_FRAMES = 48
# Frame durations by configuration in ticks of 48 kHz (RFC 6716 section 3.1, table 2).
_DURATIONS = (480, 960, 1920, 2880) * 3 + (480, 960) * 2 + (120, 240, 480, 960) * 4


def duration(packet: bytes) -> int:
    """How long a packet lasts, in ticks of 48 kHz; 0 when it is not one."""
    if not packet:
        return 0
    code = packet[0] & 0x03
    count = 1 if code == 0 else 2
    if code == 3:
        if len(packet) < 2:
            return 0
        count = packet[1] & 0x3F
    ticks = count * _DURATIONS[packet[0] >> 3]
    return ticks if ticks <= LONGEST_PACKET else 0


def are_alike(one: bytes, other: bytes) -> bool:
    """Whether two packets are coded the same way, so that their frames may share one."""
    return one[0] >> 2 == other[0] >> 2


def join_packets(packets: Sequence[bytes]) -> bytes:
    """One packet with the frames of all, which are coded alike and follow each other.

    Raises ValueError when they are not, or last longer than a packet may.
    """
    if len(packets) == 1:
        return packets[0]
    frames = []
    for packet in packets:
        if not packet or not are_alike(packet, packets[0]):
            raise ValueError("Opus packets coded differently")
        frames += split_frames(packet)
    head = packets[0][0] if packets else 0
    if not 0 < len(frames) <= _MOST_FRAMES or len(frames) * _DURATIONS[head >> 3] > LONGEST_PACKET:
        raise ValueError("Opus packet of no frames or too many")
    if len({len(frame) for frame in frames}) == 1:
        return bytes((head | 0x03, len(frames))) + b"".join(frames)
    lengths = b"".join(_write_length(len(frame)) for frame in frames[:-1])
    return bytes((head | 0x03, 0x80 | len(frames))) + lengths + b"".join(frames)


def split_packet(packet: bytes) -> list[bytes]:
    """Each frame as a packet of its own. Raises ValueError for what is no Opus packet."""
    if len(packet) > 0 and packet[0] & 0x03 == 0:
        return [packet]
    frames = split_frames(packet)
    head = packet[:1]
    return [bytes((head[0] & 0xFC,)) + frame for frame in frames]


def split_frames(packet: bytes) -> list[bytes]:
    """The frames of a packet (RFC 6716 section 3.2); an empty one stands for silence or a loss.

    Raises ValueError for what is no Opus packet (section 3.4).
    """
    if not packet:
        raise ValueError("empty Opus packet")
    code = packet[0] & 0x03
    if code == 0:
        frames = [packet[1:]]
    elif code == 1:
        half, odd = divmod(len(packet) - 1, 2)
        if odd:
            raise ValueError("two Opus frames of the same size in an odd number of bytes")
        frames = [packet[1 : 1 + half], packet[1 + half :]]
    elif code == 2:
        size, offset = _read_length(packet, 1)
        frames = [packet[offset : offset + size], packet[offset + size :]]
        if offset + size > len(packet):
            raise ValueError("Opus packet is cut off")
    else:
        frames = _split_many(packet)
    if any(len(frame) > _LONGEST_FRAME_BYTES for frame in frames):
        raise ValueError("Opus frame too long")
    return frames


def _split_many(packet: bytes) -> list[bytes]:
    """Code 3: a count, padding, then frames of one size or with their sizes in front (section 3.2.5)."""
    if len(packet) < 2:
        raise ValueError("Opus packet is cut off")
    count = packet[1] & 0x3F
    if not count or count * _DURATIONS[packet[0] >> 3] > LONGEST_PACKET:
        raise ValueError("Opus packet of no frames or too many")
    offset, end = 2, len(packet)
    if packet[1] & 0x40:
        more = 255
        while more == 255:
            if offset >= end:
                raise ValueError("Opus padding is cut off")
            more = packet[offset]
            offset += 1
            end -= 254 if more == 255 else more
    sizes = []
    if packet[1] & 0x80:
        for _ in range(count - 1):
            size, offset = _read_length(packet, offset)
            sizes.append(size)
        sizes.append(end - offset - sum(sizes))
    else:
        size, rest = divmod(end - offset, count)
        if rest:
            raise ValueError("Opus frames of the same size do not fill their packet")
        sizes = [size] * count
    if offset > end or sizes[-1] < 0:
        raise ValueError("Opus packet is cut off")
    frames = []
    for size in sizes:
        frames.append(packet[offset : offset + size])
        offset += size
    return frames


def _read_length(packet: bytes, offset: int) -> tuple[int, int]:
    """A frame's length in one or two bytes, and the offset after it (section 3.2.1)."""
    if offset >= len(packet):
        raise ValueError("Opus packet is cut off")
    first = packet[offset]
    if first < 252:
        return first, offset + 1
    if offset + 1 >= len(packet):
        raise ValueError("Opus packet is cut off")
    return 4 * packet[offset + 1] + first, offset + 2


def _write_length(length: int) -> bytes:
    if length < 252:
        return bytes((length,))
    first = 252 + (length & 0x03)
    return bytes((first, (length - first) // 4))
