"""After a call, in real browsers: staff write the recap, the resident reads, prints and gets the letter."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.installation import GenbaProcess
from tests.browser.test_field_call import sign_in
from tests.browser.windows import DESK, PHONE, Desk, Language, Window
from tests.mail_server import MailServer

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_was_agreed_goes_home_with_the_resident(
    tmp_path: Path, browser: Browser, language: Language
) -> None:
    with MailServer() as server:
        smtp = {f"GENBA_{name.upper()}": str(value) for name, value in server.settings.items()}
        with GenbaProcess(tmp_path, **smtp) as genba, Desk(browser, genba.url, language) as desk:
            field = desk.open("/sign-in", DESK)
            sign_in(field, "F1001")
            call_id = field.ask("/calls", {"title": "川辺橋 欄干の確認"})["call"]["id"]
            guest = desk.open("/sign-in", PHONE)  # any page: what they answer in the call, the server is told
            _agree(field, guest, call_id)
            field.ask(f"/calls/{call_id}/end", {})  # of today, also after midnight
            field.page.reload()
            field.page.get_by_role(
                "link", name=re.compile(field.words("^まとめ: 川辺橋 欄干", "^Recap: 川辺橋 欄干"))
            ).click()
            _write(field)
            link = _letter(field)
            resident = desk.open(link, PHONE)
            _read_and_send(resident)
            _take_back(resident)
            _arrives(server, link)
            kept = field.ask(f"/calls/{call_id}/consents")["people"]
            states = [each["state"] for each in kept[-1]["standings"]]
            assert states == ["withdrawn", "withdrawn", "given", "refused"]


AGREE_JS = """async ([code, path, said]) => {
  const send = async (url, body, token) => (await fetch(`/api${url}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token },
    body: JSON.stringify(body),
  })).json();
  const { csrf_token } = await send(`/join/${code}`, {}, '');
  for (const each of said) await send(path, each, csrf_token);
}"""


def _agree(field: Window, guest: Window, call_id: str) -> None:
    made = field.ask(f"/calls/{call_id}/invitations", {"name": "田中"})
    code = str(made["url"]).rpartition("/j/")[2]
    yes = {"purposes": ["recording", "transcript", "photo"], "yes": True, "text_version": "1"}
    said = [yes, yes | {"purposes": ["concierge"], "yes": False}]
    guest.page.evaluate(AGREE_JS, [code, f"/calls/{call_id}/consents/answer", said])


def _take_back(resident: Window) -> None:
    """The resident takes two of three yeses back, with what was taken."""
    page = resident.page
    if resident.language == "ja":
        page.get_by_role("button", name="やさしい日本語").click()  # off again
    resident.press("同意を取り消す", "Take it back")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox", name=resident.words("写真", "Pictures")).uncheck()
    resident.check_accessibility("consent being taken back")
    dialog.get_by_role("button", name=resident.words("同意を取り消す", "Take it back")).click()
    expect(page.get_by_text(resident.words("受付番号", "Your number is"))).to_be_visible()
    expect(
        page.get_by_text(resident.words("あなたの声と映像は消します", "Your voice and picture are deleted"))
    ).to_be_visible()
    resident.check_accessibility("consent taken back")


def _write(field: Window) -> None:
    page = field.page
    page.get_by_label(field.words("あったこと", "What happened")).fill("欄干の根元にひび。幅 0.4 mm。")
    page.get_by_label(field.words("決まったこと", "What was agreed")).fill(
        "今週中に応急の支えを付ける\n通行は続けられる"
    )
    page.get_by_label(field.words("次にすること", "Next step")).fill("火曜の朝、東詰めで立ち会う")
    page.get_by_label(field.words("いつまで", "Until when")).fill("2026-12-01")
    field.press("内容を確かめて確定する", "Check and confirm")
    expect(
        page.get_by_text(re.compile(field.words("^確定（早瀬 美咲", r"^Confirmed \(早瀬 美咲")))
    ).to_be_visible()
    field.check_accessibility("recap")


def _letter(field: Window) -> str:
    page = field.page
    field.press("お知らせを作る", "Write a letter")
    sheet = page.get_by_role("dialog")
    sheet.get_by_label(field.words("だれへ", "To whom")).fill("田中")
    field.check_accessibility("letter being written")
    if field.language == "en":
        sheet.get_by_label("The resident's language").select_option("en")
    sheet.get_by_role("button", name=field.words("お知らせを作る", "Make the letter")).click()
    link = page.locator("code").inner_text()
    field.check_accessibility("letter handed over")
    page.keyboard.press("Escape")
    return link


def _read_and_send(resident: Window) -> None:
    page = resident.page
    expect(page.get_by_text("今週中に応急の支えを付ける")).to_be_visible()
    expect(
        page.get_by_text(resident.words("2026年12月1日（火）まで", "By Tuesday 1 December 2026"))
    ).to_be_visible()
    resident.check_accessibility("letter")
    _is_one_sheet(page)
    resident.press("メールで受け取る", "Get it as mail")
    page.get_by_label(resident.words("メールアドレス", "Mail address")).fill("tanaka@example.jp")
    page.get_by_role("checkbox").check()
    resident.check_accessibility("letter by mail")
    resident.press("送る", "Send")
    expect(page.get_by_text(resident.words("メールを送ります", "The mail is on its way"))).to_be_visible()
    if resident.language == "ja":
        page.get_by_role("button", name="やさしい日本語").click()
        resident.check_accessibility("letter in easy Japanese")


def _is_one_sheet(page: Page) -> None:
    """Printed on A4 it is one sheet, without band and buttons."""
    sheet = page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1


def _arrives(server: MailServer, link: str) -> None:
    deadline = time.monotonic() + 10
    while not server.taken and time.monotonic() < deadline:
        time.sleep(0.05)
    [message] = server.messages()
    body = message.get_body(("plain",))
    assert body is not None and link in body.get_content()
