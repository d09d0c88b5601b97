"""会議録 of a call under /api, for its staff."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field, StringConstraints

from field_assist import Person, minutes, minutes_draft, record_people
from signaling.api.auth import Address, Parts, Staff, signed_in
from signaling.api.minutes_desk import CallMinutes, ReadSentence, Saving, Wanted
from signaling.api.redactions_routes import LineRedaction
from signaling.api.returns_routes import ReturnWord, return_word
from signaling.api.schema import Line, Request, Text
from signaling.api.services import spend

router = APIRouter(tags=["minutes"], dependencies=[Depends(signed_in)])

PartKey = Literal["talk", "decided", "owed"]
OriginKey = Literal["line", "decision", "shown", "still", "question", "hand", "withdrawn"]
Words = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=2000)]
LONGEST_MS = 7 * 24 * 3600 * 1000


class MinutesSentenceBody(Request):
    """One sentence; `at_ms` is the moment of the call it stands on, `source` what it was made from.

    `withheld`: its words are hidden from the writer, and stay as they are.
    """

    part: PartKey
    text: Words
    at_ms: Annotated[int, Field(ge=0, le=LONGEST_MS)]
    speaker: Line = ""
    origin: OriginKey = "hand"
    source: Annotated[Text, StringConstraints(max_length=80)] = ""
    withheld: bool = False


class MinutesSentence(BaseModel):
    """The same as it is read; `confirmed` is false where it stands on words nobody has confirmed.

    What has a `redaction` leaves the house without its words; `withheld`: so it does here.
    """

    part: PartKey
    text: str
    at_ms: int
    speaker: str
    origin: OriginKey
    source: str
    confirmed: bool
    redaction: LineRedaction | None
    withheld: bool


class MinutesVersion(BaseModel):
    """Who saved a version, when, and whether they answer for it."""

    version: int
    confirmed: bool
    author_name: str
    at: datetime


class MinutesAnswer(BaseModel):
    """The minutes of a call; `version` is 0 for a draft nobody saved, `attendees` are one a line."""

    call_id: str
    number: str
    title: str
    started_at: datetime
    ended_at: datetime | None
    version: int
    newest: int
    confirmed: bool
    subject: str
    held: str
    place: str
    attendees: str
    sentences: list[MinutesSentence]
    versions: list[MinutesVersion]
    returned: ReturnWord | None
    may_return: bool


class MinutesRequest(Request):
    """POST /api/calls/{id}/minutes: what they are to say; `version` is the newest one, as it was read."""

    version: Annotated[int, Field(ge=0)]
    subject: Line
    held: Line
    place: Line = ""
    attendees: Words = ""
    sentences: Annotated[list[MinutesSentenceBody], Field(max_length=minutes.MAX_SENTENCES)]
    confirmed: bool = False


@router.get("/calls/{call_id}/minutes")
async def read_minutes(
    call_id: str,
    session: Staff,
    parts: Parts,
    address: Address,
    version: Annotated[int | None, Query(ge=0)] = None,
    disclosure: bool = False,
) -> MinutesAnswer:
    """The newest version, else a draft; `version` asks for another one, 0 for the draft as of now.

    `disclosure`: as they leave the house, without what is hidden.
    """
    wanted = Wanted(version, disclosure)
    return _answer(await parts.minutes_desk.read(session.person, call_id, wanted, address), session.person)


@router.post("/calls/{call_id}/minutes")
async def save_minutes(
    call_id: str, body: MinutesRequest, session: Staff, parts: Parts, address: Address
) -> MinutesAnswer:
    """Keep them as a version; `confirmed` says that the writer answers for it."""
    await spend(parts, parts.limits.note, session.person.identity)
    form = minutes.Form(
        subject=body.subject,
        held=body.held,
        place=body.place,
        attendees=body.attendees,
        sentences=tuple(
            minutes_draft.Sentence(
                part=minutes_draft.Part(each.part),
                text=each.text,
                at_ms=each.at_ms,
                speaker=each.speaker,
                origin=minutes_draft.Origin(each.origin),
                source=each.source,
            )
            for each in body.sentences
        ),
    )
    withheld = frozenset(place for place, each in enumerate(body.sentences) if each.withheld)
    saving = Saving(body.version, form, withheld, body.confirmed)
    return _answer(await parts.minutes_desk.save(session.person, call_id, saving, address), session.person)


def _answer(found: CallMinutes, person: Person) -> MinutesAnswer:
    call, form = found.sheet.call, found.form
    return MinutesAnswer(
        call_id=call.id,
        number=call.number,
        title=call.title,
        started_at=call.started_at,
        ended_at=call.ended_at,
        version=found.row.version if found.row else 0,
        newest=found.versions[-1].version if found.versions else 0,
        confirmed=found.row.is_confirmed if found.row else False,
        subject=form.subject,
        held=form.held,
        place=form.place,
        attendees=form.attendees,
        sentences=[_sentence(each) for each in found.sentences],
        versions=[
            MinutesVersion(
                version=row.version, confirmed=row.is_confirmed, author_name=row.author_name, at=row.at
            )
            for row in found.versions
        ],
        returned=return_word(found.returned) if found.returned else None,
        may_return=record_people.may_return(person, found.sheet.facts),
    )


def _sentence(read: ReadSentence) -> MinutesSentence:
    each, record = read.sentence, read.redaction
    return MinutesSentence(
        part=each.part.value,
        text="" if read.is_withheld else each.text,
        at_ms=each.at_ms,
        speaker="" if read.is_withheld else each.speaker,
        origin=each.origin.value,
        source=each.source,
        confirmed=read.is_confirmed or read.is_withheld,
        redaction=LineRedaction(id=record["id"], reason=record["reason"]) if record else None,
        withheld=read.is_withheld,
    )
