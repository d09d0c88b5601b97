"""`genba catalogue import` against real files: clean ones, the same in other encodings, and broken ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from field_assist import Store
from field_assist.concierge import catalogue
from signaling.__main__ import main
from signaling.accounts import access_log
from tests.installation import template

EVENTS = (
    "全国地方公共団体コード,ID,イベント名,開始日,場所名称,x_施設ID\r\n"
    "992011,E1,水泳大会,2026-12-05,県立総合プール,F1\r\n"
)
FACILITIES = "全国地方公共団体コード,ID,名称,緯度,経度\r\n990001,F1,県立総合プール,33.5,136.6\r\n"
WORKS = (
    "全国地方公共団体コード,ID,工事名,路線名,規制種別,規制開始日,規制終了日\r\n"
    "990001,W1,ろ過設備更新,県立総合プール,休館,2026-11-04,2026-12-11\r\n"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with demo staff."""
    return Path(shutil.copytree(template(), tmp_path / "data"))


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A folder of three lists."""
    folder = tmp_path / "lists"
    folder.mkdir()
    for name, text in (("events", EVENTS), ("facilities", FACILITIES), ("works", WORKS)):
        (folder / f"{name}.csv").write_bytes(text.encode("utf-8-sig"))
    return folder


def take_in(data: Path, path: Path, *more: str) -> int:
    return main(["catalogue", "import", str(path), "--data", str(data), *more])


def licensed(data: Path, path: Path, *more: str) -> int:
    return take_in(data, path, "--licence", "CC BY 4.0", *more)


def kept(data: Path) -> dict[str, tuple[str, str]]:
    store = Store(f"sqlite:///{data}/genba.sqlite3")
    try:
        entries = store.read_now(lambda session: list(catalogue.entries(session)))
        return {entry.entry_id: (entry.title, entry.source.owner) for entry in entries}
    finally:
        store.close()


def test_lists_are_taken_in_with_their_contradiction_told(
    data: Path, lists: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert licensed(data, lists, "--owner", "あまね県") == 0

    said = capsys.readouterr().out
    assert "会場が休みの間のイベントです 1件" in said
    assert "E1 水泳大会 ／ W1 ろ過設備更新（2026-12-05 休館）" in said
    assert kept(data) == {
        "E1": ("水泳大会", "あまね県"),
        "F1": ("県立総合プール", "あまね県"),
        "W1": ("ろ過設備更新", "あまね県"),
    }


def test_a_dry_run_tells_and_changes_nothing(
    data: Path, lists: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert licensed(data, lists, "--dry-run") == 0

    assert "新しい 1件" in capsys.readouterr().out
    assert kept(data) == {}


@pytest.mark.parametrize("encoding", ["cp932", "utf-16"])
def test_the_same_lists_in_another_encoding_are_the_same(
    data: Path, lists: Path, encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    licensed(data, lists)
    capsys.readouterr()
    for path in lists.iterdir():
        path.write_bytes(path.read_bytes().decode("utf-8-sig").encode(encoding))

    assert take_in(data, lists) == 0

    assert capsys.readouterr().out.count("新しい 0件、変わった 0件、同じ 1件、一覧から消えた 0件") == 3


def test_what_is_broken_is_repaired_where_it_is_proven_and_told(
    data: Path, lists: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = FACILITIES.replace("990001", "010006").replace("33.5,136.6", "136.6,33.5")
    (lists / "facilities.csv").write_text(broken.replace("010006", "10006"), encoding="utf-8")

    assert licensed(data, lists / "facilities.csv") == 0

    said = capsys.readouterr().out
    assert "先頭の0を補いました（検査数字で確かめました）。2行目「10006」→「010006」" in said
    assert "緯度と経度が逆でした。入れ替えました。2行目「136.6, 33.5」→「33.5, 136.6」" in said


def test_a_broken_list_is_left_out_whole_and_the_others_taken_in(
    data: Path, lists: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (lists / "events.csv").open("a", encoding="utf-8") as file:
        file.write("992012,E2,,2026-02-30,,\r\n")

    assert licensed(data, lists) == 1

    said = capsys.readouterr()
    assert "「イベント名」空です。必ず要ります。3行目" in said.out
    assert "「開始日」日付として読めません" in said.out
    assert "取り込めない一覧: events" in said.err
    assert sorted(kept(data)) == ["F1", "W1"]


def test_a_new_list_needs_its_licence_said(
    data: Path, lists: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take_in(data, lists) == 1
    assert "--licence" in capsys.readouterr().err
    assert kept(data) == {}


def test_taking_a_list_in_is_in_the_access_log(data: Path, lists: Path) -> None:
    licensed(data, lists / "works.csv")
    store = Store(f"sqlite:///{data}/genba.sqlite3")
    try:
        rows = store.read_now(lambda session: access_log.page_of(session, 0))
    finally:
        store.close()

    assert [(row.action, row.reason) for row in rows if row.action == "catalogue.taken"] == [
        ("catalogue.taken", "+1 ~0 -0")
    ]
