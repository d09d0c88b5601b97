"""Server-sent events to staff: `calls` and `staff` say that those lists changed; the client fetches again.

An event is a hint, never the content. Each stream keeps at most one pending event per name, so a slow
reader costs a few bytes and misses nothing: what was coalesced would have led to the same fetch.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager

from field_assist import Person

KEEP_ALIVE_S = 15.0
"""Proxies on municipal networks cut connections that are silent for 60 s."""


class EventStream:
    """One open stream of one member of staff."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._pending: dict[str, None] = {}
        self._wake = asyncio.Event()
        self._closed = False

    def push(self, event: str) -> None:
        """Queue an event unless the same one is waiting already."""
        self._pending[event] = None
        self._wake.set()

    def close(self) -> None:
        """End the stream."""
        self._closed = True
        self._wake.set()

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """The stream's bytes: events as they come, a comment when it was silent for long."""
        yield b"retry: 2000\n\n"
        while not self._closed:
            try:
                async with asyncio.timeout(KEEP_ALIVE_S):
                    await self._wake.wait()
            except TimeoutError:
                yield b": keep-alive\n\n"
                continue
            self._wake.clear()
            pending, self._pending = self._pending, {}
            for event in pending:
                yield f"event: {event}\ndata: {{}}\n\n".encode()


class EventHub:
    """All open streams. `on_presence` hears when somebody's first stream opened or last one closed."""

    def __init__(self) -> None:
        self.on_presence: Callable[[], object] = lambda: None
        self._streams: set[EventStream] = set()
        self._closed = False

    @contextmanager
    def stream(self, person: Person) -> Iterator[EventStream]:
        """A stream for the time of one request."""
        opened = EventStream(person)
        is_news = person.id not in self.present()
        self._streams.add(opened)
        if self._closed:
            opened.close()
        if is_news:
            self.on_presence()
        try:
            yield opened
        finally:
            self._streams.discard(opened)
            if person.id not in self.present():
                self.on_presence()

    def publish(self, event: str, concerns: Callable[[Person], bool] = lambda _: True) -> None:
        """Push an event to everybody whom it concerns."""
        for stream in self._streams:
            if concerns(stream.person):
                stream.push(event)

    def present(self) -> set[str]:
        """Ids of staff with an open stream: their client is running."""
        return {stream.person.id for stream in self._streams}

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
