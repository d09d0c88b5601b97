"""Producer and Consumer: what a client sees when layers, losses and pauses happen behind it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from media.capabilities import ReceiveOptions
from media.consumer import Consumer
from media.negotiation import Parameters
from media.packets import RtpPacket, build_rtp, parse_rtp, unwrap_rtx
from media.payloads import describe_vp8
from media.producer import KEY_FRAME_INTERVAL_S, KEY_FRAME_PATIENCE_S, STREAM_SILENCE_S, Producer, Stream
from media.rtcp import Nack, PictureLossIndication, RtcpPacket, SenderReport
from media.sdp import Codec
from tests.media.wire import open_downlink
from tests.peers import vp8

VP8 = (Codec(96, "VP8", 90000), Codec(97, "rtx", 90000, 1, "apt=96"))
CLIENT = (Codec(100, "VP8", 90000), Codec(101, "rtx", 90000, 1, "apt=100"))
LOW, HIGH = 1000, 2000


class Scene:
    """One producer with its feedback, one consumer with what its client receives."""

    def __init__(self, *, rids: tuple[str, ...] = (), client: tuple[Codec, ...] = CLIENT) -> None:
        self.feedback: list[RtcpPacket] = []
        self.sent: list[RtpPacket] = []
        self.reports: list[RtcpPacket] = []
        options = ReceiveOptions(rids=rids)
        self.producer = Producer("TR_1", "video", Parameters("0", VP8, ()), options, self._feedback)
        self.consumer = self.add_consumer(client)

    def add_consumer(self, client: tuple[Codec, ...]) -> Consumer:
        consumer = Consumer("TR_1", self.producer, 77, 78, open_downlink(self.sent.append), self._reported)
        consumer.attach(0.0, Parameters("1", client, ()))
        return consumer

    def _feedback(self, packets: Sequence[RtcpPacket]) -> None:
        self.feedback.extend(packets)

    def _reported(self, packets: Sequence[RtcpPacket]) -> None:
        self.reports.extend(packets)

    def stream(self, ssrc: int = LOW, rid: str = "") -> Stream:
        return self.producer.stream(0.0, ssrc, rid)

    def arrive(self, now: float, ssrc: int, number: int, *, key: bool = False, timestamp: int = 0) -> None:
        packet = parse_rtp(vp8(ssrc, number, timestamp, key=key))
        self.producer.handle_rtp(now, self.producer.streams[ssrc], packet)

    def numbers(self) -> list[int]:
        first = self.sent[0].sequence_number
        return [(packet.sequence_number - first) & 0xFFFF for packet in self.sent]

    def pictures(self) -> list[int | None]:
        found = [describe_vp8(packet.payload) for packet in self.sent]
        return [d.picture_id for d in found if d is not None]


def test_picture_starts_with_a_key_frame_and_asks_for_one() -> None:
    scene = Scene()
    scene.stream()
    assert scene.feedback == [PictureLossIndication(0, LOW)]
    scene.arrive(1.0, LOW, 10)
    assert scene.sent == []

    scene.arrive(1.1, LOW, 11, key=True)
    scene.arrive(1.2, LOW, 12)

    assert scene.numbers() == [0, 1]
    assert {p.payload_type for p in scene.sent} == {100}
    assert {p.ssrc for p in scene.sent} == {77}


def test_key_frame_requests_are_throttled_however_many_ask() -> None:
    scene = Scene()
    scene.stream()
    scene.arrive(1.0, LOW, 10, key=True)
    scene.feedback.clear()
    scene.producer.key_frame_asked_at = 1.0

    for step in range(100):
        scene.consumer.request_key_frame(1.0 + step / 100)
        scene.producer.handle_timeout(1.0 + step / 100)

    assert len(scene.feedback) == int(1.0 / KEY_FRAME_INTERVAL_S) - 1


def padding(number: int) -> RtpPacket:
    data = bytearray(
        build_rtp(
            payload_type=96,
            marker=False,
            sequence_number=number,
            timestamp=0,
            ssrc=LOW,
            extensions=(),
            payload=b"\0\0\0\4",
        )
    )
    data[0] |= 0x20
    return parse_rtp(bytes(data))


def test_padding_is_dropped_and_the_gap_closed() -> None:
    scene = Scene()
    stream = scene.stream()
    scene.arrive(1.0, LOW, 10, key=True)
    scene.producer.handle_rtp(1.0, stream, padding(11))
    scene.arrive(1.0, LOW, 12)

    assert scene.numbers() == [0, 1]


def test_duplicates_are_forwarded_once() -> None:
    scene = Scene()
    scene.stream()
    scene.arrive(1.0, LOW, 10, key=True)
    scene.arrive(1.0, LOW, 11)
    scene.arrive(1.0, LOW, 11)

    assert scene.numbers() == [0, 1]


def test_late_packet_fills_its_gap() -> None:
    scene = Scene()
    scene.stream()
    scene.arrive(1.0, LOW, 10, key=True)
    scene.arrive(1.0, LOW, 12)
    scene.arrive(1.01, LOW, 11)

    assert scene.numbers() == [0, 2, 1]


def test_repaired_packet_fills_its_gap_once_and_stays_a_loss_in_the_report() -> None:
    scene = Scene()
    stream = scene.stream()
    scene.arrive(1.0, LOW, 10, key=True)
    scene.arrive(1.0, LOW, 12)

    for _ in range(2):
        scene.producer.handle_repair(1.06, stream, parse_rtp(vp8(LOW, 11, 0, key=False)))

    assert scene.numbers() == [0, 2, 1]
    assert stream.reception.report_block(LOW, 2.0).packets_lost == 1


def test_lost_packets_are_asked_from_the_publisher() -> None:
    scene = Scene()
    scene.stream()
    scene.arrive(1.0, LOW, 10, key=True)
    scene.arrive(1.0, LOW, 13)
    scene.arrive(1.02, LOW, 14)
    scene.feedback.clear()

    scene.producer.handle_timeout(1.05)

    assert [p for p in scene.feedback if isinstance(p, Nack)] == [Nack(0, LOW, (11, 12))]


@pytest.mark.parametrize("with_rtx", [True, False])
def test_viewer_gets_lost_packets_again(with_rtx: bool) -> None:
    scene = Scene(client=CLIENT if with_rtx else CLIENT[:1])
    scene.stream()
    for number in range(10, 20):
        scene.arrive(1.0, LOW, number, key=number == 10)
    lost = scene.sent[4]

    scene.consumer.handle_nack(2.0, (lost.sequence_number, (lost.sequence_number + 500) & 0xFFFF))

    again = scene.sent[-1]
    assert len(scene.sent) == 11
    if with_rtx:
        assert (again.ssrc, again.payload_type) == (78, 101)
        original = unwrap_rtx(again, 100, 77)
        assert original is not None
        again = parse_rtp(original)
    assert (again.sequence_number, again.timestamp, again.payload) == (
        lost.sequence_number,
        lost.timestamp,
        lost.payload,
    )


def test_switching_up_is_invisible_to_the_decoder() -> None:
    scene = Scene(rids=("q", "f"))
    scene.stream(LOW, "q")
    scene.stream(HIGH, "f")
    for index in range(5):
        scene.arrive(1.0 + index / 30, LOW, 100 + index, key=index == 0, timestamp=3000 * index)
    scene.arrive(1.2, HIGH, 9000, key=True, timestamp=777_000)  # becomes alive, then wanted
    scene.arrive(1.23, HIGH, 9001, key=True, timestamp=780_000)
    scene.arrive(1.26, HIGH, 9002, timestamp=783_000)
    scene.arrive(1.26, LOW, 105, timestamp=15_000)

    assert scene.numbers() == list(range(len(scene.sent)))
    pictures = scene.pictures()
    assert pictures == list(range(100, 100 + len(pictures)))
    steps = [b.timestamp - a.timestamp for a, b in zip(scene.sent, scene.sent[1:], strict=False)]
    assert all(0 < step < 20_000 for step in steps)
    assert scene.consumer.stream is scene.producer.streams[HIGH]


def test_retransmission_after_a_switch_comes_from_the_old_encoding() -> None:
    scene = Scene(rids=("q", "f"), client=CLIENT[:1])
    scene.stream(LOW, "q")
    scene.arrive(1.0, LOW, 100, key=True)
    scene.stream(HIGH, "f")
    scene.arrive(1.1, HIGH, 9000, key=True)
    scene.arrive(1.2, HIGH, 9001, key=True)
    first = scene.sent[0]

    scene.consumer.handle_nack(2.0, (first.sequence_number,))

    assert scene.sent[-1].payload == first.payload
    assert scene.sent[-1].timestamp == first.timestamp


def test_silent_encoding_is_left_for_a_living_one() -> None:
    scene = Scene(rids=("q", "f"))
    scene.stream(LOW, "q")
    scene.stream(HIGH, "f")
    scene.arrive(1.0, HIGH, 9000, key=True)
    now = 1.1 + STREAM_SILENCE_S
    scene.arrive(now, LOW, 100)
    scene.producer.handle_timeout(now)
    scene.arrive(now + 0.1, LOW, 101, key=True)

    assert scene.consumer.stream is scene.producer.streams[LOW]
    assert scene.numbers() == [0, 1]


def test_quality_caps_the_encoding() -> None:
    scene = Scene(rids=("q", "f"))
    scene.consumer.set_quality(0.0, 0)
    scene.stream(LOW, "q")
    scene.stream(HIGH, "f")
    scene.arrive(1.0, HIGH, 9000, key=True)
    scene.arrive(1.0, LOW, 100, key=True)
    scene.arrive(1.1, HIGH, 9001, key=True)
    scene.arrive(1.1, LOW, 101, key=True)

    assert scene.consumer.stream is scene.producer.streams[LOW]


def test_pause_stops_and_resume_waits_for_a_key_frame_without_a_gap() -> None:
    scene = Scene()
    scene.stream()
    scene.arrive(1.0, LOW, 10, key=True)
    scene.consumer.set_paused(1.0, True)
    scene.arrive(1.1, LOW, 11)
    scene.consumer.set_paused(2.0, False)
    scene.arrive(2.0, LOW, 12)
    scene.arrive(2.1, LOW, 13, key=True)

    assert scene.numbers() == [0, 1]


def test_picture_ids_never_go_back_however_long_the_pause() -> None:
    scene = Scene(rids=("q", "f"))
    scene.stream(HIGH, "f")
    scene.arrive(1.0, HIGH, 9000, key=True)
    scene.arrive(1.1, HIGH, 9001)
    scene.consumer.set_paused(1.2, True)
    for index in range(3000):  # nothing of what was sent last is at hand any more
        scene.arrive(1.2 + index / 100, HIGH, 9002 + index)
    scene.stream(LOW, "q")
    scene.consumer.set_quality(40.0, 0)
    scene.consumer.set_paused(40.0, False)
    scene.arrive(40.1, LOW, 100, key=True)
    scene.arrive(40.2, LOW, 101)

    pictures = scene.pictures()
    assert pictures[0] is not None
    assert pictures == list(range(pictures[0], pictures[0] + 4))


def test_picture_ids_go_on_after_padding() -> None:
    scene = Scene(rids=("q", "f"))
    low = scene.stream(LOW, "q")
    scene.arrive(1.0, LOW, 100, key=True)
    scene.producer.handle_rtp(1.1, low, padding(101))
    scene.stream(HIGH, "f")
    scene.arrive(1.2, HIGH, 9000, key=True)
    scene.arrive(1.3, HIGH, 9001, key=True)

    pictures = scene.pictures()
    assert pictures == list(range(100, 100 + len(pictures)))
    assert scene.consumer.stream is scene.producer.streams[HIGH]


def test_unrecognisable_key_frames_do_not_keep_the_picture_away() -> None:
    scene = Scene()
    scene.stream()
    scene.arrive(1.0, LOW, 10)
    now = 1.0 + KEY_FRAME_PATIENCE_S + 0.1
    scene.arrive(now, LOW, 11)
    scene.producer.handle_timeout(now)
    scene.arrive(now, LOW, 12)

    assert len(scene.sent) == 1


def test_sender_report_travels_in_the_clients_timestamps() -> None:
    scene = Scene()
    scene.stream()
    scene.arrive(1.0, LOW, 10, key=True, timestamp=5000)

    scene.producer.handle_sender_report(1.0, SenderReport(LOW, 1 << 40, 5000, 1, 1))

    [report] = scene.reports
    assert isinstance(report, SenderReport)
    assert (report.ssrc, report.ntp_time, report.rtp_timestamp) == (77, 1 << 40, scene.sent[0].timestamp)


def test_closing_a_producer_closes_its_consumers_once() -> None:
    scene = Scene()
    closed: list[str] = []
    scene.consumer.on_close = lambda consumer: closed.append("consumer")
    scene.producer.on_close = lambda producer: closed.append("producer")

    scene.producer.close()
    scene.producer.close()

    assert closed == ["consumer", "producer"]
    assert scene.producer.consumers == []


def test_new_ssrc_of_a_rid_replaces_the_old_one() -> None:
    scene = Scene(rids=("q", "f"))
    scene.stream(LOW, "q")
    scene.arrive(1.0, LOW, 10, key=True)
    scene.stream(3000, "q")
    scene.arrive(1.1, 3000, 50, key=True)

    assert list(scene.producer.streams) == [3000]
    assert scene.numbers() == [0, 1]
