"""Notices in a real browser: asked for, confirmed by the link of the mail, chosen, stopped by a resident.

The server runs in this process, with the catalogue of `tests.subscribers`.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, expect

from signaling.api.services import Services
from signaling.app import create_app
from signaling.clock import SYSTEM_CLOCK, Clock
from signaling.settings import Settings
from tests.browser.installation import ROOT
from tests.browser.windows import PHONE, Desk, Window
from tests.installation import RecordedRooms, settings_for
from tests.mail_server import MailServer
from tests.services import free_port
from tests.subscribers import BRIDGE, Listed

pytestmark = pytest.mark.browser


@contextmanager
def served(settings: Settings, clock: Clock = SYSTEM_CLOCK) -> Iterator[tuple[Services, Listed]]:
    """The product on loopback while the block runs, and the catalogue it reads."""
    app, listed = create_app(settings, clock, RecordedRooms()), Listed()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=settings.port, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server ended before it was ready"
        app.state.services.concierge.notices.rounds.source = listed
        yield app.state.services, listed
    finally:
        server.should_exit = True
        thread.join()


def link_of(server: MailServer, count: int) -> str:
    """The path of the page in the newest of so many mails."""

    deadline = time.monotonic() + 15
    while len(server.taken) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    body = server.messages()[count - 1].get_body(("plain",))
    assert body is not None
    found = re.search(r"(/n/\w+)", body.get_content())
    assert found is not None
    return found[1]


def test_a_resident_subscribes_chooses_and_stops_in_their_own_words(tmp_path: Path, browser: Browser) -> None:
    with MailServer() as server:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        web_dir = ROOT / "web_client" / "dist"
        settings = settings_for(tmp_path, port=port, public_url=url, web_dir=web_dir, **server.settings)
        with served(settings) as (_, listed):
            with Desk(browser, url, "ja") as desk:
                phone = desk.open("/n", PHONE)
                _ask(phone)
                path = link_of(server, 1)
                phone.page.goto(f"{url}{path}")
                phone.check_accessibility("notices confirm")
                phone.press("登録する", "Confirm")
                _follow(phone)
                listed.change(
                    BRIDGE, SYSTEM_CLOCK.wall() + timedelta(milliseconds=1), "規制終了時間", "17:00", "16:00"
                )
                phone.page.get_by_role("button", name="やさしい日本語").click()
                expect(phone.page.get_by_role("heading", level=1)).to_have_text(re.compile("せってい"))
                phone.check_accessibility("notices easy")
                phone.page.get_by_role("button", name="English").click()
                _stop(phone)


def _stop(phone: Window) -> None:
    heading = phone.page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Your notices")
    phone.check_accessibility("notices in english")
    phone.page.get_by_role("button", name="Stop all notices", exact=True).click()
    expect(heading).to_have_text("The notices have stopped")
    phone.check_accessibility("notices stopped")


def _ask(phone: Window) -> None:
    page = phone.page
    expect(page.get_by_role("heading", level=1)).to_have_text("お知らせをメールで受け取る")
    phone.check_accessibility("notices asked")
    page.get_by_label("メールアドレス", exact=True).fill("satoko@mail.example.jp")
    page.get_by_role("checkbox").check()
    phone.press("確認のメールを送る", "Send me the link")
    expect(page.get_by_role("heading", level=1)).to_have_text("確認のメールを送りました")


def _follow(phone: Window) -> None:
    page = phone.page
    page.get_by_role("button", name="近所の工事 追加する").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("場所").select_option(label="あまね市川辺")
    phone.check_accessibility("notices add works")
    sheet.get_by_role("button", name="登録する").click()
    expect(page.get_by_text("あまね市川辺から1km以内")).to_be_visible()
    page.get_by_role("button", name="資格・免許の期限 追加する").click()
    sheet.get_by_label("資格・免許の名前").select_option(label="建設業許可(知事)")
    sheet.get_by_label(re.compile("満了日")).fill("2027-03-31")
    sheet.get_by_role("button", name="登録する").click()
    expect(page.get_by_text("申請は 2027年1月4日（月）から 2027年3月1日（月）まで")).to_be_visible()
    page.get_by_role("switch", name=re.compile("行った催し")).click()
    expect(page.get_by_role("switch", name=re.compile("行った催し"))).not_to_be_checked()
    phone.check_accessibility("notices chosen")
