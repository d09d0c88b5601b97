"""案件: what calls, notes and decisions of several days belong to; who owns it, where it is, how it stands.

Tables and their operations; each is a function of a session and runs inside the caller's transaction. Who
may do what is decided by `people`, before these are called. What has no home of its own (being opened,
changed, closed, a comment, a call that was linked) is an event of the case, written with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import JSON, Column, Field, Session, SQLModel, UniqueConstraint, and_, col, func, or_, select

from field_assist import staff
from field_assist.calls import Call, CallMember, fiscal_year
from field_assist.identifiers import new_id
from field_assist.people import CaseFacts, Person, Role
from field_assist.store import UtcDateTime, exclusive

LIST_LIMIT = 100
"""A list shows this many at most; whoever looks for more searches."""


class Status(StrEnum):
    """How a case stands; all but the last are open."""

    RECEIVED = "received"  # 受付
    WORKING = "working"  # 対応中
    WATCHING = "watching"  # 経過観察
    CLOSED = "closed"


class EventKind(StrEnum):
    """What an event of a case is."""

    OPENED = "opened"
    CHANGED = "changed"
    CLOSED = "closed"
    REOPENED = "reopened"
    COMMENT = "comment"
    CALL_LINKED = "call_linked"
    CALL_UNLINKED = "call_unlinked"
    SHARED = "shared"
    SHARE_ENDED = "share_ended"
    DOCUMENT_LINKED = "doc_linked"
    DOCUMENT_UNLINKED = "doc_unlinked"
    RESTORED = "restored"


class CaseUnknown(Exception):
    """No such case, or none this person may know of: the answer is the same."""


class CaseClosed(Exception):
    """The case is closed: it is reopened before it is changed."""


class CaseChanged(Exception):
    """Somebody else changed it since it was read."""


class LinkedElsewhere(Exception):
    """The call belongs to another case already."""


class Case(SQLModel, table=True):
    """One case. `sensitivity` is 自治体機密性 1 to 3; `revision` counts changes from 1."""

    __tablename__ = "case_file"  # CASE is a word of SQL
    __table_args__ = (UniqueConstraint("fiscal_year", "unit", "serial"),)

    id: str = Field(primary_key=True, max_length=26)
    fiscal_year: int
    unit: str
    serial: int
    number: str = Field(unique=True)
    title: str
    kind: str = Field(max_length=12)
    topic: str
    place: str
    latitude: float | None = None
    longitude: float | None = None
    owner_id: str = Field(foreign_key="staff.id", index=True, max_length=26)
    department: str
    office: str = Field(index=True)
    sensitivity: int
    status: str = Field(index=True, max_length=12)
    revision: int
    opened_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime, index=True)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CaseCall(SQLModel, table=True):
    """A call belongs to one case at most."""

    __tablename__ = "case_call"

    call_id: str = Field(primary_key=True, foreign_key="call.id", max_length=26)
    case_id: str = Field(foreign_key="case_file.id", index=True, max_length=26)
    linked_by: str = Field(foreign_key="staff.id", max_length=26)
    linked_at: datetime = Field(sa_type=UtcDateTime)


class CaseEvent(SQLModel, table=True):
    """What happened to a case and stands nowhere else; the actor's name and role as they were then.

    `detail` holds the changed fields with what they were and are, or the id of what the event is about.
    """

    __tablename__ = "case_event"

    id: str = Field(primary_key=True, max_length=26)
    case_id: str = Field(foreign_key="case_file.id", index=True, max_length=26)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(max_length=16)
    actor: str = Field(max_length=40)
    actor_name: str
    actor_role: str
    text: str
    detail: dict[str, str | list[list[str]]] = Field(sa_column=Column(JSON, nullable=False))


@dataclass(frozen=True, slots=True)
class Particulars:
    """What staff say of a case; the position is WGS 84 in degrees, both or neither."""

    title: str
    kind: str = "other"
    topic: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    sensitivity: int = 2


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """A case with its owner and the members of its calls, read in one transaction."""

    case: Case
    owner: Person
    member_ids: frozenset[str]

    @property
    def facts(self) -> CaseFacts:
        """What the permission predicates need."""
        case = self.case
        return CaseFacts(
            id=case.id,
            owner_id=case.owner_id,
            department=case.department,
            office=case.office,
            sensitivity=case.sensitivity,
            member_ids=self.member_ids,
            is_open=case.status != Status.CLOSED.value,
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list shows; all `words` must occur in the number, the title or the place."""

    words: Sequence[str] = field(default=())
    status: str = "open"  # or all, or one Status
    is_mine: bool = False


def open_case(session: Session, owner: Person, new: Particulars, at: datetime) -> CaseSheet:
    """Open a case of the owner's department, with the next number of the fiscal year there."""
    year, unit = fiscal_year(at), owner.department or owner.office or "庁"
    serial = _next_serial(session, year, unit)
    case = Case(
        id=new_id(at),
        fiscal_year=year,
        unit=unit,
        serial=serial,
        number=_number(year, unit, serial),
        title=new.title,
        kind=new.kind,
        topic=new.topic,
        place=new.place,
        latitude=new.latitude,
        longitude=new.longitude,
        sensitivity=new.sensitivity,
        owner_id=owner.id,
        department=owner.department,
        office=owner.office,
        status=Status.RECEIVED.value,
        revision=1,
        opened_at=at,
        updated_at=at,
    )
    session.add(case)
    session.flush()
    happened(session, case, EventKind.OPENED, owner, at)
    return CaseSheet(case, owner, frozenset())


def restore(session: Session, case: Case) -> bool:
    """Keep a case that comes from elsewhere; False where it is here already.

    It keeps its number, unless that is taken here: then it gets the next one of its year and department.
    """
    serial = _next_serial(session, case.fiscal_year, case.unit)
    if session.get(Case, case.id) is not None:
        return False
    if session.exec(select(Case.id).where(Case.number == case.number)).first() is not None:
        case.serial, case.number = serial, _number(case.fiscal_year, case.unit, serial)
    session.add(case)
    session.flush()
    return True


def sheet(session: Session, case_id: str) -> CaseSheet:
    """The case and its people; raises CaseUnknown."""
    case = session.get(Case, case_id)
    if case is None:
        raise CaseUnknown
    return _sheets(session, [case])[0]


def locked(session: Session, case_id: str) -> CaseSheet:
    """The same, and nobody else changes it before this transaction ends; raises CaseUnknown."""
    exclusive(session, f"case.{case_id}")
    case = session.get(Case, case_id, populate_existing=True)
    if case is None:
        raise CaseUnknown
    return _sheets(session, [case])[0]


def visible(session: Session, person: Person, wanted: Wanted) -> list[CaseSheet]:
    """Cases that may concern `person`, the last changed first; the caller filters by `may_see_case`."""
    conditions = concerning(person)
    if wanted.status == "open":
        conditions.append(col(Case.status) != Status.CLOSED.value)
    elif wanted.status != "all":
        conditions.append(col(Case.status) == wanted.status)
    if wanted.is_mine:
        conditions.append(col(Case.owner_id) == person.id)
    conditions += [
        or_(
            *(
                column.icontains(word, autoescape=True)
                for column in (col(Case.number), col(Case.title), col(Case.place))
            )
        )
        for word in wanted.words
    ]
    query = select(Case).where(*conditions).order_by(col(Case.updated_at).desc(), col(Case.id).desc())
    return _sheets(session, list(session.exec(query.limit(LIST_LIMIT))))


def concerning(person: Person) -> list[ColumnElement[bool]]:
    """What cases have that may concern somebody; wider than `may_see_case`, by which the caller filters."""
    of_calls = select(CaseCall.case_id).join(CallMember, col(CallMember.call_id) == CaseCall.call_id)
    conditions: list[ColumnElement[bool]] = [
        or_(
            col(Case.owner_id) == person.id,
            col(Case.id).in_(of_calls.where(CallMember.staff_id == person.id)),
            and_(col(Case.office) == person.office, col(Case.department) == person.department),
            and_(col(Case.office) == person.office, person.role is Role.SUPERVISOR),
        )
    ]
    if person.role is not Role.SUPERVISOR:  # so that what `may_see_case` takes away does not shorten the list
        is_narrow = and_(col(Case.sensitivity) >= 3, col(Case.owner_id) != person.id)
        own = col(Case.id).in_(of_calls.where(CallMember.staff_id == person.id))
        conditions.append(or_(~is_narrow, own))
    return conditions


def change(
    session: Session, case: Case, actor: Person, new: Mapping[str, str | int | float | None], at: datetime
) -> bool:
    """Set columns of a locked case and say so in its timeline; False where nothing is different."""
    changes = [
        [name, _written(getattr(case, name)), _written(value)]
        for name, value in new.items()
        if getattr(case, name) != value
    ]
    if not changes:
        return False
    for name, value in new.items():
        setattr(case, name, value)
    happened(session, case, EventKind.CHANGED, actor, at, detail={"changes": changes})
    return True


def close(session: Session, case: Case, actor: Person, words: str, at: datetime) -> None:
    """Close an open, locked case; `words` say how it ended."""
    case.closed_at = at
    before, case.status = case.status, Status.CLOSED.value
    happened(session, case, EventKind.CLOSED, actor, at, words, {"was": before})


def reopen(session: Session, case: Case, actor: Person, at: datetime) -> None:
    """Open a closed, locked case again, as it stood before."""
    query = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == EventKind.CLOSED.value)
    last = session.exec(query.order_by(col(CaseEvent.at).desc(), col(CaseEvent.id).desc())).first()
    before = last.detail.get("was") if last else None
    case.status = before if isinstance(before, str) else Status.WORKING.value
    case.closed_at = None
    happened(session, case, EventKind.REOPENED, actor, at)


def happened(
    session: Session,
    case: Case,
    kind: EventKind,
    actor: Person,
    at: datetime,
    words: str = "",
    detail: dict[str, str | list[list[str]]] | None = None,
) -> CaseEvent:
    """Write an event of the case; the case counts as changed then."""
    event = CaseEvent(
        id=new_id(at),
        case_id=case.id,
        at=at,
        kind=kind.value,
        actor=actor.identity,
        actor_name=actor.name,
        actor_role=actor.role.value,
        text=words,
        detail=detail or {},
    )
    case.updated_at = at
    if kind in (EventKind.CHANGED, EventKind.CLOSED, EventKind.REOPENED):
        case.revision += 1
    session.add(case)
    session.add(event)
    session.flush()
    return event


def events(session: Session, case_id: str) -> list[CaseEvent]:
    """All events of a case, oldest first."""
    query = select(CaseEvent).where(CaseEvent.case_id == case_id)
    return list(session.exec(query.order_by(col(CaseEvent.at), col(CaseEvent.id))))


def link(session: Session, case: Case, call: Call, actor: Person, at: datetime) -> bool:
    """Let a call belong to the case; False where it does already. Raises LinkedElsewhere."""
    exclusive(session, f"case_call.{call.id}")
    known = session.get(CaseCall, call.id, populate_existing=True)
    if known is not None:
        if known.case_id != case.id:
            raise LinkedElsewhere
        return False
    session.add(CaseCall(call_id=call.id, case_id=case.id, linked_by=actor.id, linked_at=at))
    happened(session, case, EventKind.CALL_LINKED, actor, at, call.number, {"call": call.id})
    return True


def unlink(session: Session, case: Case, call: Call, actor: Person, at: datetime) -> bool:
    """Take a call out of the case again; False where it does not belong to it."""
    exclusive(session, f"case_call.{call.id}")
    known = session.get(CaseCall, call.id, populate_existing=True)
    if known is None or known.case_id != case.id:
        return False
    session.delete(known)
    happened(session, case, EventKind.CALL_UNLINKED, actor, at, call.number, {"call": call.id})
    return True


def case_of_call(session: Session, call_id: str) -> CaseSheet | None:
    """The case a call belongs to."""
    known = session.get(CaseCall, call_id)
    return sheet(session, known.case_id) if known else None


def calls_of(session: Session, case_id: str) -> list[Call]:
    """The calls of a case, oldest first."""
    query = select(Call).join(CaseCall, col(CaseCall.call_id) == Call.id).where(CaseCall.case_id == case_id)
    return list(session.exec(query.order_by(col(Call.started_at), col(Call.id))))


def _number(year: int, unit: str, serial: int) -> str:
    return f"R{year - 2018}-{unit}-{serial:04d}"


def _next_serial(session: Session, year: int, unit: str) -> int:
    exclusive(session, f"case.serial.{year}.{unit}")
    query = select(func.max(Case.serial)).where(Case.fiscal_year == year, Case.unit == unit)
    return (session.exec(query).one() or 0) + 1


def _written(value: str | int | float | None) -> str:
    return "" if value is None else str(value)


def _sheets(session: Session, found: list[Case]) -> list[CaseSheet]:
    query = select(CaseCall.case_id, CallMember.staff_id).join(
        CallMember, col(CallMember.call_id) == CaseCall.call_id
    )
    members: dict[str, set[str]] = {}
    for case_id, staff_id in session.exec(
        query.where(col(CaseCall.case_id).in_([case.id for case in found]))
    ):
        members.setdefault(case_id, set()).add(staff_id)
    owners = staff.people(session, sorted({case.owner_id for case in found}))
    return [CaseSheet(case, owners[case.owner_id], frozenset(members.get(case.id, ()))) for case in found]
