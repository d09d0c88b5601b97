"""The words of notices under /api: what residents ask for, choose, follow and were told."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from signaling.api.recap_schema import MailRequest
from signaling.api.schema import Language, Request

Topic = Literal["works", "licence", "series", "category", "entry"]
EntryKey = Annotated[str, StringConstraints(min_length=1, max_length=130)]
MostPerWeek = Annotated[int, Field(ge=1, le=3)]
EveningHour = Annotated[int, Field(ge=18, le=23)]
MorningHour = Annotated[int, Field(ge=5, le=10)]


class NoticesWish(Request):
    """What somebody was looking at when they asked: the link in the mail leads on to it."""

    topic: Literal["entry", "category"]
    key: EntryKey


class NoticesRequest(MailRequest):
    """An address its owner gives, to be told what they choose."""

    language: Language = "ja"
    wish: NoticesWish | None = None


class ChoicesRequest(Request):
    """The rhythm, in full hours of Japan's time, the language, and what is not told."""

    language: Language
    per_week: MostPerWeek
    quiet_from: EveningHour
    quiet_until: MorningHour
    switched_off: Annotated[list[Topic], Field(max_length=5, default_factory=list)]


class FollowRequest(Request):
    """One thing to follow, by a key of GET /api/notices; works have a radius, a licence its last day."""

    topic: Topic
    key: EntryKey
    area: Annotated[str, StringConstraints(pattern=r"^(\d{6})?$")] = ""
    radius_m: Annotated[int, Field(ge=0, le=5000)] = 0
    expires_on: date | None = None


class Choice(BaseModel):
    """Something that can be followed; events have their day."""

    key: str
    name: str
    day: date | None = None


class NoticesOffer(BaseModel):
    """GET /api/notices: what can be followed, and whether anybody can subscribe here."""

    organisation: str
    office_phone: str
    is_open: bool
    places: list[Choice]
    radii_m: list[int]
    licences: list[Choice]
    categories: list[Choice]
    areas: list[Choice]
    events: list[Choice]
    programmes: list[Choice]


class LicenceDays(BaseModel):
    """The days of somebody's licence; None where the list does not say."""

    opens_on: date | None
    closes_on: date | None
    safe_on: date
    stage: Literal["early", "open", "last", "late", "expired"]


class Follow(BaseModel):
    """One thing somebody follows; `is_done`: they have dealt with the licence that runs out then."""

    id: str
    topic: Topic
    key: str
    label: str
    area: str
    radius_m: int
    expires_on: date | None
    is_done: bool
    days: LicenceDays | None


class ToldNotice(BaseModel):
    """One thing somebody was told; never without a reason and a source."""

    id: str
    topic: Topic
    title: str
    lines: list[str]
    reason: str
    source: str
    source_day: date | None
    contact: str
    phone: str
    url: str
    made_at: datetime


class NoticesView(BaseModel):
    """GET /api/notices/{code}: somebody's own page."""

    organisation: str
    office_phone: str
    state: Literal["asked", "confirmed", "bounced"]
    address: str
    language: Language
    per_week: int
    quiet_from: int
    quiet_until: int
    switched_off: list[Topic]
    follows: list[Follow]
    told: list[ToldNotice]
    next_digest_at: datetime
