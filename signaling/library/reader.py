"""The guard of the worker: starts it for one job, believes nothing it says unchecked, and ends it in time."""

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from field_assist import documents
from signaling.library import file_types
from signaling.library.file_types import Reason, Refused
from signaling.library.worker import MAX_PAGES, Job

_ROOT = Path(__file__).resolve().parents[2]
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    " from signaling.library import worker; worker.main(sys.argv[2])"
)
_MAX_LINE_BYTES = 4 * 1024 * 1024
_MAX_SIDE = 10_000_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a worker may take: seconds for one page, for all of it, for an Office program; and memory."""

    page_s: float = 60.0  # on a machine that is busy with a disaster as well
    whole_s: float = 900.0
    convert_s: float = 180.0
    memory_bytes: int = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Found:
    """What reading a file found."""

    media_type: str
    pages: list[documents.PageRead]


Known = Callable[[str, int], Awaitable[None]]
"""Told as soon as it is known what a file is and how many pages it has."""


class Reader:
    """Reads and draws files, each in a process of its own: one is read at a time, one drawn ahead, and two
    whose pages are waited for."""

    def __init__(self, office_program: str = "", bounds: Bounds = Bounds()) -> None:
        self._office_program = office_program
        self._bounds = bounds
        self._reading = asyncio.Semaphore(1)
        self._drawing = asyncio.Semaphore(2)
        self._drawing_ahead = asyncio.Semaphore(1)

    async def read(self, path: Path, scratch: Path, on_known: Known, on_page: Callable[[int], None]) -> Found:
        """All of a file, saying how many pages are done; thumbnails lie in `scratch` then. Raises Refused."""
        async with self._reading:
            kind, count, found = "", 0, list[documents.PageRead]()
            job = self._job("read", path, office_program=self._office_program)
            async with aclosing(self._lines(job, scratch)) as lines:
                async for line in lines:
                    if "converting" in line:
                        continue
                    if "pages" in line:
                        kind, count = _known(line)
                        await on_known(kind, count)
                    else:
                        found.append(_page(line))
                        on_page(len(found))
            if not found or len(found) != count:
                raise Refused(Reason.CRASHED)
            return Found(kind, found)

    async def draw(
        self,
        path: Path,
        scratch: Path,
        media_type: str,
        pages: Sequence[int],
        width: int,
        *,
        is_waited_for: bool,
    ) -> None:
        """Some pages into `scratch`, in this order. Raises Refused; what was drawn before that is there."""
        async with self._drawing if is_waited_for else self._drawing_ahead:
            job = self._job("draw", path, media_type=media_type, pages=tuple(pages), width=width)
            async with aclosing(self._lines(job, scratch)) as lines:
                async for _ in lines:
                    pass

    def _job(self, do: Any, path: Path, **more: Any) -> Job:  # Any: fields of a Job
        bounds = self._bounds
        return Job(do, str(path.resolve()), bounds.memory_bytes, round(bounds.whole_s), **more)

    async def _lines(self, job: Job, scratch: Path) -> AsyncGenerator[dict[str, Any], None]:  # Any: JSON
        """What the worker says, until it is done; raises Refused when it is not."""
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-c", _START, str(_ROOT), json.dumps(asdict(job))),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=scratch,
            env={"PATH": os.defpath, "HOME": str(scratch), "LANG": "C.UTF-8"},  # none of our secrets
            start_new_session=True,
            limit=_MAX_LINE_BYTES,
        )
        output = cast(asyncio.StreamReader, worker.stdout)  # a pipe was asked for
        try:
            async with asyncio.timeout(self._bounds.whole_s):
                patience_s = self._bounds.page_s
                while True:
                    async with asyncio.timeout(patience_s):
                        line = await _line(output)
                    patience_s = self._bounds.convert_s if "converting" in line else self._bounds.page_s
                    if line.get("done") is True:
                        return
                    if "refused" in line:
                        raise Refused(_reason(line["refused"]))
                    yield line
        except TimeoutError:
            raise Refused(Reason.TOO_SLOW) from None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
            await worker.wait()


def office_program(chosen: str = "") -> str:
    """LibreOffice: as the operator chose, else where programs are; empty where there is none."""
    return (
        shutil.which(chosen) or "" if chosen else shutil.which("soffice") or shutil.which("libreoffice") or ""
    )


async def _line(output: asyncio.StreamReader) -> dict[str, Any]:  # Any: JSON
    """A line of the worker; an end without `done` is a crash, and so is what is no line of ours."""
    try:
        said = json.loads(await output.readline())
    except ValueError:  # also for a line that does not end
        raise Refused(Reason.CRASHED) from None
    if not isinstance(said, dict):
        raise Refused(Reason.CRASHED)
    return said


def _reason(said: object) -> Reason:
    return next((reason for reason in Reason if reason.value == said), Reason.CRASHED)


def _known(line: dict[str, Any]) -> tuple[str, int]:  # Any: JSON
    kind, count = line.get("media_type"), line.get("pages")
    if kind not in file_types.SUFFIXES or not isinstance(count, int) or not 1 <= count <= MAX_PAGES:
        raise Refused(Reason.CRASHED)
    return str(kind), count


def _page(line: dict[str, Any]) -> documents.PageRead:  # Any: JSON
    width, height, text = line.get("width"), line.get("height"), line.get("text")
    if not (isinstance(width, int | float) and isinstance(height, int | float) and isinstance(text, str)):
        raise Refused(Reason.CRASHED)
    if not (0 < width < _MAX_SIDE and 0 < height < _MAX_SIDE):
        raise Refused(Reason.CRASHED)
    return documents.PageRead(float(width), float(height), text)
