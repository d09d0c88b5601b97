"""不開示 as it is kept: the rows of the chain, and what of a call's lines they hide.

Rows are only ever added, which triggers of the database hold everybody to. The salt of a row's fingerprint
stands beside its record and leaves the house only with the original.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlmodel import Field, Session, col, select

from field_assist import redaction_chain, transcripts
from field_assist.chain_rows import ChainRow, walked
from field_assist.decision_chain import Link, Verdict
from field_assist.redaction_chain import Act, Lifting, Order, Record, Said, Span
from field_assist.store import UtcDateTime, exclusive
from field_assist.transcripts import TranscriptLine


class RedactionUnknown(Exception):
    """No such redaction, or none this person may know of."""


class RedactionRow(ChainRow, table=True):
    """One step: something was hidden, or may be read again. See `redaction_chain`."""

    __tablename__ = "redaction"

    redaction_id: str = Field(index=True, max_length=26)
    call_id: str = Field(foreign_key="call.id", index=True, max_length=26)
    at: datetime = Field(sa_type=UtcDateTime)
    salt: str = Field(max_length=64)


@dataclass(frozen=True, slots=True)
class Compared:
    """Of lines that were hidden: how many stand as they did, how many are gone, which rows' were changed."""

    same: int
    gone: int
    changed: tuple[int, ...]


def hide(session: Session, order: Order, at: datetime, key: Ed25519PrivateKey) -> RedactionRow:
    """Hide a span, with whatever is said in it."""
    exclusive(session, "redaction")
    lines = [
        _said(line)
        for line in transcripts.of_call(session, order.call_id)
        if order.span.touches(line.started_ms, line.ended_ms)
    ]
    return _added(session, redaction_chain.hide(_head(session), order, lines, at, key), order.salt, at)


def lift(session: Session, lifting: Lifting, at: datetime, key: Ed25519PrivateKey) -> RedactionRow:
    """Let what one hides be read again. Raises RedactionUnknown, AlreadyLifted."""
    exclusive(session, "redaction")
    rows = by_id(session, lifting.id)
    if len(rows) > 1:
        raise redaction_chain.AlreadyLifted
    link = redaction_chain.lift(_head(session), rows[0].link, lifting, at, key)
    return _added(session, link, rows[0].salt, at)


def by_id(session: Session, redaction_id: str) -> list[RedactionRow]:
    """The rows of one, oldest first. Raises RedactionUnknown."""
    query = select(RedactionRow).where(RedactionRow.redaction_id == redaction_id)
    rows = list(session.exec(query.order_by(col(RedactionRow.seq))))
    if not rows:
        raise RedactionUnknown
    return rows


def of_call(session: Session, call_id: str) -> list[RedactionRow]:
    """All rows about a call, oldest first."""
    query = select(RedactionRow).where(RedactionRow.call_id == call_id).order_by(col(RedactionRow.seq))
    return list(session.exec(query))


def standing(session: Session, call_id: str) -> list[Record]:
    """What hides something of a call now."""
    rows = of_call(session, call_id)
    return redaction_chain.standing(redaction_chain.read(row.link) for row in rows)


def spans(session: Session, call_id: str) -> list[Span]:
    """Which stretches of a call are hidden now."""
    return [redaction_chain.span_of(record) for record in standing(session, call_id)]


def links(session: Session) -> Iterator[Link]:
    """The whole chain; a row whose columns say something else was changed."""
    for row in walked(session, RedactionRow):
        yield row.link if _agrees(row) else row.changed_link


def verify(session: Session, key: Ed25519PublicKey) -> tuple[Verdict, Compared]:
    """Walk the chain, and compare what was hidden with the lines that are still there."""
    verdict = redaction_chain.examine(links(session), key)
    if verdict.fault is not None:
        return verdict, Compared(0, 0, ())
    same, gone, changed = 0, 0, list[int]()
    for row in walked(session, RedactionRow):
        record = redaction_chain.read(row.link)
        if record["act"] != Act.HIDE:
            continue
        found = [session.get(TranscriptLine, (each["id"], each["revision"])) for each in record["lines"]]
        kept = [line for line in found if line is not None]
        if len(kept) < len(found):
            gone += len(found) - len(kept)  # their speaker had them deleted, or their time was over
        elif redaction_chain.fingerprint(row.salt, [_said(line) for line in kept]) == record["removed"]:
            same += len(kept)
        else:
            changed.append(row.seq)
    return verdict, Compared(same, gone, tuple(changed))


def head(session: Session) -> RedactionRow | None:
    """The last row of the chain."""
    return session.exec(select(RedactionRow).order_by(col(RedactionRow.seq).desc()).limit(1)).first()


def _head(session: Session) -> Link | None:
    row = head(session)
    return row.link if row else None


def _added(session: Session, link: Link, salt: str, at: datetime) -> RedactionRow:
    record = redaction_chain.read(link)
    row = RedactionRow(
        seq=link.seq,
        redaction_id=record["id"],
        call_id=record["call_id"],
        at=at,
        salt=salt,
        record=link.record,
        hash=link.hash,
        seal=link.seal,
    )
    session.add(row)
    session.flush()
    return row


def _agrees(row: RedactionRow) -> bool:
    try:
        record = redaction_chain.read(row.link)
        return bool(record["id"] == row.redaction_id and record["call_id"] == row.call_id)
    except (ValueError, KeyError, TypeError):
        return True  # what is no record, the chain finds


def _said(line: TranscriptLine) -> Said:
    return {
        "id": line.line_id,
        "revision": line.revision,
        "name": line.name,
        "started_ms": line.started_ms,
        "ended_ms": line.ended_ms,
        "text": line.text,
    }
