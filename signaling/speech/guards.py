"""What a recogniser says is not what was said: which answers become a line, and which of those are doubtful.

Recognisers invent text where nobody spoke, mostly the farewells that stand below films. The voice gate comes
first; here, an answer that nobody spoke is believed, text that goes round in circles is refused and its span
marked, and a phrase known as invented is kept and marked, for it may have been said. Thresholds are Whisper's
own (`whisper.transcribe`). Sans-IO.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from signaling.speech.recogniser import Recognised

_NO_SPEECH: Final = 0.6
_UNSURE: Final = 0.37  # a mean log probability of -1
_SURELY_NONE: Final = 0.95
_GUESSED: Final = 0.6
_CIRCLES: Final = 2.4
_INVENTED: Final = (
    *("ご視聴ありがとうございました", "ご清聴ありがとうございました", "チャンネル登録", "高評価"),
    *("最後までご覧いただき", "次の動画でお会いしましょう", "字幕", "おやすみなさい"),
    *("thank you for watching", "thanks for watching", "please subscribe", "subtitles by"),
)


class Kind(StrEnum):
    """What becomes of an answer."""

    LINE = "line"
    NOTHING = "nothing"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of it, and whether a person should listen before believing it."""

    kind: Kind
    is_doubtful: bool = False


def judge(answer: Recognised) -> Verdict:
    """What becomes of an engine's answer to an utterance."""
    text = "".join(answer.text.split()).strip("。、.,!?！？…「」()（）[]♪ー-")
    if not text:
        return Verdict(Kind.NOTHING)
    if answer.no_speech >= _NO_SPEECH and answer.confidence < _UNSURE:
        return Verdict(Kind.NOTHING)
    if answer.no_speech >= _SURELY_NONE and answer.confidence < _GUESSED:
        return Verdict(Kind.NOTHING)
    if answer.compression > _CIRCLES:
        return Verdict(Kind.UNCLEAR)
    lowered = answer.text.lower()
    is_invented = any(phrase in lowered for phrase in _INVENTED)
    return Verdict(Kind.LINE, is_invented or answer.no_speech >= _NO_SPEECH or answer.confidence < _UNSURE)
