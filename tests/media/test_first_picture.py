"""How soon a viewer sees something: what is replayed from a fresh key frame, and when one is asked for."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.capabilities import ReceiveOptions
from media.consumer import REPLAY_STEP, REPLAYS, Consumer
from media.negotiation import Parameters
from media.packets import RtpPacket, build_rtp, parse_rtp, unwrap_rtx
from media.payloads import describe_vp8
from media.producer import REPLAY_AGE_S, REPLAY_PACKETS, START_INTERVAL_S, Producer
from media.rtcp import PictureLossIndication, RtcpPacket
from media.sdp import Codec, Kind
from tests.media.wire import open_downlink
from tests.peers import opus, vp8

VP8 = (Codec(96, "VP8", 90000), Codec(97, "rtx", 90000, 1, "apt=96"))
OPUS = (Codec(111, "opus", 48000, 2),)
CLIENT = (Codec(100, "VP8", 90000), Codec(101, "rtx", 90000, 1, "apt=100"))
LOW, HIGH = 1000, 2000
FRAME = 3000  # ticks: 30 pictures per second


class Scene:
    """A producer with a low and a high encoding that was there before its viewer."""

    def __init__(self, *, kind: Kind = "video") -> None:
        self.requests: list[int] = []  # SSRCs of key frames asked for
        self.sent: list[RtpPacket] = []
        codecs = VP8 if kind == "video" else OPUS
        options = ReceiveOptions(rids=("q", "f"))
        self.producer = Producer("TR_1", kind, Parameters("0", codecs, ()), options, self._feedback)
        if kind == "video":
            self.producer.stream(0.0, LOW, "q")
            self.producer.stream(0.0, HIGH, "f")

    def viewer(self) -> Consumer:
        return Consumer("TR_1", self.producer, 77, 78, open_downlink(self.sent.append), lambda packets: None)

    def watch(self, now: float, *, quality: int = 2) -> Consumer:
        viewer = self.viewer()
        viewer.set_quality(now, quality)
        viewer.attach(now, Parameters("1", CLIENT, ()))
        return viewer

    def arrive(self, now: float, ssrc: int, number: int, timestamp: int, *, key: bool = False) -> None:
        packet = parse_rtp(vp8(ssrc, number, timestamp, key=key))
        self.producer.handle_rtp(now, self.producer.streams[ssrc], packet)

    def pad(self, now: float, ssrc: int, number: int) -> None:
        data = bytearray(
            build_rtp(
                payload_type=96,
                marker=False,
                sequence_number=number,
                timestamp=0,
                ssrc=ssrc,
                extensions=(),
                payload=b"\0\0\0\4",
            )
        )
        data[0] |= 0x20
        self.producer.handle_rtp(now, self.producer.streams[ssrc], parse_rtp(bytes(data)))

    def film(self, start: float, ssrc: int, first: int, pictures: int) -> float:
        """A key frame and what follows, 30 pictures a second; returns when the last one came."""
        for index in range(pictures):
            self.arrive(start + index / 30, ssrc, first + index, (first + index) * FRAME, key=index == 0)
        return start + (pictures - 1) / 30

    def numbers(self) -> list[int]:
        first = self.sent[0].sequence_number
        return [(packet.sequence_number - first) & 0xFFFF for packet in self.sent]

    def pictures(self) -> list[int | None]:
        found = [describe_vp8(packet.payload) for packet in self.sent]
        return [d.picture_id for d in found if d is not None]

    def _feedback(self, packets: Sequence[RtcpPacket]) -> None:
        self.requests += [p.media_ssrc for p in packets if isinstance(p, PictureLossIndication)]


def test_viewer_who_comes_just_after_a_key_frame_sees_it_at_once() -> None:
    scene = Scene()
    now = scene.film(1.0, HIGH, 10, 6)

    scene.watch(now + 0.01)
    scene.arrive(now + 1 / 30, HIGH, 16, 16 * FRAME)

    assert scene.numbers() == list(range(7))
    assert scene.pictures() == list(range(10, 17))
    assert scene.requests == []


def test_replayed_pictures_lie_a_moment_before_the_newest_and_the_rest_keeps_its_time() -> None:
    scene = Scene()
    now = scene.film(1.0, HIGH, 10, 4)

    scene.watch(now)
    scene.arrive(now + 1 / 30, HIGH, 14, 14 * FRAME)

    newest = 13 * FRAME
    assert [p.timestamp for p in scene.sent] == [
        newest - 3 * REPLAY_STEP,
        newest - 2 * REPLAY_STEP,
        newest - REPLAY_STEP,
        newest,
        14 * FRAME,
    ]


@pytest.mark.parametrize("reason", ["old", "large", "incomplete"])
def test_viewer_waits_for_a_new_key_frame_where_the_last_one_is_no_good(reason: str) -> None:
    scene = Scene()
    now = scene.film(1.0, HIGH, 10, 3)
    if reason == "old":
        now = scene.film(1.0, HIGH, 13, 1) + REPLAY_AGE_S + 0.05
        scene.arrive(now, HIGH, 14, 14 * FRAME)
    elif reason == "large":
        for number in range(13, 13 + REPLAY_PACKETS):
            scene.arrive(now, HIGH, number, 13 * FRAME)
    else:
        scene.arrive(now, HIGH, 14, 14 * FRAME)

    scene.watch(now)

    assert scene.sent == []
    assert scene.requests == [HIGH]


def test_padding_between_the_pictures_leaves_no_gap() -> None:
    scene = Scene()
    now = scene.film(1.0, HIGH, 10, 2)
    scene.pad(now, HIGH, 12)
    scene.arrive(now + 0.03, HIGH, 13, 13 * FRAME)
    scene.pad(now + 0.03, HIGH, 14)

    scene.watch(now + 0.03)
    scene.arrive(now + 0.06, HIGH, 15, 15 * FRAME)

    assert scene.numbers() == [0, 1, 2, 3]


def test_lost_part_of_a_replay_is_sent_again_as_it_was() -> None:
    scene = Scene()
    now = scene.film(1.0, HIGH, 10, 5)
    viewer = scene.watch(now)
    original = scene.sent[2]

    viewer.handle_nack(9.0, [original.sequence_number])

    again = unwrap_rtx(scene.sent[-1], 100, 77)
    assert again is not None
    assert parse_rtp(again).timestamp == original.timestamp
    assert parse_rtp(again).payload == original.payload


def test_hidden_and_shown_again_starts_from_the_same_key_frame_but_not_forever() -> None:
    scene = Scene()
    now = scene.film(1.0, HIGH, 10, 3)
    viewer = scene.watch(now)

    for _ in range(5):
        viewer.set_paused(now + 0.01, True)
        viewer.set_paused(now + 0.01, False)

    assert len(scene.sent) == 3 * REPLAYS
    assert scene.numbers() == list(range(3 * REPLAYS))
    times = [packet.timestamp for packet in scene.sent]
    assert times == sorted(set(times))
    assert scene.pictures() == list(range(10, 10 + 3 * REPLAYS))
    assert scene.requests == [HIGH]


def test_fresh_low_encoding_fills_the_time_until_the_high_one_has_a_key_frame() -> None:
    scene = Scene()
    scene.film(1.0, HIGH, 100, 1)
    scene.arrive(2.0, HIGH, 101, 101 * FRAME)
    now = scene.film(2.0, LOW, 10, 2)

    scene.watch(now)
    assert len(scene.sent) == 2
    assert scene.requests == [HIGH]
    scene.arrive(now + 0.1, HIGH, 102, 102 * FRAME, key=True)
    scene.arrive(now + 0.1, LOW, 12, 12 * FRAME)

    assert scene.numbers() == [0, 1, 2]


def test_viewer_of_low_quality_is_not_sent_a_fresh_high_encoding() -> None:
    scene = Scene()
    now = scene.film(1.0, HIGH, 100, 2)
    scene.arrive(now, LOW, 10, 10 * FRAME)

    scene.watch(now, quality=0)

    assert scene.sent == []
    assert scene.requests == [LOW]


def test_key_frame_is_asked_for_before_the_viewer_can_take_it() -> None:
    scene = Scene()
    scene.arrive(1.0, HIGH, 10, 10 * FRAME)
    viewer = scene.viewer()

    viewer.prepare(1.0)
    scene.arrive(1.05, HIGH, 11, 11 * FRAME, key=True)
    viewer.attach(1.2, Parameters("1", CLIENT, ()))

    assert scene.requests == [HIGH]
    assert len(scene.sent) == 1


def test_fresh_key_frame_is_not_asked_for_again() -> None:
    scene = Scene()
    now = scene.film(1.0, HIGH, 10, 2)

    scene.viewer().prepare(now)

    assert scene.requests == []


def test_request_that_would_be_ignored_waits_until_it_helps() -> None:
    scene = Scene()
    scene.arrive(1.0, LOW, 10, 10 * FRAME)
    scene.arrive(1.0, HIGH, 10, 10 * FRAME)
    viewer = scene.watch(1.0, quality=0)
    assert scene.requests == [LOW]

    viewer.set_quality(1.1, 2)
    for step in range(1, 30):
        scene.producer.handle_timeout(1.1 + step / 100)
        if len(scene.requests) == 2:
            break

    assert scene.requests == [LOW, HIGH]
    assert 1.0 + START_INTERVAL_S <= 1.1 + step / 100 < 1.0 + START_INTERVAL_S + 0.02


def test_key_frame_that_came_in_the_meantime_settles_the_wish() -> None:
    scene = Scene()
    scene.arrive(1.0, HIGH, 10, 10 * FRAME)
    viewer = scene.watch(1.0)
    scene.arrive(1.05, HIGH, 11, 11 * FRAME, key=True)
    viewer.request_key_frame(1.1)
    scene.arrive(1.2, HIGH, 12, 12 * FRAME, key=True)

    for step in range(200):
        scene.producer.handle_timeout(1.2 + step / 100)

    assert scene.requests == [HIGH]


def test_nobody_is_asked_for_a_key_frame_of_sound() -> None:
    scene = Scene(kind="audio")
    viewer = scene.viewer()
    viewer.attach(1.0, Parameters("1", OPUS, ()))
    stream = scene.producer.stream(1.0, 3000, "")
    scene.producer.handle_timeout(1.0)

    scene.producer.handle_rtp(1.0, stream, parse_rtp(opus(3000, 1)))

    assert scene.requests == []
    assert len(scene.sent) == 1


ACTS = st.lists(
    st.sampled_from(["low", "high", "key", "padding", "lose", "pause", "resume", "down", "up", "wait"]),
    max_size=60,
)


@given(ACTS)
def test_whatever_happens_the_decoder_sees_one_continuous_stream(acts: list[str]) -> None:
    scene = Scene()
    viewer = scene.watch(1.0)
    now, numbers = 1.0, {LOW: 65500, HIGH: 32000}
    for act in acts:
        now += 0.033
        ssrc = LOW if act == "low" else HIGH
        if act in ("low", "high", "padding", "lose"):
            numbers[ssrc] += 1
        match act:
            case "low" | "high":
                scene.arrive(now, ssrc, numbers[ssrc] & 0xFFFF, int(now * 90000))
            case "key":  # one request renews both encodings
                for each in (LOW, HIGH):
                    numbers[each] += 1
                    scene.arrive(now, each, numbers[each] & 0xFFFF, int(now * 90000), key=True)
            case "padding":
                scene.pad(now, HIGH, numbers[HIGH] & 0xFFFF)
            case "pause" | "resume":
                viewer.set_paused(now, act == "pause")
            case "down" | "up":
                viewer.set_quality(now, 0 if act == "down" else 2)
            case "wait":
                now += 1.5
        scene.producer.handle_timeout(now)

    has_gaps = "lose" in acts
    for before, after in itertools.pairwise(scene.sent):
        step = (after.sequence_number - before.sequence_number) & 0xFFFF
        assert step == 1 or (has_gaps and 1 < step < 100)
        assert 0 < (after.timestamp - before.timestamp) & 0xFFFFFFFF < 90000 * 200
