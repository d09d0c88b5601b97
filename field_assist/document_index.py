"""The index of the library: what each page, and the head of each document, can be found by.

Rows of `document_fts`, an FTS5 table on SQLite and a table with a `tsvector` and GIN on PostgreSQL, written
in the transaction that makes a version ready or changes a title: search never says less or more than the
library holds. A row's number is its entry's and its page in one: page 0 is the head (title, tags, case
numbers) of a document. Words are normal forms; pairs of characters beside them find what the dictionary
cuts differently.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Field, Session, SQLModel, select

from field_assist import folding, search_words
from field_assist.index_hits import PAGE_BITS, PAGE_MASK
from field_assist.search_expressions import PAIR

MAX_PAGE = PAGE_MASK
MAX_CHARACTERS = 20_000
"""So much of a page is indexed; a page of paper holds a tenth."""
_MAX_POSITION, _MAX_POSITIONS = 16_383, 255  # of a tsvector
_KEY_BYTES = 7  # so many that no two of a hundred thousand kinds meet
_SHOWN = text(
    "UPDATE document SET shown_entry = :entry WHERE id = :document_id AND current_version_id = :version_id"
)
_FACETS = text(
    "SELECT disclosure, kind, CASE WHEN department = '' THEN office ELSE department END, CAST(tags AS TEXT)"
    " FROM document WHERE id = :document_id"
)
_HEAD = text("UPDATE document SET head_entry = :entry, facet_key = :facet_key WHERE id = :document_id")


class DocumentEntry(SQLModel, table=True):
    """What rows of the index belong to: a version, or the head of a document (no version)."""

    __tablename__ = "document_entry"

    id: int | None = Field(default=None, primary_key=True)
    document_id: str = Field(foreign_key="document.id", index=True, max_length=26)
    version_id: str | None = Field(
        default=None, foreign_key="document_version.id", unique=True, max_length=26
    )


@dataclass(frozen=True, slots=True)
class Indexed:
    """A text as the index holds it."""

    words: tuple[str, ...]
    pairs: tuple[str, ...]


def indexed(written: str) -> Indexed:
    """The words and pairs of a text. Takes a millisecond for a page: call it outside of transactions."""
    folded = folding.folded(written[:MAX_CHARACTERS])
    return Indexed(
        tuple(part for word in search_words.words(folded) if word.is_content for part in word.parts),
        tuple(pair for run in folding.runs(folded) for pair in folding.bigrams(run)),
    )


def index_pages(session: Session, document_id: str, version_id: str, pages: Sequence[Indexed]) -> None:
    """A version's pages can be found from now on, by these words alone. Call it once it is current."""
    entry = _entry(session, document_id, version_id)
    session.connection().execute(
        _SHOWN, {"entry": entry, "document_id": document_id, "version_id": version_id}
    )
    nothing = Indexed((), ())
    for number, page in enumerate(pages[:MAX_PAGE], start=1):
        _insert(session, entry << PAGE_BITS | number, nothing, nothing, page)


def index_head(session: Session, document_id: str, title: str, labels: Sequence[str]) -> None:
    """A document can be found by its title, and by what else it is known by."""
    named, beside = indexed(title), indexed("\t".join(labels))
    pairs = Indexed((), (*named.pairs, *beside.pairs))
    entry = _entry(session, document_id, None)
    key = facet_key(*session.connection().execute(_FACETS, {"document_id": document_id}).one())
    session.connection().execute(_HEAD, {"entry": entry, "facet_key": key, "document_id": document_id})
    _insert(session, entry << PAGE_BITS, named, beside, pairs)


def facet_key(disclosure: str, kind: str, unit: str, tags: str) -> int:
    """A number, from 1, that only documents with the same of these share; `tags` as the column holds them."""
    written = json.dumps([disclosure, kind, unit, tags]).encode()
    return int.from_bytes(hashlib.sha256(written).digest()[:_KEY_BYTES], "big") | 1


def _entry(session: Session, document_id: str, version_id: str | None) -> int:
    """The number of an entry, without rows."""
    query = select(DocumentEntry.id).where(
        DocumentEntry.document_id == document_id, DocumentEntry.version_id == version_id
    )
    entry = session.exec(query).first()
    if entry is None:
        made = DocumentEntry(document_id=document_id, version_id=version_id)
        session.add(made)
        session.flush()
        session.refresh(made)
        entry = made.id
    if entry is None:
        raise LookupError("the database gave no number")
    first = entry << PAGE_BITS
    between = text("DELETE FROM document_fts WHERE rowid BETWEEN :first AND :last")
    session.connection().execute(between, {"first": first, "last": first | MAX_PAGE})
    return entry


def _insert(session: Session, row: int, title: Indexed, beside: Indexed, body: Indexed) -> None:
    if session.get_bind().dialect.name == "postgresql":
        fields = {"A": title.words, "B": beside.words, "C": body.words}
        values = {"row": row, "vector": _vector(fields, body.pairs)}
        statement = "INSERT INTO document_fts (rowid, vector) VALUES (:row, CAST(:vector AS tsvector))"
    else:
        columns = {"title": title.words, "beside": beside.words, "body": body.words, "pairs": body.pairs}
        values = {"row": row} | {name: " ".join(words) for name, words in columns.items()}
        statement = (
            "INSERT INTO document_fts (rowid, title, beside, body, pairs)"
            " VALUES (:row, :title, :beside, :body, :pairs)"
        )
    session.connection().execute(text(statement), values)


def _vector(fields: dict[str, tuple[str, ...]], pairs: tuple[str, ...]) -> str:
    """PostgreSQL's own notation of a tsvector; lexemes hold letters and digits alone."""
    positions: dict[str, list[str]] = {}
    for weight, words in (*fields.items(), ("D", tuple(PAIR + pair for pair in pairs))):
        for at, word in enumerate(words, start=1):
            found = positions.setdefault(word, [])
            if len(found) < _MAX_POSITIONS and at <= _MAX_POSITION:
                found.append(f"{at}{weight}")
    return " ".join(f"'{word}':{','.join(found) or '1D'}" for word, found in positions.items())
