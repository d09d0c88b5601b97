"""What a supervisor does in the calls of the office: listen, whisper, take over, tell everybody.

Each act is written first, with its row in the access log, then in force in the room, then told to the pages.
A whisper lasts until it is ended or the call is: not with a lost line or a restart, after which a microphone
that comes back open would be heard by a resident.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from livekit.protocol.webhook import WebhookEvent

from field_assist import (
    Announcement,
    CallSheet,
    Person,
    Session,
    Store,
    StoreUnavailable,
    calls,
    people,
    supervision,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.api.audiences import Audiences
from signaling.api.call_desk import CallDesk, CallState, Forbidden, publish_change
from signaling.api.event_streams import EventHub
from signaling.api.live_rooms import LiveRooms, joined_identities
from signaling.beside import beside
from signaling.clock import Clock

ANNOUNCED = "announcements"
RETRY_S = 1.0

log = logging.getLogger(__name__)


class ListeningOff(Exception):
    """This installation does not let supervisors listen without taking part."""


class NotInCall(Exception):
    """Only who is in the call can be heard there by some."""


class SupervisorDesk:
    """One per installation; use `running` around it. `may_listen` is the installation's policy."""

    def __init__(
        self,
        store: Store,
        call_desk: CallDesk,
        voices: tuple[LiveRooms, Audiences],
        hub: EventHub,
        clock: Clock,
        *,
        may_listen: bool,
    ) -> None:
        self._store = store
        self._call_desk = call_desk
        self._rooms, self._audiences = voices
        self._hub = hub
        self._clock = clock
        self._may_listen = may_listen
        self._whispering: set[str] = set()  # calls
        self._changed: asyncio.Queue[str] = asyncio.Queue()  # calls that somebody came into or that ended

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[SupervisorDesk]":
        """Put whispers in force that a restart interrupted, then look after all while the block runs."""
        for row in await self._store.read(supervision.whispers):
            self._whispering.add(row.call_id)
            self._audiences.whisper(row.call_id, people.staff_identity(row.staff_id), frozenset())
            self._changed.put_nowait(row.call_id)
        self._rooms.observe(self._hear)
        async with beside(self._run()):
            yield self

    async def listen(self, person: Person, call_id: str, address: str) -> CallState:
        """Let a supervisor into a call to hear and see, visibly and without a voice.

        Raises CallUnknown, CallClosed, Forbidden, ListeningOff.
        """
        state = await self._call_desk.read(person, call_id, people.may_listen)
        if not self._may_listen:
            raise ListeningOff
        at = self._clock.wall()
        await self._store.write(
            lambda session: access_log.acted(session, person, address, Action.CALL_LISTENED, call_id, at)
        )
        return state

    async def whisper(self, person: Person, call_id: str, address: str, *, is_on: bool) -> None:
        """Be heard by the own staff only, or by everybody again. Raises as `listen`, and NotInCall.

        Answered once it is in force: a microphone that opens afterwards is heard by nobody else.
        """
        await self._call_desk.read(person, call_id, people.may_whisper if is_on else people.may_see_call)
        if is_on and person.identity not in joined_identities(self._rooms, call_id):
            raise NotInCall
        at = self._clock.wall()

        def work(session: Session) -> None:
            act = (
                supervision.whisper(session, call_id, person.id, at)
                if is_on
                else (supervision.speak_up(session, call_id, person.id))
            )
            if act:
                action = Action.WHISPER_STARTED if is_on else Action.WHISPER_ENDED
                access_log.acted(session, person, address, action, call_id, at)

        await self._store.write(work)
        await self._refresh(call_id)
        if not is_on:
            self._audiences.speak_up(call_id, person.identity)

    async def is_whispering(self, person: Person, call_id: str) -> bool:
        """Whether only the own staff hear this person; raises CallUnknown."""
        await self._call_desk.read(person, call_id)
        return await self._store.read(lambda session: supervision.is_whispering(session, call_id, person.id))

    async def take_over(self, person: Person, call_id: str, address: str) -> CallState:
        """Become the one whose call it is; whoever had it stays in it. Raises CallUnknown, Forbidden."""
        at = self._clock.wall()
        state = await self._call_desk.read(person, call_id, people.may_take_over)

        def work(session: Session) -> CallSheet:
            if calls.give(session, call_id, person.id, at):
                host_id = state.sheet.host.id
                access_log.acted(session, person, address, Action.CALL_TAKEN_OVER, call_id, at, host_id)
            return calls.sheet(session, call_id)

        sheet = await self._store.write(work)
        publish_change(self._hub, sheet)
        return await self._call_desk.read(person, call_id)

    async def announce(self, person: Person, text: str, address: str) -> Announcement:
        """Say one sentence to everybody of the own office; raises Forbidden."""
        if not people.may_announce(person):
            raise Forbidden
        at = self._clock.wall()

        def work(session: Session) -> Announcement:
            sender = f"{person.name}（{person.post}）" if person.post else person.name
            row = supervision.announce(session, person.office, person.id, sender, text, at)
            access_log.acted(session, person, address, Action.ANNOUNCED, row.id, at)
            return row

        row = await self._store.write(work)
        self._hub.publish(ANNOUNCED, lambda other: other.office == person.office)
        return row

    async def announcements(self, person: Person) -> list[Announcement]:
        """What was lately said to this person's office, newest first."""
        if not person.office:
            return []
        at = self._clock.wall()
        return await self._store.read(lambda session: supervision.announcements(session, person.office, at))

    # -- looking after whispers

    def _hear(self, event: WebhookEvent) -> None:
        is_open = event.room.name in self._whispering
        if is_open and event.event in ("participant_joined", "room_finished"):
            self._changed.put_nowait(event.room.name)

    async def _run(self) -> None:
        while True:
            call_id = await self._changed.get()
            try:
                await self._refresh(call_id)
            except StoreUnavailable:
                log.warning("whispers_wait_for_the_database")
                await asyncio.sleep(RETRY_S)
                self._changed.put_nowait(call_id)
            except Exception:  # a fault of ours here must not end the calls that go on beside it
                log.exception("whispers_failed")

    async def _refresh(self, call_id: str) -> None:
        """Have each whisper of a call heard by those of the whisperer's office who are members now."""

        def work(session: Session) -> tuple[list[str], CallSheet]:
            rows = supervision.whispers(session, call_id)
            return [row.staff_id for row in rows], calls.sheet(session, call_id)

        speakers, sheet = await self._store.read(work)
        if not speakers:
            self._whispering.discard(call_id)
        if sheet.call.ended_at is not None:
            self._audiences.forget(call_id)
            return
        offices = {member.id: member.office for member in sheet.members}
        for speaker in speakers:
            own = {m.identity for m in sheet.members if m.office and m.office == offices.get(speaker)}
            self._whispering.add(call_id)
            self._audiences.whisper(call_id, people.staff_identity(speaker), frozenset(own))
