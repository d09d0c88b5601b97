"""The catalogue of public services: lists taken in by an administrator, and given out again as open data.

Reading a list blocks for seconds, so it is done on a thread, one list at a time. What is given out is
streamed in pieces; a short list is kept as it was written until the catalogue changes.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from field_assist import JST, Person, Session, Store, concierge
from signaling import catalogue_intake
from signaling.accounts import access_log
from signaling.accounts.access_log import Action, Actor, Entry
from signaling.api.call_desk import Forbidden
from signaling.clock import Clock

MAX_LIST_BYTES = 20 * 1024 * 1024
"""Of one list over HTTP; the command line takes longer ones."""
SHOWN_CONTRADICTIONS = 100
_PIECE = 500
_KEPT_ROWS, _KEPT_OUTPUTS = 2_000, 24


class ConciergeOff(Exception):
    """The installation has no concierge."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A list somebody brings; empty words mean what was said of it before, or the installation's own."""

    name: str
    content: bytes
    owner: str = ""
    owner_code: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a list says, and whether it was taken in."""

    kind: concierge.entries.Kind | None
    counts: concierge.remarks.Counts
    findings: tuple[concierge.remarks.Finding, ...]
    fault_count: int
    contradictions: tuple[concierge.consistency.Contradiction, ...]
    needs_licence: bool
    is_taken: bool


@dataclass(frozen=True, slots=True)
class ListState:
    """One list and how many of its entries are present."""

    row: concierge.catalogue.CatalogueList
    present: int
    is_stale: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Source:
    """Where a list comes from, on which terms, and how often."""

    owner: str
    owner_code: str
    licence: str
    address: str
    every_days: int


class CatalogueDesk:
    """Opened once; `is_on` is the installation's switch."""

    def __init__(self, store: Store, clock: Clock, organisation: str, *, is_on: bool) -> None:
        self.is_on = is_on
        self._store, self._clock, self._organisation = store, clock, organisation
        self._reading = asyncio.Lock()
        self._written: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()

    def must_be_on(self) -> None:
        """Raises ConciergeOff."""
        if not self.is_on:
            raise ConciergeOff

    async def lists(self, person: Person) -> list[ListState]:
        """Every list; raises Forbidden."""
        self._keeper(person)
        now = self._clock.wall()

        def work(session: Session) -> list[ListState]:
            present = concierge.catalogue.present_counts(session)
            rows = concierge.catalogue.all_lists(session)
            return [
                ListState(row, present.get(row.id, 0), row.is_stale(now), _licence(row) is not None)
                for row in rows
            ]

        return await self._store.read(work)

    async def bring(
        self, person: Person, brought: Brought, address: str, *, is_check: bool, may_shrink: bool
    ) -> Outcome:
        """What a list says; taken in unless it is only looked at, has faults, or lost most of its rows.

        Raises Forbidden and ListChangedMeanwhile.
        """
        self._keeper(person)
        actor = Actor(person.identity, address)
        async with self._reading:
            return await asyncio.to_thread(self._bring_now, brought, None if is_check else actor, may_shrink)

    def _bring_now(self, brought: Brought, actor: Actor | None, may_shrink: bool) -> Outcome:
        at, name, noted = self._clock.wall(), brought.name, concierge.consistency.Consistency()
        row = self._store.read_now(lambda session: concierge.catalogue.by_name(session, name))
        origin = concierge.lists.Origin(
            owner=brought.owner or (row.owner if row else self._organisation),
            licence=brought.licence or (row.licence if row else ""),
            fetched_at=at,
            owner_code=brought.owner_code or (row.owner_code if row else ""),
        )
        with catalogue_intake.compare(self._store, name, brought.content, origin, noted) as prepared:
            catalogue_intake.note_others(self._store, noted, [name])
            has_faults = prepared.kind is None or prepared.remarks.fault_count > 0
            is_refused = has_faults or not origin.licence or (prepared.counts.many_gone and not may_shrink)
            if actor is not None and not is_refused:
                self._store.write_now(
                    lambda session: catalogue_intake.take_in(
                        session, name, prepared, actor, at, may_shrink=may_shrink
                    )
                )
            found = noted.contradictions(_today(at))
            return Outcome(
                kind=prepared.kind,
                counts=prepared.counts,
                findings=tuple(prepared.remarks),
                fault_count=prepared.remarks.fault_count,
                contradictions=tuple(islice(found, SHOWN_CONTRADICTIONS)),
                needs_licence=not origin.licence,
                is_taken=actor is not None and not is_refused,
            )

    async def describe(self, person: Person, list_id: str, source: Source, address: str) -> None:
        """Say where a list comes from; raises Forbidden and ListUnknown."""
        self._keeper(person)
        at = self._clock.wall()

        def work(session: Session) -> None:
            row = concierge.catalogue.by_id(session, list_id)
            row.owner, row.owner_code, row.licence = source.owner, source.owner_code, source.licence
            row.address, row.every_days, row.changed_at = source.address, source.every_days, at
            session.add(row)
            actor = Actor(person.identity, address)
            access_log.append(session, Entry(actor, Action.CATALOGUE_DESCRIBED, list_id), at)

        await self._store.write(work)

    async def changes(
        self, person: Person, list_id: str, limit: int
    ) -> list[concierge.catalogue.ChangedEntry]:
        """What became different in a list, newest first; raises Forbidden and ListUnknown."""
        self._keeper(person)
        return await self._store.read(
            lambda session: concierge.catalogue.recent_changes(session, list_id, limit)
        )

    def _keeper(self, person: Person) -> None:
        if not concierge.catalogue_people.may_keep_catalogue(person):
            raise Forbidden

    async def packages(self) -> list[concierge.open_data.Package]:
        """The lists whose terms let everybody use them."""

        def work(session: Session) -> list[concierge.open_data.Package]:
            present = concierge.catalogue.present_counts(session)
            rows = concierge.catalogue.all_lists(session)
            found = [_package(row, present.get(row.id, 0)) for row in rows]
            return [package for package in found if package is not None]

        return await self._store.read(work)

    async def package(self, name: str) -> concierge.open_data.Package:
        """One of them; raises ListUnknown."""
        for package in await self.packages():
            if package.name == name:
                return package
        raise concierge.catalogue.ListUnknown

    async def written(
        self, package: concierge.open_data.Package, shape: concierge.open_data.Shape
    ) -> bytes | AsyncIterator[bytes]:
        """A list in one piece where it is short, else in pieces as they are read."""
        key = package.name, shape.value, version_of(package)
        if package.rows > _KEPT_ROWS:
            return self._pieces(package, shape)
        if key not in self._written:
            self._written[key] = b"".join([piece async for piece in self._pieces(package, shape)])
            while len(self._written) > _KEPT_OUTPUTS:
                self._written.popitem(last=False)
        self._written.move_to_end(key)
        return self._written[key]

    async def _pieces(
        self, package: concierge.open_data.Package, shape: concierge.open_data.Shape
    ) -> AsyncIterator[bytes]:
        writer = concierge.open_data.Writer(shape, package.headings)
        yield writer.opening().encode()
        after = 0
        while True:
            found, after = await self._store.read(lambda session, since=after: _page(session, package, since))  # type: ignore[misc]
            if not found:
                break
            yield writer.rows(found).encode()
        yield writer.closing().encode()

    async def records(
        self,
        package: concierge.open_data.Package,
        filters: Mapping[str, str],
        words: str,
        page: tuple[int, int],
    ) -> tuple[int, list[concierge.catalogue.Kept]]:
        """How many rows there are with these cells and words, and a page of them (offset, limit)."""

        def work(session: Session) -> tuple[int, list[concierge.catalogue.Kept]]:
            row = concierge.catalogue.by_name(session, package.name)
            if row is None:
                raise concierge.catalogue.ListUnknown
            return concierge.catalogue.matching(session, row.id, filters, words, page)

        return await self._store.read(work)


def version_of(package: concierge.open_data.Package) -> str:
    """Becomes another one whenever what is given out does."""
    return f"{package.changed_at:%Y%m%dT%H%M%S%f}-{package.rows}"


def _today(at: datetime) -> date:
    return at.astimezone(JST).date()


def _licence(row: concierge.catalogue.CatalogueList) -> concierge.open_data.Licence | None:
    return concierge.open_data.licence_of(row.licence)


def _package(row: concierge.catalogue.CatalogueList, present: int) -> concierge.open_data.Package | None:
    licence = _licence(row)
    if licence is None:
        return None
    return concierge.open_data.Package(
        name=row.name,
        kind=concierge.entries.Kind(row.kind),
        owner=row.owner,
        licence=licence,
        fetched_at=row.fetched_at,
        changed_at=row.changed_at,
        headings=tuple(row.headings),
        rows=present,
    )


def _page(
    session: Session, package: concierge.open_data.Package, after: int
) -> tuple[list[concierge.entries.Entry], int]:
    row = concierge.catalogue.by_name(session, package.name)
    if row is None:
        return [], after
    kinds = (package.kind,)
    kept = list(concierge.catalogue.kept(session, kinds, list_id=row.id, after=after, limit=_PIECE))
    return [one.entry for one in kept], kept[-1].key if kept else after
