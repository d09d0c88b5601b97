"""Questions of residents over HTTP: noted in the call, owned, answered, and taken home in the letter."""

from __future__ import annotations

from pathlib import Path

from tests.installation import Browser, Installation, key_of, play


async def call_with_resident(
    genba: Installation, field: Browser, kind: str = "resident"
) -> tuple[str, Browser]:
    call = str((await field.post("/calls", {})).json()["call"]["id"])
    url = (await field.post(f"/calls/{call}/invitations", {"name": "田中", "kind": kind})).json()["url"]
    resident = genba.browser()
    assert (await resident.post(f"/join/{url.rpartition('/')[2]}", {})).status_code == 200
    return call, resident


def test_a_resident_asks_and_the_owner_answers_and_the_letter_takes_both_along(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)

        asked = (await resident.post(f"/calls/{call}/questions", {"text": "いつ直りますか"})).json()
        assert asked["owners"] == [], "whom else the office has is nothing for guests"
        [owed] = (await field.get("/questions")).json()["questions"]
        assert (owed["text"], owed["asked_name"]) == ("いつ直りますか", "田中")
        assert owed["owner"]["name"] == "早瀬 美咲"

        change = {"text": owed["text"], "owner_id": owed["owner"]["id"], "due_on": "2026-12-04"}
        await field.post(f"/questions/{owed['id']}", change | {"answer": "3月です", "state": "answered"})

        [seen] = (await resident.get(f"/calls/{call}/questions")).json()["questions"]
        assert (seen["answer"], seen["state"], seen["own"]) == ("3月です", "answered", True)
        assert (await field.get("/questions")).json()["questions"] == []
        letter = (await field.post(f"/calls/{call}/letters", {})).json()["letters"][0]
        shown = (await genba.browser().get(f"/letter/{letter['url'].rpartition('/')[2]}")).json()
        assert shown["questions"] == [{"text": "いつ直りますか", "answer": "3月です", "due_on": "2026-12-04"}]

    play(tmp_path, scene)


def test_a_chat_line_becomes_a_question_once(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        said = (await resident.post(f"/calls/{call}/messages", {"text": "費用は?"})).json()["messages"][0]

        for _ in range(2):
            noted = await field.post(f"/calls/{call}/questions", {"message_id": said["id"]})
            assert noted.status_code == 201

        [question] = noted.json()["questions"]
        assert (question["text"], question["asked_name"]) == ("費用は?", "田中")
        other, _ = await call_with_resident(genba, field)
        stolen = await field.post(f"/calls/{other}/questions", {"message_id": said["id"]})
        assert key_of(stolen) == (404, "not_found")

    play(tmp_path, scene)


def test_a_question_is_handed_to_a_colleague_who_finds_it_on_their_home(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, expert = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        call, _ = await call_with_resident(genba, field)
        [noted] = (await field.post(f"/calls/{call}/questions", {"text": "強度は?"})).json()["questions"]
        them = (await field.get("/staff", q="X2001")).json()[0]["id"]
        change = {"text": "強度は?", "owner_id": them, "state": "open", "due_on": "2026-11-20"}

        await field.post(f"/questions/{noted['id']}", change)

        [owed] = (await expert.get("/questions")).json()["questions"]
        assert owed["due_on"] == "2026-11-20"
        answered = await expert.post(
            f"/questions/{noted['id']}", change | {"answer": "十分", "state": "answered"}
        )
        assert answered.status_code == 200, "the owner answers, also of a call they were not in"
        unsaid = await field.post(f"/questions/{noted['id']}", change | {"state": "answered"})
        assert unsaid.status_code == 422

    play(tmp_path, scene)


def test_a_partner_does_not_read_what_the_resident_asked(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, partner = await call_with_resident(genba, field, "partner")
        await field.post(f"/calls/{call}/questions", {"text": "世帯の収入は?"})
        await partner.post(f"/calls/{call}/questions", {"text": "資材は?"})

        seen = (await partner.get(f"/calls/{call}/questions")).json()["questions"]

        assert [question["text"] for question in seen] == ["資材は?"]

    play(tmp_path, scene)
