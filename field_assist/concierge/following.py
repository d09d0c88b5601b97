"""What residents follow, and which changes of the catalogue concern them. Sans-IO.

Only what people said themselves counts: works near a place they named, a licence with its day, a kind of
service, one entry, the next event of a series. A `Draft` cannot be made without a reason and a source.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from field_assist.concierge import licence_dates
from field_assist.concierge.entries import STAFF_ONLY, Entry, Kind, Source
from field_assist.concierge.notice_plan import Urgency
from field_assist.concierge.notice_words import Subject, Told, in_force_on, said
from field_assist.work_hours import JST

REGULATION = (
    *("規制種別", "規制理由", "規制開始日", "規制開始時間", "規制終了日", "規制終了時間"),
    *("規制場所始点", "規制場所終点", "迂回路", "工期_終了日"),
)
"""Of a work: what changes how people get about. All else of it (進捗率) waits for the digest."""
LAW = ("注意喚起・制度改正", "x_改正施行日", "x_改正の根拠")
"""Of a licence: what its holders have to mind, from when, and where that is written."""
_UNTOLD = re.compile(r"x_|最終更新日|最終確認日|進捗基準日|URL|緯度|経度|備考$")
_SOON = timedelta(days=8)
_LAW_SOON = timedelta(days=14)
_EARTH_M = 6_371_000
_EDITION = re.compile(
    r"第?\d+回|令和\d+年度?|\d{4}年度?|\d+月期?|[(（\[「【].*?[)）\]」】]|[春夏秋冬](期|の陣|休み|の)?|[\s・:：!！~〜\-]"
)


class Topic(StrEnum):
    """Why somebody is written to; each can be switched off by itself."""

    WORKS = "works"
    LICENCE = "licence"
    SERIES = "series"
    CATEGORY = "category"
    ENTRY = "entry"
    SLOT = "slot"


@dataclass(frozen=True, slots=True)
class Follow:
    """One thing somebody follows. `key` is an entry's key, or a category; `label` is how people call it.

    Works have a place (WGS 84 degrees) and a radius; a licence the day it runs out; a category may be meant
    for one municipality (`area`, its six-digit code, "" for all). A slot has its days (`weekdays`, digits:
    0 = Monday, 7 = holidays) and the full hours it must lie within.
    """

    topic: Topic
    key: str = ""
    label: str = ""
    area: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    radius_m: int = 0
    expires_on: date | None = None
    weekdays: str = ""
    from_hour: int = 0
    until_hour: int = 24


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One column that became different."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that is new or became different at one moment."""

    entry: Entry
    at: datetime
    is_new: bool = False
    fields: tuple[FieldChange, ...] = ()


class Unfounded(ValueError):
    """Without a reason or a source nothing is told."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice for one person; nobody gets the same `change` of the same `item` twice."""

    topic: Topic
    item: str
    change: str
    told: Told
    source: Source
    urgency: Urgency
    made_at: datetime
    contact: str = ""
    phone: str = ""
    url: str = ""
    expires_at: datetime | None = None
    rank: int = field(default=2)

    def __post_init__(self) -> None:
        if not (self.told.reason.strip() and self.source.owner.strip()):
            raise Unfounded(self.item)


def entry_key(entry: Entry) -> str:
    """How a follow names an entry: its kind, its owner's code and the owner's ID."""
    return f"{entry.kind}/{entry.source.owner_code}/{entry.entry_id}"


def draft(follow: Follow, change: Change, language: str) -> Draft | None:
    """What this change is to whoever follows that; None when it does not concern them or is over."""
    entry, ends = change.entry, last_moment(change.entry)
    if entry.kind in STAFF_ONLY or not entry.source.owner or (ends is not None and ends <= change.at):
        return None
    subject, urgency, rank = _subject(follow, change)
    if subject is None:
        return None
    return Draft(
        topic=follow.topic,
        item=entry_key(entry),
        change=change.at.isoformat(),
        told=said(subject, follow_words(follow), entry, _told_fields(change), language),
        source=entry.source,
        urgency=urgency,
        made_at=change.at,
        contact=entry.contact,
        phone=entry.phone,
        url=entry.url,
        expires_at=ends,
        rank=rank,
    )


def nearest(follows: Mapping[str, Follow], change: Change, language: str) -> tuple[str, Draft] | None:
    """The one notice of this change for somebody who follows all of these (by id): the nearest reason."""
    drafts = ((name, draft(each, change, language)) for name, each in follows.items())
    found = [(name, made) for name, made in drafts if made is not None]
    return min(found, key=lambda each: (each[1].rank, each[0]), default=None)


def licence_draft(follow: Follow, entry: Entry, now: datetime, language: str) -> Draft | None:
    """The notice of today for the holder of a licence that runs out; None when none is due."""
    if follow.expires_on is None or follow.topic is not Topic.LICENCE or not entry.source.owner:
        return None
    today = now.astimezone(JST).date()
    plan = licence_dates.schedule(licence_dates.terms(entry.facts), follow.expires_on)
    step = plan.due(today) if plan is not None else None
    if plan is None or step is None:
        return None
    stage = plan.stage(today)
    return Draft(
        topic=Topic.LICENCE,
        item=entry_key(entry),
        change=f"{follow.expires_on.isoformat()}/{step.key}",
        told=said(Subject.LICENCE, follow_words(follow), entry, (), language, (plan, stage)),
        source=entry.source,
        urgency=Urgency.SOON,
        made_at=now,
        contact=entry.contact,
        phone=entry.phone,
        url=entry.url,
        rank=0 if stage in {"last", "late", "expired"} else 1,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a municipality with a name, where its facilities are: degrees of WGS 84."""

    key: str
    label: str
    latitude: float
    longitude: float


def places(facilities: Iterable[Entry]) -> list[Place]:
    """The places somebody can name as theirs, by municipality and name: no address is asked for."""
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for entry in facilities:
        town, part = entry.facts.get("所在地_市区町村", ""), entry.facts.get("所在地_町字", "")
        if town and part and entry.latitude is not None and entry.longitude is not None:
            quarter = re.sub(r"[一二三四五六七八九十\d０-９]+丁目$", "", part)
            found.setdefault((town, quarter), []).append((entry.latitude, entry.longitude))
    return [
        Place(
            f"{town}/{part}", f"{town}{part}", *(sum(each) / len(spots) for each in zip(*spots, strict=True))
        )
        for (town, part), spots in sorted(found.items())
    ]


def follow_words(follow: Follow) -> tuple[str, int, date | None]:
    """What the reason line is made of: the label, the radius in metres, and the day it runs out."""
    return follow.label or follow.key, follow.radius_m, follow.expires_on


def last_moment(entry: Entry) -> datetime | None:
    """Until when anybody can make use of it: events end with the day on which one can still apply."""
    day = entry.ends
    if entry.kind is Kind.EVENT:
        day = _day(entry.facts.get("参加申込終了日", "")) or entry.ends or entry.starts
    return None if day is None else datetime.combine(day + timedelta(days=1), time(), JST)


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """On the sphere; degrees of latitude and longitude."""
    (lat_a, lon_a), (lat_b, lon_b) = (tuple(map(math.radians, each)) for each in (one, other))
    across = math.sin((lat_b - lat_a) / 2) ** 2
    along = math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * _EARTH_M * math.asin(math.sqrt(min(1.0, across + along)))


def series_of(title: str) -> str:
    """What the events of a series have in common: the title without its number, year and season."""
    return _EDITION.sub("", unicodedata.normalize("NFKC", title)).casefold()


def _subject(follow: Follow, change: Change) -> tuple[Subject | None, Urgency, int]:
    nothing = None, Urgency.DIGEST, 9
    entry, key = change.entry, entry_key(change.entry)
    if follow.topic is Topic.WORKS:
        return _work(follow, change) if entry.kind is Kind.WORK and _is_near(follow, entry) else nothing
    if follow.topic is Topic.ENTRY and follow.key == key and _told_fields(change):
        return Subject.ENTRY_CHANGED, Urgency.DIGEST, 2
    if follow.topic is Topic.LICENCE:
        return _licence(follow, change) or nothing
    if follow.topic is Topic.SERIES and _is_next(follow, change):
        return Subject.SERIES_NEXT, Urgency.DIGEST, 2
    if follow.topic is Topic.CATEGORY and change.is_new and _is_of(follow, entry):
        return Subject.CATEGORY_NEW, Urgency.DIGEST, 3
    return nothing


def _licence(follow: Follow, change: Change) -> tuple[Subject, Urgency, int] | None:
    """Of the licence itself what the law asks anew; of events those that say they belong to it (講習)."""
    entry = change.entry
    if follow.key == entry_key(entry):
        is_law = any(each.name in LAW and each.after for each in change.fields)
        day = in_force_on(entry.facts)
        is_soon = day is not None and day <= (change.at.astimezone(JST) + _LAW_SOON).date()
        return (Subject.LICENCE_LAW, Urgency.SOON if is_soon else Urgency.DIGEST, 1) if is_law else None
    owner_code, _, licence_id = follow.key.removeprefix(f"{Kind.LICENCE}/").partition("/")
    is_theirs = owner_code in ("", entry.source.owner_code) or owner_code[2:5] == "000"  # or the prefecture's
    if entry.kind is Kind.EVENT and is_theirs and licence_id in entry.related and change.is_new:
        return Subject.LICENCE_COURSE, Urgency.DIGEST, 2
    return None


def _work(follow: Follow, change: Change) -> tuple[Subject | None, Urgency, int]:
    if change.is_new:
        starts = _day(change.entry.facts.get("規制開始日", "")) or change.entry.starts
        is_soon = starts is not None and starts <= (change.at.astimezone(JST) + _SOON).date()
        return Subject.WORK_NEW, Urgency.SOON if is_soon else Urgency.DIGEST, 1
    if any(each.name in REGULATION for each in change.fields):
        return Subject.WORK_CHANGED, Urgency.SOON, 1
    return (Subject.WORK_PROGRESS, Urgency.DIGEST, 3) if _told_fields(change) else (None, Urgency.DIGEST, 9)


def _is_near(follow: Follow, entry: Entry) -> bool:
    if entry.latitude is None or entry.longitude is None:
        return False
    home = follow.latitude, follow.longitude
    return metres_between(home, (entry.latitude, entry.longitude)) <= follow.radius_m


def _is_next(follow: Follow, change: Change) -> bool:
    """Another event of the series and the owner, or the same one on another day."""
    entry = change.entry
    if not follow.key.startswith(f"{Kind.EVENT}/{entry.source.owner_code}/") or entry.kind is not Kind.EVENT:
        return False
    if follow.key == entry_key(entry):
        return any(each.name == "開始日" for each in change.fields)
    return change.is_new and series_of(entry.title) == series_of(follow.label) != ""


def _is_of(follow: Follow, entry: Entry) -> bool:
    owner = entry.source.owner_code
    is_prefecture = owner[2:5] == "000"  # what the prefecture offers is for all of it
    return follow.key in entry.categories and (not follow.area or follow.area == owner or is_prefecture)


def is_told(column: str) -> bool:
    """Whether it concerns residents that this column became different."""
    return bool(column) and not _UNTOLD.match(column)


def _told_fields(change: Change) -> tuple[tuple[str, str, str], ...]:
    return tuple((each.name, each.before, each.after) for each in change.fields if is_told(each.name))


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        return None
