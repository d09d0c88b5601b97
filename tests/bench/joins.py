"""How many people can come at once, and how much memory each takes: scripted clients, real signalling.

A join is a WebSocket, an offer with microphone and camera, ICE, DTLS and open data channels. Node and clients
are processes of their own on the same machine, so the clients' half of the work is in the rate.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack

from tests.bench._load import AUDIO_SSRC, VIDEO_SSRC
from tests.node_process import NodeProcess, node_process
from tests.peers import Sent
from tests.scripted_client import scripted_client
from tests.visits import rest

JOINERS = 100
QUICK_JOINERS = 30
AT_ONCE = 8
ROOM_SIZE = 10
TRACKS = (Sent("audio", AUDIO_SSRC), Sent("video", VIDEO_SSRC, VIDEO_SSRC + 1))


def run() -> dict[str, float]:
    """A hundred people in calls of ten come and stay; then memory is read."""
    return asyncio.run(_measure(JOINERS))


def quick() -> dict[str, float]:
    """The same with fewer."""
    return asyncio.run(_measure(QUICK_JOINERS))


async def _measure(joiners: int) -> dict[str, float]:
    async with node_process("--short-timeouts") as node:
        fresh = await node.usage()
        async with AsyncExitStack() as stack:
            await _come(node, stack, range(AT_ONCE))  # what only the first ones cost
        await rest(node, fresh["files"])
        before = await node.usage()
        async with AsyncExitStack() as stack:
            began = time.monotonic()
            await _come(node, stack, range(AT_ONCE, AT_ONCE + joiners))
            took_s = time.monotonic() - began
            after = await node.usage()
    assert after["participants"] == joiners
    growth = after["memory_bytes"] - before["memory_bytes"]
    return {
        "joins_per_s": round(joiners / took_s, 1),
        "mb_per_participant": round(growth / joiners / 1e6, 3),
        "tasks_per_participant": round((after["tasks"] - before["tasks"]) / joiners, 2),
    }


async def _come(node: NodeProcess, stack: AsyncExitStack, numbers: range) -> None:
    """Join, `AT_ONCE` at a time; everybody stays until the stack is closed."""
    waiting = iter(numbers)

    async def work() -> None:
        for number in waiting:
            room = f"room {number // ROOM_SIZE}"
            await stack.enter_async_context(scripted_client(node.url, f"guest {number}", room, sends=TRACKS))

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(work())
