"""Lists as spreadsheets in Japan write them: CSV in UTF-8 (with or without BOM) or CP932, columns by their
headings in any order. Sans-IO.
"""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence


def decoded(data: bytes) -> str | None:
    """The text, or None where it is in neither encoding."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def numbered(text: str) -> tuple[list[tuple[int, list[str]]], int]:
    """The rows, each with the line it ends in; and the line where a cell never ends, 0 where none is so."""
    lines = csv.reader(io.StringIO(text, newline=""))
    rows: list[tuple[int, list[str]]] = []
    try:
        rows += ((lines.line_num, cells) for cells in lines)
    except csv.Error:
        return [], lines.line_num
    return rows, 0


def places(headings: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Where the column of each name is; `known` are the headings a name may have."""
    names = {heading: name for name, several in known.items() for heading in several}
    normal = [unicodedata.normalize("NFKC", heading).strip() for heading in headings]
    return {names[heading]: at for at, heading in reversed(list(enumerate(normal))) if heading in names}


def cell(cells: Sequence[str], at: int) -> str:
    """What stands there, empty past the end of a short row."""
    return unicodedata.normalize("NFC", cells[at]).strip() if at < len(cells) else ""
