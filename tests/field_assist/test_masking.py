"""What is proposed for masking, and what is left alone."""

from __future__ import annotations

import pytest

from field_assist import masking
from field_assist.masking import Sensitive

FOUND = [
    ("個人番号は123456789018です", ["123456789018"], Sensitive.INDIVIDUAL_NUMBER),
    ("番号は一二三四五六七八九〇一八です", ["一二三四五六七八九〇一八"], Sensitive.INDIVIDUAL_NUMBER),
    ("電話は０９０−１２３４−５６７８です", ["０９０−１２３４−５６７８"], Sensitive.PHONE),
    ("普通の1234567です", ["1234567"], Sensitive.ACCOUNT),
    ("川辺一丁目二番三号", ["一丁目二番三号"], Sensitive.ADDRESS),
    ("昭和30年4月1日生まれです", ["昭和30年4月1日"], Sensitive.BIRTH_DATE),
    ("父は糖尿病で", ["糖尿病"], Sensitive.ILLNESS),
    ("障害者手帳は2級です", ["障害者手帳は2級"], Sensitive.STANDING),
    ("在留カードはAB12345678CDです", ["AB12345678CD"], Sensitive.RESIDENCE_CARD),
    ("保険者番号は123456です", ["123456"], Sensitive.INSURER),
]


@pytest.mark.parametrize(("text", "parts", "kind"), FOUND)
def test_a_sensitive_number_is_found_as_it_is_written(text: str, parts: list[str], kind: Sensitive) -> None:
    found = masking.proposals(text)

    assert [text[each.start : each.end] for each in found] == parts
    assert [each.kind for each in found] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "水位は2メートルです",
        "123456789012は違います",
        "R8-0142の件",
        "十時三十分に行きます",
        "昭和30年の橋です",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert masking.proposals(text) == []


def test_what_is_masked_keeps_its_length() -> None:
    assert masking.masked("電話は090です", [(3, 6)]) == "電話は■■■です"
