"""The transcript of a call under /api, for its staff. Guests read captions in the call, and nothing after."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field, StringConstraints

from field_assist import LineState, TranscriptLine, masking
from signaling.api import schema
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.redactions_routes import LineRedaction
from signaling.api.returns_routes import ReturnWord, return_word
from signaling.api.services import spend
from signaling.api.transcript_desk import ReadLine, Revision

router = APIRouter(tags=["transcripts"], dependencies=[Depends(signed_in)])

LineId = Annotated[str, StringConstraints(min_length=26, max_length=26)]
Words = Annotated[
    schema.Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), Query()
]
Said = Annotated[schema.Text, StringConstraints(strip_whitespace=True, max_length=2000)]


class MaskProposal(BaseModel):
    """Characters `start` to `end` of a line that should perhaps not be read, and what they are."""

    start: int
    end: int
    kind: Literal[
        "individual_number",
        "account",
        "phone",
        "address",
        "birth_date",
        "illness",
        "standing",
        "residence_card",
        "insurer",
    ]


class TranscriptEntry(BaseModel):
    """One line as it stands; times are milliseconds since the call began, confidence 0 to 1.

    `doubtful`: recognisers are known to invent this; listen before confirming. `unheard` lines have no text
    and a reason. A line with a `redaction` leaves the house without its words; `withheld`: so it does here.
    """

    id: str
    revision: int
    identity: str
    name: str
    started_ms: int
    ended_ms: int
    text: str
    language: str
    engine: str
    confidence: float
    doubtful: bool
    state: Literal["automatic", "confirmed", "masked", "returned", "unheard"]
    reason: Literal["", "unclear", "failed"]
    author: str
    at: datetime
    proposals: list[MaskProposal]
    redaction: LineRedaction | None = None
    withheld: bool = False
    returned: ReturnWord | None = None


class TranscriptAnswer(BaseModel):
    """The lines of a call in the order they were said, and whether this installation writes any."""

    engine: Literal["ready", "not_set_up", "not_installed", "no_model", "no_worker"]
    lines: list[TranscriptEntry]


class FoundLine(BaseModel):
    """A line with words that were looked for, and the call it was said in."""

    call_id: str
    number: str
    title: str
    started_at: datetime
    line: TranscriptEntry


class FoundLinesAnswer(BaseModel):
    """Lines of the newest calls first."""

    found: list[FoundLine]


class RevisionsAnswer(BaseModel):
    """Everything a line ever said, oldest first."""

    revisions: list[TranscriptEntry]


class ReviseLineRequest(schema.Request):
    """What a line is to say, and how it stands; an empty text leaves the words as they were read."""

    revision: Annotated[int, Field(ge=1)]
    text: Said = ""
    state: Literal["automatic", "confirmed", "masked"]


class LineRead(schema.Request):
    """A line in the revision that was read."""

    id: LineId
    revision: Annotated[int, Field(ge=1)]


class ConfirmRequest(schema.Request):
    """Lines of one call that are right as they are."""

    lines: Annotated[list[LineRead], Field(min_length=1, max_length=500)]


@router.get("/calls/{call_id}/transcript")
async def read_transcript(call_id: str, session: Staff, parts: Parts, address: Address) -> TranscriptAnswer:
    """What was said so far."""
    rows = await parts.transcript_desk.read(session.person, call_id, address)
    return TranscriptAnswer(engine=parts.transcript_desk.engine().value, lines=[_read(line) for line in rows])


@router.get("/transcript")
async def find_lines(words: Words, session: Staff, parts: Parts, address: Address) -> FoundLinesAnswer:
    """What was said with these words in any call whose transcript one may read."""
    await spend(parts, parts.limits.chat, session.person.identity)
    rows = await parts.transcript_desk.find(session.person, words, address)
    return FoundLinesAnswer(
        found=[
            FoundLine(
                call_id=row.call_id,
                number=sheet.call.number,
                title=sheet.call.title,
                started_at=sheet.call.started_at,
                line=_entry(row),
            )
            for row, sheet in rows
        ]
    )


@router.get("/transcript/lines/{line_id}")
async def read_line(line_id: LineId, session: Staff, parts: Parts) -> RevisionsAnswer:
    """What a line said before."""
    rows = await parts.transcript_desk.revisions(session.person, line_id)
    return RevisionsAnswer(revisions=[_entry(row) for row in rows])


@router.post("/transcript/lines/{line_id}")
async def revise_line(
    line_id: LineId, body: ReviseLineRequest, session: Staff, parts: Parts, address: Address
) -> TranscriptEntry:
    """Correct, confirm or mask it."""
    await spend(parts, parts.limits.note, session.person.identity)
    said = Revision(line_id, body.revision, body.text, LineState(body.state))
    return _entry(await parts.transcript_desk.revise(session.person, said, address))


@router.post("/transcript/confirm")
async def confirm_lines(
    body: ConfirmRequest, session: Staff, parts: Parts, address: Address
) -> list[TranscriptEntry]:
    """Answer for several lines at once: all of them or none."""
    await spend(parts, parts.limits.note, session.person.identity)
    said = [Revision(line.id, line.revision, "", LineState.CONFIRMED) for line in body.lines]
    return [_entry(row) for row in await parts.transcript_desk.revise_all(session.person, said, address)]


def _read(line: ReadLine) -> TranscriptEntry:
    entry, record = _entry(line.row), line.redaction
    if line.returned is not None and not line.is_withheld:
        entry = entry.model_copy(update={"returned": return_word(line.returned)})
    if record is None:
        return entry
    mark = {"redaction": LineRedaction(id=record["id"], reason=record["reason"])}
    if not line.is_withheld:
        return entry.model_copy(update=mark)
    return entry.model_copy(update=mark | {"withheld": True, "text": "", "proposals": [], "doubtful": False})


def _entry(row: TranscriptLine) -> TranscriptEntry:
    proposed = masking.proposals(row.text) if row.state != LineState.MASKED else []
    return TranscriptEntry.model_validate(
        {
            **row.model_dump(exclude={"line_id", "call_id", "is_doubtful"}),
            "id": row.line_id,
            "doubtful": row.is_doubtful,
            "proposals": [
                {"start": each.start, "end": each.end, "kind": each.kind.value} for each in proposed
            ],
        }
    )
