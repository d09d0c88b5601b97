"""A ring reaches a device whose page is closed, in a real browser, from the setting to the press on it.

There is no push service here, so the browser's subscription is one of a push service of ours: our server
really sends there, what arrives is really decrypted, and then handed to the browser's own service worker over
the debugging protocol. Only the connection between browser and push service, and the browser's decryption,
are not proved.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.installation import GenbaProcess
from tests.browser.test_field_call import sign_in
from tests.browser.windows import DESK, ENGLISH_BY_HAND, TABLET, WAIT_MS, Desk, Language, Window, chromium
from tests.push_service import Device, PushService, push_service

pytestmark = pytest.mark.browser

SUBSCRIBED_JS = """
(given) => {
  let made = null;
  const subscription = {
    endpoint: given.endpoint,
    toJSON: () => ({ endpoint: given.endpoint, keys: { p256dh: given.p256dh, auth: given.auth } }),
    unsubscribe: async () => { made = null; return true; },
  };
  PushManager.prototype.subscribe = async () => (made = subscription);
  PushManager.prototype.getSubscription = async () => made;
}
"""
SHOWN_JS = """
async () => {
  const registration = await navigator.serviceWorker.getRegistration('/');
  return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
}
"""


@contextmanager
def running_push_service() -> Iterator[PushService]:
    """The push service, beside a test that waits for the browser."""
    made: list[PushService] = []
    is_up, ends = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with push_service() as service:
            made.append(service)
            is_up.set()
            await ends.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    is_up.wait(10)
    try:
        yield made[0]
    finally:
        loop.call_soon_threadsafe(ends.set)
        thread.join(10)
        loop.close()


def deliver(page: Page, origin: str, body: dict[str, Any]) -> None:
    """Hand a decrypted message to the service worker of our pages; `page` is none of them."""
    session = page.context.new_cdp_session(page)
    registrations: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(each["registrationId"] for each in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    deadline = time.monotonic() + WAIT_MS / 1000
    while not registrations and time.monotonic() < deadline:
        page.evaluate("new Promise(requestAnimationFrame)")  # lets events come in
    message = {"origin": origin, "registrationId": registrations[-1], "data": json.dumps(body)}
    session.send("ServiceWorker.deliverPushMessage", message)


def opened(browser: Browser, url: str, language: Language, device: Device) -> tuple[Page, Window]:
    """A window whose browser may notify, and subscribes with our push service."""
    locale = "ja-JP" if language == "ja" else "en-GB"
    context = browser.new_context(
        base_url=url,
        viewport={"width": DESK[0], "height": DESK[1]},
        locale=locale,
        permissions=["notifications"],
    )
    context.set_default_timeout(WAIT_MS)
    context.add_init_script(f"({SUBSCRIBED_JS})({json.dumps(device.subscription())})")
    page = context.new_page()
    page.goto("/sign-in")
    return page, Window(page, language)


@pytest.mark.parametrize("language", ENGLISH_BY_HAND)
def test_a_ring_is_pushed_to_a_closed_page_shown_and_opened(tmp_path: Path, language: Language) -> None:
    with (
        running_push_service() as service,
        GenbaProcess(tmp_path, GENBA_PUSH_SERVICES=service.origin) as genba,
        sync_playwright() as playwright,
        chromium(playwright) as browser,
    ):
        device = Device(service.origin)
        page, specialist = opened(browser, genba.url, language, device)
        sign_in(specialist, "X2001")
        page.get_by_role("link", name=specialist.words("通知の設定", "Notification settings")).click()
        specialist.check_accessibility("notifications, off")
        specialist.press("通知を受ける", "Notify this device")
        expect(
            page.get_by_text(specialist.words("この端末に通知します", "This device is notified"), exact=True)
        ).to_be_visible()
        specialist.check_accessibility("notifications, on")
        blank = page.context.new_page()
        page.close()

        field = Desk(browser, genba.url, language).open("/sign-in", TABLET)
        sign_in(field, "F1001")
        field.page.get_by_role(
            "button", name=re.compile(field.words("橋・道路", "Bridges and roads"))
        ).click()
        expect(field.page.get_by_text(field.words("端末に通知中", "notified on a device"))).to_be_visible()
        [pushed] = service.bodies(device)
        assert set(pushed) == {"kind", "id", "topic", "language"}

        deliver(blank, genba.url, pushed)

        expect(field.page.get_by_text(field.words("画面に届いています", "on their screen"))).to_be_visible()
        field.check_accessibility("calling, with how the ringing goes")
        blank.goto(f"{genba.url}/check")
        [shown] = blank.evaluate(SHOWN_JS)
        assert shown["title"] == specialist.words("相談の呼び出しです", "A call is ringing")
        assert pushed["topic"] in shown["body"] and shown["tag"] == pushed["id"]
        blank.goto(genba.url)
        answer = blank.get_by_role("button", name=re.compile(specialist.words("^応答する", "^Answer")))
        expect(answer).to_be_visible()
