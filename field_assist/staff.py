"""The staff directory: who works here, in which role and office, with which skills.

Only what colleagues may see of each other; credentials are signaling's. People who leave are disabled,
never deleted, because records keep pointing at them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import JSON, Column, Field, Session, SQLModel, String, cast, col, or_, select

from field_assist import topics
from field_assist.identifiers import new_id
from field_assist.people import Person, Role
from field_assist.staff_list import NewStaff
from field_assist.store import UtcDateTime
from field_assist.work_hours import OFFICE_HOURS, WorkHours

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
    boss_id: str | None = Field(default=None, max_length=26)
    deputy_ids: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    hours: str = ""  # of `WorkHours`; "" for the office's
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
            boss_id=self.boss_id,
            deputy_ids=tuple(self.deputy_ids),
            hours=WorkHours.parse(self.hours) if self.hours else OFFICE_HOURS,
        )


def add(session: Session, new: NewStaff, at: datetime) -> Staff:
    """Insert a member of staff; raises StaffExists."""
    if by_number(session, new.staff_no) is not None:
        raise StaffExists(new.staff_no)
    staff = Staff(
        id=new_id(at),
        staff_no=new.staff_no,
        created_at=at,
        **_details(new),
    )
    session.add(staff)
    session.flush()
    return staff


def change(session: Session, staff: Staff, new: NewStaff) -> bool:
    """Bring a row up to date; False when nothing differs."""
    return _set(session, staff, **_details(new))


def answer_to(session: Session, staff: Staff, boss_id: str | None, deputy_ids: Sequence[str]) -> bool:
    """Say whose instructions somebody follows and who stands in for them; False when nothing differs."""
    return _set(session, staff, boss_id=boss_id, deputy_ids=list(deputy_ids))


def describe(session: Session, staff: Staff, skills: Sequence[str], hours: str) -> bool:
    """Say what somebody knows and when they work; False when nothing differs."""
    return _set(session, staff, skills=list(skills), hours=hours)


def _details(new: NewStaff) -> dict[str, Any]:  # by column
    """The columns that a staff list can change."""
    return {
        "name": new.name,
        "kana": new.kana,
        "role": new.role.value,
        "post": new.post,
        "department": new.department,
        "office": new.office,
        "skills": list(new.skills),
        "hours": new.hours,
    }


def _set(session: Session, staff: Staff, **values: object) -> bool:
    changed = {name: value for name, value in values.items() if getattr(staff, name) != value}
    for name, value in changed.items():
        setattr(staff, name, value)
    session.add(staff)
    session.flush()
    return bool(changed)


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
    """Active staff whose name, kana, office, department, post, number or field of knowledge has every word.

    A field of knowledge is found by its topic's words: 「橋」 finds whoever knows bridges, in any department.
    """
    query = select(Staff).where(col(Staff.disabled_at).is_(None))
    fields = (Staff.name, Staff.kana, Staff.office, Staff.department, Staff.post, Staff.staff_no)
    for word in words.split()[:5]:
        skills = [f'"{key}"' for key in topics.named(word)]  # as JSON writes them
        query = query.where(
            or_(
                *(col(field).icontains(word, autoescape=True) for field in fields),
                *(cast(Staff.skills, String).contains(skill, autoescape=True) for skill in skills),
            )
        )
    rows = session.exec(query.order_by(col(Staff.kana), col(Staff.staff_no)).limit(SEARCH_LIMIT))
    return [row.person() for row in rows]


def numbers(session: Session) -> set[str]:
    """Staff numbers of all who are active."""
    return set(session.exec(select(Staff.staff_no).where(col(Staff.disabled_at).is_(None))))


def everybody(session: Session) -> list[Staff]:
    """All rows, disabled ones included, by staff number."""
    return list(session.exec(select(Staff).order_by(col(Staff.staff_no))))
