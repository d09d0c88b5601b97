"""A member from outside votes, in real browsers: staff ask, a professor answers on a phone, both read it."""

from __future__ import annotations

import base64
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.installation import GenbaProcess, code_now
from tests.browser.test_field_call import sign_in
from tests.browser.windows import DESK, ENGLISH_BY_HAND, PHONE, WAIT_MS, Desk, Language, Window
from tests.mail_server import MailServer
from tests.papers import pdf

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_MS)

WHAT = "川辺橋の補修工法をひび割れ注入とし、3年ごとに点検する"
OPINION = "注入だけでは、支承部の劣化が残ります。"
PAPER_JS = """async ([case_id, content]) => {
  const { csrf_token } = await (await fetch('/api/me')).json();
  const send = (method, url, body, more = {}) =>
    fetch(`/api${url}`, { method, body, headers: { 'X-CSRF-Token': csrf_token, ...more } });
  const json = { 'Content-Type': 'application/json' };
  const said = JSON.stringify({ title: '補修工法の比較表', disclosure: 'public' });
  const { id } = await (await send('POST', '/documents', said, json)).json();
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  await send('PUT', `/documents/${id}/content?name=a.pdf`, bytes);
  await send('POST', `/documents/${id}/cases/${case_id}`);
  for (;;) {
    const { versions } = await (await fetch(`/api/documents/${id}`)).json();
    if (versions.every(({ state }) => state !== 'reading')) return id;
    await new Promise((done) => setTimeout(done, 100));
  }
}"""


@pytest.mark.parametrize("language", ENGLISH_BY_HAND)
def test_a_professor_answers_on_a_telephone_and_sees_the_result(
    tmp_path: Path, browser: Browser, language: Language
) -> None:
    with MailServer() as server:
        smtp = {f"GENBA_{name.upper()}": str(value) for name, value in server.settings.items()}
        smtp["GENBA_PUBLIC_URL"] = "http://genba.example.jp"  # only the path of the link is opened
        with GenbaProcess(tmp_path, **smtp) as genba, Desk(browser, genba.url, language) as desk:
            field = desk.open("/sign-in", DESK)
            sign_in(field, "F1001")
            case = field.ask("/cases", {"title": "川辺橋の補修"})["id"]
            field.page.evaluate(PAPER_JS, [case, base64.b64encode(pdf(2)).decode()])
            field.page.goto(f"/cases/{case}")
            _propose(field)
            link = _found(server, 1, r"(/m/\w+)")
            professor = desk.open(link, PHONE)
            _answer(professor, server)
            head = desk.open("/sign-in", PHONE)
            sign_in(head, "S3001")
            _vote(head)
            _read_result(field, professor)


def _propose(field: Window) -> None:
    page = field.page
    field.press("判断を提案する", "Propose a decision")
    page.get_by_label(field.words("決めること", "What is to be decided")).fill(WHAT)
    page.get_by_label(field.words("理由", "Reason"), exact=True).fill(
        "ひび割れは幅0.4mmで、進行は止まっている。"
    )
    page.get_by_role("checkbox", name=re.compile("補修工法の比較表")).check()
    page.get_by_role("radio", name=field.words("持ち回り", "Circulation")).check()
    page.get_by_role("checkbox", name=re.compile("藤代 正和")).check()
    field.press("外部の委員を加える", "Add a member from outside")
    page.get_by_label(field.words("名前", "Name"), exact=True).fill("斎藤 律子")
    page.get_by_label(field.words("所属", "Affiliation"), exact=True).fill("あまね大学 工学部 教授")
    page.get_by_label(field.words("メールアドレス", "Mail address")).fill("saito@example.ac.jp")
    if field.language == "en":
        page.get_by_label("Language").last.select_option("en")
    shown = page.get_by_role(
        "group", name=field.words("外部の委員に見せるもの", "What members from outside are shown")
    )
    shown.get_by_role("checkbox").check()
    field.check_accessibility("ballot proposed")
    field.press("持ち回りに出す", "Put into circulation")
    expect(page.get_by_role("heading", level=1, name=WHAT)).to_be_visible()
    expect(page.get_by_text(field.words("送った・未開封", "Sent, not opened"))).to_be_visible(timeout=70_000)
    field.check_accessibility("ballot circulates")


def _found(server: MailServer, count: int, pattern: str) -> str:
    """What the newest of so many mails says there."""
    deadline = time.monotonic() + 15
    while len(server.taken) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    found = re.search(pattern, server.messages()[count - 1].get_content())
    assert found is not None
    return found[1]


def _answer(professor: Window, server: MailServer) -> None:
    page = professor.page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(WHAT)).to_be_visible()
    picture = page.get_by_role("list", name=re.compile("補修工法の比較表")).locator("img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    page.get_by_role("radio", name=professor.words("反対", "Against")).check()
    opinion = professor.words("反対のご意見（必ず書いてください）", "Why you are against it (required)")
    page.get_by_label(opinion).fill(OPINION)
    professor.check_accessibility("ballot read")
    professor.press("確認コードを受け取る", "Mail me a code")
    label = page.get_by_label(professor.words("確認コード（6けた）", "Code (6 digits)"))
    expect(label).to_be_visible()
    code = _found(server, 2, r"\b(\d{6})\b")
    label.press_sequentially("000000" if code != "000000" else "111111")
    professor.press("この内容で回答する", "Send this answer")
    expect(page.get_by_text(professor.words("あと4回入れられます", "Attempts left: 4"))).to_be_visible()
    professor.check_accessibility("ballot code wrong")
    label.press_sequentially(code)
    professor.press("この内容で回答する", "Send this answer")
    expect(page.get_by_text(professor.words("「反対」で受け付けました", "Received: against"))).to_be_visible()
    professor.check_accessibility("ballot answered")


def _vote(head: Window) -> None:
    page = head.page
    page.get_by_role("button", name=re.compile(WHAT)).click()
    page.get_by_label(head.words("確認コード（6けた）", "Confirmation code (6 digits)")).click()
    page.keyboard.type(code_now("S3001", clock_ahead_s=30))
    head.check_accessibility("ballot staff votes")
    head.press("賛成する", "Agree")


def _read_result(field: Window, professor: Window) -> None:
    returned = field.page.get_by_text(re.compile(field.words("斎藤 律子さん.*が反対", "斎藤 律子.*objected")))
    expect(returned).to_be_visible()
    expect(field.page.get_by_text(OPINION)).to_be_visible()
    field.check_accessibility("ballot closed")
    professor.page.reload()
    result = professor.page.get_by_text(professor.words("承認されませんでした", "It was not approved"))
    expect(result).to_be_visible()
    professor.check_accessibility("ballot result")
    if professor.language == "ja":
        professor.page.get_by_role("button", name="やさしい日本語").click()
        professor.check_accessibility("ballot result easy")
