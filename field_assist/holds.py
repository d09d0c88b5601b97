"""保留 and 引き継ぎ: who waits while staff talk among themselves, and how a call passes to a colleague.

On hold, staff are heard by staff and guests by guests. A hand-over rings at a colleague while the talk goes
on; once they accept, guests are on hold until it is completed, and then the call is theirs, or cancelled. All
of it stands in the database, so that a restart forgets nobody on hold. Who may do what is `people`'s.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from field_assist.calls import Call
from field_assist.identifiers import new_id
from field_assist.store import UtcDateTime, exclusive


class HandOverUnknown(Exception):
    """No such hand-over, or none this person may know of."""


class HandOverOver(Exception):
    """It was completed or cancelled before, or it was not accepted yet."""


class NobodyElse(Exception):
    """There is no other member of staff in the call to talk to."""


class HandOverState(StrEnum):
    """Where a hand-over stands; the last three are its ends."""

    RINGING = "ringing"
    TALKING = "talking"  # the colleague is here, guests are on hold
    DONE = "done"
    CANCELLED = "cancelled"
    UNANSWERED = "unanswered"


_OPEN = (HandOverState.RINGING.value, HandOverState.TALKING.value)


class CallHold(SQLModel, table=True):
    """A call whose guests are on hold; the row goes when they are back."""

    __tablename__ = "call_hold"

    call_id: str = Field(primary_key=True, foreign_key="call.id", max_length=26)
    started_by: str = Field(foreign_key="staff.id", max_length=26)
    started_at: datetime = Field(sa_type=UtcDateTime)


class HandOver(SQLModel, table=True):
    """One hand-over with its note; `to_id` is who was asked, then who accepted."""

    __tablename__ = "hand_over"

    id: str = Field(primary_key=True, max_length=26)
    call_id: str = Field(foreign_key="call.id", index=True, max_length=26)
    from_id: str = Field(foreign_key="staff.id", max_length=26)
    to_id: str = Field(foreign_key="staff.id", max_length=26)
    consultation_id: str | None = Field(default=None, foreign_key="consultation.id", max_length=26)
    note: str
    agreed: str
    state: str = Field(index=True, max_length=12)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def hold(session: Session, call_id: str, staff_id: str, at: datetime) -> CallHold | None:
    """Put a call's guests on hold; None where they were already."""
    exclusive(session, f"hold.{call_id}")
    if session.get(CallHold, call_id) is not None:
        return None
    row = CallHold(call_id=call_id, started_by=staff_id, started_at=at)
    session.add(row)
    session.flush()
    return row


def release(session: Session, call_id: str) -> bool:
    """Bring them back; False where nobody was on hold."""
    exclusive(session, f"hold.{call_id}")
    row = session.get(CallHold, call_id)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def on_hold(session: Session) -> list[CallHold]:
    """All calls that are on hold."""
    return list(session.exec(select(CallHold).order_by(col(CallHold.started_at))))


def since(session: Session, call_id: str) -> datetime | None:
    """Since when a call is on hold; None where it is not."""
    row = session.get(CallHold, call_id)
    return row.started_at if row is not None else None


def begin(session: Session, new: HandOver) -> HandOver:
    """Write down a hand-over; one that was open in the same call is cancelled by it."""
    exclusive(session, f"hold.{new.call_id}")
    for row in open_ones(session):
        if row.call_id == new.call_id:
            _end(session, row, HandOverState.CANCELLED, new.started_at)
    session.add(new)
    session.flush()
    return new


def new_hand_over(
    call_id: str, people: tuple[str, str], consultation_id: str | None, words: tuple[str, str], at: datetime
) -> HandOver:
    """A row from one person to another, with the note and what was agreed; ringing where somebody is rung."""
    state = HandOverState.TALKING if consultation_id is None else HandOverState.RINGING
    return HandOver(
        id=new_id(at),
        call_id=call_id,
        from_id=people[0],
        to_id=people[1],
        consultation_id=consultation_id,
        note=words[0],
        agreed=words[1],
        state=state.value,
        started_at=at,
    )


def by_id(session: Session, hand_over_id: str) -> HandOver:
    """One hand-over; raises HandOverUnknown."""
    row = session.get(HandOver, hand_over_id)
    if row is None:
        raise HandOverUnknown
    return row


def of_call(session: Session, call_id: str) -> list[HandOver]:
    """All of a call's, oldest first."""
    query = select(HandOver).where(HandOver.call_id == call_id)
    return list(session.exec(query.order_by(col(HandOver.started_at), col(HandOver.id))))


def open_ones(session: Session) -> list[HandOver]:
    """All that ring or talk."""
    return list(session.exec(select(HandOver).where(col(HandOver.state).in_(_OPEN))))


def of_consultations(session: Session, consultation_ids: Sequence[str]) -> dict[str, HandOver]:
    """Those that these requests ring for, by request."""
    query = select(HandOver).where(col(HandOver.consultation_id).in_(consultation_ids))
    return {row.consultation_id: row for row in session.exec(query) if row.consultation_id is not None}


def accept(session: Session, consultation_id: str, staff_id: str, at: datetime) -> HandOver | None:
    """Somebody accepted this request: if it was a hand-over, they talk now and its guests are on hold."""
    row = of_consultations(session, [consultation_id]).get(consultation_id)
    if row is None:
        return None
    exclusive(session, f"hold.{row.call_id}")
    session.refresh(row)
    if row.state != HandOverState.RINGING.value:
        return None
    row.to_id, row.state = staff_id, HandOverState.TALKING.value
    session.add(row)
    session.flush()
    hold(session, row.call_id, row.from_id, at)
    return row


def complete(session: Session, row: HandOver, at: datetime) -> None:
    """The call is the colleague's, and its guests are back. Raises HandOverOver."""
    exclusive(session, f"hold.{row.call_id}")
    session.refresh(row)
    if row.state != HandOverState.TALKING.value:
        raise HandOverOver
    call = session.get(Call, row.call_id, populate_existing=True)
    if call is not None:
        call.host_id = row.to_id
        session.add(call)
    _end(session, row, HandOverState.DONE, at)
    release(session, row.call_id)


def cancel(
    session: Session, row: HandOver, at: datetime, state: HandOverState = HandOverState.CANCELLED
) -> None:
    """Nothing changes hands, and its guests are back. Raises HandOverOver."""
    exclusive(session, f"hold.{row.call_id}")
    session.refresh(row)
    if row.state not in _OPEN:
        raise HandOverOver
    was_talking = row.state == HandOverState.TALKING.value
    _end(session, row, state, at)
    if was_talking:
        release(session, row.call_id)


def _end(session: Session, row: HandOver, state: HandOverState, at: datetime) -> None:
    row.state, row.ended_at = state.value, at
    session.add(row)
    session.flush()
