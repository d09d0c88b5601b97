"""The server's own ear: it takes the best encoding as it came, and harms nobody who listens beside it."""

from __future__ import annotations

from collections.abc import Sequence

from media.capabilities import ReceiveOptions
from media.consumer import Consumer
from media.negotiation import Parameters
from media.packets import RtpPacket, build_rtp, parse_rtp
from media.producer import Producer
from media.rtcp import PictureLossIndication, RtcpPacket, SenderReport
from media.sdp import Codec, Kind
from media.tap import Tap
from tests.media.wire import open_downlink

OPUS = Codec(111, "opus", 48000, 2)
VP8 = Codec(96, "VP8", 90000)
KEY_FRAME, DELTA_FRAME = b"\x10\x00\x9d\x01\x2a", b"\x10\x01\x00"  # RFC 7741 section 4.3: P is the lowest bit


class Notebook:
    def __init__(self) -> None:
        self.packets: list[RtpPacket] = []
        self.reports: list[SenderReport] = []
        self.closed = 0

    def handle_packet(self, now: float, packet: RtpPacket) -> None:
        self.packets.append(packet)

    def handle_report(self, now: float, report: SenderReport) -> None:
        self.reports.append(report)

    def handle_close(self) -> None:
        self.closed += 1

    def heard(self) -> list[tuple[int, int]]:
        return [(packet.ssrc, packet.sequence_number) for packet in self.packets]


class Track:
    def __init__(self, kind: Kind, codec: Codec, rids: Sequence[str] = ()) -> None:
        self.asked: list[RtcpPacket] = []
        options = ReceiveOptions(rids=tuple(rids))
        self.producer = Producer("TR_1", kind, Parameters("0", (codec,), ()), options, self.asked.extend)
        self._codec = codec

    def send(self, now: float, number: int, payload: bytes, *, ssrc: int = 7, rid: str = "") -> None:
        data = build_rtp(
            payload_type=self._codec.payload_type,
            marker=True,
            extensions=(),
            sequence_number=number,
            timestamp=number * 960,
            ssrc=ssrc,
            payload=payload,
        )
        self.producer.handle_rtp(now, self.producer.stream(now, ssrc, rid), parse_rtp(data))


def test_everything_is_heard_once_beside_a_listener() -> None:
    track, notes, sent = Track("audio", OPUS), Notebook(), list[RtpPacket]()
    consumer = Consumer("TR_1", track.producer, 77, 78, open_downlink(sent.append), lambda _: None)
    consumer.attach(0.0, Parameters("1", (OPUS,), ()))
    Tap(track.producer, notes, 0.0)
    for number in (0, 1, 3, 3, 2, 4):  # one twice, one late
        track.send(0.02 * number, number, bytes([number]))
    assert notes.heard() == [(7, number) for number in (0, 1, 3, 2, 4)]
    assert [packet.payload for packet in sent] == [bytes([number]) for number in (0, 1, 3, 2, 4)]


def test_a_tap_of_a_running_voice_begins_with_the_next_packet_and_ends_for_good() -> None:
    track, notes = Track("audio", OPUS), Notebook()
    track.send(0.0, 0, b"0")
    tap = Tap(track.producer, notes, 0.01)
    track.send(0.02, 1, b"1")
    tap.close()
    tap.close()
    track.send(0.04, 2, b"2")
    assert notes.heard() == [(7, 1)]
    assert notes.closed == 1
    assert track.producer.consumers == []


def test_padding_carries_nothing() -> None:
    track, notes = Track("audio", OPUS), Notebook()
    Tap(track.producer, notes, 0.0)
    track.send(0.0, 0, b"0")
    track.send(0.02, 1, b"")
    assert notes.heard() == [(7, 0)]


def test_the_clock_of_what_is_taken_is_told() -> None:
    track, notes = Track("audio", OPUS), Notebook()
    Tap(track.producer, notes, 0.0)
    track.send(0.0, 0, b"0")
    report = SenderReport(7, 1 << 32, 960, 1, 1, ())
    track.producer.handle_sender_report(0.1, report)
    assert notes.reports == [report]


def test_a_picture_begins_with_a_key_frame_that_is_asked_for() -> None:
    track, notes = Track("video", VP8), Notebook()
    track.send(0.0, 0, DELTA_FRAME)
    Tap(track.producer, notes, 0.01)
    assert any(isinstance(packet, PictureLossIndication) for packet in track.asked)
    track.send(0.02, 1, DELTA_FRAME)
    track.send(0.04, 2, KEY_FRAME)
    track.send(0.06, 3, DELTA_FRAME)
    assert notes.heard() == [(7, 2), (7, 3)]


def test_the_best_encoding_is_taken_and_another_when_it_falls_silent() -> None:
    track, notes = Track("video", VP8, rids=("q", "f")), Notebook()
    tap = Tap(track.producer, notes, 0.0)
    track.send(0.0, 0, KEY_FRAME, ssrc=7, rid="q")
    track.send(0.0, 100, KEY_FRAME, ssrc=8, rid="f")
    track.send(0.0, 101, DELTA_FRAME, ssrc=8, rid="f")
    for step in range(1, 40):
        now = 0.1 * step
        track.send(now, step, KEY_FRAME if step == 30 else DELTA_FRAME, ssrc=7, rid="q")
        track.producer.handle_timeout(now)
    assert (8, 101) in notes.heard()
    assert notes.heard()[-10:] == [(7, number) for number in range(30, 40)]
    assert not tap.is_closed


def test_a_track_that_ends_is_told() -> None:
    track, notes = Track("audio", OPUS), Notebook()
    tap = Tap(track.producer, notes, 0.0)
    track.send(0.0, 0, b"0")
    track.producer.close()
    assert tap.is_closed
    assert notes.closed == 1
