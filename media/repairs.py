"""Which of the packets that a client misses are worth sending again now, and whether a key frame is.

A client asks again every round trip. While its answer waits in our own pacer or is on the way, another copy
would only make the queue longer: on a busy line repairs of repairs drive the picture out. What the pacer
threw away is superseded by the key frame asked for in its place. One that is on the way, or waits to leave,
answers all wishes for one. Follows RFC 4585 section 6.2.1 on the side that answers. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Sequence

MAX_NACK = 256  # per message: more is an attack or a lost cause
_KEY_FRAME_S = 0.1  # a key frame has arrived from its publisher within this
_REMEMBERED = 1024  # as many as the sequence numbers' history can answer for


class Repairs:
    """Answers to one client's requests for one copy. Numbers are outgoing, extended beyond 16 bits."""

    __slots__ = ("_again_at", "_given_up", "_key_frame_at")

    def __init__(self) -> None:
        self._again_at: dict[int, float] = {}  # oldest answer first
        self._given_up = -1
        self._key_frame_at = float("-inf")  # when the last one began to be sent

    def give_up(self, last: int) -> None:
        """Nothing up to this number is worth a repair any more, nor is it worth waiting for."""
        self._given_up = last
        self._key_frame_at = float("-inf")
        self._again_at.clear()

    def key_frame_begins(self, now: float) -> None:
        """A key frame is sent from now on."""
        self._key_frame_at = now

    def is_key_frame_due(self, now: float, oldest_at: float, patience_s: float) -> bool:
        """Whether the wish for one is not answered by what is on its way.

        ``oldest_at`` is when the picture that leaves next began to wait, ``patience_s`` a round trip.
        """
        is_waiting = oldest_at <= self._key_frame_at + _KEY_FRAME_S
        return not is_waiting and now >= self._key_frame_at + patience_s

    def due(self, now: float, lost: Sequence[int], last: int, patience_s: float) -> list[int]:
        """The 16-bit numbers to send again, of those a client asks for.

        ``last`` is the newest number sent, ``patience_s`` how long an answer takes to arrive.
        """
        due = []
        for number in lost[:MAX_NACK]:
            behind = (last - number) & 0xFFFF
            extended = last - behind
            if behind >= 0x8000 or extended <= self._given_up or now < self._again_at.get(extended, now):
                continue
            self._again_at.pop(extended, None)
            self._again_at[extended] = now + patience_s
            if len(self._again_at) > _REMEMBERED:
                del self._again_at[next(iter(self._again_at))]
            due.append(number)
        return due
