"""不開示 over HTTP: what is hidden is nowhere for those who may not see it, and the proof of it stands."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from signaling import case_archive, chains
from signaling.__main__ import main
from tests.installation import Browser, Installation, Json, key_of, play
from tests.papers import pdf, sent, uploaded
from tests.signaling.test_bundle import host_of
from tests.signaling.test_case_paper import pages
from tests.signaling.test_decisions_http import Scene
from tests.signaling.test_minutes_http import body, read
from tests.signaling.test_transcripts_http import call_with_lines, lines
from tests.still_maker import Stills

SECRET = "090-1234-5678"
SPAN: Json = {"from_ms": 1000, "to_ms": 2000, "reason": "personal", "words": "本人の電話番号"}


async def hidden(genba: Installation) -> tuple[Browser, Browser, str, list[str]]:
    """A call that is over, whose second line the head of the office hid: host, head, call, lines."""
    host, call, ids = await call_with_lines(genba, "橋の下です", f"電話は{SECRET}です")
    chief = await genba.signed_in("S3001")
    await host.post(f"/calls/{call}/end")
    answer = await chief.post(f"/calls/{call}/redactions", SPAN)
    assert answer.status_code == 201, answer.text
    return host, chief, call, ids


def test_what_is_hidden_is_nowhere_for_colleagues_and_stays_for_the_supervisor(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, chief, call, [open_line, secret] = await hidden(genba)

        answers = [
            await host.get(f"/calls/{call}/transcript"),
            await host.get("/transcript", words="電話"),
            await host.get(f"/calls/{call}/minutes"),
            await host.get(f"/transcript/lines/{secret}"),
            await host.post(
                f"/transcript/lines/{secret}", {"revision": 1, "text": "x", "state": "confirmed"}
            ),
        ]
        cite = {"kind": "site", "what": "計測する", "call_id": call, "cites": [secret]}
        assert key_of(await host.post("/decisions", cite)) == (404, "transcript.unknown")
        assert all(SECRET not in answer.text for answer in answers)
        assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 404]
        [shown, gone] = await lines(host, call)
        assert (shown["id"], shown["withheld"], shown["redaction"]) == (open_line, False, None)
        assert (gone["withheld"], gone["redaction"]["reason"], gone["proposals"]) == (True, "personal", [])

        kept = (await lines(chief, call))[1]
        assert SECRET in kept["text"] and kept["redaction"] and not kept["withheld"]
        assert (await chief.get("/transcript", words=SECRET)).json()["found"]
        outside = (await chief.get(f"/calls/{call}/minutes", disclosure=1)).text
        assert SECRET in (await chief.get(f"/calls/{call}/minutes")).text and SECRET not in outside
        assert (await genba.log())[-2].action == "minutes.disclosed"

    play(tmp_path, scene)


def test_only_a_supervisor_hides_and_nothing_before_the_call_is_over(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, _ = await call_with_lines(genba, "橋の下です")
        chief = await genba.signed_in("S3001")
        assert key_of(await chief.post(f"/calls/{call}/redactions", SPAN)) == (409, "redaction.call_goes_on")
        await host.post(f"/calls/{call}/end")
        assert key_of(await host.post(f"/calls/{call}/redactions", SPAN)) == (403, "forbidden")
        backwards = SPAN | {"to_ms": 1000}
        assert (await chief.post(f"/calls/{call}/redactions", backwards)).status_code == 422
        assert (await host.get(f"/calls/{call}/redactions")).json() == {"redactions": [], "may_redact": False}

    play(tmp_path, scene)


def test_lifted_it_is_read_again_and_stays_on_record(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, chief, call, _ = await hidden(genba)
        [made] = (await host.get(f"/calls/{call}/redactions")).json()["redactions"]
        lift = {"words": "本人の同意"}
        assert key_of(await host.post(f"/redactions/{made['id']}/lift", lift)) == (403, "forbidden")

        [lifted] = (await chief.post(f"/redactions/{made['id']}/lift", lift)).json()["redactions"]

        assert (lifted["lifted_by"], lifted["lifted_words"], lifted["hash"]) == (
            "藤代 正和",
            "本人の同意",
            made["hash"],
        )
        assert SECRET in (await host.get(f"/calls/{call}/transcript")).text
        again = await chief.post(f"/redactions/{made['id']}/lift", lift)
        assert key_of(again) == (409, "redaction.lifted")
        actions = [row.action for row in await genba.log()]
        assert "redaction.made" in actions and "redaction.lifted" in actions

    play(tmp_path, scene)


def test_minutes_written_by_who_may_not_see_it_lose_none_of_it(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, chief, call, _ = await hidden(genba)
        found = await read(host, call)
        assert [each["withheld"] for each in found["sentences"]] == [False, True]

        answer = await host.post(f"/calls/{call}/minutes", body(found, place="川辺橋"))

        assert answer.status_code == 200 and SECRET not in answer.text
        kept = await read(chief, call)
        assert (kept["place"], kept["version"]) == ("川辺橋", 1)
        assert SECRET in kept["sentences"][1]["text"] and kept["sentences"][1]["redaction"]
        stolen = body(kept)
        stolen["sentences"][0] |= {"withheld": True}  # nothing hidden stands there
        assert key_of(await host.post(f"/calls/{call}/minutes", stolen)) == (409, "minutes.changed")

    play(tmp_path, scene)


def test_a_bundle_leaves_without_it_and_carries_the_proof(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scene(genba: Installation) -> None:
        host, chief, call, _ = await hidden(genba)
        drafted = (await chief.get(f"/calls/{call}/minutes")).json()
        saved = await chief.post(f"/calls/{call}/minutes", body(drafted, confirmed=True))
        assert saved.status_code in (200, 201), saved.text
        case = (await host.post("/cases", {"title": "川辺橋"})).json()["id"]
        await host.post(f"/cases/{case}/calls", {"call_id": call})
        genba.clock.forward(seconds=30)
        made = await host.post(f"/cases/{case}/bundle", {"code": genba.code("F1001")})
        content = (await host.get(f"/bundles/{made.json()['id']}")).content

        archive = zipfile.ZipFile(io.BytesIO(content))
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert SECRET.encode() not in everything
        assert "（不開示：個人に関する情報）" in archive.read("index.html").decode()
        paper = "".join(pages(archive.read("case.pdf")))
        assert SECRET not in paper and paper.count("（不開示：個人に関する情報）") == 2  # transcript, minutes
        assert archive.read(case_archive.REDACTIONS).count(b"\n") == 2
        file = tmp_path / "case.zip"
        file.write_bytes(content)
        assert main(["verify", str(file)]) == 0
        assert "whole" in capsys.readouterr().out
        assert SECRET in (await lines(await genba.signed_in("S3001"), call))[1]["text"]  # nothing was changed

    play(tmp_path, scene)


def test_verify_compares_what_was_hidden_with_what_is_there(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        _, chief, _, [_, secret] = await hidden(genba)
        parts = genba.services
        key = parts.vault.signing_key.public_key()
        await chief.post(
            f"/transcript/lines/{secret}", {"revision": 1, "text": "直した", "state": "confirmed"}
        )

        async def verdict(heads: list[chains.Head]) -> tuple[bool, str]:
            return await parts.store.read(lambda s: chains.examine_redactions(s, key, heads))

        is_whole, words = await verdict([])
        assert is_whole and "1 rows" in words and "1 hidden lines as they were, 0 deleted" in words
        assert (await verdict([(2, "0" * 64)])) == (False, "redactions: row 2 is missing")
        for change in ("UPDATE redaction SET salt = '00'", "DELETE FROM redaction"):
            with pytest.raises(DBAPIError):
                await parts.store.write(lambda s, change=change: s.execute(text(change)))  # type: ignore[misc]

        touched = text("UPDATE transcript_line SET text = '別の番号' WHERE line_id = :id AND revision = 1")
        await parts.store.write(lambda s: s.execute(touched, {"id": secret}))
        assert await verdict([]) == (False, "redactions: what row 1 hid was changed since")

        await parts.store.write(lambda s: s.execute(text("DELETE FROM transcript_line")))
        is_whole, words = await verdict([])
        assert is_whole and "1 deleted since" in words

    play(tmp_path, scene)


def test_what_was_decided_and_taken_in_a_hidden_span_leaves_with_nobody(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        host = await host_of(genba)
        still = await Stills(genba.services, host).arrived(here.call_id, complete=True)
        await here.propose(what=SECRET, still_ids=[still])
        await here.host.post(f"/calls/{here.call_id}/end")
        body = {"code": here.code("F1001")}
        before = (await here.host.post(f"/cases/{here.case_id}/bundle", body)).json()["id"]
        path = f"/calls/{here.call_id}/redactions"
        hid = await here.chief.post(path, SPAN | {"from_ms": 0, "to_ms": 3_600_000})
        assert hid.status_code == 201, hid.text

        assert key_of(await here.host.get(f"/bundles/{before}")) == (409, "case.bundle_outdated")
        genba.clock.forward(seconds=30)
        made = await here.host.post(f"/cases/{here.case_id}/bundle", {"code": here.code("F1001")})
        content = (await here.host.get(f"/bundles/{made.json()['id']}")).content
        archive = zipfile.ZipFile(io.BytesIO(content))
        everything = b"".join(archive.read(name) for name in archive.namelist())
        paper = "".join(pages(archive.read("case.pdf")))
        assert SECRET.encode() not in everything and SECRET not in paper
        assert not [name for name in archive.namelist() if name.startswith(case_archive.STILLS)]
        page = archive.read("index.html").decode()
        assert page.count("（不開示：個人に関する情報）") >= 4  # decision, still, and both on the timeline
        file = tmp_path / "case.zip"
        file.write_bytes(content)
        assert main(["verify", str(file)]) == 0
        outside = (await here.chief.get(f"/calls/{here.call_id}/minutes", disclosure=1)).text
        assert (
            SECRET not in outside and SECRET in (await here.chief.get(f"/calls/{here.call_id}/minutes")).text
        )

    play(tmp_path, scene)


@pytest.mark.parametrize("is_shown_openly", [False, True])
def test_a_document_shown_in_a_hidden_span_stays_here_though_a_newer_version_came(
    tmp_path: Path, is_shown_openly: bool
) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        paper = await uploaded(here.host, pdf(1), title="本人の診断書", disclosure="presentable")
        await here.host.post(f"/documents/{paper['id']}/cases/{here.case_id}")
        present = f"/calls/{here.call_id}/view/present"
        shown = await here.host.post(present, {"surface": f"page:{paper['current']['id']}:1"})
        assert shown.status_code == 200, shown.text
        newer = await sent(here.host, paper["id"], pdf(2), "二版.pdf")
        genba.clock.forward(seconds=60)
        if is_shown_openly:
            await here.host.post(present, {"surface": f"page:{newer['current']['id']}:1"})
        await here.host.post(f"/calls/{here.call_id}/end")
        hid = await here.chief.post(
            f"/calls/{here.call_id}/redactions", SPAN | {"from_ms": 0, "to_ms": 30_000}
        )
        assert hid.status_code == 201, hid.text

        made = await here.host.post(f"/cases/{here.case_id}/bundle", {"code": here.code("F1001")})
        content = (await here.host.get(f"/bundles/{made.json()['id']}")).content
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = [name for name in archive.namelist() if name.startswith("documents/")]
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert len(names) == (1 if is_shown_openly else 0)
        assert ("診断書".encode() in everything) is is_shown_openly

    play(tmp_path, scene)
