"""RTP parsing and building against RFC 3550, 8285, 5761 and 4588."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.packets import (
    build_rtp,
    is_rtcp,
    parse_rtp,
    sequence_difference,
    timestamp_difference,
    unwrap_rtx,
    wrap_rtx,
)

# Built by hand after what Chrome sends: VP8, marker, one-byte extensions abs-send-time (id 2),
# transport-wide sequence (id 3), mid (id 4), then one padding byte; 5 bytes of payload.
CHROME_VIDEO = bytes.fromhex(
    "90e0 1234 00015f90 deadbeef"  # V=2 X=1, M=1 PT=96
    "bede 0003"
    "22 a1b2c3"  # id 2, 3 bytes
    "31 0102"  # id 3, 2 bytes
    "40 31"  # id 4, 1 byte "1"
    "00 00 00"
    "9080a50100"
)
# Two-byte form with an empty element, a long one, two CSRCs and 4 bytes of RTP padding.
TWO_BYTE = bytes.fromhex(
    "b2 6f 0001 00000002 00000003"  # V=2 P=1 X=1 CC=2, PT=111
    "0000000a 0000000b"
    "1000 0006"
    "01 00"
    "10 12 000102030405060708090a0b0c0d0e0f1011"
    "00 00"
    "c0ffee"
    "00000004"
)

extension_values = st.one_of(
    st.lists(st.tuples(st.integers(1, 14), st.binary(min_size=1, max_size=16)), max_size=8),
    st.lists(st.tuples(st.integers(1, 255), st.binary(max_size=255)), max_size=8),
)
numbers = {
    "payload_type": st.integers(0, 127),
    "marker": st.booleans(),
    "sequence_number": st.integers(0, 0xFFFF),
    "timestamp": st.integers(0, 0xFFFFFFFF),
    "ssrc": st.integers(0, 0xFFFFFFFF),
}


def build(**changes: object) -> bytes:
    fields: dict[str, object] = {
        "payload_type": 96,
        "marker": False,
        "sequence_number": 7,
        "timestamp": 9,
        "ssrc": 11,
        "extensions": (),
        "payload": b"payload",
    }
    fields.update(changes)
    return build_rtp(**fields)  # type: ignore[arg-type]  # keyword values of mixed types


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", False),
        (b"\x80", False),
        (b"\x80\xc8", True),  # sender report, 200
        (b"\x80\xce", True),  # payload-specific feedback, 206
        (b"\x80\xc0", True),
        (b"\x80\xdf", True),
        (b"\x80\xbf", False),
        (b"\x80\xe0", False),  # payload type 96 with marker
        (b"\x80\x60", False),
    ],
)
def test_rtcp_is_told_from_rtp_by_its_packet_type(data: bytes, expected: bool) -> None:
    assert is_rtcp(data) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [(1, 0, 1), (0, 1, -1), (0, 65535, 1), (65535, 0, -1), (32767, 0, 32767), (32768, 0, -32768), (5, 5, 0)],
)
def test_sequence_difference_wraps(a: int, b: int, expected: int) -> None:
    assert sequence_difference(a, b) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [(3000, 0, 3000), (0, 0xFFFFFFFF, 1), (0xFFFFFFFF, 0, -1), (0x80000000, 0, -0x80000000), (8, 8, 0)],
)
def test_timestamp_difference_wraps(a: int, b: int, expected: int) -> None:
    assert timestamp_difference(a, b) == expected


def test_a_chrome_video_packet_is_read_field_by_field() -> None:
    packet = parse_rtp(CHROME_VIDEO)

    assert packet.marker is True
    assert packet.payload_type == 96
    assert packet.sequence_number == 0x1234
    assert packet.timestamp == 90000
    assert packet.ssrc == 0xDEADBEEF
    assert packet.payload == bytes.fromhex("9080a50100")
    assert (packet.payload_offset, packet.payload_end, packet.padding_length) == (28, 33, 0)
    assert packet.extensions == ((2, 17, 3), (3, 21, 2), (4, 24, 1))
    assert packet.extension(2) == bytes.fromhex("a1b2c3")
    assert packet.extension(4) == b"1"
    assert packet.extension(5) is None


def test_two_byte_extensions_csrcs_and_padding_are_read() -> None:
    packet = parse_rtp(TWO_BYTE)

    assert packet.extension(1) == b""
    assert packet.extension(16) == bytes(range(18))
    assert packet.payload == b"\xc0\xff\xee"
    assert packet.padding_length == 4


def test_the_two_byte_profile_ignores_its_application_bits() -> None:
    data = bytearray(build(extensions=((200, b"x"),)))
    data[13] |= 0x0F

    assert parse_rtp(bytes(data)).extension(200) == b"x"


def test_a_packet_of_nothing_but_padding_has_an_empty_payload() -> None:
    data = bytes.fromhex("a0 60 0001 00000002 00000003") + bytes(254) + b"\xff"

    packet = parse_rtp(data)

    assert packet.payload == b""
    assert packet.padding_length == 255


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("bede 0001 10 aa f0 00", [(1, "aa")]),  # id 15 ends the block
        ("bede 0001 05 aa bb cc", []),  # id 0 with a length is malformed
        ("bede 0001 10 aa 23 bb", [(1, "aa")]),  # element longer than the block
        ("bede 0001 00 00 00 10", []),  # its value would lie in the payload
        ("bede 0000", []),
        ("1000 0001 01 01 aa 02", [(1, "aa")]),  # no room for the length
        ("1000 0001 01 03 aa bb", []),  # element longer than the block
        ("1000 0001 00 00 01 00", [(1, "")]),
        ("abcd 0001 10 aa bb cc", []),  # a profile that is not RFC 8285
    ],
)
def test_a_broken_extension_element_ends_the_list_but_not_the_packet(
    block: str, expected: list[tuple[int, str]]
) -> None:
    data = bytes.fromhex("90 60 0001 00000002 00000003") + bytes.fromhex(block) + b"media"

    packet = parse_rtp(data)

    assert packet.payload == b"media"
    assert [(id, data[at : at + size].hex()) for id, at, size in packet.extensions] == expected


@pytest.mark.parametrize(
    "data",
    [
        "",
        "80 60 0001 00000002 000000",  # eleven bytes
        "40 60 0001 00000002 00000003",  # version 1
        "c0 60 0001 00000002 00000003",  # version 3
        "81 60 0001 00000002 00000003",  # a CSRC that is not there
        "90 60 0001 00000002 00000003",  # an extension that is not there
        "90 60 0001 00000002 00000003 bede00",
        "90 60 0001 00000002 00000003 bede0001",  # a block shorter than it says
        "a0 60 0001 00000002 00000003 00",  # padding of zero bytes
        "a0 60 0001 00000002 00000003 02",  # padding that reaches into the header
        "b0 60 0001 00000002 00000003 bede0001 10aa0004",  # padding that reaches into the extensions
    ],
)
def test_a_malformed_packet_is_a_value_error(data: str) -> None:
    with pytest.raises(ValueError, match="RTP"):
        parse_rtp(bytes.fromhex(data))


@given(st.binary(max_size=80))
def test_parsing_anything_raises_only_value_error(data: bytes) -> None:
    try:
        packet = parse_rtp(data)
    except ValueError:
        return
    assert packet.payload_offset + len(packet.payload) + packet.padding_length == len(data)
    assert all(offset + length <= packet.payload_offset for _, offset, length in packet.extensions)
    unwrap_rtx(packet, 96, 1)


@given(st.integers(0, 0x3F), st.sampled_from([0xBEDE, 0x1000, 0x100F]), st.binary(max_size=64))
def test_parsing_anything_behind_an_extension_header_raises_only_value_error(
    bits: int, profile: int, rest: bytes
) -> None:
    header = bytes([0x80 | bits, 96]) + bytes(10)
    csrcs = bytes(4 * (bits & 0x0F))
    try:
        packet = parse_rtp(header + csrcs + profile.to_bytes(2, "big") + rest)
    except ValueError:
        return
    assert all(offset + length <= packet.payload_offset for _, offset, length in packet.extensions)


@given(extensions=extension_values, payload=st.binary(max_size=40), **numbers)
def test_what_is_built_is_what_is_read(
    payload_type: int,
    marker: bool,
    sequence_number: int,
    timestamp: int,
    ssrc: int,
    extensions: list[tuple[int, bytes]],
    payload: bytes,
) -> None:
    data = build_rtp(
        payload_type=payload_type,
        marker=marker,
        sequence_number=sequence_number,
        timestamp=timestamp,
        ssrc=ssrc,
        extensions=extensions,
        payload=payload,
    )

    packet = parse_rtp(data)

    assert packet.payload_type == payload_type
    assert packet.marker == marker
    assert packet.sequence_number == sequence_number
    assert packet.timestamp == timestamp
    assert packet.ssrc == ssrc
    assert packet.payload == payload
    assert [(id, data[at : at + size]) for id, at, size in packet.extensions] == extensions


def test_building_writes_the_captured_bytes() -> None:
    assert CHROME_VIDEO == build_rtp(
        payload_type=96,
        marker=True,
        sequence_number=0x1234,
        timestamp=90000,
        ssrc=0xDEADBEEF,
        extensions=((2, b"\xa1\xb2\xc3"), (3, b"\x01\x02"), (4, b"1")),
        payload=bytes.fromhex("9080a50100"),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"payload_type": 128},
        {"sequence_number": 0x10000},
        {"timestamp": -1},
        {"ssrc": 1 << 32},
        {"extensions": ((0, b"x"),)},
        {"extensions": ((256, b"x"),)},
        {"extensions": ((1, bytes(256)),)},
        {"extensions": ((1, bytes(255)),) * 1025},
    ],
)
def test_building_refuses_what_does_not_fit(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="RTP"):
        build(**changes)


@given(
    extensions=extension_values,
    payload=st.binary(max_size=40),
    marker=st.booleans(),
    sequence_number=st.integers(0, 0xFFFF),
)
def test_a_retransmission_gives_the_original_back(
    extensions: list[tuple[int, bytes]], payload: bytes, marker: bool, sequence_number: int
) -> None:
    original = build(marker=marker, sequence_number=sequence_number, extensions=extensions, payload=payload)

    rtx = parse_rtp(wrap_rtx(parse_rtp(original), payload_type=97, ssrc=22, sequence_number=500))

    assert (rtx.payload_type, rtx.ssrc, rtx.sequence_number) == (97, 22, 500)
    assert (rtx.marker, rtx.timestamp) == (marker, 9)
    assert rtx.payload[:2] == sequence_number.to_bytes(2, "big")
    assert unwrap_rtx(rtx, 96, 11) == original


def test_a_retransmission_drops_the_padding_and_keeps_csrcs() -> None:
    rtx = wrap_rtx(parse_rtp(TWO_BYTE), payload_type=97, ssrc=22, sequence_number=500)

    original = unwrap_rtx(parse_rtp(rtx), 111, 3)

    assert original is not None
    assert original == bytes([TWO_BYTE[0] & ~0x20]) + TWO_BYTE[1:-4]


def test_padding_of_a_retransmission_is_not_part_of_the_original() -> None:
    rtx = bytearray(wrap_rtx(parse_rtp(build()), payload_type=97, ssrc=22, sequence_number=500))
    rtx[0] |= 0x20

    assert unwrap_rtx(parse_rtp(bytes(rtx) + b"\x00\x02"), 96, 11) == build()


@pytest.mark.parametrize("payload", [b"", b"\x01"])
def test_a_retransmission_without_an_original_is_none(payload: bytes) -> None:
    assert unwrap_rtx(parse_rtp(build(payload=payload)), 96, 11) is None


def test_a_padding_only_retransmission_is_none() -> None:
    probe = bytearray(build(payload=bytes(223) + b"\xe0"))
    probe[0] |= 0x20

    assert unwrap_rtx(parse_rtp(bytes(probe)), 96, 11) is None
