"""Redundant audio: a packet that carries earlier ones once more (RFC 2198).

Blocks stand oldest first, each with its distance in time; the last one is the primary, the packet's own
audio. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

FARTHEST = (1 << 14) - 1  # distance in timestamp ticks: 341 ms at 48 kHz
LONGEST_BLOCK_BYTES = (1 << 10) - 1
HEADER_BYTES = 4  # of each block but the primary, whose header is one byte
_MOST_BLOCKS = 32  # as in libwebrtc: more is no audio


class Block(NamedTuple):
    """One encoding: ``distance`` says how many ticks before the packet's own timestamp it belongs."""

    payload_type: int
    distance: int
    payload: bytes


def parse_red(payload: bytes) -> list[Block]:
    """All blocks, oldest first, the primary last; empty redundant ones are left out.

    Raises ValueError when the headers do not fit the payload.
    """
    headers: list[tuple[int, int, int]] = []
    offset = 0
    size = len(payload)
    while offset < size and payload[offset] & 0x80:
        if offset + HEADER_BYTES > size or len(headers) == _MOST_BLOCKS:
            raise ValueError("RED header is cut off or endless")
        word = int.from_bytes(payload[offset : offset + HEADER_BYTES], "big")
        headers.append((word >> 24 & 0x7F, word >> 10 & FARTHEST, word & LONGEST_BLOCK_BYTES))
        offset += HEADER_BYTES
    if offset >= size:
        raise ValueError("RED packet without a primary block")
    primary_type = payload[offset]
    offset += 1
    blocks = []
    for payload_type, distance, length in headers:
        if length:
            blocks.append(Block(payload_type, distance, payload[offset : offset + length]))
        offset += length
    if offset > size:
        raise ValueError("RED blocks exceed the packet")
    blocks.append(Block(primary_type, 0, payload[offset:]))
    return blocks


def primary_of(payload: bytes) -> Block:
    """The primary alone, for receivers without RED. Raises ValueError as `parse_red` does."""
    offset = skipped = 0
    size = len(payload)
    while offset < size and payload[offset] & 0x80:
        if offset + HEADER_BYTES > size or offset >= HEADER_BYTES * _MOST_BLOCKS:
            raise ValueError("RED header is cut off or endless")
        skipped += (payload[offset + 2] & 0x03) << 8 | payload[offset + 3]
        offset += HEADER_BYTES
    if offset >= size or offset + 1 + skipped > size:
        raise ValueError("RED packet without a primary block")
    return Block(payload[offset], 0, payload[offset + 1 + skipped :])


def build_red(blocks: Sequence[Block]) -> bytes:
    """A RED payload of blocks, oldest first, the primary last; raises ValueError when one does not fit."""
    headers = bytearray()
    for payload_type, distance, payload in blocks[:-1]:
        if not 0 <= distance <= FARTHEST or len(payload) > LONGEST_BLOCK_BYTES:
            raise ValueError("RED block too long or too far back")
        word = 0x80000000 | payload_type << 24 | distance << 10 | len(payload)
        headers += word.to_bytes(HEADER_BYTES, "big")
    headers.append(blocks[-1].payload_type)
    return bytes(headers) + b"".join(block.payload for block in blocks)


def strip_red(payload: bytes, generations: int) -> bytes:
    """The same packet with at most so many redundant blocks, the newest ones, for a narrower link.

    Raises ValueError as `parse_red` does.
    """
    blocks = parse_red(payload)
    return build_red(blocks[-1 - generations :])
