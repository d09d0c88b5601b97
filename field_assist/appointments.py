"""予約: a call that is agreed beforehand, with whom, about what and when; its link opens around that time.

The link's code is known by its digest only. When the call starts, it becomes the guest's invitation to it:
the same link all along. An appointment can stand for a ticket, which is answered by starting it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, or_, select

from field_assist.people import Person
from field_assist.store import UtcDateTime, exclusive

FARTHEST = timedelta(days=366)
OPENS_BEFORE = timedelta(minutes=15)
"""So early at most staff start it: the resident's link says the time that was agreed."""
SHOWN_AFTER = timedelta(hours=12)
KEPT_AFTER = timedelta(days=30)


class State(StrEnum):
    """Where an appointment stands."""

    BOOKED = "booked"
    STARTED = "started"
    CANCELLED = "cancelled"
    OVER = "over"  # the time passed without a call


class AppointmentUnknown(Exception):
    """No such appointment, or none this person may know of."""


class AppointmentOver(Exception):
    """It was started or cancelled, or its time has passed."""


class NotThen(Exception):
    """An appointment lies in the future, within a year; and it starts when it is time."""


class Appointment(SQLModel, table=True):
    """One appointment. `name` is the resident's; `version` counts the changes of when and with whom."""

    __tablename__ = "appointment"

    id: str = Field(primary_key=True, max_length=26)
    code_digest: str = Field(unique=True, index=True, max_length=64)
    code_sealed: str
    starts_at: datetime = Field(sa_type=UtcDateTime, index=True)
    minutes: int
    title: str
    topic: str
    name: str
    language: str = Field(max_length=8)
    host_id: str = Field(foreign_key="staff.id", index=True, max_length=26)
    made_by: str = Field(foreign_key="staff.id", max_length=26)
    made_at: datetime = Field(sa_type=UtcDateTime)
    consultation_id: str | None = Field(default=None, foreign_key="consultation.id", max_length=26)
    call_id: str | None = Field(default=None, foreign_key="call.id", max_length=26)
    version: int
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancel_reason: str

    @property
    def ends_at(self) -> datetime:
        """When it is expected to be over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def state(self, at: datetime) -> State:
        """Where it stands at time `at`."""
        if self.cancelled_at is not None:
            return State.CANCELLED
        if self.call_id is not None:
            return State.STARTED
        return State.OVER if at > self.ends_at + SHOWN_AFTER else State.BOOKED


@dataclass(frozen=True, slots=True)
class Plan:
    """When, with whom of staff, about what."""

    starts_at: datetime
    minutes: int
    title: str
    topic: str
    host_id: str


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """What is agreed with whom; `code` are digest and sealed form of the link's code for this `id`."""

    id: str
    code: tuple[str, str]
    plan: Plan
    name: str
    language: str
    consultation_id: str | None = None


def book(session: Session, new: NewAppointment, made_by: str, at: datetime) -> Appointment:
    """Write it down; raises NotThen."""
    _must_be_ahead(new.plan, at)
    digest, sealed = new.code
    row = Appointment(
        id=new.id,
        code_digest=digest,
        code_sealed=sealed,
        starts_at=new.plan.starts_at,
        minutes=new.plan.minutes,
        title=new.plan.title,
        topic=new.plan.topic,
        name=new.name,
        language=new.language,
        host_id=new.plan.host_id,
        made_by=made_by,
        made_at=at,
        consultation_id=new.consultation_id,
        version=0,
        cancel_reason="",
    )
    session.add(row)
    session.flush()
    return row


def locked(session: Session, appointment_id: str) -> Appointment:
    """One appointment, which nobody else changes before this transaction ends; raises AppointmentUnknown."""
    exclusive(session, f"appointment.{appointment_id}")
    row = session.get(Appointment, appointment_id, populate_existing=True)
    if row is None:
        raise AppointmentUnknown
    return row


def by_code(session: Session, digest: str) -> Appointment:
    """The appointment whose code has this digest; raises AppointmentUnknown."""
    row = session.exec(select(Appointment).where(Appointment.code_digest == digest)).first()
    if row is None:
        raise AppointmentUnknown
    return row


def move(session: Session, row: Appointment, plan: Plan, at: datetime) -> None:
    """Another time, another colleague, other words; raises AppointmentOver, NotThen."""
    _must_be_booked(row, at)
    _must_be_ahead(plan, at)
    row.starts_at, row.minutes, row.host_id = plan.starts_at, plan.minutes, plan.host_id
    row.title, row.topic, row.version = plan.title, plan.topic, row.version + 1
    session.add(row)
    session.flush()


def cancel(session: Session, row: Appointment, reason: str, at: datetime) -> None:
    """It does not take place; raises AppointmentOver."""
    _must_be_booked(row, at)
    row.cancelled_at, row.cancel_reason, row.version = at, reason, row.version + 1
    session.add(row)
    session.flush()


def must_start(row: Appointment, at: datetime) -> None:
    """Raise what is in the way: AppointmentOver, NotThen."""
    _must_be_booked(row, at)
    if at < row.starts_at - OPENS_BEFORE:
        raise NotThen


def started(session: Session, row: Appointment, call_id: str) -> None:
    """The call has begun."""
    row.call_id = call_id
    session.add(row)
    session.flush()


def of(session: Session, person: Person, at: datetime) -> list[Appointment]:
    """What this person has or made and that still lies ahead, the next one first."""
    query = select(Appointment).where(
        or_(Appointment.host_id == person.id, Appointment.made_by == person.id),
        col(Appointment.cancelled_at).is_(None),
        col(Appointment.call_id).is_(None),
        Appointment.starts_at > at - SHOWN_AFTER,
    )
    return list(session.exec(query.order_by(col(Appointment.starts_at), col(Appointment.id)).limit(200)))


def forget_names(session: Session, at: datetime) -> None:
    """Housekeeping: who the resident was, once it has long been over."""
    old = select(Appointment).where(Appointment.starts_at < at - KEPT_AFTER, Appointment.name != "")
    for row in session.exec(old.limit(500)):
        row.name = ""
        session.add(row)


def _must_be_booked(row: Appointment, at: datetime) -> None:
    if row.state(at) is not State.BOOKED:
        raise AppointmentOver


def _must_be_ahead(plan: Plan, at: datetime) -> None:
    if not at - OPENS_BEFORE <= plan.starts_at <= at + FARTHEST:
        raise NotThen
