"""Consent in real browsers: one question at a time on every screen, a no for nothing, a press to stop."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.installation import code_now
from tests.browser.test_field_call import enter_by_link, invite, sign_in, start_with_two_taps
from tests.browser.windows import FRAMES, PHONE, SEEN_JS, TABLET, Desk, Window

pytestmark = pytest.mark.browser


def test_a_resident_is_asked_says_yes_and_stops_and_staff_see_it(desk: Desk) -> None:
    field = desk.open("/sign-in", TABLET)
    sign_in(field, "F1001")
    start_with_two_taps(field)
    resident = desk.open(invite(field), PHONE)
    enter_by_link(resident)

    _ask(field, "録音・録画", "Recording")
    _ask(field, "写真", "Photos")
    field.check_accessibility("consent sheet, asked")
    field.page.keyboard.press("Escape")
    field.check_accessibility("consent, staff asked")
    field.press("はい、してよい", "Yes, you may")
    field.press("いいえ、しない", "No, please do not")

    call = field.page.url.rpartition("/")[2]
    field.ask(f"/calls/{call}/recording/start", {})
    field.ask(f"/calls/{call}/view/present", {})

    page = resident.page
    question = resident.words("この相談を録音・録画してもよいですか。", "May we record this talk?")
    expect(page.get_by_role("heading", name=question)).to_be_focused()
    resident.check_accessibility("consent question")
    resident.press("はい、してよい", "Yes, you may")
    second = resident.words(
        "この画面を写真として残してもよいですか。", "May we keep this picture as a photo?"
    )
    expect(page.get_by_role("heading", name=second)).to_be_focused()
    resident.press("いいえ、しない", "No, please do not")
    expect(page.get_by_role("dialog")).to_have_count(0)
    resident.check_accessibility("consent given")

    resident.press("録音をやめる", "Stop recording me")
    expect(page.get_by_role("dialog")).to_be_visible()
    resident.check_accessibility("consent taken back")
    resident.press("消してほしい", "Delete it")
    expect(page.get_by_role("dialog")).to_have_count(0)
    stopped = field.words("田端 和子さんが録音・録画をやめました", "田端 和子 stopped: Recording")
    expect(field.page.get_by_text(stopped)).to_be_visible()
    field.press("同意", "Consent")
    deleted = field.words("録音 やめた・消す", "Recording: stopped, delete")
    expect(field.page.get_by_text(deleted)).to_be_visible()
    field.check_accessibility("consent sheet, answered")
    field.page.get_by_role("button", name=re.compile(field.words("声で聞いて入れる", "Enter what"))).click()
    field.check_accessibility("consent said aloud")
    _read_the_record(field)


def _read_the_record(field: Window) -> None:
    """What was agreed to and shown stands on one timeline afterwards."""
    call = field.page.url.rpartition("/")[2]
    field.ask(f"/calls/{call}/end", {})
    field.page.goto(f"/calls/{call}/record")
    deleted = field.words("録音・録画のこれまでの分を消す", "recording until then is to be deleted")
    expect(field.page.get_by_text(re.compile(deleted))).to_be_visible()
    place = field.page.get_by_role("slider", name=field.words("再生する位置", "Place in the call"))
    place.focus()
    place.press("End")
    expect(field.page.get_by_text(re.compile(field.words("^白板 1枚目", "^Whiteboard")))).to_be_visible()
    field.check_accessibility("record")

    code = field.page.get_by_label(field.words("確認コード（6けた）", "Confirmation code (6 digits)"))
    code.press_sequentially(code_now("F1001", clock_ahead_s=30))  # that of now has let them in
    play = field.page.get_by_role("button", name=field.words("再生する", "Play"), exact=True)
    expect(play).to_be_enabled()
    tracks = field.ask(f"/calls/{call}/recording")["recording"]["tracks"]
    place.fill(
        str(next(track["start_ms"] for track in tracks if track["kind"] == "video") // 1000 * 1000 + 2000)
    )
    play.click()
    shown = field.page.locator("video").evaluate(SEEN_JS, FRAMES)
    assert shown["decoded"] >= FRAMES - 1, shown
    field.check_accessibility("record played")


def _ask(field: Window, ja: str, en: str) -> None:
    tool = field.page.get_by_role("button", name=field.words("同意", "Consent"), exact=True)
    if not field.page.get_by_role("dialog").is_visible():
        tool.click()
    field.press(f"{ja}を全員にたずねる", f"{en}: ask everybody")
