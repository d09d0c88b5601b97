"""The index follows the catalogue: what became different there is analysed and indexed anew, page by page.

A page is read in one transaction, analysed outside of any, and written in another; what is interrupted begins
again and finds most of it done, and two nodes that follow at once write the same.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlmodel import Session, col, select

from field_assist.concierge import catalogue, proposals, search_index
from field_assist.concierge.catalogue import CatalogueEntry
from field_assist.concierge.entries import Entry, Key, Kind, key_of
from field_assist.concierge.lists import EntryMaker

PAGE = 32
"""Entries of a page: a second of one core, some megabytes."""


class Page(NamedTuple):
    """The entries of a page that the index does not know as they are, and where the next one begins."""

    changed: tuple[Entry, ...]
    after: int
    is_last: bool


def version(session: Session) -> str:
    """Becomes another one whenever what is indexed does."""
    return f"{catalogue.version(session)} {proposals.version(session)}"


def page(session: Session, after: int, *, has_meaning: bool) -> Page:
    """The page after this key of the catalogue; 0 is before the first."""
    kept = list(catalogue.kept(session, after=after, limit=PAGE))
    entries = _with_needs(session, [one.entry for one in kept])
    known = search_index.fingerprints(session, [key_of(entry) for entry in entries])
    changed = tuple(
        entry
        for entry in entries
        if known.get(key_of(entry)) != search_index.fingerprint(entry, has_meaning=has_meaning)
    )
    return Page(changed, kept[-1].key if kept else after, is_last=len(kept) < PAGE)


def gone(session: Session) -> list[Key]:
    """Entries that are still found and no longer there."""
    query = select(CatalogueEntry.kind, CatalogueEntry.owner_code, CatalogueEntry.entry_id).where(
        col(CatalogueEntry.gone_at).is_(None)
    )
    present = {Key(Kind(kind), owner, entry) for kind, owner, entry in session.exec(query)}
    return sorted(search_index.keys(session) - present)


def lookup(session: Session, keys: Sequence[Key]) -> Mapping[Key, Entry]:
    """The present entries of these keys."""
    if not keys:
        return {}
    makers = {row.id: EntryMaker(Kind(row.kind), row.origin) for row in catalogue.all_lists(session)}
    wanted = set(keys)
    query = select(CatalogueEntry.list_id, CatalogueEntry.content).where(
        col(CatalogueEntry.entry_id).in_({key.entry_id for key in keys}),
        col(CatalogueEntry.gone_at).is_(None),
    )
    entries = [makers[of](json.loads(content)) for of, content in session.exec(query)]
    return {key: entry for entry in _with_needs(session, entries) if (key := key_of(entry)) in wanted}


def _with_needs(session: Session, entries: Sequence[Entry]) -> list[Entry]:
    """With the words that staff took into こんなとき; those of the list itself come first."""
    taken = proposals.taken(session, [key_of(entry) for entry in entries])
    return [
        replace(entry, needs=(*entry.needs, *more)) if (more := _taken_of(entry, taken)) else entry
        for entry in entries
    ]


def _taken_of(entry: Entry, taken: Mapping[Key, Sequence[str]]) -> tuple[str, ...]:
    return tuple(word for word in taken.get(key_of(entry), ()) if word not in entry.needs)
