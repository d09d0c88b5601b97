"""不開示 of a call's record under /api, for its staff."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, StringConstraints, model_validator

from field_assist import HiddenSpan, RedactionReason, redaction_chain
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.redaction_desk import CallRedactions, Wish
from signaling.api.schema import Request, Text
from signaling.api.services import spend

router = APIRouter(tags=["redactions"], dependencies=[Depends(signed_in)])

ReasonKey = Literal["personal", "corporate", "safety", "deliberation", "operations", "law"]
Words = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=400)]
Moment = Annotated[int, Field(ge=0, le=7 * 24 * 3600 * 1000)]


class LineRedaction(BaseModel):
    """What hides a line or a sentence, and on which ground."""

    id: str
    reason: ReasonKey


class Redaction(BaseModel):
    """A span that was hidden: by whom, on which ground, and what proves it (`seq`, `hash`, `removed`).

    `removed` is SHA-256 over random bytes and the `lines` lines as they stood then. `lifted_at` is null while
    it hides them.
    """

    id: str
    from_ms: int
    to_ms: int
    reason: ReasonKey
    words: str
    by_name: str
    by_post: str
    at: datetime
    seq: int
    hash: str
    removed: str
    lines: int
    lifted_at: datetime | None
    lifted_by: str
    lifted_words: str


class RedactionsAnswer(BaseModel):
    """All of a call, oldest first; `may_redact` says whether the reader hides and lifts."""

    redactions: list[Redaction]
    may_redact: bool


class RedactRequest(Request):
    """POST /api/calls/{id}/redactions: the span in milliseconds since the call began, and the ground."""

    from_ms: Moment
    to_ms: Moment
    reason: ReasonKey
    words: Words = ""

    @model_validator(mode="after")
    def _has_length(self) -> "RedactRequest":
        if self.to_ms <= self.from_ms:
            raise ValueError("a span ends after it begins")
        return self


class LiftRequest(Request):
    """POST /api/redactions/{id}/lift: why it may be read again."""

    words: Annotated[Words, StringConstraints(min_length=1)]


@router.get("/calls/{call_id}/redactions")
async def read_redactions(call_id: str, session: Staff, parts: Parts) -> RedactionsAnswer:
    """What of the record is hidden, or was."""
    return _answer(await parts.redaction_desk.read(session.person, call_id))


@router.post("/calls/{call_id}/redactions", status_code=201)
async def redact(
    call_id: str, body: RedactRequest, session: Staff, parts: Parts, address: Address
) -> RedactionsAnswer:
    """Hide a span of the record."""
    await spend(parts, parts.limits.note, session.person.identity)
    wish = Wish(HiddenSpan(body.from_ms, body.to_ms), RedactionReason(body.reason), body.words)
    return _answer(await parts.redaction_desk.hide(session.person, call_id, wish, address))


@router.post("/redactions/{redaction_id}/lift")
async def lift_redaction(
    redaction_id: str, body: LiftRequest, session: Staff, parts: Parts, address: Address
) -> RedactionsAnswer:
    """Let it be read again; that it was hidden stays on record."""
    await spend(parts, parts.limits.note, session.person.identity)
    return _answer(await parts.redaction_desk.lift(session.person, redaction_id, body.words, address))


def _answer(found: CallRedactions) -> RedactionsAnswer:
    records = [redaction_chain.read(row.link) for row in found.rows]
    lifted = {each["id"]: each for each in records if each["act"] == redaction_chain.Act.LIFT}
    return RedactionsAnswer(
        redactions=[
            _redaction(record, row.hash, lifted.get(record["id"]))
            for row, record in zip(found.rows, records, strict=True)
            if record["act"] == redaction_chain.Act.HIDE
        ],
        may_redact=found.may_redact,
    )


def _redaction(
    record: redaction_chain.Record, row_hash: str, lifted: redaction_chain.Record | None
) -> Redaction:
    return Redaction(
        id=record["id"],
        from_ms=record["from_ms"],
        to_ms=record["to_ms"],
        reason=record["reason"],
        words=record["words"],
        by_name=record["by"]["name"],
        by_post=record["by"]["post"],
        at=record["at"],
        seq=record["seq"],
        hash=row_hash,
        removed=record["removed"],
        lines=len(record["lines"]),
        lifted_at=lifted["at"] if lifted else None,
        lifted_by=lifted["by"]["name"] if lifted else "",
        lifted_words=lifted["words"] if lifted else "",
    )
