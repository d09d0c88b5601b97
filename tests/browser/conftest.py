"""What the browser tests share: an installation of their own, and windows on it in each language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import windows
from tests.browser.installation import GenbaProcess
from tests.browser.windows import ENGLISH_BY_HAND, Desk, Language, chromium


@pytest.fixture(scope="session", autouse=True)
def _pictures(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where pictures of the screens are kept, if anywhere."""
    folder = request.config.getoption("--pictures")
    windows.pictures = Path(folder) if folder else None
    yield
    windows.pictures = None


@pytest.fixture
def genba(tmp_path: Path) -> Iterator[GenbaProcess]:
    """A fresh installation: one-time codes are refused a second time, so tests share none."""
    with GenbaProcess(tmp_path) as process:
        yield process
        print(process.log())  # shown by pytest when the test failed


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a file; what a person has in it is their own context's."""
    with sync_playwright() as playwright, chromium(playwright) as started:
        yield started


@pytest.fixture(params=ENGLISH_BY_HAND)
def desk(request: pytest.FixtureRequest, genba: GenbaProcess, browser: Browser) -> Iterator[Desk]:
    """Windows in Japanese, and in English where that is run."""
    language: Language = request.param
    with Desk(browser, genba.url, language) as opened:
        yield opened
