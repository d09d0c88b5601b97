"""What a page's event stream brings: coalesced, again after a broken line, and over several nodes."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from field_assist import Person, Role
from signaling.api.event_streams import REMEMBERED, EventHub, Only
from tests import waiting
from tests.cluster import Cluster, play_on
from tests.installation import Browser, Installation, play, told
from tests.services import Redis

BOSS = Person("B", "S3001", "藤代", "ふじしろ", Role.SUPERVISOR)
OTHER = Person("O", "X2001", "小野寺", "おのでら", Role.SPECIALIST)


def heard(hub: EventHub, person: Person, after: str = "") -> tuple[list[str], str]:
    """The events that wait for a page, and the id it then knows."""

    async def read() -> tuple[list[str], str]:
        names, position = [], after
        with hub.stream(person, after) as stream:
            stream.close()
            async for frame in stream.frames():
                if frame.startswith(b"event:"):
                    names.append(frame.decode().split("\n")[0].removeprefix("event: "))
                if b"id: " in frame:
                    position = frame.decode().split("id: ")[1].strip()
        return names, position

    return asyncio.run(read())


def test_who_comes_back_gets_what_concerned_them_once() -> None:
    hub = EventHub()
    hub.publish("calls")
    _, position = heard(hub, BOSS)

    hub.publish("calls")
    hub.publish("rings", Only(frozenset({OTHER.id})))
    hub.publish("calls")
    hub.publish("staff")

    assert heard(hub, BOSS, position)[0] == ["calls", "staff"]
    names, position = heard(hub, OTHER, position)
    assert names == ["calls", "rings", "staff"]
    assert heard(hub, OTHER, position)[0] == []


@pytest.mark.parametrize(
    "after", ["none", "another-node-3", "{node}-", "{node}-x", "{node}-999999", "\x00-1"]
)
def test_who_saw_something_else_fetches_everything(after: str) -> None:
    hub = EventHub()
    node = heard(hub, BOSS)[1].rpartition("-")[0]

    assert heard(hub, BOSS, after.format(node=node))[0] == ["reset"]


def test_who_missed_too_much_fetches_everything() -> None:
    hub = EventHub()
    _, position = heard(hub, BOSS)
    for _ in range(REMEMBERED):
        hub.publish("calls")
    assert heard(hub, BOSS, position)[0] == ["calls"]

    hub.publish("calls")

    assert heard(hub, BOSS, position)[0] == ["reset"]


def test_a_page_says_over_http_what_it_saw_last(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        boss = await genba.signed_in("S3001")
        genba.services.hub.close()  # a stream ends once it has said what waits
        first = await boss.get("/events")
        position = first.text.rpartition("id: ")[2].strip()
        genba.services.hub.publish("calls")

        by_header = await boss.client.get("/api/events", headers={"Last-Event-ID": position})
        by_query = await boss.get("/events", after=position)
        lost = await boss.get("/events", after="none")

        assert "event: calls" in by_header.text and "event: calls" in by_query.text
        assert "event: reset" in lost.text and "event: reset" not in by_header.text + first.text

    play(tmp_path, scene)


until = partial(waiting.until, within_s=10)


async def person_of(genba: Installation, browser: Browser) -> Person:
    return (await genba.services.sign_ins.session_of(browser.client.cookies["genba_session"])).person


@pytest.mark.service
def test_a_page_at_one_node_hears_of_what_happens_at_the_other(tmp_path: Path, redis_url: str) -> None:
    async def scene(cluster: Cluster) -> None:
        here, there = await cluster.start(), await cluster.start()
        boss, field = await here.signed_in("S3001"), await there.signed_in("F1001")
        with here.services.hub.stream(await person_of(here, boss)) as stream:
            frames = stream.frames()
            await until(lambda: there.services.hub.present())  # and the other node knows of the page
            while "calls" not in await told(frames):
                await field.post("/calls", {"title": "法面"})
            await frames.aclose()
        await until(lambda: not there.services.hub.present())

    play_on(tmp_path, redis_url, scene)


@pytest.mark.service
def test_redis_lost_during_a_call_is_said_in_words_and_heals(tmp_path: Path) -> None:
    async def scene(cluster: Cluster) -> None:
        here, there = await cluster.start(), await cluster.start()
        boss, field = await here.signed_in("S3001"), await there.signed_in("F1001")
        call = (await field.post("/calls", {"title": "法面"})).json()["call"]["id"]
        there.rooms.present[call] = ["S-field"]
        with here.services.hub.stream(await person_of(here, boss)) as stream:
            frames = stream.frames()

            await asyncio.to_thread(server.stop)
            while "alone" not in await told(frames):
                pass

            # Calls go on, and requests are answered: reading, writing, and what has a limit.
            assert not there.rooms.deleted and not there.rooms.removed
            assert (await field.post(f"/calls/{call}/messages", {"text": "聞こえます"})).status_code == 201
            assert (await boss.post(f"/calls/{call}/join")).status_code == 200
            assert (await here.browser().get("/check")).status_code == 200
            with here.services.hub.stream(await person_of(here, boss)) as late:
                late_frames = late.frames()
                assert "alone" in await told(late_frames)
                await late_frames.aclose()

            await asyncio.to_thread(server.start)
            seen: list[str] = []
            while "reset" not in seen:
                seen += await told(frames)
            assert "together" in seen
            await until(lambda: there.services.hub.present())
            await frames.aclose()

    with Redis(tmp_path) as server:
        play_on(tmp_path, server.url, scene)
