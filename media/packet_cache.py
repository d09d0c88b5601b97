"""Recent packets by sequence number, for retransmission. Sans-IO."""

from __future__ import annotations


class PacketCache:
    """Ring of the last ``capacity`` (a power of two) packets."""

    __slots__ = ("_mask", "_ring")

    def __init__(self, capacity: int = 512) -> None:
        self._mask = capacity - 1
        self._ring: list[tuple[int, bytes] | None] = [None] * capacity

    def store(self, sequence_number: int, data: bytes) -> None:
        self._ring[sequence_number & self._mask] = (sequence_number, data)

    def get(self, sequence_number: int) -> bytes | None:
        entry = self._ring[sequence_number & self._mask]
        return entry[1] if entry is not None and entry[0] == sequence_number else None
