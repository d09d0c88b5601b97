"""A whole Genba in a process, and SDK participants of its calls who say sentences into their microphones."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import av
import httpx
import numpy as np
import psutil
from livekit import rtc
from numpy.typing import NDArray

from signaling import demo
from signaling.accounts import one_time_codes
from tests.installation import Browser, Json, template

ROOT: Final = Path(__file__).resolve().parents[2]
TINY: Final = ROOT / "tests" / "tiny_whisper"
SAMPLE_RATE_HZ: Final = 48_000
FRAME: Final = SAMPLE_RATE_HZ // 50
Sound = NDArray[np.int16]


def _said(process: psutil.Process) -> str:
    """Its command line; empty when it was killed a moment ago."""
    try:
        return " ".join(process.cmdline())
    except (psutil.ZombieProcess, psutil.NoSuchProcess):
        return ""


class Server:
    """`genba serve` with demo data; `url` is where it listens."""

    def __init__(self, process: subprocess.Popen[str], url: str, log: Path) -> None:
        self.url = url
        self._log = log
        self._process = psutil.Process(process.pid)

    def logged(self, event: str) -> int:
        """How often it logged this."""
        return self._log.read_text(encoding="utf-8").count(f" {event} ")

    def crash(self) -> None:
        """End it and everything it started without a word."""
        children = self._process.children()
        for process in (self._process, *children):
            process.kill()

    def halt(self, module: str) -> None:
        """Stop the processes that run this module of `signaling.speech`, without ending them."""
        for child in self._running(module):
            child.suspend()

    def kill(self, module: str) -> bool:
        """Kill them; whether there were any."""
        found = self._running(module)
        for child in found:
            child.kill()
        return bool(found)

    def _running(self, module: str) -> list[psutil.Process]:
        return [child for child in self._process.children() if f"import {module};" in _said(child)]

    async def signed_in(self, staff_no: str) -> Browser:
        """A browser of a demo person."""
        browser = Browser(httpx.AsyncClient(base_url=self.url, timeout=20))
        browser.origin = self.url
        await browser.post("/sign-in", {"staff_no": staff_no, "password": demo.PASSWORD})
        code = one_time_codes.current_code(demo.secret_of(staff_no), datetime.now(UTC))
        answer = await browser.post("/sign-in/otp", {"code": code})
        assert answer.status_code == 200, answer.text
        return browser


@contextmanager
def server(folder: Path, environment: Mapping[str, str], port: int = 0) -> Iterator[Server]:
    """A server over the data in `folder`, demo data at first; `environment` are its settings."""
    data = folder / "data"
    if not data.exists():
        shutil.copytree(template(), data)
    listen = ["--host", "127.0.0.1", "--port", str(port), "--media-port", "0", "--data", str(data)]
    with (folder / "server.log").open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "signaling", "serve", "--dev", *listen],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | dict(environment),
        )
    assert process.stdout is not None
    try:
        url = next(line.split()[-1] for line in process.stdout if "Genba is ready:" in line)
        yield Server(process, url, folder / "server.log")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


class Talker:
    """A member of staff in a call, with a microphone that carries room noise between sentences."""

    def __init__(self, browser: Browser, room: rtc.Room) -> None:
        self.browser = browser
        self.room = room
        self.captions: list[tuple[str, str, bool]] = []  # whose, what, for good
        self._source = rtc.AudioSource(SAMPLE_RATE_HZ, 1, queue_size_ms=40)
        self._waiting: asyncio.Queue[Sound] = asyncio.Queue()
        self._noise = np.random.default_rng(1)
        room.on("transcription_received", self._read)

    def _read(
        self,
        segments: list[rtc.TranscriptionSegment],
        participant: rtc.Participant | None,
        _publication: rtc.TrackPublication | None,
    ) -> None:
        whose = participant.identity if participant is not None else ""
        self.captions += [(whose, segment.text, segment.final) for segment in segments]

    async def say(self, sound: Sound) -> None:
        """Say this, and be silent for a second after it."""
        await self._waiting.put(np.concatenate((sound, np.zeros(SAMPLE_RATE_HZ, np.int16))))
        await self._waiting.join()

    async def agree(self, call: str, *purposes: str, yes: bool = True) -> None:
        """Allow being written down (or something else), or not any more."""
        body: Json = {"purposes": purposes or ["transcript"], "yes": yes, "text_version": "1"}
        answer = await self.browser.post(f"/calls/{call}/consents/answer", body)
        assert answer.status_code == 200, answer.text

    async def publish(self) -> None:
        """Switch the microphone on."""
        track = rtc.LocalAudioTrack.create_audio_track("microphone", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE, red=True)
        await self.room.local_participant.publish_track(track, options)

    async def speak(self) -> None:
        """Feed the microphone until cancelled."""
        while True:
            is_said = not self._waiting.empty()
            sound = self._waiting.get_nowait() if is_said else np.zeros(FRAME, np.int16)
            for start in range(0, len(sound) - FRAME + 1, FRAME):
                hiss = self._noise.normal(0, 20, FRAME).astype(np.int16)
                frame = rtc.AudioFrame(
                    (sound[start : start + FRAME] + hiss).tobytes(), SAMPLE_RATE_HZ, 1, FRAME
                )
                await self._source.capture_frame(frame)
            if is_said:
                self._waiting.task_done()


@asynccontextmanager
async def talking(server: Server, browser: Browser, call: str) -> AsyncIterator[Talker]:
    """Somebody in the call, microphone on, until the block ends."""
    joined = (await browser.post(f"/calls/{call}/join")).json()
    room = rtc.Room()
    talker = Talker(browser, room)
    await room.connect(server.url.replace("http", "ws"), joined["token"])
    await talker.publish()
    speaking = asyncio.create_task(talker.speak())
    try:
        yield talker
    finally:
        speaking.cancel()
        await room.disconnect()


def recorded(name: str) -> Sound:
    """A sentence out of `tests/tiny_whisper`, as a microphone hears it."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE_HZ)
    with av.open(str(TINY / f"{name}.flac")) as file:
        parts = [part.to_ndarray()[0] for frame in file.decode(audio=0) for part in resampler.resample(frame)]
        parts += [part.to_ndarray()[0] for part in resampler.resample(None)]
    return np.concatenate(parts).astype(np.int16)
