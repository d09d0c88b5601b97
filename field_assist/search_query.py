"""What somebody looks for, from what they typed; and where a page says it.

A query is a few terms, all of which a document should hold. A term is met by its words in their normal form,
by its characters as they stand (pairs of neighbours, so that two characters are enough and a word the
dictionary cuts differently is found), or by words that mean the same. Whatever is typed is a query: what is
neither letter nor digit never reaches an index's own language.

Sans-IO.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from field_assist import folding

MAX_TYPED = 200
MAX_TERMS = 8
MAX_ALSO = 8
SNIPPET_BEFORE, SNIPPET_LENGTH = 24, 96
"""Characters of a snippet before its first mark, and in all."""

_QUOTED = re.compile('["“”＂]([^"“”＂]*)["“”＂]|「([^」]*)」|『([^』]*)』')
_BETWEEN = re.compile(r"[\s、。,;:?!/・…]+")  # of folded text
_LIGHT = frozenset(
    "為る 有る 居る 成る 出来る 言う 下さる 貰う 欲しい 良い"
    " 事 物 時 為 所 何処 どこ 何 何時 如何 御 方".split()
)
"""Words that say nothing beside others."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of folded text: its normal form in runs of letters and digits, and where it stands."""

    parts: tuple[str, ...]
    start: int
    end: int
    is_content: bool


Tokenise = Callable[[str], list[Word]]
Synonyms = Mapping[str, Sequence[str]]
"""Folded words, and the words as written that mean the same."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say it: `text` as written, `words` in normal form, `literal` folded (may be empty)."""

    text: str
    words: tuple[str, ...]
    literal: str


@dataclass(frozen=True, slots=True)
class Term:
    """Something to find, and other words for it."""

    said: Wording
    also: tuple[Wording, ...] = ()


Query = tuple[Term, ...]
Marks = list[tuple[int, int]]


def parse(typed: str, tokenise: Tokenise, synonyms: Synonyms) -> Query:
    """The terms of what was typed, none twice; empty where nothing can be looked for. Never raises."""
    terms: dict[str, Term] = {}
    rest: list[str] = []
    position = 0
    typed = typed[:MAX_TYPED]
    for quoted in _QUOTED.finditer(typed):
        rest.append(typed[position : quoted.start()])
        position = quoted.end()
        literal = folding.folded(next(filter(None, quoted.groups()), "")).strip()
        if any(folding.runs(literal)):
            terms[literal] = Term(Wording(literal, (), literal))
    rest.append(typed[position:])
    for wording in (
        wording
        for chunk in _BETWEEN.split(folding.folded(" ".join(rest)))
        for wording in _wordings(chunk, tokenise)
    ):
        terms.setdefault(wording.literal, Term(wording, _also(wording, tokenise, synonyms)))
    return tuple(terms.values())[:MAX_TERMS]


def _wordings(chunk: str, tokenise: Tokenise) -> list[Wording]:
    """A chunk's words: those that stand next to each other belong together, particles part them."""
    groups: list[list[Word]] = []
    last = -1
    for word in tokenise(chunk):
        if not word.is_content or _LIGHT.issuperset(word.parts):
            continue
        if word.start == last and groups:
            groups[-1].append(word)
        else:
            groups.append([word])
        last = word.end
    if not groups and any(
        folding.runs(chunk)
    ):  # nothing but particles, or what the dictionary takes for them
        return [Wording(chunk, (), chunk)]
    return [_wording(chunk[group[0].start : group[-1].end], group) for group in groups]


def _wording(text: str, group: Iterable[Word]) -> Wording:
    return Wording(text, tuple(part for word in group for part in word.parts), text)


def _also(said: Wording, tokenise: Tokenise, synonyms: Synonyms) -> tuple[Wording, ...]:
    known = synonyms.get(said.literal) or synonyms.get("".join(said.words)) or ()
    found: list[Wording] = []
    for written in known:
        text = folding.folded(written)
        group = [word for word in tokenise(text) if word.is_content]
        wording = Wording(written, _wording(text, group).words, text if len(text) > 1 else "")
        if wording.words != said.words and text not in said.literal and (wording.words or wording.literal):
            found.append(wording)
    return tuple(found[:MAX_ALSO])


def synonyms(groups: Iterable[Sequence[str]], tokenise: Tokenise) -> dict[str, list[str]]:
    """From groups of words: the first of each is said by all others, and each of them by the first.

    Not each by each: 地図 is a 図面 and a 台帳 is one, but a 地図 is no 台帳.
    """
    known: dict[str, list[str]] = {}
    for head, *others in groups:
        for other in others:
            for word, also in ((head, other), (other, head)):
                for key in {folding.folded(word), normal(word, tokenise)}:
                    if also not in (found := known.setdefault(key, [])):
                        found.append(also)
    return known


def normal(text: str, tokenise: Tokenise) -> str:
    """The words of a text in their normal form, as one."""
    found = tokenise(folding.folded(text))
    return "".join(part for word in found if word.is_content for part in word.parts)


def marks(text: str, query: Query, tokenise: Tokenise) -> Marks:
    """Where `text` says what was looked for: ranges in order, none overlapping.

    As it was typed, or by other words; where neither stands there literally, by normal forms: that is slower.
    """
    folded = folding.fold(text)
    wordings = [wording for term in query for wording in (term.said, *term.also)]
    spans = [span for wording in wordings for span in _literal(folded.text, wording.literal)]
    if not spans:
        found = [word for word in tokenise(folded.text) if word.is_content]
        spans = [span for wording in wordings for span in _by_words(found, wording.words)]
    if not spans:  # all of a term's words, but not next to each other
        spans = [span for term in query for part in term.said.words for span in _by_words(found, (part,))]
    return _merged(folded.original(start, end) for start, end in sorted(spans))


def _literal(text: str, literal: str) -> Iterable[tuple[int, int]]:
    at = text.find(literal) if literal else -1
    while at >= 0:
        yield at, at + len(literal)
        at = text.find(literal, at + len(literal))


def _by_words(found: Sequence[Word], wanted: tuple[str, ...]) -> Iterable[tuple[int, int]]:
    """Where neighbouring words are these in normal form."""
    for at, first in enumerate(found):
        parts: tuple[str, ...] = ()
        for last in found[at:]:
            parts += last.parts
            if len(parts) >= len(wanted):
                break
        if wanted and parts == wanted:
            yield first.start, last.end


def _merged(spans: Iterable[tuple[int, int]]) -> Marks:
    merged: Marks = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        elif start < end:
            merged.append((start, end))
    return merged


def snippet(text: str, found: Marks) -> tuple[str, Marks]:
    """A line of `text` around its first mark, without line breaks, and where its marks are in that."""
    first = found[0][0] if found else 0
    start = max(0, first - SNIPPET_BEFORE)
    for at in range(first - 1, start - 1, -1):  # rather the beginning of the sentence
        if text[at] in "。\n":
            start = at + 1
            break
    end = min(
        len(text), max(start + SNIPPET_LENGTH, min(found[0][1], first + SNIPPET_LENGTH) if found else 0)
    )
    line, shown = [], []
    is_cut = start > 0 and text[start - 1] not in "。\n"
    if is_cut:
        line.append("…")
    for at in range(start, end):
        character = " " if text[at].isspace() else text[at]
        is_joined = text[at] in "\r\n" and line and folding.is_japanese(line[-1])
        is_joined = is_joined and line[-1] != "。"
        if is_joined or (character == " " and (not line or line[-1] == " ")):
            continue
        if any(a <= at < b for a, b in found):
            shown.append((len(line), len(line) + 1))
        line.append(character)
    if end < len(text):
        line.append("…")
    return "".join(line), _merged(shown)
