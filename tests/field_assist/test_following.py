"""What residents follow, matched with what the catalogue says: never without a reason and a source."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist.concierge.entries import Entry, Kind, Source
from field_assist.concierge.following import (
    Change,
    Draft,
    FieldChange,
    Follow,
    Topic,
    Unfounded,
    draft,
    entry_key,
    licence_draft,
    metres_between,
    nearest,
    series_of,
)
from field_assist.concierge.notice_plan import Urgency

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
PREFECTURE = Source("あまね県", "990001", "CC BY 4.0", NOW, date(2026, 11, 20))
CITY = replace(PREFECTURE, owner="あまね市", owner_code="992011")

BRIDGE = Entry(
    Kind.WORK,
    "W001",
    PREFECTURE,
    "県道12号 川辺橋 耐震補強工事",
    summary="橋の脚を太くして地震に強くします。",
    ends=date(2027, 3, 19),
    latitude=33.481,
    longitude=136.647,
    contact="東部土木事務所",
    phone="000-000-1900",
    facts={"生活への影響": "バス停「川辺橋西」を50m移設"},
)
HEARING = Entry(Kind.EVENT, "E017", CITY, "聞こえの相談会", starts=date(2027, 1, 14), ends=date(2027, 1, 14))
BUILDERS = Entry(
    Kind.LICENCE,
    "L003",
    PREFECTURE,
    "建設業許可(知事)",
    contact="建設業課",
    facts={
        "受付開始": "満了の3か月前(県運用)",
        "受付終了": "満了の30日前",
        "通知タイミング_期限前日数": "180;120;90;45;30",
        "更新・届出の要件": "毎事業年度の決算変更届がそろっていること",
        "根拠法令": "建設業法",
    },
)
HOME = Follow(Topic.WORKS, label="川辺", latitude=33.4815, longitude=136.6475, radius_m=1000)
HOLDER = Follow(Topic.LICENCE, entry_key(BUILDERS), "建設業許可", expires_on=date(2027, 3, 31))
SHORTER = Change(BRIDGE, NOW, fields=(FieldChange("規制終了時間", "17:00", "16:00"),))


def test_a_changed_regulation_near_home_is_told_soon_with_its_reason() -> None:
    made = draft(HOME, SHORTER, "ja")

    assert made is not None and made.urgency is Urgency.SOON
    assert made.told.title == "近所の工事の予定が変わります：県道12号 川辺橋 耐震補強工事"
    assert made.told.lines == (
        "規制終了時間：17:00 → 16:00",
        "橋の脚を太くして地震に強くします。",
        "バス停「川辺橋西」を50m移設",
    )
    assert made.told.reason == "「川辺から1km以内の工事」を登録しているため"
    assert (made.contact, made.phone, made.source.owner) == ("東部土木事務所", "000-000-1900", "あまね県")


def test_works_elsewhere_and_progress_do_not_disturb() -> None:
    away = replace(HOME, latitude=33.6)
    progress = Change(BRIDGE, NOW, fields=(FieldChange("進捗率", "62", "70"),))
    nothing = Change(
        BRIDGE, NOW, fields=(FieldChange("最終更新日", "a", "b"), FieldChange("x_確度", "", "a"))
    )

    assert draft(away, SHORTER, "ja") is None
    told = draft(HOME, progress, "ja")
    assert told is not None and told.urgency is Urgency.DIGEST
    assert draft(HOME, nothing, "ja") is None


def test_what_is_over_is_not_told() -> None:
    over = replace(BRIDGE, ends=date(2026, 11, 26))

    assert draft(HOME, replace(SHORTER, entry=over), "ja") is None


@pytest.mark.parametrize("kind", [Kind.DOCUMENT, Kind.DECISION])
def test_what_is_for_staff_never_reaches_a_resident(kind: Kind) -> None:
    entry = replace(BRIDGE, kind=kind, categories=("道路",))

    assert draft(Follow(Topic.CATEGORY, "道路"), Change(entry, NOW, is_new=True), "ja") is None
    assert draft(Follow(Topic.ENTRY, entry_key(entry)), replace(SHORTER, entry=entry), "ja") is None


def test_without_a_reason_or_a_source_there_is_no_notice() -> None:
    made = draft(HOME, SHORTER, "ja")
    assert made is not None

    with pytest.raises(Unfounded):
        replace(made, source=replace(PREFECTURE, owner=" "))
    with pytest.raises(Unfounded):
        replace(made, told=replace(made.told, reason=""))
    assert draft(HOME, replace(SHORTER, entry=replace(BRIDGE, source=replace(CITY, owner=""))), "ja") is None


def test_the_next_event_of_a_series_is_told_and_one_of_another_owner_is_not() -> None:
    follow = Follow(Topic.SERIES, entry_key(HEARING), "第3回 聞こえの相談会（秋期）")
    next_one = replace(HEARING, entry_id="E101", title="聞こえの相談会", starts=date(2027, 4, 8), ends=None)
    other = replace(next_one, title="介護者のつどい")
    moved = Change(HEARING, NOW, fields=(FieldChange("開始日", "2026-10-14", "2027-01-14"),))

    told = draft(follow, Change(next_one, NOW, is_new=True), "ja")
    assert told is not None and told.told.title == "次の催しがあります：聞こえの相談会"
    assert told.told.lines[0] == "日にち：2027年4月8日（木）"
    assert draft(follow, Change(other, NOW, is_new=True), "ja") is None
    assert draft(follow, Change(replace(next_one, source=PREFECTURE), NOW, is_new=True), "ja") is None
    assert draft(follow, moved, "ja") is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第12回 聞こえの相談会", "聞こえの相談会（第13回）"),
        ("宅地建物取引士 法定講習(1月期)", "宅地建物取引士 法定講習(7月期)"),
        ("令和8年度 星空観察会", "２０２７年度星空観察会"),
        ("合同企業説明会 冬の陣", "合同企業説明会 春の陣"),
    ],
)
def test_editions_of_one_event_are_one_series(one: str, other: str) -> None:
    assert series_of(one) == series_of(other) != ""


def test_a_category_is_followed_in_a_municipality_or_everywhere() -> None:
    new = Change(replace(HEARING, categories=("健康",)), NOW, is_new=True)
    of_prefecture = Change(replace(new.entry, source=PREFECTURE), NOW, is_new=True)

    assert draft(Follow(Topic.CATEGORY, "健康", area="992011"), new, "ja") is not None
    assert draft(Follow(Topic.CATEGORY, "健康", area="992029"), new, "ja") is None
    assert draft(Follow(Topic.CATEGORY, "健康", area="992029"), of_prefecture, "ja") is not None
    assert draft(Follow(Topic.CATEGORY, "福祉"), new, "ja") is None


def test_one_change_is_told_once_for_the_nearest_reason() -> None:
    entry = replace(BRIDGE, categories=("道路",))
    follows = {
        "a": Follow(Topic.CATEGORY, "道路"),
        "b": Follow(Topic.ENTRY, entry_key(entry), "川辺橋"),
        "c": HOME,
    }

    found = nearest(follows, replace(SHORTER, entry=entry), "ja")

    assert found is not None and (found[0], found[1].topic) == ("c", Topic.WORKS)


def test_a_licence_is_told_step_by_step_in_the_words_of_its_stage() -> None:
    early = licence_draft(HOLDER, BUILDERS, NOW, "ja")
    last = licence_draft(HOLDER, BUILDERS, datetime(2027, 2, 22, 1, tzinfo=UTC), "ja")

    assert early is not None and last is not None
    assert early.told.title == "建設業許可(知事)の期限が近づいています"
    assert early.told.lines[:2] == (
        "満了日：2027年3月31日（水）",
        "申請できる日：2027年1月4日（月）から 2027年3月1日（月）まで",
    )
    assert early.told.reason == "「建設業許可（2027年3月31日（水））」の期限を登録しているため"
    assert last.told.title == "建設業許可(知事)：申請の期限がもうすぐです"
    assert (early.change, last.change) == ("2027-03-31/180", "2027-03-31/last")
    assert last.rank < early.rank


def test_holders_hear_of_a_change_of_the_law_once_with_its_basis() -> None:
    change = Change(BUILDERS, NOW, fields=(FieldChange("注意喚起・制度改正", "", "労務費の基準"),))

    made = draft(HOLDER, change, "ja")

    assert made is not None
    assert made.told.lines[:2] == (
        "注意喚起・制度改正：— → 労務費の基準",
        "もとになる法令：建設業法",
    )


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        (
            {"x_改正施行日": "2027-04-01", "x_改正の根拠": "国土交通省令第12号"},
            "いつから：2027年4月1日（木）",
        ),
        (
            {"注意喚起・制度改正": "標識の様式が変わります（令和9年4月1日施行）"},
            "いつから：2027年4月1日（木）",
        ),
        ({"注意喚起・制度改正": "令和9年4月1日から書式が変わります"}, "いつから：2027年4月1日（木）"),
        ({"注意喚起・制度改正": "令和8年4月1日に始まった制度です"}, ""),
    ],
)
def test_a_change_of_the_law_says_from_when_and_where_that_is_written(
    facts: dict[str, str], line: str
) -> None:
    entry = replace(BUILDERS, facts={**BUILDERS.facts, **facts})
    change = Change(entry, NOW, fields=(FieldChange("注意喚起・制度改正", "", "x"),))

    made = draft(HOLDER, change, "ja")

    assert made is not None and made.urgency is Urgency.DIGEST
    assert [each for each in made.told.lines if each.startswith("いつから")] == ([line] if line else [])
    assert ("もとになる法令：建設業法、国土交通省令第12号" in made.told.lines) == ("x_改正の根拠" in facts)
    near = replace(entry, facts={**entry.facts, "x_改正施行日": "2026-12-01"})
    hurried = draft(HOLDER, replace(change, entry=near), "ja")
    assert hurried is not None and hurried.urgency is Urgency.SOON


def test_holders_hear_of_a_course_that_names_their_licence_and_of_no_other() -> None:
    course = replace(HEARING, title="決算変更届の書き方講習", related=("L003",), source=PREFECTURE)

    made = draft(HOLDER, Change(course, NOW, is_new=True), "ja")

    assert made is not None and made.topic is Topic.LICENCE
    assert made.told.title == "資格・免許の講習・催しがあります：決算変更届の書き方講習"
    assert draft(HOLDER, Change(replace(course, source=CITY), NOW, is_new=True), "ja") is not None
    assert draft(HOLDER, Change(replace(course, related=("L004",)), NOW, is_new=True), "ja") is None
    of_city = replace(HOLDER, key="licence/992011/L003")
    assert draft(of_city, Change(replace(course, source=PREFECTURE), NOW, is_new=True), "ja") is None


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_every_kind_of_notice_has_words_in_every_language(language: str) -> None:
    made = [
        draft(HOME, Change(BRIDGE, NOW, is_new=True), language),
        draft(HOME, SHORTER, language),
        draft(HOME, Change(BRIDGE, NOW, fields=(FieldChange("進捗率", "62", "70"),)), language),
        draft(Follow(Topic.ENTRY, entry_key(BRIDGE), "川辺橋"), SHORTER, language),
        draft(HOLDER, Change(BUILDERS, NOW, fields=(FieldChange("注意喚起・制度改正", "", "x"),)), language),
        licence_draft(HOLDER, BUILDERS, NOW, language),
        licence_draft(HOLDER, BUILDERS, datetime(2027, 3, 5, tzinfo=UTC), language),
        licence_draft(HOLDER, BUILDERS, datetime(2027, 4, 5, tzinfo=UTC), language),
    ]

    for each in made:
        assert isinstance(each, Draft) and each.told.title and each.told.reason
        assert "{" not in " ".join((each.told.title, *each.told.lines, each.told.reason))


@given(st.tuples(st.floats(24, 46), st.floats(123, 146)), st.tuples(st.floats(24, 46), st.floats(123, 146)))
def test_distances_are_the_same_both_ways(one: tuple[float, float], other: tuple[float, float]) -> None:
    there, back = metres_between(one, other), metres_between(other, one)

    assert there == pytest.approx(back) and 0 <= there < 4_000_000
    assert metres_between(one, one) == 0
