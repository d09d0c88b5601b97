"""The library over HTTP: from a file on somebody's disk to pages in somebody else's browser."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from signaling.library.shelf import Shelf
from tests.installation import Browser, Installation, key_of, play
from tests.papers import pdf, picture, sent, settled, uploaded


async def image_of(browser: Browser, version: str, page: int, width: int = 640) -> Image.Image:
    answer = await browser.get(f"/documents/versions/{version}/pages/{page}", width=width)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "no-store"
    return Image.open(io.BytesIO(answer.content))


def test_a_pdf_becomes_pages_that_others_see(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2002")
        content = pdf(pages=7, size=(842, 595))

        document = await uploaded(field, content, disclosure="public", tags=["橋", "橋"])

        [version] = document["versions"]
        assert (version["state"], version["pages"], version["label"]) == ("ready", 7, "1.0")
        assert version["media_type"] == "application/pdf"
        assert version["sha256"] == hashlib.sha256(content).hexdigest()
        assert document["current"] == version and document["tags"] == ["橋"]
        seen = (await specialist.get(f"/documents/versions/{version['id']}")).json()
        assert seen["pages"][6] == {"width": 842.0, "height": 595.0}
        page = await image_of(specialist, version["id"], 7)
        assert page.size == (640, 453)
        assert (await image_of(specialist, version["id"], 1, 700)).width == 1280, "the next width up"
        for wrong in (0, 8, -1):
            path = f"/documents/versions/{version['id']}/pages/{wrong}"
            assert key_of(await specialist.get(path)) == (404, "document.unknown")

    play(tmp_path, scene)


def test_a_new_version_is_shown_once_it_was_read_and_the_old_one_is_kept(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        document = await uploaded(field, pdf(2))
        old = document["current"]["id"]
        genba.clock.forward(seconds=1)

        document = await sent(field, document["id"], pdf(3))

        assert document["current"]["pages"] == 3
        assert [version["label"] for version in document["versions"]] == ["2.0", "1.0"]
        assert (await image_of(field, old, 2)).width == 640
        genba.clock.forward(seconds=1)
        document = await sent(field, document["id"], b"\x00\x01 no document")
        assert document["versions"][0]["reason"] == "unknown_type"
        assert document["current"]["label"] == "2.0", "what cannot be read is never shown"

    play(tmp_path, scene)


def test_a_photograph_loses_its_place_and_stands_upright_but_the_original_stays(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        content = picture((400, 300), orientation=6)  # turned a quarter to the right by whoever shows it

        document = await uploaded(field, content, "../写真/IMG_%E2%80%AE0001.jpeg")

        version = document["current"]["id"]
        page = await image_of(field, version, 1, 320)
        assert page.size == (300, 400) and not page.getexif()
        assert page.convert("RGB").getpixel((150, 50))[1] < 60, "the left half is on top now"  # type: ignore[index]
        original = await field.get(f"/documents/versions/{version}/original")
        assert original.content == content
        assert original.headers["content-disposition"].endswith("IMG_0001.jpeg")
        taken = [row for row in await genba.log() if row.action == "document.taken"]
        assert [row.object for row in taken] == [document["id"]]

    play(tmp_path, scene)


def test_what_a_server_did_not_finish_reading_is_read_after_its_start(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        desk = genba.services.document_desk
        added = (await field.post("/documents", {"title": "途中"})).json()["id"]
        desk._wake.set = lambda: None  # type: ignore[method-assign]  # the server ends before it looks
        await field.put(f"/documents/{added}/content?name=a.pdf", pdf())
        del desk._wake.set
        assert (await field.get(f"/documents/{added}")).json()["versions"][0]["state"] == "reading"

        async with desk.running():
            assert (await settled(field, added))["current"]["pages"] == 1

    play(tmp_path, scene)


def test_who_owns_a_document_changes_it_and_everybody_else_reads(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, head = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        other = await genba.signed_in("F1002")
        document = (await uploaded(field, pdf()))["id"]

        changed = await head.patch(f"/documents/{document}", {"disclosure": "presentable", "title": "橋"})

        assert (changed.json()["disclosure"], changed.json()["may_change"]) == ("presentable", True)
        assert (await other.get(f"/documents/{document}")).json()["may_change"] is False
        assert key_of(await other.patch(f"/documents/{document}", {"title": "穴"})) == (403, "forbidden")
        sending = await other.put(f"/documents/{document}/content?name=a.pdf", pdf())
        assert key_of(sending) == (403, "forbidden")
        rows = [(row.action, row.detail) for row in await genba.log() if row.object == document]
        assert rows[2:] == [("document.disclosed", "disclosure=presentable"), ("document.changed", "title")]

    play(tmp_path, scene)


def test_a_withdrawn_document_is_seen_by_its_owners_alone_until_it_is_restored(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, other = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        document = await uploaded(field, pdf())
        path, page = (
            f"/documents/{document['id']}",
            f"/documents/versions/{document['current']['id']}/pages/1",
        )
        assert (await other.get(page)).status_code == 200

        await field.patch(path, {"withdrawn": True})

        assert key_of(await other.get(path)) == key_of(await other.get(page)) == (404, "document.unknown")
        assert (await field.get(page)).status_code == 200
        sending = await field.put(f"{path}/content?name=a.pdf", pdf())
        assert key_of(sending) == (409, "document.withdrawn")
        assert (await field.patch(path, {"withdrawn": False})).json()["withdrawn_at"] is None
        assert (await other.get(page)).status_code == 200

    play(tmp_path, scene)


def test_a_sensitive_document_is_for_its_office_and_for_who_sees_its_case(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, member = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        other = await genba.signed_in("X2002")
        document = (await uploaded(field, pdf(), sensitivity=3))["id"]
        path = f"/documents/{document}"
        assert key_of(await member.get(path)) == (404, "document.unknown")
        case = (await field.post("/cases", {"title": "橋"})).json()["id"]
        call = (await field.post("/calls", {"topic": "road", "case_id": case})).json()["call"]["id"]
        await member.post(f"/calls/{call}/join")

        linked = await field.post(f"{path}/cases/{case}")

        assert [each["id"] for each in linked.json()["cases"]] == [case]
        assert (await member.get(path)).status_code == 200
        assert key_of(await other.get(path)) == (404, "document.unknown")
        assert key_of(await member.delete(f"{path}/cases/{case}")) == (403, "forbidden")
        reads = [row.actor for row in await genba.log() if row.action == "document.read"]
        assert len(reads) == len(set(reads)) == 2, "who reads it is noted once a day"
        version = (await member.get(path)).json()["current"]["id"]
        for _ in range(2):
            await image_of(member, version, 1)
        details = [row.detail for row in await genba.log() if row.action == "document.read"]
        assert details.count(f"{version}.1") == 1, "and of which page"

    play(tmp_path, scene)


def test_a_case_tells_which_documents_belong_to_it(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, other = await genba.signed_in("F1001"), await genba.signed_in("X2002")
        case = (await field.post("/cases", {"title": "橋"})).json()["id"]
        genba.clock.forward(seconds=1)
        document = (await uploaded(field, pdf(), case_id=case))["id"]

        entry = (await field.get(f"/cases/{case}")).json()["timeline"][0]

        assert (entry["kind"], entry["text"], entry["document_id"]) == (
            "doc_linked",
            "川辺橋 一般図",
            document,
        )
        assert (await other.get(f"/documents/{document}")).json()["cases"] == [], "not theirs to see"
        assert key_of(await other.post(f"/documents/{document}/cases/{case}")) == (404, "case.unknown")
        genba.clock.forward(seconds=1)
        assert (await field.delete(f"/documents/{document}/cases/{case}")).json()["cases"] == []
        assert (await field.get(f"/cases/{case}")).json()["timeline"][0]["kind"] == "doc_unlinked"

    play(tmp_path, scene)


def test_what_is_too_large_never_reaches_the_disk(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        document = (await field.post("/documents", {"title": "大きい"})).json()["id"]

        answer = await field.put(f"/documents/{document}/content?name=a.pdf", bytes(1_000_001))

        assert key_of(answer) == (413, "request.too_large")
        assert list((genba.folder / "documents" / "originals").iterdir()) == []
        assert (await field.get(f"/documents/{document}")).json()["versions"] == []

    play(tmp_path, scene, document_max_mb=1)


def test_a_full_disk_takes_no_file_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        document = (await field.post("/documents", {"title": "図"})).json()["id"]
        monkeypatch.setattr("signaling.library.shelf.Shelf.free_bytes", lambda shelf: 1024)

        answer = await field.put(f"/documents/{document}/content?name=a.pdf", pdf())

        assert key_of(answer) == (503, "document.storage_full")
        assert (await field.get(f"/documents/{document}")).json()["versions"] == []

    play(tmp_path, scene)


def test_pictures_of_pages_are_thrown_away_when_they_take_too_much_and_drawn_again(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        version = (await uploaded(field, pdf()))["current"]["id"]
        await image_of(field, version, 1)
        shelf = Shelf(genba.folder)
        assert shelf.has_picture(version, 1, 640)

        assert shelf.trim(0) >= 1

        assert not shelf.has_picture(version, 1, 640) and shelf.has_picture(version, 1, 320)
        assert (await image_of(field, version, 1)).width == 640

    play(tmp_path, scene)


@pytest.mark.service
def test_the_same_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        document = await uploaded(field, pdf(2))
        assert (await image_of(field, document["current"]["id"], 2)).width == 640
        case = (await field.post("/cases", {"title": "橋"})).json()["id"]
        linked = await field.post(f"/documents/{document['id']}/cases/{case}")
        assert linked.json()["cases"][0]["id"] == case

    play(tmp_path, scene, database_url=postgresql_url)
