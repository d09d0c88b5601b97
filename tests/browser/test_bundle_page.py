"""The page of a bundle in a real browser without any network: its pictures are there, its files open."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.windows import DESK, chromium
from tests.installation import Installation, play
from tests.signaling.test_bundle import bundle, made, speak
from tests.signaling.test_decisions_http import Scene

pytestmark = pytest.mark.browser


@contextmanager
def unpacked(folder: Path) -> Iterator[tuple[Page, str]]:
    """A page without a network, and where the bundle's page is once `case.zip` is unpacked."""
    with zipfile.ZipFile(folder / "case.zip") as archive:
        archive.extractall(folder / "case")
    with sync_playwright() as playwright, chromium(playwright) as browser:
        context = browser.new_context(offline=True, viewport={"width": DESK[0], "height": DESK[1]})
        yield context.new_page(), (folder / "case" / "index.html").as_uri()
        context.close()


def test_what_was_recorded_is_played_offline_from_a_line_on(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        here = await Scene.begin(genba)
        await speak(genba, here, "audio/opus", "video/vp8", "video/vp9")
        ready = await made(genba, here, here.host)
        (tmp_path / "case.zip").write_bytes((await here.host.get(f"/bundles/{ready['id']}")).content)

    play(tmp_path, scene)
    with unpacked(tmp_path) as (page, address):
        page.goto(address)
        page.get_by_role("row", name="ひび割れが広がっています").get_by_role("button").click()

        expect(page.locator(".now")).to_contain_text("ひび割れが広がっています")
        at = _all_between(page, 2.5, 4)
        assert max(at) - min(at) < 0.3
        page.get_by_role("button", name="止める").click()
        page.get_by_role("slider", name="時刻").fill("5000")
        _all_between(page, 4.8, 5.2)


def _all_between(page: Page, begin_s: float, end_s: float) -> list[float]:
    """Where the tracks stand, once they all do between these seconds; the page lets no waiting script in."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        found: list[float] = page.evaluate(
            "[...document.querySelectorAll('audio,video')].map((each) => each.currentTime)"
        )
        if all(begin_s < at < end_s for at in found):
            return found
    pytest.fail(f"the tracks stand at {found}")


def test_a_bundle_is_read_offline(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        (tmp_path / "case.zip").write_bytes(await bundle(genba, await Scene.begin(genba)))

    play(tmp_path, scene)
    with unpacked(tmp_path) as (page, address):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)

        expect(page.get_by_role("heading", level=1)).to_have_text("川辺橋")
        pictures = page.locator("img")
        expect(pictures).to_have_count(2)  # the decision's proof, and the still itself
        assert all(page.evaluate("[...document.images].map((each) => each.naturalWidth > 0)"))
        assert all(url.startswith("file://") for url in asked)
