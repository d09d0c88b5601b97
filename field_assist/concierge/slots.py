"""空き: what facilities publish of times that can be booked, and which of them somebody waits for. Sans-IO.

A feed is a whole list each time, in one of three forms: CSV by headings in any order, JSON, or iCalendar
(RFC 5545: events that are TRANSPARENT are free, periods of VFREEBUSY are free where they say FREE). Times
without a zone are Japan's; 24:00 ends a day. A feed with a fault is refused whole: half a list would say that
the other half was taken. What is free is never promised: whoever comes first has it.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

import jpholiday

from field_assist import csv_rows
from field_assist.concierge import cells
from field_assist.concierge.entries import Entry, Source
from field_assist.concierge.following import Draft, Follow, Topic
from field_assist.concierge.notice_plan import Urgency
from field_assist.concierge.notice_words import slot_said
from field_assist.work_hours import JST

MAX_SLOTS = 20_000
MAX_FREE = 999
HOLIDAY = 7
"""Beside the weekdays (0 = Monday): national holidays, as people look for them."""
EVERY_DAY = "01234567"
_LONGEST = timedelta(days=31)
_HEADINGS = {
    "facility": ("施設ID", "facility_id"),
    "room": ("室場名", "室場", "施設区分", "room"),
    "day": ("利用日", "日付", "年月日", "date"),
    "start": ("開始時間", "開始時刻", "start"),
    "end": ("終了時間", "終了時刻", "end"),
    "free": ("空き数", "空き", "空き状況", "free"),
    "price": ("料金", "使用料", "price"),
    "url": ("予約URL", "URL", "url"),
}
_NEEDED = ("day", "start", "end", "free")
_FREE_WORDS = {"○": 1, "◯": 1, "〇": 1, "空": 1, "空き": 1, "空有": 1, "△": 1, "true": 1, "free": 1}
_TAKEN_WORDS = frozenset(
    ("×", "✕", "✖", "x", "満", "満室", "予約済", "休", "休館", "-", "−", "", "false", "busy")
)


class Form(StrEnum):
    """How a feed is written."""

    CSV = "csv"
    JSON = "json"
    ICAL = "ical"


class Wrong(StrEnum):
    """What can be wrong with a feed."""

    NOT_TEXT = "not_text"
    TOO_MANY = "too_many"
    NO_COLUMN = "no_column"
    TOO_LONG = "too_long"
    NOT_A_LIST = "not_a_list"
    NO_FACILITY = "no_facility"
    BAD_TIME = "bad_time"
    BAD_COUNT = "bad_count"


class SlotsFaulty(ValueError):
    """Nothing of this feed is taken: `place` is a line, or the number of a record; 0 for all of it."""

    def __init__(self, place: int, reason: Wrong, value: str = "") -> None:
        super().__init__(place, reason, value)
        self.place, self.reason, self.value = place, reason, value


@dataclass(frozen=True, slots=True)
class Slot:
    """One stretch of time of a facility, or of one of its rooms; `free` of them can still be booked."""

    facility_id: str
    room: str
    starts_at: datetime
    ends_at: datetime
    free: int
    price: str = ""
    url: str = ""

    @property
    def key(self) -> tuple[str, str, datetime]:
        """What there is only one of."""
        return self.facility_id, self.room, self.starts_at


def read(content: bytes, form: Form, facility_id: str = "") -> list[Slot]:
    """The slots of a feed, one of each key; raises SlotsFaulty. `facility_id` is for those that name none."""
    found: dict[tuple[str, str, datetime], Slot] = {}
    for place, slot in _READERS[form](content, facility_id):
        if not slot.facility_id:
            raise SlotsFaulty(place, Wrong.NO_FACILITY)
        if not timedelta() < slot.ends_at - slot.starts_at <= _LONGEST:
            raise SlotsFaulty(place, Wrong.BAD_TIME)
        if not 0 <= slot.free <= MAX_FREE:
            raise SlotsFaulty(place, Wrong.BAD_COUNT, str(slot.free))
        known = found.get(slot.key)
        found[slot.key] = slot if known is None or slot.free > known.free else known
        if len(found) > MAX_SLOTS:
            raise SlotsFaulty(place, Wrong.TOO_MANY, str(MAX_SLOTS))
    return list(found.values())


def fits(follow: Follow, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether it lies on one of the days and wholly within the hours that somebody waits for."""
    start, end = starts_at.astimezone(JST), ends_at.astimezone(JST)
    day = start.date()
    is_wanted = str(day.weekday()) in follow.weekdays
    if str(HOLIDAY) in follow.weekdays and jpholiday.is_holiday(day):
        is_wanted = True
    midnight = datetime.combine(day, time(), JST)
    first, last = midnight + timedelta(hours=follow.from_hour), midnight + timedelta(hours=follow.until_hour)
    return is_wanted and first <= start and end <= last


def slot_draft(
    follow: Follow, item: str, slot: Slot, place: tuple[Entry, Source], opened_at: datetime, language: str
) -> Draft | None:
    """What it is to whoever follows that facility; None when it is not what they wait for, or has begun.

    `place` is the facility and whose feed it was. The same opening of the same slot is told once.
    """
    entry, source = place
    is_meant = follow.topic is Topic.SLOT and slot.free > 0 and slot.starts_at > opened_at
    if not is_meant or not fits(follow, slot.starts_at, slot.ends_at):
        return None
    is_today = slot.starts_at.astimezone(JST).date() == opened_at.astimezone(JST).date()
    name = entry.title_en or entry.title if language == "en" else entry.title
    return Draft(
        topic=Topic.SLOT,
        item=item,
        change=opened_at.isoformat(),
        told=slot_said(
            " ".join(filter(None, (name, slot.room))),
            (slot.starts_at.astimezone(JST), slot.ends_at.astimezone(JST), opened_at.astimezone(JST)),
            (slot.free, slot.price),
            follow.label,
            language,
        ),
        source=source,
        urgency=Urgency.SAME_DAY if is_today else Urgency.SOON,
        made_at=opened_at,
        contact=entry.contact,
        phone=entry.phone,
        url=slot.url or entry.url,
        expires_at=slot.starts_at,
        rank=0,
    )


def _read_csv(content: bytes, facility_id: str) -> Iterator[tuple[int, Slot]]:
    rows, faults = csv_rows.read(content, _HEADINGS, _NEEDED, Wrong)
    if faults:
        raise SlotsFaulty(faults[0].line, faults[0].reason, faults[0].column)
    for line, row in rows:
        day, _ = cells.day(row["day"])
        yield (
            line,
            Slot(
                row.get("facility", "") or facility_id,
                row.get("room", ""),
                _moment(day, row["start"], line),
                _moment(day, row["end"], line),
                _count(row["free"], line),
                row.get("price", ""),
                _address(row.get("url", "")),
            ),
        )


def _read_json(content: bytes, facility_id: str) -> Iterator[tuple[int, Slot]]:
    try:
        found: Any = json.loads(content)  # Any: whatever somebody publishes
    except (ValueError, RecursionError):
        raise SlotsFaulty(0, Wrong.NOT_TEXT) from None
    records = found.get("slots") if isinstance(found, dict) else found
    if not isinstance(records, list):
        raise SlotsFaulty(0, Wrong.NOT_A_LIST)
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise SlotsFaulty(number, Wrong.NOT_A_LIST)
        text = {name: "" if record.get(name) is None else str(record[name]) for name in _JSON_NAMES}
        yield (
            number,
            Slot(
                text["facility_id"] or facility_id,
                unicodedata.normalize("NFC", text["room"]).strip(),
                _iso(text["start"], number),
                _iso(text["end"], number),
                _count(text["free"].lower(), number),
                text["price"],
                _address(text["url"]),
            ),
        )


_JSON_NAMES = ("facility_id", "room", "start", "end", "free", "price", "url")


def _read_ical(content: bytes, facility_id: str) -> Iterator[tuple[int, Slot]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeError:
        raise SlotsFaulty(0, Wrong.NOT_TEXT) from None
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()  # RFC 5545 section 3.1: folded lines
    if not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise SlotsFaulty(0, Wrong.NOT_A_LIST)
    number = 0
    for name, properties in _components(lines):
        number += 1
        if name == "VEVENT":
            yield number, _event(properties, facility_id, number)
        else:
            yield from ((number, each) for each in _periods(properties, facility_id, number))


_Properties = list[tuple[str, Mapping[str, str], str]]


def _components(lines: Iterable[str]) -> Iterator[tuple[str, _Properties]]:
    """Events and free-busy times with their properties: name, parameters, value; not alarms within."""
    name, within, properties = "", 0, _Properties()
    for line in lines:
        head, _, value = line.partition(":")
        kind, *more = head.split(";")
        kind = kind.strip().upper()
        if kind == "BEGIN" and value.strip().upper() in ("VEVENT", "VFREEBUSY") and not name:
            name, properties = value.strip().upper(), []
        elif kind == "BEGIN":
            within += bool(name)
        elif kind == "END" and within:
            within -= 1
        elif kind == "END" and name:
            yield name, properties
            name = ""
        elif name and not within:
            parameters = dict(each.upper().split("=", 1) for each in more if "=" in each)
            properties.append((kind, parameters, value.strip()))


def _event(properties: _Properties, facility_id: str, number: int) -> Slot:
    values = {kind: value for kind, _, value in properties}
    zones = {kind: parameters.get("TZID", "") for kind, parameters, _ in properties}
    is_free = values.get("TRANSP", "OPAQUE").upper() == "TRANSPARENT"
    is_called_off = values.get("STATUS", "").upper() == "CANCELLED"
    count = _count(values.get("X-FREE", "1" if is_free else "0"), number)
    return Slot(
        _unescaped(values.get("X-FACILITY-ID", "")) or facility_id,
        _unescaped(values.get("SUMMARY", "")),
        _stamp(values.get("DTSTART", ""), zones.get("DTSTART", ""), number),
        _stamp(values.get("DTEND", ""), zones.get("DTEND", ""), number),
        0 if is_called_off else count,
        _unescaped(values.get("X-PRICE", "")),
        _address(values.get("URL", "")),
    )


def _periods(properties: _Properties, facility_id: str, number: int) -> Iterator[Slot]:
    for kind, parameters, value in properties:
        if kind != "FREEBUSY":
            continue
        free = int(parameters.get("FBTYPE", "BUSY") == "FREE")  # RFC 5545 section 3.2.9: busy unless it says
        for period in value.split(","):
            first, _, last = period.partition("/")
            start = _stamp(first, "", number)
            end = start + _duration(last, number) if last.startswith("P") else _stamp(last, "", number)
            yield Slot(facility_id, "", start, end, free)


def _stamp(value: str, zone: str, number: int) -> datetime:
    found = re.fullmatch(r"(\d{8}T\d{6})(Z?)", value.strip())
    if found is None or (not found[2] and zone not in ("", "ASIA/TOKYO")):
        raise SlotsFaulty(number, Wrong.BAD_TIME, value[:40])
    try:
        at = datetime.strptime(found[1], "%Y%m%dT%H%M%S")
    except ValueError:
        raise SlotsFaulty(number, Wrong.BAD_TIME, value[:40]) from None
    return at.replace(tzinfo=UTC if found[2] else JST)


def _duration(value: str, number: int) -> timedelta:
    found = re.fullmatch(r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?)?", value)
    if found is None:
        raise SlotsFaulty(number, Wrong.BAD_TIME, value[:40])
    return timedelta(days=int(found[1] or 0), hours=int(found[2] or 0), minutes=int(found[3] or 0))


def _moment(day: date | None, words: str, line: int) -> datetime:
    clock, _ = cells.time(words)
    if day is None or clock is None:
        raise SlotsFaulty(line, Wrong.BAD_TIME, words[:40])
    hour, minute = (int(each) for each in clock.split(":"))
    return datetime.combine(day, time(), JST) + timedelta(hours=hour, minutes=minute)


def _iso(words: str, number: int) -> datetime:
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        raise SlotsFaulty(number, Wrong.BAD_TIME, words[:40]) from None
    return at if at.tzinfo is not None else at.replace(tzinfo=JST)


def _count(words: str, place: int) -> int:
    plain = unicodedata.normalize("NFKC", words).strip().lower()
    if plain in _TAKEN_WORDS:
        return 0
    if plain in _FREE_WORDS:
        return 1
    if not re.fullmatch(r"[0-9]{1,6}", plain):
        raise SlotsFaulty(place, Wrong.BAD_COUNT, words[:40])
    return int(plain)


def _address(words: str) -> str:
    """A page to book at, or nothing: what a feed says becomes a link in mails."""
    plain = words.strip()
    is_link = re.fullmatch(r"https?://[^\s<>\"']{3,500}", plain) is not None
    return plain if is_link else ""


def _unescaped(words: str) -> str:
    """RFC 5545 section 3.3.11."""
    return re.sub(r"\\([\\;,])", r"\1", re.sub(r"\\[nN]", " ", words)).strip()


_Reader = Callable[[bytes, str], Iterator[tuple[int, Slot]]]
_READERS: Mapping[Form, _Reader] = {Form.CSV: _read_csv, Form.JSON: _read_json, Form.ICAL: _read_ical}
