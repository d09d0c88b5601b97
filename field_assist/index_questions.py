"""Asking the index of documents: what differs between FTS5 and PostgreSQL, and nothing else."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, column, func, literal, literal_column, table
from sqlalchemy import select as sql
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session, SQLModel

from field_assist.document_index import PAGE_BITS, DocumentEntry
from field_assist.search_expressions import fts5, tsquery
from field_assist.search_query import Wording

PAGE_MASK = (1 << PAGE_BITS) - 1
_INDEX = table("document_fts", column("rowid"), column("vector"))
ROW = _INDEX.c.rowid
"""The number of a row: its entry's, and the page."""
_ENTRY = SQLModel.metadata.tables[DocumentEntry.__tablename__]
_BM25: ColumnElement[float] = literal_column("-bm25(document_fts, 8.0, 4.0, 1.0, 0.5)")
"""Of title, beside, body and pairs."""
_WEIGHTS: ColumnElement[object] = literal_column("'{0.1, 0.2, 0.5, 1.0}'::real[]")
"""Of pairs, body, beside and title: PostgreSQL counts from D to A."""


class Index:
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
        joined = _ENTRY.join(_INDEX, ROW.between(first, first.op("|")(PAGE_MASK)))
        return sql().select_from(joined).where(_ENTRY.c.document_id.in_(document_ids), self.matches(wordings))
