"""在席: what members of staff say about where they work, and what others are shown of it.

Said once with one tap, it stays until something else is said; what is true anyhow, that somebody is in a call
or has no page open, is never asked for. The rules are pure; the one table keeps what was said.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from field_assist.duty import Word
from field_assist.store import UtcDateTime


class Status(StrEnum):
    """Where somebody works, or why they do not answer."""

    OFFICE = "office"  # 在席
    TRIP = "trip"  # 出張
    HOME = "home"  # 在宅
    SATELLITE = "satellite"  # サテライト
    BUSY = "busy"  # 対応中: in a call, never said by hand
    ABSENT = "absent"  # 不在


SAID_TWICE = timedelta(minutes=1)
SAYABLE = frozenset(Status) - {Status.BUSY}
_ELSEWHERE = frozenset({Status.TRIP, Status.HOME, Status.SATELLITE})


class Presence(SQLModel, table=True):
    """What somebody said last."""

    __tablename__ = "presence"

    staff_id: str = Field(primary_key=True, foreign_key="staff.id", max_length=26)
    status: str = Field(max_length=12)
    said_at: datetime = Field(sa_type=UtcDateTime)


def shown(said: Status | None, *, is_here: bool, is_in_call: bool) -> Status:
    """What others see: `is_here` says that a page of theirs is open, or was within minutes.

    Whoever works elsewhere stays 出張 without an open page: the place is true all the same.
    """
    if is_in_call:
        return Status.BUSY
    if is_here:
        return said or Status.OFFICE
    return said if said in _ELSEWHERE else Status.ABSENT


def may_ring(said: Status | None, *, is_here: bool, is_in_call: bool) -> bool:
    """Whether it makes sense to ring somebody now: there, free, and not 不在 by their own word."""
    return is_here and not is_in_call and said is not Status.ABSENT


def say(session: Session, staff_id: str, status: Status, at: datetime) -> bool:
    """Note what somebody says; False when they said the same a moment ago."""
    row = session.get(Presence, staff_id)
    if row is not None and row.status == status and at - row.said_at < SAID_TWICE:
        return False
    session.merge(Presence(staff_id=staff_id, status=status.value, said_at=at))
    session.flush()
    return True


def said(session: Session, staff_ids: Sequence[str]) -> dict[str, Presence]:
    """What these people said last, of those who said anything."""
    rows = session.exec(select(Presence).where(col(Presence.staff_id).in_(staff_ids)))
    return {row.staff_id: row for row in rows}


def words(session: Session, staff_ids: Sequence[str]) -> dict[str, Word]:
    """The same, as `duty` asks for it."""
    return {
        staff_id: Word(row.status != Status.ABSENT, row.said_at)
        for staff_id, row in said(session, staff_ids).items()
    }
