"""The words of notices under /api: what residents ask for, choose, follow and were told."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from signaling.api.push_schema import Key as PushKey
from signaling.api.recap_schema import MailRequest
from signaling.api.schema import Language, Request
from signaling.push.endpoints import MAX_ENDPOINT

Topic = Literal["works", "licence", "series", "category", "entry", "slot"]
ProxyName = Annotated[
    str,
    # Letters and spaces only: it stands in a mail to somebody who did not ask, and is no place for links.
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=30, pattern=r"^[^\W\d_]+([ 　・][^\W\d_]+)*$"
    ),
]
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
    """The rhythm, in full hours of Japan's time, the language, and what is not told.

    `digest_on` is a weekday, 0 = Monday, or 7 for every day.
    """

    language: Language
    per_week: MostPerWeek
    quiet_from: EveningHour
    quiet_until: MorningHour
    switched_off: Annotated[list[Topic], Field(max_length=6, default_factory=list)]
    digest_on: Annotated[int, Field(ge=0, le=7)] = 1
    wakes_for_same_day: bool = False
    channel: Literal["mail", "push"] = "mail"


class FollowRequest(Request):
    """One thing to follow, by a key of GET /api/notices; works have a radius, a licence its last day.

    A free slot has days (digits: 0 = Monday, 7 = national holidays) and the full hours it must lie within.
    """

    topic: Topic
    key: EntryKey
    area: Annotated[str, StringConstraints(pattern=r"^(\d{6})?$")] = ""
    radius_m: Annotated[int, Field(ge=0, le=5000)] = 0
    expires_on: date | None = None
    weekdays: Annotated[str, StringConstraints(pattern=r"^[0-7]{0,8}$")] = ""
    from_hour: Annotated[int, Field(ge=0, le=23)] = 0
    until_hour: Annotated[int, Field(ge=1, le=24)] = 24


class DeviceRequest(Request):
    """What the browser's subscription says, and how its owner will recognise it."""

    endpoint: Annotated[str, StringConstraints(min_length=10, max_length=MAX_ENDPOINT)]
    p256dh: PushKey
    auth: PushKey
    label: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""


class ProxyRequest(MailRequest):
    """Somebody who is to receive the same until a day: what one calls them, and what they know one by."""

    name: ProxyName
    from_name: ProxyName
    topics: Annotated[list[Topic], Field(min_length=1, max_length=6)]
    until: date


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
    facilities: list[Choice]


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
    weekdays: str
    from_hour: int
    until_hour: int
    days: LicenceDays | None


class ToldNotice(BaseModel):
    """One thing somebody was told; with a reason and a source. `is_over`: it is of no use any more."""

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
    is_over: bool


class NoticeDevice(BaseModel):
    """A browser that shows somebody's notices."""

    id: str
    label: str
    added_at: datetime


class Proxy(BaseModel):
    """Somebody who receives the same, once they said yes."""

    id: str
    name: str
    topics: list[Topic]
    until: date
    is_confirmed: bool


class ProxyFor(BaseModel):
    """On whose behalf this page's owner receives notices, of what and until when."""

    name: str
    topics: list[Topic]
    until: date


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
    digest_on: int
    wakes_for_same_day: bool
    channel: Literal["mail", "push"]
    push_key: str
    devices: list[NoticeDevice]
    proxies: list[Proxy]
    proxy_for: ProxyFor | None
