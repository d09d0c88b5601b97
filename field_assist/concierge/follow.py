"""The index follows the catalogue: what became different there is analysed and indexed anew, in small steps.

A step reads what is due in one transaction, analyses it outside of any, and writes it in another; what is
interrupted goes on where it was, and two nodes that follow at once write the same.
"""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlmodel import Session, col, select

from field_assist.concierge import catalogue, search_index
from field_assist.concierge.catalogue import CatalogueEntry
from field_assist.concierge.entries import Entry, Kind
from field_assist.concierge.lists import EntryMaker
from field_assist.concierge.search_index import Key

STEP = 64
"""Entries of a step: a few seconds of one core, a few megabytes."""


class Due(NamedTuple):
    """What the index does not say as the catalogue does."""

    changed: tuple[Entry, ...]
    gone: tuple[Key, ...]


def due(session: Session, *, has_meaning: bool, limit: int = STEP) -> Due:
    """The next entries to index, at most `limit`, and those that are no longer there."""
    known = search_index.indexed(session)
    changed: list[Entry] = []
    there: set[Key] = set()
    for entry in catalogue.entries(session):
        key = search_index.key_of(entry)
        there.add(key)
        if len(changed) < limit:
            if known.get(key) != search_index.fingerprint(entry, has_meaning=has_meaning):
                changed.append(entry)
    return Due(tuple(changed), tuple(known.keys() - there))


def lookup(session: Session, keys: Sequence[Key]) -> Mapping[Key, Entry]:
    """The present entries of these keys."""
    makers = {row.id: EntryMaker(Kind(row.kind), row.origin) for row in catalogue.all_lists(session) if keys}
    wanted = set(keys)
    query = select(CatalogueEntry.list_id, CatalogueEntry.content).where(
        col(CatalogueEntry.entry_id).in_({key.entry_id for key in keys}),
        col(CatalogueEntry.gone_at).is_(None),
    )
    entries = (makers[of](json.loads(content)) for of, content in session.exec(query))
    return {key: entry for entry in entries if (key := search_index.key_of(entry)) in wanted}
