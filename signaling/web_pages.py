"""The built web client: read into memory once, answered with the right cache rules and compression.

Vite puts a hash into the names under `assets/`, so those never change and are cached for a year; everything
else is asked for again each time and answered by its ETag. Paths that are no file are pages of the client,
which routes by itself, so they get `index.html`. `/` answers 200 with CORS even when nothing was built:
LiveKit clients ask it whether the server is there.
"""

import hashlib
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
NOT_BUILT = (
    '<!doctype html><html lang="ja"><meta charset="utf-8"><title>Genba</title>'
    "<p>画面がまだ作られていません。<code>make setup</code> を実行してください。</p>"
    '<p lang="en">The web client has not been built: run <code>make setup</code>.</p></html>'
)


@dataclass(frozen=True, slots=True)
class WebFile:
    """One file in all its encodings."""

    media_type: str
    cache_control: str
    plain: bytes
    etag: str
    encoded: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WebPages:
    """All files by path without the leading slash."""

    files: dict[str, WebFile]

    async def respond(self, request: Request) -> Response:
        """The file, or the client's index page for any path that looks like a page."""
        path = request.url.path.strip("/")
        file = self.files.get(path)
        if file is None and _looks_like_page(path):
            file = self.files.get("index.html") or _file("index.html", NOT_BUILT.encode(), {})
        if file is None:
            return Response(status_code=404, headers={"Cache-Control": REVALIDATE})
        return _answer(request, file)


def load(directory: Path) -> WebPages:
    """Read a built client; an empty one when there is none. Blocks."""
    if not directory.is_dir():
        return WebPages({})
    paths = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*") if path.is_file()}
    suffixes = tuple(suffix for _, suffix in ENCODINGS)
    files = {}
    for name, path in paths.items():
        if name.endswith(suffixes):
            continue
        encoded = {
            encoding: paths[name + suffix].read_bytes()
            for encoding, suffix in ENCODINGS
            if name + suffix in paths
        }
        files[name] = _file(name, path.read_bytes(), encoded)
    return WebPages(files)


def _file(name: str, plain: bytes, encoded: dict[str, bytes]) -> WebFile:
    suffix = "." + name.rsplit(".", 1)[-1]
    media_type = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    cache_control = IMMUTABLE if name.startswith("assets/") else REVALIDATE
    return WebFile(media_type, cache_control, plain, f'"{hashlib.sha256(plain).hexdigest()[:20]}"', encoded)


def _answer(request: Request, file: WebFile) -> Response:
    headers = {
        "Cache-Control": file.cache_control,
        "ETag": file.etag,
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
    }
    known = request.headers.get("if-none-match", "")
    if file.etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return Response(status_code=304, headers=headers)
    body = file.plain
    accepted = {part.split(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")}
    for encoding, _ in ENCODINGS:
        if encoding in accepted and encoding in file.encoded:
            body = file.encoded[encoding]
            headers["Content-Encoding"] = encoding
            break
    return Response(body, media_type=file.media_type, headers=headers)


def _looks_like_page(path: str) -> bool:
    return "." not in path.rsplit("/", 1)[-1]
