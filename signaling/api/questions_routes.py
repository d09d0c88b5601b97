"""Questions of residents under /api: noted by everybody in the call, answered by staff."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, StringConstraints, model_validator

from field_assist import Guest, Question, questions
from signaling.api import schema
from signaling.api.auth import Address, Parts, Speakers, Staff, signed_in
from signaling.api.calls_routes import speaker_in
from signaling.api.question_desk import Asked
from signaling.api.services import spend

router = APIRouter(tags=["questions"], dependencies=[Depends(signed_in)])
call_router = APIRouter(tags=["questions"])

QuestionText = Annotated[
    schema.Text, StringConstraints(strip_whitespace=True, pattern=r"\S", max_length=2000)
]
QuestionState = Literal["open", "answered", "dropped"]


class QuestionOwner(BaseModel):
    """A member of staff who can own a question."""

    id: str
    name: str


class QuestionEntry(BaseModel):
    """A question as it stands; `own` = the reader asked it."""

    id: str
    call_id: str
    number: str
    title: str
    topic: str
    text: str
    asked_name: str
    asked_at: datetime
    own: bool
    message_id: str | None
    owner: QuestionOwner
    due_on: date | None
    answer: str
    state: QuestionState


class QuestionsAnswer(BaseModel):
    """Questions, and who of a call's staff can own one (nobody for guests)."""

    questions: list[QuestionEntry]
    owners: list[QuestionOwner]


class AskRequest(schema.Request):
    """A question in words, or the chat line in which it was asked."""

    text: Annotated[schema.Text, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    message_id: Annotated[str, StringConstraints(min_length=26, max_length=26)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "AskRequest":
        if (self.text == "") == (self.message_id is None):
            raise ValueError("either the words or the chat line")
        return self


class QuestionRequest(schema.Request):
    """What staff say about a question; what is answered has an answer."""

    text: QuestionText
    answer: Annotated[schema.Text, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    owner_id: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    due_on: date | None = None
    state: QuestionState

    @model_validator(mode="after")
    def _an_answer_answers(self) -> "QuestionRequest":
        if self.state == "answered" and not self.answer:
            raise ValueError("an answered question has an answer")
        return self


@call_router.get("/calls/{call_id}/questions")
async def list_questions(call_id: str, speakers: Speakers, parts: Parts) -> QuestionsAnswer:
    """The questions of a call, oldest first."""
    speaker = await speaker_in(parts, speakers, call_id)
    asked = await parts.question_desk.of_call(speaker, call_id)
    return _answer(asked, speaker.identity, is_guest=isinstance(speaker, Guest))


@call_router.post("/calls/{call_id}/questions", status_code=201)
async def ask_question(
    call_id: str, body: AskRequest, speakers: Speakers, parts: Parts, address: Address
) -> QuestionsAnswer:
    """Note a question; the same chat line is noted once."""
    speaker = await speaker_in(parts, speakers, call_id)
    await spend(parts, parts.limits.chat, speaker.identity)
    asked = await parts.question_desk.ask(speaker, call_id, body.text, body.message_id, address)
    return _answer(asked, speaker.identity, is_guest=isinstance(speaker, Guest))


@router.post("/questions/{question_id}")
async def change_question(
    question_id: str, body: QuestionRequest, session: Staff, parts: Parts, address: Address
) -> QuestionsAnswer:
    """Answer it, hand it over, move its day, drop it."""
    said = questions.Change(body.text, body.answer, body.owner_id, body.due_on, questions.State(body.state))
    asked = await parts.question_desk.change(session.person, question_id, said, address)
    return _answer(asked, session.person.identity, is_guest=False)


@router.get("/questions")
async def list_owed_questions(session: Staff, parts: Parts) -> QuestionsAnswer:
    """What this person owes an answer to, the most urgent first."""
    asked = await parts.question_desk.owed(session.person)
    return _answer(asked, session.person.identity, is_guest=False)


def _answer(asked: Asked, identity: str, *, is_guest: bool) -> QuestionsAnswer:
    owners = [QuestionOwner(id=person.id, name=person.name) for person in asked.owners.values()]
    return QuestionsAnswer(
        questions=[_entry(asked, row, identity, is_guest=is_guest) for row in asked.questions],
        owners=[] if is_guest else owners,
    )


def _entry(asked: Asked, row: Question, identity: str, *, is_guest: bool) -> QuestionEntry:
    call = asked.sheets[row.call_id].call
    return QuestionEntry(
        id=row.id,
        call_id=row.call_id,
        number=call.number,
        title=call.title,
        topic=call.topic,
        text=row.text,
        asked_name=row.asked_name,
        asked_at=row.asked_at,
        own=row.asked_by == identity,
        message_id=row.message_id,
        owner=QuestionOwner(id="" if is_guest else row.owner_id, name=asked.owners[row.owner_id].name),
        due_on=row.due_on,
        answer=row.answer,
        state=questions.State(row.state).value,
    )
