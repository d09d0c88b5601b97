"""`genba document import` and the demo's library, against real files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from field_assist import Store, documents
from signaling.__main__ import main
from signaling.demo_library import FILES
from signaling.library.shelf import Shelf
from tests.installation import Installation, play, template
from tests.papers import pdf, settled

HEADING = "ID,文書種別,文書名,作成課,公開区分,機密性,保存期間,タグ,本文,ファイル,版,最終更新日,担当"
DRAWING = "Z1,図面,橋の図,道路課,府民に提示可,1,常用,橋、耐震,,図/橋.pdf,2.1,2026/10/1,F1001"
NOTICE = "Z2,案内,罹災証明,防災課,公開,,5年,,片付ける前に写真を撮る。,,,,"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with demo staff."""
    return Path(shutil.copytree(template(), tmp_path / "data"))


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    """A list and its file."""
    (tmp_path / "brought" / "図").mkdir(parents=True)
    (tmp_path / "brought" / "図" / "橋.pdf").write_bytes(pdf(2))
    (tmp_path / "secret.pdf").write_bytes(pdf())
    write(tmp_path / "brought", DRAWING, NOTICE)
    return tmp_path / "brought"


def write(folder: Path, *lines: str, encoding: str = "utf-8-sig") -> None:
    (folder / "documents.csv").write_bytes("\r\n".join((HEADING, *lines)).encode(encoding))


def take_in(data: Path, path: Path, *more: str) -> int:
    return main(["document", "import", str(path), "--data", str(data), "--owner", "S3001", *more])


def listed(data: Path) -> dict[str, documents.DocumentSheet]:
    store = Store(f"sqlite:///{data}/genba.sqlite3")
    try:
        found = store.read_now(
            lambda session: documents.by_source(session, ["Z1", "Z2", "D002", "図/橋.pdf"])
        )
        return {
            number: store.read_now(lambda session, of=each.id: documents.sheet(session, of))  # type: ignore[misc]
            for number, each in found.items()
        }
    finally:
        store.close()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_list_is_taken_in_once_and_put_right_later(
    data: Path, brought: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    write(brought, DRAWING, NOTICE, encoding=encoding)
    assert take_in(data, brought) == 0
    assert take_in(data, brought / "documents.csv") == 0
    write(brought, DRAWING.replace("府民に提示可", "職員限り"), NOTICE, encoding=encoding)
    (brought / "図" / "橋.pdf").write_bytes(pdf(3))
    assert take_in(data, brought) == 0

    told = capsys.readouterr().out.splitlines()
    assert [line.split(";")[0] for line in told] == [
        "2 added, 0 changed, 0 as they were",
        "0 added, 0 changed, 2 as they were",
        "0 added, 1 changed, 1 as they were",
    ]
    found = listed(data)
    bridge = found["Z1"]
    assert (bridge.document.disclosure, bridge.document.tags, bridge.owner.staff_no) == (
        "staff",
        ["橋", "耐震"],
        "F1001",
    )
    assert [version.label for version in bridge.versions] == ["2.1", "2.1"]
    assert found["Z2"].owner.staff_no == "S3001"
    kept = {path.name for path in (data / "documents" / "originals").iterdir()}
    assert kept == {version.id for sheet in found.values() for version in sheet.versions}


def test_every_fault_is_named_with_its_line_and_nothing_is_taken_in(
    data: Path, brought: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        brought,
        DRAWING,
        "Z1,図面,同じ番号,,公開,2,,,本文,,,,",
        "Z3,図面,,,秘密,9,,,,,,2026-13-01,X9",
        "Z4,図面,外の書類,,公開,,,,,../secret.pdf,,,",
    )

    assert take_in(data, brought) == 1

    told = capsys.readouterr().err.splitlines()
    assert [line.split()[1] for line in told if line.startswith("line")] == [
        "3:",
        "4:",
        "4:",
        "4:",
        "4:",
        "4:",
        "4:",
        "5:",
    ]
    assert listed(data) == {}
    assert not (data / "documents").exists()


def test_a_folder_is_taken_in_file_by_file_unless_one_cannot_be(
    data: Path, brought: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (brought / "documents.csv").unlink()
    assert take_in(data, brought, "--check") == 0
    assert listed(data) == {}
    assert take_in(data, brought) == 0
    assert listed(data)["図/橋.pdf"].document.title == "橋"
    (brought / "a.exe").write_bytes(b"MZ\x00\x01")

    assert take_in(data, brought) == 1

    assert "a.exe: unknown_type" in capsys.readouterr().err
    assert main(["document", "import", str(brought), "--data", str(data), "--owner", "A9001"]) == 1


def test_the_demo_has_a_library_whose_pages_can_be_seen(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        from signaling import demo_library

        made = demo_library.fill(genba.services.store, Shelf(genba.folder), genba.clock.at)
        again = demo_library.fill(genba.services.store, Shelf(genba.folder), genba.clock.at)
        assert (made, again) == (28, 0)
        field = await genba.signed_in("F1001")
        found = await genba.services.store.read(lambda session: documents.by_source(session, ["D002"]))
        bridge = await settled(field, found["D002"].id)
        assert bridge["current"]["pages"] == 9 and bridge["cases"], "it belongs to the case of the bridge"
        page = await field.get(f"/documents/versions/{bridge['current']['id']}/pages/2", width=320)
        assert page.content[8:12] == b"WEBP"

    assert (FILES / "documents.tar.xz").stat().st_size < 2_000_000
    play(tmp_path, scene)
