"""Japanese text as words, by Sudachi: the shortest units (mode A) in their normal form.

Spellings meet there by themselves (り災 罹災, 引越し 引っ越し, 橋りょう 橋梁). The dictionary is loaded at
the first use and shared; a tokenizer is one thread's own, because Sudachi's may not be shared.
"""

import threading
from collections.abc import Iterator
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
