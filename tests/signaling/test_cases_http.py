"""Cases over HTTP: from being opened to being closed, with one timeline over several calls."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from field_assist import consultations
from tests.installation import Browser, Installation, key_of, play


async def open_case(browser: Browser, **said: object) -> dict[str, Any]:
    answer = await browser.post("/cases", {"title": "川辺橋 P2橋脚 ひび割れ"} | said)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def kinds(case: dict[str, Any]) -> list[str]:
    return [entry["kind"] for entry in case["timeline"]]


def test_one_timeline_holds_what_happened_in_all_calls_of_a_case(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        case = await open_case(field, place="あまね市川辺一丁目", latitude=33.481, longitude=136.647)
        assert case["number"] == "R8-道路維持課-0004", "after those of the demo"
        assert kinds(case) == ["opened"]

        genba.clock.forward(seconds=10)
        started = await field.post("/calls", {"topic": "road", "case_id": case["id"]})
        call = started.json()["call"]["id"]
        genba.clock.forward(seconds=10)
        [ring] = (await specialist.get("/rings")).json()["rings"]
        await specialist.post(f"/consultations/{ring['consultation']['id']}/accept")
        await specialist.post(f"/calls/{call}/messages", {"text": "幅を測ってください"})
        genba.clock.forward(seconds=10)
        await field.post(f"/calls/{call}/invitations", {"name": "田端 和子"})
        genba.clock.forward(seconds=10)
        await specialist.post(f"/cases/{case['id']}/comments", {"text": "0.4 mm。経過を見る"})

        shown = (await field.get(f"/cases/{case['id']}")).json()

        assert kinds(shown) == ["comment", "invitation", "call_linked", "consultation", "call", "opened"]
        by_kind = {entry["kind"]: entry for entry in shown["timeline"]}
        assert by_kind["call"]["messages"] == 1 and by_kind["call"]["people"] == ["早瀬 美咲", "小野寺 健"]
        assert by_kind["consultation"]["people"] == ["小野寺 健"]
        assert by_kind["consultation"]["state"] == "answered"
        assert by_kind["comment"]["actor"] == "小野寺 健"
        assert "幅を測ってください" not in str(shown), "what was said in a chat stays there"
        assert (await specialist.get(f"/calls/{call}/case")).json()["case"]["id"] == case["id"]
        assert shown["may_change"] is True
        assert (await specialist.get(f"/cases/{case['id']}")).json()["may_change"] is False
        assert key_of(await specialist.post(f"/cases/{case['id']}/close", {})) == (403, "forbidden")

    play(tmp_path, scene)


def test_a_change_is_seen_on_the_timeline_and_a_second_writer_is_told(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, head = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        case = await open_case(field)
        path = f"/cases/{case['id']}"

        changed = await head.post(
            f"{path}/change", {"revision": 1, "status": "working", "place": "川辺三丁目"}
        )
        late = await field.post(f"{path}/change", {"revision": 1, "title": "陥没"})

        assert changed.json()["revision"] == 2
        [entry] = [each for each in changed.json()["timeline"] if each["kind"] == "changed"]
        assert {"field": "status", "before": "received", "after": "working"} in entry["changes"]
        assert key_of(late) == (409, "case.changed")
        people = (await field.get("/staff")).json()
        kawakami = next(each for each in people if each["staff_no"] == "F1002")
        genba.clock.forward(seconds=1)
        moved = await field.post(f"{path}/change", {"revision": 2, "owner_id": kawakami["id"]})
        assert moved.json()["timeline"][0]["changes"] == [
            {"field": "owner_id", "before": "早瀬 美咲", "after": "川上 拓也"}
        ]
        half = await field.post(f"{path}/change", {"revision": 3, "latitude": 33.0})
        assert key_of(half) == (422, "request.invalid")

    play(tmp_path, scene)


def test_a_closed_case_takes_comments_only_until_it_is_reopened(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        case = await open_case(field)
        path = f"/cases/{case['id']}"

        genba.clock.forward(seconds=1)
        closed = (await field.post(f"{path}/close", {"text": "補修した"})).json()

        assert (closed["status"], closed["timeline"][0]["text"]) == ("closed", "補修した")
        assert key_of(await field.post(f"{path}/close", {})) == (409, "case.closed")
        assert key_of(await field.post("/calls", {"case_id": case["id"]})) == (409, "case.closed")
        assert (await field.get("/calls")).json()["calls"][0]["state"] == "closed", "no call was left behind"
        assert (await field.post(f"{path}/comments", {"text": "住民へ連絡"})).status_code == 201
        assert case["id"] not in str((await field.get("/cases")).json())
        assert (await field.get("/cases", status="closed")).json()["cases"][0]["id"] == case["id"]
        assert (await field.post(f"{path}/reopen")).json()["status"] == "received"
        actions = [row.action for row in await genba.log() if row.object == case["id"]]
        assert actions == ["case.opened", "case.closed", "case.commented", "case.reopened"]

    play(tmp_path, scene)


def test_calling_back_goes_on_in_the_same_case(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, head = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        case = await open_case(field)
        started = await field.post("/calls", {"superior": True, "case_id": case["id"]})
        [ring] = (await head.get("/rings")).json()["rings"]
        consultation = ring["consultation"]["id"]
        ticket = consultations.State.TICKET
        await genba.services.store.write(
            lambda session: consultations.end(session, consultation, ticket, genba.clock.at)
        )
        await field.post(f"/calls/{started.json()['call']['id']}/end")

        back = await head.post(f"/consultations/{consultation}/accept")

        again = back.json()["call"]["id"]
        assert again != started.json()["call"]["id"]
        assert (await head.get(f"/calls/{again}/case")).json()["case"]["id"] == case["id"]

    play(tmp_path, scene)


def test_a_sensitive_case_is_not_for_the_department_and_reading_it_is_logged(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, head = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        case = await open_case(field, sensitivity=3)

        assert (await head.get(f"/cases/{case['id']}")).status_code == 200
        reads = [row for row in await genba.log() if row.action == "case.read"]
        assert [row.object for row in reads] == [case["id"]]

    play(tmp_path, scene)


def test_pages_of_those_concerned_hear_of_it(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, head = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        session = await genba.services.sign_ins.session_of(head.client.cookies["genba_session"])
        with genba.services.hub.stream(session.person) as stream:
            frames = stream.frames()
            await open_case(field)
            async with asyncio.timeout(2):
                while await anext(frames) != b"event: cases\ndata: {}\n\n":
                    pass
            await frames.aclose()

    play(tmp_path, scene)


@pytest.mark.service
def test_the_same_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        opened = await asyncio.gather(*(open_case(field, place="川辺") for _ in range(6)))
        numbers = sorted(case["number"][-4:] for case in opened)
        assert len(set(numbers)) == 6 and int(numbers[-1]) - int(numbers[0]) == 5
        found = (await field.get("/cases", q="川辺")).json()["cases"]
        assert len(found) >= 6
        started = await field.post("/calls", {"case_id": opened[0]["id"]})
        shown = (await field.get(f"/cases/{opened[0]['id']}")).json()
        assert started.status_code == 201 and "call" in kinds(shown)

    play(tmp_path, scene, database_url=postgresql_url)
