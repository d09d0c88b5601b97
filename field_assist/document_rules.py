"""Who may see a document, as SQL: so that a search asks for nothing else, and counts nothing else.

`people` holds the rules; a test holds these conditions to them, for every role and every kind of document.
"""

from sqlalchemy import ColumnElement, and_, false, or_
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
    owns = _DOCUMENT.c.owner_id == person.id
    if person.role not in CALLING_ROLES:
        return false()
    if person.office == "":
        return owns
    in_office = _DOCUMENT.c.office == person.office
    if person.role is Role.SUPERVISOR:
        return or_(owns, in_office)
    if person.department == "":
        return owns
    return or_(owns, and_(in_office, _DOCUMENT.c.department == person.department))


def may_see_case(person: Person) -> ColumnElement[bool]:
    """`people.may_see_case` as a condition on `Case`, for those who take calls."""
    joined = sql(_CASE_CALL.c.case_id).join(_MEMBER, _MEMBER.c.call_id == _CASE_CALL.c.call_id)
    allowed = [
        _CASE.c.owner_id == person.id,
        _CASE.c.id.in_(joined.where(_MEMBER.c.staff_id == person.id)),
    ]
    if person.office:
        in_office = _CASE.c.office == person.office
        if person.role is Role.SUPERVISOR:
            allowed.append(in_office)
        elif person.department:
            is_wide = _CASE.c.sensitivity < NARROW_SENSITIVITY
            allowed.append(and_(in_office, _CASE.c.department == person.department, is_wide))
    return or_(*allowed)


def may_show_guests() -> ColumnElement[bool]:
    """What `people.guest_may_see_document` lets a guest see once it is presented."""
    return and_(
        _DOCUMENT.c.withdrawn_at.is_(None),
        _DOCUMENT.c.disclosure != Disclosure.STAFF.value,
        _DOCUMENT.c.sensitivity < NARROW_SENSITIVITY,
    )
