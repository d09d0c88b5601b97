"""Around every HTTP request: a reference, a log line, security headers, and the first refusals.

The reference (`K7Q2-9F`) is on every log line of the request, in the header `X-Request-Id` and in every
error, so that a person can read it out on the telephone. Pages get a strict Content-Security-Policy; the
API gets one that allows nothing and is not cached unless a route says so. Unsafe API requests must come from
our own pages.
"""

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from field_assist import CROCKFORD
from signaling import event_log
from signaling.api import origin
from signaling.api.application import refusal
from signaling.api.catalogue_desk import MAX_LIST_BYTES

MAX_BODY_BYTES = 256 * 1024
HSTS = "max-age=31536000"
PERMISSIONS = (
    "camera=(self), microphone=(self), display-capture=(self), geolocation=(self), fullscreen=(self),"
    " payment=(), usb=(), serial=()"
)
API_POLICY = "default-src 'none'; frame-ancestors 'none'"

_FILE_PATH = re.compile(r"/api/documents/[^/]+/content")
"""Bodies that go straight to the disk in pieces, never into memory."""
_LIST_PATH = "/api/admin/catalogue"

log = logging.getLogger(__name__)


class Requests:
    """ASGI middleware; `own_tls_port` is where our self-signed certificate answers (no HSTS there).

    `map_origin` is another server from which pages may fetch map tiles, or ""; `file_bytes` is how much a
    body may have where it is a file.
    """

    def __init__(
        self, app: ASGIApp, public_url: str, own_tls_port: int | None, map_origin: str, file_bytes: int
    ) -> None:
        self._app = app
        self._public_url = public_url
        self._own_tls_port = own_tls_port
        self._map_origin = map_origin
        self._file_bytes = file_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reference = new_reference()
        with event_log.referenced(reference):
            await self._answer(scope, receive, send, reference)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, reference: str) -> None:
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(scope, MutableHeaders(scope=message), reference)
            await send(message)

        try:
            refused = self._refused(scope)
            await (refused or self._app)(scope, receive, send_with_headers)
        except Exception:
            log.exception("request_failed", extra={"route": _route(scope)})
            if status == 0:
                await refusal(500, "server.fault", {}, {})(scope, receive, send_with_headers)
        finally:
            duration_ms = round((time.perf_counter() - started) * 1000, 1)
            extra = {"route": _route(scope), "status": status, "duration_ms": duration_ms}
            log.log(logging.INFO if _is_api(scope) else logging.DEBUG, "request", extra=extra)

    def _refused(self, scope: Scope) -> Response | None:
        if not _is_api(scope):
            return None
        headers = Headers(scope=scope)
        if not origin.is_same_origin(scope["method"], headers.get("host", ""), self._public_url, headers):
            log.warning("cross_site_request", extra={"method": scope["method"]})
            return refusal(403, "csrf", {}, {})
        if "transfer-encoding" in headers and "content-length" not in headers:
            return refusal(411, "request.invalid", {}, {})
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._allowed_bytes(scope):
            return refusal(413, "request.too_large", {}, {})
        return None

    def _allowed_bytes(self, scope: Scope) -> int:
        if scope["method"] == "PUT" and _FILE_PATH.fullmatch(scope["path"]):
            return self._file_bytes
        return MAX_LIST_BYTES if scope["path"] == _LIST_PATH else MAX_BODY_BYTES

    def _add_headers(self, scope: Scope, headers: MutableHeaders, reference: str) -> None:
        headers["X-Request-Id"] = reference
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = PERMISSIONS
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        _, port = scope.get("server") or ("", None)
        is_self_signed = port is not None and port == self._own_tls_port
        if scope["scheme"] == "https" and not is_self_signed:
            headers["Strict-Transport-Security"] = HSTS
        if _is_api(scope):
            headers["Content-Security-Policy"] = API_POLICY
            headers.setdefault("Cache-Control", "no-store")
        else:
            host = origin.plain_host(Headers(scope=scope).get("host", ""))
            headers["Content-Security-Policy"] = page_policy(host, self._map_origin)


def page_policy(host: str, map_origin: str = "") -> str:
    """The Content-Security-Policy of our pages; old Safari does not count ws:// as 'self'.

    Tiles of a map are fetched and then drawn from memory, so their server stands under connect-src alone.
    """
    tiles = f" {map_origin}" if map_origin else ""
    return (
        "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self';"
        " script-src 'self'; style-src 'self'; font-src 'self'; manifest-src 'self';"
        " img-src 'self' data: blob:; media-src 'self' blob: mediastream:; worker-src 'self' blob:;"
        f" connect-src 'self' ws://{host} wss://{host}{tiles}"
    )


def new_reference() -> str:
    """Six characters nobody misreads, as in K7Q2-9F."""
    characters = "".join(secrets.choice(CROCKFORD) for _ in range(6))
    return f"{characters[:4]}-{characters[4:]}"


def _is_api(scope: Scope) -> bool:
    path = scope["path"]
    return bool(path == "/api" or path.startswith("/api/"))


def _route(scope: Scope) -> str:
    endpoint = scope.get("endpoint")
    return getattr(endpoint, "__name__", type(endpoint).__name__ if endpoint else "none")
