"""Lists of municipalities as they come: every way they are written, every repair, and the right complaint."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist.concierge import cells
from field_assist.concierge.entries import Entry, Kind
from field_assist.concierge.lists import ListReader, Origin
from field_assist.concierge.remarks import SHOWN_PLACES, Remark, Remarks, Weight, weight

ORIGIN = Origin("あまね県", "CC BY 4.0", datetime(2026, 11, 27, tzinfo=UTC), "990001")
EVENT_HEADINGS = (
    "全国地方公共団体コード,ID,地方公共団体名,イベント名,開始日,終了日,開始時間,終了時間,料金(基本),緯度,経度,URL,"
    "x_施設ID,x_こんなとき,x_英語名"
).split(",")
EVENT = (
    "992011,E1,あまね市,星空観察会,2026-12-26,2026-12-27,18:00,20:00,300円,33.505,136.596,https://a.example/e1,"
    "F022,星を見たい;子どもと夜に出かけたい,Stargazing"
).split(",")


def table(*rows: Sequence[str], headings: Sequence[str] = EVENT_HEADINGS, encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode(encoding)


def event(**changes: str) -> list[str]:
    found = dict(zip(EVENT_HEADINGS, EVENT, strict=True))
    found.update({name.replace("料金", "料金(基本)"): value for name, value in changes.items()})
    return [found[name] for name in EVENT_HEADINGS]


def read(content: bytes) -> tuple[list[Entry], Remarks]:
    reader = ListReader(content, ORIGIN)
    return list(reader), reader.remarks


def noticed(remarks: Remarks) -> list[tuple[Remark, str, int]]:
    return [(found.remark, found.column, found.count) for found in remarks]


def test_an_event_is_read_by_its_headings() -> None:
    (found,), remarks = read(table(EVENT))

    assert noticed(remarks) == []
    assert (found.kind, found.entry_id, found.title, found.title_en) == (
        Kind.EVENT,
        "E1",
        "星空観察会",
        "Stargazing",
    )
    assert (found.source.owner, found.source.owner_code, found.source.licence) == (
        "あまね市",
        "992011",
        "CC BY 4.0",
    )
    assert (found.starts, found.ends) == (date(2026, 12, 26), date(2026, 12, 27))
    assert found.needs == ("星を見たい", "子どもと夜に出かけたい")
    assert found.related == ("F022",)
    assert found.facts["料金(基本)"] == "300円"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be"])
@given(
    order=st.permutations(range(len(EVENT_HEADINGS))),
    blank=st.integers(0, 3),
    is_wide=st.booleans(),
)
def test_the_same_list_in_other_clothes_is_the_same_list(
    encoding: str, order: list[int], blank: int, is_wide: bool
) -> None:
    headings = [EVENT_HEADINGS[at] for at in order] + [""] * blank
    if is_wide:
        headings = [name.replace("(", "（ ").replace(")", "）").replace("ID", "ＩＤ") for name in headings]
    row = [EVENT[at] for at in order] + [""] * blank

    found, remarks = read(table(row, headings=headings, encoding=encoding))

    assert found == read(table(EVENT))[0]
    assert remarks.fault_count == 0
    is_other = not encoding.startswith("utf-8")
    assert noticed(remarks) == ([(Remark.ENCODING, "", 1)] if is_other else [])


@given(st.integers(0, 99_999))
def test_a_lost_zero_of_a_code_is_put_back_only_where_the_check_digit_proves_it(number: int) -> None:
    five = f"{number:05}"
    whole = five + cells.check_digit(five)
    lost = str(int(whole))

    assert cells.code(whole) == (whole, None)
    if len(lost) == 5:
        assert cells.code(lost) == (whole, Remark.LOST_ZERO)
    wrong = whole[:5] + str((int(whole[5]) + 1) % 10)
    assert cells.code(wrong) == (None, Remark.BAD_CODE)
    assert cells.code(wrong.lstrip("0") or "0")[0] is None


@pytest.mark.parametrize("code", ["990001", "992011", "092011", "261009"])
def test_real_codes_prove_themselves(code: str) -> None:
    assert cells.code(code) == (code, None)


@given(st.floats(20.5, 45.9), st.floats(122.1, 154.4))
def test_exchanged_coordinates_are_put_right_and_right_ones_left_alone(north: float, east: float) -> None:
    assert cells.place(str(north), str(east)) == ((north, east), None)
    assert cells.place(str(east), str(north)) == ((north, east), Remark.SWAPPED)


@pytest.mark.parametrize(
    ("latitude", "longitude", "remark"),
    [
        ("0", "0", Remark.BAD_PLACE),
        ("nan", "136.6", Remark.BAD_PLACE),
        ("inf", "136.6", Remark.BAD_PLACE),
        ("不明", "136.6", Remark.BAD_PLACE),
        ("33.5", "", Remark.HALF_PLACE),
        ("48.85", "2.35", Remark.BAD_PLACE),
    ],
)
def test_a_place_that_is_none_is_left_out(latitude: str, longitude: str, remark: Remark) -> None:
    (found,), remarks = read(table(event(緯度=latitude, 経度=longitude)))

    assert (found.latitude, found.longitude) == (None, None)
    assert noticed(remarks) == [(remark, "緯度", 1)]
    assert remarks.fault_count == 0


def test_degrees_minutes_and_seconds_are_understood() -> None:
    assert cells.place("33°30'18\"", "136度35分45.6秒") == ((33.505, 136.596), None)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_a_day_is_the_same_however_it_is_written(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert cells.day(day.isoformat()) == (day, None)
    assert cells.day(str(serial)) == (day, Remark.SERIAL_DATE)
    rewritten = [
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}. {day.month}. {day.day}",
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day} 0:00",
        f"{day.year}年{day.month}月{day.day}日(土)",
    ]
    if day >= date(2019, 5, 1):
        year = "元" if day.year == 2019 else str(day.year - 2018)
        rewritten += [f"令和{year}年{day.month}月{day.day}日", f"Ｒ{year}．{day.month}．{day.day}"]
    for text in rewritten:
        assert cells.day(text) == (day, Remark.REWRITTEN_DATE), text


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "26/12/1", "1234567", "99999", "12月1日"])
def test_a_day_that_is_none_is_a_fault(text: str) -> None:
    assert cells.day(text) == (None, Remark.BAD_DATE)


def test_words_in_place_of_a_day_are_kept_as_words() -> None:
    programme = "ID,タイトル（制度名）,受付終了日\nP1,補助,予算がなくなり次第\n".encode()
    (found,), remarks = read(programme)

    assert (found.ends, found.facts["受付終了日"]) == (None, "予算がなくなり次第")
    assert noticed(remarks) == [(Remark.WORDS_FOR_DATE, "受付終了日", 1)]


@given(st.integers(0, 1440))
def test_a_time_of_day_is_the_same_however_it_is_written(minutes: int) -> None:
    hour, minute = divmod(minutes, 60)
    standard = f"{hour:02}:{minute:02}"
    assert cells.time(standard) == (standard, None)
    for text in (f"{hour:02}：{minute:02}", f"{hour}時{minute}分", f"{hour:02}:{minute:02}:00"):
        assert cells.time(text) == (standard, Remark.REWRITTEN_TIME), text
    if 0 < minutes < 1440:
        assert cells.time(str(minutes / 1440))[0] == standard


def test_midnight_ends_a_day_and_begins_the_next() -> None:
    (found,), remarks = read(table(event(開始時間="24:00", 終了時間="24:00", 終了日="2026-12-28")))

    assert (found.starts, found.facts["開始日"], found.facts["開始時間"]) == (
        date(2026, 12, 27),
        "2026-12-27",
        "00:00",
    )
    assert found.facts["終了時間"] == "24:00"
    assert noticed(remarks) == [(Remark.MIDNIGHT, "開始時間", 1)]
    assert cells.time("午後1時半") == ("13:30", Remark.REWRITTEN_TIME)
    assert cells.time("25:30") == ("25:30", Remark.LATE_HOURS)
    assert cells.time("日の出") == (None, None)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (event(全国地方公共団体コード="992012"), (Remark.BAD_CODE, "全国地方公共団体コード", 1)),
        (event(ID=""), (Remark.EMPTY, "ID", 1)),
        (event(イベント名=""), (Remark.EMPTY, "イベント名", 1)),
        (event(開始日="2026-02-30"), (Remark.BAD_DATE, "開始日", 1)),
        (event(終了日="2026-12-01"), (Remark.ENDS_BEFORE, "終了日", 1)),
        (event(終了時間="31:00"), (Remark.BAD_TIME, "終了時間", 1)),
        (event(イベント名="ほし\x07"), (Remark.LOST_CHARACTERS, "イベント名", 1)),
        (event(イベント名="ほ\ufffdし"), (Remark.LOST_CHARACTERS, "イベント名", 1)),
        (event(イベント名="ほし\u202e"), (Remark.LOST_CHARACTERS, "イベント名", 1)),
        (event(イベント名="長" * 301), (Remark.TOO_LONG, "イベント名", 1)),
        ([*EVENT, "あふれた"], (Remark.TOO_MANY_CELLS, "", 1)),
    ],
)
def test_a_row_that_cannot_be_right_keeps_the_list_out_and_says_where(
    row: list[str], found: tuple[Remark, str, int]
) -> None:
    _, remarks = read(table(event(ID="E0"), row))

    assert noticed(remarks) == [found]
    assert remarks.fault_count == 1
    assert next(iter(remarks)).places[0].line == 3


def test_an_id_stands_once_for_each_owner() -> None:
    _, remarks = read(table(EVENT, event(ID="Ｅ１"), event(全国地方公共団体コード="992020")))

    assert noticed(remarks) == [(Remark.REPEATED, "ID", 1)]


@pytest.mark.parametrize(
    ("content", "remark"),
    [
        (b"\xff\xff\xff\x81", Remark.NOT_TEXT),
        (b"", Remark.NOT_A_LIST),
        ("氏名,電話\n山田,1\n".encode(), Remark.NOT_A_LIST),
        ("施設名称,営業の種類,許可満了日\nラーメン山田,飲食店,2027-01-01\n".encode(), Remark.PERSONAL),
        (table(), Remark.NO_ROWS),
        ("イベント名,開始日\nあ,2026-12-01\n".encode(), Remark.EMPTY),
        (('ID,イベント名\nE1,"' + "あ" * 200_000).encode(), Remark.NEVER_ENDS),
    ],
)
def test_what_is_no_list_says_so(content: bytes, remark: Remark) -> None:
    found, remarks = read(content)

    assert found == []
    assert remark in [one.remark for one in remarks]
    assert weight(remark) is Weight.FAULT


def test_headings_below_a_title_and_above_blank_lines_are_found() -> None:
    content = "令和8年度 イベント一覧,,\n,,\nID,イベント名,開始日\nE1,まつり,2026-12-01\n,,\n".encode()
    (found,), remarks = read(content)

    assert found.title == "まつり"
    assert noticed(remarks) == [(Remark.HEADINGS_LOWER, "", 1)]


def test_the_older_headings_of_events_are_known() -> None:
    content = (
        "都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,イベント名,イベント名_英語,開始日,料金（基本）,住所\n"
        "992011,7,あまね県,あまね市,朝市,Market,2026/12/13,無料,港1-1\n"
    ).encode("cp932")
    (found,), _ = read(content)

    assert (found.entry_id, found.source.owner, found.title_en) == ("7", "あまね県あまね市", "Market")
    assert (found.place, found.facts["料金(基本)"], found.ends) == ("港1-1", "無料", date(2026, 12, 13))


def test_what_a_link_may_not_be_is_never_a_link() -> None:
    (found,), remarks = read(table(event(URL="javascript:alert(1)")))

    assert found.url == ""
    assert noticed(remarks) == [(Remark.BAD_ADDRESS, "URL", 1)]


def test_a_broken_rule_is_named_with_its_row_and_what_in_it_is_wrong() -> None:
    headings = "ID,タイトル（制度名）,x_対象条件"
    rules = ('"{""all"": [""lives_here""]}"', '"{""all"": [""shoe_size > 3""]}"')
    content = "\n".join((headings, *(f"P{at},助成,{rule}" for at, rule in enumerate(rules)))).encode()

    found, remarks = read(content)

    [broken] = [each for each in remarks if each.remark is Remark.BAD_RULE]
    assert [(place.line, place.value) for place in broken.places] == [(3, "shoe_size > 3")]
    assert len(found) == 2, "the entry stays; nobody is asked by the rule"


def test_a_long_list_of_faults_is_told_shortly() -> None:
    rows = [event(ID=f"E{at}", 開始日="きのう1") for at in range(1000)]
    _, remarks = read(table(*rows))

    (found,) = remarks
    assert (found.count, len(found.places)) == (1000, SHOWN_PLACES)


@given(st.binary(max_size=400))
def test_whatever_bytes_come_there_is_an_answer(content: bytes) -> None:
    read(content)
    read(table(EVENT) + content)


@given(st.lists(st.lists(st.text(max_size=8), max_size=20), max_size=6))
def test_whatever_cells_come_there_is_an_answer(rows: list[list[str]]) -> None:
    found, _ = read(table(*rows, encoding="utf-8").replace(codecs.BOM_UTF8, b""))

    for entry in found:
        assert entry.title and entry.entry_id
        assert entry.starts is None or entry.starts + timedelta(days=0) == entry.starts
