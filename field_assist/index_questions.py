"""Asking the index of documents: what differs between FTS5 and PostgreSQL, and nothing else."""

from collections.abc import Collection, Iterable

import numpy as np
from sqlalchemy import BigInteger, bindparam, text
from sqlmodel import Session

from field_assist.index_hits import Numbers, Said, numbers
from field_assist.search_expressions import fts5, fts5_rows, tsquery, tsquery_rows
from field_assist.search_query import Query, Term, Wording

# FTS5 weighs title, beside, body and pairs in this order; PostgreSQL weighs D to A, which are the reverse.
# FTS5 is asked once and for all: for each row anew, bm25 would count the whole index again, a hundred times.
_MEASURED_SQLITE = """
SELECT rowid, -bm25(document_fts, 8.0, 4.0, 1.0, 0.5)
FROM document_fts WHERE document_fts MATCH :asked AND +rowid IN :rows
"""
_MEASURED_POSTGRESQL = """
SELECT rowid, ts_rank('{0.1, 0.2, 0.5, 1.0}', vector, CAST(:asked AS tsquery), 1)
FROM document_fts WHERE rowid IN :rows AND vector @@ CAST(:asked AS tsquery)
"""
# One value for all numbers: as rows they would take longer to hand over than to find.
_NUMBERS_SQLITE = "SELECT group_concat(rowid) FROM document_fts WHERE document_fts MATCH :asked"
_NUMBERS_POSTGRESQL = """
SELECT string_agg(CAST(rowid AS text), ',') FROM document_fts WHERE vector @@ CAST(:asked AS tsquery)
"""

# Vectors are stored beside their table, which the planner takes for small and would read whole, every vector
# with it, where more than a third of the pages are asked for: eight times slower. And what that
# forbids seems so dear to it that it would spend half a second on compiling the statement.
_BY_INDEX = "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)"
_AS_USUAL = "SET LOCAL enable_seqscan = on"


class Index:
    """What differs between the databases: which rows say something, and how well."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._is_postgresql = session.get_bind().dialect.name == "postgresql"

    def said(self, query: Query) -> list[Said]:
        """For each term rows that say it as it was typed, and those that only say it in other words."""
        if not self._is_postgresql:
            return [self._said(term) for term in query]
        self.session.connection().execute(text(_BY_INDEX))
        found = [self._said(term) for term in query]
        self.session.connection().execute(text(_AS_USUAL))
        return found

    def _said(self, term: Term) -> Said:
        # 耐震診断 says 耐震: rows with it were found already.
        others = [wording for wording in term.also if not _holds(wording, term.said)]
        if not self._is_postgresql:
            said = fts5_rows([term.said])
            typed = self._numbers(said)
            if len(term.said.words) == 1:
                return Said(typed, self._numbers(fts5_rows(others), said))
            also = self._numbers(fts5_rows(others))  # FTS5 would look for the neighbours once more
            return Said(typed, also[~np.isin(also, typed)])
        # Where one row of a block has to be read, all are: neighbours are asked for by themselves.
        sure, neighbours = tsquery_rows([term.said])
        also_sure, also_neighbours = tsquery_rows(others)
        typed = np.concatenate((self._numbers(sure), self._numbers(neighbours, sure)))
        also = np.concatenate(
            (self._numbers(also_sure, sure), self._numbers(also_neighbours, sure, also_sure))
        )
        return Said(typed, also[~np.isin(also, typed)])

    def measures(self, rows: Collection[int], wordings: Iterable[Wording]) -> dict[int, float]:
        """How well each of these rows says it, more is better; rows that do not are left out."""
        if not rows:
            return {}
        statement = text(_MEASURED_POSTGRESQL if self._is_postgresql else _MEASURED_SQLITE)
        of_these = statement.bindparams(
            bindparam("rows", type_=BigInteger, expanding=True, literal_execute=True)
        )
        asked = {
            "rows": list(rows),
            "asked": tsquery(wordings) if self._is_postgresql else fts5(wordings),
        }
        return {row: measure for row, measure in self.session.connection().execute(of_these, asked).all()}

    def _numbers(self, asked: str, *but: str) -> Numbers:
        """Rows that say the first and none of the others; no expression is said by no row."""
        if not asked:
            return numbers(None)
        for other in filter(None, but):
            asked = f"({asked}) {'& !' if self._is_postgresql else 'NOT '}({other})"
        statement = text(_NUMBERS_POSTGRESQL if self._is_postgresql else _NUMBERS_SQLITE)
        return numbers(self.session.connection().execute(statement, {"asked": asked}).scalar())


def _holds(wording: Wording, said: Wording) -> bool:
    """Whether rows with this wording are among those with the other anyway."""
    return said.literal in wording.literal and len(said.words) == 1 and said.words[0] in wording.words
