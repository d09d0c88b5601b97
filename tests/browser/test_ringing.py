"""Somebody is rung, in real browsers: how soon it rings, how soon both hear each other, and who is next."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.test_field_call import sign_in
from tests.browser.windows import DESK, TABLET, Desk

pytestmark = pytest.mark.browser


def test_a_topic_rings_at_its_specialist_who_answers_with_one_press(desk: Desk) -> None:
    specialist, field = desk.open("/sign-in", DESK), desk.open("/sign-in", TABLET)
    sign_in(specialist, "X2001")
    expect(specialist.page.get_by_role("radio", name=specialist.words("在席", "At the desk"))).to_be_checked()
    sign_in(field, "F1001")
    answer = specialist.page.get_by_role("button", name=re.compile(specialist.words("^応答する", "^Answer")))

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
    for window in (field, specialist):
        sound = window.page.locator("audio[data-sound]").first
        sound.wait_for(state="attached")
        window.hears(sound.get_attribute("data-sound") or "")
    print(f"both are heard {time.monotonic() - began:.2f} s after the press")
    expect(field.page.get_by_text(field.words("呼び出しをやめる", "Stop ringing"))).to_have_count(0)
