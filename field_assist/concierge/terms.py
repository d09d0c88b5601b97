"""What an entry is found by: its terms, each with how strongly it says them, and its phrases.

A term is a word in its normal form, a group of synonyms of the dictionary, a pair of neighbouring
characters or three syllables of how it is read; the first character tells which. Words find what is said in
the same words, groups what is said in others, pairs what the dictionary cuts differently, syllables what
was written in kana or converted wrongly. How strongly follows BM25F: a title says more than a body, the
tenth time hardly more than the third. Phrases are whole sentences, for a model of meaning and for telling
why.

Sans-IO.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from field_assist import folding
from field_assist.concierge.entries import Entry


class Channel(StrEnum):
    """The kinds of terms, by the character their terms begin with."""

    WORD = ""
    GROUP = "#"
    PAIR = "~"
    SOUND = "^"


class Morpheme(Protocol):
    """A word as `search_words.morphemes` answers it."""

    @property
    def normal(self) -> str:
        """Its normal form."""

    @property
    def reading(self) -> str:
        """In katakana."""

    @property
    def groups(self) -> tuple[int, ...]:
        """Its groups of synonyms."""

    @property
    def start(self) -> int:
        """Where it stands."""

    @property
    def is_content(self) -> bool:
        """Neither particle nor sign."""


Cut = Callable[[str], Sequence[Morpheme]]


class Part(StrEnum):
    """Where in an entry a phrase stands."""

    TITLE = "title"
    NEED = "need"
    SUMMARY = "summary"
    EASY = "easy"
    ENGLISH = "english"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence of an entry."""

    part: Part
    text: str


_BOOSTS: Mapping[Part, float] = {
    Part.TITLE: 3.0,
    Part.NEED: 2.0,
    Part.SUMMARY: 1.5,
    Part.EASY: 1.0,
    Part.ENGLISH: 2.0,
    Part.BODY: 0.8,
}
_TYPICAL: Mapping[Part, float] = {
    Part.TITLE: 8,
    Part.NEED: 60,
    Part.SUMMARY: 15,
    Part.EASY: 20,
    Part.ENGLISH: 25,
    Part.BODY: 60,
}
"""Words such a part has as a rule: a longer one says each of them less. Constants rather than the means of
what is there, so that an entry need not be read again because others came."""
_LENGTH, _SATURATION = 0.5, 1.2  # b and k1 of BM25F
MAX_PHRASES = 28
_MAX_PART = 4_000
"""Characters of a part that are read; the rest of a document is what the library's search is for."""
_RUBY = re.compile(r"(?<=[一-鿿々])[(（][ぁ-んァ-ヶー]+[)）]")
SENTENCE = re.compile(r"[。.!?！？\n]+\s*")
_SPOKEN_PARTS = frozenset(
    {Part.TITLE, Part.NEED, Part.EASY}
)  # in which pairs and syllables are worth their room
_LIGHT = frozenset(
    """
    為る 有る 居る 成る 出来る 言う 下さる 貰う 欲しい 良い 無い ない 来る 行く 様 事 物 時 為 所 何処 何 何時
    如何 御 方 其れ 此れ 有り 思う 見る 掛かる 呉れる 遣る 仕舞う 置く 頂く 御座る 教える 知る 分かる 又 後 中
    者 人 さん 達 the a an to of in for is are i my me we you it and or at on with do does how what where can
    want need get have has be this that there any when who which if not from by as your our
    """.split()
)
"""Words that say nothing by themselves."""


def words(text: str, cut: Cut) -> Iterator[tuple[str, Morpheme]]:
    """The words of a text that say something, in their normal form, each as the terms of the index write
    it."""
    folded = folding.folded(plain(text))
    for morpheme in cut(folded):
        latin = _LATIN.match(folded, morpheme.start)
        normal = stem(latin.group()) if latin else morpheme.normal
        if morpheme.is_content and normal not in _LIGHT and any(map(str.isalnum, normal)):
            yield normal, morpheme


_LATIN = re.compile("[a-z]{2,}")


def stem(word: str) -> str:
    """An English word without the endings that its sense does not hang on."""
    for ending, least in (("ies", 2), ("ing", 4), ("ed", 4), ("s", 3)):
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


def plain(text: str) -> str:
    """Without the readings that やさしい日本語 writes behind its kanji."""
    return _RUBY.sub("", text)


def terms(text: str, cut: Cut) -> Iterator[tuple[Channel, str]]:
    """Everything a text is found by, as often as it says it."""
    for normal, morpheme in words(text, cut):
        yield Channel.WORD, normal
        for group in morpheme.groups:
            yield Channel.GROUP, f"#{group}"


def traces(text: str, cut: Cut) -> Iterator[tuple[Channel, str]]:
    """Pairs of characters and three syllables each: what remains of a text that was written another way."""
    folded = folding.folded(plain(text))
    for run in folding.runs(folded):
        for at in range(len(run) - 1):
            yield Channel.PAIR, "~" + run[at : at + 2]
    sounds = "".join(_sound(folded, morpheme) for morpheme in cut(folded))
    for run in re.findall("[ァ-ヶ]+", sounds):
        for at in range(len(run) - 2):
            yield Channel.SOUND, "^" + run[at : at + 3]


def _sound(folded: str, morpheme: Morpheme) -> str:
    """How it is read, long vowels left out: they are what is heard and written least surely."""
    return morpheme.reading.replace("ー", "") if morpheme.reading else folded[morpheme.start]


def phrases(entry: Entry) -> tuple[Phrase, ...]:
    """The sentences of an entry, those that say most first, none twice."""
    title = " ".join((entry.title, *entry.also_called))
    found = [Phrase(Part.TITLE, title)]
    found += [Phrase(Part.NEED, need) for need in entry.needs]
    found += [Phrase(Part.SUMMARY, each) for each in _sentences(entry.summary)]
    found += [Phrase(Part.EASY, each) for each in _sentences(plain(entry.easy))]
    if entry.title_en:
        found.append(Phrase(Part.ENGLISH, entry.title_en))
    found += [Phrase(Part.ENGLISH, each) for each in _sentences(entry.english)]
    if entry.keywords:
        found.append(Phrase(Part.BODY, "、".join(entry.keywords)))
    found += [Phrase(Part.BODY, each) for each in _sentences(entry.body)]
    return tuple({phrase.text: phrase for phrase in reversed(found[:MAX_PHRASES])}.values())[::-1]


def _sentences(text: str) -> list[str]:
    return [each for each in SENTENCE.split(text[:_MAX_PART]) if len(each) > 1]


def strengths(entry: Entry, cut: Cut) -> dict[str, float]:
    """Every term of an entry with how strongly it says it, over 0 and under 1."""
    weighted: dict[str, float] = defaultdict(float)
    for part, texts in _parts(entry).items():
        text = "\n".join(texts)[:_MAX_PART]
        _add(weighted, _BOOSTS[part], _TYPICAL[part], [term for _, term in terms(text, cut)])
        if part in _SPOKEN_PARTS:
            marked = list(traces(text, cut))
            for channel in (Channel.PAIR, Channel.SOUND):
                found = [term for of, term in marked if of is channel]
                _add(weighted, _BOOSTS[part], 2 * _TYPICAL[part], found)
    return {term: weight / (weight + _SATURATION) for term, weight in weighted.items()}


def _add(weighted: dict[str, float], boost: float, typical: float, found: Sequence[str]) -> None:
    share = boost / (1 - _LENGTH + _LENGTH * len(found) / typical)
    for term in found:
        weighted[term] += share


def _parts(entry: Entry) -> Mapping[Part, Iterable[str]]:
    return {
        Part.TITLE: (entry.title, entry.title_kana, *entry.also_called),
        Part.NEED: (*entry.needs, *entry.keywords),
        Part.SUMMARY: (entry.summary, *entry.categories, *entry.life_events),
        Part.EASY: (entry.easy,),
        Part.ENGLISH: (entry.title_en, entry.english),
        Part.BODY: (entry.body, entry.place, entry.contact),
    }
