"""What a resident is shown of an entry: a possibility and never a promise, in three lines, with why it is
shown, whom to ask, and its source. Nothing is shown without a source.

A card is a copy: what somebody was shown does not change behind their back when the catalogue does. It is
kept and sent as JSON, in every reading the entry has words for.

Sans-IO.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import TypedDict

from field_assist.concierge import cells
from field_assist.concierge.entries import Entry, Kind, key_of
from field_assist.concierge.ranking import Reason, Why
from field_assist.days import day_words

MAX_SUMMARY, MAX_LINE = 300, 120
LINES = 3
OLD_AFTER = timedelta(days=365)
"""What its owner did not look at for longer is shown with a warning."""
SHOWN_REASONS = 2
_PLAINEST = (Why.NEED, Why.MEANING, Why.LINKED, Why.OPEN_THEN, Why.WORDS)
"""Whole sentences say more to whoever reads a card than words in their normal form."""
BY_STAFF = "staff"
"""The reason where no words led to it: a member of staff chose it."""


class SourceMissing(Exception):
    """Nobody answers for the entry, so it cannot be shown."""


class Language(StrEnum):
    """In which it is read; what has no words in it is read in Japanese."""

    JAPANESE = "ja"
    EASY = "ja-easy"
    ENGLISH = "en"


class Line(StrEnum):
    """What a line of a card is about; the client has the words."""

    UNTIL = "until"
    BRING = "bring"
    SAFE = "safe"  # nobody asks for fees or a cash machine: said wherever money is paid out
    HOW = "how"
    WHEN = "when"
    WHERE = "where"
    FEE = "fee"
    APPLY = "apply"
    RULE = "rule"
    DETOUR = "detour"


class CardLine(TypedDict):
    """One line: a day (ISO, or ""), words of the list, or both."""

    label: str
    day: str
    text: str


class CardReading(TypedDict):
    """What it is called and what it is, in one language."""

    title: str
    summary: str


class CardReason(TypedDict):
    """`why` is a reason of the search, or `staff`."""

    why: str
    words: str


class Card(TypedDict):
    """All of a card. `id` is the owner's code and ID; `updated` an ISO day or ""; degrees are WGS 84."""

    kind: str
    id: str
    readings: dict[str, CardReading]
    lines: list[CardLine]
    reasons: list[CardReason]
    owner: str
    updated: str
    contact: str
    phone: str
    url: str
    place: str
    latitude: float | None
    longitude: float | None


def made(entry: Entry, reasons: Sequence[Reason] = ()) -> Card:
    """The card of an entry; raises SourceMissing."""
    source = entry.source
    if not source.owner.strip():
        raise SourceMissing
    return Card(
        kind=entry.kind.value,
        id=key_of(entry).written,
        readings=_readings(entry),
        lines=list(_lines(entry))[:LINES],
        reasons=_reasons(reasons),
        owner=source.owner,
        updated=source.updated.isoformat() if source.updated else "",
        contact=entry.contact,
        phone=entry.phone,
        url=entry.url,
        place=entry.place,
        latitude=entry.latitude,
        longitude=entry.longitude,
    )


def is_old(card: Card, today: date) -> bool:
    """Whether its owner has not looked at it for a year, or never said when."""
    return not card["updated"] or date.fromisoformat(card["updated"]) < today - OLD_AFTER


def reading(card: Card, language: str) -> CardReading:
    """In this language, else in Japanese."""
    return card["readings"].get(language) or card["readings"][Language.JAPANESE]


def _readings(entry: Entry) -> dict[str, CardReading]:
    found = {
        Language.JAPANESE.value: CardReading(title=entry.title, summary=_cut(entry.summary, MAX_SUMMARY))
    }
    if entry.easy:
        found[Language.EASY] = CardReading(title=entry.title, summary=_cut(entry.easy, MAX_SUMMARY))
    if entry.title_en or entry.summary_en:
        title, summary = entry.title_en or entry.title, entry.summary_en or entry.summary
        found[Language.ENGLISH] = CardReading(title=title, summary=_cut(summary, MAX_SUMMARY))
    return found


def _reasons(reasons: Iterable[Reason]) -> list[CardReason]:
    """What the entry itself says; without any, that somebody chose it: there is always one."""
    told = [
        CardReason(why=reason.why.value, words=_cut(reason.words, MAX_LINE))
        for reason in sorted(reasons, key=lambda reason: _PLAINEST.index(reason.why))
        if reason.words or reason.why is Why.OPEN_THEN
    ]
    return told[:SHOWN_REASONS] or [CardReason(why=BY_STAFF, words="")]


def _lines(entry: Entry) -> Iterator[CardLine]:
    """The most important first: only so many are shown."""
    match entry.kind:
        case Kind.PROGRAMME:
            yield from _of_programme(entry)
        case Kind.FACILITY:
            yield from _of_facility(entry)
        case Kind.EVENT:
            yield from _of_event(entry)
        case Kind.WORK:
            yield from _of_work(entry)
        case Kind.LICENCE:
            yield from _of_licence(entry)
        case Kind.DOCUMENT | Kind.DECISION:
            return


def _of_programme(entry: Entry) -> Iterator[CardLine]:
    if entry.ends:
        yield _line(Line.UNTIL, day=entry.ends)
    if papers := _said(entry, "手続書類"):
        yield _line(Line.BRING, "・".join(cells.words(papers)))
    if _said(entry, "給付金額"):
        yield _line(Line.SAFE)
    if way := _said(entry, "利用・申請方法"):
        yield _line(Line.HOW, way)


def _of_facility(entry: Entry) -> Iterator[CardLine]:
    if entry.place:
        yield _line(Line.WHERE, entry.place)
    special = _said(entry, "利用可能時間特記事項", "利用可能日時特記事項")
    opens = " ".join(filter(None, ("・".join(_said(entry, "利用可能曜日")), _hours(entry.facts), special)))
    if opens:
        yield _line(Line.WHEN, opens)


def _of_event(entry: Entry) -> Iterator[CardLine]:
    if entry.starts:
        lasts = entry.ends and entry.ends != entry.starts
        until = f"〜{entry.ends.month}月{entry.ends.day}日" if entry.ends and lasts else ""
        yield _line(Line.WHEN, " ".join(filter(None, (until, _hours(entry.facts)))), entry.starts)
    if entry.place:
        yield _line(Line.WHERE, entry.place)
    deadline, way = _said(entry, "参加申込終了日"), _said(entry, "参加申込方法")
    if deadline or way:
        yield _line(Line.APPLY, way, cells.day(deadline)[0] if deadline else None)
    if fee := _said(entry, "料金(基本)"):
        yield _line(Line.FEE, fee)


def _of_work(entry: Entry) -> Iterator[CardLine]:
    ends = cells.day(_said(entry, "規制終了日"))[0] if _said(entry, "規制終了日") else entry.ends
    if rule := _said(entry, "規制種別"):
        yield _line(Line.RULE, rule)
    if ends:
        yield _line(Line.UNTIL, _hours(entry.facts, "規制開始時間", "規制終了時間"), ends)
    if detour := _said(entry, "迂回路"):
        yield _line(Line.DETOUR, detour)


def _of_licence(entry: Entry) -> Iterator[CardLine]:
    opens, closes = _said(entry, "受付開始"), _said(entry, "受付終了")
    if opens or closes:
        yield _line(Line.APPLY, f"{opens}〜{closes}")
    if needed := _said(entry, "更新・届出の要件"):
        yield _line(Line.HOW, needed)


def _line(label: Line, text: str = "", day: date | None = None) -> CardLine:
    return CardLine(label=label.value, day=day.isoformat() if day else "", text=_cut(text, MAX_LINE))


def _said(entry: Entry, *headings: str) -> str:
    return next((entry.facts[heading] for heading in headings if entry.facts.get(heading)), "")


def _hours(facts: Mapping[str, str], begins: str = "開始時間", ends: str = "終了時間") -> str:
    start, end = facts.get(begins, ""), facts.get(ends, "")
    return f"{start}〜{end}" if start or end else ""


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


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


def text(card: Card, language: Language) -> str:
    """A few lines of plain text, for mail; the last names the owner and how old it is."""
    until, ask, source, updated, proviso = _LABELS[language]
    said = reading(card, language)
    ends = next((line["day"] for line in card["lines"] if line["label"] == Line.UNTIL and line["day"]), "")
    contact = " ".join(filter(None, (card["contact"], card["phone"])))
    age = (
        f" ({updated} {day_words(date.fromisoformat(card['updated']), language)})" if card["updated"] else ""
    )
    lines = (
        f"【{said['title']}】",
        said["summary"],
        f"{until}: {day_words(date.fromisoformat(ends), language)}" if ends else "",
        f"{ask}: {contact}" if contact else "",
        card["url"],
        f"{source}: {card['owner']}{age}",
        proviso,
    )
    return "\n".join(filter(None, lines))
