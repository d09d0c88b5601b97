"""The transcript over HTTP: reading, correcting, confirming, masking; what was taken back is deleted."""

from __future__ import annotations

from pathlib import Path

from field_assist import Purpose, transcripts
from tests.installation import Browser, Installation, Json, play
from tests.waiting import until


async def call_with_lines(genba: Installation, *texts: str) -> tuple[Browser, str, list[str]]:
    """A call of F1001's, in which F1001 said this, and the ids of the lines."""
    host = await genba.signed_in("F1001")
    me = (await host.get("/me")).json()["person"]
    call = str((await host.post("/calls", {"topic": "road"})).json()["call"]["id"])
    ids = []
    for number, text in enumerate(texts):
        speech = transcripts.Speech(f"S-{me['id']}", me["name"], "ja", number * 1000, number * 1000 + 900)
        words = transcripts.Words(text, "whisper small", 0.8, False)
        row = await genba.services.store.write(
            lambda session, speech=speech, words=words: transcripts.write(  # type: ignore[misc]
                session, call, speech, words, genba.clock.at
            )
        )
        ids.append(row.line_id)
    return host, call, ids


async def lines(browser: Browser, call: str) -> list[Json]:
    return list((await browser.get(f"/calls/{call}/transcript")).json()["lines"])


def test_without_an_engine_the_page_is_told_why(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, _ = await call_with_lines(genba)
        answer = (await host.get(f"/calls/{call}/transcript")).json()
        assert answer == {"engine": "not_set_up", "lines": []}
        assert (await genba.browser().get("/public")).json()["captions"] is False

    play(tmp_path, scene)


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, _ = await call_with_lines(genba)
        assert (await host.get(f"/calls/{call}/transcript")).json()["engine"] == "no_model"

    play(tmp_path, scene, transcription_model="small")


def test_a_correction_is_a_new_revision_and_the_old_one_stays(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, [line] = await call_with_lines(genba, "端の下です")

        body = {"revision": 1, "text": "橋の下です", "state": "confirmed"}
        answer = await host.post(f"/transcript/lines/{line}", body)
        assert answer.status_code == 200, answer.text
        late = await host.post(f"/transcript/lines/{line}", body)
        assert (late.status_code, late.json()["error"]["key"]) == (409, "transcript.changed")

        [now] = await lines(host, call)
        assert (now["text"], now["state"], now["revision"]) == ("橋の下です", "confirmed", 2)
        before = (await host.get(f"/transcript/lines/{line}")).json()["revisions"]
        assert [(each["text"], each["state"]) for each in before] == [
            ("端の下です", "automatic"),
            ("橋の下です", "confirmed"),
        ]
        assert [row.action for row in await genba.log()][-2:] == ["transcript.confirmed", "transcript.read"]

    play(tmp_path, scene)


def test_a_page_that_asks_at_every_hint_reads_once_until_it_was_away(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, _ = await call_with_lines(genba, "橋の下です")

        async def readings() -> int:
            return [row.action for row in await genba.log()].count("transcript.read")

        for _ in range(3):
            await lines(host, call)
        assert await readings() == 1
        genba.clock.forward(minutes=9)
        await lines(host, call)
        assert await readings() == 1
        genba.clock.forward(minutes=11)
        await lines(host, call)
        assert await readings() == 2

    play(tmp_path, scene)


def test_many_lines_are_confirmed_at_once_or_none(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, [one, other] = await call_with_lines(genba, "はい", "いいえ")
        both = {"lines": [{"id": one, "revision": 1}, {"id": other, "revision": 1}]}
        stale = {"lines": [{"id": one, "revision": 1}, {"id": other, "revision": 2}]}

        assert (await host.post("/transcript/confirm", stale)).status_code == 404
        assert {line["state"] for line in await lines(host, call)} == {"automatic"}
        assert (await host.post("/transcript/confirm", both)).status_code == 200
        assert {line["state"] for line in await lines(host, call)} == {"confirmed"}

    play(tmp_path, scene)


def test_a_telephone_number_is_proposed_for_masking_until_it_is_masked(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, [line] = await call_with_lines(genba, "電話は〇九〇、一二三四です")
        [read] = await lines(host, call)
        assert read["proposals"] == []  # not a whole number

        body = {"revision": 1, "text": "電話は090-1234-5678です", "state": "automatic"}
        await host.post(f"/transcript/lines/{line}", body)
        [read] = await lines(host, call)
        assert read["proposals"] == [{"start": 3, "end": 16, "kind": "phone"}]

        body = {"revision": 2, "text": "電話は■■■です", "state": "masked"}
        assert (await host.post(f"/transcript/lines/{line}", body)).json()["proposals"] == []

    play(tmp_path, scene)


def test_words_are_found_in_the_calls_one_may_read_and_in_no_other(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, [line, _] = await call_with_lines(genba, "橋の下に100%ひびがあります", "はい")
        stranger = await genba.signed_in("X2002")

        [found] = (await host.get("/transcript", words="100%ひび")).json()["found"]
        assert (found["call_id"], found["line"]["id"]) == (call, line)
        assert (await stranger.get("/transcript", words="ひび")).json() == {"found": []}
        body = {"revision": 1, "text": "橋の下です", "state": "confirmed"}
        await host.post(f"/transcript/lines/{line}", body)
        assert (await host.get("/transcript", words="ひび")).json() == {"found": []}
        assert (await host.get("/transcript", words="%")).json() == {"found": []}

    play(tmp_path, scene)


def test_what_somebody_wants_deleted_is_deleted_with_every_revision(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, _ = await call_with_lines(genba, "消してください")
        for yes in (True, False):
            body = {"purposes": [Purpose.TRANSCRIPT.value], "yes": yes, "text_version": "1"}
            assert (await host.post(f"/calls/{call}/consents/answer", body)).status_code == 200
        settled = {"purposes": [Purpose.TRANSCRIPT.value], "keep": False}
        assert (await host.post(f"/calls/{call}/consents/settle", settled)).status_code == 200

        async def is_deleted() -> bool:
            return "transcript.deleted" in [row.action for row in await genba.log()]

        await until(is_deleted)
        assert await lines(host, call) == []

    play(tmp_path, scene)
