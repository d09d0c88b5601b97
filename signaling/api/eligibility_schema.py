"""The words of the eligibility check: what `schema` is for the rest."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StrictBool, StrictInt, StringConstraints

from signaling.api.schema import Request

Answer = StrictBool | StrictInt | Annotated[str, StringConstraints(max_length=40)] | None
Reception = Literal["always", "not_yet", "open", "over"]
Name = Annotated[str, StringConstraints(max_length=40)]


class EligibilityAnswers(Request):
    """What was said so far, by circumstance: days as ISO dates, null for "I do not know"."""

    answers: Annotated[dict[Name, Answer], Field(default_factory=dict, max_length=60)]


class EligibilityQuestion(BaseModel):
    """One thing to ask; the web client has the words under its name."""

    name: str
    shape: Literal["yes_no", "number", "day", "choice"]
    choices: list[str]


class EligibilityFinding(BaseModel):
    """One condition: what it asks and the answer that fits; `holds` null = to be confirmed."""

    name: str
    test: Literal["holds", "fails", "at_least", "at_most", "is", "within", "past"]
    number: int
    unit: Literal["", "days", "months"]
    choices: list[str]
    holds: bool | None


class ServiceBrief(BaseModel):
    """The service as its owner describes it, with whom to ask and how old that is."""

    id: str
    title: str
    title_en: str
    summary: str
    easy: str
    english: str
    gives: str
    how: str
    papers: list[str]
    starts: date | None
    ends: date | None
    reception: Reception
    days_left: int | None
    """Until `ends`, 0 = today; null where there is no end or it is over."""
    owner: str
    contact: str
    phone: str
    url: str
    updated: date | None


class EligibilityAnswer(BaseModel):
    """What can be said, and the one question that would say more. Never a promise, and nothing was kept."""

    service: ServiceBrief
    has_rule: bool
    verdict: Literal["likely", "unlikely", "unsure"]
    question: EligibilityQuestion | None
    findings: list[EligibilityFinding]
    desk: list[str]
    """What only the desk can establish, by name."""
    own_deadlines: list[date]
    """Last days to apply that follow from days somebody gave, earliest first."""
