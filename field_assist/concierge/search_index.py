"""The index of the concierge, the same on SQLite and PostgreSQL: postings and sentences in plain tables.

Entries have numbers, 4,096 to a segment. For every term and segment one row holds which of its entries say
the term and how strongly (three bytes each), so that a question reads a few hundred short rows however many
entries there are, and every entry that says a word is weighed, not a sample of them. An entry that changes
gets a new number; its old one is dead and passed over until its segment is written anew. Of each sentence
the index keeps its place in the space of meaning twice: whole beside its entry, and as 512 signs (a sketch)
in its segment, which processes keep in memory (64 bytes a sentence) and compare by counting bits.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy import LargeBinary, UniqueConstraint, cast
from sqlalchemy import select as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, delete, select

from field_assist import search_words
from field_assist.concierge.entries import Entry, Key, Kind, key_of
from field_assist.concierge.meaning import DIMENSIONS, Floats, Meaning
from field_assist.concierge.terms import Part, Phrase, phrases, strengths
from field_assist.store import exclusive

SEGMENT = 4096
"""Entries of a segment; a number is segment times this plus its place there."""
_WORDS = DIMENSIONS // 64
"""64-bit words of a sketch."""
COARSE = 2
"""So many of them say which sentences are worth a whole look."""
_POSTING = np.dtype([("place", "<u2"), ("strength", "u1")])
_KINDS = tuple(Kind)
_ASKED_AT_ONCE = 400
"""Values of one IN (...): SQLite takes 32,766, PostgreSQL plans long lists slowly."""

T = TypeVar("T")

Sketches = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]


class ConciergeSlot(SQLModel, table=True):
    """A live entry's number, and what it was indexed by last."""

    __tablename__ = "concierge_slot"
    __table_args__ = (UniqueConstraint("entry_id", "kind", "owner_code"),)

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(max_length=10)
    owner_code: str = Field(max_length=6)
    entry_id: str = Field(max_length=100)
    fingerprint: str = Field(max_length=32)
    phrases: str
    """JSON: pairs of part and text."""
    vectors: bytes = Field(sa_type=LargeBinary)
    """A row of signed bytes for each phrase; empty without a model."""


class ConciergePosting(SQLModel, table=True):
    """Which entries of a segment say a term."""

    __tablename__ = "concierge_posting"

    term: str = Field(primary_key=True, max_length=64)
    segment: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    postings: bytes = Field(sa_type=LargeBinary)


class ConciergeSegment(SQLModel, table=True):
    """What processes keep in memory of a segment; `revision` tells them when to read it again."""

    __tablename__ = "concierge_segment"

    segment: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    revision: int
    used: int
    """Places given out."""
    kinds: bytes = Field(sa_type=LargeBinary)
    """A byte for each place: the kind's number, 255 for dead."""
    sketches: bytes = Field(sa_type=LargeBinary)
    places: bytes = Field(sa_type=LargeBinary)
    """For each sketch the place of its entry."""


_SLOT = SQLModel.metadata.tables["concierge_slot"]
_POSTINGS = SQLModel.metadata.tables["concierge_posting"]
_DEAD = 255


@dataclass(frozen=True, slots=True)
class Analysed:
    """An entry as the index holds it; made outside of transactions, because it takes milliseconds."""

    key: Key
    fingerprint: str
    strengths: Mapping[str, float]
    phrases: tuple[Phrase, ...]
    vectors: npt.NDArray[np.int8]
    sketches: Sketches


def analyse(entries: Sequence[Entry], meaning: Meaning | None) -> list[Analysed]:
    """Terms and sentences of entries; about 2 ms each without a model, and 1 ms more a sentence with one."""
    told = [phrases(entry) for entry in entries]
    distinct = list({phrase.text: None for each in told for phrase in each})
    encoded = dict(zip(distinct, meaning.encode(distinct), strict=True)) if meaning and distinct else {}
    found = []
    for entry, each in zip(entries, told, strict=True):
        rows = [encoded[phrase.text] for phrase in each] if meaning else []
        vectors = np.array(rows, np.float32).reshape(len(rows), DIMENSIONS)
        found.append(
            Analysed(
                key=key_of(entry),
                fingerprint=fingerprint(entry, has_meaning=meaning is not None),
                strengths=strengths(entry, search_words.morphemes),
                phrases=each,
                vectors=_shortened(vectors),
                sketches=sketches_of(vectors),
            )
        )
    return found


_FORM = 1
"""Raised when what is indexed of an entry changes, so that every entry is indexed again."""


def fingerprint(entry: Entry, *, has_meaning: bool) -> str:
    """Of everything an entry is found by."""
    told = (
        (entry.title, entry.title_kana, entry.title_en, entry.summary, entry.body, entry.easy, entry.english),
        (entry.also_called, entry.needs, entry.categories, entry.life_events, entry.keywords),
        (entry.place, entry.contact, _FORM, has_meaning),
    )
    return hashlib.blake2b(repr(told).encode(), digest_size=16).hexdigest()


def _shortened(vectors: Floats) -> npt.NDArray[np.int8]:
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
    shortened: npt.NDArray[np.int8] = np.rint(vectors / largest * 127).astype(np.int8)
    return shortened


def sketches_of(vectors: Floats) -> Sketches:
    """The signs of vectors, 64 to a word."""
    bits = np.packbits(vectors > 0, axis=1, bitorder="little")
    return np.ascontiguousarray(bits).view("<u8").reshape(len(vectors), _WORDS)


def cosines(vectors: Sequence[bytes], question: Floats) -> list[Floats | None]:
    """For each entry the nearness of its phrases (rows) to a question's sentences (columns); None without."""
    rows = np.frombuffer(b"".join(vectors), np.int8).reshape(-1, DIMENSIONS).astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    near = (rows @ question.T) / np.maximum(lengths, 1e-9)[:, None]
    found: list[Floats | None] = []
    start = 0
    for packed in vectors:
        end = start + len(packed) // DIMENSIONS
        found.append(near[start:end] if end > start else None)
        start = end
    return found


# Writing


def store(session: Session, found: Sequence[Analysed]) -> None:
    """Index entries, anew where they were; call it again with the same and nothing changes."""
    if not found:
        return
    exclusive(session, "concierge.index")
    remove(session, [each.key for each in found])
    last = session.exec(select(ConciergeSegment).order_by(col(ConciergeSegment.segment).desc())).first()
    segment = last.segment if last is not None else 0
    start = 0
    while start < len(found):
        row = session.get(ConciergeSegment, segment) or _new_segment(segment)
        room = SEGMENT - row.used
        if room:
            _fill(session, row, found[start : start + room])
        start, segment = start + room, segment + 1


def _new_segment(segment: int) -> ConciergeSegment:
    kinds = bytes([_DEAD]) * SEGMENT
    return ConciergeSegment(segment=segment, revision=0, used=0, kinds=kinds, sketches=b"", places=b"")


def _fill(session: Session, row: ConciergeSegment, found: Sequence[Analysed]) -> None:
    """Give entries places in a segment that has room for them."""
    kinds = bytearray(row.kinds)
    added: dict[str, list[tuple[int, int]]] = defaultdict(list)
    places: list[int] = []
    given: list[dict[str, object]] = []
    for place, each in enumerate(found, start=row.used):
        kinds[place] = _KINDS.index(each.key.kind)
        places += [place] * len(each.sketches)
        for term, strength in each.strengths.items():
            added[term[:64]].append((place, max(1, round(strength * 255))))
        given.append(
            {
                "number": row.segment * SEGMENT + place,
                "kind": each.key.kind.value,
                "owner_code": each.key.owner_code,
                "entry_id": each.key.entry_id,
                "fingerprint": each.fingerprint,
                "phrases": json.dumps(
                    [(phrase.part, phrase.text) for phrase in each.phrases], ensure_ascii=False
                ),
                "vectors": each.vectors.tobytes(),
            }
        )
    session.connection().execute(_SLOT.insert(), given)
    _add_postings(session, row.segment, added)
    row.kinds, row.used, row.revision = bytes(kinds), row.used + len(found), row.revision + 1
    row.sketches += b"".join(each.sketches.tobytes() for each in found)
    row.places += np.array(places, "<u2").tobytes()
    session.add(row)
    session.flush()


def _add_postings(session: Session, segment: int, added: Mapping[str, Sequence[tuple[int, int]]]) -> None:
    """Put what entries say behind what is there, without reading it: a common term's row is long."""
    rows = [
        {"term": term, "segment": segment, "postings": np.array(places, _POSTING).tobytes()}
        for term, places in added.items()
    ]
    if not rows:
        return
    connection = session.connection()
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(_POSTINGS)
    longer = cast(_POSTINGS.c.postings.concat(insert.excluded.postings), LargeBinary)  # SQLite joins to text
    appended = insert.on_conflict_do_update(
        index_elements=[_POSTINGS.c.term, _POSTINGS.c.segment], set_={"postings": longer}
    )
    connection.execute(appended, rows)


def remove(session: Session, gone: Sequence[Key]) -> None:
    """Entries that are no longer found; those that are not known are passed over."""
    numbers = [number for number, _ in _known(session, gone).values()]
    by_segment: dict[int, list[int]] = defaultdict(list)
    for number in numbers:
        by_segment[number // SEGMENT].append(number % SEGMENT)
    for segment, places in by_segment.items():
        row = session.get_one(ConciergeSegment, segment)
        kinds = bytearray(row.kinds)
        for place in places:
            kinds[place] = _DEAD
        row.kinds, row.revision = bytes(kinds), row.revision + 1
        session.add(row)
    for batch in _batches(numbers):
        session.exec(delete(ConciergeSlot).where(col(ConciergeSlot.number).in_(batch)))


def _known(session: Session, keys: Iterable[Key]) -> dict[Key, tuple[int, str]]:
    wanted = set(keys)
    found: dict[Key, tuple[int, str]] = {}
    for ids in _batches(sorted({key.entry_id for key in wanted})):
        query = sql(*_NAMED).where(col(ConciergeSlot.entry_id).in_(ids))
        for kind, owner_code, entry_id, number, mark in session.connection().execute(query):
            key = Key(Kind(kind), owner_code, entry_id)
            if key in wanted:
                found[key] = number, mark
    return found


_NAMED = (_SLOT.c.kind, _SLOT.c.owner_code, _SLOT.c.entry_id, _SLOT.c.number, _SLOT.c.fingerprint)


def fingerprints(session: Session, keys: Iterable[Key]) -> dict[Key, str]:
    """Of those entries that can be found what they were indexed by."""
    return {key: mark for key, (_, mark) in _known(session, keys).items()}


def keys(session: Session) -> set[Key]:
    """Every entry that can be found."""
    rows = session.connection().execute(sql(*_NAMED[:3]))
    return {Key(Kind(kind), owner, entry) for kind, owner, entry in rows}


def _batches(values: Sequence[T]) -> Iterable[list[T]]:
    for start in range(0, len(values), _ASKED_AT_ONCE):
        yield list(values[start : start + _ASKED_AT_ONCE])


# Reading


@dataclass(frozen=True, slots=True)
class Slot:
    """What the index knows of one entry."""

    key: Key
    told: str
    """Its phrases, as `phrases_of` reads them."""
    vectors: bytes


def phrases_of(told: str) -> tuple[Phrase, ...]:
    """The sentences of an entry as they were indexed."""
    return tuple(Phrase(Part(part), text) for part, text in json.loads(told))


def slots(session: Session, numbers: Sequence[int]) -> dict[int, Slot]:
    """By number; those that died meanwhile are missing."""
    found: dict[int, Slot] = {}
    for batch in _batches(numbers):
        query = sql(*_READ).where(_SLOT.c.number.in_(batch))
        # Rows, not objects: hundreds for every question.
        for number, kind, owner_code, entry_id, told, vectors in session.connection().execute(query).all():
            found[number] = Slot(Key(Kind(kind), owner_code, entry_id), told, vectors)
    return found


_READ = (
    _SLOT.c.number,
    _SLOT.c.kind,
    _SLOT.c.owner_code,
    _SLOT.c.entry_id,
    _SLOT.c.phrases,
    _SLOT.c.vectors,
)


class Postings(NamedTuple):
    """Who says a term: numbers of entries, dead ones among them, and how strongly, 0 to 1."""

    numbers: Numbers
    strengths: Floats


def postings(session: Session, terms: Sequence[str]) -> dict[str, Postings]:
    """Of those terms that anybody says."""
    found: dict[str, tuple[list[int], list[bytes]]] = {}
    for batch in _batches([term[:64] for term in terms]):
        query = select(ConciergePosting.term, ConciergePosting.segment, ConciergePosting.postings)
        query = query.where(col(ConciergePosting.term).in_(batch))
        for term, segment, packed in session.connection().execute(query).all():
            segments, parts = found.setdefault(term, ([], []))
            segments.append(segment)
            parts.append(packed)
    return {term: _unpacked(*each) for term, each in found.items()}


def _unpacked(segments: Sequence[int], parts: Sequence[bytes]) -> Postings:
    rows = np.frombuffer(b"".join(parts), _POSTING)
    starts = np.array(segments, np.int64) * SEGMENT
    lengths = [len(packed) // _POSTING.itemsize for packed in parts]
    return Postings(np.repeat(starts, lengths) + rows["place"], rows["strength"] * np.float32(1 / 255))


@dataclass(frozen=True, slots=True)
class _Shelf:
    revision: int
    kinds: npt.NDArray[np.uint8]
    sketches: Sketches
    owners: Numbers


class Shelves:
    """What a process keeps of all segments; `refresh` before use. One thread at a time."""

    def __init__(self) -> None:
        self._segments: dict[int, _Shelf] = {}
        self.kinds = np.zeros(0, np.uint8)
        """For each number the kind's, 255 for dead."""
        self.sketches = np.zeros((0, _WORDS), np.uint64)
        self.coarse = np.zeros((COARSE, 0), np.uint64)
        """The first words of all sketches, each in a row of its own: what a first look passes through."""
        self.owners = np.zeros(0, np.int64)
        """For each sketch the number of its entry."""

    def refresh(self, session: Session) -> None:
        """Read what changed; one short statement where nothing did."""
        known = dict(session.exec(select(ConciergeSegment.segment, ConciergeSegment.revision)).all())
        stale = [
            segment
            for segment, revision in known.items()
            if segment not in self._segments or self._segments[segment].revision != revision
        ]
        if not stale and len(known) == len(self._segments):
            return
        for row in session.exec(select(ConciergeSegment).where(col(ConciergeSegment.segment).in_(stale))):
            self._segments[row.segment] = _Shelf(
                revision=row.revision,
                kinds=np.frombuffer(row.kinds, np.uint8),
                sketches=np.frombuffer(row.sketches, "<u8").reshape(-1, _WORDS),
                owners=np.frombuffer(row.places, "<u2").astype(np.int64) + row.segment * SEGMENT,
            )
            session.expunge(row)
        for gone in self._segments.keys() - known.keys():
            del self._segments[gone]
        self._join()

    def _join(self) -> None:
        count = max(self._segments, default=-1) + 1
        self.kinds = np.full(count * SEGMENT, _DEAD, np.uint8)
        for segment, shelf in self._segments.items():
            self.kinds[segment * SEGMENT : (segment + 1) * SEGMENT] = shelf.kinds
        shelves = [self._segments[segment] for segment in sorted(self._segments)]
        if shelves:
            self.sketches = np.concatenate([shelf.sketches for shelf in shelves])
            self.coarse = np.ascontiguousarray(self.sketches[:, :COARSE].T)
            self.owners = np.concatenate([shelf.owners for shelf in shelves])

    def alive(self, kinds: Iterable[Kind]) -> npt.NDArray[np.bool_]:
        """For each number whether it is a live entry of one of these kinds."""
        is_wanted = np.zeros(256, np.bool_)
        is_wanted[[_KINDS.index(kind) for kind in kinds]] = True
        found: npt.NDArray[np.bool_] = is_wanted[self.kinds]
        return found
