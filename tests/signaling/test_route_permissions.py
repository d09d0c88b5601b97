"""Every route under /api with every kind of caller. A new route fails here until somebody decides its row.

The columns are `CALLERS`; the call is of topic `road`, hosted by F1001 of the eastern office.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import httpx
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Route, WebSocketRoute

from field_assist import NewNote, NewStaff, NoteKind, Person, Role, calls, staff
from media import MediaServer, MediaSettings
from signaling import demo
from signaling.accounts import credentials
from signaling.accounts.access_log import COMMAND_LINE
from signaling.accounts.invitations import NewInvitation, code_of
from signaling.api.application import ROUTERS, create_api
from signaling.api.auth import GUEST_COOKIE
from signaling.rtc.livekit_http import livekit_routes
from signaling.rtc.room_settings import RoomSettings
from signaling.rtc.rooms import Rooms
from signaling.rtc.whip import WhipDoor
from tests.installation import Browser, Installation, play

CALLERS = (
    "nobody",  # no cookie at all
    "half",  # password given, one-time code missing
    "enrolling",  # password given, no authenticator yet
    "guest",  # by a link of this call
    "stranger",  # a guest by a link of another call
    "host",  # F1001
    "colleague",  # F1002: same office, not a member
    "specialist",  # X2001: skilled in the topic
    "unskilled",  # X2002: a specialist for something else
    "supervisor",  # S3001: responsible for the office
    "admin",  # A9001
    "operator",  # O8001
)
OPEN = "200 200 200 200 200 200 200 200 200 200 200 200"
STAFF = "401 403 403 401 401 200 200 200 200 200 200 200"
OF_CALL = "401 403 403 401 401 200 404 200 404 200 404 404"
OF_RUNG = "401 403 403 401 401 200 200 200 200 200 403 403"
OF_ADMIN = "401 403 403 401 401 403 403 403 403 403 200 403"
OF_SENDER = "401 403 403 404 404 200 404 404 404 404 404 404"
TABLE = {
    "GET /public": OPEN,
    "GET /join/{code}": OPEN,
    "GET /check": OPEN,
    "POST /check": "422 422 422 422 422 422 422 422 422 422 422 422",
    "GET /me": "401 200 200 401 401 200 200 200 200 200 200 200",
    "GET /enrolment": "401 409 200 401 401 409 409 409 409 409 409 409",
    "POST /enrolment": "401 409 422 401 401 409 409 409 409 409 409 409",
    "POST /sign-in/otp": "401 422 409 401 401 409 409 409 409 409 409 409",
    "POST /sign-in/recovery": "401 422 409 401 401 409 409 409 409 409 409 409",
    "GET /topics": STAFF,
    "GET /events": STAFF,
    "GET /calls": STAFF,
    "GET /staff": "401 403 403 401 401 200 200 200 200 200 200 403",
    "GET /me/presence": STAFF,
    "POST /me/presence": "401 403 403 401 401 200 200 200 200 200 403 403",
    "POST /calls": "401 403 403 401 401 201 201 201 201 201 403 403",
    "GET /calls/{call_id}": OF_CALL,
    "GET /calls/{call_id}/consultation": OF_CALL,
    "POST /calls/{call_id}/consultation/withdraw": "401 403 403 401 401 204 404 403 404 204 404 404",
    "GET /rings": STAFF,
    "GET /push": OF_RUNG,
    "POST /push/devices": "401 403 403 401 401 422 422 422 422 422 403 403",
    "POST /push/devices/{device_id}/remove": "401 403 403 401 401 404 404 404 404 404 403 403",
    "POST /push/devices/{device_id}/test": "401 403 403 401 401 404 404 404 404 404 403 403",
    # Of a call of topic road: its specialist is asked, and whoever is responsible for the office.
    "POST /consultations/{consultation_id}/accept": "401 403 403 401 401 404 404 200 404 200 404 404",
    "POST /consultations/{consultation_id}/decline": "401 403 403 401 401 404 404 204 404 204 404 404",
    "POST /consultations/{consultation_id}/shown": "401 403 403 401 401 404 404 204 404 204 404 404",
    # Nobody has missed what still waits.
    "POST /consultations/{consultation_id}/call-back": "401 403 403 401 401 404 404 404 404 404 404 404",
    "POST /consultations/{consultation_id}/seen": "401 403 403 401 401 404 404 404 404 404 404 404",
    "POST /calls/{call_id}/join": OF_CALL,
    "POST /calls/{call_id}/end": "401 403 403 401 401 200 404 403 404 200 404 404",
    "POST /calls/{call_id}/members": OF_CALL,
    "GET /calls/{call_id}/messages": "401 403 403 200 404 200 404 200 404 200 404 404",
    "POST /calls/{call_id}/messages": "401 403 403 201 404 201 404 201 404 201 404 404",
    "POST /calls/{call_id}/notes": "401 403 403 200 404 200 404 200 404 200 404 404",
    "PUT /calls/{call_id}/notes/{note_id}/bytes": OF_SENDER,
    "POST /calls/{call_id}/notes/{note_id}/complete": OF_SENDER,
    "GET /calls/{call_id}/notes/{note_id}/sound": "401 403 403 200 404 200 404 200 404 200 404 404",
    "POST /calls/{call_id}/invitations": "401 403 403 401 401 201 404 201 404 201 404 404",
    "GET /calls/{call_id}/invitations": OF_CALL,
    "POST /invitations/{invitation_id}/revoke": OF_CALL,
    "POST /guest/leave": "401 401 401 204 204 401 401 401 401 401 401 401",
    "GET /access-log": OF_ADMIN,
    "GET /admin/staff": OF_ADMIN,
    "POST /admin/staff/{staff_id}/reset-otp": OF_ADMIN,
    "POST /admin/staff/{staff_id}/unlock": OF_ADMIN,
    "POST /sign-out": "401 204 204 401 401 204 204 204 204 204 204 204",
    # These come last, because they change who the browsers are.
    "POST /join/{code}": OPEN,
    "POST /sign-in": OPEN,
}
BODIES = {
    "POST /sign-in": {"staff_no": "F1001", "password": demo.PASSWORD},
    "POST /enrolment": {"code": "000000"},
    "POST /sign-in/otp": {"code": "000000"},
    "POST /sign-in/recovery": {"code": "AAAA-AAAA-AAAA-AAAA"},
    "POST /calls": {"topic": "road"},
    "POST /calls/{call_id}/messages": {"text": "はい"},
    "POST /calls/{call_id}/invitations": {"name": "田中"},
    "POST /join/{code}": {},
    "POST /me/presence": {"status": "trip"},
    "POST /consultations/{consultation_id}/decline": {},
    "POST /push/devices": {"endpoint": "https://10.0.0.1/", "p256dh": "A" * 87, "auth": "A" * 22},
    "POST /check": {"way": "udp", "sdp": "v=0", "reference": "K7Q2-9F"},
}


SPOKEN = b"OggS and a voice"


def _announced(note_id: str, size_bytes: int) -> dict[str, str | int]:
    return {
        "id": note_id,
        "kind": "text",
        "size_bytes": size_bytes,
        "sha256": "0" * 64,
        "recorded_at": "2026-11-24T01:00:00Z",
    }


def test_the_table_has_a_row_for_every_route() -> None:
    routes = [route for router in ROUTERS for route in router.routes]
    assert len(create_api().routes) == len(ROUTERS), "a route was added beside the routers"
    assert all(isinstance(route, APIRoute) for route in routes)

    found = {
        f"{method} {route.path}"
        for route in routes
        if isinstance(route, APIRoute)
        for method in (route.methods or set())
    }

    assert found == set(TABLE)


class Walk:
    """Asks a route as every kind of caller, each time about a fresh call and link."""

    def __init__(self, genba: Installation, staff_browsers: dict[str, Browser]) -> None:
        self._genba = genba
        self._browsers = staff_browsers
        self._people: dict[str, Person] = {}
        self._before: list[str] = []

    @classmethod
    async def begin(cls, genba: Installation) -> Walk:
        """Sign everybody in who signs in."""
        numbers = {
            "host": "F1001",
            "colleague": "F1002",
            "specialist": "X2001",
            "unskilled": "X2002",
            "supervisor": "S3001",
            "admin": "A9001",
            "operator": "O8001",
        }
        browsers = {caller: await genba.signed_in(number) for caller, number in numbers.items()}
        browsers |= {"nobody": genba.browser(), "half": await genba.half_signed_in("X2004")}
        walk = cls(genba, browsers)
        await walk._add_people()
        browsers["enrolling"] = genba.browser()
        await browsers["enrolling"].post("/sign-in", {"staff_no": "N1", "password": demo.PASSWORD})
        return walk

    async def ask(self, row: str, caller: str) -> httpx.Response:
        """One request."""
        desk, host = self._genba.services.call_desk, self._people["F1001"]
        for over in self._before:  # what hundreds of open calls cost is not the question here
            await desk.end(host, over, "")
            await self._genba.services.consultation_desk.withdraw(host, over)
        state = await desk.start(host, calls.NewCall("", "road"), "")
        call = state.sheet.call.id
        await self._genba.services.consultation_desk.ask(host, state)
        asked = await self._genba.services.consultation_desk.of_call(host, call)
        assert asked is not None
        other = (await desk.start(host, calls.NewCall(), "")).sheet.call.id
        self._before = [call, other]
        link = await desk.invite(host, call, NewInvitation("田中", Role.RESIDENT), "")
        names = {
            "call_id": call,
            "consultation_id": asked.row.id,
            "invitation_id": link.id,
            "code": code_of(self._genba.services.vault, link),
            "staff_id": self._people["X2003"].id,
            "device_id": "01AAAAAAAAAAAAAAAAAAAAAAAA",
            "note_id": await self._note(call, row),
        }
        browser = self._browsers.get(caller) or await self._guest(call if caller == "guest" else other)
        method, path = row.split(" ")
        if method == "GET":
            return await browser.get(path.format(**names))
        body: Mapping[str, object] | None = BODIES.get(row)
        if path.endswith("/members"):
            body = {"staff_id": self._people["X2003"].id}
        if path.endswith("/notes"):
            body = _announced(str(uuid4()), len(SPOKEN))
        if method == "PUT":
            return await browser.put(f"{path.format(**names)}?offset=0", SPOKEN)
        return await browser.post(path.format(**names), None if body is None else dict(body))

    async def _note(self, call: str, row: str) -> str:
        """A voice note of the host, as far as the row needs it."""
        desk, host, note_id = self._genba.services.note_desk, self._people["F1001"], str(uuid4())
        if "{note_id}" in row:
            digest = sha256(SPOKEN).hexdigest()
            new = NewNote(note_id, NoteKind.VOICE, len(SPOKEN), digest, 1000, self._genba.clock.at)
            await desk.begin(host, call, new)
            if not row.endswith("/bytes"):
                await desk.add(host, call, note_id, 0, SPOKEN)
            if row.endswith("/sound"):
                await desk.complete(host, call, note_id, "")
        return note_id

    async def _guest(self, call: str) -> Browser:
        desk, guests = self._genba.services.call_desk, self._genba.services.guest_desk
        link = await desk.invite(self._people["F1001"], call, NewInvitation("鈴木", Role.RESIDENT), "")
        redeemed = await guests.redeem(code_of(self._genba.services.vault, link), "", "")
        browser = self._genba.browser()
        browser.client.cookies.set(GUEST_COOKIE, redeemed.token)
        browser.csrf = guests.csrf_token(redeemed.token)
        return browser

    async def _add_people(self) -> None:
        parts, at = self._genba.services, self._genba.clock.at
        password_hash = parts.passwords.hash_now(demo.PASSWORD)
        new = NewStaff("N1", "新人", "しんじん", Role.FIELD)
        await parts.store.write(lambda s: credentials.add(s, new, password_hash, COMMAND_LINE, at))
        rows = await parts.store.read(staff.everybody)
        self._people = {row.staff_no: row.person() for row in rows}


def test_nobody_gets_further_than_the_table_says(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        genba.services.hub.close()  # an event stream that is let in ends at once
        walk = await Walk.begin(genba)
        wrong = []
        for row, columns in TABLE.items():
            for caller, expected in zip(CALLERS, columns.split(), strict=True):
                got = (await walk.ask(row, caller)).status_code
                if got != int(expected):
                    wrong.append(f"{row} as {caller}: {got}, not {expected}")
        assert wrong == []

    play(tmp_path, scene)


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
