"""A small LiveKit node for tests: media, rooms and the LiveKit routes, on ephemeral ports.

`LiveKitNode` runs inside a test's own event loop; `python -m tests.livekit_node` runs one by itself, prints a
line of JSON when it is ready and its usage for every line it reads, and ends when its standard input closes.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import os
import sys
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from types import TracebackType
from typing import Self

os.environ.setdefault("WEBSOCKETS_MAX_LINE_LENGTH", "65536")  # read when websockets is imported

import psutil
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from media import MediaServer, MediaSettings
from signaling.rtc.line_check import LineCheck
from signaling.rtc.livekit_http import UVICORN_OPTIONS, livekit_routes
from signaling.rtc.room_settings import RoomLimits, RoomSettings
from signaling.rtc.rooms import Rooms
from signaling.rtc.whip import WhipDoor
from signaling.settings import DEV_API_KEY, DEV_API_SECRET

API_KEY = "testkey"
API_SECRET = "a-secret-of-enough-characters-for-hs256"
# Also a development server's pair, whose secret is too short for other people's libraries to stay silent.
KEYS = {API_KEY: API_SECRET, DEV_API_KEY: DEV_API_SECRET}
SETTINGS = RoomSettings(keys=KEYS, limits=RoomLimits(empty_timeout_s=300, departure_timeout_s=1))


class LiveKitNode:
    """Async context manager; `url` is where it listens once entered."""

    def __init__(
        self,
        settings: RoomSettings = SETTINGS,
        media: MediaSettings | None = None,
        *,
        has_v1: bool = True,
        port: int = 0,
    ) -> None:
        self._settings = settings
        self._media_settings = media or MediaSettings(host="127.0.0.1", port=0)
        self._has_v1 = has_v1
        self._port = port
        self._stack = AsyncExitStack()
        self.media: MediaServer
        self.rooms: Rooms
        self.url = ""

    async def __aenter__(self) -> Self:
        self.media = await self._stack.enter_async_context(MediaServer(self._media_settings))
        self.rooms = await self._stack.enter_async_context(Rooms(self.media, self._settings))
        routes = livekit_routes(self.rooms, self._settings.keys)
        routes += WhipDoor(self.rooms, self._settings.keys).routes()
        check = await self._stack.enter_async_context(LineCheck(self.media, self._settings.turn))
        routes.append(WebSocketRoute("/rtc/check", check.socket))
        if not self._has_v1:
            routes = [route for route in routes if "/rtc/v1" not in getattr(route, "path", "")]
            routes.append(WebSocketRoute("/rtc/v1", _no_such_path))
        app = Starlette(routes=[*routes, Route("/", _health)])
        config = uvicorn.Config(
            app, host="127.0.0.1", port=self._port, lifespan="off", log_config=None, **UVICORN_OPTIONS
        )
        server = uvicorn.Server(config)
        config.load()
        server.lifespan = config.lifespan_class(config)
        await server.startup()
        self._stack.push_async_callback(self._stop, server)
        tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
        ticker = tasks.create_task(server.main_loop())
        self._stack.callback(ticker.cancel)
        port = server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def _stop(self, server: uvicorn.Server) -> None:
        self.rooms.shut_down()
        await asyncio.sleep(0)  # as in production: the farewells leave before the sockets close
        server.should_exit = True
        server.config.timeout_graceful_shutdown = 2
        await server.shutdown()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._stack.aclose()


async def _health(request: Request) -> PlainTextResponse:
    return PlainTextResponse("OK", headers={"Access-Control-Allow-Origin": "*"})


async def _no_such_path(websocket: WebSocket) -> None:
    await websocket.send_denial_response(PlainTextResponse("Not Found", status_code=404))


def usage(node: LiveKitNode) -> dict[str, int]:
    """What is open now, and what this process takes of the machine."""
    gc.collect()
    with suppress(AttributeError):  # glibc only: give back what is free, so that peaks do not look like leaks
        ctypes.CDLL(None).malloc_trim(0)
    process = psutil.Process()
    rooms = node.rooms.rooms()
    return node.media.usage() | {
        "rooms": len(rooms),
        "participants": sum(len(node.rooms.participants(room.name)) for room in rooms),
        "tasks": len(asyncio.all_tasks()),
        "files": process.num_fds(),
        "memory_bytes": process.memory_info().rss,
    }


async def _serve() -> None:
    has_v1 = "--no-v1" not in sys.argv
    is_short = "--short-timeouts" in sys.argv
    advertised = tuple(a.partition("=")[2] for a in sys.argv if a.startswith("--advertise="))
    port, media_port = _chosen_ports()
    media = MediaSettings(
        host="127.0.0.1",
        port=media_port,
        advertised=advertised,
        udp="--no-udp" not in sys.argv,
        consent_timeout_s=3.0 if is_short else MediaSettings().consent_timeout_s,
        tcp="--no-tcp" not in sys.argv,
    )
    limits = RoomLimits(departure_timeout_s=1)
    settings = (
        replace(SETTINGS, limits=limits, join_timeout_s=5.0, absence_timeout_s=3.0) if is_short else SETTINGS
    )
    async with LiveKitNode(settings, media, has_v1=has_v1, port=port) as node:
        print(json.dumps({"url": node.url, "media_port": node.media.port}), flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(usage(node)), flush=True)


def _chosen_ports() -> tuple[int, int]:
    """Signalling and media port from `--ports=A,B`; free ones otherwise."""
    chosen = next((argument for argument in sys.argv if argument.startswith("--ports=")), "--ports=0,0")
    port, media_port = chosen.removeprefix("--ports=").split(",")
    return int(port), int(media_port)


if __name__ == "__main__":
    import logging

    logging.basicConfig(level=os.environ.get("GENBA_LOG", "WARNING"))
    import uvloop

    uvloop.run(_serve())
