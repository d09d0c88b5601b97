"""Open data out: the catalogue's lists in the shapes others can use, CSV, JSON, GeoJSON and CKAN's. Sans-IO.

A list is given out only under terms that allow it (`licence_of`). Cells go out under the standard's
headings, as they are kept: repaired, and with our own `x_` columns. The CKAN shapes follow its action API,
version 3, as far as harvesters of prefectural catalogues ask: package_list, package_show, package_search,
datastore_search.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from field_assist.concierge import cells
from field_assist.concierge.entries import Entry, Kind
from field_assist.concierge.report import KINDS

BOM = "\ufeff"
"""Before CSV: without it spreadsheets in Japan take UTF-8 for CP932."""


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms under which everybody may use a list, by the id of CKAN's list of licences."""

    id: str
    title: str
    url: str


_LICENCES = (
    (r"ccby(4\.0)?", Licence("cc-by-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")),
    (r"cc0(1\.0)?", Licence("cc-zero", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")),
    (
        r"pdl(1\.0)?|公共データ利用規約.*",
        Licence("PDL1.0", "公共データ利用規約（第1.0版）", "https://www.digital.go.jp/resources/open_data/"),
    ),
)


class Shape(StrEnum):
    """How a list is given out."""

    CSV = "csv"
    JSON = "json"
    GEOJSON = "geojson"


MEDIA_TYPES = {
    Shape.CSV: "text/csv; charset=utf-8",
    Shape.JSON: "application/json",
    Shape.GEOJSON: "application/geo+json",
}


@dataclass(frozen=True, slots=True)
class Package:
    """One list that is given out, with the terms it is under."""

    name: str
    kind: Kind
    owner: str
    licence: Licence
    fetched_at: datetime
    changed_at: datetime
    headings: tuple[str, ...]
    rows: int

    @property
    def title(self) -> str:
        """What it is, for people."""
        return f"{KINDS[self.kind]}一覧"

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """On a map only where there are places."""
        return tuple(Shape) if "緯度" in self.headings else (Shape.CSV, Shape.JSON)


def licence_of(words: str) -> Licence | None:
    """The licence that these words name, or None where they name none that lets everybody use it."""
    plain = re.sub(r"[\s_-]", "", unicodedata.normalize("NFKC", words)).lower()
    return next((licence for pattern, licence in _LICENCES if re.fullmatch(pattern, plain)), None)


class Writer:
    """Writes one list: `opening`, `rows` as often as wanted, `closing`."""

    def __init__(self, shape: Shape, headings: Sequence[str]) -> None:
        self._shape, self._headings = shape, headings
        self._is_first = True

    def opening(self) -> str:
        """What stands before the rows."""
        if self._shape is Shape.CSV:
            return BOM + _csv_row(self._headings)
        return "[\n" if self._shape is Shape.JSON else '{"type":"FeatureCollection","features":[\n'

    def rows(self, entries: Iterable[Entry]) -> str:
        """Some more rows."""
        rows = [row for entry in entries if (row := _row(self._shape, self._headings, entry))]
        if self._shape is Shape.CSV or not rows:
            return "".join(rows)
        before = "" if self._is_first else ",\n"
        self._is_first = False
        return before + ",\n".join(rows)

    def closing(self) -> str:
        """What stands after them."""
        return {Shape.CSV: "", Shape.JSON: "\n]\n", Shape.GEOJSON: "\n]}\n"}[self._shape]


def _row(shape: Shape, headings: Sequence[str], entry: Entry) -> str:
    """Empty for what is nowhere, where only places are asked for."""
    if shape is Shape.CSV:
        return _csv_row([entry.facts.get(heading, "") for heading in headings])
    facts = {heading: entry.facts[heading] for heading in headings if heading in entry.facts}
    if shape is Shape.JSON:
        return json.dumps(facts, ensure_ascii=False)
    if entry.latitude is None or entry.longitude is None:
        return ""
    point = {"type": "Point", "coordinates": [entry.longitude, entry.latitude]}
    feature = {"type": "Feature", "id": entry.entry_id, "geometry": point, "properties": facts}
    return json.dumps(feature, ensure_ascii=False)


def _csv_row(row: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([cells.harmless(cell) for cell in row])
    return text.getvalue()


def package_shown(package: Package, base_url: str) -> dict[str, object]:
    """As `package_show` answers it."""
    changed = _stamp(package.changed_at)
    return {
        "id": package.name,
        "name": package.name,
        "title": package.title,
        "notes": f"{package.owner}の{KINDS[package.kind]}の一覧です。{package.rows}件。",
        "author": package.owner,
        "license_id": package.licence.id,
        "license_title": package.licence.title,
        "license_url": package.licence.url,
        "isopen": True,
        "private": False,
        "state": "active",
        "type": "dataset",
        "metadata_created": changed,
        "metadata_modified": changed,
        "organization": {"name": package.owner, "title": package.owner},
        "tags": [{"name": KINDS[package.kind]}],
        "extras": [{"key": "last_fetched", "value": _stamp(package.fetched_at)}],
        "num_resources": len(package.shapes),
        "resources": [_resource(package, shape, base_url) for shape in package.shapes],
    }


def _resource(package: Package, shape: Shape, base_url: str) -> dict[str, object]:
    return {
        "id": f"{package.name}-{shape.value}",
        "package_id": package.name,
        "name": f"{package.title}（{shape.name}）",
        "format": "GeoJSON" if shape is Shape.GEOJSON else shape.name,
        "mimetype": MEDIA_TYPES[shape].partition(";")[0],
        "url": f"{base_url}/api/open-data/{package.name}.{shape.value}",
        "last_modified": _stamp(package.changed_at),
        "datastore_active": shape is Shape.CSV,
    }


def matches(package: Package, words: str) -> bool:
    """Whether all of these words stand in what the package says of itself."""
    said = cells.heading(f"{package.name} {package.title} {package.owner} {' '.join(package.headings)}")
    return all(cells.heading(word) in said for word in words.split())


def _stamp(at: datetime) -> str:
    """As CKAN writes times: UTC without saying so."""
    return at.replace(tzinfo=None).isoformat(timespec="seconds")
