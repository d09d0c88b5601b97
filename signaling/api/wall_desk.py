"""The supervisor's wall: what goes on in the calls of the own office now, put together when asked.

Rows come from the database, people and lines from the running rooms, rings from the queue; `wall` of
`field_assist` decides what breaks a limit and in which order it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from livekit.protocol.models import ConnectionQuality

from field_assist import (
    CallSheet,
    Consultation,
    ConsultationState,
    Person,
    Session,
    Store,
    calls,
    consultations,
    people,
    wall,
)
from signaling.accounts import invitations
from signaling.api.call_desk import CallState, Forbidden
from signaling.api.consultation_desk import ConsultationDesk, Waiting
from signaling.api.directory import Directory
from signaling.api.live_rooms import LiveRooms, joined_identities
from signaling.clock import Clock


@dataclass(frozen=True, slots=True)
class Tile:
    """One call on the wall. `waiting` is its request that rings, or the ticket that is owed."""

    state: CallState
    breaches: tuple[wall.Breach, ...]
    since: datetime | None
    waiting: Waiting | None
    qualities: Mapping[str, ConnectionQuality]


@dataclass(frozen=True, slots=True)
class Wall:
    """Everything a supervisor sees at `at`; `longest_wait_s` is None while nobody waits."""

    at: datetime
    tiles: tuple[Tile, ...]
    desks: tuple[wall.Desk, ...]
    free: int
    specialists: int
    longest_wait_s: float | None


class WallDesk:
    """One per installation."""

    def __init__(
        self,
        store: Store,
        rings: ConsultationDesk,
        directory: Directory,
        rooms: LiveRooms,
        clock: Clock,
        limits: wall.Limits,
    ) -> None:
        self._store = store
        self._rings = rings
        self._directory = directory
        self._rooms = rooms
        self._clock = clock
        self.limits = limits

    async def read(self, person: Person) -> Wall:
        """The wall of this supervisor; raises Forbidden."""
        if not people.may_watch_wall(person):
            raise Forbidden
        at = self._clock.wall()
        states, open_requests, topics = await self._store.read(lambda session: _look(session, person))
        posts = wall.in_order(
            at, [self._post(state, open_requests.get(state.sheet.call.id)) for state in states], self.limits
        )
        by_id = {state.sheet.call.id: state for state in states}
        present = [one for one in await self._directory.present() if one.person.skills]
        specialists = [wall.Specialist(one.person.skills, one.may_ring, one.is_in_call) for one in present]
        waits = [(at - post.waiting_since).total_seconds() for post, _ in posts if post.waiting_since]
        return Wall(
            at=at,
            tiles=tuple(
                Tile(
                    state=by_id[post.id],
                    breaches=broken,
                    since=post.since,
                    waiting=self._rings.progress(row) if (row := open_requests.get(post.id)) else None,
                    qualities=self._rooms.qualities(post.id),
                )
                for post, broken in posts
            ),
            desks=tuple(wall.desks(specialists, topics)),
            free=sum(1 for one in specialists if one.may_ring and not one.is_in_call),
            specialists=len(specialists),
            longest_wait_s=max(waits, default=None),
        )

    def _post(self, state: CallState, request: Consultation | None) -> wall.Post:
        call = state.sheet.call
        joined = joined_identities(self._rooms, call.id)
        guests = {link.guest().identity for link in state.links}
        is_waiting = request is not None and request.state == ConsultationState.WAITING
        is_ticket = request is not None and request.state == ConsultationState.TICKET
        return wall.Post(
            id=call.id,
            started_at=call.started_at if call.ended_at is None else None,
            waiting_since=request.asked_at if request is not None and is_waiting else None,
            ticket_since=(request.ended_at or request.asked_at)
            if request is not None and is_ticket
            else None,
            staff_in=len(joined - guests),
            guests_in=len(joined & guests),
            has_lost=ConnectionQuality.LOST in self._rooms.qualities(call.id).values(),
        )


def _look(session: Session, person: Person) -> tuple[list[CallState], dict[str, Consultation], list[str]]:
    """Open or owed calls this person may see, requests by call, and the topics that wait anywhere."""
    waiting = consultations.waiting(session)
    requests = {row.call_id: row for row in (*consultations.all_tickets(session), *waiting)}
    sheets: dict[str, CallSheet] = {sheet.call.id: sheet for sheet in calls.still_open(session)}
    sheets |= {call_id: calls.sheet(session, call_id) for call_id in requests if call_id not in sheets}
    seen = [sheet for sheet in sheets.values() if people.may_see_call(person, sheet.facts)]
    links = invitations.of_calls(session, [sheet.call.id for sheet in seen])
    states = [CallState(sheet, tuple(links.get(sheet.call.id, ()))) for sheet in seen]
    return states, requests, [row.topic for row in waiting]
