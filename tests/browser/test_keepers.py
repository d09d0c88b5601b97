"""A keeper of the catalogue adds a feed of free slots and tells holders of a change of the law."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from field_assist import Session
from field_assist.concierge import subscribers
from field_assist.concierge.following import Follow, Topic, entry_key
from signaling.api.notice_round import Keys
from signaling.api.services import Services
from tests.browser.installation import ROOT
from tests.browser.test_field_call import sign_in
from tests.browser.test_notices import served
from tests.browser.windows import DESK, Desk, Window
from tests.installation import settings_for, template
from tests.mail_server import MailServer
from tests.services import free_port
from tests.signaling.test_slots_http import Published, booking_system
from tests.subscribers import BUILDERS, LIBRARY

pytestmark = pytest.mark.browser


class FarAhead(Published):
    """A booking system whose one slot is still to come whenever this runs."""

    @property
    def content(self) -> bytes:
        day = "2099-11-28T"
        slot = {"facility_id": LIBRARY.entry_id, "room": "大会議室", "free": self.free[9]}
        return json.dumps({"slots": [slot | {"start": f"{day}09:00", "end": f"{day}11:00"}]}).encode()


def holder(services: Services, url: str) -> None:
    """Somebody who entered their licence of construction."""
    at = services.clock.wall()

    def work(session: Session) -> None:
        key = Keys(services.vault, url).new("satoko@mail.example.jp", at)
        row = subscribers.ask(session, key, "ja", "test", at)
        subscribers.confirm(session, row, at)
        licence = Follow(Topic.LICENCE, entry_key(BUILDERS), BUILDERS.title)
        subscribers.add_follow(session, row, licence, at)

    services.store.write_now(work)


def test_a_keeper_adds_a_feed_and_tells_holders_of_a_change_of_the_law(
    tmp_path: Path, browser: Browser
) -> None:
    port, published = free_port(), FarAhead()
    url = f"http://127.0.0.1:{port}"
    with MailServer() as server, booking_system(published) as origin:
        more = server.settings | {"feed_origins": (origin,), "web_dir": ROOT / "web_client" / "dist"}
        data = Path(shutil.copytree(template(), tmp_path / "data"))
        settings = settings_for(data, port=port, public_url=url, **more)
        with served(settings) as (services, _), Desk(browser, url, "ja") as desk:
            holder(services, url)
            admin = desk.open("/sign-in", DESK)
            sign_in(admin, "A9001")
            admin.page.get_by_role("tab", name="サービスの一覧", exact=True).click()
            _add_a_feed(admin, f"{origin}/slots.json", published)
            _bring_a_list(admin, tmp_path)
            _tell_of_a_change(admin)


def _add_a_feed(admin: Window, address: str, published: Published) -> None:
    page = admin.page
    page.get_by_role("tab", name="空き", exact=True).click()
    expect(page.get_by_text("まだありません", exact=True)).to_be_visible()
    page.get_by_role("button", name="加える").click()
    window = page.get_by_role("dialog")
    _fill(window.page, {"名前": "川辺公民館", "利用条件": "CC BY 4.0", "全国地方公共団体コード": "992011"})
    window.get_by_label("形式").select_option(label="JSON")
    window.get_by_label("アドレス").fill("https://10.0.0.1/slots.json")
    window.get_by_role("button", name="試しに読む").click()
    expect(window.get_by_text("取りに行けないアドレスです")).to_be_visible()
    window.get_by_label("アドレス").fill(address)
    published.free[9] = 1
    window.get_by_role("button", name="試しに読む").click()
    expect(window.get_by_text("読めました。1件、うち空き1件")).to_be_visible()
    expect(window.get_by_text("川辺公民館（F040）")).to_be_visible()
    admin.check_accessibility("slot-feed-look")
    window.get_by_role("button", name="保存する").click()
    page.get_by_role("button", name="川辺公民館をいま読む").click()
    expect(page.get_by_text("読めています")).to_be_visible()
    page.get_by_role("button", name="川辺公民館を止める").click()
    expect(page.get_by_text("止めています")).to_be_visible()
    published.free[9], published.status = 0, 503
    page.get_by_role("button", name="川辺公民館をいま読む").click()
    expect(page.get_by_text("相手のサーバーが断りました（503）")).to_be_visible()
    admin.check_accessibility("slot-feeds")


def _bring_a_list(admin: Window, folder: Path) -> None:
    page = admin.page
    page.get_by_role("button", name="加える").click()
    _fill(page, {"名前": "体育館（手で届く）", "利用条件": "提供の約束", "施設ID": "F001"})
    page.get_by_role("dialog").get_by_role("button", name="保存する").click()
    page.get_by_role("button", name="体育館（手で届く）に一覧を取り込む").click()
    window = page.get_by_role("dialog")
    path, head = folder / "gym.csv", "利用日,開始時間,終了時間,空き\n"
    path.write_text(f"{head}2099-11-28,9:00,11:00,いつか\n", encoding="cp932")
    window.get_by_label("空きの一覧のファイル").set_input_files(path)
    expect(window.get_by_text("2行目「いつか」")).to_be_visible()
    path = folder / "gym-right.csv"
    path.write_text(f"{head}2099-11-28,9:00,11:00,○\n", encoding="cp932")
    window.get_by_label("空きの一覧のファイル").set_input_files(path)
    expect(window.get_by_text("F001：施設の一覧にありません")).to_be_visible()
    admin.check_accessibility("slot-list")
    window.get_by_role("button", name="取り込む", exact=True).click()
    expect(window.get_by_text("取り込みました。空き1件")).to_be_visible()
    window.get_by_role("button", name="閉じる").click()
    page.get_by_role("button", name="体育館（手で届く）を消す").click()
    page.get_by_role("dialog").get_by_role("button", name="消す", exact=True).click()
    expect(page.get_by_text("体育館（手で届く）")).to_have_count(0)


def _tell_of_a_change(admin: Window) -> None:
    page = admin.page
    page.get_by_role("tab", name="制度改正のお知らせ", exact=True).click()
    page.get_by_role("button", name="下書きを書く").click()
    sheet = page.get_by_role("dialog")
    _fill(
        page,
        {
            "題": "建設業許可の届出の様式が変わります",
            "本文": "決算変更届の様式が新しくなります。\n1月から、新しい様式で出してください。",
            "施行日": "2027-01-01",
            "根拠（法令の名前と番号）": "建設業法施行規則の一部を改正する省令（令和8年国土交通省令第99号）",
            "出どころ（公表した機関）": "国土交通省",
            "公表された日": "2026-11-20",
        },
    )
    sheet.get_by_label(BUILDERS.title).check()
    expect(sheet.get_by_role("button", name="下書きを保存する")).to_be_disabled()
    sheet.get_by_label("出どころのページ").fill("https://law.example/r8-99")
    admin.check_accessibility("law-draft")
    sheet.get_by_role("button", name="下書きを保存する").click()
    page.get_by_role("button", name="確かめて送る").click()
    expect(sheet.get_by_text("いま、少なくとも1人に届きます")).to_be_visible()
    admin.check_accessibility("law-preview")
    sheet.get_by_role("button", name="1人に送る").click()
    expect(
        page.get_by_text("1人（確かめたとき1人以上）").or_(page.get_by_text("送っています"))
    ).to_be_visible()
    page.reload()
    page.get_by_role("tab", name="サービスの一覧", exact=True).click()
    page.get_by_role("tab", name="制度改正のお知らせ", exact=True).click()
    expect(page.get_by_text("1人（確かめたとき1人以上）")).to_be_visible()
    admin.check_accessibility("law-notices")
    page.get_by_role("button", name="取りやめる").click()
    page.get_by_role("dialog").get_by_role("button", name="取りやめる").click()
    expect(page.get_by_text("取りやめ", exact=True)).to_be_visible()


def _fill(page: Page, values: dict[str, str]) -> None:
    window = page.get_by_role("dialog")
    for label, value in values.items():
        window.get_by_label(label, exact=True).fill(value)
