"""Reads journals in processes beside the server: nothing of it may hold up a packet.

The processes start when somebody opens a recording, are polite to everything else on the machine, and are
replaced when one dies; whoever asked it then is told (BrokenProcessPool) and may ask again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from recordings.processes import polite_processes
from recordings.remux import Hidden, Media, Outline, Whole, outline, span, whole

WORKERS = 2
_NICE = 5
P = ParamSpec("P")
T = TypeVar("T")


class Remuxer:
    """One per installation; use `running` around it."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Remuxer]:
        """Take questions while the block runs."""
        try:
            yield self
        finally:
            if self._pool is not None:
                await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def outline(self, path: Path, zero_us: int) -> Outline:
        """`remux.outline`."""
        return await self._ask(outline, path, zero_us)

    async def span(
        self, path: Path, zero_us: int, from_ms: float, to_ms: float, hidden: Hidden = ()
    ) -> Media:
        """`remux.span`."""
        return await self._ask(span, path, zero_us, from_ms, to_ms, hidden)

    async def whole(self, path: Path, zero_us: int, target: Path, hidden: Hidden) -> Whole:
        """`remux.whole`."""
        return await self._ask(whole, path, zero_us, target, hidden)

    async def _ask(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        pool = self._processes()
        try:
            return await asyncio.wrap_future(pool.submit(work, *args, **kwargs))
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = None
            pool.shutdown(wait=False)
            raise

    def _processes(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = polite_processes(WORKERS, _NICE)
        return self._pool
