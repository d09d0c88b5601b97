"""文字起こし: what was said in a call, line by line, written by a machine and answered for by people.

A line belongs to its speaker and to a stretch of the call's timeline. It is never edited: who corrects,
confirms or masks it adds a revision, saying which one they read, so that two who work at once do not undo
one another. A stretch that was said and is not in words stands there as well, as `unheard`: the record shows
its gaps. A line is 自動・未確認 until a person confirms it; only then is it the record.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from field_assist import consents
from field_assist.agreement import Purpose
from field_assist.calls import Call, concerning
from field_assist.identifiers import new_id
from field_assist.people import Person
from field_assist.store import UtcDateTime, exclusive

MOST_FOUND = 500


class LineState(StrEnum):
    """Where a line stands."""

    AUTOMATIC = "automatic"  # 自動・未確認
    CONFIRMED = "confirmed"  # 確認済
    MASKED = "masked"  # 伏せ: confirmed, with what may not be read taken out of its text
    RETURNED = "returned"  # 差し戻し: a supervisor wants it put right by whoever confirmed it
    UNHEARD = "unheard"  # said, but not in words: `reason` says why


class LineUnknown(Exception):
    """No such line, or none this person may know of."""


class LineChanged(Exception):
    """Somebody else added a revision meanwhile."""


class LineUnheard(Exception):
    """A stretch without words can be put into words, but not confirmed without."""


class TranscriptLine(SQLModel, table=True):
    """One revision of one line. `identity` spoke; `author` wrote this revision, nobody for the machine."""

    __tablename__ = "transcript_line"

    line_id: str = Field(primary_key=True, max_length=26)
    revision: int = Field(primary_key=True)
    call_id: str = Field(foreign_key="call.id", index=True, max_length=26)
    identity: str = Field(max_length=40)
    name: str
    started_ms: int
    ended_ms: int
    text: str
    language: str = Field(max_length=8)
    engine: str
    confidence: float
    is_doubtful: bool
    state: str = Field(max_length=10)
    reason: str = Field(max_length=16)
    author: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Speech:
    """A stretch of a call's timeline in which somebody spoke: milliseconds since the call began."""

    identity: str
    name: str
    language: str
    started_ms: int
    ended_ms: int


@dataclass(frozen=True, slots=True)
class Words:
    """What an engine made of it; confidence between 0 and 1. A doubtful one is better listened to."""

    text: str
    engine: str
    confidence: float
    is_doubtful: bool


def write(session: Session, call_id: str, speech: Speech, words: Words, at: datetime) -> TranscriptLine:
    """Keep a line, the first of its revisions."""
    row = _row(call_id, speech, at)
    row.text, row.engine, row.confidence = words.text, words.engine, words.confidence
    row.is_doubtful = words.is_doubtful
    return _added(session, row)


def mark_unheard(session: Session, call_id: str, speech: Speech, reason: str, at: datetime) -> TranscriptLine:
    """Keep that something was said here of which there are no words."""
    row = _row(call_id, speech, at)
    row.state, row.reason = LineState.UNHEARD.value, reason
    return _added(session, row)


def revise(
    session: Session, read: TranscriptLine, text: str, state: LineState, author: str, at: datetime
) -> TranscriptLine:
    """Add a revision after the one that was read; raises LineChanged, LineUnheard."""
    exclusive(session, f"transcript.{read.call_id}")
    if session.get(TranscriptLine, (read.line_id, read.revision + 1)) is not None:
        raise LineChanged
    if not text:
        raise LineUnheard
    fields = read.model_dump() | {
        "revision": read.revision + 1,
        "text": text,
        "state": state.value,
        "author": author,
        "at": at,
    }
    return _added(session, TranscriptLine(**fields))


def by_id(session: Session, line_id: str, revision: int) -> TranscriptLine:
    """One revision of a line; raises LineUnknown."""
    row = session.get(TranscriptLine, (line_id, revision))
    if row is None:
        raise LineUnknown
    return row


def revisions(session: Session, line_id: str) -> list[TranscriptLine]:
    """All of a line, oldest first; raises LineUnknown."""
    query = select(TranscriptLine).where(TranscriptLine.line_id == line_id)
    rows = list(session.exec(query.order_by(col(TranscriptLine.revision))))
    if not rows:
        raise LineUnknown
    return rows


def of_call(session: Session, call_id: str) -> list[TranscriptLine]:
    """The lines of a call as they stand, in the order they were said."""
    query = select(TranscriptLine).where(TranscriptLine.call_id == call_id)
    newest = {row.line_id: row for row in session.exec(query.order_by(col(TranscriptLine.revision)))}
    return sorted(newest.values(), key=lambda row: (row.started_ms, row.line_id))


def readable(session: Session, call_id: str) -> list[TranscriptLine]:
    """The same without what its speaker wishes deleted: a legal hold keeps that, and nobody reads it."""
    gone = unwanted(session, call_id)
    return [row for row in of_call(session, call_id) if row.line_id not in gone]


def unwanted(session: Session, call_id: str) -> set[str]:
    """Lines of a call whose speaker wishes them deleted, as far as they are still there."""
    wishes = consents.unwanted(session, call_id, Purpose.TRANSCRIPT)
    return {line_id for wish in wishes for line_id in session.exec(_said_by(wish))}


def containing(session: Session, person: Person, words: str) -> list[TranscriptLine]:
    """Lines as they stand in which these words stand, of calls that may concern somebody, the newest first.

    Wider than the permission rule is allowed: the caller filters by `may_read_record`.
    """
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    matching = col(TranscriptLine.text).ilike(pattern, escape="\\")
    theirs = col(TranscriptLine.call_id).in_(select(Call.id).where(concerning(person)))
    ids = select(TranscriptLine.line_id).where(matching, theirs).distinct()
    newest_first = ids.order_by(col(TranscriptLine.line_id).desc()).limit(MOST_FOUND)
    found = select(TranscriptLine).where(col(TranscriptLine.line_id).in_(list(session.exec(newest_first))))
    newest = {row.line_id: row for row in session.exec(found.order_by(col(TranscriptLine.revision)))}
    saying = [row for row in newest.values() if words.casefold() in row.text.casefold()]
    gone = {line_id for call_id in {row.call_id for row in saying} for line_id in unwanted(session, call_id)}
    rows = [row for row in saying if row.line_id not in gone]
    return sorted(rows, key=lambda row: (row.call_id, -row.started_ms), reverse=True)


def forget(session: Session, call_id: str, identity: str, before: datetime) -> list[str]:
    """Delete what this person said and did not want kept, with every revision; answers which lines."""
    wish = consents.Deletion(call_id, identity, Purpose.TRANSCRIPT, before)
    ids = list(session.exec(_said_by(wish)))
    if ids:
        session.exec(delete(TranscriptLine).where(col(TranscriptLine.line_id).in_(ids)))
    return ids


def _said_by(wish: consents.Deletion) -> SelectOfScalar[str]:
    """The lines one wish is about: said before it, whoever corrected them since."""
    return select(TranscriptLine.line_id).where(
        TranscriptLine.call_id == wish.call_id,
        TranscriptLine.identity == wish.identity,
        TranscriptLine.revision == 1,
        col(TranscriptLine.at) <= wish.before,
    )


def _row(call_id: str, speech: Speech, at: datetime) -> TranscriptLine:
    return TranscriptLine(
        line_id=new_id(at),
        revision=1,
        call_id=call_id,
        identity=speech.identity,
        name=speech.name,
        started_ms=speech.started_ms,
        ended_ms=speech.ended_ms,
        text="",
        language=speech.language,
        engine="",
        confidence=0.0,
        is_doubtful=False,
        state=LineState.AUTOMATIC.value,
        reason="",
        author="",
        at=at,
    )


def _added(session: Session, row: TranscriptLine) -> TranscriptLine:
    session.add(row)
    session.flush()
    return row
