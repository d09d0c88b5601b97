"""資料: the documents of the library, their versions, the pages of those, and the cases they are linked to.

Tables and their operations; each is a function of a session and runs inside the caller's transaction. Who may
do what is decided by `people`, before these are called. A version's bytes are a file beside the database and
are there before its row; old versions are kept. A new version is `reading` until its pages are known, and the
document shows it from then on. Text of pages is kept as it stands in the file.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger
from sqlmodel import JSON, Column, Field, Session, SQLModel, col, delete, func, select

from field_assist import cases, document_index, staff
from field_assist.document_index import Indexed
from field_assist.identifiers import new_id
from field_assist.people import Disclosure, DocumentFacts, Person
from field_assist.store import UtcDateTime, exclusive


class VersionState(StrEnum):
    """How far a version is."""

    READING = "reading"
    READY = "ready"
    REFUSED = "refused"  # `reason` says why; the original is not kept


class DocumentUnknown(Exception):
    """No such document, version or page, or none this person may know of: the answer is the same."""


class DocumentWithdrawn(Exception):
    """The document was withdrawn: it is restored before it gets a new version or case."""


class Document(SQLModel, table=True):
    """One document. `sensitivity` is 自治体機密性 1 to 3, `retention` 保存期間 in words (5年, 常用)."""

    __tablename__ = "document"

    id: str = Field(primary_key=True, max_length=26)
    source_no: str = Field(default="", index=True)
    """Its identifier where it was taken in from (D001); empty for what was uploaded."""
    title: str
    kind: str = Field(max_length=20)
    office: str = Field(index=True)
    department: str
    owner_id: str = Field(foreign_key="staff.id", index=True, max_length=26)
    disclosure: str = Field(max_length=12)
    sensitivity: int
    retention: str = Field(max_length=20)
    tags: list[str] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime, index=True)
    current_version_id: str | None = Field(default=None, max_length=26)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    head_entry: int | None = Field(default=None, index=True, unique=True, exclude=True)
    """The index's entry of its head; this and the next two are the index's own (`document_index`)."""
    shown_entry: int | None = Field(default=None, exclude=True)
    """That of its current version."""
    facet_key: int | None = Field(default=None, sa_type=BigInteger, exclude=True)
    """Documents with the same number are of the same kind, tags, unit and disclosure."""


class DocumentVersion(SQLModel, table=True):
    """One version; `media_type` is what the file really is, `label` what people call it (1.0).

    `issued_on` is the date on the document itself (最終更新日), ISO 8601, where it is known.
    """

    __tablename__ = "document_version"

    id: str = Field(primary_key=True, max_length=26)
    document_id: str = Field(foreign_key="document.id", index=True, max_length=26)
    label: str = Field(max_length=20)
    file_name: str
    media_type: str = Field(max_length=100)
    size_bytes: int
    sha256: str = Field(max_length=64)
    pages: int
    state: str = Field(index=True, max_length=10)
    reason: str = Field(max_length=40)
    issued_on: str = Field(max_length=10)
    created_by: str = Field(foreign_key="staff.id", max_length=26)
    created_at: datetime = Field(sa_type=UtcDateTime)


class DocumentPage(SQLModel, table=True):
    """One page, `number` from 1; its size is that of the upright page in points, or pixels of a picture."""

    __tablename__ = "document_page"

    version_id: str = Field(primary_key=True, foreign_key="document_version.id", max_length=26)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    width: float
    height: float
    text: str


class DocumentCase(SQLModel, table=True):
    """A document is linked to a case."""

    __tablename__ = "document_case"

    document_id: str = Field(primary_key=True, foreign_key="document.id", max_length=26)
    case_id: str = Field(primary_key=True, foreign_key="case_file.id", index=True, max_length=26)
    linked_by: str = Field(foreign_key="staff.id", max_length=26)
    linked_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Particulars:
    """What staff say of a document."""

    title: str
    kind: str = ""
    disclosure: Disclosure = Disclosure.STAFF
    sensitivity: int = 2
    retention: str = ""
    tags: Sequence[str] = field(default=())
    department: str = ""  # empty: the owner's
    office: str = ""
    source_no: str = ""


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A file that is in the store already, as announced by whoever brought it."""

    id: str
    file_name: str
    size_bytes: int
    sha256: str
    label: str = ""  # empty: the next whole number
    issued_on: str = ""


@dataclass(frozen=True, slots=True)
class PageRead:
    """What reading found on one page."""

    width: float
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """A case a document is linked to."""

    sheet: cases.CaseSheet
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentSheet:
    """A document with its owner, its versions (newest first) and its cases, read in one transaction."""

    document: Document
    owner: Person
    versions: tuple[DocumentVersion, ...]
    linked: tuple[LinkedCase, ...]

    @property
    def facts(self) -> DocumentFacts:
        """What the permission predicates need."""
        return facts_from(self.document, [each.sheet for each in self.linked])


def add(session: Session, owner: Person, new: Particulars, at: datetime) -> Document:
    """A new document of the owner's department, without a version yet."""
    document = Document(
        id=new_id(at),
        source_no=new.source_no,
        title=new.title,
        kind=new.kind,
        office=new.office or owner.office,
        department=new.department or owner.department,
        owner_id=owner.id,
        disclosure=new.disclosure.value,
        sensitivity=new.sensitivity,
        retention=new.retention,
        tags=list(new.tags),
        created_at=at,
        updated_at=at,
    )
    session.add(document)
    session.flush()
    _index_head(session, document)
    return document


def sheet(session: Session, document_id: str) -> DocumentSheet:
    """The document and what belongs to it; raises DocumentUnknown."""
    return _sheet(session, document(session, document_id))


def locked(session: Session, document_id: str) -> DocumentSheet:
    """The same, and nobody else changes it before this transaction ends; raises DocumentUnknown."""
    exclusive(session, f"document.{document_id}")
    document = session.get(Document, document_id, populate_existing=True)
    if document is None:
        raise DocumentUnknown
    return _sheet(session, document)


def facts(session: Session, version_id: str) -> DocumentFacts:
    """Of the document a version belongs to, for the rules; raises DocumentUnknown."""
    return facts_of(session, version(session, version_id).document_id)


def facts_of(session: Session, document_id: str) -> DocumentFacts:
    """Of a document, for the rules; raises DocumentUnknown."""
    linked = [each.sheet for each in linked_cases(session, document_id)]
    return facts_from(document(session, document_id), linked)


def facts_from(found: Document, linked: Sequence[cases.CaseSheet] = ()) -> DocumentFacts:
    """The same of rows at hand. Changing it, and showing it to guests, does not ask for its cases."""
    return DocumentFacts(
        id=found.id,
        owner_id=found.owner_id,
        department=found.department,
        office=found.office,
        disclosure=Disclosure(found.disclosure),
        sensitivity=found.sensitivity,
        is_withdrawn=found.withdrawn_at is not None,
        cases=tuple(each.facts for each in linked),
    )


def document(session: Session, document_id: str) -> Document:
    """One document alone; raises DocumentUnknown."""
    found = session.get(Document, document_id)
    if found is None:
        raise DocumentUnknown
    return found


def version(session: Session, version_id: str) -> DocumentVersion:
    """One version; raises DocumentUnknown."""
    found = session.get(DocumentVersion, version_id)
    if found is None:
        raise DocumentUnknown
    return found


def version_with_page(session: Session, version_id: str, number: int) -> DocumentVersion:
    """A version that is ready and has this page; raises DocumentUnknown."""
    found = version(session, version_id)
    if found.state != VersionState.READY.value or not 1 <= number <= found.pages:
        raise DocumentUnknown
    return found


def pages(session: Session, version_id: str) -> list[DocumentPage]:
    """All pages of a version in order; none before it is ready."""
    query = select(DocumentPage).where(DocumentPage.version_id == version_id)
    return list(session.exec(query.order_by(col(DocumentPage.number))))


def page_text(session: Session, version_id: str, number: int) -> str:
    """What stands on a page, as far as it could be read."""
    found = session.get(DocumentPage, (version_id, number))
    return found.text if found else ""


def sizes(session: Session, version_id: str, numbers: Collection[int]) -> dict[int, tuple[float, float]]:
    """Width and height of these pages of a version, by number, without their text."""
    query = select(DocumentPage.number, DocumentPage.width, DocumentPage.height)
    of_these = query.where(DocumentPage.version_id == version_id, col(DocumentPage.number).in_(numbers))
    return {number: (width, height) for number, width, height in session.exec(of_these)}


def change(
    session: Session, document: Document, new: Mapping[str, str | int | list[str]], at: datetime
) -> list[str]:
    """Set columns of a locked document; the names of those that are different now."""
    changed = [name for name, value in new.items() if getattr(document, name) != value]
    for name in changed:
        setattr(document, name, new[name])
    if changed:
        _touch(session, document, at)
        _index_head(session, document)
    return changed


def withdraw(session: Session, document: Document, at: datetime) -> bool:
    """Take a locked document out of use; False where it is."""
    if document.withdrawn_at is not None:
        return False
    document.withdrawn_at = at
    _touch(session, document, at)
    return True


def restore(session: Session, document: Document, at: datetime) -> bool:
    """Bring it back; False where it never left."""
    if document.withdrawn_at is None:
        return False
    document.withdrawn_at = None
    _touch(session, document, at)
    return True


def add_version(
    session: Session, document: Document, new: NewVersion, created_by: str, at: datetime
) -> DocumentVersion:
    """A version of a locked document whose file is there; it is read next."""
    count = select(func.count()).where(DocumentVersion.document_id == document.id)
    made = DocumentVersion(
        id=new.id,
        document_id=document.id,
        label=new.label or f"{session.exec(count).one() + 1}.0",
        file_name=new.file_name,
        media_type="",
        size_bytes=new.size_bytes,
        sha256=new.sha256,
        pages=0,
        state=VersionState.READING.value,
        reason="",
        issued_on=new.issued_on,
        created_by=created_by,
        created_at=at,
    )
    session.add(made)
    session.flush()
    return made


def unread(session: Session) -> list[str]:
    """Versions that wait to be read, oldest first."""
    query = select(DocumentVersion.id).where(DocumentVersion.state == VersionState.READING.value)
    return list(session.exec(query.order_by(col(DocumentVersion.id))))


def known_pages(session: Session, version_id: str, media_type: str, count: int) -> None:
    """While it is read: how many pages there will be."""
    found = _still_reading(session, version_id)
    if found is not None:
        found.media_type, found.pages = media_type, count
        session.add(found)
        session.flush()


def read(
    session: Session,
    version_id: str,
    media_type: str,
    found_pages: Sequence[PageRead],
    words: Sequence[Indexed],
    at: datetime,
) -> bool:
    """A version was read: it becomes the document's current one, unless a newer one is. False: too late.

    `words` are what each page is found by, made before the transaction (`document_index.indexed`).
    """
    found = _still_reading(session, version_id)
    if found is None:
        return False
    session.exec(delete(DocumentPage).where(col(DocumentPage.version_id) == version_id))
    session.add_all(
        DocumentPage(
            version_id=version_id, number=number, width=each.width, height=each.height, text=each.text
        )
        for number, each in enumerate(found_pages, start=1)
    )
    found.media_type, found.pages, found.state = media_type, len(found_pages), VersionState.READY.value
    session.add(found)
    document = session.get(Document, found.document_id)
    current = _current(session, document)
    if document is not None and (current is None or current.created_at <= found.created_at):
        document.current_version_id = version_id
        _touch(session, document, at)
    session.flush()
    document_index.index_pages(session, found.document_id, version_id, words)
    return True


def refuse(session: Session, version_id: str, reason: str) -> bool:
    """A version cannot be read, and why; False where somebody else has finished it."""
    found = _still_reading(session, version_id)
    if found is None:
        return False
    found.state, found.reason, found.pages = VersionState.REFUSED.value, reason, 0
    session.add(found)
    session.flush()
    return True


def link(session: Session, document: Document, case_id: str, actor: Person, at: datetime) -> bool:
    """Link a locked document to a case; False where it is."""
    if session.get(DocumentCase, (document.id, case_id)) is not None:
        return False
    session.add(DocumentCase(document_id=document.id, case_id=case_id, linked_by=actor.id, linked_at=at))
    session.flush()
    _index_head(session, document)
    return True


def unlink(session: Session, document: Document, case_id: str) -> bool:
    """Take a locked document out of a case; False where it was not in it."""
    known = session.get(DocumentCase, (document.id, case_id))
    if known is None:
        return False
    session.delete(known)
    session.flush()
    _index_head(session, document)
    return True


def linked_cases(session: Session, document_id: str) -> list[LinkedCase]:
    """The cases a document is linked to, oldest link first."""
    query = select(DocumentCase).where(DocumentCase.document_id == document_id)
    found = session.exec(query.order_by(col(DocumentCase.linked_at), col(DocumentCase.case_id))).all()
    return [LinkedCase(cases.sheet(session, each.case_id), each.linked_at) for each in found]


def of_case(session: Session, case_id: str) -> list[Document]:
    """The documents of a case, oldest link first."""
    query = select(Document).join(DocumentCase, col(DocumentCase.document_id) == Document.id)
    query = query.where(DocumentCase.case_id == case_id)
    return list(session.exec(query.order_by(col(DocumentCase.linked_at), col(Document.id))))


def by_source(session: Session, numbers: Collection[str]) -> dict[str, Document]:
    """Documents by their identifier where they were taken in from."""
    query = select(Document).where(col(Document.source_no).in_([number for number in numbers if number]))
    return {found.source_no: found for found in session.exec(query)}


def versions(session: Session, document_id: str) -> list[DocumentVersion]:
    """All versions of a document, newest first."""
    query = select(DocumentVersion).where(DocumentVersion.document_id == document_id)
    return list(
        session.exec(query.order_by(col(DocumentVersion.created_at).desc(), col(DocumentVersion.id).desc()))
    )


def reindex(session: Session, document_id: str) -> int:
    """Write all that a document is found by anew; how many pages that are. Raises DocumentUnknown."""
    document = locked(session, document_id).document
    count = 0
    for each in versions(session, document_id):
        texts = [found.text for found in pages(session, each.id)]
        words = [document_index.indexed(text) for text in texts]
        document_index.index_pages(session, document_id, each.id, words)
        count += len(texts)
    _index_head(session, document)
    return count


def everything(session: Session) -> list[str]:
    """The ids of all documents, oldest first."""
    return list(session.exec(select(Document.id).order_by(col(Document.id))))


def _index_head(session: Session, document: Document) -> None:
    query = select(cases.Case.number).join(DocumentCase, col(DocumentCase.case_id) == cases.Case.id)
    numbers = session.exec(query.where(DocumentCase.document_id == document.id)).all()
    known_by = [document.kind, document.department or document.office, document.source_no, *document.tags]
    document_index.index_head(session, document.id, document.title, [*known_by, *numbers])


def _touch(session: Session, document: Document, at: datetime) -> None:
    document.updated_at = at
    session.add(document)
    session.flush()


def _current(session: Session, document: Document | None) -> DocumentVersion | None:
    if document is None or document.current_version_id is None:
        return None
    return session.get(DocumentVersion, document.current_version_id)


def _still_reading(session: Session, version_id: str) -> DocumentVersion | None:
    exclusive(session, f"document_version.{version_id}")
    found = session.get(DocumentVersion, version_id, populate_existing=True)
    return found if found is not None and found.state == VersionState.READING.value else None


def _sheet(session: Session, document: Document) -> DocumentSheet:
    owners = staff.people(session, [document.owner_id])
    return DocumentSheet(
        document,
        owners[document.owner_id],
        tuple(versions(session, document.id)),
        tuple(linked_cases(session, document.id)),
    )
