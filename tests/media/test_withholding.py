"""A voice that is kept from somebody: nothing of it reaches them, then or later, in whatever shape."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from media.capabilities import ReceiveOptions
from media.consumer import ON_ITS_WAY_S, Consumer
from media.negotiation import Parameters
from media.opus_frames import split_packet
from media.packets import RtpPacket, build_rtp, parse_rtp
from media.producer import Producer
from media.red import Block, build_red, parse_red
from media.sdp import Codec
from media.voice import BARE_S
from tests.media.voice import decoded, encoded
from tests.media.wire import open_downlink

VOICE = (Codec(111, "opus", 48000, 2), Codec(63, "red", 48000, 2, "111/111"))
LISTENERS = {"red": VOICE, "plain": VOICE[:1]}
SSRC, FRAME_TICKS, FRAME_S = 7, 960, 0.02
FRAMES = encoded(24_000, 20.0)
REACH = 2  # generations a publisher repeats


def frame(number: int) -> bytes:
    """Each frame is told apart by its last byte, which no decoder needs."""
    return FRAMES[number] + number.to_bytes(2, "big")


class Scene:
    """A publisher whose packets repeat the two before, and one listener who is let in and kept out."""

    def __init__(self, client: tuple[Codec, ...] = VOICE, *, is_red: bool = True) -> None:
        self.sent: list[RtpPacket] = []
        self.is_red = is_red
        self.producer = Producer("TR_1", "audio", Parameters("0", VOICE, ()), ReceiveOptions(), _nothing)
        self.consumer = Consumer("TR_1", self.producer, 77, 78, open_downlink(self.sent.append), _nothing)
        self.consumer.attach(0.0, Parameters("1", client, ()))
        self.stream = self.producer.stream(0.0, SSRC, "")

    def packet(self, number: int) -> RtpPacket:
        primary = Block(111, 0, frame(number))
        earlier = [
            Block(111, FRAME_TICKS * back, frame(number - back))
            for back in range(REACH, 0, -1)
            if number >= back
        ]
        payload = build_red([*earlier, primary]) if self.is_red else primary.payload
        kind = 63 if self.is_red else 111
        return parse_rtp(
            build_rtp(
                payload_type=kind,
                marker=False,
                extensions=(),
                sequence_number=number & 0xFFFF,
                timestamp=number * FRAME_TICKS,
                ssrc=SSRC,
                payload=payload,
            )
        )

    def speak(self, first: int, last: int, *, late: Sequence[int] = ()) -> None:
        """Frames from `first` up to but without `last`, each at its time; those in `late` do not come."""
        for number in range(first, last):
            now = number * FRAME_S
            if number not in late:
                self.producer.handle_rtp(now, self.stream, self.packet(number))
            self.consumer.handle_timeout(now)

    def heard(self) -> set[int]:
        """Numbers of all frames the listener has got, in whichever block of whichever packet."""
        found: set[int] = set()
        for packet in self.sent:
            blocks = (
                parse_red(packet.payload) if packet.payload_type == 63 else [Block(111, 0, packet.payload)]
            )
            frames = (each for block in blocks for each in split_packet(block.payload))
            found |= {int.from_bytes(each[-2:], "big") for each in frames}
        return found

    def ask_for_everything(self, now: float) -> None:
        """A hostile listener: NACK for every number there is."""
        for first in range(0, 0x10000, 256):
            self.consumer.handle_nack(now, list(range(first, first + 256)))


def _nothing(_: object) -> None:
    pass


@pytest.mark.parametrize("client", LISTENERS)
@pytest.mark.parametrize("is_red", [True, False])
@pytest.mark.parametrize("line", ["wide", "narrow", "lossy"])
def test_nothing_said_meanwhile_is_heard_then_or_later(client: str, is_red: bool, line: str) -> None:
    scene = Scene(LISTENERS[client], is_red=is_red)
    scene.speak(0, 50)
    if line != "wide":
        scene.consumer.adapt_voice(30_000 if line == "narrow" else 1e6, 0.2 if line == "lossy" else 0.0)
    scene.speak(50, 102)
    scene.consumer.set_withheld(101 * FRAME_S, True)
    scene.ask_for_everything(101 * FRAME_S)
    before, count = scene.heard(), len(scene.sent)
    scene.speak(102, 200, late=[150, 198])
    scene.ask_for_everything(200 * FRAME_S)
    assert len(scene.sent) == count and before <= set(range(102))

    scene.consumer.set_withheld(199.5 * FRAME_S, False)
    released_at = 199.5 * FRAME_S + ON_ITS_WAY_S
    scene.speak(200, 212)
    scene.producer.handle_repair(released_at, scene.stream, scene.packet(150))  # late, and first of all
    scene.speak(212, 216)
    scene.ask_for_everything(215.5 * FRAME_S)
    scene.speak(216, 400)
    scene.producer.handle_repair(400 * FRAME_S, scene.stream, scene.packet(198))
    scene.ask_for_everything(400 * FRAME_S)

    first = min(scene.heard() - before)
    assert released_at <= first * FRAME_S <= released_at + 2 * FRAME_S, "nothing before, and at once then"
    assert scene.heard() - before >= set(range(first, 395))


def test_who_was_kept_out_from_the_start_hears_from_the_release_on() -> None:
    scene = Scene()
    fresh = Consumer("TR_1", scene.producer, 79, 80, open_downlink(scene.sent.append), _nothing)
    fresh.set_withheld(0.0, True)
    fresh.attach(0.0, Parameters("1", VOICE, ()))
    scene.consumer.set_withheld(0.0, True)
    scene.speak(0, 50)
    fresh.set_paused(1.0, False)  # whatever the client wishes
    fresh.set_quality(1.0, 2)
    scene.speak(50, 100)
    assert scene.sent == []

    fresh.set_withheld(2.0, False)
    scene.speak(100, 130)

    assert min(scene.heard()) * FRAME_S >= 2.0 + ON_ITS_WAY_S


def test_repetitions_pass_again_after_a_while() -> None:
    scene = Scene()
    scene.consumer.set_withheld(0.0, True)
    scene.consumer.set_withheld(0.0, False)

    last = int(BARE_S / FRAME_S) + 20
    scene.speak(0, last)

    kinds = [packet.payload_type for packet in scene.sent]
    assert kinds[0] == 111 and kinds[-1] == 63
    numbers = [packet.sequence_number for packet in scene.sent]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "no gap, no number twice"


def test_the_decoded_sound_holds_the_speech_and_not_the_whisper() -> None:
    scene = Scene(LISTENERS["plain"])
    scene.speak(0, 100)
    spoken = len(scene.sent)
    scene.consumer.set_withheld(100 * FRAME_S, True)
    scene.speak(100, 200)
    scene.consumer.set_withheld(200 * FRAME_S, False)
    scene.speak(200, 300)

    sound = decoded(packet.payload[:-2] for packet in scene.sent)
    expected = decoded([*FRAMES[:spoken], *FRAMES[213:300]])

    assert spoken == 100
    assert np.abs(sound.astype(int) - expected).max() == 0
