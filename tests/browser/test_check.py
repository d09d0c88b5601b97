"""The connection check in a real Chromium against a real server: what works, what does not, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.installation import GenbaProcess
from tests.browser.windows import PHONE, WAIT_MS, Desk, Language, Window
from tests.services import Coturn

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_MS)

WORKS = ("使えます", "Works")


@contextmanager
def _window(folder: Path, browser: Browser, language: Language = "ja", **settings: str) -> Iterator[Window]:
    """The check's page on a phone, against a fresh installation."""
    with GenbaProcess(folder, **settings) as genba, Desk(browser, genba.url, language) as desk:
        yield desk.open("/check", PHONE)
        print(genba.log())  # shown by pytest when the test failed


def _says(window: Window, ja: str, en: str) -> None:
    expect(window.page.get_by_role("heading", level=1, name=window.words(ja, en))).to_be_visible()


def _step(window: Window, ja: str, en: str, state: str) -> None:
    steps = window.page.get_by_role("list", name=window.words("確かめる項目", "What is being tried"))
    row = steps.get_by_role("listitem").filter(has_text=window.words(ja, en))
    expect(row).to_contain_text(state)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_everything_works_and_is_said_by_keyboard_alone(
    tmp_path: Path, browser: Browser, language: Language
) -> None:
    with _window(tmp_path, browser, language) as window:
        page = window.page
        window.check_accessibility("check, ready")
        page.get_by_role("button", name=window.words("確かめる", "Check now"), exact=True).focus()
        page.keyboard.press("Enter")

        _says(window, "映像も声も使えます", "Picture and sound work")

        works = WORKS[language == "en"]
        for ja, en in (("UDP", "UDP"), ("TCP", "TCP"), ("マイク", "Microphone"), ("カメラ", "Camera")):
            _step(window, ja, en, works)
        _step(window, "回線の速さ", "Speed", "Mbps")
        assert page.evaluate("document.activeElement.tagName") == "H1"
        window.check_accessibility("check, done")
        page.get_by_text(window.words("伝える文を見る", "Show the text")).click()
        expect(page.locator("pre")).to_contain_text("udp good")
        expect(page.locator("pre")).to_contain_text("throughput=")


def test_a_network_without_udp_still_makes_calls_and_learns_why(tmp_path: Path, browser: Browser) -> None:
    """The answer keeps its candidate, but nobody listens there: what a firewall that drops UDP looks like."""
    with _window(tmp_path, browser) as window:
        window.page.route("**/api/check", _break_udp)
        window.press("確かめる", "Check now")

        _says(window, "映像も声も使えます", "Picture and sound work")
        _step(window, "UDP", "UDP", "使えません")
        _step(window, "TCP", "TCP", "使えます")
        expect(window.page.get_by_text("速い通り道（UDP）が止められています。")).to_be_visible()


def _break_udp(route: Route) -> None:
    answer = route.fetch()
    body = answer.json()
    if '"way":"udp"' in (route.request.post_data or "").replace(" ", ""):
        body["sdp"] = "".join(
            " ".join([*words[:5], "9", *words[6:]]) + "\r\n" if line.startswith("a=candidate:") else line
            for line in body["sdp"].splitlines(keepends=True)
            for words in [line.split()]
        )
    route.fulfill(response=answer, json=body)


def test_a_network_that_carries_no_call_says_whom_to_telephone(tmp_path: Path, browser: Browser) -> None:
    with _window(tmp_path, browser, GENBA_MEDIA_TCP="no") as window:
        window.page.route("**/api/check", _break_udp)
        window.press("確かめる", "Check now")

        _says(window, "この回線では通話できません", "No call is possible on this connection")
        expect(window.page.get_by_text("お電話ください。000-000-1126")).to_be_visible()
        window.check_accessibility("check, nothing works")


@pytest.mark.service
def test_the_relay_is_tried_where_there_is_one(tmp_path: Path, browser: Browser) -> None:
    folder = tmp_path / "genba"
    folder.mkdir()
    with Coturn(tmp_path) as relay:
        url = f"turn:127.0.0.1:{relay.port}?transport=udp"
        with _window(folder, browser, GENBA_TURN_URLS=url, GENBA_TURN_SECRET=relay.secret) as window:
            window.press("確かめる", "Check now")

            _says(window, "映像も声も使えます", "Picture and sound work")
            _step(window, "TURN", "TURN", "使えます")
