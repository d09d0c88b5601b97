"""How long a call takes to heal, heard at an ear: signalling cut, address changed, server killed, line dead.

Two participants on the unmodified Python SDK reach the real server through relays; one plays a tone, the
other listens, and a gap is the longest silence at that ear. Concealment hides up to a tenth of a second of
each. `…_in_chromium_…` is the same with livekit-client at the listening end.

Signalling is back when both hear live news over it again: somebody whose own signalling is untouched says
something new all the time, and what counts is the second piece of news after the cut, since the first may
come with the greeting. What the SDK's own event says stands beside it (`…_event_ms`): where media never
broke, that SDK waits three seconds before it says so (its `PC_RECONNECT_SETTLE_DELAY`).
"""

from __future__ import annotations

import asyncio
import itertools
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from math import inf

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
NEWS_INTERVAL_S = 0.02
BLACKOUT_S = 30.0
BLACKOUT_AFTERMATH_S = 5.0
BUDGETS = {
    "recover_signalling_ms": 1000,
    "signalling_gap_ms": 100,
    "recover_address_ms": 2000,
    "recover_restart_ms": 5000,
    "recover_blackout_ms": 5000,
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
        figures = asyncio.run(_measure()) | asyncio.run(_kept_door())
        return figures | asyncio.run(_blackouts()) | asyncio.run(_in_chromium())


def quick() -> Figures:
    """The same without the browser and the long wait."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InsecureKeyLengthWarning)
        return asyncio.run(_measure())


async def _measure() -> Figures:
    figures: Figures = {}
    for accident in (_signalling, _address, _restart, _graceful):
        async with _call() as call:
            try:
                figures |= await accident(call)
            except TimeoutError:
                figures |= _FAILURES[accident]
    return figures


async def _signalling(call: Call) -> Figures:
    """Both lose their signalling sockets at once."""
    events = [asyncio.Event(), asyncio.Event()]
    async with _news(call) as news:
        for room, event in zip((call.speaker, call.listener), events, strict=True):
            room.on("reconnected", event.set)
        began = time.monotonic()
        call.server.signalling.cut()
        news.forget()
        async with asyncio.timeout(GIVE_UP_S):
            await news.until_heard_twice()
            took_s = time.monotonic() - began
            for event in events:
                await event.wait()
        said_s = time.monotonic() - began
    gap_s = await _gap(call, began)
    return {
        "recover_signalling_ms": _ms(took_s),
        "signalling_gap_ms": _ms(gap_s),
        "signalling_event_ms": _ms(said_s),
    }


class _News:
    """What the two of a call hear of somebody's attributes."""

    def __init__(self, call: Call) -> None:
        self._heard: dict[str, set[str]] = {"speaker": set(), "listener": set()}
        self._changed = asyncio.Event()
        for who, room in (("speaker", call.speaker), ("listener", call.listener)):
            room.on("participant_attributes_changed", partial(self._hear, who))

    def forget(self) -> None:
        """Count from now on."""
        for heard in self._heard.values():
            heard.clear()

    async def until_heard_twice(self) -> None:
        """Wait until both heard something new, and something new again."""
        while any(len(heard) < 2 for heard in self._heard.values()):
            self._changed.clear()
            await self._changed.wait()

    def _hear(self, who: str, changed: dict[str, str], *_: object) -> None:
        self._heard[who] |= set(changed.values())
        self._changed.set()


@asynccontextmanager
async def _news(call: Call) -> AsyncIterator[_News]:
    """A third participant, whose signalling goes another way, says something new all the time."""
    news = _News(call)
    herald = await call.server.join("herald", url=call.server.direct_url)

    async def proclaim() -> None:
        for number in itertools.count():
            await herald.local_participant.set_attributes({"news": str(number)})
            await asyncio.sleep(NEWS_INTERVAL_S)

    async with asyncio.timeout(GIVE_UP_S), asyncio.TaskGroup() as tasks:
        proclaiming = tasks.create_task(proclaim())
        await news.until_heard_twice()
        try:
            yield news
        finally:
            proclaiming.cancel()
    await herald.disconnect()


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
    return {"recover_restart_ms": _ms(gap_s), "restart_until_answering_ms": _ms(started_s)}


async def _graceful(call: Call) -> Figures:
    """The server is asked to end and started again at once, as for an update."""
    began = time.monotonic()
    await call.server.stop()
    ended_s = time.monotonic() - began
    await call.server.start()
    return {"graceful_restart_gap_ms": _ms(await _gap(call, began)), "graceful_end_ms": _ms(ended_s)}


async def _kept_door() -> Figures:
    """Killed and asked to end once more, where a supervisor keeps the listening socket."""
    figures: Figures = {}
    for name, accident in (("recover_restart_ms", _restart), ("graceful_restart_gap_ms", _graceful)):
        async with _call(keeps_door=True) as call:
            try:
                figures[f"{name} (door kept)"] = (await accident(call))[name]
            except TimeoutError:
                figures[f"{name} (door kept)"] = f"no sound within {GIVE_UP_S:g} s"
    return figures


async def _blackouts() -> Figures:
    """Half a minute without any network, in both protocol modes; the worse one counts."""
    figures: Figures = {}
    for name, is_single in (("one_connection", True), ("two_connections", False)):
        async with _call(is_single=is_single) as call:
            try:
                figures[f"blackout_{name}_ms"] = await _blackout(call)
            except TimeoutError:
                figures[f"blackout_{name}_ms"] = f"no sound within {GIVE_UP_S:g} s"
    worst = max(figures.values(), key=lambda figure: figure if isinstance(figure, float) else inf)
    return {"recover_blackout_ms": worst, **figures}


async def _blackout(call: Call) -> float:
    call.server.set_down(True)
    await asyncio.sleep(BLACKOUT_S)
    ended = time.monotonic()
    call.server.set_down(False)
    await call.ear.hears_for(STEADY_S, after=ended, within_s=GIVE_UP_S)
    # Steady: for as long as it could still be lost again, by a client that starts anew.
    await asyncio.sleep(BLACKOUT_AFTERMATH_S)
    return _ms(call.ear.silent_until(ended) - ended)


_FAILURES: dict[Callable[[Call], Awaitable[Figures]], Figures] = {
    _signalling: {"recover_signalling_ms": f"not back within {GIVE_UP_S:g} s"},
    _address: {"recover_address_ms": f"no sound within {GIVE_UP_S:g} s"},
    _restart: {"recover_restart_ms": f"no sound within {GIVE_UP_S:g} s"},
    _graceful: {"graceful_restart_gap_ms": f"no sound within {GIVE_UP_S:g} s"},
}


async def _gap(call: Call, began: float) -> float:
    """The longest silence since then, once the tone is steady again. Raises TimeoutError."""
    # An accident takes effect a moment after it: a tone that is steady until then proves nothing.
    await asyncio.sleep(STEADY_S)
    await call.ear.hears_for(STEADY_S, after=time.monotonic(), within_s=GIVE_UP_S)
    return call.ear.gap_s(began)


@asynccontextmanager
async def _call(*, is_single: bool = True, keeps_door: bool = False) -> AsyncIterator[Call]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(FarServer(keeps_door=keeps_door))
        speaker = await server.join("speaker", is_single=is_single)
        stack.push_async_callback(speaker.disconnect)
        await stack.enter_async_context(tone(speaker))
        listener = await server.join("listener", is_single=is_single)
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

        async def blackout() -> None:
            server.set_down(True)
            await asyncio.sleep(BLACKOUT_S)
            server.set_down(False)

        figures: Figures = {
            "signalling_in_chromium_gap_ms": await _page_gap(page, cut),
            "restart_in_chromium_gap_ms": await _page_gap(page, restart),
        }
        silent_ms = await _page_gap(page, blackout)
        if not isinstance(silent_ms, str):
            silent_ms = round(silent_ms - BLACKOUT_S * 1000, 1)
        return figures | {"blackout_in_chromium_ms": silent_ms}


async def _page_gap(page: Page, accident: Callable[[], Awaitable[None]]) -> float | str:
    began = await page.evaluate("performance.now()")
    await accident()
    await asyncio.sleep(STEADY_S)
    try:
        now = await page.evaluate("performance.now()")
        await page.wait_for_function("(since) => isSteady(since)", arg=now, timeout=GIVE_UP_S * 1000)
    except PlaywrightTimeout:
        return f"no sound within {GIVE_UP_S:g} s"
    return round(float(await page.evaluate("(since) => gap(since)", began)), 1)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
