"""Who may do what, read aloud: one row per case of the module's docstring."""

from __future__ import annotations

from dataclasses import replace

import pytest

from field_assist import CallFacts, CaseFacts, Disclosure, DocumentFacts, Guest, Person, Role, people


def _person(role: Role, who: str = "p", office: str = "east", skills: tuple[str, ...] = ()) -> Person:
    return Person(who, who.upper(), "名", "な", role, office=office, skills=skills)


OPEN = CallFacts("call", "host", "east", "road", frozenset({"host", "member"}), is_open=True)
CLOSED = CallFacts("call", "host", "east", "road", frozenset({"host", "member"}), is_open=False)
HOST = _person(Role.FIELD, "host")
MEMBER = _person(Role.SPECIALIST, "member", "west")
COLLEAGUE = _person(Role.FIELD, "colleague")
SKILLED = _person(Role.SPECIALIST, "skilled", "west", ("road",))
UNSKILLED = _person(Role.SPECIALIST, "unskilled", "east", ("farm",))
SUPERVISOR = _person(Role.SUPERVISOR, "boss")
ELSEWHERE = _person(Role.SUPERVISOR, "other boss", "west")
ADMIN = _person(Role.ADMIN, "admin")
OPERATOR = _person(Role.OPERATOR, "operator")
EVERYBODY = (
    HOST,
    MEMBER,
    COLLEAGUE,
    SKILLED,
    UNSKILLED,
    SUPERVISOR,
    ELSEWHERE,
    ADMIN,
    OPERATOR,
)


@pytest.mark.parametrize(
    ("rule", "call", "allowed"),
    [
        (people.may_see_call, OPEN, {HOST, MEMBER, SKILLED, SUPERVISOR}),
        (people.may_see_call, CLOSED, {HOST, MEMBER, SUPERVISOR}),
        (people.may_join_call, OPEN, {HOST, MEMBER, SKILLED, SUPERVISOR}),
        (people.may_join_call, CLOSED, set()),
        (people.may_end_call, OPEN, {HOST, SUPERVISOR}),
        (people.may_add_member, OPEN, {HOST, MEMBER, SKILLED, SUPERVISOR}),
        (people.may_add_member, CLOSED, set()),
        (people.may_invite, OPEN, {HOST, MEMBER, SKILLED, SUPERVISOR}),
        (people.may_invite, CLOSED, set()),
        (people.may_see_invitations, CLOSED, {HOST, MEMBER, SUPERVISOR}),
        (people.may_revoke_invitation, CLOSED, {HOST, MEMBER, SUPERVISOR}),
        (people.may_chat, CLOSED, {HOST, MEMBER, SUPERVISOR}),
    ],
)
def test_what_one_may_do_with_a_call(rule: people.CallRule, call: CallFacts, allowed: set[Person]) -> None:
    assert {person for person in EVERYBODY if rule(person, call)} == allowed


@pytest.mark.parametrize(
    ("rule", "roles"),
    [
        (people.may_start_call, {"field", "specialist", "supervisor"}),
        (people.may_be_member, {"field", "specialist", "supervisor"}),
        (people.may_find_staff, {"field", "specialist", "supervisor", "admin"}),
        (people.may_administer, {"admin"}),
        (people.may_read_access_log, {"admin"}),
    ],
)
def test_what_a_role_may_do(rule: people.PersonRule, roles: set[str]) -> None:
    assert {role.value for role in people.STAFF_ROLES if rule(_person(role))} == roles


def test_an_office_without_a_name_is_nobodys() -> None:
    boss = _person(Role.SUPERVISOR, office="")
    call = CallFacts("call", "host", "", "", frozenset(), is_open=True)

    assert not people.may_see_call(boss, call)
    assert not people.may_see_call(_person(Role.SPECIALIST), call)


def test_an_admin_who_was_added_sees_but_does_not_invite() -> None:
    call = CallFacts("call", "host", "east", "", frozenset({"admin"}), is_open=True)

    assert people.may_see_call(ADMIN, call)
    assert not people.may_invite(ADMIN, call)
    assert not people.may_see_invitations(ADMIN, call)


def test_a_guest_talks_in_the_own_open_call_only() -> None:
    guest = Guest("inv", "call", "田中", Role.RESIDENT)

    assert people.guest_may_chat(guest, OPEN)
    assert not people.guest_may_chat(guest, CLOSED)
    assert not people.guest_may_chat(Guest("inv", "other", "田中", Role.RESIDENT), OPEN)
    assert (guest.identity, HOST.identity) == ("G-inv", "S-host")


def test_nobody_resets_the_own_one_time_password() -> None:
    assert people.may_reset_one_time_password(ADMIN, "host")
    assert not people.may_reset_one_time_password(ADMIN, "admin")
    assert not people.may_reset_one_time_password(SUPERVISOR, "host")


def test_roles_are_either_staff_or_guests() -> None:
    assert people.STAFF_ROLES | people.GUEST_ROLES == set(Role)
    assert not people.STAFF_ROLES & people.GUEST_ROLES


CASE = CaseFacts("case", "owner", "道路維持課", "東部土木事務所", 2, frozenset({"member"}), is_open=True)


@pytest.mark.parametrize(
    ("who", "office", "department", "role", "sensitivity", "sees", "changes", "shares"),
    [
        ("owner", "", "", Role.FIELD, 2, True, True, True),
        ("owner", "", "", Role.FIELD, 3, True, True, False),
        ("other", "東部土木事務所", "道路維持課", Role.FIELD, 2, True, True, False),
        ("other", "東部土木事務所", "道路維持課", Role.SPECIALIST, 3, False, False, False),
        ("other", "東部土木事務所", "河川砂防課", Role.FIELD, 2, False, False, False),
        ("other", "西部土木事務所", "道路維持課", Role.FIELD, 2, False, False, False),
        ("other", "東部土木事務所", "", Role.SUPERVISOR, 2, True, True, True),
        ("other", "東部土木事務所", "", Role.SUPERVISOR, 3, True, True, False),
        ("other", "西部土木事務所", "道路維持課", Role.SUPERVISOR, 2, False, False, False),
        ("member", "県庁本庁", "道路建設課", Role.SPECIALIST, 3, True, False, False),
        ("owner", "東部土木事務所", "道路維持課", Role.ADMIN, 2, False, False, False),
        ("member", "東部土木事務所", "道路維持課", Role.OPERATOR, 2, False, False, False),
    ],
)
def test_who_sees_changes_and_shares_a_case(
    who: str,
    office: str,
    department: str,
    role: Role,
    sensitivity: int,
    sees: bool,
    changes: bool,
    shares: bool,
) -> None:
    person = Person(who, "N", "名", "な", role, department=department, office=office)
    case = replace(CASE, sensitivity=sensitivity)

    assert people.may_see_case(person, case) is sees
    assert people.may_change_case(person, case) is changes
    assert people.may_share_case(person, case) is shares


@pytest.mark.parametrize(
    ("role", "organisation", "sensitivity", "sees"),
    [
        (Role.PARTNER, "city", 2, True),
        (Role.PARTNER, "town", 2, False),
        (Role.PARTNER, None, 2, False),
        (Role.PARTNER, "city", 3, False),
        (Role.RESIDENT, "city", 2, False),
        (Role.INTERPRETER, "city", 2, False),
    ],
)
def test_only_a_partner_of_an_organisation_it_is_shared_with_reads_a_case(
    role: Role, organisation: str | None, sensitivity: int, sees: bool
) -> None:
    guest = Guest("inv", "call", "西村", role, organisation)

    assert people.guest_may_see_case(guest, replace(CASE, sensitivity=sensitivity), {"city"}) is sees


DOCUMENT = DocumentFacts(
    "doc", "owner", "道路維持課", "東部土木事務所", Disclosure.PUBLIC, 2, is_withdrawn=False
)
SEEN_BY_MEMBER = replace(CASE, owner_id="somebody", department="", office="", sensitivity=3)


@pytest.mark.parametrize(
    ("who", "office", "department", "role", "sees", "sees_narrow", "sees_withdrawn", "changes"),
    [
        ("owner", "", "", Role.FIELD, True, True, True, True),
        ("other", "東部土木事務所", "道路維持課", Role.FIELD, True, True, True, True),
        ("other", "東部土木事務所", "河川砂防課", Role.FIELD, True, False, False, False),
        ("other", "西部土木事務所", "道路維持課", Role.FIELD, True, False, False, False),
        ("other", "東部土木事務所", "", Role.SUPERVISOR, True, True, True, True),
        ("other", "西部土木事務所", "", Role.SUPERVISOR, True, False, False, False),
        ("member", "県庁本庁", "道路建設課", Role.SPECIALIST, True, True, False, False),
        ("owner", "東部土木事務所", "道路維持課", Role.ADMIN, False, False, False, False),
        ("member", "東部土木事務所", "道路維持課", Role.OPERATOR, False, False, False, False),
    ],
)
def test_who_sees_and_changes_a_document(
    who: str,
    office: str,
    department: str,
    role: Role,
    sees: bool,
    sees_narrow: bool,
    sees_withdrawn: bool,
    changes: bool,
) -> None:
    person = Person(who, "N", "名", "な", role, department=department, office=office)
    document = replace(DOCUMENT, cases=(SEEN_BY_MEMBER,))

    assert people.may_see_document(person, document) is sees
    assert people.may_see_document(person, replace(document, sensitivity=3)) is sees_narrow
    assert people.may_see_document(person, replace(document, is_withdrawn=True)) is sees_withdrawn
    assert people.may_change_document(person, document) is changes


def test_a_link_to_a_case_opens_a_sensitive_document_only_by_who_may_change_it() -> None:
    member = Person("member", "N", "名", "な", Role.SPECIALIST)
    owner = Person("owner", "N", "名", "な", Role.FIELD)
    narrow = replace(DOCUMENT, sensitivity=3, cases=(CASE,))

    assert people.may_link_document(member, DOCUMENT, CASE)
    assert not people.may_link_document(member, DOCUMENT, replace(CASE, member_ids=frozenset()))
    assert people.may_see_document(member, narrow) and not people.may_link_document(member, narrow, CASE)
    assert people.may_link_document(owner, narrow, CASE)


@pytest.mark.parametrize("role", sorted(people.GUEST_ROLES))
def test_no_guest_is_shown_what_is_for_staff_or_sensitive_or_withdrawn(role: Role) -> None:
    guest = Guest("inv", "call", "田端", role)
    hidden = ({"disclosure": Disclosure.STAFF}, {"sensitivity": 3}, {"is_withdrawn": True})

    assert people.guest_may_see_document(guest, DOCUMENT)
    assert people.guest_may_see_document(guest, replace(DOCUMENT, disclosure=Disclosure.PRESENTABLE))
    for change in hidden:
        assert not people.guest_may_see_document(guest, replace(DOCUMENT, **change))
