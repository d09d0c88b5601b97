"""Mail of notices to residents, as plain text and as HTML, with one way out of it on every page. Sans-IO.

The HTML is the text again with headings and links: no picture, no script, nothing that reports who read it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from types import MappingProxyType

from field_assist import days


@dataclass(frozen=True, slots=True)
class Item:
    """One notice as its row has it; `lines` without an end."""

    title: str
    lines: Sequence[str]
    reason: str
    source: str
    source_day: date | None
    contact: str
    phone: str
    url: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose mail it is: `page` is the person's own page, for settings and for stopping."""

    organisation: str
    phone: str
    page: str


@dataclass(frozen=True, slots=True)
class _Words:
    confirm_subject: str
    confirm: tuple[str, ...]
    known_subject: str
    known: tuple[str, ...]
    proxy_subject: str
    proxy: tuple[str, ...]
    digest_subject: str
    more: str
    opening: str
    reason: str
    source: str
    updated: str
    contact: str
    page: str
    left_out: str
    stop: str
    office: str


_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "ja": _Words(
            confirm_subject="お知らせの登録の確認（{}）",
            confirm=(
                "お知らせの登録を受け付けました。まだ登録は終わっていません。",
                "次の画面を開いて「登録する」を押してください（48時間以内）。",
                "{}",
                "覚えがないときは、何もしないでください。このアドレスは48時間後に消え、お知らせは届きません。",
            ),
            known_subject="お知らせの設定（{}）",
            known=(
                "このアドレスは、お知らせに登録されています。",
                "見るもの・やめるものは、次の画面で変えられます。",
                "{}",
            ),
            proxy_subject="{}さんあてのお知らせを、あなたにも送ってよいですか（{}）",
            proxy=(
                "{}さんから、お知らせをあなたにも送ってほしいと頼まれました。まだ何も送っていません。",
                "受け取る期間：{}まで",
                "よければ、次の画面を開いて「登録する」を押してください（48時間以内）。いつでも、1回押すだけで止められます。",
                "{}",
                "覚えがないときは、何もしないでください。このアドレスは48時間後に消えます。",
            ),
            digest_subject="お知らせ {}件（{}）",
            more="{} ほか{}件",
            opening="登録された内容について、{}からのお知らせです。",
            reason="届いた理由：{}",
            source="提供：{}",
            updated="（{}更新）",
            contact="問い合わせ：{}",
            page="お知らせの設定：",
            left_out="ほかに{}件あります。設定の画面で見られます。",
            stop="配信停止：上の画面で「すべてのお知らせを止める」を押すと、すぐに止まります。理由は聞きません。",
            office="このメールに返信しても届きません。{} 電話 {}",
        ),
        "ja-easy": _Words(
            confirm_subject="お知らせの 申しこみ（{}）",
            confirm=(
                "お知らせを 申しこみましたか。まだ おわって いません。",
                "ここを ひらいて「登録する」を おして ください。48時間 まちます。",
                "{}",
                "申しこんで いない ときは、なにも しないで ください。お知らせは とどきません。",
            ),
            known_subject="お知らせの せってい（{}）",
            known=(
                "この アドレスには お知らせが とどいて います。",
                "ここで かえる ことが できます。やめる ことも できます。",
                "{}",
            ),
            proxy_subject="{}さんの お知らせを あなたにも おくって いいですか（{}）",
            proxy=(
                "{}さんが、お知らせを あなたにも おくって ほしいと 言って います。まだ おくって いません。",
                "いつまで：{}",
                "いい ときは、ここを ひらいて「登録する」を おして ください。48時間 まちます。"
                "いつでも やめる ことが できます。",
                "{}",
                "知らない 人の ときは、なにも しないで ください。",
            ),
            digest_subject="お知らせ {}つ（{}）",
            more="{} ほか {}つ",
            opening="あなたが えらんだ ことの お知らせです。{}から です。",
            reason="なぜ：{}",
            source="だれが 書いたか：{}",
            updated="（{}）",
            contact="聞く ところ：{}",
            page="お知らせの せってい：",
            left_out="ほかに {}つ あります。上の ページで 見る ことが できます。",
            stop="やめたい とき：上の ページで「ぜんぶ やめる」を おして ください。すぐに とまります。",
            office="この メールに 返事を しても とどきません。{} 電話 {}",
        ),
        "en": _Words(
            confirm_subject="Please confirm: notices from {}",
            confirm=(
                "We received a request to send notices to this address. Nothing is sent yet.",
                "Please open this page within 48 hours and press “Confirm”.",
                "{}",
                "If this was not you, do nothing: the address is deleted and no notices will come.",
            ),
            known_subject="Your notices from {}",
            known=(
                "This address already receives notices.",
                "You can change or stop them here:",
                "{}",
            ),
            proxy_subject="May we send you the notices of {}? ({})",
            proxy=(
                "{} asked us to send their notices to you as well. Nothing has been sent yet.",
                "Until {}",
                "If you agree, please open this page within 48 hours and press “Confirm”. "
                "One press stops it, at any time.",
                "{}",
                "If you do not know them, do nothing: the address is deleted.",
            ),
            digest_subject="{} notices ({})",
            more="{} and {} more",
            opening="News from {} about what you follow.",
            reason="Why you get this: {}",
            source="Source: {}",
            updated=" (updated {})",
            contact="Ask: {}",
            page="Your notices: ",
            left_out="There are {} more on your page.",
            stop="To stop: open the page above and press “Stop all notices”. It works at once.",
            office="We do not receive replies to this mail. {}, telephone {}",
        ),
    }
)


def confirm_mail(language: str, sender: Sender, *, is_known: bool) -> tuple[str, str]:
    """Subject and text of the mail that asks for a yes, or tells somebody known where their page is."""
    words = _WORDS[language]
    subject = words.known_subject if is_known else words.confirm_subject
    lines = words.known if is_known else words.confirm
    text = [line.format(sender.page) for line in lines]
    return subject.format(sender.organisation), "\n\n".join([*text, _office(words, sender)]) + "\n"


def proxy_mail(language: str, sender: Sender, name: str, until: date) -> tuple[str, str]:
    """Subject and text of the mail that asks somebody whether they receive the notices of another, too."""
    words = _WORDS[language]
    values = (name, days.day_words(until, language), "", sender.page, "")
    text = [line.format(value) for line, value in zip(words.proxy, values, strict=True)]
    subject = words.proxy_subject.format(name, sender.organisation)
    return subject, "\n\n".join([*text, _office(words, sender)]) + "\n"


def notice_mail(
    language: str, items: Sequence[Item], left_out: int, sender: Sender, *, is_digest: bool
) -> tuple[str, str, str]:
    """Subject, text and HTML; the subject of a mail with one thing is that thing."""
    words = _WORDS[language]
    opening = words.opening.format(sender.organisation)
    left = [words.left_out.format(left_out)] if left_out else []
    blocks = [[f"■ {item.title}", *_lines(words, item, language)] for item in items]
    foot = [f"{words.page}\n{sender.page}", words.stop, _office(words, sender)]
    text = "\n\n".join([opening, *("\n".join(block) for block in blocks), *left, *foot]) + "\n"
    return (
        _subject(words, items, left_out, sender, is_digest=is_digest),
        text,
        _html(words, items, left, sender, language),
    )


def _subject(words: _Words, items: Sequence[Item], left_out: int, sender: Sender, *, is_digest: bool) -> str:
    count, title = len(items) + left_out, " ".join(items[0].title.split())
    if is_digest and count > 1:
        return words.digest_subject.format(count, sender.organisation)
    return title if count == 1 else words.more.format(title, count - 1)


def _lines(words: _Words, item: Item, language: str) -> list[str]:
    updated = words.updated.format(days.day_words(item.source_day, language)) if item.source_day else ""
    contact = " ".join(filter(None, (item.contact, item.phone)))
    return [
        *item.lines,
        words.reason.format(item.reason),
        words.source.format(item.source) + updated,
        *([words.contact.format(contact)] if contact else []),
        *([item.url] if item.url else []),
    ]


def _html(words: _Words, items: Sequence[Item], left: Sequence[str], sender: Sender, language: str) -> str:
    parts = [f"<p>{escape(words.opening.format(sender.organisation))}</p>"]
    for item in items:
        lines = [_linked(line) for line in _lines(words, item, language)]
        parts += [f"<h2>{escape(item.title)}</h2>", f"<p>{'<br>'.join(lines)}</p>"]
    parts += [f"<p>{escape(line)}</p>" for line in left]
    parts += ["<hr>", f"<p>{escape(words.page)}<br>{_linked(sender.page)}</p>"]
    parts += [f"<p>{escape(line)}</p>" for line in (words.stop, _office(words, sender))]
    lang = "en" if language == "en" else "ja"
    return f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><body>{"".join(parts)}</body></html>'


def _linked(line: str) -> str:
    """A line that is an address of a page becomes a link; whatever else stands in a list is only text."""
    plain = escape(line)
    is_link = line.startswith(("https://", "http://")) and not set(line) & set(" \t\r\n\"'<>")
    return f'<a href="{plain}">{plain}</a>' if is_link else plain


def _office(words: _Words, sender: Sender) -> str:
    return words.office.format(sender.organisation, sender.phone or "—")
