"""A case in real browsers: opened on the tablet, talked about from there, found again at the desk."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Geolocation, Route, expect

from tests.browser.installation import GenbaProcess
from tests.browser.test_field_call import sign_in
from tests.browser.windows import DESK, TABLET, WAIT_MS, Desk, Window

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_MS)

TITLE = "みどり橋 高欄の破損"
TILES = "https://tiles.genba.test"
WHERE: Geolocation = {"latitude": 33.48123, "longitude": 136.64745}


def _open_case(field: Window) -> None:
    page = field.page
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(WHERE)
    page.get_by_role("link", name=field.words("新しい案件", "New case")).click()
    page.get_by_label(field.words("件名", "Title"), exact=True).fill(TITLE)
    field.press("現在地を付ける", "Add my position")
    expect(page.get_by_text("33.48123, 136.64745")).to_be_visible()
    field.check_accessibility("new case")
    field.press("案件を作る", "Open the case")
    expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()


def test_a_case_goes_from_the_tablet_through_a_call_to_the_desk(desk: Desk) -> None:
    field = desk.open("/sign-in", TABLET)
    sign_in(field, "F1001")
    _open_case(field)
    field.check_accessibility("case")
    field.press("この案件で相談する", "Start a call")
    field.page.wait_for_url("**/calls/*")
    number = field.page.get_by_role("link", name=re.compile(r"R8-道路維持課-\d{4}"))
    expect(number).to_be_visible()

    head = desk.open("/sign-in", DESK)
    sign_in(head, "S3001")
    page = head.page
    page.get_by_role("link", name=re.compile(TITLE)).click()

    live = page.get_by_role("listitem").filter(has_text=re.compile(head.words("対応中（", "live ")))
    expect(live).to_contain_text("早瀬 美咲")
    page.get_by_label(head.words("コメントを書く", "Write a comment")).fill("高欄を点検する")
    head.press("残す", "Add")
    expect(page.get_by_role("listitem").filter(has_text="高欄を点検する")).to_contain_text("藤代 正和")
    page.get_by_role("radio", name=head.words("対応中", "In progress")).click()
    head.press("元に戻す", "Undo")
    expect(page.get_by_role("radio", name=head.words("受付", "Received"))).to_be_checked()
    head.check_accessibility("case at the desk")
    page.get_by_role("link", name=head.words("案件", "Cases"), exact=True).click()
    expect(page.get_by_role("list", name=head.words("案件", "Cases"))).to_contain_text(TITLE)
    head.check_accessibility("cases")


def test_a_map_of_the_offices_choice_is_drawn_under_the_strict_policy(
    tmp_path: Path, browser: Browser
) -> None:
    settings = {"GENBA_MAP_TILES": TILES + "/{z}/{x}/{y}.png", "GENBA_MAP_ATTRIBUTION": "地理院タイル"}
    with GenbaProcess(tmp_path, **settings) as genba, Desk(browser, genba.url, "ja") as desk:
        window = desk.open("/sign-in", DESK)
        sign_in(window, "S3001")
        page = window.page
        asked: list[str] = []

        def answer(route: Route) -> None:
            asked.append(route.request.url)
            headers = {"Access-Control-Allow-Origin": "*"}
            route.fulfill(body=_tile(), content_type="image/png", headers=headers)

        page.route(f"{TILES}/**", answer)
        page.get_by_role("link", name=re.compile("^R8-.*川辺橋")).click()

        chart = page.get_by_role("region", name="川辺橋 P2橋脚 ひび割れの地図")
        expect(chart).to_be_visible()
        expect(page.get_by_text("地理院タイル")).to_be_visible()
        expect(page.get_by_text("33.48100, 136.64700")).to_be_visible()
        with page.expect_response(re.compile(rf"{TILES}/17/")):
            window.press("大きくする", "Zoom in")
        window.check_accessibility("case with a map")
        assert all(re.fullmatch(rf"{TILES}/\d+/\d+/\d+\.png", url) for url in asked)

        page.unroute(f"{TILES}/**")
        page.route(f"{TILES}/**", lambda route: route.abort())
        page.reload()
        expect(page.get_by_text("地図を読めませんでした")).to_be_visible()
        window.check_accessibility("case without its map")


def _tile() -> bytes:
    """A green PNG of 256 by 256."""
    rows = (b"\x00" + b"\x9b\xd4\xb5" * 256) * 256
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in [*chunks, (b"IEND", b"")]
    )
