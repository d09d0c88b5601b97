"""不開示 (墨塗り): what of a call's record may not leave the house, as sealed rows that prove themselves.

A redaction covers a span of the call's timeline and whoever speaks in it; its row says who hid it, when, on
which ground, and a fingerprint of what was hidden: SHA-256 over the lines as they stood then, in RFC 8785
canonical JSON, with 32 random bytes before them. Without those bytes the fingerprint tells nothing, since a
telephone number could be guessed; with them and the lines, which whoever may see the original has, it shows
that nothing else was hidden and nothing was changed since. Of recorded tracks the row has the SHA-256 that
their journals had. Lifting one is a row of its own. Rows are linked, hashed and sealed as those of
`decision_chain` are. Sans-IO.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from field_assist import seals
from field_assist.decision_chain import (
    GENESIS,
    Fault,
    Link,
    Verdict,
    What,
    canonical,
    sealed,
    whole,
    written_time,
)

Record = dict[str, Any]
"""What the canonical JSON of a row says; JSON."""
Said = Mapping[str, str | int]
"""A line as it was hidden: `id`, `revision`, `name`, `started_ms`, `ended_ms`, `text`."""
_KEYS = frozenset(
    "v seq id act call_id call from_ms to_ms reason words by at lines tracks removed supersedes prev".split()
)


class Reason(StrEnum):
    """不開示情報: on which ground, as the disclosure ordinances (情報公開条例) have them."""

    PERSONAL = "personal"  # 個人に関する情報
    CORPORATE = "corporate"  # 法人等に関する情報
    SAFETY = "safety"  # 公共の安全等に関する情報
    DELIBERATION = "deliberation"  # 審議、検討等に関する情報
    OPERATIONS = "operations"  # 事務又は事業に関する情報
    LAW = "law"  # 法令等の定めにより公にできない情報


class Act(StrEnum):
    """What a row does."""

    HIDE = "hide"
    LIFT = "lift"


class AlreadyLifted(Exception):
    """It hides nothing any more."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a call's timeline in milliseconds; `to_ms` is not in it."""

    from_ms: int
    to_ms: int

    def touches(self, started_ms: int, ended_ms: int) -> bool:
        """Whether anything of this stretch lies in it; a moment does as well."""
        return started_ms < self.to_ms and max(ended_ms, started_ms + 1) > self.from_ms


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, with the post they have then."""

    id: str
    name: str
    post: str


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants hidden, and why; `words` are for those who read the row.

    `tracks` are recorded ones that reach into the span, with the SHA-256 of their journals; `salt` is 64
    random hexadecimal digits, which are not in the row's record.
    """

    id: str
    call_id: str
    call_number: str
    span: Span
    reason: Reason
    words: str
    by: By
    tracks: Mapping[str, str]
    salt: str


@dataclass(frozen=True, slots=True)
class Lifting:
    """Which one is to hide nothing any more, and why."""

    id: str
    words: str
    by: By


def fingerprint(salt: str, lines: Iterable[Said]) -> str:
    """What proves what was hidden."""
    text = canonical([dict(line) for line in lines])
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def hide(
    head: Link | None, order: Order, lines: Sequence[Said], at: datetime, key: Ed25519PrivateKey
) -> Link:
    """The next row after `head`, the last one of the chain; `lines` are those in the span."""
    content = {
        "id": order.id,
        "act": Act.HIDE.value,
        "call_id": order.call_id,
        "call": order.call_number,
        "from_ms": order.span.from_ms,
        "to_ms": order.span.to_ms,
        "reason": order.reason.value,
        "words": order.words,
        "lines": [{"id": line["id"], "revision": line["revision"]} for line in lines],
        "tracks": [{"id": each, "sha256": digest} for each, digest in sorted(order.tracks.items())],
        "removed": fingerprint(order.salt, lines),
        "supersedes": None,
    }
    return _next(head, content, order.by, at, key)


def lift(head: Link | None, hidden: Link, lifting: Lifting, at: datetime, key: Ed25519PrivateKey) -> Link:
    """The next row, which says that what `hidden` hides may be read again."""
    content = read(hidden) | {
        "act": Act.LIFT.value,
        "words": lifting.words,
        "supersedes": hidden.hash,
    }
    return _next(head, content, lifting.by, at, key)


def read(link: Link) -> Record:
    """What a row says that is known to be whole."""
    found: Record = json.loads(link.record)
    return found


def standing(records: Iterable[Record]) -> list[Record]:
    """Those that hide something now, oldest first."""
    found: dict[str, Record] = {}
    for record in records:
        if record["act"] == Act.HIDE:
            found[record["id"]] = record
        else:
            found.pop(record["id"], None)
    return list(found.values())


def span_of(record: Record) -> Span:
    """Which stretch it hides."""
    return Span(record["from_ms"], record["to_ms"])


def covering(records: Iterable[Record], started_ms: int, ended_ms: int) -> Record | None:
    """The first of them that hides anything of this stretch."""
    return next((each for each in records if span_of(each).touches(started_ms, ended_ms)), None)


def examine(links: Iterable[Link], key: Ed25519PublicKey, *, is_part: bool = False) -> Verdict:
    """Walk the chain; the first row that is not as it was written ends the walk.

    A part of it (the calls of one case) has gaps where other rows are; its faults are counted by its rows.
    """
    verdict, seq, last_at = Verdict(0, GENESIS), 0, ""
    hidden: dict[str, tuple[str, Record]] = {}
    for link in links:
        record = whole(link, _KEYS)
        what = _wrong(link, record, (seq, verdict.head, last_at), key, is_part=is_part)
        if what is None and record is not None and not _follows(record, hidden):
            what = What.FORGED
        if what is not None or record is None:
            return replace(verdict, fault=Fault(verdict.rows + 1, what or What.CHANGED))
        if record["act"] == Act.HIDE:
            hidden[record["id"]] = link.hash, record
        else:
            del hidden[record["id"]]
        verdict, seq, last_at = Verdict(verdict.rows + 1, link.hash), link.seq, record["at"]
    return verdict


def _next(head: Link | None, content: Record, by: By, at: datetime, key: Ed25519PrivateKey) -> Link:
    now = written_time(at)
    places = {
        "v": 1,
        "seq": head.seq + 1 if head else 1,
        "by": {"id": by.id, "name": by.name, "post": by.post},
        "at": max(now, read(head)["at"]) if head else now,
        "prev": head.hash if head else GENESIS,
    }
    return sealed(canonical(content | places), key)


def _wrong(
    link: Link,
    record: Record | None,
    before: tuple[int, str, str],
    key: Ed25519PublicKey,
    *,
    is_part: bool,
) -> What | None:
    seq, head, last_at = before
    if record is None:
        return What.CHANGED
    if link.seq != record["seq"] or link.seq <= seq:
        return What.MOVED
    if not is_part and link.seq != seq + 1:
        return What.MISSING
    if not seals.is_sealed(link.hash, link.seal, key) or not (is_part or record["prev"] == head):
        return What.FORGED
    return What.CLOCK if record["at"] < last_at else None


def _follows(record: Record, hidden: Mapping[str, tuple[str, Record]]) -> bool:
    """Hidden once, and lifted only while it stands, saying what it lifts."""
    known = hidden.get(record["id"])
    if record["act"] == Act.HIDE:
        return known is None and record["supersedes"] is None
    if record["act"] != Act.LIFT or known is None:
        return False
    same = _KEYS - {"seq", "act", "words", "by", "at", "supersedes", "prev"}
    return bool(record["supersedes"] == known[0] and all(record[name] == known[1][name] for name in same))
