"""Days and hours as people name them: 今度の土日, 来月, 12月の最初の週末, 夜7時ごろ.

Sans-IO.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from field_assist.days import WEEKDAYS

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class When:
    """Some of: between which days, on which weekdays (0 is Monday), at which hour (0 to 24)."""

    first: date | None = None
    last: date | None = None
    weekdays: frozenset[int] = frozenset()
    hour: float | None = None


def when(text: str, today: date) -> When | None:
    """What a sentence says of days and hours; None where it says nothing of them."""
    plain = unicodedata.normalize("NFKC", text)
    weekdays = _weekdays(plain)
    first, last = _days(plain, today) or (None, None)
    if weekdays and first is None and re.search("今度|次の|こんど|今週|this", plain):
        first, last = today, today + 6 * _DAY
    hour = _hour(plain)
    if first is None and not weekdays and hour is None:
        return None
    return When(first, last, weekdays, hour)


def _weekdays(plain: str) -> frozenset[int]:
    found = {WEEKDAYS.index(each) for each in re.findall("([月火水木金土日])曜", plain)}
    if re.search("土日|週末|休みの日|休日|weekend", plain, re.IGNORECASE):
        found |= {5, 6}
    if re.search("平日|weekday", plain, re.IGNORECASE) and not re.search(
        "平日(?:は|に)?.{0,6}(?:行けない|無理|仕事)", plain
    ):
        found |= {0, 1, 2, 3, 4}
    for number, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split()):
        if name in plain.lower():
            found.add(number)
    return frozenset(found)


def _days(plain: str, today: date) -> tuple[date, date] | None:
    """The days a sentence names, the most exact of its words first."""
    exact = re.search(r"(\d{1,2})[月/](\d{1,2})日?", plain)
    if exact and (named := _named(int(exact[1]), int(exact[2]), today)):
        return named, named
    month = re.search(r"(?<!\d)(\d{1,2})月(?!\d)", plain)
    if month and 1 <= int(month[1]) <= 12:
        number = int(month[1])
        return _part(plain, *_month(today.year + (number < today.month), number))
    if re.search("来月|らいげつ|next month", plain):
        return _part(plain, *_month(today.year + today.month // 12, today.month % 12 + 1))
    if re.search("今月|こんげつ|this month", plain):
        return today, _month(today.year, today.month)[1]
    monday = today - today.weekday() * _DAY
    for words, span in (
        ("明後日|あさって", (today + 2 * _DAY, today + 2 * _DAY)),
        ("明日|あした|tomorrow", (today + _DAY, today + _DAY)),
        ("今日|きょう|本日|today|tonight|今夜|今晩", (today, today)),
        ("来週|らいしゅう|next week", (monday + 7 * _DAY, monday + 13 * _DAY)),
        ("今週|こんしゅう|週末|this week|weekend", (today, monday + 6 * _DAY)),
        ("年内|年末|年の瀬", (today, date(today.year, 12, 31))),
        ("冬休み", _winter(today)),
        ("年明け|正月|来年", (date(today.year + 1, 1, 1), date(today.year + 1, 3, 31))),
    ):
        if re.search(words, plain, re.IGNORECASE):
            return span
    return None


def _named(month: int, day: int, today: date) -> date | None:
    """That day from this month on."""
    try:
        return date(today.year + (month < today.month), month, day)
    except ValueError:
        return None


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _part(plain: str, first: date, last: date) -> tuple[date, date]:
    """The beginning, the middle or the end of a month where that is said."""
    if re.search("最初|はじめ|初め|上旬|第1", plain):
        return first, first + 9 * _DAY
    if re.search("中旬|半ば|なかば", plain):
        return first + 10 * _DAY, first + 19 * _DAY
    if re.search("下旬|終わり|最後|末", plain):
        return first + 20 * _DAY, last
    return first, last


def _winter(today: date) -> tuple[date, date]:
    year = today.year if today.month > 6 else today.year - 1
    return date(year, 12, 23), date(year + 1, 1, 8)


def _hour(plain: str) -> float | None:
    clock = re.search(r"(\d{1,2})時(半)?(?!間)", plain)
    late = re.search("夜|晩|夕方|午後|仕事(?:の|が)?(?:帰り|終わ)|よる|evening|night", plain)
    early = re.search("朝|早朝|午前|あさ(?!って)|morning", plain)
    if clock and int(clock[1]) <= 24:
        hour = int(clock[1]) + (0.5 if clock[2] else 0)
        return hour + 12 if late and hour < 12 else hour
    if late:
        return 14.0 if "午後" in plain else 19.0
    return 8.0 if early else None
