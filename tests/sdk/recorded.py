"""A whole installation with real rooms, on a socket that SDK participants reach: calls that are recorded."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import numpy as np
import uvicorn
from livekit import rtc

from field_assist import Guest as Visitor
from field_assist import Person, Purpose, Role, calls, staff
from signaling.accounts.invitations import NewInvitation
from signaling.api.consent_desk import UNREAD, Answer
from signaling.rtc.livekit_http import UVICORN_OPTIONS
from tests.installation import Browser, Installation, installation
from tests.sdk.guests import PATIENCE_S, SAMPLE_RATE_HZ, Guest, Stage

LOUDNESS = 12_000


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[tuple[Installation, str]]:
    """An installation and where its rooms are."""
    async with installation(folder, has_media=True, at=datetime.now(UTC)) as genba:
        config = uvicorn.Config(
            genba.app, host="127.0.0.1", port=0, lifespan="off", log_config=None, **UVICORN_OPTIONS
        )
        server = uvicorn.Server(config)
        config.load()
        server.lifespan = config.lifespan_class(config)
        await server.startup()
        async with AsyncExitStack() as stack:
            stack.push_async_callback(_stop, genba, server)
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            stack.callback(tasks.create_task(server.main_loop()).cancel)
            yield genba, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"


async def _stop(genba: Installation, server: uvicorn.Server) -> None:
    genba.services.rooms.shut_down()
    await asyncio.sleep(0)  # as in production: the farewells leave before the sockets close
    server.should_exit = True
    server.config.timeout_graceful_shutdown = 2
    await server.shutdown()


@dataclass
class Call:
    """A call under way with its host's browser."""

    genba: Installation
    stage: Stage
    url: str
    id: str
    host: Person
    browser: Browser

    @classmethod
    async def begin(cls, genba: Installation, stage: Stage, url: str, staff_no: str) -> Call:
        """Started by this member of staff."""
        store = genba.services.store
        member = await store.read(lambda session: staff.by_number(session, staff_no))
        assert member is not None
        browser = await genba.signed_in(staff_no)
        state = await genba.services.call_desk.start(member.person(), calls.NewCall(), "")
        return cls(genba, stage, url, state.sheet.call.id, member.person(), browser)

    async def enter(self, *, consents: bool) -> tuple[Guest, Person]:
        """The host comes in."""
        return await self._join(self.host, consents=consents), self.host

    async def visit(self, *, consents: bool) -> tuple[Guest, Visitor]:
        """A resident comes by a link."""
        desk = self.genba.services.call_desk
        link = await desk.invite(self.host, self.id, NewInvitation("住民", Role.RESIDENT), "")
        return await self._join(link.guest(), consents=consents), link.guest()

    async def _join(self, who: Person | Visitor, *, consents: bool) -> Guest:
        token = self.genba.services.call_desk.room_token(who, self.id)
        joined = await self.stage.guest_with(token, who.identity, is_single=True, url=self.url)
        if consents:
            await self.say(who, is_yes=True)
        return joined

    async def say(self, who: Person | Visitor, *, is_yes: bool) -> None:
        """Somebody agrees to be recorded, or takes it back."""
        said = Answer((Purpose.RECORDING,), is_yes=is_yes, reading=UNREAD)
        await self.genba.services.consent_desk.answer(who, self.id, said, "")

    async def open(self) -> dict[str, Any]:
        """The recording, opened with a fresh code."""
        self.genba.clock.forward(seconds=30)
        code = self.genba.code(self.host.staff_no)
        answer = await self.browser.post(f"/calls/{self.id}/recording/open", {"code": code})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["recording"]
        return found

    async def media(self, track: dict[str, Any], from_ms: float, to_ms: float) -> bytes:
        """A span of a track, in milliseconds since it began."""
        path = f"/calls/{self.id}/recording/tracks/{track['id']}"
        from_ms, to_ms = (max(0, track["start_ms"] + moment) for moment in (from_ms, to_ms))
        answer = await self.browser.client.get(f"/api{path}", params={"from_ms": from_ms, "to_ms": to_ms})
        assert answer.status_code in (200, 204), answer.text
        return answer.content


async def hum(guest: Guest, hz: float, *, red: bool = True) -> str:
    """Publish a tone; the track's sid."""
    source = rtc.AudioSource(SAMPLE_RATE_HZ, 1, queue_size_ms=40)
    track = rtc.LocalAudioTrack.create_audio_track("microphone", source)
    options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE, red=red)
    async with asyncio.timeout(PATIENCE_S):
        publication = await guest.room.local_participant.publish_track(track, options)
    guest.stage.start(_hum(source, hz))
    return str(publication.sid)


async def _hum(source: rtc.AudioSource, hz: float) -> None:
    count, position = SAMPLE_RATE_HZ // 100, 0
    while True:
        phase = 2 * np.pi * hz * (np.arange(count) + position) / SAMPLE_RATE_HZ
        samples = (np.sin(phase) * LOUDNESS).astype(np.int16)
        await source.capture_frame(rtc.AudioFrame(samples.tobytes(), SAMPLE_RATE_HZ, 1, count))
        position += count


def sound(content: bytes) -> np.ndarray:
    """The samples of an audio file, mono."""
    with av.open(io.BytesIO(content), "r") as container:
        parts = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    return np.concatenate(parts)


def loudnesses(samples: np.ndarray, hz: float) -> np.ndarray:
    """How strong one frequency is in each 100 ms, 0 to about 1."""
    window = SAMPLE_RATE_HZ // 10
    wave = np.hanning(window) * np.exp(-2j * np.pi * hz * np.arange(window) / SAMPLE_RATE_HZ)
    parts = samples[: len(samples) // window * window].reshape(-1, window)
    strengths: np.ndarray = np.abs(parts @ wave) * 4 / window
    return strengths


def loudness(samples: np.ndarray, hz: float) -> float:
    """How strong one frequency is where it is loudest, for a busy machine stutters."""
    return float(loudnesses(samples, hz).max())
