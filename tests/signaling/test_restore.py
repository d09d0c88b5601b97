"""A case comes back from its file: into the installation it left, or another one; all of it or nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from field_assist import create_store_engine, seals
from recordings import catalogue
from signaling import case_archive
from signaling.__main__ import main
from signaling.accounts.access_log import Action
from tests.installation import Installation, play
from tests.signaling.test_bundle import bundle, host_of, speak
from tests.signaling.test_decisions_http import Scene


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with all it can hold, from an installation that is gone."""
    left = tmp_path_factory.mktemp("left")
    file = left / "case.zip"

    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        host = await speak(genba, here, "audio/opus", "video/vp8", is_over=False)
        await genba.services.recording_desk.stop(host, here.call_id, "")
        file.write_bytes(await bundle(genba, here))

    play(left, scene)
    return file


def counts(url: str) -> dict[str, int]:
    """How many rows each table has."""
    engine = create_store_engine(url)
    with engine.connect() as database:
        names = inspect(engine).get_table_names()
        found = {
            name: database.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names
        }
    engine.dispose()
    return found


def url_of(genba: Installation) -> str:
    return genba.services.store.engine.url.render_as_string(hide_password=False)


async def restored(genba: Installation, file: Path) -> int:
    """`genba restore` beside the running server."""
    words = ["restore", str(file), "--data", str(genba.folder), "--database-url", url_of(genba)]
    if not url_of(genba).startswith("sqlite"):
        words += ["--owner", "F1001"]  # no copy of one template: its people are others by the same numbers
    return await asyncio.to_thread(main, words)


def test_a_case_comes_back_and_is_worked_with_again(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)  # its case and call took the numbers meanwhile
        assert await restored(genba, file) == 0, capsys.readouterr().err
        before = counts(url_of(genba))
        assert await restored(genba, file) == 0
        after = counts(url_of(genba))
        assert after.pop("access_log") == before.pop("access_log") + 1
        assert after == before, "the second time there is nothing to add"

        found = (await here.host.get("/cases", status="all", q="川辺橋")).json()["cases"]
        numbers = {case["id"]: case["number"] for case in found}
        assert len(set(numbers.values())) == 3, "the demo's, the one opened here, and the restored one"
        case_id = max(set(numbers) - {here.case_id}, key=lambda each: numbers[each])
        timeline = (await here.host.get(f"/cases/{case_id}")).json()["timeline"]
        assert {"restored", "opened", "call", "still", "decision", "doc_linked"} <= {
            entry["kind"] for entry in timeline
        }
        [decision] = (await here.host.get(f"/cases/{case_id}/decisions")).json()["decisions"]
        whole = (await here.host.get(f"/decisions/{decision['id']}")).json()
        assert [each["act"] for each in whole["people"]] == ["propose", "hand_in", "approve"]
        assert whole["can"] == []
        chief = {"seen": whole["hash"], "verdict": "cancelled", "words": "x", "code": here.code("S3001")}
        refused = await here.chief.post(f"/decisions/{decision['id']}/judge", chief)
        assert refused.status_code in (403, 409)

        [call] = [entry for entry in timeline if entry["kind"] == "call"]
        await plays(genba, here, call["call_id"])
        again = (await here.host.get(f"/cases/{case_id}/bundle")).json()
        assert again["recordings"] == 1
        capsys.readouterr()
        verify = ["verify", "--data", str(genba.folder), "--database-url", url_of(genba)]
        assert await asyncio.to_thread(main, verify) == 0
        assert "restored decisions: 3 rows whole" in capsys.readouterr().out
        rows = [row for row in await genba.log() if row.action == Action.CASE_RESTORED]
        assert [row.object for row in rows] == [case_id, case_id]
        answer = await here.host.post(f"/cases/{case_id}/bundle", {"code": here.code("F1001")})
        path = await genba.services.bundle_desk.find(await host_of(genba), answer.json()["id"])
        said: list[str] = []
        assert case_archive.verify(path, said.append), said

    play(tmp_path, scene)


async def plays(genba: Installation, here: Scene, call_id: str) -> None:
    """What was recorded is heard, what was said is read."""
    path = f"/calls/{call_id}/recording"
    opened = await here.host.post(f"{path}/open", {"code": here.code("F1001")})
    tracks = opened.json()["recording"]["tracks"]
    assert [(track["kind"], round(track["start_ms"], -2)) for track in tracks] == [("audio", 0), ("video", 0)]
    for track in tracks:
        media = await here.host.get(f"{path}/tracks/{track['id']}", from_ms=1000, to_ms=3000)
        assert media.status_code == 200 and len(media.content) > 1000
    lines = (await here.host.get(f"/calls/{call_id}/transcript")).json()["lines"]
    assert [line["text"] for line in lines] == ["ひび割れが広がっています"]


def test_another_installations_case_needs_its_key_and_somebody_in_charge(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENBA_PASSWORD_TIME_COST", "1")
    monkeypatch.setenv("GENBA_PASSWORD_MEMORY_KIB", "32")
    other = tmp_path / "other"
    assert main(["demo", "--data", str(other)]) == 0
    restore = ["restore", str(file), "--data", str(other)]
    url = f"sqlite:///{other}/genba.sqlite3"
    before = counts(url)
    with case_archive.opened(file) as found:
        fingerprint = seals.fingerprint(found.key)

    assert main(restore) == 1
    assert fingerprint in capsys.readouterr().err
    assert main([*restore, "--key", fingerprint]) == 1
    assert "--owner" in capsys.readouterr().err
    assert main([*restore, "--key", fingerprint, "--owner", "A9001"]) == 1
    assert counts(url) == before
    assert not (other / "stills").exists()

    assert main([*restore, "--key", fingerprint, "--owner", "s3001"]) == 0
    said = capsys.readouterr().out
    assert "1 calls, 1 lines, 1 stills, 1 documents, 2 recorded tracks" in said
    assert "cannot sign in" in said
    assert main(["verify", "--data", str(other)]) == 0


def test_a_broken_or_forged_file_leaves_nothing_behind(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    broken = tmp_path / "broken.zip"
    broken.write_bytes(content)

    async def scene(genba: Installation) -> None:
        before = counts(url_of(genba))
        for path in (broken, tmp_path / "none.zip"):
            assert await restored(genba, path) == 1

        def fails(*_: object) -> None:
            raise OSError("disk full")

        monkeypatch.setattr("signaling.restoration.rewrite", fails)
        assert await restored(genba, file) == 1
        assert "disk full" in capsys.readouterr().err
        assert counts(url_of(genba)) == before
        left = [path for path in genba.folder.rglob("*") if path.is_file() and path.parent.name == "stills"]
        assert left == []
        assert list((genba.folder / "recordings").rglob("*.journal*")) == []

    play(tmp_path, scene)


def test_what_was_deleted_here_meanwhile_stays_deleted(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        host = await speak(genba, here, "audio/opus")
        file = tmp_path / "case.zip"
        file.write_bytes(await bundle(genba, here))
        desk = genba.services.recording_desk
        recording = (await desk.state(host, here.call_id)).row
        assert recording is not None
        await genba.services.store.write(
            lambda session: catalogue.dispose(session, recording, None, "満了", genba.clock.at)
        )
        await desk.tidy()
        assert await restored(genba, file) == 0
        assert list((genba.folder / "recordings").rglob("*.journal")) == []

    play(tmp_path, scene)
