"""Redundant audio blocks (RFC 2198) as libwebrtc writes them, and broken ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.red import FARTHEST, LONGEST_BLOCK_BYTES, Block, build_red, parse_red, primary_of, strip_red

# Two earlier packets of 20 ms each: 0x80 | 111, distance 1920 and 960, sizes 3 and 2; then the primary.
TWO_BEFORE = bytes.fromhex("ef 1e 00 03  ef 0f 00 02  6f  aaaaaa bbbb cccccccc")
BLOCKS = [
    Block(111, 1920, b"\xaa" * 3),
    Block(111, 960, b"\xbb" * 2),
    Block(111, 0, b"\xcc" * 4),
]


def test_blocks_are_read_and_written() -> None:
    assert parse_red(TWO_BEFORE) == BLOCKS
    assert build_red(BLOCKS) == TWO_BEFORE
    assert primary_of(TWO_BEFORE) == BLOCKS[-1]


def test_a_primary_alone_has_one_byte_before_it() -> None:
    assert build_red(BLOCKS[-1:]) == b"\x6f\xcc\xcc\xcc\xcc"
    assert parse_red(b"\x6f\xcc") == [Block(111, 0, b"\xcc")]


@pytest.mark.parametrize("generations", [0, 1, 2, 5])
def test_redundancy_is_taken_off_from_the_oldest_on(generations: int) -> None:
    assert parse_red(strip_red(TWO_BEFORE, generations)) == BLOCKS[-1 - generations :]


def test_empty_redundant_blocks_say_nothing() -> None:
    assert parse_red(bytes.fromhex("ef 0f 00 00 6f cc")) == [Block(111, 0, b"\xcc")]


@pytest.mark.parametrize("payload", ["", "ef", "ef1e0003", "ef1e00036f", "ef1e00036faaaa", "ff" * 200])
def test_broken_packets_are_refused(payload: str) -> None:
    with pytest.raises(ValueError, match="RED"):
        parse_red(bytes.fromhex(payload))
    with pytest.raises(ValueError, match="RED"):
        primary_of(bytes.fromhex(payload))


@pytest.mark.parametrize(
    "block", [Block(111, FARTHEST + 1, b""), Block(111, 0, bytes(LONGEST_BLOCK_BYTES + 1))]
)
def test_what_does_not_fit_a_header_is_not_written(block: Block) -> None:
    with pytest.raises(ValueError, match="too"):
        build_red([block, BLOCKS[-1]])


@given(
    st.lists(
        st.builds(Block, st.integers(0, 127), st.integers(0, FARTHEST), st.binary(min_size=1, max_size=40)),
        max_size=9,
    ),
    st.builds(Block, st.integers(0, 127), st.just(0), st.binary(max_size=40)),
)
def test_written_and_read_is_the_same_again(redundant: list[Block], primary: Block) -> None:
    payload = build_red([*redundant, primary])

    assert parse_red(payload) == [*redundant, primary]
    assert primary_of(payload) == primary


@given(st.binary(max_size=80))
def test_primary_and_blocks_agree_on_anything(payload: bytes) -> None:
    try:
        blocks = parse_red(payload)
    except ValueError:
        with pytest.raises(ValueError, match="RED"):
            primary_of(payload)
        return
    assert primary_of(payload) == blocks[-1]
