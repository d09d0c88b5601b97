"""A list of documents as a file: what offices write, and every fault with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist.document_list import Fault, Reason, read
from field_assist.people import Disclosure


def nobody(_: str) -> bool:
    return False


def test_the_columns_go_by_their_headings_in_any_order() -> None:
    data = "公開区分,文書名,本文,ＩＤ,未知の列\n公開,早見表,本文です,D1,x\n".encode("cp932")

    [row], faults = read(data, nobody, nobody)

    assert faults == []
    assert (row.source_no, row.title, row.disclosure, row.text) == (
        "D1",
        "早見表",
        Disclosure.PUBLIC,
        "本文です",
    )
    assert (row.sensitivity, row.owner_no, row.line) == (2, "", 2)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("公開区分", "秘", Reason.UNKNOWN_DISCLOSURE),
        ("公開区分", "", Reason.EMPTY),
        ("文書名", "題" * 161, Reason.TOO_LONG),
        ("機密性", "4", Reason.BAD_SENSITIVITY),
        ("最終更新日", "2026-02-30", Reason.BAD_DATE),
        ("最終更新日", "令和8年", Reason.BAD_DATE),
        ("担当", "X9", Reason.NOBODY),
        ("ファイル", "../秘密.pdf", Reason.NO_FILE),
        ("本文", "", Reason.NOTHING),
    ],
)
def test_a_fault_is_told_with_line_column_and_value(column: str, value: str, reason: Reason) -> None:
    cells = {"ID": "D1", "文書名": "図", "公開区分": "公開", "本文": "文"} | {column: value}

    _, faults = read("\n".join((",".join(cells), ",".join(cells.values()))).encode(), nobody, nobody)

    assert faults == [Fault(2, column, reason, value[:160])]


def test_a_number_stands_in_the_list_once() -> None:
    data = "ID,文書名,公開区分,本文\nD1,図,公開,文\nD1,表,公開,文\n".encode()

    assert read(data, nobody, nobody)[1] == [Fault(3, "ID", Reason.REPEATED, "D1")]


def test_a_cell_that_never_ends_is_a_fault_like_any_other() -> None:
    data = ('ID,文書名,公開区分,本文\nD1,図,公開,"' + "文" * 150_000).encode()

    assert read(data, nobody, nobody) == ([], [Fault(2, "", Reason.TOO_LONG)])


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode())))
def test_whatever_bytes_come_each_row_without_a_fault_is_whole(content: bytes) -> None:
    rows, faults = read("ID,文書名,公開区分,本文\n".encode() + content, nobody, nobody)

    wrong = {fault.line for fault in faults}
    assert all(row.source_no and row.title and row.text for row in rows if row.line not in wrong)
