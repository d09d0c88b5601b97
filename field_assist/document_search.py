"""Finding documents, with FTS5 or PostgreSQL's own index behind one function.

**Permission is part of the query**: what a person may not see is no hit, so in no count, facet or snippet.
The rule is `people.may_see_document`, in SQL `document_rules`.

A search has three steps, each bounded: every document that holds the most terms, counted and ranked by how
many of its pages do (one statement); the first hundred ranked again by the database's own measure of the text
(`bm25`, `ts_rank`); and for those that are shown, where they say it.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Row,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    true,
    tuple_,
    union_all,
)
from sqlalchemy import select as sql
from sqlmodel import Session, SQLModel, col, select

from field_assist import document_rules, people, search_query, search_words
from field_assist.cases import Case
from field_assist.document_index import PAGE_BITS, DocumentEntry
from field_assist.documents import Document, DocumentCase, DocumentPage, DocumentVersion, facts_from
from field_assist.index_questions import ROW, Index, IndexRow
from field_assist.people import Person
from field_assist.search_query import Marks, Query, Wording
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
ALSO_WEIGHT = 0.35
"""What words that mean the same count for; domain.md 4.5 measured it."""
HEAD_SCORE, PAGES_HALF = 2.0, 1.5
"""A hit in the title counts for this; hits in this many pages for half of what any number does."""

_TABLES = SQLModel.metadata.tables
_DOCUMENT, _VERSION, _PAGE, _LINK = (
    _TABLES[each.__tablename__] for each in (Document, DocumentVersion, DocumentPage, DocumentCase)
)
_ENTRY, _CASE = _TABLES[DocumentEntry.__tablename__], _TABLES[Case.__tablename__]


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
    candidates = _candidates(index, person, wanted, query)
    rows = session.connection().execute(_counted(candidates, wanted)).all()
    most = max((row.terms for row in rows), default=0)
    found = _totals([row for row in rows if not row.at], wanted, query, most)
    ids = {row.id: row.score for row in sorted(rows, key=_at) if row.at}
    is_narrow = bool(query) and wanted.offset < RANKED and found.pages <= BROAD
    said = _said(index, query, list(ids)[:RANKED]) if is_narrow else {}
    order = _ranked(ids, said)
    shown = order[wanted.offset if wanted.offset < RANKED else 0 :][:PAGE_SIZE]
    return replace(found, hits=_hits(index, person, wanted, query, shown, said))


def _at(row: Row[Any]) -> int:  # Any: a row of `_counted`
    at: int = row.at
    return at


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


class _Arm(NamedTuple):
    """One question to the index: rows that it finds count `weight` for a term.

    `bit` says which term; it is 0 in the narrower of two questions, whose rows the wider one finds too.
    """

    bit: int
    weight: float
    wordings: tuple[Wording, ...]


def _arms(query: Query) -> list[_Arm]:
    """Each term, and its own words once more where there are others that say it without them."""
    arms = []
    for number, term in enumerate(query):
        others = tuple(wording for wording in term.also if not _holds(wording, term.said))
        if others:
            arms.append(_Arm(1 << number, ALSO_WEIGHT, (term.said, *others)))
            arms.append(_Arm(0, 1 - ALSO_WEIGHT, (term.said,)))
        else:
            arms.append(_Arm(1 << number, 1.0, (term.said,)))
    return arms


def _holds(wording: Wording, said: Wording) -> bool:
    """Whether rows with this wording are among those with the other anyway: 耐震診断 says 耐震."""
    return said.literal in wording.literal and len(said.words) == 1 and said.words[0] in wording.words


def _every(query: Query) -> tuple[Wording, ...]:
    return tuple(wording for term in query for wording in (term.said, *term.also))


_COLUMNS: tuple[ColumnElement[Any], ...] = (  # Any: of several types
    _DOCUMENT.c.id,
    _DOCUMENT.c.updated_at,
    _DOCUMENT.c.disclosure,
    _DOCUMENT.c.kind,
    case((_DOCUMENT.c.department == "", _DOCUMENT.c.office), else_=_DOCUMENT.c.department).label("unit"),
    cast(_DOCUMENT.c.tags, Text).label("tags"),
)
"""What is counted of a document, the facets by their names."""


def _candidates(index: Index, person: Person, wanted: Wanted, query: Query) -> Subquery:
    """Documents in scope with what they are ranked by; with a query those that hold something of it."""
    scope = _scope(person, wanted)
    if not query:
        nothing = (literal(0).label("terms"), literal(0.0).label("score"), literal(0).label("pages"))
        return sql(*_COLUMNS, *nothing).where(scope).subquery()
    hit = _hit(index, query)
    is_head = _ENTRY.c.version_id.is_(None)
    is_shown = or_(is_head, _ENTRY.c.version_id == _DOCUMENT.c.current_version_id)
    terms = [func.max(hit.c.terms.op("&")(1 << number)) / (1 << number) for number in range(len(query))]
    return (
        sql(
            *_COLUMNS,
            sum(terms[1:], terms[0]).label("terms"),
            func.sum(case((is_head, hit.c.weight * HEAD_SCORE), else_=hit.c.share)).label("score"),
            func.sum(case((is_head, 0), else_=hit.c.pages)).label("pages"),
        )
        .select_from(hit)
        .join(_ENTRY, _ENTRY.c.id == hit.c.entry)
        .join(_DOCUMENT, _DOCUMENT.c.id == _ENTRY.c.document_id)
        .where(scope, true() if wanted.with_older else is_shown)
        .group_by(_DOCUMENT.c.id)
        .subquery()
    )


def _hit(index: Index, query: Query) -> Subquery:
    """Entries that hold something of it, by their numbers, which are cheap to group by.

    Terms are bits of a number. `pages` are those of one term: pages of several overlap.
    """
    arms = [
        sql(
            literal(arm.bit).label("bit"),
            literal(arm.weight).label("weight"),
            ROW.op(">>")(literal_column(str(PAGE_BITS))).label("entry"),
            func.count().label("pages"),
        )
        .where(index.matches(arm.wordings))
        .group_by(literal_column("entry"))
        for arm in _arms(query)
    ]
    arm = union_all(*arms).subquery("arm")
    return (
        sql(
            arm.c.entry,
            func.sum(arm.c.bit).label("terms"),
            func.sum(arm.c.weight).label("weight"),
            func.sum(arm.c.weight * arm.c.pages / (arm.c.pages + PAGES_HALF)).label("share"),
            func.max(arm.c.pages).label("pages"),
        )
        .group_by(arm.c.entry)
        .subquery("hit")
    )


def _counted(candidates: Subquery, wanted: Wanted) -> CompoundSelect[Any]:
    """One statement: of the documents with the most terms how many there are of each kind, and the first."""
    every = sql(*candidates.c).cte("every")
    most = sql(func.max(every.c.terms)).scalar_subquery()
    found = sql(*every.c).where(every.c.terms == most).cte("found")
    facets = tuple(found.c[facet] for facet in FACETS)
    pages = func.coalesce(func.sum(found.c.pages), 0)
    groups = sql(
        literal(0).label("at"),
        literal("").label("id"),
        *facets,
        found.c.terms.label("terms"),
        func.count().label("documents"),
        pages.label("pages"),
        literal(0.0).label("score"),
    ).group_by(*facets, found.c.terms)
    is_ranked = wanted.offset < RANKED
    few = (
        sql(found.c.id, found.c.terms, found.c.pages, found.c.score, found.c.updated_at)
        .where(*(_is_one_of(facet, found.c[facet], wanted.chosen.get(facet, ())) for facet in FACETS))
        .order_by(*_best_first(found))
        .limit(RANKED + PAGE_SIZE if is_ranked else PAGE_SIZE)
        .offset(0 if is_ranked else wanted.offset)
        .subquery()
    )
    first = sql(
        func.row_number().over(order_by=_best_first(few)),  # of a few: cheap to number
        few.c.id,
        *(literal("") for _ in FACETS),
        few.c.terms,
        literal(0),
        few.c.pages,
        few.c.score * 1.0,
    )
    return union_all(groups, first)


def _best_first(found: FromClause) -> tuple[ColumnElement[Any], ...]:  # Any: of several types
    return (found.c.score.desc(), found.c.updated_at.desc(), found.c.id.desc())


def _is_one_of(facet: Facet, value: ColumnElement[str], wanted: Collection[str]) -> ColumnElement[bool]:
    if not wanted:
        return true()
    if facet != "tags":
        return value.in_(wanted)
    written = (json.dumps(tag) for tag in wanted)  # as the column holds them
    return or_(*(value.contains(tag, autoescape=True) for tag in written))


def _totals(groups: Sequence[Row[Any]], wanted: Wanted, query: Query, most: int) -> Found:
    """What `_counted` counted; each facet under the other filters."""
    documents = pages = 0
    facets: dict[Facet, Counter[str]] = {facet: Counter() for facet in FACETS}
    for row in groups:
        values: dict[Facet, list[str]] = {
            facet: _tags(row.tags) if facet == "tags" else [getattr(row, facet)] for facet in FACETS
        }
        outside = [facet for facet in FACETS if not _meets(values[facet], wanted.chosen.get(facet, ()))]
        if not outside:
            documents, pages = documents + row.documents, pages + int(row.pages)
        for facet in FACETS:
            if not outside or outside == [facet]:
                for value in filter(None, values[facet]):
                    facets[facet][value] += row.documents
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


def _meets(values: Collection[str], wanted: Collection[str]) -> bool:
    return not wanted or any(value in wanted for value in values)


# Ranking, and where they say it


Said = Mapping[str, Mapping[int, IndexRow]]
"""Rows that say it as it was typed: by document, by their number."""


def _said(index: Index, query: Query, ids: Sequence[str]) -> Said:
    found: dict[str, dict[int, IndexRow]] = {document_id: {} for document_id in ids}
    for row in index.rows(ids, [term.said for term in query]):
        found[row.document_id][row.number] = row
    return found


def _ranked(scores: Mapping[str, float], said: Said) -> list[str]:
    """Best first: by the head and the best page as it was typed; then, and after those, as counted."""

    def how_well(document_id: str) -> tuple[float, float]:
        rows = said[document_id].values()
        head = max((row.measure for row in rows if not row.page), default=0.0)
        page = max((row.measure for row in rows if row.page), default=0.0)
        return head + page, scores[document_id]

    first = sorted((each for each in scores if each in said), key=how_well, reverse=True)
    return first + [each for each in scores if each not in said]


def _hits(
    index: Index, person: Person, wanted: Wanted, query: Query, ids: Sequence[str], said: Said
) -> list[Hit]:
    """What is shown of these documents."""
    session = index.session
    documents = {each.id: each for each in session.exec(select(Document).where(col(Document.id).in_(ids)))}
    of_documents = select(DocumentVersion).where(col(DocumentVersion.document_id).in_(ids))
    newest, versions = {}, {}
    for each in session.exec(of_documents.order_by(col(DocumentVersion.created_at), col(DocumentVersion.id))):
        newest[each.document_id] = versions[each.id] = each
    shown = {
        each.id: each
        for each in versions.values()
        if wanted.with_older or each.id == documents[each.document_id].current_version_id
    }
    rows = [row for each in ids for row in said.get(each, {}).values()]
    if len(said) < len(ids) or any(term.also for term in query):
        every = _every(query)
        if said:
            rows = index.rows(ids, every)
        else:
            rows = index.pages(list(shown), every) if query else []
    places = _places(rows, shown, said)
    texts = _texts(session, [place for found in places.values() for place in _best(found)])
    hits = []
    for document_id in ids:
        document, found = documents[document_id], places.get(document_id, [])
        current, latest = versions.get(document.current_version_id or ""), newest.get(document_id)
        hits.append(
            Hit(
                document=document,
                version=current,
                pending=None if latest is current else latest,
                places=[place for place, _ in found][:MAX_PLACES],
                snippets=[_snippet(place, texts.get(place, ""), query) for place in _best(found)],
                title_marks=search_query.marks(document.title, query, search_words.words) if query else [],
                may_change=people.may_change_document(person, facts_from(document)),
            )
        )
    return hits


def _places(
    rows: Sequence[IndexRow], versions: Mapping[str, DocumentVersion], said: Said
) -> dict[str, list[tuple[Place, float]]]:
    """Pages of these versions in their order, by document, and how well they say it; typed words are more."""
    places: dict[str, list[tuple[Place, float]]] = {}
    for row in rows:
        version = versions.get(row.version_id or "")
        if version is not None:
            typed = said.get(row.document_id, {}).get(row.number)
            measure = ALSO_WEIGHT * row.measure + (typed.measure if typed else 0.0)
            place = Place(version.id, version.label, row.page)
            places.setdefault(row.document_id, []).append((place, measure))
    return places


def _best(found: Sequence[tuple[Place, float]]) -> list[Place]:
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
