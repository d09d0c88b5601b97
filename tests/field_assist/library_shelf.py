"""Documents of a library for tests of search: put there with their pages, ready and indexed, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from field_assist import Person, Session, document_index, documents
from field_assist.documents import NewVersion, PageRead, Particulars
from field_assist.identifiers import new_id
from tests.clock import START


def shelve(
    session: Session, owner: Person, new: Particulars, pages: Sequence[str], at: datetime = START
) -> documents.Document:
    """A document with one version that was read."""
    document = documents.add(session, owner, new, at)
    add_version(session, document, owner, pages, at)
    return document


def add_version(
    session: Session, document: documents.Document, owner: Person, pages: Sequence[str], at: datetime = START
) -> str:
    """Another version of it, read; its id."""
    version_id = new_id(at)
    new = NewVersion(id=version_id, file_name="file.pdf", size_bytes=1, sha256="0" * 64)
    documents.add_version(session, document, new, owner.id, at)
    read = [PageRead(595, 842, text) for text in pages]
    words = [document_index.indexed(text) for text in pages]
    documents.read(session, version_id, "application/pdf", read, words, at)
    return version_id
