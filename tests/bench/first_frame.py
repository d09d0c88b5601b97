"""From a tapped link to the first picture, with real Chromium and the unmodified livekit-client.

Somebody publishes camera and microphone; viewers come one after another, each in a fresh browser context with
an empty cache, and say when the first remote frame was shown. The node runs in a process of its own. The
page is bare, so the figures are the server's and the client library's, not the application's.
"""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

from playwright.async_api import Browser, Page, async_playwright

from signaling.rtc.tokens import mint
from tests.livekit_node import API_KEY, API_SECRET
from tests.node_process import node_process

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENT = ROOT / "web_client/node_modules/livekit-client/dist/livekit-client.umd.js"
PAGE = Path(__file__).with_name("_viewer.html")
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
)
QUICK_VIEWERS = 4
VIEWERS = 9  # per mode and run; the first one warms up
TIMEOUT_MS = 15_000
RUNS = 3
BUDGETS = {
    "first_frame_ms": 700,
    "link to first frame (two connections) ms": 700,
    "signalling to first frame (one connection) ms": 300,
    "signalling to first frame (two connections) ms": 300,
}
MODES = {"one connection": "1", "two connections": "0"}


def run() -> dict[str, float]:
    """One run: the median of the viewers, for each protocol mode."""
    return asyncio.run(_measure(tuple(MODES), VIEWERS))


def quick() -> dict[str, float]:
    """The same with few viewers in the mode of today's clients."""
    return asyncio.run(_measure(("one connection",), QUICK_VIEWERS))


@dataclass(frozen=True, slots=True)
class Site:
    """Where the page and the node are, and in which mode which room is joined."""

    page: str
    node: str
    mode: str


async def _measure(modes: Sequence[str], viewers: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        page = stack.enter_context(pages())
        node = await stack.enter_async_context(node_process())
        url = node.url.replace("http", "ws", 1)
        for mode in modes:
            # Browsers of their own: two tabs of one browser would share its main threads.
            studio, phone = [
                await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
                for _ in range(2)
            ]
            site = Site(page, url, mode)
            publisher = await open_page(studio, site, "publisher", publish=True)
            await publisher.wait_for_function("window.joined")
            await publisher.evaluate("joined")
            marks = [await watch(phone, site, f"viewer {number}") for number in range(viewers)]
            figures |= _condense(mode, marks[1:])
            await studio.close()
            await phone.close()
    return figures


def _condense(mode: str, marks: list[dict[str, float]]) -> dict[str, float]:
    def median(end: str, start: str = "") -> float:
        return round(statistics.median(m[end] - (m[start] if start else 0) for m in marks), 1)

    is_headline = mode == "one connection"
    return {
        "first_frame_ms" if is_headline else f"link to first frame ({mode}) ms": median("video_frame"),
        f"signalling to first frame ({mode}) ms": median("video_frame", "signalled"),
        f"signalling to subscribed ({mode}) ms": median("video_subscribed", "signalled"),
        f"link to signalling ({mode}) ms": median("signalled"),
    }


async def watch(browser: Browser, site: Site, identity: str) -> dict[str, float]:
    """Milliseconds from the tap on the link to every step up to the first frame."""
    page = await open_page(browser, site, identity)
    await page.wait_for_function("window.marks?.video_frame", timeout=TIMEOUT_MS)
    marks: dict[str, float] = await page.evaluate("marks")
    await page.evaluate("room.disconnect()")
    await page.context.close()
    return marks


async def open_page(browser: Browser, site: Site, identity: str, *, publish: bool = False) -> Page:
    """The bare page in a context of its own, on its way into the room."""
    token = mint(
        api_key=API_KEY,
        api_secret=API_SECRET,
        identity=identity,
        name=identity,
        room=site.mode,
        now=time.time(),
        ttl_s=600,
    )
    return await open_with_token(browser, site, token, publish=publish)


async def open_with_token(
    browser: Browser, site: Site, token: str, *, publish: bool = False, listen: bool = False
) -> Page:
    """The same for somebody who has a token; `listen` has the page remember when it heard something."""
    query = {"url": site.node, "token": token, "single": MODES[site.mode]}
    if publish:
        query["publish"] = "1"
    if listen:
        query["listen"] = "1"
    context = await browser.new_context(permissions=["camera", "microphone"])
    page = await context.new_page()
    await page.goto(f"{site.page}/?{urlencode(query)}", wait_until="commit")
    return page


@contextmanager
def pages() -> Iterator[str]:
    """A web server with the bare page and the client library."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_script = self.path.endswith(".js")
            body = (CLIENT if is_script else PAGE).read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if is_script else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
