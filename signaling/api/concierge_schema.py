"""The words of the concierge: what `schema` is for the rest."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from signaling.api.schema import Request, Text

MOST = 20


class ServiceQuestion(Request):
    """What somebody needs, in their own words; it travels in the body, which no proxy writes down."""

    text: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
    asker: Literal["resident", "business", "staff"] = "resident"
    limit: Annotated[int, Field(ge=1, le=MOST)] = 5


class ServiceReason(BaseModel):
    """One reason why it is shown.

    `need`: it is for people who say `words`; `words`: it says them too; `meaning`: this sentence of it comes
    near; `open_then`: at the time asked for; `linked`: it belongs to `words`, which fits.
    """

    why: Literal["need", "words", "meaning", "open_then", "linked"]
    words: str


class ServiceMatch(BaseModel):
    """One public service, event, facility, works, licence or paper, with why, owner, date and contact."""

    id: str
    """The owner's code and ID, like 992011-P016."""
    kind: Literal["programme", "facility", "event", "work", "licence", "document", "decision"]
    title: str
    title_en: str
    summary: str
    easy: str
    english: str
    starts: date | None
    ends: date | None
    is_over: bool
    place: str
    owner: str
    updated: date | None
    contact: str
    phone: str
    url: str
    reasons: list[ServiceReason]
    """Those that weigh most first; never empty."""
    is_close_only: bool
    """It comes close rather than fits, and is said to."""


class CounselDesk(BaseModel):
    """Where a person listens; `phone` is empty where it differs from place to place."""

    name: str
    phone: str
    hours: str


class ServicesFound(BaseModel):
    """What fits, best first; for grave topics desks alone. Where nothing fits, a person helps on."""

    matches: list[ServiceMatch]
    desks: list[CounselDesk]
    is_sensitive: bool
    """Keep nothing of this: no history, and a way to close it at once."""


class ServiceRejected(Request):
    """「これではない」: with these words, typed by staff, this entry was not what was looked for."""

    text: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
    id: Annotated[str, StringConstraints(min_length=1, max_length=110)]
    kind: Literal["programme", "facility", "event", "work", "licence"]


class StaffPaper(BaseModel):
    """A document or decision that says it; `may_show`: guests may be shown it (公開区分)."""

    kind: Literal["document", "decision"]
    id: str
    title: str
    owner: str
    day: date
    disclosure: Literal["public", "presentable", "staff"]
    may_show: bool
    surface: str
    """What presenting it takes, "" for what cannot be presented."""
    page: int


class PapersFound(BaseModel):
    """Papers for staff alone, best first."""

    papers: list[StaffPaper]


class Suggestions(BaseModel):
    """What fits the last words of a call, for its staff alone."""

    is_consented: bool
    """Somebody agreed that what they say is used for this; otherwise nobody is listened to."""
    words: str
    """What was heard; empty where it is sensitive."""
    found: ServicesFound
    paper: str
    """The title of the document that is presented, empty where none is."""
    by_paper: ServicesFound
    """What fits that document."""
