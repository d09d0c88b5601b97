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
WHERE e.{which} IN :ids AND document_fts MATCH :asked
"""
_ROWS_SQLITE = _ONCE_SQLITE.format(measure="-bm25(document_fts, 8.0, 4.0, 1.0, 0.5)", which="document_id")
_BEGINNING_SQLITE = _ONCE_SQLITE.format(measure="0.0", which="version_id")
_PAGES_SQLITE = """
SELECT e.document_id, e.version_id, document_fts.rowid, 0.0
FROM document_entry AS e
CROSS JOIN document_fts ON document_fts.rowid BETWEEN e.id << 16 AND (e.id << 16) + 65535
WHERE e.version_id IN :ids AND document_fts MATCH :asked
"""
_POSTGRESQL = """
SELECT e.document_id, e.version_id, f.rowid,
       ts_rank('{{0.1, 0.2, 0.5, 1.0}}', f.vector, CAST(:asked AS tsquery), 1)
FROM document_entry AS e
JOIN document_fts AS f
  ON f.rowid BETWEEN CAST(e.id AS bigint) << 16 AND (CAST(e.id AS bigint) << 16) + 65535
WHERE e.{which} IN :ids AND f.vector @@ CAST(:asked AS tsquery)
"""
_ROWS_POSTGRESQL = _POSTGRESQL.format(which="document_id")
_PAGES_POSTGRESQL = _POSTGRESQL.format(which="version_id")

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

    def rows(self, document_ids: Sequence[str], wordings: Iterable[Wording]) -> list[IndexRow]:
        """Rows of these documents that say it, heads and pages of every version, in their order."""
        statement = _ROWS_POSTGRESQL if self._is_postgresql else _ROWS_SQLITE
        return self._found(statement, document_ids, self._expression(wordings))

    def pages(self, version_ids: Sequence[str], wordings: Iterable[Wording]) -> list[IndexRow]:
        """Pages of these versions that say it, in their order; how well is 0 on SQLite."""
        asked = self._expression(wordings)
        on_sqlite = _BEGINNING_SQLITE if "*" in asked else _PAGES_SQLITE
        return self._found(_PAGES_POSTGRESQL if self._is_postgresql else on_sqlite, version_ids, asked)

    def _found(self, statement: str, ids: Sequence[str], asked: str) -> list[IndexRow]:
        if not ids:
            return []
        of_these = text(statement).bindparams(bindparam("ids", expanding=True))
        rows = self.session.connection().execute(of_these, {"ids": list(ids), "asked": asked})
        return sorted((IndexRow(*row) for row in rows), key=lambda row: row.number)

    def _expression(self, wordings: Iterable[Wording]) -> str:
        return tsquery(wordings) if self._is_postgresql else fts5(wordings)
