"""Text as search compares it: one width, one case, one form of a character, no breaks inside words.

NFKC, lower case, and variants of the same character (髙 高, 﨑 崎) as one. Stored text is never changed:
`fold` keeps, for every character it answers, where that stood. Line breaks between Japanese characters are
dropped, because text taken from a page is cut wherever the line was full.

Sans-IO.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_VARIANTS = str.maketrans(
    "髙﨑德濵濱邉邊嶋嶌桒槗橫瀨齋齊國廣澤櫻驛栁靑淸𠮷眞惠榮條藏龍瀧鐵圓關會學縣舊邨",
    "高崎徳浜浜辺辺島島桑橋横瀬斎斉国広沢桜駅柳青清吉真恵栄条蔵竜滝鉄円関会学県旧村",
)
_CLUSTER = re.compile(
    ".[\u3099\u309a\uff9e\uff9f\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]*", re.DOTALL
)
_COMBINING = re.compile("[\u3099\u309a\uff9e\uff9f\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_BREAK = re.compile("[\r\n\u2028\u2029]")


class _Known(dict[int, str]):
    """Single characters that were folded before, as `str.translate` looks them up; there are not many."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _folded(chr(code))
        return folded


_KNOWN = _Known()


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` to search in; its character i stood at `starts[i]` of the original, whose length is the last."""

    text: str
    starts: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a range of `text` stands in the original; an empty one stays empty."""
        if start >= end:
            return self.starts[start], self.starts[start]
        return self.starts[start], self.starts[bisect_right(self.starts, self.starts[end - 1])]


def fold(text: str) -> Folded:
    """The same text, folded, with the way back."""
    if _COMBINING.search(text) is None:
        folded = text.translate(_KNOWN)
        if len(folded) == len(text):  # nothing became longer, and nothing but a cluster can vanish
            return _joined(folded, range(len(text) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    for found in _CLUSTER.finditer(text):
        piece = _folded(found.group())
        pieces.append(piece)
        starts += [found.start()] * len(piece)
    return _joined("".join(pieces), (*starts, len(text)))


def _joined(folded: str, starts: Sequence[int]) -> Folded:
    """Without breaks: after Japanese a word may go on in the next line, elsewhere they are spaces."""
    if _BREAK.search(folded) is None:
        return Folded(folded, tuple(starts))
    pieces: list[str] = []
    kept: list[int] = []
    begin = 0
    for found in _BREAK.finditer(folded):
        at = found.start()
        if at > begin:
            pieces.append(folded[begin:at])
            kept += starts[begin:at]
        if not pieces or not is_japanese(pieces[-1]):
            pieces.append(" ")
            kept.append(starts[at])
        begin = at + 1
    pieces.append(folded[begin:])
    return Folded("".join(pieces), (*kept, *starts[begin:]))


def folded(text: str) -> str:
    """The same without the way back."""
    return fold(text).text


def _folded(cluster: str) -> str:
    return unicodedata.normalize("NFKC", _SELECTORS.sub("", cluster)).translate(_VARIANTS).lower()


def is_japanese(character: str) -> bool:
    """Kana, kanji and what stands between them without a space; of several characters the last one counts."""
    return character[-1:] >= "\u2e80"


def runs(text: str) -> Iterator[str]:
    """What is left of folded text between everything that is neither letter nor digit."""
    start = None
    for at, character in enumerate(text):
        if character.isalnum():
            start = at if start is None else start
        elif start is not None:
            yield text[start:at]
            start = None
    if start is not None:
        yield text[start:]


def bigrams(run: str) -> list[str]:
    """Pairs of neighbouring characters of a run, and its last character alone, so that none is lost."""
    return [run[at : at + 2] for at in range(len(run))]
