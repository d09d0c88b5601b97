"""The bus of an installation that is one process, and of several nodes within one: no wire, same manners."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from signaling.bus import Body, Listener, Watcher
from signaling.rate_limits import Rate, RateLimiter


class Exchange:
    """What nodes of one process share."""

    def __init__(self) -> None:
        self.members: list[InProcessBus] = []
        self.limits: dict[str, RateLimiter] = {}


class InProcessBus:
    """A node's end; alone on an exchange of its own unless one is given."""

    def __init__(self, exchange: Exchange | None = None) -> None:
        self.node = secrets.token_hex(8)
        self.is_linked = True
        self._exchange = exchange or Exchange()
        self._listeners: dict[str, list[Listener]] = defaultdict(list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[InProcessBus]:
        """Be there for the others."""
        self._exchange.members.append(self)
        try:
            yield self
        finally:
            self._exchange.members.remove(self)

    def tell(self, kind: str, body: Body) -> None:
        """Deliver soon, as a copy."""
        said = json.dumps(body)
        for member in self._exchange.members:
            if member is not self:
                asyncio.get_running_loop().call_soon(member._hear, self.node, kind, said)

    def listen(self, kind: str, listener: Listener) -> None:
        """See `Bus`."""
        self._listeners[kind].append(listener)

    def watch(self, watcher: Watcher) -> None:
        """Nobody is ever lost here."""

    async def take(self, name: str, rate: Rate, key: str) -> float | None:
        """From a bucket of the exchange."""
        limit = self._exchange.limits.setdefault(name, RateLimiter(rate))
        return limit.take(key, time.monotonic())

    def _hear(self, node: str, kind: str, said: str) -> None:
        for listener in self._listeners[kind]:
            listener(node, json.loads(said))
