"""Packets on their way out of one event: sealed where they lie, sent in as few system calls as it takes.

The narrow seam of the hot path: everything before it decides which numbers a packet leaves under, everything
behind it is memory, encryption and the kernel. Two thirds of what a forwarded packet costs lie here, so a
native implementation replaces this class (and ``secure.Sealer``) and passes the same tests.

While a batch is open (during the reading of a socket), packets wait until it closes and leave together: those
of one size to one address in a single call (UDP generic segmentation offload). Otherwise they leave at once.
"""

from __future__ import annotations

from collections import Counter
from struct import Struct
from types import TracebackType
from typing import Protocol, Self

from .secure import SLOT_BYTES, Sealer, SrtpError, make_slots

SLOTS = 256  # frames of a few dozen viewers; a fuller batch leaves in parts
MAX_TRAILER_BYTES = 64  # of libsrtp
HEADER_BYTES = 12
_HEADER = Struct("!BBHII")  # RFC 3550 section 5.1


class Way(Protocol):
    """What a batch needs of a path: room for what waits, and a method that sends all of it now."""

    pending: list[memoryview]

    def flush(self) -> None:
        """Send what is pending and forget it: its memory is used again."""


class Batch:
    """Outgoing media of one node. Use as a context manager around an event; may not be nested."""

    __slots__ = ("_counters", "_is_open", "_slots", "_used", "_ways")

    def __init__(self, counters: Counter[str]) -> None:
        self._counters = counters
        self._slots = make_slots(SLOTS)
        self._used = 0
        self._ways: list[Way] = []
        self._is_open = False

    def __enter__(self) -> Self:
        self._is_open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._is_open = False
        if self._used:
            self.flush()

    def put(
        self,
        way: Way,
        seal: Sealer,
        first: int,
        second: int,
        sequence_number: int,
        timestamp: int,
        ssrc: int,
        block: bytes,
        payload: bytes,
    ) -> int:
        """Seal an RTP packet and send it with the batch; its size in bytes, 0 when it could not be sent.

        ``first`` and ``second`` are the header's first two bytes (version and flags, marker and payload
        type), ``block`` a whole header extension block (RFC 8285) or empty.
        """
        used = self._used
        if used == SLOTS:
            self.flush()
            used = 0
        pointer, view = self._slots[used]
        start = HEADER_BYTES + len(block)
        size = start + len(payload)
        if size > SLOT_BYTES - MAX_TRAILER_BYTES:
            self._counters["rtp_too_large"] += 1
            return 0
        _HEADER.pack_into(view, 0, first, second, sequence_number, timestamp, ssrc)
        if block:
            view[HEADER_BYTES:start] = block
        view[start:size] = payload
        try:
            size = seal(pointer, size)
        except SrtpError:
            self._counters["srtp_not_protected"] += 1
            return 0
        pending = way.pending
        if not pending:
            self._ways.append(way)
        pending.append(view[:size])
        self._used = used + 1
        if not self._is_open:
            self.flush()
        return size

    def flush(self) -> None:
        """Hand everything to the kernel."""
        ways, self._ways = self._ways, []
        for way in ways:
            way.flush()
        self._used = 0
