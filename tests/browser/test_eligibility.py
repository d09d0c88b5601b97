"""May this service be meant for me? A resident on a phone, without an account, from question to desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.windows import PHONE, Desk

pytestmark = pytest.mark.browser


def test_a_resident_answers_and_learns_what_to_bring_until_when_and_who_decides(desk: Desk) -> None:
    resident = desk.open("/services/992011-P016/check", PHONE)
    page, words = resident.page, resident.words
    yes = page.get_by_role("button", name=words("はい", "Yes"), exact=True)
    page.get_by_role("heading", name=words("あまね県あまね市に住んで", "Do you live in")).wait_for()
    resident.check_accessibility("eligibility question")

    yes.click()
    page.get_by_label(words("数字", "Number")).fill("７８")  # as a Japanese keyboard gives it
    resident.check_accessibility("eligibility number")
    resident.press("次へ", "Next")
    yes.click()
    resident.press("持っていない", "No")
    resident.press("前の質問に戻る", "Back to the last question")
    resident.press("持っていない", "No")
    resident.press("わからない", "I don't know")

    outcome = page.get_by_role("heading", name=words("窓口での確認が必要です", "confirmed at the desk"))
    outcome.wait_for()
    expect(outcome).to_be_focused()
    expect(page.get_by_text("意見書", exact=True)).to_be_visible()
    expect(page.get_by_text("長寿支援課", exact=True)).to_be_visible()
    resident.check_accessibility("eligibility outcome")
    assert page.url.endswith("/services/992011-P016/check"), "what people say of themselves is in no address"

    if resident.language == "ja":
        page.get_by_role("button", name="やさしい日本語").click()
        page.get_by_role("heading", name="役所").first.wait_for()
        resident.check_accessibility("eligibility in easy Japanese")
