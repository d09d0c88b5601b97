"""What may concern somebody who looked at this and that: few records, each with the reason why (R54, R55).

Sans-IO. Whoever asks brings what they looked at; nothing of it is kept here or anywhere on the server. The
score is a sum of visible reasons (a record that was looked at names this one, is for the same event in a
life, is of the same kind of help), each fading with the age of the look by half in a fortnight, and of a
last day that comes near. 「関係ない」 takes a record away and makes what is like it count for less. A
`Recommendation` cannot be made without a reason.
"""

import heapq
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from field_assist.concierge.entries import Key, Kind
from field_assist.concierge.shelf import Item, Shelf

HALF_LIFE_DAYS = 14
SOON_DAYS = 30
MOST_OF_A_CATEGORY = 2
_RELATED, _LIFE_EVENT, _CATEGORY = 1.5, 1.0, 0.7
_LAST_DAY = 0.8
_UNWANTED = 2.0
"""What 「関係ない」 takes from a record that is for the same things in every respect."""
_LEAST = 0.25
"""Below this a reason is too thin to be told."""


class Why(StrEnum):
    """Why it is shown; each is told with the title of what was looked at."""

    RELATED = "related"
    LIFE_EVENT = "life_event"
    CATEGORY = "category"
    LAST_DAY = "last_day"
    """Beside another: its last day is near."""


class Seen(NamedTuple):
    """A record somebody looked at, so many days ago."""

    key: Key
    days_ago: int = 0


class Reason(NamedTuple):
    """`words` is the title of what was looked at; `shared` the event or category that both are for."""

    why: Why
    words: str
    shared: str = ""


class Unfounded(ValueError):
    """Nothing is recommended without a reason."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One record and why; the reason that weighs most is first."""

    item: Item
    reasons: tuple[Reason, ...]
    score: float

    def __post_init__(self) -> None:
        if not any(reason.words.strip() for reason in self.reasons):
            raise Unfounded(self.item.key.entry_id)


def recommend(
    shelf: Shelf,
    seen: Sequence[Seen],
    *,
    unwanted: Sequence[Key] = (),
    later: Sequence[Key] = (),
    today: date,
    limit: int = 3,
) -> list[Recommendation]:
    """The most fitting first: nothing that was seen, is not wanted, waits, is over or sensitive."""
    looked = _looked(shelf, seen)
    refused = [shelf.by_key[key] for key in unwanted if key in shelf.by_key]
    hidden = {one.key for one in seen} | set(unwanted) | set(later)
    belonging = {key: one for one in reversed(looked) for key in shelf.belonging(one.item)}
    found: list[Recommendation] = []
    for (events, categories), items in shelf.by_profile.items():
        shared = _shared(events, categories, looked, shelf.rarity)
        taken = _UNWANTED * sum(_likeness({*events, *categories}, one, shelf.rarity) for one in refused)
        open_ones = (item for item in items if shared or item.key in belonging)
        open_ones = (item for item in open_ones if item.key not in hidden and _is_open(item, today))
        weighed = (_weighed(item, shared, belonging.get(item.key), taken, today) for item in open_ones)
        fitting = (one for one in weighed if one is not None)
        found += heapq.nsmallest(limit, fitting, key=_best_first)  # all of a profile share their categories
    found.sort(key=_best_first)
    return _varied(found, limit)


class _Look(NamedTuple):
    item: Item
    strength: float


def _looked(shelf: Shelf, seen: Sequence[Seen]) -> list[_Look]:
    known = [(shelf.by_key[one.key], one.days_ago) for one in seen if one.key in shelf.by_key]
    return [
        _Look(item, math.exp2(-max(0, days_ago) / HALF_LIFE_DAYS))
        for item, days_ago in known
        if not item.is_sensitive
    ]


def _is_open(item: Item, today: date) -> bool:
    """An event ahead can be gone to; a programme that has not opened cannot be applied for."""
    is_to_come = item.key.kind is Kind.PROGRAMME and item.starts is not None and item.starts > today
    return not (item.is_sensitive or is_to_come or item.is_over(today))


def _shared(
    events: Sequence[str], categories: Sequence[str], looked: Sequence[_Look], rarity: Mapping[str, float]
) -> dict[Reason, float]:
    """What records for these have in common with what was looked at: the two best reasons."""
    weighed: dict[Reason, float] = {}
    for one, strength in looked:
        found = []
        for name in set(events) & set(one.life_events):
            # A list names first what a record is most for; what both mention in passing is little reason.
            behind = max(events.index(name), one.life_events.index(name))
            found.append((_LIFE_EVENT * rarity[name] / (1 + behind), Reason(Why.LIFE_EVENT, one.title, name)))
        for name in set(categories) & set(one.categories):
            found.append((_CATEGORY * rarity[name], Reason(Why.CATEGORY, one.title, name)))
        if found:
            weight, reason = max(found)
            weighed[reason] = weight * strength
    return {reason: weighed[reason] for reason in heapq.nlargest(2, weighed, key=lambda one: weighed[one])}


def _weighed(
    item: Item, shared: Mapping[Reason, float], belongs_to: _Look | None, taken: float, today: date
) -> Recommendation | None:
    weighed = dict(shared)
    if belongs_to is not None:
        weighed[Reason(Why.RELATED, belongs_to.item.title)] = _RELATED * belongs_to.strength
    if max(weighed.values(), default=0) < _LEAST:
        return None
    reasons = heapq.nlargest(2, weighed, key=lambda reason: weighed[reason])
    score = sum(weighed[reason] for reason in reasons) - taken
    if item.ends is not None and (item.ends - today).days <= SOON_DAYS:
        score += _LAST_DAY
        reasons.append(Reason(Why.LAST_DAY, item.ends.isoformat()))
    return Recommendation(item, tuple(reasons), score) if score > 0 else None


def _best_first(one: Recommendation) -> tuple[float, Key]:
    return -one.score, one.item.key


def _likeness(names: set[str], one: Item, rarity: Mapping[str, float]) -> float:
    """How much a record for these is like another one, 0 to 1."""
    theirs = {*one.life_events, *one.categories}
    whole = sum(rarity[name] for name in names | theirs)
    return sum(rarity[name] for name in names & theirs) / whole if whole else 0.0


def _varied(found: Sequence[Recommendation], limit: int) -> list[Recommendation]:
    taken: list[Recommendation] = []
    counts: Counter[str] = Counter()
    for one in found:
        if len(taken) < limit and all(counts[name] < MOST_OF_A_CATEGORY for name in one.item.categories):
            counts.update(one.item.categories)
            taken.append(one)
    return taken
