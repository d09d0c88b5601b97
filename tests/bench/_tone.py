"""A tone that is heard or not: what a gap in somebody's sound is measured with, on the unmodified SDK."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
from livekit import rtc

SAMPLE_RATE_HZ = 48_000
TONE_HZ = 440
BLOCK = SAMPLE_RATE_HZ // 100
VOICE_BPS = 20_000  # as the web client publishes speech
LOUD = 3000  # RMS; the tone's is 8,500. Concealment fades out within a tenth of a second


@asynccontextmanager
async def tone(room: rtc.Room) -> AsyncIterator[None]:
    """Publish a steady tone for as long as the block runs."""
    source = rtc.AudioSource(SAMPLE_RATE_HZ, 1)
    track = rtc.LocalAudioTrack.create_audio_track("tone", source)
    options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE, dtx=False)
    options.audio_encoding.max_bitrate = VOICE_BPS
    await room.local_participant.publish_track(track, options)
    async with asyncio.TaskGroup() as tasks:
        playing = tasks.create_task(_play(source))
        try:
            yield
        finally:
            playing.cancel()
    await source.aclose()


async def _play(source: rtc.AudioSource) -> None:
    for position in itertools.count(0, BLOCK):
        phase = 2 * np.pi * TONE_HZ * (np.arange(BLOCK) + position) / SAMPLE_RATE_HZ
        samples = (np.sin(phase) * 12_000).astype(np.int16)
        await source.capture_frame(rtc.AudioFrame(samples.tobytes(), SAMPLE_RATE_HZ, 1, BLOCK))


class Ear:
    """Async context manager: hears every audio track a participant is given, also after a new start."""

    def __init__(self, room: rtc.Room) -> None:
        self.heard_at: list[float] = []
        self._tasks = asyncio.TaskGroup()
        self._listening: list[asyncio.Task[None]] = []
        room.on("track_subscribed", self._subscribed)
        self._early_tracks = [
            publication.track
            for remote in room.remote_participants.values()
            for publication in remote.track_publications.values()
            if publication.track is not None
        ]

    async def __aenter__(self) -> Ear:
        await self._tasks.__aenter__()
        for track in self._early_tracks:
            self._subscribed(track)
        return self

    async def __aexit__(self, *failure: object) -> None:
        for task in self._listening:
            task.cancel()
        await self._tasks.__aexit__(None, None, None)

    def gap_s(self, since: float) -> float:
        """The longest silence that ended after this moment, from its beginning, which may lie before it."""
        before = [at for at in self.heard_at if at <= since][-1:]
        times = before + [at for at in self.heard_at if at > since]
        return max((b - a for a, b in itertools.pairwise(times)), default=0.0)

    def silent_until(self, since: float) -> float:
        """When the last silence of half a second that ended after this moment was over."""
        times = [at for at in self.heard_at if at <= since][-1:] + [at for at in self.heard_at if at > since]
        ends = [b for a, b in itertools.pairwise(times) if b - a > 0.5]
        return ends[-1] if ends else since

    async def hears_for(self, seconds: float, *, after: float, within_s: float) -> None:
        """Wait until the tone has been steady for so long. Raises TimeoutError."""
        async with asyncio.timeout(within_s):
            while True:
                await asyncio.sleep(0.05)
                now = time.monotonic()
                recent = [at for at in self.heard_at if at > max(after, now - seconds)]
                if now - after > seconds and len(recent) > 0.8 * seconds * 100:
                    return

    def _subscribed(self, track: rtc.Track, *_: object) -> None:
        if track.kind == rtc.TrackKind.KIND_AUDIO:
            self._listening.append(self._tasks.create_task(self._listen(track)))

    async def _listen(self, track: rtc.Track) -> None:
        stream = rtc.AudioStream(track, sample_rate=SAMPLE_RATE_HZ, num_channels=1)
        try:
            async for event in stream:
                samples = np.frombuffer(event.frame.data, dtype=np.int16).astype(np.float64)
                if samples.size and float(np.sqrt(np.mean(samples**2))) > LOUD:
                    self.heard_at.append(time.monotonic())
        finally:
            await stream.aclose()
