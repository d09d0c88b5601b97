"""Who may open a signalling connection: the same answer for the WebSocket and for its `validate` twin.

Browsers cannot see why a WebSocket was refused, so they ask `validate`, which must therefore agree. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from signaling.rtc.client_connect import ClientConnect, ConnectError, from_query
from signaling.rtc.tokens import Grants, TokenError, verify
from signaling.rtc.user_agents import described

MAX_NAME_LENGTH = 256


class Refusal(Exception):
    """The connection is refused with this HTTP status and sentence."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Admission:
    """A connection that may join `room` as `identity`, as far as token and parameters go."""

    room: str
    identity: str
    grants: Grants
    connect: ClientConnect


def bearer_token(authorization: str | None, query_token: str = "") -> str:
    """The access token from the header or, for browsers, the query. Raises `Refusal`."""
    if authorization is None:
        return query_token
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise Refusal(401, "invalid authorization header, must start with Bearer")
    return token.strip()


def admit(
    authorization: str | None,
    query: Mapping[str, str],
    *,
    requires_join_request: bool,
    keys: Mapping[str, str],
    now: float,
    user_agent: str = "",
) -> Admission:
    """What the client may do and how it connects. `now` is in epoch seconds. Raises `Refusal`."""
    try:
        grants = verify(bearer_token(authorization, query.get("access_token", "")), keys, now)
    except TokenError as error:
        raise Refusal(401, error.reason) from error
    if not grants.has_video_grant or not grants.room_join:
        raise Refusal(401, "token does not permit joining a room")
    room = grants.room or query.get("room", "")
    if not room:
        raise Refusal(400, "no room name in token")
    if not grants.identity:
        raise Refusal(400, "identity cannot be empty")
    if max(len(grants.identity), len(grants.name), len(room)) > MAX_NAME_LENGTH:
        raise Refusal(400, "room, name or identity too long")
    if requires_join_request and "join_request" not in query:
        raise Refusal(400, "join_request is required")
    try:
        connect = from_query(query)
        connect = replace(connect, client=described(connect.client, user_agent))
    except ConnectError as error:
        raise Refusal(400, str(error)) from error
    if (connect.metadata or connect.attributes) and not grants.can_update_own_metadata:
        raise Refusal(401, "token does not permit setting metadata or attributes")
    if connect.publish_leg and not grants.can_publish:
        raise Refusal(401, "token does not permit publishing")
    identity = f"{grants.identity}#{connect.publish_leg}" if connect.publish_leg else grants.identity
    return Admission(room, identity, grants, connect)
