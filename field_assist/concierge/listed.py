"""The catalogue as notices read it: what is there, and what became new or different after a moment.

A list that brings more than `MOST_NEWS` new entries at once has begun or was made anew: that is no news of
any one of them, and nobody is told.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import groupby

from sqlmodel import Session, col, func, select

from field_assist.concierge import catalogue
from field_assist.concierge.catalogue import CatalogueChange, CatalogueEntry
from field_assist.concierge.entries import Entry, Kind
from field_assist.concierge.following import Change, FieldChange
from field_assist.concierge.lists import EntryMaker

MOST_NEWS = 1_000


class Listed:
    """`notices.EntrySource` over the tables of `catalogue`."""

    def entries(self, session: Session, kinds: Collection[Kind]) -> Iterable[Entry]:
        """All present entries of these kinds."""
        return catalogue.entries(session, kinds)

    def entry(self, session: Session, key: str) -> Entry | None:
        """The present entry with this key (`following.entry_key`)."""
        kind, _, rest = key.partition("/")
        owner_code, _, entry_id = rest.partition("/")
        found = catalogue.by_entry_id(session, Kind(kind), entry_id, owner_code) if kind in set(Kind) else []
        return found[0].entry if found else None

    def changes_since(self, session: Session, since: datetime) -> Iterable[Change]:
        """What became new or different after this moment, oldest first."""
        makers = {row.id: EntryMaker(Kind(row.kind), row.origin) for row in catalogue.all_lists(session)}
        found = [*_new(session, since, makers), *_different(session, since, makers)]
        return sorted(found, key=lambda change: change.at)

    def version(self, session: Session) -> str:
        """Another one whenever an entry became different."""
        return catalogue.version(session)


def _new(session: Session, since: datetime, makers: dict[str, EntryMaker]) -> Iterator[Change]:
    present = (col(CatalogueEntry.first_at) > since, col(CatalogueEntry.gone_at).is_(None))
    of_one_moment = (CatalogueEntry.list_id, col(CatalogueEntry.first_at))
    counted = select(*of_one_moment, func.count()).where(*present).group_by(*of_one_moment)
    for list_id, at, count in session.exec(counted):
        if count <= MOST_NEWS:
            of_these = select(CatalogueEntry.content).where(
                CatalogueEntry.list_id == list_id, CatalogueEntry.first_at == at, *present
            )
            for content in session.exec(of_these.order_by(col(CatalogueEntry.id))):
                yield Change(makers[list_id](json.loads(content)), at, is_new=True)


def _different(session: Session, since: datetime, makers: dict[str, EntryMaker]) -> Iterator[Change]:
    query = (
        select(CatalogueChange, CatalogueEntry.list_id, CatalogueEntry.content)
        .where(CatalogueChange.entry_key == CatalogueEntry.id, col(CatalogueEntry.gone_at).is_(None))
        .where(CatalogueChange.at > since, CatalogueChange.field != "")
        .order_by(col(CatalogueChange.at), col(CatalogueChange.entry_key), col(CatalogueChange.id))
    )
    together = groupby(session.exec(query), key=lambda row: (row[0].at, row[0].entry_key))
    for (at, _), rows in together:
        changed = list(rows)
        _, list_id, content = changed[0]
        fields = tuple(FieldChange(change.field, change.before, change.after) for change, _, _ in changed)
        yield Change(makers[list_id](json.loads(content)), at, fields=fields)
