"""Somebody is rung, in real browsers: how soon it rings, how soon both hear each other, and who is next.

What an office sets as its times of ringing is made short where nobody answers: nothing else differs from 20
and 60 seconds.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.installation import GenbaProcess
from tests.browser.test_field_call import sign_in
from tests.browser.windows import DESK, TABLET, Desk, Window

pytestmark = pytest.mark.browser

NEXT_CIRCLE_S, RING_S = 5, 12


def test_a_topic_rings_at_its_specialist_who_answers_with_one_press(desk: Desk) -> None:
    specialist, field = desk.open("/sign-in", DESK), desk.open("/sign-in", TABLET)
    sign_in(specialist, "X2001")
    expect(specialist.page.get_by_role("radio", name=specialist.words("在席", "At the desk"))).to_be_checked()
    sign_in(field, "F1001")
    answer = _answer(specialist)

    began = time.monotonic()
    field.page.get_by_role("button", name=re.compile(field.words("橋・道路", "Bridges and roads"))).click()
    answer.wait_for()
    print(f"first ring after {time.monotonic() - began:.2f} s")

    expect(
        field.page.get_by_text(re.compile(field.words("小野寺 健さんを呼んでいます", "Ringing 小野寺 健")))
    ).to_be_visible()
    specialist.check_accessibility("ringing")
    field.check_accessibility("calling")

    began = time.monotonic()
    answer.click()
    specialist.page.wait_for_url("**/calls/*")
    _hear_each_other(field, specialist)
    print(f"both are heard {time.monotonic() - began:.2f} s after the press")
    expect(field.page.get_by_text(field.words("呼び出しをやめる", "Stop ringing"))).to_have_count(0)


def test_nobody_answers_then_the_boss_is_rung_then_somebody_calls_back(
    tmp_path: Path, browser: Browser
) -> None:
    times = {"GENBA_NEXT_CIRCLE_S": str(NEXT_CIRCLE_S), "GENBA_RING_S": str(RING_S)}
    with GenbaProcess(tmp_path, **times) as genba, Desk(browser, genba.url, "ja") as desk:
        specialist, boss = desk.open("/sign-in", DESK), desk.open("/sign-in", DESK)
        field = desk.open("/sign-in", TABLET)
        for window, staff_no in ((specialist, "X2001"), (boss, "S3001"), (field, "F1001")):
            sign_in(window, staff_no)
        field.page.get_by_role("button", name=re.compile("橋・道路")).click()

        began = time.monotonic()
        _answer(specialist).wait_for()
        expect(
            specialist.page.get_by_text(re.compile(r"応答がなければ、\ds?秒後に 藤代 正和さんを呼びます"))
        ).to_be_visible()
        expect(_answer(boss)).to_have_count(0)
        expect(_notice(field, "小野寺 健さんを呼んでいます")).to_contain_text(
            "秒後に 藤代 正和さんを呼びます"
        )

        _answer(boss).wait_for()
        print(f"the next circle rings after {time.monotonic() - began:.2f} s")
        expect(_answer(specialist)).to_be_visible()
        expect(_notice(field, "小野寺 健、藤代 正和さんを呼んでいます")).to_contain_text("画面に届いています")

        expect(_notice(field, "いまは出られる人がいませんでした")).to_contain_text(
            "折り返しの依頼を残しました"
        )
        print(f"a ticket after {time.monotonic() - began:.2f} s")
        field.check_accessibility("nobody answered")
        for window in (specialist, boss):
            expect(_call_back(window)).to_be_visible()
            expect(_answer(window)).to_have_count(0)
        boss.check_accessibility("a call is owed")

        _call_back(boss).click()
        boss.page.wait_for_url("**/calls/*")
        _hear_each_other(field, boss)
        expect(_call_back(specialist)).to_have_count(0)
        expect(_notice(field, "いまは出られる人がいませんでした")).to_have_count(0)


def _answer(window: Window) -> Locator:
    return window.page.get_by_role("button", name=re.compile(window.words("^応答する", "^Answer")))


def _call_back(window: Window) -> Locator:
    return window.page.get_by_role("button", name=re.compile("^折り返す:"))


def _notice(window: Window, title: str) -> Locator:
    return window.page.get_by_role("status").filter(has_text=title)


def _hear_each_other(*windows: Window) -> None:
    for window in windows:
        sound = window.page.locator("audio[data-sound]").first
        sound.wait_for(state="attached")
        window.hears(sound.get_attribute("data-sound") or "")
