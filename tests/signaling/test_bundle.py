"""A case as one file: whole when it leaves, readable without the server, and one flipped byte is named."""

from __future__ import annotations

import io
import json
import random
import zipfile
from pathlib import Path

import av
import pytest

from field_assist import Person, Purpose, staff, transcripts
from signaling import case_archive
from signaling.__main__ import main
from signaling.accounts.access_log import Action
from signaling.api.consent_desk import UNREAD, Answer
from tests.installation import Browser, Installation, Json, key_of, play
from tests.papers import pdf, uploaded
from tests.signaling.recorded_track import recorded
from tests.signaling.test_case_paper import pages
from tests.signaling.test_decisions_http import Scene
from tests.still_maker import Stills

HOSTILE = "<script>alert(1)</script>"


async def host_of(genba: Installation) -> Person:
    """F1001."""
    host = await genba.services.store.read(lambda session: staff.by_number(session, "F1001"))
    assert host is not None
    return host.person()


async def bundle(genba: Installation, here: Scene) -> bytes:
    """A case with a decision that leans on a still and a document, as its owner takes it along."""
    host = await host_of(genba)
    still = await Stills(genba.services, host).arrived(here.call_id, complete=True)
    paper = await uploaded(here.host, pdf(), "一般図.pdf")
    await here.host.post(f"/documents/{paper['id']}/cases/{here.case_id}")
    await here.host.post(f"/cases/{here.case_id}/comments", {"text": HOSTILE})
    version = paper["current"]["id"]
    proposed = await here.propose(still_ids=[still], version_ids=[version])
    await here.judge(here.chief, proposed, "approved", here.code("S3001"))
    made = await here.host.post(f"/cases/{here.case_id}/bundle", {"code": here.code("F1001")})
    assert made.status_code == 201, made.text
    fetched = await here.host.get(f"/bundles/{made.json()['id']}")
    assert fetched.status_code == 200 and len(fetched.content) == made.json()["size_bytes"]
    assert key_of(await here.chief.get(f"/bundles/{made.json()['id']}")) == (404, "case.bundle_unknown")
    return fetched.content


async def speak(genba: Installation, here: Scene, *mime_types: str, is_over: bool = True) -> Person:
    """Six seconds of the call recorded in these tracks by F1001, and one line of it written down."""
    host = await host_of(genba)
    for letter, mime_type in zip("ABCDE", mime_types, strict=False):
        await recorded(genba, here.call_id, host, mime_type=mime_type, letter=letter)
    speech = transcripts.Speech(host.identity, host.name, "ja", 2000, 4000)
    words = transcripts.Words("ひび割れが広がっています", "tiny", 0.9, is_doubtful=False)
    await genba.services.store.write(
        lambda session: transcripts.write(session, here.call_id, speech, words, genba.clock.at)
    )
    if is_over:
        await genba.services.recording_desk.stop(host, here.call_id, "")
        await genba.services.call_desk.end(host, here.call_id, "")
    return host


async def made(genba: Installation, here: Scene, browser: Browser, **more: bool) -> Json:
    """Put together by F1001."""
    answer = await browser.post(f"/cases/{here.case_id}/bundle", {"code": here.code("F1001"), **more})
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def test_a_case_leaves_as_one_file_that_proves_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scene(genba: Installation) -> None:
        content = await bundle(genba, await Scene.begin(genba))
        file = tmp_path / "case.zip"
        file.write_bytes(content)
        assert main(["verify", str(file)]) == 0
        assert "whole" in capsys.readouterr().out

        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        page = zipfile.ZipFile(io.BytesIO(content)).read("index.html").decode()
        assert {"index.html", "case.json", "decisions.csv", "timeline.csv", "decisions.jsonl"} <= set(names)
        assert sum(name.startswith("stills/") for name in names) == 4
        assert sum(name.startswith("documents/") for name in names) == 1
        assert "藤代 正和 所長 承認（確認コード）" in page
        assert HOSTILE not in page and "&lt;script&gt;" in page
        assert "http" not in page.replace("http-equiv", "")
        paper = "".join(pages(zipfile.ZipFile(io.BytesIO(content)).read("case.pdf")))
        assert "藤代正和所長承認（確認コード）" in paper and HOSTILE in paper

        chance = random.Random(1)
        for at in sorted(chance.sample(range(len(content)), 60)):
            changed = bytearray(content)
            changed[at] ^= 1 << chance.randrange(8)
            file.write_bytes(changed)
            said: list[str] = []
            is_case = case_archive.is_one(file)
            assert not is_case or not case_archive.verify(file, said.append), at
            assert all("FAILED" in line for line in said)

    play(tmp_path, scene)


def test_the_changed_file_is_named(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        content = await bundle(genba, await Scene.begin(genba))
        whole = zipfile.ZipFile(io.BytesIO(content))
        for name in whole.namelist():
            offset = content.index(whole.read(name))
            changed = bytearray(content)
            changed[offset + whole.getinfo(name).file_size // 2] ^= 1
            file = tmp_path / "case.zip"
            file.write_bytes(changed)
            said: list[str] = []
            assert not case_archive.verify(file, said.append)
            assert [line.split()[2] for line in said] == [name]

    play(tmp_path, scene)


def test_only_whoever_may_change_the_case_takes_it_along(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        member = await genba.signed_in("X2001")
        await here.host.post(f"/calls/{here.call_id}/members", {"staff_id": await here.id_of(member)})
        body = {"code": here.code("X2001")}

        refused = await member.post(f"/cases/{here.case_id}/bundle", body)
        wrong = await here.host.post(f"/cases/{here.case_id}/bundle", {"code": "000000"})

        assert key_of(refused) == (403, "forbidden")
        assert key_of(wrong) == (422, "otp.wrong")

    play(tmp_path, scene)


def test_what_was_recorded_comes_along_and_its_size_is_said_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        assert (await here.host.get(f"/cases/{here.case_id}/bundle")).json()["media_bytes"] == 0
        await speak(genba, here, "audio/opus", "video/vp8", "video/h264")

        said = (await here.host.get(f"/cases/{here.case_id}/bundle")).json()
        ready = await made(genba, here, here.host)
        content = (await here.host.get(f"/bundles/{ready['id']}")).content
        bare = await made(genba, here, here.host, with_media=False)

        assert (said["recordings"], said["is_running"]) == (1, False)
        assert ready["size_bytes"] - bare["size_bytes"] == pytest.approx(said["media_bytes"], rel=0.3)
        (tmp_path / "case.zip").write_bytes(content)
        assert main(["verify", str(tmp_path / "case.zip")]) == 0
        whole = zipfile.ZipFile(io.BytesIO(content))
        [recording] = json.loads(whole.read("case.json"))["recordings"]
        assert [(each["kind"], each["start_ms"]) for each in recording["tracks"]] == [
            ("audio", 6),
            ("video", 0),
            ("video", 0),
        ]
        for each in recording["tracks"]:
            with av.open(io.BytesIO(whole.read(each["path"])), "r") as media:
                assert len(list(media.demux())) > 50
        taken = [row.object for row in await genba.log() if row.action == Action.RECORDING_TAKEN]
        assert taken == [here.call_id]
        assert list((genba.folder / "bundles").glob("*/")) == [], "nothing half made is left"

    play(tmp_path, scene)


def test_what_somebody_wants_deleted_leaves_with_nobody(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        host = await speak(genba, here, "audio/opus", is_over=False)
        desk, consents = genba.services.recording_desk, genba.services.consent_desk
        await desk.stop(host, here.call_id, "")
        ready = await made(genba, here, here.host)
        boss = await genba.signed_in("S3001")
        held = await boss.post(f"/calls/{here.call_id}/recording/hold", {"reason": "係争中"})
        for is_yes in (True, False):
            said = Answer((Purpose.RECORDING,), is_yes=is_yes, reading=UNREAD)
            await consents.answer(host, here.call_id, said, "")
        wish = Answer((Purpose.RECORDING,), is_yes=False, reading=UNREAD)
        await consents.settle(host, here.call_id, wish, "")

        outline = (await here.host.get(f"/cases/{here.case_id}/bundle")).json()
        assert (held.status_code, outline["recordings"]) == (200, 0), "kept by the hold, but not given away"
        assert key_of(await here.host.get(f"/bundles/{ready['id']}")) == (409, "case.bundle_outdated")
        await boss.post(f"/calls/{here.call_id}/recording/release")
        await desk.tidy()
        assert key_of(await here.host.get(f"/bundles/{ready['id']}")) == (404, "case.bundle_unknown")

    play(tmp_path, scene)
