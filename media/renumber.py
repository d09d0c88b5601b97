"""One continuous outgoing packet sequence made of stretches of incoming ones, and the way back.

A receiver must see sequence numbers without gaps where nothing was lost, although padding is dropped and
simulcast encodings are switched. A *segment* is a stretch in which outgoing = incoming + offset; dropping
a packet or changing the source starts a new one. Late packets and NACKs look their segment up. Inside,
numbers are extended beyond 16 bits, so that a segment may last for hours. Sans-IO.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

SourceT = TypeVar("SourceT")

# 1,024 dropped paddings are one second of the Rust SDK's worst probing; older losses are not repaired.
HISTORY = 1024


@dataclass(frozen=True, slots=True)
class Shift:
    """What else is added to a packet's fields: RTP timestamp, VP8 picture id and TL0PICIDX (RFC 7741)."""

    timestamp: int = 0
    picture_id: int = 0
    tl0_picture_index: int = 0


@dataclass(frozen=True, slots=True)
class Segment(Generic[SourceT]):
    """From extended incoming number ``first`` on, outgoing = incoming + ``offset``."""

    source: SourceT
    first: int
    offset: int
    shift: Shift


class Renumber(Generic[SourceT]):
    """Sequence numbers of one consumer. The outgoing 16-bit number is ``(seq + segment.offset) & 0xFFFF``."""

    __slots__ = ("_history", "highest", "segment")

    def __init__(self) -> None:
        self.highest = 0  # extended incoming number last forwarded or dropped from the current source
        self.segment: Segment[SourceT] | None = None
        self._history: deque[Segment[SourceT]] = deque(maxlen=HISTORY)

    @property
    def last_out(self) -> int:
        """Highest extended outgoing number so far; -1 before the first packet."""
        return -1 if self.segment is None else self.highest + self.segment.offset

    def switch(self, source: SourceT, sequence_number: int, shift: Shift, *, first_out: int = 0) -> None:
        """Continue with another source, whose packet ``sequence_number`` comes next.

        ``first_out`` numbers the very first packet of all.
        """
        target = first_out if self.segment is None else self.last_out + 1
        self.highest = sequence_number - 1
        self._begin(Segment(source, sequence_number, target - sequence_number, shift))

    def forward(self, sequence_number: int) -> Segment[SourceT] | None:
        """Segment for a packet of the current source; None when it is older than the source's first."""
        ahead = (sequence_number - self.highest) & 0xFFFF
        if ahead < 0x8000:
            self.highest += ahead
            return self.segment
        extended = self.highest - (0x10000 - ahead)
        current = self.segment
        for segment in reversed(self._history):
            if current is None or segment.source is not current.source:
                return None
            if extended >= segment.first:
                return segment
        return None

    def precedes(self, sequence_number: int) -> bool:
        """Whether this packet of the current source is older than all of it that is remembered."""
        behind = (self.highest - sequence_number) & 0xFFFF
        if self.segment is None or behind >= 0x8000:
            return False
        source, extended = self.segment.source, self.highest - behind
        return not any(known.source is source and extended >= known.first for known in self._history)

    def forget(self) -> None:
        """Nothing up to now can be asked for again, nor can what is late still come."""
        self._history.clear()

    def drop(self, sequence_number: int, *, picture: bool = False) -> None:
        """Leave out a packet of the current source without leaving a gap behind.

        With it goes a whole picture: picture ids close up as well. A late one changes nothing: its number
        is spent, and the receiver will ask for it in vain.
        """
        ahead = (sequence_number - self.highest) & 0xFFFF
        current = self.segment
        if current is None or ahead == 0 or ahead >= 0x8000:
            return
        self.highest += ahead
        shift = current.shift
        if picture:
            shift = Shift(shift.timestamp, shift.picture_id - 1, shift.tl0_picture_index)
        self._begin(Segment(current.source, self.highest + 1, current.offset - 1, shift))

    def insert(self) -> int:
        """The 16-bit number of a packet that stands for none of the current source."""
        current = self.segment
        if current is None:
            return 0
        number = self.last_out + 1
        self._begin(Segment(current.source, self.highest + 1, current.offset + 1, current.shift))
        return number & 0xFFFF

    def rewind(self, unsent: Collection[int]) -> bool:
        """These 16-bit outgoing numbers were never sent: those at the end are given to what comes next.

        One that was sent is never given again: under the same number SRTP would encrypt another packet with
        the same keystream (RFC 7714 section 8.1). Answers whether all were given back: where one of their
        stretch is still to come, those before it leave a gap.
        """
        current, last, count = self.segment, self.last_out, 0
        while count < len(unsent) and (last - count) & 0xFFFF in unsent:
            count += 1
        if current is not None and count:
            self._begin(Segment(current.source, self.highest + 1, current.offset - count, current.shift))
        return count == len(unsent)

    def reshift(self, sequence_number: int, shift: Shift) -> None:
        """From this packet of the current source on, which comes next, other fields are shifted otherwise."""
        current = self.segment
        if current is not None:
            first = self.highest + ((sequence_number - self.highest) & 0xFFFF)
            self._begin(Segment(current.source, first, current.offset, shift))

    def original(self, outgoing: int) -> tuple[Segment[SourceT], int] | None:
        """Which source packet went out under a 16-bit number: (segment, 16-bit incoming number)."""
        last = self.last_out
        behind = (last - outgoing) & 0xFFFF
        if self.segment is None or behind >= 0x8000:
            return None
        extended = last - behind
        for segment in reversed(self._history):
            if extended >= segment.first + segment.offset:
                return segment, (extended - segment.offset) & 0xFFFF
        return None

    def _begin(self, segment: Segment[SourceT]) -> None:
        self.segment = segment
        self._history.append(segment)
