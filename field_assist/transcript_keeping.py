"""How long the words of a call are kept: what a machine wrote and nobody confirmed is a draft, and goes.

Lines that a person confirmed or masked are the record and stay with the case. When drafts go is decided
elsewhere, since a recording of the same call may have its say; here stand what was decided about a call's
words alone (confirmed, held), which drafts there are, and the disposal record (廃棄記録): how many lines
went, when, and the hash over them, so that a copy which turns up can be told from an invention.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, delete, select

from field_assist.calls import Call
from field_assist.decision_chain import canonical
from field_assist.identifiers import new_id
from field_assist.store import UtcDateTime
from field_assist.transcripts import LineState, TranscriptLine, of_call

DRAFTS = (LineState.AUTOMATIC.value, LineState.UNHEARD.value)
MOST_CALLS = 200
"""Calls that are looked at in one round; the next round takes the next."""


class TranscriptKeeping(SQLModel, table=True):
    """What was decided about the words of one call. No row: nothing yet."""

    __tablename__ = "transcript_keeping"

    call_id: str = Field(primary_key=True, foreign_key="call.id", max_length=26)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    held_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    held_by: str | None = Field(default=None, foreign_key="staff.id", max_length=26)
    hold_reason: str = ""


class TranscriptDisposal(SQLModel, table=True):
    """Drafts of a call that went by rule: never changed, never deleted."""

    __tablename__ = "transcript_disposal"

    id: str = Field(primary_key=True, max_length=26)
    call_id: str = Field(foreign_key="call.id", index=True, max_length=26)
    at: datetime = Field(sa_type=UtcDateTime)
    lines: int
    sha256: str = Field(max_length=64)


def find(session: Session, call_id: str) -> TranscriptKeeping:
    """What was decided about a call's words; a row that is not kept yet where nothing was."""
    return session.get(TranscriptKeeping, call_id) or TranscriptKeeping(call_id=call_id)


def confirm(session: Session, row: TranscriptKeeping, at: datetime) -> None:
    """The record was confirmed: what is still a draft is not needed for it."""
    row.confirmed_at = row.confirmed_at or at
    _save(session, row)


def hold(session: Session, row: TranscriptKeeping, staff_id: str, reason: str, at: datetime) -> None:
    """No word of it may go (legal hold)."""
    row.held_at, row.held_by, row.hold_reason = at, staff_id, reason
    _save(session, row)


def release(session: Session, row: TranscriptKeeping) -> None:
    """Drafts may go again when they are due. Who held them and why stays in the access log."""
    row.held_at, row.held_by, row.hold_reason = None, None, ""
    _save(session, row)


def drafts(session: Session, call_id: str) -> list[TranscriptLine]:
    """Lines nobody answers for, as they stand."""
    return [row for row in of_call(session, call_id) if row.state in DRAFTS]


def calls_with_drafts(session: Session, ended_before: datetime, after: str = "") -> list[str]:
    """Ids of calls that ended before then and may have drafts, beyond the id `after`, in order."""
    query = select(TranscriptLine.call_id).join(Call).where(col(Call.ended_at) <= ended_before)
    query = query.where(col(TranscriptLine.state).in_(DRAFTS), TranscriptLine.call_id > after).distinct()
    return list(session.exec(query.order_by(TranscriptLine.call_id).limit(MOST_CALLS)))


def dispose(session: Session, found: Sequence[TranscriptLine], at: datetime) -> TranscriptDisposal:
    """Delete these lines of one call with every revision, and write down that they went."""
    row = TranscriptDisposal(
        id=new_id(at), call_id=found[0].call_id, at=at, lines=len(found), sha256=fingerprint(found)
    )
    ids = [line.line_id for line in found]
    session.exec(delete(TranscriptLine).where(col(TranscriptLine.line_id).in_(ids)))
    session.add(row)
    session.flush()
    return row


def disposals(session: Session, call_id: str) -> list[TranscriptDisposal]:
    """What went of a call, oldest first."""
    query = select(TranscriptDisposal).where(TranscriptDisposal.call_id == call_id)
    return list(session.exec(query.order_by(col(TranscriptDisposal.id))))


def fingerprint(found: Sequence[TranscriptLine]) -> str:
    """SHA-256 over the canonical JSON of who said what and when, as hexadecimal digits."""
    said = [
        [row.line_id, row.revision, row.identity, row.started_ms, row.ended_ms, row.text] for row in found
    ]
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def _save(session: Session, row: TranscriptKeeping) -> None:
    session.add(row)
    session.flush()
