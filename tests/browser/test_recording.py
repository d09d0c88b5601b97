"""Recording in real browsers: who agrees is recorded, everybody sees that, and it plays at hang-up."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.installation import code_now
from tests.browser.test_field_call import enter_by_link, invite, sign_in, start_with_two_taps
from tests.browser.windows import DESK, PHONE, TABLET, Desk, Window

pytestmark = pytest.mark.browser

PLAY_WITHIN_S = 5.0
# Opens a recording and plays its first seconds: how loud each voice is, how many frames each picture shows.
PLAY_JS = """async ([callId, code]) => {
  const { csrf_token } = await (await fetch('/api/me')).json();
  const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf_token };
  const path = `/api/calls/${callId}/recording`;
  const opened = await fetch(`${path}/open`, { method: 'POST', headers, body: JSON.stringify({ code }) });
  if (!opened.ok) return { status: opened.status };
  const { recording } = await opened.json();
  const found = [];
  for (const track of recording.tracks) {
    const from = track.kind === 'video' ? track.key_frames_ms[0] : track.start_ms;
    const answer = await fetch(`${path}/tracks/${track.id}?from_ms=${from}&to_ms=${from + 10_000}`);
    if (track.kind === 'audio') {
      const decoded = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(await answer.arrayBuffer());
      const samples = decoded.getChannelData(0);
      found.push({ ...track, loudest: samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0) });
    } else {
      const video = document.createElement('video');
      video.muted = true;
      video.src = URL.createObjectURL(await answer.blob());
      document.body.append(video);
      await video.play();
      for (let frame = 0; frame < 2; frame += 1)
        await new Promise((done) => video.requestVideoFrameCallback(done));
      found.push({ ...track, width: video.videoWidth });
      video.remove();
    }
  }
  return { status: 200, tracks: found };
}"""


def test_who_agrees_is_recorded_and_plays_at_hang_up(desk: Desk) -> None:
    field = desk.open("/sign-in", TABLET)
    sign_in(field, "F1001")
    start_with_two_taps(field)
    resident = desk.open(invite(field), PHONE)
    enter_by_link(resident)

    field.press("録音する", "Record")
    field.check_accessibility("recording, before it begins")
    field.press("自分は同意して始める", "I agree, start")
    for window in (field, resident):
        expect(window.page.get_by_text(window.words("録音中", "Recording"), exact=True)).to_be_visible()
    resident.press("はい、してよい", "Yes, you may")
    expect(resident.page.get_by_role("dialog")).to_have_count(0)
    for window in (field, resident):
        window.check_accessibility("recording")
    _recorded(field, 4)
    call_id = field.page.url.split("/calls/")[1].split("/")[0].split("?")[0]
    field.ask(f"/calls/{call_id}/end", {})
    ended = time.monotonic()
    answer = _opened(field, call_id)
    assert time.monotonic() - ended < PLAY_WITHIN_S + 30  # a code is good once, and lasts so long
    kinds = sorted((track["role"], track["kind"]) for track in answer["tracks"])
    assert kinds == [("field", "audio"), ("field", "video"), ("resident", "audio"), ("resident", "video")]
    for track in answer["tracks"]:
        assert track["loudest"] > 0.01 if track["kind"] == "audio" else track["width"] > 100, track
    _kept(desk, call_id)


def _kept(desk: Desk, call_id: str) -> None:
    """A supervisor of the office decides how long it stays, and takes it out as one file."""
    boss = desk.open("/sign-in", DESK)
    sign_in(boss, "S3001")
    page = boss.page
    page.goto(f"/calls/{call_id}/record")
    code = page.get_by_label(boss.words("確認コード（6けた）", "Confirmation code (6 digits)"))
    code.press_sequentially(code_now("S3001", clock_ahead_s=30))
    name = boss.words("全員を並べた映像", "video with everybody")
    boss.press(f"{name}を一つのファイルにする", f"Make one file: {name}")
    page.get_by_label(boss.words("保存期間", "Retention"), exact=True).select_option("5y")
    boss.press("廃棄を保留する", "Put disposal on hold")
    page.get_by_label(boss.words("理由", "Reason"), exact=True).fill("係争中")
    boss.check_accessibility("recording, put on hold")
    boss.press("保留する", "Put on hold")
    expect(page.get_by_text(boss.words("係争中", "係争中"))).to_be_visible()
    saved = page.get_by_role("link", name=re.compile(boss.words(f"{name}を保存する", f"Save: {name}")))
    expect(saved).to_be_visible(timeout=60_000)
    boss.check_accessibility("recording kept")


def _recorded(window: Window, count: int) -> None:
    """Wait until so many people and pictures are being recorded, and a little more."""
    call_id = window.page.url.split("/calls/")[1].split("/")[0].split("?")[0]
    deadline = time.monotonic() + 20
    while len(window.ask(f"/calls/{call_id}/recording")["recording"]["taken"]) < 2:
        assert time.monotonic() < deadline, "nobody is recorded"
        window.page.wait_for_timeout(200)
    window.page.wait_for_timeout(4000)  # something to play


def _opened(window: Window, call_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for ahead_s in (0, 30, 30):  # the code of the moment was used to sign in
        answer = window.page.evaluate(PLAY_JS, [call_id, code_now("F1001", clock_ahead_s=ahead_s)])
        if answer["status"] == 200:
            return answer
    raise AssertionError(answer)
