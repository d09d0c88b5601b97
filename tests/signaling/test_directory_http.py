"""The directory over HTTP: who is found by what, where people say they are, and how others learn of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.installation import Browser, Installation, key_of, play, told


async def seen(browser: Browser, words: str) -> dict[str, Any]:
    [found] = (await browser.get("/staff", q=words)).json()
    return dict(found)


def test_a_field_of_knowledge_finds_its_specialists_in_any_department(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")

        by_word = [found["staff_no"] for found in (await field.get("/staff", q="橋")).json()]
        by_topic = [found["staff_no"] for found in (await field.get("/staff", q="家畜")).json()]
        by_english = [found["staff_no"] for found in (await field.get("/staff", q="bridges")).json()]

        assert by_word == by_english == ["X2001"]
        assert by_topic == ["X2003"]  # in the department of buildings
        assert (await field.get("/staff", q='"road"')).json() == []

    play(tmp_path, scene)


def test_what_somebody_says_is_seen_by_others_and_told_to_their_pages(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        boss, specialist = await genba.signed_in("S3001"), await genba.signed_in("X2001")
        assert (await seen(boss, "X2001"))["status"] == "office"
        watching = (await genba.services.sign_ins.session_of(boss.client.cookies["genba_session"])).person
        with genba.services.hub.stream(watching) as stream:
            frames = stream.frames()
            assert (await anext(frames)).startswith(b"retry:")
            assert await told(frames) == ["staff"]  # that this page was opened

            said = await specialist.post("/me/presence", {"status": "home"})
            assert await told(frames) == ["staff"]
            await frames.aclose()

        assert said.json()["said"] == "home"
        assert (await seen(boss, "X2001"))["status"] == "home"
        assert (await specialist.get("/me/presence")).json()["status"] == "home"

    play(tmp_path, scene)


@pytest.mark.parametrize("status", ["busy", "lunch", ""])
def test_only_what_people_can_know_of_themselves_is_taken(tmp_path: Path, status: str) -> None:
    async def scene(genba: Installation) -> None:
        specialist = await genba.signed_in("X2001")

        assert key_of(await specialist.post("/me/presence", {"status": status})) == (422, "request.invalid")

    play(tmp_path, scene)


def test_a_call_and_a_closed_page_show_by_themselves(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        await specialist.post("/me/presence", {"status": "trip"})
        call = (await field.post("/calls", {"topic": "road"})).json()["call"]["id"]
        me = (await specialist.post(f"/calls/{call}/join")).json()["identity"]

        genba.rooms.present[call] = [me]
        assert (await seen(field, "X2001"))["status"] == "busy"
        topics = {topic["key"]: topic["available"] for topic in (await field.get("/topics")).json()}
        assert topics["road"] == 0

        genba.rooms.present[call] = []
        genba.clock.forward(minutes=6)
        away = await seen(field, "X2001")
        assert (away["status"], away["present"]) == ("trip", False)
        assert (await seen(field, "X2002"))["status"] == "absent"

    play(tmp_path, scene)


def test_who_is_absent_by_their_own_word_is_not_offered(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        await specialist.post("/me/presence", {"status": "absent"})

        topics = {topic["key"]: topic["available"] for topic in (await field.get("/topics")).json()}

        assert topics["road"] == 0
        assert (await seen(field, "X2001"))["status"] == "absent"

    play(tmp_path, scene)


def test_outside_of_working_hours_it_says_when_they_begin(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        found = await seen(field, "X2003")
        genba.clock.forward(hours=12)
        later = await seen(await genba.signed_in("F1001"), "X2003")

        assert found["hours"] == "月-金 8:30-17:15"
        assert found["here_from"] is None
        assert later["here_from"] is not None

    play(tmp_path, scene)
