"""空き: a booking cancelled in a real feed on loopback becomes a notice at once, over when it is taken."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlmodel import select

from field_assist import JST
from field_assist.concierge import slot_lists
from field_assist.concierge.following import entry_key
from field_assist.concierge.notices import Mailing
from field_assist.concierge.subscribers import Notice
from signaling.__main__ import main
from signaling.mail import outbox
from signaling.slot_feeds import SlotFeeds
from tests import waiting
from tests.installation import ORIGIN, Installation, key_of, play
from tests.mail_server import MailServer
from tests.subscribers import LIBRARY, Listed, Person, subscribed

until = partial(waiting.until, within_s=15)
TO = "satoko@mail.example.jp"
HALL = {"topic": "slot", "key": entry_key(LIBRARY), "weekdays": "56", "from_hour": 9, "until_hour": 17}
SATURDAY = datetime(2026, 11, 28, 9, tzinfo=JST)


class Published:
    """What the booking system answers: the hall on Saturday at nine and at eleven."""

    def __init__(self) -> None:
        self.free = {9: 0, 11: 0}
        self.status = 200
        self.asked: list[str] = []

    @property
    def content(self) -> bytes:
        """As JSON."""
        slots = [
            {
                "facility_id": LIBRARY.entry_id,
                "room": "大会議室",
                "start": SATURDAY.replace(hour=hour).isoformat(),
                "end": SATURDAY.replace(hour=hour + 2).isoformat(),
                "free": free,
            }
            for hour, free in self.free.items()
        ]
        return json.dumps({"slots": slots}).encode()


@contextmanager
def booking_system(published: Published) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tag = f'"{sorted(published.free.items())}"'
            published.asked.append(self.headers.get("If-None-Match", ""))
            status = 304 if self.headers.get("If-None-Match") == tag else published.status
            content = published.content if status == 200 else b""
            self.send_response(status)
            self.send_header("ETag", tag)
            self.send_header("Location", "http://169.254.169.254/")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quietly."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = Thread(target=listening.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.server_port}"
        finally:
            listening.shutdown()
            thread.join()


class Hall:
    """An installation that watches the hall's feed, and somebody who waits for it."""

    def __init__(self, genba: Installation, published: Published, origin: str) -> None:
        self.genba, self.published = genba, published
        rounds = genba.services.concierge.notices.rounds
        self._feeds = SlotFeeds(genba.services.store, genba.clock.clock, rounds, (origin,))

    async def look(self) -> None:
        """Half a minute later the feed is read again."""
        self.genba.clock.forward(seconds=30)
        asked = len(self.published.asked)
        await self._feeds.turn()  # unless the server itself was faster

        async def has_looked() -> object:
            feeds = await self.genba.services.store.read(slot_lists.feeds)
            at = self.genba.clock.at
            return len(self.published.asked) > asked and all(
                feed.fetched_at == at or feed.fault for feed in feeds
            )

        await until(has_looked)
        await self.genba.services.concierge.notices.rounds.turn()

    async def rows(self, kind: Any) -> list[Any]:  # Any: a table and its rows
        """All of a table."""
        return await self.genba.services.store.read(
            lambda session: list(session.exec(select(kind).order_by(kind.id)))
        )

    async def told(self, person: Person) -> list[tuple[str, bool]]:
        """What their page shows."""
        page = (await self.genba.browser().get(f"/notices/{person.code}")).json()
        return [(each["title"], each["is_over"]) for each in page["told"]]


Scene = Callable[[Hall, MailServer, Person], Awaitable[None]]


def play_hall(folder: Path, scene: Scene) -> None:
    published = Published()
    with MailServer() as server, booking_system(published) as origin:

        async def inside(genba: Installation) -> None:
            genba.services.concierge.notices.rounds.source = Listed()
            feed = slot_lists.new_feed("hall", "json", ("あまね市", "992011"), genba.clock.at)
            feed.address = f"{origin}/slots.json"
            await genba.services.store.write(lambda session: slot_lists.put_feed(session, feed))
            hall = Hall(genba, published, origin)
            await hall.look()
            person = await subscribed(genba, TO)
            answer = await genba.browser().post(f"/notices/{person.code}/follows", HALL)
            assert answer.status_code == 201, answer.text
            await scene(hall, server, person)

        play(folder, inside, **server.settings, public_url=ORIGIN, feed_origins=(origin,))


def test_a_cancelled_booking_is_told_once_and_is_over_when_somebody_took_it(tmp_path: Path) -> None:
    async def scene(hall: Hall, server: MailServer, person: Person) -> None:
        offer = (await hall.genba.browser().get("/notices")).json()
        assert offer["facilities"] == [{"key": entry_key(LIBRARY), "name": "川辺公民館", "day": None}]
        await hall.look()
        assert hall.published.asked[-1], "what is known already is not sent again"
        hall.published.free[9] = 1
        cancelled_at = hall.genba.clock.at
        await hall.look()
        await until(lambda: len(server.taken) == 1)
        [message] = server.messages()
        assert message["Subject"] == "川辺公民館 大会議室 11/28(土)9-11時が空きました"
        body = message.get_body(("plain",))
        assert body is not None and "先着です。" in body.get_content()
        assert "届いた理由：「川辺公民館」の空きを登録しているため" in body.get_content()
        [notice] = await hall.rows(Notice)
        assert notice.made_at - cancelled_at < timedelta(minutes=1)
        assert await hall.told(person) == [(notice.title, False)]

        hall.published.free[9] = 0
        await hall.look()
        for _ in range(2):
            await hall.look()
        assert await hall.told(person) == [(notice.title, True)]
        assert len(server.taken) == 1
        actions = [
            (row.action, row.reason) for row in await hall.genba.log() if row.action.startswith("slots")
        ]
        assert actions == [("slots.taken", "+1 -0"), ("slots.taken", "+0 -1")]

    play_hall(tmp_path, scene)


def test_what_is_taken_before_it_was_told_is_never_sent(tmp_path: Path) -> None:
    async def scene(hall: Hall, server: MailServer, person: Person) -> None:
        night = datetime(2026, 11, 25, 22, tzinfo=JST)
        hall.genba.clock.forward(seconds=(night - hall.genba.clock.at).total_seconds())
        hall.published.free = {9: 1, 11: 1}
        await hall.look()
        assert [notice.state for notice in await hall.rows(Notice)] == ["waiting", "waiting"]
        hall.published.free[9] = 0
        await hall.look()

        morning = datetime(2026, 11, 26, 8, tzinfo=JST)
        hall.genba.clock.forward(seconds=(morning - hall.genba.clock.at).total_seconds())
        await hall.look()
        await until(lambda: len(server.taken) == 1)
        [message] = server.messages()
        assert "11-13時" in message["Subject"]
        body = message.get_body(("plain",))
        assert body is not None and "9-11時" not in body.get_content()
        assert sorted(await hall.told(person)) == [
            ("川辺公民館 大会議室 11/28(土)11-13時が空きました", False),
            ("川辺公民館 大会議室 11/28(土)9-11時が空きました", True),
        ]

    play_hall(tmp_path, scene)


def test_a_mail_that_waits_for_a_slow_server_is_withdrawn_with_its_slot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "FIRST_RETRY_S", 600.0)  # not in the moment in which the feed is read again

    async def scene(hall: Hall, server: MailServer, person: Person) -> None:
        server.refusals.append("451 later")
        hall.published.free[9] = 1
        await hall.look()

        async def was_refused() -> object:
            return not server.refusals

        await until(was_refused)
        hall.published.free[9] = 0
        await hall.look()
        for _ in range(3):
            hall.genba.clock.forward(minutes=20)
            await hall.look()

        assert server.taken == []
        assert [mailing.state for mailing in await hall.rows(Mailing)] == ["missed"]
        assert await hall.told(person) == [("川辺公民館 大会議室 11/28(土)9-11時が空きました", True)]

    play_hall(tmp_path, scene)


def test_what_the_feed_says_wrong_changes_nothing_and_nobody_is_led_elsewhere(tmp_path: Path) -> None:
    async def scene(hall: Hall, server: MailServer, person: Person) -> None:
        store = hall.genba.services.store
        hall.published.free[9] = 1
        hall.published.status = 302
        await hall.look()
        [feed] = await store.read(slot_lists.feeds)
        assert (feed.fault, await hall.rows(Notice)) == ("status_302", [])

        for address in ("https://10.0.0.1/slots", "http://amane.example/slots", "https://localhost/slots"):
            elsewhere = slot_lists.new_feed("elsewhere", "json", ("あまね市", "992011"), hall.genba.clock.at)
            elsewhere.address = address
            await store.write(lambda session, feed=elsewhere: slot_lists.put_feed(session, feed))  # type: ignore[misc]
            await hall._feeds.turn()

            async def is_refused() -> object:
                feeds = {each.name: each for each in await store.read(slot_lists.feeds)}
                return feeds["elsewhere"].fault == "refused"

            await until(is_refused)

    play_hall(tmp_path, scene)


def test_only_bookable_facilities_can_be_waited_for_and_only_on_days_and_in_hours(tmp_path: Path) -> None:
    async def scene(hall: Hall, server: MailServer, person: Person) -> None:
        browser = hall.genba.browser()
        for wrong in (
            {"weekdays": ""},
            {"from_hour": 12, "until_hour": 12},
            {"key": "facility/990001/F001"},
            {"key": entry_key(LIBRARY) + "x"},
        ):
            refused = await browser.post(f"/notices/{person.code}/follows", HALL | wrong)
            assert key_of(refused) == (422, "notices.not_followable"), wrong

    play_hall(tmp_path, scene)


def test_a_list_that_somebody_brings_is_taken_in_by_the_command_line(tmp_path: Path, capsys: Any) -> None:
    path, data = tmp_path / "hall.csv", ("--data", str(tmp_path / "data"))
    more = ("--facility", "F040", "--code", "992011")
    path.write_text("利用日,開始時間,終了時間,空き\n2099-11-28,9:00,11:00,×\n", encoding="utf-8-sig")
    assert main(["slots", "import", str(path), "hall", *more, *data]) == 0
    path.write_text("利用日,開始時間,終了時間,空き\n2099-11-28,9:00,11:00,○\n", encoding="utf-8-sig")
    assert main(["slots", "import", str(path), "hall", *more, *data]) == 0
    assert "新しく空いた 1件、埋まった 0件" in capsys.readouterr().out
    path.write_text("利用日,開始時間,終了時間,空き\n2099-11-28,9:00,11:00,いつか\n", encoding="utf-8-sig")
    assert main(["slots", "import", str(path), "hall", *more, *data]) == 1
    assert "2行目を直してください" in capsys.readouterr().err

    address = ("--address", "https://amane.example/slots", "--form", "json")
    assert main(["slots", "set", "hall", *address, "--every", "5", *data]) == 1
    assert main(["slots", "set", "hall", *address, *data]) == 0
    assert main(["slots", "list", *data]) == 0
    assert "https://amane.example/slots" in capsys.readouterr().out
    assert main(["slots", "remove", "hall", *data]) == 0
    assert main(["slots", "remove", "hall", *data]) == 1
