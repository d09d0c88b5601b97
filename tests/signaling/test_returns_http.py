"""返す over HTTP: given back with a word, on one person's list, and gone when put right."""

from __future__ import annotations

from pathlib import Path

from tests.installation import Browser, Installation, Json, key_of, play
from tests.signaling.test_minutes_http import body, read
from tests.signaling.test_transcripts_http import call_with_lines, lines

WORD: Json = {"revision": 2, "words": "橋の名前をもう一度聞いてください"}


async def listed(browser: Browser) -> list[Json]:
    """What is returned to whoever this is."""
    return list((await browser.get("/returns")).json()["returned"])


def test_a_line_goes_back_to_who_confirmed_it_until_it_is_put_right(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, [line] = await call_with_lines(genba, "端の下です")
        chief = await genba.signed_in("S3001")
        confirm = {"revision": 1, "text": "", "state": "confirmed"}
        await host.post(f"/transcript/lines/{line}", confirm)

        assert key_of(await host.post(f"/transcript/lines/{line}/return", WORD)) == (403, "forbidden")
        answer = await chief.post(f"/transcript/lines/{line}/return", WORD)
        assert answer.status_code == 204, answer.text
        late = await chief.post(f"/transcript/lines/{line}/return", WORD)
        assert key_of(late) == (409, "transcript.changed")

        [mine] = await listed(host)
        assert (mine["kind"], mine["text"], mine["words"], mine["by_name"]) == (
            "line",
            "端の下です",
            WORD["words"],
            "藤代 正和",
        )
        assert await listed(chief) == []
        [shown] = await lines(host, call)
        assert (shown["state"], shown["returned"]["words"]) == ("returned", WORD["words"])
        assert not (await read(host, call))["sentences"][0]["confirmed"]
        assert "record.returned" in [row.action for row in await genba.log()]

        await host.post(
            f"/transcript/lines/{line}", {"revision": 3, "text": "橋の下です", "state": "confirmed"}
        )
        assert await listed(host) == []
        assert (await lines(host, call))[0]["returned"] is None

    play(tmp_path, scene)


def test_what_nobody_else_answered_for_goes_back_to_nobody(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        _, _, [line] = await call_with_lines(genba, "橋の下です")
        chief = await genba.signed_in("S3001")
        back = WORD | {"revision": 1}
        assert key_of(await chief.post(f"/transcript/lines/{line}/return", back)) == (409, "return.nobody")
        await chief.post(f"/transcript/lines/{line}", {"revision": 1, "text": "", "state": "confirmed"})
        assert key_of(await chief.post(f"/transcript/lines/{line}/return", WORD)) == (409, "return.nobody")

    play(tmp_path, scene)


def test_minutes_go_back_and_are_put_right_by_confirming_them_anew(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        host, call, _ = await call_with_lines(genba, "橋の下です")
        chief = await genba.signed_in("S3001")
        back = WORD | {"revision": 1}
        await host.post(f"/calls/{call}/minutes", body(await read(host, call), confirmed=True))

        assert (await chief.post(f"/calls/{call}/minutes/return", back)).status_code == 204
        assert key_of(await chief.post(f"/calls/{call}/minutes/return", back)) == (409, "return.nobody")

        assert [each["kind"] for each in await listed(host)] == ["minutes"]
        found = await read(host, call)
        assert (found["returned"]["words"], found["may_return"]) == (WORD["words"], False)
        await host.post(f"/calls/{call}/minutes", body(found))
        assert await listed(host)  # a draft answers for nothing
        await host.post(f"/calls/{call}/minutes", body(await read(host, call), confirmed=True))
        assert await listed(host) == []

    play(tmp_path, scene)
