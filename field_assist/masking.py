"""Numbers and words that should not stand in a record: where they are in a line, and what they are.

A proposal, never an act: staff confirm it (domain appendix G). Digits are found in Arabic, full-width and
kanji figures, since a recogniser writes them as it likes. 個人番号 counts only with the right check digit
(総務省令第85号). Sans-IO.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MASK: Final = "■"
_KANJI_DIGITS: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
_PHONE: Final = re.compile(r"(?<![0-9])0[0-9]{1,4}[-ー−のノ ]?[0-9]{1,4}[-ー−のノ ]?[0-9]{3,4}(?![0-9])")
_TWELVE: Final = re.compile(r"(?<![0-9])[0-9](?:[-ー− ]?[0-9]){11}(?![0-9])")
_ACCOUNT: Final = re.compile(r"(?:普通|当座)[^0-9。]{0,12}([0-9]{7})(?![0-9])")
_INSURER: Final = re.compile(r"保険者番号[^0-9。]{0,6}([0-9]{6,8})(?![0-9])")
_RESIDENCE: Final = re.compile(r"(?<![A-Za-z])[A-Za-z]{2}[0-9]{8}[A-Za-z]{2}(?![A-Za-z])")
_BORN: Final = re.compile(
    r"(?:(?:明治|大正|昭和|平成|令和)[0-9元]{1,2}|(?:19|20)[0-9]{2})年[0-9]{1,2}月[0-9]{1,2}日(?=生|うまれ|に生)"
)
_LOT: Final = re.compile(
    r"[0-9]{1,4}(?:丁目|番地?)(?:の?[0-9]{1,4}(?:番地?|号)?)*|[0-9]{1,3}[-−][0-9]{1,3}[-−][0-9]{1,4}"
)
_GRADE: Final = re.compile(r"(?:障害|障がい)[^。]{0,8}[1-7]級|前科[0-9一二三]?犯?|国籍")
_ILLNESSES: Final = re.compile(
    "がん|癌|糖尿病|認知症|うつ病|統合失調症|てんかん|結核|肝炎|エイズ|HIV|パーキンソン病|心筋梗塞|脳梗塞|白血病"
)


class Sensitive(StrEnum):
    """What a proposal is about."""

    INDIVIDUAL_NUMBER = "individual_number"  # 個人番号
    ACCOUNT = "account"  # 口座
    PHONE = "phone"
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    ILLNESS = "illness"
    STANDING = "standing"  # 障害等級, 前科, 国籍
    RESIDENCE_CARD = "residence_card"  # 在留番号
    INSURER = "insurer"  # 保険者番号


@dataclass(frozen=True, slots=True)
class Proposal:
    """Characters `start` to `end` of a line."""

    start: int
    end: int
    kind: Sensitive


def proposals(text: str) -> list[Proposal]:
    """What should perhaps not be read in this text, in order and without overlaps."""
    plain = _plain(text)
    found: list[Proposal] = []
    for proposal in sorted(_candidates(plain), key=lambda each: (each.start, -each.end)):
        if not found or proposal.start >= found[-1].end:
            found.append(proposal)
    return found


def masked(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with these characters struck out."""
    characters = list(text)
    for start, end in spans:
        characters[start:end] = MASK * len(characters[start:end])
    return "".join(characters)


def _plain(text: str) -> str:
    """The same length, with every digit one of 0-9."""
    narrow = [unicodedata.normalize("NFKC", character) for character in text]
    kept = [one if len(one) == 1 else old for one, old in zip(narrow, text, strict=True)]
    return "".join(kept).translate(_KANJI_DIGITS)


def _candidates(plain: str) -> Iterator[Proposal]:
    for match in _TWELVE.finditer(plain):
        if is_individual_number(re.sub("[^0-9]", "", match.group())):
            yield Proposal(match.start(), match.end(), Sensitive.INDIVIDUAL_NUMBER)
    for pattern, kind, group in (
        (_ACCOUNT, Sensitive.ACCOUNT, 1),
        (_INSURER, Sensitive.INSURER, 1),
        (_RESIDENCE, Sensitive.RESIDENCE_CARD, 0),
        (_PHONE, Sensitive.PHONE, 0),
        (_BORN, Sensitive.BIRTH_DATE, 0),
        (_LOT, Sensitive.ADDRESS, 0),
        (_GRADE, Sensitive.STANDING, 0),
        (_ILLNESSES, Sensitive.ILLNESS, 0),
    ):
        for match in pattern.finditer(plain):
            yield Proposal(match.start(group), match.end(group), kind)


def is_individual_number(digits: str) -> bool:
    """Whether twelve digits are a 個人番号: the last one is the check digit of the others."""
    if len(digits) != 12 or not digits.isascii() or not digits.isdecimal():
        return False
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)
