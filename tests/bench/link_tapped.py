"""From a tapped invitation link to the caller's first picture, on the resident's real pages.

A member of staff of a demo installation is in a call and shows a picture; residents follow their links one
after another, each in a fresh browser context with an empty cache. A script presses each button a moment
after it can be pressed, as a quick reader would (the page uses the time to fetch the call); that moment is
taken out of the figures, so they hold the waiting and not the person.
"""

from __future__ import annotations

import asyncio
import json
import statistics
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from playwright.async_api import Browser, async_playwright

from tests.bench.first_frame import CHROMIUM, CHROMIUM_FLAGS, TIMEOUT_MS, Site, open_with_token, pages
from tests.browser.installation import GenbaProcess, code_now

READING_MS = 1500
RESIDENTS = 7  # per run; the first one warms up
BUDGETS = {"link_to_first_frame_ms": 700}
TALK, ENTER = "話す", "カメラなしで話しはじめる"  # what the buttons say
STAFF_NO, PASSWORD = "F1001", "genba-demo-2026"
PRESS = """
window.marks = {};
const mark = (name) => { window.marks[name] ??= performance.now(); };
const waiting = [...BUTTONS];
const look = () => {
  for (const button of document.querySelectorAll('button')) {
    if (waiting.length && button.textContent.trim() === waiting[0] && !button.disabled) {
      const name = waiting.shift();
      mark(`${name} seen`);
      setTimeout(() => { mark(`${name} pressed`); button.click(); }, READING_MS);
    }
  }
  for (const video of document.querySelectorAll('video[data-picture^="S-"]:not([data-watched])')) {
    video.dataset.watched = '1';
    mark('video_element');
    video.requestVideoFrameCallback(() => mark('video_frame'));
  }
};
new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
"""


def run() -> dict[str, float]:
    """One run: medians of the residents."""
    return asyncio.run(_measure())


async def _measure() -> dict[str, float]:
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        genba = stack.enter_context(GenbaProcess(Path(folder)))
        page = stack.enter_context(pages())
        staff = stack.enter_context(httpx.Client(base_url=genba.url, headers={"Origin": genba.url}))
        connection = _start_call(staff)
        async with async_playwright() as playwright:
            studio, phone = [
                await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
                for _ in range(2)
            ]
            site = Site(page, genba.url.replace("http", "ws", 1), "one connection")
            publisher = await open_with_token(studio, site, connection["token"], publish=True)
            await publisher.wait_for_function("window.joined")
            await publisher.evaluate("joined")
            links = [_invite(staff, connection["call"]["id"], number) for number in range(RESIDENTS)]
            marks = [await _follow(phone, link) for link in links][1:]
            await studio.close()
            await phone.close()
    waits = {
        "link_to_first_button_ms": _median(marks, f"{TALK} seen"),
        "first_to_last_button_ms": _median(marks, f"{ENTER} seen", f"{TALK} pressed"),
        "last_button_to_first_frame_ms": _median(marks, "video_frame", f"{ENTER} pressed"),
    }
    return {"link_to_first_frame_ms": round(sum(waits.values()), 1), **waits}


def _median(marks: list[dict[str, float]], end: str, start: str = "") -> float:
    return round(statistics.median(m[end] - (m[start] if start else 0) for m in marks), 1)


def _start_call(staff: httpx.Client) -> dict[str, Any]:
    """Sign in and start a call; the answer is the API's Connection."""
    _post(staff, "/api/sign-in", staff_no=STAFF_NO, password=PASSWORD)
    me = _post(staff, "/api/sign-in/otp", code=code_now(STAFF_NO))
    staff.headers["X-CSRF-Token"] = me["csrf_token"]
    return _post(staff, "/api/calls")


def _invite(staff: httpx.Client, call_id: str, number: int) -> str:
    answer = _post(
        staff, f"/api/calls/{call_id}/invitations", name=f"住民{number}", kind="resident", language="ja"
    )
    link: str = answer["url"]
    return link


def _post(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    answer.raise_for_status()
    content: dict[str, Any] = answer.json()
    return content


async def _follow(browser: Browser, link: str) -> dict[str, float]:
    """Tap a link and press what can be pressed until there is a picture."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, locale="ja-JP", bypass_csp=True
    )
    await context.add_init_script(
        f"const BUTTONS = {json.dumps([TALK, ENTER])}, READING_MS = {READING_MS};\n{PRESS}"
    )
    page = await context.new_page()
    await page.goto(link, wait_until="commit")
    await page.wait_for_function("window.marks?.video_frame", timeout=TIMEOUT_MS)
    marks: dict[str, float] = await page.evaluate("marks")
    await context.close()
    return marks
