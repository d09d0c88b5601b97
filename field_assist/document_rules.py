"""Who may see a document, as SQL: so that a search asks for nothing else, and counts nothing else.

`people` holds the rules; a test holds these conditions to them, for every role and every kind of document.
"""

from sqlalchemy import ColumnElement, Table, and_, false, or_
from sqlalchemy import select as sql
from sqlmodel import SQLModel

from field_assist import calls, cases, documents
from field_assist.people import CALLING_ROLES, NARROW_SENSITIVITY, Disclosure, Person, Role

_TABLES = SQLModel.metadata.tables
_DOCUMENT, _LINK = (_TABLES[each.__tablename__] for each in (documents.Document, documents.DocumentCase))
_CASE, _CASE_CALL = (_TABLES[each.__tablename__] for each in (cases.Case, cases.CaseCall))
_MEMBER = _TABLES[calls.CallMember.__tablename__]


def may_see(person: Person) -> ColumnElement[bool]:
    """`people.may_see_document` as a condition on `Document`."""
    if person.role not in CALLING_ROLES:
        return false()
    of_cases = sql(_LINK.c.document_id).join(_CASE, _CASE.c.id == _LINK.c.case_id)
    is_wide = or_(
        _DOCUMENT.c.sensitivity < NARROW_SENSITIVITY,
        _DOCUMENT.c.id.in_(of_cases.where(may_see_case(person))),
    )
    return or_(may_change(person), and_(_DOCUMENT.c.withdrawn_at.is_(None), is_wide))


def may_change(person: Person) -> ColumnElement[bool]:
    """`people.may_change_document` as a condition on `Document`, for those who take calls."""
    return _has_charge(person, _DOCUMENT) if person.role in CALLING_ROLES else false()


def may_see_case(person: Person) -> ColumnElement[bool]:
    """`people.may_see_case` as a condition on `Case`, for those who take calls."""
    joined = sql(_CASE_CALL.c.case_id).join(_MEMBER, _MEMBER.c.call_id == _CASE_CALL.c.call_id)
    is_member = _CASE.c.id.in_(joined.where(_MEMBER.c.staff_id == person.id))
    return or_(is_member, _has_charge(person, _CASE, _CASE.c.sensitivity < NARROW_SENSITIVITY))


def _has_charge(person: Person, owned: Table, *for_department: ColumnElement[bool]) -> ColumnElement[bool]:
    """The owner, the supervisor of its office, the department there where these hold."""
    owns = owned.c.owner_id == person.id
    in_office = owned.c.office == person.office
    if person.office and person.role is Role.SUPERVISOR:
        return or_(owns, in_office)
    if person.office and person.department:
        return or_(owns, and_(in_office, owned.c.department == person.department, *for_department))
    return owns


def may_show_guests() -> ColumnElement[bool]:
    """What `people.guest_may_see_document` lets a guest see once it is presented."""
    return and_(
        _DOCUMENT.c.withdrawn_at.is_(None),
        _DOCUMENT.c.disclosure != Disclosure.STAFF.value,
        _DOCUMENT.c.sensitivity < NARROW_SENSITIVITY,
    )
