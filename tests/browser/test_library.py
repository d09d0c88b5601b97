"""The library in a real browser: a PDF is added, read, found by what it says, and opened at that page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.test_field_call import sign_in
from tests.browser.windows import DESK, PHONE, WAIT_MS, Desk

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_MS)

TITLE = "支承取替え 施工の手引"
PAGES = ("目次", "支承の腐食は幅と深さを測り、板厚を記録する。", "取替えの前に仮受けの反力を確かめる。")


def _pdf(desk: Desk, path: Path) -> Path:
    """Three pages, made by the browser itself, so that its letters are real ones."""
    page = desk.open("about:blank", DESK).page
    page.set_content("".join(f'<p style="page-break-after: always">{text}</p>' for text in PAGES))
    page.pdf(path=path)
    return path


def test_a_document_is_added_found_by_what_it_says_and_opened_there(desk: Desk, tmp_path: Path) -> None:
    file = _pdf(desk, tmp_path / f"{TITLE}.pdf")
    window = desk.open("/sign-in", DESK)
    sign_in(window, "S3001")
    page = window.page
    page.get_by_role("link", name=window.words("資料", "Documents"), exact=True).click()

    window.press("資料を加える", "Add a document")
    sheet = page.get_by_role("dialog")
    sheet.get_by_label(window.words("ファイル", "File")).set_input_files(file)
    expect(sheet.get_by_label(window.words("件名", "Title"))).to_have_value(TITLE)
    sheet.get_by_role("button", name=window.words("加える", "Add"), exact=True).click()
    preview = page.get_by_role("img", name=re.compile(TITLE))
    expect(preview).to_be_visible(timeout=2 * WAIT_MS)

    box = page.get_by_role("searchbox")
    box.fill("腐食")
    hit = page.get_by_role("listitem").filter(has_text=TITLE).first
    expect(hit.get_by_text("腐食", exact=True)).to_be_visible()
    box.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name=re.compile(window.words("2枚目", "Page 2")))).to_be_visible()
    drawn = "image => image.complete && image.naturalWidth > 600"
    page.wait_for_function(drawn, arg=preview.element_handle())
    window.check_accessibility("a page that was found")

    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    expect(page.get_by_role("dialog", name=TITLE)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    window.check_accessibility("results")

    page.get_by_role("button", name=re.compile(window.words("絞り込み", "Filters"))).click()
    page.get_by_role("dialog").get_by_text(window.words("住民に見せる", "Residents")).click()
    page.keyboard.press("Escape")
    expect(
        page.get_by_text(window.words("あてはまる資料はありません", "No document matches"))
    ).to_be_visible()
