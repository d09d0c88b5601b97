"""Calls of two that come and go in every way clients do, and what they leave on the node."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.node_process import NodeProcess
from tests.peers import Sent, opus, vp8
from tests.scripted_client import ScriptedClient, scripted_client

AUDIO, VIDEO = 1000, 2000
PACKETS = 5  # of each kind, per call
AT_ONCE = 8  # calls side by side
FORGET_TIMEOUT_S = 30.0
LOOK_AGAIN_S = 0.1
LAST_LOOKS = 20
IDLE = {"rooms": 0, "participants": 0, "transports": 0, "routers": 0, "paths": 0}

Farewell = Callable[[ScriptedClient], Awaitable[None]]
FAREWELLS: tuple[Farewell, ...] = (ScriptedClient.leave, ScriptedClient.cut, ScriptedClient.vanish)


@dataclass(frozen=True, slots=True)
class Rest:
    """What the node holds when everybody is gone."""

    tasks: int
    files: int
    memory_bytes: int


async def visit(node: NodeProcess, number: int) -> list[ScriptedClient]:
    """One call: two join, one publishes, the other receives, both go, each in its way; returns ghosts."""
    room = f"visit{number}"
    first, second = FAREWELLS[number % 3], FAREWELLS[number // 3 % 3]
    tracks = [Sent("audio", AUDIO), Sent("video", VIDEO, VIDEO + 1)]
    async with (
        scripted_client(node.url, "publisher", room, sends=tracks) as publisher,
        scripted_client(node.url, "viewer", room, receives=("audio", "video")) as viewer,
    ):
        for index in range(PACKETS):
            publisher.peer.send_rtp(opus(AUDIO, index))
            publisher.peer.send_rtp(vp8(VIDEO, index, index * 3000, key=index == 0))
        await viewer.until(lambda: len(viewer.rtp) >= PACKETS)
        assert publisher.send_data(b"good-bye", reliable=True)
        async with asyncio.timeout(FORGET_TIMEOUT_S):
            await viewer.peer.messages.get()
        await first(publisher)
        await second(viewer)
    return [client for client in (publisher, viewer) if client.is_ghost]


async def visits(node: NodeProcess, numbers: range, files: int) -> Rest:
    """Many calls, `AT_ONCE` at a time, and what is left while ghosts still hold their sockets open.

    `files` were open on the node before anybody came.
    """
    waiting = iter(numbers)
    ghosts: list[ScriptedClient] = []

    async def work() -> None:
        for number in waiting:
            ghosts.extend(await visit(node, number))

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(work())
    try:
        return await rest(node, files)
    finally:
        for ghost in ghosts:
            ghost.bury()


async def rest(node: NodeProcess, files: int) -> Rest:
    """Wait until the node has forgotten everybody. Raises AssertionError with what it still holds."""
    idle = IDLE | {"files": files}
    usage: dict[str, int] = {}
    try:
        async with asyncio.timeout(FORGET_TIMEOUT_S):
            for _ in itertools.count():
                usage = await node.usage()
                if all(usage[name] == count for name, count in idle.items()):
                    break
                await asyncio.sleep(LOOK_AGAIN_S)
    except TimeoutError:
        raise AssertionError(f"still held: {usage}") from None
    # The last of their tasks take a moment more to end; what has leaked stays.
    tasks = usage["tasks"]
    for _ in range(LAST_LOOKS):
        await asyncio.sleep(LOOK_AGAIN_S)
        tasks = min(tasks, (await node.usage())["tasks"])
    return Rest(tasks, usage["files"], usage["memory_bytes"])
