"""What somebody needs, from how they said it: in a call, in a search box, in plain Japanese or in English.

A question is terms to find (`terms`), sentences for a model of meaning, and what it says of days, hours and
of the sort of thing looked for. All of that is a hint: it moves what was found, it never hides anything.

Sans-IO.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from field_assist.concierge.entries import Kind
from field_assist.concierge.spans import When, when
from field_assist.concierge.terms import SENTENCE, Channel, Cut, terms, traces, words
from field_assist.search_query import Synonyms

__all__ = ["Asker", "Question", "understand"]

MAX_CHARACTERS = 400
"""Of what was said last; whoever says more has said it before."""
_MAX_TRACED = 60
"""A longer question says enough in words: its pairs and syllables would only find everything."""
_LONG = 60
"""Characters from which a question's sentences are also compared one by one."""
MAX_TERMS = 160
_ALSO = 0.35
"""How much a word counts that was not said but means the same."""

_FILLERS = re.compile(
    r"(?:え[ーえ]?っ?と(?:ですね)?|ええと|えー+|あのー+|あのう|あの(?=[、うちそわ]|です)|そうですね|ですね|うーん+|んー+|"
    r"なんか|なんて(?:いう|言う)か|その(?=[、ー])|まあ|はい(?=[、。あえそ])|ええ、|とですね|っておっしゃって(?:まして)?|"
    r"とおっしゃってまして|と、おっしゃってまして)[、。]?"
)


class Asker(StrEnum):
    """Who says it."""

    RESIDENT = "resident"
    BUSINESS = "business"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody needs."""

    text: str
    """As it was said, without what a speaker says while thinking."""
    said: Mapping[str, Channel]
    """Terms it says."""
    also: Mapping[str, float]
    """Words it does not say that mean the same, each with how much it counts beside a word that was said."""
    sentences: tuple[str, ...]
    """The whole, and of a long one each of its sentences."""
    kinds: Mapping[Kind, float]
    """Sorts of things it seems to look for, each with how clearly."""
    when: When | None
    asker: Asker


def understand(text: str, asker: Asker, today: date, cut: Cut, synonyms: Synonyms) -> Question:
    """A question of any length. `today` is the day in Asia/Tokyo. Never raises."""
    clean = _FILLERS.sub("", text[-MAX_CHARACTERS:]).strip() or text[-MAX_CHARACTERS:]
    said = {term: channel for channel, term in terms(clean, cut)}
    if len(clean) <= _MAX_TRACED:
        said |= {term: channel for channel, term in traces(clean, cut)}
    said = dict(list(said.items())[:MAX_TERMS])
    also = {
        term: _ALSO
        for word, _ in words(clean, cut)
        for other in synonyms.get(word, ())
        for term, _ in words(other, cut)
        if term not in said
    }
    return Question(
        text=clean,
        said=said,
        also=also,
        sentences=tuple(_sentences(clean)),
        kinds=_kinds(clean),
        when=when(clean, today),
        asker=asker,
    )


def _sentences(text: str) -> Iterable[str]:
    yield text
    if len(text) >= _LONG:
        parts = [part for part in SENTENCE.split(text) if len(part) > 5]
        if len(parts) > 1:
            yield from parts


_KINDS: Mapping[Kind, re.Pattern[str]] = {
    Kind.WORK: re.compile(
        "工事|通行|通れ|通りたい|通る|片側|規制|断水|迂回|回り道|渋滞|うるさ|騒音|いつ終わ|いつまで続|掘り返|掘って|水が(?:出ない|濁)"
        "|road ?work|construction|closed"
    ),
    Kind.EVENT: re.compile(
        "教室|講座|講習|研修|セミナー|相談会|説明会|体験|イベント|催し|参加|習い|習いたい|集まり|つどい|コンサート|フェア|祭|観察|大会"
        "|訓練|ボランティア|週末|土日|今度の|来月の?.*(?:ある|やって|どこか)|class|event|festival|seminar"
    ),
    Kind.FACILITY: re.compile(
        "開いて|開く|何時まで|何時から|借り|場所|どこで|ところ|ホール|会場|休館|休み|予約|泳|駐車|空いて|遊ばせ|遊べ|持ち込|持って(?:行|い)"
        "|施設|窓口|センター|open|where"
    ),
    Kind.LICENCE: re.compile(
        "免許|許可|更新|切れ|届出|届け|資格|登録|免状|手帳|証明書|有効期|期限|満了|書き?換え|renew|licen[cs]e|expire"
    ),
    Kind.DOCUMENT: re.compile(
        "手引|様式|図面|書式|台帳|マニュアル|チェックリスト|手順|要領|早見|記入|測り方|撮り方|書き方|目安"
    ),
    Kind.DECISION: re.compile(
        "前例|先例|事例|例は|決めた|決定|判断した|以前|過去に|認めた|前に|した例|どう(?:判断|処理)"
    ),
}


def _kinds(text: str) -> dict[Kind, float]:
    """Sorts of things its words belong to; two words are more than one, three no more than two."""
    found = {kind: len({*pattern.findall(text)}) for kind, pattern in _KINDS.items()}
    return {kind: min(count, 2) / 2 for kind, count in found.items() if count}
