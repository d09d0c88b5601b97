"""Counting rows of the index as arrays: the same as counting them one by one, and nothing out of sight."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist import index_hits
from field_assist.index_hits import ALSO_WEIGHT, HEAD_SCORE, PAGE_BITS, PAGES_HALF, Said, Sight

Rows = list[int]
ENTRIES = st.integers(1, 12)
ROWS = st.lists(
    st.builds(lambda entry, page: entry << PAGE_BITS | page, ENTRIES, st.integers(1, 4)), unique=True
)


def _numbers(written: Sequence[int]) -> index_hits.Numbers:
    return np.array(written, np.int64)


def _said(typed: Rows, others: Rows) -> Said:
    return Said(_numbers(typed), _numbers([row for row in others if row not in typed]))


@st.composite
def _sights(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Heads and shown entries of documents, of entries 1 to 12; the rest is out of sight."""
    entries = draw(st.permutations(range(1, 13)))
    count = draw(st.integers(0, 5))
    return [(entries[2 * at], draw(st.sampled_from((0, entries[2 * at + 1])))) for at in range(count)]


def _sight(documents: list[tuple[int, int]]) -> Sight:
    heads, shown = (_numbers([each[at] for each in documents]) for at in (0, 1))
    return Sight(heads, shown, heads % 2 + 1)


def _one_by_one(documents: list[tuple[int, int]], terms: list[Said]) -> list[tuple[int, float, int]]:
    """How many terms each document holds, its score and its pages."""
    counted = []
    for head, shown in documents:
        held, score, most = 0, 0.0, 0
        for said in terms:
            typed, every = set(said.typed.tolist()), {*said.typed.tolist(), *said.others.tolist()}
            pages = [
                sum(row >> PAGE_BITS == shown for row in rows) if shown else 0 for rows in (typed, every)
            ]
            is_head = [any(row >> PAGE_BITS == head for row in rows) for rows in (typed, every)]
            for weight, count, hit in zip((1 - ALSO_WEIGHT, ALSO_WEIGHT), pages, is_head, strict=True):
                score += weight * (count / (count + PAGES_HALF) + HEAD_SCORE * hit)
            held, most = held + (pages[1] > 0 or is_head[1]), max(most, pages[1])
        counted.append((held, score, most))
    return counted


@given(_sights(), st.lists(st.builds(_said, ROWS, ROWS), min_size=1, max_size=3))
def test_arrays_count_as_one_by_one_and_only_what_is_in_sight(
    documents: list[tuple[int, int]], terms: list[Said]
) -> None:
    sight = _sight(documents)

    found = index_hits.counted(sight, terms)

    expected = _one_by_one(documents, terms)
    best = max((held for held, _, _ in expected), default=0)
    assert found.terms == best
    assert found.is_found.tolist() == [held == best > 0 for held, _, _ in expected]
    assert found.scores.tolist() == pytest.approx([score for _, score, _ in expected])
    assert found.pages.tolist() == [pages for _, _, pages in expected]
    groups = index_hits.groups(sight, found)
    assert sum(group.documents for group in groups) == sum(found.is_found.tolist())
    order = index_hits.best_first(sight, found, None).tolist()
    assert sorted(order) == np.flatnonzero(found.is_found).tolist()
    in_sight = {entry for each in documents for entry in each}
    rows = index_hits.rows_said(sight, np.arange(len(documents)), terms, {})
    assert {row >> PAGE_BITS for row in rows} <= in_sight


def test_pages_of_older_versions_count_for_their_document() -> None:
    older = (_numbers([7, 8, 9]), _numbers([1, 2, 2]))
    sight = Sight(_numbers([1, 2]), _numbers([7, 9]), _numbers([5, 5]), older)
    rows = _numbers([8 << PAGE_BITS | 1, 9 << PAGE_BITS | 1, 9 << PAGE_BITS | 2])

    found = index_hits.counted(sight, [Said(rows, rows[:0])])

    assert (found.is_found.tolist(), found.pages.tolist()) == ([False, True], [0, 3])


def test_the_best_page_and_the_head_rank_the_first_of_an_order_and_leave_the_rest() -> None:
    sight = _sight([(1, 2), (3, 4), (5, 6)])
    measures = {
        2 << PAGE_BITS | 1: 1.0,
        4 << PAGE_BITS | 1: 1.5,
        4 << PAGE_BITS | 2: 0.5,
        1 << PAGE_BITS: 0.2,
    }

    assert index_hits.ranked(sight, _numbers([0, 1, 2]), 2, measures).tolist() == [1, 0, 2]
    assert index_hits.ranked(sight, _numbers([2, 0, 1]), 1, measures).tolist() == [2, 0, 1]
