"""Ringing: whom a call's request for help rings, and what becomes of it, as people ask, accept and decline.

Each act writes to the database, then lets the queue go on (`ring_leader`), which tells the pages.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from field_assist import (
    CallSheet,
    Consultation,
    ConsultationOver,
    ConsultationState,
    ConsultationUnknown,
    Person,
    Session,
    Store,
    calls,
    cases,
    consultations,
    duty,
    people,
    presence,
    queueing,
    rings,
    staff,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import SYSTEM, Action, Entry
from signaling.api.call_desk import CallDesk, CallState, Forbidden, publish_change
from signaling.api.directory import Directory
from signaling.api.event_streams import EventHub, Only
from signaling.api.ring_leader import RINGS_CHANGED, RingLeader
from signaling.bus import Bus
from signaling.bus.in_process import InProcessBus
from signaling.clock import Clock

LATER = timedelta(seconds=queueing.LATER_S)
MISSED_FOR = timedelta(days=7)
Delivery = rings.Delivery
RungState = Literal["ringing", "pushed", "shown", "declined", "later", "stopped"]


@dataclass(frozen=True, slots=True)
class Rung:
    """Somebody who is or was rung, and how far that came: "declined" and "later" are their own words."""

    person: Person
    state: RungState


@dataclass(frozen=True, slots=True)
class Waiting:
    """How a request stands now; `next_circle` is rung after `next_in_s`. A wait of None: nobody is there."""

    row: Consultation
    rung: tuple[Person, ...] = ()
    rings: tuple[Rung, ...] = ()
    position: int = 0
    expected_wait_s: float | None = None
    next_circle: tuple[Person, ...] = ()
    next_in_s: float | None = None


class ConsultationDesk:
    """One per node; use `running` around it. `leader` decides who rings."""

    def __init__(
        self,
        store: Store,
        call_desk: CallDesk,
        directory: Directory,
        hub: EventHub,
        clock: Clock,
        *,
        bus: Bus | None = None,
        patience: queueing.Patience | None = None,
    ) -> None:
        self.leader = RingLeader(
            store, directory, hub, clock, bus or InProcessBus(), patience=patience or queueing.Patience()
        )
        self._store = store
        self._call_desk = call_desk
        self._hub = hub
        self._clock = clock

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[ConsultationDesk]":
        """Ring on where a server stopped, escalate and give up while the block runs."""
        async with self.leader.running():
            yield self

    async def ask_superior(self, person: Person, call_id: str) -> Waiting:
        """Have whoever is responsible called into a call, whatever it is about; raises as `CallDesk.read`."""
        state = await self._call_desk.read(person, call_id, people.may_add_member)
        row = await self.ask(person, state, topic="")
        return await self._store.read(lambda session: self.progress(session, row))

    async def ask(
        self, person: Person, state: CallState, whom: str | None = None, *, topic: str | None = None
    ) -> Consultation:
        """Ring for a call: the specialists of its topic, or the asker's superior, or one colleague."""
        call, at = state.sheet.call, self._clock.wall()
        about = call.topic if topic is None else topic

        def work(session: Session) -> Consultation:
            everybody = [row.person() for row in staff.everybody(session) if row.disabled_at is None]
            circles = consultations.circles(person, everybody, topic=about, whom=whom)
            row = consultations.ask(session, call.id, person, about, circles, at)
            if nobody_until(session, row, at) is not None and _give_up_now(session, row, at):
                return consultations.by_id(session, row.id)
            return row

        row = await self._store.write(work)
        if row.state == ConsultationState.WAITING:
            await self.leader.step()
        else:
            await self.give_up(row.id)
        return row

    async def rings(self, person: Person) -> list[tuple[Waiting, CallSheet]]:
        """What this person is rung for now, the tickets they could call back for, and what they missed."""
        since = self._clock.wall() - MISSED_FOR

        def work(session: Session) -> list[tuple[Waiting, CallSheet]]:
            rows = [consultations.by_id(session, each) for each in rings.ringing_at(session, person.id)]
            rows += consultations.tickets(session, person.id)
            rows += rings.missed(session, person.id, since)
            sheets = calls.sheets(session, {row.call_id for row in rows})
            return [(self.progress(session, row), sheets[row.call_id]) for row in rows]

        return await self._store.read(work)

    async def of_call(self, person: Person, call_id: str) -> Waiting | None:
        """The same as `standing`, for staff who may see the call; raises CallUnknown."""
        await self._call_desk.read(person, call_id)
        return await self.standing(call_id)

    async def standing(self, call_id: str) -> Waiting | None:
        """How the request of a call stands, the one that waits or the last; None where nobody was asked."""

        def work(session: Session) -> Waiting | None:
            rows = consultations.of_call(session, call_id)
            waiting = [row for row in rows if row.state == ConsultationState.WAITING]
            latest = (waiting or rows)[-1:]
            return self.progress(session, latest[0]) if latest else None

        return await self._store.read(work)

    async def accept(self, person: Person, consultation_id: str, address: str) -> CallState:
        """Take it, or call back for a ticket, and enter its call.

        Where that has ended meanwhile, another call begins and rings at whoever asked. Raises
        ConsultationUnknown, and ConsultationOver where somebody was faster.
        """
        at = self._clock.wall()

        def work(session: Session) -> str:
            row = _rung_row(session, person, consultation_id)
            if not consultations.answer(session, consultation_id, person.id, at):
                raise ConsultationOver
            call = calls.sheet(session, row.call_id).call
            if call.ended_at is None:
                calls.add_member(session, call.id, person.id, row.asked_by, at)
                entered = call.id
            else:
                entered = _call_back(session, person, row, at)
            access_log.acted(session, person, address, Action.CONSULTATION_ANSWERED, consultation_id, at)
            return entered

        call_id = await self._store.write(work)
        await self.leader.step()
        return await self._call_desk.join(person, call_id, address)

    async def call_back(self, person: Person, consultation_id: str, address: str) -> CallState:
        """Ring whoever asked for what this person missed; raises ConsultationUnknown."""
        at = self._clock.wall()

        def work(session: Session) -> str:
            entered = _call_back(session, person, _missed_row(session, person, consultation_id, at), at)
            access_log.acted(session, person, address, Action.CONSULTATION_ANSWERED, consultation_id, at)
            return entered

        call_id = await self._store.write(work)
        await self.leader.step()
        return await self._call_desk.join(person, call_id, address)

    async def put_aside(self, person: Person, consultation_id: str) -> None:
        """They have seen that they missed it; raises ConsultationUnknown."""
        at = self._clock.wall()
        await self._store.write(lambda session: _missed_row(session, person, consultation_id, at))

    async def shown(self, person: Person, consultation_id: str) -> None:
        """A page or a notification of theirs shows the ring; raises ConsultationUnknown."""
        await self.reached(person.id, consultation_id, Delivery.SHOWN, asks=person)

    async def reached(
        self, staff_id: str, consultation_id: str, delivery: Delivery, asks: Person | None = None
    ) -> None:
        """Note how far a ring came, and tell whoever waits."""

        def work(session: Session) -> CallSheet | None:
            if asks is not None:
                _rung_row(session, asks, consultation_id)
            if not rings.reached(session, consultation_id, staff_id, delivery):
                return None
            return calls.sheet(session, consultations.by_id(session, consultation_id).call_id)

        sheet = await self._store.write(work)
        if sheet is not None:
            publish_change(self._hub, sheet)

    async def joined(self, person: Person, call_id: str) -> None:
        """Whoever is asked and enters the call by another way has answered as well."""
        at = self._clock.wall()

        def work(session: Session) -> list[str]:
            return [
                row.id
                for row in consultations.of_call(session, call_id)
                if row.state == ConsultationState.WAITING
                and row.asks(person.id)
                and consultations.answer(session, row.id, person.id, at)
            ]

        if await self._store.write(work):
            await self.leader.step()

    async def decline(self, person: Person, consultation_id: str, *, is_later: bool) -> None:
        """Not me, or not in the next minutes. Raises ConsultationUnknown."""
        until = self._clock.wall() + LATER if is_later else None

        def work(session: Session) -> None:
            _rung_row(session, person, consultation_id)
            consultations.decline(session, consultation_id, person.id, until)

        await self._store.write(work)
        await self.leader.step()

    async def give_up(self, consultation_id: str) -> None:
        """It does not wait any more, by somebody else's act, which is written down already."""

        def work(session: Session) -> tuple[Consultation, CallSheet]:
            row = consultations.by_id(session, consultation_id)
            return row, calls.sheet(session, row.call_id)

        row, sheet = await self._store.read(work)
        await self.leader.step()
        self._hub.publish(RINGS_CHANGED, Only(frozenset(each for circle in row.circles for each in circle)))
        publish_change(self._hub, sheet)

    async def take_back(self, consultation_id: str) -> None:
        """Ring for it no more; one that was answered stays answered."""
        at = self._clock.wall()
        if await self._store.write(
            lambda session: consultations.end(session, consultation_id, ConsultationState.WITHDRAWN, at)
        ):
            await self.leader.step()

    async def withdraw(self, person: Person, call_id: str) -> None:
        """Whoever hosts the call takes the request back, or ends the call."""
        at = self._clock.wall()
        state = await self._call_desk.read(person, call_id)
        if not people.may_end_call(person, state.sheet.facts):
            raise Forbidden

        def work(session: Session) -> list[str]:
            return [
                row.id
                for row in consultations.of_call(session, call_id)
                if consultations.end(session, row.id, ConsultationState.WITHDRAWN, at)
            ]

        if await self._store.write(work):
            await self.leader.step()

    def progress(self, session: Session, row: Consultation) -> Waiting:
        """How a request stands now."""
        if row.state != ConsultationState.WAITING:
            return Waiting(row)
        at = self._clock.wall()
        standing = self.leader.standing(row.id)
        found = rings.of(session, row.id)
        known = staff.people(session, [ring.staff_id for ring in found] + list(standing.next_circle))
        return Waiting(
            row=row,
            rung=tuple(known[ring.staff_id] for ring in found if ring.stopped_at is None),
            rings=tuple(Rung(known[ring.staff_id], _state_of(row, ring, at)) for ring in found),
            position=standing.position,
            expected_wait_s=standing.expected_wait_s,
            next_circle=_known(known, standing.next_circle),
            next_in_s=None if standing.next_at is None else max(0.0, standing.next_at - at.timestamp()),
        )


def _known(known: dict[str, Person], ids: Sequence[str]) -> tuple[Person, ...]:
    return tuple(known[person] for person in ids if person in known)


def _state_of(row: Consultation, ring: rings.Ring, at: datetime) -> RungState:
    """How far the ringing of one person came, in one word."""
    if ring.staff_id in row.declined:
        return "declined"
    if (until := row.request().later.get(ring.staff_id)) is not None and until > at.timestamp():
        return "later"
    return "stopped" if ring.stopped_at is not None else Delivery(ring.delivery).value


def _call_back(session: Session, person: Person, row: Consultation, at: datetime) -> str:
    """Another call in place of one that ended, in the same case, which rings at whoever asked; its id."""
    ended = calls.sheet(session, row.call_id).call
    again = calls.start(session, person, calls.NewCall(ended.title, ended.topic, ended.place), at).call
    calls.add_member(session, again.id, row.asked_by, person.id, at)
    case = cases.case_of_call(session, ended.id)
    if case is not None and case.facts.is_open:
        cases.link(session, case.case, again, person, at)
    consultations.ask(session, again.id, person, ended.topic, [[row.asked_by]], at)
    return again.id


def nobody_until(session: Session, row: Consultation, at: datetime) -> datetime | None:
    """When the first of those who are asked is on duty again; None while somebody is."""
    ids = sorted({person for circle in row.circles for person in circle})
    asked = [person for person in staff.people(session, ids).values() if people.may_be_member(person)]
    return duty.next_on_duty(asked, presence.words(session, ids), at)


def _give_up_now(session: Session, row: Consultation, at: datetime) -> bool:
    """Outside of the hours nobody is rung: a ticket, at once."""
    access_log.append(session, Entry(SYSTEM, Action.CONSULTATION_TICKET, row.id, reason="hours"), at)
    return consultations.end(session, row.id, ConsultationState.TICKET, at)


def _rung_row(session: Session, person: Person, consultation_id: str) -> Consultation:
    row = consultations.by_id(session, consultation_id)
    if not row.asks(person.id):
        raise ConsultationUnknown
    return row


def _missed_row(session: Session, person: Person, consultation_id: str, at: datetime) -> Consultation:
    """What this person was rung for, put aside now."""
    row = _rung_row(session, person, consultation_id)
    if row.state == ConsultationState.WAITING or not rings.put_aside(session, consultation_id, person.id, at):
        raise ConsultationUnknown
    return row
