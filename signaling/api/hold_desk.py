"""Talking among staff while guests are on hold, and passing a call to a colleague (引き継ぎ).

Each act is written first, then in force in the room, then told to the pages. Whatever becomes of the people
or of the server, nobody stays on hold for ever: where staff are no longer two, a hold ends by itself.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from livekit.protocol.webhook import WebhookEvent

from field_assist import (
    CallSheet,
    ConsultationState,
    HandOver,
    HandOverOver,
    HandOverState,
    HandOverUnknown,
    NobodyElse,
    Person,
    Session,
    Store,
    StoreUnavailable,
    calls,
    consultations,
    holds,
    people,
    staff,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import SYSTEM, Action, Actor, Entry
from signaling.api.audiences import Audiences
from signaling.api.call_desk import CallDesk, Forbidden, publish_change
from signaling.api.consultation_desk import ConsultationDesk
from signaling.api.event_streams import EventHub
from signaling.api.live_rooms import LiveRooms, joined_identities
from signaling.api.ring_leader import JOIN_GRACE
from signaling.beside import beside, woken
from signaling.clock import Clock

LEFT_GRACE_S = 5.0
"""Staff who were together may lose one another for so long: a phone that changes its network."""
LOOK_AGAIN_S = 1.0
RETRY_S = 1.0

_RUNG_OUT = {
    ConsultationState.TICKET: HandOverState.UNANSWERED,
    ConsultationState.WITHDRAWN: HandOverState.CANCELLED,
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Passing:
    """A hand-over with the people it is between."""

    row: HandOver
    giver: Person
    taker: Person


@dataclass(frozen=True, slots=True)
class _Open:
    """What the desk looks after: calls on hold, and hand-overs under way with their requests' states."""

    sheets: dict[str, CallSheet]
    held: dict[str, datetime]
    passing: dict[str, HandOver]
    rung_out: list[tuple[HandOver, HandOverState]]


class HoldDesk:
    """One per installation; use `running` around it."""

    def __init__(
        self,
        store: Store,
        desks: tuple[CallDesk, ConsultationDesk],
        rooms: LiveRooms,
        hub: EventHub,
        clock: Clock,
    ) -> None:
        self._store = store
        self._call_desk, self._consultation_desk = desks
        self._rooms = rooms
        self._hub = hub
        self._clock = clock
        self.audiences = Audiences(rooms)
        self._together: set[str] = set()  # calls on hold in which two of the staff have met
        self._apart: dict[str, float] = {}  # the others: since when, monotonic
        self._wake = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[HoldDesk]":
        """Put on hold whom a restart interrupted, then look after all holds while the block runs."""
        for row in await self._store.read(holds.on_hold):
            self.audiences.hold(row.call_id, row.started_at)
        self._rooms.observe(self._hear)
        async with beside(self._run()):
            yield self

    async def hold(self, person: Person, call_id: str, address: str) -> None:
        """Put the guests on hold; raises CallUnknown, CallClosed, Forbidden, NobodyElse."""
        state = await self._call_desk.read(person, call_id, people.may_hold)
        here = self._staff_in(state.sheet)
        if person.id not in here or len(here) < 2:
            raise NobodyElse
        at = self._clock.wall()

        def work(session: Session) -> None:
            if holds.hold(session, call_id, person.id, at) is not None:
                _log(session, Actor(person.identity, address), Action.CALL_HELD, call_id, at)

        await self._store.write(work)
        await self._refresh(call_id)

    async def release(self, person: Person, call_id: str, address: str) -> None:
        """Bring the guests back; a hand-over that was talked about is cancelled."""
        await self._call_desk.read(person, call_id, people.may_hold)
        at, actor = self._clock.wall(), Actor(person.identity, address)

        def work(session: Session) -> None:
            for row in holds.open_ones(session):
                if row.call_id == call_id and row.state == HandOverState.TALKING:
                    _cancel(session, row, actor, at, HandOverState.CANCELLED)
            if holds.release(session, call_id):
                _log(session, actor, Action.CALL_RELEASED, call_id, at)

        await self._store.write(work)
        await self._refresh(call_id)

    async def hand_over(
        self, person: Person, call_id: str, staff_id: str, words: tuple[str, str], address: str
    ) -> Passing:
        """Ring at a colleague with a note and what was agreed; who is in the call needs no ring.

        Raises as `CallDesk.add_member`, and Forbidden.
        """
        await self._call_desk.read(person, call_id, people.may_hand_over)
        if staff_id == person.id:
            raise NobodyElse
        state = await self._call_desk.add_member(person, call_id, staff_id, address)
        is_here = staff_id in self._staff_in(state.sheet)
        asked = None if is_here else await self._consultation_desk.ask(person, state, staff_id)
        at = self._clock.wall()
        row = holds.new_hand_over(call_id, (person.id, staff_id), asked.id if asked else None, words, at)

        def work(session: Session) -> Passing:
            holds.begin(session, row)
            if is_here:
                holds.hold(session, call_id, person.id, at)
            _log(session, Actor(person.identity, address), Action.HAND_OVER_STARTED, row.id, at, call_id)
            return _passing(session, row)

        passing = await self._store.write(work)
        await self._refresh(call_id)
        return passing

    async def accepted(self, person: Person, consultation_id: str) -> None:
        """Somebody took a request: where it was a hand-over, its guests are on hold before they come in."""
        at = self._clock.wall()

        def work(session: Session) -> HandOver | None:
            row = holds.accept(session, consultation_id, person.id, at)
            if row is not None:
                _log(session, Actor(person.identity), Action.CALL_HELD, row.call_id, at, row.id)
            return row

        row = await self._store.write(work)
        if row is not None:
            await self._refresh(row.call_id)

    async def entered(self, person: Person, call_id: str) -> None:
        """Somebody came into a call by another way than the ring for its hand-over."""

        def work(session: Session) -> list[str]:
            return [
                row.consultation_id
                for row in holds.open_ones(session)
                if row.call_id == call_id and row.to_id == person.id and row.consultation_id is not None
            ]

        for consultation_id in await self._store.read(work):
            await self.accepted(person, consultation_id)

    async def complete(self, person: Person, hand_over_id: str, address: str) -> Passing:
        """The call is the colleague's and the guests are back; raises HandOverUnknown, HandOverOver."""
        at, actor = self._clock.wall(), Actor(person.identity, address)

        def work(session: Session) -> Passing:
            row = _finishing(session, person, hand_over_id)
            _complete(session, row, actor, at)
            return _passing(session, row)

        passing = await self._store.write(work)
        await self._refresh(passing.row.call_id)
        return passing

    async def cancel(self, person: Person, hand_over_id: str, address: str) -> Passing:
        """Nothing changes hands and the guests are back; raises HandOverUnknown, HandOverOver."""
        at, actor = self._clock.wall(), Actor(person.identity, address)

        def work(session: Session) -> Passing:
            row = _finishing(session, person, hand_over_id)
            _cancel(session, row, actor, at, HandOverState.CANCELLED)
            return _passing(session, row)

        passing = await self._store.write(work)
        if passing.row.consultation_id is not None:
            await self._consultation_desk.take_back(passing.row.consultation_id)
        await self._refresh(passing.row.call_id)
        return passing

    async def of_call(self, person: Person, call_id: str) -> list[Passing]:
        """All hand-overs of a call, oldest first; raises CallUnknown."""
        await self._call_desk.read(person, call_id)
        return await self._store.read(
            lambda session: [_passing(session, row) for row in holds.of_call(session, call_id)]
        )

    async def notes_for(self, consultation_ids: list[str]) -> dict[str, Passing]:
        """The hand-overs that rings are for, by request: what a colleague reads before accepting."""

        def work(session: Session) -> dict[str, Passing]:
            found = holds.of_consultations(session, consultation_ids)
            return {request: _passing(session, row) for request, row in found.items()}

        return await self._store.read(work) if consultation_ids else {}

    # -- looking after them

    def _hear(self, event: WebhookEvent) -> None:
        if event.event in ("participant_joined", "participant_left", "participant_connection_aborted"):
            self._wake.set()

    async def _run(self) -> None:
        is_busy = True
        while True:
            await woken(self._wake, LOOK_AGAIN_S if is_busy else None)
            try:
                is_busy = await self.look_after()
            except StoreUnavailable:
                log.warning("holds_wait_for_the_database")
                await asyncio.sleep(RETRY_S)
            except Exception:  # a fault of ours here must not end the calls that go on beside it
                log.exception("holds_failed")
                await asyncio.sleep(RETRY_S)

    async def look_after(self) -> bool:
        """End what has lost its people; whether anything is left to look after."""
        opened = await self._store.read(_look)
        for row, state in opened.rung_out:
            await self._end_by_itself(row.call_id, row, state, is_held=False)
        for call_id in opened.held:
            sheet, passing = opened.sheets[call_id], opened.passing.get(call_id)
            if sheet.call.ended_at is not None:
                await self._end_by_itself(call_id, passing, HandOverState.CANCELLED)
                self.audiences.forget(call_id)
            elif self._is_lost(sheet):
                has_come = (
                    passing is not None
                    and passing.state == HandOverState.TALKING
                    and self._staff_in(sheet) == {passing.to_id}
                )
                state = HandOverState.DONE if has_come else HandOverState.CANCELLED
                await self._end_by_itself(call_id, passing, state)
        return bool(opened.held or opened.passing)

    def _is_lost(self, sheet: CallSheet) -> bool:
        """Whether staff on hold have been fewer than two for too long."""
        call_id, now = sheet.call.id, self._clock.monotonic()
        if len(self._staff_in(sheet)) >= 2:
            self._together.add(call_id)
            self._apart.pop(call_id, None)
            return False
        grace_s = LEFT_GRACE_S if call_id in self._together else JOIN_GRACE.total_seconds()
        return now - self._apart.setdefault(call_id, now) >= grace_s

    async def _end_by_itself(
        self, call_id: str, row: HandOver | None, state: HandOverState, *, is_held: bool = True
    ) -> None:
        at = self._clock.wall()

        def work(session: Session) -> None:
            fresh = holds.by_id(session, row.id) if row is not None else None
            if fresh is not None and fresh.ended_at is None:
                with contextlib.suppress(HandOverOver):  # somebody was faster
                    if state is HandOverState.DONE:
                        _complete(session, fresh, SYSTEM, at)
                    else:
                        _cancel(session, fresh, SYSTEM, at, state)
            if is_held and holds.release(session, call_id):
                _log(session, SYSTEM, Action.CALL_RELEASED, call_id, at)

        await self._store.write(work)
        await self._refresh(call_id)

    async def _refresh(self, call_id: str) -> None:
        """Bring the room in line with the database, and have the pages look again."""

        since, sheet = await self._store.read(
            lambda session: (holds.since(session, call_id), calls.sheet(session, call_id))
        )
        if since is not None:
            self.audiences.hold(call_id, since)
        else:
            self.audiences.release(call_id)
            self._together.discard(call_id)
            self._apart.pop(call_id, None)
        publish_change(self._hub, sheet)
        self._wake.set()

    def _staff_in(self, sheet: CallSheet) -> set[str]:
        joined = joined_identities(self._rooms, sheet.call.id)
        return {member.id for member in sheet.members if member.identity in joined}


def _look(session: Session) -> _Open:
    held = {row.call_id: row.started_at for row in holds.on_hold(session)}
    passing, rung_out = {}, []
    for row in holds.open_ones(session):
        passing[row.call_id] = row
        if row.state == HandOverState.RINGING and row.consultation_id is not None:
            request = consultations.by_id(session, row.consultation_id)
            if request.state in _RUNG_OUT:
                rung_out.append((row, _RUNG_OUT[ConsultationState(request.state)]))
    return _Open(calls.sheets(session, held), held, passing, rung_out)


def _finishing(session: Session, person: Person, hand_over_id: str) -> HandOver:
    row = holds.by_id(session, hand_over_id)
    facts = calls.sheet(session, row.call_id).facts
    if not people.may_see_call(person, facts):
        raise HandOverUnknown
    if not people.may_finish_hand_over(person, facts, row.from_id, row.to_id):
        raise Forbidden
    return row


def _complete(session: Session, row: HandOver, actor: Actor, at: datetime) -> None:
    holds.complete(session, row, at)
    _log(session, actor, Action.HAND_OVER_DONE, row.id, at, row.to_id)


def _cancel(session: Session, row: HandOver, actor: Actor, at: datetime, state: HandOverState) -> None:
    holds.cancel(session, row, at, state)
    _log(session, actor, Action.HAND_OVER_CANCELLED, row.id, at, state.value)


def _passing(session: Session, row: HandOver) -> Passing:
    found = staff.people(session, [row.from_id, row.to_id])
    return Passing(row, found[row.from_id], found[row.to_id])


def _log(session: Session, actor: Actor, action: Action, about: str, at: datetime, detail: str = "") -> None:
    access_log.append(session, Entry(actor, action, about, detail=detail), at)
