"""Browser windows of the three kinds of people, and what can be seen and heard in them.

With `pytest --pictures=FOLDER` every screen whose accessibility is checked is also kept as a picture.

Pictures are proved by frames that were decoded and shown (`requestVideoFrameCallback`), sound by the
energy of the received track behind a Web Audio analyser, never by what the signalling says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import pytest
from axe_playwright_python.base import AXE_FILE_PATH, AxeResults
from playwright.sync_api import Browser, Page, Playwright

Language = Literal["ja", "en"]
# Every change runs the flows in Japanese, that of a whole call in English too, and `-m by_hand` all of them.
ENGLISH_BY_HAND = ("ja", pytest.param("en", marks=pytest.mark.by_hand))

PHONE, TABLET, DESK = (390, 844), (820, 1180), (1366, 768)
SIZES = (PHONE, TABLET, DESK)
pictures: Path | None = None  # set by the option
CHROMIUM = os.environ.get("GENBA_CHROMIUM", "/usr/bin/chromium")
FAKE_DEVICES = (
    "--no-sandbox",
    "--use-fake-device-for-media-stream=fps=10",  # a core of two would go into moving test pictures
    "--use-fake-ui-for-media-stream",
    "--disable-gpu",
    "--disable-background-networking",
)
# WCAG 2.0 to 2.2, level A and AA: what the product promises.
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],  # what passes is not written up
}
AXE = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
# What rises or fades in has arrived: half transparent words have no contrast.
STILL_JS = """
() => document.getAnimations().every(
  ({ effect, playState }) => playState !== 'running' || effect.getTiming().iterations === Infinity)
"""
# What another size draws anew begins to move in the next frame.
FRAMES_JS = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
AXE_JS = "rules => axe.run(document, rules)"
WAIT_MS = 20_000
FRAMES = 10
# The fake microphone beeps about once a second at a level far above this.
AUDIBLE_RMS = 0.01
# Three beeps and more.
SILENT_S = 3.5

SEEN_JS = """
async (video, frames) => {
  const before = video.getVideoPlaybackQuality().totalVideoFrames;
  await new Promise((done) => {
    let left = frames;
    const next = () => (--left > 0 ? video.requestVideoFrameCallback(next) : done());
    video.requestVideoFrameCallback(next);
  });
  const after = video.getVideoPlaybackQuality().totalVideoFrames;
  return { width: video.videoWidth, height: video.videoHeight, decoded: after - before };
}
"""

HEARD_JS = """
async (element, audible) => {
  const context = new AudioContext();
  await context.resume();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(element.srcObject).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const energy = await new Promise((done) => {
    const listen = () => {
      analyser.getFloatTimeDomainData(samples);
      const rms = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
      if (rms > audible) done(rms);
      else requestAnimationFrame(listen);
    };
    listen();
  });
  await context.close();
  return { energy, muted: element.muted, paused: element.paused };
}
"""

SILENT_JS = """
async (element, [audible, silent_s, limit_s]) => {
  const context = new AudioContext();
  await context.resume();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(element.srcObject).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const begun = context.currentTime;
  let heardAt = begun;
  while (context.currentTime - heardAt < silent_s && context.currentTime - begun < limit_s) {
    analyser.getFloatTimeDomainData(samples);
    const rms = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    if (rms > audible) heardAt = context.currentTime;
    await new Promise(requestAnimationFrame);
  }
  const silent = context.currentTime - heardAt;
  await context.close();
  return silent;
}
"""


# What a page of this person asks the server, with their cookies.
ASK_JS = """async ([path, body]) => {
  const { csrf_token } = await (await fetch('/api/me')).json();
  const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf_token };
  const options = body === null ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(`/api${path}`, options);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? null : answer.json();
}"""


@dataclass
class Window:
    """One person's browser window."""

    page: Page
    language: Language

    def press(self, ja: str, en: str) -> None:
        """Press the button with exactly this name."""
        self.page.get_by_role("button", name=ja if self.language == "ja" else en, exact=True).click()

    def words(self, ja: str, en: str) -> str:
        """The words of this window's language."""
        return ja if self.language == "ja" else en

    def ask(self, path: str, body: object = None) -> Any:  # Any: JSON
        """What the server answers this person: to a POST of `body`, without one to a GET."""
        return self.page.evaluate(ASK_JS, [path, body])

    def sees(self, identity: str, source: str = "camera") -> None:
        """Wait until frames of this person's picture were decoded and shown."""
        name = f"{identity} {source}"
        shown = self.page.locator(f'video[data-picture="{name}"]').evaluate(SEEN_JS, FRAMES)
        assert shown["decoded"] >= FRAMES - 1, f"{name}: {shown}"

    def hears(self, identity: str) -> None:
        """Wait until the received sound of this person has energy, in an element that plays aloud."""
        heard = self.page.locator(f'audio[data-sound="{identity}"]').evaluate(HEARD_JS, AUDIBLE_RMS)
        assert heard["energy"] > AUDIBLE_RMS and not heard["muted"] and not heard["paused"], heard

    def hears_nothing_of(self, identity: str) -> None:
        """Wait until the received sound of this person was silent for three beeps of the fake microphone."""
        sound = self.page.locator(f'audio[data-sound="{identity}"]')
        silent_s = sound.evaluate(SILENT_JS, [AUDIBLE_RMS, SILENT_S, WAIT_MS / 1000])
        assert silent_s >= SILENT_S, f"{identity} was heard {silent_s:.1f} s ago"

    def _keep_picture(self, folder: Path, name: str) -> None:
        """All of the page, however long; a call or an open dialog as it fills the window."""
        folder.mkdir(parents=True, exist_ok=True)
        is_filled = self.page.locator("dialog[open], video").count() > 0
        path = folder / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower())}.png"
        self.page.screenshot(path=path, full_page=not is_filled, animations="disabled")

    def check_accessibility(self, screen: str) -> None:
        """No violation of level A or AA at any of the three sizes."""
        before = self.page.viewport_size
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        for width, height in SIZES:
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.evaluate(FRAMES_JS)
            self.page.wait_for_function(STILL_JS)
            found = AxeResults(self.page.evaluate(AXE_JS, RULES))
            if pictures is not None:
                self._keep_picture(pictures, f"{screen}-{self.language}-{width}")
            assert found.violations_count == 0, f"{screen} {width}x{height}:\n{found.generate_report()}"
        if before is not None:
            self.page.set_viewport_size(before)


class Desk:
    """Opens windows, until its block ends; everybody has a browser context, and so cookies, of their own."""

    def __init__(self, browser: Browser, url: str, language: Language) -> None:
        self._contexts = ExitStack()
        self._browser = browser
        self._url = url
        self._language = language

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._contexts.close()

    def open(self, path: str, size: tuple[int, int]) -> Window:
        """A window at an address of the installation, in this test's language."""
        context = self._browser.new_context(
            base_url=self._url,
            viewport={"width": size[0], "height": size[1]},
            locale="ja-JP" if self._language == "ja" else "en-GB",
        )
        self._contexts.callback(context.close)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.goto(path)
        return Window(page, self._language)


@contextmanager
def chromium(playwright: Playwright, *more: str) -> Iterator[Browser]:
    """Debian's Chromium with a fake camera and microphone, and more switches if wished."""
    if not Path(CHROMIUM).exists():
        raise FileNotFoundError(f"{CHROMIUM} is missing: install it with `apt-get install chromium`")
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FAKE_DEVICES, *more])
    try:
        yield browser
    finally:
        browser.close()
