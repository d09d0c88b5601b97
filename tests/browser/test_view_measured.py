"""Looking at the same thing with six people, and over lines of 100 ms to and fro: figures, run by name."""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser

from tests.browser.installation import GenbaProcess
from tests.browser.test_field_call import FIELD, sign_in
from tests.browser.test_view import (
    AWAIT_POINTER_JS,
    POINT_JS,
    PRESS_JS,
    SHOWN_JS,
    begin_with_document,
    invited,
)
from tests.browser.windows import DESK, PHONE, Desk, Window
from tests.network import Access, UdpRelay

pytestmark = [pytest.mark.browser, pytest.mark.by_hand]

TURNS = 12
READ_MS = 1_500
"""Nobody turns a page the moment another has seen the last one."""
REST_MS = 10_000
ADDRESS, RELAY = "127.0.0.1", "127.0.0.2"


@pytest.mark.parametrize("camera", ["field camera on", "voices only"])
def test_six_people_see_a_page_turned(genba: GenbaProcess, browser: Browser, camera: str) -> None:
    """The others never have a camera; voices and the document alone is how a meeting on old phones goes."""
    with Desk(browser, genba.url, "ja") as desk:
        field, call = _begun(desk)
        if camera == "voices only":
            field.press("カメラ 入", "Camera on")
        others = [_joined(desk, invited(field, call, f"協力者 {number}")) for number in range(5)]
        _present(field, others)
        took = []
        idle = _Cost(genba)
        field.page.wait_for_timeout(REST_MS)
        idle.stop()
        cost = _Cost(genba)
        for number in range(2, 2 + TURNS):
            for other in others:
                other.page.evaluate(
                    f"(name) => {{ window.turned = ({SHOWN_JS})(name) }}", f"{number}枚目の図"
                )
            pressed = field.page.get_by_role("button", name="次のページ").evaluate(PRESS_JS)
            took.append(max(other.page.evaluate("window.turned") - pressed for other in others))
            field.page.wait_for_timeout(READ_MS)
        cost.stop()
    _print(f"{camera}: a page turned is seen by the last of five others", took)
    print(f"meanwhile {cost.busy:.2f} of {psutil.cpu_count()} cores were busy, with all else that ran")
    for what in cost.used_s:
        rest = idle.used_s[what] / idle.lasted_s
        turn = (cost.used_s[what] - rest * cost.lasted_s) / TURNS
        print(
            f"{what}: {rest * 1000:.0f} ms of a core each second, and {turn * 1000:.0f} ms more for each turn"
        )
    assert len(took) == TURNS


def test_a_pointer_over_lines_of_100_ms_there_and_back(tmp_path: Path, browser: Browser) -> None:
    lines = {"GENBA_MEDIA_ADVERTISED": RELAY, "GENBA_MEDIA_TCP": "0"}
    with ExitStack() as stack:
        genba = stack.enter_context(GenbaProcess(tmp_path, **lines))
        access = stack.enter_context(_relayed(genba))
        desk = stack.enter_context(Desk(browser, genba.url, "ja"))
        field, call = _begun(desk)
        resident = _joined(desk, invited(field, call, "田端 和子"))
        _present(field, [resident])
        layer = field.page.get_by_role("application")
        near: list[float] = []
        far: list[float] = []
        for delay_s, took in ((0.0, near), (0.05, far)):  # of each person's line, each way
            access.set(delay_s=delay_s)
            for step in range(20):
                resident.page.evaluate(AWAIT_POINTER_JS)
                pointed = layer.evaluate(POINT_JS, 0.2 + step / 40 + delay_s)
                took.append(resident.page.evaluate("window.pointed") - pointed)
    _print("a pointer is seen on loopback", near)
    _print("a pointer is seen where every line takes 100 ms there and back", far)
    assert min(far) >= 100


class _Cost:
    """What server and browsers take of the processors until `stop`, and what the whole machine does."""

    def __init__(self, genba: GenbaProcess) -> None:
        self._server = psutil.Process(genba.pid)
        self._began, self._before_s, self._machine_s = time.monotonic(), self._now_s(), _machine_s()

    def stop(self) -> None:
        """Fills in the figures."""
        self.lasted_s = time.monotonic() - self._began
        self.used_s = {what: now - self._before_s[what] for what, now in self._now_s().items()}
        self.busy = (_machine_s() - self._machine_s) / self.lasted_s

    def _now_s(self) -> dict[str, float]:
        servers = [self._server, *self._server.children(recursive=True)]
        browsers = [each for each in psutil.Process().children(recursive=True) if each not in servers]
        return {"the server": sum(map(_used_s, servers)), "the browsers": sum(map(_used_s, browsers))}


def _used_s(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _machine_s() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.system + times.nice)


def _begun(desk: Desk) -> tuple[Window, str]:
    field = desk.open("/sign-in", DESK)
    sign_in(field, FIELD)
    return field, begin_with_document(field)


def _joined(desk: Desk, link: str) -> Window:
    """Without a camera: what is measured is the shared page."""
    window = desk.open(link, PHONE)
    window.press("話す", "Talk")
    window.press("カメラなしで話しはじめる", "Start talking without a camera")
    window.page.get_by_role("button", name="終わる").wait_for()
    return window


def _present(field: Window, others: list[Window]) -> None:
    field.press("見せる", "Show")
    field.page.get_by_role("region", name="見くらべる図面").get_by_role("button").click()
    for window in (field, *others):
        window.page.get_by_role("img", name="1枚目の図", exact=True).wait_for()


@contextmanager
def _relayed(genba: GenbaProcess) -> Iterator[Access]:
    """Media goes through a relay; what is given is everybody's line."""
    assert genba.pid is not None
    (port,) = {
        each.laddr.port
        for process in (psutil.Process(genba.pid), *psutil.Process(genba.pid).children(recursive=True))
        for each in process.net_connections("udp")
    }
    relay, loop = UdpRelay((ADDRESS, port), (RELAY, port)), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(relay.__aenter__(), loop).result()
    try:
        yield relay.shared
    finally:
        asyncio.run_coroutine_threadsafe(relay.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _print(what: str, took: list[float]) -> None:
    ordered = sorted(took)
    print(f"{what}: median {statistics.median(took):.0f} ms, {ordered[0]:.0f} to {ordered[-1]:.0f}")
