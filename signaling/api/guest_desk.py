"""What guests do with a link: look at it, go in, leave; and who with a room token may still enter.

A wrong code and a link that never existed get the same answer. Wrong codes cost the address a token of a
small bucket, so guessing stops long before it could matter, and stops filling the access log.
"""

from dataclasses import dataclass

from field_assist import (
    CallClosed,
    CallSheet,
    CallUnknown,
    Guest,
    Session,
    StaffUnknown,
    Store,
    calls,
    people,
    staff,
)
from signaling.accounts import access_log, invitations
from signaling.accounts.access_log import Action, Actor, Entry
from signaling.accounts.invitations import Invitation, InvitationExpired, InvitationRevoked, InvitationUnknown
from signaling.accounts.sign_in import NOBODY
from signaling.accounts.vault import Vault
from signaling.api.wrong_codes import WrongCodes
from signaling.clock import Clock
from signaling.rtc.tokens import Grants


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that opens its call."""

    invitation: Invitation
    sheet: CallSheet


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A guest who went in; the token goes into the cookie and nowhere else."""

    guest: Guest
    invitation: Invitation
    sheet: CallSheet
    token: str


class GuestDesk:
    """All of it; one per installation."""

    def __init__(self, store: Store, vault: Vault, clock: Clock) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._wrong_codes = WrongCodes(clock)

    async def look(self, code: str, address: str) -> OpenLink:
        """What the landing page shows. Raises RateLimited, InvitationUnknown and what else is in the way."""
        self._wrong_codes.check(address)
        try:
            return await self._store.read(lambda session: self._open_link(session, code))
        except (InvitationUnknown, InvitationExpired, InvitationRevoked, CallClosed) as refusal:
            await self._note_refusal(code, address, refusal)
            raise

    async def redeem(self, code: str, shown_name: str, address: str) -> Redeemed:
        """Go in. Raises like `look`."""
        self._wrong_codes.check(address)
        at = self._clock.wall()

        def work(session: Session) -> Redeemed:
            link = self._open_link(session, code)
            token = invitations.redeem(session, self._vault, link.invitation, shown_name, at)
            guest = link.invitation.guest()
            actor = Actor(guest.identity, address)
            entry = Entry(actor, Action.INVITATION_REDEEMED, link.invitation.id, detail=guest.call_id)
            access_log.append(session, entry, at)
            return Redeemed(guest, link.invitation, link.sheet, token)

        try:
            return await self._store.write(work)
        except (InvitationUnknown, InvitationExpired, InvitationRevoked, CallClosed) as refusal:
            await self._note_refusal(code, address, refusal)
            raise

    async def guest_of(self, token: str) -> Guest:
        """Whose guest session a cookie is; raises GuestSessionEnded."""
        at = self._clock.wall()
        return await self._store.read(lambda session: invitations.guest_of(session, self._vault, token, at))

    async def leave(self, guest: Guest, token: str, address: str) -> None:
        """End the guest session; the link stays good."""
        at = self._clock.wall()

        def work(session: Session) -> None:
            invitations.leave(session, self._vault, token)
            access_log.acted(session, guest, address, Action.GUEST_LEFT, guest.call_id, at)

        await self._store.write(work)

    async def admit(self, grants: Grants) -> bool:
        """Whether the holder of a valid room token may (still) connect.

        A token outlives its reason by hours, so the reason is asked again: the call must be open, the link
        not revoked, the member of staff active and allowed. Rooms that are no calls belong to whoever holds
        the API key, as with any LiveKit server.
        """
        at = self._clock.wall()

        def work(session: Session) -> bool:
            try:
                sheet = calls.sheet(session, grants.room)
            except CallUnknown:
                return True
            kind, _, subject = grants.identity.partition("-")
            if not sheet.facts.is_open:
                return False
            if kind == "G":
                return invitations.may_enter(session, subject, grants.room, at)
            if kind == "S":
                try:
                    return people.may_join_call(staff.active(session, subject).person(), sheet.facts)
                except StaffUnknown:
                    return False
            return True

        return await self._store.read(work)

    def csrf_token(self, token: str) -> str:
        """The token unsafe requests of this guest session carry."""
        return self._vault.digest(token, "guest csrf")

    def _open_link(self, session: Session, code: str) -> OpenLink:
        invitation = invitations.by_code(session, self._vault, code)
        sheet = calls.sheet(session, invitation.call_id)
        invitations.must_open(invitation, sheet, self._clock.wall())
        return OpenLink(invitation, sheet)

    async def _note_refusal(self, code: str, address: str, refusal: Exception) -> None:
        if isinstance(refusal, InvitationUnknown):
            self._wrong_codes.count(address)
        at = self._clock.wall()
        reason = type(refusal).__name__.removeprefix("Invitation").lower()

        def work(session: Session) -> None:
            try:
                object_id = invitations.by_code(session, self._vault, code).id
            except InvitationUnknown:
                object_id = ""
            actor = Actor(NOBODY, address)
            access_log.append(session, Entry(actor, Action.INVITATION_REFUSED, object_id, False, reason), at)

        await self._store.write(work)
