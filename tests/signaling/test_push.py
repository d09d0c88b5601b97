"""Rings reach devices over a real push service: whom, when, what is in them, and where nothing is sent."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from field_assist.queueing import RING_S
from signaling.push.endpoints import EndpointRefused, check, resolve
from tests import waiting
from tests.installation import Browser, Installation, installation, key_of
from tests.push_service import Device, PushService, claims_of, push_service

Scene = Callable[[Installation, PushService], Awaitable[None]]


def play(folder: Path, scene: Scene) -> None:
    async def run() -> None:
        async with push_service() as service:
            async with installation(folder, push_services=(service.origin,)) as genba:
                await scene(genba, service)

    asyncio.run(run())


until = partial(waiting.until, within_s=10)


async def subscribed(browser: Browser, service: PushService) -> Device:
    device = Device(service.origin)
    answer = await browser.post("/push/devices", dict(device.subscription()))
    assert answer.status_code == 201, answer.text
    return device


async def ask(browser: Browser) -> str:
    started = await browser.post("/calls", {"topic": "road", "title": "法面の崩れ", "place": "東町"})
    return str(started.json()["call"]["id"])


async def rung(browser: Browser, call: str) -> Any:
    return (await browser.get(f"/calls/{call}/consultation")).json()["rings"]


def test_who_has_no_page_open_is_pushed_to_at_once_and_told_when_it_is_over(tmp_path: Path) -> None:
    async def scene(genba: Installation, service: PushService) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        phone, tablet = await subscribed(specialist, service), await subscribed(specialist, service)
        other = await subscribed(await genba.signed_in("X2002"), service)
        call = await ask(field)
        [ring] = (await specialist.get("/rings")).json()["rings"]
        request = ring["consultation"]["id"]

        await until(lambda: service.bodies(phone) and service.bodies(tablet))

        expected = {"kind": "ring", "id": request, "topic": "橋・道路", "language": "ja"}  # and nothing else
        assert service.bodies(phone) == service.bodies(tablet) == [expected]
        headers = service.received[0].headers
        assert (headers["ttl"], headers["urgency"], headers["topic"]) == (str(int(RING_S)), "high", request)
        assert headers["content-encoding"] == "aes128gcm"
        public_key = (await specialist.get("/push")).json()["public_key"]
        assert set(claims_of(service.received[0], public_key)) == {"aud", "exp", "sub"}

        async def is_pushed() -> object:
            return [each["state"] for each in await rung(field, call)] == ["pushed"]

        await until(is_pushed)
        assert (await specialist.post(f"/consultations/{request}/shown")).status_code == 204
        assert [each["state"] for each in await rung(field, call)] == ["shown"]

        await specialist.post(f"/consultations/{request}/accept")
        await until(lambda: len(service.bodies(phone)) == len(service.bodies(tablet)) == 2)
        assert service.bodies(phone)[1] == {"kind": "stop", "id": request, "language": "ja"}
        assert service.received[-1].headers["topic"] == request
        assert service.bodies(other) == []

    play(tmp_path, scene)


def test_who_is_asked_to_approve_is_pushed_to_and_told_nothing_else(tmp_path: Path) -> None:
    async def scene(genba: Installation, service: PushService) -> None:
        field, head = await genba.signed_in("F1001"), await genba.signed_in("S3001")
        phone = await subscribed(head, service)
        other = await subscribed(await genba.signed_in("X2002"), service)
        case = (await field.post("/cases", {"title": "川辺橋"})).json()["id"]
        body = {"what": "通行を止める", "kind": "traffic", "case_id": case}
        draft = (await field.post("/decisions", body)).json()

        asked = await field.post(f"/decisions/{draft['id']}/hand-in", {"seen": draft["hash"], "ask": {}})
        assert asked.status_code == 200, asked.text
        await until(lambda: service.bodies(phone))

        assert service.bodies(phone) == [{"kind": "decision", "id": draft["id"], "language": "ja"}]
        assert service.bodies(other) == []

    play(tmp_path, scene)


def test_an_open_page_that_shows_the_ring_needs_no_push_one_that_sleeps_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signaling.api.push_desk.REACT_S", 0.3)

    async def scene(genba: Installation, service: PushService) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        phone = await subscribed(specialist, service)
        cookie = specialist.client.cookies["genba_session"]
        person = (await genba.services.sign_ins.session_of(cookie)).person
        with genba.services.hub.stream(person):
            await ask(field)
            [ring] = (await specialist.get("/rings")).json()["rings"]
            await specialist.post(f"/consultations/{ring['consultation']['id']}/shown")
            await specialist.post(f"/consultations/{ring['consultation']['id']}/decline", {})
            assert service.received == []

            await ask(field)  # nothing shows this one
            await until(lambda: service.bodies(phone))

        [body] = service.bodies(phone)
        assert body["kind"] == "ring" and body["id"] != ring["consultation"]["id"]

    play(tmp_path, scene)


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_the_service_no_longer_knows_is_forgotten(tmp_path: Path, status: int) -> None:
    async def scene(genba: Installation, service: PushService) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        await subscribed(specialist, service)
        service.status = [status]

        await ask(field)

        async def is_forgotten() -> object:
            return (await specialist.get("/push")).json()["devices"] == []

        await until(is_forgotten)

    play(tmp_path, scene)


def test_a_busy_service_is_asked_again_and_a_redirect_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signaling.push.sender.RETRY_S", (0.01, 0.01))

    async def scene(genba: Installation, service: PushService) -> None:
        specialist = await genba.signed_in("X2001")
        await subscribed(specialist, service)
        [device] = (await specialist.get("/push")).json()["devices"]
        service.status = [429, 429, 201, 302, 201]

        await specialist.post(f"/push/devices/{device['id']}/test")
        await until(lambda: len(service.received) == 3)
        await specialist.post(f"/push/devices/{device['id']}/test")
        await until(lambda: len(service.received) == 4)
        await specialist.post(f"/push/devices/{device['id']}/test")
        await until(lambda: len(service.received) == 5)

        assert service.status == [201]

    play(tmp_path, scene)


def test_ringing_does_not_wait_for_a_push_service_that_is_down(tmp_path: Path) -> None:
    async def scene(genba: Installation, service: PushService) -> None:
        field, specialist = await genba.signed_in("F1001"), await genba.signed_in("X2001")
        await subscribed(specialist, service)

        async def hang(*_: object) -> None:
            await asyncio.Event().wait()

        service.answer = hang  # type: ignore[method-assign, assignment]
        async with asyncio.timeout(3):
            await ask(field)
            assert len((await specialist.get("/rings")).json()["rings"]) == 1

    play(tmp_path, scene)


def test_a_device_belongs_to_whoever_subscribed_last_and_only_they_remove_it(tmp_path: Path) -> None:
    async def scene(genba: Installation, service: PushService) -> None:
        specialist, other = await genba.signed_in("X2001"), await genba.signed_in("X2002")
        shared = await subscribed(specialist, service)
        [device] = (await specialist.get("/push")).json()["devices"]
        assert device["label"] == "Chrome, Android"
        assert key_of(await other.post(f"/push/devices/{device['id']}/remove")) == (404, "push.unknown")
        assert key_of(await other.post(f"/push/devices/{device['id']}/test")) == (404, "push.unknown")

        await other.post("/push/devices", dict(shared.subscription()))

        assert (await specialist.get("/push")).json()["devices"] == []
        [device] = (await other.get("/push")).json()["devices"]
        assert (await other.post(f"/push/devices/{device['id']}/remove")).status_code == 204
        actions = [row.action for row in await genba.log()]
        assert actions.count("push_device.added") == 2 and actions.count("push_device.removed") == 1

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("endpoint", "https://10.0.0.7/push/1"),
        ("endpoint", "http://push.example.jp/1"),
        ("p256dh", "A" * 87),
        ("auth", "A" * 40),
    ],
)
def test_what_no_browser_would_say_is_refused(tmp_path: Path, change: str, value: str) -> None:
    async def scene(genba: Installation, service: PushService) -> None:
        specialist = await genba.signed_in("X2001")
        given = Device(service.origin).subscription() | {change: value}

        assert key_of(await specialist.post("/push/devices", dict(given))) == (422, "push.refused")

    play(tmp_path, scene)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://localhost/1",
        "https://127.0.0.1/1",
        "https://127.1/1",
        "https://0x7f.1/1",
        "https://[::1]/1",
        "https://user@push.example.jp/1",
        "https://push.example.jp:8443/1",
        "https://push.example.jp:99999/1",
        "https://push.example.jp/1#part",
        "https://push.example.jp/\r\nHost: x",
        "https://push.example.jp/" + "1" * 1000,
        "ftp://push.example.jp/1",
        "//push.example.jp/1",
        "",
    ],
)
def test_nothing_is_sent_to_an_address_of_a_strangers_choice(endpoint: str) -> None:
    with pytest.raises(EndpointRefused):
        check(endpoint, ())


@pytest.mark.parametrize("inside", ["10.1.2.3", "192.168.0.5", "169.254.169.254", "::1", "fd00::7"])
def test_a_public_name_with_an_address_inside_is_refused(
    inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look_up(self: object, host: str, port: int, **_: object) -> list[Any]:
        addresses = ("203.0.113.1", inside) if host == "push.example.jp" else ("1.1.1.1",)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", look_up)

    with pytest.raises(EndpointRefused):
        asyncio.run(resolve("https://push.example.jp/1", ()))
    [target] = asyncio.run(resolve("https://updates.push.example/1?a=b", ()))
    assert (target.url, target.host) == ("https://1.1.1.1:443/1?a=b", "updates.push.example")
    assert (target.origin, target.port_host) == ("https://updates.push.example", "updates.push.example")
