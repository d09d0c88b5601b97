"""WHIP and WHEP (RFC 9725, draft-ietf-wish-whep): HTTP doors for encoders, body cameras, OBS, plain players.

A thin edge: `POST` an offer and be a participant, until `DELETE`, the end of the transport or being sent
away. What a participant without signalling would have to say and hear, a `StandIn` says and hears. URLs of
sessions are secret, and still every request to one must carry the bearer token the session was made with.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import hmac
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from livekit.protocol.models import ClientInfo, TrackSource
from livekit.protocol.rtc import ICEServer, SignalRequest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from signaling.rtc.admission import Admission, Refusal, admit, bearer_token
from signaling.rtc.client_connect import ClientConnect
from signaling.rtc.ice_servers import ice_servers
from signaling.rtc.rooms import RoomFull, RoomNotFound, Rooms, ShuttingDown
from signaling.rtc.session import Session
from signaling.rtc.stand_in import (
    LEAVE,
    PreconditionFailed,
    PreconditionRequired,
    Role,
    StandIn,
    Unprocessable,
    answer_fragment,
    is_refused,
    patch_kind,
    read_fragment,
)

log = logging.getLogger(__name__)

SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
MAX_OFFER_BYTES = 32 << 10  # Chromium's with every codec and three layers takes 8 KiB
MAX_FRAGMENT_BYTES = 16 << 10
BODY_TIMEOUT_S = 10.0
RETRY_AFTER_S = 10
STILL_SILENT_S = 20.0  # a little more than until the room asks a silent participant again
METHODS = ["OPTIONS", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After",
    "Access-Control-Max-Age": "86400",
}

Ticket = Callable[[str, str], Awaitable[str]]
"""Turns a bearer token and the address it came from into a room token. Raises `Refusal`."""


async def room_token_only(bearer: str, address: str) -> str:
    """Without accounts: the bearer token is a room token."""
    return bearer


@dataclass(slots=True, eq=False)
class _Stay:
    """One WHIP or WHEP session."""

    id: str
    stand_in: StandIn
    connect: ClientConnect
    bearer_digest: bytes
    etag: str
    session: Session = field(init=False)
    resumed_at: float = -STILL_SILENT_S
    is_pumped: bool = False


class WhipDoor:
    """Both endpoints over one set of rooms. `keys` maps API key to secret."""

    def __init__(self, rooms: Rooms, keys: Mapping[str, str], ticket: Ticket = room_token_only) -> None:
        self._rooms = rooms
        self._keys = keys
        self._ticket = ticket
        self._stays: dict[str, _Stay] = {}

    def routes(self) -> list[BaseRoute]:
        """`/whip/v1`, `/whep/v1` and the sessions below them."""
        return [
            Route("/whip/v1", self.publish, methods=METHODS),
            Route("/whep/v1", self.watch, methods=METHODS),
            Route("/whip/v1/{stay}", self.session, methods=METHODS),
            Route("/whep/v1/{stay}", self.session, methods=METHODS),
        ]

    async def publish(self, request: Request) -> Response:
        """POST `/whip/v1`: come in and send."""
        return await self._endpoint(request, "publisher")

    async def watch(self, request: Request) -> Response:
        """POST `/whep/v1`: come in and receive; `?participant=` says whom."""
        return await self._endpoint(request, "viewer")

    async def session(self, request: Request) -> Response:
        """PATCH and DELETE of one session."""
        allowed = "OPTIONS, PATCH, DELETE"
        try:
            match request.method:
                case "OPTIONS":
                    return _options(allowed, {"Accept-Patch": FRAGMENT})
                case "PATCH":
                    return await self._patch(request)
                case "DELETE":
                    return self._delete(request)
        except Refusal as refusal:
            return _refused(refusal)
        return _answer(405, {"Allow": allowed})

    # -- the endpoint

    async def _endpoint(self, request: Request, role: Role) -> Response:
        allowed = "OPTIONS, POST"
        if request.method == "OPTIONS":
            return _options(allowed, {"Accept-Post": SDP})
        if request.method != "POST":
            return _answer(405, {"Allow": allowed})
        try:
            return await self._come_in(request, role)
        except Refusal as refusal:
            return _refused(refusal)

    async def _come_in(self, request: Request, role: Role) -> Response:
        bearer = _bearer(request)
        _must_be(request, SDP)
        if not _accepts(request.headers.get("accept", "*/*")):
            raise Refusal(406, f"answers are {SDP}")
        # Before the offer is looked at: reading one takes milliseconds, which strangers shall not have.
        admission = await self._admitted(request, bearer, role)
        offer = await _body(request, MAX_OFFER_BYTES)
        watched = request.query_params.get("participant", "")
        try:
            stand_in = StandIn(role, offer, watched_identity=watched)
        except Unprocessable as error:
            raise Refusal(422, str(error)) from error
        stay = self._join(admission, stand_in, bearer)
        self._stays[stay.id] = stay
        log.info("whip_joined", extra={"participant": stay.session.member.sid, "role": role})
        location = {"Location": f"{request.url.path}/{stay.id}", "ETag": stay.etag, "Accept-Patch": FRAGMENT}
        response = _answer(201, location, stand_in.answer, SDP)
        for link in _links(ice_servers(self._rooms.settings.turn, admission.identity, time.time())):
            response.headers.append("Link", link)
        return response

    async def _admitted(self, request: Request, bearer: str, role: Role) -> Admission:
        address = request.client.host if request.client else ""
        token = await self._ticket(bearer, address)
        query = {"room": request.query_params.get("room", "")}
        admission = admit(
            f"Bearer {token}", query, requires_join_request=False, keys=self._keys, now=time.time()
        )
        grants = admission.grants
        if role == "viewer" and not grants.can_subscribe:
            raise Refusal(403, "token does not permit subscribing")
        if role == "publisher":
            sources = grants.can_publish_sources or (TrackSource.CAMERA, TrackSource.MICROPHONE)
            if not grants.can_publish or not {TrackSource.CAMERA, TrackSource.MICROPHONE} & set(sources):
                raise Refusal(403, "token does not permit publishing")
        return admission

    def _join(self, admission: Admission, stand_in: StandIn, bearer: str) -> _Stay:
        connect = replace(
            admission.connect,
            client=ClientInfo(sdk=ClientInfo.SDK.UNKNOWN, protocol=16),
            single_peer_connection=True,
            auto_subscribe=False,
        )
        stay = _Stay(secrets.token_urlsafe(24), stand_in, connect, _digest(bearer), _new_etag())
        wake = functools.partial(self._wake, stay)
        try:
            stay.session = self._rooms.join(
                admission.room, admission.identity, admission.grants, connect, wake
            )
        except RoomNotFound as error:
            raise Refusal(404, "requested room does not exist") from error
        except ShuttingDown as error:
            raise Refusal(503, "the server is restarting") from error
        except RoomFull as error:
            raise Refusal(503 if error.is_node else 403, "no place left") from error
        self._listen(stay)
        self._say(stay, stand_in.begin())
        self._listen(stay)
        outbox = stay.session.outbox
        if outbox.close_reason is not None or not stand_in.answer:
            self._say(stay, [LEAVE])
            raise Refusal(422, outbox.close_reason or "the offer was not answered")
        if is_refused(stand_in.answer):
            self._say(stay, [LEAVE])
            raise Refusal(422, "none of the offered codecs is supported")
        return stay

    # -- a session

    async def _patch(self, request: Request) -> Response:
        stay = self._stay(request)
        _must_be(request, FRAGMENT)
        fragment = read_fragment(await _body(request, MAX_FRAGMENT_BYTES))
        stand_in = stay.stand_in
        try:
            kind = patch_kind(request.headers.get("if-match"), stay.etag, fragment, stand_in.ufrag)
            if kind == "trickle":
                return _answer(204)
            requests = stand_in.restart(fragment)
        except PreconditionRequired as error:
            raise Refusal(428, "If-Match with the session's ETag is required") from error
        except PreconditionFailed as error:
            raise Refusal(412, "that ICE session is over") from error
        except Unprocessable as error:
            raise Refusal(422, str(error)) from error
        self._say(stay, requests)
        self._listen(stay)
        if stay.session.outbox.close_reason is not None:
            raise Refusal(404, "the session is over")
        stay.etag = _new_etag()
        return _answer(200, {"ETag": stay.etag}, answer_fragment(stand_in.answer), FRAGMENT)

    def _delete(self, request: Request) -> Response:
        self._say(self._stay(request), [LEAVE])
        return _answer(200)

    def _stay(self, request: Request) -> _Stay:
        """The session a request is for. Raises `Refusal`."""
        bearer = _bearer(request)
        stay = self._stays.get(request.path_params["stay"])
        if stay is None:
            raise Refusal(404, "no such session")
        if not hmac.compare_digest(stay.bearer_digest, _digest(bearer)):
            raise Refusal(401, "not the token this session was made with")
        return stay

    def _wake(self, stay: _Stay) -> None:
        # Called from the middle of what happens in the room, so heard only after it.
        if not stay.is_pumped:
            stay.is_pumped = True
            asyncio.get_running_loop().call_soon(self._pump, stay)

    def _pump(self, stay: _Stay) -> None:
        stay.is_pumped = False
        self._listen(stay)
        if stay.session.outbox.close_reason is not None and not self._resume(stay):
            self._stays.pop(stay.id, None)

    def _resume(self, stay: _Stay) -> bool:
        """Whether the stay goes on: a client whose media fell silent is waited for once.

        A LiveKit client would resume by itself, again and again; this one cannot hear that it should, so one
        that is silent for as long a second time is gone, after the 30 s of RFC 7675.
        """
        member, now = stay.session.member, self._rooms.now()
        if member.presence.is_signalled:
            return False  # removed, or somebody else signals for it now
        connect = replace(stay.connect, is_reconnect=True, participant_sid=member.sid)
        wake = functools.partial(self._wake, stay)
        session = self._rooms.resume(stay.session.room.name, member.identity, connect, wake)
        if session is None:
            return False
        was_silent, stay.resumed_at, stay.session = now - stay.resumed_at < STILL_SILENT_S, now, session
        if was_silent:
            self._say(stay, [LEAVE])
        return not was_silent

    def _listen(self, stay: _Stay) -> None:
        """Hear what waits in the outbox, and answer it."""
        for response in stay.session.outbox.drain():
            self._say(stay, stay.stand_in.hear(response))

    def _say(self, stay: _Stay, requests: list[SignalRequest]) -> None:
        session = stay.session
        for request in requests:
            self._rooms.step(session, lambda now: session.handle(request, now))  # noqa: B023 - called now


def _bearer(request: Request) -> str:
    header = request.headers.get("authorization")
    if header is None or not (bearer := bearer_token(header)):
        raise Refusal(401, "Authorization: Bearer with a room token or an invitation code is required")
    return bearer


def _digest(bearer: str) -> bytes:
    return hashlib.sha256(bearer.encode()).digest()


def _new_etag() -> str:
    return f'"{secrets.token_hex(8)}"'


def _must_be(request: Request, media_type: str) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != media_type:
        raise Refusal(415, f"Content-Type must be {media_type}")


def _accepts(accept: str) -> bool:
    named = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    return bool(named & {SDP, "application/*", "*/*", ""})


async def _body(request: Request, limit: int) -> str:
    """The body as text. Raises `Refusal`."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise Refusal(413, f"more than {limit} bytes")
    except (ClientDisconnect, TimeoutError) as error:
        raise Refusal(400, "request body incomplete") from error
    return body.decode("utf-8", "replace")


def _links(servers: list[ICEServer]) -> list[str]:
    """RFC 9725 section 4.6; coturn's user names and base64 need no escaping."""
    return [
        f'<{url}>; rel="ice-server"; username="{server.username}"; credential="{server.credential}";'
        ' credential-type="password"'
        for server in servers
        for url in server.urls
    ]


def _answer(
    status: int, headers: Mapping[str, str] | None = None, text: str = "", media_type: str = ""
) -> Response:
    return Response(text or None, status, {**CORS, **(headers or {})}, media_type or None)


def _options(allowed: str, headers: Mapping[str, str]) -> Response:
    return _answer(204, {"Allow": allowed, "Access-Control-Allow-Methods": allowed, **headers})


def _refused(refusal: Refusal) -> Response:
    headers = dict(CORS)
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if refusal.status in (429, 503):
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return PlainTextResponse(refusal.reason, refusal.status, headers)
