"""A case as one file: whole when it leaves, readable without the server, and one flipped byte is named."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from field_assist import staff
from signaling import case_archive
from signaling.__main__ import main
from tests.installation import Installation, key_of, play
from tests.papers import pdf, uploaded
from tests.signaling.test_decisions_http import Scene
from tests.still_maker import Stills

HOSTILE = "<script>alert(1)</script>"


async def bundle(genba: Installation, here: Scene) -> bytes:
    """A case with a decision that leans on a still and a document, as its owner takes it along."""
    host = await genba.services.store.read(lambda session: staff.by_number(session, "F1001"))
    assert host is not None
    still = await Stills(genba.services, host.person()).arrived(here.call_id, complete=True)
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
