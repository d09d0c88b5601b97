"""Single cells of municipal lists, understood and repaired where only one reading is possible. Sans-IO.

Codes follow 全国地方公共団体コード (check digit: weights 6 5 4 3 2, modulus 11), dates and times the form of
municipal standard open data (YYYY-MM-DD, hh:mm, 24:00 for the end of a day). Each function answers the
value, or None, and what there was to remark; it never raises.
"""

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

from field_assist.concierge.remarks import Remark

_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(32_874, 58_805)  # 1990-01-01 to 2060-12-31: what a list of today can mean
_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\([^)]*\))?(?:[T ].*)?")
_ERA_DATE = re.compile(r"(令和|平成|昭和|[RHS])(元|\d{1,2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\([^)]*\))?")
_TIME = re.compile(
    r"(午前|午後|AM|PM)?(\d{1,2})(?::(\d{2})(?::\d{2})?|時(?:(\d{1,2})分|(半))?)", re.IGNORECASE
)
_DEGREES = re.compile(r"[NE北東]?緯?経?(\d{1,3})[°度](\d{1,2})['′分](\d{1,2}(?:\.\d+)?)[\"″秒]?[NE]?")
_JAPAN_LATITUDES, _JAPAN_LONGITUDES = (20.0, 46.0), (122.0, 154.5)  # they share no value
_DASHES = re.compile("[‐‑‒–—―−ーｰ]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_CACHED = 1 << 14


def check_digit(five: str) -> str:
    """Of the first five digits of a code."""
    total = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


@lru_cache(_CACHED)
def code(text: str) -> tuple[str | None, Remark | None]:
    """Six digits that prove themselves; a lost zero is put back only where the check digit proves it."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None, Remark.NO_CODE
    digits = plain.removesuffix(".0")
    if re.fullmatch(r"\d\.\d{1,5}[Ee]\+?0?5", digits):  # as a spreadsheet writes a number it finds long
        digits = str(round(float(digits)))
    if not re.fullmatch(r"[0-9]{5,6}", digits):
        return None, Remark.BAD_CODE
    whole = digits.zfill(6)
    if check_digit(whole[:5]) != whole[5]:
        return None, Remark.BAD_CODE
    return whole, None if whole == plain else Remark.LOST_ZERO


@lru_cache(_CACHED)
def day(text: str) -> tuple[date | None, Remark | None]:
    """A date of the western or Japanese calendar, or of a spreadsheet; words without digits are no fault."""
    plain = re.sub(r"\s+(?=\D)|(?<=\D)\s+", "", unicodedata.normalize("NFKC", text).strip())
    if not plain:
        return None, None
    found = _DATE.fullmatch(plain)
    era = None if found else _ERA_DATE.fullmatch(plain.upper())
    try:
        if found:
            value = date(int(found[1]), int(found[2]), int(found[3]))
            is_standard = re.fullmatch(re.escape(value.isoformat()) + "(T.+)?", text) is not None
            return value, None if is_standard else Remark.REWRITTEN_DATE
        if era:
            year = _ERAS[era[1]] + (1 if era[2] == "元" else int(era[2]))
            return date(year, int(era[3]), int(era[4])), Remark.REWRITTEN_DATE
        if re.fullmatch(r"[0-9]{8}", plain):
            return date(int(plain[:4]), int(plain[4:6]), int(plain[6:])), Remark.REWRITTEN_DATE
    except ValueError:
        return None, Remark.BAD_DATE
    serial = re.fullmatch(r"([0-9]{5})(?:\.[0-9]+)?", plain)
    if serial and int(serial[1]) in _SERIALS:
        return _EXCEL_EPOCH + timedelta(days=int(serial[1])), Remark.SERIAL_DATE
    return None, Remark.BAD_DATE if re.search(r"\d", plain) else Remark.WORDS_FOR_DATE


@lru_cache(_CACHED)
def time(text: str) -> tuple[str | None, Remark | None]:
    """As hh:mm up to 24:00; 25:30 is understood but remarked upon, and words are left alone."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if not plain:
        return None, None
    if re.fullmatch(
        r"0\.[0-9]{1,20}|1\.0|[0-9](\.[0-9]{1,20})?[Ee]-0?[1-9]", plain
    ):  # the part of a day, as a spreadsheet keeps it
        minutes = round(float(plain) * 1440)
        return f"{minutes // 60:02}:{minutes % 60:02}", Remark.REWRITTEN_TIME
    found = _TIME.fullmatch(plain)
    if found is None:
        return None, Remark.BAD_TIME if re.fullmatch(r"[\d:.]+", plain) else None
    half = (found[1] or "").upper()
    hour, minute = int(found[2]), 30 if found[5] else int(found[3] or found[4] or 0)
    if minute > 59 or hour > 29 or (half and hour > 12):
        return None, Remark.BAD_TIME
    if half:
        hour = hour % 12 + (12 if half in ("午後", "PM") else 0)
    value = f"{hour:02}:{minute:02}"
    if hour * 60 + minute > 1440:
        return value, Remark.LATE_HOURS
    return value, None if value == text else Remark.REWRITTEN_TIME


def place(latitude: str, longitude: str) -> tuple[tuple[float, float] | None, Remark | None]:
    """Both coordinates in degrees; exchanged ones are put right, for none of Japan's can be the other."""
    if not latitude and not longitude:
        return None, None
    if not latitude or not longitude:
        return None, Remark.HALF_PLACE
    north, east = _degrees(latitude), _degrees(longitude)
    if north is None or east is None:
        return None, Remark.BAD_PLACE
    if _lies(north, _JAPAN_LATITUDES) and _lies(east, _JAPAN_LONGITUDES):
        return (north, east), None
    if _lies(east, _JAPAN_LATITUDES) and _lies(north, _JAPAN_LONGITUDES):
        return (east, north), Remark.SWAPPED
    return None, Remark.BAD_PLACE


def _degrees(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        pass
    found = _DEGREES.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    if found is None:
        return None
    return round(int(found[1]) + int(found[2]) / 60 + float(found[3]) / 3600, 6)


def _lies(value: float, between: tuple[float, float]) -> bool:
    return between[0] <= value <= between[1]


def phone(text: str) -> tuple[str, Remark | None]:
    """One width and one sort of hyphen; a zero that seems lost is not invented."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if re.search(r"\d", plain):
        plain = _DASHES.sub("-", plain)
    digits = re.sub(r"[-() ]", "", plain)
    is_short = re.fullmatch(r"[1-9][0-9]{8,9}", digits) is not None
    return plain, Remark.PHONE_WITHOUT_ZERO if is_short else None


def address(text: str) -> tuple[str, Remark | None]:
    """Of a page, where it can be a link."""
    plain = text.strip()
    if not plain:
        return "", None
    is_page = re.fullmatch(r"https?://[^\s<>\"]+", plain, re.IGNORECASE) is not None
    return (plain, None) if is_page else ("", Remark.BAD_ADDRESS)


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection"); numbers stay numbers."""
    return f"'{text}" if _is_formula(text) else text


def meant(text: str) -> str:
    """What `harmless` was given."""
    return text[1:] if text.startswith("'") and _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Also behind quotes, so that nothing is lost on the way out and in again."""
    plain = text.lstrip("'")
    return plain.startswith(_FORMULA) and not _NUMBER.fullmatch(plain)


def words(text: str) -> tuple[str, ...]:
    """What stands between semicolons, each once, in order."""
    if not text:
        return ()
    return tuple(dict.fromkeys(word.strip() for word in re.split("[;；\n]", text) if word.strip()))


def heading(text: str) -> str:
    """A heading as it is compared: one width (and so one sort of bracket), no spaces, one case."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()
