"""The LiveKit signalling doors: WebSockets `/rtc` and `/rtc/v1`, and their `validate` twins over HTTP.

A thin edge: refusals become HTTP statuses before the upgrade, frames become requests, outboxes become frames.
URLs carry tokens and are never logged.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial

from livekit.protocol.models import DisconnectReason
from livekit.protocol.rtc import LeaveRequest, SignalResponse
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from signaling.rtc.admission import Admission, Refusal, admit
from signaling.rtc.rooms import RoomFull, RoomNotFound, Rooms, ShuttingDown
from signaling.rtc.session import Session
from signaling.rtc.wire import SignalCodec, WireError

log = logging.getLogger(__name__)

SEND_TIMEOUT_S = 10.0
CLOSE_NORMAL = 1000
NOT_ADMITTED = (RoomFull, RoomNotFound, ShuttingDown)
MAX_CLOSE_REASON_BYTES = 120
OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
}


class RtcSocket:
    """Both protocol versions over one set of rooms. `keys` maps API key to secret."""

    def __init__(self, rooms: Rooms, keys: Mapping[str, str]) -> None:
        self._rooms = rooms
        self._keys = keys

    async def validate(self, request: Request) -> Response:
        """GET `/rtc/validate`: 200 `success`, or the status and reason the WebSocket would get."""
        return self._validate(request, requires_join_request=False)

    async def validate_v1(self, request: Request) -> Response:
        """GET `/rtc/v1/validate`."""
        return self._validate(request, requires_join_request=True)

    async def connect(self, websocket: WebSocket) -> None:
        """WebSocket `/rtc`: two peer connections, unless a `join_request` is present."""
        await self._connect(websocket, requires_join_request=False)

    async def connect_v1(self, websocket: WebSocket) -> None:
        """WebSocket `/rtc/v1`: a single peer connection."""
        await self._connect(websocket, requires_join_request=True)

    def _validate(self, request: Request, *, requires_join_request: bool) -> Response:
        if request.method == "OPTIONS":
            return Response(headers=OPEN_TO_ALL)
        try:
            admission = self._admit(request, requires_join_request=requires_join_request)
            if not admission.connect.is_reconnect:
                self._check(admission)
        except Refusal as refusal:
            return _refused(refusal)
        return PlainTextResponse("success", headers=OPEN_TO_ALL)

    def _admit(self, connection: HTTPConnection, *, requires_join_request: bool) -> Admission:
        return admit(
            connection.headers.get("authorization"),
            connection.query_params,
            requires_join_request=requires_join_request,
            keys=self._keys,
            now=time.time(),
            user_agent=connection.headers.get("user-agent", ""),
        )

    def _check(self, admission: Admission) -> None:
        try:
            self._rooms.check(admission.room, admission.identity, admission.grants)
        except NOT_ADMITTED as error:
            raise _refusal(error) from error

    async def _connect(self, websocket: WebSocket, *, requires_join_request: bool) -> None:
        try:
            admission = self._admit(websocket, requires_join_request=requires_join_request)
        except Refusal as refusal:
            await websocket.send_denial_response(_refused(refusal))
            return
        wake = asyncio.Event()
        try:
            # Before the upgrade, so that a refusal can still be an HTTP status.
            session = self._session(admission, wake.set)
        except NOT_ADMITTED as error:
            await websocket.send_denial_response(_refused(_refusal(error)))
            return
        if session is None:
            await _send_away(websocket)
            return
        close_code = None
        try:
            await websocket.accept()
            close_code = await self._pump(websocket, session, wake)
        finally:
            self._rooms.step(session, partial(session.disconnected, close_code))

    def _session(self, admission: Admission, wake: Callable[[], None]) -> Session | None:
        """A joined or resumed session; None when there is nothing to resume."""
        room, identity, connect = admission.room, admission.identity, admission.connect
        if connect.is_reconnect:
            return self._rooms.resume(room, identity, connect, wake)
        return self._rooms.join(room, identity, admission.grants, connect, wake)

    async def _pump(self, websocket: WebSocket, session: Session, wake: asyncio.Event) -> int | None:
        """Carry frames both ways until either side ends; the code the client closed with, if it did."""
        codec = SignalCodec()
        async with asyncio.TaskGroup() as tasks:
            writer = tasks.create_task(_write(websocket, codec, session, wake))
            reader = tasks.create_task(self._read(websocket, codec, session, writer))
            writer.add_done_callback(lambda _: reader.cancel())
        return None if reader.cancelled() else reader.result()

    async def _read(
        self, websocket: WebSocket, codec: SignalCodec, session: Session, writer: asyncio.Task[None]
    ) -> int | None:
        while session.outbox.close_reason is None:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                writer.cancel()
                return message.get("code")
            frame = message.get("bytes")
            frame = message.get("text") if frame is None else frame
            try:
                request = codec.decode(frame or b"")
            except WireError as error:
                refused = error
                self._rooms.step(session, lambda now: session.refused(refused, now))  # noqa: B023 - called now
                return None
            self._rooms.step(session, lambda now: session.handle(request, now))  # noqa: B023 - called now
        return None


async def _write(websocket: WebSocket, codec: SignalCodec, session: Session, wake: asyncio.Event) -> None:
    outbox = session.outbox
    try:
        while True:
            while (response := outbox.take()) is not None:
                frame = codec.encode(response)
                async with asyncio.timeout(SEND_TIMEOUT_S):
                    await (
                        websocket.send_text(frame) if isinstance(frame, str) else websocket.send_bytes(frame)
                    )
            if outbox.close_reason is not None:
                await websocket.close(CLOSE_NORMAL, _short(outbox.close_reason))
                return
            await wake.wait()
            wake.clear()
    except (WebSocketDisconnect, TimeoutError, OSError, RuntimeError):
        # The client is gone or stuck; the session ends when this task does.
        log.debug("signal_socket_lost", extra={"participant": session.member.sid})


async def _send_away(websocket: WebSocket) -> None:
    """Nobody is here to be resumed: the client is asked to join anew."""
    await websocket.accept()
    leave = LeaveRequest(
        can_reconnect=True,
        reason=DisconnectReason.STATE_MISMATCH,
        action=LeaveRequest.Action.RECONNECT,
    )
    try:
        async with asyncio.timeout(SEND_TIMEOUT_S):
            await websocket.send_bytes(SignalResponse(leave=leave).SerializeToString())
            await websocket.close(CLOSE_NORMAL, "state_mismatch")
    except (WebSocketDisconnect, TimeoutError, OSError, RuntimeError):
        log.debug("signal_socket_lost")


def _refusal(error: RoomFull | RoomNotFound | ShuttingDown) -> Refusal:
    if isinstance(error, ShuttingDown):
        return Refusal(503, "the server is restarting")
    if isinstance(error, RoomNotFound):
        # Clients look for this very phrase: without it they take the 404 for a missing protocol version.
        return Refusal(404, "requested room does not exist")
    if error.is_node:
        return Refusal(503, "the server has reached its limit of participants")
    return Refusal(403, "the room is full")


def _refused(refusal: Refusal) -> Response:
    return PlainTextResponse(refusal.reason, status_code=refusal.status, headers=OPEN_TO_ALL)


def _short(reason: str) -> str:
    return reason.encode()[:MAX_CLOSE_REASON_BYTES].decode(errors="ignore")
