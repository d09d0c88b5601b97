"""返す under /api: something of a call's record is given back to whoever answered for it."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, StringConstraints

from field_assist import Returned
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.return_desk import OwnReturn
from signaling.api.schema import Request, Text
from signaling.api.services import spend

router = APIRouter(tags=["returns"], dependencies=[Depends(signed_in)])

Words = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
LineId = Annotated[str, StringConstraints(min_length=26, max_length=26)]


class ReturnWord(BaseModel):
    """Who gave it back, when, and what is to be put right."""

    by_name: str
    words: str
    at: datetime


class OwnReturnEntry(ReturnWord):
    """Something that is returned to the reader; a line has its moment and its words as they stand."""

    id: str
    call_id: str
    number: str
    title: str
    kind: Literal["line", "minutes"]
    at_ms: int
    text: str


class OwnReturnsAnswer(BaseModel):
    """What is returned to the reader and not put right yet, the newest first."""

    returned: list[OwnReturnEntry]


class ReturnRequest(Request):
    """What is to be put right; `revision` of the line, or version of the minutes, as it was read."""

    revision: Annotated[int, Field(ge=1)]
    words: Words


@router.get("/returns")
async def read_returns(session: Staff, parts: Parts) -> OwnReturnsAnswer:
    """What is returned to me."""
    return OwnReturnsAnswer(returned=[_own(each) for each in await parts.return_desk.mine(session.person)])


@router.post("/transcript/lines/{line_id}/return", status_code=204)
async def return_line(
    line_id: LineId, body: ReturnRequest, session: Staff, parts: Parts, address: Address
) -> None:
    """Give a confirmed line back."""
    await spend(parts, parts.limits.note, session.person.identity)
    await parts.return_desk.return_line(session.person, (line_id, body.revision), body.words, address)


@router.post("/calls/{call_id}/minutes/return", status_code=204)
async def return_minutes(
    call_id: str, body: ReturnRequest, session: Staff, parts: Parts, address: Address
) -> None:
    """Give the newest, confirmed minutes back."""
    await spend(parts, parts.limits.note, session.person.identity)
    await parts.return_desk.return_minutes(session.person, call_id, body.revision, body.words, address)


def return_word(row: Returned) -> ReturnWord:
    """As it stands beside what was returned."""
    return ReturnWord(by_name=row.by_name, words=row.words, at=row.at)


def _own(each: OwnReturn) -> OwnReturnEntry:
    call, line = each.sheet.call, each.line
    return OwnReturnEntry(
        **return_word(each.row).model_dump(),
        id=each.row.id,
        call_id=call.id,
        number=call.number,
        title=call.title,
        kind="minutes" if line is None else "line",
        at_ms=line.started_ms if line is not None else 0,
        text=line.text if line is not None else "",
    )
