"""返す: a line or the minutes of a call, given back with a word to whoever answered for it.

It is on their list until somebody answers for it again. Rows are kept: who returned what, to whom, and when
it was put right.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from field_assist.identifiers import new_id
from field_assist.store import UtcDateTime

MINUTES = ""
"""Instead of a line's id: the minutes of the call."""
LIST_LIMIT = 200


class NobodyAnswered(Exception):
    """Nobody answered for it, or only who would return it."""


class Returned(SQLModel, table=True):
    """One return; `revision` is that of the line, or the version of the minutes, that was returned."""

    __tablename__ = "returned"

    id: str = Field(primary_key=True, max_length=26)
    call_id: str = Field(foreign_key="call.id", index=True, max_length=26)
    line_id: str = Field(max_length=26)
    revision: int
    to_id: str = Field(foreign_key="staff.id", index=True, max_length=26)
    by_id: str = Field(foreign_key="staff.id", max_length=26)
    by_name: str
    words: str
    at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Back:
    """What is given back: `line_id` or `MINUTES`, in the revision that was read, to whom, in which words."""

    call_id: str
    line_id: str
    revision: int
    to_id: str
    by_id: str
    by_name: str
    words: str


def give_back(session: Session, back: Back, at: datetime) -> Returned:
    """Put it on somebody's list. Raises NobodyAnswered where that is who returns it."""
    if back.to_id == back.by_id:
        raise NobodyAnswered
    row = Returned(
        id=new_id(at),
        call_id=back.call_id,
        line_id=back.line_id,
        revision=back.revision,
        to_id=back.to_id,
        by_id=back.by_id,
        by_name=back.by_name,
        words=back.words,
        at=at,
    )
    session.add(row)
    session.flush()
    return row


def settle(session: Session, call_id: str, about: Collection[str], at: datetime) -> frozenset[str]:
    """Somebody answers for these again (lines' ids, `MINUTES`); answers whose lists became shorter."""
    rows = [row for row in open_of_call(session, call_id) if row.line_id in about]
    for row in rows:
        row.settled_at = at
        session.add(row)
    session.flush()
    return frozenset(row.to_id for row in rows)


def open_of_call(session: Session, call_id: str) -> list[Returned]:
    """What is returned of a call and not put right yet, oldest first."""
    query = select(Returned).where(Returned.call_id == call_id, col(Returned.settled_at).is_(None))
    return list(session.exec(query.order_by(col(Returned.at), col(Returned.id))))


def open_of(session: Session, staff_id: str) -> list[Returned]:
    """What is returned to somebody and not put right yet, the newest first."""
    query = select(Returned).where(Returned.to_id == staff_id, col(Returned.settled_at).is_(None))
    newest_first = query.order_by(col(Returned.at).desc(), col(Returned.id).desc())
    return list(session.exec(newest_first.limit(LIST_LIMIT)))
