"""Lists of municipalities and others, read row by row into entries, with every repair and fault remarked.

Reading a list checks and repairs its cells; making an entry of the cells of a row is a step of its own, which
whoever kept the cells takes again. The kind of a list is known by its headings (see `columns`),
wherever its columns stand. Rows are read one at a time, so that memory does not grow with the list; whoever
takes them in looks at the remarks when the last one was read, and takes none where there is a fault. Sans-IO.
"""

import csv
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from field_assist import csv_rows
from field_assist.concierge import cells, eligibility
from field_assist.concierge.columns import ALL, BY_KIND, PERSONAL, Columns, known
from field_assist.concierge.entries import Entry, Kind, Source
from field_assist.concierge.remarks import Remark, Remarks

MAX_ROWS = 500_000
MAX_ID, MAX_TITLE, MAX_CELL = 100, 300, 20_000
MAX_COLUMNS = 250
_ENCODINGS = {"cp932": "Shift_JIS (CP932)"}
_TITLE_LINES = 5
"""So many lines may stand above the headings, as where a list was made to be printed."""
_LOST = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\u202a-\u202e\u2066-\u2069\ufff0-\ufffb]")


class Row(NamedTuple):
    """The cells of one record that say something, by the standard's headings and repaired."""

    owner_code: str
    entry_id: str
    facts: Mapping[str, str]


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
            self.remarks.add(Remark.ENCODING, value=_ENCODINGS.get(encoding, "UTF-16"))
        self._rows = csv.reader(text)
        self._find_headings()

    @property
    def kind(self) -> Kind | None:
        """What its rows are."""
        return None if self._columns is None else self._columns.kind

    @property
    def headings(self) -> tuple[str, ...]:
        """Its columns in order, as the standard writes them."""
        return tuple(name for _, name in self._headings)

    def __iter__(self) -> Iterator[Entry]:
        """The entries, as `rows`."""
        if self._columns is not None:
            make = EntryMaker(self._columns.kind, self._origin)
            yield from (make(row.facts) for row in self.rows())

    def rows(self) -> Iterator[Row]:
        """The rows without a fault of their own; it goes on after others, so that one reading finds all."""
        if self._columns is None:
            return
        has_code = not set(self.headings).isdisjoint(self._columns.first.get("code", ()))
        check = _Check(self._columns, self._origin, self.remarks, has_code=has_code)
        seen: set[tuple[str, str]] = set()
        count = 0
        for line, found in self._facts():
            count += 1
            if count > MAX_ROWS:
                self.remarks.add(Remark.TOO_MANY_ROWS, line, value=str(MAX_ROWS))
                return
            row = check(line, found)
            if row is None:
                continue
            if row[:2] in seen:
                self.remarks.add(Remark.REPEATED, line, self._columns.first["id"][0], row.entry_id)
                continue
            seen.add(row[:2])
            yield row
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
            heading = spelled.get(name) or unicodedata.normalize("NFC", cell).strip()[:MAX_ID]
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
            whole = "\t".join(row)
            if _LOST.search(whole):
                self._remark_lost(line, row)
            if not unicodedata.is_normalized("NFC", whole):
                row = [unicodedata.normalize("NFC", cell) for cell in row]
            if len(row) < self._width:
                row += [""] * (self._width - len(row))
            found = {name: value for at, name in places if (value := cells.meant(row[at].strip()))}
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


class _Check:
    """Checks the cells of rows and puts right what has only one reading."""

    def __init__(self, columns: Columns, origin: Origin, remarks: Remarks, *, has_code: bool) -> None:
        self._columns, self._origin, self._remarks = columns, origin, remarks
        self._has_code = has_code
        if not has_code and columns.first.get("code") and not origin.owner_code:
            remarks.add(Remark.NO_CODE, column=columns.first["code"][0])

    def __call__(self, line: int, found: dict[str, str]) -> Row | None:
        """The row, or None where a fault leaves none; `found` is changed by the repairs."""
        remarks = self._remarks
        for name, value in found.items():
            if len(value) > MAX_CELL:
                remarks.add(Remark.TOO_LONG, line, name, value)
        code = self._code(line, found)
        self._times(line, found, self._days(line, found))
        self._place(line, found)
        self._single("phone", line, found, cells.phone)
        self._single("url", line, found, cells.address)
        self._rule(line, found)
        entry_id = unicodedata.normalize("NFKC", _first(self._columns, "id", found)[1])
        title = _first(self._columns, "title", found)[1]
        for role, value, limit in (("id", entry_id, MAX_ID), ("title", title, MAX_TITLE)):
            if not value or len(value) > limit:
                remark = Remark.TOO_LONG if value else Remark.EMPTY
                remarks.add(remark, line, self._columns.first[role][0], value)
                return None
        return Row(code, entry_id, found)

    def _rule(self, line: int, found: Mapping[str, str]) -> None:
        """A rule that is broken names what in it is: the row stays, and nobody is asked by it."""
        written = found.get(eligibility.COLUMN, "")
        if self._columns.kind is Kind.PROGRAMME and written:
            try:
                eligibility.read(written)
            except eligibility.RuleBroken as broken:
                self._remarks.add(Remark.BAD_RULE, line, eligibility.COLUMN, broken.part)

    def _single(
        self,
        role: str,
        line: int,
        found: dict[str, str],
        check: Callable[[str], tuple[str, Remark | None]],
    ) -> None:
        name, text = _first(self._columns, role, found)
        if text:
            value, remark = check(text)
            if remark is not None:
                self._remarks.add(remark, line, name, text, value)
            found[name] = value or text

    def _code(self, line: int, found: dict[str, str]) -> str:
        name, text = _first(self._columns, "code", found)
        names = self._columns.first.get("code", ())
        if not text:
            if self._has_code and not self._origin.owner_code:
                self._remarks.add(Remark.NO_CODE, line, names[0])
            return self._origin.owner_code
        value, remark = cells.code(text)
        if remark is not None:
            self._remarks.add(remark, line, name, text, value or "")
        found[name] = value or text
        return value or ""

    def _days(self, line: int, found: dict[str, str]) -> dict[str, date]:
        days = {}
        for name in self._columns.dates:
            if text := found.get(name):
                value, remark = cells.day(text)
                if value:
                    days[name] = value
                if remark is not None:
                    self._remarks.add(remark, line, name, text, str(value or ""))
                    found[name] = value.isoformat() if value else text
        for first, last in self._columns.spans:
            if first in days and last in days and days[last] < days[first]:
                self._remarks.add(Remark.ENDS_BEFORE, line, last, f"{days[first]} – {days[last]}")
        return days

    def _times(self, line: int, found: dict[str, str], days: Mapping[str, date]) -> None:
        for name in (*self._columns.starts_at, *self._columns.ends_at):
            if not (text := found.get(name)):
                continue
            value, remark = cells.time(text)
            if value == "24:00" and name in self._columns.starts_at:
                value, remark, day = "00:00", Remark.MIDNIGHT, name.replace("時間", "日")
                if day in days:
                    found[day] = (days[day] + timedelta(days=1)).isoformat()
            if remark is not None:
                self._remarks.add(remark, line, name, text, value or "")
            found[name] = value or text

    def _place(self, line: int, found: dict[str, str]) -> None:
        north, latitude = _first(self._columns, "latitude", found)
        east, longitude = _first(self._columns, "longitude", found)
        place, remark = cells.place(latitude, longitude)
        if remark is not None:
            became = f"{place[0]}, {place[1]}" if place else ""
            self._remarks.add(remark, line, north or east, f"{latitude}, {longitude}", became)
        if remark is Remark.SWAPPED:
            found[north], found[east] = longitude, latitude


class EntryMaker:
    """Makes entries of the cells of rows, as `ListReader.rows` answers them and the catalogue keeps them."""

    def __init__(self, kind: Kind, origin: Origin) -> None:
        self._columns, self._origin = BY_KIND[kind], origin
        self._sources: dict[tuple[str, str, date | None], Source] = {}

    def __call__(self, facts: Mapping[str, str]) -> Entry:
        """The entry; what cannot be understood of a cell is left out of the field it would have been."""
        columns = self._columns
        place, _ = cells.place(self._text("latitude", facts), self._text("longitude", facts))
        body = (facts[name] for name in columns.all_of.get("body", ()) if name in facts)
        return Entry(
            kind=columns.kind,
            entry_id=unicodedata.normalize("NFKC", self._text("id", facts)),
            source=self._source(facts),
            title=self._text("title", facts),
            title_kana=self._text("title_kana", facts),
            also_called=self._words("also_called", facts),
            title_en=" ".join(self._words("title_en", facts)),
            summary=self._text("summary", facts),
            body="\n".join(body),
            easy="\n".join(self._words("easy", facts)),
            english="\n".join(self._words("english", facts)),
            needs=self._words("needs", facts),
            categories=self._words("categories", facts),
            life_events=self._words("life_events", facts),
            keywords=self._words("keywords", facts),
            starts=self._day("starts", facts),
            ends=self._day("ends", facts),
            place=" ".join(self._words("place", facts)) or self._text("place", facts),
            latitude=place and place[0],
            longitude=place and place[1],
            contact=self._text("contact", facts),
            phone=self._text("phone", facts),
            url=cells.address(self._text("url", facts))[0],
            related=self._words("related", facts),
            facts=facts,
        )

    def _text(self, role: str, facts: Mapping[str, str]) -> str:
        return _first(self._columns, role, facts)[1]

    def _words(self, role: str, facts: Mapping[str, str]) -> tuple[str, ...]:
        several = [facts[name] for name in self._columns.all_of.get(role, ()) if name in facts]
        return cells.words(";".join(several)) if several else ()

    def _day(self, role: str, facts: Mapping[str, str]) -> date | None:
        """Of the first of its columns that holds a date."""
        found = (facts[name] for name in self._columns.first.get(role, ()) if name in facts)
        return next((day for text in found if (day := cells.day(text)[0])), None)

    def _source(self, facts: Mapping[str, str]) -> Source:
        parts = (facts.get(name, "") for name in ("都道府県名", "市区町村名"))
        owner = self._text("owner", facts) or "".join(parts) or self._origin.owner
        key = (owner, self._text("code", facts) or self._origin.owner_code, self._day("updated", facts))
        if key not in self._sources:
            self._sources[key] = Source(*key[:2], self._origin.licence, self._origin.fetched_at, key[2])
        return self._sources[key]


def _first(columns: Columns, role: str, found: Mapping[str, str]) -> tuple[str, str]:
    """Heading and text of the first column of a role that says something; both empty where none does."""
    for name in columns.first.get(role, ()):
        if value := found.get(name):
            return name, value
    return "", ""
