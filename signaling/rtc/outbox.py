"""Messages on their way to one client: a bounded queue between the room, which never waits, and a socket.

A client that reads too slowly overflows its outbox and is disconnected; the others never notice. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Callable

from livekit.protocol.rtc import SignalResponse

MAX_WAITING = 2000


class Outbox:
    """One connection's queue; `wake` is called whenever there is something to send or the end is near."""

    def __init__(self, wake: Callable[[], None], limit: int = MAX_WAITING) -> None:
        self._wake = wake
        self._limit = limit
        self._waiting: list[SignalResponse] = []
        self.is_overflowed = False
        self.close_reason: str | None = None

    def put(self, response: SignalResponse) -> None:
        """Queue `response`; dropped once the outbox is closed or overflowed."""
        if self.close_reason is not None or self.is_overflowed:
            return
        if len(self._waiting) >= self._limit:
            self.is_overflowed = True
            self._waiting.clear()
        else:
            self._waiting.append(response)
        self._wake()

    def close(self, reason: str) -> None:
        """Nothing more follows; what waits is still sent, then the socket closes with `reason`."""
        if self.close_reason is None:
            self.close_reason = reason
            self._wake()

    def drain(self) -> list[SignalResponse]:
        """Everything waiting, oldest first."""
        waiting, self._waiting = self._waiting, []
        return waiting
