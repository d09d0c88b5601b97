"""What is given out is what was taken in, and only under terms that allow it."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist.concierge.cells import harmless, meant
from field_assist.concierge.entries import Entry, Kind
from field_assist.concierge.lists import EntryMaker, ListReader, Origin
from field_assist.concierge.open_data import Package, Shape, Writer, licence_of, matches, package_shown

AT = datetime(2026, 11, 27, 3, tzinfo=UTC)
ORIGIN = Origin("あまね県", "CC BY 4.0", AT, "990001")
HEADINGS = ("ID", "名称", "説明", "緯度", "経度")
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Co", "Cn", "Zl", "Zp")), max_size=30)


def entry(number: int, words: str, *, is_somewhere: bool) -> Entry:
    facts = {"ID": f"F{number}", "名称": "施設"}
    facts |= {"説明": words} if words else {}
    facts |= {"緯度": "33.5", "経度": "136.6"} if is_somewhere else {}
    return EntryMaker(Kind.FACILITY, ORIGIN)(facts)


def written(shape: Shape, pieces: list[list[Entry]]) -> str:
    writer = Writer(shape, HEADINGS)
    return writer.opening() + "".join(writer.rows(piece) for piece in pieces) + writer.closing()


@given(st.lists(st.lists(st.tuples(WORDS, st.booleans()), max_size=3), max_size=4))
def test_every_shape_holds_what_there_is_however_it_was_cut_into_pieces(
    found: list[list[tuple[str, bool]]],
) -> None:
    pieces = [
        [entry(number * 10 + at, words, is_somewhere=is_here) for at, (words, is_here) in enumerate(piece)]
        for number, piece in enumerate(found)
    ]
    all_of_them = [one for piece in pieces for one in piece]

    rows = json.loads(written(Shape.JSON, pieces))
    features = json.loads(written(Shape.GEOJSON, pieces))["features"]
    table = list(csv.reader(io.StringIO(written(Shape.CSV, pieces).removeprefix("\ufeff"), newline="")))

    assert rows == [dict(one.facts) for one in all_of_them]
    assert [each["id"] for each in features] == [one.entry_id for one in all_of_them if one.latitude]
    assert table[0] == list(HEADINGS)
    assert table[1:] == [[harmless(one.facts.get(name, "")) for name in HEADINGS] for one in all_of_them]


@given(st.lists(WORDS.map(str.strip), min_size=1, max_size=5))
def test_what_was_given_out_can_be_taken_in_again(words: list[str]) -> None:
    entries = [entry(at, each, is_somewhere=True) for at, each in enumerate(words)]
    reader = ListReader(written(Shape.CSV, [entries]).encode(), ORIGIN)

    again = [(row.entry_id, row.facts.get("説明", "")) for row in reader.rows()]

    told = [unicodedata.normalize("NFC", one.facts.get("説明", "")) for one in entries]
    assert again == [(one.entry_id, said) for one, said in zip(entries, told, strict=True)]
    assert reader.remarks.fault_count == 0


@pytest.mark.parametrize("cell", ["=1+1", "+CMD|' /C calc'!A0", "-cmd", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_spreadsheet_takes_a_cell_for_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert meant(harmless(cell)) == cell


@pytest.mark.parametrize("cell", ["-33.5", "+81", "000-000-1115", "10-16時", "'引用'", ""])
def test_numbers_and_words_are_given_out_as_they_are(cell: str) -> None:
    assert (harmless(cell), meant(cell)) == (cell, cell)


@pytest.mark.parametrize(
    ("words", "licence"),
    [
        ("CC BY 4.0", "cc-by-4.0"),
        ("ＣＣ－ＢＹ", "cc-by-4.0"),
        ("cc0", "cc-zero"),
        ("PDL1.0", "PDL1.0"),
        ("公共データ利用規約（第1.0版）", "PDL1.0"),
        ("CC BY-NC 4.0", None),
        ("庁内限り", None),
        ("", None),
    ],
)
def test_only_terms_that_let_everybody_use_it_are_open(words: str, licence: str | None) -> None:
    found = licence_of(words)
    assert (found and found.id) == licence


def test_a_package_says_whose_it_is_and_where_its_files_are() -> None:
    licence = licence_of("CC BY 4.0")
    assert licence is not None
    package = Package("facilities", Kind.FACILITY, "あまね県", licence, AT, AT, HEADINGS, 52)
    nowhere = Package("licences", Kind.LICENCE, "あまね県", licence, AT, AT, ("ID", "資格・免許名"), 34)

    shown = package_shown(package, "https://genba.example")

    assert shown["license_id"] == "cc-by-4.0"
    assert [one["url"] for one in shown["resources"]] == [  # type: ignore[attr-defined]  # JSON
        "https://genba.example/api/open-data/facilities.csv",
        "https://genba.example/api/open-data/facilities.json",
        "https://genba.example/api/open-data/facilities.geojson",
    ]
    assert nowhere.shapes == (Shape.CSV, Shape.JSON)
    assert matches(package, "公共施設 あまね")
    assert not matches(package, "公共施設 火星")
