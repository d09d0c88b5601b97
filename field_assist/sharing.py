"""協力機関: other bodies that help with a case, and what of it each of them may read, from when until when.

A share opens a case to one organisation's guests for some days. Of its timeline they see only the entries
that staff marked; nothing is marked by itself. Rows are never deleted: a share that ended says who ended it.
"""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, select

from field_assist.cases import Case
from field_assist.identifiers import new_id
from field_assist.people import Person
from field_assist.store import UtcDateTime, exclusive


class OrganisationKind(StrEnum):
    """What kind of body it is."""

    MUNICIPALITY = "municipality"
    STATE = "state"
    NPO = "npo"
    COMPANY = "company"


class OrganisationUnknown(Exception):
    """No such organisation."""


class OrganisationExists(Exception):
    """There is one of this name already."""


class ShareUnknown(Exception):
    """The case has no such share."""


class Organisation(SQLModel, table=True):
    """One body, found by its name."""

    __tablename__ = "organisation"

    id: str = Field(primary_key=True, max_length=26)
    name: str = Field(unique=True)
    kind: str = Field(max_length=12)
    created_by: str = Field(foreign_key="staff.id", max_length=26)
    created_at: datetime = Field(sa_type=UtcDateTime)


class CaseShare(SQLModel, table=True):
    """A case is open to an organisation from `since_at` until `until_at`, or until somebody ends it."""

    __tablename__ = "case_share"

    id: str = Field(primary_key=True, max_length=26)
    case_id: str = Field(foreign_key="case_file.id", index=True, max_length=26)
    organisation_id: str = Field(foreign_key="organisation.id", index=True, max_length=26)
    shared_by: str = Field(foreign_key="staff.id", max_length=26)
    since_at: datetime = Field(sa_type=UtcDateTime)
    until_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str | None = Field(default=None, foreign_key="staff.id", max_length=26)

    def is_good(self, at: datetime) -> bool:
        """Whether it opens the case at that time."""
        return self.ended_at is None and self.since_at <= at < self.until_at


class SharedEntry(SQLModel, table=True):
    """An entry of a case's timeline that the organisations it is shared with may read."""

    __tablename__ = "case_shared_entry"

    case_id: str = Field(primary_key=True, foreign_key="case_file.id", max_length=26)
    entry_id: str = Field(primary_key=True, max_length=60)
    marked_by: str = Field(foreign_key="staff.id", max_length=26)
    marked_at: datetime = Field(sa_type=UtcDateTime)


def add(session: Session, name: str, kind: OrganisationKind, actor: Person, at: datetime) -> Organisation:
    """A new organisation; raises OrganisationExists."""
    exclusive(session, "organisation.name")
    if session.exec(select(Organisation).where(Organisation.name == name)).first() is not None:
        raise OrganisationExists
    found = Organisation(id=new_id(at), name=name, kind=kind.value, created_by=actor.id, created_at=at)
    session.add(found)
    session.flush()
    return found


def everybody(session: Session) -> list[Organisation]:
    """All organisations by name."""
    return list(session.exec(select(Organisation).order_by(col(Organisation.name))))


def organisation(session: Session, organisation_id: str) -> Organisation:
    """One; raises OrganisationUnknown."""
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise OrganisationUnknown
    return found


def share(
    session: Session, case: Case, whom: Organisation, actor: Person, at: datetime, until: datetime
) -> CaseShare:
    """Open a locked case to an organisation, or let the share it has last until then."""
    known = next((each for each in good(session, case.id, at) if each.organisation_id == whom.id), None)
    found = known or CaseShare(
        id=new_id(at),
        case_id=case.id,
        organisation_id=whom.id,
        shared_by=actor.id,
        since_at=at,
        until_at=until,
    )
    found.until_at = until
    session.add(found)
    session.flush()
    return found


def end(session: Session, case: Case, share_id: str, actor: Person, at: datetime) -> CaseShare:
    """Close a share of a locked case; raises ShareUnknown also where it ended before."""
    found = session.get(CaseShare, share_id, populate_existing=True)
    if found is None or found.case_id != case.id or not found.is_good(at):
        raise ShareUnknown
    found.ended_at, found.ended_by = at, actor.id
    session.add(found)
    session.flush()
    return found


def good(session: Session, case_id: str, at: datetime) -> list[CaseShare]:
    """The shares that open the case now, oldest first."""
    query = select(CaseShare).where(CaseShare.case_id == case_id).order_by(col(CaseShare.id))
    return [each for each in session.exec(query) if each.is_good(at)]


def cases_of(session: Session, organisation_id: str, at: datetime) -> list[str]:
    """Ids of the cases that are open to an organisation now."""
    query = select(CaseShare).where(CaseShare.organisation_id == organisation_id)
    return [each.case_id for each in session.exec(query.order_by(col(CaseShare.id))) if each.is_good(at)]


def mark(session: Session, case: Case, entry_id: str, actor: Person, at: datetime) -> bool:
    """Let the organisations read an entry of a locked case; False where they may already."""
    if session.get(SharedEntry, (case.id, entry_id)) is not None:
        return False
    session.add(SharedEntry(case_id=case.id, entry_id=entry_id, marked_by=actor.id, marked_at=at))
    session.flush()
    return True


def unmark(session: Session, case: Case, entry_id: str) -> bool:
    """Take an entry back; False where they could not read it."""
    known = session.get(SharedEntry, (case.id, entry_id))
    if known is None:
        return False
    session.delete(known)
    session.flush()
    return True


def marked(session: Session, case_id: str) -> frozenset[str]:
    """Ids of the entries that may be read."""
    return frozenset(session.exec(select(SharedEntry.entry_id).where(SharedEntry.case_id == case_id)))
