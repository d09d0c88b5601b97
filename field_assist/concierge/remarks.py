"""What was noticed of a list, counted, with some places each, and how many entries it changes: bounded,
however long the list.

A *fault* keeps the whole list out; a *repair* was made because only one reading is possible; a *doubt* is
taken as it came, or left out of the place where it would mislead. Sans-IO.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

SHOWN_PLACES = 20
MAX_SHOWN = 80
MANY_GONE = 10
"""More than so many, and more than half of a list, leave it only if somebody says that it is meant."""


class Weight(StrEnum):
    """What follows from a remark."""

    FAULT = "fault"
    DOUBT = "doubt"
    REPAIR = "repair"


class Remark(StrEnum):
    """One thing that can be noticed about a list, a row or a cell."""

    NOT_TEXT = "not_text"  # none of UTF-8, UTF-16 and CP932
    NOT_A_LIST = "not_a_list"  # no headings by which its kind is known
    STAFF_ONLY = "staff_only"  # documents and decisions come by the library and the record
    PERSONAL = "personal"  # a list of holders: 食品等営業許可 names sole traders
    TOO_MANY_ROWS = "too_many_rows"
    NEVER_ENDS = "never_ends"  # a quotation mark that is not closed
    NO_ROWS = "no_rows"
    EMPTY = "empty"
    REPEATED = "repeated"  # an ID
    TOO_LONG = "too_long"
    TOO_MANY_CELLS = "too_many_cells"  # a comma that was not quoted moves all that follows
    LOST_CHARACTERS = "lost_characters"  # control characters, or � where one could not be read
    BAD_CODE = "bad_code"
    BAD_DATE = "bad_date"
    BAD_TIME = "bad_time"
    ENDS_BEFORE = "ends_before"
    ELSEWHERE = "elsewhere"  # another list answers for this ID

    WORDS_FOR_DATE = "words_for_date"  # 「随時」: kept as words
    NO_CODE = "no_code"
    BAD_PLACE = "bad_place"  # coordinates outside of Japan or not numbers: left out
    HALF_PLACE = "half_place"  # one coordinate alone
    SAME_HEADING = "same_heading"
    NO_HEADING = "no_heading"
    BAD_ADDRESS = "bad_address"  # not http(s): never made a link
    BAD_RULE = "bad_rule"  # 対象条件 that nobody can be judged by: asked of nobody
    PHONE_WITHOUT_ZERO = "phone_without_zero"
    LATE_HOURS = "late_hours"  # 25:30

    HEADINGS_LOWER = "headings_lower"
    ENCODING = "encoding"  # read, but open data is asked for in UTF-8
    LOST_ZERO = "lost_zero"  # of a code, proven by its check digit
    SWAPPED = "swapped"  # latitude and longitude
    SERIAL_DATE = "serial_date"
    REWRITTEN_DATE = "rewritten_date"  # 令和8年12月1日, 2026/12/1
    REWRITTEN_TIME = "rewritten_time"
    MIDNIGHT = "midnight"  # a beginning at 24:00 is 00:00 of the next day


_FIRST_DOUBT, _FIRST_REPAIR = Remark.WORDS_FOR_DATE, Remark.HEADINGS_LOWER
_ORDER = {remark: at for at, remark in enumerate(Remark)}


def weight(remark: Remark) -> Weight:
    """What follows from it."""
    if _ORDER[remark] < _ORDER[_FIRST_DOUBT]:
        return Weight.FAULT
    return Weight.DOUBT if _ORDER[remark] < _ORDER[_FIRST_REPAIR] else Weight.REPAIR


@dataclass(frozen=True, slots=True)
class Place:
    """Where: the line as a spreadsheet counts it (0: the file), what stood there and what it became."""

    line: int
    value: str = ""
    became: str = ""


@dataclass(slots=True)
class Finding:
    """One remark about one column, how often, and its first places."""

    remark: Remark
    column: str
    count: int = 0
    places: list[Place] = field(default_factory=list)

    @property
    def weight(self) -> Weight:
        """What follows from it."""
        return weight(self.remark)


class Remarks:
    """Everything noticed about one list; grows with its columns, not with its rows."""

    def __init__(self) -> None:
        self._findings: dict[tuple[Remark, str], Finding] = {}
        self.fault_count = 0

    def add(self, remark: Remark, line: int = 0, column: str = "", value: str = "", became: str = "") -> None:
        """Note it; `value` is cut to what a report can show."""
        finding = self._findings.get((remark, column))
        if finding is None:
            finding = self._findings[remark, column] = Finding(remark, column)
        finding.count += 1
        self.fault_count += weight(remark) is Weight.FAULT
        if len(finding.places) < SHOWN_PLACES:
            finding.places.append(Place(line, value[:MAX_SHOWN], became[:MAX_SHOWN]))

    def __iter__(self) -> Iterator[Finding]:
        """Faults first, then doubts, then repairs; of a kind, by column as it was met."""
        return iter(sorted(self._findings.values(), key=lambda finding: _ORDER[finding.remark]))


@dataclass(frozen=True, slots=True)
class Counts:
    """What taking a list in does to the catalogue."""

    rows: int
    added: int
    changed: int
    same: int
    gone: int

    @property
    def many_gone(self) -> bool:
        """So many leave that it may be the wrong file."""
        return self.gone > MANY_GONE and self.gone > self.same + self.changed
