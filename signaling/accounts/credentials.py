"""Accounts of staff: password hash, one-time-password secret, recovery codes, sign-in sessions, tallies.

Tables and the administrator's operations on them. The secret is sealed by the vault, tokens and recovery
codes are kept as digests only. How one signs in is `sign_in`'s.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import pyotp
from sqlmodel import Field, Session, SQLModel, col, delete, select

from field_assist import NewStaff, Staff, UtcDateTime, staff, staff_list
from signaling.accounts import access_log, one_time_codes
from signaling.accounts.access_log import Action, Actor, Entry
from signaling.accounts.lockout import Tally
from signaling.accounts.vault import Vault

OTP_SECRET_BYTES = 20
"""RFC 4226 section 4 (R6) recommends 160 bits."""


class Stage(StrEnum):
    """How far a sign-in session has come; only `full` opens anything."""

    OTP = "otp"
    ENROL = "enrol"
    FULL = "full"


class Credential(SQLModel, table=True):
    """What proves a member of staff; `otp_secret` is None until enrolled."""

    __tablename__ = "credential"

    staff_id: str = Field(primary_key=True, foreign_key="staff.id", max_length=26)
    password_hash: str
    otp_secret: str | None = None
    pending_otp_secret: str | None = None
    last_used_step: int | None = None
    enrolled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_signed_in_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RecoveryCode(SQLModel, table=True):
    """One unused recovery code; using it deletes the row."""

    __tablename__ = "recovery_code"

    digest: str = Field(primary_key=True, max_length=64)
    staff_id: str = Field(foreign_key="staff.id", index=True, max_length=26)
    created_at: datetime = Field(sa_type=UtcDateTime)


class SignIn(SQLModel, table=True):
    """A sign-in session; the browser holds the token, we hold its digest."""

    __tablename__ = "sign_in"

    token_digest: str = Field(primary_key=True, max_length=64)
    staff_id: str = Field(foreign_key="staff.id", index=True, max_length=26)
    stage: str = Field(max_length=8)
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class GuessTally(SQLModel, table=True):
    """Failures of one subject (digest of a staff number, an address); see `lockout`."""

    __tablename__ = "guess_tally"

    subject: str = Field(primary_key=True, max_length=80)
    failures: int
    last_failed_at: datetime = Field(sa_type=UtcDateTime, index=True)
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def tally(self) -> Tally:
        """The value the lock-out rules work on."""
        return Tally(self.failures, self.last_failed_at, self.locked_until)


class Installation(SQLModel, table=True):
    """The one row about this installation itself."""

    __tablename__ = "installation"

    id: int = Field(primary_key=True, default=1)
    is_demo: bool = False


Act = Callable[[Session, str, Actor, datetime], Staff]
"""An administrator's act on the account of a staff id."""


class ResetYourself(Exception):
    """Nobody resets the own one-time password."""


@dataclass(frozen=True, slots=True)
class Account:
    """A row of the staff administration."""

    staff: Staff
    credential: Credential | None
    locked_until: datetime | None
    recovery_codes_left: int


def add(session: Session, new: NewStaff, password_hash: str, actor: Actor, at: datetime) -> Staff:
    """Create a member of staff who will enrol at the first sign-in; raises StaffExists."""
    created = staff.add(session, new, at)
    session.add(Credential(staff_id=created.id, password_hash=password_hash))
    session.flush()
    access_log.append(session, Entry(actor, Action.STAFF_ADDED, object=created.id), at)
    return created


def take_in(
    session: Session, rows: Sequence[staff_list.Row], hashes: Mapping[str, str], actor: Actor, at: datetime
) -> tuple[int, int]:
    """A whole staff list: new accounts, with `hashes` of first passwords by number, and changed ones.

    Answers how many of each; whoever is not in the list stays as they are.
    """
    added: dict[str, Staff] = {}
    changed: set[str] = set()
    members: dict[str, Staff] = {}
    for row in rows:
        number = row.new.staff_no
        member = staff.by_number(session, number)
        if member is None:
            member = added[number] = add(session, row.new, hashes[number], actor, at)
        elif staff.change(session, member, row.new):
            changed.add(number)
        members[number] = member
    for row in rows:
        ids = [_id_of(session, members, number) for number in (row.boss_no, *row.deputy_nos)]
        deputies = [found for found in ids[1:] if found is not None]
        if staff.answer_to(session, members[row.new.staff_no], ids[0], deputies):
            changed.add(row.new.staff_no)
    for number in sorted(changed - added.keys()):
        access_log.append(session, Entry(actor, Action.STAFF_CHANGED, object=members[number].id), at)
    return len(added), len(changed - added.keys())


def _id_of(session: Session, members: Mapping[str, Staff], number: str) -> str | None:
    member = members.get(number) or (staff.by_number(session, number) if number else None)
    return member.id if member is not None else None


def enrol(session: Session, vault: Vault, staff_id: str, secret: str, at: datetime) -> list[str]:
    """Make `secret` the one that counts and replace the recovery codes, which are answered this once."""
    credential = credential_of(session, staff_id)
    credential.otp_secret = vault.seal(secret, otp_context(staff_id))
    credential.pending_otp_secret = None
    credential.enrolled_at = at
    session.add(credential)
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.staff_id) == staff_id))
    codes = [
        one_time_codes.format_recovery_code(secrets.token_bytes(one_time_codes.RECOVERY_CODE_BYTES))
        for _ in range(one_time_codes.RECOVERY_CODE_COUNT)
    ]
    for code in codes:
        digest = recovery_digest(vault, staff_id, one_time_codes.recovery_code(code))
        session.add(RecoveryCode(digest=digest, staff_id=staff_id, created_at=at))
    session.flush()
    return codes


def new_otp_secret() -> str:
    """A fresh base32 secret of 160 bits."""
    return pyotp.random_base32(OTP_SECRET_BYTES * 8 // 5)


def reset_otp(session: Session, staff_id: str, actor: Actor, at: datetime) -> Staff:
    """Forget authenticator and recovery codes and end all sessions: the next sign-in enrols again."""
    member = staff.active(session, staff_id)
    if actor.id == member.person().identity:
        raise ResetYourself
    credential = credential_of(session, staff_id)
    credential.otp_secret = credential.pending_otp_secret = credential.enrolled_at = None
    credential.last_used_step = None
    session.add(credential)
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.staff_id) == staff_id))
    end_sessions(session, staff_id)
    access_log.append(session, Entry(actor, Action.OTP_RESET, object=staff_id), at)
    return member


def unlock(session: Session, vault: Vault, staff_id: str, actor: Actor, at: datetime) -> Staff:
    """Forget the account's failures."""
    member = staff.active(session, staff_id)
    tally = session.get(GuessTally, account_subject(vault, member.staff_no))
    if tally is not None:
        session.delete(tally)
        session.flush()
    access_log.append(session, Entry(actor, Action.STAFF_UNLOCKED, object=staff_id), at)
    return member


def disable(session: Session, staff_id: str, actor: Actor, at: datetime) -> Staff:
    """The person left: no sign-in any more, all sessions end; records keep pointing at the row."""
    member = staff.active(session, staff_id)
    member.disabled_at = at
    session.add(member)
    end_sessions(session, staff_id)
    access_log.append(session, Entry(actor, Action.STAFF_DISABLED, object=staff_id), at)
    return member


def end_sessions(session: Session, staff_id: str) -> None:
    """Sign somebody out everywhere."""
    session.exec(delete(SignIn).where(col(SignIn.staff_id) == staff_id))
    session.flush()


def listing(session: Session, vault: Vault) -> list[Account]:
    """Everybody with the state of their account."""
    credentials = {row.staff_id: row for row in session.exec(select(Credential))}
    codes = list(session.exec(select(RecoveryCode.staff_id)))
    tallies = {row.subject: row for row in session.exec(select(GuessTally))}
    accounts = []
    for member in staff.everybody(session):
        tally = tallies.get(account_subject(vault, member.staff_no))
        locked_until = tally.locked_until if tally else None
        accounts.append(Account(member, credentials.get(member.id), locked_until, codes.count(member.id)))
    return accounts


def account(session: Session, vault: Vault, staff_id: str) -> Account:
    """One row of `listing`."""
    return next(entry for entry in listing(session, vault) if entry.staff.id == staff_id)


def credential_of(session: Session, staff_id: str) -> Credential:
    """The credential row, which every member of staff has; raises StaffUnknown."""
    credential = session.get(Credential, staff_id)
    if credential is None:
        raise staff.StaffUnknown
    return credential


def is_demo(session: Session) -> bool:
    """Whether this database holds demo data, whose passwords everybody knows."""
    row = session.get(Installation, 1)
    return row is not None and row.is_demo


def account_subject(vault: Vault, staff_no: str) -> str:
    """The tally key of a staff number, existing or not: both lock alike and tell nothing."""
    return "account:" + vault.digest(staff_no, "tally")


def otp_context(staff_id: str) -> str:
    """Where the vault binds a one-time-password secret to."""
    return f"credential.otp_secret/{staff_id}"


def recovery_digest(vault: Vault, staff_id: str, code: str) -> str:
    """What is kept of a recovery code; the same characters of two people differ."""
    return vault.digest(f"{staff_id}/{code}", "recovery code")
