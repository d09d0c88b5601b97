"""A LiveKit node in a process of its own, so that its memory, CPU and open files are its alone."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 30.0
ANSWER_TIMEOUT_S = 30.0


class NodeProcess:
    """`url` is where it listens, `media_port` where for media."""

    def __init__(self, process: asyncio.subprocess.Process, url: str, media_port: int) -> None:
        self.url = url
        self.media_port = media_port
        self.pid = process.pid
        self._process = process

    @property
    def same_ports(self) -> str:
        """The option that starts another node where this one listened."""
        return f"--ports={self.url.rpartition(':')[2]},{self.media_port}"

    async def kill(self) -> None:
        """End it without a word to anybody."""
        self._process.kill()
        await self._process.wait()

    async def usage(self) -> dict[str, int]:
        """See `tests.livekit_node.usage`."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(b"usage\n")
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            answer: dict[str, int] = json.loads(await self._process.stdout.readline())
        return answer


@asynccontextmanager
async def node_process(*options: str) -> AsyncIterator[NodeProcess]:
    """Start a node with the options of `tests.livekit_node`, and end it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.livekit_node",
        *options,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            ready = json.loads(await process.stdout.readline())
        yield NodeProcess(process, ready["url"], ready["media_port"])
    finally:
        process.stdin.close()
        await process.wait()
