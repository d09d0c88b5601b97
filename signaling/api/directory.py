"""The directory (職員名簿): who there is for a question, in any department, and who can be rung right now.

Where somebody says they are is in the database; whether a page of theirs is open and whether they are in a
call is known here, at the moment of asking. Whatever changes it is told to every open page at once.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from field_assist import Person, Presence, Session, Status, Store, calls, duty, people, presence, staff
from signaling.accounts import sign_in
from signaling.api.call_desk import Forbidden
from signaling.api.event_streams import EventHub
from signaling.api.live_rooms import LiveRooms, joined_identities
from signaling.api.neighbours import Neighbours
from signaling.clock import Clock

STAFF_CHANGED = "staff"
PRESENT_FOR = timedelta(minutes=5)
"""Somebody counts as present this long after the last request, or while an event stream is open."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody as colleagues see them now. `said` is None until they say something."""

    person: Person
    said: Status | None
    is_here: bool
    is_in_call: bool
    is_on_duty: bool

    @property
    def status(self) -> Status:
        """What is shown."""
        return presence.shown(self.said, is_here=self.is_here, is_in_call=self.is_in_call)

    @property
    def may_ring(self) -> bool:
        """Whether ringing them makes sense now."""
        return self.is_on_duty and presence.may_ring(
            self.said, is_here=self.is_here, is_in_call=self.is_in_call
        )


class Directory:
    """One per installation. `on_change` hears of whatever pages hear."""

    def __init__(
        self, store: Store, rooms: LiveRooms, hub: EventHub, neighbours: Neighbours, clock: Clock
    ) -> None:
        self._store = store
        self._rooms = rooms
        self._hub = hub
        self._neighbours = neighbours
        self._clock = clock
        self.on_change: Callable[[], object] = lambda: None
        hub.on_presence = self.changed

    async def find(self, person: Person, words: str) -> list[Colleague]:
        """Whoever this person may find by these words; raises Forbidden."""
        if not people.may_find_staff(person):
            raise Forbidden
        found = await self._colleagues(lambda session, here: staff.find(session, words))
        return [colleague for colleague in found if people.may_find(person, colleague.person)]

    async def present(self) -> list[Colleague]:
        """Everybody who is here."""
        return await self._colleagues(
            lambda session, here: list(staff.people(session, sorted(here)).values()),
        )

    async def colleague(self, person: Person) -> Colleague:
        """Somebody as others see them."""
        return (await self._colleagues(lambda session, here: [person]))[0]

    async def say(self, person: Person, status: Status) -> Colleague:
        """Note where somebody is, and tell everybody; raises Forbidden."""
        if not people.may_say_presence(person) or status not in presence.SAYABLE:
            raise Forbidden
        at = self._clock.wall()
        if await self._store.write(lambda session: presence.say(session, person.id, status, at)):
            self.changed()
        return await self.colleague(person)

    async def _colleagues(self, whom: Callable[[Session, Set[str]], list[Person]]) -> list[Colleague]:
        at = self._clock.wall()
        watching = self._hub.present()

        def work(session: Session) -> tuple[list[Person], dict[str, Presence], Set[str], list[str]]:
            here = watching | sign_in.seen_since(session, at - PRESENT_FOR, at)
            found = whom(session, here)
            said = presence.said(session, [person.id for person in found])
            return found, said, here, [sheet.call.id for sheet in calls.still_open(session)]

        found, said, here, rooms = await self._store.read(work)
        here_talking = {identity for room in rooms for identity in joined_identities(self._rooms, room)}
        self._neighbours.say_talking(frozenset(here_talking))
        talking = here_talking | self._neighbours.talking()
        return [
            _colleague(
                person,
                said.get(person.id),
                at,
                is_here=person.id in here,
                is_in_call=person.identity in talking,
            )
            for person in found
        ]

    def changed(self) -> None:
        """Somebody came, went, or says otherwise."""
        self.on_change()
        self._hub.publish(STAFF_CHANGED, people.may_find_staff)


def _colleague(
    person: Person, row: Presence | None, at: datetime, *, is_here: bool, is_in_call: bool
) -> Colleague:
    said = Status(row.status) if row is not None else None
    word = duty.Word(said is not Status.ABSENT, row.said_at) if row is not None else None
    return Colleague(person, said, is_here, is_in_call, duty.is_on_duty(person, word, at))
