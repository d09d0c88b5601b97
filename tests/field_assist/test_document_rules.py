"""The rule for documents in SQL is the rule of `people`: every role, document and database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from field_assist import (
    Disclosure,
    NewStaff,
    Person,
    Role,
    Session,
    Store,
    calls,
    cases,
    document_search,
    documents,
    people,
    staff,
)
from field_assist.document_search import Found, Wanted
from field_assist.documents import Particulars
from tests.clock import START
from tests.field_assist.library_shelf import shelve

EAST, WEST = "東部土木事務所", "西部土木事務所"
PLACES = ((EAST, "道路維持課"), (EAST, "河川砂防課"), (WEST, "道路維持課"), ("", ""))
SECRET = "門外不出"


@dataclass(frozen=True)
class Shelf:
    """Who there is, and every document with what the rules know of it."""

    readers: list[Person]
    facts: dict[str, people.DocumentFacts]
    disclosed: dict[str, Disclosure]


def _readers(session: Session) -> Iterator[Person]:
    roles = (Role.FIELD, Role.SPECIALIST, Role.SUPERVISOR, Role.ADMIN, Role.OPERATOR)
    for number, (role, (office, department)) in enumerate(product(roles, PLACES)):
        new = NewStaff(f"N{number}", f"職員{number}", "しょくいん", role, "", department, office)
        yield staff.add(session, new, START).person()


def _fill(session: Session) -> Shelf:
    readers = list(_readers(session))
    owners = [person for person in readers if person.role is Role.FIELD]
    facts, disclosed = {}, {}
    for owner, sensitivity, disclosure, is_withdrawn, how in product(
        owners, (2, 3), Disclosure, (False, True), ("alone", "case", "narrow case")
    ):
        new = Particulars(f"{SECRET}の記録", "記録", disclosure, sensitivity, tags=[SECRET])
        document = shelve(session, owner, new, [f"ここに{SECRET}と書く。"])
        if how != "alone":
            _link(session, owners[-2], readers, document, 3 if how == "narrow case" else 2)
        if is_withdrawn:
            documents.withdraw(session, document, START)
        facts[document.id] = documents.facts_of(session, document.id)
        disclosed[document.id] = disclosure
    return Shelf(readers, facts, disclosed)


def _link(
    session: Session, owner: Person, readers: list[Person], document: documents.Document, sensitivity: int
) -> None:
    """Into a case of another office, in one of whose calls somebody of a third one is a member."""
    particulars = cases.Particulars("件", sensitivity=sensitivity)
    case = cases.open_case(session, owner, particulars, START).case
    call = calls.start(session, owner, calls.NewCall("話"), START).call
    calls.add_member(session, call.id, readers[4].id, owner.id, START)
    cases.link(session, case, call, owner, START)
    documents.link(session, document, case.id, owner, START)


def test_nothing_hidden_is_in_a_result_a_count_a_facet_or_a_snippet_for_any_role(store: Store) -> None:
    shelf = store.write_now(_fill)
    looks = [
        Wanted(typed, for_guests=for_guests, is_withdrawn=is_withdrawn, with_older=with_older)
        for typed in ("", SECRET, f"{SECRET} 記録")
        for for_guests in (False, True)
        for is_withdrawn in (False, True)
        for with_older in (False, True)
    ]

    for reader, wanted in product(shelf.readers, looks):
        seen = {
            document_id
            for document_id, facts in shelf.facts.items()
            if people.may_see_document(reader, facts)
            and facts.is_withdrawn == wanted.is_withdrawn
            and not (wanted.for_guests and _is_hidden_from_guests(facts))
        }
        found, ids = _everything(store, reader, wanted)
        assert ids == seen, (reader.role, reader.office, wanted)
        assert found.documents == len(seen)
        assert found.pages == (len(seen) if wanted.typed else 0)
        counted = {value.value: 0 for value in Disclosure}
        for document_id in seen:
            counted[shelf.disclosed[document_id].value] += 1
        assert found.facets["disclosure"] == {value: count for value, count in counted.items() if count}
        assert sum(found.facets["tags"].values()) == len(seen)
        assert sum(found.facets["unit"].values()) == len([each for each in seen if shelf.facts[each].office])
        for hit in found.hits:
            assert hit.may_change == people.may_change_document(reader, shelf.facts[hit.document.id])


def _is_hidden_from_guests(facts: people.DocumentFacts) -> bool:
    guests = (people.Guest("i", "c", "住民", role) for role in people.GUEST_ROLES)
    return not any(people.guest_may_see_document(guest, facts) for guest in guests)


def _everything(store: Store, reader: Person, wanted: Wanted) -> tuple[Found, set[str]]:
    """The first answer, and all documents of all pages of it, each once."""
    ids: list[str] = []
    first: Found | None = None
    while first is None or len(ids) < first.documents:
        asked = Wanted(
            wanted.typed,
            for_guests=wanted.for_guests,
            is_withdrawn=wanted.is_withdrawn,
            with_older=wanted.with_older,
            offset=len(ids),
        )
        found = store.read_now(lambda session, asked=asked: document_search.search(session, reader, asked))
        first = first or found
        if not found.hits:
            break
        ids += [hit.document.id for hit in found.hits]
    assert len(ids) == len(set(ids))
    return first, set(ids)
