"""What is said into a browser's microphone stands below everybody's pictures, as they like to read it."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, expect, sync_playwright

from tests.browser.installation import GenbaProcess
from tests.browser.test_field_call import enter_by_link, invite, sign_in, start_with_two_taps
from tests.browser.windows import PHONE, TABLET, Desk, Window, chromium
from tests.sdk.speaking import SAMPLE_RATE_HZ, TINY, recorded

pytestmark = pytest.mark.browser

SAID = "橋の下にひび割れがあります"
ENOUGH_MS = 60_000


def test_a_resident_reads_what_a_field_worker_says(tmp_path: Path) -> None:
    microphone = _sentence_again_and_again(tmp_path / "crack.wav")
    settings = {"GENBA_TRANSCRIPTION_MODEL": str(TINY / "phrases.pt"), "GENBA_TRANSCRIPTION_THREADS": "1"}
    with (
        sync_playwright() as playwright,
        chromium(playwright, f"--use-file-for-fake-audio-capture={microphone}") as browser,
        GenbaProcess(tmp_path / "data", **settings) as genba,
        Desk(browser, genba.url, "ja") as desk,
    ):
        field = desk.open("/sign-in", TABLET)
        sign_in(field, "F1001")
        start_with_two_taps(field)
        resident = desk.open(invite(field), PHONE)
        enter_by_link(resident)
        call = field.page.url.rpartition("/")[2]
        agreed = {"purposes": ["transcript"], "yes": True, "text_version": "1"}
        field.ask(f"/calls/{call}/consents/answer", agreed)

        for window in (field, resident):
            expect(_captions(window).get_by_text(SAID).first).to_be_visible(timeout=ENOUGH_MS)
            window.check_accessibility(f"captions {'resident' if window is resident else 'staff'}")

        resident.press("字幕の設定", "")
        resident.check_accessibility("captions settings")
        for choice in ("特大", "黄色い字", "映像の上"):
            resident.page.get_by_role("radio", name=choice).check()
        resident.press("とじる", "")
        expect(_captions(resident).get_by_text(SAID).first).to_be_visible(timeout=ENOUGH_MS)
        resident.check_accessibility("captions largest")

        lines = field.ask(f"/calls/{call}/transcript")["lines"]
        assert {(line["name"], line["text"]) for line in lines} == {("早瀬 美咲", SAID)}


def _captions(window: Window) -> Locator:
    return window.page.get_by_role("region", name="字幕")


def _sentence_again_and_again(path: Path) -> Path:
    """Chromium plays the file in a loop."""
    sound = np.concatenate((recorded("crack"), np.zeros(3 * SAMPLE_RATE_HZ, np.int16)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(sound.tobytes())
    return path
