"""Notes recorded without a line, in real Chromium windows: each arrives once and whole, unseen by others."""

from __future__ import annotations

import re
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from signaling.accounts import one_time_codes
from tests.browser.test_field_call import sign_in
from tests.browser.windows import DESK, TABLET, WAIT_MS, Desk, Window

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_MS)

FIELD, SPECIALIST = "F1001", "X2001"
WORDS = "直径45cmほど、根元に菌の跡"
LATER_WORDS = "根元の土が動いています"


def test_what_was_recorded_without_a_line_arrives_once_and_whole(desk: Desk, tmp_path: Path) -> None:
    field = desk.open("/sign-in", TABLET)
    sign_in(field, FIELD)
    _start_about_roads(field)
    field.press("メモ", "Notes")
    field.check_accessibility("notes")

    _lose_the_line_in_the_second_piece(field)
    _record(field, seconds=5)
    expect(field.page.get_by_text(field.words("圏外です", "No line"))).to_be_visible()
    _record(field, seconds=2)
    _write(field, WORDS)
    waiting = field.page.get_by_role("list", name=field.words("送る順番", "Order of sending"))
    expect(waiting.get_by_role("listitem")).to_have_count(3)
    expect(waiting.get_by_role("listitem").first).to_contain_text(WORDS)
    field.check_accessibility("waiting notes")

    field.page.context.set_offline(False)
    expect(waiting).to_have_count(0)
    expect(field.page.get_by_text(field.words("送信待ちはありません", "Nothing waits"))).to_be_visible()

    _everything_is_there(tmp_path, 3)
    _a_late_joiner_hears_it(desk, tmp_path)


def test_what_waits_is_seen_and_sent_by_its_owner_only(desk: Desk, tmp_path: Path) -> None:
    shared = desk.open("/sign-in", TABLET)
    page = shared.page
    sign_in(shared, FIELD)
    _start_about_roads(shared)
    call_url = page.url
    blocked = re.compile(r"/api/calls/[^/]+/notes")
    page.route(blocked, lambda route: route.abort())
    shared.press("メモ", "Notes")
    _write(shared, LATER_WORDS)
    expect(page.get_by_text(re.compile(LATER_WORDS))).to_be_visible()
    page.goto("/")
    expect(page.get_by_text(re.compile(LATER_WORDS))).to_be_visible()
    shared.check_accessibility("home with waiting notes")
    shared.press("退出する", "Sign out")

    sign_in(shared, SPECIALIST)
    page.goto(call_url)
    shared.press("メモ", "Notes")
    expect(page.get_by_text(shared.words("送信待ちはありません", "Nothing waits"))).to_be_visible()
    expect(page.get_by_text(re.compile(LATER_WORDS))).to_have_count(0)
    page.unroute(blocked)
    page.goto("/")
    shared.press("退出する", "Sign out")
    _nothing_is_there(tmp_path)

    with page.expect_response(re.compile(r"/notes/[^/]+/complete")):
        sign_in(shared, FIELD, clock_ahead_s=one_time_codes.STEP_S)
    expect(page.get_by_text(re.compile(LATER_WORDS))).to_have_count(0)
    _everything_is_there(tmp_path, 1)


def _start_about_roads(window: Window) -> None:
    """A topic of the specialist, who may then come by themselves."""
    window.page.get_by_role("button", name=re.compile(window.words("橋・道路", "Bridges and roads"))).click()
    window.page.wait_for_url("**/calls/*")


def _lose_the_line_in_the_second_piece(field: Window) -> None:
    pieces: list[str] = []

    def handle(route: Route) -> None:
        pieces.append(route.request.url)
        if len(pieces) == 2:
            route.abort()
            field.page.context.set_offline(True)
        else:
            route.continue_()

    field.page.route(re.compile(r"/notes/[^/]+/bytes"), handle)


def _record(field: Window, seconds: int) -> None:
    field.press("声のメモ", "Voice note")
    elapsed = field.page.get_by_text(re.compile(rf"0:0{seconds} / 10:00"))
    expect(elapsed).to_be_visible()
    field.press("止めて残す", "Stop and keep")
    expect(elapsed).to_have_count(0)


def _write(field: Window, words: str) -> None:
    field.page.get_by_label(field.words("メモを書く", "Write a note"), exact=True).fill(words)
    field.press("残す", "Keep")


def _rows(folder: Path, query: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(folder / "genba.sqlite3") as database:
        return database.execute(query).fetchall()


def _everything_is_there(folder: Path, count: int) -> None:
    """As many notes as were recorded, each complete, its file as announced, and one line of the chat each."""
    kept = _rows(folder, "SELECT id, sha256 FROM note WHERE completed_at IS NOT NULL")
    assert len(kept) == count
    for note_id, digest in kept:
        assert sha256((folder / "notes" / note_id).read_bytes()).hexdigest() == digest
    said = [row[0] for row in _rows(folder, "SELECT note_id FROM chat_message")]
    assert sorted(said) == sorted(note_id for note_id, _ in kept)


def _nothing_is_there(folder: Path) -> None:
    assert _rows(folder, "SELECT id FROM note") == []


def _a_late_joiner_hears_it(desk: Desk, folder: Path) -> None:
    specialist = desk.open("/sign-in", DESK)
    page = specialist.page
    sign_in(specialist, SPECIALIST)
    entry = re.compile(specialist.words("^(入る|応答)", "^(Enter|Answer)"))
    page.get_by_role("button", name=entry).first.click()
    page.get_by_role("tab", name=specialist.words("チャット", "Chat")).click()
    log = page.get_by_role("log")
    expect(log).to_contain_text(WORDS)
    play = specialist.words("声のメモを聞く", "Play the voice note")
    expect(log.get_by_role("button", name=play)).to_have_count(2)
    specialist.check_accessibility("chat with voice notes")
    with page.expect_response(re.compile(r"/notes/[^/]+/sound")):
        log.get_by_role("button", name=play).first.click()
    page.wait_for_function("() => document.querySelector('[role=log] audio').currentTime > 0.3")
    heard = _rows(folder, "SELECT result FROM access_log WHERE action = 'note.heard'")
    assert heard == [("ok",)]
