"""In front of the LiveKit sockets: a token that is still valid does not outlive the reason it was given for.

The token itself is verified by the routes behind; here only the holder's reason is asked for again
(`GuestDesk.admit`), on every connection, so that a revoked guest, a disabled member of staff or anybody in
a call that was closed cannot come back with the token they still have.
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from signaling.clock import Clock
from signaling.rtc.admission import Refusal, bearer_token
from signaling.rtc.rtc_socket import OPEN_TO_ALL
from signaling.rtc.tokens import Grants, TokenError, verify

Admit = Callable[[Grants], Awaitable[bool]]


class RoomDoor:
    """ASGI middleware around one route of a signalling socket or its `validate` twin."""

    def __init__(self, app: ASGIApp, keys: Mapping[str, str], clock: Clock, admit: Admit) -> None:
        self._app = app
        self._keys = keys
        self._clock = clock
        self._admit = admit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a connection through, or refuse it with 401 before it is upgraded."""
        if await self._is_admitted(HTTPConnection(scope)):
            await self._app(scope, receive, send)
        else:
            await _refuse(scope, receive, send)

    async def _is_admitted(self, connection: HTTPConnection) -> bool:
        try:
            header = connection.headers.get("authorization")
            token = bearer_token(header, connection.query_params.get("access_token", ""))
            grants = verify(token, self._keys, self._clock.wall().timestamp())
        except (Refusal, TokenError):
            return True  # refused behind us, with its own reason
        return await self._admit(grants)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    answer = PlainTextResponse("no longer invited to this call", status_code=401, headers=OPEN_TO_ALL)
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(answer)
    else:
        await answer(scope, receive, send)
