"""The demo's library: the documents of the fictional あまね県, among them the drawings of 川辺橋.

Their files come with the program, and what is on their pages as well, so that nothing has to be read.
"""

import io
import json
import tarfile
from datetime import datetime, timedelta
from pathlib import Path

from field_assist import (
    Person,
    Session,
    Store,
    cases,
    document_index,
    document_list,
    documents,
    new_id,
    staff,
)
from signaling.library import file_types
from signaling.library.shelf import Shelf

FILES = Path(__file__).resolve().parent / "demo_files"
_OFFICE = "県庁本庁"
_OWNERS = {
    **dict.fromkeys(("D001", "D002", "D003", "D027", "D028"), "F1001"),
    **dict.fromkeys(("D012", "D013", "D015", "D016"), "X2002"),
    **dict.fromkeys(("D006", "D007", "D010", "D011", "D014"), "X2003"),
    "D019": "X2004",
}
_OWNER = "S3001"
_TAGS = {
    "D001": ["道路", "点検"],
    "D002": ["川辺橋", "耐震", "図面"],
    "D017": ["下水道"],
    "D018": ["避難", "土砂災害"],
    "D026": ["通学路"],
    "D027": ["橋", "耐震"],
    "D028": ["川辺橋", "工事"],
}
_LINKED = {**dict.fromkeys(("D001", "D002", "D028"), "川辺橋"), "D018": "落石防護柵"}


def fill(store: Store, shelf: Shelf, at: datetime) -> int:
    """Add what is not there yet; how many documents that were."""
    rows, _ = document_list.read((FILES / "documents.csv").read_bytes(), bool, bool)
    known = store.read_now(lambda session: documents.by_source(session, [row.source_no for row in rows]))
    new = [row for row in rows if row.source_no not in known]
    if not new:
        return 0
    shelf.open()
    archive = tarfile.open(fileobj=io.BytesIO((FILES / "documents.tar.xz").read_bytes()))
    with archive:
        content = {member.name: _bytes(archive, member) for member in archive.getmembers()}
    pages = json.loads(content["pages.json"])
    versions = [_kept(shelf, row, content[f"{row.source_no}.pdf"], at) for row in new]

    def work(session: Session) -> None:
        for row, version in zip(new, versions, strict=True):
            found = [documents.PageRead(*page) for page in pages[row.source_no]]
            _add(session, row, version, found, at - timedelta(days=20))

    store.write_now(work)
    return len(new)


def _bytes(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    return file.read() if file is not None else b""


def _kept(shelf: Shelf, row: document_list.Row, content: bytes, at: datetime) -> documents.NewVersion:
    version_id = new_id(at)
    with shelf.incoming() as incoming:
        incoming.write(content)
        incoming.keep_as(shelf.original(version_id))
    name = f"{row.title}.pdf"
    return documents.NewVersion(version_id, name, len(content), incoming.sha256, row.label, row.issued_on)


def _add(
    session: Session,
    row: document_list.Row,
    version: documents.NewVersion,
    pages: list[documents.PageRead],
    at: datetime,
) -> None:
    owner = _person(session, _OWNERS.get(row.source_no, _OWNER))
    new = documents.Particulars(
        title=row.title,
        kind=row.kind,
        disclosure=row.disclosure,
        retention=row.retention,
        tags=_TAGS.get(row.source_no, []),
        department=row.department,
        office=owner.office if row.department == owner.office else _OFFICE,
        source_no=row.source_no,
    )
    document = documents.add(session, owner, new, at)
    documents.add_version(session, document, version, owner.id, at)
    words = [document_index.indexed(page.text) for page in pages]
    documents.read(session, version.id, file_types.PDF, pages, words, at)
    word = _LINKED.get(row.source_no)
    if word is not None:
        for sheet in cases.visible(session, _person(session, "F1001"), cases.Wanted(words=(word,))):
            documents.link(session, document, sheet.case.id, owner, at)
            detail: dict[str, str | list[list[str]]] = {"document": document.id}
            cases.happened(session, sheet.case, cases.EventKind.DOCUMENT_LINKED, owner, at, row.title, detail)


def _person(session: Session, staff_no: str) -> Person:
    member = staff.by_number(session, staff_no)
    if member is None:
        raise LookupError(staff_no)
    return member.person()
