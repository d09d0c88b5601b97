"""What a caller's line lets through, tried for real: a data channel that echoes, on one way in alone.

The server is ICE-lite, so a client tries exactly the candidates it is told: an answer with only those of UDP,
or of TCP, tests that way and no other; for the relay the client itself may use nothing else. Anybody may ask,
so all of it is small: a few at once, some seconds and some bytes each, and behind the echo is no room.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from types import TracebackType
from typing import Literal

from livekit.protocol.rtc import ICEServer
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from media import MediaServer, Producer, Router, SdpError, Transport, TransportState, read_offer
from signaling.rtc.ice_servers import TurnSettings, ice_servers

log = logging.getLogger(__name__)

Way = Literal["udp", "tcp", "relay"]

MAX_AT_ONCE = 8
MAX_SOCKETS_AT_ONCE = 32
LIFE_S = 20.0
MAX_ECHO_BYTES = 512 << 10
SOCKET_LIFE_S = 10.0
MAX_SOCKET_FRAMES = 20
MAX_SOCKET_CHARACTERS = 64
RELAY_TTL_S = 120  # credentials for strangers: long enough for one check


class LineCheckBusy(Exception):
    """As many checks run as may run at once."""


class OfferRefused(Exception):
    """The offer is not one data channel and nothing else."""


class LineCheck:
    """Async context manager; when it ends no echo runs. Without `media` every check is refused as busy."""

    def __init__(self, media: MediaServer | None, turn: TurnSettings) -> None:
        self._media = media
        self._turn = replace(turn, ttl_s=RELAY_TTL_S)
        self._sockets = 0
        self._stack = AsyncExitStack()
        self._tasks: asyncio.TaskGroup
        self._echoes: set[_Echo] = set()
        self._is_closing = False

    async def __aenter__(self) -> LineCheck:
        self._tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._is_closing = True
        for echo in self._echoes:
            echo.ended.set()
        await self._stack.aclose()

    def ways(self) -> list[Way]:
        """Ways in that this server has."""
        told = self._media.candidates if self._media is not None else ()
        ways: list[Way] = []
        if any(_protocol(candidate) == "udp" for candidate in told):
            ways.append("udp")
        if any(_protocol(candidate) == "tcp" for candidate in told):
            ways.append("tcp")
        return [*ways, "relay"] if self._turn.urls and "udp" in ways else ways

    def relays(self, reference: str) -> list[ICEServer]:
        """Short-lived credentials for one check."""
        return ice_servers(self._turn, f"check {reference}", time.time())

    def answer(self, way: Way, offer: str, reference: str) -> str:
        """The answer to a caller's offer, whose messages come back for `LIFE_S` seconds.

        Raises `OfferRefused` and `LineCheckBusy`.
        """
        _must_be_data_only(offer)
        if self._media is None or len(self._echoes) >= MAX_AT_ONCE or self._is_closing:
            raise LineCheckBusy
        router = self._media.create_router()
        echo = _Echo()
        transport = router.create_transport(echo)
        try:
            transport.set_remote_offer(offer)
            answer = transport.create_answer().sdp
        except SdpError as error:
            echo.ended.set()
            raise OfferRefused from error
        finally:
            self._echoes.add(echo)
            self._tasks.create_task(self._run(router, echo, way, reference))
        return _only(answer, "tcp" if way == "tcp" else "udp")

    async def _run(self, router: Router, echo: _Echo, way: Way, reference: str) -> None:
        try:
            async with asyncio.timeout(LIFE_S):
                await echo.ended.wait()
        except TimeoutError:
            pass
        finally:
            self._echoes.discard(echo)
            await router.close()
            extra = {
                "way": way,
                "reached": echo.was_connected,
                "echoed_bytes": echo.bytes,
                "check": reference,
            }
            log.info("line_checked", extra=extra)

    async def socket(self, websocket: WebSocket) -> None:
        """WebSocket `/rtc/check`: short texts come back. Below `/rtc`, so that proxies treat both alike."""
        if self._sockets >= MAX_SOCKETS_AT_ONCE or self._is_closing:
            await websocket.send_denial_response(PlainTextResponse("busy", status_code=503))
            return
        self._sockets += 1
        try:
            await websocket.accept()
            async with asyncio.timeout(SOCKET_LIFE_S):
                for _ in range(MAX_SOCKET_FRAMES):
                    text = await websocket.receive_text()
                    await websocket.send_text(text[:MAX_SOCKET_CHARACTERS])
            await websocket.close()
        except (WebSocketDisconnect, TimeoutError, OSError, RuntimeError, KeyError):
            log.debug("check_socket_ended")
        finally:
            self._sockets -= 1


class _Echo:
    """Hears one caller's transport."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.was_connected = False
        self.bytes = 0

    def transport_state_changed(self, transport: Transport, state: TransportState) -> None:
        if state == "connected":
            self.was_connected = True
        elif state in ("failed", "closed"):
            self.ended.set()

    def data_received(self, transport: Transport, label: str, payload: bytes) -> None:
        self.bytes += len(payload)
        if self.bytes > MAX_ECHO_BYTES:
            self.ended.set()
        else:
            transport.send_data(label, payload)

    def data_channels_open(self, transport: Transport) -> None:
        """Answering needs no open from our side."""

    def producer_started(self, transport: Transport, producer: Producer) -> None:
        """Nobody can send media here."""


def _must_be_data_only(offer: str) -> None:
    try:
        sections = read_offer(offer)
    except SdpError as error:
        raise OfferRefused from error
    if [section.kind for section in sections] != ["application"]:
        raise OfferRefused


def _protocol(candidate: str) -> str:
    return candidate.split()[2].lower()


def _only(answer: str, protocol: str) -> str:
    return "".join(
        line
        for line in answer.splitlines(keepends=True)
        if not line.startswith("a=candidate:") or _protocol(line) == protocol
    )
