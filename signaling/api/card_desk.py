"""見せる and しまう: cards of the concierge before the guests of a call.

Database first, then the room: a packet of topic `genba.cards` says that something is different, and the pages
read again; so late joiners and those who missed one get the same. While a call is on hold nothing new reaches
its guests. After the call whoever holds the invitation reads its cards for a while, and the letter has them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from field_assist import (
    CallClosed,
    CallSheet,
    CallUnknown,
    Guest,
    Person,
    Session,
    Store,
    calls,
    concierge,
    holds,
    people,
)
from signaling.accounts import access_log, invitations
from signaling.accounts.access_log import Action
from signaling.accounts.invitations import InvitationUnknown
from signaling.accounts.vault import Vault
from signaling.api.call_desk import Forbidden
from signaling.api.card_schema import ServiceShown
from signaling.api.concierge_desk import ConciergeDesk
from signaling.api.live_rooms import LiveRooms
from signaling.api.wrong_codes import WrongCodes
from signaling.clock import Clock

Card: TypeAlias = concierge.cards.Card
CardLook: TypeAlias = concierge.showings.CardLook
ShownCard: TypeAlias = concierge.showings.ShownCard

TOPIC = "genba.cards"
_CHANGED = b'{"changed":true}'
READ_AFTER = timedelta(days=7)
"""So long after the end of a call its invitation still shows what was shown."""


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards of one call with who saw them, read in one transaction; `until` when they can be read."""

    rows: tuple[ShownCard, ...]
    looks: Mapping[str, Sequence[CardLook]]
    until: datetime | None = None


class CardDesk:
    """One per installation; `address` is where the acting person's request came from."""

    def __init__(
        self, store: Store, vault: Vault, rooms: LiveRooms, search: ConciergeDesk, clock: Clock
    ) -> None:
        self._store = store
        self._vault = vault
        self._rooms = rooms
        self._search = search
        self._clock = clock
        self._wrong_codes = WrongCodes(clock)

    async def of_call(self, speaker: Person | Guest, call_id: str) -> Cards:
        """What this speaker may know; that they may speak in the call was asked before."""
        return await self._store.read(lambda session: _cards(session, speaker, call_id))

    async def preview(self, person: Person, call_id: str, shown: ServiceShown) -> Card:
        """The card as the guests would get it; raises like `show`."""
        await self._store.read(lambda session: _showable(session, person, call_id))
        return (await self._made(person, call_id, shown))[0]

    async def show(self, person: Person, call_id: str, shown: ServiceShown, address: str) -> Cards:
        """Before the guests. Raises CallUnknown, CallClosed, Forbidden, EntryUnknown, CardsFull."""
        await self._store.read(lambda session: _showable(session, person, call_id))
        card, typed = await self._made(person, call_id, shown)
        at = self._clock.wall()
        sender = calls.Sender(person.identity, person.name, person.role)

        def work(session: Session) -> bool:
            _showable(session, person, call_id)
            row = concierge.showings.show(session, call_id, card, sender, person.post, at)
            if row is None:
                return False
            of = concierge.entries.Kind(card["kind"]), card["id"]
            concierge.proposals.note(session, typed, of, concierge.proposals.Sign.SHOWN, at)
            access_log.acted(session, person, address, Action.SERVICE_SHOWN, row.id, at, call_id)
            return True

        return await self._change(person, call_id, work)

    async def put_away(self, person: Person, call_id: str, card_id: str, address: str) -> Cards:
        """Take a card back; raises CardUnknown too."""
        at = self._clock.wall()

        def work(session: Session) -> bool:
            sheet = calls.sheet(session, call_id)
            if not people.may_write_recap(person, sheet.facts):  # also when the call is over
                raise CallUnknown
            row = concierge.showings.by_id(session, call_id, card_id)
            is_new = concierge.showings.put_away(session, row, person.identity, at)
            if is_new:
                access_log.acted(session, person, address, Action.SERVICE_PUT_AWAY, row.id, at, call_id)
            return is_new

        return await self._change(person, call_id, work)

    async def see(self, guest: Guest, call_id: str, card_id: str, address: str) -> Cards:
        """A guest has it on their screen; raises CallUnknown, CardUnknown."""
        at = self._clock.wall()
        sender = calls.Sender(guest.identity, guest.name, guest.role)

        def work(session: Session) -> bool:
            if not people.guest_may_see_cards(guest, calls.sheet(session, call_id).facts):
                raise CallUnknown
            row = concierge.showings.by_id(session, call_id, card_id)
            if row not in _cards(session, guest, call_id).rows:
                raise concierge.showings.CardUnknown
            is_new = concierge.showings.see(session, row, sender, at)
            if is_new:
                access_log.acted(session, guest, address, Action.SERVICE_SEEN, row.id, at, call_id)
            return is_new

        return await self._change(guest, call_id, work)

    async def by_invitation(self, code: str, address: str) -> Cards:
        """Of whoever went in by a link, until days after the call; raises InvitationUnknown, RateLimited."""
        self._wrong_codes.check(address)
        try:
            return await self._store.read(lambda session: self._of_link(session, code))
        except InvitationUnknown:
            self._wrong_codes.count(address)
            raise

    def _of_link(self, session: Session, code: str) -> Cards:
        link = invitations.by_code(session, self._vault, code)
        call = calls.sheet(session, link.call_id).call
        until = call.ended_at + READ_AFTER if call.ended_at else None
        is_over = until is not None and until <= self._clock.wall()
        if link.revoked_at is not None or link.first_used_at is None or is_over:
            return Cards((), {})
        found = _cards(session, link.guest(), link.call_id)
        return Cards(found.rows, found.looks, until)

    async def _made(self, person: Person, call_id: str, shown: ServiceShown) -> tuple[Card, str]:
        """The card, and what may be kept of the words that were typed; raises EntryUnknown, SourceMissing."""
        key = concierge.entries.key_from(shown.kind, shown.id)
        entry = (await self._store.read(lambda session: concierge.follow.lookup(session, [key]))).get(key)
        if entry is None:
            raise concierge.catalogue.EntryUnknown
        led = await self._search.led_to(person, call_id, key, shown.found_by, shown.words)
        return concierge.cards.made(entry, led.reasons), led.keepable

    async def _change(self, speaker: Person | Guest, call_id: str, work: Callable[[Session], bool]) -> Cards:
        """Write first, then tell the room where it became different; answers the cards as they are then."""

        def changed(session: Session) -> tuple[bool, Cards]:
            return work(session), _cards(session, speaker, call_id)

        is_different, cards = await self._store.write(changed)
        if is_different:
            await self._tell(call_id)
        return cards

    async def _tell(self, call_id: str) -> None:
        """Guests too, unless they wait: what is new then is read when they are back."""
        held = await self._store.read(lambda session: holds.since(session, call_id))
        there = [entry.identity for entry in self._rooms.participants(call_id)]
        told = [who for who in there if held is None or people.is_staff_identity(who)]
        if told:
            await self._rooms.send_data(call_id, _CHANGED, topic=TOPIC, identities=told)


def _showable(session: Session, person: Person, call_id: str) -> CallSheet:
    """The open call in which this person may show something."""
    sheet = calls.sheet(session, call_id)
    if not people.may_see_call(person, sheet.facts):
        raise CallUnknown
    if not sheet.facts.is_open:
        raise CallClosed
    if not people.may_present(person, sheet.facts):
        raise Forbidden
    return sheet


def _cards(session: Session, speaker: Person | Guest, call_id: str) -> Cards:
    rows = concierge.showings.of_calls(session, [call_id])
    if isinstance(speaker, Guest):
        rows = concierge.showings.for_guests(rows, holds.since(session, call_id))
    looks = concierge.showings.looks(session, [row.id for row in rows])
    if isinstance(speaker, Guest):
        looks = {
            card_id: [look for look in several if look.identity == speaker.identity]
            for card_id, several in looks.items()
        }
    return Cards(tuple(rows), looks)
