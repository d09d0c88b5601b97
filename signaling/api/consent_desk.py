"""Who agreed to what: asked, answered, taken back; and in memory for whoever keeps something of a call.

Database first, then memory, observers and pages; but a no with the own hand stops at once, before it is
written, and stays in force where the database does not answer. Other nodes read again when they are told,
and everything when they were cut off. Rooms are told on a topic only the server speaks on; the packet holds
nothing, pages ask again.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from livekit.protocol.models import Encryption, ParticipantInfo, TrackInfo
from livekit.protocol.webhook import WebhookEvent

from field_assist import (
    Agreement,
    CallClosed,
    CallSheet,
    CallUnknown,
    ConsentEvent,
    ConsentStep,
    Guest,
    Person,
    Purpose,
    Session,
    Store,
    StoreUnavailable,
    agreement,
    calls,
    consents,
    people,
)
from signaling.accounts import access_log, invitations
from signaling.accounts.access_log import Action
from signaling.api.call_desk import Forbidden, publish_change
from signaling.api.event_streams import EventHub
from signaling.api.live_rooms import LiveRooms
from signaling.beside import beside, woken
from signaling.bus import Body, Bus
from signaling.clock import Clock

TOPIC = "genba.consents"
RETRY_S = 1.0
NOTHING: frozenset[Purpose] = frozenset()
UNREAD = consents.Reading("", "")

Speaker = Person | Guest
Observer = Callable[[str, str, frozenset[Purpose]], None]

log = logging.getLogger(__name__)


class ParticipantUnknown(Exception):
    """Nobody of this call has this identity."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """How a call stands, with its people, read in one transaction; `names` are those of who took a step."""

    sheet: CallSheet
    guests: tuple[Guest, ...]
    agreement: Agreement
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """A yes or a no to some purposes; `identity` names the guest who said it aloud, else it is the own."""

    purposes: Sequence[Purpose]
    is_yes: bool
    reading: consents.Reading
    identity: str = ""


@dataclass(slots=True)
class _Known:
    """What stands in one call after so many steps, and the noes that are not written down yet."""

    steps: int = 0
    given: dict[str, frozenset[Purpose]] = field(default_factory=dict)
    noes: dict[str, frozenset[Purpose]] = field(default_factory=dict)


class ConsentDesk:
    """One per installation; use `running` around it."""

    def __init__(self, store: Store, rooms: LiveRooms, hub: EventHub, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._rooms = rooms
        self._hub = hub
        self._bus = bus
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._observers: list[Observer] = []
        self._deleters: list[Observer] = []
        self._stale: set[str] = set()
        self._is_all_stale = False
        self._wake = asyncio.Event()
        bus.listen(TOPIC, self._hear)
        bus.watch(self._linked)

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[ConsentDesk]":
        """Know what stands in open calls, also after a restart, while the block runs."""
        for call_id, found in (await self._store.read(consents.open_ones)).items():
            self._known[call_id] = _Known(found.steps, found.given())
        self._rooms.observe(self._hear_room)
        async with beside(self._run()):
            yield self

    # -- for whoever keeps something of a call

    def allows(self, call_id: str, identity: str, purpose: Purpose) -> bool:
        """Whether this person's consent stands now. Nobody has consented before they said so."""
        known = self._known.get(call_id)
        return known is not None and purpose in known.given.get(identity, NOTHING)

    def anybody_allows(self, call_id: str, purpose: Purpose) -> bool:
        """Whether the consent of anybody in this call stands now."""
        known = self._known.get(call_id)
        return known is not None and any(purpose in given for given in known.given.values())

    def tracks(
        self, call_id: str, present: Iterable[ParticipantInfo], purpose: Purpose
    ) -> list[tuple[ParticipantInfo, TrackInfo]]:
        """What those whose consent stands send now, and the server can hear: not what is encrypted."""
        return [
            (person, track)
            for person in present
            if self.allows(call_id, person.identity, purpose)
            for track in person.tracks
            if track.encryption == Encryption.Type.NONE
        ]

    def observe(self, callback: Observer) -> None:
        """Call this with call, identity and the purposes that stand now, after every change."""
        self._observers.append(callback)

    def observe_deletions(self, callback: Observer) -> None:
        """Call this with call, identity and purposes when what was taken until now is to be deleted.

        `consents.deletions` has all of them, for whoever was not there.
        """
        self._deleters.append(callback)

    # -- for people

    async def of_call(self, call_id: str) -> Agreed:
        """How a call stands; that somebody may know was asked before."""
        return await self._store.read(lambda session: _agreed(session, call_id))

    async def ask(
        self, person: Person, call_id: str, purposes: Sequence[Purpose], identity: str, address: str
    ) -> Agreed:
        """Ask somebody, or everybody now and later; who was asked and has not answered is not asked twice.

        Raises CallUnknown, CallClosed, Forbidden, ParticipantUnknown.
        """
        at = self._clock.wall()

        def work(session: Session) -> Agreed:
            sheet = calls.sheet(session, call_id)
            _must(people.may_ask_consent(person, sheet.facts), person, sheet)
            name = _name(session, sheet, identity) if identity != agreement.EVERYBODY else ""
            before = consents.exclusively(session, call_id)
            asked = [
                ConsentEvent(identity, purpose, ConsentStep.ASKED, person.identity, at)
                for purpose in purposes
                if before.is_news(identity, purpose)
            ]
            _record(session, call_id, asked, (name, person, address))
            return _agreed(session, call_id)

        return await self._told(await self._store.write(work))

    async def answer(self, speaker: Speaker, call_id: str, said: Answer, address: str) -> Agreed:
        """Say yes or no for oneself; or, as staff, enter what a guest said aloud.

        A no to what had a yes takes it back, also after the call. Raises CallUnknown, CallClosed, Forbidden,
        ParticipantUnknown, OwnNoStands.
        """
        at, whom = self._clock.wall(), said.identity or speaker.identity
        if not said.is_yes and whom == speaker.identity:
            self._stop(call_id, whom, frozenset(said.purposes))

        def work(session: Session) -> Agreed:
            sheet, name = _for_whom(session, speaker, call_id, whom)
            if said.is_yes and not sheet.facts.is_open:
                raise CallClosed
            before = consents.exclusively(session, call_id)
            steps = {
                purpose: before.answer(whom, purpose, is_yes=said.is_yes, by=speaker.identity)
                for purpose in said.purposes
            }
            events = [
                ConsentEvent(whom, purpose, step, speaker.identity, at, said.reading.text_version)
                for purpose, step in steps.items()
                if step is not None
            ]
            _record(session, call_id, events, (name, speaker, address), said.reading)
            return _agreed(session, call_id)

        agreed = await self._store.write(work)
        self._written(call_id, whom, frozenset(said.purposes))
        return await self._told(agreed)

    async def settle(self, speaker: Speaker, call_id: str, wish: Answer, address: str) -> Agreed:
        """Say whether what was taken until a withdrawal may stay (yes) or is to be deleted (no).

        Raises as `answer`, and NothingTaken.
        """
        at, whom = self._clock.wall(), wish.identity or speaker.identity
        step = ConsentStep.KEEP if wish.is_yes else ConsentStep.DELETE

        def work(session: Session) -> tuple[Agreed, frozenset[Purpose]]:
            _, name = _for_whom(session, speaker, call_id, whom)
            before = consents.exclusively(session, call_id)
            news = [purpose for purpose in wish.purposes if before.may_wish(whom, purpose, step)]
            events = [ConsentEvent(whom, purpose, step, speaker.identity, at) for purpose in news]
            _record(session, call_id, events, (name, speaker, address), wish.reading)
            return _agreed(session, call_id), frozenset(news)

        agreed, news = await self._store.write(work)
        if step is ConsentStep.DELETE and news:
            for tell in self._deleters:
                tell(call_id, whom, news)
        return await self._told(agreed)

    async def changed(self, call_id: str) -> None:
        """Somebody else wrote a step of this call: what is known of it is brought up to date and told."""
        await self._told(await self.of_call(call_id))

    # -- keeping in step

    def _stop(self, call_id: str, identity: str, purposes: frozenset[Purpose]) -> None:
        """In force before it is written; whatever is read meanwhile does not undo it."""
        known = self._known.setdefault(call_id, _Known())
        known.noes[identity] = known.noes.get(identity, NOTHING) | purposes
        self._put(call_id, known, identity, known.given.get(identity, NOTHING))

    def _written(self, call_id: str, identity: str, purposes: frozenset[Purpose]) -> None:
        known = self._known.setdefault(call_id, _Known())
        known.noes[identity] = known.noes.get(identity, NOTHING) - purposes

    def _put(self, call_id: str, known: _Known, identity: str, purposes: frozenset[Purpose]) -> None:
        allowed = purposes - known.noes.get(identity, NOTHING)
        if allowed != known.given.get(identity, NOTHING):
            known.given[identity] = allowed
            for tell in self._observers:
                tell(call_id, identity, allowed)

    def _bring(self, call_id: str, read: Agreement) -> None:
        """Memory is what the database says, unless it knows later steps already."""
        known = self._known.setdefault(call_id, _Known())
        if read.steps >= known.steps:
            known.steps, given = read.steps, read.given()
            for identity in known.given.keys() | given.keys():
                self._put(call_id, known, identity, given.get(identity, NOTHING))

    async def _told(self, agreed: Agreed) -> Agreed:
        call_id = agreed.sheet.call.id
        if agreed.sheet.facts.is_open:
            self._bring(call_id, agreed.agreement)
        else:
            self._known.pop(call_id, None)
        self._bus.tell(TOPIC, {"call": call_id})
        await self._rooms.send_data(call_id, b"{}", topic=TOPIC)
        publish_change(self._hub, agreed.sheet)
        return agreed

    def _hear(self, _node: str, body: Body) -> None:
        self._stale.add(str(body["call"]))
        self._wake.set()

    def _linked(self, is_linked: bool) -> None:
        self._is_all_stale |= is_linked
        self._wake.set()

    def _hear_room(self, event: WebhookEvent) -> None:
        if event.event == "room_finished":  # its call may be over, and need not be known any more
            self._stale.add(event.room.name)
            self._wake.set()

    async def _run(self) -> None:
        while True:
            await woken(self._wake, None)
            try:
                await self._catch_up()
            except StoreUnavailable:
                log.warning("consents_wait_for_the_database")
                await asyncio.sleep(RETRY_S)
                self._wake.set()

    async def _catch_up(self) -> None:
        """Read again what others changed, and forget calls that are over."""
        (stale, self._stale), (is_all, self._is_all_stale) = (self._stale, set()), (self._is_all_stale, False)
        try:
            found = await self._store.read(consents.open_ones)
        except StoreUnavailable:
            self._stale, self._is_all_stale = self._stale | stale, self._is_all_stale or is_all
            raise
        for call_id in list(found.keys() | self._known.keys()) if is_all else stale:
            if call_id in found:
                self._bring(call_id, found[call_id])
                await self._rooms.send_data(call_id, b"{}", topic=TOPIC)
            else:
                self._known.pop(call_id, None)


def _must(is_allowed: bool, person: Person, sheet: CallSheet) -> None:
    if not is_allowed:
        if not people.may_see_call(person, sheet.facts):
            raise CallUnknown
        raise Forbidden if sheet.facts.is_open else CallClosed


def _for_whom(session: Session, speaker: Speaker, call_id: str, whom: str) -> tuple[CallSheet, str]:
    """The call, and what the person is called for whom this speaker speaks; raises as `answer`."""
    sheet = calls.sheet(session, call_id)
    if whom == speaker.identity:
        return sheet, speaker.name
    if isinstance(speaker, Guest) or people.is_staff_identity(whom):  # colleagues answer for themselves
        raise Forbidden
    _must(people.may_enter_consent(speaker, sheet.facts), speaker, sheet)
    return sheet, _name(session, sheet, whom)


def _name(session: Session, sheet: CallSheet, identity: str) -> str:
    known = {member.identity: member.name for member in sheet.members}
    known |= {guest.identity: guest.name for guest in _guests(session, sheet.call.id)}
    if identity not in known:
        raise ParticipantUnknown
    return known[identity]


def _guests(session: Session, call_id: str) -> tuple[Guest, ...]:
    return tuple(link.guest() for link in invitations.of_call(session, call_id))


def _agreed(session: Session, call_id: str) -> Agreed:
    rows = consents.of_call(session, call_id)
    names = {row.by: row.by_name for row in rows}
    found = Agreement(row.event() for row in rows)
    return Agreed(calls.sheet(session, call_id), _guests(session, call_id), found, names)


def _record(
    session: Session,
    call_id: str,
    events: Sequence[ConsentEvent],
    who: tuple[str, Speaker, str],
    reading: consents.Reading = UNREAD,
) -> None:
    """The steps, then their rows in the log."""
    name, speaker, address = who
    for event in events:
        consents.record(session, call_id, event, (name, speaker.name), reading)
    for event in events:
        log_consent(session, speaker, address, call_id, event)


def log_consent(session: Session, who: Speaker, address: str, call_id: str, event: ConsentEvent) -> None:
    """One step in the access log: the purpose, and whose it is where that is not who acts."""
    whose = f" {event.identity}" if event.is_aloud and event.identity else ""
    action, detail = Action(f"consent.{event.step.value}"), event.purpose.value + whose
    access_log.acted(session, who, address, action, call_id, event.at, detail)
