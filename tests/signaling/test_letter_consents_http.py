"""What a guest agreed to, seen and taken back by their letter after the call."""

from __future__ import annotations

from pathlib import Path

from field_assist import staff, transcripts
from tests.installation import Browser, Installation, Json, key_of, play
from tests.signaling.recorded_track import recorded
from tests.signaling.test_consents_http import answer, guest_of, read, states
from tests.signaling.test_questions_http import call_with_resident
from tests.signaling.test_recaps_http import code_of, write
from tests.waiting import until

WORDS = "家の前の道がひび割れています"


async def spoken(genba: Installation) -> tuple[Browser, str, str, Json]:
    """A case's call that is over: a resident agreed, and was written down; and their letter."""
    field = await genba.signed_in("F1001")
    case = (await field.post("/cases", {"title": "川辺橋"})).json()["id"]
    call, resident = await call_with_resident(genba, field)
    await field.post(f"/cases/{case}/calls", {"call_id": call})
    await resident.post(f"/calls/{call}/consents/answer", answer(True, "recording", "transcript", "photo"))
    await resident.post(f"/calls/{call}/consents/answer", answer(False, "concierge"))
    identity = await guest_of(field, call)
    speech = transcripts.Speech(identity, "住民", "ja", 1000, 3000)
    words = transcripts.Words(WORDS, "tiny", 0.9, is_doubtful=False)
    await genba.services.store.write(
        lambda session: transcripts.write(session, call, speech, words, genba.clock.at)
    )
    host = await genba.services.store.read(lambda session: staff.by_number(session, "F1001"))
    assert host is not None
    await recorded(genba, call, host.person())
    await genba.services.recording_desk.stop(host.person(), call, "")
    await field.post(f"/calls/{call}/end")
    [guest] = [
        each for each in (await field.get(f"/calls/{call}/recap")).json()["people"] if each["guest_id"]
    ]
    return field, case, call, await write(field, call, guest_id=guest["guest_id"])


def by_purpose(found: Json) -> Json:
    return {each["purpose"]: (each["state"], each["taken"]) for each in found["consents"]}


def test_the_guest_of_a_letter_sees_what_they_agreed_to_and_takes_it_back(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, case, call, letter = await spoken(genba)
        resident, path = genba.browser(), f"/letter/{code_of(letter)}/consents"
        assert (await resident.get(f"/letter/{code_of(letter)}")).json()["has_consents"] is True

        seen = (await resident.get(path, language="ja-easy")).json()
        assert by_purpose(seen) == {
            "recording": ("given", "kept"),
            "transcript": ("given", "kept"),
            "photo": ("given", "kept"),
            "concierge": ("refused", "none"),
        }
        assert seen["consents"][0]["question"] == "この はなしを ろくおん しても いいですか。"

        done = await resident.post(f"{path}/withdraw", {"purposes": ["transcript", "photo"], "delete": True})
        assert done.status_code == 200, done.text
        receipt = done.json()
        assert by_purpose(receipt)["transcript"] == ("withdrawn", "deleted")
        assert by_purpose(receipt)["photo"] == ("withdrawn", "kept")
        assert by_purpose(receipt)["recording"] == ("given", "kept")
        assert receipt["withdrawn"] == ["transcript", "photo"]

        async def is_gone() -> bool:
            return WORDS not in (await field.get(f"/calls/{call}/transcript")).text

        await until(is_gone)
        log = [row for row in await genba.log() if row.action == "letter.withdrawn"]
        assert log[0].detail.startswith(receipt["number"]) and "delete=transcript" in log[0].detail
        timeline = (await field.get(f"/cases/{case}")).json()["timeline"]
        back = [(each["state"], each["text"]) for each in timeline if each["kind"] == "withdrawn"]
        assert sorted(back) == [("delete", "transcript"), ("withdrawn", "transcript,photo")]
        [person] = [each for each in (await read(field, call))["people"] if each["role"] == "resident"]
        assert states(person)["transcript"] == "withdrawn"

        again = await resident.post(f"{path}/withdraw", {"purposes": ["transcript"], "delete": False})
        assert by_purpose(again.json())["transcript"] == ("withdrawn", "deleted")  # a wish to delete stands

    play(tmp_path, scene)


def test_a_legal_hold_keeps_it_locked_away_until_it_ends(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        _, _, call, letter = await spoken(genba)
        chief = await genba.signed_in("S3001")
        held = await chief.post(f"/calls/{call}/transcript/keeping/hold", {"reason": "訴訟"})
        assert held.status_code == 200, held.text
        path = f"/letter/{code_of(letter)}/consents"

        done = await genba.browser().post(f"{path}/withdraw", {"purposes": ["transcript"], "delete": True})

        assert by_purpose(done.json())["transcript"] == ("withdrawn", "held")
        for path in (f"/calls/{call}/transcript", f"/calls/{call}/minutes"):
            assert WORDS not in (await chief.get(path)).text
        assert not (await chief.get("/transcript", words="ひび割れ")).json()["found"]
        kept = await genba.services.store.read(lambda session: transcripts.of_call(session, call))
        assert [line.text for line in kept] == [WORDS]

    play(tmp_path, scene)


def test_a_letter_for_nobody_in_particular_opens_nobody_s_consents(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, _, call, letter = await spoken(genba)
        genba.clock.forward(seconds=1)  # the last letter is the newest one
        other = await write(field, call)
        refused = await genba.browser().get(f"/letter/{code_of(other)}/consents")
        assert key_of(refused) == (404, "letter.not_personal")
        assert (await genba.browser().get(f"/letter/{code_of(other)}")).json()["has_consents"] is False

        strange = await field.post(f"/calls/{call}/letters", {"agreed": "x", "guest_id": "0" * 26})
        assert key_of(strange) == (404, "participant.unknown")
        await field.post(f"/letters/{letter['id']}/revoke")
        over = await genba.browser().get(f"/letter/{code_of(letter)}/consents")
        assert key_of(over) == (410, "letter.over")

    play(tmp_path, scene)
