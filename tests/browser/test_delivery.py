"""What a resident's telephone must fetch before anything can be pressed, as the server really sends it."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from tests.browser.installation import GenbaProcess

pytestmark = pytest.mark.browser
FIRST_PAGE_BYTES = 150_000  # the design's budget; npm run build holds the rest of the page to it


def test_the_first_page_travels_compressed(tmp_path: Path) -> None:
    with GenbaProcess(tmp_path) as genba, httpx.Client(base_url=genba.url) as client:
        page = client.get("/j/unknown", headers={"Accept-Encoding": "identity"})
        files = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page.text)
        assert files
        for encoding in ("br", "gzip"):
            answers = [client.get(path, headers={"Accept-Encoding": encoding}) for path in files]
            assert {answer.headers.get("content-encoding") for answer in answers} == {encoding}
            assert sum(int(answer.headers["content-length"]) for answer in answers) < FIRST_PAGE_BYTES
