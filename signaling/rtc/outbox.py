"""Messages on their way to one client: a bounded queue between the room, which never waits, and a socket.

A client that reads too slowly overflows its outbox and is disconnected; the others never notice. A client
without a socket has an outbox too: it keeps what nobody would say again when the client resumes. Sans-IO.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from livekit.protocol.rtc import SignalResponse

MAX_WAITING = 2000
# Answers and events told once. Whatever describes a state (who is here, the room, tokens, descriptions) is
# told afresh after a resume.
LASTING = frozenset(
    """track_published track_unpublished track_subscribed mute request_response subscription_response
    subscription_permission_update stream_state_update subscribed_quality_update
    publish_data_track_response unpublish_data_track_response data_track_subscriber_handles""".split()
)


class Outbox:
    """One connection's queue; `wake` is called whenever there is something to send or the end is near.

    Without `wake` nobody reads it for now, and only what is `LASTING` is kept.
    """

    def __init__(self, wake: Callable[[], None] | None = None, limit: int = MAX_WAITING) -> None:
        self._wake = wake
        self._limit = limit
        self._waiting: deque[SignalResponse] = deque()
        self.is_overflowed = False
        self.close_reason: str | None = None

    def put(self, response: SignalResponse) -> None:
        """Queue `response`; dropped once the outbox is closed or overflowed."""
        if self.close_reason is not None or self.is_overflowed:
            return
        if self._wake is None and response.WhichOneof("message") not in LASTING:
            return
        if len(self._waiting) >= self._limit:
            self.is_overflowed = True
            self._waiting.clear()
        else:
            self._waiting.append(response)
        if self._wake is not None:
            self._wake()

    def inherit(self, previous: Outbox) -> None:
        """Take over what another outbox of the same client still holds and nobody would say again.

        One that is closed keeps what it has: its socket still says the farewell.
        """
        if previous.close_reason is not None:
            return
        for response in previous.drain():
            if response.WhichOneof("message") in LASTING:
                self.put(response)

    def close(self, reason: str) -> None:
        """Nothing more follows; what waits is still sent, then the socket closes with `reason`."""
        if self.close_reason is None:
            self.close_reason = reason
            if self._wake is not None:
                self._wake()

    def take(self) -> SignalResponse | None:
        """The oldest message waiting; taken one by one, so that a dying socket loses no more than one."""
        return self._waiting.popleft() if self._waiting else None

    def drain(self) -> list[SignalResponse]:
        """Everything waiting, oldest first."""
        waiting = list(self._waiting)
        self._waiting.clear()
        return waiting
