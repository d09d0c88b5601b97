"""How long a call takes to heal, heard at an ear: signalling cut, address changed, server killed.

Two participants on the unmodified Python SDK reach the real server through relays; one plays a tone, the
other listens, and a gap is the longest silence at that ear. Concealment hides up to a tenth of a second of
each. `…_in_chromium_…` is the same with livekit-client at the listening end.
"""

from __future__ import annotations

import asyncio
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from jwt.warnings import InsecureKeyLengthWarning
from livekit import rtc
from playwright.async_api import Page, async_playwright
from playwright.async_api import TimeoutError as PlaywrightTimeout

from tests.bench._far_server import FarServer
from tests.bench._tone import Ear, tone
from tests.bench.first_frame import CHROMIUM, CHROMIUM_FLAGS, Site, open_with_token, pages

Figures = dict[str, float | str]

STEADY_S = 1.0  # of tone, before and after
GIVE_UP_S = 30.0
BUDGETS = {
    "recover_signalling_ms": 1000,
    "signalling_gap_ms": 100,
    "recover_address_ms": 2000,
    "recover_restart_ms": 5000,
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of two."""

    server: FarServer
    speaker: rtc.Room
    listener: rtc.Room
    ear: Ear


def run() -> Figures:
    """One accident of each kind, each in a call of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InsecureKeyLengthWarning)  # a development server's well-known secret
        return asyncio.run(_measure()) | asyncio.run(_in_chromium())


def quick() -> Figures:
    """The same without the browser."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InsecureKeyLengthWarning)
        return asyncio.run(_measure())


async def _measure() -> Figures:
    figures: Figures = {}
    for accident in (_signalling, _address, _restart):
        async with _call() as call:
            try:
                figures |= await accident(call)
            except TimeoutError:
                figures |= _FAILURES[accident]
    return figures


async def _signalling(call: Call) -> Figures:
    """Both lose their signalling sockets at once."""
    back = asyncio.Event()
    waiting = {"speaker", "listener"}

    def reconnected(who: str) -> None:
        waiting.discard(who)
        if not waiting:
            back.set()

    call.speaker.on("reconnected", lambda: reconnected("speaker"))
    call.listener.on("reconnected", lambda: reconnected("listener"))
    began = time.monotonic()
    call.server.signalling.cut()
    async with asyncio.timeout(GIVE_UP_S):
        await back.wait()
    took_s = time.monotonic() - began
    gap_s = await _gap(call, began)
    return {"recover_signalling_ms": _ms(took_s), "signalling_gap_ms": _ms(gap_s)}


async def _address(call: Call) -> Figures:
    """The NAT in front of the one, then of the other, forgets."""
    figures: Figures = {}
    for who in ("speaker", "listener"):
        began = time.monotonic()
        call.server.access[who].rebind()
        figures[f"address_of_{who}_gap_ms"] = _ms(await _gap(call, began))
    return {"recover_address_ms": max(figures.values()), **figures}


async def _restart(call: Call) -> Figures:
    """The server is killed and started again at once."""
    began = time.monotonic()
    await call.server.kill()
    await call.server.start()
    started_s = time.monotonic() - began
    gap_s = await _gap(call, began)
    return {"recover_restart_ms": _ms(gap_s), "restart_until_listening_ms": _ms(started_s)}


_FAILURES: dict[Callable[[Call], Awaitable[Figures]], Figures] = {
    _signalling: {"recover_signalling_ms": f"not back within {GIVE_UP_S:g} s"},
    _address: {"recover_address_ms": f"no sound within {GIVE_UP_S:g} s"},
    _restart: {"recover_restart_ms": f"no sound within {GIVE_UP_S:g} s"},
}


async def _gap(call: Call, began: float) -> float:
    """The longest silence since then, once the tone is steady again. Raises TimeoutError."""
    # An accident takes effect a moment after it: a tone that is steady until then proves nothing.
    await asyncio.sleep(STEADY_S)
    await call.ear.hears_for(STEADY_S, after=time.monotonic(), within_s=GIVE_UP_S)
    return call.ear.gap_s(began)


@asynccontextmanager
async def _call() -> AsyncIterator[Call]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(FarServer())
        speaker = await server.join("speaker")
        stack.push_async_callback(speaker.disconnect)
        await stack.enter_async_context(tone(speaker))
        listener = await server.join("listener")
        stack.push_async_callback(listener.disconnect)
        ear = await stack.enter_async_context(Ear(listener))
        await ear.hears_for(STEADY_S, after=time.monotonic(), within_s=GIVE_UP_S)
        yield Call(server, speaker, listener, ear)


async def _in_chromium() -> Figures:
    """Signalling, then the server itself, for somebody who listens in a browser."""
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        bare_page = stack.enter_context(pages())
        server = await stack.enter_async_context(FarServer())
        speaker = await server.join("speaker")
        stack.push_async_callback(speaker.disconnect)
        await stack.enter_async_context(tone(speaker))
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        stack.push_async_callback(browser.close)
        server.joining = "browser"
        site = Site(bare_page, server.url, "one connection")
        page = await open_with_token(browser, site, server.token("browser"), listen=True)
        await page.wait_for_function("window.isSteady?.(0)", timeout=GIVE_UP_S * 1000)

        async def restart() -> None:
            await server.kill()
            await server.start()

        async def cut() -> None:
            server.signalling.cut()

        return {
            "signalling_in_chromium_gap_ms": await _page_gap(page, cut),
            "restart_in_chromium_gap_ms": await _page_gap(page, restart),
        }


async def _page_gap(page: Page, accident: Callable[[], Awaitable[None]]) -> float | str:
    began = await page.evaluate("performance.now()")
    await accident()
    await asyncio.sleep(STEADY_S)
    try:
        now = await page.evaluate("performance.now()")
        await page.wait_for_function("(since) => isSteady(since)", arg=now, timeout=GIVE_UP_S * 1000)
    except PlaywrightTimeout:
        return f"no sound within {GIVE_UP_S:g} s"
    gap: float = await page.evaluate("(since) => gap(since)", began)
    return round(gap, 1)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
