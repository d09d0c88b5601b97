"""Several nodes of one installation in one process: one data directory, one database, one bus, one clock."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from field_assist import StoreUnavailable
from signaling.app import create_app
from signaling.settings import Secret
from tests.clock import FakeClock
from tests.installation import Installation, RecordedRooms, fill, settings_for, template


class Cluster:
    """`start` adds a node; `kill` cuts one off from the database and the others, as its death would."""

    def __init__(self, folder: Path, clock: FakeClock, stack: AsyncExitStack, **chosen: Any) -> None:
        self._folder = folder
        self._clock = clock
        self._stack = stack
        self._chosen = chosen  # Any: values of different settings
        self._alive: dict[Installation, Any] = {}  # Any: what `kill` took away

    async def start(self) -> Installation:
        """Another node, which runs until it is stopped or the test ends."""
        rooms = RecordedRooms()
        app = create_app(settings_for(self._folder, **self._chosen), self._clock.clock, rooms)
        await self._stack.enter_async_context(app.router.lifespan_context(app))
        made = Installation(app, self._clock, rooms, self._folder)
        self._stack.push_async_callback(made.close)
        self._stack.callback(self.revive, made)
        return made

    def kill(self, node: Installation) -> None:
        """From now on nothing it does reaches anybody."""

        async def nothing(work: object) -> Any:  # Any: as the store's own
            raise StoreUnavailable

        self._alive.setdefault(node, (node.services.store.read, node.services.store.write, node.bus.tell))
        store: Any = node.services.store  # Any: its methods are replaced
        store.read = store.write = nothing
        node.bus.tell = lambda kind, body: None

    def revive(self, node: Installation) -> None:
        """It comes back, with what it knew."""
        if node in self._alive:
            store: Any = node.services.store  # Any: as above
            store.read, store.write, node.bus.tell = self._alive.pop(node)


@asynccontextmanager
async def cluster(folder: Path, redis_url: str, **chosen: Any) -> AsyncIterator[Cluster]:  # Any: as above
    """A cluster with demo data and no node yet."""
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
