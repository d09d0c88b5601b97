"""Who of one room is there and how well, who only cannot be heard, and who is gone.

Every member's `Presence` is asked when its deadline comes. A member whose media falls silent while its
signalling works is told to resume; one that nothing is heard of is shown to the others as lost before it is
given up, so that they see a tunnel and not an empty chair. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Iterable

from livekit.protocol.models import ConnectionQuality
from livekit.protocol.rtc import ConnectionQualityInfo, ConnectionQualityUpdate, SignalResponse

from signaling.rtc.line_quality import PERFECT, Rating, rate
from signaling.rtc.members import Members
from signaling.rtc.outbox import Outbox
from signaling.rtc.participant import Participant
from signaling.rtc.presence import Verdict

ASSESSMENT_INTERVAL_S = 3.0
_LOST = Rating(ConnectionQuality.LOST, 0.0)


class Attendance:
    """Presences of one room's members."""

    def __init__(self, members: Members) -> None:
        self._members = members
        self._deadlines: dict[Participant, float] = {}
        self._lost: set[Participant] = set()
        self._ratings: dict[Participant, Rating] = {}
        self._assess_at = float("inf")

    def begin(self, member: Participant, now: float) -> None:
        """A member came."""
        self._changed(member, now)

    def end(self, member: Participant) -> None:
        """A member went."""
        self._deadlines.pop(member, None)
        self._lost.discard(member)
        self._ratings.pop(member, None)

    def activated(self, member: Participant, now: float) -> None:
        """A member's media came up: everybody counts as well connected, said once."""
        member.presence.activated(now)
        self._changed(member, now)
        self._assess_at = min(self._assess_at, now + ASSESSMENT_INTERVAL_S)
        active = [one for one in self._members if one.was_active]
        for receiver in active:
            self._tell(receiver, active if receiver is member else [member])

    def media_failed(self, member: Participant, now: float) -> None:
        """A connection of a member ended for good."""
        member.presence.media_failed(now)
        self._changed(member, now)

    def signal_lost(self, member: Participant, now: float, *, is_going_away: bool = False) -> None:
        """A member's socket ended without a farewell."""
        member.connect(Outbox(), "signalling lost")
        member.presence.signal_lost(now, is_going_away=is_going_away)
        self._changed(member, now)

    def resumed(self, member: Participant, outbox: Outbox, now: float) -> None:
        """A member signals over another socket."""
        member.connect(outbox, "resumed over another connection")
        member.presence.resumed(now)
        self._changed(member, now)

    def poll(self, now: float) -> list[tuple[Participant, Verdict]]:
        """Members to be removed now; what can be done for the others is done."""
        gone: list[tuple[Participant, Verdict]] = []
        for member in [member for member, due in self._deadlines.items() if now >= due]:
            member.presence.heard(member.peer.heard_at)
            self._show(member, member.presence.is_lost(now))
            verdict = member.presence.verdict(now)
            if verdict is not None and verdict.is_farewell:
                gone.append((member, verdict))
                continue
            if verdict is not None:
                member.part(verdict.reason, verdict.action, "media is silent: resume")
                self.signal_lost(member, now)
            self._changed(member, now)
        if now >= self._assess_at:
            self._assess(now)
        return gone

    def next_deadline(self) -> float | None:
        """When `poll` will have something to look at."""
        return min([self._assess_at, *self._deadlines.values()]) if self._deadlines else None

    def _assess(self, now: float) -> None:
        """Rate everybody's line and tell who is concerned what changed."""
        active = [member for member in self._members if member.was_active]
        self._assess_at = now + ASSESSMENT_INTERVAL_S if active else float("inf")
        changed = []
        for member in active:
            rating = rate(member.peer.line_reports())
            before = self._ratings.get(member, PERFECT)
            self._ratings[member] = rating
            if rating.quality != before.quality:
                changed.append(member)
        if changed:
            for receiver in active:
                self._tell(receiver, changed)

    def qualities(self) -> dict[str, ConnectionQuality]:
        """How well each visible member's line carries, by identity, as it was assessed last."""
        return {
            member.identity: _LOST.quality if member in self._lost else rating.quality
            for member in self._members
            if not member.is_hidden
            for rating in [self._ratings.get(member, PERFECT)]
        }

    def tell_all(self, receiver: Participant) -> None:
        """Everybody's quality, to one who may have missed it."""
        self._tell(receiver, [one for one in self._members if one.was_active])

    def _changed(self, member: Participant, now: float) -> None:
        self._deadlines[member] = member.presence.next_deadline(now)

    def _show(self, member: Participant, is_lost: bool) -> None:
        if is_lost == (member in self._lost):
            return
        (self._lost.add if is_lost else self._lost.discard)(member)
        for receiver in self._members.others(member):
            self._tell(receiver, [member])

    def _tell(self, receiver: Participant, news: Iterable[Participant]) -> None:
        updates = [
            ConnectionQualityInfo(participant_sid=one.sid, quality=rating.quality, score=rating.score)
            for one in news
            if one is receiver or not one.is_hidden
            for rating in [self._rating(one, receiver)]
        ]
        if updates:
            receiver.send(SignalResponse(connection_quality=ConnectionQualityUpdate(updates=updates)))

    def _rating(self, member: Participant, receiver: Participant) -> Rating:
        # To itself nobody is lost: a client that reads it restarts everything.
        if member in self._lost and member is not receiver:
            return _LOST
        return self._ratings.get(member, PERFECT)
