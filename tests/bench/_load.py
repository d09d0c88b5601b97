"""The load every server is measured under: one publisher, many viewers, all in this process.

The publisher sends 150 video packets/s of 1,100 bytes in bursts of five every 1/30 s (`scale` times as many
where asked) and 50 audio packets/s of 100 bytes; viewers count what they receive after decryption. All speak
AEAD_AES_128_GCM.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aiortc.rtcdtlstransport import SRTP_AEAD_AES_128_GCM

from tests.peers import Peer, Sent, opus, vp8

VIDEO_SSRC, AUDIO_SSRC = 1000, 2000
WARM_UP_S = 1.0
LAST_PACKETS_S = 0.3
_AUDIO_MAX_BYTES = 200


class Server(Protocol):
    """What is measured: ours or Janus."""

    pid: int

    async def publish(self, peer: Peer) -> None: ...
    async def watch(self, peer: Peer) -> None: ...


@dataclass(frozen=True, slots=True)
class Shape:
    """How much is asked of the server.

    `has_one_core`: all its threads share one core and the load has the
    others; by default the scheduler places both, as on a machine in use. With congestion control the server
    needs a longer `warm_up_s` to find out that there is room.
    """

    viewers: int
    scale: int = 1
    reports_arrivals: bool = False
    has_one_core: bool = False
    warm_up_s: float = WARM_UP_S


@dataclass(frozen=True, slots=True)
class Result:
    """`cpu_us` of the server per packet that a viewer received, of which `delivered` (0..1) arrived.

    `delays_ms` of audio packets are sorted and reach from one end of this process to the other.
    """

    cpu_us: float
    delivered: float
    delays_ms: list[float]
    reports: int


async def measure(server: Server, shape: Shape, address: str, seconds: float) -> Result:
    """Connect everybody, warm up, then send for so long."""
    publisher = load_peer(address, sends=True)
    await server.publish(publisher)
    audience = [load_peer(address, reports_arrivals=shape.reports_arrivals) for _ in range(shape.viewers)]
    for viewer in audience:
        await server.watch(viewer)
    sender = Sender([publisher], shape.scale)
    with _parted(server.pid) if shape.has_one_core else nullcontext():
        await sender.run(shape.warm_up_s)
        await asyncio.sleep(LAST_PACKETS_S)
        delays = Delays(audience[0])
        cpu_ns, sent, received = cpu_time_ns(server.pid), sender.packets, sum(v.received for v in audience)
        await sender.run(seconds)
        await asyncio.sleep(LAST_PACKETS_S)
        cpu_ns = cpu_time_ns(server.pid) - cpu_ns
    count = sum(v.received for v in audience) - received
    reports = sum(v.reports for v in audience)
    await _close([publisher, *audience])
    return Result(
        cpu_us=cpu_ns / 1000 / count,
        delivered=count / ((sender.packets - sent) * shape.viewers),
        delays_ms=sorted(delays.values_ms),
        reports=reports,
    )


async def measure_direct(viewers: int, address: str, seconds: float) -> list[float]:
    """The delays of the same load with no server between its ends: what this process itself adds."""
    pairs = [(load_peer(address, sends=True), load_peer(address)) for _ in range(viewers)]
    for near, far in pairs:
        await near.face(far)
    sender = Sender([near for near, _ in pairs], 1)
    await sender.run(WARM_UP_S)
    delays = Delays(pairs[0][1])
    await sender.run(seconds)
    await asyncio.sleep(LAST_PACKETS_S)
    await _close([peer for pair in pairs for peer in pair])
    return sorted(delays.values_ms)


async def _close(peers: list[Peer]) -> None:
    async with asyncio.TaskGroup() as tasks:  # each waits a moment for the server's good-bye
        for peer in peers:
            tasks.create_task(peer.close())


def load_peer(address: str, *, sends: bool = False, reports_arrivals: bool = False) -> Peer:
    """A publisher or a viewer that accepts AES-128-GCM only: one cipher for every server."""
    peer = (
        Peer([Sent("audio", AUDIO_SSRC), Sent("video", VIDEO_SSRC)], host=address)
        if sends
        else Peer(receives=("audio", "video"), host=address, reports_arrivals=reports_arrivals)
    )
    peer.secure._dtls._srtp_profiles = [SRTP_AEAD_AES_128_GCM]
    return peer


@contextmanager
def _parted(server_pid: int) -> Iterator[None]:
    """The server's threads on the first core, this process on the others, until the block ends."""
    cores = sorted(os.sched_getaffinity(0))
    for thread in Path(f"/proc/{server_pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), cores[:1])
    os.sched_setaffinity(0, cores[1:] or cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def cpu_time_ns(pid: int) -> int:
    """What the scheduler has given to all living threads of a process, to the nanosecond."""
    return sum(int(file.read_text().split()[0]) for file in Path(f"/proc/{pid}/task").glob("*/schedstat"))


class Delays:
    """How long audio packets took to a viewer: their last eight bytes say when they were sent."""

    def __init__(self, viewer: Peer) -> None:
        self.values_ms: list[float] = []
        viewer.on_rtp = self._received

    def _received(self, packet: bytes) -> None:
        if len(packet) < _AUDIO_MAX_BYTES:
            self.values_ms.append((time.perf_counter_ns() - int.from_bytes(packet[-8:], "big")) / 1e6)


class Sender:
    """Sends the same media from one publisher, or from several at once."""

    def __init__(self, publishers: list[Peer], scale: int) -> None:
        self.packets = 0  # per publisher
        self._publishers = publishers
        self._scale = scale
        self._video = self._audio = self._frame = 0

    async def run(self, seconds: float) -> None:
        """Send frames on time for so long."""
        start = time.perf_counter()
        for tick in range(int(seconds * 30)):
            delay = start + tick / 30 - time.perf_counter()
            if delay > 0:
                await asyncio.sleep(delay)
            self._frame += 1
            for index in range(5 * self._scale):
                key = index == 0 and self._frame % 30 == 1
                packet = vp8(VIDEO_SSRC, self._video, self._frame * 3000, key=key, size=1088)
                self._video += 1
                self._send(packet)
            # Audio goes out between the bursts: right behind one, the figure would be this process's own
            # time to decrypt the burst for all its viewers.
            await asyncio.sleep(1 / 60)
            while self._audio < self._frame * 50 / 30:
                packet = opus(AUDIO_SSRC, self._audio)
                self._audio += 1
                self._send(packet[:-8] + time.perf_counter_ns().to_bytes(8, "big"))

    def _send(self, packet: bytes) -> None:
        for publisher in self._publishers:
            publisher.send_rtp(packet)
        self.packets += 1
