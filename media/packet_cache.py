"""The recent packets of one stream, kept for retransmission (RFC 4585 NACK).

A ring addressed by the low bits of the sequence number: storing forgets the packet `capacity` numbers ago,
and a lookup is two list reads whatever was lost in between.
"""

from __future__ import annotations


class PacketCache:
    """Packets by sequence number, at most `capacity` (a power of two) of them."""

    __slots__ = ("_mask", "_packets", "_sequence_numbers")

    def __init__(self, capacity: int = 512) -> None:
        if capacity < 1 or capacity & (capacity - 1) or capacity > 0x10000:
            raise ValueError("the capacity of a packet cache is a power of two up to 65536")
        self._mask = capacity - 1
        self._sequence_numbers = [-1] * capacity
        self._packets = [b""] * capacity

    def store(self, sequence_number: int, data: bytes) -> None:
        """Keep these bytes under this number, in place of the packet that had the same slot.

        b"" is a blank: a packet that was seen and is of no use to anybody, such as padding.
        """
        slot = sequence_number & self._mask
        self._sequence_numbers[slot] = sequence_number
        self._packets[slot] = data

    def get(self, sequence_number: int) -> bytes | None:
        """The bytes stored under this number, None when they were never stored or already replaced."""
        slot = sequence_number & self._mask
        return self._packets[slot] if self._sequence_numbers[slot] == sequence_number else None

    def run(self, first: int, count: int) -> list[bytes]:
        """`count` packets from number `first` on, b"" for blanks; nothing at all when one is missing."""
        packets: list[bytes] = []
        for number in range(first, first + count):
            slot = number & self._mask
            if self._sequence_numbers[slot] != number & 0xFFFF:
                return []
            packets.append(self._packets[slot])
        return packets
