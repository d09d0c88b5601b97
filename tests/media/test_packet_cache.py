"""The packet ring gives back what was stored, and only that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.packet_cache import PacketCache


def test_a_stored_packet_is_found_and_others_are_not() -> None:
    cache = PacketCache()

    cache.store(65535, b"last")
    cache.store(0, b"first")

    assert cache.get(65535) == b"last"
    assert cache.get(0) == b"first"
    assert cache.get(1) is None
    assert cache.get(512) is None


def test_the_oldest_packet_makes_room() -> None:
    cache = PacketCache(capacity=4)

    for number in range(5):
        cache.store(number, bytes([number]))

    assert cache.get(0) is None
    assert [cache.get(number) for number in range(1, 5)] == [b"\x01", b"\x02", b"\x03", b"\x04"]


def test_an_empty_packet_can_be_stored() -> None:
    cache = PacketCache()

    cache.store(3, b"")

    assert cache.get(3) == b""


@pytest.mark.parametrize("capacity", [0, -4, 3, 500, 1 << 17])
def test_a_capacity_that_is_no_power_of_two_is_refused(capacity: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        PacketCache(capacity)


@given(start=st.integers(0, 0xFFFF), gaps=st.lists(st.integers(1, 40), max_size=80))
def test_a_gap_never_returns_another_packet(start: int, gaps: list[int]) -> None:
    cache = PacketCache(capacity=64)
    stored: dict[int, bytes] = {}
    number = start
    for gap in gaps:
        cache.store(number, number.to_bytes(2, "big"))
        stored[number] = number.to_bytes(2, "big")
        number = (number + gap) & 0xFFFF

    newest = (number - gaps[-1]) & 0xFFFF if gaps else start
    for back in range(64):
        asked = (newest - back) & 0xFFFF
        assert cache.get(asked) == stored.get(asked)
