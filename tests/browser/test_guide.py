"""Services in a call, in real browsers: found, looked at first, shown, seen, taken back, kept."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_field_call import enter_by_link, invite, sign_in, start_with_two_taps
from tests.browser.windows import PHONE, TABLET, Desk, Window

pytestmark = pytest.mark.browser
NEED = "母の耳が遠くなって、補聴器が高い"
WANTED = "高齢者補聴器購入費助成"
INDEXED_WITHIN_TRIES = 45
HEARING_AID = re.compile("補聴器購入費助成|Hearing Aid")


def test_a_service_reaches_the_resident_with_its_source_and_stays_after_the_call(desk: Desk) -> None:
    field = desk.open("/sign-in", TABLET)
    sign_in(field, "F1001")
    start_with_two_taps(field)
    resident = desk.open(invite(field), PHONE)
    enter_by_link(resident)
    _wait_for_the_index(field)

    field.press("案内を探す", "Find services")
    page = field.page
    page.get_by_label(field.words("住民の困りごとで探す", "Search by what the resident needs")).fill(NEED)
    field.press("探す", "Search")
    card = page.get_by_role("article").filter(has_text=HEARING_AID).first
    expect(card).to_contain_text(re.compile("なぜ|Why"))
    expect(card).to_contain_text("あまね市")
    card.get_by_role("button", name=re.compile("^下見する|^Preview")).click()
    preview = page.get_by_role("dialog", name=HEARING_AID)
    expect(preview).to_contain_text(re.compile("出どころ|Source"))
    preview.get_by_role("button", name=field.words("見せる", "Show"), exact=True).click()
    _the_resident_reads_it(resident)
    expect(card).to_contain_text(re.compile("の画面に表示|On the screen of"))

    card.get_by_role("button", name=re.compile("^しまう|^Put away")).click()
    back = resident.page.get_by_role("button", name=resident.words("案内を見る", "Look at it"))
    expect(back).to_be_hidden()
    card.get_by_role("button", name=re.compile("^見せる|^Show")).click()
    expect(resident.page.get_by_role("dialog", name=HEARING_AID)).to_be_visible()
    field.check_accessibility("guide, shown")  # last: another size draws the panel anew, without the guide
    field.ask(f"/calls/{page.url.rpartition('/')[2]}/end", {})

    expect(resident.page.get_by_role("heading", name=HEARING_AID)).to_be_visible()
    expect(resident.page.get_by_role("main")).to_contain_text("あまね県あまね市")
    resident.check_accessibility("call over, with what was shown")


def _wait_for_the_index(field: Window) -> None:
    """The server reads the demo's catalogue beside the call: until this entry is found."""
    found = field.page.evaluate(
        """async ([text, wanted, tries]) => {
            const { csrf_token } = await (await fetch('/api/me')).json();
            const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf_token };
            for (let left = tries; left > 0; left -= 1) {
                const options = { method: 'POST', headers, body: JSON.stringify({ text }) };
                const { matches } = await (await fetch('/api/concierge/search', options)).json();
                if (matches.some(({ title }) => title === wanted)) return true;
                await new Promise((again) => setTimeout(again, 2000));
            }
            return false;
        }""",
        [NEED, WANTED, INDEXED_WITHIN_TRIES],
    )
    assert found, "the index did not come to the entry"


def _the_resident_reads_it(resident: Window) -> None:
    """The card lies over the call, says it is a possibility and whose; the way back is its last button."""
    card = resident.page.get_by_role("dialog", name=HEARING_AID)
    expect(card).to_contain_text(re.compile("使える可能性があります|You may be able"))
    expect(card).to_contain_text(re.compile("なぜ表示されたか|Why you see this"))
    expect(card).to_contain_text(re.compile("出どころ：あまね県あまね市|Source: あまね県あまね市"))
    resident.check_accessibility("service card")
    back = card.get_by_role("button").last
    expect(back).to_have_accessible_name(resident.words("通話の画面に戻る", "Back to the call"))
    back.click()
    resident.page.get_by_role("button", name=resident.words("案内を見る", "Look at it")).click()
    expect(card).to_be_visible()
    resident.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
