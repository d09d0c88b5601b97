"""Real clients are recorded: each voice by itself, only with its own consent, never one room in another's."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import av
import numpy as np
import pytest
from livekit import rtc

from tests.installation import Installation
from tests.sdk.guests import Stage, until
from tests.sdk.recorded import Call, hum, loudness, loudnesses, served, sound

pytestmark = pytest.mark.sdk

TONES_HZ = (440.0, 700.0, 1100.0, 1700.0)
PLAY_WITHIN_S = 5.0
LOUD = 0.2


def play(folder: Path, scene: Callable[[Installation, Stage, str], Awaitable[None]]) -> None:
    """Run a scene on an installation with real rooms."""

    async def run() -> BaseException | None:
        async with served(folder) as (genba, url), Stage() as stage:
            try:
                await scene(genba, stage, url)
            except Exception as failed:  # by itself, not in the groups of everything around it
                return failed
        return None

    failure = asyncio.run(run())
    if failure is not None:
        raise failure


async def recorded(call: Call, count: int, seconds: float = 3) -> None:
    """Wait until so many tracks of a call hold so much."""
    recorder = call.genba.services.recording_desk._recorder

    def is_there() -> bool:
        files = list(recorder.folder.glob("*/*.journal"))
        return sum(file.stat().st_size > seconds * 3_000 for file in files) >= count

    await until(is_there, f"{count} tracks recorded")


def test_two_recordings_at_the_same_instant_never_mix(tmp_path: Path) -> None:
    async def scene(genba: Installation, stage: Stage, url: str) -> None:
        rooms = [await Call.begin(genba, stage, url, number) for number in ("F1001", "X2001")]
        voices: dict[str, float] = {}
        tones = iter(TONES_HZ)
        for call in rooms:
            for guest, who in (await call.enter(consents=True), await call.visit(consents=True)):
                voices[call.id + who.identity] = next(tones)
                await hum(guest, voices[call.id + who.identity])
        async with asyncio.TaskGroup() as tasks:
            for call in rooms:
                tasks.create_task(call.browser.post(f"/calls/{call.id}/recording/start"))
        await recorded(rooms[0], 4)
        async with asyncio.TaskGroup() as tasks:
            for call in rooms:
                tasks.create_task(call.browser.post(f"/calls/{call.id}/end"))
        ended = time.monotonic()
        for call in rooms:
            found = await call.open()
            assert len(found["tracks"]) == 2
            for track in found["tracks"]:
                samples = sound(await call.media(track, 0, 60_000))
                own = voices[call.id + track["identity"]]
                strengths = {hz: loudnesses(samples[24_000:], hz) for hz in TONES_HZ}
                assert strengths.pop(own).max() > LOUD, track
                # Where a voice breaks off, its click holds a little of every tone.
                for hz, heard in strengths.items():
                    assert np.median(heard) < 0.01, (hz, track)  # what Opus makes of a tone
                    assert heard.max() < LOUD / 4, (hz, track)
                assert len(samples) > 48_000
        assert time.monotonic() - ended < PLAY_WITHIN_S

    play(tmp_path, scene)


def test_nobody_is_recorded_without_their_own_consent(tmp_path: Path) -> None:
    async def scene(genba: Installation, stage: Stage, url: str) -> None:
        call = await Call.begin(genba, stage, url, "F1001")
        host, host_person = await call.enter(consents=True)
        resident, visitor = await call.visit(consents=False)
        await hum(host, TONES_HZ[0])
        await hum(resident, TONES_HZ[1])
        await call.browser.post(f"/calls/{call.id}/recording/start")
        desk = genba.services.recording_desk
        await recorded(call, 1)
        assert desk.taken_of(call.id) == {host_person.identity}

        await call.say(visitor, is_yes=True)
        assert desk.taken_of(call.id) == {host_person.identity, visitor.identity}
        await recorded(call, 2)
        await call.say(visitor, is_yes=False)
        assert desk.taken_of(call.id) == {host_person.identity}

        await call.browser.post(f"/calls/{call.id}/end")
        found = await call.open()
        assert not found["running"]
        tracks = {track["identity"]: track for track in found["tracks"]}
        heard = sound(await call.media(tracks[visitor.identity], 0, 60_000))
        whole = sound(await call.media(tracks[host_person.identity], 0, 60_000))
        assert loudness(heard[24_000:], TONES_HZ[1]) > LOUD
        assert len(heard) < len(whole)

    play(tmp_path, scene)


def test_what_only_staff_hear_is_silence_in_the_recording(tmp_path: Path) -> None:
    async def scene(genba: Installation, stage: Stage, url: str) -> None:
        call = await Call.begin(genba, stage, url, "F1001")
        host, person = await call.enter(consents=True)
        resident, _ = await call.visit(consents=True)
        await hum(host, TONES_HZ[0])
        await hum(resident, TONES_HZ[1])
        await call.browser.post(f"/calls/{call.id}/recording/start")
        await recorded(call, 2)
        audiences = genba.services.hold_desk.audiences
        audiences.whisper(call.id, person.identity, frozenset())
        assert person.identity not in genba.services.recording_desk.taken_of(call.id)
        size = max(f.stat().st_size for f in genba.services.recording_desk._recorder.folder.glob("*/*"))
        await recorded(call, 1, size / 3_000 + 4)  # the resident's goes on
        audiences.speak_up(call.id, person.identity)
        assert person.identity in genba.services.recording_desk.taken_of(call.id)
        await recorded(call, 1, size / 3_000 + 5)
        await call.browser.post(f"/calls/{call.id}/end")
        [track] = [t for t in (await call.open())["tracks"] if t["identity"] == person.identity]
        [gap] = [gap for gap in track["gaps"] if gap["why"] == "withheld"]
        since, until_ms = gap["from_ms"] - track["start_ms"], gap["to_ms"] - track["start_ms"]
        assert until_ms - since > 500
        assert await call.media(track, since + 200, until_ms - 200) == b""
        after = sound(await call.media(track, until_ms + 300, until_ms + 900))
        assert loudness(after, TONES_HZ[0]) > LOUD

    play(tmp_path, scene)


@pytest.mark.parametrize("codec", [rtc.VideoCodec.VP8, rtc.VideoCodec.H264, rtc.VideoCodec.VP9])
def test_a_picture_can_be_entered_at_its_key_frames(tmp_path: Path, codec: rtc.VideoCodec.ValueType) -> None:
    async def scene(genba: Installation, stage: Stage, url: str) -> None:
        call = await Call.begin(genba, stage, url, "F1001")
        host, _ = await call.enter(consents=True)
        await host.publish_colour((200, 40, 40), codec=codec)
        await call.browser.post(f"/calls/{call.id}/recording/start")
        await recorded(call, 1, 2)
        await call.browser.post(f"/calls/{call.id}/end")
        [track] = (await call.open())["tracks"]
        assert track["key_frames_ms"], track
        begin_ms = track["key_frames_ms"][0] - track["start_ms"]
        content = await call.media(track, begin_ms, 60_000)
        with av.open(io.BytesIO(content), "r") as container:
            frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
        assert len(frames) > 5
        assert np.abs(frames[-1].mean(axis=(0, 1)) - np.array((200, 40, 40))).max() < 40

    play(tmp_path, scene)
