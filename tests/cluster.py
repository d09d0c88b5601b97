"""Several nodes of one installation in one process: one data directory, one database, one bus, one clock."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from signaling.app import create_app
from tests.clock import FakeClock
from tests.installation import Installation, RecordedRooms, fill, settings_for, template


class Cluster:
    """`start` adds a node, `kill` takes one away without a word."""

    def __init__(self, folder: Path, clock: FakeClock, stack: AsyncExitStack, **chosen: Any) -> None:
        self._folder = folder
        self._clock = clock
        self._stack = stack
        self._chosen = chosen  # Any: values of different settings

    async def start(self) -> Installation:
        """Another node, which runs until it is stopped or the test ends."""
        rooms = RecordedRooms()
        app = create_app(settings_for(self._folder, **self._chosen), self._clock.clock, rooms)
        await self._stack.enter_async_context(app.router.lifespan_context(app))
        made = Installation(app, self._clock, rooms, self._folder)
        self._stack.push_async_callback(made.close)
        return made


@asynccontextmanager
async def cluster(folder: Path, redis_url: str, **chosen: Any) -> AsyncIterator[Cluster]:  # Any: as above
    """A cluster with demo data and no node yet."""
    from signaling.settings import Secret

    target = folder / "installation"
    shutil.copytree(template(), target)
    if "database_url" in chosen:
        fill(target, chosen["database_url"])
    async with AsyncExitStack() as stack:
        yield Cluster(target, FakeClock(), stack, redis_url=Secret(redis_url), **chosen)


def play_on(
    folder: Path, redis_url: str, scene: Callable[[Cluster], Awaitable[None]], **chosen: Any
) -> None:  # Any: as above
    """Run one scene on a fresh cluster."""

    async def run() -> None:
        async with cluster(folder, redis_url, **chosen) as made:
            await scene(made)

    asyncio.run(run())
