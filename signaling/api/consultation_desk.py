"""Ringing: whom a call's request for help rings, and what becomes of it, between database and queue.

`queueing` decides; this module tells it who is there, writes what happened to the database, and only then
tells the pages. Its clock is the wall's, so that a restart goes on with the same deadlines.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from field_assist import (
    CallSheet,
    Consultation,
    ConsultationOver,
    ConsultationState,
    ConsultationUnknown,
    Person,
    Session,
    Store,
    StoreUnavailable,
    call_backs,
    calls,
    consultations,
    duty,
    people,
    presence,
    queueing,
    staff,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import SYSTEM, Action, Actor, Entry
from signaling.api.call_desk import CallDesk, CallState, Forbidden, publish_change
from signaling.api.directory import Directory
from signaling.api.event_streams import EventHub
from signaling.clock import Clock

RINGS_CHANGED = "rings"
JOIN_GRACE_S = 30.0
"""Whoever accepted counts as talking for so long before they are in the room."""
LOOK_AGAIN_S = 30.0
RETRY_S = 1.0
LATER = timedelta(seconds=queueing.LATER_S)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How a request stands now; `next_circle` is rung after `next_in_s`. A wait of None: nobody is there."""

    row: Consultation
    rung: tuple[Person, ...] = ()
    position: int = 0
    expected_wait_s: float | None = None
    next_circle: tuple[Person, ...] = ()
    next_in_s: float | None = None


class ConsultationDesk:
    """One per installation; use `running` around it."""

    def __init__(
        self, store: Store, call_desk: CallDesk, directory: Directory, hub: EventHub, clock: Clock
    ) -> None:
        self._store = store
        self._call_desk = call_desk
        self._directory = directory
        self._hub = hub
        self._clock = clock
        self._queue = queueing.Queue()
        self._now = 0.0
        self._people: dict[str, Person] = {}
        self._accepted: dict[str, float] = {}  # by person: until when they count as talking
        self._unwritten: list[str] = []  # tickets the database does not know of yet
        self._wake = asyncio.Event()
        directory.on_change = self._wake.set

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[ConsultationDesk]":
        """Read back how long things take and what waits; ring, escalate, give up while the block runs."""
        for topic, took_s in await self._store.read(consultations.talks):
            self._queue.learn(topic, took_s)
        for row in await self._store.read(consultations.waiting):
            self._queue.ask(self._time(), row.request())
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(self._run())
            try:
                yield self
            finally:
                task.cancel()

    async def ask(self, person: Person, state: CallState, whom: str | None = None) -> None:
        """Ring for a call: the specialists of its topic, or the asker's superior, or one colleague."""
        call, at = state.sheet.call, self._clock.wall()

        def work(session: Session) -> Consultation:
            everybody = [row.person() for row in staff.everybody(session) if row.disabled_at is None]
            circles = consultations.circles(person, everybody, topic=call.topic, whom=whom)
            row = consultations.ask(session, call.id, person, call.topic, circles, at)
            if nobody_until(session, row, at) is not None and _give_up_now(session, row, at):
                return consultations.by_id(session, row.id)
            return row

        row = await self._store.write(work)
        await self._look_around()
        if row.state == ConsultationState.WAITING:
            self._queue.ask(self._time(), row.request())
            await self._tell()
        else:
            await self.give_up(row.id)

    async def rings(self, person: Person) -> list[tuple[Waiting, CallSheet]]:
        """What this person is rung for now, and the tickets they could call back for, with their calls."""
        rung = [each.id for each in self._queue.waiting() if person.id in self._queue.rung_for(each.id)]

        def work(session: Session) -> list[tuple[Consultation, CallSheet]]:
            rows = [consultations.by_id(session, request) for request in rung]
            rows += consultations.tickets(session, person.id)
            return [(row, calls.sheet(session, row.call_id)) for row in rows]

        return [(self._waiting(row), sheet) for row, sheet in await self._store.read(work)]

    async def of_call(self, person: Person, call_id: str) -> Waiting | None:
        """The same as `standing`, for staff who may see the call; raises CallUnknown."""
        await self._call_desk.read(person, call_id)
        return await self.standing(call_id)

    async def give_up(self, consultation_id: str) -> None:
        """It does not wait any more, by somebody else's act, which is written down already."""
        self._queue.withdraw(self._time(), consultation_id)
        row = await self._store.read(lambda session: consultations.by_id(session, consultation_id))
        self._hub.publish(RINGS_CHANGED, lambda person: row.asks(person.id))
        await self._tell()
        await self._tell_calls({consultation_id})

    async def standing(self, call_id: str) -> Waiting | None:
        """How the request of a call stands, the one that waits or the last; None where nobody was asked."""
        rows = await self._store.read(lambda session: consultations.of_call(session, call_id))
        waiting = [row for row in rows if row.state == ConsultationState.WAITING]
        latest = (waiting or rows)[-1:]
        return self._waiting(latest[0]) if latest else None

    async def accept(self, person: Person, consultation_id: str, address: str) -> CallState:
        """Take it, or call back for a ticket, and enter its call.

        Where that has ended meanwhile, another call begins and rings at whoever asked. Raises
        ConsultationUnknown, and ConsultationOver where somebody was faster.
        """
        at = self._clock.wall()

        def work(session: Session) -> tuple[str, Consultation | None]:
            row = _rung_row(session, person, consultation_id)
            if not consultations.answer(session, consultation_id, person.id, at):
                raise ConsultationOver
            call_backs.over(session, consultation_id)
            entry = Entry(Actor(person.identity, address), Action.CONSULTATION_ANSWERED, consultation_id)
            access_log.append(session, entry, at)
            call = calls.sheet(session, row.call_id).call
            if call.ended_at is None:
                calls.add_member(session, call.id, person.id, row.asked_by, at)
                return call.id, None
            again = calls.start(session, person, calls.NewCall(call.title, call.topic, call.place), at).call
            calls.add_member(session, again.id, row.asked_by, person.id, at)
            back = consultations.ask(session, again.id, person, call.topic, [[row.asked_by]], at)
            return again.id, back

        call_id, back = await self._store.write(work)
        if back is not None:
            await self._look_around()
            self._queue.ask(self._time(), back.request())
        self._answered(person, consultation_id)
        await self._tell()
        return await self._call_desk.join(person, call_id, address)

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

        for consultation_id in await self._store.write(work):
            self._answered(person, consultation_id)
        await self._tell()

    async def decline(self, person: Person, consultation_id: str, *, is_later: bool) -> None:
        """Not me, or not in the next minutes. Raises ConsultationUnknown."""
        until = self._clock.wall() + LATER if is_later else None

        def work(session: Session) -> None:
            _rung_row(session, person, consultation_id)
            consultations.decline(session, consultation_id, person.id, until)

        await self._store.write(work)
        now = self._time()
        if until is None:
            self._queue.decline(now, consultation_id, person.id)
        else:
            self._queue.later(now, consultation_id, person.id, queueing.LATER_S)
        await self._tell()

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

        for consultation_id in await self._store.write(work):
            self._queue.withdraw(self._time(), consultation_id)
        await self._tell()

    async def _run(self) -> None:
        while True:
            due = self._queue.poll_timeout()
            wait_s = LOOK_AGAIN_S if due is None else min(LOOK_AGAIN_S, max(0.0, due - self._time()))
            try:
                async with asyncio.timeout(RETRY_S if self._unwritten else wait_s):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            try:
                await self._look_around()
                self._queue.handle_timeout(self._time())
                await self._tell()
            except StoreUnavailable:
                log.warning("ringing_waits_for_the_database")
                await asyncio.sleep(RETRY_S)
            except Exception:  # a fault of ours here must not end the calls that go on beside it
                log.exception("ringing_failed")
                await asyncio.sleep(RETRY_S)

    def _answered(self, person: Person, consultation_id: str) -> None:
        now = self._time()
        self._accepted[person.id] = now + JOIN_GRACE_S
        if not self._queue.accept(now, consultation_id, person.id):
            self._queue.withdraw(now, consultation_id)

    async def _look_around(self) -> None:
        """Tell the queue who is there, free or talking."""
        present = {colleague.person.id: colleague for colleague in await self._directory.present()}
        now = self._time()
        for person_id in self._people.keys() - present.keys():
            self._queue.gone(now, person_id)
        self._people = {person_id: colleague.person for person_id, colleague in present.items()}
        for person_id, colleague in present.items():
            if colleague.is_in_call or now < self._accepted.get(person_id, 0.0):
                self._queue.busy(now, person_id)
                if colleague.is_in_call:
                    self._accepted.pop(person_id, None)
            elif colleague.may_ring and people.may_be_member(colleague.person):
                self._accepted.pop(person_id, None)
                self._queue.free(now, person_id)
            else:
                self._queue.gone(now, person_id)

    async def _tell(self) -> None:
        """Write down what became of requests, then tell the pages it concerns."""
        events = self._queue.events()
        self._unwritten += [event.request for event in events if isinstance(event, queueing.Ticketed)]
        concerned = {event.person for event in events if not isinstance(event, queueing.Ticketed)}
        await self._write_tickets()
        if events:
            self._hub.publish(RINGS_CHANGED, lambda person: person.id in concerned)
            await self._tell_calls({event.request for event in events})
            self._wake.set()  # deadlines may have moved

    async def _write_tickets(self) -> None:
        at = self._clock.wall()
        while self._unwritten:
            ticket = self._unwritten[0]

            def work(session: Session, ticket: str = ticket) -> None:
                if consultations.end(session, ticket, ConsultationState.TICKET, at):
                    access_log.append(session, Entry(SYSTEM, Action.CONSULTATION_TICKET, ticket), at)

            await self._store.write(work)
            if ticket in self._unwritten:  # another task may have written it meanwhile
                self._unwritten.remove(ticket)

    async def _tell_calls(self, requests: set[str]) -> None:
        def work(session: Session) -> list[CallSheet]:
            rows = [consultations.by_id(session, request) for request in sorted(requests)]
            return [calls.sheet(session, row.call_id) for row in rows]

        for sheet in await self._store.read(work):
            publish_change(self._hub, sheet)

    def _waiting(self, row: Consultation) -> Waiting:
        now = self._time()
        request = next((each for each in self._queue.waiting() if each.id == row.id), None)
        if request is None:
            return Waiting(row)
        next_at = request.asked_at + queueing.NEXT_CIRCLE_S * (request.circle + 1)
        has_next = request.circle + 1 < len(request.circles)
        return Waiting(
            row=row,
            rung=self._known(self._queue.rung_for(row.id)),
            position=self._queue.position(row.id),
            expected_wait_s=self._queue.expected_wait_s(now, row.id),
            next_circle=self._known(request.circles[request.circle + 1]) if has_next else (),
            next_in_s=max(0.0, next_at - now) if has_next else None,
        )

    def _known(self, ids: Iterable[str]) -> tuple[Person, ...]:
        return tuple(self._people[person] for person in ids if person in self._people)

    def _time(self) -> float:
        """The wall's seconds, but never back: a clock that is put right must not ring anybody twice."""
        self._now = max(self._now, self._clock.wall().timestamp())
        return self._now


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
