"""What may concern somebody who looked at this and that: few records, each with the reason why (R54, R55).

Sans-IO. Whoever asks brings what they looked at; nothing of it is kept here or anywhere on the server. The
score is a sum of visible reasons (a record that was looked at names this one, is for the same event in a
life, is of the same kind of help), each fading with the age of the look by half in a fortnight, and of a
last day that comes near. 「関係ない」 takes a record away and makes what is like it count for less. A
`Recommendation` cannot be made without a reason.
"""

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
    looked = [(shelf.by_key[one.key], _strength(one.days_ago)) for one in seen if one.key in shelf.by_key]
    looked = [(item, strength) for item, strength in looked if not item.is_sensitive]
    refused = [shelf.by_key[key] for key in unwanted if key in shelf.by_key]
    hidden = {one.key for one in seen} | set(unwanted) | set(later)
    rarity = _rarities(shelf)
    found = []
    for item in shelf.items:
        if item.key in hidden or item.is_sensitive or item.is_over(today) or _is_to_come(item, today):
            continue
        weighed = _reasons(shelf, item, looked, rarity)
        if not weighed or max(weighed.values()) < _LEAST:
            continue
        reasons = sorted(weighed, key=lambda reason: -weighed[reason])[:2]
        score = sum(weighed[reason] for reason in reasons) - _UNWANTED * _likeness(item, refused, rarity)
        if item.ends is not None and (item.ends - today).days <= SOON_DAYS:
            score += _LAST_DAY
            reasons.append(Reason(Why.LAST_DAY, item.ends.isoformat()))
        if score > 0:
            found.append(Recommendation(item, tuple(reasons), score))
    found.sort(key=lambda one: (-one.score, one.item.key))
    return _varied(found, limit)


def _strength(days_ago: int) -> float:
    return math.exp2(-max(0, days_ago) / HALF_LIFE_DAYS)


def _is_to_come(item: Item, today: date) -> bool:
    """An event ahead can be gone to; a programme that has not opened cannot be applied for."""
    return item.key.kind is Kind.PROGRAMME and item.starts is not None and item.starts > today


def _rarities(shelf: Shelf) -> Mapping[str, float]:
    """How much it says of two records that both are for this, 0 to 1: little where most are."""
    count = Counter(name for item in shelf.items for name in {*item.life_events, *item.categories})
    most = math.log(1 + max(2, len(shelf.items)))
    return {name: math.log(1 + len(shelf.items) / number) / most for name, number in count.items()}


def _reasons(
    shelf: Shelf, item: Item, looked: Sequence[tuple[Item, float]], rarity: Mapping[str, float]
) -> dict[Reason, float]:
    weighed: dict[Reason, float] = {}
    for one, strength in looked:
        found = []
        if shelf.belong_together(one, item):
            found.append((Reason(Why.RELATED, one.title), _RELATED))
        for name in set(item.life_events) & set(one.life_events):
            # A list names first what a record is most for; what both mention in passing is little reason.
            behind = max(item.life_events.index(name), one.life_events.index(name))
            found.append((Reason(Why.LIFE_EVENT, one.title, name), _LIFE_EVENT * rarity[name] / (1 + behind)))
        for name in set(item.categories) & set(one.categories):
            found.append((Reason(Why.CATEGORY, one.title, name), _CATEGORY * rarity[name]))
        if found:  # one look is one reason: its best
            reason, weight = max(found, key=lambda each: (each[1], each[0]))
            weighed[reason] = weight * strength
    return weighed


def _likeness(item: Item, refused: Sequence[Item], rarity: Mapping[str, float]) -> float:
    """How much it is like what is not wanted, 0 to 1 for each, all together."""
    return sum(_share(item, one, rarity) for one in refused)


def _share(item: Item, one: Item, rarity: Mapping[str, float]) -> float:
    mine, theirs = {*item.life_events, *item.categories}, {*one.life_events, *one.categories}
    whole = sum(rarity[name] for name in mine | theirs)
    return sum(rarity[name] for name in mine & theirs) / whole if whole else 0.0


def _varied(found: Sequence[Recommendation], limit: int) -> list[Recommendation]:
    taken: list[Recommendation] = []
    counts: Counter[str] = Counter()
    for one in found:
        if len(taken) < limit and all(counts[name] < MOST_OF_A_CATEGORY for name in one.item.categories):
            counts.update(one.item.categories)
            taken.append(one)
    return taken
