"""Taking a list into the catalogue: all of it or nothing, and nothing that is there already.

A list is compared before anything is written: `known`, then `Prepared`, which reads it row by row and keeps
what is new or different in a file of its own, so that memory grows with the number of entries and not with
what they say. `take_in` writes just that in one transaction. A list that comes again unchanged writes only
that it was looked at.
"""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, SQLModel, col, select

from field_assist.concierge.catalogue import (
    EXPECTED_DAYS,
    GONE,
    HERE,
    CatalogueChange,
    CatalogueEntry,
    CatalogueList,
    by_name,
)
from field_assist.concierge.entries import STAFF_ONLY, Kind
from field_assist.concierge.lists import ListReader, Origin, Row
from field_assist.concierge.remarks import Counts, Remark, Remarks
from field_assist.identifiers import new_id
from field_assist.store import exclusive

_CHUNK = 1_000
_DIGEST_BYTES = 16
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_ENTRIES = SQLModel.metadata.tables[CatalogueEntry.__tablename__]
_CHANGES = SQLModel.metadata.tables[CatalogueChange.__tablename__]


class ListFaulty(Exception):
    """The list has faults; nothing of it is taken in."""


class ManyWouldGo(Exception):
    """More than half of what is there is not in this list: somebody has to say that it is meant."""


class ListChangedMeanwhile(Exception):
    """Somebody took the same list in since this one was compared; compare again."""


class Known(NamedTuple):
    """What is there of an entry, enough to compare with."""

    key: int
    digest: str
    list_id: str
    is_gone: bool


KnownEntries = Mapping[tuple[str, str], Known]
"""By the owner's code and its ID."""


class _Line(NamedTuple):
    """One entry to write; without a key it is new."""

    key: int | None
    owner_code: str
    entry_id: str
    digest: str
    content: str


def known(session: Session, kind: Kind) -> KnownEntries:
    """All entries of a kind that are or were there."""
    table = CatalogueEntry
    query = (
        select(table)
        .where(table.kind == kind.value)
        .with_only_columns(
            *(col(table.owner_code), col(table.entry_id), col(table.id)),
            *(col(table.digest), col(table.list_id), col(table.gone_at).is_not(None)),
        )
    )
    return {(row[0], row[1]): Known(row[2] or 0, *row[3:]) for row in session.connection().execute(query)}


class Prepared:
    """A list compared with the catalogue; a context manager, because it holds a file.

    `row` is the list as it was taken in before; `note` is called with each row as it is read.
    """

    def __init__(
        self,
        content: bytes,
        origin: Origin,
        look_up: Callable[[Kind], KnownEntries],
        row: CatalogueList | None,
        note: Callable[[Kind, Row], None] | None = None,
    ) -> None:
        self.origin, self.digest = origin, hashlib.sha256(content).hexdigest()
        self._reader = ListReader(content, origin)
        self._list_id, self._was = ("", "") if row is None else (row.id, row.digest)
        self._counted: Counter[str] = Counter()
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.gone: list[int] = []
        if self.kind is not None:
            self._read(self.kind, look_up(self.kind), note)

    def __enter__(self) -> "Prepared":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def kind(self) -> Kind | None:
        """What the rows are; None for what is no list."""
        return self._reader.kind

    @property
    def remarks(self) -> Remarks:
        """What there was to say about the list."""
        return self._reader.remarks

    @property
    def headings(self) -> tuple[str, ...]:
        """The list's columns in order."""
        return self._reader.headings

    @property
    def counts(self) -> Counts:
        """What taking it in would do."""
        counted = self._counted
        return Counts(counted["rows"], counted["added"], counted["changed"], counted["same"], len(self.gone))

    def is_of(self, row: CatalogueList | None) -> bool:
        """Whether it was compared with the list as this row says it is."""
        return (self._list_id, self._was) == (("", "") if row is None else (row.id, row.digest))

    def pieces(self) -> Iterator[list[_Line]]:
        """What is new or different, in pieces."""
        self._file.seek(0)
        piece: list[_Line] = []
        for line in self._file:
            head, _, content = line.rstrip("\n").partition("\t")
            key, owner_code, entry_id, digest = json.loads(head)
            piece.append(_Line(key, owner_code, entry_id, digest, content))
            if len(piece) >= _CHUNK:
                yield piece
                piece = []
        if piece:
            yield piece

    def _read(self, kind: Kind, there: KnownEntries, note: Callable[[Kind, Row], None] | None) -> None:
        left = {
            key: one.key for key, one in there.items() if one.list_id == self._list_id and not one.is_gone
        }
        if kind in STAFF_ONLY:
            self.remarks.add(Remark.STAFF_ONLY)
        for row in self._reader.rows():
            self._counted["rows"] += 1
            if note is not None:
                note(kind, row)
            left.pop(row[:2], None)
            self._compare(row, there.get(row[:2]))
        self._file.flush()
        self.gone = list(left.values())

    def _compare(self, row: Row, there: Known | None) -> None:
        content = _CANONICAL(row.facts)
        digest = hashlib.blake2b(content.encode(), digest_size=_DIGEST_BYTES).hexdigest()
        is_ours = there is not None and there.list_id == self._list_id
        if there is not None and not is_ours and not there.is_gone:
            self.remarks.add(Remark.ELSEWHERE, column="ID", value=row.entry_id)
            return
        if there is not None and is_ours and not there.is_gone and there.digest == digest:
            self._counted["same"] += 1
            return
        self._counted["added" if there is None or there.is_gone else "changed"] += 1
        head = _CANONICAL((there and there.key, row.owner_code, row.entry_id, digest))
        self._file.write(f"{head}\t{content}\n")  # JSON has no tab of its own


def take_in(
    session: Session, name: str, prepared: Prepared, at: datetime, *, may_shrink: bool = False
) -> CatalogueList:
    """Write it down. Raises ListFaulty, ManyWouldGo, and ListChangedMeanwhile."""
    exclusive(session, "catalogue")
    row = by_name(session, name)
    if prepared.kind is None or prepared.remarks.fault_count:
        raise ListFaulty
    if not prepared.is_of(row):
        raise ListChangedMeanwhile
    if prepared.counts.many_gone and not may_shrink:
        raise ManyWouldGo
    row = _list_row(session, name, prepared, row, at)
    for piece in prepared.pieces():
        new = [line for line in piece if line.key is None]
        other = {line.key: line for line in piece if line.key is not None}
        if new:
            session.connection().execute(insert(_ENTRIES), [_values(row, line, at) for line in new])
        if other:
            _change(session, row, other, at)
    for start in range(0, len(prepared.gone), _CHUNK):
        _leave(session, prepared.gone[start : start + _CHUNK], at)
    return row


def _list_row(
    session: Session, name: str, prepared: Prepared, row: CatalogueList | None, at: datetime
) -> CatalogueList:
    origin, counts = prepared.origin, prepared.counts
    if row is None:
        row = CatalogueList(
            id=new_id(at),
            name=name,
            kind="" if prepared.kind is None else prepared.kind.value,
            owner=origin.owner,
            owner_code=origin.owner_code,
            licence=origin.licence,
            address="",
            every_days=EXPECTED_DAYS,
            fetched_at=at,
            changed_at=at,
            digest="",
            row_count=0,
            headings=[],
        )
    is_other = (row.owner, row.owner_code, row.licence) != (origin.owner, origin.owner_code, origin.licence)
    if is_other or counts.added or counts.changed or counts.gone:
        row.changed_at = at
    row.owner, row.owner_code, row.licence = origin.owner, origin.owner_code, origin.licence
    row.fetched_at = row.tried_at = at
    row.fault, row.digest, row.row_count = "", prepared.digest, counts.rows
    row.headings = list(prepared.headings)
    session.add(row)
    session.flush()
    return row


def _values(row: CatalogueList, line: _Line, at: datetime) -> dict[str, object]:
    return {
        **{"list_id": row.id, "kind": row.kind, "owner_code": line.owner_code, "entry_id": line.entry_id},
        **{"digest": line.digest, "content": line.content, "first_at": at, "changed_at": at, "gone_at": None},
    }


def _change(session: Session, row: CatalogueList, lines: Mapping[int, _Line], at: datetime) -> None:
    """Entries that are or were there: their fields one by one into the history, then what they are now."""
    table = _ENTRIES.c
    there = session.connection().execute(
        select(CatalogueEntry)
        .where(table.id.in_(lines))
        .with_only_columns(table.id, table.content, table.gone_at)
    )
    history = []
    for key, content, gone_at in there:
        if gone_at is not None:
            history.append(_step(key, at, "", GONE, HERE))
        before, after = json.loads(content), json.loads(lines[key].content)
        history += [
            _step(key, at, field, before.get(field, ""), after.get(field, ""))
            for field in sorted(before.keys() | after.keys())
            if before.get(field, "") != after.get(field, "")
        ]
    if history:
        session.connection().execute(insert(_CHANGES), history)
    session.connection().execute(
        update(_ENTRIES).where(table.id == bindparam("key")).values(gone_at=None, changed_at=at),
        [
            {"key": key, "list_id": row.id, "digest": line.digest, "content": line.content}
            for key, line in lines.items()
        ],
    )


def _leave(session: Session, keys: Sequence[int], at: datetime) -> None:
    session.connection().execute(update(_ENTRIES).where(_ENTRIES.c.id.in_(keys)).values(gone_at=at))
    session.connection().execute(insert(_CHANGES), [_step(key, at, "", HERE, GONE) for key in keys])


def _step(key: int, at: datetime, field: str, before: str, after: str) -> dict[str, object]:
    return {"entry_key": key, "at": at, "field": field, "before": before, "after": after}
