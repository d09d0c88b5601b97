"""What the other nodes say of themselves: who has a page open there, and who talks there.

Each node says it when it changes and every few seconds; what has not been said again for a while is
forgotten, so a node that died is gone by itself, and one that was cut off catches up without being asked.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from signaling.bus import Body, Bus
from signaling.clock import SYSTEM_CLOCK, Clock

STANDING = "standing"
SAY_AGAIN_S = 4.0
FORGET_S = 14.0  # three times nothing was heard


@dataclass(frozen=True, slots=True)
class Standing:
    """How one node stands: ids of staff with an open page, identities of those in its rooms."""

    pages: frozenset[str] = frozenset()
    talking: frozenset[str] = frozenset()


class Neighbours:
    """One per node. `on_change` hears when another node says something new, or nothing any more."""

    def __init__(self, bus: Bus, clock: Clock = SYSTEM_CLOCK) -> None:
        self.on_change: Callable[[], object] = lambda: None
        self._bus = bus
        self._clock = clock
        self._own = Standing()
        self._others: dict[str, tuple[Standing, float]] = {}
        bus.listen(STANDING, self._hear)
        bus.watch(lambda is_linked: self._tell())

    def pages(self) -> frozenset[str]:
        """Ids of staff with a page at another node."""
        return frozenset().union(*(standing.pages for standing, _ in self._others.values()))

    def talking(self) -> frozenset[str]:
        """Identities in rooms of other nodes."""
        return frozenset().union(*(standing.talking for standing, _ in self._others.values()))

    def say_pages(self, pages: frozenset[str]) -> None:
        """Whose pages are open here."""
        self._say(Standing(pages, self._own.talking))

    def say_talking(self, talking: frozenset[str]) -> None:
        """Who is in a room here."""
        self._say(Standing(self._own.pages, talking))

    async def run(self) -> None:
        """Say it again and again, and forget those who do not."""
        while True:
            self._tell()
            await asyncio.sleep(SAY_AGAIN_S)
            now = self._clock.monotonic()
            silent = [node for node, (_, heard_at) in self._others.items() if now - heard_at > FORGET_S]
            for node in silent:
                del self._others[node]
            if silent:
                self.on_change()

    def _say(self, standing: Standing) -> None:
        if standing != self._own:
            self._own = standing
            self._tell()

    def _tell(self) -> None:
        own = {"pages": sorted(self._own.pages), "talking": sorted(self._own.talking)}
        self._bus.tell(STANDING, own)

    def _hear(self, node: str, body: Body) -> None:
        standing = Standing(frozenset(map(str, body["pages"])), frozenset(map(str, body["talking"])))
        known = self._others.get(node)
        self._others[node] = standing, self._clock.monotonic()
        if known is None:
            self._tell()  # it has just come, and does not know us
        if known is None or known[0] != standing:
            self.on_change()
