"""The words of what comes after a call, under /api: recaps, letters to residents, and their mail."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from signaling.api.card_schema import ServiceCard
from signaling.api.schema import Language, Line, Request, SenderRole, Text

Lines = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=2000)]
# RFC 5321 section 4.1.2, without quotes and address literals; dots in a row exist in addresses of carriers.
MailAddress = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$",
    ),
]


class RecapPerson(BaseModel):
    """Somebody who was in the call: their name, and where they belong; `guest_id` of who came by a link."""

    name: str
    role: SenderRole
    belongs: str
    guest_id: str | None = None


class RecapAsked(BaseModel):
    """A request for help in the call; `ticket` = somebody still owes a call back."""

    topic: str
    state: Literal["waiting", "answered", "withdrawn", "ticket", "called_back", "closed"]
    asked_at: datetime
    answered_by: str


class LetterMail(BaseModel):
    """A mail of a letter; the address is not kept."""

    state: Literal["waiting", "sent", "failed"]
    created_at: datetime
    ended_at: datetime | None


class Letter(BaseModel):
    """A letter as its staff see it; `url` and `qr_svg` are empty once it opens nothing any more."""

    id: str
    recipient: str
    language: Language
    url: str
    qr_svg: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked: bool
    mails: list[LetterMail]


class Recap(BaseModel):
    """What is known of a call, what staff wrote about it, and the letters about it.

    `contact` is a proposal while nothing was written (`version` 0). `due_on` is the day of the next step.
    """

    call_id: str
    number: str
    title: str
    topic: str
    place: str
    started_at: datetime
    ended_at: datetime | None
    people: list[RecapPerson]
    asked: list[RecapAsked]
    version: int
    happened: str
    agreed: str
    next_step: str
    due_on: date | None
    contact: str
    edited_at: datetime | None
    edited_by: str
    confirmed_at: datetime | None
    confirmed_by: str
    letters: list[Letter]
    can_mail: bool


class OutcomeRequest(Request):
    """What was agreed, one point a line; the next step and its day; whom to ask."""

    agreed: Lines = ""
    next_step: Lines = ""
    due_on: date | None = None
    contact: Line = ""


class RecapRequest(OutcomeRequest):
    """`version` is the one that was read: saving over somebody else's words is refused."""

    version: Annotated[int, Field(ge=0)]
    happened: Lines = ""
    confirmed: bool = False


class LetterRequest(OutcomeRequest):
    """What the resident takes home, in their language.

    With `guest_id` it is that guest's own: its holder sees what they agreed to and may take it back.
    """

    recipient: Line = ""
    guest_id: Annotated[str, StringConstraints(max_length=26)] | None = None
    language: Language = "ja"


class MailRequest(Request):
    """An address somebody gave, with their word that it may be used for this."""

    address: MailAddress
    consent: Literal[True]


class LetterAsked(BaseModel):
    """A question of the resident; the answer is "" while there is none."""

    text: str
    answer: str
    due_on: date | None


class LetterView(BaseModel):
    """GET /api/letter/{code}: what was agreed, as the resident reads it."""

    organisation: str
    office: str
    office_phone: str
    talked_at: datetime
    talked_s: int
    language: Language
    agreed: list[str]
    next_step: str
    due_on: date | None
    contact: str
    questions: list[LetterAsked]
    cards: list[ServiceCard]
    expires_at: datetime
    can_mail: bool
    has_consents: bool


class LetterConsent(BaseModel):
    """What the letter's guest said to one purpose: the question as it was asked, in the letter's language.

    `taken`: `kept` = what was taken may stay, `deleted` = it is gone, `held` = it has to be kept locked away
    for now and goes after that, `waiting` = nobody said, `none` = nothing was taken.
    """

    purpose: Literal["recording", "transcript", "photo", "concierge"]
    question: str
    state: Literal["given", "refused", "withdrawn"]
    at: datetime
    taken: Literal["kept", "deleted", "held", "waiting", "none"]


class LetterConsents(BaseModel):
    """GET /api/letter/{code}/consents: what they said, as far as they were asked."""

    language: Language
    consents: list[LetterConsent]


class LetterReceipt(LetterConsents):
    """What became of a withdrawal: `number` finds it in the access log."""

    number: str
    at: datetime
    withdrawn: list[Literal["recording", "transcript", "photo", "concierge"]]


class WithdrawRequest(Request):
    """Which yeses are taken back; with `delete` also what was taken until now, where that can be deleted."""

    purposes: Annotated[
        list[Literal["recording", "transcript", "photo", "concierge"]], Field(min_length=1, max_length=4)
    ]
    delete: bool
