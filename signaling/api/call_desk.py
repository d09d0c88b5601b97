"""What staff do with calls: start, join, end, add colleagues, invite guests, talk in the chat.

Each act is one transaction of rule, row and access-log row; only after it was committed are the room and
the event streams told. The rules themselves are `field_assist.people`'s.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from field_assist import (
    CallClosed,
    CallSheet,
    CallUnknown,
    Guest,
    NotAConversationPartner,
    Person,
    Session,
    Store,
    calls,
    people,
    sharing,
    staff,
)
from signaling.accounts import access_log, invitations
from signaling.accounts.access_log import Action, Entry
from signaling.accounts.invitations import Invitation, InvitationUnknown, NewInvitation
from signaling.accounts.vault import Vault
from signaling.api.event_streams import EventHub, OfCall
from signaling.api.live_rooms import LiveRooms
from signaling.clock import Clock
from signaling.rtc import tokens

CALLS_CHANGED = "calls"


class Forbidden(Exception):
    """The person may know of the thing, but not do this to it."""


@dataclass(frozen=True, slots=True)
class RoomKey:
    """What room tokens are signed with, and how long they live."""

    api_key: str
    api_secret: str
    ttl_s: int


@dataclass(frozen=True, slots=True)
class CallState:
    """A call with its people and links, read in one transaction."""

    sheet: CallSheet
    links: tuple[Invitation, ...]


class CallDesk:
    """All of it; one per installation. `address` is where the acting person's request came from."""

    def __init__(
        self, store: Store, vault: Vault, rooms: LiveRooms, hub: EventHub, clock: Clock, key: RoomKey
    ) -> None:
        self._store = store
        self._vault = vault
        self._rooms = rooms
        self._hub = hub
        self._clock = clock
        self._key = key

    async def listing(self, person: Person) -> list[CallState]:
        """Live calls and today's, as far as this person may see them."""
        at = self._clock.wall()

        def work(session: Session) -> list[CallState]:
            sheets = calls.visible(session, person, at)
            seen = [entry for entry in sheets if people.may_see_call(person, entry.facts)]
            links = invitations.of_calls(session, [entry.call.id for entry in seen])
            return [CallState(entry, tuple(links.get(entry.call.id, ()))) for entry in seen]

        return await self._store.read(work)

    async def read(
        self, person: Person, call_id: str, rule: people.CallRule = people.may_see_call
    ) -> CallState:
        """One call; raises CallUnknown also for one this person may not see, and as `rule` has it."""
        return await self._store.read(lambda session: _state(session, person, call_id, rule))

    async def start(
        self,
        person: Person,
        new: calls.NewCall,
        address: str,
        also: Callable[[Session, CallSheet], None] | None = None,
    ) -> CallState:
        """Open a call, and do in the same transaction what `also` does with it; raises Forbidden."""
        if not people.may_start_call(person):
            raise Forbidden
        at = self._clock.wall()

        def work(session: Session) -> CallState:
            sheet = calls.start(session, person, new, at)
            if also is not None:  # before the log, whose critical section comes last everywhere
                also(session, sheet)
            access_log.acted(session, person, address, Action.CALL_STARTED, sheet.call.id, at)
            return CallState(sheet, ())

        return self._published(await self._store.write(work))

    async def join(self, person: Person, call_id: str, address: str) -> CallState:
        """Enter an open call and become a member of it; raises CallUnknown, CallClosed, Forbidden."""
        at = self._clock.wall()

        def work(session: Session) -> CallState:
            _state(session, person, call_id, people.may_join_call)
            calls.add_member(session, call_id, person.id, person.id, at)
            access_log.acted(session, person, address, Action.CALL_JOIN, call_id, at)
            return _state(session, person, call_id, people.may_join_call)

        return self._published(await self._store.write(work))

    async def add_member(self, person: Person, call_id: str, staff_id: str, address: str) -> CallState:
        """Add a colleague; raises StaffUnknown and NotAConversationPartner too."""
        at = self._clock.wall()

        def work(session: Session) -> CallState:
            _state(session, person, call_id, people.may_add_member)
            colleague = staff.active(session, staff_id).person()
            if not people.may_be_member(colleague):
                raise NotAConversationPartner
            if calls.add_member(session, call_id, staff_id, person.id, at):
                access_log.acted(
                    session, person, address, Action.CALL_MEMBER_ADDED, call_id, at, detail=staff_id
                )
            return _state(session, person, call_id, people.may_add_member)

        return self._published(await self._store.write(work))

    async def end(self, person: Person, call_id: str, address: str) -> CallState:
        """End the call for everybody; ending an ended one changes nothing."""
        at = self._clock.wall()

        def work(session: Session) -> CallState:
            _state(session, person, call_id, people.may_end_call)
            if calls.end(session, call_id, at):
                access_log.acted(session, person, address, Action.CALL_ENDED, call_id, at)
            return _state(session, person, call_id, people.may_end_call)

        state = await self._store.write(work)
        await self._rooms.delete_room(call_id)
        return self._published(state)

    async def invite(self, person: Person, call_id: str, new: NewInvitation, address: str) -> Invitation:
        """Make a guest's link; raises OrganisationUnknown too."""
        at = self._clock.wall()

        def work(session: Session) -> tuple[Invitation, CallState]:
            _state(session, person, call_id, people.may_invite)
            if new.organisation_id is not None:
                sharing.organisation(session, new.organisation_id)
            link = invitations.create(session, self._vault, call_id, new, person.id, at)
            access_log.acted(session, person, address, Action.INVITATION_CREATED, link.id, at, call_id)
            return link, _state(session, person, call_id, people.may_invite)

        link, state = await self._store.write(work)
        self._published(state)
        return link

    async def links(self, person: Person, call_id: str) -> list[Invitation]:
        """All links of a call."""
        state = await self._store.read(
            lambda session: _state(session, person, call_id, people.may_see_invitations)
        )
        return list(state.links)

    async def revoke(self, person: Person, invitation_id: str, address: str) -> Invitation:
        """Close a link and send its guest out of the room; raises InvitationUnknown."""
        at = self._clock.wall()

        def work(session: Session) -> tuple[Invitation, CallState]:
            link = invitations.by_id(session, invitation_id)
            try:
                _state(session, person, link.call_id, people.may_revoke_invitation)
            except CallUnknown:
                raise InvitationUnknown from None  # whoever may not see the call learns nothing of its links
            if invitations.revoke(session, link, at):
                access_log.acted(
                    session, person, address, Action.INVITATION_REVOKED, link.id, at, detail=link.call_id
                )
            return link, _state(session, person, link.call_id, people.may_revoke_invitation)

        link, state = await self._store.write(work)
        await self._rooms.remove_participant(link.call_id, link.guest().identity)
        self._published(state)
        return link

    async def messages(self, speaker: Person | Guest, call_id: str) -> list[calls.ChatMessage]:
        """The chat so far."""

        def work(session: Session) -> list[calls.ChatMessage]:
            _may_chat(session, speaker, call_id)
            return calls.messages(session, call_id)

        return await self._store.read(work)

    async def say(self, speaker: Person | Guest, call_id: str, text: str) -> calls.ChatMessage:
        """Store a chat line; the caller sends it to the room once it is on its way in the API's shape."""
        at = self._clock.wall()
        sender = calls.Sender(speaker.identity, speaker.name, speaker.role)

        def work(session: Session) -> calls.ChatMessage:
            if not _may_chat(session, speaker, call_id).facts.is_open:
                raise CallClosed
            return calls.say(session, call_id, sender, text, at)

        return await self._store.write(work)

    def room_token(self, speaker: Person | Guest, call_id: str, *, is_listener: bool = False) -> str:
        """A token for the call's room; mint it only after a rule let the speaker in.

        A listener sends nothing, and everybody sees that they listen.
        """
        attributes = {"genba.role": speaker.role.value}
        if isinstance(speaker, Person):
            attributes |= {
                "genba.post": speaker.post,
                "genba.department": speaker.department,
                "genba.office": speaker.office,
                "genba.kana": speaker.kana,
            }
        if is_listener:
            attributes["genba.listening"] = "1"
        return tokens.mint(
            api_key=self._key.api_key,
            api_secret=self._key.api_secret,
            identity=speaker.identity,
            name=speaker.name,
            room=call_id,
            now=self._clock.wall().timestamp(),
            ttl_s=self._key.ttl_s,
            attributes=attributes,
            can_publish=not is_listener,
            can_publish_data=not is_listener,
        )

    def _published(self, state: CallState) -> CallState:
        publish_change(self._hub, state.sheet)
        return state


def publish_change(hub: EventHub, sheet: CallSheet) -> None:
    """Tell everybody whom this call concerns to look again; a closed one still concerns its specialists."""
    hub.publish(CALLS_CHANGED, OfCall(sheet.facts))


async def close_abandoned(store: Store, rooms: LiveRooms, at: datetime, after: timedelta) -> int:
    """Housekeeping: end calls that were started long ago and in which nobody is; answers how many."""
    candidates = await store.read(calls.still_open)
    abandoned = [
        entry.call.id
        for entry in candidates
        if at - entry.call.started_at > after and not rooms.participants(entry.call.id)
    ]

    def work(session: Session) -> int:
        ended = [call_id for call_id in abandoned if calls.end(session, call_id, at)]
        for call_id in ended:
            entry = Entry(access_log.SYSTEM, Action.CALL_ENDED, object=call_id, reason="abandoned")
            access_log.append(session, entry, at)
        return len(ended)

    return await store.write(work) if abandoned else 0


def _state(session: Session, person: Person, call_id: str, rule: people.CallRule) -> CallState:
    """The call when the rule allows it; raises CallUnknown, CallClosed or Forbidden."""
    sheet = calls.sheet(session, call_id)
    if not rule(person, sheet.facts):
        if not people.may_see_call(person, sheet.facts):
            raise CallUnknown
        raise Forbidden if sheet.facts.is_open else CallClosed
    return CallState(sheet, tuple(invitations.of_call(session, call_id)))


def _may_chat(session: Session, speaker: Person | Guest, call_id: str) -> CallSheet:
    sheet = calls.sheet(session, call_id)
    if isinstance(speaker, Guest):
        is_allowed = people.guest_may_chat(speaker, sheet.facts)
    else:
        is_allowed = people.may_chat(speaker, sheet.facts)
    if not is_allowed:
        raise CallUnknown
    return sheet
