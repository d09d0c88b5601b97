"""Half an hour of a busy, badly connected node: is memory flat, and is nothing left behind?

Calls of two scripted clients come and go in every way clients leave, while a few participants on the
unmodified SDK join, talk and leave. All media passes a relay that loses and reorders; the SDK's signalling is
cut and addresses change again and again. After a warm-up everybody leaves once, so that what is counted at
the end is compared with a node that has seen all of this before.

Not part of `make bench`: `python -m tests.bench soak --minutes 30`. tests/test_soak.py is the bounded twin.
"""

from __future__ import annotations

import asyncio
import math
import random
import resource
import statistics
import sys
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from websockets.exceptions import ConnectionClosed

from tests.network import Access, Conditions, TcpRelay, UdpRelay
from tests.node_process import NodeProcess, node_process
from tests.scripted_client import ScriptedClient
from tests.visits import Rest, rest, visit

ROOT = Path(__file__).resolve().parent.parent.parent
IS_ALONE = True  # only when named
RUNS = 1
MINUTES = 30.0
WARM_UP_SHARE = 0.25
RELAY = "127.0.0.2"
CONDITIONS = Conditions(delay_s=0.01, jitter_s=0.01, loss=0.02, reorder=0.01)
VISIT_INTERVAL_S = 1.0
CUT_INTERVAL_S = 11.0
REBIND_INTERVAL_S = 3.0
SAMPLE_INTERVAL_S = 2.0
PATIENCE_S = 20.0
SDK_PATIENCE_S = 70.0  # longer than the last of its participants takes to leave
RECENT_ACCESSES = 24
BUDGETS = {"tasks_left": 0, "files_left": 0, "rooms_left": 0, "visits_failed_percent": 5}


def run(minutes: float = MINUTES) -> dict[str, float]:
    """The whole of it."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the relay keeps a socket per past client
    return asyncio.run(soak(minutes, seed=1))


async def soak(minutes: float, seed: int) -> dict[str, float]:
    """Figures after so many minutes, of which a quarter warms up."""
    async with (
        node_process("--short-timeouts", f"--advertise={RELAY}", "--no-tcp") as node,
        TcpRelay(("127.0.0.1", int(node.url.rpartition(":")[2]))) as signalling,
    ):
        turmoil = Turmoil(node, signalling, random.Random(seed))
        async with UdpRelay(("127.0.0.1", node.media_port), (RELAY, node.media_port), turmoil.access):
            files = (await node.usage())["files"]
            before = await turmoil.rage(minutes * 60 * WARM_UP_SHARE, files)
            turmoil.samples.clear()
            after = await turmoil.rage(minutes * 60 * (1 - WARM_UP_SHARE), files)
        rooms = (await node.usage())["rooms"]
    settled = turmoil.samples[len(turmoil.samples) // 4 :]  # everybody had left, and came back first
    slope, confidence = trend(settled)
    counts = turmoil.counts
    return {
        **{name: float(counts[name]) for name in ("visits", "sdk_joins", "signalling_cuts", "rebinds")},
        "visits_failed_percent": round(100 * counts["visits_failed"] / max(1, counts["visits"]), 2),
        "sdk_joins_failed": float(counts["sdk_joins_failed"]),
        "sdk_processes_lost": float(counts["sdk_processes_lost"]),
        "memory_kib_per_minute": round(slope * 60 / 1024, 2),
        "memory_kib_per_minute_confidence_95": round(confidence * 60 / 1024, 2),
        "memory_growth_mib": round((after.memory_bytes - before.memory_bytes) / 2**20, 2),
        "memory_mib_at_the_end": round(after.memory_bytes / 2**20, 1),
        "tasks_left": after.tasks - before.tasks,
        "files_left": after.files - files,
        "rooms_left": rooms,
    }


def trend(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Slope of a line through (x, y), and half the width of its 95 % confidence interval.

    Samples that follow each other are alike, so the true interval is wider.
    """
    if len(points) < 3:
        return 0.0, math.inf
    slope, intercept = statistics.linear_regression(*zip(*points, strict=True))
    middle = statistics.fmean(x for x, _ in points)
    spread = sum((x - middle) ** 2 for x, _ in points)
    rest_of_it = sum((y - intercept - slope * x) ** 2 for x, y in points)
    return slope, 1.96 * math.sqrt(rest_of_it / (len(points) - 2) / spread)


class Turmoil:
    """Everything that goes on around one node. `samples` are (seconds, bytes of memory), `counts` events."""

    def __init__(self, node: NodeProcess, signalling: TcpRelay, chance: random.Random) -> None:
        self.samples: list[tuple[float, float]] = []
        self.counts: Counter[str] = Counter()
        self._node = node
        self._signalling = signalling
        self._chance = chance
        self._recent: deque[Access] = deque(maxlen=RECENT_ACCESSES)
        self._ghosts: list[ScriptedClient] = []
        self._sampling = asyncio.Lock()

    def access(self, fragment: str) -> Access:
        """A bad link for every connection."""
        access = Access(seed=self._chance.randrange(1 << 30))
        access.up.conditions = access.down.conditions = CONDITIONS
        self._recent.append(access)
        return access

    async def rage(self, seconds: float, files: int) -> Rest:
        """Let it all happen for so long, then wait until all is forgotten. Raises AssertionError."""
        until = time.monotonic() + seconds
        loops: list[tuple[Callable[[], Awaitable[None]], float]] = [
            (self._visit, VISIT_INTERVAL_S),
            (self._cut, CUT_INTERVAL_S),
            (self._rebind, REBIND_INTERVAL_S),
            (self._sample, SAMPLE_INTERVAL_S),
        ]
        async with asyncio.TaskGroup() as tasks:
            for act, interval_s in loops:
                tasks.create_task(_every(act, interval_s, until, tasks))
            tasks.create_task(self._talk(until))
        for ghost in self._ghosts:
            ghost.bury()
        self._ghosts.clear()
        return await rest(self._node, files)

    async def _visit(self) -> None:
        self.counts["visits"] += 1
        try:
            async with asyncio.timeout(PATIENCE_S):
                self._ghosts += await visit(self._node, self.counts["visits"])
        except* (TimeoutError, AssertionError, OSError, ConnectionClosed):  # by a node that had given it up
            self.counts["visits_failed"] += 1

    async def _talk(self, until: float) -> None:
        """Keep a process of `_talkers` going."""
        url = f"ws://127.0.0.1:{self._signalling.port}"
        while (left_s := until - time.monotonic()) > 1:
            arguments = (url, f"{left_s:.1f}", str(self._chance.randrange(1 << 30)))
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.bench._talkers", *arguments),
                cwd=ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
            assert process.stdout is not None
            try:
                async with asyncio.timeout(left_s + SDK_PATIENCE_S):
                    async for line in process.stdout:
                        if line in (b"joined\n", b"failed\n"):
                            self.counts["sdk_joins"] += 1
                            self.counts["sdk_joins_failed"] += line == b"failed\n"
            except TimeoutError:
                process.kill()
            if await process.wait():
                self.counts["sdk_processes_lost"] += 1

    async def _cut(self) -> None:
        self.counts["signalling_cuts"] += 1
        self._signalling.cut()

    async def _rebind(self) -> None:
        if self._recent:
            self.counts["rebinds"] += 1
            self._chance.choice(self._recent).rebind()

    async def _sample(self) -> None:
        async with self._sampling:
            usage = await self._node.usage()
        self.samples.append((time.monotonic(), usage["memory_bytes"]))


async def _every(
    act: Callable[[], Awaitable[None]], interval_s: float, until: float, tasks: asyncio.TaskGroup
) -> None:
    """Begin an act at this pace, however long each takes."""

    async def once() -> None:
        await act()

    while time.monotonic() + interval_s < until:
        await asyncio.sleep(interval_s)
        tasks.create_task(once())
