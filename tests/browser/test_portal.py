"""Public services as a resident looks for them on a phone: found, due in order, remembered here, printed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.windows import PHONE, WAIT_MS, Desk, Window

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_MS)
NEED = "相続した実家が古くて取り壊したい"
HOUSE = re.compile("老朽危険空き家除却費補助|Demolition of Dangerous Vacant Houses")
INDEXED_WITHIN_MS = 90_000
# The index of a fresh installation is made beside everything else.
INDEXED_JS = """async ([text, within_ms]) => {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ text });
  for (const until = Date.now() + within_ms; Date.now() < until; ) {
    const answer = await fetch('/api/services/search', { method: 'POST', headers, body });
    if ((await answer.json()).matches?.some(({ id }) => id === '992011-P035')) return true;
    await new Promise((done) => setTimeout(done, 2_000));
  }
  return false;
}"""


def test_a_resident_finds_follows_the_list_and_deletes_what_the_device_remembers(desk: Desk) -> None:
    resident = desk.open("/services", PHONE)
    _search(resident)
    _record(resident)
    _see_to_a_birth(resident)
    _remember_and_delete(resident)
    _works_nearby(resident)
    _simply(resident)
    if resident.language == "ja":
        resident.page.get_by_role("button", name="English").click()
        heading = resident.page.get_by_role("heading", level=1, name="Services for residents")
        heading.wait_for()
        resident.check_accessibility("services in English")


def _works_nearby(resident: Window) -> None:
    page, words = resident.page, resident.words
    page.goto("/services/all/work")
    page.get_by_label(words("場所", "Place"), exact=True).select_option(label="あまね市川辺")
    page.get_by_text("2km" if resident.language == "ja" else "2 km", exact=True).click()
    expect(page.get_by_role("status").get_by_role("article").first).to_be_visible()
    resident.check_accessibility("services works nearby")
    page.goto("/services")


def _search(resident: Window) -> None:
    page, words = resident.page, resident.words
    page.get_by_role("heading", level=1, name=words("暮らしの案内", "Services for residents")).wait_for()
    box = page.get_by_role("searchbox")
    box.fill("夫に殴られて、家に帰れない")
    box.press("Enter")
    desk = page.get_by_role("link", name=re.compile("#8008"))
    expect(desk).to_have_attribute("href", "tel:%238008")
    expect(page.get_by_role("article")).to_have_count(0)
    resident.check_accessibility("services grave")
    assert page.evaluate(INDEXED_JS, [NEED, INDEXED_WITHIN_MS]), "the search never found what there is"
    box.fill(NEED)
    box.press("Enter")
    found = page.get_by_role("article").filter(has=page.get_by_role("link", name=HOUSE))
    found.wait_for()
    expect(found).to_contain_text(words("なぜ表示されたか", "Why this is shown"))
    assert page.url.endswith("/services"), "what people need is in no address"
    resident.check_accessibility("services found")
    found.get_by_role("link").click()


def _record(resident: Window) -> None:
    page, words = resident.page, resident.words
    heading = page.get_by_role("heading", level=1, name=HOUSE)
    expect(heading).to_be_focused()
    source = words("出どころ: あまね県あまね市", "Source: あまね県あまね市")
    expect(page.get_by_text(re.compile(source)).first).to_be_visible()
    expect(page.get_by_role("link", name=words("使えるか確かめる", "Check whether"))).to_be_visible()
    resident.check_accessibility("services record")
    page.emulate_media(media="print")
    expect(page.get_by_text(words("印刷した日", "Printed on"))).to_be_visible()
    expect(page.get_by_role("link", name=words("使えるか確かめる", "Check whether"))).to_be_hidden()
    page.emulate_media(media="screen")
    _back(resident)


def _see_to_a_birth(resident: Window) -> None:
    page, words = resident.page, resident.words
    page.get_by_role("button", name=words("消して、さがしなおす", "Clear and search again")).click()
    page.get_by_role("link", name=words("妊娠・出産", "Having a baby")).click()
    first = page.get_by_role("listitem").filter(has=page.get_by_role("checkbox")).first
    expect(first).to_contain_text(words("15日以内", "Within 15 days"))
    first.get_by_role("checkbox").check()
    resident.check_accessibility("services checklist")
    page.reload()
    expect(first.get_by_role("checkbox")).to_be_checked()
    _back(resident)


def _remember_and_delete(resident: Window) -> None:
    page, words = resident.page, resident.words
    page.get_by_role("switch").check()
    page.get_by_role("link", name=re.compile(words("^制度・手続き", "^Programmes"))).click()
    page.get_by_label(words("市町村", "Municipality")).select_option("あまね市")
    page.get_by_role("article").get_by_role("article").first.get_by_role("link").click()
    page.get_by_role("heading", level=1).wait_for()
    page.get_by_text(words("問い合わせ", "Contact"), exact=True).wait_for()
    _back(resident)
    suggested = page.get_by_role("heading", name=words("関係があるかもしれません", "This may concern you"))
    expect(suggested).to_be_visible()
    cards = page.get_by_role("article")
    refused = cards.first.get_by_role("link").inner_text()
    resident.check_accessibility("services recommended")
    cards.first.get_by_role("button", name=words("関係ない", "not for me")).click()
    expect(page.get_by_role("article").filter(has_text=refused)).to_have_count(0)
    page.get_by_role("button", name=words("全部消す", "Delete all")).click()
    expect(suggested).to_be_hidden()


def _simply(resident: Window) -> None:
    page, words = resident.page, resident.words
    page.get_by_role("button", name=words("かんたん表示", "Simple view")).click()
    page.get_by_role("heading", level=1, name=words("何をしますか", "What would you like")).wait_for()
    resident.check_accessibility("services simple")
    page.reload()
    page.get_by_role("heading", level=1, name=words("何をしますか", "What would you like")).wait_for()
    page.get_by_role("button", name="やさしい日本語").click()
    page.get_by_role("heading", level=1, name=re.compile("しますか")).wait_for()
    resident.check_accessibility("services simple in easy Japanese")
    page.get_by_role("button", name="もとに もどす").click()
    page.get_by_role("heading", level=1, name=re.compile("くらしの")).wait_for()
    resident.check_accessibility("services in easy Japanese")


def _back(resident: Window) -> None:
    resident.page.get_by_role("link", name=resident.words("案内のはじめへ", "Back to services")).click()
