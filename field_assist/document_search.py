"""Finding documents, with FTS5 or PostgreSQL's own index behind one function.

**Permission is part of the question**: what a person may see comes from the database by the rule of
`people.may_see_document`, in SQL `document_rules`, and rows of the index count for nothing else
(`index_hits`). What they may not see is no hit, so in no count, facet or snippet.

A search has three steps: every document in sight that holds the most terms, counted and ranked by how many
of its pages do; the first hundred ranked again by the database's own measure of the text (`bm25`, `ts_rank`);
and for those that are shown, where they say it.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    true,
    tuple_,
)
from sqlalchemy import select as sql
from sqlmodel import Session, SQLModel, col, select

from field_assist import document_rules, index_hits, people, search_query, search_words
from field_assist.cases import Case
from field_assist.document_index import DocumentEntry
from field_assist.documents import Document, DocumentCase, DocumentPage, DocumentVersion, facts_from
from field_assist.index_hits import PAGE_BITS, PAGE_MASK, Group, Measure, Numbers, Sight
from field_assist.index_questions import Index
from field_assist.people import Person
from field_assist.search_query import Marks, Query
from field_assist.synonyms import GROUPS, UNDERSTOOD

Facet = Literal["disclosure", "kind", "unit", "tags"]
FACETS: tuple[Facet, ...] = ("disclosure", "kind", "unit", "tags")

PAGE_SIZE = 20
RANKED = 100
"""So many are ranked by their text; whoever looks further down asked for something too general."""
BROAD = 5_000
"""Where more pages say it, their text says nothing about which is meant: it is counted, not measured."""
MAX_PLACES, SNIPPETS = 200, 3
"""Pages of one document that are listed, and shown with their words."""
FACET_VALUES = 40

_TABLES = SQLModel.metadata.tables
_DOCUMENT, _VERSION, _PAGE, _LINK = (
    _TABLES[each.__tablename__] for each in (Document, DocumentVersion, DocumentPage, DocumentCase)
)
_ENTRY, _CASE = _TABLES[DocumentEntry.__tablename__], _TABLES[Case.__tablename__]
_UNIT = case((_DOCUMENT.c.department == "", _DOCUMENT.c.office), else_=_DOCUMENT.c.department)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for and where; each of the filters is met by any of its values, none means all.

    With `is_exact` only what was typed counts. `for_guests` leaves what may be shown to people outside.
    """

    typed: str = ""
    is_exact: bool = False
    for_guests: bool = False
    chosen: Mapping[Facet, Collection[str]] = field(default_factory=dict)
    case_id: str = ""
    with_older: bool = False
    is_withdrawn: bool = False
    offset: int = 0


class Place(NamedTuple):
    """A page that says it; `label` is that of its version."""

    version_id: str
    label: str
    page: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """What a page says there; `marks` are ranges of `text`."""

    place: Place
    text: str
    marks: Marks


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found; `version` is the one to show, None while none was read.

    `pending` is a newer one that is still read or was refused.
    """

    document: Document
    version: DocumentVersion | None
    pending: DocumentVersion | None
    places: Sequence[Place] = ()
    snippets: Sequence[Snippet] = ()
    title_marks: Marks = field(default_factory=list)
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: how many documents and pages there are in all, and some documents.

    `missing_terms` counts terms that no document holds together with the others: those shown hold the rest.
    `also` are the other words that were looked for, by what was typed.
    """

    documents: int = 0
    pages: int = 0
    missing_terms: int = 0
    also: Sequence[tuple[str, Sequence[str]]] = ()
    facets: Mapping[Facet, Mapping[str, int]] = field(default_factory=dict)
    hits: Sequence[Hit] = ()


def search(session: Session, person: Person, wanted: Wanted) -> Found:
    """Documents this person may see, best first; without a query the last changed first. Never raises."""
    query = search_query.parse(wanted.typed, search_words.words, {} if wanted.is_exact else _synonyms())
    if wanted.typed.strip() and not query:
        return Found(facets={facet: {} for facet in FACETS})
    index = Index(session)
    said = index.said(query)
    scope = _scope(person, wanted)
    if query and not any(said):
        return _totals((), wanted, query, 0)
    sight = _sight(session, scope, with_older=wanted.with_older)
    counted = index_hits.counted(sight, said)
    kinds = _kinds(session, index_hits.groups(sight, counted))
    found = _totals(kinds, wanted, query, counted.terms)
    if not query:
        shown = _last_changed(session, scope, wanted)
        return replace(found, hits=_hits(session, person, wanted, query, shown, {}))
    order = index_hits.best_first(sight, counted, _chosen(kinds, wanted))
    measures: Mapping[int, float] = {}
    if wanted.offset < RANKED and found.pages <= BROAD:
        typed = {row for each in said for row in sight.rows_of(order[:RANKED], each.typed).tolist()}
        measures = index.measures(typed, [term.said for term in query])
        order = index_hits.ranked(sight, order, RANKED, measures)
    page = order[wanted.offset :][:PAGE_SIZE]
    rows = index_hits.rows_said(sight, page, said, measures)
    return replace(
        found,
        hits=_hits(session, person, wanted, query, _documents(session, sight.heads[page].tolist()), rows),
    )


@cache
def _synonyms() -> dict[str, list[str]]:
    known = search_query.synonyms(GROUPS, search_words.words)
    known.update((said, [meant]) for said, meant in UNDERSTOOD.items())
    return known


def _scope(person: Person, wanted: Wanted) -> ColumnElement[bool]:
    """What is looked through at all, whatever the filters are."""
    conditions = [
        document_rules.may_see(person),
        _DOCUMENT.c.withdrawn_at.is_not(None) if wanted.is_withdrawn else _DOCUMENT.c.withdrawn_at.is_(None),
        or_(_DOCUMENT.c.current_version_id.is_not(None), document_rules.may_change(person)),
    ]
    if wanted.for_guests:
        conditions.append(document_rules.may_show_guests())
    if wanted.case_id:
        linked = sql(_LINK.c.document_id).join(_CASE, _CASE.c.id == _LINK.c.case_id)
        here = linked.where(_CASE.c.id == wanted.case_id, document_rules.may_see_case(person))
        conditions.append(_DOCUMENT.c.id.in_(here))
    return and_(*conditions)


# Finding and counting


def _sight(session: Session, scope: ColumnElement[bool], *, with_older: bool) -> Sight:
    """What this person may see of what is looked through."""
    facts = (_DOCUMENT.c.head_entry, _DOCUMENT.c.shown_entry, _DOCUMENT.c.facet_key)
    heads, shown, facets = _numbers(session, facts, sql().where(scope))
    if not with_older:
        return Sight(heads, shown, facets)
    of_versions = sql().join_from(_ENTRY, _DOCUMENT, _DOCUMENT.c.id == _ENTRY.c.document_id)
    older = (_ENTRY.c.id, _DOCUMENT.c.head_entry)
    entries, of = _numbers(session, older, of_versions.where(scope, _ENTRY.c.version_id.is_not(None)))
    return Sight(heads, shown, facets, (entries, of))


def _numbers(
    session: Session, columns: Sequence[ColumnElement[int]], of: Select[Any]
) -> list[Numbers]:  # Any: no columns yet
    """These columns of all rows, an array for each; nothing is 0. Rows would take three times as long."""
    values = (func.aggregate_strings(cast(func.coalesce(each, 0), Text), ",") for each in columns)
    return [
        index_hits.numbers(written) for written in session.connection().execute(of.add_columns(*values)).one()
    ]


class _Kind(NamedTuple):
    """What documents of a group have in common, which is counted."""

    group: Group
    values: Mapping[Facet, Sequence[str]]


def _kinds(session: Session, groups: Sequence[Group]) -> list[_Kind]:
    by_head = {group.head: group for group in groups}
    query = sql(
        _DOCUMENT.c.head_entry, _DOCUMENT.c.disclosure, _DOCUMENT.c.kind, _UNIT, cast(_DOCUMENT.c.tags, Text)
    ).where(_DOCUMENT.c.head_entry.in_(_literally(by_head)))
    return [
        _Kind(by_head[head], {"disclosure": [disclosure], "kind": [kind], "unit": [of], "tags": _tags(tags)})
        for head, disclosure, kind, of, tags in session.connection().execute(query)
    ]


def _literally(numbers: Collection[int]) -> BindParameter[Sequence[int]]:
    """Numbers as they stand in a statement: there may be more than a database takes values for."""
    return bindparam("numbers", list(numbers), expanding=True, literal_execute=True)


def _chosen(kinds: Sequence[_Kind], wanted: Wanted) -> set[int] | None:
    """The kinds that meet all filters; None where there is no filter."""
    if not any(wanted.chosen.values()):
        return None
    return {kind.group.facets for kind in kinds if not _outside(kind, wanted)}


def _outside(kind: _Kind, wanted: Wanted) -> list[Facet]:
    """The filters it does not meet."""
    return [
        facet
        for facet, values in wanted.chosen.items()
        if values and not any(value in values for value in kind.values[facet])
    ]


def _totals(kinds: Sequence[_Kind], wanted: Wanted, query: Query, most: int) -> Found:
    """How many there are, and of each facet's values under the other filters."""
    documents = pages = 0
    facets: dict[Facet, Counter[str]] = {facet: Counter() for facet in FACETS}
    for kind in kinds:
        outside = _outside(kind, wanted)
        if not outside:
            documents, pages = documents + kind.group.documents, pages + kind.group.pages
        for facet in FACETS if not outside else outside[: len(outside) == 1]:
            for value in filter(None, kind.values[facet]):
                facets[facet][value] += kind.group.documents
    return Found(
        documents=documents,
        pages=pages,
        missing_terms=max(0, len(query) - most) if most else 0,
        facets={facet: dict(counts.most_common(FACET_VALUES)) for facet, counts in facets.items()},
        also=[(term.said.text, [each.text for each in term.also]) for term in query if term.also],
    )


@lru_cache(maxsize=4096)
def _tags(written: str) -> list[str]:
    tags: list[str] = json.loads(written)
    return tags


# Documents, and where they say it


def _last_changed(session: Session, scope: ColumnElement[bool], wanted: Wanted) -> list[Document]:
    chosen = (_is_one_of(facet, wanted.chosen.get(facet, ())) for facet in FACETS)
    query = (
        select(Document).where(scope, *chosen).order_by(_DOCUMENT.c.updated_at.desc(), _DOCUMENT.c.id.desc())
    )
    return list(session.exec(query.limit(PAGE_SIZE).offset(wanted.offset)))


def _is_one_of(facet: Facet, wanted: Collection[str]) -> ColumnElement[bool]:
    if not wanted:
        return true()
    if facet == "tags":
        written = (json.dumps(tag) for tag in wanted)  # as the column holds them
        return or_(*(cast(_DOCUMENT.c.tags, Text).contains(tag, autoescape=True) for tag in written))
    return (_UNIT if facet == "unit" else _DOCUMENT.c[facet]).in_(wanted)


def _documents(session: Session, heads: Sequence[int]) -> list[Document]:
    """By their entries, in the same order."""
    found = session.exec(select(Document).where(_DOCUMENT.c.head_entry.in_(_literally(heads))))
    by_head = {each.head_entry: each for each in found}
    return [by_head[head] for head in heads]


def _hits(
    session: Session,
    person: Person,
    wanted: Wanted,
    query: Query,
    documents: Sequence[Document],
    rows: Mapping[int, Measure],
) -> list[Hit]:
    """What is shown of these documents; `rows` of them say it, and so well."""
    ids = [each.id for each in documents]
    current = {each.current_version_id for each in documents}
    of_documents = select(DocumentVersion).where(col(DocumentVersion.document_id).in_(ids))
    newest, versions = {}, {}
    for each in session.exec(of_documents.order_by(col(DocumentVersion.created_at), col(DocumentVersion.id))):
        newest[each.document_id] = versions[each.id] = each
    shown = {key: each for key, each in versions.items() if wanted.with_older or key in current}
    places = _places(session, rows, shown)
    texts = _texts(session, [place for found in places.values() for place in _best(found)])
    hits = []
    for document in documents:
        found = places.get(document.id, [])
        version, latest = versions.get(document.current_version_id or ""), newest.get(document.id)
        hits.append(
            Hit(
                document=document,
                version=version,
                pending=None if latest is version else latest,
                places=[place for place, _ in found][:MAX_PLACES],
                snippets=[_snippet(place, texts.get(place, ""), query) for place in _best(found)],
                title_marks=search_query.marks(document.title, query, search_words.words) if query else [],
                may_change=people.may_change_document(person, facts_from(document)),
            )
        )
    return hits


def _places(
    session: Session, rows: Mapping[int, Measure], versions: Mapping[str, DocumentVersion]
) -> dict[str, list[tuple[Place, Measure]]]:
    """Pages of these versions in their order, by document, and how well they say it."""
    query = sql(_ENTRY.c.id, _ENTRY.c.version_id).where(_ENTRY.c.version_id.in_(list(versions)))
    of_entries = {row.id: versions[row.version_id] for row in session.connection().execute(query)}
    places: dict[str, list[tuple[Place, Measure]]] = {}
    for row in sorted(rows):
        version = of_entries.get(row >> PAGE_BITS)
        if version is not None:
            place = Place(version.id, version.label, row & PAGE_MASK)
            places.setdefault(version.document_id, []).append((place, rows[row]))
    return places


def _best(found: Sequence[tuple[Place, Measure]]) -> list[Place]:
    """The few pages that say it best, in their order."""
    least = sorted((measure for _, measure in found), reverse=True)[:SNIPPETS]
    return [place for place, measure in found if least and measure >= least[-1]][:SNIPPETS]


def _texts(session: Session, places: Sequence[Place]) -> dict[Place, str]:
    wanted = {(place.version_id, place.page): place for place in places}
    # Pairs would be looked for in all pages there are.
    of_versions = _PAGE.c.version_id.in_({version_id for version_id, _ in wanted})
    query = sql(_PAGE.c.version_id, _PAGE.c.number, _PAGE.c.text).where(
        of_versions, tuple_(_PAGE.c.version_id, _PAGE.c.number).in_(list(wanted))
    )
    return {wanted[row.version_id, row.number]: row.text for row in session.connection().execute(query)}


def _snippet(place: Place, text: str, query: Query) -> Snippet:
    return Snippet(place, *search_query.snippet_of(text, query, search_words.words))
