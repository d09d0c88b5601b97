"""A decision in real browsers: proposed at the case, approved on a telephone in four taps, printed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.installation import code_now
from tests.browser.test_field_call import sign_in, start_with_two_taps
from tests.browser.windows import DESK, PHONE, TABLET, WAIT_MS, Desk, Window

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_MS)

WHAT = "P2の巻立て作業を止め、ひび割れに計測器を付ける"
MAX_TAPS = 4
COUNT_TAPS_JS = "() => { window.taps = 0; addEventListener('click', () => window.taps++, true) }"


def _propose(field: Window) -> None:
    page = field.page
    page.get_by_role("link", name=re.compile("^R8-.*川辺橋")).click()
    expect(
        page.get_by_text(field.words("判断記録はまだありません", "Nothing was decided yet"))
    ).to_be_visible()
    field.press("判断を提案する", "Propose a decision")
    page.get_by_label(field.words("決めること", "What is to be decided")).fill(WHAT)
    page.get_by_label(field.words("理由", "Reason"), exact=True).fill(
        "いちばん太い所で0.4ミリ。打つ前に止める。"
    )
    page.get_by_label(field.words("根拠", "Basis")).fill("道路法第42条")
    page.get_by_label(field.words("種別", "Kind")).select_option("traffic")
    field.press("採らなかった案・期限を書く", "Options not taken, a term")
    page.get_by_label(field.words("採らなかった案", "Option not taken")).fill("全面通行止め")
    page.get_by_label(field.words("採らなかった理由", "Why not")).fill("耐力への影響は小さい")
    asked = page.get_by_label(field.words("承認を求める人", "Who is asked to approve"))
    expect(asked).to_contain_text("藤代 正和（所長）")
    field.check_accessibility("decision proposed")
    field.press("承認を求める", "Ask for approval")
    expect(page.get_by_role("heading", level=1, name=WHAT)).to_be_visible()


def test_a_decision_is_approved_on_a_telephone_in_four_taps(desk: Desk) -> None:
    field = desk.open("/sign-in", DESK)
    sign_in(field, "F1001")
    _propose(field)
    waits = field.page.get_by_text(field.words("承認待ち", "Waiting for approval"), exact=True)
    expect(waits).to_be_visible()
    field.check_accessibility("decision waits")

    head = desk.open("/sign-in", PHONE)
    sign_in(head, "S3001")
    page = head.page
    expect(page.get_by_role("list", name=head.words("判断の承認", "Decisions to approve"))).to_be_visible()
    head.check_accessibility("decisions wait at home")
    page.evaluate(COUNT_TAPS_JS)
    page.get_by_role("button", name=re.compile(WHAT)).click()
    code = page.get_by_label(head.words("確認コード（6けた）", "Confirmation code (6 digits)"))
    code.click()
    page.keyboard.type(code_now("S3001", clock_ahead_s=30))
    approve = page.get_by_role("button", name=head.words("承認する", "Approve"), exact=True)
    expect(approve).to_be_in_viewport()
    head.check_accessibility("decision to approve")
    approve.click()

    expect(page.get_by_text(head.words("承認", "Approved"), exact=True).first).to_be_visible()
    assert page.evaluate("window.taps") <= MAX_TAPS
    head.check_accessibility("decision approved")
    approved = field.page.get_by_text(re.compile(head.words("藤代 正和さん（所長）が承認", "approved it")))
    expect(approved).to_be_visible()
    field.page.emulate_media(media="print")
    expect(field.page.get_by_role("banner")).to_be_hidden()
    expect(field.page.get_by_role("heading", level=1, name=WHAT)).to_be_visible()


@pytest.mark.parametrize("desk", ["ja"], indirect=True)
def test_the_twenty_seconds_are_heard_and_the_decision_approved_in_four_taps(desk: Desk) -> None:
    field = desk.open("/sign-in", TABLET)
    sign_in(field, "F1001")
    start_with_two_taps(field)
    field.press("録音する", "Record")
    field.press("自分は同意して始める", "I agree, start")
    expect(field.page.get_by_text(field.words("録音中", "Recording"), exact=True)).to_be_visible()
    call_id = field.page.url.split("/calls/")[1].split("/")[0].split("?")[0]
    field.page.wait_for_timeout(6000)  # something to hear
    decision = field.ask("/decisions", {"what": WHAT, "kind": "traffic", "call_id": call_id, "ask": {}})
    assert decision["excerpt"] is not None

    head = desk.open("/sign-in", PHONE)
    sign_in(head, "S3001", clock_ahead_s=-29)  # leaves this step's code and the next one
    page = head.page
    page.evaluate(COUNT_TAPS_JS)
    page.get_by_role("button", name=re.compile(WHAT)).click()
    page.get_by_role("button", name="20秒を聞く").click()
    head.check_accessibility("decision, before its recording is opened")
    page.keyboard.type(code_now("S3001"))
    expect(page.get_by_role("button", name="止める", exact=True)).to_be_visible()
    voice = page.get_by_role("slider", name="聞く位置")
    expect(voice).not_to_have_attribute("aria-valuetext", "0:00")
    page.get_by_role("textbox", name="確認コード（6けた）", exact=True).click()
    page.keyboard.type(code_now("S3001", clock_ahead_s=30))
    head.check_accessibility("decision heard")
    page.get_by_role("button", name="承認する", exact=True).click()
    expect(page.get_by_text("承認", exact=True).first).to_be_visible()
    assert page.evaluate("window.taps") <= MAX_TAPS
