"""The staff directory: who works here, in which role and office, with which skills.

Only what colleagues may see of each other; credentials are signaling's. People who leave are disabled,
never deleted, because records keep pointing at them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import JSON, Column, Field, Session, SQLModel, col, or_, select

from field_assist.identifiers import new_id
from field_assist.people import Person, Role
from field_assist.store import UtcDateTime

SEARCH_LIMIT = 50


class StaffExists(Exception):
    """The staff number is taken."""

    def __init__(self, staff_no: str) -> None:
        super().__init__("staff number is taken")
        self.staff_no = staff_no


class StaffUnknown(Exception):
    """No such member of staff, or no longer active."""


class Staff(SQLModel, table=True):
    """One member of staff; `skills` are topic keys."""

    __tablename__ = "staff"

    id: str = Field(primary_key=True, max_length=26)
    staff_no: str = Field(unique=True, index=True, max_length=32)
    name: str
    kana: str
    role: str
    post: str
    department: str
    office: str
    skills: list[str] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def person(self) -> Person:
        """The value the rest of the program passes around."""
        return Person(
            id=self.id,
            staff_no=self.staff_no,
            name=self.name,
            kana=self.kana,
            role=Role(self.role),
            post=self.post,
            department=self.department,
            office=self.office,
            skills=tuple(self.skills),
        )


@dataclass(frozen=True, slots=True)
class NewStaff:
    """What is known of somebody before they have an id."""

    staff_no: str
    name: str
    kana: str
    role: Role
    post: str = ""
    department: str = ""
    office: str = ""
    skills: tuple[str, ...] = ()


def add(session: Session, new: NewStaff, at: datetime) -> Staff:
    """Insert a member of staff; raises StaffExists."""
    if by_number(session, new.staff_no) is not None:
        raise StaffExists(new.staff_no)
    staff = Staff(
        id=new_id(at),
        staff_no=new.staff_no,
        name=new.name,
        kana=new.kana,
        role=new.role.value,
        post=new.post,
        department=new.department,
        office=new.office,
        skills=list(new.skills),
        created_at=at,
    )
    session.add(staff)
    session.flush()
    return staff


def by_number(session: Session, staff_no: str) -> Staff | None:
    """The member of staff with this number, disabled or not."""
    return session.exec(select(Staff).where(Staff.staff_no == staff_no)).first()


def active(session: Session, staff_id: str) -> Staff:
    """The active member of staff with this id; raises StaffUnknown."""
    staff = session.get(Staff, staff_id)
    if staff is None or staff.disabled_at is not None:
        raise StaffUnknown
    return staff


def people(session: Session, ids: Sequence[str]) -> dict[str, Person]:
    """Persons by id, also of those who left since."""
    rows = session.exec(select(Staff).where(col(Staff.id).in_(ids)))
    return {row.id: row.person() for row in rows}


def find(session: Session, words: str) -> list[Person]:
    """Active staff whose name, kana, office, department, post or number contains every word."""
    query = select(Staff).where(col(Staff.disabled_at).is_(None))
    fields = (Staff.name, Staff.kana, Staff.office, Staff.department, Staff.post, Staff.staff_no)
    for word in words.split()[:5]:
        query = query.where(or_(*(col(field).icontains(word, autoescape=True) for field in fields)))
    rows = session.exec(query.order_by(col(Staff.kana), col(Staff.staff_no)).limit(SEARCH_LIMIT))
    return [row.person() for row in rows]


def everybody(session: Session) -> list[Staff]:
    """All rows, disabled ones included, by staff number."""
    return list(session.exec(select(Staff).order_by(col(Staff.staff_no))))
