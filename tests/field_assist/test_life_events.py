"""What is to be seen to after an event, in the order in which one can be late."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from field_assist.concierge.entries import Entry, Kind, Source
from field_assist.concierge.life_events import Errand, LifeEvent, Window, errands, order
from field_assist.concierge.shelf import Shelf, shelved

TODAY = date(2026, 11, 27)
SOURCE = Source("あまね県あまね市", "992011", "CC BY 4.0", datetime(2026, 11, 27, tzinfo=UTC), None)
BORN_WITHIN_A_YEAR = '{"all": ["born_on within 12 months"]}'


def programme(entry_id: str, *events: str, rule: str = "", text: str = "", ends: date | None = None) -> Entry:
    facts = {"x_対象条件": rule, "内容": text}
    return Entry(Kind.PROGRAMME, entry_id, SOURCE, entry_id, life_events=events, facts=facts, ends=ends)


def test_a_birth_brings_first_what_is_soon_too_late() -> None:
    # As the demo's lists have them.
    born = "妊娠・出産"
    shelf = Shelf(
        tuple(
            shelved(
                [
                    programme("P001", born, "子育て"),
                    programme("P002", born, rule='{"all": [], "by": ["born_or_moved_on within 15 days"]}'),
                    programme("P003", born, rule=BORN_WITHIN_A_YEAR, text="妊娠届出時に5万円を支給します。"),
                    programme("P004", born, rule=BORN_WITHIN_A_YEAR),
                    programme("P012", born, rule='{"all": ["treatment_ended_on within 6 months"]}'),
                    programme("P026", "病気・障害", born),
                    programme("P044", "災害"),
                ]
            )
        )
    )

    found = [item.key.entry_id for item in shelf.checklist(LifeEvent.BIRTH, "", TODAY)]

    assert found == ["P002", "P003", "P001", "P026", "P004", "P012"]


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("転入した日から１４日以内に届け出てください。", Window(14, "days")),
        ("産後1年以内の母親", Window(12, "months")),
        ("災害がやんだ日から2か月以内に申請", Window(2, "months")),
        ("2週間以内に", Window(14, "days")),
        ("4日から14日以内、ただし1年以内", Window(14, "days")),
        ("7日前までに申請してください。", None),
        ("延長は2回、最長9か月です。", None),
    ],
)
def test_without_a_rule_its_text_says_how_long(text: str, window: Window | None) -> None:
    found = errands(programme("P1", "引越し", text=text))
    assert found == {LifeEvent.MOVING: Errand(window, window is not None, False, 0)}


def test_a_rule_that_cannot_be_read_is_none() -> None:
    found = errands(programme("P1", "災害", rule="{nonsense", text="14日以内"))
    assert found[LifeEvent.DISASTER].window == Window(14, "days")


def test_a_closing_date_counts_like_days_of_ones_own() -> None:
    week = Errand(Window(7, "days"), True, False, 0)
    year = Errand(Window(12, "months"), True, False, 0)
    none = Errand(None, False, False, 0)
    by_when = [
        order(week, None, TODAY),
        order(year, date(2026, 12, 10), TODAY),
        order(none, date(2026, 12, 25), TODAY),
        order(none, None, TODAY),
        order(none, date(2027, 3, 31), TODAY),
        order(year, None, TODAY),
    ]
    assert by_when == sorted(by_when)


def test_what_is_over_and_what_is_elsewhere_is_no_errand() -> None:
    other = Source("あまね県つづら川市", "992020", "CC BY 4.0", SOURCE.fetched_at, None)
    entries = [
        programme("P1", "災害", ends=date(2026, 11, 26)),
        programme("P2", "災害", ends=date(2026, 11, 27)),
        Entry(Kind.PROGRAMME, "P3", other, "P3", life_events=("災害",)),
        Entry(Kind.EVENT, "E1", SOURCE, "E1", life_events=("災害",)),
    ]
    found = Shelf(tuple(shelved(entries))).checklist(LifeEvent.DISASTER, "あまね市", TODAY)
    assert [item.key.entry_id for item in found] == ["P2"]
