"""The words of mail to members from outside who vote in a circulation (持ち回り), in three languages.

What is to be decided stands behind the link alone: mail is read by whoever carries it. Sans-IO.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from field_assist import JST, days

Occasion = Literal["invited", "reminded", "longer", "decided"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom it is for, about which decision, and who asks; `until` in any zone, `quorum` of `voters`."""

    language: str
    name: str
    number: str
    proposer: str
    until: datetime
    quorum: int
    voters: int
    organisation: str
    phone: str
    url: str


@dataclass(frozen=True, slots=True)
class _Words:
    dear: str
    subject: Mapping[Occasion, str]
    opening: Mapping[Occasion, str]
    number: str
    until: str
    quorum: str
    link: Mapping[Occasion, str]
    own: str
    office: str
    closing: str
    code_subject: str
    code: tuple[str, ...]


_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "ja": _Words(
            "{} 様",
            {
                "invited": "【{1}締切】持ち回り審議のお願い（{0}）",
                "reminded": "【{1}締切】持ち回り審議のご回答をお待ちしています（{0}）",
                "longer": "【{1}締切に延長】持ち回り審議の期限について（{0}）",
                "decided": "持ち回り審議の結果について（{0}）",
            },
            {
                "invited": "{}です。次の件について、持ち回りでのご審議をお願いします。",
                "reminded": "{}です。お願いしている持ち回り審議の締切が近づきました。",
                "longer": "{}です。お願いしている持ち回り審議の締切を延ばしました。",
                "decided": "{}です。ご審議いただいた件の結果が出ました。",
            },
            "判断番号　{}",
            "締切　　　{}",
            "成立　　　{}人のうち{}人以上の回答",
            {
                "invited": "内容を読み、賛否とご意見を答える画面（登録はいりません）",
                "reminded": "内容を読み、賛否とご意見を答える画面（登録はいりません）",
                "longer": "内容を読み、賛否とご意見を答える画面（登録はいりません）",
                "decided": "結果を見る画面",
            },
            "この画面はあなた専用です。ほかの方に転送しないでください。\n"
            "答えるときに、6けたの確認コードをこのアドレスにお送りします。",
            "お問い合わせ　{} {} {}",
            "このメールに返信しても届きません。",
            "確認コード {}（{}）",
            (
                "持ち回り審議に答えるための確認コードです。",
                "{}",
                "15分以内に、画面に入れてください。だれにも教えないでください。職員が電話で聞くこともありません。",
                "覚えがないときは、何もしないでください。このコードだけでは何も決まりません。",
            ),
        ),
        "ja-easy": _Words(
            "{} さん",
            {
                "invited": "{1}までに 答えて ください（{0}）",
                "reminded": "もうすぐ 終わりです。{1}までに 答えて ください（{0}）",
                "longer": "{1}まで のばしました（{0}）",
                "decided": "決まった ことの お知らせ（{0}）",
            },
            {
                "invited": "{}です。賛成か 反対か 教えて ください。",
                "reminded": "{}です。もうすぐ 終わりの 日です。まだ 答えが 来て いません。",
                "longer": "{}です。終わりの 日を のばしました。",
                "decided": "{}です。答えて もらった ことが 決まりました。",
            },
            "番号　{}",
            "いつまで　{}",
            "{}人の うち {}人 いじょうが 答えると 決まります。",
            {
                "invited": "ここで 読んで、答えて ください。",
                "reminded": "ここで 読んで、答えて ください。",
                "longer": "ここで 読んで、答えて ください。",
                "decided": "ここで 見る ことが できます。",
            },
            "この 画面は あなただけの ものです。ほかの 人に おくらないで ください。\n"
            "答える とき、6つの 数字を この アドレスに おくります。",
            "わからない とき　{} {} {}",
            "この メールに 返事を しても とどきません。",
            "かくにんコード {}（{}）",
            (
                "答える ための 6つの 数字です。",
                "{}",
                "15分の あいだに、画面に 入れて ください。だれにも 教えないで ください。",
                "知らない ときは、なにも しないで ください。",
            ),
        ),
        "en": _Words(
            "Dear {},",
            {
                "invited": "Your vote is asked for by {1} ({0})",
                "reminded": "Reminder: your vote is asked for by {1} ({0})",
                "longer": "You have until {1} to vote ({0})",
                "decided": "The result of the vote ({0})",
            },
            {
                "invited": "{} asks for your vote on a decision that is circulated in writing.",
                "reminded": "The deadline of the vote {} asked you for is near.",
                "longer": "{} has given you more time to vote.",
                "decided": "The decision {} asked you to vote on has closed.",
            },
            "Number: {}",
            "Deadline: {} (Japan time)",
            "Needed: answers of {1} of {0} members",
            {
                "invited": "Read it and answer here (no account is needed):",
                "reminded": "Read it and answer here (no account is needed):",
                "longer": "Read it and answer here (no account is needed):",
                "decided": "See the result here:",
            },
            "This page is yours alone. Please do not forward it.\n"
            "When you answer, we send a code of six digits to this address.",
            "Questions: {} {} {}",
            "We do not receive replies to this mail.",
            "Code {} ({})",
            (
                "This is your code to answer the vote.",
                "{}",
                "Enter it within 15 minutes. Tell nobody: our staff never ask for it.",
                "If you did not ask for it, do nothing. Nothing is decided by the code alone.",
            ),
        ),
    }
)


def ballot_mail(asked: Asked, occasion: Occasion) -> tuple[str, str]:
    """Subject and text of what tells them about it."""
    words = _WORDS[asked.language]
    until = moment_words(asked.until, asked.language)
    facts = [words.number.format(asked.number)]
    if occasion != "decided":
        facts += [words.until.format(until), words.quorum.format(asked.voters, asked.quorum)]
    blocks = [
        words.dear.format(asked.name),
        words.opening[occasion].format(asked.organisation),
        "\n".join(facts),
        f"{words.link[occasion]}\n{asked.url}",
        words.own if occasion != "decided" else "",
        words.office.format(asked.proposer, asked.organisation, asked.phone).strip(),
        words.closing,
    ]
    subject = words.subject[occasion].format(asked.organisation, until)
    return subject, "\n\n".join(block for block in blocks if block) + "\n"


def code_mail(language: str, organisation: str, code: str) -> tuple[str, str]:
    """The code alone: no name, no link, nothing of what is decided."""
    words = _WORDS[language]
    text = "\n\n".join(line.format(code) for line in words.code)
    return words.code_subject.format(code, organisation), f"{text}\n"


def moment_words(at: datetime, language: str) -> str:
    """2026年11月30日（月）17時00分, or Monday 30 November 2026, 17:00, in Japan."""
    local = at.astimezone(JST)
    day = days.day_words(local.date(), language)
    return f"{day}, {local:%H:%M}" if language == "en" else f"{day}{local.hour}時{local:%M}分"
