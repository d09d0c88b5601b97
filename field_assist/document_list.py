"""資料一覧 as a file: the CSV by which an office brings its documents, every fault with its place.

Each row is a document: by its file beside the list, or by its text (本文) alone. Nothing is taken in while
one row is wrong. Sans-IO: whether the files and the owners exist is asked of the caller.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from field_assist import csv_rows
from field_assist.people import Disclosure

MAX_CELL = 160
MAX_TEXT = 100_000

_HEADINGS = {
    "source_no": ("ID", "番号", "資料番号"),
    "kind": ("文書種別", "種別"),
    "title": ("文書名", "資料名", "件名"),
    "department": ("作成課", "所管課", "所属"),
    "office": ("事務所",),
    "disclosure": ("公開区分",),
    "sensitivity": ("機密性",),
    "retention": ("保存期間",),
    "tags": ("タグ",),
    "text": ("本文",),
    "file": ("ファイル", "ファイル名"),
    "label": ("版",),
    "issued_on": ("最終更新日", "更新日"),
    "owner": ("担当", "担当者職員番号"),
}
_NEEDED = ("source_no", "title", "disclosure")
_LENGTHS = {"kind": 20, "retention": 20, "label": 20, "source_no": 40, "text": MAX_TEXT}
_DISCLOSURES = {
    "公開": Disclosure.PUBLIC,
    "府民に提示可": Disclosure.PRESENTABLE,
    "住民に提示可": Disclosure.PRESENTABLE,
    "提示可": Disclosure.PRESENTABLE,
    "職員限り": Disclosure.STAFF,
}
_SENSITIVITIES = {"": 2, "1": 1, "2": 2, "3": 3, "3A": 3, "3B": 3, "3C": 3}


class Reason(StrEnum):
    """What is wrong with a cell, or with the file (line 1 or 0)."""

    NOT_TEXT = "not_text"  # neither UTF-8 nor CP932
    TOO_MANY = "too_many"
    NO_COLUMN = "no_column"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN_DISCLOSURE = "unknown_disclosure"
    BAD_SENSITIVITY = "bad_sensitivity"
    BAD_DATE = "bad_date"
    REPEATED = "repeated"
    NOBODY = "nobody"  # no such member of staff
    NOTHING = "nothing"  # neither a file nor a text
    NO_FILE = "no_file"  # not beside the list, or a kind of file that is not taken


Fault = csv_rows.Fault[Reason]


@dataclass(frozen=True, slots=True)
class Row:
    """One document; `file` is a path beside the list, or empty where `text` is all there is."""

    line: int
    source_no: str
    title: str
    disclosure: Disclosure
    kind: str = ""
    department: str = ""
    office: str = ""
    sensitivity: int = 2
    retention: str = ""
    tags: tuple[str, ...] = ()
    text: str = ""
    file: str = ""
    label: str = ""
    issued_on: str = ""
    owner_no: str = ""


def read(
    data: bytes, is_staff: Callable[[str], bool], is_there: Callable[[str], bool]
) -> tuple[list[Row], list[Fault]]:
    """The rows and everything that is wrong with them; `is_there` says whether a file can be taken."""
    listed, faults = csv_rows.read(data, _HEADINGS, _NEEDED, Reason)
    rows: list[Row] = []
    seen: set[str] = set()
    for line, found in listed:
        row = _row(line, found, faults)
        checks = (
            ("source_no", row.source_no in seen, Reason.REPEATED),
            ("owner", row.owner_no != "" and not is_staff(row.owner_no), Reason.NOBODY),
            ("file", row.file != "" and not is_there(row.file), Reason.NO_FILE),
        )
        faults += [
            Fault(row.line, _HEADINGS[name][0], reason, found.get(name, "")[:MAX_CELL])
            for name, is_wrong, reason in checks
            if is_wrong
        ]
        seen.add(row.source_no)
        rows.append(row)
    return rows, sorted(faults, key=lambda fault: fault.line)


def _row(line: int, found: Mapping[str, str], faults: list[Fault]) -> Row:
    def fault(name: str, reason: Reason) -> None:
        faults.append(Fault(line, _HEADINGS[name][0], reason, found.get(name, "")[:MAX_CELL]))

    for name, value in found.items():
        if not value and name in _NEEDED:
            fault(name, Reason.EMPTY)
        is_line = name == "text" or value.isprintable()
        if len(value) > _LENGTHS.get(name, MAX_CELL) or not is_line:
            fault(name, Reason.TOO_LONG)
    disclosure = _DISCLOSURES.get(found["disclosure"])
    if disclosure is None and found["disclosure"]:
        fault("disclosure", Reason.UNKNOWN_DISCLOSURE)
    level = unicodedata.normalize("NFKC", found.get("sensitivity", "")).removeprefix("機密性").upper()
    if level not in _SENSITIVITIES:
        fault("sensitivity", Reason.BAD_SENSITIVITY)
    issued_on = _day(found.get("issued_on", ""))
    if issued_on is None:
        fault("issued_on", Reason.BAD_DATE)
    if not found.get("text") and not found.get("file"):
        fault("text", Reason.NOTHING)
    return Row(
        line=line,
        disclosure=disclosure or Disclosure.STAFF,
        sensitivity=_SENSITIVITIES.get(level, 2),
        tags=tuple(word.strip() for word in re.split("[、,;；]", found.get("tags", "")) if word.strip()),
        issued_on=issued_on or "",
        owner_no=unicodedata.normalize("NFKC", found.get("owner", "")).upper(),
        **{
            name: found.get(name, "")
            for name in ("source_no", "title", "kind", "department", "office", "retention")
        },
        **{name: found.get(name, "") for name in ("text", "file", "label")},
    )


def _day(text: str) -> str | None:
    """ISO 8601 of 2026-10-01 or 2026/10/1; empty for nothing, None for no date."""
    if not text:
        return ""
    parts = re.fullmatch(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", unicodedata.normalize("NFKC", text))
    if parts is None:
        return None
    try:
        return date(*(int(part) for part in parts.groups())).isoformat()
    except ValueError:
        return None
