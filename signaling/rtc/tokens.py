"""LiveKit access tokens: JSON Web Tokens (RFC 7519) signed with HS256, one secret per API key.

The hard part is the defaults: a grant that is absent does not mean the same for every name (see `Grants`).
Times here are wall-clock seconds since the epoch, because that is what tokens carry. Sans-IO.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard, cast

import jwt
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from jwt.algorithms import HMACAlgorithm
from livekit.protocol.models import ParticipantInfo, ParticipantPermission, TrackSource
from livekit.protocol.room import RoomConfiguration

LEEWAY_S = 60
MIN_REFRESH_TTL_S = 600
MAX_TOKEN_LENGTH = 1 << 20


class _Hmac(HMACAlgorithm):
    """HS256 for keys of any length: settings judge the secret once, not every token again."""

    def check_key_length(self, key: bytes) -> str | None:
        """No objection."""
        return None


_JWS = jwt.PyJWS(algorithms=["HS256"])
_JWS.unregister_algorithm("HS256")
_JWS.register_algorithm("HS256", _Hmac(HMACAlgorithm.SHA256))

_SOURCES = {
    "camera": TrackSource.CAMERA,
    "microphone": TrackSource.MICROPHONE,
    "screen_share": TrackSource.SCREEN_SHARE,
    "screen_share_audio": TrackSource.SCREEN_SHARE_AUDIO,
}
_SOURCE_NAMES = {number: name for name, number in _SOURCES.items()}


class TokenError(Exception):
    """The token was refused; `reason` is a sentence the caller may show."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Grants:
    """What a verified token allows, with LiveKit's defaults applied."""

    api_key: str
    identity: str = ""
    expires_at_s: float = 0.0
    name: str = ""
    metadata: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    kind: ParticipantInfo.Kind = ParticipantInfo.Kind.STANDARD
    kind_details: tuple[ParticipantInfo.KindDetail, ...] = ()
    has_video_grant: bool = False
    room: str = ""
    room_join: bool = False
    room_create: bool = False
    room_list: bool = False
    room_admin: bool = False
    room_record: bool = False
    can_publish: bool = True
    can_subscribe: bool = True
    can_publish_data: bool = True
    can_publish_sources: tuple[TrackSource, ...] = ()
    can_update_own_metadata: bool = False
    can_subscribe_metrics: bool = False
    can_manage_agent_session: bool = False
    hidden: bool = False
    recorder: bool = False
    agent: bool = False
    sha256: str = ""
    room_config: RoomConfiguration | None = None


def mint(
    *,
    api_key: str,
    api_secret: str,
    identity: str,
    name: str,
    room: str,
    now: float,
    ttl_s: int,
    attributes: Mapping[str, str] | None = None,
    metadata: str = "",
    can_publish: bool = True,
    can_subscribe: bool = True,
    can_publish_data: bool = True,
    can_update_own_metadata: bool = False,
    hidden: bool = False,
    room_admin: bool = False,
) -> str:
    """A token that lets `identity` join `room` for `ttl_s` seconds from `now` (epoch seconds)."""
    grants = Grants(
        api_key=api_key,
        identity=identity,
        expires_at_s=now + ttl_s,
        name=name,
        metadata=metadata,
        attributes=attributes or {},
        has_video_grant=True,
        room=room,
        room_join=True,
        room_admin=room_admin,
        can_publish=can_publish,
        can_subscribe=can_subscribe,
        can_publish_data=can_publish_data,
        can_update_own_metadata=can_update_own_metadata,
        hidden=hidden,
    )
    return sign(grants, api_secret, now)


def sign(grants: Grants, api_secret: str, now: float) -> str:
    """The token that verifies to `grants`; its `exp` is `grants.expires_at_s`."""
    video: dict[str, Any] = {  # claim values are JSON of several types
        "room": grants.room,
        "roomJoin": grants.room_join,
        "roomCreate": grants.room_create,
        "roomList": grants.room_list,
        "roomAdmin": grants.room_admin,
        "roomRecord": grants.room_record,
        "canUpdateOwnMetadata": grants.can_update_own_metadata,
        "canSubscribeMetrics": grants.can_subscribe_metrics,
        "canManageAgentSession": grants.can_manage_agent_session,
        "hidden": grants.hidden,
        "recorder": grants.recorder,
        "agent": grants.agent,
        "canPublishSources": [_SOURCE_NAMES[source] for source in grants.can_publish_sources],
    }
    video = {name: value for name, value in video.items() if value}
    video["canPublish"] = grants.can_publish
    video["canSubscribe"] = grants.can_subscribe
    video["canPublishData"] = grants.can_publish_data
    claims: dict[str, Any] = {
        "sub": grants.identity,
        "name": grants.name,
        "metadata": grants.metadata,
        "attributes": dict(grants.attributes),
        "kind": _kind_name(grants.kind),
        "kindDetails": [_detail_name(detail) for detail in grants.kind_details],
        "video": video if grants.has_video_grant else None,
        "sha256": grants.sha256,
        "roomConfig": MessageToDict(grants.room_config) if grants.room_config is not None else None,
    }
    claims = {name: value for name, value in claims.items() if value}
    # nbf may lie a little in the past: clients' clocks are compared with ours, never the other way round.
    claims |= {"iss": grants.api_key, "nbf": int(now), "exp": int(grants.expires_at_s)}
    return _JWS.encode(json.dumps(claims).encode(), api_secret, algorithm="HS256", headers={"typ": "JWT"})


def verify(token: str, keys: Mapping[str, str], now: float) -> Grants:
    """What `token` allows at `now` (epoch seconds). `keys` maps API key to secret. Raises `TokenError`."""
    if not token:
        raise TokenError("no access token")
    if len(token) > MAX_TOKEN_LENGTH:
        raise TokenError("access token too large")
    try:
        # The issuer names the key; nothing else of the unverified payload is used.
        unverified = _JWS.decode(token, options={"verify_signature": False})
        issuer = _claims(unverified).get("iss")
    except (jwt.PyJWTError, ValueError) as error:
        raise TokenError("malformed access token") from error
    if not isinstance(issuer, str) or issuer not in keys:
        raise TokenError("unknown API key")
    try:
        payload = _JWS.decode(token, keys[issuer], algorithms=["HS256"])
    except (jwt.PyJWTError, ValueError) as error:
        raise TokenError("invalid token signature") from error
    claims = _claims(payload)
    _check_times(claims, now)
    try:
        return _grants(issuer, claims)
    except (TypeError, ValueError, ParseError) as error:
        raise TokenError("malformed claims in access token") from error


def permission(grants: Grants) -> ParticipantPermission:
    """The same rights as clients read them in their participant's record."""
    return ParticipantPermission(
        can_subscribe=grants.can_subscribe,
        can_publish=grants.can_publish,
        can_publish_data=grants.can_publish_data,
        can_publish_sources=grants.can_publish_sources,
        hidden=grants.hidden,
        recorder=grants.recorder,
        can_update_metadata=grants.can_update_own_metadata,
        agent=grants.agent,
        can_subscribe_metrics=grants.can_subscribe_metrics,
        can_manage_agent_session=grants.can_manage_agent_session,
    )


def _claims(payload: bytes) -> dict[str, Any]:
    try:
        claims = json.loads(payload)
    except RecursionError as error:
        raise TokenError("malformed access token") from error
    if not isinstance(claims, dict):
        raise TokenError("malformed access token")
    return claims


def _check_times(claims: dict[str, Any], now: float) -> None:
    expires_at, not_before = claims.get("exp"), claims.get("nbf", 0)
    if not _is_number(expires_at) or not _is_number(not_before):
        raise TokenError("access token has no expiry")
    if now > expires_at + LEEWAY_S:
        raise TokenError("token is expired")
    if now < not_before - LEEWAY_S:
        raise TokenError("token is not valid yet")


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18


def _grants(issuer: str, claims: dict[str, Any]) -> Grants:
    video = claims.get("video")
    grant = video if isinstance(video, dict) else {}
    can_publish = _flag(grant, "canPublish", True)
    config = claims.get("roomConfig")
    return Grants(
        api_key=issuer,
        identity=_text(claims, "sub") or _text(claims, "jti"),
        expires_at_s=float(claims["exp"]),
        name=_text(claims, "name"),
        metadata=_text(claims, "metadata"),
        attributes=_attributes(claims.get("attributes")),
        kind=_kind(_text(claims, "kind")),
        kind_details=tuple(_detail(name) for name in _texts(claims.get("kindDetails"))),
        has_video_grant=isinstance(video, dict),
        room=_text(grant, "room"),
        room_join=_flag(grant, "roomJoin", False),
        room_create=_flag(grant, "roomCreate", False),
        room_list=_flag(grant, "roomList", False),
        room_admin=_flag(grant, "roomAdmin", False),
        room_record=_flag(grant, "roomRecord", False),
        can_publish=can_publish,
        can_subscribe=_flag(grant, "canSubscribe", True),
        can_publish_data=_flag(grant, "canPublishData", can_publish),
        can_publish_sources=tuple(
            _SOURCES.get(name.lower(), TrackSource.UNKNOWN) for name in _texts(grant.get("canPublishSources"))
        ),
        can_update_own_metadata=_flag(grant, "canUpdateOwnMetadata", False),
        can_subscribe_metrics=_flag(grant, "canSubscribeMetrics", False),
        can_manage_agent_session=_flag(grant, "canManageAgentSession", False),
        hidden=_flag(grant, "hidden", False),
        recorder=_flag(grant, "recorder", False),
        agent=_flag(grant, "agent", False),
        sha256=_text(claims, "sha256"),
        room_config=ParseDict(config, RoomConfiguration(), ignore_unknown_fields=True) if config else None,
    )


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError("list of strings expected")
    return value


def _flag(claims: dict[str, Any], name: str, default: bool) -> bool:
    value = claims.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise TypeError(name)
    return value


def _attributes(value: object) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise TypeError("attributes")
    return value


def _kind(name: str) -> ParticipantInfo.Kind:
    try:
        # The runtime's enum wrapper is typed to return int, here and below.
        return cast(ParticipantInfo.Kind, ParticipantInfo.Kind.Value((name or "standard").upper()))
    except ValueError:
        return ParticipantInfo.Kind.STANDARD


def _kind_name(kind: ParticipantInfo.Kind) -> str:
    return "" if kind == ParticipantInfo.Kind.STANDARD else ParticipantInfo.Kind.Name(kind).lower()


def _detail(name: str) -> ParticipantInfo.KindDetail:
    return cast(ParticipantInfo.KindDetail, ParticipantInfo.KindDetail.Value(name.upper()))


def _detail_name(detail: ParticipantInfo.KindDetail) -> str:
    return ParticipantInfo.KindDetail.Name(detail).lower()
