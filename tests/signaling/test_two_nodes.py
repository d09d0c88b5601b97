"""Two nodes on one database and one Redis: a request is rung, escalated and ticketed once, whoever dies."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from field_assist import Purpose, StoreUnavailable
from field_assist.queueing import NEXT_CIRCLE_S, RING_S
from tests import waiting
from tests.cluster import Cluster, play_on
from tests.installation import Browser, Installation, told

pytestmark = pytest.mark.service


until = partial(waiting.until, within_s=15)


async def ringing(browser: Browser) -> list[dict[str, Any]]:
    return list((await browser.get("/rings")).json()["rings"])


async def ask(browser: Browser) -> str:
    return str((await browser.post("/calls", {"topic": "road"})).json()["call"]["id"])


async def state_of(browser: Browser, call: str) -> Any:
    return (await browser.get(f"/calls/{call}/consultation")).json()


async def tickets_logged(genba: Installation) -> int:
    return [row.action for row in await genba.log()].count("consultation.ticket")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    """Both databases."""
    if request.param == "sqlite":
        return {}
    return {"database_url": str(request.getfixturevalue("postgresql_url"))}


def test_a_ring_accepted_at_one_node_stops_at_the_page_of_the_other(
    tmp_path: Path, redis_url: str, database: dict[str, str]
) -> None:
    async def scene(cluster: Cluster) -> None:
        here, there = await cluster.start(), await cluster.start()
        field, specialist = await here.signed_in("F1001"), await here.signed_in("X2001")
        elsewhere = await there.again(specialist)
        person = (await there.services.sign_ins.session_of(specialist.client.cookies["genba_session"])).person
        with there.services.hub.stream(person) as stream:
            frames = stream.frames()
            call = await ask(field)
            while "rings" not in await told(frames):
                pass
            [ring] = await ringing(elsewhere)

            accepted = await specialist.post(f"/consultations/{ring['consultation']['id']}/accept")

            assert accepted.status_code == 200
            while "rings" not in await told(frames):
                pass
            assert await ringing(elsewhere) == []
            assert (await state_of(field, call))["state"] == "answered"
            await frames.aclose()

    play_on(tmp_path, redis_url, scene, **database)


def test_a_request_asked_at_the_node_that_does_not_lead_is_rung_by_the_one_that_does(
    tmp_path: Path, redis_url: str
) -> None:
    async def scene(cluster: Cluster) -> None:
        here, there = await cluster.start(), await cluster.start()
        first, second = await here.signed_in("F1001"), await there.signed_in("F1002")
        specialist, boss = await here.signed_in("X2001"), await there.signed_in("S3001")
        await ask(first)
        assert here.services.consultation_desk.leader.leads

        call = (await second.post("/calls", {"superior": True})).json()["call"]["id"]

        async def rings_at_the_boss() -> object:
            return [ring["call_id"] for ring in await ringing(boss)] == [call]

        await until(rings_at_the_boss)
        assert not there.services.consultation_desk.leader.leads
        assert len(await ringing(specialist)) == 1
        shown = await state_of(second, call)
        assert [each["state"] for each in shown["rings"]] == ["ringing"]

    play_on(tmp_path, redis_url, scene)


def test_a_no_said_at_one_node_stops_what_the_other_keeps(tmp_path: Path, redis_url: str) -> None:
    async def scene(cluster: Cluster) -> None:
        here, there = await cluster.start(), await cluster.start()
        field = await here.signed_in("F1001")
        call, said = await ask(field), {"purposes": ["recording"], "text_version": "1"}
        desk, own = there.services.consent_desk, (await field.get(f"/calls/{call}/consents")).json()["own"]

        def is_allowed() -> bool:
            return desk.allows(call, own["identity"], Purpose.RECORDING)

        await field.post(f"/calls/{call}/consents/answer", said | {"yes": True})
        await until(is_allowed)
        await field.post(f"/calls/{call}/consents/answer", said | {"yes": False})
        await until(lambda: not is_allowed())

    play_on(tmp_path, redis_url, scene)


def test_a_node_dies_and_the_other_rings_on_escalates_and_tickets_once(
    tmp_path: Path, redis_url: str, database: dict[str, str]
) -> None:
    async def scene(cluster: Cluster) -> None:
        dying, living = await cluster.start(), await cluster.start()
        field = await dying.signed_in("F1001")
        specialist, boss = await living.signed_in("X2001"), await living.signed_in("S3001")
        call = await ask(field)
        asker = await living.again(field)
        [ring] = await ringing(specialist)
        assert dying.services.consultation_desk.leader.leads

        cluster.kill(dying)
        with pytest.raises(StoreUnavailable):
            await dying.services.consultation_desk.leader.step()
        assert await ringing(specialist) == [ring]  # it goes on ringing meanwhile

        living.clock.forward(seconds=NEXT_CIRCLE_S + 1)

        async def rings_at_the_boss() -> object:
            living.services.directory.changed()
            return await ringing(boss)

        await until(rings_at_the_boss)
        assert living.services.consultation_desk.leader.leads
        assert [each["call_id"] for each in await ringing(specialist)] == [call]

        living.clock.forward(seconds=RING_S + 1)

        async def is_a_ticket() -> object:
            living.services.directory.changed()
            return (await state_of(asker, call))["state"] == "ticket"

        await until(is_a_ticket)
        cluster.revive(dying)
        dying.services.directory.changed()
        await dying.services.consultation_desk.leader.step()
        assert await ringing(specialist) == await ringing(boss) == []
        assert await tickets_logged(living) == 1

    play_on(tmp_path, redis_url, scene, **database)


def test_a_leader_that_was_away_too_long_writes_nothing_any_more(tmp_path: Path, redis_url: str) -> None:
    async def scene(cluster: Cluster) -> None:
        first, second = await cluster.start(), await cluster.start()
        field, specialist = await first.signed_in("F1001"), await first.signed_in("X2001")
        call = await ask(field)
        cluster.kill(first)
        first.clock.forward(seconds=15)
        await second.services.consultation_desk.leader.step()
        assert second.services.consultation_desk.leader.leads

        cluster.revive(first)
        await first.services.consultation_desk.leader.step()

        assert not first.services.consultation_desk.leader.leads
        assert [each["call_id"] for each in await ringing(specialist)] == [call]
        assert (await state_of(field, call))["position"] == 1  # as the leading node said

    play_on(tmp_path, redis_url, scene)
