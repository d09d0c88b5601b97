"""会議録: the minutes of a call as staff wrote and kept them, every version of them.

A save adds a version, saying which one its writer read, so that two who write at once do not undo one
another; confirming is a version of its own. A sentence keeps what it was made from. Where somebody has what
they said deleted, it goes from every version: minutes are no way round a withdrawal.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import JSON, Column, Field, Session, SQLModel, col, select

from field_assist.minutes_draft import Origin, Part, Sentence
from field_assist.store import UtcDateTime, exclusive

MAX_SENTENCES = 2000
Kept = dict[str, str | int]
"""A sentence as the database has it: the fields of `Sentence`."""


class MinutesUnknown(Exception):
    """No such version."""


class MinutesChanged(Exception):
    """Somebody else has saved them meanwhile."""


class Minutes(SQLModel, table=True):
    """One version; numbered from 1. `attendees` are one a line. Confirmed = its writer answers for it."""

    __tablename__ = "minutes"

    call_id: str = Field(primary_key=True, foreign_key="call.id", max_length=26)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    subject: str
    held: str
    place: str
    attendees: str
    sentences: list[Kept] = Field(sa_column=Column(JSON, nullable=False))
    is_confirmed: bool
    author_id: str = Field(foreign_key="staff.id", max_length=26)
    author_name: str
    at: datetime = Field(sa_type=UtcDateTime)

    def read(self) -> list[Sentence]:
        """Its sentences."""
        return [
            Sentence(
                part=Part(str(each["part"])),
                text=str(each["text"]),
                at_ms=int(each["at_ms"]),
                speaker=str(each["speaker"]),
                origin=Origin(str(each["origin"])),
                source=str(each["source"]),
            )
            for each in self.sentences
        ]


@dataclass(frozen=True, slots=True)
class Form:
    """What the official form asks for: 件名, 日時, 場所, 出席者, and the sentences of its parts."""

    subject: str
    held: str
    place: str
    attendees: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, and whether they answer for what it says."""

    staff_id: str
    name: str
    is_confirming: bool


def save(session: Session, call_id: str, read: int, form: Form, by: Writer, at: datetime) -> Minutes:
    """Add a version after the one that was read, 0 where there was none. Raises MinutesChanged."""
    exclusive(session, f"minutes.{call_id}")
    known = versions(session, call_id)
    if (known[-1].version if known else 0) != read:
        raise MinutesChanged
    row = Minutes(
        call_id=call_id,
        version=read + 1,
        subject=form.subject,
        held=form.held,
        place=form.place,
        attendees=form.attendees,
        sentences=[_kept(sentence) for sentence in form.sentences],
        is_confirmed=by.is_confirming,
        author_id=by.staff_id,
        author_name=by.name,
        at=at,
    )
    session.add(row)
    session.flush()
    return row


def versions(session: Session, call_id: str) -> list[Minutes]:
    """All of a call, oldest first."""
    query = select(Minutes).where(Minutes.call_id == call_id).order_by(col(Minutes.version))
    return list(session.exec(query))


def version(session: Session, call_id: str, number: int) -> Minutes:
    """One of them. Raises MinutesUnknown."""
    row = session.get(Minutes, (call_id, number))
    if row is None:
        raise MinutesUnknown
    return row


def forget(session: Session, call_id: str, line_ids: Collection[str]) -> None:
    """Take the words made from these lines out of every version; that something stood there stays."""
    for row in versions(session, call_id):
        left = [
            _kept(Sentence(each.part, "", each.at_ms, "", Origin.WITHDRAWN))
            if each.origin is Origin.LINE and each.source in line_ids
            else _kept(each)
            for each in row.read()
        ]
        if left != row.sentences:
            row.sentences = left
            session.add(row)
    session.flush()


def _kept(sentence: Sentence) -> Kept:
    return asdict(sentence) | {"part": sentence.part.value, "origin": sentence.origin.value}
