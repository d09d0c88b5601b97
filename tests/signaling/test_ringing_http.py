"""Ringing over HTTP: who is rung for a call, the first who accepts, the next circle, tickets, a restart."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from field_assist.queueing import NEXT_CIRCLE_S, RING_S, Queue
from signaling.api.consultation_desk import ConsultationDesk
from tests.installation import Browser, Installation, key_of, play
from tests.waiting import until

Rings = dict[str, list[dict[str, Any]]]


async def rings(browser: Browser) -> Rings:
    answer = await browser.get("/rings")
    assert answer.status_code == 200
    return dict(answer.json())


async def ask(browser: Browser, topic: str = "road") -> str:
    started = await browser.post("/calls", {"topic": topic})
    return str(started.json()["call"]["id"])


def test_the_specialist_of_the_topic_is_rung_and_accepting_opens_the_call(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        other = await genba.signed_in("X2002")
        call = await ask(field)

        [ring] = (await rings(specialist))["rings"]
        assert (ring["call_id"], ring["host"]["name"]) == (call, "早瀬 美咲")
        assert (await rings(other))["rings"] == []
        shown = (await field.get(f"/calls/{call}/consultation")).json()
        assert [person["name"] for person in shown["rung"]] == ["小野寺 健"]

        opened = await specialist.post(f"/consultations/{ring['consultation']['id']}/accept")

        assert opened.status_code == 200 and opened.json()["token"]
        assert (await rings(specialist))["rings"] == []
        assert (await field.get(f"/calls/{call}/consultation")).json()["state"] == "answered"
        again = await specialist.post(f"/consultations/{ring['consultation']['id']}/accept")
        assert key_of(again) == (409, "consultation.over")
        assert "consultation.answered" in [row.action for row in await genba.log()]

    play(tmp_path, scene)


def test_nobody_answers_then_the_boss_is_rung_then_there_is_a_ticket_to_call_back(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        boss = await genba.signed_in("S3001")
        call = await ask(field)
        shown = (await field.get(f"/calls/{call}/consultation")).json()
        assert [person["name"] for person in shown["next_circle"]] == ["藤代 正和"]
        assert 0 < shown["next_in_s"] <= NEXT_CIRCLE_S

        async def rings_at_the_boss() -> object:
            genba.services.directory.changed()
            return (await rings(boss))["rings"]

        genba.clock.forward(seconds=NEXT_CIRCLE_S + 1)
        await until(rings_at_the_boss)

        async def is_a_ticket() -> object:
            genba.services.directory.changed()
            return (await rings(specialist))["tickets"]

        genba.clock.forward(seconds=RING_S)
        await until(is_a_ticket)

        assert (await rings(specialist))["rings"] == []
        assert (await field.get(f"/calls/{call}/consultation")).json()["state"] == "ticket"
        [ticket] = (await rings(boss))["tickets"]
        assert (await boss.post(f"/consultations/{ticket['consultation']['id']}/accept")).status_code == 200
        assert (await field.get(f"/calls/{call}/consultation")).json()["state"] == "called_back"
        assert (await rings(specialist))["tickets"] == []

    play(tmp_path, scene)


def test_calling_back_after_the_call_has_ended_rings_at_whoever_asked(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call = await ask(field)  # nobody is there

        async def is_a_ticket() -> object:
            genba.services.directory.changed()
            return (await field.get(f"/calls/{call}/consultation")).json()["state"] == "ticket"

        genba.clock.forward(seconds=RING_S + 1)
        await until(is_a_ticket)
        await field.post(f"/calls/{call}/end")
        specialist = await genba.signed_in("X2001")
        [ticket] = (await rings(specialist))["tickets"]

        opened = (await specialist.post(f"/consultations/{ticket['consultation']['id']}/accept")).json()

        assert opened["call"]["id"] != call and opened["call"]["topic"] == "road"
        [ring] = (await rings(field))["rings"]
        assert (ring["call_id"], ring["host"]["name"]) == (opened["call"]["id"], "小野寺 健")

    play(tmp_path, scene)


def test_the_superior_is_rung_and_their_deputy_where_they_are_absent(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, boss = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        deputy = await genba.signed_in("X2001")

        await field.post("/calls", {"superior": True})
        assert len((await rings(boss))["rings"]) == 1
        assert (await rings(deputy))["rings"] == []

        await boss.post("/me/presence", {"status": "absent"})

        async def rings_at_the_deputy() -> object:
            return (await rings(deputy))["rings"]

        await until(rings_at_the_deputy)
        assert (await rings(boss))["rings"] == []

    play(tmp_path, scene)


def test_a_call_that_asks_for_nobody_rings_nowhere(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, boss = await genba.signed_in("F1001"), await genba.signed_in("S3001")

        call = (await field.post("/calls", {})).json()["call"]["id"]

        assert (await rings(boss)) == {"rings": [], "tickets": [], "missed": []}
        assert (await field.get(f"/calls/{call}/consultation")).json() is None

    play(tmp_path, scene)


def test_an_added_colleague_is_rung_unless_they_are_in_the_call(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, welfare = await genba.signed_in("F1001"), await genba.signed_in("X2002")
        call = (await field.post("/calls", {})).json()["call"]["id"]
        them = (await field.get("/staff", q="X2002")).json()[0]["id"]

        await field.post(f"/calls/{call}/members", {"staff_id": them})
        [ring] = (await rings(welfare))["rings"]
        assert ring["call_id"] == call

        entered = (await welfare.post(f"/calls/{call}/join")).json()  # by the list, not by the ring
        assert (await rings(welfare))["rings"] == []
        assert (await field.get(f"/calls/{call}/consultation")).json()["state"] == "answered"

        genba.rooms.present[call] = [entered["identity"]]
        await field.post(f"/calls/{call}/members", {"staff_id": them})
        assert (await field.get(f"/calls/{call}/consultation")).json()["state"] == "answered"

    play(tmp_path, scene)


def test_who_declines_is_not_rung_again(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        await ask(field)
        [ring] = (await rings(specialist))["rings"]

        declined = await specialist.post(f"/consultations/{ring['consultation']['id']}/decline", {})

        assert declined.status_code == 204
        assert (await rings(specialist))["rings"] == []

    play(tmp_path, scene)


def test_ending_the_call_ends_the_ringing(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        call = await ask(field)
        assert (await rings(specialist))["rings"]

        await field.post(f"/calls/{call}/end")

        assert (await rings(specialist))["rings"] == []
        assert (await field.get(f"/calls/{call}/consultation")).json()["state"] == "withdrawn"

    play(tmp_path, scene)


def test_a_page_of_the_rung_hears_of_it_and_others_do_not(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        session = await genba.services.sign_ins.session_of(specialist.client.cookies["genba_session"])
        with genba.services.hub.stream(session.person) as stream:
            frames = stream.frames()
            await ask(field)
            async with asyncio.timeout(2):
                while await anext(frames) != b"event: rings\ndata: {}\n\n":
                    pass
            await frames.aclose()

    play(tmp_path, scene)


def test_a_fault_of_the_ringing_ends_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = 0

    def fail(queue: Queue, now: float) -> None:
        nonlocal faults
        faults += 1
        monkeypatch.undo()
        raise RuntimeError("a bug")

    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        await ask(field)
        monkeypatch.setattr(Queue, "handle_timeout", fail)
        genba.services.directory.changed()

        async def has_failed() -> object:
            return faults

        await until(has_failed)
        await field.post("/calls", {"superior": True})
        assert len((await rings(specialist))["rings"]) == 1

    play(tmp_path, scene)


def test_the_superior_is_called_into_a_call_that_goes_on(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, boss = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        specialist = await genba.signed_in("X2001")
        call = await ask(field)
        [ring] = (await rings(specialist))["rings"]
        await specialist.post(f"/consultations/{ring['consultation']['id']}/accept")

        asked = await field.post(f"/calls/{call}/consultation/superior")

        assert asked.status_code == 201
        assert [person["name"] for person in asked.json()["rung"]] == ["藤代 正和"]
        assert [ring["call_id"] for ring in (await rings(boss))["rings"]] == [call]

    play(tmp_path, scene)


def test_after_a_restart_it_rings_on(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        call = await ask(field)
        parts = genba.services
        person = (await parts.sign_ins.session_of(specialist.client.cookies["genba_session"])).person
        started_again = ConsultationDesk(
            parts.store, parts.call_desk, parts.directory, parts.hub, genba.clock.clock
        )
        async with started_again.running():

            async def rings_here() -> object:
                parts.directory.changed()
                return await started_again.rings(person)

            await until(rings_here)
            [(waiting, sheet)] = await started_again.rings(person)

        assert (sheet.call.id, waiting.row.state) == (call, "waiting")

    play(tmp_path, scene)


def test_what_was_taken_back_before_it_was_answered_is_a_missed_call(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        other = await genba.signed_in("X2002")
        call = await ask(field)
        [ring] = (await rings(specialist))["rings"]
        assert [each["state"] for each in ring["consultation"]["rings"]] == ["ringing"]
        await field.post(f"/calls/{call}/end")

        [missed] = (await rings(specialist))["missed"]
        assert (missed["call_id"], missed["host"]["name"]) == (call, "早瀬 美咲")
        assert (await rings(other))["missed"] == (await rings(field))["missed"] == []
        path = f"/consultations/{missed['consultation']['id']}"
        assert key_of(await other.post(f"{path}/call-back")) == (404, "consultation.unknown")

        opened = (await specialist.post(f"{path}/call-back")).json()

        assert opened["call"]["id"] != call and opened["call"]["topic"] == "road"
        [back] = (await rings(field))["rings"]
        assert (back["call_id"], back["host"]["name"]) == (opened["call"]["id"], "小野寺 健")
        assert (await rings(specialist))["missed"] == []

    play(tmp_path, scene)


def test_a_missed_call_is_put_aside_and_one_that_was_declined_is_none(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        first, second = await ask(field), await ask(field)
        for call in (first, second):
            [ring] = (await rings(specialist))["rings"]
            if call == second:
                await specialist.post(f"/consultations/{ring['consultation']['id']}/decline", {})
            await field.post(f"/calls/{ring['call_id']}/end")

        [missed] = (await rings(specialist))["missed"]
        answer = await specialist.post(f"/consultations/{missed['consultation']['id']}/seen")

        assert answer.status_code == 204 and missed["call_id"] == first
        assert (await rings(specialist))["missed"] == []

    play(tmp_path, scene)


def test_the_caller_sees_how_far_each_ring_came(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        boss = await genba.signed_in("S3001")
        call = await ask(field)

        async def states() -> dict[str, str]:
            shown = (await field.get(f"/calls/{call}/consultation")).json()
            return {each["person"]["name"]: each["state"] for each in shown["rings"]}

        assert await states() == {"小野寺 健": "ringing"}
        [ring] = (await rings(specialist))["rings"]
        path = f"/consultations/{ring['consultation']['id']}"
        await specialist.post(f"{path}/shown")
        assert await states() == {"小野寺 健": "shown"}
        await specialist.post(f"{path}/decline", {"later": True})
        assert await states() == {"小野寺 健": "later"}
        genba.clock.forward(seconds=NEXT_CIRCLE_S + 1)

        async def rings_at_the_boss() -> object:
            genba.services.directory.changed()
            return (await rings(boss))["rings"]

        await until(rings_at_the_boss)
        await boss.post(f"{path}/decline", {})
        assert await states() == {"小野寺 健": "later", "藤代 正和": "declined"}

    play(tmp_path, scene)
