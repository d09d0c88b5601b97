"""What a resident is shown of a public service: its words, until when, whom to ask, and its source.

Sans-IO.
"""

from datetime import date
from enum import StrEnum

from field_assist.concierge.entries import Entry
from field_assist.days import WEEKDAYS

MAX_SUMMARY = 300


class Language(StrEnum):
    """In which it is shown; what has no words in it is shown in Japanese."""

    JAPANESE = "ja"
    EASY = "ja-easy"
    ENGLISH = "en"


_LABELS = {
    Language.JAPANESE: ("しめきり", "問い合わせ", "出どころ", "更新", "対象かどうかは職員が確認します。"),
    Language.EASY: (
        "いつまで",
        "聞(き)くところ",
        "出(で)どころ",
        "更新(こうしん)",
        "使(つか)えるかは 職員(しょくいん)が 確(たし)かめます。",
    ),
    Language.ENGLISH: ("Until", "Ask", "Source", "updated", "Staff will check whether it applies to you."),
}


def text(entry: Entry, language: Language) -> str:
    """A few lines; the last names the owner and how old it is, for nothing is shown without a source."""
    until, ask, source, updated, proviso = _LABELS[language]
    title, summary = entry.title, entry.summary
    if language is Language.ENGLISH and entry.title_en:
        title, summary = f"{entry.title_en} ({entry.title})", entry.english.partition(";")[0] or summary
    elif language is Language.EASY and entry.easy:
        summary = entry.easy
    contact = " ".join(filter(None, (entry.contact, entry.phone)))
    is_english = language is Language.ENGLISH
    age = f" ({updated} {_day(entry.source.updated, is_english)})" if entry.source.updated else ""
    lines = (
        f"【{title}】",
        summary[:MAX_SUMMARY],
        f"{until}: {_day(entry.ends, is_english)}" if entry.ends else "",
        f"{ask}: {contact}" if contact else "",
        entry.url,
        f"{source}: {entry.source.owner}{age}",
        proviso,
    )
    return "\n".join(filter(None, lines))


def _day(day: date, is_english: bool) -> str:
    if is_english:
        return day.isoformat()
    return f"{day.year}年{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"
