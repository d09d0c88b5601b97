"""How long the words of a call are kept, under /api, for its staff; supervisors decide."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, StringConstraints

from signaling.api import schema
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.services import spend
from signaling.api.transcript_keeping_desk import KeptWords

router = APIRouter(tags=["transcripts"], dependencies=[Depends(signed_in)])

Reason = Annotated[schema.Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class DisposalEntry(BaseModel):
    """Lines that went by rule, and the SHA-256 over them."""

    at: datetime
    lines: int
    sha256: str


class TranscriptKeepingAnswer(BaseModel):
    """`drafts` lines that nobody confirmed go at `due_at`, unless the call goes on or somebody holds them.

    `held_with_recording`: what is held is the recording, and the words with it. `may_decide`: the reader
    confirms, holds and releases.
    """

    drafts: int
    due_at: datetime | None
    confirmed_at: datetime | None
    held_at: datetime | None
    hold_reason: str
    held_with_recording: bool
    disposals: list[DisposalEntry]
    may_decide: bool


class HoldTranscriptRequest(schema.Request):
    """Why no word of it may go."""

    reason: Reason


@router.get("/calls/{call_id}/transcript/keeping")
async def read_transcript_keeping(call_id: str, session: Staff, parts: Parts) -> TranscriptKeepingAnswer:
    """For how long, and what went."""
    return _view(await parts.transcript_desk.keeping.read(session.person, call_id))


@router.post("/calls/{call_id}/transcript/keeping/confirm")
async def settle_transcript(
    call_id: str, session: Staff, parts: Parts, address: Address
) -> TranscriptKeepingAnswer:
    """The record of the call is confirmed: drafts go soon."""
    await spend(parts, parts.limits.note, session.person.identity)
    return _view(await parts.transcript_desk.keeping.confirm(session.person, call_id, address))


@router.post("/calls/{call_id}/transcript/keeping/hold")
async def hold_transcript(
    call_id: str, body: HoldTranscriptRequest, session: Staff, parts: Parts, address: Address
) -> TranscriptKeepingAnswer:
    """No word of it may go until it is released (legal hold)."""
    await spend(parts, parts.limits.note, session.person.identity)
    return _view(await parts.transcript_desk.keeping.hold(session.person, call_id, body.reason, address))


@router.post("/calls/{call_id}/transcript/keeping/release")
async def release_transcript(
    call_id: str, session: Staff, parts: Parts, address: Address
) -> TranscriptKeepingAnswer:
    """Drafts may go again when they are due."""
    await spend(parts, parts.limits.note, session.person.identity)
    return _view(await parts.transcript_desk.keeping.release(session.person, call_id, address))


def _view(kept: KeptWords) -> TranscriptKeepingAnswer:
    return TranscriptKeepingAnswer(
        drafts=kept.drafts,
        due_at=kept.due_at,
        confirmed_at=kept.confirmed_at,
        held_at=kept.held_at,
        hold_reason=kept.hold_reason,
        held_with_recording=kept.with_recording,
        disposals=[DisposalEntry(at=row.at, lines=row.lines, sha256=row.sha256) for row in kept.disposals],
        may_decide=kept.may_decide,
    )
