"""The words of the residents' own page of public services: what `schema` is for the rest."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from signaling.api.schema import Request

PublicKind = Literal["programme", "facility", "event", "work", "licence"]
LifeEventName = Literal["moving", "birth", "job_lost", "death", "disaster"]
ServiceId = Annotated[str, StringConstraints(pattern=r"^(\d{6})?-", max_length=110)]


class ServiceRef(Request):
    """One public record by its kind and its owner's code and ID, like 992011-P016."""

    kind: PublicKind
    id: ServiceId


class ServiceItem(BaseModel):
    """One public record in a list: what it is, until when, whose, and how old that is."""

    kind: PublicKind
    id: str
    title: str
    title_en: str
    summary: str
    easy: str
    english: str
    starts: date | None
    ends: date | None
    place: str
    owner: str
    updated: date | None
    contact: str
    phone: str
    is_sensitive: bool
    """Keep nothing of it: it is no part of a history."""


class TrendingItem(BaseModel):
    """What many look at now: so many times its own usual, and how many people that is, five at least."""

    service: ServiceItem
    ratio: float
    viewers: int


class PortalView(BaseModel):
    """GET /api/services: whose page this is and which doors it has."""

    organisation: str
    office_phone: str
    takes_subscribers: bool
    """Whether anybody can ask here to be told by mail."""
    towns: list[str]
    counts: dict[PublicKind, int]
    """Of records that are not over."""
    life_events: list[LifeEventName]
    """Those for which there is anything to see to."""
    trending: list[TrendingItem]


class ServicesList(BaseModel):
    """A page of a list of records; `total` of all pages."""

    total: int
    services: list[ServiceItem]


class DueWindow(BaseModel):
    """So long after a day; `since` names the day (born_on), "" where only the text of the record says so."""

    number: int
    unit: Literal["days", "months"]
    since: str


class ErrandItem(BaseModel):
    """One thing to see to; without a window, a notice and an end there is no day, and sooner is better."""

    service: ServiceItem
    window: DueWindow | None
    with_notice: bool
    """It is handed over with the first notification."""


class Checklist(BaseModel):
    """What to see to after something happened, in the order in which it is due."""

    life_event: LifeEventName
    errands: list[ErrandItem]


class ServiceFact(BaseModel):
    """One thing its list says of a record; the web client has the words under `name`."""

    name: str
    value: str


class ServiceChange(BaseModel):
    """What became different of a record on a day."""

    on: date
    heading: str
    before: str
    after: str


class ServicePage(BaseModel):
    """One record whole: never without its owner, and as old as its owner says."""

    service: ServiceItem
    needs: list[str]
    """こんなとき: how people say the need that it answers."""
    facts: list[ServiceFact]
    papers: list[str]
    categories: list[str]
    life_events: list[LifeEventName]
    changes: list[ServiceChange]
    related: list[ServiceItem]
    url: str
    licence: str
    """The terms of its list."""
    fetched_on: date
    is_stale: bool
    """Its list should have come again by now."""
    has_check: bool
    """One can check whether it may be meant for oneself."""
    follow_key: str
    """By which notices follow it; "" for what cannot be followed."""


class SeenService(ServiceRef):
    """A record somebody looked at, so many days ago."""

    days_ago: Annotated[int, Field(ge=0, le=366)] = 0


class NearbyRequest(Request):
    """A place of GET /api/services/places and a distance: used for the answer, and nothing of it is kept."""

    place: Annotated[str, Field(min_length=1, max_length=130)]
    radius_m: Literal[500, 1000, 2000]


class PlaceChoice(BaseModel):
    """A part of a municipality that somebody can name as theirs."""

    key: str
    name: str


class PlacesAnswer(BaseModel):
    """All of them, by name."""

    places: list[PlaceChoice]


class NearbyWork(BaseModel):
    """A work and how far it is from the middle of the place, in metres, to the next fifty."""

    service: ServiceItem
    metres: int


class NearbyWorks(BaseModel):
    """The nearest first; `total` counts those that are left out as well."""

    total: int
    works: list[NearbyWork]


class RecommendRequest(Request):
    """What a device remembers: it is used for the answer, and nothing of it is kept."""

    seen: Annotated[list[SeenService], Field(max_length=50)]
    unwanted: Annotated[list[ServiceRef], Field(max_length=100, default_factory=list)]
    later: Annotated[list[ServiceRef], Field(max_length=100, default_factory=list)]


class RecommendReason(BaseModel):
    """`words` is the title of what was looked at, or the last day; `shared` what both are for."""

    why: Literal["related", "life_event", "category", "last_day"]
    words: Annotated[str, Field(min_length=1)]
    shared: str


class RecommendedItem(BaseModel):
    """What may concern somebody, never without a reason."""

    service: ServiceItem
    reasons: Annotated[list[RecommendReason], Field(min_length=1)]


class Recommendations(BaseModel):
    """Few; none where nothing is near."""

    recommended: list[RecommendedItem]
