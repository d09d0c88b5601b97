"""The words of notices to residents, in Japanese, easy Japanese and English. Sans-IO.

A title that says it all, short lines, and the reason why it came to this person. Values stand as their list
has them; days are written out. Nothing is promised: it is 「参考」, and the desk has the last word.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from field_assist.concierge import cells
from field_assist.concierge.entries import Entry, Kind
from field_assist.concierge.licence_dates import Schedule, Stage
from field_assist.days import WEEKDAYS, day_words

_MOST_FIELDS = 6
_IN_FORCE = re.compile(
    r"((?:\d{4}|(?:令和|R)(?:元|\d{1,2}))[-/.年]\d{1,2}[-/.月]\d{1,2}日?)(?:\([^)]*\))?(?:に|から|より)?(?:施行|から|より)"
)


class Subject(StrEnum):
    """What a notice is about."""

    WORK_NEW = "work_new"
    WORK_CHANGED = "work_changed"
    WORK_PROGRESS = "work_progress"
    ENTRY_CHANGED = "entry_changed"
    SERIES_NEXT = "series_next"
    CATEGORY_NEW = "category_new"
    LICENCE = "licence"
    LICENCE_LAW = "licence_law"
    LICENCE_COURSE = "licence_course"


@dataclass(frozen=True, slots=True)
class Told:
    """What a person reads: a title, lines under it, and why it came to them."""

    title: str
    lines: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class _Words:
    titles: Mapping[Subject, str]
    stages: Mapping[Stage, str]
    reasons: Mapping[Subject, str]
    place: str
    expiry: str
    window: str
    window_until: str
    window_in_words: str
    closed_day: str
    needed: str
    basis: str
    in_force: str
    until: str
    when: str
    for_reference: str
    warning: str
    arrow: str
    slot: str
    slot_reason: str
    first_come: str
    price: str
    proxy: str
    fields: Mapping[str, str]


_JA = _Words(
    titles={
        Subject.WORK_NEW: "近所で工事があります：{}",
        Subject.WORK_CHANGED: "近所の工事の予定が変わります：{}",
        Subject.WORK_PROGRESS: "近所の工事の進みぐあい：{}",
        Subject.ENTRY_CHANGED: "内容が変わりました：{}",
        Subject.SERIES_NEXT: "次の催しがあります：{}",
        Subject.CATEGORY_NEW: "新しいお知らせ：{}",
        Subject.LICENCE_LAW: "{}をお持ちの方へ：注意することが変わりました",
        Subject.LICENCE_COURSE: "資格・免許の講習・催しがあります：{}",
    },
    stages={
        "early": "{}の期限が近づいています",
        "open": "{}：更新の申請ができます",
        "last": "{}：申請の期限がもうすぐです",
        "late": "{}：申請の期間を過ぎました。すぐに電話してください",
        "expired": "{}：満了日を過ぎました。すぐに電話してください",
    },
    reasons={
        Subject.WORK_NEW: "「{}」を登録しているため",
        Subject.ENTRY_CHANGED: "「{}」を登録しているため",
        Subject.SERIES_NEXT: "「{}」の次回を登録しているため",
        Subject.CATEGORY_NEW: "分野「{}」を登録しているため",
        Subject.LICENCE: "「{}」の期限を登録しているため",
    },
    place="{}から{}以内の工事",
    expiry="満了日：{}",
    window="申請できる日：{}から {}まで",
    window_until="申請できる日：{}まで",
    window_in_words="申請の期間：{}から {}（年によって変わります。担当にお確かめください）",
    closed_day="{}は窓口が休みです。{}までにお願いします。",
    needed="いるもの・条件：{}",
    basis="もとになる法令：{}",
    in_force="いつから：{}",
    until="期限：{}",
    when="日にち：{}",
    for_reference="この案内は参考です。手続きの前に、担当にお確かめください。",
    warning="ATMの操作、手数料、暗証番号をお願いすることはありません。",
    arrow="{}：{} → {}",
    slot="{} {}が空きました",
    slot_reason="「{}」の空きを登録しているため",
    first_come="先着です。{}現在、空き{}。予約はまだできていません。",
    price="料金：{}",
    proxy="{}（代わりに受け取る登録をしているため）",
    fields={},
)
_EASY = _Words(
    titles={
        Subject.WORK_NEW: "近くで 工事が あります：{}",
        Subject.WORK_CHANGED: "近くの 工事が かわります：{}",
        Subject.WORK_PROGRESS: "近くの 工事が すすみました：{}",
        Subject.ENTRY_CHANGED: "かわりました：{}",
        Subject.SERIES_NEXT: "つぎの もよおしが あります：{}",
        Subject.CATEGORY_NEW: "あたらしい お知らせ：{}",
        Subject.LICENCE_LAW: "{}を 持って いる 人へ：気を つける ことが かわりました",
        Subject.LICENCE_COURSE: "しかくの べんきょうが あります：{}",
    },
    stages={
        "early": "{}：つかえる 日が もうすぐ おわります",
        "open": "{}：あたらしく する ことが できます",
        "last": "{}：もうすぐ おわります。いそいで ください",
        "late": "{}：申しこむ 日が すぎました。すぐに 電話を して ください",
        "expired": "{}：つかえる 日が すぎました。すぐに 電話を して ください",
    },
    reasons={
        Subject.WORK_NEW: "あなたが「{}」を えらんだからです",
        Subject.ENTRY_CHANGED: "あなたが「{}」を えらんだからです",
        Subject.SERIES_NEXT: "あなたが「{}」の つぎを えらんだからです",
        Subject.CATEGORY_NEW: "あなたが「{}」を えらんだからです",
        Subject.LICENCE: "あなたが「{}」の 日を 書いたからです",
    },
    place="{}から {}の 工事",
    expiry="つかえる さいごの 日：{}",
    window="申しこむ 日：{}から {}まで",
    window_until="申しこむ 日：{}まで",
    window_in_words="申しこむ とき：{}から {}（まどぐちに 聞いて ください）",
    closed_day="{}は 休みです。{}までに 来て ください。",
    needed="いる もの：{}",
    basis="きまり：{}",
    in_force="いつから：{}",
    until="さいごの 日：{}",
    when="日：{}",
    for_reference="くわしい ことは まどぐちに 聞いて ください。",
    warning="わたしたちは ATMや あんしょう番号の ことを 言いません。お金も いりません。",
    arrow="{}：{} → {}",
    slot="{} {}が あきました",
    slot_reason="あなたが「{}」の あきを えらんだからです",
    first_come="早い 人が つかえます。{}に {}つ あいて いました。まだ よやくは して いません。",
    price="お金：{}",
    proxy="{}（家族の かわりに うけとります）",
    fields={
        "規制種別": "道の とおりかた",
        "規制開始日": "はじまる 日",
        "規制開始時間": "はじまる 時間",
        "規制終了日": "おわる 日",
        "規制終了時間": "おわる 時間",
        "迂回路": "べつの 道",
        "工期_終了日": "工事が おわる 日",
        "進捗率": "どれだけ できたか（％）",
        "開始日": "はじまる 日",
        "終了日": "おわる 日",
    },
)
_EN = _Words(
    titles={
        Subject.WORK_NEW: "Roadworks or building works near you: {}",
        Subject.WORK_CHANGED: "Works near you have changed: {}",
        Subject.WORK_PROGRESS: "Progress of works near you: {}",
        Subject.ENTRY_CHANGED: "This has changed: {}",
        Subject.SERIES_NEXT: "The next event: {}",
        Subject.CATEGORY_NEW: "New: {}",
        Subject.LICENCE_LAW: "For holders of {}: what to mind has changed",
        Subject.LICENCE_COURSE: "A course or event for your licence: {}",
    },
    stages={
        "early": "{} runs out before long",
        "open": "{}: you can apply for renewal now",
        "last": "{}: the last days to apply",
        "late": "{}: the time to apply is over. Please telephone now",
        "expired": "{} has run out. Please telephone now",
    },
    reasons={
        Subject.WORK_NEW: "You follow “{}”",
        Subject.ENTRY_CHANGED: "You follow “{}”",
        Subject.SERIES_NEXT: "You asked for the next event of “{}”",
        Subject.CATEGORY_NEW: "You follow the subject “{}”",
        Subject.LICENCE: "You entered the last day of “{}”",
    },
    place="works within {1} of {0}",
    expiry="Valid until {}",
    window="You can apply from {} to {}",
    window_until="You can apply until {}",
    window_in_words="You can apply from {} to {} (as the list says; please ask the office)",
    closed_day="Offices are closed on {}. Please come by {}.",
    needed="What you need: {}",
    basis="Law: {}",
    in_force="In force from {}",
    until="Until {}",
    when="When: {}",
    for_reference="This is for your information. Please ask the office before you apply.",
    warning="We never ask you to use an ATM, to pay a fee in advance or to tell a PIN.",
    arrow="{}: {} → {}",
    slot="{} is free: {}",
    slot_reason="You wait for a free slot at “{}”",
    first_come="First come, first served. At {} there were {} free. Nothing is booked yet.",
    price="Price: {}",
    proxy="{} (you receive this on their behalf)",
    fields={
        "規制種別": "Traffic",
        "規制理由": "Reason",
        "規制開始日": "First day",
        "規制開始時間": "From (time)",
        "規制終了日": "Last day",
        "規制終了時間": "Until (time)",
        "迂回路": "Way round",
        "工期_終了日": "Works end on",
        "進捗率": "Progress (%)",
        "開始日": "First day",
        "終了日": "Last day",
        "給付金額": "Amount",
        "受付終了日": "Apply by",
        "対象者": "For whom",
    },
)
_WORDS: Mapping[str, _Words] = MappingProxyType({"ja": _JA, "ja-easy": _EASY, "en": _EN})


def said(
    subject: Subject,
    follow: tuple[str, int, date | None],
    entry: Entry,
    changed: tuple[tuple[str, str, str], ...],
    language: str,
    licence: tuple[Schedule, Stage] | None = None,
) -> Told:
    """The notice; `follow` is label, radius in metres and day of what the person entered."""
    words, title = _WORDS[language], entry_title(entry, language)
    lines = [
        *(_arrow(words, *each) for each in changed[:_MOST_FIELDS]),
        *(_licence_lines(words, licence[0], entry.facts, language) if licence else ()),
        *_about(words, subject, entry, language),
    ]
    heading = words.stages[licence[1]] if licence else words.titles[subject]
    return Told(
        heading.format(title), tuple(line for line in lines if line), _reason(subject, follow, language)
    )


def law_said(written: tuple[str, str], law: tuple[date, str], label: str, topic: str, language: str) -> Told:
    """A change of the law as a keeper wrote it: title and text, from when, and where it is written.

    `topic` says why it came: a licence that somebody holds, or a category, called `label`.
    """
    words, (title, text), (in_force, basis) = _WORDS[language], written, law
    why = Subject.CATEGORY_NEW if topic == "category" else Subject.LICENCE
    lines = (
        *(line.strip() for line in text.splitlines()),
        words.in_force.format(day_words(in_force, language)),
        words.basis.format(basis),
        words.for_reference,
    )
    return Told(title, tuple(line for line in lines if line), words.reasons[why].format(label))


def entry_title(entry: Entry, language: str) -> str:
    """The title, in English where there is one and English is wanted."""
    return (entry.title_en or entry.title) if language == "en" else entry.title


def slot_said(
    place: str,
    times: tuple[datetime, datetime, datetime],
    offer: tuple[int, str],
    label: str,
    language: str,
) -> Told:
    """A slot became free; `times` are its begin, its end and when it was seen, in Japan's time."""
    words, (start, end, seen), (free, price) = _WORDS[language], times, offer
    lines = (
        words.first_come.format(f"{seen:%H:%M}", free),
        words.price.format(price) if price else "",
    )
    return Told(
        words.slot.format(place, slot_words(start, end, language)),
        tuple(line for line in lines if line),
        words.slot_reason.format(label),
    )


def slot_words(start: datetime, end: datetime, language: str) -> str:
    """11/28(土)9-11時, or Sat 28 Nov 9:00-11:00."""
    last = 24 * (end.date() - start.date()).days + end.hour
    clock = f"{start.hour}:{start:%M}-{last}:{end:%M}"
    if language == "en":
        return f"{start:%a} {start.day} {start:%b} {clock}"
    if not (start.minute or end.minute):
        clock = f"{start.hour}-{last}時"
    return f"{start.month}/{start.day}({WEEKDAYS[start.weekday()]}){clock}"


def for_proxy(reason: str, language: str) -> str:
    """The reason line for whoever receives a notice on somebody's behalf."""
    return _WORDS[language].proxy.format(reason)


def in_force_on(facts: Mapping[str, str]) -> date | None:
    """施行日 of what a licence's holders have to mind: of its own column, or as its words say it."""
    own, _ = cells.day(facts.get("x_改正施行日", ""))
    said_in = _IN_FORCE.search(unicodedata.normalize("NFKC", facts.get("注意喚起・制度改正", "")))
    return own or (cells.day(said_in[1])[0] if said_in else None)


def place_words(place: str, radius_m: int, language: str) -> str:
    """「川辺から1km以内の工事」."""
    distance = f"{radius_m / 1000:g}km" if radius_m >= 1000 else f"{radius_m}m"
    return _WORDS[language].place.format(place, distance)


def _reason(subject: Subject, follow: tuple[str, int, date | None], language: str) -> str:
    words, (label, radius_m, expires_on) = _WORDS[language], follow
    if subject in {Subject.WORK_CHANGED, Subject.WORK_PROGRESS}:
        subject = Subject.WORK_NEW
    if subject in {Subject.LICENCE_LAW, Subject.LICENCE_COURSE}:
        subject = Subject.LICENCE
    if radius_m:
        label = place_words(label, radius_m, language)
    if expires_on is not None:
        label = f"{label}（{day_words(expires_on, language)}）"
    return words.reasons[subject].format(label)


def _licence_lines(words: _Words, plan: Schedule, facts: Mapping[str, str], language: str) -> list[str]:
    lines = [words.expiry.format(day_words(plan.expires_on, language))]
    if plan.closes_on is None:
        opens, closes = facts.get("受付開始", ""), facts.get("受付終了", "")
        lines.append(words.window_in_words.format(opens, closes) if closes else "")
    elif plan.opens_on is not None:
        days = (day_words(day, language) for day in (plan.opens_on, plan.closes_on))
        lines.append(words.window.format(*days))
    else:
        lines.append(words.window_until.format(day_words(plan.closes_on, language)))
    last = plan.closes_on or plan.expires_on
    if plan.safe_on < last:
        days = (day_words(day, language) for day in (last, plan.safe_on))
        lines.append(words.closed_day.format(*days))
    needed = facts.get("更新・届出の要件", "")
    return [*lines, words.needed.format(needed) if needed else ""]


def _about(words: _Words, subject: Subject, entry: Entry, language: str) -> list[str]:
    if subject is Subject.LICENCE:
        return [words.for_reference]
    if subject is Subject.LICENCE_LAW:
        written = (entry.facts.get(name, "") for name in ("根拠法令", "x_改正の根拠"))
        basis, day = "、".join(filter(None, written)), in_force_on(entry.facts)
        from_when = words.in_force.format(day_words(day, language)) if day else ""
        return [from_when, words.basis.format(basis) if basis else "", words.for_reference]
    lines = [_summary(entry, language)]
    if entry.kind is Kind.EVENT and entry.starts:
        lines.insert(0, words.when.format(day_words(entry.starts, language)))
    if entry.kind is Kind.WORK:
        lines.append(entry.facts.get("生活への影響", ""))
    if entry.kind is Kind.PROGRAMME:
        until = words.until.format(day_words(entry.ends, language)) if entry.ends else ""
        lines += [until, words.for_reference, words.warning]
    return lines


def _summary(entry: Entry, language: str) -> str:
    preferred = {"en": entry.english, "ja-easy": entry.easy}.get(language, "")
    return preferred or entry.summary


def _arrow(words: _Words, name: str, before: str, after: str) -> str:
    shown = words.fields.get(name, name.replace("_", " "))
    return words.arrow.format(shown, before or "—", after or "—")
