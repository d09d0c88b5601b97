"""会議録 over HTTP: drafted from the record with its seconds, saved in versions, obeying a withdrawal."""

from __future__ import annotations

from pathlib import Path

from field_assist import Purpose
from tests.installation import Browser, Installation, Json, key_of, play
from tests.signaling.test_transcripts_http import call_with_lines
from tests.waiting import until


async def read(browser: Browser, call: str, **more: int) -> Json:
    """The minutes as they are answered."""
    answer = await browser.get(f"/calls/{call}/minutes", **more)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def body(found: Json, **more: object) -> Json:
    """What a page sends back of minutes it read."""
    form = {name: found[name] for name in ("subject", "held", "place", "attendees")}
    said = [
        {name: each[name] for name in each if name not in ("confirmed", "redaction")}
        for each in found["sentences"]
    ]
    return form | {"version": found["newest"], "sentences": said} | more


def test_a_draft_cites_the_second_of_each_sentence_and_marks_what_nobody_confirmed(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, [line, _] = await call_with_lines(genba, "橋の下です", "ひびがあります")
        confirmed = {"revision": 1, "text": "", "state": "confirmed"}
        await host.post(f"/transcript/lines/{line}", confirmed)
        await host.post(f"/calls/{call}/questions", {"text": "いつ直りますか"})

        found = await read(host, call)

        assert (found["version"], found["versions"]) == (0, [])
        assert found["held"].startswith("令和8年11月24日（火）10時")
        assert "早瀬 美咲（" in found["attendees"]
        talk = [each for each in found["sentences"] if each["part"] == "talk"]
        assert [(each["text"], each["at_ms"], each["confirmed"]) for each in talk] == [
            ("橋の下です", 0, True),
            ("ひびがあります", 1000, False),
        ]
        [owed] = [each for each in found["sentences"] if each["part"] == "owed"]
        assert "いつ直りますか" in owed["text"] and owed["origin"] == "question"
        assert (await genba.log())[-1].action == "minutes.read"

    play(tmp_path, scene)


def test_every_version_is_kept_and_two_who_write_do_not_undo_one_another(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, _ = await call_with_lines(genba, "橋の下です")
        chief = await genba.signed_in("S3001")
        draft = await read(host, call)
        by_hand = {"part": "decided", "text": "明日また見る", "at_ms": 900, "speaker": "早瀬 美咲"}

        first = await host.post(
            f"/calls/{call}/minutes", body(draft, sentences=[*body(draft)["sentences"], by_hand])
        )
        late = await chief.post(f"/calls/{call}/minutes", body(draft))
        second = await chief.post(
            f"/calls/{call}/minutes", body(first.json(), place="川辺橋", confirmed=True)
        )

        assert key_of(late) == (409, "minutes.changed")
        assert (first.json()["version"], first.json()["confirmed"]) == (1, False)
        assert (second.json()["version"], second.json()["confirmed"]) == (2, True)
        assert [each["author_name"] for each in second.json()["versions"]] == ["早瀬 美咲", "藤代 正和"]
        assert (await read(host, call, version=1))["place"] == draft["place"]
        assert (await read(host, call))["sentences"][-1]["text"] == "明日また見る"
        assert (await read(host, call, version=0))["sentences"] == draft["sentences"]
        assert key_of(await host.get(f"/calls/{call}/minutes", version=7)) == (404, "minutes.unknown")
        actions = [row.action for row in await genba.log()]
        assert "minutes.saved" in actions and "minutes.confirmed" in actions

    play(tmp_path, scene)


def test_a_sentence_cites_no_line_of_another_call(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, _ = await call_with_lines(genba, "橋の下です")
        other = (await host.post("/calls", {"topic": "road"})).json()["call"]["id"]
        elsewhere = body(await read(host, call), version=0)
        assert key_of(await host.post(f"/calls/{other}/minutes", elsewhere)) == (404, "transcript.unknown")

    play(tmp_path, scene)


def test_a_line_that_is_masked_later_is_masked_in_every_version_before(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, [line] = await call_with_lines(genba, "電話は090-1234-5678です")
        assert (await host.post(f"/calls/{call}/minutes", body(await read(host, call)))).status_code == 200
        genba.clock.forward(seconds=1)
        masked = {"revision": 1, "text": "電話は■■■です", "state": "masked"}
        assert (await host.post(f"/transcript/lines/{line}", masked)).status_code == 200

        for found in (
            await read(host, call),
            await read(host, call, version=1),
            await read(host, call, disclosure=1),
        ):
            assert [each["text"] for each in found["sentences"]] == ["電話は■■■です"]

    play(tmp_path, scene)


def test_what_somebody_has_deleted_goes_from_every_version(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, _ = await call_with_lines(genba, "消してください")
        for _ in range(2):
            newest = await read(host, call)
            assert (await host.post(f"/calls/{call}/minutes", body(newest))).status_code == 200
        for yes in (True, False):
            answer = {"purposes": [Purpose.TRANSCRIPT.value], "yes": yes, "text_version": "1"}
            assert (await host.post(f"/calls/{call}/consents/answer", answer)).status_code == 200
        settled = {"purposes": [Purpose.TRANSCRIPT.value], "keep": False}
        assert (await host.post(f"/calls/{call}/consents/settle", settled)).status_code == 200

        async def is_gone() -> bool:
            found = [await read(host, call, version=number) for number in (1, 2)]
            return all(each["sentences"][0]["origin"] == "withdrawn" for each in found)

        await until(is_gone)
        [left] = (await read(host, call))["sentences"]
        assert (left["text"], left["speaker"]) == ("", "")

    play(tmp_path, scene)
