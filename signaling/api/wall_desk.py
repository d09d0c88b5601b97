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


@dataclass(frozen=True, slots=True)
class _Look:
    """Open or owed calls a person may see, their requests by call, and the topics that wait anywhere."""

    states: dict[str, CallState]
    requests: dict[str, Waiting]
    waiting_topics: list[str]


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
        look = await self._store.read(lambda session: self._look(session, person))
        found = [self._post(state, look.requests.get(call_id)) for call_id, state in look.states.items()]
        posts = wall.in_order(at, found, self.limits)
        present = [one for one in await self._directory.present() if one.person.skills]
        specialists = [wall.Specialist(one.person.skills, one.may_ring, one.is_in_call) for one in present]
        waits = [(at - post.waiting_since).total_seconds() for post, _ in posts if post.waiting_since]
        return Wall(
            at=at,
            tiles=tuple(
                Tile(
                    state=look.states[post.id],
                    breaches=broken,
                    since=post.since,
                    waiting=look.requests.get(post.id),
                    qualities=self._rooms.qualities(post.id),
                )
                for post, broken in posts
            ),
            desks=tuple(wall.desks(specialists, look.waiting_topics)),
            free=sum(1 for one in specialists if one.may_ring and not one.is_in_call),
            specialists=len(specialists),
            longest_wait_s=max(waits, default=None),
        )

    def _look(self, session: Session, person: Person) -> _Look:
        waiting = consultations.waiting(session)
        rows = {row.call_id: row for row in (*consultations.all_tickets(session), *waiting)}
        sheets: dict[str, CallSheet] = {sheet.call.id: sheet for sheet in calls.still_open(session)}
        sheets |= calls.sheets(session, rows.keys() - sheets.keys())
        seen = {
            call_id: sheet for call_id, sheet in sheets.items() if people.may_see_call(person, sheet.facts)
        }
        links = invitations.of_calls(session, list(seen))
        return _Look(
            states={
                call_id: CallState(sheet, tuple(links.get(call_id, ()))) for call_id, sheet in seen.items()
            },
            requests={
                call_id: self._rings.progress(session, rows[call_id]) for call_id in seen if call_id in rows
            },
            waiting_topics=[row.topic for row in waiting],
        )

    def _post(self, state: CallState, waiting: Waiting | None) -> wall.Post:
        call = state.sheet.call
        joined = joined_identities(self._rooms, call.id)
        guests = {link.guest().identity for link in state.links}
        row = waiting.row if waiting is not None else None
        is_waiting = row is not None and row.state == ConsultationState.WAITING
        return wall.Post(
            id=call.id,
            started_at=call.started_at if call.ended_at is None else None,
            waiting_since=row.asked_at if row is not None and is_waiting else None,
            ticket_since=(row.ended_at or row.asked_at) if row is not None and not is_waiting else None,
            staff_in=len(joined - guests),
            guests_in=len(joined & guests),
            has_lost=ConnectionQuality.LOST in self._rooms.qualities(call.id).values(),
        )
