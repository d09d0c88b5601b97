"""A staff list as a file: every way municipalities write it, and every fault with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist.people import Role
from field_assist.staff_list import Fault, Reason, read

HEADING = "職員番号,氏名,かな,役割,役職,所属,事務所,得意分野,上司,代理,勤務時間"
FIELD = "f1001,早瀬 美咲,はやせ みさき,現場職員,現場技師,道路維持課,東部土木事務所,,S3001,,"
SPECIALIST = (
    "X2001,小野寺 健,おのでら けん,専門職員,専門職員,道路建設課,本庁,橋・道路；slope,,,月-金 9:00-17:45"
)
BOSS = "S3001,藤代 正和,ふじしろ まさかず,責任者,所長,,東部土木事務所,,,X2001、F1001,"


def table(*lines: str) -> bytes:
    return "\r\n".join((HEADING, *lines)).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_list_is_read_in_every_usual_encoding(encoding: str) -> None:
    rows, faults = read("\n".join((HEADING, FIELD, SPECIALIST, "", BOSS)).encode(encoding))

    assert faults == []
    assert [row.new.staff_no for row in rows] == ["F1001", "X2001", "S3001"]
    assert [row.new.role for row in rows] == [Role.FIELD, Role.SPECIALIST, Role.SUPERVISOR]
    assert rows[1].new.skills == ("road", "slope")
    assert rows[1].new.hours == "月-金 9:00-17:45"
    assert rows[0].boss_no == "S3001"
    assert rows[2].deputy_nos == ("X2001", "F1001")
    assert rows[2].line == 5


def test_columns_go_by_their_headings_and_others_are_left_out() -> None:
    rows, faults = read("備考,役割,氏名,staff_no\nあ,field,田中,T1\n".encode())

    assert faults == []
    assert (rows[0].new.staff_no, rows[0].new.name, rows[0].new.kana) == ("T1", "田中", "")


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (("X1,,,専門職員,,,,,,,",), Fault(2, "氏名", Reason.EMPTY)),
        (("X1,あ,,係長,,,,,,,",), Fault(2, "役割", Reason.UNKNOWN_ROLE, "係長")),
        (
            (FIELD.replace("S3001", ""), "X1,あ,,専門職員,,,,料理,,,"),
            Fault(3, "得意分野", Reason.UNKNOWN_SKILL, "料理"),
        ),
        (("X1,あ,,専門職員,,,,,,,9時から",), Fault(2, "勤務時間", Reason.BAD_HOURS, "9時から")),
        (("X1,あ,,専門職員,,,,,,,", "x1,い,,責任者,,,,,,,"), Fault(3, "職員番号", Reason.REPEATED, "X1")),
        (("X1,あ,,専門職員,,,,,Z9,,",), Fault(2, "上司", Reason.NOBODY, "Z9")),
        (("X1,あ,,専門職員,,,,,X1,,",), Fault(2, "上司", Reason.OWN_BOSS, "X1")),
        (("X1,あ\x07,,専門職員,,,,,,,",), Fault(2, "氏名", Reason.TOO_LONG, "あ\x07")),
    ],
)
def test_a_fault_says_where_it_is(lines: tuple[str, ...], fault: Fault) -> None:
    assert read(table(*lines))[1] == [fault]


def test_a_circle_of_bosses_is_told_at_each_of_them() -> None:
    _, faults = read(table("A,あ,,責任者,,,,,B,,", "B,い,,責任者,,,,,C,,", "C,う,,責任者,,,,,A,,"))

    assert [(fault.line, fault.reason) for fault in faults] == [(line, Reason.OWN_BOSS) for line in (2, 3, 4)]


def test_who_is_in_the_directory_already_may_be_a_boss() -> None:
    assert read(table("X1,あ,,専門職員,,,,,Z9,,"), {"Z9"})[1] == []


def test_a_file_without_the_columns_or_without_text_says_so() -> None:
    assert [fault.column for fault in read("氏名,かな\nあ,い".encode())[1]] == ["職員番号", "役割"]
    assert read(b"\x81\x00\xff")[1] == [Fault(0, "", Reason.NOT_TEXT)]
    assert read(b"")[1] != []


@given(st.binary(max_size=300))
def test_no_file_does_more_than_be_refused(data: bytes) -> None:
    rows, faults = read(data)

    assert rows or faults


@given(st.text(max_size=200))
def test_no_row_does_more_than_be_refused(text: str) -> None:
    read(f"{HEADING}\n{text}".encode())


def test_a_cell_that_never_ends_is_a_fault_like_any_other() -> None:
    assert read(table(FIELD, 'F1002,"' + "名" * 150_000)) == ([], [Fault(3, "", Reason.TOO_LONG)])
