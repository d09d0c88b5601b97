"""相談: a request for help in a call, from being asked to its end, as the database keeps it.

What `queueing` decides in memory stands here as it happens, so that a restart goes on where it was. A call
may ask several times; a ticket stays open until somebody has called back.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement
from sqlmodel import JSON, Column, Field, Session, SQLModel, col, select

from field_assist.calls import Call
from field_assist.identifiers import new_id
from field_assist.people import CALLING_ROLES, Person, Role
from field_assist.queueing import Request
from field_assist.store import UtcDateTime, exclusive
from field_assist.topics import TOPIC_KEYS

TALKS = 300
"""So many last consultations say how long one takes."""


class State(StrEnum):
    """Where a consultation stands; all but the first are ends of the waiting."""

    WAITING = "waiting"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    TICKET = "ticket"  # 折り返し: somebody owes a call back
    CALLED_BACK = "called_back"
    CLOSED = "closed"  # a ticket that needed no call


class ConsultationUnknown(Exception):
    """No such consultation, or none this person may know of."""


class ConsultationOver(Exception):
    """Somebody else was faster, it was taken back, or it is a ticket by now."""


class Consultation(SQLModel, table=True):
    """One request. `circles`, `declined` and `later` are the queue's; `later` by person as ISO times."""

    __tablename__ = "consultation"

    id: str = Field(primary_key=True, max_length=26)
    call_id: str = Field(foreign_key="call.id", index=True, max_length=26)
    topic: str
    asked_by: str = Field(foreign_key="staff.id", max_length=26)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    urgency: int
    circles: list[list[str]] = Field(sa_column=Column(JSON, nullable=False))
    declined: list[str] = Field(sa_column=Column(JSON, nullable=False))
    later: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    state: str = Field(index=True, max_length=12)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: str | None = Field(default=None, foreign_key="staff.id", max_length=26)

    def asks(self, staff_id: str) -> bool:
        """Whether this person is in one of the circles, rung or not."""
        return any(staff_id in circle for circle in self.circles)

    def request(self) -> Request:
        """For the queue; its clock is the wall's."""
        return Request(
            id=self.id,
            topic=self.topic,
            asked_at=self.asked_at.timestamp(),
            circles=tuple(tuple(circle) for circle in self.circles),
            urgency=self.urgency,
            declined=set(self.declined),
            later={person: datetime.fromisoformat(at).timestamp() for person, at in self.later.items()},
        )


def circles(
    asker: Person, everybody: Sequence[Person], *, topic: str = "", whom: str | None = None
) -> list[list[str]]:
    """Who is rung: a person, the specialists of a topic or the asker's superior (上司); then their deputies.

    For a topic, then whoever is responsible for the asker's office; so too where nobody knows the topic.
    Where that is nobody at all, everybody who is responsible for something: no request is nobody's.
    """
    known = {person.id: person for person in everybody if person.role in CALLING_ROLES}
    bosses = [asker.boss_id] if asker.boss_id in known else []
    supervisors = [
        person.id
        for person in known.values()
        if person.role is Role.SUPERVISOR and person.office and person.office == asker.office
    ]
    specialists = [
        person.id for person in known.values() if person.role is Role.SPECIALIST and topic in person.skills
    ]
    if whom is not None:
        first = [whom] if whom in known else []
    else:
        first = specialists if topic in TOPIC_KEYS and specialists else bosses or supervisors
    second = [deputy for person in first for deputy in known[person].deputy_ids if deputy in known]
    third = [] if whom is not None else [*bosses, *supervisors]
    found: list[list[str]] = []
    seen = {asker.id}
    for circle in (first, second, third):
        fresh = [person for person in dict.fromkeys(circle) if person not in seen]
        seen.update(fresh)
        if fresh:
            found.append(fresh)
    others = [person for person in known.values() if person.id != asker.id]
    responsible = [person.id for person in others if person.role is Role.SUPERVISOR]
    return found or [responsible or [person.id for person in others]]


def ask(
    session: Session, call_id: str, asker: Person, topic: str, found: list[list[str]], at: datetime
) -> Consultation:
    """Write down a request."""
    row = Consultation(
        id=new_id(at),
        call_id=call_id,
        topic=topic,
        asked_by=asker.id,
        asked_at=at,
        urgency=0,
        circles=found,
        declined=[],
        later={},
        state=State.WAITING.value,
    )
    session.add(row)
    session.flush()
    return row


def by_id(session: Session, consultation_id: str) -> Consultation:
    """One consultation; raises ConsultationUnknown."""
    row = session.get(Consultation, consultation_id)
    if row is None:
        raise ConsultationUnknown
    return row


def waiting(session: Session) -> list[Consultation]:
    """All that wait, oldest first."""
    return _listed(session, col(Consultation.state) == State.WAITING.value)


def talks(session: Session) -> list[tuple[str, float]]:
    """Topics and seconds of the last consultations that were answered and are over, oldest first.

    From the answer to the end of the call: what the queue estimates waits by, also after a restart.
    """
    query = (
        select(Consultation.topic, Consultation.ended_at, Call.ended_at)
        .where(Consultation.call_id == Call.id, Consultation.state == State.ANSWERED.value)
        .where(col(Call.ended_at) > col(Consultation.ended_at))
        .order_by(col(Consultation.ended_at).desc())
    )
    rows = list(session.exec(query.limit(TALKS)))[::-1]
    return [(topic, (over - answered).total_seconds()) for topic, answered, over in rows if answered and over]


class Said(NamedTuple):
    """What those who are rung have said so far; `later` by person as ISO times."""

    declined: list[str]
    later: dict[str, str]


def said_while_waiting(session: Session) -> dict[str, Said]:
    """The same as `waiting`, by id and without what never changes: it is asked for often."""
    columns = select(Consultation.id, Consultation.declined, Consultation.later)
    query = columns.where(Consultation.state == State.WAITING.value)
    rows = session.exec(query.order_by(col(Consultation.asked_at), col(Consultation.id)))
    return {request: Said(list(declined), dict(later)) for request, declined, later in rows}


def of_call(session: Session, call_id: str) -> list[Consultation]:
    """All of a call's, oldest first."""
    return _listed(session, col(Consultation.call_id) == call_id)


def of_calls(session: Session, call_ids: Sequence[str]) -> list[Consultation]:
    """All of these calls', oldest first."""
    return _listed(session, col(Consultation.call_id).in_(call_ids))


def tickets(session: Session, staff_id: str) -> list[Consultation]:
    """Open tickets that this person was asked for, oldest first."""
    return [row for row in all_tickets(session) if row.asks(staff_id)]


def all_tickets(session: Session) -> list[Consultation]:
    """All open tickets, oldest first."""
    return _listed(session, col(Consultation.state) == State.TICKET.value)


def answered_since(session: Session, since: datetime) -> list[Consultation]:
    """Those that somebody took since then."""
    taken = col(Consultation.answered_by).is_not(None)
    return _listed(session, taken & (col(Consultation.ended_at) >= since))


def answer(session: Session, consultation_id: str, staff_id: str, at: datetime) -> bool:
    """The first who accepts has it, a ticket as well; False for everybody after."""
    row = _locked(session, consultation_id)
    if row is None or row.state not in (State.WAITING.value, State.TICKET.value):
        return False
    row.state = State.ANSWERED.value if row.state == State.WAITING.value else State.CALLED_BACK.value
    row.answered_by, row.ended_at = staff_id, row.ended_at or at
    session.add(row)
    session.flush()
    return True


def end(session: Session, consultation_id: str, state: State, at: datetime) -> bool:
    """The waiting is over without an answer; False when it was over already."""
    row = _locked(session, consultation_id)
    if row is None or row.state != State.WAITING.value:
        return False
    row.state, row.ended_at = state.value, at
    session.add(row)
    session.flush()
    return True


def close(session: Session, consultation_id: str, staff_id: str) -> None:
    """A ticket needs no call any more; raises ConsultationOver for anything but an open ticket."""
    row = _locked(session, consultation_id)
    if row is None or row.state != State.TICKET.value:
        raise ConsultationOver
    row.state, row.answered_by = State.CLOSED.value, staff_id
    session.add(row)
    session.flush()


def also_ask(session: Session, consultation_id: str, staff_id: str) -> None:
    """One more person may call back, after everybody else."""
    row = _locked(session, consultation_id)
    if row is not None and not row.asks(staff_id):
        row.circles = [*row.circles, [staff_id]]
        session.add(row)
        session.flush()


def decline(session: Session, consultation_id: str, staff_id: str, until: datetime | None) -> None:
    """Somebody says no, or not before a time; raises ConsultationUnknown."""
    row = _locked(session, consultation_id)
    if row is None:
        raise ConsultationUnknown
    if until is None:
        row.declined = [*row.declined, staff_id]
    else:
        row.later = {**row.later, staff_id: until.astimezone(UTC).isoformat()}
    session.add(row)
    session.flush()


def _listed(session: Session, condition: ColumnElement[bool]) -> list[Consultation]:
    query = select(Consultation).where(condition)
    return list(session.exec(query.order_by(col(Consultation.asked_at), col(Consultation.id))))


def _locked(session: Session, consultation_id: str) -> Consultation | None:
    """The row as it is now; nobody else changes it before this transaction ends."""
    exclusive(session, f"consultation.{consultation_id}")
    return session.get(Consultation, consultation_id, populate_existing=True)
