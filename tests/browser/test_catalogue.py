"""An administrator takes a list in and anybody takes it out again, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from signaling.demo_catalogue import FILES
from tests.browser.test_field_call import sign_in
from tests.browser.windows import DESK, PHONE, Desk

pytestmark = pytest.mark.browser

EVENTS = FILES / "events.csv"


def test_a_list_is_put_right_taken_in_and_given_out(desk: Desk, tmp_path: Path) -> None:
    admin = desk.open("/sign-in", DESK)
    sign_in(admin, "A9001")
    page = admin.page
    page.get_by_role("tab", name=admin.words("サービスの一覧", "Services"), exact=True).click()
    expect(page.get_by_role("cell", name="CC BY 4.0").first).to_be_visible()
    admin.check_accessibility("catalogue")

    broken = tmp_path / "events.csv"
    first, rest = EVENTS.read_text(encoding="utf-8-sig").replace("2026-12-05", "12月5日", 1), "990001,,,\n"
    broken.write_bytes((first + rest).encode("cp932", "replace"))
    choose = page.get_by_label(admin.words("CSVファイル", "CSV file"))
    choose.set_input_files(broken)
    expect(
        page.get_by_text(admin.words("まだ何も取り込んでいません", "Nothing has been taken in"))
    ).to_be_visible()
    admin.check_accessibility("catalogue-faults")

    fixed = tmp_path / "fixed" / "events.csv"
    fixed.parent.mkdir()
    fixed.write_text(EVENTS.read_text(encoding="utf-8-sig").replace("無料", "100円", 1), encoding="utf-8")
    choose.set_input_files(fixed)
    admin.press("取り込む", "Take in")
    expect(page.get_by_text(admin.words("取り込みました。", "Taken in: "))).to_be_visible()
    page.get_by_role("row", name="events").get_by_role(
        "button", name=admin.words("変更の記録", "Changes")
    ).click()
    expect(page.get_by_role("cell", name=re.compile("無料 → 100円"))).to_be_visible()
    admin.check_accessibility("catalogue-changes")
    page.keyboard.press("Escape")
    page.get_by_role("row", name="events").get_by_role(
        "button", name=admin.words("出どころ", "Source")
    ).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    admin.check_accessibility("catalogue-source")

    anybody = desk.open("/open-data", PHONE)
    link = anybody.page.get_by_role("link", name=anybody.words("イベントの一覧をCSVで保存", "Events as CSV"))
    with anybody.page.expect_download() as taken:
        link.click()
    assert "100円" in Path(taken.value.path()).read_text(encoding="utf-8-sig")
    anybody.check_accessibility("open-data")
    if anybody.language == "ja":
        anybody.press("やさしい日本語", "")
        anybody.check_accessibility("open-data-easy")
