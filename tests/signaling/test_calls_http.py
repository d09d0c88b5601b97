"""Calls over HTTP: starting, finding their specialist, members, chat, presence, lists."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from signaling.api.call_desk import close_abandoned
from tests.installation import Installation, key_of, play, told


def test_two_taps_start_a_call_that_its_specialist_finds(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")

        started = await field.post("/calls", {"topic": "road"})

        assert started.status_code == 201
        call = started.json()["call"]
        assert (call["number"], call["state"], call["host"]["name"]) == ("R8-0003", "open", "早瀬 美咲")
        mine = [entry["id"] for entry in (await specialist.get("/calls")).json()["calls"]]
        assert mine[0] == call["id"]
        joined = (await specialist.post(f"/calls/{call['id']}/join")).json()
        names = [member["person"]["name"] for member in joined["call"]["members"]]
        assert names == ["早瀬 美咲", "小野寺 健"]
        assert joined["identity"] == f"S-{joined['call']['members'][1]['person']['id']}"

    play(tmp_path, scene)


def test_an_added_colleague_sees_the_call_and_others_do_not(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, welfare = await genba.signed_in("F1001"), await genba.signed_in("X2002")
        call = (await host.post("/calls", {"topic": "road"})).json()["call"]["id"]
        assert key_of(await welfare.get(f"/calls/{call}")) == (404, "call.unknown")
        found = (await host.get("/staff", q="福祉 桐野")).json()

        added = await host.post(f"/calls/{call}/members", {"staff_id": found[0]["id"]})

        assert added.status_code == 200
        assert (await welfare.get(f"/calls/{call}")).status_code == 200
        assert (await host.get("/staff", q="A9001")).json() == []
        admin = await genba.signed_in("A9001")
        admin_id = (await admin.get("/me")).json()["person"]["id"]
        assert [found["id"] for found in (await admin.get("/staff", q="A9001")).json()] == [admin_id]
        refused = await host.post(f"/calls/{call}/members", {"staff_id": admin_id})
        assert key_of(refused) == (409, "call.not_a_partner")
        nobody = await host.post(f"/calls/{call}/members", {"staff_id": "01NOBODY"})
        assert key_of(nobody) == (404, "staff.unknown")

    play(tmp_path, scene)


def test_chat_is_stored_sent_to_the_room_and_there_for_late_joiners(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host = await genba.signed_in("F1001")
        call = (await host.post("/calls", {"topic": "road"})).json()["call"]["id"]
        link = (await host.post(f"/calls/{call}/invitations", {"name": "田中"})).json()
        guest = genba.browser()
        await guest.post(f"/join/{link['url'].rsplit('/', 1)[1]}", {})

        said = (await host.post(f"/calls/{call}/messages", {"text": " こんにちは "})).json()["messages"]
        genba.clock.forward(seconds=1)
        await guest.post(f"/calls/{call}/messages", {"text": "聞こえます"})

        assert genba.rooms.sent[0] == (call, said[0], "genba.chat")
        seen = (await guest.get(f"/calls/{call}/messages")).json()["messages"]
        assert [(m["sender_name"], m["sender_role"], m["text"]) for m in seen] == [
            ("早瀬 美咲", "field", "こんにちは"),
            ("田中", "resident", "聞こえます"),
        ]
        assert seen == (await host.get(f"/calls/{call}/messages")).json()["messages"]

    play(tmp_path, scene)


def test_a_browser_with_both_cookies_speaks_as_the_page_that_sends(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        browser = await genba.signed_in("F1001")
        call = (await browser.post("/calls", {})).json()["call"]["id"]
        link = (await browser.post(f"/calls/{call}/invitations", {"name": "田中"})).json()
        staff_csrf = browser.csrf
        await browser.post(f"/join/{link['url'].rsplit('/', 1)[1]}", {})

        as_guest = (await browser.post(f"/calls/{call}/messages", {"text": "住民"})).json()
        browser.csrf = staff_csrf
        as_staff = (await browser.post(f"/calls/{call}/messages", {"text": "職員"})).json()

        assert as_guest["messages"][0]["sender_role"] == "resident"
        assert as_staff["messages"][0]["sender_role"] == "field"

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "body.text"),
        ({"text": "x" * 2001}, "body.text"),
        ({"text": "a\x00b"}, "body.text"),
        ({"text": "a", "more": 1}, "body.more"),
        ({}, "body.text"),
    ],
)
def test_a_chat_line_that_is_none_names_the_field(
    tmp_path: Path, body: dict[str, object], field: str
) -> None:
    async def scene(genba: Installation) -> None:
        host = await genba.signed_in("F1001")
        call = (await host.post("/calls", {})).json()["call"]["id"]

        answer = await host.post(f"/calls/{call}/messages", body)

        assert key_of(answer) == (422, "request.invalid")
        assert answer.json()["error"]["params"]["field"] == field

    play(tmp_path, scene)


def test_who_floods_the_chat_waits(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host = await genba.signed_in("F1001")
        call = (await host.post("/calls", {})).json()["call"]["id"]
        answers = [await host.post(f"/calls/{call}/messages", {"text": "あ"}) for _ in range(21)]

        assert [answer.status_code for answer in answers] == [201] * 20 + [429]
        assert answers[-1].headers["retry-after"] == "1"

    play(tmp_path, scene)


def test_joined_and_live_count_come_from_the_room(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host = await genba.signed_in("F1001")
        started = (await host.post("/calls", {})).json()
        call, me = started["call"]["id"], started["identity"]
        link = (await host.post(f"/calls/{call}/invitations", {"name": "田中"})).json()
        genba.rooms.present[call] = [me, f"G-{link['id']}"]

        shown = (await host.get(f"/calls/{call}")).json()

        assert shown["live_count"] == 2
        assert shown["members"][0]["joined"] and shown["guests"][0]["joined"]

    play(tmp_path, scene)


def test_topics_count_the_specialists_who_are_there(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        before = {topic["key"]: topic["available"] for topic in (await field.get("/topics")).json()}
        await genba.signed_in("X2001")

        after = {topic["key"]: topic["available"] for topic in (await field.get("/topics")).json()}
        genba.clock.forward(minutes=6)
        later = {topic["key"]: topic["available"] for topic in (await field.get("/topics")).json()}

        assert set(before.values()) == {0}
        assert (after["road"], after["slope"], after["welfare"]) == (1, 1, 0)
        assert later["road"] == 0

    play(tmp_path, scene)


def test_joins_and_leaves_reach_the_log_and_the_lists(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host = await genba.signed_in("F1001")
        started = (await host.post("/calls", {})).json()
        call, me = started["call"]["id"], started["identity"]
        person = (await genba.services.sign_ins.session_of(host.client.cookies["genba_session"])).person
        with genba.services.hub.stream(person) as stream:
            frames = stream.frames()
            assert (await anext(frames)).startswith(b"retry:")

            genba.rooms.happen("participant_joined", call, me)
            genba.rooms.happen("track_published", call, me)
            assert set(await told(frames, 2)) == {"calls", "staff"}

            rows = [(row.action, row.actor, row.object) for row in await genba.log()]
            assert rows[-1] == ("room.joined", me, call)
            await frames.aclose()

    play(tmp_path, scene)


def test_supervisor_ends_a_call_of_the_own_office_and_a_member_may_not(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host = await genba.signed_in("F1001")
        call = (await host.post("/calls", {"topic": "road"})).json()["call"]["id"]
        member = await genba.signed_in("X2001")
        await member.post(f"/calls/{call}/join")
        assert key_of(await member.post(f"/calls/{call}/end")) == (403, "forbidden")
        supervisor = await genba.signed_in("S3001")

        ended = (await supervisor.post(f"/calls/{call}/end")).json()

        assert ended["state"] == "closed" and ended["ended_at"]
        assert key_of(await host.post(f"/calls/{call}/messages", {"text": "あ"})) == (409, "call.closed")
        assert (await host.get(f"/calls/{call}/messages")).status_code == 200
        listed = (await host.get("/calls")).json()["calls"]
        assert call in [entry["id"] for entry in listed]
        genba.clock.forward(days=1)
        tomorrow = await genba.signed_in("F1001")
        assert (await tomorrow.get("/calls")).json()["calls"] == []

    play(tmp_path, scene)


def test_calls_nobody_is_in_for_long_are_closed_by_housekeeping(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host = await genba.signed_in("F1001")
        empty, busy = [(await host.post("/calls", {})).json()["call"]["id"] for _ in range(2)]
        genba.rooms.present[busy] = ["S-1"]
        store, later = genba.services.store, genba.clock.at + timedelta(hours=13)

        assert await close_abandoned(store, genba.rooms, genba.clock.at, timedelta(hours=12)) == 0
        assert await close_abandoned(store, genba.rooms, later, timedelta(hours=12)) == 1

        assert (await host.get(f"/calls/{empty}")).json()["state"] == "closed"
        assert (await host.get(f"/calls/{busy}")).json()["state"] == "open"
        assert (await genba.log())[-1].reason == "abandoned"

    play(tmp_path, scene)
