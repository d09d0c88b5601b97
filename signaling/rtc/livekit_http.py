"""The LiveKit routes for the composition root to mount, and what its server must be told.

`/rtc*` URLs are long: a token and, in `/rtc/v1`, a whole session description. Three limits must allow that:
`WEBSOCKETS_MAX_LINE_LENGTH` in the environment **before** `websockets` (hence uvicorn) is imported, uvicorn's
`h11_max_incomplete_event_size`, and the header limits of a reverse proxy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from signaling.rtc.room_service import RoomService
from signaling.rtc.rooms import Rooms
from signaling.rtc.rtc_socket import OPEN_TO_ALL, RtcSocket
from signaling.rtc.wire import MAX_FRAME_BYTES

MAX_LINE_LENGTH = 65_536
# Keyword arguments for uvicorn.Config; the values have several types.
UVICORN_OPTIONS: dict[str, Any] = {
    "ws": "websockets-sansio",
    # One byte more than allowed, so that an oversized message is refused with a reason by the session.
    "ws_max_size": MAX_FRAME_BYTES + 1,
    "ws_ping_interval": 10.0,
    "ws_ping_timeout": 20.0,
    "h11_max_incomplete_event_size": 4 * MAX_LINE_LENGTH,
    # uvicorn writes whole URLs, tokens included, at level info and in its access log.
    "log_level": "warning",
    "access_log": False,
}


def livekit_routes(rooms: Rooms, keys: Mapping[str, str]) -> list[BaseRoute]:
    """WebSockets, `validate` twins and the server API. `keys` maps API key to secret."""
    socket, service = RtcSocket(rooms, keys), RoomService(rooms, keys)
    reading = ["GET", "OPTIONS"]
    routes: list[BaseRoute] = []
    for base in ("", "/"):  # some clients write the path with two slashes
        routes += [
            WebSocketRoute(f"{base}/rtc/v1", socket.connect_v1),
            WebSocketRoute(f"{base}/rtc", socket.connect),
            Route(f"{base}/rtc/v1/validate", socket.validate_v1, methods=reading),
            Route(f"{base}/rtc/validate", socket.validate, methods=reading),
            Route(f"{base}/rtc/v1", _not_a_websocket),
            Route(f"{base}/rtc", _not_a_websocket),
            Route(f"{base}/twirp/{{service}}/{{method}}", service.call, methods=["POST", "OPTIONS"]),
        ]
    return routes


async def _not_a_websocket(request: Request) -> Response:
    return PlainTextResponse("expected a WebSocket", status_code=404, headers=OPEN_TO_ALL)
