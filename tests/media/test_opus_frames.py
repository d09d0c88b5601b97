"""Opus packets taken apart and joined, judged by libopus itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.opus_frames import LONGEST_PACKET, are_alike, duration, join_packets, split_frames, split_packet
from tests.media.voice import decoded, encoded


@pytest.mark.parametrize("count", [2, 3, 4, 6])
@pytest.mark.parametrize("bit_rate_bps", [16_000, 24_000, 64_000])
def test_libopus_hears_the_same_in_joined_packets(count: int, bit_rate_bps: int) -> None:
    packets = encoded(bit_rate_bps, 3.0)
    joined: list[bytes] = []
    for offset in range(0, len(packets), count):
        group = packets[offset : offset + count]
        alike = all(are_alike(group[0], packet) for packet in group)
        joined += [join_packets(group)] if alike else group

    assert len(joined) < len(packets)
    assert np.array_equal(decoded(joined), decoded(packets))


def test_libopus_hears_the_same_in_packets_taken_apart_again() -> None:
    packets = encoded(24_000, 1.0)
    joined = [join_packets(packets[offset : offset + 5]) for offset in range(0, 50, 5)]

    apart = [frame for packet in joined for frame in split_packet(packet)]

    assert tuple(apart) == packets[:50]
    assert np.array_equal(decoded(apart), decoded(packets[:50]))


@pytest.mark.parametrize(
    ("packet", "frames"),
    [
        ("78 0102", ["0102"]),
        ("78", [""]),  # silence
        ("79 01020304", ["0102", "0304"]),
        ("7a 01 aa bbcc", ["aa", "bbcc"]),
        ("7b 03 010203", ["01", "02", "03"]),
        ("7b 82 01 aa bb", ["aa", "bb"]),
        ("7b c2 02 01 aa bb 0000", ["aa", "bb"]),  # with padding
        ("7b 42 00 aabb", ["aa", "bb"]),
    ],
)
def test_every_way_to_pack_is_read(packet: str, frames: list[str]) -> None:
    assert split_frames(bytes.fromhex(packet)) == [bytes.fromhex(frame) for frame in frames]


@pytest.mark.parametrize(
    "packet",
    [
        "",
        "79 010203",  # an odd number of bytes in two equal frames
        "7a",
        "7a fc",  # a length cut in half
        "7a 05 aa",
        "7b",
        "7b 00",  # no frames
        "7b 07 01020304050607",  # 140 ms
        "7b 02 010203",
        "7b 82 05 aa",
        "7b 42 ff",
        "7b 42 09 aabb",
    ],
)
def test_what_is_no_packet_is_refused(packet: str) -> None:
    with pytest.raises(ValueError, match=r"Opus"):
        split_frames(bytes.fromhex(packet))


@pytest.mark.parametrize(
    ("packet", "ticks"),
    [
        ("78", 960),
        ("79", 1920),
        ("7b03", 2880),
        ("18", 2880),
        ("1b02", 5760),
        ("1b03", 0),
        ("e0", 120),
        ("", 0),
        ("7b", 0),
    ],
)
def test_durations(packet: str, ticks: int) -> None:
    assert duration(bytes.fromhex(packet)) == ticks


def test_frames_coded_differently_or_too_long_do_not_share_a_packet() -> None:
    with pytest.raises(ValueError, match="differently"):
        join_packets([b"\x78\x01", b"\x70\x01"])
    with pytest.raises(ValueError, match="too many"):
        join_packets([b"\x78\x01"] * 7)
    with pytest.raises(ValueError, match="no frames"):
        join_packets([])


@given(
    st.integers(0, 63),
    st.lists(
        st.one_of(st.integers(0, 60), st.integers(250, 257), st.integers(0, 1275)), min_size=1, max_size=6
    ),
)
def test_joined_and_split_is_the_same_again(coding: int, sizes: list[int]) -> None:
    packets = [bytes((coding << 2,)) + bytes((n,)) * size for n, size in enumerate(sizes)]
    try:
        joined = join_packets(packets)
    except ValueError:
        assert len(packets) * duration(packets[0]) > LONGEST_PACKET
        return

    assert duration(joined) == len(packets) * duration(packets[0])
    assert split_packet(joined) == packets
    assert join_packets([joined]) == joined


@given(st.binary(max_size=60))
def test_anything_is_split_or_refused(packet: bytes) -> None:
    try:
        frames = split_frames(packet)
    except ValueError:
        return
    assert sum(map(len, frames)) < len(packet)
