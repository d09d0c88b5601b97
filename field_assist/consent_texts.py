"""What people are asked before anything is kept of them, word for word, by version. Sans-IO.

An answer keeps the version and the language it was given to, so a text that was ever asked is never changed:
a new wording is a new version (a test holds the old ones). From domain.md appendix A.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from field_assist.agreement import Purpose

CURRENT = "1"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One question: what is asked, what to know before, and that a no costs nothing."""

    question: str
    more: tuple[str, ...]
    refusal: str


_STAYS = "断っても相談は続けられます。"
_STAYS_EASY = "いいえ でも そうだん できます。"
_STAYS_EN = "You can say no and still get help."
_JA = {
    Purpose.RECORDING: ConsentText(
        "この相談を録音・録画してもよいですか。",
        ("目的は記録の作成です。", "記録の確認後30日で消します。"),
        _STAYS,
    ),
    Purpose.TRANSCRIPT: ConsentText(
        "話した内容を機械で文字にしてもよいですか。",
        ("機械の文字は下書きで、職員が確認したものだけを記録にします。",),
        _STAYS,
    ),
    Purpose.PHOTO: ConsentText(
        "この画面を写真として残してもよいですか。",
        ("場所と時刻がいっしょに残ります。",),
        _STAYS,
    ),
    Purpose.CONCIERGE: ConsentText(
        "今日の相談の言葉から、使えるかもしれない制度を画面に出してもよいですか。",
        ("次回以降には使いません（「残す」を選んだときだけ残します）。",),
        _STAYS,
    ),
}
_EASY = {
    Purpose.RECORDING: ConsentText(
        "この はなしを ろくおん しても いいですか。",
        (
            "えいぞうも とります。",
            "きろくを つくる ためです。",
            "きろくを たしかめて、30にち あとに けします。",
        ),
        _STAYS_EASY,
    ),
    Purpose.TRANSCRIPT: ConsentText(
        "はなしを きかいで 文字（もじ）に しても いいですか。",
        ("きかいは まちがえます。", "しょくいんが たしかめた ものだけを きろくに します。"),
        _STAYS_EASY,
    ),
    Purpose.PHOTO: ConsentText(
        "この がめんを しゃしんに しても いいですか。",
        ("ばしょと じかんも のこります。",),
        _STAYS_EASY,
    ),
    Purpose.CONCIERGE: ConsentText(
        "きょうの はなしから、つかえる かもしれない しえんを がめんに だしても いいですか。",
        ("つぎの そうだんには つかいません。", "「残す」を えらんだ ときだけ のこします。"),
        _STAYS_EASY,
    ),
}
_EN = {
    Purpose.RECORDING: ConsentText(
        "May we record this talk?",
        (
            "Sound and picture are kept to write the record.",
            "They are deleted 30 days after the record was confirmed.",
        ),
        _STAYS_EN,
    ),
    Purpose.TRANSCRIPT: ConsentText(
        "May a machine write down what is said?",
        ("What the machine writes is a draft. Only what staff have confirmed becomes the record.",),
        _STAYS_EN,
    ),
    Purpose.PHOTO: ConsentText(
        "May we keep this picture as a photo?",
        ("Its place and time are kept with it.",),
        _STAYS_EN,
    ),
    Purpose.CONCIERGE: ConsentText(
        "May we show you services that may help, chosen by what you say today?",
        ("It is not used the next time, unless you choose “Keep”.",),
        _STAYS_EN,
    ),
}
TEXTS: Mapping[str, Mapping[str, Mapping[Purpose, ConsentText]]] = MappingProxyType(
    {CURRENT: {"ja": _JA, "ja-easy": _EASY, "en": _EN}}
)
"""By version, language and purpose."""
