"""What the rows of the index that say something amount to, for the documents somebody may see.

A common word stands on half of all pages. Databases take a tenth of a second to join so many rows with their
documents and count them; arrays of numbers take a millisecond. So each term is asked for once, as the bare
numbers of its rows, and who may see what is asked for beside it, as `Sight`: a row whose document is not in
sight counts nowhere. Weights and shares are those of domain.md 4.5.

Sans-IO.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Measures = npt.NDArray[np.float64]
Measure = tuple[float, float]
"""How well a row says it: by the database's measure of its text, 0 where that was not asked; by its terms."""

PAGE_BITS = 16
"""A row's number is its entry's and its page in one; page 0 is a document's head."""
PAGE_MASK = (1 << PAGE_BITS) - 1
ALSO_WEIGHT = 0.35
"""What words that mean the same count for; domain.md 4.5 measured it."""
HEAD_SCORE, PAGES_HALF = 2.0, 1.5
"""A hit in the title counts for this; hits in this many pages for half of what any number does."""
_NO_ENTRY = -1


def numbers(written: str | None) -> Numbers:
    """Whole numbers as a database writes them into one value, with commas; None where there are none."""
    return np.fromstring(written, np.int64, sep=",") if written else np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Said:
    """The rows that say one term: as it was typed, and in other words alone."""

    typed: Numbers
    others: Numbers

    def __bool__(self) -> bool:
        return len(self.typed) + len(self.others) > 0


class Sight:
    """The documents in sight, by their places in these arrays, and which entries of the index are theirs.

    `heads` and `shown` are the entries of each document's head and of the version it shows (0: none),
    `facets` the keys of what is counted of it. Entries of `older` versions come with the heads of theirs.
    """

    def __init__(
        self, heads: Numbers, shown: Numbers, facets: Numbers, older: tuple[Numbers, Numbers] | None = None
    ) -> None:
        self.heads, self.shown, self.facets = heads, shown, facets
        places = np.arange(len(heads))
        entries, of = (shown, places) if older is None else (older[0], self._places(older[1]))
        self._entries = np.concatenate((heads, entries))
        self.documents = np.concatenate((places, of))
        """Of each entry in sight the place of its document; heads first."""
        self._by_entry = np.full(int(self._entries.max(initial=0)) + 2, _NO_ENTRY)  # the last for all beyond
        self._by_entry[self._entries] = np.arange(len(self._entries))
        self._by_entry[0] = _NO_ENTRY

    def __len__(self) -> int:
        return len(self.heads)

    @property
    def entries(self) -> int:
        """How many are in sight."""
        return len(self._entries)

    def in_sight(self, rows: Numbers) -> Numbers:
        """Which entry in sight each row belongs to, by its place; rows of all others are left out."""
        found = self._found(rows)
        seen: Numbers = found[found != _NO_ENTRY]
        return seen

    def rows_of(self, documents: Numbers, rows: Numbers) -> Numbers:
        """Those of the rows that belong to these documents in sight."""
        is_wanted = np.zeros(len(self), np.bool_)
        is_wanted[documents] = True
        found = self._found(rows)
        rows, found = rows[found != _NO_ENTRY], found[found != _NO_ENTRY]
        wanted: Numbers = rows[is_wanted[self.documents[found]]]
        return wanted

    def _found(self, rows: Numbers) -> Numbers:
        found: Numbers = self._by_entry[np.minimum(rows >> PAGE_BITS, len(self._by_entry) - 1)]
        return found

    def _places(self, heads: Numbers) -> Numbers:
        """The places of documents by their heads, which all are in sight."""
        order = np.argsort(self.heads)
        places: Numbers = order[np.searchsorted(self.heads, heads, sorter=order)]
        return places


@dataclass(frozen=True, slots=True)
class Counted:
    """Of each document in sight, by its place: is it found, how good is it, how many of its pages say it.

    `terms` is how many terms those that are found hold, 0 where none is. Without terms all are found.
    """

    is_found: npt.NDArray[np.bool_]
    scores: Measures
    pages: Numbers
    terms: int


def counted(sight: Sight, terms: Sequence[Said]) -> Counted:
    """Documents that hold the most terms. Pages are those of one term: pages of several overlap."""
    shares, most = np.zeros(sight.entries), np.zeros(sight.entries, np.int64)
    held = np.zeros(len(sight), np.int64)
    is_head = np.arange(sight.entries) < len(sight)
    for said in terms:
        typed = np.bincount(sight.in_sight(said.typed), minlength=sight.entries)
        every = typed + np.bincount(sight.in_sight(said.others), minlength=sight.entries)
        shares += (1 - ALSO_WEIGHT) * _share(typed, is_head) + ALSO_WEIGHT * _share(every, is_head)
        most = np.maximum(most, np.where(is_head, 0, every))
        held[np.unique(sight.documents[every > 0])] += 1
    best = int(held.max(initial=0))
    return Counted(
        is_found=(held == best) & (best > 0 or not terms),
        scores=np.bincount(sight.documents, shares, len(sight)).astype(np.float64),
        pages=np.bincount(sight.documents, most, len(sight)).astype(np.int64),
        terms=best,
    )


def _share(pages: Numbers, is_head: npt.NDArray[np.bool_]) -> Measures:
    return np.where(is_head, HEAD_SCORE * (pages > 0), pages / (pages + PAGES_HALF))


@dataclass(frozen=True, slots=True)
class Group:
    """So many of those that are found, with so many pages, are of this kind; `head` is one of them."""

    facets: int
    head: int
    documents: int
    pages: int


def groups(sight: Sight, found: Counted) -> list[Group]:
    """The kinds of those that are found, by the keys of what is counted of them."""
    at = np.flatnonzero(found.is_found)
    keys, first, kind = np.unique(sight.facets[at], return_index=True, return_inverse=True)
    documents = np.bincount(kind, minlength=len(keys))
    pages = np.bincount(kind, found.pages[at], len(keys))
    return [
        Group(*map(int, group)) for group in zip(keys, sight.heads[at][first], documents, pages, strict=True)
    ]


def best_first(sight: Sight, found: Counted, facets: Collection[int] | None) -> Numbers:
    """Places of those that are found and of these kinds (None: of any): best first, then newest first."""
    at = np.flatnonzero(found.is_found)
    if facets is not None:
        at = at[np.isin(sight.facets[at], list(facets))]
    newest = np.maximum(sight.heads[at], sight.shown[at])
    return at[np.lexsort((-newest, -found.scores[at].round(9)))]


def ranked(sight: Sight, order: Numbers, count: int, measures: Mapping[int, float]) -> Numbers:
    """The same order, the first of it by the measure of their heads and of their best pages."""
    first, rows = order[:count], np.fromiter(measures, np.int64, len(measures))
    heads, pages = np.zeros(len(sight)), np.zeros(len(sight))
    of, measured = (
        sight.documents[sight.in_sight(rows)],
        np.fromiter(measures.values(), np.float64, len(rows)),
    )
    is_head = rows & PAGE_MASK == 0
    np.maximum.at(heads, of[is_head], measured[is_head])
    np.maximum.at(pages, of[~is_head], measured[~is_head])
    best = np.argsort(-(heads + pages)[first], kind="stable")
    return np.concatenate((first[best], order[count:]))


def rows_said(
    sight: Sight, documents: Numbers, terms: Sequence[Said], measures: Mapping[int, float]
) -> dict[int, Measure]:
    """The rows of these documents that say something, and how well."""
    found: dict[int, float] = {}
    for said in terms:
        for rows, weight in ((said.typed, 1.0), (said.others, ALSO_WEIGHT)):
            for row in sight.rows_of(documents, rows).tolist():
                found[row] = found.get(row, 0.0) + weight
    return {row: (measures.get(row, 0.0), weight) for row, weight in found.items()}
