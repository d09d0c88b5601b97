"""The order of giving up in real Chromium windows: stills with their age, a held microphone, the data meter.

Signalling is cut by closing the page's WebSockets and letting no new one through; the page stays online.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_field_call import enter_by_link, invite, sign_in, start_with_two_taps
from tests.browser.windows import PHONE, TABLET, WAIT_MS, Desk, Window

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_MS)

FIELD = "F1001"
# Nothing answers on the discard port, and the page's policy would not let it be asked.
WATCH_JS = """
window.sockets = [];
const Real = WebSocket;
window.WebSocket = class extends Real {
  constructor(url, protocols) {
    super(window.isCut ? 'ws://127.0.0.1:9/' : url, protocols);
    window.sockets.push(this);
  }
};
window.microphones = [];
const devices = navigator.mediaDevices;
const ask = devices.getUserMedia.bind(devices);
devices.getUserMedia = async (wanted) => {
  const stream = await ask(wanted);
  window.microphones.push(...stream.getAudioTracks());
  return stream;
};
"""
CUT_JS = "() => { window.isCut = true; for (const socket of window.sockets) socket.close(); }"
MEND_JS = "() => { window.isCut = false; }"
# A session that began anew has another element for the same person.
PLAYS_JS = "who => document.querySelector(`audio[data-sound='${who}']`)?.srcObject?.active"
MICROPHONE_JS = "() => window.microphones.at(-1).enabled"


def test_stills_show_their_age_and_a_lost_session_closes_the_microphone(desk: Desk) -> None:
    field = desk.open("/sign-in", TABLET)
    field.page.add_init_script(WATCH_JS)
    field.page.reload()
    sign_in(field, FIELD)
    start_with_two_taps(field)
    resident = desk.open(invite(field), PHONE)
    enter_by_link(resident)
    sender = resident.page.locator("audio[data-sound]").first.get_attribute("data-sound") or ""
    resident.sees(sender)
    resident.hears(sender)

    _stills_by_choice(field, resident, sender)
    _a_held_microphone_is_silent(field, resident, sender)
    _data_is_counted_over_a_reload(field)


def _stills_by_choice(field: Window, resident: Window, sender: str) -> None:
    field.press("回線", "Line")
    field.check_accessibility("line and data")
    choice = field.page.get_by_label(field.words("送り方を選ぶ", "Choose what to send"))
    choice.select_option("stills")
    still = resident.page.locator(f'img[data-picture="{sender} still"]')
    expect(still).to_be_visible()
    assert still.evaluate("still => still.decode().then(() => still.naturalWidth)") == 1280
    age = re.compile(resident.words(r"静止画 [34]秒前", r"Still, [34] s ago"))
    expect(resident.page.get_by_text(age)).to_be_visible()
    first = still.get_attribute("src")
    expect(still).not_to_have_attribute("src", first or "")
    resident.check_accessibility("a still")
    resident.hears(sender)
    field.press("自動にもどす", "Back to automatic")
    field.page.keyboard.press("Escape")
    expect(still).to_have_count(0)
    resident.sees(sender)


def _a_held_microphone_is_silent(field: Window, resident: Window, sender: str) -> None:
    held = field.page.get_by_role("alert").filter(
        has_text=field.words("マイクを止めています", "Your microphone is paused")
    )
    field.page.evaluate(CUT_JS)
    expect(held).to_be_visible(timeout=4_000)
    assert not field.page.evaluate(MICROPHONE_JS)
    resident.hears_nothing_of(sender)
    field.check_accessibility("held microphone")
    field.page.evaluate(MEND_JS)
    expect(held).to_have_count(0)
    assert field.page.evaluate(MICROPHONE_JS)
    resident.page.wait_for_function(PLAYS_JS, arg=sender)
    resident.hears(sender)

    field.page.evaluate(CUT_JS)
    expect(held).to_be_visible(timeout=4_000)
    field.press("このまま話す", "Speak anyway")
    expect(held).to_have_count(0)
    assert field.page.evaluate(MICROPHONE_JS)
    resident.hears(sender)
    field.page.evaluate(MEND_JS)
    expect(field.page.get_by_text(field.words("声を送っています", "Your voice is sent"))).to_have_count(0)


def _data_is_counted_over_a_reload(field: Window) -> None:
    field.press("回線", "Line")
    call = field.page.get_by_text(field.words("この通話", "This call"), exact=True).locator("xpath=..")
    expect(call).to_contain_text(re.compile(r"[1-9]\d*(\.\d)? MB"))
    field.page.get_by_label(field.words("自分で決める", "Own limit")).fill("１")
    field.press("設定", "Set")
    reached = field.page.get_by_role("status").filter(has_text=field.words("上限に達した", "limit reached"))
    expect(reached).to_have_count(1)
    counted = float(re.findall(r"([\d.]+) MB", call.inner_text())[0])
    field.page.reload()
    expect(reached).to_have_count(1)
    field.press("回線", "Line")
    assert float(re.findall(r"([\d.]+) MB", call.inner_text())[0]) >= counted - 1
    field.page.keyboard.press("Escape")
    field.press("上限をこえて続ける", "Go on over the limit")
    expect(reached).to_have_count(0)
