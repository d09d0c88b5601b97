"""Signing in: password, then a one-time code (or enrolment, the first time), then a session that is `full`.

The rules of guessing are `lockout`'s, those of codes `one_time_codes`'; this module gives them the database.
Every attempt is counted in its own transaction before anything is verified (see `lockout`), unknown staff
numbers take the same path, time and locks as known ones, and each step up changes the session's token, so a
token seen early is worth nothing later. Judgements travel out of a transaction as values and are raised
only after it was committed: a refusal must not roll back its own count and log row.
"""

import ipaddress
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlmodel import Session, col, delete, func, or_, select

from field_assist import Person, Store, exclusive, staff
from signaling.accounts import access_log, credentials, lockout, one_time_codes
from signaling.accounts.access_log import Action, Actor, Entry
from signaling.accounts.credentials import GuessTally, RecoveryCode, SignIn, Stage
from signaling.accounts.lockout import ACCOUNT_POLICY, ADDRESS_POLICY, LockoutPolicy, Tally
from signaling.accounts.passwords import Passwords
from signaling.accounts.policy import SignInPolicy
from signaling.accounts.vault import Vault
from signaling.clock import Clock

T = TypeVar("T")

TOUCH_AFTER_S = 60
"""`last_seen_at` is written at most this often, so that reading stays reading."""

NOBODY = "nobody"


class SignInFailed(Exception):
    """Staff number or password is wrong, or the person left; which of them is not told."""


class SignInLocked(Exception):
    """Too many failures of this account or address."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("locked")
        self.retry_after_s = retry_after_s


class OtpWrong(Exception):
    """The code does not match; `attempts_left` more before a delay."""

    def __init__(self, attempts_left: int) -> None:
        super().__init__("wrong one-time code")
        self.attempts_left = attempts_left


class OtpUsed(Exception):
    """The code is right but was used before; the next one comes within 30 s."""


class SignedOut(Exception):
    """No session, or it ended."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session: the token goes into the cookie and nowhere else."""

    token: str
    stage: Stage
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose session a token is, and how far it has come."""

    token: str
    stage: Stage
    person: Person
    expires_at: datetime


class SignInDesk:
    """All of signing in; one per installation. `address` is the peer's IP address as text."""

    def __init__(
        self, store: Store, vault: Vault, passwords: Passwords, clock: Clock, policy: SignInPolicy
    ) -> None:
        self._store = store
        self._vault = vault
        self._passwords = passwords
        self._clock = clock
        self.policy = policy

    async def check_password(self, staff_no: str, password: str, address: str) -> Opened:
        """First factor; answers a session of stage otp or enrol. Raises SignInFailed, SignInLocked."""
        number = normal_staff_no(staff_no)
        at = self._clock.wall()
        known = await self._store.write(lambda session: self._count_attempt(session, number, address, at))
        if isinstance(known, SignInLocked):
            raise known
        is_right = await self._passwords.verify(known.password_hash, password)
        return _raise_or(await self._store.write(lambda s: self._judge_password(s, known, is_right, address)))

    async def session_of(self, token: str) -> SignedIn:
        """The session of a cookie; raises SignedOut."""
        at = self._clock.wall()
        digest = self._vault.digest(token, "sign in")
        row, member = await self._store.read(lambda session: _session_row(session, digest))
        if row is None or member is None or member.disabled_at is not None:
            raise SignedOut
        idle_until = row.last_seen_at + timedelta(seconds=self.policy.idle_s)
        if min(idle_until, row.expires_at) <= at:
            raise SignedOut
        if (at - row.last_seen_at).total_seconds() >= TOUCH_AFTER_S:
            await self._store.write(lambda session: _touch(session, digest, at))
        return SignedIn(token, Stage(row.stage), member.person(), row.expires_at)

    async def pending_secret(self, signed_in: SignedIn) -> str:
        """The secret to enrol, the same one until it is confirmed."""
        return await self._store.write(lambda session: self._pending(session, signed_in.person.id))

    async def confirm_enrolment(
        self, signed_in: SignedIn, typed: str, address: str
    ) -> tuple[Opened, list[str]]:
        """The first code of a new authenticator: answers the full session and the recovery codes."""

        def work(session: Session) -> tuple[Opened, list[str]] | Exception:
            at = self._clock.wall()
            person = signed_in.person
            secret = self._pending(session, person.id)
            verdict = self._judge_code(session, signed_in, typed, secret, address, at)
            if isinstance(verdict, Exception):
                return verdict
            codes = credentials.enrol(session, self._vault, person.id, secret, at)
            access_log.append(session, Entry(Actor(person.identity, address), Action.ENROLMENT), at)
            return self._open_full(session, signed_in, address, at, verdict), codes

        return _raise_or(await self._store.write(work))

    async def confirm_otp(self, signed_in: SignedIn, typed: str, address: str) -> Opened:
        """Second factor. Raises OtpWrong, OtpUsed, SignInLocked."""

        def work(session: Session) -> Opened | Exception:
            at = self._clock.wall()
            sealed = credentials.credential_of(session, signed_in.person.id).otp_secret
            if sealed is None:
                return SignedOut()  # an administrator reset it a moment ago
            secret = self._vault.open(sealed, credentials.otp_context(signed_in.person.id))
            verdict = self._judge_code(session, signed_in, typed, secret, address, at)
            if isinstance(verdict, Exception):
                return verdict
            return self._open_full(session, signed_in, address, at, verdict)

        return _raise_or(await self._store.write(work))

    async def step_up(self, signed_in: SignedIn, typed: str, address: str) -> datetime:
        """A fresh code of who is signed in, and when it came. Raises OtpWrong, OtpUsed, SignInLocked."""
        return _raise_or(
            await self._store.write(lambda session: self.judge_fresh(session, signed_in, typed, address))
        )

    def judge_fresh(
        self, session: Session, signed_in: SignedIn, typed: str, address: str
    ) -> datetime | Exception:
        """The same inside somebody's transaction, for an act that the code belongs to.

        A refusal is answered, not raised: the caller commits it, without the act, and raises it then.
        """
        at, person = self._clock.wall(), signed_in.person
        credential = credentials.credential_of(session, person.id)
        if credential.otp_secret is None:
            return SignedOut()  # an administrator reset it a moment ago
        secret = self._vault.open(credential.otp_secret, credentials.otp_context(person.id))
        verdict = self._judge_code(session, signed_in, typed, secret, address, at, Action.OTP_FRESH)
        if isinstance(verdict, Exception):
            return verdict
        self._forgive(session, self._subjects(person.staff_no, address), at)
        credential.last_used_step = verdict
        session.add(credential)
        access_log.append(session, Entry(Actor(person.identity, address), Action.OTP_FRESH), at)
        return at

    async def use_recovery_code(self, signed_in: SignedIn, typed: str, address: str) -> tuple[Opened, int]:
        """Second factor without the authenticator; the code is gone afterwards. Answers how many are left."""

        def work(session: Session) -> tuple[Opened, int] | Exception:
            at = self._clock.wall()
            staff_id = signed_in.person.id
            locked = self._count(session, self._subjects(signed_in.person.staff_no, address), at)
            if locked is not None:
                return locked
            code = one_time_codes.recovery_code(typed)
            row = session.get(RecoveryCode, credentials.recovery_digest(self._vault, staff_id, code))
            if row is None or row.staff_id != staff_id:
                return self._refuse_code(session, signed_in, address, at, Action.SIGN_IN_RECOVERY, "wrong")
            session.delete(row)
            session.flush()
            access_log.append(
                session, Entry(Actor(NOBODY, address), Action.SIGN_IN_RECOVERY, object=staff_id), at
            )
            left = session.exec(
                select(func.count()).select_from(RecoveryCode).where(RecoveryCode.staff_id == staff_id)
            ).one()
            return self._open_full(session, signed_in, address, at, None), left

        return _raise_or(await self._store.write(work))

    async def sign_out(self, signed_in: SignedIn, address: str) -> None:
        """End this session."""
        digest = self._vault.digest(signed_in.token, "sign in")
        at = self._clock.wall()

        def work(session: Session) -> None:
            session.exec(delete(SignIn).where(col(SignIn.token_digest) == digest))
            access_log.append(session, Entry(Actor(signed_in.person.identity, address), Action.SIGN_OUT), at)

        await self._store.write(work)

    def csrf_token(self, token: str) -> str:
        """The token unsafe requests of this session carry; derived, so nothing is stored."""
        return self._vault.digest(token, "csrf")

    # What follows runs inside transactions.

    def _count_attempt(
        self, session: Session, number: str, address: str, at: datetime
    ) -> "_Known | SignInLocked":
        locked = self._count(session, self._subjects(number, address), at)
        if locked is not None:
            return locked
        member = staff.by_number(session, number)
        if member is None or member.disabled_at is not None:
            return _Known(number, None, None)
        return _Known(number, member.id, credentials.credential_of(session, member.id).password_hash)

    def _judge_password(
        self, session: Session, known: "_Known", is_right: bool, address: str
    ) -> Opened | Exception:
        at = self._clock.wall()
        subjects = self._subjects(known.staff_no, address)
        actor = Actor(NOBODY, address)
        object_id = known.staff_id or ""
        if not is_right or known.staff_id is None:
            reason = "wrong_password" if known.staff_id else "unknown_staff"
            entry = Entry(actor, Action.SIGN_IN_PASSWORD, object=object_id, ok=False, reason=reason)
            access_log.append(session, entry, at)
            self._note_lock(session, subjects, actor, object_id, at)
            return SignInFailed()
        self._forgive(session, subjects, at)
        access_log.append(session, Entry(actor, Action.SIGN_IN_PASSWORD, object=object_id), at)
        is_enrolled = credentials.credential_of(session, known.staff_id).otp_secret is not None
        stage = Stage.OTP if is_enrolled else Stage.ENROL
        return self._open(session, known.staff_id, stage, at)

    def _pending(self, session: Session, staff_id: str) -> str:
        credential = credentials.credential_of(session, staff_id)
        context = credentials.otp_context(staff_id) + "/pending"
        if credential.pending_otp_secret is not None:
            return self._vault.open(credential.pending_otp_secret, context)
        secret = credentials.new_otp_secret()
        credential.pending_otp_secret = self._vault.seal(secret, context)
        session.add(credential)
        session.flush()
        return secret

    def _judge_code(
        self,
        session: Session,
        signed_in: SignedIn,
        typed: str,
        secret: str,
        address: str,
        at: datetime,
        action: Action = Action.SIGN_IN_OTP,
    ) -> int | Exception:
        locked = self._count(session, self._subjects(signed_in.person.staff_no, address), at)
        if locked is not None:
            return locked
        last_used = credentials.credential_of(session, signed_in.person.id).last_used_step
        verdict = one_time_codes.check(secret, typed, at, last_used)
        if verdict.kind != "ok":
            return self._refuse_code(session, signed_in, address, at, action, verdict.kind)
        return verdict.step

    def _refuse_code(
        self, session: Session, signed_in: SignedIn, address: str, at: datetime, action: Action, kind: str
    ) -> Exception:
        person, actor = signed_in.person, Actor(NOBODY, address)
        access_log.append(session, Entry(actor, action, object=person.id, ok=False, reason=kind), at)
        subjects = self._subjects(person.staff_no, address)
        self._note_lock(session, subjects, actor, person.id, at)
        if kind == "used":
            return OtpUsed()
        return OtpWrong(lockout.attempts_left(_tally(session, next(iter(subjects))), ACCOUNT_POLICY))

    def _open_full(
        self, session: Session, signed_in: SignedIn, address: str, at: datetime, step: int | None
    ) -> Opened:
        person = signed_in.person
        subjects = self._subjects(person.staff_no, address)
        self._forgive(session, subjects, at)
        account = session.get(GuessTally, next(iter(subjects)))
        if account is not None:
            session.delete(account)
        credential = credentials.credential_of(session, person.id)
        credential.last_used_step = step if step is not None else credential.last_used_step
        credential.last_signed_in_at = at
        session.add(credential)
        old = self._vault.digest(signed_in.token, "sign in")
        session.exec(delete(SignIn).where(col(SignIn.token_digest) == old))
        access_log.append(session, Entry(Actor(person.identity, address), Action.SIGN_IN), at)
        return self._open(session, person.id, Stage.FULL, at)

    def _open(self, session: Session, staff_id: str, stage: Stage, at: datetime) -> Opened:
        token = secrets.token_urlsafe(32)
        life_s = self.policy.absolute_s if stage is Stage.FULL else self.policy.first_stage_s
        expires_at = at + timedelta(seconds=life_s)
        session.add(
            SignIn(
                token_digest=self._vault.digest(token, "sign in"),
                staff_id=staff_id,
                stage=stage.value,
                created_at=at,
                last_seen_at=at,
                expires_at=expires_at,
            )
        )
        session.flush()
        return Opened(token, stage, expires_at)

    def _subjects(self, staff_no: str, address: str) -> dict[str, LockoutPolicy]:
        """The account first."""
        account = credentials.account_subject(self._vault, staff_no)
        return {account: ACCOUNT_POLICY, "address:" + network_of(address): ADDRESS_POLICY}

    def _count(
        self, session: Session, subjects: dict[str, LockoutPolicy], at: datetime
    ) -> SignInLocked | None:
        for subject in subjects:
            exclusive(session, subject)
        wait_s = max(lockout.retry_after_s(_tally(session, subject), at) for subject in subjects)
        if wait_s > 0:
            return SignInLocked(wait_s)
        for subject, policy in subjects.items():
            _remember(session, subject, lockout.attempt(_tally(session, subject), at, policy))
        return None

    def _forgive(self, session: Session, subjects: dict[str, LockoutPolicy], at: datetime) -> None:
        for subject in subjects:
            exclusive(session, subject)
            _remember(session, subject, lockout.forgive(_tally(session, subject)))

    def _note_lock(
        self,
        session: Session,
        subjects: dict[str, LockoutPolicy],
        actor: Actor,
        object_id: str,
        at: datetime,
    ) -> None:
        for subject in subjects:
            wait_s = lockout.retry_after_s(_tally(session, subject), at)
            if wait_s > 0:
                kind = subject.split(":", 1)[0]
                entry = Entry(actor, Action.SIGN_IN_LOCKED, object_id, False, kind, f"retry_after_s={wait_s}")
                access_log.append(session, entry, at)


@dataclass(frozen=True, slots=True)
class _Known:
    """Who a staff number belongs to; nobody has no hash."""

    staff_no: str
    staff_id: str | None
    password_hash: str | None


def normal_staff_no(typed: str) -> str:
    """Staff numbers are typed on tablets: full width and small letters mean the same."""
    return unicodedata.normalize("NFKC", typed).strip().upper()[:32]


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or an IPv6 /64, which one household or attacker owns."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def forget_old(session: Session, at: datetime, policy: SignInPolicy) -> None:
    """Housekeeping: sessions that ended and failures old enough to be forgotten."""
    idle_since = at - timedelta(seconds=policy.idle_s)
    session.exec(
        delete(SignIn).where(or_(col(SignIn.expires_at) <= at, col(SignIn.last_seen_at) <= idle_since))
    )
    forgotten = at - timedelta(seconds=ACCOUNT_POLICY.forget_after_s)
    session.exec(delete(GuessTally).where(col(GuessTally.last_failed_at) < forgotten))


def seen_since(session: Session, since: datetime, at: datetime) -> set[str]:
    """Ids of staff with a full session that was used since then."""
    query = select(SignIn.staff_id).where(
        SignIn.stage == Stage.FULL.value, SignIn.last_seen_at >= since, SignIn.expires_at > at
    )
    return set(session.exec(query))


def _session_row(session: Session, digest: str) -> tuple[SignIn | None, staff.Staff | None]:
    row = session.get(SignIn, digest)
    return row, session.get(staff.Staff, row.staff_id) if row is not None else None


def _touch(session: Session, digest: str, at: datetime) -> None:
    row = session.get(SignIn, digest)
    if row is not None:
        row.last_seen_at = at
        session.add(row)


def _tally(session: Session, subject: str) -> Tally:
    row = session.get(GuessTally, subject, populate_existing=True)
    return row.tally() if row is not None else Tally()


def _remember(session: Session, subject: str, tally: Tally) -> None:
    row = session.get(GuessTally, subject)
    if tally.last_failed_at is None:
        if row is not None:
            session.delete(row)
            session.flush()
        return
    if row is None:
        row = GuessTally(subject=subject, failures=0, last_failed_at=tally.last_failed_at)
    row.failures = tally.failures
    row.last_failed_at = tally.last_failed_at
    row.locked_until = tally.locked_until
    session.add(row)
    session.flush()


def _raise_or(outcome: T | Exception) -> T:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome
