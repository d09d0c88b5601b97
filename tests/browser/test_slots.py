"""A resident waits for a hall, hears on their own device that it became free, and later that it is over.

The push service is one of ours, as in test_push.py; the server's clock begins at ten on a Tuesday, so that no
hour of the night at which this runs is a quiet one.
"""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from field_assist import Session
from field_assist.concierge import slot_lists, subscribers
from field_assist.concierge.slots import Slot
from signaling import slot_intake
from signaling.accounts.access_log import COMMAND_LINE
from signaling.api.notice_round import Keys
from signaling.api.services import Services
from signaling.clock import Clock
from tests.browser.installation import ROOT
from tests.browser.test_notices import served
from tests.browser.test_push import SHOWN_JS, SUBSCRIBED_JS, deliver, running_push_service
from tests.browser.windows import PHONE, WAIT_MS, Window
from tests.clock import START
from tests.installation import settings_for
from tests.mail_server import MailServer
from tests.push_service import Device
from tests.services import free_port
from tests.signaling.test_slots_http import SATURDAY
from tests.subscribers import LIBRARY

pytestmark = pytest.mark.browser

TITLE = "川辺公民館 大会議室 11/28(土)9-11時が空きました"


class Hall:
    """The hall's bookings, and the person who waits for it."""

    def __init__(self, services: Services, url: str) -> None:
        self._services = services
        self._url = url

    def says(self, free: int) -> None:
        """The booking system says so about Saturday at nine."""
        end = SATURDAY + timedelta(hours=2)
        at = self._services.clock.wall()
        slot = Slot(LIBRARY.entry_id, "大会議室", SATURDAY, end, free)

        def work(session: Session) -> None:
            known = slot_lists.feeds(session)
            feed = known[0] if known else slot_lists.new_feed("hall", "json", ("あまね市", "992011"), at)
            slot_lists.put_feed(session, feed)
            slot_intake.take_in(session, feed, [slot], "", COMMAND_LINE, at)

        self._services.store.write_now(work)

    def subscribe(self) -> str:
        """Somebody who said yes: the address of their page."""
        keys, at = Keys(self._services.vault, self._url), self._services.clock.wall()

        def work(session: Session) -> str:
            key = keys.new("satoko@mail.example.jp", at)
            row = subscribers.ask(session, key, "ja", "test", at)
            subscribers.confirm(session, row, at)
            return keys.page(row)

        return self._services.store.write_now(work)


def test_a_resident_hears_on_their_device_that_a_hall_is_free_and_that_it_is_over(
    tmp_path: Path, browser: Browser
) -> None:
    began, port = time.monotonic(), free_port()
    clock = Clock(lambda: START + timedelta(seconds=time.monotonic() - began), time.monotonic)
    url = f"http://127.0.0.1:{port}"
    with MailServer() as server, running_push_service() as service:
        more = server.settings | {"push_services": (service.origin,), "web_dir": ROOT / "web_client" / "dist"}
        settings = settings_for(tmp_path, port=port, public_url=url, **more)
        with served(settings, clock) as (services, _):
            hall, device = Hall(services, url), Device(service.origin)
            hall.says(0)
            context = browser.new_context(
                base_url=url,
                viewport={"width": PHONE[0], "height": PHONE[1]},
                locale="ja-JP",
                permissions=["notifications"],
            )
            context.set_default_timeout(WAIT_MS)
            context.add_init_script(f"({SUBSCRIBED_JS})({json.dumps(device.subscription())})")
            phone = Window(context.new_page(), "ja")
            phone.page.clock.set_fixed_time(START)
            phone.page.goto(hall.subscribe())
            _wait_for_the_hall(phone)
            _ask_the_daughter(phone, server)
            phone.page.get_by_role("button", name="この端末の通知で受け取る").click()
            expect(phone.page.get_by_text("登録した端末の通知で届きます").first).to_be_visible()
            phone.page.get_by_label("まとめて届く日").select_option(label="毎日")
            expect(phone.page.get_by_text(re.compile("次は2026年11月25日"))).to_be_visible()
            phone.check_accessibility("notices-slots")

            hall.says(1)
            services.concierge.notices.rounds.look()
            deadline = time.monotonic() + WAIT_MS / 1000
            while not service.bodies(device) and time.monotonic() < deadline:
                time.sleep(0.05)
            [pushed] = service.bodies(device)
            assert (pushed["title"], len(server.taken)) == (TITLE, 1), "the mail to the daughter and no other"
            blank = context.new_page()
            phone.page.close()
            deliver(blank, url, pushed)
            blank.goto(f"{url}/n?told={pushed['id']}")  # what a press on it opens
            phone = Window(blank, "ja")
            expect(blank.get_by_text(TITLE, exact=True)).to_be_visible()
            [shown] = blank.evaluate(SHOWN_JS)
            assert (shown["title"], shown["body"]) == (TITLE, "押すと開きます。")
            hall.says(0)
            blank.reload()
            expect(blank.get_by_text("終わりました", exact=True)).to_be_visible()
            phone.check_accessibility("notices-opened")
            blank.get_by_role("button", name="やさしい日本語").click()
            expect(blank.get_by_role("heading", level=1)).to_have_text(re.compile("せってい"))
            phone.check_accessibility("notices-slots-easy")
            blank.get_by_role("button", name="English").click()
            expect(blank.get_by_role("heading", level=1)).to_have_text("Your notices")
            phone.check_accessibility("notices-slots-english")
            context.close()


def _wait_for_the_hall(phone: Window) -> None:
    page = phone.page
    page.get_by_role("button", name="施設の空き 追加する").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("施設").select_option(label="川辺公民館")
    sheet.get_by_label("平日").uncheck()
    sheet.get_by_label("何時まで").select_option(label="17時")
    phone.check_accessibility("notices-add-slot")
    sheet.get_by_role("button", name="登録する").click()
    expect(page.get_by_text("土曜・日曜・祝日、8時〜17時")).to_be_visible()


def _ask_the_daughter(phone: Window, server: MailServer) -> None:
    page = phone.page
    page.get_by_role("button", name="家族を登録する").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("相手の呼び名").fill("娘の由")
    sheet.get_by_label("相手のメールアドレス").fill("yui@example.jp")
    sheet.get_by_label(re.compile("あなたの名前")).fill("川辺 里子")
    sheet.get_by_label(re.compile("相手の了解")).check()
    phone.check_accessibility("notices-ask-proxy")
    sheet.get_by_role("button", name="相手に確認のメールを送る").click()
    expect(page.get_by_text("娘の由さんにも送る")).to_be_visible()
    expect(page.get_by_text("返事を待っています")).to_be_visible()
    deadline = time.monotonic() + WAIT_MS / 1000
    while not server.taken and time.monotonic() < deadline:
        time.sleep(0.05)
