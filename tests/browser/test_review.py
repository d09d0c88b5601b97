"""Going through a call in real browsers: minutes cite their seconds, hidden words are nowhere, 返す."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from field_assist import Session, Store, calls, transcripts
from tests.browser.test_field_call import sign_in
from tests.browser.windows import DESK, TABLET, Desk, Window

pytestmark = pytest.mark.browser

SECRET = "090-1234-5678"
SAID = ("ひびは0.4ミリです", f"電話は{SECRET}です")


def over_with_lines(field: Window, folder: Path) -> str:
    """A call of F1001's that is over, in which this was said, confirmed; answers its id."""
    me = field.ask("/me")["person"]
    call_id = str(field.ask("/calls", {"topic": "road", "title": "川辺橋"})["call"]["id"])
    at, identity = datetime.now(UTC), f"S-{me['id']}"

    def work(session: Session) -> None:
        call = session.get(calls.Call, call_id)
        assert call is not None
        call.started_at = at - timedelta(minutes=12)
        session.add(call)
        session.flush()
        for place, text in enumerate(SAID):
            begin = 31_000 + place * 10_000
            speech = transcripts.Speech(identity, me["name"], "ja", begin, begin + 5_000)
            line = transcripts.write(
                session, call_id, speech, transcripts.Words(text, "test", 0.9, False), at
            )
            transcripts.revise(session, line, text, transcripts.LineState.CONFIRMED, identity, at)

    store = Store(f"sqlite:///{folder}/genba.sqlite3")
    try:
        store.write_now(work)
    finally:
        store.close()
    field.ask(f"/calls/{call_id}/end", {})
    return call_id


def test_a_record_is_written_up_hidden_and_returned(desk: Desk, tmp_path: Path) -> None:
    field, chief = desk.open("/sign-in", TABLET), desk.open("/sign-in", DESK)
    sign_in(field, "F1001")
    sign_in(chief, "S3001")
    call_id = over_with_lines(field, tmp_path)
    page, office = field.page, chief.page

    page.goto(f"/calls/{call_id}/minutes")
    expect(page.get_by_text(SAID[0])).to_be_visible()
    field.check_accessibility("minutes")
    field.press("内容を確かめて確定する", "I have checked it: make it final")
    expect(page.get_by_role("heading", name=field.words("版", "Versions"), exact=True)).to_be_visible()
    page.get_by_role("link", name="00:00:31").click()
    expect(page.get_by_role("button", name=SAID[0]).first).to_be_visible()

    office.goto(f"/calls/{call_id}/record?at=41500")
    hide = chief.words("不開示にする", "Hide from disclosure")
    line = office.get_by_role("listitem").filter(has_text=SECRET)
    line.get_by_role("button", name=hide, exact=True).click()
    chief.check_accessibility("hiding a line")
    confirm = chief.words("不開示にする", "Hide it")
    office.get_by_role("dialog").get_by_role("button", name=confirm, exact=True).click()
    expect(office.get_by_text(chief.words("証拠 第1号", "Proof no. 1"))).to_be_visible()
    office.goto(f"/calls/{call_id}/minutes?for=disclosure")
    expect(office.get_by_text(chief.words("証拠 第1号", "Proof no. 1"))).to_be_visible()
    assert SECRET not in office.content()
    chief.check_accessibility("minutes for disclosure")
    hidden = field.words("（不開示：個人に関する情報）", "(not disclosed: Personal information)")
    expect(page.get_by_text(hidden)).to_be_visible()  # the open page heard of it
    assert SECRET not in page.content()

    office.goto(f"/calls/{call_id}/record?at=31500")
    chief.press("差し戻す", "Return it")
    office.get_by_label(chief.words("直してほしいこと", "What is to be put right")).fill("もう一度聞く")
    back = chief.words("差し戻す", "Return it")
    office.get_by_role("dialog").get_by_role("button", name=back, exact=True).click()
    page.goto("/")
    expect(page.get_by_text("もう一度聞く")).to_be_visible()
    field.check_accessibility("something returned")
