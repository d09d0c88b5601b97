"""What a supervisor does to the calls of the office, as far as it must outlive a restart.

A *whisper* is a supervisor who is heard by the own staff only; forgetting one in a restart would let a
resident hear it. An *announcement* is one sentence to everybody of the office. Who may do either is
`people`'s.
"""

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, select

from field_assist.calls import Call
from field_assist.identifiers import new_id
from field_assist.store import UtcDateTime

SHOWN_FOR = timedelta(hours=12)
"""An announcement is news for a shift."""
_LISTED = 20


class Whisper(SQLModel, table=True):
    """Somebody who is heard by their own staff only in a call."""

    __tablename__ = "whisper"

    call_id: str = Field(primary_key=True, foreign_key="call.id", max_length=26)
    staff_id: str = Field(primary_key=True, foreign_key="staff.id", max_length=26)
    started_at: datetime = Field(sa_type=UtcDateTime)


class Announcement(SQLModel, table=True):
    """One sentence to an office; the sender's name and post as they were."""

    __tablename__ = "announcement"

    id: str = Field(primary_key=True, max_length=26)
    office: str = Field(index=True)
    staff_id: str = Field(foreign_key="staff.id", max_length=26)
    sender: str
    text: str
    sent_at: datetime = Field(sa_type=UtcDateTime, index=True)


def whisper(session: Session, call_id: str, staff_id: str, at: datetime) -> bool:
    """Note that somebody whispers; False where they did already."""
    if session.get(Whisper, (call_id, staff_id)) is not None:
        return False
    session.add(Whisper(call_id=call_id, staff_id=staff_id, started_at=at))
    session.flush()
    return True


def speak_up(session: Session, call_id: str, staff_id: str) -> bool:
    """Note that somebody whispers no more; False where they did not."""
    row = session.get(Whisper, (call_id, staff_id))
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def is_whispering(session: Session, call_id: str, staff_id: str) -> bool:
    """Whether somebody is heard by their own staff only."""
    return session.get(Whisper, (call_id, staff_id)) is not None


def whispers(session: Session, call_id: str | None = None) -> list[Whisper]:
    """All in calls that are open, or those of one of them."""
    query = select(Whisper).join(Call, col(Call.id) == Whisper.call_id).where(col(Call.ended_at).is_(None))
    if call_id is not None:
        query = query.where(Whisper.call_id == call_id)
    return list(session.exec(query.order_by(col(Whisper.started_at))))


def announce(
    session: Session, office: str, staff_id: str, sender: str, text: str, at: datetime
) -> Announcement:
    """Write down a sentence for an office."""
    row = Announcement(id=new_id(at), office=office, staff_id=staff_id, sender=sender, text=text, sent_at=at)
    session.add(row)
    session.flush()
    return row


def announcements(session: Session, office: str, at: datetime) -> list[Announcement]:
    """What was lately said to an office, newest first."""
    query = select(Announcement).where(
        col(Announcement.office) == office, col(Announcement.sent_at) > at - SHOWN_FOR
    )
    newest = query.order_by(col(Announcement.sent_at).desc(), col(Announcement.id).desc())
    return list(session.exec(newest.limit(_LISTED)))
