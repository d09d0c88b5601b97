"""The packed body of transport-wide feedback: which packets arrived, and how long after one another.

draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1: one symbol per packet, packed into
run-length and status-vector chunks, followed by one receive delta per packet that arrived. Here both are
one tuple of deltas in ticks of 250 us, None for a packet that did not arrive.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct

TICKS_PER_SECOND = 4000
SMALLEST_DELTA, LARGEST_DELTA = -0x8000, 0x7FFF
"""What the two-byte form of a delta can carry, in ticks."""

MAX_STATUSES = 8192
"""More packets than one message of an honest peer speaks of (seconds of silence at 1,000 packets/s).

Without it, twenty hostile bytes would claim 65,535 lost packets, dozens of times in one datagram.
"""

# The packet status symbols, as digits: a vector chunk is then a number written in base 2 or 4.
_LOST, _SMALL, _LARGE = "0", "1", "2"
_CHUNK = Struct("!H")
_LARGE_DELTA = Struct("!h")
_LONGEST_RUN = 0x1FFF  # 13 bits
_VECTOR_BIT = 0x8000
_TWO_BIT_FLAG = 0x4000
_ONE_BIT_SYMBOLS, _TWO_BIT_SYMBOLS = 14, 7


def pack_deltas(deltas: Sequence[int | None]) -> bytes:
    """Chunks and receive deltas for these packets, not padded.

    Raises ValueError for a delta outside SMALLEST_DELTA..LARGEST_DELTA or too many packets.
    """
    if len(deltas) > MAX_STATUSES:
        raise ValueError("transport feedback about too many packets")
    symbols = []
    packed = bytearray()
    for delta in deltas:
        if delta is None:
            symbols.append(_LOST)
        elif 0 <= delta <= 255:
            symbols.append(_SMALL)
            packed.append(delta)
        elif SMALLEST_DELTA <= delta <= LARGEST_DELTA:
            symbols.append(_LARGE)
            packed += _LARGE_DELTA.pack(delta)
        else:
            raise ValueError("receive delta out of range")
    return bytes(_pack_symbols("".join(symbols)) + packed)


def unpack_deltas(data: bytes, offset: int, end: int, count: int) -> tuple[int | None, ...]:
    """The deltas of `count` packets from chunks at `offset`; raises ValueError when they do not fit."""
    if count > MAX_STATUSES:
        raise ValueError("transport feedback about too many packets")
    symbols = ""
    while len(symbols) < count:
        if offset + 2 > end:
            raise ValueError("transport feedback chunks are cut off")
        (chunk,) = _CHUNK.unpack_from(data, offset)
        offset += 2
        if not chunk & _VECTOR_BIT:
            symbols += "0123"[chunk >> 13] * min(chunk & _LONGEST_RUN, count - len(symbols))
        elif chunk & _TWO_BIT_FLAG:
            symbols += "".join(["0123"[chunk >> shift & 3] for shift in range(12, -1, -2)])
        else:
            symbols += f"{chunk & 0x3FFF:014b}"

    deltas: list[int | None] = []
    for symbol in symbols[:count]:  # the last vector is filled up with symbols that mean nothing
        if symbol == _SMALL:
            if offset >= end:
                raise ValueError("transport feedback deltas are cut off")
            deltas.append(data[offset])
            offset += 1
        elif symbol == _LOST:
            deltas.append(None)
        elif symbol == _LARGE:
            if offset + 2 > end:
                raise ValueError("transport feedback deltas are cut off")
            deltas.append(_LARGE_DELTA.unpack_from(data, offset)[0])
            offset += 2
        else:
            raise ValueError("reserved packet status symbol")
    return tuple(deltas)


def _pack_symbols(symbols: str) -> bytearray:
    """Symbols as chunks: a run where it covers at least what a vector would, else the widest vector."""
    chunks = bytearray()
    position = 0
    total = len(symbols)
    while position < total:
        symbol = symbols[position]
        window = symbols[position : position + _ONE_BIT_SYMBOLS]
        is_one_bit = _LARGE not in window
        if not is_one_bit:
            window = window[:_TWO_BIT_SYMBOLS]
        length = len(window)
        if window.count(symbol) == length:
            rest = symbols[position : position + _LONGEST_RUN]
            length = len(rest) - len(rest.lstrip(symbol))
            chunk = int(symbol) << 13 | length
        elif is_one_bit:
            chunk = _VECTOR_BIT | int(window.ljust(_ONE_BIT_SYMBOLS, _LOST), 2)
        else:
            chunk = _VECTOR_BIT | _TWO_BIT_FLAG | int(window.ljust(_TWO_BIT_SYMBOLS, _LOST), 4)
        chunks += _CHUNK.pack(chunk)
        position += length
    return chunks
