"""How the concierge understands: days and hours, words and sounds, sensitive topics, and what it shows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from field_assist import search_words
from field_assist.concierge import sensitive, terms
from field_assist.concierge.entries import Entry, Kind, Source
from field_assist.concierge.questions import Asker, Question, understand
from field_assist.concierge.ranking import Candidate, Why, rank
from field_assist.concierge.spans import When, when
from field_assist.concierge.topics import GRAVE, Topic, desks_for

TODAY = date(2026, 11, 23)  # a Monday
SOURCE = Source(
    "あまね県あまね市", "992011", "CC BY 4.0", datetime(2026, 11, 23, tzinfo=UTC), date(2026, 11, 16)
)


def entry(kind: Kind = Kind.PROGRAMME, entry_id: str = "P001", **fields: object) -> Entry:
    given: dict[str, object] = {"title": "補聴器の助成", "summary": "補聴器を買うお金を助けます。"} | fields
    return Entry(kind, entry_id, SOURCE, **given)  # type: ignore[arg-type]  # fields by name


def ask(text: str, asker: Asker = Asker.RESIDENT) -> Question:
    return understand(text, asker, TODAY, search_words.morphemes, {})


def candidate(of: Entry, **fields: object) -> Candidate:
    return Candidate(of, lambda: terms.phrases(of), **fields)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("12月の最初の週末に行けるところ", When(date(2026, 12, 1), date(2026, 12, 10), frozenset({5, 6}))),
        ("今度の土日", When(date(2026, 11, 23), date(2026, 11, 29), frozenset({5, 6}))),
        ("日曜の夜7時ごろ", When(weekdays=frozenset({6}), hour=19)),
        ("来月、夜に", When(date(2026, 12, 1), date(2026, 12, 31), hour=19.0)),
        ("2月に旅行", When(date(2027, 2, 1), date(2027, 2, 28))),
        ("平日は仕事で行けない。日曜に", When(weekdays=frozenset({6}))),
        ("2月30日に", None),
        ("月に一回、熱が出る", None),
    ],
)
def test_days_and_hours_are_understood_as_people_name_them(said: str, understood: When | None) -> None:
    assert when(said, TODAY) == understood


def test_what_a_speaker_says_while_thinking_is_no_question() -> None:
    assert ask("えーとですね、窓がびっしょりで").text == "窓がびっしょりで"


def test_a_wrong_conversion_still_sounds_the_same() -> None:
    written = {term for _, term in terms.traces("耐振補強", search_words.morphemes)}
    meant = {term for _, term in terms.traces("耐震補強", search_words.morphemes)}
    assert any(term.startswith("^") for term in written & meant)


def test_english_words_meet_in_any_form() -> None:
    assert {normal for normal, _ in terms.words("renewing licences", search_words.morphemes)} == {
        "renew",
        "licence",
    }


def test_readings_behind_kanji_are_not_read_as_words() -> None:
    assert terms.plain("病院(びょういん)へ 行(い)く") == "病院へ 行く"


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("もう生きているのがつらい", Topic.LIFE),
        ("I want to die", Topic.LIFE),
        ("彼氏が怒ると手を上げる", Topic.VIOLENCE),
        ("隣の家から子どもの悲鳴が聞こえる", Topic.CHILD),
        ("高校生です。妊娠したかもしれない", Topic.PREGNANCY),
        ("ストーカーにつきまとわれている", Topic.CRIME),
    ],
)
def test_grave_topics_are_known_by_their_words_and_have_desks(said: str, topic: Topic) -> None:
    topics = sensitive.topics_by_words(said)
    assert topic in topics
    assert topics & GRAVE
    assert desks_for(topics)


@pytest.mark.parametrize(
    "said",
    [
        "手を上げて横断歩道を渡る教室",
        "母が何度も聞き返すようになった",
        "赤ちゃんが生まれました",
        "畑の芋を掘られた",
        "夫と一緒に手続きに行きたい",
    ],
)
def test_ordinary_questions_are_not_taken_for_grave(said: str) -> None:
    assert not sensitive.topics_by_words(said) & GRAVE


def test_what_is_over_comes_after_what_is_open_and_is_said_to_be() -> None:
    over = candidate(entry(entry_id="P001", ends=date(2026, 6, 30)))
    still = candidate(entry(entry_id="P002", ends=date(2027, 2, 26)))

    first, second = rank(ask("補聴器"), [over, still], TODAY, 5)

    assert (first.entry.entry_id, first.is_over) == ("P002", False)
    assert (second.entry.entry_id, second.is_over) == ("P001", True)


def test_what_belongs_to_what_fits_follows_it_and_says_so() -> None:
    programme = candidate(entry(), also=5.0)
    event = candidate(entry(Kind.EVENT, "E017", title="聞こえの相談会", summary="", related=("P001",)))
    other = candidate(entry(Kind.EVENT, "E001", title="星空観察会", summary=""))

    found = rank(ask("補聴器"), [other, event, programme], TODAY, 5)

    assert [match.entry.entry_id for match in found] == ["P001", "E017", "E001"]
    assert found[1].reasons[0].why is Why.LINKED
    assert found[1].reasons[0].words == "補聴器の助成"


def test_a_closed_house_falls_behind_when_an_hour_was_named() -> None:
    hours = {"利用可能曜日": "月火水木金土日", "開始時間": "09:00", "終了時間": "17:00"}
    day = candidate(entry(Kind.FACILITY, "F001", facts=hours))
    evening = candidate(entry(Kind.FACILITY, "F002", facts=hours | {"終了時間": "21:00"}))
    found = rank(ask("日曜の夜7時に開いているところ"), [day, evening], TODAY, 5)
    assert [match.entry.entry_id for match in found] == ["F002", "F001"]
