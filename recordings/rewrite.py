"""A track's file (`remux.whole`) as a journal again: what is brought back plays like everything else.

Frames are put into RTP packets as their publisher might have sent them, without decoding: Opus (RFC 7587),
VP8 (RFC 7741), VP9 (RFC 9628), H.264 (RFC 6184) and AV1 (RTP Payload Format For AV1 v1.0). They travel
nowhere, so they may be larger than a datagram of the net.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av

from media import build_rtp
from recordings import journal
from recordings.journal import BLOCK_US, Begin, End, KeyFrame, Note, Opening

_FRAGMENT = 30_000
_SSRC, _PAYLOAD_TYPE = 1, 96
_BEGIN_EVERY_US = 3_600_000_000  # timestamps wrap after half a day
_TEMPORAL_DELIMITER, _SEQUENCE_HEADER = 2, 1


class NotOurs(Exception):
    """The file is none that a recorded track is taken along as."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The journal that was written; `end_us` is its last moment."""

    size_bytes: int
    sha256: str
    end_us: int


def rewrite(source: Path, opening: Opening, begin_us: int, target: Path) -> Rewritten:
    """Write the journal of a file whose first frame belongs to `begin_us`. Raises NotOurs, OSError."""
    packetize = _PACKETIZERS.get(opening.mime_type)
    if packetize is None:
        raise NotOurs
    try:
        with target.open("wb") as file:
            written = _Written(file, opening)
            for after_ms, is_key, content in _frames(source, opening):
                written.add(begin_us + after_ms * 1000, packetize(content, is_key), is_key=is_key)
            written.end()
            file.flush()
    except (av.FFmpegError, ValueError, IndexError):
        raise NotOurs from None
    return Rewritten(written.size, written.digest.hexdigest(), written.at_us)


class _Written:
    """The journal as it grows, a block at a time."""

    def __init__(self, file: BinaryIO, opening: Opening) -> None:
        self.size, self.digest, self.at_us = 0, hashlib.sha256(), opening.began_us
        self._file = file
        self._is_picture, self._rate_hz = opening.kind == "video", opening.clock_rate_hz
        self._packets: list[tuple[int, bytes]] = []
        self._notes: list[Note] = []
        self._number = 0
        self._begin: Begin | None = None
        self._first_us: int | None = None
        self._put(journal.opening_block(opening))

    def add(self, at_us: int, payloads: Iterator[bytes], *, is_key: bool) -> None:
        """One frame."""
        self._first_us = at_us if self._first_us is None else self._first_us
        timestamp = (at_us - self._first_us) * self._rate_hz // 1_000_000 & 0xFFFFFFFF
        if self._begin is None or at_us - self._begin.at_us > _BEGIN_EVERY_US:
            self._begin = Begin(at_us, _SSRC, timestamp)
            self._notes.append(self._begin)
        if is_key and self._is_picture:
            self._notes.append(KeyFrame(at_us, _SSRC, timestamp))
        if self._packets and at_us - self._packets[0][0] >= BLOCK_US:
            self._flush()
        parts = list(payloads)
        for order, payload in enumerate(parts):
            packet = build_rtp(
                payload_type=_PAYLOAD_TYPE,
                marker=order == len(parts) - 1,
                sequence_number=self._number & 0xFFFF,
                timestamp=timestamp,
                ssrc=_SSRC,
                extensions=(),
                payload=payload,
            )
            self._packets.append((at_us, packet))
            self._number += 1
        self.at_us = at_us

    def end(self) -> None:
        """No more comes."""
        self._notes.append(End(self.at_us, "brought back"))
        self._flush()

    def _flush(self) -> None:
        if self._packets:
            self._put(journal.packets_block(self._packets))
        if self._notes:
            self._put(journal.notes_block(self._notes))
        self._packets, self._notes = [], []

    def _put(self, block: bytes) -> None:
        self._file.write(block)
        self.size += len(block)
        self.digest.update(block)


def _frames(source: Path, opening: Opening) -> Iterator[tuple[int, bool, bytes]]:
    """Milliseconds after the first frame, whether it needs no other, and its bytes."""
    with av.open(str(source), "r") as container:
        [stream] = container.streams
        if stream.type != opening.kind:
            raise NotOurs
        filtered = None
        if opening.mime_type == "video/h264":  # to the byte stream of annex B
            filtered = av.BitStreamFilterContext("h264_mp4toannexb", stream)
        first: int | None = None
        for packet in container.demux(stream):
            for found in filtered.filter(packet) if filtered is not None else [packet]:
                if found.pts is None or not found.size or found.time_base is None:
                    continue
                at_ms = round(found.pts * found.time_base * 1000)
                first = at_ms if first is None else first
                yield at_ms - first, found.is_keyframe, bytes(found)


def _opus(content: bytes, is_key: bool) -> Iterator[bytes]:
    yield content


def _vp8(content: bytes, is_key: bool) -> Iterator[bytes]:
    for offset in range(0, len(content), _FRAGMENT):
        yield (b"\x10" if offset == 0 else b"\x00") + content[offset : offset + _FRAGMENT]


def _vp9(content: bytes, is_key: bool) -> Iterator[bytes]:
    for offset in range(0, len(content), _FRAGMENT):
        begins, ends = offset == 0, offset + _FRAGMENT >= len(content)
        flags = (0 if is_key else 0x40) | 0x08 * begins | 0x04 * ends
        yield bytes((flags,)) + content[offset : offset + _FRAGMENT]


def _h264(content: bytes, is_key: bool) -> Iterator[bytes]:
    units = content.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
    for unit in (unit for unit in units if unit):
        if len(unit) <= _FRAGMENT:
            yield unit
            continue
        for offset in range(1, len(unit), _FRAGMENT):  # FU-A
            edges = 0x80 * (offset == 1) | 0x40 * (offset + _FRAGMENT >= len(unit))
            head = bytes((unit[0] & 0xE0 | 28, edges | unit[0] & 0x1F))
            yield head + unit[offset : offset + _FRAGMENT]


def _av1(content: bytes, is_key: bool) -> Iterator[bytes]:
    """One element a packet; sizes are the packets' business, temporal delimiters are not sent."""
    units = list(_obus(content))
    is_new = any(unit[0] >> 3 & 15 == _SEQUENCE_HEADER for unit in units)
    for place, unit in enumerate(units):
        for offset in range(0, len(unit), _FRAGMENT):
            goes_on = offset + _FRAGMENT < len(unit)
            flags = 0x80 * (offset > 0) | 0x40 * goes_on | 0x10 | 0x08 * (is_new and not place + offset)
            yield bytes((flags,)) + unit[offset : offset + _FRAGMENT]


def _obus(content: bytes) -> Iterator[bytes]:
    """The OBUs of a temporal unit, without their size fields."""
    offset = 0
    while offset < len(content):
        head, length, shift = content[offset], 0, 0
        extension = content[offset + 1 : offset + 2] if head & 0x04 else b""
        offset += 1 + len(extension)
        if not head & 0x02:
            raise ValueError("an OBU without a size")
        while True:
            byte = content[offset]
            length, shift, offset = length | (byte & 0x7F) << shift, shift + 7, offset + 1
            if not byte & 0x80:
                break
        if head >> 3 & 15 != _TEMPORAL_DELIMITER:
            yield bytes((head & ~0x02,)) + extension + content[offset : offset + length]
        offset += length


_PACKETIZERS: dict[str, Callable[[bytes, bool], Iterator[bytes]]] = {
    "audio/opus": _opus,
    "video/vp8": _vp8,
    "video/vp9": _vp9,
    "video/h264": _h264,
    "video/av1": _av1,
}
