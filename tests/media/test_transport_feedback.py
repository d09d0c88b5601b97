"""Packing of transport-wide feedback: which chunk is chosen, and that nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.transport_feedback import MAX_STATUSES, pack_deltas, unpack_deltas

delta = st.one_of(
    st.none(), st.integers(0, 255), st.integers(-0x8000, 0x7FFF), st.sampled_from([-1, 256, -0x8000, 0x7FFF])
)
# Runs of equal deltas between single ones, so that every kind of chunk and border comes up.
stretches = st.lists(st.tuples(delta, st.integers(1, 40)), max_size=12)


@pytest.mark.parametrize(
    ("deltas", "packed"),
    [
        ((), ""),
        ((4,), "2001 04"),  # run of one small delta
        ((None,), "0001"),
        ((300,), "4001 012c"),  # run of one large delta
        ((-1,), "4001 ffff"),
        ((1, None, 2), "a800" + "01 02"),  # one-bit vector: 1 0 1
        ((1,) * 14, "200e" + "01" * 14),
        ((1,) * 13 + (None,), "bffe" + "01" * 13),  # a full one-bit vector
        ((1, 256), "d800" + "01 0100"),  # two-bit vector: 01 10
        ((None, -5, 0, 300, None, None, 7), "c981" + "fffb 00 012c 07"),
        ((None,) * 8191, "1fff"),
        ((None,) * 8192, "1fff 0001"),
        ((1,) * 15 + (300,) * 8, "200f" + "4008" + "01" * 15 + "012c" * 8),
    ],
)
def test_deltas_are_packed_like_this(deltas: tuple[int | None, ...], packed: str) -> None:
    data = bytes.fromhex(packed)

    assert pack_deltas(deltas) == data
    assert unpack_deltas(data, 0, len(data), len(deltas)) == deltas


@given(stretches)
def test_what_is_packed_is_what_is_unpacked(runs: list[tuple[int | None, int]]) -> None:
    deltas = tuple(value for value, length in runs for _ in range(length))

    packed = pack_deltas(deltas)

    assert unpack_deltas(packed, 0, len(packed), len(deltas)) == deltas
    received = [value for value in deltas if value is not None]
    chunk_bytes = len(packed) - sum(1 if 0 <= value <= 255 else 2 for value in received)
    assert chunk_bytes <= 2 * -(-len(deltas) // 7), "never worse than two-bit vectors throughout"


@given(st.integers(0, 0xFFFF), st.binary(max_size=60))
def test_unpacking_anything_raises_only_value_error(count: int, data: bytes) -> None:
    try:
        deltas = unpack_deltas(data, 0, len(data), count)
    except ValueError:
        return
    assert len(deltas) == count


@pytest.mark.parametrize(
    ("packed", "count"),
    [
        ("", 1),  # no chunk
        ("20", 1),
        ("0001", 2),  # a second chunk is missing
        ("2001", 1),  # a delta is missing
        ("4001 01", 1),  # half a large delta
        ("6001 01", 1),  # the reserved symbol in a run
        ("f000 01", 1),  # and in a vector
        ("1fff" * 9, MAX_STATUSES + 1),
    ],
)
def test_contradictory_feedback_is_a_value_error(packed: str, count: int) -> None:
    data = bytes.fromhex(packed)

    with pytest.raises(ValueError, match=r"transport feedback|symbol"):
        unpack_deltas(data, 0, len(data), count)


@pytest.mark.parametrize("deltas", [(0x8000,), (-0x8001,), (None,) * (MAX_STATUSES + 1)])
def test_what_cannot_be_packed_is_a_value_error(deltas: tuple[int | None, ...]) -> None:
    with pytest.raises(ValueError, match=r"delta|packets"):
        pack_deltas(deltas)


def test_unused_symbols_of_the_last_vector_mean_nothing() -> None:
    data = bytes.fromhex("bfff 05")  # a vector of fourteen arrivals for one packet

    assert unpack_deltas(data, 0, len(data), 1) == (5,)


def test_a_run_of_no_length_is_passed_over() -> None:
    data = bytes.fromhex("2000 2001 05")

    assert unpack_deltas(data, 0, len(data), 1) == (5,)
