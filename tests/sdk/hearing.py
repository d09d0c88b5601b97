"""What a receiver really hears of a tone: when sound was there, and how long it was missing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import numpy as np
from livekit import rtc

from tests.sdk.guests import Guest

LOUD = 1000  # of 12 000: concealment fades below it within a few hundredths of a second
STEADY_GAP_S = 0.2


class Ear:
    """Moments at which sound was played out, whatever track it came on; times are `time.monotonic`."""

    def __init__(self) -> None:
        self._sounds: list[float] = []
        self._news = asyncio.Event()

    async def listen(self, track: rtc.Track) -> None:
        """Listen to one track until cancelled."""
        stream = rtc.AudioStream(track, frame_size_ms=10)
        try:
            async for event in stream:
                samples = np.frombuffer(event.frame.data, dtype=np.int16).astype(np.float64)
                if samples.size and float(np.sqrt(np.mean(samples**2))) > LOUD:
                    self._sounds.append(time.monotonic())
                    self._news.set()
        finally:
            await stream.aclose()

    async def until_sound(self, after: float, patience_s: float = 60.0) -> float:
        """When the first sound after a moment came."""
        async with asyncio.timeout(patience_s):
            while not self._sounds or self._sounds[-1] <= after:
                self._news.clear()
                await self._news.wait()
        return next(at for at in self._sounds if at > after)

    async def until_steady(self, after: float, for_s: float = 1.0) -> float:
        """When sound came back for good: the first moment from which it lasted `for_s`."""
        since = last = await self.until_sound(after)
        while last < since + for_s:
            at = await self.until_sound(last)
            if at - last > STEADY_GAP_S:
                since = at
            last = at
        return since

    async def until_silence(self, for_s: float = 1.0) -> None:
        """Wait until nothing has been heard for a while."""
        while True:
            try:
                await self.until_sound(time.monotonic(), patience_s=for_s)
            except TimeoutError:
                return

    def longest_silence_s(self, since: float) -> float:
        """The longest time without sound between `since` and the last sound."""
        heard = [since, *(at for at in self._sounds if at > since)]
        return max((later - earlier for earlier, later in pairwise(heard)), default=0.0)


@asynccontextmanager
async def hearing(guest: Guest) -> AsyncIterator[Ear]:
    """An ear on every sound the guest receives, from the first one on."""
    ear = Ear()
    async with asyncio.TaskGroup() as tasks:
        listening: list[asyncio.Task[None]] = []

        def subscribed(track: rtc.Track) -> None:
            # A receiver that joined anew gets another track object under the same sid.
            if track.kind == rtc.TrackKind.KIND_AUDIO:
                listening.append(tasks.create_task(ear.listen(track)))

        guest.room.on("track_subscribed", lambda track, *_: subscribed(track))
        for participant in guest.room.remote_participants.values():
            for publication in participant.track_publications.values():
                if publication.track is not None:
                    subscribed(publication.track)
        try:
            await ear.until_sound(time.monotonic())
            yield ear
        finally:
            for task in listening:
                task.cancel()


async def packets_lost(guest: Guest, publication_sid: str) -> int:
    """RTP packets the receiver misses for good, by its own count."""
    track = await guest.received(publication_sid)
    for stat in await track.get_stats():
        if stat.HasField("inbound_rtp"):
            return int(stat.inbound_rtp.received.packets_lost)
    return 0
