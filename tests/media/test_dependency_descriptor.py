"""The dependency descriptor as libwebrtc writes it, as the standard has it, and as attackers might."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from media.dependency_descriptor import Structure, parse_descriptor
from tests.media.svc import Mode, captured, descriptor, frames, packets

MODES = [Mode(1, 1), Mode(1, 3), Mode(2, 2), Mode(3, 3), Mode(3, 3, True), Mode(2, 3, True)]


def test_vp9_in_three_by_three_layers_as_libwebrtc_sends_it() -> None:
    first = parse_descriptor(captured("vp9_l3t3_key.txt")[0][2], None)

    structure = first.structure
    assert first.has_structure and first.starts_frame and not first.ends_frame
    assert structure.targets == tuple((s, t) for s in range(3) for t in range(3))
    assert structure.resolutions == ((320, 180), (640, 360), (1280, 720))
    assert (structure.chain_count, structure.chains) == (3, (0, 0, 0, 1, 1, 1, 2, 2, 2))
    assert len(structure.templates) == 15
    assert structure.templates[6].indications == (0, 0, 0, 2, 2, 2, 0, 0, 0)
    assert structure.templates[6].frame_differences == (12,)
    assert structure.templates[6].chain_differences == (1, 12, 11)
    assert first.active_targets == 0b111111111


def test_the_first_key_picture_is_one_frame_per_spatial_layer() -> None:
    structure = None
    found = []
    for timestamp, marker, extension, _ in captured("vp9_l3t3_key.txt"):
        parsed = parse_descriptor(extension, structure)
        structure = parsed.structure
        if timestamp == 0 and parsed.starts_frame:
            found.append((parsed.frame_number, parsed.frame.spatial, parsed.frame.frame_differences, marker))

    assert found == [(1, 0, (), False), (2, 1, (1,), False), (3, 2, (1,), False)]


def test_av1_without_layers_as_libwebrtc_sends_it() -> None:
    first = parse_descriptor(captured("av1_l1t1.txt")[0][2], None)

    assert first.structure.targets == ((0, 0),)
    assert first.structure.resolutions == ((1280, 720),)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("structure_id", [0, 60])
def test_what_was_written_is_read_again(mode: Mode, structure_id: int) -> None:
    structure = None
    for packet in packets(list(frames(mode, 20, 7)), [1, 3]):
        parsed = parse_descriptor(descriptor(mode, packet, structure_id), structure)
        structure = parsed.structure

        frame = packet.frame
        assert (parsed.starts_frame, parsed.ends_frame) == (packet.starts, packet.ends)
        assert parsed.frame_number == frame.number
        assert (parsed.frame.spatial, parsed.frame.temporal) == (frame.spatial, frame.temporal)
        assert parsed.frame.indications == frame.indications
        assert parsed.frame.frame_differences == frame.differences
        assert parsed.structure.targets == tuple(mode.targets)


@pytest.mark.parametrize("difference", [1, 16, 17, 256, 257, 4096])
def test_a_frame_may_differ_from_its_template(difference: int) -> None:
    mode = Mode(1, 3)
    key, *_, late = packets(list(frames(mode, 9)), [1])
    frame = late.frame._replace(number=5000, references=(5000 - difference,), indications=(1, 2, 3))

    structure = parse_descriptor(descriptor(mode, key), None).structure
    parsed = parse_descriptor(descriptor(mode, late._replace(frame=frame)), structure)

    assert parsed.frame.frame_differences == (difference,)
    assert parsed.frame.indications == (1, 2, 3)


def test_the_sender_may_switch_layers_off() -> None:
    mode = Mode(2, 2)
    key, late = packets(list(frames(mode, 2)), [1])[:2]

    structure = parse_descriptor(descriptor(mode, key), None).structure

    assert parse_descriptor(descriptor(mode, late), structure).active_targets is None
    assert parse_descriptor(descriptor(mode, late, active=0b0011), structure).active_targets == 0b0011


KEY = captured("vp9_l3t3_key.txt")[0][2]
KNOWN = parse_descriptor(KEY, None).structure


def test_without_its_structure_nothing_can_be_read() -> None:
    with pytest.raises(ValueError, match="before its structure"):
        parse_descriptor(bytes.fromhex("800001"), None)
    with pytest.raises(ValueError, match="unknown template"):
        parse_descriptor(bytes.fromhex("8f0001"), KNOWN)


@given(st.binary(max_size=255), st.sampled_from((None, KNOWN)))
@example(b"\x80\x00\x01\x80\x00" + bytes(60), None)
@example(b"\x80\x00\x01\x80\x02" + b"\x55" * 60, None)
def test_anything_is_read_or_refused(data: bytes, structure: Structure | None) -> None:
    try:
        parsed = parse_descriptor(data, structure)
    except ValueError:
        return
    assert len(parsed.frame.indications) == len(parsed.structure.targets)
    assert parsed.frame.spatial < 4 and parsed.frame.temporal < 8


@given(st.integers(0, len(KEY) * 8 - 1), st.integers(0, len(KEY)))
def test_damage_is_read_or_refused(bit: int, length: int) -> None:
    damaged = bytearray(KEY)
    damaged[bit // 8] ^= 1 << bit % 8
    for data in (bytes(damaged), KEY[:length], bytes(damaged[:length])):
        try:
            parse_descriptor(data, None)
        except ValueError:
            pass
