"""Events told to other servers: signed POSTs, in order within a room, repeated when they fail.

A room never waits for a webhook: events go into a bounded queue; what does not fit is dropped and counted.
The signature is a token whose claim `sha256` is the hash of exactly the bytes sent.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import time
from collections import deque
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from types import TracebackType

import httpx
from google.protobuf.json_format import MessageToJson
from livekit.protocol.webhook import WebhookEvent

from signaling.rtc.tokens import Grants, sign

log = logging.getLogger(__name__)

TOKEN_TTL_S = 300
FAREWELL_S = 3.0  # for the last rooms' last events; a receiver that is down must not hold up a restart


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Where events go and which key signs them. Retries wait `backoff_s`, then twice that, and so on."""

    urls: tuple[str, ...] = ()
    api_key: str = ""
    api_secret: str = field(default="", repr=False)
    attempts: int = 6
    backoff_s: float = 0.5
    timeout_s: float = 5.0
    max_waiting: int = 1000


class Webhooks:
    """Async context manager; `notify` is a `Rooms` observer. At the end what still waits has `FAREWELL_S`."""

    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings
        self._queues: dict[tuple[str, str], deque[WebhookEvent]] = {}
        self._stack = AsyncExitStack()
        self._tasks: asyncio.TaskGroup
        self._client: httpx.AsyncClient
        self._workers: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._is_closing = False
        self.dropped = 0

    async def __aenter__(self) -> Webhooks:
        self._client = await self._stack.enter_async_context(
            httpx.AsyncClient(timeout=self._settings.timeout_s, follow_redirects=False)
        )
        self._tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._is_closing = True
        if self._workers:
            await asyncio.wait(self._workers, timeout=FAREWELL_S)
        for worker in self._workers:
            worker.cancel()
        await self._stack.aclose()

    def notify(self, event: WebhookEvent) -> None:
        """Queue `event` for every URL; never blocks."""
        for url in self._settings.urls:
            if self._is_closing or self._waiting >= self._settings.max_waiting:
                self.dropped += 1
                continue
            self._waiting += 1
            key = (url, event.room.name)
            queue = self._queues.get(key)
            if queue is not None:
                queue.append(event)
                continue
            self._queues[key] = deque([event])
            worker = self._tasks.create_task(self._deliver_all(key))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    async def _deliver_all(self, key: tuple[str, str]) -> None:
        """One room's events to one URL, one after the other, until none waits."""
        queue = self._queues[key]
        try:
            while queue:
                await self._deliver(key[0], queue[0])
                queue.popleft()
                self._waiting -= 1
        finally:
            self._waiting -= len(queue)
            del self._queues[key]

    async def _deliver(self, url: str, event: WebhookEvent) -> None:
        body = MessageToJson(event, indent=None).encode()
        for attempt in range(self._settings.attempts):
            if attempt:
                await asyncio.sleep(self._settings.backoff_s * 2 ** (attempt - 1))
            try:
                response = await self._client.post(url, content=body, headers=self._headers(body))
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                log.warning("webhook_failed", extra={"event": event.event, "error": type(error).__name__})
                continue
            # Other 4xx mean the receiver will never want it.
            if response.status_code < 500 and response.status_code not in (408, 429):
                return
            log.warning("webhook_failed", extra={"event": event.event, "status": response.status_code})
        self.dropped += 1
        log.error("webhook_dropped", extra={"event": event.event, "id": event.id})

    def _headers(self, body: bytes) -> dict[str, str]:
        now = time.time()
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        grants = Grants(api_key=self._settings.api_key, expires_at_s=now + TOKEN_TTL_S, sha256=digest)
        token = sign(grants, self._settings.api_secret, now)
        return {"Content-Type": "application/webhook+json", "Authorization": token}
