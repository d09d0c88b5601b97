"""The public part of the catalogue as residents leaf through it: what a record is, where, for whom. Sans-IO.

Only what a page needs to find, filter, order and recommend is held of each record, so that a catalogue of a
hundred thousand stays in memory; its words are read from the database when it is shown. What touches a
sensitive topic is on the shelf like everything else, but marked: nobody's history keeps it, nobody is
recommended it, and nobody counts who looked at it.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from field_assist.concierge.entries import STAFF_ONLY, Entry, Key, Kind, key_of
from field_assist.concierge.following import metres_between
from field_assist.concierge.life_events import Errand, LifeEvent, errands, order
from field_assist.concierge.sensitive import topics_by_words

K = TypeVar("K")

_PREFECTURE = re.compile(r"^.{2,3}?[都道府県]")
_CITY = re.compile(r"[^\s0-9]{1,6}?市")
"""At the beginning of a place; 町 may as well be a part of a city."""


@dataclass(frozen=True, slots=True)
class Item:
    """One record on the shelf."""

    key: Key
    title: str
    sorted_by: str
    owner: str
    starts: date | None
    ends: date | None
    town: str
    """The municipality it is in or of, by its name (あまね市); "" for what is for all of the prefecture."""
    categories: tuple[str, ...]
    life_events: tuple[str, ...]
    related: tuple[str, ...]
    errands: Mapping[LifeEvent, Errand]
    is_sensitive: bool
    spot: tuple[float, float] | None = None
    """Of a work: where it is, degrees of WGS 84."""

    def is_over(self, today: date) -> bool:
        """Nobody can use it, apply for it or go there any more."""
        return self.ends is not None and self.ends < today


class Wish(NamedTuple):
    """What somebody leafs through; empty words and None mean all."""

    kinds: frozenset[Kind] = frozenset(Kind) - STAFF_ONLY
    town: str = ""
    category: str = ""
    closing_only: bool = False
    """Only what has a last day, by that day."""


Profile = tuple[tuple[str, ...], tuple[str, ...]]
"""Events in a life and categories: what many records have in common."""


@dataclass(frozen=True)
class Shelf:
    """All public records; made anew when the catalogue became another one, for then it is put in order."""

    items: tuple[Item, ...]
    """In the order of a list of their kind."""
    by_key: Mapping[Key, Item] = field(init=False)
    by_profile: Mapping[Profile, tuple[Item, ...]] = field(init=False)
    rarity: Mapping[str, float] = field(init=False)
    """How much it says of two records that both are for this: 0 to 1, little where most are."""
    _by_id: Mapping[str, tuple[Item, ...]] = field(init=False)
    _by_owner: Mapping[tuple[str, str], tuple[Item, ...]] = field(init=False)
    _of_prefecture: Mapping[str, tuple[Item, ...]] = field(init=False)
    _naming: Mapping[str, tuple[Item, ...]] = field(init=False)
    _by_last_day: tuple[Item, ...] = field(init=False)

    def __post_init__(self) -> None:
        items = tuple(sorted(self.items, key=_in_its_kind))
        ending = sorted((item for item in items if item.ends is not None), key=_last_day)
        made = {
            "items": items,
            "by_key": {item.key: item for item in items},
            "by_profile": _grouped(((item.life_events, item.categories), item) for item in items),
            "rarity": _rarities(items),
            "_by_id": _grouped((item.key.entry_id, item) for item in items),
            "_by_owner": _grouped(((item.key.owner_code, item.key.entry_id), item) for item in items),
            "_of_prefecture": _grouped(
                (item.key.entry_id, item) for item in items if is_of_prefecture(item.key.owner_code)
            ),
            "_naming": _grouped((name, item) for item in items for name in item.related),
            "_by_last_day": tuple(ending),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def leaf(self, wish: Wish, today: date) -> list[Item]:
        """What is not over and fits, in the order of a list of its kind, or by the last day."""
        items = self._by_last_day if wish.closing_only else self.items
        return [item for item in items if _fits(item, wish) and not item.is_over(today)]

    def works_near(self, spot: tuple[float, float], radius_m: int, today: date) -> list[tuple[Item, float]]:
        """Works that are not over within this distance, the nearest first, with theirs in metres."""
        found = (
            (item, metres_between(spot, item.spot))
            for item in self.items
            if item.spot is not None and not item.is_over(today)
        )
        return sorted(
            (each for each in found if each[1] <= radius_m), key=lambda each: (each[1], each[0].key)
        )

    def checklist(self, event: LifeEvent, town: str, today: date) -> list[Item]:
        """What to see to after this event, by when it is due."""
        mine = (item for item in self.items if event in item.errands and not item.is_over(today))
        here = (item for item in mine if _fits(item, Wish(town=town)))
        return sorted(here, key=lambda item: (*order(item.errands[event], item.ends, today), item.key))

    def related(self, item: Item) -> list[Item]:
        """What its owner says belongs to it: its own, else the prefecture's, else the only one of that ID."""
        found: list[Item] = []
        for name in item.related:
            own = self._by_owner.get((item.key.owner_code, name), ())
            known = own or self._of_prefecture.get(name, ()) or self._by_id.get(name, ())
            if own or len(known) == 1 or (known and is_of_prefecture(known[0].key.owner_code)):
                found += known
        return found

    def belonging(self, item: Item) -> set[Key]:
        """What it names, and what names it."""
        naming = self._naming.get(item.key.entry_id, ())
        return {one.key for one in self.related(item)} | {
            one.key for one in naming if item in self.related(one)
        }

    def counts(self, today: date) -> Counter[Kind]:
        """How many records of each kind are not over."""
        return Counter(item.key.kind for item in self.items if not item.is_over(today))

    def life_events(self, today: date) -> set[LifeEvent]:
        """Those for which there is anything to see to."""
        return {event for item in self.items if not item.is_over(today) for event in item.errands}

    def towns(self) -> list[str]:
        """The municipalities that anything is in or of."""
        return sorted({item.town for item in self.items if item.town})


def _rarities(items: tuple[Item, ...]) -> Mapping[str, float]:
    count = Counter(name for item in items for name in {*item.life_events, *item.categories})
    most = math.log(1 + max(2, len(items)))
    return {name: math.log(1 + len(items) / number) / most for name, number in count.items()}


def _spot(entry: Entry) -> tuple[float, float] | None:
    if entry.kind is not Kind.WORK or entry.latitude is None or entry.longitude is None:
        return None
    return entry.latitude, entry.longitude


def item_of(entry: Entry) -> Item | None:
    """How an entry stands on the shelf; None for what is for staff alone."""
    if entry.kind in STAFF_ONLY or not entry.source.owner:
        return None
    told = "。".join((entry.title, entry.summary, *entry.also_called))
    return Item(
        key=key_of(entry),
        title=entry.title,
        sorted_by=entry.title_kana or entry.title,
        owner=entry.source.owner,
        starts=entry.starts,
        ends=entry.ends,
        town=town_of(entry),
        categories=entry.categories,
        life_events=entry.life_events,
        related=entry.related,
        errands=errands(entry),
        is_sensitive=bool(topics_by_words(told)),
        spot=_spot(entry),
    )


def shelved(entries: Iterable[Entry]) -> list[Item]:
    """All that residents may see of these."""
    return [item for item in map(item_of, entries) if item is not None]


def is_of_prefecture(owner_code: str) -> bool:
    """What the prefecture offers is for all of it; so is what has no code, for nobody said otherwise."""
    return not owner_code or owner_code[2:5] == "000"


def town_of(entry: Entry) -> str:
    """Where it stands, else whose it is; a programme or licence of the prefecture is everybody's."""
    if town := entry.facts.get("所在地_市区町村", ""):
        return _short(town)
    if not is_of_prefecture(entry.source.owner_code):
        return _short(_PREFECTURE.sub("", entry.source.owner))
    place = entry.facts.get("所在地_連結表記", "") or entry.facts.get("規制場所始点", "")
    match = _CITY.match(_PREFECTURE.sub("", place))
    return match[0] if match else ""


def _short(town: str) -> str:
    return town.rpartition("郡")[2].strip()


def _fits(item: Item, wish: Wish) -> bool:
    """A filter by municipality leaves out only what is known to be elsewhere."""
    return (
        item.key.kind in wish.kinds
        and (not wish.town or item.town in ("", wish.town))
        and (not wish.category or wish.category in item.categories)
        and (not wish.closing_only or item.ends is not None)
    )


def _last_day(item: Item) -> tuple[date, str]:
    return item.ends or date.max, item.sorted_by


_KINDS = {kind: at for at, kind in enumerate(Kind)}


def _in_its_kind(item: Item) -> tuple[int, date, str]:
    """Events by their day, works by the day on which they are over, all else by name."""
    day = date.min
    if item.key.kind is Kind.EVENT:
        day = item.starts or date.max
    elif item.key.kind is Kind.WORK:
        day = item.ends or date.max
    return _KINDS[item.key.kind], day, item.sorted_by


def _grouped(pairs: Iterable[tuple[K, Item]]) -> Mapping[K, tuple[Item, ...]]:
    found: dict[K, list[Item]] = {}
    for name, item in pairs:
        found.setdefault(name, []).append(item)
    return {name: tuple(items) for name, items in found.items()}
