"""The participants of one room, who sees whom, and the rule that one's failure stays one's own.

Whatever is done to a member on somebody else's account runs inside `Members.isolated`: when it raises, that
member is marked broken (and removed by the room at the end of the step), and the others go on. Sans-IO.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from livekit.protocol.models import ParticipantInfo
from livekit.protocol.rtc import ParticipantUpdate, SignalResponse

from signaling.rtc.participant import Participant

log = logging.getLogger(__name__)


MAX_DEPARTURES = 500


class Members:
    """Participants by identity, in order of arrival; and who left, for those who could not be told."""

    def __init__(self) -> None:
        self._by_identity: dict[str, Participant] = {}
        self._departures: deque[tuple[float, ParticipantInfo]] = deque(maxlen=MAX_DEPARTURES)
        self.broken: list[Participant] = []

    def __iter__(self) -> Iterator[Participant]:
        return iter(list(self._by_identity.values()))

    def __len__(self) -> int:
        return len(self._by_identity)

    def add(self, member: Participant) -> None:
        """A new member; the identity must be free."""
        self._by_identity[member.identity] = member

    def remove(self, member: Participant) -> bool:
        """Whether `member` was here; a successor with the same identity is left alone."""
        if self._by_identity.get(member.identity) is not member:
            return False
        del self._by_identity[member.identity]
        return True

    def find(self, identity: str) -> Participant | None:
        """The member with this identity."""
        return self._by_identity.get(identity)

    def by_sid(self, sid: str) -> Participant | None:
        """The member with this participant sid."""
        return next((member for member in self._by_identity.values() if member.sid == sid), None)

    def others(self, member: Participant) -> Iterator[Participant]:
        """Everybody else."""
        return (other for other in self if other is not member)

    def visible_to(self, member: Participant) -> list[ParticipantInfo]:
        """Records of everybody else whom `member` may see."""
        return [other.info() for other in self.others(member) if not other.is_hidden]

    def announce(self, member: Participant, *, to_self: bool = True) -> None:
        """Tell everybody who may know that `member` changed."""
        response = SignalResponse(update=ParticipantUpdate(participants=[member.info()]))
        if to_self:
            member.send(response)
        if not member.is_hidden:
            for other in self.others(member):
                other.send(response)

    def departed(self, member: Participant, now: float) -> None:
        """Tell everybody who may know that `member` is gone, and remember it."""
        self.announce(member, to_self=False)
        if not member.is_hidden:
            self._departures.append((now, member.info()))

    def departures_since(self, since: float) -> list[ParticipantInfo]:
        """Final records of those who left after `since` and did not come back."""
        return [
            info for at, info in self._departures if at >= since and info.identity not in self._by_identity
        ]

    @contextmanager
    def isolated(self, member: Participant) -> Iterator[None]:
        """Errors inside break `member` only."""
        try:
            yield
        except Exception:
            log.exception("participant_broken", extra={"participant": member.sid})
            self.broken.append(member)
