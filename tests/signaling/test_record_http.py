"""The record of a call over HTTP: what people agreed to and what was shown, and that reading it is known."""

from __future__ import annotations

from pathlib import Path

from tests.installation import Installation, key_of, play
from tests.signaling.test_consents_http import answer, guest_of
from tests.signaling.test_questions_http import call_with_resident
from tests.signaling.test_view_http import board


def test_a_record_says_who_agreed_when_and_what_stood_before_them(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field = await genba.signed_in("F1001")
        call, resident = await call_with_resident(genba, field)
        await field.post(f"/calls/{call}/consents/ask", {"purposes": ["recording"]})
        await resident.post(f"/calls/{call}/consents/answer", answer(True))
        surface = await board(field, call)
        genba.clock.forward(minutes=2)
        await field.post(f"/calls/{call}/view/take-away")
        entered = answer(False, "transcript", identity=await guest_of(field, call))
        await field.post(f"/calls/{call}/consents/answer", entered)
        await field.post(f"/calls/{call}/end")

        record = (await field.get(f"/calls/{call}/record")).json()

        steps = [(each["name"], each["step"], each["by_name"]) for each in record["consents"]]
        assert steps == [
            ("", "asked", "早瀬 美咲"),
            ("田中", "given", None),
            ("田中", "refused", "早瀬 美咲"),
        ]
        [shown] = record["shown"]
        assert (shown["surface"], shown["presenter_name"]) == (surface, "早瀬 美咲")
        assert (shown["started_at"], shown["ended_at"]) == ("2026-11-24T01:08:30Z", "2026-11-24T01:10:30Z")
        assert record["ended_at"] == "2026-11-24T01:10:30Z"
        assert (await genba.log())[-1].action == "record.read"
        stranger = await genba.signed_in("X2002")
        assert key_of(await stranger.get(f"/calls/{call}/record")) == (404, "call.unknown")

    play(tmp_path, scene)
