"""Asking the index of documents: what differs between FTS5 and PostgreSQL, and nothing else."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Text,
    bindparam,
    cast,
    column,
    literal,
    literal_column,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session

from field_assist.document_index import PAGE_BITS
from field_assist.search_expressions import fts5, tsquery
from field_assist.search_query import Wording

PAGE_MASK = (1 << PAGE_BITS) - 1
_INDEX = table("document_fts", column("rowid"), column("vector"))
ROW = _INDEX.c.rowid
"""The number of a row: its entry's, and the page."""
# FTS5 weighs title, beside, body and pairs in this order; PostgreSQL weighs D to A, which are the reverse.
# CROSS has SQLite ask FTS5 once: for each document anew, bm25 would count the whole index again, a hundred
# times, and a single character look up all pairs that begin with it. Anything else is faster for each anew.
_ONCE_SQLITE = """
SELECT e.document_id, e.version_id, document_fts.rowid, {measure}
FROM document_fts CROSS JOIN document_entry AS e ON e.id = document_fts.rowid >> 16
WHERE e.document_id IN :ids AND document_fts MATCH :asked
"""
_MEASURED_SQLITE = _ONCE_SQLITE.format(measure="-bm25(document_fts, 8.0, 4.0, 1.0, 0.5)")
_BEGINNING_SQLITE = _ONCE_SQLITE.format(measure="0.0")
_ROWS_SQLITE = """
SELECT e.document_id, e.version_id, document_fts.rowid, 0.0
FROM document_entry AS e
CROSS JOIN document_fts ON document_fts.rowid BETWEEN e.id << 16 AND (e.id << 16) + 65535
WHERE e.document_id IN :ids AND document_fts MATCH :asked
"""
_ROWS_POSTGRESQL = """
SELECT e.document_id, e.version_id, f.rowid,
       ts_rank('{0.1, 0.2, 0.5, 1.0}', f.vector, CAST(:asked AS tsquery), 1)
FROM document_entry AS e
JOIN document_fts AS f
  ON f.rowid BETWEEN CAST(e.id AS bigint) << 16 AND (CAST(e.id AS bigint) << 16) + 65535
WHERE e.document_id IN :ids AND f.vector @@ CAST(:asked AS tsquery)
"""

# Vectors are stored beside their table, which the planner takes for small and would read whole, every vector
# with it, where more than a third of the pages are asked for: eight times slower. Until the transaction ends.
_BY_INDEX = "SET LOCAL enable_seqscan = off"


class IndexRow(NamedTuple):
    """A row of the index that says something, and how well, more is better; heads have no version."""

    document_id: str
    version_id: str | None
    number: int
    measure: float

    @property
    def page(self) -> int:
        """From 1; 0 is the head."""
        return self.number & PAGE_MASK


class Index:
    """What differs between the databases: how to ask for rows, and how well one of them says it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._is_postgresql = session.get_bind().dialect.name == "postgresql"
        if self._is_postgresql:
            session.connection().execute(text(_BY_INDEX))

    def matches(self, wordings: Iterable[Wording]) -> ColumnElement[bool]:
        """Rows that say it in any of these ways."""
        asked = literal(self._expression(wordings), Text)
        if self._is_postgresql:
            return _INDEX.c.vector.op("@@", is_comparison=True)(cast(asked, TSQUERY))
        return literal_column("document_fts", Text).op("MATCH", is_comparison=True)(asked)

    def rows(
        self, document_ids: Sequence[str], wordings: Iterable[Wording], *, is_measured: bool
    ) -> list[IndexRow]:
        """Rows of these documents that say it, in their order; every measure is 0 where none is asked for."""
        if not document_ids:
            return []
        asked = self._expression(wordings)
        of_these = {"ids": list(document_ids), "asked": asked}
        unmeasured = _BEGINNING_SQLITE if "*" in asked else _ROWS_SQLITE
        on_sqlite = _MEASURED_SQLITE if is_measured else unmeasured
        statement = text(_ROWS_POSTGRESQL if self._is_postgresql else on_sqlite)
        rows = self.session.connection().execute(
            statement.bindparams(bindparam("ids", expanding=True)), of_these
        )
        return sorted((IndexRow(*row) for row in rows), key=lambda row: row.number)

    def _expression(self, wordings: Iterable[Wording]) -> str:
        return tsquery(wordings) if self._is_postgresql else fts5(wordings)
