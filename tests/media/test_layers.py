"""Layer selection: what a viewer gets can be decoded, is never cut in half, and changes as soon as may be."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.layers import DROP, DROP_PICTURE, FORWARD, MARK, LayerFilter, LayerReader, PacketLayers
from tests.media.svc import (
    Frame,
    Mode,
    Packet,
    descriptor,
    frames,
    packets,
    vp8_payload,
    vp9_payload,
)

L1T3, L3T3, L3T3_KEY, L2T2 = Mode(1, 3), Mode(3, 3), Mode(3, 3, True), Mode(2, 2)
Described = tuple[Packet, PacketLayers]


def describe(mode: Mode, codec: str, stream: list[Packet]) -> list[Described]:
    """Each packet with what the reader says of it."""
    reader = LayerReader(f"video/{codec}")
    described = []
    tl0 = 0
    for packet in stream:
        frame = packet.frame
        tl0 += packet.starts and frame.temporal == 0 and frame.spatial == 0
        extension = payload = b""
        if codec == "VP8":
            payload = vp8_payload(packet, tl0)
        elif codec == "VP9":
            payload = vp9_payload(packet, tl0)
        else:
            extension = descriptor(mode, packet)
        described.append(
            (packet, reader.read(payload, frame.picture * 3000, packet.marker, extension or None))
        )
    return described


class Viewer:
    """A filter and what came through it."""

    def __init__(self, *wanted: int) -> None:
        self.filter = LayerFilter(*wanted)
        self.got: list[tuple[Packet, bool]] = []
        self.left_out: list[int] = []  # pictures, as reported

    def receive(self, packet: Packet, layers: PacketLayers) -> None:
        verdict = self.filter.select(packet.sequence_number, layers)
        if verdict in (FORWARD, MARK):
            self.got.append((packet, packet.marker or verdict == MARK))
        elif verdict == DROP_PICTURE:
            self.left_out.append(packet.frame.picture)

    def watch(self, stream: list[Described]) -> None:
        for packet, layers in stream:
            self.receive(packet, layers)

    def layers(self, since: int = 0) -> set[tuple[int, int]]:
        """The layers of what came from a picture on."""
        return {(p.frame.spatial, p.frame.temporal) for p, _ in self.got if p.frame.picture >= since}

    def check(self, sent: list[Packet]) -> None:
        """Whole frames, with all they refer to, and one marker at the end of each picture."""
        numbers = {packet.sequence_number for packet, _ in self.got}
        arrived: dict[int, list[bool]] = {}
        for packet in sent:
            arrived.setdefault(packet.frame.number, []).append(packet.sequence_number in numbers)
        assert all(len(set(parts)) == 1 for parts in arrived.values()), "a frame cut in half"
        have = {number for number, parts in arrived.items() if parts[0]}
        for packet, _ in self.got:
            assert have.issuperset(packet.frame.references), packet
        last = {packet.frame.picture: packet for packet, _ in self.got}
        for packet, marker in self.got:
            assert marker == (last[packet.frame.picture] == packet)


def stream(mode: Mode, codec: str, pictures: int, key_every: int = 10**9, size: int = 2) -> list[Described]:
    return describe(mode, codec, packets(list(frames(mode, pictures, key_every)), [size]))


EVERY_WAY = [
    (L1T3, "VP8"),
    (L1T3, "AV1"),
    (L3T3, "VP9"),
    (L3T3, "AV1"),
    (L3T3_KEY, "AV1"),
    (L2T2, "AV1"),
    (L2T2, "VP9"),
]


@pytest.mark.parametrize(("mode", "codec"), EVERY_WAY)
def test_each_layer_comes_with_what_it_needs_and_no_more(mode: Mode, codec: str) -> None:
    for spatial, temporal in mode.targets:
        sent = stream(mode, codec, 24)
        viewer = Viewer(spatial, temporal)

        viewer.watch(sent)

        viewer.check([packet for packet, _ in sent])
        assert viewer.filter.layer == (spatial, temporal)
        assert not viewer.filter.needs_key_frame
        expected = {(s, t) for s in range(spatial + 1) for t in range(temporal + 1)}
        if mode.is_key:
            expected = {layer for layer in expected if layer[0] == spatial}
        assert viewer.layers(since=1) == {layer for layer in expected if layer[1] or layer[0] >= 0}


def test_without_limits_everything_passes_that_the_best_picture_needs() -> None:
    for mode, codec in EVERY_WAY:
        sent = stream(mode, codec, 24)
        viewer = Viewer()
        viewer.watch(sent)
        if not mode.is_key:
            assert len(viewer.got) == len(sent)
        viewer.check([packet for packet, _ in sent])
        assert not viewer.filter.needs_key_frame


@pytest.mark.parametrize(("mode", "codec"), EVERY_WAY)
def test_nothing_comes_before_a_key_frame(mode: Mode, codec: str) -> None:
    sent = stream(mode, codec, 60, key_every=40)
    viewer = Viewer()

    viewer.watch(sent[7:])

    assert min(packet.frame.picture for packet, _ in viewer.got) == 40
    viewer.check([packet for packet, _ in sent[7:]])


def test_a_viewer_without_key_frame_asks_for_one() -> None:
    viewer = Viewer()
    viewer.watch(stream(L1T3, "VP8", 8)[2:])

    assert viewer.filter.layer is None and viewer.filter.needs_key_frame


@pytest.mark.parametrize(("mode", "codec"), [(L1T3, "VP8"), (L3T3, "VP9"), (L3T3, "AV1"), (L1T3, "AV1")])
def test_the_way_down_begins_with_the_next_frame(mode: Mode, codec: str) -> None:
    sent = stream(mode, codec, 24, size=3)
    viewer = Viewer()
    half = next(n for n, (p, _) in enumerate(sent) if p.frame.picture == 9 and p.frame.spatial == 0) + 1

    viewer.watch(sent[:half])
    viewer.filter.want(0, 0)
    viewer.watch(sent[half:])

    viewer.check([packet for packet, _ in sent])
    assert viewer.layers(since=10) == {(0, 0)}


@pytest.mark.parametrize(("mode", "codec"), [(L1T3, "AV1"), (L3T3_KEY, "AV1"), (L3T3, "VP9")])
def test_more_frames_come_from_the_next_switching_point_without_a_key_frame(mode: Mode, codec: str) -> None:
    sent = stream(mode, codec, 48)
    top = mode.spatial - 1
    viewer = Viewer(top, 0)

    viewer.watch([x for x in sent if x[0].frame.picture < 17])
    viewer.filter.want(top, 2)
    assert not viewer.filter.needs_key_frame
    viewer.watch([x for x in sent if x[0].frame.picture >= 17])

    viewer.check([packet for packet, _ in sent])
    assert (top, 2) in viewer.layers(since=20) and min(
        p.frame.picture for p, _ in viewer.got if p.frame.temporal == 2
    ) <= 21


def test_vp8_climbs_from_one_layer_sync_to_the_next() -> None:
    sent = list(frames(L1T3, 60))
    # libwebrtc repeats sync frames every second round of its pattern.
    again = [frame._replace(is_sync=frame.temporal > 0 and frame.picture % 8 in (1, 2)) for frame in sent]
    for n, frame in enumerate(again):
        if frame.is_sync:
            lowest = max(f.number for f in again[:n] if f.temporal == 0)
            again[n] = frame._replace(references=(lowest,))
    described = describe(L1T3, "VP8", packets(again, [1]))
    viewer = Viewer(0, 0)

    viewer.watch(described[:20])
    viewer.filter.want(0, 2)
    viewer.watch(described[20:])

    viewer.check([packet for packet, _ in described])
    by_layer = {t: min(p.frame.picture for p, _ in viewer.got if p.frame.temporal == t) for t in (1, 2)}
    assert by_layer == {1: 26, 2: 33}
    assert viewer.filter.layer == (0, 2)


def test_vp8_without_sync_frames_asks_for_a_key_frame_in_the_end() -> None:
    sent = stream(L1T3, "VP8", 200, size=1)
    viewer = Viewer(0, 0)
    viewer.watch(sent[:20])
    viewer.filter.want(0, 2)

    viewer.watch(sent[20:50])
    assert not viewer.filter.needs_key_frame
    viewer.watch(sent[50:])
    assert viewer.filter.needs_key_frame


@pytest.mark.parametrize("wanted", [(0, 2), (1, 1)])
def test_k_svc_needs_a_key_frame_for_a_smaller_picture(wanted: tuple[int, int]) -> None:
    sent = stream(L3T3_KEY, "AV1", 80, key_every=40)
    viewer = Viewer(2, 2)

    viewer.watch([x for x in sent if x[0].frame.picture < 20])
    viewer.filter.want(*wanted)
    viewer.watch([x for x in sent if 20 <= x[0].frame.picture < 40])
    assert viewer.filter.needs_key_frame and viewer.filter.layer is None
    viewer.watch([x for x in sent if x[0].frame.picture >= 40])

    assert viewer.filter.layer == wanted and not viewer.filter.needs_key_frame
    viewer.check([packet for packet, _ in sent])


@pytest.mark.parametrize(("mode", "codec"), [(L3T3, "AV1"), (L3T3_KEY, "AV1"), (L3T3, "VP9")])
def test_a_larger_picture_comes_with_a_key_frame(mode: Mode, codec: str) -> None:
    sent = stream(mode, codec, 60, key_every=30)
    viewer = Viewer(0, 2)

    viewer.watch([x for x in sent if x[0].frame.picture < 10])
    viewer.filter.want(2, 1)
    viewer.watch([x for x in sent if 10 <= x[0].frame.picture < 30])
    assert viewer.filter.needs_key_frame and viewer.layers(since=10) <= {(0, 0), (0, 1)}
    viewer.watch([x for x in sent if x[0].frame.picture >= 30])

    assert viewer.filter.layer == (2, 1) and not viewer.filter.needs_key_frame
    viewer.check([packet for packet, _ in sent])


def test_every_vp8_picture_left_out_is_reported_once() -> None:
    sent = stream(L1T3, "VP8", 40, size=3)
    viewer = Viewer(0, 1)

    viewer.watch(sent)

    forwarded = {packet.frame.picture for packet, _ in viewer.got}
    assert sorted([*forwarded, *viewer.left_out]) == list(range(40))


def held_back(pictures: list[tuple[int, int, Frame]]) -> int:
    """How many of these (picture id, TL0PICIDX, frame) libwebrtc's RtpVp8RefFinder would not hand on.

    Its rules for complete frames in order: the base layer follows the last one; a sync frame refers to the
    base layer; any other frame needs the newest frame of each layer up to its own, and every picture id
    since then.
    """
    newest: dict[int, dict[int, int]] = {}  # picture id by temporal layer, by TL0PICIDX
    received: set[int] = set()
    held = 0
    for picture_id, tl0, frame in pictures:
        received.add(picture_id)
        if frame.is_key_picture:
            newest[tl0] = {0: picture_id}
            continue
        known = newest.get(tl0 - 1 if frame.temporal == 0 else tl0)
        if known is None:
            held += 1
            continue
        if frame.temporal and not frame.is_sync:
            layers = range(frame.temporal + 1)
            if any(
                layer not in known or not received.issuperset(range(known[layer] + 1, picture_id))
                for layer in layers
            ):
                held += 1
                continue
        newest[tl0] = {**known, frame.temporal: picture_id}
    return held


def test_closed_up_picture_ids_keep_libwebrtc_from_holding_frames_back() -> None:
    sent = stream(L1T3, "VP8", 80, size=2)
    viewer = LayerFilter(0, 1)
    shift, tl0 = 0, 0
    as_sent, closed_up = [], []
    for packet, layers in sent:
        frame = packet.frame
        tl0 += packet.starts and frame.temporal == 0
        verdict = viewer.select(packet.sequence_number, layers)
        shift -= verdict == DROP_PICTURE
        if verdict in (FORWARD, MARK) and packet.ends:
            as_sent.append((frame.picture, tl0, frame))
            closed_up.append((frame.picture + shift, tl0, frame))

    assert held_back(as_sent) > 10
    assert held_back(closed_up) == 0
    assert [picture_id for picture_id, _, _ in closed_up] == list(range(len(closed_up)))


def test_layers_the_publisher_stops_are_not_waited_for() -> None:
    """A K-SVC sender switches its top layer off: who watched it gets the next one, from a key frame on."""
    reader = LayerReader("video/AV1")
    viewer = Viewer(2, 2)
    small = Mode(2, 3, True)
    numbered = 0
    for picture, frame in enumerate(f for f in frames(L3T3_KEY, 20)):
        for packet in packets([frame], [1], picture):
            viewer.receive(
                packet, reader.read(b"", frame.picture, packet.marker, descriptor(L3T3_KEY, packet))
            )
            numbered = frame.number
    for frame in frames(L3T3_KEY, 20, key_every=12, first=numbered + 1):
        if frame.spatial == 2 or frame.picture == 0:
            continue
        (packet,) = packets([frame], [1], frame.number)
        extension = descriptor(L3T3_KEY, packet, active=(1 << len(small.targets)) - 1)
        viewer.receive(packet, reader.read(b"", 100 + frame.picture, packet.marker, extension))
        if frame.picture == 11:
            assert viewer.filter.needs_key_frame

    assert viewer.got[-1][0].frame.spatial == 1
    assert not viewer.filter.needs_key_frame


@given(
    st.sampled_from(EVERY_WAY),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 2), st.integers(0, 2)), max_size=8),
    st.integers(5, 80),
    st.integers(0, 0xFFFF),
    st.lists(st.integers(1, 4), min_size=1, max_size=5),
)
def test_whatever_is_wanted_what_comes_can_be_decoded(
    way: tuple[Mode, str], wishes: list[tuple[int, int, int]], key_every: int, first: int, sizes: list[int]
) -> None:
    mode, codec = way
    sent = describe(mode, codec, packets(list(frames(mode, 80, key_every)), sizes, first))
    viewer = Viewer()
    for packet, layers in sent:
        for picture, spatial, temporal in wishes:
            if picture == packet.frame.picture and packet.starts:
                viewer.filter.want(spatial, temporal)
        viewer.receive(packet, layers)

    viewer.check([packet for packet, _ in sent])


def shuffled(sent: list[Packet], random: Random, loss: float, reorder: float) -> list[Packet]:
    """Some lost, some late."""
    order = []
    for n, packet in enumerate(sent):
        if random.random() >= loss:
            late = random.randint(1, 40) if random.random() < reorder else 0
            order.append((n + late, n, packet))
    return [packet for _, _, packet in sorted(order)]


@given(
    st.sampled_from(EVERY_WAY),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 2), st.integers(0, 2)), max_size=6),
    st.randoms(use_true_random=False),
    st.sampled_from((0.0, 0.1)),
    st.integers(0, 0xFFFF),
)
def test_lost_and_late_packets_do_not_confuse_it(
    way: tuple[Mode, str], wishes: list[tuple[int, int, int]], random: Random, loss: float, first: int
) -> None:
    """No frame is cut in half by anybody but the network."""
    mode, codec = way
    sent = packets(list(frames(mode, 80, 25)), [3, 1, 2], first)
    arrived = shuffled(sent, random, loss, 0.1)
    viewer = Viewer()
    passed: dict[int, set[bool]] = {}
    for packet, layers in describe(mode, codec, arrived):
        for picture, spatial, temporal in wishes:
            if picture == packet.frame.picture and packet.starts:
                viewer.filter.want(spatial, temporal)
        before = len(viewer.got)
        viewer.receive(packet, layers)
        passed.setdefault(packet.frame.number, set()).add(len(viewer.got) > before)

    assert all(len(verdicts) == 1 for verdicts in passed.values())


@given(
    st.sampled_from(("video/VP8", "video/VP9", "video/AV1", "video/H264")), st.lists(st.binary(max_size=40))
)
def test_garbage_is_described_and_selected_without_complaint(mime_type: str, payloads: list[bytes]) -> None:
    reader, chosen = LayerReader(mime_type), LayerFilter(1, 1)
    for number, payload in enumerate(payloads):
        layers = reader.read(payload, number, False, payload[::-1] or None)
        assert chosen.select(number, layers) in range(4)


def test_a_stream_without_layers_passes_from_its_key_frame_on() -> None:
    reader, chosen = LayerReader("video/H264"), LayerFilter(0, 0)
    delta, key = bytes.fromhex("419a00"), bytes.fromhex("6742c01f")

    verdicts = [
        chosen.select(number, reader.read(payload, picture, marker, None))
        for number, (payload, picture, marker) in enumerate(
            [(delta, 0, True), (key, 1, False), (b"\x65\x88", 1, True), (delta, 2, False), (delta, 2, True)]
        )
    ]

    assert verdicts == [DROP_PICTURE, FORWARD, MARK, FORWARD, MARK]
    assert not reader.is_layered


def test_frame_generator_agrees_with_itself() -> None:
    """The reference stream of these tests: whatever needs a frame gets all the frame refers to."""
    for mode, _ in EVERY_WAY:
        known: dict[int, Frame] = {}
        for frame in frames(mode, 40, 15):
            known[frame.number] = frame
            for reference in frame.references:
                for mine, its in zip(frame.indications, known[reference].indications, strict=True):
                    assert not mine or its


@given(
    st.sampled_from(EVERY_WAY),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 2), st.integers(0, 2)), max_size=5),
    st.integers(0, 0xFFFF),
)
def test_asked_again_it_answers_the_same(
    way: tuple[Mode, str], wishes: list[tuple[int, int, int]], first: int
) -> None:
    """As for a retransmission: the marker bit set once must be set in the copy as well."""
    mode, codec = way
    viewer = LayerFilter()
    verdicts = []
    for packet, layers in describe(mode, codec, packets(list(frames(mode, 60, 25)), [2, 3], first)):
        for picture, spatial, temporal in wishes:
            if picture == packet.frame.picture and packet.starts:
                viewer.want(spatial, temporal)
        verdicts.append((viewer.select(packet.sequence_number, layers), packet, layers))

    for verdict, packet, layers in verdicts:
        again = viewer.select(packet.sequence_number, layers)
        assert again == (DROP if verdict == DROP_PICTURE else verdict)
