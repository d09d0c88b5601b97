"""会議録の案: the minutes of a call in the official form, put together from its record by a plain template.

Each sentence says which second of the call it stands on and who spoke or acted then, so that whoever reads
it can hear it. No language model writes here: what was said stands as it was said, what nobody has confirmed
yet is marked, and nothing is left out because it seemed unimportant; people do that. Official minutes are
Japanese whatever language their readers chose for the pages. Sans-IO.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from field_assist.days import WEEKDAYS
from field_assist.work_hours import JST


class Part(StrEnum):
    """Where in the form a sentence stands."""

    TALK = "talk"  # 議事
    DECIDED = "decided"  # 決定事項
    OWED = "owed"  # 宿題


class Origin(StrEnum):
    """What a sentence was made from."""

    LINE = "line"
    DECISION = "decision"
    SHOWN = "shown"
    STILL = "still"
    QUESTION = "question"
    HAND = "hand"  # somebody wrote it
    WITHDRAWN = "withdrawn"  # it was made from a line that its speaker had deleted


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `at_ms` since the call began, `source` the id of what it was made from, if it has one."""

    part: Part
    text: str
    at_ms: int
    speaker: str
    origin: Origin
    source: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the transcript with words."""

    line_id: str
    at_ms: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A document or board that was shown, or a still that was taken: `words` name it, `by` did it."""

    id: str
    at_ms: int
    by: str
    words: str
    is_still: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision as it stands; `at_ms` is where in the call it was proposed or what it cites was said."""

    id: str
    at_ms: int
    number: str
    what: str
    proposer: str
    approver: str
    due: str
    is_decided: bool
    is_dropped: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that somebody still owes an answer to."""

    id: str
    at_ms: int
    text: str
    by: str
    owner: str
    due_on: date | None


def sentences(
    said: Iterable[Said], seen: Iterable[Seen], judged: Sequence[Judged], asked: Iterable[Asked]
) -> list[Sentence]:
    """The draft: 議事 in the order of the call, then what was decided, then what is owed."""
    talk = [
        *(Sentence(Part.TALK, each.text, each.at_ms, each.name, Origin.LINE, each.line_id) for each in said),
        *(_seen(each) for each in seen),
        *(_proposed(each) for each in judged),
    ]
    decided = [_decided(each) for each in judged if each.is_decided]
    owed = [*_owed_by_decisions(judged), *(_owed_answer(each) for each in asked)]
    return [sentence for part in (talk, decided, owed) for sentence in sorted(part, key=_moment)]


def held(began_at: datetime, ended_at: datetime | None) -> str:
    """日時: 令和8年11月24日（火）10時8分から10時30分まで, in Japan."""
    begin = began_at.astimezone(JST)
    words = f"{_day(begin)}{_clock(begin)}から"
    if ended_at is None:
        return words
    end = ended_at.astimezone(JST)
    is_same_day = end.date() == begin.date()
    return f"{words}{'' if is_same_day else _day(end)}{_clock(end)}まで"


def moment(at_ms: int) -> str:
    """How a second of the call is written: 00:12:31."""
    seconds = max(0, at_ms) // 1000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _seen(each: Seen) -> Sentence:
    text = f"静止画を撮影した。{each.words}" if each.is_still else f"「{each.words}」を示した。"
    origin = Origin.STILL if each.is_still else Origin.SHOWN
    return Sentence(Part.TALK, text, each.at_ms, each.by, origin, each.id)


def _proposed(each: Judged) -> Sentence:
    text = f"判断{each.number}「{each.what}」を起案した。"
    return Sentence(Part.TALK, text, each.at_ms, each.proposer, Origin.DECISION, each.id)


def _decided(each: Judged) -> Sentence:
    by = f"（{each.approver}承認）" if each.approver else ""
    text = f"{each.what}（判断{each.number}）{by}"
    return Sentence(Part.DECIDED, text, each.at_ms, each.proposer, Origin.DECISION, each.id)


def _owed_by_decisions(judged: Iterable[Judged]) -> Iterable[Sentence]:
    for each in judged:
        if each.is_dropped or (each.is_decided and not each.due):
            continue
        act = "を行う。" if each.is_decided else "の決裁を受ける。"
        until = f"期限：{each.due}" if each.due else ""
        text = f"判断{each.number}「{each.what}」{act}{until}"
        yield Sentence(Part.OWED, text, each.at_ms, each.proposer, Origin.DECISION, each.id)


def _owed_answer(each: Asked) -> Sentence:
    until = f"、期限：{_day_alone(each.due_on)}" if each.due_on else ""
    text = f"「{each.text}」に答える。（担当：{each.owner}{until}）"
    return Sentence(Part.OWED, text, each.at_ms, each.by, Origin.QUESTION, each.id)


def _moment(sentence: Sentence) -> int:
    return sentence.at_ms


def _day(at: datetime) -> str:
    return f"{_day_alone(at.date())}（{WEEKDAYS[at.weekday()]}）"


def _day_alone(day: date) -> str:
    return f"令和{day.year - 2018}年{day.month}月{day.day}日"


def _clock(at: datetime) -> str:
    return f"{at.hour}時{at.minute}分"
