"""Calls (会議室): one call is one LiveKit room of the same name, with a host, members and a chat.

Tables and their operations; each operation is a function of a session and runs inside the caller's
transaction. Who may do what is decided by `people`, before these are called.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, and_, col, func, or_, select

from field_assist import staff
from field_assist.identifiers import new_id
from field_assist.people import CallFacts, Person, Role
from field_assist.store import UtcDateTime, exclusive
from field_assist.work_hours import JST

CHAT_LIMIT = 500
"""A late joiner sees this many last messages."""


class CallUnknown(Exception):
    """No such call, or none this person may know of: the answer is the same."""


class CallClosed(Exception):
    """The call has ended."""


class MessageUnknown(Exception):
    """No such written line in this call's chat."""


class NotAConversationPartner(Exception):
    """This member of staff does not take calls by role."""


class Call(SQLModel, table=True):
    """One call; open until `ended_at`."""

    __tablename__ = "call"
    __table_args__ = (UniqueConstraint("fiscal_year", "serial"),)

    id: str = Field(primary_key=True, max_length=26)
    fiscal_year: int
    serial: int
    title: str
    topic: str
    place: str
    host_id: str = Field(foreign_key="staff.id", index=True, max_length=26)
    host_office: str
    started_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)

    @property
    def number(self) -> str:
        """The number people say: Reiwa fiscal year and serial, as in R8-0142."""
        return f"R{self.fiscal_year - 2018}-{self.serial:04d}"


class CallMember(SQLModel, table=True):
    """A member of staff who was added to a call, or joined it."""

    __tablename__ = "call_member"

    call_id: str = Field(primary_key=True, foreign_key="call.id", max_length=26)
    staff_id: str = Field(primary_key=True, foreign_key="staff.id", index=True, max_length=26)
    added_by: str = Field(foreign_key="staff.id", max_length=26)
    added_at: datetime = Field(sa_type=UtcDateTime)


class ChatMessage(SQLModel, table=True):
    """One chat line. The sender's name and role are kept as they were when it was said.

    A line that was a note (`notes`) names it; a voice note has its length and no text.
    """

    __tablename__ = "chat_message"

    id: str = Field(primary_key=True, max_length=26)
    call_id: str = Field(foreign_key="call.id", index=True, max_length=26)
    sender_identity: str = Field(max_length=40)
    sender_name: str
    sender_role: str
    text: str
    sent_at: datetime = Field(sa_type=UtcDateTime)
    note_id: str | None = Field(default=None, index=True, unique=True, max_length=36)
    note_ms: int | None = None


@dataclass(frozen=True, slots=True)
class NewCall:
    """What the host said about it; all may be empty."""

    title: str = ""
    topic: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who says a chat line, staff or guest."""

    identity: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class CallSheet:
    """A call with its people, the host first among the members, read in one transaction."""

    call: Call
    host: Person
    members: tuple[Person, ...]

    @property
    def facts(self) -> CallFacts:
        """What the permission predicates need."""
        return CallFacts(
            id=self.call.id,
            host_id=self.call.host_id,
            host_office=self.call.host_office,
            topic=self.call.topic,
            member_ids=frozenset(member.id for member in self.members),
            is_open=self.call.ended_at is None,
        )


def start(session: Session, host: Person, new: NewCall, at: datetime) -> CallSheet:
    """Open a call; the host is its first member."""
    year = fiscal_year(at)
    call = Call(
        id=new_id(at),
        fiscal_year=year,
        serial=_next_serial(session, year),
        title=new.title,
        topic=new.topic,
        place=new.place,
        host_id=host.id,
        host_office=host.office,
        started_at=at,
    )
    session.add(call)
    session.flush()
    session.add(CallMember(call_id=call.id, staff_id=host.id, added_by=host.id, added_at=at))
    session.flush()
    return CallSheet(call, host, (host,))


def restore(session: Session, call: Call) -> bool:
    """Keep a call that comes from elsewhere; False where it is here already.

    It keeps its number, unless that is taken here: then it gets the next one of its year.
    """
    serial = _next_serial(session, call.fiscal_year)
    if session.get(Call, call.id) is not None:
        return False
    taken = select(Call.id).where(Call.fiscal_year == call.fiscal_year, Call.serial == call.serial)
    if session.exec(taken).first() is not None:
        call.serial = serial
    session.add(call)
    session.flush()
    return True


def sheet(session: Session, call_id: str) -> CallSheet:
    """The call and its people; raises CallUnknown."""
    call = session.get(Call, call_id)
    if call is None:
        raise CallUnknown
    return _sheets(session, [call])[0]


def sheets(session: Session, call_ids: Collection[str]) -> dict[str, CallSheet]:
    """These calls and their people, by id, in a few queries however many; unknown ones are left out."""
    found = list(session.exec(select(Call).where(col(Call.id).in_(call_ids)))) if call_ids else []
    return {entry.call.id: entry for entry in _sheets(session, found)}


def visible(session: Session, person: Person, at: datetime) -> list[CallSheet]:
    """Open calls and those of today (in Japan) that may concern `person`, newest first, open ones first.

    Wider than the permission rule is allowed: the caller filters by `may_see_call`.
    """
    today = at.astimezone(JST).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    is_current = or_(col(Call.ended_at).is_(None), Call.started_at >= today)
    query = (
        select(Call)
        .where(concerning(person), is_current)
        .order_by(col(Call.started_at).desc(), col(Call.id).desc())
    )
    found = _sheets(session, list(session.exec(query.limit(200))))
    return sorted(found, key=lambda entry: entry.call.ended_at is not None)


def concerning(person: Person) -> ColumnElement[bool]:
    """Calls that may concern somebody; wider than `may_see_call`, by which the caller filters."""
    mine = select(CallMember.call_id).where(CallMember.staff_id == person.id)
    return or_(
        col(Call.host_id) == person.id,
        col(Call.id).in_(mine),
        and_(col(Call.host_office) == person.office, person.role is Role.SUPERVISOR),
        and_(col(Call.topic).in_(person.skills), person.role is Role.SPECIALIST),
    )


def still_open(session: Session) -> list[CallSheet]:
    """All open calls."""
    query = select(Call).where(col(Call.ended_at).is_(None)).order_by(col(Call.started_at))
    return _sheets(session, list(session.exec(query)))


def add_member(session: Session, call_id: str, staff_id: str, added_by: str, at: datetime) -> bool:
    """Make somebody a member; False when they were one already."""
    if session.get(CallMember, (call_id, staff_id)) is not None:
        return False
    session.add(CallMember(call_id=call_id, staff_id=staff_id, added_by=added_by, added_at=at))
    session.flush()
    return True


def end(session: Session, call_id: str, at: datetime) -> bool:
    """Close the call; False when it was closed already."""
    exclusive(session, f"call.{call_id}")
    call = session.get(Call, call_id, populate_existing=True)
    if call is None:
        raise CallUnknown
    if call.ended_at is not None:
        return False
    call.ended_at = at
    session.add(call)
    session.flush()
    return True


def give(session: Session, call_id: str, staff_id: str, at: datetime) -> bool:
    """Make somebody the host, and a member; False when they were the host already. Raises CallUnknown."""
    exclusive(session, f"call.{call_id}")
    call = session.get(Call, call_id, populate_existing=True)
    if call is None:
        raise CallUnknown
    add_member(session, call_id, staff_id, staff_id, at)
    if call.host_id == staff_id:
        return False
    call.host_id = staff_id
    session.add(call)
    session.flush()
    return True


def say(session: Session, call_id: str, sender: Sender, words: str, at: datetime) -> ChatMessage:
    """Store a chat line."""
    message = ChatMessage(
        id=new_id(at),
        call_id=call_id,
        sender_identity=sender.identity,
        sender_name=sender.name,
        sender_role=sender.role.value,
        text=words,
        sent_at=at,
    )
    session.add(message)
    session.flush()
    return message


def messages(session: Session, call_id: str) -> list[ChatMessage]:
    """The last chat lines, oldest first."""
    newest_first = select(ChatMessage).where(ChatMessage.call_id == call_id)
    newest_first = newest_first.order_by(col(ChatMessage.sent_at).desc(), col(ChatMessage.id).desc())
    return list(session.exec(newest_first.limit(CHAT_LIMIT)))[::-1]


def message(session: Session, call_id: str, message_id: str) -> ChatMessage:
    """One written line of this call; raises MessageUnknown, also for a spoken one."""
    line = session.get(ChatMessage, message_id)
    if line is None or line.call_id != call_id or not line.text:
        raise MessageUnknown
    return line


def message_counts(session: Session, call_ids: list[str]) -> dict[str, int]:
    """How many chat lines each call has; those without any are left out."""
    query = select(ChatMessage.call_id, func.count()).where(col(ChatMessage.call_id).in_(call_ids))
    return dict(session.exec(query.group_by(ChatMessage.call_id)).all())


def fiscal_year(at: datetime) -> int:
    """年度: from April, by the date in Japan."""
    day = at.astimezone(JST)
    return day.year if day.month >= 4 else day.year - 1


def _next_serial(session: Session, year: int) -> int:
    exclusive(session, "call.serial")
    return (session.exec(select(func.max(Call.serial)).where(Call.fiscal_year == year)).one() or 0) + 1


def _sheets(session: Session, calls: list[Call]) -> list[CallSheet]:
    ids = [call.id for call in calls]
    query = select(CallMember).where(col(CallMember.call_id).in_(ids))
    rows = list(session.exec(query.order_by(col(CallMember.added_at), col(CallMember.staff_id))))
    known = staff.people(session, sorted({row.staff_id for row in rows} | {call.host_id for call in calls}))
    members: dict[str, list[Person]] = {}
    for row in rows:
        members.setdefault(row.call_id, []).append(known[row.staff_id])
    return [
        CallSheet(
            call,
            known[call.host_id],
            tuple(sorted(members.get(call.id, ()), key=lambda member: member.id != call.host_id)),
        )
        for call in calls
    ]
