"""Japanese text as words, by Sudachi: the shortest units (mode A) in their normal form.

Spellings meet there by themselves (り災 罹災, 引越し 引っ越し, 橋りょう 橋梁). The dictionary is loaded at
the first use and shared; a tokenizer is one thread's own, because Sudachi's may not be shared.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from field_assist import folding
from field_assist.search_query import Word

if TYPE_CHECKING:
    from sudachipy.sudachipy import Dictionary, Tokenizer

MAX_CHARACTERS = 8_000
"""At once; Sudachi refuses more than some 49,000 bytes."""

_EMPTY = frozenset({"助詞", "助動詞", "補助記号", "空白"})
_own = threading.local()
_loading = threading.Lock()


def words(text: str) -> list[Word]:
    """The words of folded text in order, particles and signs as such; positions count in `text`."""
    return list(_words(text))


@dataclass(frozen=True, slots=True)
class Morpheme:
    """One word as the dictionary knows it."""

    normal: str
    """Its normal form, folded."""
    reading: str
    """In katakana; empty for signs."""
    groups: tuple[int, ...]
    """Numbers of the groups of synonyms to which the dictionary counts it."""
    start: int
    """Where it stands in the text."""
    is_content: bool
    """Neither particle nor sign."""


def morphemes(text: str) -> list[Morpheme]:
    """The words of folded text in order, with how they are read and what they are synonyms of."""
    tokenizer = _tokenizer()
    return [
        Morpheme(
            normal=folding.folded(found.normalized_form()),
            reading=found.reading_form(),
            groups=tuple(found.synonym_group_ids()),
            start=start + found.begin(),
            is_content=found.part_of_speech()[0] not in _EMPTY,
        )
        for start, piece in _pieces(text)
        for found in tokenizer.tokenize(piece)
        if found.begin() < found.end()
    ]


def names_of_people(text: str) -> list[tuple[int, int]]:
    """Where the text names somebody, as far as the dictionary knows: from and to which character."""
    tokenizer = _tokenizer()
    return [
        (start + found.begin(), start + found.end())
        for start, piece in _pieces(text)
        for found in tokenizer.tokenize(piece)
        if found.part_of_speech()[2] == "人名"
    ]


def _words(text: str) -> Iterator[Word]:
    tokenizer = _tokenizer()
    for start, piece in _pieces(text):
        for morpheme in tokenizer.tokenize(piece):
            begin, end = start + morpheme.begin(), start + morpheme.end()
            if begin == end:
                continue
            parts = tuple(folding.runs(folding.folded(morpheme.normalized_form())))
            is_content = bool(parts) and morpheme.part_of_speech()[0] not in _EMPTY
            yield Word(parts, begin, end, is_content=is_content)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Pieces Sudachi takes, cut at a space or after a sentence where there is one."""
    start = 0
    while len(text) - start > MAX_CHARACTERS:
        window = text[start : start + MAX_CHARACTERS]
        cut = max(window.rfind("。"), window.rfind(" ")) + 1 or MAX_CHARACTERS
        yield start, window[:cut]
        start += cut
    yield start, text[start:]


def _tokenizer() -> "Tokenizer":
    if not hasattr(_own, "tokenizer"):
        from sudachipy.sudachipy import SplitMode

        with _loading:
            _own.tokenizer = _dictionary().tokenizer(mode=SplitMode.A)
    tokenizer: Tokenizer = _own.tokenizer
    return tokenizer


@cache
def _dictionary() -> "Dictionary":
    from sudachipy.sudachipy import Dictionary

    return Dictionary()
