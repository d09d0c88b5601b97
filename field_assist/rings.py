"""Who was rung for a request, how far the ringing came, and what they missed (不在着信).

The rows follow the queue: `follow` is told who should ring now and answers whom that starts and stops, so any
node can say what rings at a person, and a node that goes on where another died rings nobody twice.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlmodel import Field, Session, SQLModel, col, select

from field_assist.consultations import Consultation, State
from field_assist.store import UtcDateTime, exclusive


class Delivery(StrEnum):
    """How far a ring came, as far as is known."""

    RINGING = "ringing"  # told to whatever page is open
    PUSHED = "pushed"  # a push service took it for a device
    SHOWN = "shown"  # a page or a notification of theirs shows it


class Ring(SQLModel, table=True):
    """The last time somebody was rung for a request; it rings until `stopped_at` is there."""

    __tablename__ = "ring"

    consultation_id: str = Field(primary_key=True, foreign_key="consultation.id", max_length=26)
    staff_id: str = Field(primary_key=True, foreign_key="staff.id", index=True, max_length=26)
    rung_at: datetime = Field(sa_type=UtcDateTime)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivery: str = Field(max_length=12)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Told(NamedTuple):
    """Somebody and the request they are rung for."""

    request: str
    person: str


class Changes(NamedTuple):
    """Whom to ring from now on, and whom no more."""

    started: list[Told]
    stopped: list[Told]


def follow(session: Session, wanted: Mapping[str, Iterable[str]], at: datetime) -> Changes:
    """Let exactly these people ring, by request, as far as their requests wait."""
    exclusive(session, "rings")
    rows = session.exec(select(Ring).where(col(Ring.stopped_at).is_(None)))
    ringing = {Told(row.consultation_id, row.staff_id): row for row in rows}
    want = [Told(request, person) for request, people in sorted(wanted.items()) for person in people]
    fresh = [told for told in want if told not in ringing and _waits(session, told.request)]
    changes = Changes(fresh, sorted(ringing.keys() - set(want)))
    for told in changes.stopped:
        ringing[told].stopped_at = at
        session.add(ringing[told])
    for told in changes.started:
        delivery = Delivery.RINGING.value
        row = Ring(consultation_id=told.request, staff_id=told.person, rung_at=at, delivery=delivery)
        session.merge(row)
    session.flush()
    return changes


def ringing_at(session: Session, staff_id: str) -> list[str]:
    """Requests that ring at somebody, the first one first."""
    rows = session.exec(
        select(Ring)
        .where(Ring.staff_id == staff_id, col(Ring.stopped_at).is_(None))
        .order_by(col(Ring.rung_at), col(Ring.consultation_id))
    )
    return [row.consultation_id for row in rows if _waits(session, row.consultation_id)]


def of(session: Session, consultation_id: str) -> list[Ring]:
    """Everybody who is or was rung for a request, in the order they were."""
    query = select(Ring).where(Ring.consultation_id == consultation_id)
    return list(session.exec(query.order_by(col(Ring.rung_at), col(Ring.staff_id))))


def reached(session: Session, consultation_id: str, staff_id: str, delivery: Delivery) -> bool:
    """Note how far a ring came; False when that was known, or nothing rings."""
    row = session.get(Ring, (consultation_id, staff_id))
    order = list(Delivery)
    if row is None or row.stopped_at is not None:
        return False
    if order.index(Delivery(row.delivery)) >= order.index(delivery):
        return False
    row.delivery = delivery.value
    session.add(row)
    session.flush()
    return True


def missed(session: Session, staff_id: str, since: datetime) -> list[Consultation]:
    """What somebody was rung for until it was taken back, and has not put aside; newest first.

    What became a ticket is no longer missed but owed, and in the list of tickets.
    """
    query = (
        select(Consultation)
        .join(Ring, col(Ring.consultation_id) == col(Consultation.id))
        .where(
            Ring.staff_id == staff_id,
            col(Ring.seen_at).is_(None),
            col(Ring.rung_at) >= since,
            Consultation.state == State.WITHDRAWN.value,
        )
        .order_by(col(Ring.rung_at).desc())
    )
    return [row for row in session.exec(query) if staff_id not in row.declined]


def put_aside(session: Session, consultation_id: str, staff_id: str, at: datetime) -> bool:
    """Somebody has seen that they missed it; False when there is nothing of the kind."""
    row = session.get(Ring, (consultation_id, staff_id))
    if row is None:
        return False
    row.seen_at = row.seen_at or at
    session.add(row)
    session.flush()
    return True


def _waits(session: Session, consultation_id: str) -> bool:
    row = session.get(Consultation, consultation_id)
    return row is not None and row.state == State.WAITING.value
