"""Documents brought many at once, from the command line: all of them or none, and each only once.

A document is known again by its number where it comes from. What is said of it is put right; the same bytes
are the same version. Files are on the shelf before the one transaction that makes them versions; the server
reads them afterwards. Blocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from field_assist import Person, Session, Store, documents, new_id
from signaling.accounts import access_log
from signaling.accounts.access_log import COMMAND_LINE, Action, Entry
from signaling.library import file_types
from signaling.library.file_types import Refused
from signaling.library.shelf import Shelf

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Brought:
    """One document with its file, which is a path or the bytes themselves."""

    new: documents.Particulars
    owner: Person
    file_name: str
    content: Path | bytes
    label: str = ""
    issued_on: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of it."""

    added: int
    changed: int
    same: int


def refusal(path: Path) -> str:
    """Why a file would not be taken, as far as a first look shows; empty where it would be."""
    with path.open("rb") as file:
        head = file.read(file_types.HEAD_BYTES)
        file.seek(max(0, path.stat().st_size - file_types.TAIL_BYTES))
        try:
            file_types.sniff(head, file.read())
        except Refused as refused:
            return refused.reason.value
    return ""


def take_in(store: Store, shelf: Shelf, brought: Sequence[Brought], at: datetime) -> Counts:
    """All of them."""
    shelf.open()
    staged: list[documents.NewVersion] = []
    try:
        for each in brought:
            staged.append(_staged(shelf, each, at))
        counts, unused = store.write_now(lambda session: _written(session, brought, staged, at))
    except BaseException:
        for version in staged:
            shelf.forget(version.id)
        raise
    for version_id in unused:
        shelf.forget(version_id)
    return counts


def _staged(shelf: Shelf, each: Brought, at: datetime) -> documents.NewVersion:
    version_id = new_id(at)
    with shelf.incoming() as incoming:
        if isinstance(each.content, bytes):
            incoming.write(each.content)
        else:
            with each.content.open("rb") as file:
                while piece := file.read(_PIECE):
                    incoming.write(piece)
        incoming.keep_as(shelf.original(version_id))
    return documents.NewVersion(
        version_id, each.file_name, incoming.size_bytes, incoming.sha256, each.label, each.issued_on
    )


def _written(
    session: Session, brought: Sequence[Brought], staged: Sequence[documents.NewVersion], at: datetime
) -> tuple[Counts, list[str]]:
    known = documents.by_source(session, [each.new.source_no for each in brought])
    added, changed, unused, entries = 0, 0, [], list[Entry]()
    for each, version in zip(brought, staged, strict=True):
        document = known.get(each.new.source_no)
        if document is None:
            document = documents.add(session, each.owner, each.new, at)
            entries.append(Entry(COMMAND_LINE, Action.DOCUMENT_ADDED, document.id))
            added, is_new, differs = added + 1, True, list[str]()
        else:
            newest = next(iter(documents.versions(session, document.id)), None)
            is_new = newest is None or newest.sha256 != version.sha256
            differs = documents.change(session, document, _said(each.new), at)
            changed += bool(is_new or differs)
        if differs:
            entries.append(
                Entry(COMMAND_LINE, Action.DOCUMENT_CHANGED, document.id, detail=",".join(differs))
            )
        if is_new:
            documents.add_version(session, document, version, each.owner.id, at)
            entries.append(
                Entry(COMMAND_LINE, Action.DOCUMENT_VERSION_ADDED, document.id, detail=version.sha256)
            )
        else:
            unused.append(version.id)
    for entry in entries:  # last: its lock is everybody's
        access_log.append(session, entry, at)
    return Counts(added, changed, len(brought) - added - changed), unused


def _said(new: documents.Particulars) -> dict[str, str | int | list[str]]:
    said: dict[str, str | int | list[str]] = {
        "title": new.title,
        "kind": new.kind,
        "disclosure": new.disclosure.value,
        "sensitivity": new.sensitivity,
        "retention": new.retention,
        "tags": list(new.tags),
    }
    return said | {name: value for name in ("department", "office") if (value := getattr(new, name))}
