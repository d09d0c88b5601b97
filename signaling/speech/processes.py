"""Starting and ending the processes of this package: they know no secrets, and end with the block."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from signaling.speech.messages import Message, PipeBroken
from signaling.speech.pipes import receive

_ROOT: Final = Path(__file__).resolve().parents[2]
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); from signaling.speech import {0}; {0}.main(*sys.argv[2:])"
)
_MOST_UNREAD: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Process:
    """A running one."""

    _running: asyncio.subprocess.Process
    _to: asyncio.StreamWriter
    _from: asyncio.StreamReader

    def send(self, message: Message) -> None:
        """Queue a message; raises PipeBroken where the process is gone or does not read."""
        if self._to.is_closing() or self._to.transport.get_write_buffer_size() > _MOST_UNREAD:
            raise PipeBroken
        self._to.write(message.encode())

    async def until_gone(self) -> None:
        """Wait until it ends; then raises PipeBroken."""
        await self._running.wait()
        raise PipeBroken

    async def receive(self) -> Message:
        """Its next message; raises PipeBroken when it ended."""
        return await receive(self._from)


@asynccontextmanager
async def started(module: str, *arguments: str) -> AsyncIterator[Process]:
    """Run `main` of a module of this package while the block runs, then end it."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", _START.format(module), str(_ROOT), *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        start_new_session=True,
    )
    to, source = cast(asyncio.StreamWriter, running.stdin), cast(asyncio.StreamReader, running.stdout)
    try:
        yield Process(running, to, source)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        await running.wait()
        to.close()
        with suppress(ConnectionError):
            await to.wait_closed()
