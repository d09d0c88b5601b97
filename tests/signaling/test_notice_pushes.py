"""Notices by push and on behalf of somebody: by one way, once, never at night, and ended as agreed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from field_assist.concierge import subscribers
from field_assist.concierge.following import entry_key
from field_assist.concierge.notices import Mailing
from field_assist.concierge.subscribers import Notice, ResidentDevice, Subscriber
from tests import waiting
from tests.installation import ORIGIN, Installation, Json, installation, key_of
from tests.mail_server import MailServer
from tests.push_service import Device, PushService, claims_of, push_service
from tests.signaling.test_notices_http import TO, code_in, rows, text_of, turn
from tests.subscribers import BRIDGE, BUILDERS, Listed, Person, follows_home, subscribed

until = partial(waiting.until, within_s=15)
Scene = Callable[[Installation, MailServer, PushService, Listed], Awaitable[None]]


def play_with_both(folder: Path, scene: Scene) -> None:
    """A scene with a mail server and a push service."""
    with MailServer() as server:

        async def outside() -> None:
            async with push_service() as service:
                chosen = server.settings | {"public_url": ORIGIN, "push_services": (service.origin,)}

                async with installation(folder, **chosen) as genba:
                    listed = Listed()
                    genba.services.concierge.notices.rounds.source = listed
                    await scene(genba, server, service, listed)

        asyncio.run(outside())


async def with_browser(genba: Installation, person: Person, service: PushService) -> Device:
    """Their browser shows notices from now on."""
    device = Device(service.origin)
    body: Json = {name: each for name, each in device.subscription().items() if name != "language"}
    answer = await genba.browser().post(f"/notices/{person.code}/devices", body)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["channel"], len(answer.json()["devices"])) == ("push", 1)
    return device


def change(genba: Installation, listed: Listed, to: str) -> datetime:
    at = genba.clock.at + timedelta(minutes=1)
    listed.change(BRIDGE, at, "規制終了時間", "17:00", to)
    return at + timedelta(minutes=1)


async def states(genba: Installation) -> list[tuple[str, str]]:
    return sorted((mailing.channel, mailing.state) for mailing in await rows(genba, Mailing))


def test_a_notice_goes_to_the_browser_once_and_says_what_its_title_says(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, service: PushService, listed: Listed) -> None:
        person = await subscribed(genba, TO)
        await follows_home(genba, person)
        device = await with_browser(genba, person, service)
        await turn(genba)
        await turn(genba, to=change(genba, listed, "16:00"))
        await until(lambda: service.bodies(device))
        for _ in range(3):
            await turn(genba, to=genba.clock.at + timedelta(minutes=5))

        [notice] = await rows(genba, Notice)
        [body] = service.bodies(device)
        assert body == {
            "kind": "notice",
            "id": notice.id,
            "language": "ja",
            "title": "近所の工事の予定が変わります：県道12号 川辺橋 耐震補強工事",
            "more": 0,
        }
        assert person.code not in str(body) and TO not in str(body)
        [received] = service.received
        assert received.headers["content-encoding"] == "aes128gcm"
        assert 0 < int(received.headers["ttl"]) <= 12 * 3600, (
            "what nobody took by the evening is not shown at night"
        )
        page = (await genba.browser().get(f"/notices/{person.code}")).json()
        assert set(claims_of(received, page["push_key"])) == {"aud", "exp", "sub"}
        assert [each["id"] for each in page["told"]] == [notice.id]
        assert (server.taken, await states(genba)) == ([], [("push", "sent")])
        actions = [row.action for row in await genba.log()]
        assert actions[-2:] == ["notices.device_added", "notices.pushed"]

    play_with_both(tmp_path, scene)


def test_nights_are_quiet_and_weeks_are_short_for_pushes_as_for_mail(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, service: PushService, listed: Listed) -> None:
        person = await subscribed(genba, TO)
        await follows_home(genba, person)
        device = await with_browser(genba, person, service)
        await turn(genba)
        genba.clock.forward(hours=12)  # past ten at night
        await turn(genba, to=change(genba, listed, "16:00"))
        assert await states(genba) == []
        await turn(genba, to=datetime(2026, 11, 24, 23, 0, tzinfo=UTC))
        await until(lambda: len(service.bodies(device)) == 1)
        for hour in ("15:00", "14:00", "13:00"):
            await turn(genba, to=change(genba, listed, hour))
            await turn(genba)
        await until(lambda: len(service.bodies(device)) == 2)
        assert len(await rows(genba, Mailing)) == 2, "the third is the digest's"

    play_with_both(tmp_path, scene)


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten_and_the_notice_comes_by_mail(
    tmp_path: Path, status: int
) -> None:
    async def scene(genba: Installation, server: MailServer, service: PushService, listed: Listed) -> None:
        person = await subscribed(genba, TO)
        await follows_home(genba, person)
        await with_browser(genba, person, service)
        await turn(genba)
        service.status = [status]
        await turn(genba, to=change(genba, listed, "16:00"))
        await until(lambda: server.taken)

        async def is_sent() -> object:
            await turn(genba)
            return await states(genba) == [("mail", "sent"), ("push", "missed")]

        await until(is_sent)
        assert await rows(genba, ResidentDevice) == [] and len(service.received) == 1
        [row] = await rows(genba, Subscriber)
        assert row.channel == "mail"

    play_with_both(tmp_path, scene)


def test_a_push_service_that_is_down_is_asked_again_and_a_crash_in_between_sends_nothing_twice(
    tmp_path: Path,
) -> None:
    async def scene(genba: Installation, server: MailServer, service: PushService, listed: Listed) -> None:
        person = await subscribed(genba, TO)
        await follows_home(genba, person)
        device = await with_browser(genba, person, service)
        await turn(genba)
        service.status = [429, 201]
        await turn(genba, to=change(genba, listed, "16:00"))

        async def waits_again() -> object:
            return [(each.state, each.tries) for each in await rows(genba, Mailing)] == [("out", 1)]

        await until(waits_again)
        genba.clock.forward(seconds=20)
        genba.services.concierge.notices.rounds.on_pushes()
        await until(lambda: len(service.bodies(device)) == 2)

        async def is_sent() -> object:
            return await states(genba) == [("push", "sent")]

        await until(is_sent)

        def lose(session: Any) -> None:  # Any: a session; as a server that died while it spoke to the service
            mailing = session.exec(select(Mailing)).one()
            mailing.state, mailing.due_at = "leaving", genba.clock.at
            session.add(mailing)

        await genba.services.store.write(lose)
        genba.services.concierge.notices.rounds.on_pushes()

        async def is_unclear() -> object:
            return await states(genba) == [("push", "unclear")]

        await until(is_unclear)
        assert len(service.received) == 2

    play_with_both(tmp_path, scene)


def test_only_who_said_yes_adds_a_browser_and_only_to_public_push_services(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, service: PushService, listed: Listed) -> None:
        browser, person = genba.browser(), await subscribed(genba, TO)
        body: Json = {name: each for name, each in Device(service.origin).subscription().items()}
        del body["language"]
        for endpoint in ("https://10.0.0.1/push", "http://push.example.jp/", "https://localhost/push"):
            refused = await browser.post(f"/notices/{person.code}/devices", body | {"endpoint": endpoint})
            assert key_of(refused) == (422, "push.refused"), endpoint
        await browser.post("/notices", {"address": "new@example.jp", "consent": True, "language": "ja"})
        await until(lambda: server.taken)
        asked = code_in(server.messages()[0])
        assert key_of(await browser.post(f"/notices/{asked}/devices", body)) == (409, "notices.not_confirmed")

        page = (await browser.post(f"/notices/{person.code}/devices", body)).json()
        device_id = page["devices"][0]["id"]
        other = await subscribed(genba, "other@example.jp")
        stolen = await browser.post(f"/notices/{other.code}/devices/{device_id}/remove")
        assert key_of(stolen) == (404, "push.unknown")
        gone = (await browser.post(f"/notices/{person.code}/devices/{device_id}/remove")).json()
        assert (gone["channel"], gone["devices"]) == ("mail", [])

    play_with_both(tmp_path, scene)


DAUGHTER: Json = {
    "address": "yui@example.jp",
    "consent": True,
    "name": "娘の由",
    "from_name": "川辺 里子",
    "topics": ["licence"],
    "until": "2026-12-10",
}


async def with_daughter(genba: Installation, server: MailServer, person: Person) -> tuple[str, Json]:
    """She was asked by mail and said yes: the code of her page, and what it shows."""
    page = (await genba.browser().post(f"/notices/{person.code}/proxies", DAUGHTER)).json()
    assert [(each["name"], each["is_confirmed"]) for each in page["proxies"]] == [("娘の由", False)]
    await until(lambda: server.taken)
    message = server.messages()[0]
    assert message["To"] == "yui@example.jp" and "川辺 里子さん" in message["Subject"]
    assert "2026年12月10日（木）まで" in text_of(message)
    code = code_in(message)
    return code, (await genba.browser().post(f"/notices/{code}/confirm")).json()


def test_whoever_said_yes_receives_some_of_it_until_a_day_and_can_stop_it_herself(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, service: PushService, listed: Listed) -> None:
        person = await subscribed(genba, TO)
        await follows_home(genba, person)
        code, hers = await with_daughter(genba, server, person)
        assert hers["proxy_for"] == {"name": "川辺 里子", "topics": ["licence"], "until": "2026-12-10"}
        assert (hers["follows"], hers["proxies"]) == ([], [])
        body = {"topic": "licence", "key": entry_key(BUILDERS), "expires_on": "2027-03-31"}
        await genba.browser().post(f"/notices/{person.code}/follows", body)
        await turn(genba)
        await turn(genba, to=change(genba, listed, "16:00"))  # of works, which is not hers
        await until(lambda: len(server.taken) == 4)
        told = [message for message in server.messages() if message["To"] == "yui@example.jp"][1:]
        assert [re.match("建設業許可", str(message["Subject"])) is not None for message in told] == [True]
        assert "代わりに受け取る登録をしているため" in text_of(told[0])

        again = await genba.browser().post(f"/notices/{code}/proxies", DAUGHTER | {"address": "x@example.jp"})
        assert key_of(again) == (422, "notices.not_proxied"), "nobody hands on what is somebody else's"
        assert (await genba.browser().post(f"/notices/{code}/stop")).status_code == 204
        page = (await genba.browser().get(f"/notices/{person.code}")).json()
        assert (page["state"], page["proxies"]) == ("confirmed", [])

    play_with_both(tmp_path, scene)


def test_a_mandate_ends_on_its_day_and_with_the_one_who_gave_it(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, service: PushService, listed: Listed) -> None:
        person, browser = await subscribed(genba, TO), genba.browser()
        await with_daughter(genba, server, person)
        for wrong in ({"until": "2026-11-24"}, {"until": "2028-01-01"}):
            refused = await browser.post(f"/notices/{person.code}/proxies", DAUGHTER | wrong)
            assert key_of(refused) == (422, "notices.not_proxied")
        for name in ("https://evil.example", "今すぐ03-1234-5678へ", ""):
            asked = await browser.post(f"/notices/{person.code}/proxies", DAUGHTER | {"from_name": name})
            assert asked.status_code == 422, "a name is no place for an advertisement"
        body = {"topic": "licence", "key": entry_key(BUILDERS), "expires_on": "2027-03-31"}
        await browser.post(f"/notices/{person.code}/follows", body)
        genba.clock.forward(days=17)  # 11 December
        await genba.services.store.write(lambda session: subscribers.forget_old(session, genba.clock.at))
        await turn(genba)
        await until(lambda: len(server.taken) == 2)
        assert {message["To"] for message in server.messages()[1:]} == {TO}
        assert sorted(row.state for row in await rows(genba, Subscriber)) == ["confirmed", "stopped"]

        longer = DAUGHTER | {"until": "2027-03-31"}
        await browser.post(f"/notices/{person.code}/proxies", longer)
        await browser.post(f"/notices/{person.code}/stop")
        kept = await rows(genba, Subscriber)
        assert {(row.state, row.address_sealed, row.proxy_sealed) for row in kept} == {("stopped", "", "")}

    play_with_both(tmp_path, scene)
