"""Searching what was decided and said: only what one may see, and nobody else's hits push one's own out."""

from __future__ import annotations

from pathlib import Path

import pytest

from field_assist import transcripts
from tests.installation import Browser, Installation, key_of, play
from tests.signaling.test_decisions_http import Scene
from tests.signaling.test_transcripts_http import call_with_lines


async def found(browser: Browser, words: str) -> list[str]:
    """The numbers of the decisions that are found."""
    answer = await browser.get("/decisions", words=words)
    assert answer.status_code == 200, answer.text
    return [each["number"] for each in answer.json()["decisions"]]


def test_a_decision_is_found_by_the_words_people_wrote_in_it(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        number = (await here.propose(reason='いわゆる"応急"の\\n措置'))["number"]

        for words in ("計測器", "全面通行止め", "道路法第42条", '"応急"', "12時まで", number):
            assert await found(here.host, words) == [number], words
            assert await found(here.chief, words) == [number], words
        for words in ("supersedes", "traffic", "起案", "%", "別の橋"):
            assert await found(here.host, words) == [], words
        assert [row.action for row in await genba.log()][-1] == "decision.searched"
        assert (await here.host.get("/decisions", words="")).status_code == 422

    play(tmp_path, scene)


def test_who_may_not_see_a_decision_does_not_find_it_and_who_is_asked_does(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        stranger = await genba.signed_in("X2002")
        number = (await here.propose())["number"]
        assert await found(stranger, "計測器") == []
        admin = await genba.signed_in("A9001")
        assert await found(admin, "計測器") == []
        assert await found(here.chief, "計測器") == [number]
        assert key_of(await genba.browser().get("/decisions", words="計測器")) == (401, "signed_out")

    play(tmp_path, scene)


def test_hits_in_the_calls_of_others_push_none_of_ones_own_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcripts, "MOST_FOUND", 2)

    async def scene(genba: Installation) -> None:
        host, _, [mine] = await call_with_lines(genba, "橋にひびがあります")
        other = await genba.signed_in("X2002")
        theirs = (await other.post("/calls", {"topic": ""})).json()["call"]["id"]
        for number in range(3):
            speech = transcripts.Speech("S-x", "別の人", "ja", number * 1000, number * 1000 + 900)
            words = transcripts.Words("ひびの話", "test", 0.9, False)
            await genba.services.store.write(
                lambda session, speech=speech, words=words: transcripts.write(  # type: ignore[misc]
                    session, theirs, speech, words, genba.clock.at
                )
            )
        hits = (await host.get("/transcript", words="ひび")).json()["found"]
        assert [each["line"]["id"] for each in hits] == [mine]

    play(tmp_path, scene)
