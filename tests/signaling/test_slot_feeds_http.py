"""The page of feeds of free slots over HTTP, with a real feed on loopback: from a look to a list by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from field_assist.concierge import slot_lists
from tests.installation import Browser, Installation, Json, key_of, play
from tests.signaling.test_slots_http import Published, booking_system
from tests.subscribers import LIBRARY, Listed

FEEDS = "/admin/slot-feeds"
HEAD = "施設ID,利用日,開始時間,終了時間,空き\n"
HALL: Json = {
    "name": "川辺公民館の会議室",
    "licence": "CC BY 4.0",
    "form": "json",
    "owner": "あまね市",
    "owner_code": "992011",
}
Scene = Callable[[Installation, Browser, Published, Json], Awaitable[None]]


def play_page(folder: Path, scene: Scene) -> None:
    published = Published()
    with booking_system(published) as origin:

        async def inside(genba: Installation) -> None:
            genba.services.concierge.notices.rounds.source = Listed()
            feed = HALL | {"address": f"{origin}/slots.json"}
            await scene(genba, await genba.signed_in("A9001"), published, feed)

        play(folder, inside, feed_origins=(origin,))


def test_a_feed_is_looked_at_first_then_added_and_fetched_and_edited(tmp_path: Path) -> None:
    async def scene(genba: Installation, admin: Browser, published: Published, feed: Json) -> None:
        published.free[9] = 1
        looked = (await admin.post(f"{FEEDS}/look", feed)).json()
        assert (looked["fault"], looked["slots"], looked["free"], looked["opened"]) == (None, 2, 1, 0)
        assert looked["halls"] == [{"id": LIBRARY.entry_id, "title": "川辺公民館", "slots": 2, "free": 1}]
        assert [each["room"] for each in looked["samples"]] == ["大会議室"]
        assert (await admin.get(FEEDS)).json() == {"feeds": []}, "a look changes nothing"

        added = await admin.post(FEEDS, feed)
        assert added.status_code == 201, added.text
        row = (await admin.get(FEEDS)).json()["feeds"][0]
        fetched = (await admin.post(f"{FEEDS}/{row['id']}/fetch")).json()["feeds"][0]
        assert (fetched["free"], fetched["fault"], fetched["stale"]) == (1, None, False)
        assert fetched["fetched_at"] is not None
        assert key_of(await admin.post(FEEDS, feed)) == (409, "slots.exists")

        published.free = {9: 0, 11: 1}
        compared = (await admin.post(f"{FEEDS}/look", feed | {"feed_id": row["id"]})).json()
        assert (compared["opened"], compared["gone"]) == (1, 1)
        elsewhere = feed | {"feed_id": row["id"], "owner_code": "992020"}
        compared = (await admin.post(f"{FEEDS}/look", elsewhere)).json()
        assert (compared["opened"], compared["halls"][0]["title"]) == (0, ""), "another list opens nothing"

        changed = await admin.post(f"{FEEDS}/{row['id']}", feed | {"name": "会議室", "owner_code": "992020"})
        assert changed.json()["feeds"][0]["name"] == "会議室"
        await admin.post(f"{FEEDS}/{row['id']}/fetch")
        halls = await genba.services.store.read(slot_lists.facilities)
        assert halls == [f"facility/992020/{LIBRARY.entry_id}"], "what was known goes to the new owner's"

        gone = await admin.delete(f"{FEEDS}/{row['id']}")
        assert gone.json() == {"feeds": []}
        log = [(each.action, each.detail) for each in await genba.log() if "slot" in each.action]
        assert log[0] == ("slot_feed.set", "") and log[-1] == ("slot_feed.removed", "")

    play_page(tmp_path, scene)


def test_nothing_inside_the_house_is_called_by_whoever_types_an_address(tmp_path: Path) -> None:
    async def scene(genba: Installation, admin: Browser, published: Published, feed: Json) -> None:
        for address in (
            "http://amane.example/slots.json",
            "https://127.0.0.1/slots.json",
            "https://10.0.0.1/slots.json",
            "https://localhost/slots.json",
            "https://[::1]/slots.json",
            "https://user@amane.example/slots.json",
            "https://amane.example:8443/slots.json",
        ):
            inside = feed | {"address": address}
            assert key_of(await admin.post(FEEDS, inside)) == (422, "slots.address_refused"), address
            looked = (await admin.post(f"{FEEDS}/look", inside)).json()
            assert looked["fault"]["reason"] == "refused", address
        assert (await admin.post(FEEDS, feed | {"address": "file:///etc/passwd"})).status_code == 422

        published.status = 302
        looked = (await admin.post(f"{FEEDS}/look", feed)).json()
        assert looked["fault"] == {"reason": "status", "place": 0, "status": 302, "value": ""}
        published.status = 200
        looked = (await admin.post(f"{FEEDS}/look", feed | {"form": "ical"})).json()
        assert (looked["fault"]["reason"], looked["slots"]) == ("not_a_list", 0)
        assert len(published.asked) == 2, "nobody else was called, and nobody was followed"

    play_page(tmp_path, scene)


def test_a_paused_feed_is_left_alone_and_one_that_is_not_heard_of_is_stale(tmp_path: Path) -> None:
    async def scene(genba: Installation, admin: Browser, published: Published, feed: Json) -> None:
        await admin.post(FEEDS, feed)
        row = (await admin.get(FEEDS)).json()["feeds"][0]
        await admin.post(f"{FEEDS}/{row['id']}/fetch")
        paused = (await admin.post(f"{FEEDS}/{row['id']}/pause", {"paused": True})).json()["feeds"][0]
        assert paused["paused"]
        at = genba.clock.at + timedelta(minutes=61)
        due = await genba.services.store.write(lambda session: slot_lists.claim_due(session, at))
        assert due == []
        genba.clock.forward(minutes=61)
        row = (await admin.get(FEEDS)).json()["feeds"][0]
        assert (row["stale"], row["paused"]) == (True, True)

        published.free[9], published.status = 1, 503
        resumed = await admin.post(f"{FEEDS}/{row['id']}/pause", {"paused": False})
        assert not resumed.json()["feeds"][0]["paused"]
        fetched = (await admin.post(f"{FEEDS}/{row['id']}/fetch")).json()["feeds"][0]
        assert fetched["fault"] == {"reason": "status", "place": 0, "status": 503, "value": ""}

    play_page(tmp_path, scene)


def test_a_list_brought_by_hand_is_looked_at_then_taken_in_or_refused_whole(tmp_path: Path) -> None:
    async def scene(genba: Installation, admin: Browser, published: Published, feed: Json) -> None:
        by_hand = HALL | {"form": "csv", "facility_id": LIBRARY.entry_id}
        row = (await admin.post(FEEDS, by_hand)).json()["feeds"][0]
        assert key_of(await admin.post(f"{FEEDS}/{row['id']}/fetch")) == (409, "slots.is_brought")
        path = f"{FEEDS}/{row['id']}/slots"
        first = f"{HEAD},2099-11-28,9:00,11:00,×\n,2099-11-28,11:00,13:00,○\n,2020-01-01,9:00,11:00,○\n"
        looked = (await admin.put(f"{path}?check=true", first.encode("cp932"))).json()
        assert (looked["slots"], looked["free"], looked["over"], looked["taken"]) == (2, 1, 1, False)
        assert (await admin.get(FEEDS)).json()["feeds"][0]["fetched_at"] is None
        taken = (await admin.put(f"{path}?check=false", first.encode("cp932"))).json()
        assert (taken["taken"], taken["opened"]) == (True, 0)

        wrong = f"{HEAD},2099-11-28,9:00,11:00,いつか\n"
        refused = (await admin.put(f"{path}?check=false", wrong.encode())).json()
        assert refused["fault"] == {"reason": "bad_count", "place": 2, "status": 0, "value": "いつか"}
        assert not refused["taken"] and (await admin.get(FEEDS)).json()["feeds"][0]["free"] == 1

        second = f"{HEAD},2099-11-28,9:00,11:00,○\n,2099-11-28,11:00,13:00,×\n"
        looked = (await admin.put(f"{path}?check=true", second.encode())).json()
        assert (looked["opened"], looked["gone"]) == (1, 1)
        taken = (await admin.put(f"{path}?check=false", second.encode())).json()
        assert (taken["opened"], taken["gone"], taken["taken"]) == (1, 1, True)

        row = (await admin.post(FEEDS, feed | {"name": "別の会議室"})).json()["feeds"]
        fetched_id = next(each["id"] for each in row if each["address"])
        assert key_of(await admin.put(f"{FEEDS}/{fetched_id}/slots", b"x")) == (409, "slots.is_fetched")

    play_page(tmp_path, scene)
