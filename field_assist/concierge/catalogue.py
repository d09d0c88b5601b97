"""The catalogue in the database: lists that were taken in, their entries, and what changed in which field.

An entry is kept as its cells under the standard's headings; the rest of `Entry` follows from them when it is
read, so a better reading needs no new import. What has left its list stays, marked, with its history.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import JSON, Column, Field, Session, SQLModel, UniqueConstraint, col, func, select

from field_assist.concierge.entries import Entry, Kind
from field_assist.concierge.lists import EntryMaker, Origin
from field_assist.store import UtcDateTime

EXPECTED_DAYS = 31
"""How soon a list comes again, where nobody said: older ones are shown as stale."""
HERE, GONE = "here", "gone"
"""What an entry as a whole changes between, under the field ""."""
_CHUNK = 1_000


class ListUnknown(Exception):
    """No such list."""


class EntryUnknown(Exception):
    """No such entry."""


class CatalogueList(SQLModel, table=True):
    """One list and where it comes from; `address` is empty for one that people bring."""

    __tablename__ = "catalogue_list"

    id: str = Field(primary_key=True, max_length=26)
    name: str = Field(unique=True, max_length=100)
    kind: str = Field(max_length=12)
    owner: str
    owner_code: str = Field(max_length=6)
    licence: str
    address: str
    every_days: int
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    """When it was last taken in, or looked at and found unchanged."""
    changed_at: datetime = Field(sa_type=UtcDateTime)
    digest: str = Field(max_length=64)
    row_count: int
    headings: list[str] = Field(sa_column=Column(JSON, nullable=False))
    """Its columns in order, as the standard writes them."""
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fault: str = ""
    """Why the last try failed, as a word; empty when it did not."""

    @property
    def origin(self) -> Origin:
        """For reading its entries."""
        return Origin(self.owner, self.licence, self.fetched_at, self.owner_code)

    def is_stale(self, now: datetime) -> bool:
        """Whether it should have come again by now; a day's grace."""
        return now > self.fetched_at + timedelta(days=self.every_days + 1)


class CatalogueEntry(SQLModel, table=True):
    """One record, present or gone; `content` is its cells as JSON by heading."""

    __tablename__ = "catalogue_entry"
    __table_args__ = (UniqueConstraint("kind", "owner_code", "entry_id"),)

    id: int | None = Field(default=None, primary_key=True)
    list_id: str = Field(foreign_key="catalogue_list.id", index=True, max_length=26)
    kind: str = Field(max_length=12)
    owner_code: str = Field(max_length=6)
    entry_id: str = Field(max_length=100)
    digest: str = Field(max_length=32)
    content: str
    first_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    gone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CatalogueChange(SQLModel, table=True):
    """One field of one entry became different; field "" is the entry itself, leaving or coming back."""

    __tablename__ = "catalogue_change"

    id: int | None = Field(default=None, primary_key=True)
    entry_key: int = Field(foreign_key="catalogue_entry.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    field: str
    before: str
    after: str


class ChangedEntry(NamedTuple):
    """One change and whose it is."""

    change: CatalogueChange
    entry_id: str
    title: str


class Kept(NamedTuple):
    """An entry with the key of its row, by which indexes and histories know it, and its list's name."""

    key: int
    entry: Entry
    list_name: str


def all_lists(session: Session) -> list[CatalogueList]:
    """Every list, by kind and name."""
    return list(
        session.exec(select(CatalogueList).order_by(col(CatalogueList.kind), col(CatalogueList.name)))
    )


def by_name(session: Session, name: str) -> CatalogueList | None:
    """One list."""
    return session.exec(select(CatalogueList).where(CatalogueList.name == name)).first()


def by_id(session: Session, list_id: str) -> CatalogueList:
    """One list; raises ListUnknown."""
    row = session.get(CatalogueList, list_id)
    if row is None:
        raise ListUnknown
    return row


def version(session: Session) -> str:
    """Becomes another one whenever an entry did: what was derived from the catalogue is fresh while it is."""
    columns = select(func.count(), func.max(CatalogueList.changed_at)).select_from(CatalogueList)
    lists, latest = session.exec(columns).one()
    return f"{lists}-{latest}"


def kept(
    session: Session,
    kinds: Collection[Kind] = tuple(Kind),
    *,
    list_id: str | None = None,
    after: int = 0,
    limit: int | None = None,
) -> Iterator[Kept]:
    """The present entries by key, streamed; `after` a key, so that pages need no offset."""
    lists = {row.id: row for row in all_lists(session)}
    makers = {row.id: EntryMaker(Kind(row.kind), row.origin) for row in lists.values()}
    query = (
        select(CatalogueEntry.id, CatalogueEntry.list_id, CatalogueEntry.content)
        .where(col(CatalogueEntry.gone_at).is_(None), col(CatalogueEntry.id) > after)
        .where(col(CatalogueEntry.kind).in_([kind.value for kind in kinds]))
        .order_by(col(CatalogueEntry.id))
        .limit(limit)
        .execution_options(yield_per=_CHUNK)
    )
    if list_id is not None:
        query = query.where(CatalogueEntry.list_id == list_id)
    for key, of, content in session.exec(query):
        yield Kept(key or 0, makers[of](json.loads(content)), lists[of].name)


def entries(session: Session, kinds: Collection[Kind] = tuple(Kind)) -> Iterator[Entry]:
    """The present entries of these kinds, streamed."""
    return (one.entry for one in kept(session, kinds))


def by_key(session: Session, key: int) -> Kept:
    """One entry that is present; raises EntryUnknown."""
    for one in kept(session, after=key - 1, limit=1):
        if one.key == key:
            return one
    raise EntryUnknown


def by_entry_id(session: Session, kind: Kind, entry_id: str, owner_code: str | None = None) -> list[Kept]:
    """The present entries with this ID: one, or one for each owner who uses it."""
    query = select(CatalogueEntry.id).where(
        CatalogueEntry.kind == kind.value, CatalogueEntry.entry_id == entry_id
    )
    query = query.where(col(CatalogueEntry.gone_at).is_(None))
    if owner_code is not None:
        query = query.where(CatalogueEntry.owner_code == owner_code)
    return [by_key(session, key) for key in session.exec(query) if key is not None]


def changes(session: Session, key: int, limit: int = 100) -> list[CatalogueChange]:
    """What became different of an entry, newest first."""
    query = select(CatalogueChange).where(CatalogueChange.entry_key == key)
    return list(session.exec(query.order_by(col(CatalogueChange.id).desc()).limit(limit)))


def recent_changes(session: Session, list_id: str, limit: int) -> list[ChangedEntry]:
    """What became different in a list, newest first; raises ListUnknown."""
    row = by_id(session, list_id)
    make = EntryMaker(Kind(row.kind), row.origin)
    query = (
        select(CatalogueChange, CatalogueEntry.content)
        .where(CatalogueChange.entry_key == CatalogueEntry.id, CatalogueEntry.list_id == list_id)
        .order_by(col(CatalogueChange.id).desc())
        .limit(limit)
    )
    found = ((change, make(json.loads(content))) for change, content in session.exec(query))
    return [ChangedEntry(change, entry.entry_id, entry.title) for change, entry in found]


def present_counts(session: Session) -> dict[str, int]:
    """How many entries are present, by their list's id."""
    query = select(CatalogueEntry.list_id, func.count()).where(col(CatalogueEntry.gone_at).is_(None))
    return dict(session.exec(query.group_by(col(CatalogueEntry.list_id))).all())


def matching(
    session: Session, list_id: str, filters: Mapping[str, str], words: str, page: tuple[int, int]
) -> tuple[int, list[Kept]]:
    """How many present entries of a list have just these cells and hold these words; `page` (offset, limit).

    Cells are kept as JSON, so a cell is looked for as it stands there: its heading, its text, whole.
    """
    parts = [
        f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(text, ensure_ascii=False)}"
        for name, text in filters.items()
    ] + words.split()
    conditions = [
        col(CatalogueEntry.list_id) == list_id,
        col(CatalogueEntry.gone_at).is_(None),
        *(col(CatalogueEntry.content).contains(part, autoescape=True) for part in parts),
    ]
    total = session.exec(select(func.count()).select_from(CatalogueEntry).where(*conditions)).one()
    row, (offset, limit) = by_id(session, list_id), page
    make = EntryMaker(Kind(row.kind), row.origin)
    query = select(CatalogueEntry.id, CatalogueEntry.content).where(*conditions)
    found = session.exec(query.order_by(col(CatalogueEntry.id)).offset(offset).limit(limit))
    return total, [Kept(key or 0, make(json.loads(content)), row.name) for key, content in found]
