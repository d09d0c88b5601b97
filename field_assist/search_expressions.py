"""A query in the two languages of the indexes: FTS5's and PostgreSQL's `tsquery`.

What is quoted holds letters and digits alone, because a query's words and runs do: nothing that was typed can
mean anything there. A wording is met by its words next to each other, or by its characters as they stand.

Sans-IO.
"""

from collections.abc import Iterable

from field_assist import folding
from field_assist.search_query import Wording

PAIR = "~"
"""Marks pairs of characters among the words of a `tsvector`, which has no columns."""
_NEAR = 3
"""Words between the words of one term, as FTS5 counts: 耐震補強の工事 is 耐震補強工事."""


def fts5(wordings: Iterable[Wording]) -> str:
    """Rows of `document_fts` that say it in any of these ways."""
    return " OR ".join(f"({way})" for wording in wordings for way in _fts5_ways(wording))


def fts5_rows(wordings: Iterable[Wording]) -> str:
    """The same rows, sooner: a word that is a pair is said by whatever column has it. Not to measure by."""
    return " OR ".join(
        f'"{wording.literal}"' if _is_pair(wording) else fts5([wording]) for wording in wordings
    )


def _is_pair(wording: Wording) -> bool:
    return len(wording.literal) == 2 and wording.words == (wording.literal,)


def _fts5_ways(wording: Wording) -> Iterable[str]:
    words = [f'"{word}"' for word in wording.words]
    if len(words) == 1:
        yield f"{{title beside body}} : {words[0]}"
    elif words:
        yield f"{{title beside body}} : NEAR({' '.join(words)}, {_NEAR})"
    runs = [_phrase(run) for run in folding.runs(wording.literal)]
    if runs:
        yield " AND ".join(runs)


def _phrase(run: str) -> str:
    return f'{{pairs}} : "{" ".join(_pairs(run))}"' + (" *" if len(run) == 1 else "")


def tsquery(wordings: Iterable[Wording]) -> str:
    """The same for a `tsvector`; pairs need not be neighbours there, which is as good and much faster."""
    return " | ".join(way for wording in wordings for way, _ in _tsquery_ways(wording))


def tsquery_rows(wordings: Iterable[Wording]) -> tuple[str, str]:
    """The same in two: what GIN alone answers, and neighbours, for which it has to read the vectors."""
    ways = [each for wording in wordings for each in _tsquery_ways(wording)]
    sure, neighbours = ([way for way, is_sure in ways if is_sure is kind] for kind in (True, False))
    return " | ".join(sure), " | ".join(neighbours)


def _tsquery_ways(wording: Wording) -> Iterable[tuple[str, bool]]:
    """Each with whether GIN alone answers it."""
    if wording.words:
        words = " <-> ".join(f"'{word}'" for word in wording.words)
        yield f"({words})", len(wording.words) == 1
    pairs = [
        f"'{PAIR}{pair}'" + (":*" if len(run) == 1 else "")
        for run in folding.runs(wording.literal)
        for pair in _pairs(run)
    ]
    if pairs:
        yield f"({' & '.join(pairs)})", True


def _pairs(run: str) -> list[str]:
    return folding.bigrams(run)[:-1] or [run]
