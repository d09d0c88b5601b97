"""Payload descriptors of VP8, VP9, H.264 and AV1 as Chrome and others write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.payloads import (
    describe_av1,
    describe_h264,
    describe_vp8,
    describe_vp9,
    is_key_frame,
)

# Start code and 640x360 behind the three bytes of a key frame's tag (RFC 6386 section 9.1).
VP8_KEY_TAG = "509d01 9d012a 8002 6801"
VP8_DELTA_TAG = "b10600"


def test_vp8_key_frame_as_chrome_sends_it() -> None:
    descriptor = describe_vp8(bytes.fromhex("90 e0 8123 05 20" + VP8_KEY_TAG))

    assert descriptor is not None
    assert descriptor.header_length == 6
    assert descriptor.starts_frame and descriptor.is_key_frame and descriptor.is_reference
    assert (descriptor.picture_id, descriptor.picture_id_bits) == (0x0123, 15)
    assert (descriptor.tl0picidx, descriptor.tid, descriptor.layer_sync) == (5, 0, True)
    assert (descriptor.picture_id_offset, descriptor.tl0picidx_offset, descriptor.tid_offset) == (2, 4, 5)
    assert descriptor.keyidx is None
    assert (descriptor.width, descriptor.height) == (640, 360)


def test_the_two_scaling_bits_are_not_part_of_the_resolution() -> None:
    descriptor = describe_vp8(bytes.fromhex("10 509d01 9d012a 8042 6881"))

    assert descriptor is not None
    assert (descriptor.width, descriptor.height) == (640, 360)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        # (starts, key, reference, picture_id, bits, tl0picidx, tid, sync, keyidx, header)
        ("10" + VP8_DELTA_TAG, (True, False, True, None, 0, None, None, False, None, 1)),
        ("18" + VP8_DELTA_TAG, (True, False, True, None, 0, None, None, False, None, 1)),  # reserved bit
        ("00 0102", (False, False, True, None, 0, None, None, False, None, 1)),  # continues a frame
        ("11 0002", (False, False, True, None, 0, None, None, False, None, 1)),  # starts partition 1
        ("30" + VP8_DELTA_TAG, (True, False, False, None, 0, None, None, False, None, 1)),  # N bit
        ("90 80 7f" + VP8_DELTA_TAG, (True, False, True, 127, 7, None, None, False, None, 3)),
        ("90 00" + VP8_DELTA_TAG, (True, False, True, None, 0, None, None, False, None, 2)),
        ("90 f0 ffff 09 9f" + VP8_DELTA_TAG, (True, False, True, 32767, 15, 9, 2, False, 31, 6)),
        ("90 10 e3" + VP8_DELTA_TAG, (True, False, True, None, 0, None, None, False, 3, 3)),  # K only
        ("90 20 e3" + VP8_DELTA_TAG, (True, False, True, None, 0, None, 3, True, None, 3)),  # T only
    ],
)
def test_vp8_fields(payload: str, expected: tuple[object, ...]) -> None:
    d = describe_vp8(bytes.fromhex(payload))

    assert d is not None
    assert expected == (
        d.starts_frame,
        d.is_key_frame,
        d.is_reference,
        d.picture_id,
        d.picture_id_bits,
        d.tl0picidx,
        d.tid,
        d.layer_sync,
        d.keyidx,
        d.header_length,
    )


@pytest.mark.parametrize(
    "cut", ["", "10", "00", "90", "90 80", "90 80 81", "90 40", "90 20", "90 e0 8123 05 20"]
)
def test_vp8_cut_off_describes_nothing(cut: str) -> None:
    assert describe_vp8(bytes.fromhex(cut)) is None


@pytest.mark.parametrize("tag", ["50", "509d01 9d012a 800268", "509d01 9d012b 80026801"])
def test_vp8_key_frame_without_a_readable_size(tag: str) -> None:
    descriptor = describe_vp8(bytes.fromhex("10" + tag))

    assert descriptor is not None and descriptor.is_key_frame
    assert (descriptor.width, descriptor.height) == (None, None)


@given(picture_id=st.integers(0, 0x7FFF), tl0picidx=st.integers(0, 255), replacement=st.integers(0, 0x7FFF))
def test_vp8_fields_can_be_patched_where_they_lie(picture_id: int, tl0picidx: int, replacement: int) -> None:
    payload = bytearray(bytes.fromhex("90 e0 0000 00 00" + VP8_DELTA_TAG))
    payload[2:4] = (0x8000 | picture_id).to_bytes(2, "big")
    payload[4] = tl0picidx
    before = describe_vp8(bytes(payload))
    assert before is not None and before.picture_id == picture_id

    at = before.picture_id_offset
    payload[at : at + 2] = (0x8000 | replacement).to_bytes(2, "big")
    payload[before.tl0picidx_offset] = 255 - tl0picidx

    assert describe_vp8(bytes(payload)) == before._replace(picture_id=replacement, tl0picidx=255 - tl0picidx)


def test_vp9_key_frame_with_scalability_structure() -> None:
    # Non-flexible: I, L, B, V; picture 0x1234, layer 0/0, TL0PICIDX 7; two layers, a group of two pictures.
    payload = bytes.fromhex("aa 9234 00 07" + "38 014000b4 02800168 02 10 24 01" + "82")

    descriptor = describe_vp9(payload)

    assert descriptor is not None
    assert descriptor.is_key_frame and descriptor.starts_frame and not descriptor.ends_frame
    assert (descriptor.picture_id, descriptor.picture_id_bits, descriptor.picture_id_offset) == (
        0x1234,
        15,
        1,
    )
    assert (descriptor.tid, descriptor.sid, descriptor.switching_up) == (0, 0, False)
    assert (descriptor.tl0picidx, descriptor.tl0picidx_offset) == (7, 4)
    assert descriptor.spatial_layers == 2
    assert descriptor.resolutions == ((320, 180), (640, 360))
    assert descriptor.header_length == len(payload) - 1


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        # starts, ends, key, inter picture, inter layer, flexible, referenced above,
        # picture id, tid, sid, switching up, header
        ("08 82", (True, False, True, False, False, False, True, None, None, None, False, 1)),
        ("0d 82", (True, True, True, False, False, False, False, None, None, None, False, 1)),
        ("00 82", (False, False, False, False, False, False, True, None, None, None, False, 1)),
        ("48 82", (True, False, False, True, False, False, True, None, None, None, False, 1)),
        ("88 7f 82", (True, False, True, False, False, False, True, 127, None, None, False, 2)),
        # An upper spatial layer of a key picture is predicted from below, and is not itself the key frame.
        ("28 03 07 82", (True, False, False, False, True, False, True, None, 0, 1, False, 3)),
        ("28 54 07 82", (True, False, False, False, False, False, True, None, 2, 2, True, 3)),
        # Flexible mode has no TL0PICIDX but reference differences: one, then three.
        ("f8 05 20 02 82", (True, False, False, True, False, True, True, 5, 1, 0, False, 4)),
        ("58 03 05 06 82", (True, False, False, True, False, True, True, None, None, None, False, 4)),
        ("58 03 05 07 82", (True, False, False, True, False, True, True, None, None, None, False, 4)),
        ("18 82", (True, False, True, False, False, True, True, None, None, None, False, 1)),
        ("0a 00 82", (True, False, True, False, False, False, True, None, None, None, False, 2)),
    ],
)
def test_vp9_fields(payload: str, expected: tuple[object, ...]) -> None:
    d = describe_vp9(bytes.fromhex(payload))

    assert d is not None
    assert expected == (
        d.starts_frame,
        d.ends_frame,
        d.is_key_frame,
        d.inter_picture_predicted,
        d.inter_layer_predicted,
        d.is_flexible,
        d.is_referenced_above,
        d.picture_id,
        d.tid,
        d.sid,
        d.switching_up,
        d.header_length,
    )


@pytest.mark.parametrize(
    "cut", ["", "08", "88", "88 81", "28", "28 00", "58 03", "0a", "0a 10 0140", "0a 08", "0a 08 01 04"]
)
def test_vp9_cut_off_describes_nothing(cut: str) -> None:
    assert describe_vp9(bytes.fromhex(cut)) is None


@pytest.mark.parametrize(
    ("payload", "types", "key", "parameters", "continues", "ends"),
    [
        ("67 42e01f", (7,), True, True, False, True),
        ("65 88", (5,), True, False, False, True),
        ("61 9a", (1,), False, False, False, True),
        ("78 0002 6742 0002 68ce 0001 06", (7, 8, 6), True, True, False, True),
        ("78 0002 0610 0002 6588", (6, 5), True, False, False, True),
        ("78 0002 419a 0001 41", (1, 1), False, False, False, True),
        ("7c 85 88", (5,), True, False, False, False),
        ("7c 05 88", (), False, False, True, False),
        ("7c 45 88", (), False, False, True, True),
        ("7c 81 9a", (1,), False, False, False, False),
        ("7c 87 42", (7,), True, True, False, False),
    ],
)
def test_h264_fields(
    payload: str, types: tuple[int, ...], key: bool, parameters: bool, continues: bool, ends: bool
) -> None:
    descriptor = describe_h264(bytes.fromhex(payload))

    assert descriptor == (types, key, parameters, continues, ends)


@pytest.mark.parametrize("cut", ["", "7c", "78", "78 0002 67", "78 0000 67", "78 0001 67 00", "78 0001 6700"])
def test_h264_cut_off_describes_nothing(cut: str) -> None:
    assert describe_h264(bytes.fromhex(cut)) is None


@pytest.mark.parametrize(
    ("payload", "key", "header", "continues", "continued", "types"),
    [
        # N, W=2: a sequence header of 11 bytes, then a frame that goes on in the next packet.
        ("68 0b 0a" + "00" * 10 + "32 aa", True, True, False, True, (1, 6)),
        ("18 32 aa", True, False, False, False, (6,)),
        ("10 32 aa", False, False, False, False, (6,)),
        ("10 0a 00", True, True, False, False, (1,)),  # a sender that forgets N
        ("90 0a aa", False, False, True, False, ()),  # a continued element has no OBU header
        ("d0 aa", False, False, True, True, ()),
        ("00 02 32aa 01 32", False, False, False, False, (6, 6)),  # W=0: every element has a length
        ("20 8100 32 32", False, False, False, False, (6, 6)),  # a length written in two bytes
        ("a0 01 aa 32", False, False, True, False, (6,)),
    ],
)
def test_av1_fields(
    payload: str, key: bool, header: bool, continues: bool, continued: bool, types: tuple[int, ...]
) -> None:
    descriptor = describe_av1(bytes.fromhex(payload))

    assert descriptor == (key, header, continues, continued, types)


@pytest.mark.parametrize(
    "cut", ["", "18", "00 05 32", "00 00", "20 01 32", "00 81", "00" + "80" * 9, "30 01 32 01 32"]
)
def test_av1_cut_off_describes_nothing(cut: str) -> None:
    assert describe_av1(bytes.fromhex(cut)) is None


@pytest.mark.parametrize(
    ("mime_type", "payload", "expected"),
    [
        ("video/VP8", "10" + VP8_KEY_TAG, True),
        ("video/vp8", "10" + VP8_DELTA_TAG, False),
        ("video/VP8", "", False),
        ("video/VP9", "08 82", True),
        ("video/H264", "67 42", True),
        ("video/AV1", "18 32 aa", True),
        ("Video/av1", "10 32 aa", False),
        ("audio/opus", "10", False),
    ],
)
def test_key_frames_by_mime_type(mime_type: str, payload: str, expected: bool) -> None:
    assert is_key_frame(mime_type, bytes.fromhex(payload)) is expected


@given(st.binary(max_size=40))
def test_describing_anything_never_raises(payload: bytes) -> None:
    for descriptor in (describe_vp8(payload), describe_vp9(payload)):
        assert descriptor is None or 0 < descriptor.header_length < len(payload)
    describe_h264(payload)
    describe_av1(payload)


@given(st.sampled_from([0x78, 0x7C, 0x00, 0x10, 0x20, 0x30, 0x90]), st.binary(max_size=40))
def test_describing_any_aggregate_never_raises(first: int, rest: bytes) -> None:
    describe_h264(bytes([first]) + rest)
    describe_av1(bytes([first]) + rest)
