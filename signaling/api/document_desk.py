"""What staff do with the library: add documents and versions, change, withdraw, link to cases, take out.

Each act is one transaction of rule, rows and access-log row; only after it was committed are the event
streams told. A file is whole and on the disk before its row; it is read by a worker process afterwards, one
file at a time, and a version is ready or refused when that ended. Pages are drawn when somebody looks, a few
ahead.
"""

import asyncio
import logging
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.requests import ClientDisconnect

from field_assist import (
    JST,
    CaseSheet,
    CaseUnknown,
    Document,
    DocumentSheet,
    DocumentUnknown,
    DocumentVersion,
    DocumentWithdrawn,
    Person,
    Session,
    Store,
    StoreUnavailable,
    cases,
    document_index,
    documents,
    new_id,
    people,
    staff,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.api.call_desk import Forbidden
from signaling.api.case_desk import publish_change
from signaling.api.event_streams import EventHub
from signaling.beside import beside, woken
from signaling.clock import Clock
from signaling.library.file_types import Reason, Refused
from signaling.library.gallery import Gallery
from signaling.library.reader import Reader
from signaling.library.shelf import Incoming, Shelf

DOCUMENTS_CHANGED = "documents"
MAX_DRAWN_BYTES = 10 * 1024**3
MIN_FREE_BYTES = 1024**3
_PIECE_BYTES = 1024 * 1024
_LOOK_AGAIN_S = 60.0
_MAX_NOTED = 100_000

log = logging.getLogger(__name__)


class FileTooLarge(Exception):
    """The file has more bytes than this installation takes."""

    def __init__(self, max_mb: int) -> None:
        super().__init__("max_mb")
        self.max_mb = max_mb


class FileBroken(Exception):
    """The file did not arrive whole; sending it again helps."""


class StorageFull(Exception):
    """There is not enough room on the server's disk."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """What is said of a file while it is sent."""

    name: str
    label: str = ""
    issued_on: str = ""


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A document as it was read, with how far each unfinished version is and who made the versions."""

    sheet: DocumentSheet
    read_pages: Mapping[str, int]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OpenVersion:
    """A version and its pages, read in one transaction."""

    document: Document
    version: DocumentVersion
    pages: list[documents.DocumentPage]
    read_pages: int
    maker: str


class DocumentDesk:
    """All of it; one per installation. `address` is where the acting person's request came from."""

    def __init__(
        self, store: Store, shelf: Shelf, reader: Reader, hub: EventHub, clock: Clock, *, max_bytes: int
    ) -> None:
        self.max_bytes = max_bytes
        self._store = store
        self._shelf = shelf
        self._reader = reader
        self._gallery = Gallery(shelf, reader)
        self._hub = hub
        self._clock = clock
        self._wake = asyncio.Event()
        self._progress: dict[str, int] = {}
        self._noted: set[tuple[str, str, str]] = set()

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[DocumentDesk]":
        """Read what arrives while the block runs, beginning with what was left unread."""
        await asyncio.to_thread(self._shelf.open)
        async with self._gallery.running(), beside(self._run()):
            yield self

    async def begin(
        self, person: Person, new: documents.Particulars, case_id: str | None, address: str
    ) -> OpenDocument:
        """A new document, still without its file, perhaps of a case. Raises Forbidden, CaseUnknown."""
        if not people.may_add_document(person):
            raise Forbidden
        at = self._clock.wall()

        def work(session: Session) -> OpenDocument:
            document = documents.add(session, person, new, at)
            if case_id is not None:
                _link(session, person, documents.sheet(session, document.id), case_id, at)
            access_log.acted(session, person, address, Action.DOCUMENT_ADDED, document.id, at)
            return self._opened(session, document.id)

        return self._published(await self._store.write(work), case_id)

    async def read(self, person: Person, document_id: str, address: str) -> OpenDocument:
        """One document; that a sensitive one was read is noted. Raises DocumentUnknown."""

        def look(session: Session) -> OpenDocument:
            opened = self._opened(session, document_id)
            _must_see(person, opened.sheet)
            return opened

        opened = await self._store.read(look)
        await self._note_reading(person, opened.sheet.document, "", address)
        return opened

    async def version(self, person: Person, version_id: str, address: str) -> OpenVersion:
        """A version of a document the person may see, with its pages. Raises DocumentUnknown."""

        def look(session: Session) -> OpenVersion:
            version = documents.version(session, version_id)
            sheet = documents.sheet(session, version.document_id)
            _must_see(person, sheet)
            maker = staff.people(session, [version.created_by])[version.created_by].name
            done = self._progress.get(version_id, 0)
            pages = documents.pages(session, version_id)
            return OpenVersion(sheet.document, version, pages, done, maker)

        opened = await self._store.read(look)
        await self._note_reading(person, opened.document, version_id, address)
        return opened

    async def shown_page(
        self, person: Person, version_id: str, number: int, width: int, address: str
    ) -> bytes:
        """`page_image` for somebody who may see the document. Raises DocumentUnknown, PageUnreadable."""

        def look(session: Session) -> Document:
            sheet = documents.sheet(session, documents.version(session, version_id).document_id)
            _must_see(person, sheet)
            return sheet.document

        document = await self._store.read(look)
        await self._note_reading(person, document, f"{version_id}.{number}", address)
        return await self.page_image(version_id, number, width)

    async def _note_reading(self, person: Person, document: Document, what: str, address: str) -> None:
        """That somebody reads a sensitive document is a row of the access log; once a day for each page."""
        at = self._clock.wall()
        key = (person.id, document.id, f"{what} {at.astimezone(JST):%Y%m%d}")
        if document.sensitivity < people.NARROW_SENSITIVITY or key in self._noted:
            return
        await self._store.write(
            lambda session: access_log.acted(
                session, person, address, Action.DOCUMENT_READ, document.id, at, what
            )
        )
        if len(self._noted) >= _MAX_NOTED:
            self._noted.clear()
        self._noted.add(key)

    async def change(
        self,
        person: Person,
        document_id: str,
        new: Mapping[str, str | int | list[str]],
        is_withdrawn: bool | None,
        address: str,
    ) -> OpenDocument:
        """Set some fields, take it out of use or back. Raises DocumentUnknown, Forbidden."""
        at = self._clock.wall()

        def work(session: Session) -> OpenDocument:
            document = _must_change(person, documents.locked(session, document_id)).document
            acts = []
            if is_withdrawn and documents.withdraw(session, document, at):
                acts.append((Action.DOCUMENT_WITHDRAWN, ""))
            if is_withdrawn is False and documents.restore(session, document, at):
                acts.append((Action.DOCUMENT_RESTORED, ""))
            changed = documents.change(session, document, new, at)
            for name in ("disclosure", "sensitivity"):
                if name in changed:
                    acts.append((Action.DOCUMENT_DISCLOSED, f"{name}={new[name]}"))
            if rest := [name for name in changed if name not in ("disclosure", "sensitivity")]:
                acts.append((Action.DOCUMENT_CHANGED, ",".join(rest)))
            for action, detail in acts:
                access_log.acted(session, person, address, action, document_id, at, detail)
            return self._opened(session, document_id)

        return self._published(await self._store.write(work))

    async def link(self, person: Person, document_id: str, case_id: str, address: str) -> OpenDocument:
        """It belongs to a case as well. Raises DocumentUnknown, DocumentWithdrawn, CaseUnknown, Forbidden."""
        at = self._clock.wall()

        def work(session: Session) -> OpenDocument:
            sheet = documents.locked(session, document_id)
            _must_see(person, sheet)
            if _link(session, person, sheet, case_id, at):
                access_log.acted(session, person, address, Action.DOCUMENT_LINKED, document_id, at, case_id)
            return self._opened(session, document_id)

        return self._published(await self._store.write(work), case_id)

    async def unlink(self, person: Person, document_id: str, case_id: str, address: str) -> OpenDocument:
        """It was put into the wrong case. Raises DocumentUnknown, CaseUnknown, Forbidden."""
        at = self._clock.wall()

        def work(session: Session) -> OpenDocument:
            sheet = documents.locked(session, document_id)
            _must_see(person, sheet)
            case = _linkable(session, person, sheet, case_id)
            if documents.unlink(session, sheet.document, case_id):
                cases.happened(
                    session, case.case, cases.EventKind.DOCUMENT_UNLINKED, person, at, *_named(sheet.document)
                )
                access_log.acted(session, person, address, Action.DOCUMENT_UNLINKED, document_id, at, case_id)
            return self._opened(session, document_id)

        return self._published(await self._store.write(work), case_id)

    async def receive(
        self, person: Person, document_id: str, pieces: AsyncIterable[bytes], file: NewFile, address: str
    ) -> OpenDocument:
        """The bytes of a new version, which is read next. Raises DocumentUnknown, DocumentWithdrawn,
        Forbidden, FileTooLarge, FileBroken, StorageFull."""
        await self._store.read(
            lambda session: _may_get_version(person, documents.sheet(session, document_id))
        )
        if await asyncio.to_thread(self._shelf.free_bytes) < MIN_FREE_BYTES + self.max_bytes:
            raise StorageFull
        at = self._clock.wall()
        version_id = new_id(at)
        with self._shelf.incoming() as incoming:
            await self._fill(incoming, pieces)
            await asyncio.to_thread(incoming.keep_as, self._shelf.original(version_id))
        new = documents.NewVersion(
            version_id, file.name, incoming.size_bytes, incoming.sha256, file.label, file.issued_on
        )

        def work(session: Session) -> OpenDocument:
            sheet = documents.locked(session, document_id)
            _may_get_version(person, sheet)
            documents.add_version(session, sheet.document, new, person.id, at)
            access_log.acted(
                session, person, address, Action.DOCUMENT_VERSION_ADDED, document_id, at, new.sha256
            )
            return self._opened(session, document_id)

        try:
            opened = await self._store.write(work)
        except Exception:
            await asyncio.to_thread(self._shelf.forget, version_id)
            raise
        self._wake.set()
        return self._published(opened)

    async def original(self, person: Person, version_id: str, address: str) -> tuple[Path, DocumentVersion]:
        """The file as it came; that it was taken is a row of the access log. Raises DocumentUnknown."""
        at = self._clock.wall()

        def work(session: Session) -> DocumentVersion:
            version = documents.version(session, version_id)
            _must_see(person, documents.sheet(session, version.document_id))
            if version.state != documents.VersionState.READY.value:
                raise DocumentUnknown  # nobody has looked into it yet
            access_log.acted(
                session, person, address, Action.DOCUMENT_TAKEN, version.document_id, at, version_id
            )
            return version

        version = await self._store.write(work)
        return self._shelf.original(version.id), version

    async def page_image(self, version_id: str, number: int, width: int) -> bytes:
        """A page as WebP, in the next of the gallery's widths; no rule is asked here. Raises DocumentUnknown,
        PageUnreadable."""
        found = await self._store.read(
            lambda session: documents.version_with_page(session, version_id, number)
        )
        return await self._gallery.picture(version_id, found.media_type, found.pages, number, width)

    async def tidy(self) -> None:
        """Housekeeping: pictures of pages can be drawn again, so they take a bounded part of the disk."""
        gone = await asyncio.to_thread(self._shelf.trim, MAX_DRAWN_BYTES)
        if gone:
            log.info("pictures_thrown_away", extra={"pictures": gone})

    async def _fill(self, incoming: Incoming, pieces: AsyncIterable[bytes]) -> None:
        held = bytearray()
        try:
            async for piece in pieces:
                held += piece
                if incoming.size_bytes + len(held) > self.max_bytes:
                    raise FileTooLarge(self.max_bytes // 1_000_000)
                if len(held) >= _PIECE_BYTES:
                    await asyncio.to_thread(incoming.write, bytes(held))
                    held.clear()
        except ClientDisconnect:
            raise FileBroken from None
        await asyncio.to_thread(incoming.write, bytes(held))

    async def _run(self) -> None:
        while True:
            try:
                for version_id in await self._store.read(documents.unread):
                    if self._shelf.original(version_id).exists():  # else another node's
                        await self._read_or_say(version_id)
            except StoreUnavailable:
                log.warning("reading_waits_for_the_database")
            await woken(self._wake, _LOOK_AGAIN_S)

    async def _read_or_say(self, version_id: str) -> None:
        """A fault of ours, or a full disk, must end neither the calls beside it nor what waits behind it."""
        try:
            await self._read(version_id)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("reading_failed", extra={"version": version_id})

    async def _read(self, version_id: str) -> None:
        """Read one version, to whatever end."""

        async def known(media_type: str, count: int) -> None:
            await self._store.write(
                lambda session: documents.known_pages(session, version_id, media_type, count)
            )
            await self._tell(version_id)

        def done(count: int) -> None:
            self._progress[version_id] = count

        try:
            with self._shelf.scratch() as scratch:
                found = await self._reader.read(self._shelf.original(version_id), scratch, known, done)
                await asyncio.to_thread(self._shelf.take, version_id, scratch)
            words = await asyncio.to_thread(_words, found.pages)
            at = self._clock.wall()
            await self._store.write(
                lambda session: documents.read(session, version_id, found.media_type, found.pages, words, at)
            )
            log.info("document_read", extra={"version": version_id, "pages": len(found.pages)})
            self._gallery.prepare(version_id, found.media_type, len(found.pages))
        except Refused as refused:
            await self._refuse(version_id, refused.reason)
        self._progress.pop(version_id, None)
        await self._tell(version_id)

    async def _refuse(self, version_id: str, reason: Reason) -> None:
        log.warning("document_refused", extra={"version": version_id, "reason": reason.value})
        is_first = await self._store.write(
            lambda session: documents.refuse(session, version_id, reason.value)
        )
        if is_first:
            await asyncio.to_thread(self._shelf.forget, version_id)

    async def _tell(self, version_id: str) -> None:
        facts = await self._store.read(lambda session: documents.facts(session, version_id))
        self._hub.publish(DOCUMENTS_CHANGED, lambda person: people.may_see_document(person, facts))

    def _opened(self, session: Session, document_id: str) -> OpenDocument:
        sheet = documents.sheet(session, document_id)
        makers = staff.people(session, sorted({each.created_by for each in sheet.versions}))
        names = {maker.id: maker.name for maker in makers.values()}
        return OpenDocument(
            sheet, {each.id: self._progress.get(each.id, 0) for each in sheet.versions}, names
        )

    def _published(self, opened: OpenDocument, case_id: str | None = None) -> OpenDocument:
        facts = opened.sheet.facts
        self._hub.publish(DOCUMENTS_CHANGED, lambda person: people.may_see_document(person, facts))
        for each in opened.sheet.linked:
            if each.sheet.case.id == case_id:
                publish_change(self._hub, each.sheet)
        return opened


def _words(pages: Sequence[documents.PageRead]) -> list[document_index.Indexed]:
    """What the pages are found by; some seconds for a thick book."""
    return [document_index.indexed(page.text) for page in pages]


def _must_see(person: Person, sheet: DocumentSheet) -> None:
    if not people.may_see_document(person, sheet.facts):
        raise DocumentUnknown


def _must_change(person: Person, sheet: DocumentSheet) -> DocumentSheet:
    _must_see(person, sheet)
    if not people.may_change_document(person, sheet.facts):
        raise Forbidden
    return sheet


def _may_get_version(person: Person, sheet: DocumentSheet) -> None:
    if _must_change(person, sheet).document.withdrawn_at is not None:
        raise DocumentWithdrawn


def _linkable(session: Session, person: Person, sheet: DocumentSheet, case_id: str) -> CaseSheet:
    case = cases.locked(session, case_id)
    if not people.may_see_case(person, case.facts):
        raise CaseUnknown
    if not people.may_link_document(person, sheet.facts, case.facts):
        raise Forbidden
    return case


def _link(session: Session, person: Person, sheet: DocumentSheet, case_id: str, at: datetime) -> bool:
    """Link it and say so on the case's timeline; False where it is linked."""
    if sheet.document.withdrawn_at is not None:
        raise DocumentWithdrawn
    case = _linkable(session, person, sheet, case_id)
    if not documents.link(session, sheet.document, case_id, person, at):
        return False
    cases.happened(session, case.case, cases.EventKind.DOCUMENT_LINKED, person, at, *_named(sheet.document))
    return True


def _named(document: Document) -> tuple[str, dict[str, str | list[list[str]]]]:
    return document.title, {"document": document.id}
