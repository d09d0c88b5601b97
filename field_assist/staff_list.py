"""職員名簿 as a file: the CSV that a personnel system exports, read row by row, every fault with its place.

Columns go by their headings, in any order, in UTF-8 (with or without BOM) or CP932, as spreadsheets in Japan
write them. Nothing is taken in while one row is wrong: half a directory would ring the wrong people. Sans-IO.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from field_assist import csv_rows
from field_assist.people import STAFF_ROLES, Role
from field_assist.topics import TOPICS
from field_assist.work_hours import NotWorkHours, WorkHours

MAX_CELL = 120

_HEADINGS = {
    "staff_no": ("職員番号", "staff_no"),
    "name": ("氏名", "name"),
    "kana": ("かな", "フリガナ", "ふりがな", "kana"),
    "role": ("役割", "role"),
    "post": ("役職", "post"),
    "department": ("所属", "課", "department"),
    "office": ("事務所", "office"),
    "skills": ("得意分野", "skills"),
    "boss": ("上司", "boss"),
    "deputies": ("代理", "deputies"),
    "hours": ("勤務時間", "hours"),
}
_NEEDED = ("staff_no", "name", "role")
_ROLES = {
    "現場職員": Role.FIELD,
    "専門職員": Role.SPECIALIST,
    "責任者": Role.SUPERVISOR,
    "管理者": Role.ADMIN,
    "運用者": Role.OPERATOR,
    **{role.value: role for role in STAFF_ROLES},
}
_SKILLS = {
    name.casefold(): topic.key for topic in TOPICS for name in (topic.key, topic.label, topic.label_en)
}
_SEPARATORS = str.maketrans("；、，／;/", ",,,,,,")


class Reason(StrEnum):
    """What is wrong with a cell, or with the file (line 1 or 0)."""

    NOT_TEXT = "not_text"  # neither UTF-8 nor CP932
    TOO_MANY = "too_many"
    NO_COLUMN = "no_column"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN_ROLE = "unknown_role"
    UNKNOWN_SKILL = "unknown_skill"
    BAD_HOURS = "bad_hours"
    REPEATED = "repeated"
    NOBODY = "nobody"  # as boss or deputy: neither in the file nor in the directory
    OWN_BOSS = "own_boss"  # by whatever way around


Fault = csv_rows.Fault[Reason]


@dataclass(frozen=True, slots=True)
class NewStaff:
    """What is known of somebody before they have an id."""

    staff_no: str
    name: str
    kana: str
    role: Role
    post: str = ""
    department: str = ""
    office: str = ""
    skills: tuple[str, ...] = ()
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One member of staff; boss and deputies by staff number."""

    line: int
    new: NewStaff
    boss_no: str = ""
    deputy_nos: tuple[str, ...] = ()


def normal_no(text: str) -> str:
    """A staff number as it is kept: half width, upper case."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def read(data: bytes, known_nos: Iterable[str] = ()) -> tuple[list[Row], list[Fault]]:
    """The rows and everything that is wrong with them; `known_nos` may be bosses and deputies as well."""
    found, faults = csv_rows.read(data, _HEADINGS, _NEEDED, Reason)
    rows = [_row(line, cells, faults) for line, cells in found]
    _check_people(rows, frozenset(known_nos), faults)
    return rows, sorted(faults, key=lambda fault: fault.line)


def _row(line: int, found: Mapping[str, str], faults: list[Fault]) -> Row:
    def fault(name: str, reason: Reason, value: str = "") -> None:
        faults.append(Fault(line, _HEADINGS[name][0], reason, value[:MAX_CELL]))

    for name, value in found.items():
        if not value and name in _NEEDED:
            fault(name, Reason.EMPTY)
        if len(value) > MAX_CELL or not value.isprintable():
            fault(name, Reason.TOO_LONG, value)
    role = _ROLES.get(unicodedata.normalize("NFKC", found["role"]).lower())
    if role is None and found["role"]:
        fault("role", Reason.UNKNOWN_ROLE, found["role"])
    skills = []
    for word in _words(found.get("skills", "")):
        if (key := _SKILLS.get(word.casefold())) is None:
            fault("skills", Reason.UNKNOWN_SKILL, word)
        else:
            skills.append(key)
    hours = ""
    if found.get("hours"):
        try:
            hours = str(WorkHours.parse(found["hours"]))
        except NotWorkHours:
            fault("hours", Reason.BAD_HOURS, found["hours"])
    new = NewStaff(
        staff_no=normal_no(found["staff_no"]),
        name=found["name"],
        kana=found.get("kana", ""),
        role=role or Role.FIELD,
        post=found.get("post", ""),
        department=found.get("department", ""),
        office=found.get("office", ""),
        skills=tuple(skills),
        hours=hours,
    )
    deputies = tuple(normal_no(word) for word in _words(found.get("deputies", "")))
    return Row(line, new, normal_no(found.get("boss", "")), deputies)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.translate(_SEPARATORS).split(",") if word.strip()]


def _check_people(rows: list[Row], known_nos: frozenset[str], faults: list[Fault]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.new.staff_no in seen:
            faults.append(Fault(row.line, _HEADINGS["staff_no"][0], Reason.REPEATED, row.new.staff_no))
        seen.add(row.new.staff_no)
    bosses = {row.new.staff_no: row.boss_no for row in rows}
    for row in rows:
        named = [("boss", row.boss_no)] * bool(row.boss_no) + [("deputies", no) for no in row.deputy_nos]
        for column, number in named:
            if number not in seen and number not in known_nos:
                faults.append(Fault(row.line, _HEADINGS[column][0], Reason.NOBODY, number))
        if _leads_back(row.new.staff_no, bosses):
            faults.append(Fault(row.line, _HEADINGS["boss"][0], Reason.OWN_BOSS, row.boss_no))


def _leads_back(number: str, bosses: Mapping[str, str]) -> bool:
    above = bosses.get(number, "")
    for _ in range(len(bosses)):
        if above == number:
            return True
        if not above:
            return False
        above = bosses.get(above, "")
    return False
