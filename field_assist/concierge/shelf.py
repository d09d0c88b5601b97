"""The public part of the catalogue as residents leaf through it: what a record is, where, for whom. Sans-IO.

Only what a page needs to find, filter, order and recommend is held of each record, so that a catalogue of a
hundred thousand stays in memory; its words are read from the database when it is shown. What touches a
sensitive topic is on the shelf like everything else, but marked: nobody's history keeps it, nobody is
recommended it, and nobody counts who looked at it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from field_assist.concierge.entries import STAFF_ONLY, Entry, Key, Kind, key_of
from field_assist.concierge.life_events import Errand, LifeEvent, errands
from field_assist.concierge.life_events import order as order_of_errands
from field_assist.concierge.sensitive import topics_by_words

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


@dataclass(frozen=True)
class Shelf:
    """All public records; made anew when the catalogue became another one."""

    items: tuple[Item, ...]
    by_key: Mapping[Key, Item] = field(init=False)
    _by_id: Mapping[str, tuple[Item, ...]] = field(init=False)

    def __post_init__(self) -> None:
        by_id: dict[str, list[Item]] = {}
        for item in self.items:
            by_id.setdefault(item.key.entry_id, []).append(item)
        object.__setattr__(self, "by_key", {item.key: item for item in self.items})
        object.__setattr__(self, "_by_id", {name: tuple(found) for name, found in by_id.items()})

    def leaf(self, wish: Wish, today: date) -> list[Item]:
        """What is not over and fits, in the order of a list of its kind."""
        found = [item for item in self.items if not item.is_over(today) and _fits(item, wish)]
        return sorted(found, key=_by_last_day if wish.closing_only else _by_kind)

    def checklist(self, event: LifeEvent, town: str, today: date) -> list[Item]:
        """What to see to after this event, by when it is due."""
        mine = (item for item in self.leaf(Wish(town=town), today) if event in item.errands)
        return sorted(
            mine, key=lambda item: (*order_of_errands(item.errands[event], item.ends, today), item.key)
        )

    def related(self, item: Item) -> list[Item]:
        """What its owner says belongs to it: its own, else the prefecture's, else the only one of that ID."""
        found: list[Item] = []
        for name in item.related:
            known = self._by_id.get(name, ())
            own = [one for one in known if one.key.owner_code == item.key.owner_code]
            theirs = [one for one in known if is_of_prefecture(one.key.owner_code)]
            found += own or theirs or (known if len(known) == 1 else ())
        return found

    def belong_together(self, one: Item, other: Item) -> bool:
        """Whether either names the other."""
        return (other.key.entry_id in one.related and other in self.related(one)) or (
            one.key.entry_id in other.related and one in self.related(other)
        )

    def towns(self) -> list[str]:
        """The municipalities that anything is in or of."""
        return sorted({item.town for item in self.items if item.town})


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


def _by_last_day(item: Item) -> tuple[date, str]:
    return item.ends or date.max, item.sorted_by


def _by_kind(item: Item) -> tuple[int, date, str]:
    """Events by their day, works by the day on which they are over, all else by name."""
    kinds = list(Kind)
    day = date.min
    if item.key.kind is Kind.EVENT:
        day = item.starts or date.max
    elif item.key.kind is Kind.WORK:
        day = item.ends or date.max
    return kinds.index(item.key.kind), day, item.sorted_by
