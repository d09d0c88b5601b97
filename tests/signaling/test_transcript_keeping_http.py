"""How long what was said stays written down, over HTTP: drafts go, the record stays, a hold keeps all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from field_assist import Purpose, transcript_keeping, transcripts
from tests.installation import Browser, Installation, Json, play
from tests.signaling.test_transcripts_http import call_with_lines, lines


async def ended_call(genba: Installation, *texts: str) -> tuple[Browser, Browser, str, list[str]]:
    """F1001 and their supervisor, a call that is over, and its lines: the first one confirmed."""
    host, call, ids = await call_with_lines(genba, *texts)
    body = {"revision": 1, "text": "", "state": "confirmed"}
    assert (await host.post(f"/transcript/lines/{ids[0]}", body)).status_code == 200
    assert (await host.post(f"/calls/{call}/end")).status_code == 200
    return host, await genba.signed_in("S3001"), call, ids


async def pass_days(genba: Installation, days: float) -> None:
    """So much later, after housekeeping."""
    genba.clock.forward(days=days)
    await genba.services.transcript_desk.keeping.tidy()


async def again(genba: Installation, staff_no: str) -> Browser:
    """Signed in anew: days have passed."""
    return await genba.signed_in(staff_no)


async def keeping(browser: Browser, call: str) -> Json:
    answer = await browser.get(f"/calls/{call}/transcript/keeping")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def decide(browser: Browser, call: str, act: str, body: Json | None = None) -> int:
    return int((await browser.post(f"/calls/{call}/transcript/keeping/{act}", body)).status_code)


def test_drafts_go_thirty_days_after_the_record_was_confirmed_and_the_record_stays(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, boss, call, [kept, *_] = await ended_call(genba, "橋の下です", "えーと", "はい")
        store = genba.services.store
        before = await store.read(lambda session: transcript_keeping.drafts(session, call))
        assert (await keeping(host, call))["may_decide"] is False
        assert await decide(host, call, "confirm") == 403
        assert await decide(boss, call, "confirm") == 200
        found = await keeping(boss, call)
        assert (found["drafts"], found["may_decide"], found["disposals"]) == (2, True, [])
        assert found["due_at"] == (genba.clock.at + timedelta(days=30)).isoformat().replace("+00:00", "Z")

        await pass_days(genba, 29.9)
        host = await again(genba, "F1001")
        assert len(await lines(host, call)) == 3
        await pass_days(genba, 0.2)
        host = await again(genba, "F1001")
        [line] = await lines(host, call)
        assert (line["id"], line["state"]) == (kept, "confirmed")
        found = await keeping(host, call)
        assert found["drafts"] == 0
        [disposal] = found["disposals"]
        assert (disposal["lines"], disposal["sha256"]) == (2, transcript_keeping.fingerprint(before))
        [row] = [row for row in await genba.log() if row.action == "transcript.disposed"]
        assert (row.object, row.reason, row.detail) == (call, "retention", "2")

        await pass_days(genba, 400)
        assert len((await keeping(await again(genba, "F1001"), call))["disposals"]) == 1

    play(tmp_path, scene)


def test_drafts_of_a_record_nobody_confirms_go_after_half_a_year(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        _, _, call, _ = await ended_call(genba, "橋の下です", "えーと")
        await pass_days(genba, 179)
        assert len(await lines(await again(genba, "F1001"), call)) == 2
        await pass_days(genba, 2)
        assert len(await lines(await again(genba, "F1001"), call)) == 1

    play(tmp_path, scene)


def test_a_hold_keeps_every_word_even_those_that_somebody_wants_deleted(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, ids = await call_with_lines(genba, "消してください", "はい")
        boss = await genba.signed_in("S3001")
        assert await decide(boss, call, "hold", {"reason": ""}) == 422
        assert await decide(boss, call, "hold", {"reason": "訴訟のため"}) == 200
        for yes in (True, False):
            body = {"purposes": [Purpose.TRANSCRIPT.value], "yes": yes, "text_version": "1"}
            assert (await host.post(f"/calls/{call}/consents/answer", body)).status_code == 200
        settled = {"purposes": [Purpose.TRANSCRIPT.value], "keep": False}
        assert (await host.post(f"/calls/{call}/consents/settle", settled)).status_code == 200
        assert (await host.post(f"/calls/{call}/end")).status_code == 200
        await pass_days(genba, 300)

        boss = await again(genba, "S3001")
        found = await keeping(boss, call)
        assert (found["hold_reason"], found["due_at"], found["drafts"]) == ("訴訟のため", None, len(ids))
        assert await decide(boss, call, "release") == 200
        await pass_days(genba, 0)
        assert await lines(boss, call) == []
        actions = [row.action for row in await genba.log()]
        assert actions.count("transcript.held") == actions.count("transcript.released") == 1
        assert "transcript.deleted" in actions and "transcript.disposed" not in actions

    play(tmp_path, scene)


def test_a_line_confirmed_in_time_is_not_a_draft_any_more(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, boss, call, [_, other] = await ended_call(genba, "橋の下です", "はい")
        assert await decide(boss, call, "confirm") == 200
        body = {"revision": 1, "text": "", "state": "masked"}
        assert (await host.post(f"/transcript/lines/{other}", body)).status_code == 200
        await pass_days(genba, 31)
        host = await again(genba, "F1001")
        assert [line["state"] for line in await lines(host, call)] == ["confirmed", "masked"]
        assert (await keeping(host, call))["disposals"] == []
        rows = await genba.services.store.read(lambda session: transcripts.revisions(session, other))
        assert len(rows) == 2

    play(tmp_path, scene)
