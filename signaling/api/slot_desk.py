"""Feeds of free slots, for those who keep the catalogue: looked at, added, paused, fetched, brought.

A look says what taking a feed in would do, and changes nothing. Addresses are called as the feeds themselves
are (`slot_feeds`), so what a look shows is what comes later.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from field_assist import Person, Session, Store, concierge
from signaling import slot_intake
from signaling.accounts import access_log
from signaling.accounts.access_log import Action, Actor
from signaling.api.call_desk import Forbidden
from signaling.api.notice_round import NoticeRound
from signaling.clock import Clock
from signaling.fetching import NotFetched
from signaling.push.endpoints import EndpointRefused
from signaling.slot_feeds import SlotFeeds

SHOWN_SLOTS = 6
SHOWN_FACILITIES = 30

slots, slot_lists = concierge.slots, concierge.slot_lists
Feed: TypeAlias = concierge.slot_lists.SlotFeed
Slot: TypeAlias = concierge.slots.Slot


class FeedAddressRefused(Exception):
    """Nothing is fetched from there."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a feed is: `address` is empty where people bring it, `owner` where it is the house's."""

    name: str
    address: str
    form: concierge.slots.Form
    owner: str
    owner_code: str
    licence: str
    facility_id: str
    every_s: int


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed, how many of its slots are free and to come, and whether that is too old to go by."""

    row: Feed
    free: int
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Hall:
    """A facility of a feed; `title` is empty where the catalogue has none of that key."""

    key: str
    title: str
    slots: int
    free: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What a feed says: `fault` is as `SlotFeed.fault`, `value` what was wrong; then nothing else is."""

    fault: str = ""
    value: str = ""
    slots: int = 0
    free: int = 0
    over: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    opened: int = 0
    gone: int = 0
    halls: tuple[Hall, ...] = ()
    samples: tuple[Slot, ...] = ()
    is_taken: bool = False


class SlotDesk:
    """One per installation; `address` is where the acting person's request came from."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        feeds: SlotFeeds,
        rounds: NoticeRound,
        organisation: str,
    ) -> None:
        self._store, self._clock, self._feeds, self._organisation = store, clock, feeds, organisation
        self._rounds = rounds

    async def feeds(self, person: Person) -> list[FeedState]:
        """Every feed, by name; raises Forbidden."""
        _keeper(person)
        at = self._clock.wall()

        def work(session: Session) -> list[FeedState]:
            free = slot_lists.free_counts(session, at)
            return [
                FeedState(row, free.get(row.id, 0), row.is_stale(at)) for row in slot_lists.feeds(session)
            ]

        return await self._store.read(work)

    async def add(self, person: Person, described: Described, address: str) -> None:
        """A new feed; raises Forbidden, FeedAddressRefused, FeedExists."""

        def work(session: Session, at: datetime) -> str:
            return slot_lists.add_feed(session, self._meant(described, at)).id

        await self._set(person, described, address, work)

    async def change(self, person: Person, feed_id: str, described: Described, address: str) -> None:
        """Another description; raises like `add`, and FeedUnknown."""

        def work(session: Session, at: datetime) -> str:
            return slot_lists.change_feed(session, feed_id, self._meant(described, at)).id

        await self._set(person, described, address, work)

    async def pause(self, person: Person, feed_id: str, address: str, *, is_paused: bool) -> None:
        """Leave it alone, or fetch it again; raises Forbidden and FeedUnknown."""
        _keeper(person)
        at = self._clock.wall()

        def work(session: Session) -> None:
            slot_lists.pause(session, slot_lists.by_id(session, feed_id), is_paused=is_paused)
            detail = "paused" if is_paused else "resumed"
            access_log.acted(session, person, address, Action.SLOT_FEED_SET, feed_id, at, detail)

        await self._store.write(work)

    async def remove(self, person: Person, feed_id: str, address: str) -> None:
        """Forget it and its slots; raises Forbidden and FeedUnknown."""
        _keeper(person)
        at, actor = self._clock.wall(), Actor(person.identity, address)

        def work(session: Session) -> None:
            slot_intake.remove(session, slot_lists.by_id(session, feed_id), actor, at)

        await self._store.write(work)

    async def fetch(self, person: Person, feed_id: str) -> None:
        """Fetch it now, paused or not; how it went stands beside it.

        Raises Forbidden, FeedUnknown and FeedIsBrought.
        """
        _keeper(person)
        feed = await self._store.read(lambda session: slot_lists.by_id(session, feed_id))
        if not feed.address:
            raise slot_lists.FeedIsBrought
        await self._feeds.take(feed)

    async def look(self, person: Person, described: Described, feed_id: str) -> Looked:
        """What the address says now, beside what is known of this feed ("" for a new one).

        Raises Forbidden and FeedUnknown.
        """
        _keeper(person)
        if not described.address:
            raise slot_lists.FeedIsBrought
        feed = self._meant(described, self._clock.wall())
        try:
            found = await self._feeds.read(described.address, described.form, described.facility_id)
        except slots.SlotsFaulty as faulty:
            return _faulty(faulty)
        except NotFetched as why:
            return Looked(fault=why.reason)
        return await self._compared(feed, feed_id, found)

    async def bring(
        self, person: Person, feed_id: str, content: bytes, address: str, *, is_check: bool
    ) -> Looked:
        """What a list says that somebody brings; taken in unless it is only looked at, or has a fault.

        Raises Forbidden, FeedUnknown and FeedIsFetched.
        """
        _keeper(person)
        feed = await self._store.read(lambda session: slot_lists.by_id(session, feed_id))
        if feed.address:
            raise slot_lists.FeedIsFetched
        try:
            found = await asyncio.to_thread(slots.read, content, slots.Form(feed.form), feed.facility_id)
        except slots.SlotsFaulty as faulty:
            return _faulty(faulty)
        if is_check:
            return await self._compared(feed, feed_id, found)
        at, actor = self._clock.wall(), Actor(person.identity, address)

        def work(session: Session) -> Looked:
            kept = slot_lists.by_id(session, feed_id)
            looked = self._looked(session, kept, found, at, is_taken=True)
            slot_intake.take_in(session, kept, found, "", actor, at)
            return looked

        looked = await self._store.write(work)
        if looked.opened:
            self._rounds.look()
        return looked

    async def _set(
        self, person: Person, described: Described, address: str, work: Callable[[Session, datetime], str]
    ) -> None:
        _keeper(person)
        if described.address:
            try:
                self._feeds.check(described.address)
            except EndpointRefused:
                raise FeedAddressRefused from None
        at = self._clock.wall()

        def act(session: Session) -> None:
            feed_id = work(session, at)
            access_log.acted(session, person, address, Action.SLOT_FEED_SET, feed_id, at)

        await self._store.write(act)

    def _meant(self, described: Described, at: datetime) -> Feed:
        owner = described.owner or self._organisation, described.owner_code
        feed = slot_lists.new_feed(described.name, described.form.value, owner, at)
        feed.address, feed.licence = described.address, described.licence
        feed.facility_id, feed.every_s = described.facility_id, described.every_s
        return feed

    async def _compared(self, feed: Feed, feed_id: str, found: Sequence[Slot]) -> Looked:
        at = self._clock.wall()

        def work(session: Session) -> Looked:
            if feed_id and feed.id != feed_id:
                slot_lists.stand_in(session, feed_id, feed)
            return self._looked(session, feed, found, at, is_taken=False)

        return await self._store.read(work)

    def _looked(
        self, session: Session, feed: Feed, found: Sequence[Slot], at: datetime, *, is_taken: bool
    ) -> Looked:
        made = slot_lists.difference(session, feed, found, at)
        seen = sorted(made.seen.values(), key=lambda each: (each.starts_at, each.facility_id, each.room))
        free = [each for each in seen if each.free > 0]
        return Looked(
            slots=len(seen),
            free=len(free),
            over=len(found) - len(seen),
            first_at=seen[0].starts_at if seen else None,
            last_at=seen[-1].starts_at if seen else None,
            opened=len(made.opened),
            gone=len(made.gone),
            halls=self._halls(session, feed, seen),
            samples=tuple(free[:SHOWN_SLOTS]),
            is_taken=is_taken,
        )

    def _halls(self, session: Session, feed: Feed, seen: Sequence[Slot]) -> tuple[Hall, ...]:
        counts: dict[str, list[int]] = {}
        for slot in seen:
            count = counts.setdefault(slot_lists.facility_key(feed, slot), [0, 0])
            count[0] += 1
            count[1] += slot.free > 0
        found = []
        for key, (all_of, free) in sorted(counts.items())[:SHOWN_FACILITIES]:
            entry = self._rounds.source.entry(session, key)
            found.append(Hall(key, entry.title if entry else "", all_of, free))
        return tuple(found)


def _keeper(person: Person) -> None:
    if not concierge.catalogue_people.may_keep_catalogue(person):
        raise Forbidden


def _faulty(faulty: concierge.slots.SlotsFaulty) -> Looked:
    return Looked(fault=f"{faulty.reason} {faulty.place}", value=faulty.value)
