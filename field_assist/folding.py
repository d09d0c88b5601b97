"""Text as search compares it: one width, one case, one form of a character, no breaks inside words.

NFKC, lower case, and variants of the same character (髙 高, 﨑 崎) as one. Stored text is never changed:
`fold` keeps, for every character it answers, where that stood. Line breaks between Japanese characters are
dropped, because text taken from a page is cut wherever the line was full.

Sans-IO.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_VARIANTS = str.maketrans(
    "髙﨑德濵濱邉邊嶋嶌桒槗橫瀨齋齊國廣澤櫻驛栁靑淸𠮷眞惠榮條藏龍瀧鐵圓關會學縣舊邨",
    "高崎徳浜浜辺辺島島桑橋横瀬斎斉国広沢桜駅柳青清吉真恵栄条蔵竜滝鉄円関会学県旧村",
)
_CLUSTER = re.compile(
    ".[\u3099\u309a\uff9e\uff9f\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]*", re.DOTALL
)
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_BREAKS = frozenset("\r\n\u2028\u2029")


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
    characters: list[str] = []
    starts: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        folded, at = _folded(cluster.group()), cluster.start()
        if folded in _BREAKS:
            if characters and is_japanese(characters[-1]):
                continue  # a word may go on in the next line
            folded = " "
        characters += folded
        starts += [at] * len(folded)
    return Folded("".join(characters), (*starts, len(text)))


def folded(text: str) -> str:
    """The same without the way back."""
    return fold(text).text


@lru_cache(maxsize=20_000)
def _folded(cluster: str) -> str:
    if len(cluster) > 1:
        cluster = _SELECTORS.sub("", cluster)
    return unicodedata.normalize("NFKC", cluster).translate(_VARIANTS).lower()


def is_japanese(character: str) -> bool:
    """Kana, kanji and what stands between them without a space."""
    return character >= "\u2e80"


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
