"""Web Push over the wire: encrypted for the browser (RFC 8291), signed as us (RFC 8292), sent by workers.

What is sent is small, short-lived and bounded: a push service that is slow or down costs nothing but its own
messages. A device that the service no longer knows (404, 410) is forgotten.
"""

import asyncio
import base64
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from signaling import fetching
from signaling.accounts.vault import read_or_make
from signaling.push.devices import Subscription
from signaling.push.endpoints import Target

if TYPE_CHECKING:
    import httpx

KEY_FILE = "vapid.key"
WORKERS = 4
MAX_WAITING = 500
ANSWER_S = 8.0
RETRY_S = (1.0, 4.0, 10.0)
SIGNED_FOR_S = 12 * 3600  # RFC 8292 section 2: at most 24 hours

log = logging.getLogger(__name__)


async def _nobody_hears() -> None: ...


@dataclass(frozen=True, slots=True)
class Push:
    """One message to one device. `topic` replaces what is still on its way under the same one.

    `on_taken` hears when the service has taken it, `on_gone` when it does not know the device any more;
    whoever tries once is answered instead.
    """

    device_id: str
    to: Subscription
    body: dict[str, Any]  # what goes into JSON
    ttl_s: int
    topic: str
    on_taken: Callable[[], Awaitable[None]] = _nobody_hears
    on_gone: Callable[[], Awaitable[None]] = _nobody_hears
    urgency: str = "high"  # RFC 8030 section 5.3


class Signer:
    """Our key towards push services, made once and kept in the data directory. Blocks when it is made."""

    def __init__(self, directory: Path, contact: str) -> None:
        pem = read_or_make(directory / KEY_FILE, _new_key)
        key = load_pem_private_key(pem, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{KEY_FILE} holds another kind of key")
        self._key = key
        self._contact = contact
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public_key = base64.urlsafe_b64encode(point).rstrip(b"=").decode()
        """What browsers subscribe with, base64url."""

    def header(self, origin: str, now: float) -> str:
        """The Authorization header for a push service; `now` is the wall's seconds."""
        claims = {"aud": origin, "exp": int(now) + SIGNED_FOR_S, "sub": self._contact}
        return f"vapid t={jwt.encode(claims, self._key, 'ES256')}, k={self.public_key}"


class PushSender:
    """One per node; use `running` around it. `services`: see `endpoints`."""

    def __init__(self, signer: Signer, services: tuple[str, ...] = ()) -> None:
        self.signer = signer
        self.services = services
        self.dropped = 0
        self._waiting: asyncio.Queue[Push] = asyncio.Queue(MAX_WAITING)
        self._client: httpx.AsyncClient | None = None  # made for the first push

    @asynccontextmanager
    async def running(self) -> AsyncIterator["PushSender"]:
        """Send while the block runs; what still waits at its end is lost, and stale soon."""
        try:
            async with asyncio.TaskGroup() as tasks:
                workers = [tasks.create_task(self._work()) for _ in range(WORKERS)]
                try:
                    yield self
                finally:
                    for worker in workers:
                        worker.cancel()
        finally:
            if self._client is not None:
                await self._client.aclose()
                self._client = None

    def send(self, push: Push) -> None:
        """Send soon; never blocks, and drops when far too much waits."""
        try:
            self._waiting.put_nowait(push)
        except asyncio.QueueFull:
            self.dropped += 1
            log.error("pushes_dropped", extra={"dropped": self.dropped})

    async def try_once(self, push: Push) -> int:
        """One try, for whoever counts them: the service's status, 0 when it was not reached."""
        return await self._post(push, await asyncio.to_thread(_encrypted, push))

    async def _work(self) -> None:
        while True:
            push = await self._waiting.get()
            try:
                await self._deliver(push)
            except Exception:  # a fault with one message must not end the others
                log.exception("push_failed", extra={"device": push.device_id})

    async def _deliver(self, push: Push) -> None:
        content = await asyncio.to_thread(_encrypted, push)
        deadline = time.monotonic() + push.ttl_s
        for pause_s in (*RETRY_S, None):
            status = await self._post(push, content)
            if status in (404, 410):
                log.info("push_device_gone", extra={"device": push.device_id})
                await push.on_gone()
                return
            if 200 <= status < 300:
                await push.on_taken()
                return
            is_final = 300 <= status < 500 and status not in (408, 429)
            if is_final or pause_s is None or time.monotonic() + pause_s > deadline:
                log.warning("push_refused", extra={"device": push.device_id, "status": status})
                return
            await asyncio.sleep(pause_s)

    async def _post(self, push: Push, content: bytes) -> int:
        """The service's status; 0 when it was not reached, 403 for where nothing is sent."""
        if self._client is None:
            self._client = fetching.client(ANSWER_S)
        calling, to = self._client, push.to.endpoint
        try:
            async with fetching.answered(
                calling,
                "POST",
                to,
                self.services,
                headers=partial(self._headers, push),
                content=content,
            ) as answer:
                return answer.status_code
        except fetching.NotFetched as why:
            return 403 if why.reason == "refused" else 0

    def _headers(self, push: Push, target: Target) -> dict[str, str]:
        return {
            "Authorization": self.signer.header(target.origin, time.time()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(push.ttl_s),
            "Urgency": push.urgency,
            "Topic": push.topic,
        }


def _encrypted(push: Push) -> bytes:
    from pywebpush import WebPusher  # brings two HTTP clients along, which no start should wait for

    keys = {"p256dh": push.to.p256dh, "auth": push.to.auth}
    pusher = WebPusher({"endpoint": push.to.endpoint, "keys": keys})
    return bytes(pusher.encode(json.dumps(push.body).encode(), "aes128gcm")["body"])


def _new_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
