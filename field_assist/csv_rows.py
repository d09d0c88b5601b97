"""Lists as spreadsheets in Japan write them: CSV in UTF-8 (with or without BOM), UTF-16 or CP932, columns by
their headings in any order. Sans-IO.
"""

import codecs
import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

MAX_ROWS = 20_000
_PIECE = 1 << 16

ReasonT = TypeVar("ReasonT", bound=StrEnum)
"""What can be wrong with a list of one kind: `not_text`, `too_many`, `no_column` and `too_long` among it."""


@dataclass(frozen=True)  # no slots: a generic class that is called by its alias sets `__orig_class__`
class Fault(Generic[ReasonT]):
    """One thing to put right: the line as a spreadsheet counts it, the column's heading, what is there."""

    line: int
    column: str
    reason: ReasonT
    value: str = ""


def read(
    data: bytes, headings: Mapping[str, Sequence[str]], needed: Sequence[str], reasons: type[ReasonT]
) -> tuple[list[tuple[int, dict[str, str]]], list[Fault[ReasonT]]]:
    """The rows that are not empty, each with its line, by the names of the columns that are there.

    `headings` are what a column may be called, the best first. Without `needed` ones, or where this is no
    list at all, there are no rows but faults.
    """
    text, _ = decoded_stream(data)
    if text is None:
        return [], [Fault(0, "", reasons("not_text"))]
    lines, endless = _numbered(text)
    if endless:
        return [], [Fault(endless, "", reasons("too_long"))]
    places = _places(lines[0][1] if lines else [], headings)
    missing = [Fault(1, headings[name][0], reasons("no_column")) for name in needed if name not in places]
    if missing:
        return [], missing
    rows: list[tuple[int, dict[str, str]]] = []
    for line, cells in lines[1:]:
        if len(rows) >= MAX_ROWS:
            return [], [Fault(line, "", reasons("too_many"), str(MAX_ROWS))]
        if any(cell.strip() for cell in cells):
            rows.append((line, {name: _cell(cells, at) for name, at in places.items()}))
    return rows, []


def decoded_stream(data: bytes) -> tuple[io.TextIOBase | None, str]:
    """The text as `csv.reader` takes it, and its encoding; None where it is in none of ours.

    UTF-16 is known by its mark or by the commas between its headings.
    """
    for encoding in _likely(data):
        try:
            decoder = codecs.getincrementaldecoder(encoding)()
            for at in range(0, len(data), _PIECE):
                decoder.decode(data[at : at + _PIECE], final=at + _PIECE >= len(data))
        except UnicodeError:
            continue
        return io.TextIOWrapper(io.BytesIO(data), encoding, newline=""), encoding
    return None, ""


def _likely(data: bytes) -> tuple[str, ...]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    pairs = {data[at : at + 2] for at in range(0, min(len(data), 512), 2)}
    if b",\0" in pairs:
        return ("utf-16-le",)
    if b"\0," in pairs:
        return ("utf-16-be",)
    return ("utf-8-sig", "cp932")


def _numbered(text: io.TextIOBase) -> tuple[list[tuple[int, list[str]]], int]:
    """The rows, each with the line it ends in; and the line where a cell never ends, 0 where none is so."""
    lines = csv.reader(text)
    rows: list[tuple[int, list[str]]] = []
    try:
        rows += ((lines.line_num, cells) for cells in lines)
    except csv.Error:
        return [], lines.line_num
    return rows, 0


def _places(headings: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Where the column of each name is; `known` are the headings a name may have."""
    names = {heading: name for name, several in known.items() for heading in several}
    normal = [unicodedata.normalize("NFKC", heading).strip() for heading in headings]
    return {names[heading]: at for at, heading in reversed(list(enumerate(normal))) if heading in names}


def _cell(cells: Sequence[str], at: int) -> str:
    """What stands there, empty past the end of a short row."""
    return unicodedata.normalize("NFC", cells[at]).strip() if at < len(cells) else ""
