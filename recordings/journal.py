"""The journal of one recorded track: a file of blocks, good up to its last whole one, wherever it ends.

A block is a head (magic, length, CRC-32, time, kind) and a body. The first one says what the track is
(`Opening`), the others hold packets as they came, decrypted but undecoded, or *notes*: sender reports
(RFC 3550 section 6.4.1), where key frames begin, what is missing. Heads are chained by their lengths, so an
hour is looked through in milliseconds without reading packets; a torn end is left out, and after damage in
the middle reading goes on at the next magic. Times are wall-clock microseconds since 1970. Sans-IO.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from struct import Struct
from typing import TypeVar
from zlib import crc32

PREFIX = b"GENBAJ1\n"
"""Begins every journal; the digit is the format's version."""
_MAGIC = b"\xf5GJ\n"  # 0xF5 never occurs in UTF-8, so notes cannot look like a head
_HEAD = Struct("!4sIIQB")  # magic, bytes of the body, CRC-32 of the rest of the head and the body, time, kind
_CHECKED = Struct("!QB")
_ENTRY = Struct("!IH")  # microseconds after the block's time, bytes
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BLOCK_US = 5_000_000
"""No block holds packets of a longer time."""

Buffer = bytes | bytearray | memoryview
"""What can be read: bytes, or a view of a mapped file."""


def microseconds(at: datetime) -> int:
    """A time as journals have it."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(at_us: int) -> datetime:
    """And back."""
    return _EPOCH + timedelta(microseconds=at_us)


class JournalDamaged(Exception):
    """This is no journal, or its first block is not whole: it cannot be told what it holds."""


class BlockKind(IntEnum):
    """What a block's body is."""

    OPENING = 1  # JSON object, once
    PACKETS = 2
    NOTES = 3  # JSON array


@dataclass(frozen=True, slots=True)
class Opening:
    """What a track is. `red_type` is the payload type of RED (RFC 2198), -1 where there is none."""

    track_id: str
    call_id: str
    identity: str
    source: str
    kind: str
    mime_type: str
    clock_rate_hz: int
    red_type: int
    began_us: int


@dataclass(frozen=True, slots=True)
class Begin:
    """The first packet of an encoding came, with this timestamp."""

    at_us: int
    ssrc: int
    rtp_timestamp: int


@dataclass(frozen=True, slots=True)
class Report:
    """The publisher's clock: at `ntp_time` (64-bit NTP) its media stood at `rtp_timestamp`."""

    at_us: int
    ssrc: int
    ntp_time: int
    rtp_timestamp: int


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """A picture that needs no other begins with this timestamp."""

    at_us: int
    ssrc: int
    rtp_timestamp: int


@dataclass(frozen=True, slots=True)
class Gap:
    """So many packets came from then until then and are missing here; `why` is a word for the log."""

    at_us: int
    until_us: int
    packets: int
    why: str


@dataclass(frozen=True, slots=True)
class End:
    """The track ended, or its recording did; a journal without it was interrupted."""

    at_us: int
    why: str


Note = Begin | Report | KeyFrame | Gap | End
_NOTES: dict[str, type[Note]] = {"begin": Begin, "report": Report, "key": KeyFrame, "gap": Gap, "end": End}
N = TypeVar("N", Begin, Report, KeyFrame, Gap, End)
_NAMES = {kind: name for name, kind in _NOTES.items()}


@dataclass(frozen=True, slots=True)
class Block:
    """Where a block lies: its body is `buffer[offset:offset + length]` and not looked at yet."""

    kind: int
    at_us: int
    offset: int
    length: int
    checksum: int


def opening_block(opening: Opening) -> bytes:
    """How a journal begins, with the file's prefix."""
    body = json.dumps(asdict(opening), separators=(",", ":")).encode()
    return PREFIX + _block(BlockKind.OPENING, opening.began_us, body)


def packets_block(packets: Sequence[tuple[int, bytes]]) -> bytes:
    """Packets with the time each came; at least one, in the order they came, none longer than a datagram."""
    base = packets[0][0]
    head, parts = _ENTRY.pack, []
    for at_us, data in packets:
        parts.append(head(at_us - base, len(data)))
        parts.append(data)
    return _block(BlockKind.PACKETS, base, b"".join(parts))


def packets_blocks(packets: Sequence[tuple[int, bytes]]) -> bytes:
    """The same as blocks of at most `BLOCK_US` each; nothing for none."""
    parts, first = [], 0
    for index in range(1, len(packets) + 1):
        if index == len(packets) or packets[index][0] - packets[first][0] >= BLOCK_US:
            parts.append(packets_block(packets[first:index]))
            first = index
    return b"".join(parts)


def notes_block(notes: Sequence[Note]) -> bytes:
    """Notes in the order they were made; at least one."""
    body = json.dumps([[_NAMES[type(note)], asdict(note)] for note in notes], separators=(",", ":")).encode()
    return _block(BlockKind.NOTES, notes[0].at_us, body)


def _block(kind: BlockKind, at_us: int, body: bytes) -> bytes:
    checksum = crc32(body, crc32(_CHECKED.pack(at_us, kind)))
    return _HEAD.pack(_MAGIC, len(body), checksum, at_us, kind) + body


def blocks(buffer: Buffer, start: int = len(PREFIX)) -> Iterator[Block]:
    """Every block that is there as a whole, by its head alone; what does not fit together is stepped over."""
    end = len(buffer)
    offset = start
    while offset + _HEAD.size <= end:
        magic, length, checksum, at_us, kind = _HEAD.unpack_from(buffer, offset)
        following = offset + _HEAD.size + length
        if magic == _MAGIC and following <= end:
            block = Block(kind, at_us, offset + _HEAD.size, length, checksum)
            if _begins(buffer, following, end) or body_of(buffer, block) is not None:
                yield block
                offset = following
                continue
        offset = _next_magic(buffer, offset + 1)


def _begins(buffer: Buffer, offset: int, end: int) -> bool:
    """Whether another head follows, so that the length before it is right."""
    return offset + len(_MAGIC) <= end and bytes(buffer[offset : offset + len(_MAGIC)]) == _MAGIC


def _next_magic(buffer: Buffer, start: int) -> int:
    """Where the next head may begin, else the end. Searched in pieces: views cannot be searched."""
    step, overlap = 1 << 16, len(_MAGIC) - 1
    for piece in range(start, len(buffer), step):
        found = bytes(buffer[piece : piece + step + overlap]).find(_MAGIC)
        if found >= 0:
            return piece + found
    return len(buffer)


def body_of(buffer: Buffer, block: Block) -> bytes | None:
    """The body, None where it was damaged."""
    body = bytes(buffer[block.offset : block.offset + block.length])
    checked = crc32(body, crc32(_CHECKED.pack(block.at_us, block.kind)))
    return body if checked == block.checksum else None


def packets_of(block: Block, body: bytes) -> Iterator[tuple[int, bytes]]:
    """The packets of a whole body with the time each came."""
    offset, base = 0, block.at_us
    while offset + _ENTRY.size <= len(body):
        after_us, length = _ENTRY.unpack_from(body, offset)
        offset += _ENTRY.size
        yield base + after_us, body[offset : offset + length]
        offset += length


def notes_of(body: bytes) -> list[Note]:
    """The notes of a whole body; kinds of a later version are left out."""
    return [_NOTES[name](**fields) for name, fields in json.loads(body) if name in _NOTES]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a journal holds, without its packets. `end_us` is the time of the newest packet or note."""

    opening: Opening
    packets: tuple[Block, ...]
    notes: tuple[Note, ...]
    end_us: int

    def notes_that_are(self, kind: type[N]) -> list[N]:
        """Those of one kind, in order."""
        return [note for note in self.notes if isinstance(note, kind)]


def contents(buffer: Buffer) -> Contents:
    """Look through a journal, also one that is still written; raises JournalDamaged."""
    if bytes(buffer[: len(PREFIX)]) != PREFIX:
        raise JournalDamaged
    opening: Opening | None = None
    packets: list[Block] = []
    notes: list[Note] = []
    for block in blocks(buffer):
        if block.kind == BlockKind.PACKETS:
            packets.append(block)
            continue
        body = body_of(buffer, block)
        if body is None:
            continue
        if block.kind == BlockKind.NOTES:
            notes += notes_of(body)
        elif block.kind == BlockKind.OPENING and opening is None:
            opening = Opening(**json.loads(body))
    if opening is None:
        raise JournalDamaged
    return Contents(opening, tuple(packets), tuple(notes), _end(buffer, opening, packets, notes))


def _end(buffer: Buffer, opening: Opening, packets: list[Block], notes: list[Note]) -> int:
    end_us = max([opening.began_us, *(note.at_us for note in notes[-1:])])
    for block in reversed(packets):  # the last one may be damaged
        body = body_of(buffer, block)
        if body is not None:
            return max([end_us, *(at_us for at_us, _ in packets_of(block, body))])
    return end_us


def packets_between(
    buffer: Buffer, found: Iterable[Block], from_us: int, to_us: int
) -> Iterator[tuple[int, bytes]]:
    """Packets that came in a span of time, in the order they came; damaged blocks are left out.

    Blocks are written in order and none holds more than a few seconds (`BLOCK_US`).
    """
    for block in found:
        if from_us - BLOCK_US <= block.at_us < to_us:
            body = body_of(buffer, block)
            if body is not None:
                for at_us, data in packets_of(block, body):
                    if from_us <= at_us < to_us:
                        yield at_us, data
