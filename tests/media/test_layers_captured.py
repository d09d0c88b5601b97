"""Layer selection on streams as libwebrtc really sends them, in the SDK and in Chromium."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.dependency_descriptor import parse_descriptor
from media.layers import FORWARD, MARK, LayerFilter, LayerReader
from tests.media.svc import captured


@pytest.mark.parametrize("wanted", [(0, 0), (0, 2), (1, 1), (2, 0), (2, 2)])
def test_what_libwebrtc_sends_as_vp9_is_filtered_by_descriptor_and_by_payload(
    wanted: tuple[int, int],
) -> None:
    """K-SVC: without the descriptor nobody can know that small pictures are not needed for large ones."""
    pictures: dict[bool, set[int]] = {}
    layers: dict[bool, set[tuple[int, int]]] = {}
    for has_descriptor in (True, False):
        reader, chosen = LayerReader("video/VP9"), LayerFilter(*wanted)
        for number, (timestamp, marker, extension, payload) in enumerate(captured("vp9_l3t3_key.txt")):
            read = reader.read(payload, timestamp, marker, extension if has_descriptor else None)
            if chosen.select(number, read) in (FORWARD, MARK):
                pictures.setdefault(has_descriptor, set()).add(timestamp)
                if timestamp > 16380:  # of the second key picture, the last one
                    layers.setdefault(has_descriptor, set()).add((read.spatial, read.temporal))
        assert chosen.layer == wanted and not chosen.needs_key_frame and reader.is_layered

    times = range(wanted[1] + 1)
    assert pictures[True] <= pictures[False]  # the encoder at times skips all but the smallest picture
    assert layers[True] == {(wanted[0], t) for t in times}
    assert layers[False] == {(s, t) for s in range(wanted[0] + 1) for t in times}


@pytest.mark.parametrize("capture", ["vp9_l3t3_key.txt", "av1_l3t3_key.txt", "av1_l3t3.txt"])
@given(
    wishes=st.dictionaries(st.integers(1, 60), st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=6)
)
@settings(max_examples=25)
def test_of_real_streams_only_what_can_be_decoded_is_forwarded(
    capture: str, wishes: dict[int, tuple[int, int]]
) -> None:
    """Also when the sender, short of bandwidth, switches its upper layers off and on."""
    reader, chosen = LayerReader("video/AV1"), LayerFilter()
    structure = None
    forwarded: set[int] = set()
    picture, last_timestamp = 0, 0
    for number, (timestamp, marker, extension, payload) in enumerate(captured(capture)):
        picture, last_timestamp = picture + (timestamp != last_timestamp), timestamp
        if picture in wishes:
            chosen.want(*wishes.pop(picture))
        parsed = parse_descriptor(extension, structure)
        structure = parsed.structure
        layers = reader.read(payload, timestamp, marker, extension)
        if chosen.select(number, layers) in (FORWARD, MARK):
            references = {parsed.frame_number - back for back in parsed.frame.frame_differences}
            assert references <= forwarded
            if parsed.ends_frame:
                forwarded.add(parsed.frame_number)
        else:
            assert parsed.frame_number not in forwarded


def test_layers_switched_off_by_a_sender_of_full_svc_are_not_missed() -> None:
    """Real: Chromium's mask of active decode targets goes from nine to three."""
    reader, chosen = LayerReader("video/AV1"), LayerFilter(2, 2)
    pictures, seen = set(), set()
    for number, (timestamp, marker, extension, payload) in enumerate(captured("av1_l3t3.txt")):
        seen.add(timestamp)
        if chosen.select(number, reader.read(payload, timestamp, marker, extension)) in (FORWARD, MARK):
            pictures.add(timestamp)

    assert pictures == seen
    assert not chosen.needs_key_frame
