"""Who is connected in one room's media, and who closes whom.

Closing rules: closing a Router closes its Transports; closing a Transport closes the Producers it
receives and the Consumers it sends; closing a Producer closes all its Consumers, on whichever Transport;
closing a Consumer closes nothing else. Each arrow has a test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .speakers import Speaker, Speakers

if TYPE_CHECKING:
    from .transport import Transport, TransportListener

Make = Callable[["Router", "TransportListener", bool], "Transport"]


class Router:
    """The media of one room. Made by ``MediaServer.create_router``."""

    def __init__(self, make: Make, forget: Callable[[Router], object]) -> None:
        self.speakers = Speakers()
        self._make = make
        self._forget = forget
        self._transports: list[Transport] = []
        self._is_closed = False

    def create_transport(self, listener: TransportListener, *, reuse_sections: bool = True) -> Transport:
        """A peer connection for one client.

        ``reuse_sections=False`` gives every new track a new section, for clients (Safari) that do not
        notice a second track on an old one.
        """
        return self._make(self, listener, reuse_sections)

    def join(self, transport: Transport) -> None:
        """A transport belongs to this router until it leaves."""
        self._transports.append(transport)

    def leave(self, transport: Transport) -> None:
        """A transport closed."""
        self._transports.remove(transport)

    def active_speakers(self, now: float) -> list[Speaker]:
        """Who speaks, loudest first; meant to be asked every 0.4 s."""
        return self.speakers.active(now)

    async def close(self) -> None:
        """End everything in the room."""
        if self._is_closed:
            return
        self._is_closed = True
        for transport in tuple(self._transports):
            await transport.close()
        self._forget(self)
