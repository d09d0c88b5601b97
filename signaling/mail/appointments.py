"""The words of mail about appointments: booked, moved, soon, cancelled; in three languages. Sans-IO."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from field_assist import JST, days

Occasion = Literal["booked", "moved", "soon", "cancelled"]


@dataclass(frozen=True, slots=True)
class Invited:
    """What the resident is to know; `starts_at` in any zone."""

    language: str
    starts_at: datetime
    host: str
    title: str
    organisation: str
    phone: str
    url: str


@dataclass(frozen=True, slots=True)
class _Words:
    subject: Mapping[Occasion, str]
    opening: Mapping[Occasion, str]
    when: str
    who: str
    about: str
    link: str
    phone: str


_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "ja": _Words(
            {
                "booked": "お話の予約（{}）",
                "moved": "お話の予約が変わりました（{}）",
                "soon": "まもなくお話の時間です（{}）",
                "cancelled": "お話の予約を取り消しました（{}）",
            },
            {
                "booked": "お話の予約をお取りしました。",
                "moved": "お話の予約が変わりました。新しい日時は次のとおりです。",
                "soon": "お話の時間が近づきました。",
                "cancelled": "次のお話の予約は取り消しました。",
            },
            "日時　{}",
            "話す人　{}",
            "内容　{}",
            "時間になったら、次の画面を開いてください。電話やアプリはいりません。",
            "ご都合が悪いときは、お電話ください。電話 {}",
        ),
        "ja-easy": _Words(
            {
                "booked": "話す よやく（{}）",
                "moved": "話す 時間が かわりました（{}）",
                "soon": "もうすぐ 話す 時間です（{}）",
                "cancelled": "話す よやくを やめました（{}）",
            },
            {
                "booked": "話す 時間を きめました。",
                "moved": "話す 時間が かわりました。新しい 時間です。",
                "soon": "もうすぐ 話す 時間です。",
                "cancelled": "この よやくは なくなりました。",
            },
            "日と 時間　{}",
            "話す 人　{}",
            "話す こと　{}",
            "時間に なったら、ここを ひらいて ください。",
            "行けない ときは 電話を して ください。電話 {}",
        ),
        "en": _Words(
            {
                "booked": "Your appointment ({})",
                "moved": "Your appointment was moved ({})",
                "soon": "Your appointment is soon ({})",
                "cancelled": "Your appointment was cancelled ({})",
            },
            {
                "booked": "Your appointment is booked.",
                "moved": "Your appointment was moved. This is the new time.",
                "soon": "It is almost time for your appointment.",
                "cancelled": "This appointment does not take place.",
            },
            "When: {}",
            "With: {}",
            "About: {}",
            "When it is time, open this page. You need neither a telephone nor an app.",
            "If you cannot come, please telephone {}",
        ),
    }
)


def appointment_mail(occasion: Occasion, invited: Invited) -> tuple[str, str]:
    """Subject and text."""
    words, local = _WORDS[invited.language], invited.starts_at.astimezone(JST)
    when = f"{days.day_words(local.date(), invited.language)} {local.hour}:{local.minute:02}"
    facts = [
        words.when.format(when),
        words.who.format(invited.host),
        words.about.format(invited.title) if invited.title else "",
    ]
    link = [] if occasion == "cancelled" else [f"{words.link}\n{invited.url}"]
    blocks = [
        words.opening[occasion],
        "\n".join(fact for fact in facts if fact),
        *link,
        *([words.phone.format(invited.phone)] if invited.phone else []),
    ]
    return words.subject[occasion].format(invited.organisation), "\n\n".join(blocks) + "\n"
