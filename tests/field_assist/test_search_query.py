"""From what was typed to what is looked for, and where a page says it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist import document_index, folding, search_expressions, search_query, search_words

SYNONYMS = search_query.synonyms(
    [("空き家", "廃屋", "実家じまい"), ("図面", "台帳", "地図")], search_words.words
)


def _parse(typed: str) -> search_query.Query:
    return search_query.parse(typed, search_words.words, SYNONYMS)


def _said(typed: str) -> list[str]:
    return [term.said.text for term in _parse(typed)]


def test_folding_keeps_the_way_back_to_the_text_as_it_stands() -> None:
    text = "ｶﾞｰﾄﾞﾚｰﾙ ㍍\n髙\ufe00﨑の橋\n脚"

    found = folding.fold(text)

    assert found.text == "ガードレール メートル高崎の橋脚"
    start = found.text.index("橋脚")
    assert text[slice(*found.original(start, start + 2))] == "橋\n脚"
    first = found.text.index("高")
    assert text[slice(*found.original(first, first + 1))] == "髙\ufe00"


@given(st.text(max_size=60))
def test_every_range_of_folded_text_has_a_place_in_the_original(text: str) -> None:
    found = folding.fold(text)

    assert len(found.starts) == len(found.text) + 1
    for at in range(len(found.text)):
        start, end = found.original(at, at + 1)
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("耐震補強", ["耐震補強"]),
        ("空き家を壊したい", ["空き家", "壊し"]),
        ("橋の規制を短くした前例はある?", ["橋", "規制", "短く", "前例"]),
        ("「P2 橋脚」 段差", ["p2 橋脚", "段差"]),
        ("は", ["は"]),
        ("、。 ?", []),
        ("橋 橋 橋", ["橋"]),
    ],
)
def test_particles_part_terms_and_quotes_keep_them(typed: str, terms: list[str]) -> None:
    assert _said(typed) == terms


def test_a_usual_word_leads_to_the_others_and_each_of_them_only_back() -> None:
    def also(typed: str) -> list[str]:
        return [wording.text for term in _parse(typed) for wording in term.also]

    assert also("空家") == ["廃屋", "実家じまい"]
    assert also("地図") == ["図面"]
    assert also("「空き家」") == []


@given(st.text(max_size=250) | st.text(alphabet="\"'*():^{}-~&|!\\<>AND OR NEAR 橋耐震\x00", max_size=60))
def test_whatever_is_typed_is_a_query_of_both_indexes(typed: str) -> None:
    query = _parse(typed)
    wordings = [wording for term in query for wording in (term.said, *term.also)]
    assert len(query) <= search_query.MAX_TERMS
    if not query:
        return
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE VIRTUAL TABLE f USING fts5(title, beside, body, pairs, tokenize='ascii')")
        asked = search_expressions.fts5(wordings)
        database.execute("SELECT count(*) FROM f WHERE f MATCH ?", (asked,)).fetchall()
    quoted = search_expressions.tsquery(wordings).split("'")[1::2]
    assert all(word.removeprefix(search_expressions.PAIR).isalnum() for word in quoted)


@given(st.text(max_size=200), st.text(min_size=1, max_size=20))
def test_marks_and_snippets_fit_whatever_a_page_says(page: str, typed: str) -> None:
    found = search_query.marks(page, _parse(typed), search_words.words)
    line, marks = search_query.snippet(page, found)

    assert all(0 <= start < end <= len(page) for start, end in found)
    assert all(0 <= start < end <= len(line) for start, end in marks)
    assert all(before[1] < after[0] for before, after in pairwise(found))
    assert "\n" not in line


def test_a_snippet_begins_with_its_sentence_and_joins_lines() -> None:
    page = "前の文。橋脚の耐\n震補強の前に調べる。\n次の行は別の話である。" + "長い文" * 40

    line, marks = search_query.snippet(page, search_query.marks(page, _parse("耐震"), search_words.words))

    assert line.startswith("橋脚の耐震補強の前に調べる。 次の行")
    assert [line[start:end] for start, end in marks] == ["耐震"]
    assert line.endswith("…")


def test_other_forms_of_a_word_are_marked_where_the_word_itself_is_not() -> None:
    page = "打設を止めて指示を受ける。"

    assert search_query.marks(page, _parse("止める"), search_words.words) == [(3, 5)]
    assert search_query.marks(page, _parse("ヒビ割れ"), search_words.words) == []


def test_the_index_holds_each_last_character_so_that_one_is_enough() -> None:
    found = document_index.indexed("川辺橋、P2橋脚")

    assert found.pairs == ("川辺", "辺橋", "橋", "p2", "2橋", "橋脚", "脚")
    assert found.words == ("川辺", "橋", "p", "2", "橋脚")
