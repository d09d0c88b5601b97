"""The supervisor's wall over HTTP: what it shows, and each act of a supervisor with its trace in the log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from livekit.protocol.models import ConnectionQuality

from field_assist import NewStaff, Role
from signaling import demo
from signaling.accounts import credentials, one_time_codes
from signaling.accounts.access_log import COMMAND_LINE
from signaling.api.audiences import Audiences
from signaling.api.supervisor_desk import SupervisorDesk
from tests.installation import Browser, Installation, RecordedRooms, key_of, play


async def call_of(browser: Browser, **asked: Any) -> str:
    started = await browser.post("/calls", asked or {"title": "県道19号 舗装の穴"})
    return str(started.json()["call"]["id"])


async def tiles(browser: Browser) -> list[dict[str, Any]]:
    answer = await browser.get("/wall")
    assert answer.status_code == 200
    return list(answer.json()["tiles"])


async def western_supervisor(genba: Installation) -> Browser:
    """The head of another office, who signs in for the first time."""
    parts, at = genba.services, genba.clock.at
    password_hash = parts.passwords.hash_now(demo.PASSWORD)
    new = NewStaff("S3002", "岸本 律子", "きしもと りつこ", Role.SUPERVISOR, "所長", "", "西部土木事務所")
    await parts.store.write(lambda s: credentials.add(s, new, password_hash, COMMAND_LINE, at))
    browser = genba.browser()
    await browser.post("/sign-in", {"staff_no": "S3002", "password": demo.PASSWORD})
    secret = (await browser.get("/enrolment")).json()["secret"]
    code = one_time_codes.current_code(secret, genba.clock.at)
    assert (await browser.post("/enrolment", {"code": code})).status_code == 200
    return browser


def rooms_of(genba: Installation) -> RecordedRooms:
    rooms = genba.services.rooms
    assert isinstance(rooms, RecordedRooms)
    return rooms


def hears(genba: Installation, call: str, speaker: str, listener: str) -> bool:
    rule, _ = rooms_of(genba).audiences.get(call, (None, ""))
    return rule is None or rule(speaker, listener, "audio")


async def identity(browser: Browser) -> str:
    return f"S-{(await browser.get('/me')).json()['person']['id']}"


def test_the_wall_shows_the_offices_calls_and_turns_red_when_one_waits_too_long(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, supervisor = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        await genba.signed_in("X2001")
        quiet = await call_of(field)
        rings = await call_of(field, topic="road")
        rooms_of(genba).present[quiet] = [await identity(field)]
        rooms_of(genba).lines[quiet] = {await identity(field): ConnectionQuality.POOR}

        before = {tile["call"]["id"]: tile for tile in await tiles(supervisor)}
        assert before[rings]["consultation"]["state"] == "waiting" and before[rings]["breaches"] == []
        assert before[quiet]["lines"] == [{"identity": await identity(field), "quality": "poor"}]

        genba.clock.forward(seconds=181)
        first, *_ = await tiles(supervisor)

        assert (first["call"]["id"], first["breaches"]) == (rings, ["wait"])
        answer = (await supervisor.get("/wall")).json()
        assert answer["longest_wait_s"] >= 181 and answer["limits"]["wait_s"] == 180

    play(tmp_path, scene)


def test_another_offices_supervisor_sees_nothing_of_it(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, other = await genba.signed_in("F1001"), await western_supervisor(genba)
        call = await call_of(field)

        assert call not in {tile["call"]["id"] for tile in await tiles(other)}
        assert key_of(await other.post(f"/calls/{call}/listen")) == (404, "call.unknown")

    play(tmp_path, scene)


def test_a_listener_gets_a_token_without_a_voice_and_stands_in_the_log(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, supervisor = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        call = await call_of(field)

        answer = await supervisor.post(f"/calls/{call}/listen")

        grants = claims(answer.json()["token"])
        assert grants["video"]["canPublish"] is False and grants["video"]["canPublishData"] is False
        assert "hidden" not in grants["video"] and grants["attributes"]["genba.listening"] == "1"
        assert "call.listened" in [row.action for row in await genba.log()]

    play(tmp_path, scene)


def test_listening_is_refused_where_the_installation_does_not_allow_it(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, supervisor = await genba.signed_in("F1001"), await genba.signed_in("S3001")

        answer = await supervisor.post(f"/calls/{await call_of(field)}/listen")

        assert key_of(answer) == (403, "listening.off")

    play(tmp_path, scene, supervisors_listen=False)


def test_a_whisper_reaches_the_own_staff_only_until_it_is_ended_and_over_a_restart(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, supervisor = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        stranger = await genba.signed_in("X2003")
        call = await call_of(field)
        me, own, other = await identity(supervisor), await identity(field), await identity(stranger)
        await field.post(f"/calls/{call}/members", {"staff_id": other.removeprefix("S-")})
        await supervisor.post(f"/calls/{call}/join")
        refused = await supervisor.post(f"/calls/{call}/whisper", {"on": True})
        assert key_of(refused) == (409, "call.not_in_it")
        rooms_of(genba).present[call] = [me, own, other, "G-1"]

        assert (await supervisor.post(f"/calls/{call}/whisper", {"on": True})).status_code == 204

        assert hears(genba, call, me, own)
        assert not hears(genba, call, me, "G-1") and not hears(genba, call, me, other)
        assert hears(genba, call, own, "G-1"), "everybody else is heard as before"

        again = RecordedRooms()
        services = genba.services
        desk = SupervisorDesk(
            services.store,
            services.call_desk,
            (again, Audiences(again)),
            services.hub,
            genba.clock.clock,
            may_listen=True,
        )
        async with desk.running():
            rule, _ = again.audiences[call]
            assert rule is not None and not rule(me, "G-1", "audio")

        assert (await supervisor.post(f"/calls/{call}/whisper", {"on": False})).status_code == 204
        assert hears(genba, call, me, "G-1")
        acts = [row.action for row in await genba.log()]
        assert acts.count("whisper.started") == 1 and acts.count("whisper.ended") == 1

    play(tmp_path, scene)


def test_taking_over_makes_the_supervisor_the_host(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, supervisor = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        call = await call_of(field)

        answer = await supervisor.post(f"/calls/{call}/take-over")

        assert answer.json()["host"]["name"] == "藤代 正和"
        members = [entry["person"]["name"] for entry in answer.json()["members"]]
        assert members == ["藤代 正和", "早瀬 美咲"]
        assert "call.taken_over" in [row.action for row in await genba.log()]

    play(tmp_path, scene)


def test_a_sentence_reaches_the_office_and_no_other(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        field, supervisor = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        other = await western_supervisor(genba)

        said = await supervisor.post("/announcements", {"text": "つづら峠は通行止めです"})

        assert said.status_code == 201
        [heard] = (await field.get("/announcements")).json()
        assert heard["text"] == "つづら峠は通行止めです" and "藤代" in heard["sender"]
        assert (await other.get("/announcements")).json() == []
        genba.clock.forward(seconds=12 * 3600 + 1)
        field = await genba.signed_in("F1001")
        assert (await field.get("/announcements")).json() == []

    play(tmp_path, scene)


def claims(token: str) -> dict[str, Any]:
    import base64
    import json

    part = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))
