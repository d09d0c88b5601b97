"""What a resident who waits sees, and how they are called back instead; and tickets that need no call.

The place in the queue is the queue's own; here it is only put so that it holds: minutes rounded up, and
coarser the longer it takes.
"""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from field_assist import (
    Consultation,
    ConsultationState,
    ConsultationUnknown,
    Guest,
    Person,
    Session,
    Store,
    call_backs,
    calls,
    consultations,
    people,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.accounts.vault import Vault
from signaling.api.consultation_desk import ConsultationDesk, Waiting, nobody_until
from signaling.api.live_rooms import LiveRooms, joined_identities
from signaling.clock import Clock


@dataclass(frozen=True, slots=True)
class Place:
    """How the guest's call stands: `waiting` is its request for help, None where there is none.

    `is_alone`: nobody of staff is in the room yet. `is_called_back`: a number was left.
    `here_from`: when somebody is on duty again, where nobody is.
    """

    waiting: Waiting | None
    is_alone: bool
    is_called_back: bool
    here_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to be called back, and at which number."""

    name: str
    phone: str


class WaitingDesk:
    """All of it; one per installation."""

    def __init__(
        self, store: Store, vault: Vault, consultation_desk: ConsultationDesk, rooms: LiveRooms, clock: Clock
    ) -> None:
        self._store = store
        self._vault = vault
        self._consultation_desk = consultation_desk
        self._rooms = rooms
        self._clock = clock

    async def place(self, guest: Guest) -> Place:
        """What the guest waits for."""
        waiting = await self._consultation_desk.standing(guest.call_id)
        joined = joined_identities(self._rooms, guest.call_id)
        wishes = await self.wishes([waiting.row.id]) if waiting is not None else {}
        return Place(
            waiting=waiting,
            is_alone=not any(people.is_staff_identity(identity) for identity in joined),
            is_called_back=bool(wishes),
            here_from=await self.here_from(waiting),
        )

    async def here_from(self, waiting: Waiting | None) -> datetime | None:
        """When the first of those who were asked is on duty again; None while somebody is, or it is over."""
        open_states = (ConsultationState.WAITING, ConsultationState.TICKET)
        if waiting is None or waiting.row.state not in open_states:
            return None
        at = self._clock.wall()
        return await self._store.read(lambda session: nobody_until(session, waiting.row, at))

    async def call_back(self, guest: Guest, phone: str, address: str) -> Place:
        """The guest does not wait any longer: whoever was asked, and the host, owe a call to this number."""
        at = self._clock.wall()

        def work(session: Session) -> str:
            row = _ticket(session, guest, at)
            call_backs.wanted(session, row.id, guest.name, self._vault.seal(phone, _context(row.id)))
            access_log.acted(session, guest, address, Action.CALL_BACK_ASKED, row.id, at, guest.call_id)
            return row.id

        await self._consultation_desk.give_up(await self._store.write(work))
        return await self.place(guest)

    async def close(self, person: Person, consultation_id: str, reason: str, address: str) -> None:
        """A ticket needs no call, for a reason. Raises ConsultationUnknown, ConsultationOver."""
        at = self._clock.wall()

        def work(session: Session) -> None:
            row = consultations.by_id(session, consultation_id)
            if not row.asks(person.id):
                raise ConsultationUnknown
            consultations.close(session, consultation_id, person.id)
            call_backs.over(session, consultation_id, reason)
            access_log.acted(session, person, address, Action.TICKET_CLOSED, consultation_id, at)

        await self._store.write(work)
        await self._consultation_desk.give_up(consultation_id)

    async def wishes(self, consultation_ids: list[str]) -> dict[str, Wish]:
        """Who of these wants to be called back where, as long as it is owed."""
        kept = await self._store.read(lambda session: call_backs.of(session, consultation_ids))
        return {
            each: Wish(row.name, self._vault.open(row.phone_sealed, _context(each)))
            for each, row in kept.items()
            if row.phone_sealed
        }


def honest_minutes(wait_s: float) -> int:
    """Minutes to say for an expected wait: up to ten as they are, then in fives, then in tens; never 0."""
    minutes = max(1, ceil(wait_s / 60))
    step = 1 if minutes <= 10 else 5 if minutes <= 30 else 10
    return ceil(minutes / step) * step


def _ticket(session: Session, guest: Guest, at: datetime) -> Consultation:
    """The call's request as a ticket, a new one where none waits; the host is among those asked."""
    sheet = calls.sheet(session, guest.call_id)
    rows = consultations.of_call(session, guest.call_id)
    open_states = (ConsultationState.WAITING, ConsultationState.TICKET)
    found = next((row for row in rows if row.state in open_states), None)
    if found is None:
        topic, host = sheet.call.topic, sheet.host
        found = consultations.ask(session, guest.call_id, host, topic, [[host.id]], at)
    consultations.end(session, found.id, ConsultationState.TICKET, at)
    consultations.also_ask(session, found.id, sheet.host.id)
    return found


def _context(consultation_id: str) -> str:
    return f"call_back.phone/{consultation_id}"
