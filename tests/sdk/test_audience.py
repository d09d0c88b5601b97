"""What staff say among themselves is in nobody else's received sound: real clients, decoded samples."""

from __future__ import annotations

import asyncio
import time

import numpy as np
import pytest
from livekit import rtc

from media.packets import parse_rtp
from signaling.rtc.audience import Kind
from tests.sdk.guests import PATIENCE_S, SAMPLE_RATE_HZ, Guest, Stage, play, until
from tests.sdk.test_recovery import back_after, relayed

pytestmark = pytest.mark.sdk

SPOKEN_HZ, WHISPERED_HZ = 440, 1000
LOUD = 500.0  # of 12 000, in one frequency


def staff_only(speaker: str, listener: str, kind: Kind) -> bool:
    """The rule of these tests: staff are heard by staff."""
    return speaker.startswith("G-") or listener.startswith("S-")


class Voice:
    """A tone whose pitch says what it is."""

    def __init__(self) -> None:
        self.hz = SPOKEN_HZ
        self._source = rtc.AudioSource(SAMPLE_RATE_HZ, 1, queue_size_ms=20)

    async def publish(self, guest: Guest) -> str:
        """Speak as this guest, with repetitions (RED); the publication's sid."""
        track = rtc.LocalAudioTrack.create_audio_track("microphone", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE, red=True)
        async with asyncio.timeout(PATIENCE_S):
            publication = await guest.room.local_participant.publish_track(track, options)
        guest.stage.start(self._speak())
        return str(publication.sid)

    async def _speak(self) -> None:
        count, phase = SAMPLE_RATE_HZ // 100, 0.0
        while True:
            steps = 2 * np.pi * self.hz * np.arange(1, count + 1) / SAMPLE_RATE_HZ
            samples = (np.sin(phase + steps) * 12_000).astype(np.int16)
            phase = float(phase + steps[-1]) % (2 * np.pi)
            await self._source.capture_frame(rtc.AudioFrame(samples.tobytes(), SAMPLE_RATE_HZ, 1, count))


class Pitches:
    """How loud each of the two tones is in every 20 ms that a guest plays out."""

    def __init__(self, guest: Guest, sid: str) -> None:
        self.heard: list[tuple[float, float, float]] = []
        guest.stage.start(self._listen(guest, sid))

    async def _listen(self, guest: Guest, sid: str) -> None:
        count = SAMPLE_RATE_HZ // 50
        waves = [
            np.exp(-2j * np.pi * hz * np.arange(count) / SAMPLE_RATE_HZ) * 2 / count
            for hz in (SPOKEN_HZ, WHISPERED_HZ)
        ]
        stream = rtc.AudioStream(await guest.received(sid), frame_size_ms=20)
        async for event in stream:
            samples = np.frombuffer(event.frame.data, dtype=np.int16).astype(np.float64)
            spoken, whispered = (abs(complex(wave @ samples)) for wave in waves)
            self.heard.append((time.monotonic(), spoken, whispered))

    def whispered_after(self, moment: float) -> list[float]:
        """When the whisper was heard after a moment."""
        return [at for at, _, whispered in self.heard if at > moment and whispered > LOUD]

    def spoken_after(self, moment: float) -> list[float]:
        """When speech was heard after a moment."""
        return [at for at, spoken, _ in self.heard if at > moment and spoken > LOUD]

    async def until_spoken(self, after: float) -> float:
        """When speech is heard again."""
        return (await until(lambda: self.spoken_after(after), "speech is heard"))[0]

    async def until_whispered(self, after: float) -> float:
        """When the whisper is heard again."""
        return (await until(lambda: self.whispered_after(after), "the whisper is heard"))[0]


def is_repeated(stage: Stage, sid: str) -> bool:
    """Whether the packets of this track that the server got last carry earlier ones once more."""
    room = stage.node.rooms.find("room")
    assert room is not None
    speaker = next(member for member in room.members if sid in member.publications.published)
    producer = speaker.publications.published[sid].producer
    assert producer is not None
    [stream] = producer.streams.values()
    types = {codec.payload_type for codec in producer.codecs if codec.name.lower() == "red"}
    newest = stream.cache.get(stream.newest)
    return newest is not None and parse_rtp(newest).payload_type in types


def test_a_whisper_is_in_no_sample_a_resident_decodes_and_speech_is_back_within_a_second(
    is_single: bool,
) -> None:
    async def script(stage: Stage) -> None:
        relay, url = await relayed(stage)
        staff = await stage.guest("S-speaker", is_single=is_single)
        colleague = await stage.guest("S-colleague", is_single=is_single)
        resident = await stage.guest("G-resident", is_single=is_single, url=url)
        voice = Voice()
        sid = await voice.publish(staff)
        to_resident, to_colleague = Pitches(resident, sid), Pitches(colleague, sid)
        await to_resident.until_spoken(0.0)
        await to_colleague.until_spoken(0.0)
        returns: list[float] = []
        for turn in range(3):
            stage.node.rooms.set_audience("room", staff_only)
            began = time.monotonic()
            voice.hz = WHISPERED_HZ
            await to_colleague.until_whispered(began)
            if turn == 0:  # over a resume, and with one who comes just then
                await back_after(stage, resident, relay.cut)
                late = await stage.guest("G-late", is_single=is_single)
                to_late = Pitches(late, sid)
                await late.received(sid)
            await to_colleague.until_whispered(began + 1.5)
            assert not to_resident.spoken_after(began + 1.0)
            voice.hz = SPOKEN_HZ
            stage.node.rooms.set_audience("room", None)
            released = time.monotonic()
            returns += [await ear.until_spoken(released) - released for ear in (to_resident, to_late)]
        await to_colleague.until_spoken(time.monotonic() + 1.0)  # what was on its way has come

        print("speech back after", [round(each, 2) for each in returns])
        assert max(returns) <= 1.0
        assert to_colleague.whispered_after(0.0)
        assert not to_resident.whispered_after(0.0) and not to_late.whispered_after(0.0)
        assert is_repeated(stage, sid), "the publisher repeats what it said (RED)"

    play(script)


def test_where_the_rule_fails_nobody_hears(is_single: bool) -> None:
    def broken(speaker: str, listener: str, kind: Kind) -> bool:
        raise KeyError(listener)

    async def script(stage: Stage) -> None:
        stage.node.rooms.set_audience("room", broken)  # before the room is there
        staff = await stage.guest("S-speaker", is_single=is_single)
        resident = await stage.guest("G-resident", is_single=is_single)
        sid = await Voice().publish(staff)
        ear = Pitches(resident, sid)
        await resident.received(sid)
        await until(lambda: len(ear.heard) > 50, "a second of sound")
        assert not ear.spoken_after(0.0)

        stage.node.rooms.set_audience("room", None)
        await ear.until_spoken(0.0)

    play(script)
