"""Services in a call, in a real browser: found by a need, with why and whose, shown with one tap."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_field_call import sign_in, start_with_two_taps
from tests.browser.windows import ENGLISH_BY_HAND, TABLET, Desk

pytestmark = pytest.mark.browser
NEED = "母の耳が遠くなって、補聴器が高い"
INDEXED_WITHIN_MS = 60_000


@pytest.mark.parametrize("desk", ENGLISH_BY_HAND, indirect=True)
def test_a_need_is_met_and_shown_with_its_source(desk: Desk) -> None:
    field = desk.open("/sign-in", TABLET)
    sign_in(field, "F1001")
    start_with_two_taps(field)
    page = field.page
    call = page.url.rpartition("/")[2]
    page.wait_for_function(
        """async (text) => {
            const token = (await (await fetch('/api/me')).json()).csrf_token;
            const headers = { 'content-type': 'application/json', 'x-csrf-token': token };
            const body = JSON.stringify({ text });
            const answer = await fetch('/api/concierge/search', { method: 'POST', headers, body });
            return (await answer.json()).matches?.length > 0;
        }""",
        arg=NEED,
        polling=2_000,
        timeout=INDEXED_WITHIN_MS,
    )

    field.press("案内を探す", "Find services")
    page.get_by_label(field.words("住民の困りごとで探す", "Search by what the resident needs")).fill(NEED)
    field.press("探す", "Search")
    card = page.get_by_role("article").filter(has_text=re.compile("補聴器|hearing aid", re.IGNORECASE)).first
    expect(card).to_contain_text(re.compile("なぜ|Why"))
    expect(card).to_contain_text("あまね市")

    card.get_by_role("button", name=re.compile("^見せる|^Show")).click()
    expect(card.get_by_text(field.words("チャットに出しました", "Shown in the chat"))).to_be_visible()
    field.check_accessibility("guide, shown")
    said = field.ask(f"/calls/{call}/messages")["messages"]
    assert "出どころ: あまね県あまね市" in said[-1]["text"]
