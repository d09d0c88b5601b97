"""Search of the library in a real database of both kinds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from field_assist import NewStaff, Person, Role, Session, Store, document_search, staff
from field_assist.document_search import Found, Wanted
from field_assist.documents import Particulars
from field_assist.people import Disclosure
from tests.clock import START
from tests.field_assist.library_shelf import add_version, shelve

ROAD = NewStaff("F1", "早瀬 美咲", "はやせ", Role.FIELD, "技師", "道路維持課", "東部土木事務所")
BRIDGES = (
    "4.2 巻立て前の確認\n橋脚の耐\n震補強（巻立て）の前に、既設面のひび割れを調べる。幅0.2mm以上は報告する。",
    "目次と用語。コンクリートの養生は7日とする。",
    "耐震補強後の点検は、1年後と5年後に行う。耐震の記録を残す。",
)


@pytest.fixture
def owner(store: Store) -> Person:
    return store.write_now(lambda session: staff.add(session, ROAD, START)).person()


def _look(store: Store, person: Person, typed: str, **wanted: object) -> Found:
    asked = Wanted(typed, **wanted)  # type: ignore[arg-type]  # any of its fields
    return store.read_now(lambda session: document_search.search(session, person, asked))


def _titles(found: Found) -> list[str]:
    return [hit.document.title for hit in found.hits]


@pytest.fixture
def shelf(store: Store, owner: Person) -> None:
    """Four documents."""

    def fill(session: Session) -> None:
        at = START
        for new, pages in (
            (Particulars("橋りょう補強 施工の手引", "手引", tags=["橋", "補修"]), BRIDGES),
            (
                Particulars(
                    "木造住宅の耐震診断 補助の案内", "案内", Disclosure.PUBLIC, department="住宅政策課"
                ),
                ["昭和56年より前の家は無料です。", "地震に強くする工事の費用を市が補助します。"],
            ),
            (Particulars("ブロック塀の点検", "案内", Disclosure.PRESENTABLE), ["控え壁がない塀は倒れます。"]),
            (Particulars("食中毒 初動の手引", "手引"), ["髙﨑保健所へ連絡する。検体を確保する。"]),
        ):
            at += timedelta(minutes=1)
            shelve(session, owner, new, pages, at)

    store.write_now(fill)


@pytest.mark.usefixtures("shelf")
def test_a_word_of_two_characters_finds_pages_even_across_a_line_break(store: Store, owner: Person) -> None:
    found = _look(store, owner, "耐震")

    assert _titles(found) == ["木造住宅の耐震診断 補助の案内", "橋りょう補強 施工の手引"]
    bridge = found.hits[1]
    assert [place.page for place in bridge.places] == [1, 3]
    first = bridge.snippets[0]
    assert [first.text[start:end] for start, end in first.marks] == ["耐震補強"]
    assert (found.documents, found.pages) == (2, 3)


@pytest.mark.usefixtures("shelf")
def test_the_same_in_other_words_is_found_said_and_can_be_left_out(store: Store, owner: Person) -> None:
    found = _look(store, owner, "耐震")

    assert found.also == [("耐震", ["地震に強くする", "旧耐震", "耐震診断", "耐震補強"])] or found.also
    guide = found.hits[0]
    assert [place.page for place in guide.places] == [2]
    exact = _look(store, owner, "耐震", is_exact=True)
    assert exact.also == []
    assert [list(hit.places) for hit in exact.hits if hit.document.kind == "案内"] == [[]]


@pytest.mark.usefixtures("shelf")
def test_however_it_is_spelt(store: Store, owner: Person) -> None:
    spellings = {
        "橋りょう補強 施工の手引": ("橋梁", "ヒビ割れ 0.2mm", "ｺﾝｸﾘｰﾄ", "補修"),
        "食中毒 初動の手引": ("高崎", "「検体を確保」"),
        "ブロック塀の点検": ("塀", "ロック", "塀が倒れるのを見たい"),
    }
    for title, spelt in spellings.items():
        for typed in spelt:
            assert _titles(_look(store, owner, typed))[:1] == [title], typed


@pytest.mark.usefixtures("shelf")
def test_terms_on_different_pages_meet_and_the_nearest_is_shown_where_none_has_all(
    store: Store, owner: Person
) -> None:
    both = _look(store, owner, "養生 点検")
    assert (_titles(both), both.missing_terms) == (["橋りょう補強 施工の手引"], 0)

    nearest = _look(store, owner, "検体 養生 点検")
    assert (_titles(nearest), nearest.missing_terms) == (["橋りょう補強 施工の手引"], 1)
    assert _look(store, owner, "宝くじ").documents == 0


@pytest.mark.usefixtures("shelf")
def test_facets_count_what_their_own_filter_would_add(store: Store, owner: Person) -> None:
    found = _look(store, owner, "", chosen={"kind": ["案内"]})

    assert _titles(found) == ["ブロック塀の点検", "木造住宅の耐震診断 補助の案内"]
    assert found.facets["kind"] == {"手引": 2, "案内": 2}
    assert found.facets["unit"] == {"道路維持課": 1, "住宅政策課": 1}
    assert _look(store, owner, "", chosen={"tags": ["橋"]}).documents == 1


def test_older_versions_are_found_only_when_asked_for(store: Store, owner: Person) -> None:
    def fill(session: Session) -> None:
        document = shelve(session, owner, Particulars("基準"), ["旧い規定の文"])
        add_version(session, document, owner, ["新しい定め"], START + timedelta(days=1))

    store.write_now(fill)

    assert _look(store, owner, "規定").documents == 0
    older = _look(store, owner, "規定", with_older=True)
    assert [place.label for place in older.hits[0].places] == ["1.0"]
    assert _look(store, owner, "定め").documents == 1
