"""Twirp over HTTP: one POST per call, protobuf or JSON in, the same form out, errors as JSON.

Follows the Twirp v7 wire protocol as LiveKit's server API uses it.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import MessageToJson, Parse, ParseError
from google.protobuf.message import DecodeError, Message
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from signaling.rtc.tokens import Grants

MAX_BODY_BYTES = 10 << 20
PROTOBUF = "application/protobuf"
JSON = "application/json"

_STATUSES = {
    "invalid_argument": 400,
    "malformed": 400,
    "unauthenticated": 401,
    "permission_denied": 403,
    "bad_route": 404,
    "not_found": 404,
    "failed_precondition": 412,
    "resource_exhausted": 429,
    "internal": 500,
    "unavailable": 503,
}


class TwirpError(Exception):
    """A call that failed, with the Twirp code that decides its HTTP status."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Method:
    """One call: the request's type and who carries it out."""

    request_type: type[Message]
    call: Callable[[Grants, Any], Awaitable[Message]]  # each method takes its own request type


async def read_body(request: Request) -> bytes:
    """The request's body. Raises `TwirpError` when it is larger than `MAX_BODY_BYTES`."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise TwirpError("resource_exhausted", "request body too large")
    except ClientDisconnect as error:
        raise TwirpError("malformed", "request body incomplete") from error
    return bytes(body)


def decode(request_type: type[Message], content_type: str, body: bytes) -> Message:
    """The message in `body`. Raises `TwirpError`."""
    try:
        if content_type == PROTOBUF:
            return request_type.FromString(body)
        if content_type == JSON:
            return Parse(body or b"{}", request_type(), ignore_unknown_fields=True)
    except (DecodeError, ParseError, RecursionError, ValueError) as error:
        raise TwirpError("malformed", "the request could not be decoded") from error
    raise TwirpError("bad_route", f"unexpected Content-Type: {content_type[:80]!r}")


def encode(message: Message, content_type: str, headers: Mapping[str, str]) -> Response:
    """The answer in the form of the question."""
    if content_type == JSON:
        text = MessageToJson(
            message, indent=None, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
        )
        return Response(text, media_type=JSON, headers=dict(headers))
    return Response(message.SerializeToString(), media_type=PROTOBUF, headers=dict(headers))


def encode_error(error: TwirpError, headers: Mapping[str, str]) -> Response:
    """The error's JSON body and status."""
    body = json.dumps({"code": error.code, "msg": error.message, "meta": {}})
    return Response(body, status_code=_STATUSES.get(error.code, 500), media_type=JSON, headers=dict(headers))
