"""The page of a bundle in a real browser without any network: its pictures are there, its files open."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.windows import DESK, chromium
from tests.installation import Installation, play
from tests.signaling.test_bundle import bundle
from tests.signaling.test_decisions_http import Scene

pytestmark = pytest.mark.browser


def test_a_bundle_is_read_offline(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        (tmp_path / "case.zip").write_bytes(await bundle(genba, await Scene.begin(genba)))

    play(tmp_path, scene)
    with zipfile.ZipFile(tmp_path / "case.zip") as archive:
        archive.extractall(tmp_path / "case")
    with sync_playwright() as playwright, chromium(playwright) as browser:
        context = browser.new_context(offline=True, viewport={"width": DESK[0], "height": DESK[1]})
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "case" / "index.html").as_uri())

        expect(page.get_by_role("heading", level=1)).to_have_text("川辺橋")
        pictures = page.locator("img")
        expect(pictures).to_have_count(2)  # the decision's proof, and the still itself
        assert all(page.evaluate("[...document.images].map((each) => each.naturalWidth > 0)"))
        assert all(url.startswith("file://") for url in asked)
        context.close()
