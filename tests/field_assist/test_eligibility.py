"""Eligibility: three-valued, asked one thing at a time, never a promise."""

import json
from datetime import date
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist.concierge.circumstances import CIRCUMSTANCES, AnswerUnfit, Shape, Value, fitting
from field_assist.concierge.eligibility import Answers, RuleBroken, Verdict, judge, read

TODAY = date(2026, 11, 27)
HEARING_AID = read(
    '{"all": ["lives_here", "age >= 65", "hearing_loss", "not bought_already"], "desk": ["doctor"]}'
)


def test_asks_one_thing_at_a_time_in_the_order_of_the_rule() -> None:
    answers: dict[str, Value | None] = {}
    asked = []
    for answer in (True, 70, True, False):
        ask = judge(HEARING_AID, answers, TODAY).ask
        assert ask is not None
        asked.append(ask.name)
        answers[ask.name] = answer

    outcome = judge(HEARING_AID, answers, TODAY)

    assert asked == ["lives_here", "age", "hearing_loss", "bought_already"]
    assert (outcome.verdict, outcome.ask) == (Verdict.LIKELY, None)


def test_one_condition_that_fails_ends_the_questions() -> None:
    outcome = judge(HEARING_AID, {"lives_here": True, "age": 64}, TODAY)

    assert (outcome.verdict, outcome.ask) == (Verdict.UNLIKELY, None)
    assert [(one.condition.about.name, one.holds) for one in outcome.findings if one.holds is False] == [
        ("age", False)
    ]


def test_what_somebody_does_not_know_is_not_asked_again_and_stays_to_be_confirmed() -> None:
    outcome = judge(
        HEARING_AID, {"lives_here": True, "age": 70, "hearing_loss": None, "bought_already": False}, TODAY
    )

    assert (outcome.verdict, outcome.ask) == (Verdict.UNSURE, None)
    assert [one.condition.about.name for one in outcome.findings if one.holds is None] == ["hearing_loss"]


def test_of_alternatives_one_is_enough_and_the_others_are_not_asked() -> None:
    rule = read('{"all": [{"any": ["tax_exempt", "income_fell"]}, "lives_here"]}')

    outcome = judge(rule, {"tax_exempt": True}, TODAY)

    assert outcome.ask is CIRCUMSTANCES["lives_here"]
    assert [one.condition.about.name for one in outcome.findings] == ["tax_exempt", "lives_here"]


@pytest.mark.parametrize(
    ("bought_on", "today", "verdict", "until"),
    [
        (date(2026, 8, 31), date(2027, 2, 28), Verdict.LIKELY, date(2027, 2, 28)),  # no 31 February
        (date(2026, 8, 31), date(2027, 3, 1), Verdict.UNLIKELY, date(2027, 2, 28)),
        (date(2027, 8, 29), date(2028, 2, 29), Verdict.LIKELY, date(2028, 2, 29)),  # a leap day
        (date(2026, 12, 1), date(2026, 11, 27), Verdict.UNSURE, date(2027, 6, 1)),  # not bought yet
    ],
)
def test_a_distance_in_months_ends_on_the_last_day_there_is(
    bought_on: date, today: date, verdict: Verdict, until: date
) -> None:
    outcome = judge(read('{"all": ["bought_on within 6 months"]}'), {"bought_on": bought_on}, today)

    assert (outcome.verdict, outcome.deadlines) == (verdict, (until,))


def test_a_day_until_which_to_apply_decides_nothing() -> None:
    rule = read('{"all": ["lives_here"], "by": ["moved_on within 15 days"]}')

    before = judge(rule, {"lives_here": True}, TODAY)
    after = judge(rule, {"lives_here": True, "moved_on": date(2026, 11, 1)}, TODAY)

    assert (before.verdict, before.ask) == (Verdict.LIKELY, CIRCUMSTANCES["moved_on"])
    assert (after.verdict, after.deadlines, after.ask) == (Verdict.LIKELY, (date(2026, 11, 16),), None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"all": "lives_here"}',
        '{"all": ["rich"]}',
        '{"all": ["age"]}',
        '{"all": ["lives_here >= 3"]}',
        '{"all": ["care_level is royal"]}',
        '{"all": [{"any": ["lives_here"], "all": []}]}',
        '{"all": [{"none": []}]}',
        '{"desk": ["weather"]}',
        '{"by": ["moved_on past 15 days"]}',
        '{"or": []}',
        '{"all": [' + '{"any": [' * 6 + '"lives_here"' + "]}" * 6 + "]}",
        "[" * 3_000,
    ],
)
def test_a_rule_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken):
        read(text)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("lives_here", 1),
        ("age", True),
        ("age", -1),
        ("age", 100_000),
        ("care_level", "royal"),
        ("moved_on", "2026-02-30"),
        ("moved_on", "1850-01-01"),
        ("weather", True),
    ],
)
def test_an_answer_that_its_question_does_not_take_is_refused(name: str, answer: Value) -> None:
    with pytest.raises(AnswerUnfit):
        fitting(name, answer)


_FACTS = ["lives_here", "tax_exempt", "age", "care_level", "moved_on"]
_LEAVES = st.sampled_from(
    [
        "lives_here",
        "not tax_exempt",
        "age >= 65",
        "age <= 18",
        "care_level is support|care_1_2",
        "moved_on within 1 months",
    ]
)
_NODES = st.recursive(
    _LEAVES,
    lambda inside: st.one_of(
        st.lists(inside, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inside, max_size=3).map(lambda parts: {"any": parts}),
    ),
    max_leaves=6,
)


def _value(name: str) -> st.SearchStrategy[Value | None]:
    known = CIRCUMSTANCES[name]
    shapes: dict[Shape, st.SearchStrategy[Value | None]] = {
        Shape.YES_NO: st.booleans(),
        Shape.NUMBER: st.sampled_from([0, 18, 40, 65]),
        Shape.CHOICE: st.sampled_from(known.choices) if known.choices else st.nothing(),
        Shape.DAY: st.sampled_from([date(2026, 11, 1), date(2026, 1, 1), date(2027, 1, 1)]),
    }
    return st.none() | shapes[known.shape]


@given(st.lists(_NODES, max_size=3), st.fixed_dictionaries({name: _value(name) for name in _FACTS}))
def test_the_questions_end_and_no_answer_turns_a_verdict_round(parts: list[object], truth: Answers) -> None:
    text = json.dumps({"all": parts})
    try:
        rule = read(text)
    except RuleBroken:  # nested deeper than rules may be
        return
    answers: dict[str, Value | None] = {}
    for step in count():
        outcome = judge(rule, answers, TODAY)
        if outcome.ask is None:
            break
        assert outcome.verdict is Verdict.UNSURE
        assert outcome.ask.name not in answers
        assert step < len(_FACTS)
        answers[outcome.ask.name] = truth[outcome.ask.name]

    assert judge(rule, truth, TODAY).verdict is outcome.verdict
