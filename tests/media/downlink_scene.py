"""A publisher with three encodings and a voice, one viewer behind a bad line: minutes in milliseconds.

Everything between them is the real thing: Producer, Consumer, Downlink and its estimate; the viewer reports
arrivals as browsers do, over a line of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from media.arrivals import Arrivals
from media.capabilities import TRANSPORT_CC, ReceiveOptions
from media.consumer import Consumer
from media.downlink import Downlink
from media.negotiation import Parameters
from media.opus_frames import duration
from media.packets import RtpPacket, build_rtp, parse_rtp
from media.producer import Producer
from media.red import Block, parse_red
from media.rtcp import Nack, PictureLossIndication, RtcpPacket, TransportFeedback
from media.sdp import Codec
from tests.media.wire import write_to
from tests.network import Conditions, Link

CC = 4
VIDEO = (
    Codec(96, "VP8", 90000, 1, "", ("nack", "nack pli", "transport-cc")),
    Codec(97, "rtx", 90000, 1, "apt=96"),
)
AUDIO = (
    Codec(63, "red", 48000, 2, "111/111", ("transport-cc",)),
    Codec(111, "opus", 48000, 2, "", ("transport-cc",)),
)
EXTENSIONS = ((CC, TRANSPORT_CC),)
RIDS = ("q", "h", "f")
ENCODINGS_BPS = (120_000, 400_000, 1_300_000)
FRAMES_PER_S = 30
KEY_FRAME_FACTOR = 6  # a key frame is so much larger than a picture
PACKET_BYTES = 1100
STEP_S = 0.001
TRANSPORT_OVERHEAD_BYTES = 16  # the AES-GCM tag; the link adds UDP and IPv4


@dataclass
class Second:
    """What the viewer got in one second."""

    at_s: float
    video_bps: int = 0
    audio_frames: int = 0  # of 20 ms, each counted once
    audio_bps: int = 0  # with all headers
    audio_delays_s: list[float] = field(default_factory=list)
    qualities: set[int] = field(default_factory=set)
    target_bps: int = 0
    is_starved: bool = False
    queue_s: float = 0.0


class Line:
    """The scene. `down` and `up` are the viewer's links; `run` lets time pass and answers what came."""

    def __init__(self, conditions: Conditions, seed: int = 1, voice_bytes: int = 60) -> None:
        # voice_bytes 0: nobody speaks
        self.now = 100.0
        self.down: Link[tuple[float, bytes]] = Link(
            conditions, seed, lambda m: len(m[1]) + TRANSPORT_OVERHEAD_BYTES
        )
        self.up: Link[Sequence[RtcpPacket]] = Link(Conditions(delay_s=conditions.delay_s), seed + 1)
        self.downlink = Downlink(write_to(self._write), lambda at: None)
        self.downlink.negotiated(self.now, CC)
        self.producer = Producer(
            "TR_V", "video", Parameters("0", VIDEO, ()), ReceiveOptions(rids=RIDS), self._asked
        )
        self.voice = Producer(
            "TR_A", "audio", Parameters("1", AUDIO, ()), ReceiveOptions(), lambda packets: None
        )
        self.consumer = Consumer("TR_V", self.producer, 77, 78, self.downlink, lambda packets: None)
        self.ear = Consumer("TR_A", self.voice, 79, 80, self.downlink, lambda packets: None)
        self.arrivals = Arrivals(1)
        self.received: dict[int, int] = {}  # video: sequence number and times it came
        self.nacked: set[int] = set()
        self.heard: set[int] = set()  # timestamps of frames of voice
        self.recovered = 0
        self.history: list[Second] = []
        self._voice_bytes = voice_bytes
        self._encodings = [
            _Encoding(1000 + i, rid, bps)
            for i, (rid, bps) in enumerate(zip(RIDS, ENCODINGS_BPS, strict=True))
        ]
        self._voice_number = 0
        self._next_frame = self._next_voice = self.now
        self._highest = -1
        for encoding in self._encodings:
            self.producer.stream(self.now, encoding.ssrc, encoding.rid)
        self.voice.stream(self.now, 2000, "")
        self.consumer.attach(self.now, Parameters("0", VIDEO, EXTENSIONS))
        self.ear.attach(self.now, Parameters("1", AUDIO, EXTENSIONS))

    def run(self, seconds: float) -> list[Second]:
        """Let time pass; what the viewer got, second by second."""
        first = len(self.history)
        end = self.now + seconds
        while self.now < end:
            if not self.history or self.now >= self.history[-1].at_s + 1:
                self.history.append(Second(self.now))
            self.now += STEP_S
            self._publish()
            self._serve()
            self._view()
        return self.history[first:]

    def _publish(self) -> None:
        now = self.now
        while now >= self._next_frame:
            self._next_frame += 1 / FRAMES_PER_S
            for encoding in self._encodings:
                stream = self.producer.streams[encoding.ssrc]
                for packet in encoding.frame(now):
                    self.producer.handle_rtp(now, stream, parse_rtp(packet))
        while self._voice_bytes and now >= self._next_voice:
            self._next_voice += 0.02
            number = self._voice_number
            voice = b"\x78" + bytes(self._voice_bytes - 1)  # one frame of 20 ms (RFC 6716 section 3.1)
            packet = _rtp(111, False, number, number * 960, 2000, voice)
            self._voice_number += 1
            self.voice.handle_rtp(now, self.voice.streams[2000], parse_rtp(packet))

    def _serve(self) -> None:
        now = self.now
        self.producer.handle_timeout(now)
        timeout = self.downlink.poll_timeout()
        if timeout is not None and now >= timeout:
            self.downlink.handle_timeout(now)
        for packets in self.up.receive(now):
            for packet in packets:
                if isinstance(packet, TransportFeedback):
                    self.downlink.handle_feedback(now, packet)
                elif isinstance(packet, Nack):
                    self.consumer.handle_nack(now, packet.lost)

    def _view(self) -> None:
        now = self.now
        second = self.history[-1]
        for sent_at, data in self.down.receive(now):
            packet = parse_rtp(data)
            number = packet.extension(CC)
            assert number is not None
            self.arrivals.receive(now, int.from_bytes(number, "big"), packet.ssrc)
            self._count(second, packet, len(data), now - sent_at)
        while (feedback := self.arrivals.feedback(now)) is not None:
            self.up.send(now, (feedback,))
        bandwidth = self.downlink.bandwidth
        assert bandwidth is not None
        second.target_bps = bandwidth.target_bps
        second.is_starved = self.consumer.is_starved
        second.queue_s = max(second.queue_s, self.down.queueing_s(now))

    def _count(self, second: Second, packet: RtpPacket, size: int, delay_s: float) -> None:
        if packet.ssrc == 79:
            second.audio_bps += 8 * (size + 44)
            for timestamp in _frames(packet):
                if timestamp not in self.heard:
                    self.heard.add(timestamp)
                    second.audio_frames += 1
            second.audio_delays_s.append(delay_s)
        elif packet.ssrc == 77:
            second.video_bps += 8 * size
            stream = self.consumer.stream
            if stream is not None:
                second.qualities.add(stream.quality)
            self._look_for_gaps(packet.sequence_number)
        elif packet.ssrc == 78 and packet.payload_end > packet.payload_offset:
            original = int.from_bytes(packet.payload[:2], "big")
            if original in self.nacked and original not in self.received:
                self.received[original] = 1
                self.recovered += 1

    def _look_for_gaps(self, number: int) -> None:
        """Ask for what is missing, once, as soon as it is noticed."""
        if self._highest >= 0:
            ahead = (number - self._highest) & 0xFFFF
            if 1 < ahead < 1000:
                lost = tuple((self._highest + i) & 0xFFFF for i in range(1, ahead))
                self.nacked.update(lost)
                self.up.send(self.now, (Nack(1, 77, lost),))
            if ahead >= 0x8000:
                return
        self._highest = number
        self.received[number] = 1

    def _write(self, packet: bytes) -> None:
        self.down.send(self.now, (self.now, packet))

    def _asked(self, packets: Sequence[RtcpPacket]) -> None:
        for packet in packets:
            if isinstance(packet, PictureLossIndication):
                for encoding in self._encodings:  # as libwebrtc does: one request renews all encodings
                    encoding.is_key_wanted = True


def _frames(packet: RtpPacket) -> list[int]:
    """Timestamps of the frames of voice in a packet, repeated ones included."""
    blocks = parse_red(packet.payload) if packet.payload_type == 63 else [Block(111, 0, packet.payload)]
    return [
        (packet.timestamp - block.distance + 960 * index) & 0xFFFFFFFF
        for block in blocks
        for index in range(duration(block.payload) // 960)
    ]


class _Encoding:
    """One simulcast encoding: VP8 with a key frame when asked."""

    def __init__(self, ssrc: int, rid: str, bps: int) -> None:
        self.ssrc = ssrc
        self.rid = rid
        self.is_key_wanted = True
        self._frame_bytes = bps // 8 // FRAMES_PER_S
        self._number = 0
        self._frame = 0

    def frame(self, now: float) -> list[bytes]:
        is_key, self.is_key_wanted = self.is_key_wanted, False
        left = self._frame_bytes * (KEY_FRAME_FACTOR if is_key else 1)
        count = max(1, -(-left // PACKET_BYTES))
        self._frame += 1
        packets = []
        low = self._frame & 0xFF
        for index in range(count):
            head = bytes((0x80, 0xE0, 0x80 | self._frame >> 8 & 0x7F, low, low, 0))
            if index == 0:  # the start of a frame, and its tag (RFC 6386 section 9.1)
                head = (
                    b"\x90"
                    + head[1:]
                    + (b"\x10\x02\x00\x9d\x01\x2a\x80\x02\xe0\x01" if is_key else b"\x11\x02\x00")
                )
            payload = head + bytes(max(1, left // count - len(head)))
            packets.append(_rtp(96, index == count - 1, self._number, int(now * 90_000), self.ssrc, payload))
            self._number += 1
        return packets


def _rtp(payload_type: int, marker: bool, number: int, timestamp: int, ssrc: int, payload: bytes) -> bytes:
    return build_rtp(
        payload_type=payload_type,
        marker=marker,
        sequence_number=number & 0xFFFF,
        timestamp=timestamp & 0xFFFFFFFF,
        ssrc=ssrc,
        extensions=(),
        payload=payload,
    )
