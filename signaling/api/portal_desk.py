"""The residents' own page of public services: what is on the shelf, and what many look at.

The shelf follows the catalogue when somebody asks and it became another one, read in short pages so that
calls go on beside it. Nothing is kept of who asks: what they looked at stays on their device and comes with
the question, and who looks at a record is known for a day, as marks in memory that nobody can read back.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from field_assist import JST, Session, Store, concierge
from signaling.clock import Clock

entries, catalogue, shelf = concierge.entries, concierge.catalogue, concierge.shelf
trending, view_days = concierge.trending, concierge.view_days

T = TypeVar("T")

_PAGE = 200
"""Entries read in one go: some ten milliseconds of a thread."""
_MOST_CHANGES = 20
_TRENDS = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """A record whole: what it says now, what became different of it, and what belongs to it."""

    item: concierge.shelf.Item
    entry: concierge.entries.Entry
    changes: tuple[concierge.catalogue.CatalogueChange, ...]
    related: tuple[concierge.shelf.Item, ...]
    is_stale: bool
    """Its list should have come again by now."""


@dataclass(frozen=True, slots=True)
class Trending:
    """A record that many look at now."""

    item: concierge.shelf.Item
    ratio: float
    viewers: int


class PortalDesk:
    """One per installation."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._shelf = concierge.shelf.Shelf(())
        self._version = ""
        self._filling = asyncio.Lock()
        self._viewers = concierge.trending.Viewers()
        self._trends: tuple[tuple[date, str, int], list[concierge.trending.Trend]] | None = None
        self._counted = 0

    def today(self) -> date:
        """In Japan."""
        return self._clock.wall().astimezone(JST).date()

    async def shelf(self) -> concierge.shelf.Shelf:
        """As the catalogue is now, or, while it is filled anew, as it was; raises StoreUnavailable."""
        if self._version and self._filling.locked():
            return self._shelf
        async with self._filling:
            version = await self._store.read(catalogue.version)
            if version != self._version:
                items = tuple(await self._read())
                self._shelf = await asyncio.to_thread(concierge.shelf.Shelf, items)
                self._version = version
                log.info("shelf_filled", extra={"entries": len(self._shelf.items)})
        return self._shelf

    async def of_shelf(self, ask: Callable[[concierge.shelf.Shelf, date], T]) -> T:
        """What `ask` makes of the shelf and today: on a thread, for it goes through all of it."""
        return await asyncio.to_thread(ask, await self.shelf(), self.today())

    async def _read(self) -> list[concierge.shelf.Item]:
        found: list[concierge.shelf.Item] = []
        after: int | None = 0
        while after is not None:
            some, after = await self._store.read(partial(_page, after=after))
            found += some
        return found

    async def words_of(
        self, items: Sequence[concierge.shelf.Item]
    ) -> list[tuple[concierge.shelf.Item, concierge.entries.Entry]]:
        """Each with its words, in this order; what has left meanwhile is missing."""
        keys = [item.key for item in items]
        found = await self._store.read(lambda session: concierge.follow.lookup(session, keys))
        return [(item, found[item.key]) for item in items if item.key in found]

    async def record(self, key: concierge.entries.Key) -> Shown:
        """One record; raises EntryUnknown."""
        on_it = await self.shelf()
        item = on_it.by_key.get(key)
        if item is None:
            raise catalogue.EntryUnknown
        now = self._clock.wall()

        def work(session: Session) -> tuple[catalogue.Kept, list[catalogue.CatalogueChange], bool]:
            found = catalogue.by_entry_id(session, key.kind, key.entry_id, key.owner_code)
            if not found:
                raise catalogue.EntryUnknown
            row = catalogue.by_name(session, found[0].list_name)
            changes = catalogue.changes(session, found[0].key, _MOST_CHANGES)
            return found[0], changes, row is not None and row.is_stale(now)

        kept, changes, is_stale = await self._store.read(work)
        related = tuple(one for one in on_it.related(item) if not one.is_over(self.today()))
        return Shown(item, kept.entry, tuple(changes), related, is_stale)

    # -- what many look at

    async def looked_at(self, key: concierge.entries.Key, network: str) -> None:
        """Somebody opened a record; raises EntryUnknown. Sensitive ones are never counted."""
        item = (await self.shelf()).by_key.get(key)
        if item is None:
            raise catalogue.EntryUnknown
        day = self.today()
        if item.is_sensitive or not self._viewers.is_new(key, network, day, secrets.token_bytes(16)):
            return
        await self._store.write(lambda session: view_days.count(session, key, day))
        self._counted += 1

    async def trends(self) -> list[Trending]:
        """The records furthest above their own usual; read anew when somebody was counted."""
        on_it, day = await self.shelf(), self.today()
        state = day, self._version, self._counted
        if self._trends is None or self._trends[0] != state:
            self._trends = state, await self._store.read(partial(_trends, today=day))
        found = []
        for trend in self._trends[1]:
            item = on_it.by_key.get(trend.key)
            if item is not None and not item.is_sensitive and not item.is_over(day):
                found.append(Trending(item, trend.ratio, trend.viewers))
        return found[:_TRENDS]


def _trends(session: Session, today: date) -> list[concierge.trending.Trend]:
    days = view_days.all_since(session, trending.since(today))
    return trending.trends(days, today, limit=4 * _TRENDS)


def _page(session: Session, after: int) -> tuple[list[concierge.shelf.Item], int | None]:
    """Items of the entries after this key of the catalogue, and where to go on; None behind the last."""
    kept = list(catalogue.kept(session, after=after, limit=_PAGE))
    items = shelf.shelved(one.entry for one in kept)
    return items, kept[-1].key if len(kept) == _PAGE else None
