"""The outcome of the first issue, played by three real Chromium windows against a real server.

A field worker on a tablet signs in, starts a call with two taps and sends a link; a resident joins by it from
a phone without an account; a specialist joins from a desk. Pictures and sound are measured at every receiver.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.installation import code_now
from tests.browser.windows import DESK, PHONE, TABLET, WAIT_MS, Desk, Window

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_MS)

FIELD, SPECIALIST = "F1001", "X2001"
LINE = "ひび割れの幅は 0.4 mm です"


@pytest.mark.parametrize("desk", ["ja", "en"], indirect=True)
def test_a_field_worker_a_resident_and_a_specialist_see_and_hear_each_other(desk: Desk) -> None:
    field = desk.open("/sign-in", TABLET)
    sign_in(field, FIELD)
    start_with_two_taps(field)
    link = invite(field)
    resident = desk.open(link, PHONE)
    enter_by_link(resident)
    specialist = desk.open("/sign-in", DESK)
    sign_in(specialist, SPECIALIST)
    _call_specialist(field)
    _enter_from_list(specialist)

    who = _identities(field)

    for window, others in (
        (field, ("resident", "specialist")),
        (specialist, ("field", "resident")),
    ):
        for other in others:
            window.sees(who[other])
            window.hears(who[other])
    resident.sees(who["field"])
    resident.hears(who["field"])
    resident.hears(who["specialist"])
    for window in (field, specialist, resident):
        window.check_accessibility("call")

    _a_late_joiner_reads_what_was_written(desk, field, resident, specialist)
    _the_resident_sees_who_speaks(field, resident, who["specialist"])
    _everybody_learns_that_it_ended(field, resident, specialist)


def sign_in(window: Window, staff_no: str, *, clock_ahead_s: int = 0) -> None:
    """With an authenticator whose clock may be ahead by up to a step, as a code is taken once."""
    page = window.page
    page.get_by_label(window.words("職員番号", "Staff number"), exact=True).fill(staff_no)
    page.get_by_label(window.words("パスワード", "Password"), exact=True).fill("genba-demo-2026")
    window.press("次へ", "Next")
    code = window.words("確認コード（6けた）", "Confirmation code (6 digits)")
    page.get_by_label(code).press_sequentially(code_now(staff_no, clock_ahead_s=clock_ahead_s))
    page.wait_for_url("**/")


def start_with_two_taps(field: Window) -> None:
    """One tap on the topic is enough; the large bar is there for who does not want to choose."""
    field.page.get_by_role("button", name=re.compile(field.words("相談を始める", "Start a call"))).click()
    field.page.wait_for_url("**/calls/*")
    expect(field.page.get_by_role("heading", level=1)).to_be_visible()


def invite(field: Window) -> str:
    """Make a link for a resident on the call screen; answers its path."""
    page = field.page
    field.press("招く", "Invite")
    page.get_by_label(field.words("お名前", "Name"), exact=True).fill("田端 和子")
    language = field.words("案内の言葉", "Language of the invitation")
    page.get_by_label(language, exact=True).select_option(field.language)
    field.check_accessibility("invitation form")
    field.press("リンクを作る", "Make a link")
    link = page.get_by_text(re.compile(r"^http://\S+/j/\S+$")).inner_text()
    field.check_accessibility("invitation link")
    page.keyboard.press("Escape")
    return link[link.index("/j/") :]


def _call_specialist(field: Window) -> None:
    page = field.page
    field.press("招く", "Invite")
    page.get_by_role("tab", name=field.words("職員を呼ぶ", "Staff")).click()
    page.get_by_role("searchbox").fill("小野寺")
    field.check_accessibility("search for a specialist")
    page.get_by_role("button", name=re.compile("小野寺")).click()
    expect(page.get_by_text(field.words("呼びました", "Called"), exact=True)).to_be_visible()
    page.keyboard.press("Escape")


def enter_by_link(resident: Window) -> None:
    page = resident.page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("早瀬 美咲")).to_be_visible()
    expect(page.get_by_role("link", name="000-000-1126")).to_be_visible()
    resident.check_accessibility("landing")
    resident.press("話す", "Talk")
    # With fake devices the browser has granted everything, so the picture of its question is left out.
    expect(page.get_by_text(resident.words("声が届いています", "We can hear you"))).to_be_visible()
    resident.check_accessibility("device check without a picture")
    resident.press("カメラを入れる", "Turn camera on")
    resident.check_accessibility("device check with a picture")
    resident.press("話しはじめる", "Start talking")
    expect(page.get_by_role("button", name=resident.words("終わる", "End"))).to_be_visible()


def _enter_from_list(specialist: Window) -> None:
    entry = re.compile(specialist.words("^(入る|応答)", "^(Enter|Answer)"))
    specialist.page.get_by_role("button", name=entry).first.click()
    specialist.page.wait_for_url("**/calls/*")


def _identities(window: Window) -> dict[str, str]:
    """Who is who, read from the pictures of the field worker's stage once all three are there."""
    expect(window.page.locator("video[data-picture]")).to_have_count(3)
    expect(window.page.locator("audio[data-sound]")).to_have_count(2)
    pictures = window.page.eval_on_selector_all(
        "video[data-picture]", "videos => videos.map(video => video.dataset.picture)"
    )
    sounds = window.page.eval_on_selector_all(
        "audio[data-sound]", "sounds => sounds.map(sound => sound.dataset.sound)"
    )
    people = [picture.removesuffix(" camera") for picture in pictures]
    me = next(person for person in people if person not in sounds)
    guest = next(person for person in people if person.startswith("G-"))
    return {"field": me, "resident": guest, "specialist": ({*people} - {me, guest}).pop()}


def _a_late_joiner_reads_what_was_written(
    desk: Desk, field: Window, resident: Window, specialist: Window
) -> None:
    specialist.page.get_by_role("tab", name=specialist.words("チャット", "Chat")).click()
    box = specialist.page.get_by_role("textbox", name=specialist.words("文を書く", "Write a line"))
    box.fill(LINE)
    box.press("Enter")
    expect(specialist.page.get_by_role("log")).to_contain_text(LINE)
    specialist.check_accessibility("chat")
    expect(resident.page.get_by_text(LINE)).to_be_visible()

    late = desk.open("/sign-in", PHONE)
    sign_in(late, "S3001")
    field.press("招く", "Invite")
    field.page.get_by_role("tab", name=field.words("職員を呼ぶ", "Staff")).click()
    field.page.get_by_role("searchbox").fill("藤代")
    field.page.get_by_role("button", name=re.compile("藤代")).click()
    field.page.keyboard.press("Escape")
    _enter_from_list(late)
    late.press("チャット", "Chat")
    expect(late.page.get_by_role("log")).to_contain_text(LINE)
    late.page.keyboard.press("Escape")
    late.press("終わる", "End")
    late.press("自分だけ出る", "Leave alone")
    late.press("いま出る", "Leave now")


def _the_resident_sees_who_speaks(field: Window, resident: Window, specialist: str) -> None:
    """Without the picture of the site the stage follows the voice."""
    field.press("マイク 入", "Mic on")
    field.press("カメラ 入", "Camera on")
    resident.sees(specialist)


def _everybody_learns_that_it_ended(field: Window, resident: Window, specialist: Window) -> None:
    field.press("終わる", "End")
    field.check_accessibility("leaving")
    field.press("会議室を閉じる", "End for everyone")
    field.press("会議室を閉じる", "End for everyone")
    for window in (field, specialist):
        ended = window.words("会議室は終わりました", "The room has ended")
        expect(window.page.get_by_text(ended)).to_be_visible()
        window.check_accessibility("after the call")
    ended = resident.words("お話は終わりました", "The conversation has ended")
    expect(resident.page.get_by_role("heading", name=ended)).to_be_visible()
    resident.check_accessibility("after the talk")
