"""Invitations: a personal link that lets one guest into one call, until it expires or is revoked.

The code is 22 characters of base58: 128.9 random bits, too many to guess, few enough for a QR code and an
SMS, and without `-` or `_`, which break links at the end of a message. The database keeps its digest to
find it, and the code itself sealed by the vault, because staff must be able to show the QR code again;
without the key file neither opens anything.

States: open (not used yet), used (the guest came; the same link lets the same guest come back until it
expires), expired, revoked. One link is one identity in the room. A guest session is a cookie for one
invitation; it ends with the call, with revocation, or after some hours.
"""

import io
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import segno
from sqlmodel import Field, Session, SQLModel, col, delete, select

from field_assist import CallClosed, CallSheet, Guest, Role, UtcDateTime, calls, new_id
from signaling.accounts.vault import Vault

CODE_LENGTH = 22
DEFAULT_EXPIRY_S = 24 * 3600
GUEST_SESSION_S = 12 * 3600

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class InvitationState(StrEnum):
    """What a link still opens."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


class InvitationUnknown(Exception):
    """No such code, or none this person may know of."""


class InvitationExpired(Exception):
    """The link was good once; ask for a new one."""


class InvitationRevoked(Exception):
    """Staff took the link back."""


class GuestSessionEnded(Exception):
    """No guest session, or it ended."""


class Invitation(SQLModel, table=True):
    """One link. `name` is what staff called the guest, `shown_name` what the guest wants to be called."""

    __tablename__ = "invitation"

    id: str = Field(primary_key=True, max_length=26)
    call_id: str = Field(foreign_key="call.id", index=True, max_length=26)
    code_digest: str = Field(unique=True, index=True, max_length=64)
    code_sealed: str
    name: str
    shown_name: str
    kind: str
    language: str
    created_by: str = Field(foreign_key="staff.id", max_length=26)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    first_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    organisation_id: str | None = Field(default=None, max_length=26)

    def state(self, at: datetime) -> InvitationState:
        """What the link opens at time `at`."""
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        if self.expires_at <= at:
            return InvitationState.EXPIRED
        return InvitationState.USED if self.first_used_at is not None else InvitationState.OPEN

    def guest(self) -> Guest:
        """The guest this link makes of whoever holds it."""
        return Guest(self.id, self.call_id, self.shown_name, Role(self.kind), self.organisation_id)


class GuestSession(SQLModel, table=True):
    """A guest's browser; the cookie holds the token, we hold its digest."""

    __tablename__ = "guest_session"

    token_digest: str = Field(primary_key=True, max_length=64)
    invitation_id: str = Field(foreign_key="invitation.id", index=True, max_length=26)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """For whom, as what, in which language, for how long, for a partner from which organisation.

    `code` where the link is known already.
    """

    name: str
    kind: Role
    language: str = "ja"
    expires_in_s: int = DEFAULT_EXPIRY_S
    organisation_id: str | None = None
    code: str = ""


def create(
    session: Session, vault: Vault, call_id: str, new: NewInvitation, created_by: str, at: datetime
) -> Invitation:
    """Make a link for a call."""
    invitation_id, code = new_id(at), new.code or new_code()
    invitation = Invitation(
        id=invitation_id,
        call_id=call_id,
        code_digest=code_digest(vault, code),
        code_sealed=vault.seal(code, _context(invitation_id)),
        name=new.name,
        shown_name=new.name,
        kind=new.kind.value,
        language=new.language,
        created_by=created_by,
        created_at=at,
        expires_at=at + timedelta(seconds=new.expires_in_s),
        organisation_id=new.organisation_id,
    )
    session.add(invitation)
    session.flush()
    return invitation


def code_of(vault: Vault, invitation: Invitation) -> str:
    """The code, to show the link again to staff."""
    return vault.open(invitation.code_sealed, _context(invitation.id))


def of_call(session: Session, call_id: str) -> list[Invitation]:
    """All links of a call, oldest first."""
    query = select(Invitation).where(Invitation.call_id == call_id)
    return list(session.exec(query.order_by(col(Invitation.created_at), col(Invitation.id))))


def of_calls(session: Session, call_ids: list[str]) -> dict[str, list[Invitation]]:
    """All links of several calls."""
    found: dict[str, list[Invitation]] = {}
    query = select(Invitation).where(col(Invitation.call_id).in_(call_ids))
    for row in session.exec(query.order_by(col(Invitation.created_at), col(Invitation.id))):
        found.setdefault(row.call_id, []).append(row)
    return found


def by_code(session: Session, vault: Vault, typed: str) -> Invitation:
    """The link with this code, in whatever state; raises InvitationUnknown."""
    if not is_code(typed):
        raise InvitationUnknown
    query = select(Invitation).where(Invitation.code_digest == code_digest(vault, typed))
    invitation = session.exec(query).first()
    if invitation is None:
        raise InvitationUnknown
    return invitation


def by_id(session: Session, invitation_id: str) -> Invitation:
    """The link with this id; raises InvitationUnknown."""
    invitation = session.get(Invitation, invitation_id)
    if invitation is None:
        raise InvitationUnknown
    return invitation


def must_open(invitation: Invitation, call: CallSheet, at: datetime) -> None:
    """Raise what is in the way: InvitationRevoked, InvitationExpired, CallClosed."""
    match invitation.state(at):
        case InvitationState.REVOKED:
            raise InvitationRevoked
        case InvitationState.EXPIRED:
            raise InvitationExpired
    if not call.facts.is_open:
        raise CallClosed


def redeem(session: Session, vault: Vault, invitation: Invitation, shown_name: str, at: datetime) -> str:
    """Let the guest in: answers the token of a new guest session. `must_open` was asked before."""
    invitation.first_used_at = invitation.first_used_at or at
    invitation.shown_name = shown_name or invitation.shown_name
    session.add(invitation)
    token = secrets.token_urlsafe(32)
    session.add(
        GuestSession(
            token_digest=vault.digest(token, "guest"),
            invitation_id=invitation.id,
            created_at=at,
            expires_at=at + timedelta(seconds=GUEST_SESSION_S),
        )
    )
    session.flush()
    return token


def guest_of(session: Session, vault: Vault, token: str, at: datetime) -> Guest:
    """Whose guest session a cookie is; raises GuestSessionEnded."""
    row = session.get(GuestSession, vault.digest(token, "guest"))
    if row is None or row.expires_at <= at:
        raise GuestSessionEnded
    invitation = session.get(Invitation, row.invitation_id)
    if invitation is None or invitation.revoked_at is not None:
        raise GuestSessionEnded
    if not calls.sheet(session, invitation.call_id).facts.is_open:
        raise GuestSessionEnded
    return invitation.guest()


def leave(session: Session, vault: Vault, token: str) -> None:
    """End one guest session; the link stays good."""
    session.exec(delete(GuestSession).where(col(GuestSession.token_digest) == vault.digest(token, "guest")))


def revoke(session: Session, invitation: Invitation, at: datetime) -> bool:
    """Close the link and its guest sessions; False when it was revoked already."""
    if invitation.revoked_at is not None:
        return False
    invitation.revoked_at = at
    session.add(invitation)
    session.exec(delete(GuestSession).where(col(GuestSession.invitation_id) == invitation.id))
    session.flush()
    return True


def may_enter(session: Session, invitation_id: str, call_id: str, at: datetime) -> bool:
    """Whether a guest with a room token may (still) connect: not revoked, and the link good or in use."""
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.call_id != call_id or invitation.revoked_at is not None:
        return False
    if invitation.expires_at > at:
        return True
    query = select(GuestSession).where(
        GuestSession.invitation_id == invitation_id, col(GuestSession.expires_at) > at
    )
    return session.exec(query).first() is not None


def forget_old(session: Session, at: datetime) -> None:
    """Housekeeping: guest sessions that ended."""
    session.exec(delete(GuestSession).where(col(GuestSession.expires_at) <= at))


def new_code() -> str:
    """A fresh code."""
    return "".join(secrets.choice(_BASE58) for _ in range(CODE_LENGTH))


def is_code(typed: str) -> bool:
    """Whether it can be a code at all."""
    return len(typed) == CODE_LENGTH and all(character in _BASE58 for character in typed)


def code_digest(vault: Vault, code: str) -> str:
    """What the database finds a code by."""
    return vault.digest(code, "invitation")


def qr_svg(text: str, title: str) -> str:
    """A QR code as an SVG element that scales to its container, with a name for screen readers."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(
        drawn, kind="svg", border=4, omitsize=True, xmldecl=False, title=title, light="#fff"
    )
    return drawn.getvalue().decode().strip()


def _context(invitation_id: str) -> str:
    return f"invitation.code/{invitation_id}"
