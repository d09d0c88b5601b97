"""The consultation desk as a real process over real sockets, killed midway: no request lost or doubled.

Two askers, five who are rung, each with a browser of their own. People answer, decline, put off or ignore at
random; askers give up what nobody takes. The day in `tests/field_assist/test_desk_day.py` is the large one.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import httpx
import pytest

from signaling import demo
from signaling.accounts import one_time_codes
from tests.installation import Browser

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[1]
GENBA = (sys.executable, "-m", "signaling")
ASKERS = ("F1001", "F1002")
RUNG = ("X2001", "X2002", "X2003", "X2004", "S3001")
TOPICS = ("road", "slope", "building", "farm", "welfare", "interpreting")
REQUESTS_EACH = 5
PATIENCE_S = 3.0  # of an asker, after which they take the request back
OVER = ("answered", "withdrawn", "ticket")


@contextmanager
def server(folder: Path, port: int = 0) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server over this data; it is killed at the end."""
    listen = ["--host", "127.0.0.1", "--port", str(port), "--media-port", "0", "--data", str(folder)]
    with (folder / "server.log").open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            [*GENBA, "serve", "--dev", *listen], cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert process.stdout is not None
    try:
        url = next(line.split()[-1] for line in process.stdout if "Genba is ready:" in line)
        yield process, url
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=20)


class Scene:
    """Who is there, what was asked, who was told that they have it."""

    def __init__(self, url: str, seed: int) -> None:
        self.url = url
        self.chance = Random(seed)
        self.asked: dict[str, Browser] = {}  # by call
        self.taken: Counter[str] = Counter()  # by consultation: accepted with success
        self.unsure: set[str] = set()  # the server was killed while it answered
        self.is_over = False
        self.calm = asyncio.Lock()  # nobody asks while the server is killed

    async def sign_in(self, staff_no: str) -> Browser:
        """A browser of somebody, over a socket of its own."""
        browser = Browser(httpx.AsyncClient(base_url=self.url, timeout=10))
        browser.origin = self.url
        await browser.post("/sign-in", {"staff_no": staff_no, "password": demo.PASSWORD})
        code = one_time_codes.current_code(demo.secret_of(staff_no), datetime.now(UTC))
        assert (await browser.post("/sign-in/otp", {"code": code})).status_code == 200
        return browser

    async def ask(self, browser: Browser) -> None:
        """Ask several times, one after the other, and wait for each."""
        for _ in range(REQUESTS_EACH):
            async with self.calm:
                started = await browser.post("/calls", {"topic": self.chance.choice(TOPICS)})
            assert started.status_code == 201, started.text
            call = started.json()["call"]["id"]
            self.asked[call] = browser
            try:
                async with asyncio.timeout(PATIENCE_S):
                    while True:
                        if await self.state(call) != "waiting":
                            break
                        await asyncio.sleep(0.05)  # between two looks
            except TimeoutError:
                async with self.calm:
                    await browser.post(f"/calls/{call}/consultation/withdraw")

    async def state(self, call: str) -> str:
        """How a request stands, once the server answers."""
        while True:
            try:
                answer = await self.asked[call].get(f"/calls/{call}/consultation")
                return str(answer.json()["state"])
            except httpx.TransportError:
                await asyncio.sleep(0.05)  # it starts again

    async def be_rung(self, browser: Browser) -> None:
        """Look what rings, and do something about it or not."""
        while not self.is_over:
            try:
                await self.look(browser)
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)  # between two looks

    async def look(self, browser: Browser) -> None:
        """Answer, decline, put off or ignore what rings now."""
        for ring in (await browser.get("/rings")).json()["rings"]:
            request, chance = ring["consultation"]["id"], self.chance.random()
            if chance < 0.5:
                try:
                    answer = await browser.post(f"/consultations/{request}/accept")
                except httpx.TransportError:
                    self.unsure.add(request)
                    raise
                assert answer.status_code in (200, 404, 409), answer.text
                self.taken[request] += answer.status_code == 200
            elif chance < 0.8:
                await browser.post(f"/consultations/{request}/decline", {"later": chance < 0.6})


def test_no_request_is_lost_or_doubled_though_the_server_is_killed(tmp_path: Path) -> None:
    subprocess.run([*GENBA, "demo", "--data", str(tmp_path)], cwd=ROOT, check=True, capture_output=True)

    async def scene(process: subprocess.Popen[str], url: str) -> None:
        found = Scene(url, seed=1)
        askers = [await found.sign_in(number) for number in ASKERS]
        rung = [await found.sign_in(number) for number in RUNG]
        async with asyncio.TaskGroup() as tasks:
            for browser in rung:
                tasks.create_task(found.be_rung(browser))
            asking = [tasks.create_task(found.ask(browser)) for browser in askers]
            while True:
                if len(found.asked) >= REQUESTS_EACH:
                    break
                await asyncio.sleep(0.05)  # between two looks
            async with found.calm:
                process.send_signal(signal.SIGKILL)
                await asyncio.to_thread(process.wait)
                port = httpx.URL(url).port or 0
                again = server(tmp_path, port)
                await asyncio.to_thread(again.__enter__)
            await asyncio.gather(*asking)
            found.is_over = True
        try:
            await check(found)
        finally:
            again.__exit__(None, None, None)
            for browser in (*askers, *rung):
                await browser.client.aclose()

    with server(tmp_path) as (process, url):
        asyncio.run(scene(process, url))


async def check(found: Scene) -> None:
    """Every request ended once, and was given to one person at most."""
    assert len(found.asked) == len(ASKERS) * REQUESTS_EACH
    states: Counter[str] = Counter()
    for call, browser in found.asked.items():
        row = (await browser.get(f"/calls/{call}/consultation")).json()
        states[row["state"]] += 1
        assert row["state"] in OVER
        most = 1 if row["state"] == "answered" else 0
        least = 0 if row["id"] in found.unsure else most
        assert least <= found.taken[row["id"]] <= most, row
    assert sum(states.values()) == len(found.asked)
    assert states["answered"], "nobody answered anything: the test shows nothing"
