"""Notices over HTTP and through a real SMTP server: double opt-in, each once, quiet nights, one click out."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import select

from field_assist import concierge
from field_assist.concierge import subscribers
from field_assist.concierge.following import Change, entry_key
from field_assist.concierge.notices import Mailing
from field_assist.concierge.subscribers import FollowRow, Notice, Subscriber
from signaling.demo_catalogue import FILES
from signaling.mail import outbox
from signaling.mail.outbox import Mail
from tests import waiting
from tests.installation import ORIGIN, Browser, Installation, Json, key_of, play
from tests.mail_server import MailServer
from tests.subscribers import BRIDGE, BUILDERS, CITY, HEARING, HOME, Listed, follows_home, subscribed

until = partial(waiting.until, within_s=15)
TO = "satoko@mail.example.jp"
Scene = Callable[[Installation, MailServer, Listed], Awaitable[None]]


def play_with_mail(folder: Path, scene: Scene, refusals: list[str] | None = None, **chosen: Any) -> None:
    """A scene with a mail server and a catalogue; Any: settings of different fields."""
    with MailServer(refusals=refusals or []) as server:

        async def inside(genba: Installation) -> None:
            listed = Listed()
            genba.services.concierge.notices.rounds.source = listed
            await scene(genba, server, listed)

        play(folder, inside, **(server.settings | {"public_url": ORIGIN} | chosen))


async def rows(genba: Installation, kind: Any) -> list[Any]:  # Any: a table and its rows
    return await genba.services.store.read(lambda session: list(session.exec(select(kind).order_by(kind.id))))


async def arrived(server: MailServer, count: int) -> list[EmailMessage]:
    await until(lambda: len(server.taken) >= count)
    return server.messages()


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def code_in(message: EmailMessage) -> str:
    found = re.search(rf"{ORIGIN}/n/(\w+)", text_of(message))
    assert found is not None
    return found[1]


async def turn(genba: Installation, *, to: datetime | None = None) -> None:
    """The round and the post office look once, at this time."""
    if to is not None:
        genba.clock.forward(seconds=(to - genba.clock.at).total_seconds())
    await genba.services.concierge.notices.rounds.turn()


async def ask(browser: Browser, **more: object) -> Any:  # Any: httpx's answer
    return await browser.post("/notices", {"address": TO, "consent": True, "language": "ja", **more})


def test_nothing_goes_to_an_address_before_its_owner_said_yes(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, listed: Listed) -> None:
        browser = genba.browser()
        assert (await ask(browser)).status_code == 202
        [message] = await arrived(server, 1)
        assert "まだ登録は終わっていません" in text_of(message)
        code = code_in(message)
        page: Json = (await browser.get(f"/notices/{code}")).json()
        assert (page["state"], page["address"]) == ("asked", "sa***@mail.example.jp")
        body = {"topic": "works", "key": HOME, "radius_m": 1000}
        assert (await browser.post(f"/notices/{code}/follows", body)).status_code == 201
        listed.change(BRIDGE, genba.clock.at + timedelta(minutes=1), "規制終了時間", "17:00", "16:00")
        await turn(genba, to=genba.clock.at + timedelta(minutes=5))
        assert await rows(genba, Notice) == []

        said_yes = (await browser.post(f"/notices/{code}/confirm")).json()

        assert said_yes["state"] == "confirmed"
        assert [follow["label"] for follow in said_yes["follows"]] == ["あまね市川辺"]
        [person] = await rows(genba, Subscriber)
        assert TO not in person.address_sealed and person.text_version
        actions = [row.action for row in await genba.log()]
        assert actions[-3:] == ["notices.asked", "notices.changed", "notices.confirmed"]

    play_with_mail(tmp_path, scene)


def test_an_address_that_nobody_confirms_is_forgotten(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, listed: Listed) -> None:
        browser = genba.browser()
        await ask(browser)
        code = code_in((await arrived(server, 1))[0])
        genba.clock.forward(hours=48)

        assert key_of(await browser.post(f"/notices/{code}/confirm")) == (404, "notices.unknown")
        await genba.services.store.write(lambda session: subscribers.forget_old(session, genba.clock.at))
        assert await rows(genba, Subscriber) == []

    play_with_mail(tmp_path, scene)


def test_whoever_asks_learns_nothing_of_an_address_and_cannot_flood_it(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, listed: Listed) -> None:
        await subscribed(genba, TO)
        strangers = [genba.browser(f"203.0.113.{number}") for number in range(5)]
        answers = [await ask(stranger, address=TO.upper()) for stranger in strangers]

        assert {(answer.status_code, answer.text) for answer in answers} == {(202, "null")}
        messages = await arrived(server, 3)
        assert len(await rows(genba, Mail)) == 3 and len(await rows(genba, Subscriber)) == 1
        assert "お知らせの設定" in messages[0]["Subject"]

    play_with_mail(tmp_path, scene)


def test_without_mail_or_an_address_of_our_own_nobody_can_subscribe(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        assert (await genba.browser().get("/notices")).json()["is_open"] is False
        assert key_of(await ask(genba.browser())) == (409, "mail.not_set_up")

    play(tmp_path, scene)


def test_a_list_that_is_taken_in_again_tells_who_follows_what_changed_in_it(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, _: Listed) -> None:
        genba.services.concierge.notices.rounds.source = concierge.listed.Listed()
        admin, works = await genba.signed_in("A9001"), (FILES / "works.csv").read_bytes()
        address = "/admin/catalogue?name=works&owner=あまね県&owner_code=990001&licence=CC BY 4.0&check=false"
        person = await subscribed(genba, TO)
        await follows_home(genba, person)
        await turn(genba)
        genba.clock.forward(seconds=60)
        assert (await admin.put(address, works)).json()["taken"]
        await turn(genba, to=genba.clock.at + timedelta(hours=1))
        told = await rows(genba, Notice)
        assert {row.item for row in told} == {"work/990001/W001", "work/990001/W023"}  # near, and new

        later = works.replace("2027-02-26,16:00,みどり橋".encode(), "2027-02-26,15:00,みどり橋".encode())
        assert later != works
        assert (await admin.put(address, later)).json()["changed"] == 1
        for _twice in range(2):
            await turn(genba, to=genba.clock.at + timedelta(hours=1))
        [*_rest, changed] = await rows(genba, Notice)
        assert "規制終了時間：16:00 → 15:00" in changed.text
        assert len(await rows(genba, Notice)) == 3

    play_with_mail(tmp_path, scene)


def test_a_change_near_home_is_mailed_once_with_reason_source_and_a_way_out(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, listed: Listed) -> None:
        person = await subscribed(genba, TO)
        await follows_home(genba, person)
        await turn(genba)
        listed.change(BRIDGE, genba.clock.at + timedelta(minutes=1), "規制終了時間", "17:00", "16:00")

        await turn(genba, to=genba.clock.at + timedelta(minutes=5))
        [message] = await arrived(server, 1)
        for _ in range(3):
            await turn(genba, to=genba.clock.at + timedelta(hours=1))

        assert len(server.taken) == 1
        assert message["Subject"] == "近所の工事の予定が変わります：県道12号 川辺橋 耐震補強工事"
        plain, html = text_of(message), text_of(message, "html")
        for words in (
            "規制終了時間：17:00 → 16:00",
            "届いた理由：「あまね市川辺から1km以内の工事」を登録しているため",
            "提供：あまね県（2026年11月20日（金）更新）",
            "問い合わせ：東部土木事務所 000-000-1900",
            f"{ORIGIN}/n/{person.code}",
        ):
            assert words in plain
        assert '<a href="https://amane.example/koji/w001">' in html and "<script" not in html
        stop = f"{ORIGIN}/api/notice-stop/{person.id}/{person.stop_token}"
        assert message["List-Unsubscribe"] == f"<{stop}>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        [mailing] = await rows(genba, Mailing)
        assert (mailing.state, mailing.count) == ("sent", 1)
        assert [row.object for row in await genba.log() if row.action == "notices.mailed"] == [mailing.id]
        told = (await genba.browser().get(f"/notices/{person.code}")).json()["told"]
        assert [each["reason"] for each in told] == ["「あまね市川辺から1km以内の工事」を登録しているため"]

    play_with_mail(tmp_path, scene)


def test_one_click_stops_everything_without_signing_in_and_forgets_the_address(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, listed: Listed) -> None:
        person = await subscribed(genba, TO)
        await follows_home(genba, person)
        mail_program = genba.browser("198.51.100.9").client
        path = f"/api/notice-stop/{person.id}/{person.stop_token}"
        body = {"List-Unsubscribe": "One-Click"}
        forged = path[:-1] + ("1" if path.endswith("0") else "0")

        looked = await mail_program.get(path)
        assert (looked.status_code, looked.headers["location"]) == (303, f"{ORIGIN}/n/{person.code}")
        assert (await mail_program.post(forged, data=body)).status_code == 404
        clicks = [(await mail_program.post(path, data=body)).status_code for _ in range(2)]

        assert clicks == [200, 200]
        [row] = await rows(genba, Subscriber)
        assert (row.state, row.address_digest, row.address_sealed, row.code_sealed) == (
            "stopped",
            None,
            "",
            "",
        )
        assert row.confirmed_at is not None and row.stopped_at is not None
        assert await rows(genba, FollowRow) == []
        assert key_of(await genba.browser().get(f"/notices/{person.code}")) == (404, "notices.unknown")
        assert (await ask(genba.browser())).status_code == 202, "they may come back"

    play_with_mail(tmp_path, scene)


def test_what_comes_at_night_waits_for_the_morning_and_the_rest_for_tuesday(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, listed: Listed) -> None:
        person, night = await subscribed(genba, TO), datetime(2026, 11, 25, 12, tzinfo=UTC)
        await follows_home(genba, person)
        await genba.browser().post(f"/notices/{person.code}/follows", {"topic": "category", "key": "健康"})
        await turn(genba)
        listed.change(BRIDGE, night, "規制種別", "片側交互通行", "全面通行止め")
        listed.changes.append(Change(HEARING, night, is_new=True))
        await turn(genba, to=night + timedelta(minutes=1))
        await turn(genba, to=night + timedelta(hours=10, minutes=59))
        assert await rows(genba, Mail) == []

        await turn(genba, to=datetime(2026, 11, 25, 23, 0, tzinfo=UTC))
        [morning] = await arrived(server, 1)
        await turn(genba, to=datetime(2026, 12, 1, 0, 59, tzinfo=UTC))
        await turn(genba, to=datetime(2026, 12, 1, 1, 0, tzinfo=UTC))
        digest = (await arrived(server, 2))[1]

        assert "川辺橋" in morning["Subject"] and "聞こえの相談会" not in text_of(morning)
        assert digest["Subject"] == "新しいお知らせ：聞こえの相談会"
        assert [mailing.is_digest for mailing in await rows(genba, Mailing)] == [False, True]

    play_with_mail(tmp_path, scene)


def test_a_mail_server_that_is_down_until_night_costs_no_notice_and_breaks_no_night(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, listed: Listed) -> None:
        person, evening = await subscribed(genba, TO), datetime(2026, 11, 25, 10, 30, tzinfo=UTC)
        await follows_home(genba, person)
        await turn(genba)
        listed.change(BRIDGE, evening, "迂回路", "みどり橋", "なし")
        await turn(genba, to=evening + timedelta(minutes=1))

        async def was_refused() -> object:
            return (await rows(genba, Mail))[0].reason

        await until(was_refused)
        genba.clock.forward(hours=1)  # 20:31
        genba.services.appointment_desk._post.look()

        async def was_given_up() -> object:
            return (await rows(genba, Mail))[0].state == "failed"

        await until(was_given_up)
        await turn(genba)
        assert server.taken == [] and [each.state for each in await rows(genba, Notice)] == ["waiting"]

        await turn(genba, to=datetime(2026, 11, 25, 23, 0, tzinfo=UTC))
        await arrived(server, 1)
        await turn(genba)
        assert [mailing.state for mailing in await rows(genba, Mailing)] == ["missed", "sent"]

    play_with_mail(tmp_path, scene, refusals=["451 later"])


def test_an_address_that_refuses_twice_gets_nothing_more(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, listed: Listed) -> None:
        person = await subscribed(genba, TO)
        await follows_home(genba, person)
        await turn(genba)
        for number in range(2):
            at = genba.clock.at + timedelta(hours=1)
            listed.change(BRIDGE, at, "規制終了時間", "17:00", f"1{number}:00")
            await turn(genba, to=at + timedelta(minutes=1))

            async def has_failed(number: int = number) -> object:
                return [mail.state for mail in await rows(genba, Mail)] == ["failed"] * (number + 1)

            await until(has_failed)
            await turn(genba)

        [row] = await rows(genba, Subscriber)
        assert (row.state, server.taken) == ("bounced", [])
        page = (await genba.browser().post(f"/notices/{person.code}/confirm")).json()
        assert page["state"] == "confirmed", "its owner may say that it is good again"

    play_with_mail(tmp_path, scene, refusals=["550 no such user"] * 2)


def test_a_licence_is_told_at_its_steps_until_its_holder_has_dealt_with_it(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, listed: Listed) -> None:
        person = await subscribed(genba, TO, "en")
        browser = genba.browser()
        body = {"topic": "licence", "key": entry_key(BUILDERS), "expires_on": "2027-03-31"}
        page = (await browser.post(f"/notices/{person.code}/follows", body)).json()
        [follow] = page["follows"]
        assert follow["days"] == {
            "opens_on": "2027-01-04",
            "closes_on": "2027-03-01",
            "safe_on": "2027-03-01",
            "stage": "early",
        }
        await turn(genba)
        [first] = await arrived(server, 1)
        assert first["Subject"] == "Construction business licence runs out before long"
        assert "You can apply from Monday 4 January 2027 to Monday 1 March 2027" in text_of(first)
        await turn(genba, to=datetime(2026, 11, 30, 1, tzinfo=UTC))
        assert len(server.taken) == 1
        await turn(genba, to=datetime(2026, 12, 1, 1, tzinfo=UTC))
        assert len(await arrived(server, 2)) == 2

        done = (await browser.post(f"/notices/{person.code}/follows/{follow['id']}/done")).json()
        await turn(genba, to=datetime(2027, 2, 22, 1, tzinfo=UTC))

        assert done["follows"][0]["is_done"] is True
        assert len(server.taken) == 2, "no more after it was dealt with"
        renewed = body | {"expires_on": "2032-03-31"}
        again = (await browser.post(f"/notices/{person.code}/follows", renewed)).json()["follows"]
        assert [(each["expires_on"], each["is_done"]) for each in again] == [("2032-03-31", False)]

    play_with_mail(tmp_path, scene)


def test_only_what_there_is_can_be_followed(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, listed: Listed) -> None:
        person, browser = await subscribed(genba, TO), genba.browser()
        offer = (await browser.get("/notices")).json()
        assert [place["name"] for place in offer["places"]] == ["あまね市川辺"]
        assert [area["key"] for area in offer["areas"]] == [CITY.owner_code]
        for wrong in (
            {"topic": "works", "key": "どこか/ない", "radius_m": 1000},
            {"topic": "works", "key": HOME, "radius_m": 4999},
            {"topic": "licence", "key": entry_key(BUILDERS)},
            {"topic": "licence", "key": entry_key(BRIDGE), "expires_on": "2027-03-31"},
            {"topic": "licence", "key": entry_key(BUILDERS), "expires_on": "9999-12-31"},
            {"topic": "category", "key": "ない"},
            {"topic": "entry", "key": "document/990001/D001"},
        ):
            refused = await browser.post(f"/notices/{person.code}/follows", wrong)
            assert key_of(refused) == (422, "notices.not_followable"), wrong

    play_with_mail(tmp_path, scene)


def test_what_is_switched_off_is_not_told_and_nobody_touches_the_follow_of_another(tmp_path: Path) -> None:
    async def scene(genba: Installation, server: MailServer, listed: Listed) -> None:
        person, other = await subscribed(genba, TO), await subscribed(genba, "other@example.jp")
        follow_id, browser = await follows_home(genba, person), genba.browser()
        chosen = {
            "language": "ja",
            "per_week": 1,
            "quiet_from": 19,
            "quiet_until": 9,
            "switched_off": ["works"],
        }
        page = (await browser.post(f"/notices/{person.code}/choices", chosen)).json()
        assert {name: page[name] for name in chosen} == chosen
        await turn(genba)
        listed.change(BRIDGE, genba.clock.at + timedelta(minutes=1), "規制種別", "a", "b")
        await turn(genba, to=genba.clock.at + timedelta(minutes=5))
        assert await rows(genba, Notice) == []
        stolen = await browser.post(f"/notices/{other.code}/follows/{follow_id}/remove")
        assert key_of(stolen) == (404, "notices.follow_unknown")

    play_with_mail(tmp_path, scene)


def test_guessing_links_stops_soon(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        stranger = genba.browser("203.0.113.9")
        answers = [await stranger.get(f"/notices/{'a' * 21}{digit}") for digit in "123456789ABC"]

        assert key_of(answers[0]) == (404, "notices.unknown")
        assert key_of(answers[-1]) == (429, "rate_limited")

    play(tmp_path, scene)


def test_a_crash_while_mail_leaves_sends_none_twice(tmp_path: Path) -> None:
    """The process dies at each of three places: before the words leave, after, and after it was noted."""

    async def scene(genba: Installation, server: MailServer, listed: Listed) -> None:
        store, at = genba.services.store, genba.clock.at
        due_at = at + timedelta(minutes=1)  # the server itself, whose clock stands, leaves them alone
        for about in ("before", "after", "noted"):
            content = outbox.Content(TO, about, about, is_once=True)
            ends = at + timedelta(hours=1)
            put = partial(outbox.put, vault=genba.services.vault, content=content, about=about, at=at)
            await store.write(partial(put, until=ends, due_at=due_at))
        claimed = {}
        for _ in range(3):
            row = await store.write(lambda session: outbox.claim(session, due_at))
            assert row is not None
            claimed[row.about] = row.id
        await store.write(lambda session: outbox.leaving(session, claimed["after"]))
        await store.write(lambda session: outbox.leaving(session, claimed["noted"]))
        await store.write(lambda session: outbox.sent(session, claimed["noted"], at))

        genba.clock.forward(seconds=60 + outbox.CLAIM.total_seconds())  # and now the next process looks
        genba.services.appointment_desk._post.look()
        messages = await arrived(server, 1)

        async def is_over() -> object:
            return {mail.about: (mail.state, mail.reason) for mail in await rows(genba, Mail)} == {
                "before": ("sent", ""),
                "after": ("failed", "unclear"),
                "noted": ("sent", ""),
            }

        await until(is_over)
        assert [message["Subject"] for message in messages] == ["before"]

    play_with_mail(tmp_path, scene)
