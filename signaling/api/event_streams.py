"""Server-sent events to staff: `calls` and `staff` say that those lists changed; the client fetches again.

An event is a hint, never the content. Each stream keeps at most one pending event per name, so a slow
reader costs a few bytes and misses nothing: what was coalesced would have led to the same fetch.

Hints carry an id of this node. Who comes back with the last one it saw gets what it missed, also coalesced;
who comes from another node, from before a restart or too late is told to fetch everything (`reset`). Other
nodes get the same hints over the bus; while they cannot be reached, pages are told so (`alone`), and once
they can be again, to fetch everything.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from field_assist import CallFacts, Person, people
from signaling.api.neighbours import Neighbours
from signaling.bus import Body, Bus
from signaling.bus.in_process import InProcessBus

KEEP_ALIVE_S = 15.0
"""Proxies on municipal networks cut connections that are silent for 60 s."""
REMEMBERED = 1_000
"""Events; a page that missed more fetches everything."""
EVENT = "event"
RESET, ALONE, TOGETHER = "reset", "alone", "together"

Concerns = Callable[[Person], bool]


@dataclass(frozen=True, slots=True)
class Only:
    """These members of staff, also on other nodes."""

    ids: frozenset[str]

    def __call__(self, person: Person) -> bool:
        """Whether it is one of them."""
        return person.id in self.ids


@dataclass(frozen=True, slots=True)
class OfCall:
    """Whoever may see a call, also on other nodes; a closed one still concerns its specialists."""

    facts: CallFacts

    def __call__(self, person: Person) -> bool:
        """Whether this is one of them."""
        return people.may_see_call(person, self.facts) or self.facts.topic in person.skills


class EventStream:
    """One open stream of one member of staff. `position` answers the id of the newest event."""

    def __init__(self, person: Person, position: Callable[[], str]) -> None:
        self.person = person
        self._position = position
        self._pending: dict[str, None] = {}
        self._wake = asyncio.Event()
        self._closed = False

    def push(self, event: str) -> None:
        """Queue an event unless the same one is waiting already."""
        if event in (ALONE, TOGETHER):  # only the last of the two is true
            self._pending.pop(ALONE, None)
            self._pending.pop(TOGETHER, None)
        self._pending[event] = None
        self._wake.set()

    def close(self) -> None:
        """End the stream, after what waits was said."""
        self._closed = True
        self._wake.set()

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """The stream's bytes: events as they come, after each lot its id; a comment after a long silence."""
        yield f"retry: 2000\nid: {self._position()}\n\n".encode()
        while not self._closed or self._pending:
            try:
                async with asyncio.timeout(KEEP_ALIVE_S):
                    await self._wake.wait()
            except TimeoutError:
                yield b": keep-alive\n\n"
                continue
            self._wake.clear()
            position = self._position()
            pending, self._pending = self._pending, {}
            for event in pending:
                yield f"event: {event}\ndata: {{}}\n\n".encode()
            yield f"id: {position}\n\n".encode()


class EventHub:
    """All open streams. `on_presence` hears when somebody's first stream opened or last one closed."""

    def __init__(self, bus: Bus | None = None, neighbours: Neighbours | None = None) -> None:
        self.on_presence: Callable[[], object] = lambda: None
        self._bus = bus or InProcessBus()
        self._neighbours = neighbours or Neighbours(self._bus)
        self._neighbours.on_change = lambda: self.on_presence()
        self._streams: set[EventStream] = set()
        self._closed = False
        self._past: deque[tuple[str, Concerns]] = deque(maxlen=REMEMBERED)
        self._count = 0
        self._bus.listen(EVENT, self._hear)
        self._bus.watch(self._linked)

    @contextmanager
    def stream(self, person: Person, after: str = "") -> Iterator[EventStream]:
        """A stream for the time of one request; `after` is the id of the last event its page saw."""
        opened = EventStream(person, self._position)
        for event in self._missed(person, after):
            opened.push(event)
        if not self._bus.is_linked:
            opened.push(ALONE)
        is_news = person.id not in self.present()
        self._streams.add(opened)
        self._neighbours.say_pages(self._pages())
        if self._closed:
            opened.close()
        if is_news:
            self.on_presence()
        try:
            yield opened
        finally:
            self._streams.discard(opened)
            self._neighbours.say_pages(self._pages())
            if person.id not in self.present():
                self.on_presence()

    def publish(self, event: str, concerns: Concerns = lambda _: True) -> None:
        """Push an event to everybody whom it concerns.

        On other nodes that is everybody, unless `concerns` is one of `Only` and `OfCall`.
        """
        self._publish_here(event, concerns)
        self._bus.tell(EVENT, {"event": event} | _written(concerns))

    def present(self) -> frozenset[str]:
        """Ids of staff with an open stream, here or at another node: their client is running."""
        return self._pages() | self._neighbours.pages()

    def close_of(self, staff_id: str) -> None:
        """End the streams of one person, whose sessions ended."""
        for stream in self._streams:
            if stream.person.id == staff_id:
                stream.close()

    def close(self) -> None:
        """End all streams, also those opened later: the server is going down."""
        self._closed = True
        for stream in self._streams:
            stream.close()

    def _pages(self) -> frozenset[str]:
        return frozenset(stream.person.id for stream in self._streams)

    def _publish_here(self, event: str, concerns: Concerns) -> None:
        self._count += 1
        self._past.append((event, concerns))
        for stream in self._streams:
            if concerns(stream.person):
                stream.push(event)

    def _hear(self, _node: str, body: Body) -> None:
        self._publish_here(str(body["event"]), _read(body))

    def _linked(self, is_linked: bool) -> None:
        for stream in self._streams:
            stream.push(TOGETHER if is_linked else ALONE)
        if is_linked:
            self._publish_here(RESET, lambda _: True)

    def _position(self) -> str:
        return f"{self._bus.node}-{self._count}"

    def _missed(self, person: Person, after: str) -> list[str]:
        if not after:
            return []
        node, _, count = after.rpartition("-")
        seen = int(count) if count.isdecimal() else -1
        if node != self._bus.node or not self._count - len(self._past) <= seen <= self._count:
            return [RESET]
        past = list(self._past)[len(self._past) - (self._count - seen) :]
        return [event for event, concerns in past if concerns(person)]


def _written(concerns: Concerns) -> dict[str, Any]:  # what goes into JSON
    match concerns:
        case Only(ids):
            return {"only": sorted(ids)}
        case OfCall(facts):
            return {"call": asdict(facts) | {"member_ids": sorted(facts.member_ids)}}
    return {}


def _read(body: Body) -> Concerns:
    if "only" in body:
        return Only(frozenset(map(str, body["only"])))
    if "call" in body:
        call = body["call"]
        return OfCall(CallFacts(**(call | {"member_ids": frozenset(map(str, call["member_ids"]))})))
    return lambda _: True
