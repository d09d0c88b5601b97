"""Every door beside /api: LiveKit's, WHIP's and WHEP's routes, and that the application has no others."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.routing import BaseRoute, Route, WebSocketRoute

from media import MediaServer, MediaSettings
from signaling.rtc.livekit_http import livekit_routes
from signaling.rtc.room_settings import RoomSettings
from signaling.rtc.rooms import Rooms
from signaling.rtc.whip import WhipDoor
from tests.installation import Installation, play

LIVEKIT_TABLE = {
    "WS /rtc": "token",
    "WS /rtc/v1": "token",
    "GET /rtc/validate": "token",
    "GET /rtc/v1/validate": "token",
    "GET /rtc": "404",
    "GET /rtc/v1": "404",
    "POST /twirp/{service}/{method}": "token",
    **{f"POST /{kind}/v1": "token or invitation" for kind in ("whip", "whep")},
    **{
        f"{method} /{kind}/v1/{{stay}}": "the token the session was made with"
        for kind in ("whip", "whep")
        for method in ("PATCH", "DELETE")
    },
    **{
        f"{method} /{kind}/v1{stay}": "405"
        for kind in ("whip", "whep")
        for stay, methods in (("", "GET PUT PATCH DELETE"), ("/{stay}", "GET POST PUT"))
        for method in methods.split()
    },
}
"""Outside /api: `token` = verified access token, which only `CallDesk.room_token` mints for people."""


def test_no_livekit_door_is_unknown() -> None:
    async def doors() -> set[str]:
        async with MediaServer(MediaSettings(host="127.0.0.1", port=0)) as media:
            async with Rooms(media, RoomSettings(keys={})) as rooms:
                routes = [*livekit_routes(rooms, {}), *WhipDoor(rooms, {}).routes()]
                return {name for route in routes for name in _door(route)}

    assert asyncio.run(doors()) == set(LIVEKIT_TABLE)


def _door(route: BaseRoute) -> list[str]:
    if isinstance(route, WebSocketRoute):
        return [f"WS {route.path.replace('//', '/')}"]
    assert isinstance(route, Route)
    return [
        f"{method} {route.path.replace('//', '/')}"
        for method in route.methods or set()
        if method not in ("HEAD", "OPTIONS")
    ]


def test_the_application_has_no_other_doors(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        outer = [getattr(route, "path", "") for route in genba.app.routes]

        assert outer == ["/healthz", "/rtc/check", "/api", "/{path:path}"]

    play(tmp_path, scene)
