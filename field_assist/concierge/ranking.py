"""In which order what was found fits a question, and why: a weighted sum of visible reasons.

Every reason is between 0 and 1 and has one weight, whatever the question. Words, synonyms, pairs and
syllables count as the share of what was said that an entry says too; a model of meaning, where there is
one, as the nearness of the entry's sentences; days, hours and the sort of thing looked for move an entry a
little. What belongs together (an event and its programme, a closed pool and the work that closes it) lifts
each other.

Sans-IO.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from statistics import fmean

import numpy as np
import numpy.typing as npt

from field_assist.concierge.entries import STAFF_ONLY, Entry, Kind
from field_assist.concierge.questions import Asker, Question
from field_assist.concierge.spans import When
from field_assist.concierge.terms import Channel, Part, Phrase
from field_assist.days import WEEKDAYS

Floats = npt.NDArray[np.float32]


class Mean(StrEnum):
    """What the order is made from; an evaluation leaves some out to see what each brings."""

    WORDS = "words"
    GROUPS = "groups"
    SYNONYMS = "synonyms"
    PAIRS = "pairs"
    SOUNDS = "sounds"
    MEANING = "meaning"
    KINDS = "kinds"
    DATES = "dates"
    ASKER = "asker"
    LINKS = "links"
    NEEDS = "needs"
    """The field こんなとき; left out at the index."""
    EASY = "easy"
    ENGLISH = "english"


EVERY = frozenset(Mean)
_OF_CHANNEL = {
    Channel.WORD: Mean.WORDS,
    Channel.GROUP: Mean.GROUPS,
    Channel.PAIR: Mean.PAIRS,
    Channel.SOUND: Mean.SOUNDS,
}
WEIGHTS: Mapping[Mean, float] = {
    Mean.WORDS: 0.8,
    Mean.GROUPS: 0.3,
    Mean.SYNONYMS: 0.2,
    Mean.PAIRS: 0.5,
    Mean.SOUNDS: 0.3,
    Mean.MEANING: 1.7,
    Mean.KINDS: 0.08,
    Mean.DATES: 0.1,
    Mean.ASKER: 0.06,
    Mean.LINKS: 0.12,
}
_BEST, _SUPPORT, _PARTS = 0.41, 0.30, 0.29
"""Of meaning: the nearest sentence, the mean of the three nearest, the same for each sentence of a long
question."""
NEAR, NEAR_BY_WORDS = 1.08, 0.45
"""From this score on an entry fits and is suggested, with a model of meaning and without; below, it is close.

So chosen that nine in ten questions that have an answer are above; those that have none are so as well at
times, which is why a person is never further away than the list."""


class Why(StrEnum):
    """Reasons that are told."""

    NEED = "need"
    """It is for people who say this."""
    WORDS = "words"
    """It says these words."""
    MEANING = "meaning"
    """This sentence of it means something near."""
    OPEN_THEN = "open_then"
    """It is open, takes place or is under way when it was asked for."""
    LINKED = "linked"
    """It belongs to another that fits."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with the words that show it, as the entry or the question writes them."""

    why: Why
    words: str
    weight: float


@dataclass(slots=True)
class Candidate:
    """An entry that may fit."""

    entry: Entry
    phrases: Callable[[], Sequence[Phrase]]
    """Its sentences, read only for those that are shown."""
    said: Mapping[Channel, float] = field(default_factory=dict)
    """Share of what was said, 0 to 1, that the entry says, by the kind of term."""
    also: float = 0.0
    """The same of words that mean what was said."""
    nearness: Floats | None = None
    """Cosines of its phrases (rows) and the question's sentences (columns); None without a model."""


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that fits, best first in a list."""

    entry: Entry
    score: float
    reasons: tuple[Reason, ...]
    """Those that weigh most first; never empty."""
    is_over: bool
    """Its last day is past: shown as such, never pushed."""
    is_close_only: bool
    """It comes close rather than fits, and is said to."""


def rank(
    question: Question,
    candidates: Sequence[Candidate],
    today: date,
    limit: int,
    means: frozenset[Mean] = EVERY,
) -> list[Match]:
    """The best of the candidates; `today` is the day in Asia/Tokyo."""
    weighed = [_weighed(question, candidate, today, means) for candidate in candidates]
    scores = [sum(weights.values()) for weights in weighed]
    lifts = _lifts(candidates, scores) if Mean.LINKS in means else [(0.0, "")] * len(candidates)
    order = sorted(
        range(len(candidates)), key=lambda at: (-(scores[at] + lifts[at][0]), candidates[at].entry.entry_id)
    )
    has_meaning = any(candidate.nearness is not None for candidate in candidates)
    enough = NEAR if has_meaning and Mean.MEANING in means else NEAR_BY_WORDS
    return [
        Match(
            entry=candidates[at].entry,
            score=scores[at] + lifts[at][0],
            reasons=_reasons(candidates[at], weighed[at], lifts[at], question),
            is_over=_is_over(candidates[at].entry, today),
            is_close_only=scores[at] + lifts[at][0] < enough,
        )
        for at in order[:limit]
    ]


def _weighed(
    question: Question, candidate: Candidate, today: date, means: frozenset[Mean]
) -> dict[Mean, float]:
    entry = candidate.entry
    shares = {_OF_CHANNEL[channel]: share for channel, share in candidate.said.items()}
    shares[Mean.SYNONYMS] = candidate.also
    if candidate.nearness is not None and candidate.nearness.size:
        shares[Mean.MEANING] = nearness(candidate.nearness)
    shares[Mean.KINDS] = question.kinds.get(entry.kind, 0.0)
    shares[Mean.DATES] = _timeliness(entry, question.when, today)
    shares[Mean.ASKER] = _belonging(entry, question.asker)
    return {mean: WEIGHTS[mean] * share for mean, share in shares.items() if mean in means and share}


def nearness(cosines: Floats) -> float:
    """How near an entry's phrases come to a question; its first column is the whole, others its sentences."""
    whole: list[float] = sorted(cosines[:, 0].tolist(), reverse=True)  # a handful
    parts = float(cosines[:, 1:].max(axis=0).mean()) if cosines.shape[1] > 1 else whole[0]
    return _BEST * whole[0] + _SUPPORT * fmean(whole[:3]) + _PARTS * parts


def _is_over(entry: Entry, today: date) -> bool:
    return entry.ends is not None and entry.ends < today


def _timeliness(entry: Entry, asked: When | None, today: date) -> float:
    """-1 to 1: how well its days and hours are those that were asked for."""
    if _is_over(entry, today):
        return -1.0
    if asked is None:
        return 0.0
    if entry.kind is Kind.FACILITY:
        return _is_open(entry, asked)
    if entry.kind not in (Kind.EVENT, Kind.WORK) or asked.first is None or asked.last is None:
        return 0.0
    starts, ends = entry.starts or date.min, entry.ends or date.max
    if ends < asked.first or starts > asked.last:
        return -1.0 if entry.kind is Kind.EVENT else 0.0
    if entry.kind is Kind.WORK:
        return 0.5
    days = {(starts + timedelta(days=day)).weekday() for day in range(min((ends - starts).days + 1, 7))}
    return 1.0 if not asked.weekdays or days & asked.weekdays else -0.5


def _is_open(entry: Entry, asked: When) -> float:
    days = entry.facts.get("利用可能曜日", "")
    opens, closes = (_hours(entry.facts.get(name, "")) for name in ("開始時間", "終了時間"))
    verdicts = []
    if asked.weekdays and days:
        verdicts.append(any(WEEKDAYS[day] in days for day in asked.weekdays))
    if asked.hour is not None and opens is not None and closes is not None and opens < closes:
        verdicts.append(opens <= asked.hour < closes)
    return 0.0 if not verdicts else 1.0 if all(verdicts) else -1.0


def _hours(text: str) -> float | None:
    hours, colon, minutes = text.partition(":")
    return int(hours) + int(minutes) / 60 if colon and hours.isdigit() and minutes.isdigit() else None


_FOR_BUSINESS = ("事業者", "仕事・農業", "事業", "産業", "農林")


def _belonging(entry: Entry, asker: Asker) -> float:
    """-1 to 1: whether such things are meant for whoever asks."""
    if entry.kind in STAFF_ONLY:
        return 1.0 if asker is Asker.STAFF else -1.0
    is_for_business = any(
        event.startswith(_FOR_BUSINESS) for event in (*entry.life_events, *entry.categories)
    )
    if asker is Asker.BUSINESS:
        return 1.0 if is_for_business or entry.kind is Kind.LICENCE else 0.0
    if asker is Asker.RESIDENT:
        return -0.5 if is_for_business or entry.kind is Kind.LICENCE else 0.0
    return 0.0


def _lifts(candidates: Sequence[Candidate], scores: Sequence[float]) -> list[tuple[float, str]]:
    """For each: how much the best of those it belongs to lifts it, and that one's title."""
    if not scores:
        return []
    best = max(scores)
    order = sorted(range(len(scores)), key=lambda at: -scores[at])
    lifts = [(0.0, "")] * len(candidates)
    for at in order[:_FOLLOWERS]:
        candidate = candidates[at]
        for leader in order[:_LEADERS]:
            other = candidates[leader].entry
            if leader != at and scores[leader] > scores[at] and _belong(candidate.entry, other):
                lift = WEIGHTS[Mean.LINKS] * max(scores[leader], 0.0) / max(best, 1e-6)
                lifts[at] = max(lifts[at], (lift, other.title))
    return lifts


_LEADERS, _FOLLOWERS = 5, 40
_MIN_NAME = 4
"""Characters from which a title that is mentioned is not mentioned by chance."""


def _belong(one: Entry, other: Entry) -> bool:
    if other.entry_id in one.related or one.entry_id in other.related:
        return True
    return _mentions(one, other) or _mentions(other, one)


def _mentions(text: Entry, named: Entry) -> bool:
    names = (named.title, *named.also_called)
    said = f"{text.title} {text.summary} {text.body} {text.place}"
    return any(len(name) >= _MIN_NAME and name in said for name in names)


def _reasons(
    candidate: Candidate, weights: Mapping[Mean, float], lift: tuple[float, str], question: Question
) -> tuple[Reason, ...]:
    found: list[Reason] = []
    if candidate.nearness is not None and candidate.nearness.size:
        nearest = int(candidate.nearness.max(axis=1).argmax())
        phrase = candidate.phrases()[nearest]
        why = Why.NEED if phrase.part is Part.NEED else Why.MEANING
        found.append(Reason(why, phrase.text, weights.get(Mean.MEANING, 0.0)))
    shared = _shared(candidate.entry, question)
    if shared:
        found.append(Reason(Why.WORDS, "、".join(shared), weights.get(Mean.WORDS, 0.0)))
    if weights.get(Mean.DATES, 0.0) > 0:
        found.append(Reason(Why.OPEN_THEN, "", weights[Mean.DATES]))
    if lift[0] > 0:
        found.append(Reason(Why.LINKED, lift[1], lift[0]))
    if not found:
        found.append(Reason(Why.MEANING, candidate.phrases()[0].text, 0.0))
    return tuple(sorted(found, key=lambda reason: -reason.weight))


def _shared(entry: Entry, question: Question) -> list[str]:
    """Words of the question that the entry writes too."""
    text = "\n".join(
        (entry.title, entry.summary, entry.body, entry.english.lower(), *entry.needs, *entry.keywords)
    )
    said = (term for term, channel in question.said.items() if channel is Channel.WORD and len(term) > 1)
    return [term for term in said if term in text][:4]
