"""What is looked at together, over HTTP: boards, marks, who looks where, and what a hold keeps apart."""

from __future__ import annotations

from pathlib import Path

from tests.installation import Browser, Installation, Json, key_of, play
from tests.papers import pdf, uploaded
from tests.signaling.test_questions_http import call_with_resident

LINE: Json = {"id": "line0001", "revision": 1, "tool": "line", "colour": "red", "width": 20}
LINE |= {"points": [0, 0, 5000, 5000]}


async def board(field: Browser, call: str) -> str:
    shown = (await field.post(f"/calls/{call}/view/present", {})).json()["shown"]
    return str(shown["surface"])


async def drawn(browser: Browser, call: str, surface: str) -> list[Json]:
    answer = await browser.get(f"/calls/{call}/marks", surface=surface)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["marks"]
    return found


async def colleague(genba: Installation, field: Browser, call: str) -> Browser:
    """X2001, a member of the call."""
    specialist = await genba.signed_in("X2001")
    staff_id = await id_of(specialist)
    await field.post(f"/calls/{call}/members", {"staff_id": staff_id})
    return specialist


async def id_of(browser: Browser) -> str:
    return str((await browser.get("/me")).json()["person"]["id"])


def packets(genba: Installation, call: str) -> list[Json]:
    return [packet for room, packet, topic in genba.rooms.sent if (room, topic) == (call, "genba.shown")]


def test_a_board_is_presented_and_drawn_on_and_a_late_joiner_finds_it(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)

        surface = await board(field, call)
        await resident.post(f"/calls/{call}/marks", {"surface": surface, "marks": [LINE]})
        again = await resident.post(f"/calls/{call}/marks", {"surface": surface, "marks": [LINE]})

        assert again.json()["marks"] == [], "the same again changes nothing"
        specialist = await colleague(genba, field, call)
        late = (await specialist.get(f"/calls/{call}/view")).json()
        assert late["shown"]["surface"] == surface
        [mark] = await drawn(specialist, call, surface)
        assert (mark["author_name"], mark["points"]) == ("田中", LINE["points"])

    play(tmp_path, scene)


def test_marks_of_all_pages_come_at_once_and_to_nobody_else(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        first = await board(field, call)
        subject, second = first.removesuffix(":1"), first.removesuffix("1") + "2"
        await field.post(f"/calls/{call}/view/present", {"surface": second})
        other = await board(field, call)
        marks = [
            LINE | {"id": f"line000{at}", "audience": audience} for at, audience in enumerate(("all", "own"))
        ]
        for surface in (first, second, other):
            marks = [mark | {"id": f"{mark['id']}{surface[-6]}"} for mark in marks]
            await field.post(f"/calls/{call}/marks", {"surface": surface, "marks": marks})

        counted = {}
        for name, browser in (("field", field), ("resident", resident)):
            answer = await browser.get(f"/calls/{call}/marks/pages", subject=subject)
            counted[name] = {page["surface"]: len(page["marks"]) for page in answer.json()["pages"]}

        assert counted == {"field": {first: 2, second: 2}, "resident": {first: 1, second: 1}}
        for wrong in (f"{subject}x", "board", first, f"still:{call}"):
            refused = await resident.get(f"/calls/{call}/marks/pages", subject=wrong.ljust(6, "x"))
            assert key_of(refused) == (404, "surface.unknown"), wrong

    play(tmp_path, scene)


def test_only_the_author_undoes_a_mark(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        surface = await board(field, call)
        await field.post(f"/calls/{call}/marks", {"surface": surface, "marks": [LINE]})

        await resident.post(f"/calls/{call}/marks", {"surface": surface, "marks": [LINE | {"revision": 2}]})
        revisions = {mark["author_name"]: mark["revision"] for mark in await drawn(field, call, surface)}
        assert revisions == {"早瀬 美咲": 1, "田中": 2}

        await field.post(f"/calls/{call}/marks", {"surface": surface, "marks": [LINE | {"revision": 2}]})
        await field.post(f"/calls/{call}/marks", {"surface": surface, "marks": [LINE]})
        assert [mark["revision"] for mark in await drawn(field, call, surface)] == [2, 2]

    play(tmp_path, scene)


def test_private_marks_stay_with_their_author(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        genba.rooms.present[call] = ["S-other", "G-1"]
        surface = await board(field, call)
        told = len(packets(genba, call))

        private = LINE | {"audience": "own"}
        await field.post(f"/calls/{call}/marks", {"surface": surface, "marks": [private]})

        assert len(packets(genba, call)) == told
        assert len(await drawn(field, call, surface)) == 1
        assert await drawn(resident, call, surface) == []

    play(tmp_path, scene)


def test_on_hold_guests_get_nothing_new_and_never_what_staff_drew_meanwhile(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        first = await board(field, call)
        specialist = await colleague(genba, field, call)
        genba.rooms.present[call] = [f"S-{await id_of(field)}", f"S-{await id_of(specialist)}", "G-1"]
        genba.clock.forward(seconds=1)
        assert (await field.post(f"/calls/{call}/hold")).status_code == 204
        genba.clock.forward(seconds=1)

        second = await board(field, call)
        await field.post(f"/calls/{call}/marks", {"surface": first, "marks": [LINE]})

        held = (await resident.get(f"/calls/{call}/view")).json()
        assert held["shown"]["surface"] == first
        assert [each["surface"] for each in held["before"]] == [first]
        assert key_of(await resident.get(f"/calls/{call}/marks", surface=second)) == (404, "surface.unknown")
        assert await drawn(resident, call, first) == []
        await field.post(f"/calls/{call}/hold/release")
        assert (await resident.get(f"/calls/{call}/view")).json()["shown"]["surface"] == second
        assert await drawn(resident, call, first) == []

    play(tmp_path, scene)


def test_who_looks_at_what_is_told_and_kept(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        surface = await board(field, call)

        await field.post(f"/calls/{call}/view/look", {"surface": surface})
        seen = (await resident.post(f"/calls/{call}/view/look", {"surface": surface})).json()
        assert {look["name"] for look in seen["looking"]} == {"早瀬 美咲", "田中"}

        gone = (await field.post(f"/calls/{call}/view/look", {"surface": None})).json()
        assert [look["name"] for look in gone["looking"]] == ["田中"]

    play(tmp_path, scene)


def test_nobody_looks_at_what_was_not_presented_in_the_call(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        other, _ = await call_with_resident(genba, field)
        elsewhere = await board(field, other)

        for browser in (field, resident):
            for surface in (elsewhere, "board:B:1", "page:V:1", "nonsense", "still:x"):
                refused = await browser.get(f"/calls/{call}/marks", surface=surface)
                assert key_of(refused) == (404, "surface.unknown"), surface
                refused = await browser.post(f"/calls/{call}/view/look", {"surface": surface})
                assert key_of(refused) == (404, "surface.unknown"), surface
        assert key_of(await field.post(f"/calls/{call}/view/present", {"surface": elsewhere}))[0] == 404
        last = f"{elsewhere.rpartition(':')[0]}:3"
        assert key_of(await field.post(f"/calls/{other}/view/present", {"surface": last}))[0] == 404

    play(tmp_path, scene)


def test_hostile_marks_are_refused(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, _ = await call_with_resident(genba, field)
        surface = await board(field, call)

        wrongs: tuple[Json, ...] = (
            {"points": [0, 0, 20_000, 0]},
            {"points": [0, 0]},
            {"points": []},
            {"tool": "bomb"},
            {"id": "../etc/passwd"},
            {"text": "a line has no words"},
            {"author": "S-somebody"},
            {"revision": 0},
        )
        for wrong in wrongs:
            answer = await field.post(f"/calls/{call}/marks", {"surface": surface, "marks": [LINE | wrong]})
            assert answer.status_code == 422, wrong
        assert await drawn(field, call, surface) == []

    play(tmp_path, scene)


async def presented(field: Browser, call: str, page: int = 1, *, disclosure: str) -> str:
    """A document of three pages, one of them presented; answers the key of that page."""
    document = await uploaded(field, pdf(pages=3), disclosure=disclosure)
    key = f"page:{document['current']['id']}:{page}"
    answer = await field.post(f"/calls/{call}/view/present", {"surface": key})
    assert answer.status_code == 200, answer.text
    return key


def test_a_presented_document_is_seen_by_the_resident_with_its_version_and_by_no_other_way(
    tmp_path: Path,
) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        _, stranger = await call_with_resident(genba, field)

        key = await presented(field, call, 2, disclosure="presentable")

        shown = (await resident.get(f"/calls/{call}/view")).json()["shown"]
        assert (shown["surface"], shown["pages"], shown["audience"]) == (key, 3, "all")
        assert shown["document"]["label"] == "1.0" and shown["document"]["disclosure"] == "presentable"
        image = await resident.get(f"/calls/{call}/surfaces/{key}/image", width=320)
        assert (image.status_code, image.headers["content-type"]) == (200, "image/webp")
        assert image.headers["cache-control"] == "no-store"
        beyond = key.removesuffix(":2") + ":4"
        for browser, asked in ((resident, beyond), (stranger, key)):
            refused = await browser.get(f"/calls/{call}/surfaces/{asked}/image")
            assert refused.status_code == 404

    play(tmp_path, scene)


def test_a_document_for_staff_is_shown_to_staff_only_and_leaves_no_trace_at_the_resident(
    tmp_path: Path,
) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        genba.rooms.present[call] = [f"S-{await id_of(field)}", "G-1"]
        first = await board(field, call)

        key = await presented(field, call, 1, disclosure="staff")
        await field.post(f"/calls/{call}/view/look", {"surface": key})
        await field.post(f"/calls/{call}/marks", {"surface": key, "marks": [LINE]})

        mine = (await field.get(f"/calls/{call}/view")).json()
        assert (mine["shown"]["surface"], mine["shown"]["audience"]) == (key, "staff")
        theirs = (await resident.get(f"/calls/{call}/view")).json()
        assert theirs["shown"] is None, "what was there before is over"
        assert [each["surface"] for each in theirs["before"]] == [first]
        assert theirs["looking"] == []
        for path in (f"/calls/{call}/surfaces/{key}/image", f"/calls/{call}/marks"):
            assert key_of(await resident.get(path, surface=key)) == (404, "surface.unknown")
        told = [
            packet for packet, to in zip(genba.rooms.sent, genba.rooms.addressed, strict=True) if "G-1" in to
        ]
        assert key not in str(told)

    play(tmp_path, scene)


def test_a_document_that_becomes_staff_only_is_gone_for_the_resident_at_once(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        key = await presented(field, call, 1, disclosure="public")
        document = (await field.get(f"/calls/{call}/view")).json()["shown"]["document"]["id"]

        changed = await field.patch(f"/documents/{document}", {"disclosure": "staff"})
        assert changed.status_code == 200, changed.text

        assert (await resident.get(f"/calls/{call}/view")).json()["shown"] is None
        assert (await resident.get(f"/calls/{call}/surfaces/{key}/image")).status_code == 404

    play(tmp_path, scene)


def test_what_was_shown_and_drawn_stays_with_the_call(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        page = await presented(field, call, 1, disclosure="public")
        second = f"{page.removesuffix('1')}2"
        await field.post(f"/calls/{call}/view/present", {"surface": second})
        await resident.post(f"/calls/{call}/marks", {"surface": second, "marks": [LINE]})
        own = LINE | {"id": "line0002", "audience": "own"}
        await resident.post(f"/calls/{call}/marks", {"surface": page, "marks": [own]})
        empty = await board(field, call)
        await field.post(f"/calls/{call}/end")

        kept = (await field.get(f"/calls/{call}/kept")).json()["kept"]

        assert [(each["surface"], each["marks"]) for each in kept] == [(second, 1), (empty, 0)]
        assert kept[0]["shown"]["document"]["label"] == "1.0"
        assert len(await drawn(field, call, second)) == 1
        assert (await field.get(f"/calls/{call}/surfaces/{second}/image", width=320)).status_code == 200

    play(tmp_path, scene)


def test_what_was_not_printed_is_counted_by_page_and_person_with_its_formula(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        key = await presented(field, call, 1, disclosure="public")
        stem = key.removesuffix("1")
        for browser, pages in ((field, (1, 2, 3, 2)), (resident, (1, 2))):
            for page in pages:
                genba.clock.forward(seconds=1)
                await browser.post(f"/calls/{call}/view/look", {"surface": f"{stem}{page}"})
        await field.post(f"/calls/{call}/view/look", {"surface": await board(field, call)})

        paper = (await field.get(f"/calls/{call}/paper")).json()

        assert (paper["pages"], paper["people"], paper["opened"]) == (3, 2, 5)
        assert (paper["rate"], paper["sheets"], paper["yen"]) == (0.7, 3.5, 10)
        leafed = [each["surface"] for each in paper["seen"] if each["name"] == "田中"]
        assert leafed == [f"{stem}1", f"{stem}2"]
        assert paper["seen"][0]["label"] == "1.0" and paper["seen"][0]["ended_at"]
        seen = [row for row in await genba.log() if row.action == "surface.seen"]
        assert len(seen) == 6, "every page somebody turned to; a board is no document"

    play(tmp_path, scene)
