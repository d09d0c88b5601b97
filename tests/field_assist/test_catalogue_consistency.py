"""What cannot all be true of the lists together is found, and what can is left alone."""

from __future__ import annotations

from datetime import date

import pytest

from field_assist.concierge.consistency import Clash, Consistency
from field_assist.concierge.entries import Kind
from field_assist.concierge.lists import Row

TODAY = date(2026, 11, 27)
POOL = {"名称": "県立総合プール", "利用可能曜日": "火水木金土日", "利用可能時間特記事項": "月曜休館"}
RACE = {"イベント名": "水泳大会", "開始日": "2026-12-05", "x_施設ID": "F1", "場所名称": "県立総合プール"}
REPAIR = {
    "工事名": "ろ過設備更新",
    "路線名": "県立総合プール",
    "規制種別": "休館",
    "規制開始日": "2026-11-04",
    "規制終了日": "2026-12-11",
}
ROAD = {
    "工事名": "橋の補強",
    "路線名": "県道12号(川辺線)",
    "規制種別": "全面通行止め",
    "規制開始日": "2026-12-01",
    "規制終了日": "2026-12-20",
}
DETOUR = {
    "工事名": "下水道",
    "路線名": "川辺幹線",
    "規制種別": "片側交互通行",
    "規制開始日": "2026-12-10",
    "規制終了日": "2026-12-25",
    "迂回路": "県道12号、またはみどり橋",
}


def clashes(*records: tuple[Kind, str, dict[str, str]]) -> list[tuple[Clash, str, str | None]]:
    noted = Consistency()
    for kind, entry_id, facts in records:
        noted.note(kind, Row("990001", entry_id, facts))
    return [
        (one.clash, one.who.entry_id, one.other and one.other.entry_id) for one in noted.contradictions(TODAY)
    ]


def pool(event: dict[str, str], *, facility: dict[str, str] = POOL) -> list[tuple[Clash, str, str | None]]:
    return clashes((Kind.EVENT, "E1", event), (Kind.WORK, "W1", REPAIR), (Kind.FACILITY, "F1", facility))


def test_an_event_in_a_closed_pool_is_found() -> None:
    assert pool(RACE) == [(Clash.EVENT_WHILE_CLOSED, "E1", "W1")]
    assert pool({**RACE, "開始日": "2026-12-12"}) == []


def test_an_event_on_a_weekday_when_its_place_is_closed_is_found() -> None:
    assert pool({**RACE, "開始日": "2026-12-14"}) == [(Clash.EVENT_ON_CLOSED_DAY, "E1", "F1")]
    assert pool({**RACE, "開始日": "2026-12-14", "終了日": "2026-12-15"}) == []


@pytest.mark.parametrize(
    ("words", "is_open"),
    [("4月〜11月のみ", False), ("11～3月のみ", True), ("冬季は夜間利用なし", True), ("10月-12月のみ", True)],
)
def test_an_event_out_of_its_places_season_is_found(words: str, is_open: bool) -> None:
    camp = {**POOL, "利用可能時間特記事項": words}
    found = pool({**RACE, "開始日": "2026-12-26"}, facility=camp)

    assert found == ([] if is_open else [(Clash.EVENT_OUT_OF_SEASON, "E1", "F1")])


def test_a_detour_over_a_closed_road_is_found_and_one_over_a_narrowed_road_said_apart() -> None:
    closed = clashes((Kind.WORK, "W1", ROAD), (Kind.WORK, "W2", DETOUR))
    narrowed = clashes((Kind.WORK, "W1", {**ROAD, "規制種別": "車線減少"}), (Kind.WORK, "W2", DETOUR))
    later = clashes((Kind.WORK, "W1", {**ROAD, "規制終了日": "2026-12-09"}), (Kind.WORK, "W2", DETOUR))
    other = clashes((Kind.WORK, "W1", {**ROAD, "路線名": "県道120号"}), (Kind.WORK, "W2", DETOUR))

    assert closed == [(Clash.DETOUR_CLOSED, "W2", "W1")]
    assert narrowed == [(Clash.DETOUR_NARROWED, "W2", "W1")]
    assert (later, other) == ([], [])


def test_ids_that_lead_nowhere_are_found() -> None:
    event = {**RACE, "x_施設ID": "F9", "x_関連制度ID": "P1;P2"}
    found = clashes((Kind.EVENT, "E1", event), (Kind.PROGRAMME, "P2", {"タイトル（制度名）": "補助"}))

    assert found == [(Clash.NO_SUCH_FACILITY, "E1", None), (Clash.NO_SUCH_ENTRY, "E1", None)]


def test_a_facility_that_is_called_otherwise_is_found() -> None:
    assert pool({**RACE, "開始日": "2026-12-12", "場所名称": "市民プール"}) == [
        (Clash.OTHER_NAME, "E1", "F1")
    ]


def test_what_is_over_and_a_deadline_after_the_end_are_found() -> None:
    past = clashes((Kind.EVENT, "E1", {"イベント名": "祭り", "開始日": "2026-11-26"}))
    today = clashes((Kind.EVENT, "E1", {"イベント名": "祭り", "開始日": "2026-11-27"}))
    late = {"イベント名": "講座", "開始日": "2026-12-01", "参加申込終了日": "2026-12-02"}

    assert (past, today) == ([(Clash.PAST, "E1", None)], [])
    assert clashes((Kind.EVENT, "E1", late)) == [(Clash.DEADLINE_AFTER, "E1", None)]
