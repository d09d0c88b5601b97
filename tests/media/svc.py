"""Layered video streams made by rule: frames with their references, written as real packets.

The patterns are libwebrtc's: L1T3, L3T3, L3T3_KEY and so on. A frame's references are the stream's truth;
what packets say of it (dependency descriptor, VP8 or VP9 payload descriptor) is derived from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

WIRE = Path(__file__).parent.parent / "wire"
TEMPORAL_PATTERNS = {1: (0,), 2: (0, 1), 3: (0, 2, 1, 2)}
DISCARDABLE, SWITCH, REQUIRED = 1, 2, 3


class Mode(NamedTuple):
    """A scalability mode; with ``is_key`` spatial layers refer to each other in key pictures only."""

    spatial: int
    temporal: int
    is_key: bool = False

    @property
    def targets(self) -> list[tuple[int, int]]:
        """Its decode targets."""
        return [(s, t) for s in range(self.spatial) for t in range(self.temporal)]


class Frame(NamedTuple):
    """One spatial layer of one picture."""

    number: int
    picture: int
    spatial: int
    temporal: int
    references: tuple[int, ...]  # frame numbers
    is_key_picture: bool
    indications: tuple[int, ...]
    is_sync: bool  # refers to the lowest temporal layer only, and is the first of its layer to do so

    @property
    def differences(self) -> tuple[int, ...]:
        """References as distances."""
        return tuple(self.number - reference for reference in self.references)


class Packet(NamedTuple):
    """One packet of a frame."""

    frame: Frame
    sequence_number: int
    starts: bool
    ends: bool
    marker: bool


def frames(mode: Mode, pictures: int, key_every: int = 10**9, first: int = 1) -> Iterator[Frame]:
    """A stream's frames in order; a key picture begins it and comes again every so many pictures."""
    number = first
    last: dict[tuple[int, int], int] = {}  # newest frame of each layer
    pattern = TEMPORAL_PATTERNS[mode.temporal]
    since_key = 0
    for picture in range(pictures):
        is_key = picture % key_every == 0
        since_key = 0 if is_key else since_key + 1
        temporal = pattern[since_key % len(pattern)]
        if is_key:
            last.clear()
        for spatial in range(mode.spatial):
            references = []
            below = [last[spatial, t] for t in range(max(1, temporal)) if (spatial, t) in last]
            if below:
                references.append(max(below))  # the newest frame below, as libwebrtc's patterns have it
            if spatial and (is_key or not mode.is_key):
                references.append(number - 1)
            is_sync = temporal > 0 and (spatial, temporal) not in last
            indications = tuple(
                _indication(mode, spatial, temporal, target, is_key) for target in mode.targets
            )
            yield Frame(number, picture, spatial, temporal, tuple(references), is_key, indications, is_sync)
            last[spatial, temporal] = number
            number += 1


def _indication(mode: Mode, spatial: int, temporal: int, target: tuple[int, int], is_key: bool) -> int:
    is_above = spatial <= target[0] and (spatial == target[0] or is_key or not mode.is_key)
    if temporal > target[1] or not is_above:
        return 0
    if is_key:
        return SWITCH
    if spatial < target[0]:
        return REQUIRED
    return DISCARDABLE if temporal == target[1] > 0 else SWITCH


def packets(stream: Sequence[Frame], sizes: Sequence[int], first: int = 0) -> list[Packet]:
    """The stream in packets; frames take as many as ``sizes`` say in turn."""
    result = []
    sequence_number = first
    for index, frame in enumerate(stream):
        size = sizes[index % len(sizes)]
        is_last = index + 1 == len(stream) or stream[index + 1].picture != frame.picture
        for part in range(size):
            ends = part == size - 1
            result.append(Packet(frame, sequence_number & 0xFFFF, part == 0, ends, ends and is_last))
            sequence_number += 1
    return result


def captured(name: str) -> list[tuple[int, bool, bytes, bytes]]:
    """Timestamp, marker, descriptor and payload head of each packet of a capture."""
    lines = [line.split() for line in (WIRE / name).read_text().splitlines() if not line.startswith("#")]
    return [
        (int(t), marker == "1", bytes.fromhex(ext), bytes.fromhex(head)) for t, marker, ext, head in lines
    ]


class BitWriter:
    """Writes a bit string from its highest bit on."""

    def __init__(self) -> None:
        self._bits = ""

    def write(self, value: int, count: int) -> None:
        """Append the lowest bits of a number."""
        self._bits += format(value, f"0{count}b") if count else ""

    def write_below(self, value: int, limit: int) -> None:
        """Append a number below a limit in ns(n) code."""
        width = limit.bit_length()
        short = (1 << width) - limit
        if value < short:
            self.write(value, width - 1)
        else:
            self.write(value + short, width)

    def bytes(self) -> bytes:
        """All of it, padded with zeros."""
        bits = self._bits + "0" * (-len(self._bits) % 8)
        return bytes(int(bits[offset : offset + 8], 2) for offset in range(0, len(bits), 8))


@cache
def templates(mode: Mode) -> list[Frame]:
    """One frame of every kind, ordered by layer as the structure wants them."""
    kinds: dict[tuple[object, ...], Frame] = {}
    for frame in frames(mode, 20):
        kinds.setdefault((frame.spatial, frame.temporal, frame.differences, frame.indications), frame)
    return sorted(kinds.values(), key=lambda frame: (frame.spatial, frame.temporal))


def descriptor(mode: Mode, packet: Packet, structure_id: int = 0, active: int | None = None) -> bytes:
    """The dependency descriptor of a packet; with the structure where a key picture starts."""
    frame = packet.frame
    kinds = templates(mode)
    alike = [
        n for n, kind in enumerate(kinds) if (kind.spatial, kind.temporal) == (frame.spatial, frame.temporal)
    ]
    exact = [
        n
        for n in alike
        if (kinds[n].differences, kinds[n].indications) == (frame.differences, frame.indications)
    ]
    index = (exact or alike)[0]
    own_indications = kinds[index].indications != frame.indications
    own_differences = kinds[index].differences != frame.differences
    attaches = packet.starts and frame.is_key_picture and frame.spatial == 0
    writer = BitWriter()
    writer.write(packet.starts << 7 | packet.ends << 6 | (index + structure_id) % 64, 8)
    writer.write(frame.number & 0xFFFF, 16)
    if not (attaches or own_indications or own_differences or active is not None):
        return writer.bytes()
    writer.write(attaches << 4 | (active is not None) << 3 | own_indications << 2 | own_differences << 1, 5)
    if attaches:
        _write_structure(writer, mode, kinds, structure_id)
    if active is not None:
        writer.write(active, len(mode.targets))
    if own_indications:
        for indication in frame.indications:
            writer.write(indication, 2)
    if own_differences:
        for difference in frame.differences:
            nibbles = ((difference - 1).bit_length() + 3) // 4 or 1
            writer.write(nibbles, 2)
            writer.write(difference - 1, 4 * nibbles)
        writer.write(0, 2)
    return writer.bytes()


def _write_structure(writer: BitWriter, mode: Mode, kinds: list[Frame], structure_id: int) -> None:
    writer.write(structure_id, 6)
    writer.write(len(mode.targets) - 1, 5)
    for kind, following in zip(kinds, [*kinds[1:], None], strict=True):
        if following is None:
            writer.write(3, 2)
        elif following.spatial > kind.spatial:
            writer.write(2, 2)
        else:
            writer.write(int(following.temporal > kind.temporal), 2)
    for kind in kinds:
        for indication in kind.indications:
            writer.write(indication, 2)
    for kind in kinds:
        for difference in kind.differences:
            writer.write(1, 1)
            writer.write(difference - 1, 4)
        writer.write(0, 1)
    writer.write_below(0, len(mode.targets) + 1)  # no chains
    writer.write(0, 1)  # no resolutions


def vp8_payload(packet: Packet, tl0: int) -> bytes:
    """A VP8 payload with picture id, TL0PICIDX and layer."""
    frame = packet.frame
    starts = 0x90 if packet.starts else 0x80
    picture_id = 0x8000 | frame.picture & 0x7FFF
    layer = frame.temporal << 6 | frame.is_sync << 5
    tag = 0x50 if frame.is_key_picture and packet.starts else 0x51
    return bytes((starts, 0xE0)) + picture_id.to_bytes(2, "big") + bytes((tl0 & 0xFF, layer, tag)) + bytes(9)


def vp9_payload(packet: Packet, tl0: int) -> bytes:
    """A VP9 payload in non-flexible mode; every frame of the lowest layer is a switching point."""
    frame = packet.frame
    is_predicted = not frame.is_key_picture
    first = 0xA0 | is_predicted << 6 | packet.starts << 3 | packet.ends << 2
    picture_id = 0x8000 | frame.picture & 0x7FFF
    switches = frame.temporal == 0
    layer = frame.temporal << 5 | switches << 4 | frame.spatial << 1 | (frame.spatial > 0)
    return bytes((first,)) + picture_id.to_bytes(2, "big") + bytes((layer, tl0 & 0xFF)) + bytes(9)
