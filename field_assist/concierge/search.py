"""The search of the concierge: from what somebody said to a few entries, each with its reasons and its
source.

Sensitive topics are caught first: then there are desks for people, no entries, and nothing is derived.
Otherwise all entries are weighed by the words they share with the question and by the meaning of their
sentences; the best of either are looked at whole and put in order (`ranking`).
"""

import math
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sqlmodel import Session

from field_assist import search_query, search_words, synonyms
from field_assist.concierge import search_index
from field_assist.concierge.entries import STAFF_ONLY, Entry, Key, Kind
from field_assist.concierge.meaning import Floats, Meaning
from field_assist.concierge.questions import Asker, Question, understand
from field_assist.concierge.ranking import EVERY, WEIGHTS, Candidate, Match, Mean, rank
from field_assist.concierge.search_index import Postings, Shelves
from field_assist.concierge.sensitive import topics_by_meaning, topics_by_words
from field_assist.concierge.sensitive_words import SENTENCES
from field_assist.concierge.terms import Channel
from field_assist.concierge.topics import GRAVE, Desk, Topic, desks_for

PUBLIC = frozenset(Kind) - STAFF_ONLY
_BY_WORDS, _BY_MEANING = 60, 60
"""So many of the best by either are looked at whole."""
_NEAR_SKETCHES, _COARSE = 400, 6_000
"""Sentences that are near by all signs, and by the first quarter of them."""
_PIECE, _SAMPLE = 1 << 16, 100_000
"""Sentences compared at a time; and so many at least tell how far away the nearest are."""

Lookup = Callable[[Session, Sequence[Key]], Mapping[Key, Entry]]
"""The entries of keys; those that are gone are missing."""


@dataclass(frozen=True, slots=True)
class Found:
    """What fits, best first; or whom to talk to."""

    matches: tuple[Match, ...]
    desks: tuple[Desk, ...] = ()
    """Where a person listens: never empty for a sensitive topic."""
    is_sensitive: bool = False
    """Nothing of this may be kept: no history, no interest, no count."""

    @property
    def suggestions(self) -> tuple[Match, ...]:
        """What fits rather than merely comes close: the only ones that are shown without being asked for."""
        return tuple(match for match in self.matches if not match.is_close_only and not match.is_over)


class Concierge:
    """One index; safe to use from several threads."""

    def __init__(self, lookup: Lookup, meaning: Meaning | None, means: frozenset[Mean] = EVERY) -> None:
        self._lookup = lookup
        self._meaning = meaning if Mean.MEANING in means else None
        self._means = means
        self._grave: Mapping[Topic, Floats] = {}
        self._shelves = Shelves()
        self._refreshing = threading.Lock()

    def search(
        self,
        session: Session,
        text: str,
        asker: Asker,
        today: date,
        *,
        kinds: Iterable[Kind] = PUBLIC,
        limit: int = 5,
    ) -> Found:
        """What fits `text`, among entries of these kinds."""
        also = _synonyms() if Mean.SYNONYMS in self._means else {}
        question = understand(text, asker, today, search_words.morphemes, also)
        sentences = self._meaning.encode(question.sentences) if self._meaning else None
        topics = topics_by_words(text)
        if sentences is not None:
            topics |= topics_by_meaning(sentences, self._grave_sentences())
        desks = desks_for(topics)
        if topics & GRAVE:
            return Found((), desks, is_sensitive=True)
        candidates = self._candidates(session, question, sentences, kinds)
        matches = rank(question, candidates, today, limit, self._means)
        return Found(tuple(matches), desks, is_sensitive=bool(topics))

    def prepare(self, session: Session) -> None:
        """Load what the first question would wait for a second for; nothing while nothing is indexed."""
        with self._refreshing:
            self._shelves.refresh(session)
        if len(self._shelves.kinds):
            search_words.morphemes("")
            if Mean.SYNONYMS in self._means:
                _synonyms()
            self._grave_sentences()

    def _grave_sentences(self) -> Mapping[Topic, Floats]:
        if not self._grave and self._meaning is not None:
            self._grave = {topic: self._meaning.encode(said) for topic, said in SENTENCES.items()}
        return self._grave

    def _candidates(
        self, session: Session, question: Question, sentences: Floats | None, kinds: Iterable[Kind]
    ) -> list[Candidate]:
        with self._refreshing:
            self._shelves.refresh(session)
            alive = self._shelves.alive(kinds)
            shelved = _Shelved(self._shelves.coarse, self._shelves.sketches, self._shelves.owners)
        said = search_index.postings(session, [*question.said, *question.also])
        shares = _shares(question, said, alive, self._means)
        numbers = _best_by_words(shares, alive)
        if sentences is not None:
            numbers |= _best_by_meaning(shelved, sentences, alive)
        slots = search_index.slots(session, sorted(numbers))
        entries = self._lookup(session, [slot.key for slot in slots.values()])
        near: list[Floats | None] = [None] * len(slots)
        if sentences is not None:
            near = search_index.cosines([slot.vectors for slot in slots.values()], sentences)
        return [
            Candidate(
                entry=entries[slot.key],
                phrases=partial(search_index.phrases_of, slot.told),
                said={channel: float(shares[channel][number]) for channel in Channel},
                also=float(shares[None][number]),
                nearness=nearness,
            )
            for (number, slot), nearness in zip(slots.items(), near, strict=True)
            if slot.key in entries
        ]


class _Shelved(NamedTuple):
    """What `Shelves` held of all sentences at one moment."""

    coarse: npt.NDArray[np.uint64]
    sketches: npt.NDArray[np.uint64]
    owners: npt.NDArray[np.int64]


Shares = Mapping[Channel | None, Floats]
"""For each kind of term the share of the question that each entry says; under None that of other words for
it."""


def _shares(
    question: Question, said: Mapping[str, Postings], alive: npt.NDArray[np.bool_], means: frozenset[Mean]
) -> Shares:
    shares: dict[Channel | None, Floats] = {
        channel: np.zeros(len(alive), np.float32) for channel in (*Channel, None)
    }
    whole = dict.fromkeys(shares, 0.0)
    total = max(1, int(alive.sum()))
    for term, channel in question.said.items():
        rare = _rarity(said.get(term), total)
        whole[channel] += rare
        if term in said:
            shares[channel][said[term].numbers] += rare * said[term].strengths
    for term, weight in question.also.items():
        if term in said:
            shares[None][said[term].numbers] += weight * _rarity(said[term], total) * said[term].strengths
    whole[None] = whole[Channel.WORD]
    for of, share in shares.items():
        share *= alive / max(whole[of], 1e-9)
    return shares


def _rarity(postings: Postings | None, total: int) -> float:
    """What a term says by being rare (the idf of BM25)."""
    saying = min(len(postings.numbers), total) if postings is not None else 0
    return math.log(1 + (total - saying + 0.5) / (saying + 0.5))


_MEAN_OF: Mapping[Channel | None, Mean] = {
    Channel.WORD: Mean.WORDS,
    Channel.GROUP: Mean.GROUPS,
    Channel.PAIR: Mean.PAIRS,
    Channel.SOUND: Mean.SOUNDS,
    None: Mean.SYNONYMS,
}


def _best_by_words(shares: Shares, alive: npt.NDArray[np.bool_]) -> set[int]:
    score = sum(
        (WEIGHTS[_MEAN_OF[channel]] * share for channel, share in shares.items()),
        np.zeros(len(alive), np.float32),
    )
    best = np.argpartition(-score, _BY_WORDS)[:_BY_WORDS] if len(score) > _BY_WORDS else np.arange(len(score))
    return {int(number) for number in best if score[number] > 0}


def _best_by_meaning(shelves: _Shelved, sentences: Floats, alive: npt.NDArray[np.bool_]) -> set[int]:
    """Entries of the sentences nearest to any of the question's, by the signs alone."""
    found: set[int] = set()
    wanted = search_index.sketches_of(sentences)
    for asked, near in zip(wanted, _worth_a_look(shelves.coarse, wanted), strict=True):
        owners = shelves.owners[near]
        apart = np.bitwise_count(shelves.sketches[near] ^ asked).sum(axis=1, dtype=np.uint16)
        apart[~alive[owners]] = np.iinfo(np.uint16).max
        taken: dict[int, None] = {}
        for at in np.argsort(apart, kind="stable")[:_NEAR_SKETCHES]:
            number = int(owners[at])
            if alive[number] and len(taken) < _BY_MEANING:
                taken[number] = None
        found |= taken.keys()
    return found


def _worth_a_look(
    coarse: npt.NDArray[np.uint64], wanted: npt.NDArray[np.uint64]
) -> Iterable[npt.NDArray[np.intp]]:
    """For each wanted sketch places of the sentences nearest by the first signs: `_COARSE`, and ties.

    Counted rather than sorted, and in pieces that stay in a processor's cache: there are but 129 distances,
    and millions of sentences.
    """
    apart = np.empty((len(wanted), coarse.shape[1]), np.uint8)
    for start in range(0, coarse.shape[1], _PIECE):
        first, second = coarse[:, start : start + _PIECE]
        for asked, to in zip(wanted, apart[:, start : start + _PIECE], strict=True):
            np.bitwise_count(first ^ asked[0], out=to)
            to += np.bitwise_count(second ^ asked[1])
    every = max(1, coarse.shape[1] // _SAMPLE)
    for each in apart:
        within = np.cumsum(np.bincount(each[::every])) * every
        yield np.flatnonzero(each <= np.searchsorted(within, _COARSE))


@cache
def _synonyms() -> search_query.Synonyms:
    return search_query.synonyms(synonyms.GROUPS, search_words.words)
