"""The built client: cache rules, compression, pages that are no files."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from signaling import web_pages


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A client as Vite leaves it."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>頁")
    (tmp_path / "assets/app-abc123.js").write_text("export {}")
    (tmp_path / "assets/app-abc123.js.br").write_bytes(b"brotli")
    (tmp_path / "assets/app-abc123.js.gz").write_bytes(b"\x1f\x8bgzip")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    return tmp_path


def _get(folder: Path, path: str, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        app = Starlette(routes=[Route("/{path:path}", web_pages.load(folder).respond)])
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://genba.test") as client:
            request = client.build_request("GET", path, headers={"accept-encoding": "", **headers})
            answer = await client.send(request, stream=True)
            answer._content = b"".join([part async for part in answer.aiter_raw()])
            return answer

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("path", "status", "media_type", "cache"),
    [
        ("/", 200, "text/html; charset=utf-8", "no-cache"),
        ("/calls/01ABC", 200, "text/html; charset=utf-8", "no-cache"),
        ("/j/2NEpo7TZRRrLZSi2U", 200, "text/html; charset=utf-8", "no-cache"),
        ("/favicon.svg", 200, "image/svg+xml", "no-cache"),
        ("/assets/app-abc123.js", 200, "text/javascript; charset=utf-8", web_pages.IMMUTABLE),
        ("/assets/app-gone.js", 404, None, "no-cache"),
        ("/../pyproject.toml", 404, None, "no-cache"),
        ("/%2e%2e/etc/passwd.txt", 404, None, "no-cache"),
    ],
)
def test_each_path_gets_its_file_and_cache_rule(
    built: Path, path: str, status: int, media_type: str | None, cache: str
) -> None:
    answer = _get(built, path)

    assert (answer.status_code, answer.headers.get("content-type")) == (status, media_type)
    assert answer.headers["cache-control"] == cache


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("gzip, deflate, br", "br", b"brotli"),
        ("gzip", "gzip", b"\x1f\x8bgzip"),
        ("identity", None, b"export {}"),
        ("br;q=1.0", "br", b"brotli"),
    ],
)
def test_precompressed_files_are_sent_when_accepted(
    built: Path, accepted: str, encoding: str | None, body: bytes
) -> None:
    answer = _get(built, "/assets/app-abc123.js", **{"accept-encoding": accepted})

    assert (answer.headers.get("content-encoding"), answer.content) == (encoding, body)
    assert answer.headers["vary"] == "Accept-Encoding"


def test_an_unchanged_file_is_not_sent_again(built: Path) -> None:
    etag = _get(built, "/").headers["etag"]

    assert _get(built, "/", **{"if-none-match": f"W/{etag}"}).status_code == 304
    assert _get(built, "/", **{"if-none-match": '"old"'}).status_code == 200


def test_without_a_built_client_the_page_says_what_to_do(tmp_path: Path) -> None:
    answer = _get(tmp_path / "nothing", "/")

    assert answer.status_code == 200
    assert "make setup" in answer.content.decode()
