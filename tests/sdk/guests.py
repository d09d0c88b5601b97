"""Real `livekit` SDK participants around one node: they publish tones and colours, and watch and listen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Any, Self, TypeVar, get_args

import numpy as np
from livekit import api, rtc

from signaling.rtc.tokens import mint
from tests.livekit_node import API_KEY, API_SECRET, LiveKitNode

PATIENCE_S = 15.0
LOOK_AGAIN_S = 0.05
SAMPLE_RATE_HZ = 48_000
TONE_HZ = 440
FRAMES_PER_S = 15
Colour = tuple[int, int, int]
T = TypeVar("T")
EVENT_NAMES: tuple[rtc.room.EventTypes, ...] = get_args(rtc.room.EventTypes)


async def until(
    condition: Callable[[], T | None],
    what: str,
    changed: asyncio.Event | None = None,
    patience_s: float = PATIENCE_S,
) -> T:
    """The first truthy answer of `condition`; fails with `what` when it never comes."""
    changed = changed or asyncio.Event()
    try:
        async with asyncio.timeout(patience_s):
            while True:
                answer = condition()
                if answer:
                    return answer
                changed.clear()
                try:
                    async with asyncio.timeout(LOOK_AGAIN_S):
                        await changed.wait()
                except TimeoutError:
                    pass
    except TimeoutError:
        raise AssertionError(f"never happened: {what}") from None


class Guest:
    """One participant; `events` holds everything its room told, in order."""

    def __init__(self, stage: Stage, identity: str) -> None:
        self.stage = stage
        self.identity = identity
        self.room = rtc.Room()
        self.events: list[tuple[str, tuple[Any, ...]]] = []  # each event has its own arguments
        self._changed = asyncio.Event()
        for name in EVENT_NAMES:
            self.room.on(name, self._hear(name))

    def _hear(self, name: str) -> Callable[..., None]:
        def hear(*arguments: Any) -> None:
            self.events.append((name, arguments))
            self._changed.set()

        return hear

    @property
    def sid(self) -> str:
        """The participant's sid."""
        return self.room.local_participant.sid

    def heard(self, name: str) -> list[tuple[Any, ...]]:
        """Arguments of every event of this name so far."""
        return [arguments for event, arguments in self.events if event == name]

    async def until(self, condition: Callable[[], T | None], what: str) -> T:
        """Wait until something is true."""
        return await until(condition, f"{self.identity}: {what}", self._changed)

    async def until_heard(self, name: str, count: int = 1) -> tuple[Any, ...]:
        """Arguments of the `count`-th event of this name."""
        events = await self.until(lambda: self.heard(name)[count - 1 :], f"{name} ×{count}")
        return events[0]

    def sees(self, identity: str) -> rtc.RemoteParticipant | None:
        """The other participant as this one sees it."""
        return self.room.remote_participants.get(identity)

    def publication(self, sid: str) -> rtc.RemoteTrackPublication | None:
        """The remote publication of this sid, as far as announced."""
        remotes = self.room.remote_participants.values()
        found = (remote.track_publications.get(sid) for remote in remotes)
        return next((publication for publication in found if publication is not None), None)

    def codec_of(self, sid: str) -> str:
        """The announced codec of a remote track."""
        publication = self.publication(sid)
        return publication.mime_type if publication is not None else ""

    async def received(self, sid: str) -> rtc.Track:
        """The remote track of this sid, once subscribed."""

        def track() -> rtc.Track | None:
            publication = self.publication(sid)
            return publication.track if publication is not None else None

        return await self.until(track, f"subscribed to {sid}")

    async def publish_tone(self, name: str = "microphone") -> rtc.LocalTrackPublication:
        """Publish a steady tone."""
        source = rtc.AudioSource(SAMPLE_RATE_HZ, 1)
        track = rtc.LocalAudioTrack.create_audio_track(name, source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        async with asyncio.timeout(PATIENCE_S):
            publication = await self.room.local_participant.publish_track(track, options)
        self.stage.start(_play_tone(source))
        return publication

    async def publish_colour(
        self,
        colour: Colour,
        name: str = "camera",
        *,
        size: tuple[int, int] = (320, 180),
        codec: rtc.VideoCodec.ValueType = rtc.VideoCodec.VP8,
        is_simulcast: bool = False,
    ) -> rtc.LocalTrackPublication:
        """Publish a picture of one colour."""
        source = rtc.VideoSource(*size)
        track = rtc.LocalVideoTrack.create_video_track(name, source)
        options = rtc.TrackPublishOptions(
            source=rtc.TrackSource.SOURCE_CAMERA, simulcast=is_simulcast, video_codec=codec
        )
        async with asyncio.timeout(PATIENCE_S):
            publication = await self.room.local_participant.publish_track(track, options)
        self.stage.start(_play_colour(source, size, colour))
        return publication

    async def hears_tone(self, publication_sid: str) -> None:
        """Wait until the track carries sound."""
        stream = rtc.AudioStream(await self.received(publication_sid))
        try:
            async with asyncio.timeout(PATIENCE_S):
                async for event in stream:
                    samples = np.frombuffer(event.frame.data, dtype=np.int16).astype(np.float64)
                    if samples.size and float(np.sqrt(np.mean(samples**2))) > 1000:
                        return
        except TimeoutError:
            raise AssertionError(f"{self.identity}: {publication_sid} stays silent") from None
        finally:
            await stream.aclose()

    async def watches(self, publication_sid: str, colour: Colour) -> rtc.VideoFrame:
        """Wait until the track shows `colour`; the frame."""
        track = await self.received(publication_sid)
        stream = rtc.VideoStream(track, format=rtc.VideoBufferType.RGBA)
        seen: Any = None
        try:
            async with asyncio.timeout(PATIENCE_S):
                async for event in stream:
                    frame = event.frame
                    pixels = np.frombuffer(frame.data, dtype=np.uint8).reshape(frame.height, frame.width, 4)
                    seen = pixels[:, :, :3].mean(axis=(0, 1))
                    if np.abs(seen - np.array(colour)).max() < 40:
                        return frame
        except TimeoutError:
            raise AssertionError(f"{self.identity}: {publication_sid} shows {seen}, not {colour}") from None
        finally:
            await stream.aclose()
        raise AssertionError("the stream ended")

    async def sees_moving_picture(self, publication_sid: str, count: int = 10) -> None:
        """Wait until the track has shown some frames."""
        stream = rtc.VideoStream(await self.received(publication_sid))
        frames = 0
        try:
            async with asyncio.timeout(PATIENCE_S):
                async for _ in stream:
                    frames += 1
                    if frames == count:
                        return
        except TimeoutError:
            raise AssertionError(f"{self.identity}: {publication_sid} showed {frames} frames") from None
        finally:
            await stream.aclose()

    async def leave(self) -> None:
        """Disconnect; harmless when disconnected already."""
        async with asyncio.timeout(PATIENCE_S):
            await self.room.disconnect()


class Stage:
    """Async context manager: one node and the guests of one test, in one event loop."""

    def __init__(self, node: LiveKitNode | None = None) -> None:
        self.node = node or LiveKitNode()
        self._guests: list[Guest] = []
        self._players: list[asyncio.Task[None]] = []
        self._stack = AsyncExitStack()
        self._tasks: asyncio.TaskGroup

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.node)
        self._tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for player in self._players:
            player.cancel()
        for guest in self._guests:
            await guest.leave()
        await self._stack.aclose()

    async def enter(self, context: AbstractAsyncContextManager[T]) -> T:
        """Keep something open until the guests have left."""
        return await self._stack.enter_async_context(context)

    def start(self, player: Coroutine[Any, Any, None]) -> None:
        """Run until the test ends."""
        self._players.append(self._tasks.create_task(player))

    async def guest(
        self,
        identity: str,
        *,
        is_single: bool,
        room: str = "room",
        attributes: Mapping[str, str] | None = None,
        auto_subscribe: bool = True,
        can_publish: bool = True,
        can_update_own_metadata: bool = False,
        hidden: bool = False,
        url: str = "",
    ) -> Guest:
        """A connected participant; `url` leads to the node another way."""
        token = mint(
            api_key=API_KEY,
            api_secret=API_SECRET,
            identity=identity,
            name=identity.title(),
            room=room,
            now=time.time(),
            ttl_s=600,
            attributes=attributes,
            can_publish=can_publish,
            can_update_own_metadata=can_update_own_metadata,
            hidden=hidden,
        )
        return await self.guest_with(
            token, identity, is_single=is_single, auto_subscribe=auto_subscribe, url=url
        )

    async def guest_with(
        self,
        token: str,
        identity: str,
        *,
        is_single: bool,
        auto_subscribe: bool = True,
        rtc_config: rtc.RtcConfiguration | None = None,
        url: str = "",
    ) -> Guest:
        """A participant connected with this token. Raises `rtc.ConnectError`."""
        guest = Guest(self, identity)
        options = rtc.RoomOptions(
            single_peer_connection=is_single, auto_subscribe=auto_subscribe, rtc_config=rtc_config
        )
        async with asyncio.timeout(PATIENCE_S):
            await guest.room.connect((url or self.node.url).replace("http", "ws"), token, options)
        self.keep(guest)
        return guest

    def keep(self, guest: Guest) -> None:
        """Have a connected guest leave when the test ends."""
        self._guests.append(guest)


async def _play_tone(source: rtc.AudioSource) -> None:
    count = SAMPLE_RATE_HZ // 100
    position = 0
    while True:
        phase = 2 * np.pi * TONE_HZ * (np.arange(count) + position) / SAMPLE_RATE_HZ
        samples = (np.sin(phase) * 12_000).astype(np.int16)
        await source.capture_frame(rtc.AudioFrame(samples.tobytes(), SAMPLE_RATE_HZ, 1, count))
        position += count


async def _play_colour(source: rtc.VideoSource, size: tuple[int, int], colour: Colour) -> None:
    width, height = size
    pixels = bytes([*colour, 255]) * (width * height)
    frame = rtc.VideoFrame(width, height, rtc.VideoBufferType.RGBA, pixels)
    while True:
        source.capture_frame(frame)
        await asyncio.sleep(1 / FRAMES_PER_S)  # a camera's pace


@asynccontextmanager
async def server_api(stage: Stage) -> AsyncIterator[api.LiveKitAPI]:
    """The unmodified server SDK, with the installation's own key."""
    async with api.LiveKitAPI(stage.node.url, API_KEY, API_SECRET) as client:
        yield client


def play(script: Callable[[Stage], Awaitable[None]], node: LiveKitNode | None = None) -> None:
    """Run one test's script on a fresh stage."""

    async def run() -> None:
        async with Stage(node) as stage:
            await script(stage)

    asyncio.run(run())
