"""The bus between the nodes of one installation: what each tells the others, and limits they share.

The database stays the truth. What goes over the bus may be lost: it says that something changed, or how one
node stands at this moment, and is said again. Whoever was cut off is told (`watch`), goes on with what it
knows itself, and asks the database for everything once the bus is back. An installation of one node has its
bus in the process (`in_process`); several nodes share a Redis (`over_redis`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from signaling.rate_limits import Rate

__all__ = ["Body", "Bus", "Listener", "Watcher"]

Body = dict[str, Any]
"""What can be said in JSON; whoever listens checks what it takes out."""

Listener = Callable[[str, Body], None]
"""Hears the name of the node that speaks, and what it says."""

Watcher = Callable[[bool], None]
"""Hears whether the other nodes can be reached from now on."""


class Bus(Protocol):
    """One node's end of it. Nothing here raises when the others cannot be reached."""

    @property
    def node(self) -> str:
        """This node's name, a new one with every start."""

    @property
    def is_linked(self) -> bool:
        """Whether the others can be reached, as far as is known."""

    def running(self) -> AbstractAsyncContextManager[Bus]:
        """Be on the bus while the block runs; an unreachable bus is waited for beside it."""

    def tell(self, kind: str, body: Body) -> None:
        """Say something to all other nodes; lost when they cannot be reached."""

    def listen(self, kind: str, listener: Listener) -> None:
        """Hear what other nodes say of this kind."""

    def watch(self, watcher: Watcher) -> None:
        """Hear when the others are lost and found again."""

    async def take(self, name: str, rate: Rate, key: str) -> float | None:
        """Like `RateLimiter.take`, for all nodes together; None when the bus does not know."""
