"""What a card says, and that none is without a source; what of typed words may be kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist.concierge import cards, proposals
from field_assist.concierge.entries import STAFF_ONLY, Kind
from field_assist.concierge.ranking import Reason, Why
from tests.field_assist.test_concierge_words import TODAY, entry

PAID = {"給付金額": "3万円", "手続書類": "確認書;口座;本人確認書類", "利用・申請方法": "郵送"}
SAID = {
    Kind.PROGRAMME: PAID,
    Kind.FACILITY: {"利用可能曜日": "月火", "開始時間": "09:00", "終了時間": "17:00"},
    Kind.EVENT: {"参加申込終了日": "2026-12-03", "参加申込方法": "電話", "料金(基本)": "無料"},
    Kind.WORK: {"規制種別": "片側交互通行", "規制終了日": "2027-02-26", "迂回路": "みどり橋"},
    Kind.LICENCE: {"受付開始": "満了の6か月前", "受付終了": "満了日", "更新・届出の要件": "講習"},
}


@pytest.mark.parametrize("owner", ["", "  "])
def test_nothing_is_made_a_card_without_a_source(owner: str) -> None:
    found = entry()
    with pytest.raises(cards.SourceMissing):
        cards.made(replace(found, source=replace(found.source, owner=owner)))


def test_a_card_says_why_until_when_what_to_bring_and_that_nobody_asks_for_fees() -> None:
    paid = entry(facts=PAID, ends=date(2027, 2, 26))

    card = cards.made(paid, [Reason(Why.NEED, "封筒が届いた", 0.9)])

    assert [line["label"] for line in card["lines"]] == ["until", "bring", "safe"]
    assert (card["lines"][0]["day"], card["lines"][1]["text"]) == ("2027-02-26", "確認書・口座・本人確認書類")
    assert card["reasons"] == [{"why": "need", "words": "封筒が届いた"}]
    assert cards.made(paid)["reasons"] == [{"why": "staff", "words": ""}], "there is always a reason"


@pytest.mark.parametrize("kind", sorted(SAID))
def test_a_card_of_any_kind_has_two_or_three_lines_each_about_something_else(kind: Kind) -> None:
    assert set(SAID) == set(Kind) - STAFF_ONLY
    made = cards.made(entry(kind, facts=SAID[kind], place="本町", starts=TODAY, ends=TODAY))
    assert 2 <= len(made["lines"]) <= cards.LINES
    assert len({line["label"] for line in made["lines"]}) == len(made["lines"])


def test_what_nobody_looked_at_for_a_year_is_said_to_be_old() -> None:
    card = cards.made(entry())
    assert not cards.is_old(card, TODAY)
    assert cards.is_old(card, date(2027, 11, 17))
    assert cards.is_old(cards.Card(**{**card, "updated": ""}), TODAY)


@pytest.mark.parametrize("language", cards.Language)
def test_the_plain_text_of_a_card_names_its_source(language: cards.Language) -> None:
    made = cards.made(entry(title_en="Hearing aid grant", english="Helps you buy one."))
    shown = cards.text(made, language)
    assert "あまね県あまね市" in shown and "2026" in shown


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("母が何度も 聞き返す", "母が何度も 聞き返す"),
        ("電話は090-1234-5678、補聴器がほしい", "電話は・・・、補聴器がほしい"),
        ("佐藤花子さんの母が聞き返す", "・・・さんの母が聞き返す"),
        ("糖尿病で目が見えにくい", "・・・で目が見えにくい"),
        ("１２３", ""),
        ("あ", ""),
    ],
)
def test_of_typed_words_numbers_names_and_illnesses_are_not_kept(typed: str, kept: str) -> None:
    assert proposals.words_of(typed) == kept


@given(st.text(max_size=400))
def test_no_digit_is_ever_kept(typed: str) -> None:
    kept = proposals.words_of(typed)
    assert len(kept) <= proposals.MAX_WORDS
    assert not any(one.isdecimal() for one in kept)
