"""A whole installation for tests of the REST interface: real database and routes, recorded rooms.

`Browser` is an HTTP client with a cookie jar that behaves like our pages: it sends the CSRF token it knows.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from livekit.protocol.models import ConnectionQuality, ParticipantInfo, ParticipantPermission, Transcription
from livekit.protocol.models import Room as RoomInfo
from livekit.protocol.webhook import WebhookEvent

from field_assist import Store
from media import Tap, TapSink
from signaling import demo, migrations
from signaling.accounts import one_time_codes
from signaling.accounts.access_log import AccessLogRow, page
from signaling.accounts.passwords import Passwords
from signaling.accounts.policy import PasswordCost
from signaling.accounts.vault import open_vault
from signaling.api import concierge_desk
from signaling.api.services import Services
from signaling.app import create_app
from signaling.rtc.audience import Rule
from signaling.settings import Secret, Settings
from tests.clock import START, FakeClock

ORIGIN = "https://genba.test"
CHEAP = PasswordCost(time_cost=1, memory_kib=32)
API_KEY, API_SECRET = "testkey", "a test secret of more than 32 characters"

Json = dict[str, Any]  # what an answer holds is the test's business


@dataclass
class RecordedRooms:
    """Stands in for `Rooms`: who is there is set by the test, what was asked is kept."""

    present: dict[str, list[str]] = field(default_factory=dict)
    removed: list[tuple[str, str]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    sent: list[tuple[str, Json, str]] = field(default_factory=list)
    addressed: list[tuple[str, ...]] = field(default_factory=list)
    observers: list[Callable[[WebhookEvent], None]] = field(default_factory=list)
    lines: dict[str, dict[str, ConnectionQuality]] = field(default_factory=dict)
    audiences: dict[str, tuple[Rule | None, str]] = field(default_factory=dict)
    recorded: set[str] = field(default_factory=set)
    captions: list[tuple[str, Transcription]] = field(default_factory=list)
    is_broken: bool = False

    def participants(self, room: str) -> list[ParticipantInfo]:
        """Everybody set as present, with default permissions."""
        if self.is_broken:
            raise RuntimeError("a bug in the rooms")
        visible = ParticipantPermission(hidden=False)
        return [ParticipantInfo(identity=who, permission=visible) for who in self.present.get(room, [])]

    def qualities(self, room: str) -> dict[str, ConnectionQuality]:
        """As set by the test."""
        return self.lines.get(room, {})

    def observe(self, observer: Callable[[WebhookEvent], None]) -> None:
        """Keep an observer for `happen`."""
        self.observers.append(observer)

    def tap(self, room: str, track_sid: str, sink: TapSink) -> Tap | None:
        """Nothing is published here."""
        return None

    def set_recorded(self, room: str, *, is_recorded: bool) -> None:
        """Keep it."""
        (self.recorded.add if is_recorded else self.recorded.discard)(room)

    def set_audience(self, room: str, rule: Rule | None, metadata: str = "") -> None:
        """Keep it."""
        self.audiences[room] = rule, metadata

    async def remove_participant(self, room: str, identity: str) -> bool:
        """Note it."""
        self.removed.append((room, identity))
        return True

    async def send_data(
        self, room: str, payload: bytes, *, topic: str, identities: Sequence[str] = ()
    ) -> None:
        """Note it."""
        self.sent.append((room, json.loads(payload), topic))
        self.addressed.append(tuple(identities))

    def caption(self, room: str, said: Transcription) -> None:
        """Note it."""
        self.captions.append((room, said))

    async def delete_room(self, name: str) -> None:
        """Note it."""
        self.deleted.append(name)

    def shut_down(self) -> None:
        """Nobody is connected who could be told."""

    def happen(self, event: str, room: str, identity: str) -> None:
        """Tell the observers."""
        for observer in self.observers:
            observer(
                WebhookEvent(
                    event=event, room=RoomInfo(name=room), participant=ParticipantInfo(identity=identity)
                )
            )


class Browser:
    """One browser: cookies, our Origin on unsafe requests, and the CSRF token of whoever acts."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.csrf = ""
        self.origin = ORIGIN

    async def get(self, path: str, **params: str | int) -> httpx.Response:
        """GET under /api."""
        return await self.client.get(f"/api{path}", params=params)

    async def post(self, path: str, body: Json | None = None) -> httpx.Response:
        """POST under /api."""
        headers = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin", "X-CSRF-Token": self.csrf}
        answer = await self.client.post(f"/api{path}", json=body, headers=headers)
        if answer.is_success and answer.content:
            known = answer.json()
            known = known.get("me", known) if isinstance(known, dict) else {}
            self.csrf = known.get("csrf_token", self.csrf)
        return answer

    async def put(self, path: str, content: bytes) -> httpx.Response:
        """PUT bytes under /api."""
        return await self._send("PUT", path, content=content)

    async def patch(self, path: str, body: Json) -> httpx.Response:
        """PATCH under /api."""
        return await self._send("PATCH", path, json=body)

    async def delete(self, path: str) -> httpx.Response:
        """DELETE under /api."""
        return await self._send("DELETE", path)

    async def _send(self, method: str, path: str, **more: Any) -> httpx.Response:  # Any: httpx's own
        headers = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin", "X-CSRF-Token": self.csrf}
        return await self.client.request(method, f"/api{path}", headers=headers, **more)


class Installation:
    """What a test holds: the app inside its lifespan, the clock, the rooms, and the demo staff."""

    def __init__(
        self, app: Any, clock: FakeClock, rooms: RecordedRooms, folder: Path
    ) -> None:  # Any: Starlette
        self.app = app
        self.clock = clock
        self.rooms = rooms
        self.folder = folder
        self._clients: list[httpx.AsyncClient] = []

    @property
    def services(self) -> Services:
        """The installation's parts."""
        found: Services = self.app.state.services
        return found

    def browser(self, address: str = "192.0.2.7") -> Browser:
        """A fresh browser at an address."""
        transport = httpx.ASGITransport(self.app, client=(address, 40000))
        client = httpx.AsyncClient(transport=transport, base_url=ORIGIN)
        self._clients.append(client)
        return Browser(client)

    @property
    def bus(self) -> Any:  # Any: tests take parts of it away
        """This node's end of the bus."""
        return self.services.bus

    async def again(self, other: Browser) -> Browser:
        """The same person's session as `other`, at this node."""
        browser = self.browser()
        browser.client.cookies.update(other.client.cookies)
        browser.csrf = other.csrf
        return browser

    def code(self, staff_no: str) -> str:
        """What the demo person's authenticator shows now."""
        return one_time_codes.current_code(demo.secret_of(staff_no), self.clock.at)

    async def half_signed_in(self, staff_no: str) -> Browser:
        """A browser that gave the password and owes the code."""
        browser = self.browser()
        answer = await browser.post("/sign-in", {"staff_no": staff_no, "password": demo.PASSWORD})
        assert answer.json() == {"next": "otp"}, answer.text
        return browser

    async def signed_in(self, staff_no: str) -> Browser:
        """A browser of a demo person; time moves on, so that every code is fresh."""
        self.clock.forward(seconds=30)
        browser = await self.half_signed_in(staff_no)
        answer = await browser.post("/sign-in/otp", {"code": self.code(staff_no)})
        assert answer.status_code == 200, answer.text
        return browser

    async def log(self) -> list[AccessLogRow]:
        """The whole access log."""
        return await self.services.store.read(lambda session: page(session, 0, 500))

    async def close(self) -> None:
        """Close the browsers."""
        for client in self._clients:
            await client.aclose()


@cache
def template() -> Path:
    """A data directory with demo data, made once per run."""
    folder = Path(mkdtemp(prefix="genba-test-"))
    fill(folder, f"sqlite:///{folder}/genba.sqlite3")
    return folder


def fill(folder: Path, url: str) -> None:
    store, passwords, at = Store(url), Passwords(CHEAP), FakeClock().at
    try:
        migrations.upgrade(store.engine)
        vault = open_vault(folder)
        store.write_now(lambda session: demo.fill(session, vault, passwords, at))
    finally:
        passwords.close()
        store.close()


def settings_for(folder: Path, **chosen: Any) -> Settings:  # Any: values of different fields
    """Settings of a test installation."""
    values: dict[str, Any] = {
        "data_dir": folder,
        "web_dir": folder / "web",
        "api_key": API_KEY,
        "api_secret": Secret(API_SECRET),
        "password_time_cost": CHEAP.time_cost,
        "password_memory_kib": CHEAP.memory_kib,
    }
    return Settings(**(values | chosen))


database: Callable[[], AbstractContextManager[str]] | None = None
"""Gives each installation a database of its own, by its URL; None: SQLite in its folder."""


class _Analyst(ThreadPoolExecutor):
    """Reads the catalogues of all tests, with the model that their searches have loaded anyway.

    Each installation's own process would import the product first, which takes many times as long as a
    test's few entries; `has_processes` is for whoever wants it.
    """

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """It stays."""


_analyst = _Analyst(1)


@asynccontextmanager
async def installation(
    folder: Path,
    *,
    has_media: bool = False,
    has_processes: bool = False,
    at: datetime = START,
    **chosen: Any,
) -> AsyncIterator[Installation]:  # Any: see settings_for
    """An installation with demo data in `folder`, running until the block ends.

    With `has_media` its rooms are real, on ports of their own, and need the real time in `at`.
    """
    target = folder / "installation"
    shutil.copytree(template(), target)
    with ExitStack() as stack:
        if not has_processes:
            stack.enter_context(patch.object(concierge_desk, "polite_processes", lambda *_: _analyst))
        if database is not None and "database_url" not in chosen:
            chosen["database_url"] = stack.enter_context(database())
        if "database_url" in chosen:
            fill(target, chosen["database_url"])
        clock, rooms = FakeClock(at), RecordedRooms()
        if has_media:
            chosen = {"host": "127.0.0.1", "media_port": 0} | chosen
        app = create_app(settings_for(target, **chosen), clock.clock, None if has_media else rooms)
        async with app.router.lifespan_context(app):
            made = Installation(app, clock, rooms, target)
            try:
                yield made
            finally:
                await made.close()


def play(folder: Path, scene: Callable[[Installation], Awaitable[None]], **chosen: Any) -> None:  # Any: same
    """Run one scene against a fresh installation."""

    async def run() -> BaseException | None:
        async with installation(folder, **chosen) as made:
            try:
                await scene(made)
            except (Exception, pytest.fail.Exception) as failed:  # by itself, not in the groups around it
                return failed
        return None

    failure = asyncio.run(run())
    if failure is not None:
        raise failure


async def told(frames: AsyncGenerator[bytes, None], count: int = 1) -> list[str]:
    """The next events of a stream, by name; ids and comments between them are passed over."""
    names: list[str] = []
    async with asyncio.timeout(5):
        while len(names) < count:
            frame = (await anext(frames)).decode()
            names += [frame.split("\n")[0].removeprefix("event: ")] if frame.startswith("event:") else []
    return names


def key_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and message key of a refusal."""
    return answer.status_code, answer.json()["error"]["key"]
