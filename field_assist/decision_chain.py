"""判断記録: the chain of rows that decisions are kept in, and how a row that was touched is found.

Every step of a decision is a row of its own. Its record is RFC 8785 canonical JSON, with the hash of the row
before it (`prev`) and of the row of the same decision it takes the place of (`supersedes`). The row's hash is
SHA-256 over the record, its *seal* the installation's Ed25519 signature (RFC 8032) over that hash: whoever
writes rows past the program has no key to seal them with. Texts are NFC, numbers whole, times RFC 3339 with
+09:00 and whole seconds. Time never runs backwards in the chain: where the clock was set back, a row keeps
the time of the row before it and says by how much (`clock_back_s`).

A chain cannot show that its tail was cut off: its head is noted outside, every day. The program
`tools/verify_decisions.py` checks the same and shares no code with this, so that the two check each other.
Sans-IO.
"""

import json
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from field_assist import decision_steps, seals
from field_assist.decision_steps import CONTENT, FIXED, REQUEST, Record
from field_assist.work_hours import JST

GENESIS = "0" * 64
_PLACES = ("seq", "state", "people", "at", "decided_at", "clock_back_s", "supersedes", "prev")
_KEYS = frozenset({*FIXED, *CONTENT, *REQUEST, *_PLACES})


class What(StrEnum):
    """What is wrong with a row."""

    MISSING = "missing"
    MOVED = "moved"  # it stands in another place than it was written in
    CHANGED = "changed"
    FORGED = "forged"  # this server did not write it, or it approves what could not be approved
    CLOCK = "clock"  # it is older than the row before it


class StepRefused(Exception):
    """This does not follow from how the decision stands."""


@dataclass(frozen=True, slots=True)
class Link:
    """One row as it is kept: `record` is canonical JSON, `seal` 128 hexadecimal digits."""

    seq: int
    record: str
    hash: str
    seal: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row that is not as it was written; `seq` is its place in the chain, from 1."""

    seq: int
    what: What


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many rows are whole, the last one's hash, the first fault; `set_back` are rows that say so."""

    rows: int
    head: str
    fault: Fault | None = None
    set_back: tuple[int, ...] = ()


def written_time(at: datetime) -> str:
    """A time as records have it."""
    return at.astimezone(JST).isoformat(timespec="seconds")


def canonical(value: Any) -> str:
    """RFC 8785 canonical JSON of JSON with whole numbers and keys in ASCII only; texts become NFC.

    For such JSON the standard library's writer says the same, twenty times as fast.
    """
    return json.dumps(_composed(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(link: Link) -> Record:
    """What a row says that is known to be whole."""
    found: Record = json.loads(link.record)
    return found


def follow(
    head: Link | None, before: Link | None, step: Record, at: datetime, key: Ed25519PrivateKey
) -> Link:
    """The next row: `head` is the last one of the chain, `before` the last one of the same decision.

    `step` says everything but places and times; its last entry is the one of this step. Raises StepRefused
    where it must not follow.
    """
    now = written_time(at)
    last = read(head)["at"] if head else now
    back_s = max(0, round((decision_steps.time(last) - decision_steps.time(now)).total_seconds()))
    *people, entry = step["people"]
    record = step | {
        "v": 1,
        "seq": head.seq + 1 if head else 1,
        "people": [*people, entry | {"at": max(now, last)}],
        "at": max(now, last),
        "clock_back_s": back_s,
        "supersedes": before.hash if before else None,
        "prev": head.hash if head else GENESIS,
    }
    past = read(before) if before else None
    record["decided_at"] = decision_steps.decided_at(past, record)
    text = canonical(record)
    if set(record) != _KEYS or not decision_steps.follows(past, json.loads(text)):
        raise StepRefused
    return sealed(text, key)


def sealed(record: str, key: Ed25519PrivateKey) -> Link:
    """A row of this record, whatever it says."""
    row_hash = seals.digest(record)
    return Link(json.loads(record)["seq"], record, row_hash, seals.seal(row_hash, key))


def examine(links: Iterable[Link], key: Ed25519PublicKey, *, is_part: bool = False) -> Verdict:
    """Walk the chain from its first row; the first row that is not as it was written ends the walk.

    A part of the chain (the decisions of one case) has gaps where other rows are: what is missing there, only
    the rows of the same decision tell. Its faults are counted by the rows of the part.
    """
    walk = _Walk(key, is_part)
    rows = iter(links)
    for link in rows:
        what = walk.take(link)
        if what is What.MISSING and any(_place(other) == walk.rows + 1 for other in rows):
            what = What.MOVED
        if what is not None:
            return replace(walk.verdict(), fault=Fault(walk.rows + 1, what))
    return walk.verdict()


class _Walk:
    """The rows taken so far, all whole."""

    def __init__(self, key: Ed25519PublicKey, is_part: bool) -> None:
        self.rows = 0
        self._key = key
        self._is_part = is_part
        self._seq = 0
        self._head = GENESIS
        self._at = ""
        self._latest: dict[str, tuple[str, Record]] = {}
        self._set_back: list[int] = []
        self._was_back = False

    def verdict(self) -> Verdict:
        return Verdict(self.rows, self._head, None, tuple(self._set_back))

    def take(self, link: Link) -> What | None:
        """What is wrong with the next row, None where it is whole."""
        record, expected = whole(link, _KEYS), self.rows + 1
        if record is None:
            return What.CHANGED
        if self._is_part:
            if link.seq != record["seq"] or link.seq <= self._seq:
                return What.MOVED
        elif record["seq"] != expected:
            return What.MISSING
        elif link.seq != expected:
            return What.MOVED
        is_sealed = seals.is_sealed(link.hash, link.seal, self._key)
        if not is_sealed or not (self._is_part or record["prev"] == self._head):
            return What.FORGED
        if record["at"] < self._at:
            return What.CLOCK
        before_hash, before = self._latest.get(record["id"], (None, None))
        if record["supersedes"] != before_hash or not _follows(before, record):
            return What.FORGED
        self._latest[record["id"]] = link.hash, record
        self.rows, self._head, self._at, self._seq = expected, link.hash, record["at"], link.seq
        if record["clock_back_s"] and not self._was_back:
            self._set_back.append(expected)
        self._was_back = record["clock_back_s"] > 0
        return None


def whole(link: Link, keys: Collection[str]) -> Record | None:
    """The record of a row that agrees with itself and says these things; None for any other."""
    if seals.digest(link.record) != link.hash:
        return None
    try:
        record = json.loads(link.record, parse_float=_refuse, parse_constant=_refuse)
        has_shape = isinstance(record, dict) and set(record) == set(keys)
        return record if has_shape and canonical(record) == link.record else None
    except (ValueError, RecursionError):
        return None


def _place(link: Link) -> int | None:
    record = whole(link, _KEYS)
    return record["seq"] if record else None


def _follows(before: Record | None, record: Record) -> bool:
    try:
        return decision_steps.follows(before, record)
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration):
        return False  # what was made by hand may be of any shape


def _composed(value: Any) -> Any:  # JSON
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case Mapping():
            return {key: _composed(each) for key, each in value.items()}
        case Sequence():
            return [_composed(each) for each in value]
    return value


def _refuse(number: str) -> float:
    raise ValueError(number)
