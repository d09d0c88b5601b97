"""The concierge over HTTP: typed and said; with why and whose; and nothing of what nobody agreed to."""

from __future__ import annotations

from pathlib import Path

from field_assist import Session, concierge
from tests.installation import Browser, Installation, Json, play
from tests.signaling.test_consents_http import answer
from tests.signaling.test_transcripts_http import call_with_lines

HEADINGS = (
    "全国地方公共団体コード,ID,地方公共団体の名称,タイトル（制度名）,制度概要,実施組織・支援機関,最終更新日,"
    "x_こんなとき"
)
ROWS = (
    "992011,P016,あまね県あまね市,高齢者補聴器購入費助成,補聴器の購入費を助成します。,高齢福祉課,2026-11-16,"
    "母が何度も聞き返す;テレビの音が大きい",
    "990001,P033,あまね県,食料支援(フードパントリー),食べ物に困っている人に配ります。,地域福祉課,2026-11-16,"
    "冷蔵庫が空っぽ;今日食べるものがない",
)


async def bring(genba: Installation, *rows: str) -> int:
    """Take a list of programmes into the catalogue and the index; how many entries that touched."""
    origin = concierge.lists.Origin("あまね県", "CC BY 4.0", genba.clock.at, "990001")
    content = "\n".join((HEADINGS, *rows)).encode()

    def work(session: Session) -> None:
        row = concierge.catalogue.by_name(session, "programmes")
        known = concierge.intake.known(session, concierge.entries.Kind.PROGRAMME)
        with concierge.intake.Prepared(content, origin, lambda _: known, row) as prepared:
            concierge.intake.take_in(session, "programmes", prepared, genba.clock.at, may_shrink=True)

    await genba.services.store.write(work)
    return await genba.services.concierge.search.follow()


async def ask(browser: Browser, path: str, text: str) -> Json:
    answer = await browser.post(path, {"text": text})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_need_is_met_with_why_whose_and_how_old(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, *ROWS)

        found = await ask(genba.browser(), "/services/search", "おふくろが聞き返してばかりいる")

        first = found["matches"][0]
        assert (first["id"], first["owner"], first["contact"]) == (
            "992011-P016",
            "あまね県あまね市",
            "高齢福祉課",
        )
        assert first["updated"] == "2026-11-16"
        assert {"why": "need", "words": "母が何度も聞き返す"} in first["reasons"]
        assert not found["is_sensitive"]

    play(tmp_path, scene, has_processes=True)


def test_whoever_is_in_distress_is_shown_people_and_no_services(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, *ROWS)
        found = await ask(genba.browser(), "/services/search", "夫に殴られて、家に帰れない")
        assert (found["matches"], found["is_sensitive"]) == ([], True)
        assert "#8008" in [desk["phone"] for desk in found["desks"]]

    play(tmp_path, scene, concierge_meaning=False)


def test_the_index_follows_what_changes_and_what_goes(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, *ROWS)
        assert await genba.services.concierge.search.follow() == 0

        genba.clock.forward(seconds=60)
        assert await bring(genba, ROWS[0].replace("聞き返す", "ゴルフに行きたがる")) == 2

        stranger = genba.browser()
        found = await ask(stranger, "/services/search", "ゴルフに行きたい")
        assert found["matches"][0]["id"] == "992011-P016"
        gone = await ask(stranger, "/services/search", "冷蔵庫が空っぽ")
        assert "990001-P033" not in [match["id"] for match in gone["matches"]]

    play(tmp_path, scene, concierge_meaning=False)


def test_nothing_is_derived_from_speech_until_its_speaker_agrees(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, *ROWS)
        host, call, _ = await call_with_lines(genba, "母が何度も聞き返すんです")
        path = f"/calls/{call}/suggestions"

        before = (await host.get(path)).json()
        assert (before["is_consented"], before["words"], before["found"]["matches"]) == (False, "", [])

        await agree(host, call, is_yes=True)
        now = (await host.get(path)).json()
        assert (now["is_consented"], now["words"]) == (True, "母が何度も聞き返すんです")
        assert [match["id"] for match in now["found"]["matches"]] == ["992011-P016"]

        await agree(host, call, is_yes=False)
        after = (await host.get(path)).json()
        assert (after["is_consented"], after["words"], after["found"]["matches"]) == (False, "", [])

    play(tmp_path, scene, concierge_meaning=False)


async def agree(host: Browser, call: str, *, is_yes: bool) -> None:
    path = f"/calls/{call}/consents/answer"
    said = await host.post(path, answer(is_yes, "concierge"))
    assert said.status_code == 200, said.text
