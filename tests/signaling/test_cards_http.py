"""Cards over HTTP: shown, seen, taken back; for late joiners, after the call, in the letter and on record."""

from __future__ import annotations

from pathlib import Path

from tests.installation import Browser, Installation, Json, key_of, play
from tests.signaling.test_concierge_http import ROWS, agree, bring
from tests.signaling.test_recaps_http import code_of, write
from tests.signaling.test_transcripts_http import call_with_lines

HEARING = {"id": "992011-P016", "kind": "programme"}


async def invited(genba: Installation, host: Browser, call: str) -> tuple[Browser, str]:
    """A resident who went in, and their code."""
    link = (await host.post(f"/calls/{call}/invitations", {"name": "田中", "kind": "resident"})).json()
    code = str(link["url"]).rpartition("/")[2]
    resident = genba.browser("198.51.100.9")
    answer = await resident.post(f"/join/{code}", {})
    assert answer.status_code == 200, answer.text
    return resident, code


async def show(host: Browser, call: str, **more: str) -> Json:
    answer = await host.post(f"/calls/{call}/services", {**HEARING, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["cards"][-1])


def test_a_card_reaches_the_resident_and_staff_learn_that_it_was_seen(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, *ROWS)
        host, call, _ = await call_with_lines(genba)
        resident, _ = await invited(genba, host, call)
        genba.rooms.present[call] = ["S-1", "G-1"]

        shown = await show(host, call, found_by="typed", words="母が何度も聞き返す")

        assert genba.rooms.sent[-1] == (call, {"changed": True}, "genba.cards")
        assert genba.rooms.addressed[-1] == ("S-1", "G-1")
        [got] = (await resident.get(f"/calls/{call}/cards")).json()["cards"]
        assert (got["card"]["owner"], got["card"]["updated"]) == ("あまね県あまね市", "2026-11-16")
        assert got["card"]["reasons"] == [{"why": "words", "words": "返す"}]
        assert got["seen"] == []

        path = f"/calls/{call}/cards/{shown['card_id']}"
        assert (await resident.post(f"{path}/seen")).status_code == 200
        assert (await resident.post(f"{path}/seen")).status_code == 200
        [known] = (await host.get(f"/calls/{call}/cards")).json()["cards"]
        assert len(known["seen"]) == 1
        actions = [row.action for row in await genba.log()]
        assert (actions.count("service.shown"), actions.count("service.seen")) == (1, 1)

    play(tmp_path, scene, concierge_meaning=False)


def test_what_is_put_away_is_the_residents_no_more_and_stays_on_record(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, *ROWS)
        host, call, _ = await call_with_lines(genba)
        resident, _ = await invited(genba, host, call)
        shown = await show(host, call)
        again = await show(host, call)
        assert again["card_id"] == shown["card_id"], "what stands there is not shown twice"
        path = f"/calls/{call}/cards/{shown['card_id']}"

        away = await host.post(f"{path}/put-away")
        assert away.status_code == 200 and away.json()["cards"][0]["put_away_at"]
        assert (await resident.get(f"/calls/{call}/cards")).json()["cards"] == []
        assert key_of(await resident.post(f"{path}/seen")) == (404, "card.unknown")

        record = (await host.get(f"/calls/{call}/record")).json()
        assert [card["card_id"] for card in record["cards"]] == [shown["card_id"]]
        assert "service.put_away" in [row.action for row in await genba.log()]

    play(tmp_path, scene, concierge_meaning=False)


def test_after_the_call_the_link_and_the_letter_still_show_it_with_its_source(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, *ROWS)
        host, call, _ = await call_with_lines(genba)
        _, code = await invited(genba, host, call)
        await show(host, call)
        await host.post(f"/calls/{call}/end")
        stranger = genba.browser()

        kept = (await stranger.get(f"/join/{code}/cards")).json()
        assert [each["card"]["id"] for each in kept["cards"]] == ["992011-P016"]
        assert kept["until"] is not None
        letter = await write(host, call)
        read = (await stranger.get(f"/letter/{code_of(letter)}")).json()
        assert [card["owner"] for card in read["cards"]] == ["あまね県あまね市"]

        genba.clock.forward(seconds=8 * 86400)
        assert (await stranger.get(f"/join/{code}/cards")).json()["cards"] == []
        assert key_of(await stranger.get("/join/AAAAAAAAAAAAAAAAAAAAAA/cards"))[0] == 404

    play(tmp_path, scene, concierge_meaning=False)


def test_on_hold_nothing_new_reaches_the_guests(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, *ROWS)
        host, call, _ = await call_with_lines(genba)
        resident, _ = await invited(genba, host, call)
        colleague = await genba.signed_in("F1002")
        staff = [(await each.get("/me")).json()["person"]["id"] for each in (host, colleague)]
        await host.post(f"/calls/{call}/members", {"staff_id": staff[1]})
        genba.rooms.present[call] = [*(f"S-{one}" for one in staff), "G-1"]
        assert (await host.post(f"/calls/{call}/hold")).is_success
        genba.clock.forward(seconds=1)

        await show(host, call)

        assert genba.rooms.addressed[-1] == tuple(f"S-{one}" for one in staff)
        assert (await resident.get(f"/calls/{call}/cards")).json()["cards"] == []
        assert (await host.post(f"/calls/{call}/hold/release")).is_success
        assert len((await resident.get(f"/calls/{call}/cards")).json()["cards"]) == 1

    play(tmp_path, scene, concierge_meaning=False)


def test_a_preview_is_the_card_and_keeps_nothing(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        await bring(genba, *ROWS)
        host, call, _ = await call_with_lines(genba, "母が何度も聞き返すんです")
        await agree(host, call, is_yes=True)

        seen = (await host.post(f"/calls/{call}/services/preview", {**HEARING, "found_by": "talk"})).json()

        assert {"why": "need", "words": "母が何度も聞き返す"} in seen["reasons"]
        assert seen["readings"][0]["title"] == "高齢者補聴器購入費助成"
        assert (await host.get(f"/calls/{call}/cards")).json()["cards"] == []
        unknown = await host.post(f"/calls/{call}/services", HEARING | {"id": "992011-P999"})
        assert unknown.status_code == 404

    play(tmp_path, scene)
