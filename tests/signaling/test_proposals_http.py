"""What the concierge may learn, over HTTP: words a keeper of the catalogue takes, dismisses, or undoes."""

from __future__ import annotations

from pathlib import Path

from tests.installation import Browser, Installation, Json, key_of, play
from tests.signaling.test_cards_http import HEARING, show
from tests.signaling.test_concierge_http import ROWS, agree, ask, bring
from tests.signaling.test_transcripts_http import call_with_lines

PATH = "/admin/catalogue/proposals"


async def waiting(keeper: Browser) -> list[Json]:
    return list((await keeper.get(PATH)).json()["waiting"])


def test_words_that_led_to_an_entry_become_a_need_only_when_somebody_takes_them(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, *ROWS)
        host, call, _ = await call_with_lines(genba)
        keeper = await genba.signed_in("A9001")
        typed = "ばあちゃんがテレビの前でじっとしている、電話は090-1234-5678"
        assert (await ask(host, "/concierge/search", typed))["matches"][:1] != []
        await show(host, call, found_by="typed", words=typed)
        await host.post("/concierge/rejections", {"text": typed, **HEARING})

        [proposal] = [one for one in await waiting(keeper) if one["entry_key"]]
        assert (proposal["shown"], proposal["rejected"], proposal["title"]) == (
            1,
            1,
            "高齢者補聴器購入費助成",
        )
        assert "1234" not in proposal["words"]
        assert await genba.services.concierge.search.follow() == 0, "nothing is learnt by itself"

        taken = await keeper.post(f"{PATH}/{proposal['id']}", {"decision": "take"})
        assert taken.json()["taken"][0]["words"] == proposal["words"]
        assert await genba.services.concierge.search.follow() == 1
        found = await ask(genba.browser(), "/services/search", "テレビの前でじっとしている")
        assert (found["matches"][0]["id"], found["matches"][0]["is_close_only"]) == (HEARING["id"], False)
        again = await keeper.post(f"{PATH}/{proposal['id']}", {"decision": "dismiss"})
        assert key_of(again)[0] == 409

        await keeper.post(f"{PATH}/{proposal['id']}", {"decision": "open"})
        assert await genba.services.concierge.search.follow() == 1
        actions = [row.action for row in await genba.log()]
        assert {"need.taken", "need.opened"} <= set(actions)

    play(tmp_path, scene, concierge_meaning=False)


def test_what_found_nothing_is_counted_and_taken_for_another_entry(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, *ROWS)
        host, keeper = await genba.signed_in("F1001"), await genba.signed_in("A9001")
        for _ in range(2):
            await ask(host, "/concierge/search", "ぴよぴよカードはどこでもらえる")

        [missed] = await waiting(keeper)
        assert (missed["missed"], missed["entry_key"]) == (2, "")
        path = f"{PATH}/{missed['id']}"
        assert key_of(await keeper.post(path, {"decision": "take"}))[0] == 404
        chosen = {"decision": "take", "kind": "programme", "entry_key": "990001-P033"}
        assert (await keeper.post(path, chosen)).json()["taken"][0]["title"] == "食料支援(フードパントリー)"

    play(tmp_path, scene, concierge_meaning=False)


def test_nothing_said_aloud_and_nothing_sensitive_is_kept(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, *ROWS)
        host, call, _ = await call_with_lines(genba, "母が何度も聞き返すんです")
        await agree(host, call, is_yes=True)
        await show(host, call, found_by="talk")
        await ask(host, "/concierge/search", "夫に殴られて、家に帰れない")
        await host.post("/concierge/rejections", {"text": "借金が返せない", **HEARING})

        assert await waiting(await genba.signed_in("A9001")) == []

    play(tmp_path, scene, concierge_meaning=False)


def test_what_contradicts_itself_is_told_as_it_is_now(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        keeper = await genba.signed_in("A9001")
        assert (await keeper.get("/admin/catalogue/contradictions")).json() == {"contradictions": []}
        await bring(genba, ROWS[0].replace("2026-11-16", "2026-11-16"))
        events = "ID,イベント名,開始日,場所名称,x_施設ID\nE1,相談会,2026-12-05,公民館,F999\n".encode()
        path = "/admin/catalogue?name=events&check=false&licence=CC BY 4.0&owner_code=992011"
        brought = await keeper.client.put(
            f"/api{path}",
            content=events,
            headers={"Origin": keeper.origin, "X-CSRF-Token": keeper.csrf, "Sec-Fetch-Site": "same-origin"},
        )
        assert brought.json()["taken"], brought.text

        [found] = (await keeper.get("/admin/catalogue/contradictions")).json()["contradictions"]
        assert (found["clash"], found["who"]["entry_id"], found["words"]) == (
            "no_such_facility",
            "E1",
            "F999",
        )

    play(tmp_path, scene, concierge_meaning=False)
