"""What cannot all be true of the lists together: a closed pool with an open event, a detour over a closed
road, IDs that lead nowhere. Each list may be right by itself; somebody has to look. Sans-IO.

Rows are noted one by one, of whatever list, and judged at the end; what is kept of each is a few words.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from field_assist.concierge import cells
from field_assist.concierge.columns import BY_KIND
from field_assist.concierge.entries import Kind
from field_assist.concierge.lists import Row
from field_assist.days import WEEKDAYS

_CLOSES_A_HOUSE = re.compile("休館|閉館|休止|閉室|閉鎖|休業|休園")
_CLOSES_A_ROAD = re.compile("通行止")
_NARROWS_A_ROAD = re.compile("片側|車線")
_ROAD = re.compile(r"[国県府都道市町村]道(?:\([^)]*\))?[^\s、,;(]*|[^\s、,;(]+(?:線|号|橋|通り|トンネル)")
_SEASON = re.compile(r"(\d{1,2})月?(?:から|[〜~～ー―–-])(\d{1,2})月(?:のみ|まで)")
_RELATED = {
    "x_施設ID": (Kind.FACILITY,),
    "x_関連制度ID": (Kind.PROGRAMME,),
    "x_関連資格ID": (Kind.LICENCE,),
}


class Clash(StrEnum):
    """One sort of contradiction."""

    EVENT_WHILE_CLOSED = "event_while_closed"
    EVENT_OUT_OF_SEASON = "event_out_of_season"
    EVENT_ON_CLOSED_DAY = "event_on_closed_day"
    DETOUR_CLOSED = "detour_closed"
    DETOUR_NARROWED = "detour_narrowed"
    NO_SUCH_FACILITY = "no_such_facility"
    NO_SUCH_ENTRY = "no_such_entry"
    OTHER_NAME = "other_name"  # of the facility, than the event calls it
    DEADLINE_AFTER = "deadline_after"  # of applying, after the event is over
    PAST = "past"


class Who(NamedTuple):
    """A record, enough to find it."""

    kind: Kind
    owner_code: str
    entry_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two records that disagree, or one that disagrees with the calendar; `words` is what to look at."""

    clash: Clash
    who: Who
    other: Who | None = None
    words: str = ""


class _Facility(NamedTuple):
    who: Who
    days: str
    season: tuple[int, int] | None


class _Event(NamedTuple):
    who: Who
    starts: date
    ends: date
    facility_id: str
    place: str


class _Work(NamedTuple):
    who: Who
    road: str
    """Its road, or what is built at, folded."""
    rule: str
    starts: date | None
    ends: date | None
    detour: str

    def overlaps(self, starts: date, ends: date) -> bool:
        """Whether its restriction is in force on one of these days."""
        return (self.starts is None or self.starts <= ends) and (self.ends is None or starts <= self.ends)


class Consistency:
    """Note rows of all lists, then ask for `contradictions` as of a day (Asia/Tokyo)."""

    def __init__(self) -> None:
        self._ids: dict[Kind, set[str]] = {kind: set() for kind in Kind}
        self._facilities: dict[str, dict[str, _Facility]] = {}
        self._events: list[_Event] = []
        self._works: list[_Work] = []
        self._links: list[tuple[Who, Kind, str]] = []
        self._ends: list[tuple[Who, date]] = []
        self._late: list[tuple[Who, str]] = []

    def note(self, kind: Kind, row: Row) -> None:
        """One record as its list says it."""
        columns, (owner_code, entry_id, facts) = BY_KIND[kind], row
        title = next((facts[name] for name in columns.first["title"] if name in facts), "")
        who = Who(kind, owner_code, entry_id, title)
        self._ids[kind].add(entry_id)
        if kind is Kind.FACILITY:
            self._note_facility(who, facts)
        elif kind is Kind.EVENT:
            self._note_event(who, facts)
        elif kind is Kind.WORK:
            self._note_work(who, facts)
        ends = [_day(facts, name) for name in columns.first.get("ends", ())]
        last = next((day for day in ends if day is not None), None)
        if last is not None:
            self._ends.append((who, last))
        for heading, kinds in _RELATED.items():
            for related in cells.words(facts.get(heading, "")):
                self._links += ((who, each, related) for each in kinds)

    def contradictions(self, today: date) -> Iterator[Contradiction]:
        """All of them, the gravest sort first."""
        yield from self._closed_houses()
        yield from self._closed_roads()
        for who, kind, related in self._links:
            if related not in self._ids[kind]:
                is_facility = kind is Kind.FACILITY
                yield Contradiction(
                    Clash.NO_SUCH_FACILITY if is_facility else Clash.NO_SUCH_ENTRY, who, None, related
                )
        yield from (Contradiction(Clash.DEADLINE_AFTER, who, None, words) for who, words in self._late)
        yield from (
            Contradiction(Clash.PAST, who, None, last.isoformat()) for who, last in self._ends if last < today
        )

    def _note_facility(self, who: Who, facts: Mapping[str, str]) -> None:
        special = facts.get("利用可能時間特記事項", facts.get("利用可能日時特記事項", ""))
        season = _SEASON.search(unicodedata.normalize("NFKC", special))
        months = (int(season[1]), int(season[2])) if season and season[0].endswith("のみ") else None
        days = "".join(day for day in facts.get("利用可能曜日", "") if day in WEEKDAYS)
        self._facilities.setdefault(who.entry_id, {})[who.owner_code] = _Facility(who, days, months)

    def _note_event(self, who: Who, facts: Mapping[str, str]) -> None:
        starts = _day(facts, "開始日")
        if starts is None:
            return
        ends = _day(facts, "終了日") or starts
        place = facts.get("場所名称", "")
        for facility_id in cells.words(facts.get("x_施設ID", "")) or ("",):
            self._events.append(_Event(who, starts, ends, facility_id, place))
        deadline = _day(facts, "参加申込終了日")
        if deadline is not None and deadline > ends:
            self._late.append((who, f"{deadline.isoformat()} > {ends.isoformat()}"))

    def _note_work(self, who: Who, facts: Mapping[str, str]) -> None:
        rule = facts.get("規制種別", "")
        self._works.append(
            _Work(
                who,
                _folded(facts.get("路線名", "")),
                rule,
                _day(facts, "規制開始日") or _day(facts, "工期_開始日"),
                _day(facts, "規制終了日") or _day(facts, "工期_終了日"),
                unicodedata.normalize("NFKC", facts.get("迂回路", "")),
            )
        )

    def _closed_houses(self) -> Iterator[Contradiction]:
        closings = self._works_at(_CLOSES_A_HOUSE)
        for event in self._events:
            facility = self._facility(event)
            if facility is None:
                continue
            name = _folded(facility.who.title)
            for work in closings.get(_outside_brackets(name), ()):
                if work.overlaps(event.starts, event.ends):
                    words = f"{_days(event.starts, event.ends)} {work.rule}"
                    yield Contradiction(Clash.EVENT_WHILE_CLOSED, event.who, work.who, words)
            if facility.season and not _in_season(event, facility.season):
                words = f"{_days(event.starts, event.ends)} {facility.season[0]}月〜{facility.season[1]}月"
                yield Contradiction(Clash.EVENT_OUT_OF_SEASON, event.who, facility.who, words)
            if facility.days and not _is_open(event, facility.days):
                weekday = WEEKDAYS[event.starts.weekday()]
                words = f"{_days(event.starts, event.ends)}({weekday}) {facility.days}"
                yield Contradiction(Clash.EVENT_ON_CLOSED_DAY, event.who, facility.who, words)
            if event.place and _outside_brackets(_folded(event.place)) not in name:
                yield Contradiction(Clash.OTHER_NAME, event.who, facility.who, event.place)

    def _closed_roads(self) -> Iterator[Contradiction]:
        restricted = self._works_at(re.compile(f"{_CLOSES_A_ROAD.pattern}|{_NARROWS_A_ROAD.pattern}"))
        for work in self._works:
            ways = {_outside_brackets(_folded(way)) for way in _ROAD.findall(work.detour)}
            for other in (other for way in sorted(ways) for other in restricted.get(way, ())):
                if other is not work and other.overlaps(work.starts or date.min, work.ends or date.max):
                    is_closed = _CLOSES_A_ROAD.search(other.rule) is not None
                    clash = Clash.DETOUR_CLOSED if is_closed else Clash.DETOUR_NARROWED
                    words = f"{work.detour} {other.rule} {_days(other.starts, other.ends)}"
                    yield Contradiction(clash, work.who, other.who, words)

    def _works_at(self, rule: re.Pattern[str]) -> Mapping[str, Sequence[_Work]]:
        """Works with such a restriction, by road or house."""
        found: dict[str, list[_Work]] = {}
        for work in self._works:
            if work.road and rule.search(work.rule):
                found.setdefault(_outside_brackets(work.road), []).append(work)
        return found

    def _facility(self, event: _Event) -> _Facility | None:
        """Of the event's own owner, or of whoever has this ID."""
        if not event.facility_id:
            return None
        several = self._facilities.get(event.facility_id, {})
        return several.get(event.who.owner_code) or next(iter(several.values()), None)


def _day(facts: Mapping[str, str], heading: str) -> date | None:
    return cells.day(facts[heading])[0] if heading in facts else None


def _folded(text: str) -> str:
    return cells.heading(text)


def _outside_brackets(folded: str) -> str:
    return re.sub(r"\([^)]*\)", "", folded)


def _days(starts: date | None, ends: date | None) -> str:
    if starts == ends:
        return "" if starts is None else starts.isoformat()
    return f"{starts or ''}〜{ends or ''}"


def _in_season(event: _Event, season: tuple[int, int]) -> bool:
    first, last = season
    months = {event.starts.month, event.ends.month}
    is_whole = first <= last
    return all(
        (first <= month <= last) if is_whole else (month >= first or month <= last) for month in months
    )


def _is_open(event: _Event, days: str) -> bool:
    """Whether it is open on one of the event's days; of a week's length, on any weekday."""
    length = min((event.ends - event.starts).days, 6)
    return any(WEEKDAYS[(event.starts + timedelta(days=at)).weekday()] in days for at in range(length + 1))
