"""Looking at the same thing, in two real browsers: how soon pages turn, where marks land, and keys alone."""

from __future__ import annotations

import statistics
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_field_call import FIELD, sign_in
from tests.browser.windows import DESK, PHONE, SIZES, Desk, Window
from tests.papers import pdf

pytestmark = pytest.mark.browser

PAGES = 30
TURN_MS = 300
POINT_MS = 50
UPLOAD_JS = """
async ([id, bytes]) => {
  const { csrf_token } = await (await fetch('/api/me')).json();
  const headers = { 'X-CSRF-Token': csrf_token, 'Content-Type': 'application/octet-stream' };
  const body = new Uint8Array(bytes);
  await fetch(`/api/documents/${id}/content?name=plan.pdf`, { method: 'PUT', headers, body });
  while (!(await (await fetch(`/api/documents/${id}`)).json()).current) {
    await new Promise((done) => setTimeout(done, 100));
  }
}
"""
# When a picture with this name was unpacked and put on the screen, by the clock both windows share.
SHOWN_JS = """
(name) => new Promise((done, fail) => {
  const limit = performance.now() + 10000;
  const painted = () => requestAnimationFrame(() => {
    const frame = new MessageChannel();  // its message comes after the frame was drawn
    frame.port1.onmessage = () => done(performance.timeOrigin + performance.now());
    frame.port2.postMessage(null);
  });
  const look = () => {
    if (performance.now() > limit) fail(new Error(`${name} is not shown`));
    const picture = [...document.images].find((image) => image.alt === name && image.complete);
    if (picture) picture.decode().then(painted, fail);
    else requestAnimationFrame(look);
  };
  look();
})
"""
PRESS_JS = """
(button) => {
  const pressed = performance.timeOrigin + performance.now();
  button.click();
  return pressed;
}
"""
POINT_JS = """
(layer, share) => {
  const { x, y, width, height } = layer.getBoundingClientRect();
  const place = { clientX: x + width * share, clientY: y + height / 2 };
  layer.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, isPrimary: true, ...place }));
  return performance.timeOrigin + performance.now();
}
"""
# When the pointer of somebody else is next seen somewhere else.
AWAIT_POINTER_JS = """
() => {
  const where = () => document.querySelector('[data-pointer]')?.getAttribute('transform');
  const before = where();
  window.pointed = new Promise((done) => {
    const look = () => {
      if (where() !== before) done(performance.timeOrigin + performance.now());
      else requestAnimationFrame(look);
    };
    look();
  });
}
"""
# Both ends of an arrow in fractions of the picture under it, as the browser itself places the two.
ENDS_JS = """
(mark) => {
  const sheet = mark.closest('svg');
  const picture = sheet.parentElement.querySelector('img');
  const box = picture.getBoundingClientRect();
  const scale = Math.min(box.width / picture.naturalWidth, box.height / picture.naturalHeight);
  const [width, height] = [picture.naturalWidth * scale, picture.naturalHeight * scale];
  const [left, top] = [box.x + (box.width - width) / 2, box.y + (box.height - height) / 2];
  const path = mark.querySelector('path');
  const numbers = path.getAttribute('d').match(/-?[\\d.]+/g).map(Number);
  const place = (x, y) => {
    const at = new DOMPoint(x, y).matrixTransform(path.getScreenCTM());
    return [(at.x - left) / width, (at.y - top) / height];
  };
  return [...place(numbers[0], numbers[1]), ...place(numbers[2], numbers[3])];
}
"""


@pytest.mark.parametrize("desk", ["ja"], indirect=True)
def test_pages_turn_together_and_marks_are_at_the_same_place_on_every_screen(desk: Desk) -> None:
    field = desk.open("/sign-in", DESK)
    sign_in(field, FIELD)
    call = begin_with_document(field)
    resident = desk.open(invited(field, call, "田端 和子"), PHONE)
    _enter(resident)

    field.press("見せる", "Show")
    field.page.get_by_role("region", name="見くらべる図面").get_by_role("button").click()
    _page(resident, 1).wait_for()
    _page(field, 1).wait_for()
    _turns_are_quick(field, resident)
    _pointing_is_quick(field, resident)
    _an_arrow_lands_where_it_was_drawn(field, resident)
    _keys_alone_draw_and_take_back(field, resident)
    _leafs_alone_and_comes_back(resident)
    for window in (field, resident):
        window.check_accessibility("shared page")


def begin_with_document(field: Window) -> str:
    """A call that this person began and is in, and a document of 30 pages to show; answers the call."""
    call = str(field.ask("/calls", {"title": "川辺橋 P2橋脚"})["call"]["id"])
    document = field.ask("/documents", {"title": "見くらべる図面", "disclosure": "presentable"})
    field.page.evaluate(UPLOAD_JS, [document["id"], list(pdf(PAGES, size=(842, 595)))])
    field.page.goto(f"/calls/{call}")
    return call


def invited(field: Window, call: str, name: str) -> str:
    """Where somebody's link leads."""
    url: str = field.ask(f"/calls/{call}/invitations", {"name": name})["url"]
    return urlsplit(url).path


def _enter(resident: Window) -> None:
    resident.press("話す", "Talk")
    resident.press("カメラを入れる", "Turn camera on")
    resident.press("話しはじめる", "Start talking")
    expect(resident.page.get_by_role("button", name="終わる")).to_be_visible()


def _page(window: Window, number: int) -> Locator:
    return window.page.get_by_role("img", name=f"{number}枚目の図", exact=True)


def _layer(page: Page) -> Locator:
    return page.get_by_role("application")


def _turns_are_quick(field: Window, resident: Window) -> None:
    took = []
    for number in range(2, 9):
        pressed = field.page.get_by_role("button", name="次のページ").evaluate(PRESS_JS)
        took.append(resident.page.evaluate(SHOWN_JS, f"{number}枚目の図") - pressed)
        field.page.evaluate(SHOWN_JS, f"{number}枚目の図")
    print(f"a page turned is seen after {statistics.median(took):.0f} ms, {min(took):.0f} to {max(took):.0f}")
    assert min(took) <= TURN_MS, took


def _pointing_is_quick(field: Window, resident: Window) -> None:
    """What a line of 100 ms there and back adds is 100 ms; the promise is 150 ms there."""
    took = []
    for step in range(8):
        resident.page.evaluate(AWAIT_POINTER_JS)
        pointed = _layer(field.page).evaluate(POINT_JS, 0.3 + step / 20)
        took.append(resident.page.evaluate("window.pointed") - pointed)
    print(f"a pointer is seen after {statistics.median(took):.0f} ms, {min(took):.0f} to {max(took):.0f}")
    assert min(took) <= POINT_MS, took


def _an_arrow_lands_where_it_was_drawn(field: Window, resident: Window) -> None:
    field.press("矢印", "Arrow")
    box = _layer(field.page).bounding_box()
    assert box is not None
    mouse = field.page.mouse
    mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.3)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.7)
    mouse.up()
    drawn = field.page.locator("[data-mark=arrow]:not(button *)").evaluate(ENDS_JS)
    seen = resident.page.locator("[data-mark=arrow]:not([opacity]):not(button *)")  # not the line on its way
    seen.wait_for()
    for width, height in SIZES:
        resident.page.set_viewport_size({"width": width, "height": height})
        ends = seen.evaluate(ENDS_JS)
        assert ends == pytest.approx(drawn, abs=0.01), f"{width}x{height}"
    resident.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})


def _keys_alone_draw_and_take_back(field: Window, resident: Window) -> None:
    keys = field.page.keyboard
    field.page.get_by_role("button", name="形", exact=True).focus()
    keys.press("Enter")
    for _ in range(80):
        if field.page.evaluate("document.activeElement.getAttribute('role') === 'application'"):
            break
        keys.press("Tab")
    for key in ("Enter", *["ArrowRight"] * 10, *["ArrowDown"] * 5, "Enter"):
        keys.press(key)
    square = resident.page.locator("[data-mark=rect]:not(button *)")
    square.wait_for()
    keys.press("Control+z")
    expect(square).to_have_count(0)
    expect(resident.page.locator("[data-mark=arrow]:not(button *)")).to_have_count(1)


def _leafs_alone_and_comes_back(resident: Window) -> None:
    resident.press("次のページ", "Next page")
    _page(resident, 9).wait_for()
    resident.press("ついていく", "Follow")
    _page(resident, 8).wait_for()
