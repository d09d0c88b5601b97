"""質問 (R32): what the resident asked in a call, who answers it, until when, and what the answer was.

Noted by staff, with one tap from a chat line too, or by the resident. A question stays with its owner until
it is answered, or dropped because there is nothing to answer; a letter takes it along as it stands.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, Session, SQLModel, col, func, select

from field_assist.calls import Sender
from field_assist.identifiers import new_id
from field_assist.store import UtcDateTime, exclusive

MAX_QUESTIONS = 100


class State(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    DROPPED = "dropped"


class QuestionUnknown(Exception):
    """No such question, or none this person may know of."""


class QuestionsFull(Exception):
    """The call holds as many questions as it may."""


class Question(SQLModel, table=True):
    """One question. `asked_by` is an identity, staff who noted it or the guest; `message_id` a chat line."""

    __tablename__ = "question"

    id: str = Field(primary_key=True, max_length=26)
    call_id: str = Field(foreign_key="call.id", index=True, max_length=26)
    text: str
    asked_by: str = Field(max_length=40)
    asked_name: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    message_id: str | None = Field(default=None, foreign_key="chat_message.id", unique=True, max_length=26)
    owner_id: str = Field(foreign_key="staff.id", index=True, max_length=26)
    due_on: date | None = None
    answer: str
    state: str = Field(max_length=8)
    changed_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Change:
    """What staff say about a question; an answered one needs an answer."""

    text: str
    answer: str
    owner_id: str
    due_on: date | None
    state: State


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """What was asked, and in which chat line, if in one. The owner answers it until told otherwise."""

    text: str
    owner_id: str
    message_id: str | None = None


def ask(session: Session, call_id: str, sender: Sender, new: NewQuestion, at: datetime) -> Question:
    """Note a question; a chat line is noted once. Raises QuestionsFull."""
    exclusive(session, f"questions.{call_id}")
    if new.message_id is not None:
        noted = session.exec(select(Question).where(Question.message_id == new.message_id)).first()
        if noted is not None:
            return noted
    count = select(func.count()).select_from(Question).where(Question.call_id == call_id)
    if session.exec(count).one() >= MAX_QUESTIONS:
        raise QuestionsFull
    row = Question(
        id=new_id(at),
        call_id=call_id,
        text=new.text,
        asked_by=sender.identity,
        asked_name=sender.name,
        asked_at=at,
        message_id=new.message_id,
        owner_id=new.owner_id,
        answer="",
        state=State.OPEN.value,
        changed_at=at,
    )
    session.add(row)
    session.flush()
    return row


def by_id(session: Session, question_id: str) -> Question:
    """One question; raises QuestionUnknown."""
    row = session.get(Question, question_id)
    if row is None:
        raise QuestionUnknown
    return row


def change(session: Session, row: Question, said: Change, at: datetime) -> None:
    """Answer it, hand it to somebody else, move the day, drop it, or open it again."""
    row.text, row.answer, row.owner_id = said.text, said.answer, said.owner_id
    row.due_on, row.state, row.changed_at = said.due_on, said.state.value, at
    session.add(row)
    session.flush()


def of_call(session: Session, call_id: str) -> list[Question]:
    """All questions of a call, in the order they were asked."""
    query = select(Question).where(Question.call_id == call_id)
    return list(session.exec(query.order_by(col(Question.asked_at), col(Question.id))))


def owed(session: Session, staff_id: str) -> list[Question]:
    """Open questions somebody owes an answer to, the most urgent first; those without a day last."""
    query = select(Question).where(Question.owner_id == staff_id, Question.state == State.OPEN.value)
    rows = list(session.exec(query.order_by(col(Question.asked_at), col(Question.id)).limit(200)))
    return sorted(rows, key=lambda row: row.due_on or date.max)
