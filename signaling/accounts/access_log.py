"""The access log: who did what to what, when, from where, with which result; append-only, hash-chained.

Each row's hash is SHA-256 over the canonical JSON (sorted keys, no spaces, UTF-8) of the row and the hash
before it, so changing, removing or inserting a row breaks the chain at that row. Rows are appended inside
the transaction of the act they record, in a critical section: an act without its row, or a row without its
act, cannot be committed. Database triggers (see migrations) refuse UPDATE and DELETE; the chain is for
whoever gets around them. What a chain cannot show is a cut tail: compare the head with one noted elsewhere.

Rows carry ids, never names. `actor` is `S-<staff>`, `G-<invitation>`, `M-<member from outside>`,
`system`, `command-line` or `nobody` (not signed in).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, func, select

from field_assist import Guest, Person, UtcDateTime, exclusive

GENESIS = "0" * 64
PAGE_LIMIT = 500
_VERIFY_CHUNK = 1000


class Action(StrEnum):
    """What can be in the log."""

    SIGN_IN_PASSWORD = "sign_in.password"  # noqa: S105
    SIGN_IN = "sign_in"
    SIGN_IN_OTP = "sign_in.otp"
    SIGN_IN_RECOVERY = "sign_in.recovery"
    SIGN_IN_LOCKED = "sign_in.locked"
    SIGN_OUT = "sign_out"
    ENROLMENT = "enrolment"
    OTP_RESET = "otp.reset"
    OTP_FRESH = "otp.fresh"  # a code given again, for an act that asks for one
    STAFF_UNLOCKED = "staff.unlocked"
    STAFF_ADDED = "staff.added"
    STAFF_CHANGED = "staff.changed"
    STAFF_DISABLED = "staff.disabled"
    STAFF_LISTED = "staff.listed"
    CALL_STARTED = "call.started"
    CALL_ENDED = "call.ended"
    CALL_MEMBER_ADDED = "call.member_added"
    CALL_JOIN = "call.join"
    CALL_LISTENED = "call.listened"
    CALL_TAKEN_OVER = "call.taken_over"
    WHISPER_STARTED = "whisper.started"
    WHISPER_ENDED = "whisper.ended"
    ANNOUNCED = "announced"
    CALL_HELD = "call.held"
    CALL_RELEASED = "call.released"
    HAND_OVER_STARTED = "hand_over.started"
    HAND_OVER_DONE = "hand_over.done"
    HAND_OVER_CANCELLED = "hand_over.cancelled"
    CASE_OPENED = "case.opened"
    CASE_READ = "case.read"
    CASE_CHANGED = "case.changed"
    CASE_EXPORTED = "case.exported"
    CASE_RESTORED = "case.restored"
    CASE_COMMENTED = "case.commented"
    CASE_CLOSED = "case.closed"
    CASE_REOPENED = "case.reopened"
    CASE_CALL_LINKED = "case.call_linked"
    CASE_CALL_UNLINKED = "case.call_unlinked"
    CASE_SHARED = "case.shared"
    CASE_SHARE_ENDED = "case.share_ended"
    CASE_ENTRY_SHARED = "case.entry_shared"
    CASE_ENTRY_WITHDRAWN = "case.entry_withdrawn"
    ORGANISATION_ADDED = "organisation.added"
    DOCUMENT_ADDED = "document.added"
    DOCUMENT_READ = "document.read"
    DOCUMENT_VERSION_ADDED = "document.version_added"
    DOCUMENT_CHANGED = "document.changed"
    DOCUMENT_DISCLOSED = "document.disclosed"  # 公開区分 or 機密性 became different
    DOCUMENT_WITHDRAWN = "document.withdrawn"
    DOCUMENT_RESTORED = "document.restored"
    DOCUMENT_TAKEN = "document.taken"  # the original file
    DOCUMENT_LINKED = "document.linked"
    DOCUMENT_UNLINKED = "document.unlinked"
    CONSULTATION_ANSWERED = "consultation.answered"
    CONSULTATION_TICKET = "consultation.ticket"
    CALL_BACK_ASKED = "call_back.asked"
    TICKET_CLOSED = "ticket.closed"
    APPOINTMENT_BOOKED = "appointment.booked"
    APPOINTMENT_MOVED = "appointment.moved"
    APPOINTMENT_CANCELLED = "appointment.cancelled"
    APPOINTMENT_STARTED = "appointment.started"
    ROOM_JOINED = "room.joined"
    ROOM_LEFT = "room.left"
    INVITATION_CREATED = "invitation.created"
    INVITATION_REDEEMED = "invitation.redeemed"
    INVITATION_REFUSED = "invitation.refused"
    INVITATION_REVOKED = "invitation.revoked"
    GUEST_LEFT = "guest.left"
    PUSH_DEVICE_ADDED = "push_device.added"
    PUSH_DEVICE_REMOVED = "push_device.removed"
    NOTE_LEFT = "note.left"
    NOTE_HEARD = "note.heard"
    DEVICE_KEY_ADDED = "device_key.added"
    DEVICE_KEY_REVOKED = "device_key.revoked"
    DEVICE_KEYS_LISTED = "device_key.listed"
    STILL_TAKEN = "still.taken"
    STILL_SEEN = "still.seen"
    STILL_DOWNLOADED = "still.downloaded"
    STILL_EXPORTED = "still.exported"
    CONSENT_ASKED = "consent.asked"
    CONSENT_GIVEN = "consent.given"
    CONSENT_REFUSED = "consent.refused"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    CONSENT_KEEP = "consent.keep"  # what was taken until a withdrawal
    CONSENT_DELETE = "consent.delete"
    RECORD_READ = "record.read"
    QUESTION_NOTED = "question.noted"
    QUESTION_CHANGED = "question.changed"
    SURFACE_PRESENTED = "surface.presented"
    SURFACE_TAKEN_AWAY = "surface.taken_away"
    SURFACE_SEEN = "surface.seen"
    SERVICE_SHOWN = "service.shown"  # 見せる: a card of the concierge
    SERVICE_PUT_AWAY = "service.put_away"  # しまう
    SERVICE_SEEN = "service.seen"
    NEED_TAKEN = "need.taken"  # words added to こんなとき
    NEED_DISMISSED = "need.dismissed"
    NEED_OPENED = "need.opened"  # a decision about them taken back
    TRANSCRIPT_READ = "transcript.read"
    TRANSCRIPT_SEARCHED = "transcript.searched"
    TRANSCRIPT_CORRECTED = "transcript.corrected"
    TRANSCRIPT_CONFIRMED = "transcript.confirmed"
    TRANSCRIPT_MASKED = "transcript.masked"
    TRANSCRIPT_DELETED = "transcript.deleted"
    TRANSCRIPT_SETTLED = "transcript.settled"
    TRANSCRIPT_HELD = "transcript.held"
    TRANSCRIPT_RELEASED = "transcript.released"
    TRANSCRIPT_DISPOSED = "transcript.disposed"
    DECISION_PROPOSED = "decision.proposed"
    DECISION_HANDED_IN = "decision.handed_in"
    DECISION_WITHDRAWN = "decision.withdrawn"
    DECISION_APPROVED = "decision.approved"
    DECISION_RETURNED = "decision.returned"
    DECISION_CANCELLED = "decision.cancelled"
    DECISION_ORAL_NOTED = "decision.oral_noted"
    DECISION_VOTED = "decision.voted"
    DECISION_CLOSED = "decision.closed"
    DECISIONS_EXPORTED = "decision.exported"
    DECISIONS_SEARCHED = "decision.searched"
    DECISION_RULES_CHANGED = "decision.rules_changed"
    BALLOT_INVITED = "ballot.invited"  # a member from outside, to a circulation
    BALLOT_SENT_AGAIN = "ballot.sent_again"
    BALLOT_REMINDED = "ballot.reminded"
    BALLOT_WITHDRAWN = "ballot.withdrawn"
    BALLOT_OPENED = "ballot.opened"
    BALLOT_CODE_SENT = "ballot.code_sent"
    BALLOT_CODE_WRONG = "ballot.code_wrong"
    BALLOT_VOTED = "ballot.voted"
    BALLOT_REFUSED = "ballot.refused"
    RECAP_SAVED = "recap.saved"
    RECAP_CONFIRMED = "recap.confirmed"
    MINUTES_READ = "minutes.read"
    MINUTES_DISCLOSED = "minutes.disclosed"  # read as they leave the house
    MINUTES_SAVED = "minutes.saved"
    MINUTES_CONFIRMED = "minutes.confirmed"
    RECORD_RETURNED = "record.returned"  # 差し戻し
    REDACTED = "redaction.made"  # 不開示
    REDACTION_LIFTED = "redaction.lifted"
    LETTER_WRITTEN = "letter.written"
    LETTER_READ = "letter.read"
    LETTER_REFUSED = "letter.refused"
    LETTER_MAILED = "letter.mailed"
    LETTER_REVOKED = "letter.revoked"
    LETTER_WITHDRAWN = "letter.withdrawn"
    NOTICES_ASKED = "notices.asked"
    NOTICES_CONFIRMED = "notices.confirmed"
    NOTICES_CHANGED = "notices.changed"
    NOTICES_STOPPED = "notices.stopped"
    NOTICES_MAILED = "notices.mailed"
    NOTICES_PUSHED = "notices.pushed"
    NOTICES_DEVICE_ADDED = "notices.device_added"
    NOTICES_DEVICE_REMOVED = "notices.device_removed"
    NOTICES_PROXY_ASKED = "notices.proxy_asked"
    NOTICES_PROXY_ENDED = "notices.proxy_ended"
    LAW_WRITTEN = "law_notice.written"
    LAW_DROPPED = "law_notice.dropped"
    LAW_SENT = "law_notice.sent"
    LAW_WITHDRAWN = "law_notice.withdrawn"
    SLOT_FEED_SET = "slot_feed.set"
    SLOT_FEED_REMOVED = "slot_feed.removed"
    SLOTS_TAKEN = "slots.taken"  # into the list of what is free
    RECORDING_STARTED = "recording.started"
    RECORDING_STOPPED = "recording.stopped"
    RECORDING_OPENED = "recording.opened"
    RECORDING_EXPORTED = "recording.exported"
    RECORDING_TAKEN = "recording.taken"  # the exported file
    RECORDING_CONFIRMED = "recording.confirmed"
    RECORDING_CLASSED = "recording.classed"  # 保存期間の区分
    RECORDING_HELD = "recording.held"
    RECORDING_RELEASED = "recording.released"
    RECORDING_WITHDRAWN = "recording.withdrawn"  # what was taken of one person
    RECORDING_DISPOSED = "recording.disposed"
    CATALOGUE_TAKEN = "catalogue.taken"  # a list, into the catalogue
    CATALOGUE_DESCRIBED = "catalogue.described"  # where a list comes from, on which terms
    ACCESS_LOG_READ = "access_log.read"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from which address."""

    id: str
    address: str = ""


SYSTEM = Actor("system")
COMMAND_LINE = Actor("command-line")


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `object` is an id; `reason` and `detail` are keys or ids, never names or free text."""

    actor: Actor
    action: Action
    object: str = ""
    ok: bool = True
    reason: str = ""
    detail: str = ""


class AccessLogRow(SQLModel, table=True):
    """One row of the chain, `seq` without gaps from 1."""

    __tablename__ = "access_log"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor: str = Field(index=True)
    address: str
    action: str = Field(index=True)
    object: str = Field(index=True)
    result: str
    reason: str
    detail: str
    prev_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


@dataclass(frozen=True, slots=True)
class BadRow:
    """The first row that does not fit, and why."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """How many rows were read, the head's hash, and the first bad row if there is one."""

    rows: int
    head: str
    bad: BadRow | None


def acted(
    session: Session,
    who: Person | Guest,
    address: str,
    action: Action,
    about: str,
    at: datetime,
    detail: str = "",
) -> None:
    """Add what somebody did, who is known here, from this address; `about` and `detail` as in `Entry`."""
    append(session, Entry(Actor(who.identity, address), action, about, detail=detail), at)


def append(session: Session, entry: Entry, at: datetime) -> AccessLogRow:
    """Add a row to the chain, inside the caller's write transaction, and last in it.

    Everybody's writes meet here: whoever still took a lock afterwards could wait for one that waits for this.
    """
    exclusive(session, "access_log")
    last = head(session)
    row = AccessLogRow(
        seq=last.seq + 1 if last else 1,
        at=at,
        actor=entry.actor.id,
        address=entry.actor.address,
        action=entry.action.value,
        object=entry.object,
        result="ok" if entry.ok else "refused",
        reason=entry.reason,
        detail=entry.detail,
        prev_hash=last.hash if last else GENESIS,
        hash="",
    )
    row.hash = row_hash(row)
    session.add(row)
    session.flush()
    return row


def head(session: Session) -> AccessLogRow | None:
    """The last row."""
    return session.exec(select(AccessLogRow).order_by(col(AccessLogRow.seq).desc()).limit(1)).first()


def page(session: Session, after: int, limit: int) -> list[AccessLogRow]:
    """Rows with `seq` above `after`, in order."""
    query = select(AccessLogRow).where(AccessLogRow.seq > after).order_by(col(AccessLogRow.seq))
    return list(session.exec(query.limit(min(limit, PAGE_LIMIT))))


def total(session: Session) -> int:
    """How many rows there are."""
    return session.exec(select(func.count()).select_from(AccessLogRow)).one()


def verify(session: Session) -> Verification:
    """Walk the whole chain, a chunk at a time."""
    rows, head, after = 0, GENESIS, 0
    while chunk := page_of(session, after):
        bad = first_bad(chunk, head, rows)
        if bad is not None:
            return Verification(rows, head, bad)
        rows += len(chunk)
        head, after = chunk[-1].hash, chunk[-1].seq
        session.expunge_all()
    return Verification(rows, head, None)


def expect(session: Session, result: Verification, seq: int, digest: str) -> Verification:
    """The same verification, bad when a head noted earlier is gone: the tail was cut or all was rewritten."""
    row = session.get(AccessLogRow, seq)
    if row is None or row.hash != digest:
        reason = "is missing" if row is None else "is not the one noted"
        return Verification(result.rows, result.head, BadRow(seq, reason))
    return result


def page_of(session: Session, after: int) -> list[AccessLogRow]:
    """The next chunk to verify."""
    query = select(AccessLogRow).where(AccessLogRow.seq > after).order_by(col(AccessLogRow.seq))
    return list(session.exec(query.limit(_VERIFY_CHUNK)))


def first_bad(rows: Iterable[AccessLogRow], head: str, seq: int) -> BadRow | None:
    """The first row that does not continue the chain whose last row is number `seq` with hash `head`."""
    for row in rows:
        seq += 1
        if row.seq != seq:
            return BadRow(seq, "is missing")
        if row.prev_hash != head:
            return BadRow(seq, "does not follow the row before")
        if row_hash(row) != row.hash:
            return BadRow(seq, "was changed")
        head = row.hash
    return None


def row_hash(row: AccessLogRow) -> str:
    """SHA-256 over the canonical JSON of everything in the row but its own hash."""
    content = {
        "seq": row.seq,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": row.actor,
        "address": row.address,
        "action": row.action,
        "object": row.object,
        "result": row.result,
        "reason": row.reason,
        "detail": row.detail,
        "prev_hash": row.prev_hash,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
