"""Consent over HTTP: asked, answered, entered, taken back, and what stands for whoever records."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from field_assist import Purpose, StoreUnavailable, consents
from signaling.api.consent_desk import ConsentDesk
from tests.installation import Browser, Installation, Json, key_of, play
from tests.signaling.test_questions_http import call_with_resident
from tests.waiting import until

RECORDING = Purpose.RECORDING


def answer(yes: bool, *purposes: str, identity: str = "") -> Json:
    said: Json = {"purposes": list(purposes) or ["recording"], "yes": yes, "identity": identity}
    return said | {"text_version": "1"}


async def read(browser: Browser, call: str, language: str = "ja") -> Json:
    found = await browser.get(f"/calls/{call}/consents", language=language)
    assert found.status_code == 200, found.text
    return cast(Json, found.json())


def states(person: Json) -> Json:
    return {each["purpose"]: each["state"] for each in person["standings"]}


async def guest_of(browser: Browser, call: str) -> str:
    [found] = [each for each in (await read(browser, call))["people"] if each["role"] == "resident"]
    return str(found["identity"])


def test_each_person_is_asked_and_answers_for_themselves(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        desk = genba.services.consent_desk
        heard: list[tuple[str, frozenset[Purpose]]] = []
        desk.observe(lambda call, who, purposes: heard.append((who[0], purposes)))
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        assert (await read(resident, call))["asked"] == []

        await field.post(f"/calls/{call}/consents/ask", {"purposes": ["recording", "transcript"]})
        seen = await read(resident, call, "ja-easy")
        assert [(each["purpose"], each["by"]) for each in seen["asked"]] == [
            ("recording", "早瀬 美咲"),
            ("transcript", "早瀬 美咲"),
        ]
        assert seen["texts"][0]["question"] == "この はなしを ろくおん しても いいですか。"
        assert seen["texts"][0]["refusal"] == "いいえ でも そうだん できます。"

        said = await resident.post(f"/calls/{call}/consents/answer", answer(True))
        assert states(said.json()["own"])["recording"] == "given"
        assert [each["purpose"] for each in said.json()["asked"]] == ["transcript"]
        assert said.json()["people"] == [], "guests learn nothing of others"
        await resident.post(f"/calls/{call}/consents/answer", answer(False, "transcript"))

        seen = await read(field, call, "ja")
        [guest] = [each for each in seen["people"] if each["name"] == "田中"]
        assert states(guest) == {
            "recording": "given",
            "transcript": "refused",
            "photo": "none",
            "concierge": "none",
        }
        assert seen["in_force"] == ["recording"]
        assert states(seen["own"])["recording"] == "asked", "staff are asked as everybody is"
        assert desk.allows(call, guest["identity"], RECORDING)
        assert not desk.allows(call, guest["identity"], Purpose.TRANSCRIPT)
        assert heard == [("G", frozenset({RECORDING}))]
        assert ("genba.consents" in {topic for _, _, topic in genba.rooms.sent}) is True

    play(tmp_path, scene)


def test_who_comes_late_is_asked_too(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, _ = await call_with_resident(genba, field)
        await field.post(f"/calls/{call}/consents/ask", {"purposes": ["recording"]})

        url = (await field.post(f"/calls/{call}/invitations", {"name": "鈴木"})).json()["url"]
        late = genba.browser()
        await late.post(f"/join/{url.rpartition('/')[2]}", {})

        assert [each["purpose"] for each in (await read(late, call))["asked"]] == ["recording"]

    play(tmp_path, scene)


def test_a_withdrawal_stops_at_once_and_what_was_taken_is_deleted_if_they_say_so(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        desk = genba.services.consent_desk
        deleted: list[tuple[str, str, frozenset[Purpose]]] = []
        desk.observe_deletions(lambda call, who, purposes: deleted.append((call, who, purposes)))
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        who = await guest_of(field, call)
        settle = {"purposes": ["recording"], "keep": False}
        await resident.post(f"/calls/{call}/consents/answer", answer(True))
        assert desk.allows(call, who, RECORDING)

        await resident.post(f"/calls/{call}/consents/answer", answer(False))
        assert not desk.allows(call, who, RECORDING)
        own = (await resident.post(f"/calls/{call}/consents/settle", settle)).json()["own"]

        assert own["standings"][0] == {
            "purpose": "recording",
            "state": "withdrawn",
            "at": "2026-11-24T01:08:30Z",
            "entered_by": None,
            "wish": "delete",
        }
        assert deleted == [(call, who, frozenset({RECORDING}))]
        [row] = await genba.services.store.read(consents.deletions)
        assert (row.call_id, row.identity, row.purpose) == (call, who, RECORDING)
        assert key_of(await field.post(f"/calls/{call}/consents/settle", settle)) == (
            409,
            "consent.nothing_taken",
        )
        actions = [(row.action, row.detail) for row in await genba.log()][-3:]
        assert actions == [
            ("consent.given", "recording"),
            ("consent.withdrawn", "recording"),
            ("consent.delete", "recording"),
        ]

    play(tmp_path, scene)


def test_a_no_stops_also_while_the_database_does_not_answer(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        desk = genba.services.consent_desk
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        who = await guest_of(field, call)
        await resident.post(f"/calls/{call}/consents/answer", answer(True))
        store = genba.services.store
        with pytest.MonkeyPatch.context() as patch:

            async def unavailable(_work: object) -> None:
                raise StoreUnavailable

            patch.setattr(store, "write", unavailable)
            refused = await resident.post(f"/calls/{call}/consents/answer", answer(False))
            assert key_of(refused) == (503, "server.busy")
            assert not desk.allows(call, who, RECORDING)

        await field.post(f"/calls/{call}/consents/ask", {"purposes": ["photo"]})
        assert not desk.allows(call, who, RECORDING), "nor when others are heard meanwhile"
        await resident.post(f"/calls/{call}/consents/answer", answer(False))
        await resident.post(f"/calls/{call}/consents/answer", answer(True))
        assert desk.allows(call, who, RECORDING)

    play(tmp_path, scene)


def test_staff_enter_what_was_said_aloud_and_it_says_who_did(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        who = await guest_of(field, call)
        path = f"/calls/{call}/consents/answer"

        entered = (await field.post(path, answer(True, identity=who))).json()
        [guest] = [each for each in entered["people"] if each["identity"] == who]
        assert guest["standings"][0]["entered_by"] == "早瀬 美咲"
        assert (await genba.log())[-1].detail == f"recording {who}"

        await resident.post(path, answer(False))
        assert key_of(await field.post(path, answer(True, identity=who))) == (409, "consent.own_no")
        assert (await resident.post(path, answer(True, identity="G-other"))).status_code == 403
        assert key_of(await field.post(path, answer(True, identity="G-other"))) == (
            404,
            "participant.unknown",
        )
        specialist = await genba.signed_in("X2001")
        me = (await specialist.get("/me")).json()["person"]["id"]
        await field.post(f"/calls/{call}/members", {"staff_id": me})
        assert (await field.post(path, answer(True, identity=f"S-{me}"))).status_code == 403

    play(tmp_path, scene)


def test_after_the_call_a_yes_comes_too_late_and_a_no_does_not(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, _ = await call_with_resident(genba, field)
        who, path = await guest_of(field, call), f"/calls/{call}/consents/answer"
        await field.post(path, answer(True, identity=who))
        await field.post(f"/calls/{call}/end")

        assert key_of(await field.post(path, answer(True, "photo", identity=who))) == (409, "call.closed")
        withdrawn = await field.post(path, answer(False, identity=who))
        assert withdrawn.status_code == 200
        settled = {"purposes": ["recording"], "keep": False, "identity": who}
        assert (await field.post(f"/calls/{call}/consents/settle", settled)).status_code == 200
        asked = await field.post(f"/calls/{call}/consents/ask", {"purposes": ["photo"]})
        assert key_of(asked) == (409, "call.closed")

    play(tmp_path, scene)


def test_what_stands_is_known_again_after_a_restart_and_forgotten_with_the_call(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        who = await guest_of(field, call)
        await resident.post(f"/calls/{call}/consents/answer", answer(True))

        parts = genba.services
        desk = ConsentDesk(parts.store, genba.rooms, parts.hub, parts.bus, parts.clock)
        assert not desk.allows(call, who, RECORDING)
        async with desk.running():
            assert desk.allows(call, who, RECORDING)
            await field.post(f"/calls/{call}/end")
            genba.rooms.happen("room_finished", call, "")
            await until(lambda: not desk.allows(call, who, RECORDING))

    play(tmp_path, scene)


def test_rows_are_never_changed_or_deleted(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        await resident.post(f"/calls/{call}/consents/answer", answer(False))

        for statement in ("UPDATE consent SET step = 'given'", "DELETE FROM consent"):
            with pytest.raises(DBAPIError, match="append-only"):
                await genba.services.store.write(lambda session, say=statement: session.execute(text(say)))  # type: ignore[misc]

    play(tmp_path, scene)
