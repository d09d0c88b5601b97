"""Recordings on their way into one file: one at a time, in a process beside the server, with progress.

The files lie beside the journals they were made of and go whenever one of those does: nothing that was taken
back stays in a copy. What was under way when the server ended is forgotten and can be asked for again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from recordings import Job, Layout

State = Literal["waiting", "working", "ready", "failed", "outdated"]
LAYOUTS: tuple[Layout, ...] = ("grid", "speaker")

_BASIS = ".basis"
"""What a file was made of stands beside it, for after a restart."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Export:
    """One file, and how far it is (0 to 1); `basis` tells what it was made of."""

    layout: Layout
    file: Path
    basis: str
    state: State = "waiting"
    progress: float = 0.0
    task: asyncio.Task[None] | None = None

    @property
    def size_bytes(self) -> int:
        """Of the file, 0 until it is ready."""
        with contextlib.suppress(OSError):
            return self.file.stat().st_size if self.state == "ready" else 0
        return 0


class RecordingExports:
    """One per installation; use `running` around it. A recording is the folder its journals lie in."""

    def __init__(self) -> None:
        self._exports: dict[Path, Export] = {}  # by file
        self._turn = asyncio.Semaphore(1)
        self._tasks: asyncio.TaskGroup

    @asynccontextmanager
    async def running(self) -> AsyncIterator[RecordingExports]:
        """Make files while the block runs; what is under way then ends with it."""
        async with asyncio.TaskGroup() as self._tasks:
            try:
                yield self
            finally:
                for found in self._exports.values():
                    if found.task is not None:
                        found.task.cancel()

    def of(self, folder: Path, basis: str) -> list[Export]:
        """What there is of a recording; a file that was made of something else is removed, and said to be."""
        files = {layout: folder / f"{layout}.mp4" for layout in LAYOUTS}
        for layout, file in files.items():
            known = self._exports.get(file)
            if file.exists() and (known is None or known.state in ("ready", "outdated")):  # of any node
                known = self._exports[file] = Export(layout, file, _read(file), "ready", 1.0)
            if known is not None and known.basis != basis and known.state != "outdated":
                self._remove(file)
                self._exports[file] = Export(layout, file, basis, "outdated")
        return [self._exports[file] for file in files.values() if file in self._exports]

    def start(self, folder: Path, job: Job, basis: str) -> None:
        """Make a file, anew where it is ready or failed; nothing happens while it is being made.

        Where the job writes it (`target`) is decided here.
        """
        layout = job.layout
        file = folder / f"{layout}.mp4"
        known = self._exports.get(file)
        if known is not None and known.state in ("waiting", "working"):
            return
        made = self._exports[file] = Export(layout, file, basis)
        job = replace(job, target=str(file.with_suffix(".part")))
        made.task = self._tasks.create_task(self._make(made, job))

    def drop(self, folder: Path) -> None:
        """Something of the recording is gone: so is every copy of it."""
        for layout in LAYOUTS:
            self._remove(folder / f"{layout}.mp4")

    def _remove(self, file: Path) -> None:
        found = self._exports.pop(file, None)
        if found is not None and found.task is not None:
            found.task.cancel()
        for each in (file, file.with_suffix(_BASIS)):
            each.unlink(missing_ok=True)

    async def _make(self, made: Export, job: Job) -> None:
        asked, unfinished = made.file.with_suffix(".json"), Path(job.target)
        try:
            async with self._turn:
                made.state = "working"
                await asyncio.to_thread(job.write, asked)
                await self._run(made, asked)
                await asyncio.to_thread(unfinished.replace, made.file)
                made.file.with_suffix(_BASIS).write_text(made.basis, encoding="ascii")
                made.state, made.progress = "ready", 1.0
        except OSError:
            made.state = "failed"
            log.error("recording_not_exported", extra={"recording": made.file.parent.name})
        finally:
            for left in (asked, unfinished):
                left.unlink(missing_ok=True)

    async def _run(self, made: Export, asked: Path) -> None:
        """Raises OSError when the process fails."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "recordings.export", str(asked)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            if process.stdout is not None:
                async for line in process.stdout:
                    made.progress = float(line)
            if await process.wait():
                raise OSError("export failed")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def _read(file: Path) -> str:
    with contextlib.suppress(OSError):
        return file.with_suffix(_BASIS).read_text(encoding="ascii")
    return ""
