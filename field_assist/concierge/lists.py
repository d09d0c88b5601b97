"""Lists of municipalities and others, read row by row into entries, with every repair and fault remarked.

The kind of a list is known by its headings (see `columns`), wherever its columns stand. Rows are made one
at a time, so that memory does not grow with the list; whoever takes entries in looks at the remarks when
the last row was read, and takes none of them where there is a fault. Sans-IO.
"""

import csv
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from field_assist import csv_rows
from field_assist.concierge import cells
from field_assist.concierge.columns import ALL, PERSONAL, Columns, known
from field_assist.concierge.entries import Entry, Kind, Source
from field_assist.concierge.remarks import Remark, Remarks

MAX_ROWS = 500_000
MAX_ID, MAX_TITLE, MAX_CELL = 100, 300, 20_000
MAX_COLUMNS = 250
_TITLE_LINES = 5
"""So many lines may stand above the headings, as where a list was made to be printed."""
_LOST = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\u202a-\u202e\u2066-\u2069\ufff0-\ufffb]")


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a list besides its rows; owner and code hold where a row does not name its own."""

    owner: str
    licence: str
    fetched_at: datetime
    owner_code: str = ""


class ListReader:
    """One list; iterate it once. `kind` is None where it is no list we know: then there is a fault."""

    def __init__(self, content: bytes, origin: Origin) -> None:
        self.remarks = Remarks()
        self._origin = origin
        self._columns: Columns | None = None
        self._headings: list[tuple[int, str]] = []
        self._width = 0
        text, encoding = csv_rows.decoded_stream(content)
        if text is None:
            self.remarks.add(Remark.NOT_TEXT)
            return
        if not encoding.startswith("utf-8"):
            self.remarks.add(Remark.ENCODING, value=encoding)
        self._rows = csv.reader(text)
        self._find_headings()

    @property
    def kind(self) -> Kind | None:
        """What its rows are."""
        return None if self._columns is None else self._columns.kind

    def __iter__(self) -> Iterator[Entry]:
        """The entries; after a fault of a row as well, so that one reading finds all of them."""
        if self._columns is None:
            return
        make, count = _Maker(self._columns, self._origin, self.remarks), 0
        for line, found in self._facts():
            count += 1
            if count > MAX_ROWS:
                self.remarks.add(Remark.TOO_MANY_ROWS, line, value=str(MAX_ROWS))
                return
            entry = make(line, found)
            if entry is not None:
                yield entry
        if not count:
            self.remarks.add(Remark.NO_ROWS)

    def _find_headings(self) -> None:
        for number, row in enumerate(self._raw(), start=1):
            names = [cells.heading(cell) for cell in row]
            columns = next((each for each in ALL if any(cells.heading(m) in names for m in each.marks)), None)
            if len(PERSONAL.intersection(names)) > 1:
                self.remarks.add(Remark.PERSONAL, number)
                return
            if columns is not None:
                if number > 1:
                    self.remarks.add(Remark.HEADINGS_LOWER, number)
                self._take_headings(number, row, names, columns)
                return
            if number > _TITLE_LINES:
                break
        self.remarks.add(Remark.NOT_A_LIST)

    def _take_headings(self, line: int, row: Sequence[str], names: Sequence[str], columns: Columns) -> None:
        spelled, taken = known(columns), set()
        for at, (cell, name) in enumerate(zip(row, names, strict=True)):
            if not name:
                continue
            heading = spelled.get(name) or _clean(cell)[:MAX_ID]
            if heading in taken:
                self.remarks.add(Remark.SAME_HEADING, line, heading)
                continue
            taken.add(heading)
            self._headings.append((at, sys.intern(heading)))
        if len(row) > MAX_COLUMNS:
            self.remarks.add(Remark.TOO_MANY_CELLS, line, value=str(len(row)))
            return
        self._width = len(row)
        for role in ("id", "title"):
            if not taken.intersection(columns.first[role]):
                self.remarks.add(Remark.EMPTY, line, columns.first[role][0])
                return
        self._columns = columns

    def _raw(self) -> Iterator[list[str]]:
        try:
            yield from self._rows
        except csv.Error:
            self.remarks.add(Remark.NEVER_ENDS, self._rows.line_num)

    def _facts(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Line and the cells that say something, by heading; rows in which none does are passed over."""
        places = self._headings
        unheaded = sorted(set(range(self._width)) - {at for at, _ in places})
        for row in self._raw():
            line = self._rows.line_num
            if _LOST.search("\t".join(row)):
                self._remark_lost(line, row)
            if len(row) < self._width:
                row += [""] * (self._width - len(row))
            found = {name: value for at, name in places if (value := _clean(row[at]))}
            if len(row) > self._width and any(cell.strip() for cell in row[self._width :]):
                self.remarks.add(Remark.TOO_MANY_CELLS, line, value=str(len(row)))
            if unheaded and any(row[at].strip() for at in unheaded):
                self.remarks.add(Remark.NO_HEADING, line)
            if found:
                yield line, found

    def _remark_lost(self, line: int, row: Sequence[str]) -> None:
        names = dict(self._headings)
        for at, cell in enumerate(row):
            if _LOST.search(cell):
                self.remarks.add(Remark.LOST_CHARACTERS, line, names.get(at, ""), _LOST.sub("�", cell))


class _Maker:
    """Makes an entry of the cells of a row."""

    def __init__(self, columns: Columns, origin: Origin, remarks: Remarks) -> None:
        self._columns, self._origin, self._remarks = columns, origin, remarks
        self._seen: set[tuple[str, str]] = set()
        self._sources: dict[tuple[str, str, date | None], Source] = {}

    def __call__(self, line: int, found: dict[str, str]) -> Entry | None:
        """The entry, or None where a fault leaves none; `found` is changed by the repairs."""
        columns, remarks = self._columns, self._remarks
        for name, value in found.items():
            if len(value) > MAX_CELL:
                remarks.add(Remark.TOO_LONG, line, name, value)
        code, days = self._code(line, found), self._days(line, found)
        self._times(line, found, days)
        entry_id = unicodedata.normalize("NFKC", self._first("id", found)[1])
        title = self._first("title", found)[1]
        for role, value, limit in (("id", entry_id, MAX_ID), ("title", title, MAX_TITLE)):
            if not value or len(value) > limit:
                remark = Remark.TOO_LONG if value else Remark.EMPTY
                remarks.add(remark, line, columns.first[role][0], value)
                return None
        if (code, entry_id) in self._seen:
            remarks.add(Remark.REPEATED, line, columns.first["id"][0], entry_id)
            return None
        self._seen.add((code, entry_id))
        place = self._place(line, found)
        phone = self._checked("phone", line, found, cells.phone)
        url = self._checked("url", line, found, cells.address)
        return Entry(
            kind=columns.kind,
            entry_id=entry_id,
            source=self._source(found, code, self._day("updated", days)),
            title=title,
            title_en=" ".join(self._words("title_en", found)),
            body="\n".join(found[name] for name in columns.all_of.get("body", ()) if name in found),
            easy="\n".join(self._words("easy", found)),
            english="\n".join(self._words("english", found)),
            starts=self._day("starts", days),
            ends=self._day("ends", days),
            place=" ".join(self._words("place", found)) or self._first("place", found)[1],
            latitude=place and place[0],
            longitude=place and place[1],
            phone=phone,
            url=url,
            facts=found,
            title_kana=self._first("title_kana", found)[1],
            summary=self._first("summary", found)[1],
            contact=self._first("contact", found)[1],
            also_called=self._words("also_called", found),
            needs=self._words("needs", found),
            categories=self._words("categories", found),
            life_events=self._words("life_events", found),
            keywords=self._words("keywords", found),
            related=self._words("related", found),
        )

    def _first(self, role: str, found: Mapping[str, str]) -> tuple[str, str]:
        for name in self._columns.first.get(role, ()):
            if value := found.get(name):
                return name, value
        return "", ""

    def _words(self, role: str, found: Mapping[str, str]) -> tuple[str, ...]:
        several = [found[name] for name in self._columns.all_of.get(role, ()) if name in found]
        return cells.words(";".join(several)) if several else ()

    def _checked(
        self,
        role: str,
        line: int,
        found: dict[str, str],
        check: Callable[[str], tuple[str, Remark | None]],
    ) -> str:
        name, text = self._first(role, found)
        if not text:
            return ""
        value, remark = check(text)
        if remark is not None:
            self._remarks.add(remark, line, name, text, value)
        if value:
            found[name] = value
        return value

    def _code(self, line: int, found: dict[str, str]) -> str:
        name, text = self._first("code", found)
        names = self._columns.first.get("code", ())
        if not text:
            if names and not self._origin.owner_code:
                self._remarks.add(Remark.NO_CODE, line, names[0])
            return self._origin.owner_code
        value, remark = cells.code(text)
        if remark is not None:
            self._remarks.add(remark, line, name, text, value or "")
        if value:
            found[name] = value
        return value or ""

    def _days(self, line: int, found: dict[str, str]) -> dict[str, date]:
        days = {}
        for name in self._columns.dates:
            if text := found.get(name):
                value, remark = cells.day(text)
                if remark is not None:
                    self._remarks.add(remark, line, name, text, str(value or ""))
                if value:
                    days[name] = value
                    if remark is not None:
                        found[name] = value.isoformat()
        for first, last in self._columns.spans:
            if first in days and last in days and days[last] < days[first]:
                self._remarks.add(Remark.ENDS_BEFORE, line, last, f"{days[first]} – {days[last]}")
        return days

    def _times(self, line: int, found: dict[str, str], days: dict[str, date]) -> None:
        for name in (*self._columns.starts_at, *self._columns.ends_at):
            if not (text := found.get(name)):
                continue
            value, remark = cells.time(text)
            if value == "24:00" and name in self._columns.starts_at:
                value, remark = "00:00", Remark.MIDNIGHT
                day = name.replace("時間", "日")
                if day in days:
                    days[day] += timedelta(days=1)
                    found[day] = days[day].isoformat()
            if remark is not None:
                self._remarks.add(remark, line, name, text, value or "")
            if value:
                found[name] = value

    def _place(self, line: int, found: dict[str, str]) -> tuple[float, float] | None:
        north, east = (
            self._columns.first.get("latitude", ("",))[0],
            self._columns.first.get("longitude", ("",))[0],
        )
        latitude, longitude = found.get(north, ""), found.get(east, "")
        place, remark = cells.place(latitude, longitude)
        if remark is not None:
            became = f"{place[0]}, {place[1]}" if place else ""
            self._remarks.add(remark, line, north, f"{latitude}, {longitude}", became)
        if remark is Remark.SWAPPED:
            found[north], found[east] = longitude, latitude
        return place

    def _day(self, role: str, days: Mapping[str, date]) -> date | None:
        return next((days[name] for name in self._columns.first.get(role, ()) if name in days), None)

    def _source(self, found: Mapping[str, str], code: str, updated: date | None) -> Source:
        owner = self._first("owner", found)[1] or "".join(
            found.get(name, "") for name in ("都道府県名", "市区町村名")
        )
        key = (owner or self._origin.owner, code, updated)
        if key not in self._sources:
            self._sources[key] = Source(key[0], code, self._origin.licence, self._origin.fetched_at, updated)
        return self._sources[key]


def _clean(cell: str) -> str:
    """NFC, no spaces around, one sort of line break."""
    cell = cell.strip()
    if cell.isascii():
        return cell
    if not unicodedata.is_normalized("NFC", cell):
        cell = unicodedata.normalize("NFC", cell)
    return cell
