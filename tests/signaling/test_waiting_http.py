"""A resident who waits: their place in the queue, and the call back instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from field_assist import Session, staff
from signaling.api.waiting_desk import honest_minutes
from tests.installation import Browser, Installation, Json, key_of, play


async def waiting_resident(genba: Installation, field: Browser, topic: str = "road") -> tuple[str, Browser]:
    call = str((await field.post("/calls", {"topic": topic})).json()["call"]["id"])
    url = (await field.post(f"/calls/{call}/invitations", {"name": "田中"})).json()["url"]
    resident = genba.browser()
    await resident.post(f"/join/{url.rpartition('/')[2]}", {})
    return call, resident


async def place(resident: Browser) -> Json:
    answer = await resident.get("/guest/waiting")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize(
    ("wait_s", "minutes"), [(0, 1), (61, 2), (600, 10), (601, 15), (1790, 30), (1900, 40), (3000, 50)]
)
def test_the_longer_it_takes_the_coarser_it_is_said(wait_s: float, minutes: int) -> None:
    assert honest_minutes(wait_s) == minutes


def test_a_resident_sees_that_somebody_is_rung_and_their_place_behind_others(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        specialist = await genba.signed_in("X2001")
        field, colleague = await genba.signed_in("F1001"), await genba.signed_in("F1002")
        _, first = await waiting_resident(genba, field)
        genba.clock.forward(seconds=1)
        _, second = await waiting_resident(genba, colleague)

        assert (await place(first))["state"] == "ringing"
        seen = await place(second)
        assert (seen["state"], seen["position"], seen["is_alone"]) == ("queued", 2, True)
        assert seen["expected_min"] >= 5

        [ring] = (await specialist.get("/rings")).json()["rings"]
        await specialist.post(f"/consultations/{ring['consultation']['id']}/accept")
        assert (await place(first))["state"] == "none"
        assert (await place(second))["position"] == 1

    play(tmp_path, scene)


def test_a_resident_is_called_back_instead_and_the_number_is_forgotten_afterwards(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        specialist, field = await genba.signed_in("X2001"), await genba.signed_in("F1001")
        _, resident = await waiting_resident(genba, field)

        asked = await resident.post("/guest/call-back", {"phone": "090-0000-1234"})

        assert asked.json()["state"] == "call_back"
        for browser in (specialist, field):
            shown = (await browser.get("/rings")).json()
            assert shown["rings"] == []
            [ticket] = shown["tickets"]
            assert (ticket["call_back_name"], ticket["call_back_phone"]) == ("田中", "090-0000-1234")
        path = f"/consultations/{ticket['consultation']['id']}/close"
        assert (await field.post(path, {"reason": " "})).status_code == 422
        assert (await field.post(path, {"reason": "電話で済んだ"})).status_code == 204
        assert (await specialist.get("/rings")).json()["tickets"] == []
        assert key_of(await specialist.post(path, {"reason": "もう一度"})) == (409, "consultation.over")
        assert (await place(resident))["state"] == "none"
        actions = [row.action for row in await genba.log()]
        assert {"call_back.asked", "ticket.closed"} <= set(actions)

    play(tmp_path, scene)


def test_without_a_request_the_host_owes_the_call_back(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        _, resident = await waiting_resident(genba, field, topic="")

        await resident.post("/guest/call-back", {"phone": "090-0000-1234"})

        [ticket] = (await field.get("/rings")).json()["tickets"]
        assert ticket["call_back_phone"] == "090-0000-1234"

    play(tmp_path, scene)


def test_outside_of_the_hours_nobody_is_rung_and_it_says_at_once_when_somebody_is_there(
    tmp_path: Path,
) -> None:
    async def scene(genba: Installation) -> None:
        genba.clock.forward(hours=10)  # 20:08; who knows buildings keeps office hours, and so do their bosses
        expert = await genba.signed_in("X2003")
        await genba.services.store.write(keep_office_hours)
        field = await genba.signed_in("F1001")
        call, resident = await waiting_resident(genba, field, "building")

        shown = (await field.get(f"/calls/{call}/consultation")).json()
        assert (shown["state"], shown["here_from"]) == ("ticket", "2026-11-25T08:30:00+09:00")
        assert (await place(resident))["here_from"] == "2026-11-25T08:30:00+09:00"
        assert (await expert.get("/rings")).json()["rings"] == []

        await expert.post("/me/presence", {"status": "office"})  # stays on, and says so
        await waiting_resident(genba, field, "building")
        assert len((await expert.get("/rings")).json()["rings"]) == 1

    play(tmp_path, scene)


def keep_office_hours(session: Session) -> None:
    for row in staff.everybody(session):
        row.hours = ""
        session.add(row)
