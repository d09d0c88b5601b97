"""Finding documents, with FTS5 or PostgreSQL's own index behind one function.

**Permission is part of the query**: what a person may not see is no hit, so in no count, facet or snippet.
The rule is `people.may_see_document`, in SQL `document_rules`.

A search has three steps, each bounded: every document that holds the most terms, counted and ranked by how
many of its pages do (one statement); the first hundred ranked again by the database's own measure of the text
(`bm25`, `ts_rank`); and for those that are shown, where they say it.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    column,
    distinct,
    func,
    literal,
    literal_column,
    or_,
    table,
    true,
    tuple_,
    union_all,
)
from sqlalchemy import select as sql
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session, SQLModel, col, select

from field_assist import document_rules, people, search_query, search_words
from field_assist.cases import Case
from field_assist.document_index import PAGE_BITS, DocumentEntry
from field_assist.documents import Document, DocumentCase, DocumentPage, DocumentVersion
from field_assist.people import Disclosure, DocumentFacts, Person
from field_assist.search_expressions import fts5, tsquery
from field_assist.search_query import Marks, Query, Wording
from field_assist.synonyms import GROUPS, UNDERSTOOD

Facet = Literal["disclosure", "kind", "unit", "tags"]
FACETS: tuple[Facet, ...] = ("disclosure", "kind", "unit", "tags")

PAGE_SIZE = 20
RANKED = 100
"""So many are ranked by their text; whoever looks further down asked for something too general."""
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
_INDEX = table("document_fts", column("rowid"), column("vector"))
_ROW = _INDEX.c.rowid
_BM25: ColumnElement[float] = literal_column(
    "-bm25(document_fts, 8.0, 4.0, 1.0, 0.5)"
)  # title, beside, body, pairs
_WEIGHTS: ColumnElement[object] = literal_column(
    "'{0.1, 0.2, 0.5, 1.0}'::real[]"
)  # pairs, body, beside, title
_PAGE_MASK = (1 << PAGE_BITS) - 1


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
    index = _Index(session)
    candidates = _candidates(index, person, wanted, query)
    rows = session.connection().execute(_counted(candidates, wanted)).all()
    found = _totals(rows, query)
    ids = {row.value: row.score for row in sorted(rows, key=_at) if row.about == "hit"}
    order = _ranked(session, index, query, ids) if query and wanted.offset < RANKED else list(ids)
    shown = order[wanted.offset if wanted.offset < RANKED else 0 :][:PAGE_SIZE]
    return replace(found, hits=_hits(session, index, person, wanted, query, shown))


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


# The two indexes


class _Arm(NamedTuple):
    """One question to the index: rows that it finds count `weight` for a term."""

    term: int
    weight: float
    counts_pages: bool
    wordings: tuple[Wording, ...]


def _arms(query: Query) -> list[_Arm]:
    """Each term, its own words once more where there are others, and any of them where pages overlap."""
    arms = []
    for number, term in enumerate(query):
        weight = ALSO_WEIGHT if term.also else 1.0
        arms.append(_Arm(number, weight, len(query) == 1, (term.said, *term.also)))
        if term.also:
            arms.append(_Arm(number, 1 - ALSO_WEIGHT, False, (term.said,)))
    if len(query) > 1:
        arms.append(_Arm(-1, 0.0, True, _every(query)))
    return arms


def _every(query: Query) -> tuple[Wording, ...]:
    return tuple(wording for term in query for wording in (term.said, *term.also))


class _Index:
    """What differs between the databases: how to ask for rows, and how well one of them says it."""

    def __init__(self, session: Session) -> None:
        self._is_postgresql = session.get_bind().dialect.name == "postgresql"

    def matches(self, wordings: Iterable[Wording]) -> ColumnElement[bool]:
        """Rows that say it in any of these ways."""
        if self._is_postgresql:
            return _INDEX.c.vector.op("@@", is_comparison=True)(self._tsquery(wordings))
        asked = literal(fts5(wordings), Text)
        return literal_column("document_fts", Text).op("MATCH", is_comparison=True)(asked)

    def measure(self, wordings: Iterable[Wording]) -> ColumnElement[float]:
        """How well a row says it, more is better; on FTS5 of what `matches` asks in the same statement."""
        if not self._is_postgresql:
            return _BM25
        return func.ts_rank(_WEIGHTS, _INDEX.c.vector, self._tsquery(wordings), 1)

    def _tsquery(self, wordings: Iterable[Wording]) -> ColumnElement[Any]:  # Any: a type of PostgreSQL's own
        return cast(literal(tsquery(wordings), Text), TSQUERY)

    def rows_of(self, document_ids: Sequence[str], wordings: Iterable[Wording]) -> Select[Any]:
        """Rows of these documents' entries that say it; FTS5 looks only there when it is asked by range."""
        first = _ENTRY.c.id.op("<<")(PAGE_BITS)
        joined = _ENTRY.join(_INDEX, _ROW.between(first, first.op("|")(_PAGE_MASK)))
        return sql().select_from(joined).where(_ENTRY.c.document_id.in_(document_ids), self.matches(wordings))


# Finding and counting


def _candidates(index: _Index, person: Person, wanted: Wanted, query: Query) -> Subquery:
    """Documents in scope with what they are ranked by; with a query those that hold something of it."""
    scope = _scope(person, wanted)
    nothing = (literal(0).label("terms"), literal(0.0).label("score"), literal(0).label("pages"))
    if not query:
        return sql(_DOCUMENT.c.id.label("document_id"), *nothing).where(scope).subquery()
    hit = union_all(
        *(
            sql(
                literal(arm.term).label("term"),
                literal(arm.weight).label("weight"),
                literal(int(arm.counts_pages)).label("counted"),
                _ROW.op(">>")(literal_column(str(PAGE_BITS))).label("entry"),
                func.count().label("pages"),
            )
            .where(index.matches(arm.wordings))
            .group_by(literal_column("entry"))
            for arm in _arms(query)
        )
    ).cte("hit")
    is_head = _ENTRY.c.version_id.is_(None)
    share = hit.c.pages / (hit.c.pages + PAGES_HALF)
    is_shown = or_(is_head, _ENTRY.c.version_id == _DOCUMENT.c.current_version_id)
    return (
        sql(
            _ENTRY.c.document_id.label("document_id"),
            func.count(distinct(case((hit.c.term >= 0, hit.c.term)))).label("terms"),
            func.sum(hit.c.weight * case((is_head, HEAD_SCORE), else_=share)).label("score"),
            func.sum(case((is_head, 0), else_=hit.c.pages * hit.c.counted)).label("pages"),
        )
        .join(_ENTRY, _ENTRY.c.id == hit.c.entry)
        .join(_DOCUMENT, _DOCUMENT.c.id == _ENTRY.c.document_id)
        .where(scope, true() if wanted.with_older else is_shown)
        .group_by(_ENTRY.c.document_id)
        .subquery()
    )


def _counted(candidates: Subquery, wanted: Wanted) -> CompoundSelect[Any]:
    """One statement: totals, every facet with the other filters applied, and the first documents."""
    unit = case((_DOCUMENT.c.department == "", _DOCUMENT.c.office), else_=_DOCUMENT.c.department)
    values: dict[Facet, ColumnElement[str]] = {
        "disclosure": _DOCUMENT.c.disclosure,
        "kind": _DOCUMENT.c.kind,
        "unit": unit,
        "tags": cast(_DOCUMENT.c.tags, Text),
    }
    chosen = {
        facet: _is_one_of(facet, values[facet], wanted.chosen.get(facet, ())).label(f"in_{facet}")
        for facet in FACETS
    }
    found = (
        sql(
            _DOCUMENT.c.id.label("id"),
            _DOCUMENT.c.updated_at.label("updated_at"),
            *(value.label(facet) for facet, value in values.items()),
            *chosen.values(),
            candidates.c.terms,
            candidates.c.score,
            candidates.c.pages,
            func.max(candidates.c.terms).over().label("most"),
        )
        .join(candidates, candidates.c.document_id == _DOCUMENT.c.id)
        .cte("found")
    )
    best = found.c.terms == found.c.most

    def within(*leaving: Facet) -> ColumnElement[bool]:
        return and_(best, *(found.c[f"in_{facet}"] for facet in FACETS if facet not in leaving))

    def row(
        about: str, value: ColumnElement[str], *numbers: ColumnElement[Any]
    ) -> Select[Any]:  # Any: numbers
        n, score, at = (*numbers, literal(0.0), literal(0))[:3]
        return sql(
            literal(about).label("about"),
            value.label("value"),
            n.label("n"),
            score.label("score"),
            at.label("at"),
        )

    none = literal("")
    totals = row("total", none, func.count(), func.coalesce(func.sum(found.c.pages), 0) * 1.0).where(within())
    most = row("terms", none, func.coalesce(func.max(found.c.most), 0))
    facets = [
        row(facet, found.c[facet], func.count()).where(within(facet)).group_by(found.c[facet])
        for facet in FACETS
    ]
    is_ranked = wanted.offset < RANKED
    order = (found.c.score.desc(), found.c.updated_at.desc(), found.c.id.desc())
    first = (
        sql(found.c.id, found.c.pages, found.c.score, func.row_number().over(order_by=order).label("at"))
        .where(within())
        .order_by(*order)
        .limit(RANKED + PAGE_SIZE if is_ranked else PAGE_SIZE)
        .offset(0 if is_ranked else wanted.offset)
        .subquery()
    )
    hits = row("hit", first.c.id, first.c.pages, first.c.score * 1.0, first.c.at)
    return union_all(totals, most, *facets, hits)


def _is_one_of(facet: Facet, value: ColumnElement[str], wanted: Collection[str]) -> ColumnElement[bool]:
    if not wanted:
        return true()
    if facet != "tags":
        return value.in_(wanted)
    written = (json.dumps(tag) for tag in wanted)  # as the column holds them
    return or_(*(value.contains(tag, autoescape=True) for tag in written))


def _totals(rows: Sequence[Row[Any]], query: Query) -> Found:
    facets: dict[Facet, Counter[str]] = {facet: Counter() for facet in FACETS}
    found = Found()
    for row in rows:
        if row.about == "total":
            found = replace(found, documents=row.n, pages=int(row.score))
        elif row.about == "terms":
            found = replace(found, missing_terms=max(0, len(query) - row.n) if row.n else 0)
        elif row.about == "tags":
            for tag in json.loads(row.value):
                facets["tags"][tag] += row.n
        elif row.about != "hit" and row.value:
            facets[row.about][row.value] += row.n
    return replace(
        found,
        facets={facet: dict(counts.most_common(FACET_VALUES)) for facet, counts in facets.items()},
        also=[(term.said.text, [each.text for each in term.also]) for term in query if term.also],
    )


# Ranking, and where they say it


def _ranked(session: Session, index: _Index, query: Query, scores: Mapping[str, float]) -> list[str]:
    """The first of them by their text: the head and the best page, as it was typed; then as counted."""
    first, rest = list(scores)[:RANKED], list(scores)[RANKED:]
    said = [term.said for term in query]
    entry, measure = _ENTRY.c, index.measure(said).label("measure")
    rows = index.rows_of(first, said).add_columns(entry.document_id, entry.version_id, measure)
    best: dict[str, dict[bool, float]] = {document_id: {} for document_id in first}
    for document_id, version_id, how_well in session.connection().execute(rows):
        known = best[document_id]
        known[version_id is None] = max(how_well, known.get(version_id is None, 0.0))
    return sorted(first, key=lambda each: (sum(best[each].values()), scores[each]), reverse=True) + rest


def _hits(
    session: Session, index: _Index, person: Person, wanted: Wanted, query: Query, ids: Sequence[str]
) -> list[Hit]:
    """What is shown of these documents."""
    documents = {each.id: each for each in session.exec(select(Document).where(col(Document.id).in_(ids)))}
    of_documents = select(DocumentVersion).where(col(DocumentVersion.document_id).in_(ids))
    current, newest = {}, {}
    for each in session.exec(of_documents.order_by(col(DocumentVersion.created_at), col(DocumentVersion.id))):
        newest[each.document_id] = each
        if each.id == documents[each.document_id].current_version_id:
            current[each.document_id] = each
    places = _places(session, index, wanted, query, ids) if query else {}
    shown = [each for found in places.values() for each in _best(found)]
    texts = _texts(session, shown)
    hits = []
    for document_id in ids:
        document = documents[document_id]
        found = places.get(document_id, [])
        hits.append(
            Hit(
                document=document,
                version=current.get(document_id),
                pending=None if newest.get(document_id) is current.get(document_id) else newest[document_id],
                places=[place for place, _ in found][:MAX_PLACES],
                snippets=[_snippet(place, texts.get(place, ""), query) for place in _best(found)],
                title_marks=search_query.marks(document.title, query, search_words.words) if query else [],
                may_change=people.may_change_document(person, facts(document)),
            )
        )
    return hits


def _places(
    session: Session, index: _Index, wanted: Wanted, query: Query, ids: Sequence[str]
) -> dict[str, list[tuple[Place, float]]]:
    """Pages of these documents that hold something of the query, in order, and how well they say it."""
    entry, version = _ENTRY.c, _VERSION.c
    every = _every(query)
    rows = (
        index.rows_of(ids, every)
        .join(_VERSION, version.id == entry.version_id)
        .join(_DOCUMENT, _DOCUMENT.c.id == entry.document_id)
        .where(true() if wanted.with_older else entry.version_id == _DOCUMENT.c.current_version_id)
        .add_columns(
            entry.document_id,
            version.id.label("version_id"),
            version.label,
            _ROW.op("&")(_PAGE_MASK).label("page"),
            index.measure(every).label("measure"),
        )
        .order_by(version.created_at.desc(), version.id.desc(), _ROW)
    )
    found: dict[str, list[tuple[Place, float]]] = {}
    for row in session.connection().execute(rows):
        place = Place(row.version_id, row.label, row.page)
        found.setdefault(row.document_id, []).append((place, row.measure))
    return found


def _best(found: Sequence[tuple[Place, float]]) -> list[Place]:
    """The few pages that say it best, in their order."""
    least = sorted((measure for _, measure in found), reverse=True)[:SNIPPETS]
    return [place for place, measure in found if least and measure >= least[-1]][:SNIPPETS]


def _texts(session: Session, places: Sequence[Place]) -> dict[Place, str]:
    wanted = {(place.version_id, place.page): place for place in places}
    key = tuple_(_PAGE.c.version_id, _PAGE.c.number)
    query = sql(_PAGE.c.version_id, _PAGE.c.number, _PAGE.c.text).where(key.in_(list(wanted)))
    return {wanted[row.version_id, row.number]: row.text for row in session.connection().execute(query)}


def _snippet(place: Place, text: str, query: Query) -> Snippet:
    found = search_query.marks(text, query, search_words.words)
    return Snippet(place, *search_query.snippet(text, found))


def facts(document: Document) -> DocumentFacts:
    """What the rules for changing a document need; its cases play no part in them."""
    return DocumentFacts(
        id=document.id,
        owner_id=document.owner_id,
        department=document.department,
        office=document.office,
        disclosure=Disclosure(document.disclosure),
        sensitivity=document.sensitivity,
        is_withdrawn=document.withdrawn_at is not None,
    )
