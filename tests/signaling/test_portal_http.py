"""The residents' own page over HTTP: leafed through, due in order, recommended for a reason, counted."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from field_assist import Session, concierge
from signaling import demo_catalogue
from tests import waiting
from tests.installation import ORIGIN, Browser, Installation, Json, key_of, play
from tests.mail_server import MailServer

BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
NOVEMBER = datetime(2026, 11, 24, 1, tzinfo=UTC)


def portal(
    tmp_path: Path, scene: Callable[[Installation], Awaitable[None]], **settings: Any
) -> None:  # Any: settings of different fields
    """Play with the demo's lists, on a day of the demo."""

    async def prepared(genba: Installation) -> None:
        genba.clock.at = max(genba.clock.at, NOVEMBER)
        demo_catalogue.fill(genba.services.store, genba.clock.at)
        await scene(genba)

    play(tmp_path, prepared, **settings)


async def got(browser: Browser, path: str, **params: str | int) -> Json:
    answer = await browser.get(path, **params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def see(genba: Installation, address: str, path: str, agent: str = BROWSER) -> int:
    """Somebody at this address opens a record; the status."""
    client = genba.browser(address).client
    answer = await client.post(
        f"/api/services/records/{path}/seen", headers={"Origin": "https://genba.test", "User-Agent": agent}
    )
    return answer.status_code


def test_anybody_leafs_through_what_is_not_over(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        anybody = genba.browser()

        front = await got(anybody, "/services")
        assert front["counts"]["programme"] > 50
        assert "document" not in front["counts"]
        assert {"あまね市", "つづら川市", "しおかぜ町"} <= set(front["towns"])
        assert front["life_events"] == ["moving", "birth", "job_lost", "death", "disaster"]

        first = await got(anybody, "/services/list", kind="facility", town="しおかぜ町")
        assert first["total"] == len(first["services"]) < front["counts"]["facility"]
        rest = await got(anybody, "/services/list", kind="programme", offset=20)
        assert len(rest["services"]) == 20
        assert all(one["owner"] for one in rest["services"])

        closing = (await got(anybody, "/services/list", closing=1))["services"]
        days = [one["ends"] for one in closing]
        assert days == sorted(days)
        assert days[0] >= "2026-11-24"

    portal(tmp_path, scene)


def test_a_birth_is_seen_to_in_the_order_of_its_days(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        found = (await got(genba.browser(), "/services/life/birth"))["errands"]

        ids = [one["service"]["id"].partition("-")[2] for one in found]
        assert [name for name in ids if name in {"P001", "P002", "P003", "P004"}] == [
            "P002",
            "P003",
            "P001",
            "P004",
        ]
        assert found[0]["window"] == {"number": 15, "unit": "days", "since": "born_or_moved_on"}

    portal(tmp_path, scene)


def test_a_record_says_whose_it_is_what_changed_and_what_belongs_to_it(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        anybody = genba.browser()
        path = "/services/records/programme/992011-P035"
        before = await got(anybody, path)
        assert before["service"]["owner"] == "あまね県あまね市"
        assert before["service"]["phone"]
        assert (before["has_check"], before["changes"]) == (True, [])
        assert before["follow_key"] == "programme/992011/P035"
        assert {"for_whom", "gives", "how"} <= {fact["name"] for fact in before["facts"]}

        genba.clock.forward(seconds=3600)
        await genba.services.store.write(
            lambda session: _change(session, genba.clock.at, "P035", "給付金額", "上限80万円")
        )

        after = await got(anybody, path)
        assert [(one["heading"], one["after"]) for one in after["changes"]] == [("給付金額", "上限80万円")]
        event = await got(anybody, "/services/records/event/990001-E002")
        assert [one["id"] for one in event["related"]] == ["992011-F037", "992011-P034"]

    portal(tmp_path, scene)


def _change(session: Session, at: datetime, entry_id: str, heading: str, words: str) -> None:
    path = demo_catalogue.FILES / "programmes.csv"
    found = concierge.catalogue.by_entry_id(session, concierge.entries.Kind.PROGRAMME, entry_id)[0].entry
    rows = path.read_text(encoding="utf-8-sig").splitlines()
    content = "\n".join(
        line.replace(found.facts[heading], words) if f",{entry_id}," in line else line for line in rows
    )
    row = concierge.catalogue.by_name(session, "programmes")
    known = concierge.intake.known(session, concierge.entries.Kind.PROGRAMME)
    origin = concierge.lists.Origin(demo_catalogue.OWNER, "CC BY 4.0", at, demo_catalogue.OWNER_CODE)
    with concierge.intake.Prepared(content.encode(), origin, lambda _: known, row) as prepared:
        concierge.intake.take_in(session, "programmes", prepared, at, may_shrink=False)


@pytest.mark.parametrize(
    "path",
    [
        "/services/records/programme/992011-P999",
        "/services/records/facility/992011-P035",
        "/services/records/programme/P035",
    ],
)
def test_what_is_not_there_is_not_there(tmp_path: Path, path: str) -> None:
    async def scene(genba: Installation) -> None:
        assert (await genba.browser().get(path)).status_code == 404
        assert (await genba.browser().get("/services/records/document/990001-D001")).status_code == 422

    portal(tmp_path, scene)


def test_a_recommendation_says_why_and_leaves_no_trace(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        anybody = genba.browser()
        seen = [{"kind": "programme", "id": "992011-P035", "days_ago": 0}]

        async def ask(**more: object) -> list[Json]:
            answer = await anybody.post("/services/recommended", {"seen": seen, **more})
            assert answer.status_code == 200, answer.text
            assert not answer.cookies
            return list(answer.json()["recommended"])

        found = await ask()
        assert found
        assert all(one["reasons"][0]["words"] for one in found)
        refused = found[0]["service"]
        without = await ask(unwanted=[{"kind": refused["kind"], "id": refused["id"]}])
        assert refused["id"] not in [one["service"]["id"] for one in without]
        assert await ask() == found, "the server remembers neither what was seen nor what was refused"
        assert (await anybody.post("/services/recommended", {"seen": []})).json() == {"recommended": []}

    portal(tmp_path, scene)


def test_five_people_make_a_trend_and_staff_robots_and_loops_do_not(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        anybody, path = genba.browser(), "programme/992011-P035"
        for _ in range(20):
            assert await see(genba, "192.0.2.1", path) == 204
        for number in range(2, 9):
            assert await see(genba, f"192.0.2.{number}", "programme/992011-P036", "Googlebot/2.1") == 204
        staff = await genba.signed_in("F1001")
        assert (await staff.post(f"/services/records/{path}/seen")).status_code == 204
        for number in range(2, 5):
            await see(genba, f"192.0.2.{number}", path)
        assert (await got(anybody, "/services"))["trending"] == []

        await see(genba, "192.0.2.5", path)

        shown = (await got(anybody, "/services"))["trending"]
        assert [(one["service"]["id"], one["viewers"], one["ratio"]) for one in shown] == [
            ("992011-P035", 5, 2.0)
        ]
        rows = await genba.services.store.read(
            lambda session: list(concierge.view_days.all_since(session, datetime(2020, 1, 1).date()))
        )
        assert [row.viewers for row in rows] == [5]

    portal(tmp_path, scene)


def test_without_the_concierge_there_is_no_such_page(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        for path in ("/services", "/services/list", "/services/life/birth"):
            assert (await genba.browser().get(path)).status_code == 404

    play(tmp_path, scene, concierge=False)


def test_whoever_asks_without_end_waits(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        stranger = genba.browser()
        answers = [(await stranger.get("/services/list")).status_code for _ in range(260)]
        assert answers[0] == 200
        assert answers[-1] == 429

    play(tmp_path, scene)


def test_what_somebody_looked_at_travels_in_the_link_and_waits_for_their_press(
    tmp_path: Path,
) -> None:
    with MailServer() as server:

        async def scene(genba: Installation) -> None:
            anybody = genba.browser()
            asked = {"address": "satoko@mail.example.jp", "consent": True}
            wish = {"topic": "entry", "key": "programme/992011/P035"}
            bad = await anybody.post("/notices", asked | {"wish": wish | {"key": "https://evil.example"}})
            assert key_of(bad) == (422, "notices.not_followable")
            assert (await anybody.post("/notices", asked | {"wish": wish})).status_code == 202

            await waiting.until(lambda: len(server.taken) >= 1, within_s=15)
            body = server.messages()[0].get_body(("plain",))
            assert body is not None
            found = re.search(r"/n/(\w+)\?follow=entry%3Aprogramme%2F992011%2FP035", body.get_content())
            assert found is not None

            page = (await anybody.post(f"/notices/{found[1]}/confirm")).json()
            assert page["follows"] == [], "a link alone follows nothing"
            page = (await anybody.post(f"/notices/{found[1]}/follows", wish)).json()
            assert [follow["label"] for follow in page["follows"]] == ["老朽危険空き家除却費補助"]

        portal(tmp_path, scene, **server.settings, public_url=ORIGIN)


def test_works_are_found_around_a_place_and_the_place_is_kept_nowhere(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        anybody = genba.browser()
        places = {each["name"]: each["key"] for each in (await got(anybody, "/services/places"))["places"]}
        counts: list[int] = []
        for radius_m in (500, 1000, 2000):
            near = {"place": places["あまね市川辺"], "radius_m": radius_m}
            answer = await anybody.post("/services/works-nearby", near)
            assert answer.status_code == 200, answer.text
            found = answer.json()
            far = [each["metres"] for each in found["works"]]
            assert far == sorted(far) and all(each <= radius_m for each in far)
            assert all(each["service"]["kind"] == "work" for each in found["works"])
            counts.append(found["total"])
        assert counts == sorted(counts) and counts[-1] > 0
        for wrong in (
            {"place": "あまね市/無い", "radius_m": 500},
            {"place": places["あまね市川辺"], "radius_m": 9},
        ):
            assert (await anybody.post("/services/works-nearby", wrong)).status_code in (404, 422)
        assert [row for row in await genba.log() if "川辺" in f"{row.object}{row.detail}{row.reason}"] == []

    portal(tmp_path, scene)
