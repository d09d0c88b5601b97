"""What recording costs: thirty rooms of four people, each sent to the three others, recorded in turns or not.

Each person sends 50 voice packets of 100 bytes and `VIDEO_PER_S` of 1,100 bytes a second. CPU is the server's
alone, of all its threads, the journals' included, per packet that was forwarded. `play_start_s` is how long
after an hour's recording the first span of each of eight tracks takes, by processes that start first.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvloop
from aiortc.rtcdtlstransport import SRTP_AEAD_AES_128_GCM

from recordings import Opening, Remuxer, journal
from recordings.journal import KeyFrame
from tests.bench._load import LAST_PACKETS_S, WARM_UP_S, cpu_time_ns, load_peer
from tests.peers import Peer, Sent, opus, vp8
from tests.recordings import studio

ROOMS, PEOPLE = 30, 4
VIDEO_PER_S = 15
TURNS, SECONDS = 4, 5.0
QUICK_ROOMS, QUICK_TURNS, QUICK_SECONDS = 8, 2, 3.0
ADDRESS = "127.0.0.1"
HOUR_S = 3600
REPEATED_S = 20

BUDGETS = {"added_share": 0.25, "play_start_s": 5.0}
AT_LEAST = {"came": 0.98}

Figures = dict[str, float | str]


def run() -> Figures:
    """Everything."""
    return uvloop.run(_cost(ROOMS, TURNS, SECONDS)) | uvloop.run(_play(HOUR_S))


def quick() -> Figures:
    """Fewer rooms and turns, and ten minutes to play."""
    return uvloop.run(_cost(QUICK_ROOMS, QUICK_TURNS, QUICK_SECONDS)) | uvloop.run(_play(HOUR_S // 6))


class _Load:
    """Everybody in all rooms."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.sent = 0
        self._senders: list[Peer] = []
        self._viewers: list[Peer] = []
        self._tick = 0

    async def come(self, rooms: int) -> None:
        """Connect all. Viewers do not read: this process would be the slower one."""
        for room in range(rooms):
            for who in range(PEOPLE):
                number = len(self._senders)
                sender = Peer([Sent("audio", 2 * number + 2), Sent("video", 2 * number + 1)], host=ADDRESS)
                await self._join(sender, room, who)
                self._senders.append(sender)
            for who in range(PEOPLE):
                viewer = load_peer(ADDRESS)
                await self._join(viewer, room, who)
                assert viewer._socket is not None
                asyncio.get_running_loop().remove_reader(viewer._socket.fileno())
                self._viewers.append(viewer)

    async def _join(self, peer: Peer, room: int, who: int) -> None:
        peer.secure._dtls._srtp_profiles = [SRTP_AEAD_AES_128_GCM]
        answer = await self.ask({"op": "join", "room": room, "who": who, "sdp": peer.offer()})
        await peer.connect(answer["sdp"])

    async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """One question to the server, one answer."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        answer: dict[str, Any] = json.loads(await self.process.stdout.readline())
        return answer

    async def run(self, seconds: float) -> None:
        """Send on time for so long: every fiftieth of a second a voice packet of everybody, some pictures."""
        began = time.perf_counter()
        for tick in range(int(seconds * 50)):
            delay = began + tick / 50 - time.perf_counter()
            if delay > 0:
                await asyncio.sleep(delay)
            self._tick += 1
            video = self._tick * VIDEO_PER_S // 50
            is_picture_due = video != (self._tick - 1) * VIDEO_PER_S // 50
            for number, sender in enumerate(self._senders):
                sender.send_rtp(opus(2 * number + 2, self._tick))
                if is_picture_due:
                    stamp, is_key = video * 90_000 // VIDEO_PER_S, video % (10 * VIDEO_PER_S) == 1
                    sender.send_rtp(vp8(2 * number + 1, video, stamp, key=is_key, size=1088))
                if number % 8 == 7:
                    await asyncio.sleep(0)
            self.sent += len(self._senders) * (1 + is_picture_due)

    async def measured(self, seconds: float) -> tuple[float, float]:
        """The server's CPU in microseconds for each packet forwarded, and the share that came in."""
        self.sent = 0
        cpu_ns, before = cpu_time_ns(self.process.pid), (await self.ask({"op": "count"}))["packets"]
        await self.run(seconds)
        await asyncio.sleep(LAST_PACKETS_S)
        came = (await self.ask({"op": "count"}))["packets"] - before
        return (cpu_time_ns(self.process.pid) - cpu_ns) / 1000 / (came * (PEOPLE - 1)), came / self.sent

    async def leave(self) -> None:
        """Disconnect all."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        await self.process.wait()
        async with asyncio.TaskGroup() as tasks:
            for peer in (*self._senders, *self._viewers):
                tasks.create_task(peer.disappear())


async def _cost(rooms: int, turns: int, seconds: float) -> Figures:
    costs: dict[bool, list[float]] = {False: [], True: []}
    written: dict[str, Any] = {}
    came: list[float] = []
    with TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench._recording_node", ADDRESS, folder), stdin=PIPE, stdout=PIPE
        )
        load = _Load(process)
        await load.come(rooms)
        await load.run(WARM_UP_S)
        for turn in range(2 * turns):
            is_recorded = turn % 2 == 1
            if is_recorded:
                await load.ask({"op": "record", "folder": str(Path(folder) / str(turn))})
            await load.run(WARM_UP_S)  # the files are made once
            cost, share = await load.measured(seconds)
            costs[is_recorded].append(cost)
            came.append(share)
            if is_recorded:
                written = await load.ask({"op": "stop"})
        await load.leave()
    plain, recorded = statistics.median(costs[False]), statistics.median(costs[True])
    return {
        "rooms": rooms,
        "forward_us": round(plain, 2),
        "recorded_us": round(recorded, 2),
        "added_share": round(recorded / plain - 1, 3),
        "came": round(min(came), 4),
        "journals": written["files"],
        "journal_packets_missing": written["missing"],
    }


async def _play(seconds: int) -> Figures:
    """Until the first sounds and pictures of four people, and of one after a jump into the middle."""
    with TemporaryDirectory() as name:
        tracks = [_long_track(Path(name), number, seconds) for number in range(2 * PEOPLE)]
        size = sum(path.stat().st_size for path, _ in tracks)
        async with Remuxer().running() as remuxer:
            began = time.perf_counter()
            async with asyncio.TaskGroup() as tasks:
                for path, kind in tracks:
                    tasks.create_task(_first(remuxer, path, kind))
            took_s = time.perf_counter() - began
            path, _ = tracks[1]
            began = time.perf_counter()
            await remuxer.span(path, studio.BEGAN_US, seconds * 500, seconds * 500 + 10_000)
            jump_s = time.perf_counter() - began
    return {
        "play_start_s": round(took_s, 2),
        "play_jump_ms": round(jump_s * 1000),
        "play_gigabytes": round(size / 1e9, 2),
    }


async def _first(remuxer: Remuxer, path: Path, kind: str) -> None:
    found = await remuxer.outline(path, studio.BEGAN_US)
    begin = found.key_frames_ms[0] if kind == "video" else 0
    await remuxer.span(path, studio.BEGAN_US, begin, begin + 10_000)


def _long_track(folder: Path, number: int, seconds: int) -> tuple[Path, str]:
    """A journal as a call of that length leaves it: a voice, or a picture of 1 Mbit/s; 20 s over and over."""
    kind = "video" if number % 2 else "audio"
    rate, mime_type = (90_000, "video/vp8") if kind == "video" else (48_000, "audio/opus")
    if kind == "video":
        pictures = [each.ljust(12_500, b"\0") for each in studio.pictures(mime_type, REPEATED_S, REPEATED_S)]
        came = studio.picture_packets(mime_type, pictures, size=1040)
    else:
        came = studio.voice_packets([b"\xf8\xff\xfe"] * 50 * REPEATED_S)
    path = folder / f"{number}.journal"
    opening = Opening("T", "call", "S-1", "camera", kind, mime_type, rate, -1, studio.BEGAN_US)
    with path.open("wb") as file:
        file.write(journal.opening_block(opening))
        for turn in range(seconds // REPEATED_S):
            moved = [
                (
                    at_us + turn * REPEATED_S * 1_000_000,
                    data[:2]
                    + _moved(data[2:4], turn * len(came))
                    + _moved(data[4:8], turn * REPEATED_S * rate)
                    + data[8:],
                )
                for at_us, data in came
            ]
            for first in range(0, len(moved), len(moved) // (2 * REPEATED_S)):  # half a second a block
                file.write(journal.packets_block(moved[first : first + len(moved) // (2 * REPEATED_S)]))
            at_us, head = moved[0]
            stamp = int.from_bytes(head[4:8], "big")
            file.write(journal.notes_block([KeyFrame(at_us, int.from_bytes(head[8:12], "big"), stamp)]))
    return path, kind


def _moved(field: bytes, by: int) -> bytes:
    size = len(field)
    return (int.from_bytes(field, "big") + by & (1 << 8 * size) - 1).to_bytes(size, "big")
