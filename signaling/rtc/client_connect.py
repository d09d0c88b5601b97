"""What a client says when it connects, in one value for both protocol versions.

`/rtc` (v0) uses query parameters, where an absent `auto_subscribe` means true; `/rtc/v1` carries a
`JoinRequest` protobuf, wrapped, perhaps compressed, base64url, where absent means false (proto3).
Follows `livekit_rtc.proto`. Sans-IO.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from google.protobuf.message import DecodeError
from livekit.protocol.models import ClientInfo, ReconnectReason
from livekit.protocol.rtc import (
    AddTrackRequest,
    JoinRequest,
    SessionDescription,
    SyncState,
    WrappedJoinRequest,
)

MAX_JOIN_REQUEST_BYTES = 1 << 20

_SDK_NAMES = {
    "js": ClientInfo.SDK.JS,
    "ios": ClientInfo.SDK.SWIFT,
    "swift": ClientInfo.SDK.SWIFT,
    "reactnative": ClientInfo.SDK.REACT_NATIVE,
    "unityweb": ClientInfo.SDK.UNITY_WEB,
}


class ConnectError(ValueError):
    """The connection parameters cannot be read; the message says which."""


@dataclass(frozen=True, slots=True)
class ClientConnect:
    """The client, its settings and what it brings along."""

    client: ClientInfo
    single_peer_connection: bool
    auto_subscribe: bool = True
    adaptive_stream: bool = False
    allow_pause: bool = True
    is_reconnect: bool = False
    reconnect_reason: ReconnectReason = ReconnectReason.RR_UNKNOWN
    participant_sid: str = ""
    publish_leg: str = ""
    metadata: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    tracks: tuple[AddTrackRequest, ...] = ()
    offer: SessionDescription | None = None
    sync_state: SyncState | None = None


def from_query(query: Mapping[str, str]) -> ClientConnect:
    """The connection described by the query string of either version. Raises `ConnectError`."""
    if "join_request" in query:
        return from_join_request(query["join_request"])
    client = ClientInfo(
        sdk=_sdk(query.get("sdk", "")),
        protocol=_number(query, "protocol"),
        client_protocol=_number(query, "client_protocol"),
        **{
            name: query.get(name, "")
            for name in ("version", "os", "os_version", "device_model", "browser", "browser_version")
        },
        network=query.get("network", ""),
        other_sdks=query.get("other_sdks", ""),
        capabilities=_capabilities(query.get("capabilities", "")),
    )
    is_reconnect = _is_true(query.get("reconnect", ""))
    return ClientConnect(
        client=client,
        single_peer_connection=False,
        auto_subscribe=_is_true(query.get("auto_subscribe", "1")),
        adaptive_stream=_is_true(query.get("adaptive_stream", "")),
        allow_pause=_is_true(query.get("subscriber_allow_pause", "1")),
        is_reconnect=is_reconnect,
        reconnect_reason=_reconnect_reason(query),
        participant_sid=query.get("sid", "") if is_reconnect else "",
        publish_leg=query.get("publish", ""),
        attributes=_attributes(query.get("attributes", "")),
    )


def from_join_request(encoded: str) -> ClientConnect:
    """The connection described by a v1 `join_request` parameter. Raises `ConnectError`."""
    try:
        wrapped = WrappedJoinRequest.FromString(_base64url(encoded))
        packed = wrapped.join_request
        if wrapped.compression == WrappedJoinRequest.Compression.GZIP:
            packed = _gunzip(packed)
        request = JoinRequest.FromString(packed)
    except ConnectError:
        raise
    except (DecodeError, binascii.Error, ValueError) as error:
        raise ConnectError("malformed join_request") from error
    settings = request.connection_settings
    return ClientConnect(
        client=request.client_info,
        single_peer_connection=True,
        auto_subscribe=settings.auto_subscribe,
        adaptive_stream=settings.adaptive_stream,
        # Absent means yes here: a voice must not stumble over a picture that cannot be stopped.
        allow_pause=settings.subscriber_allow_pause if settings.HasField("subscriber_allow_pause") else True,
        is_reconnect=request.reconnect,
        reconnect_reason=request.reconnect_reason,
        participant_sid=request.participant_sid if request.reconnect else "",
        metadata=request.metadata,
        attributes=dict(request.participant_attributes),
        tracks=tuple(request.add_track_requests),
        offer=request.publisher_offer if request.HasField("publisher_offer") else None,
        sync_state=request.sync_state if request.HasField("sync_state") else None,
    )


def _base64url(encoded: str) -> bytes:
    """Leniently: either alphabet, padding or none."""
    text = encoded.strip().replace("+", "-").replace("/", "_").rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _gunzip(packed: bytes) -> bytes:
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = stream.decompress(packed, MAX_JOIN_REQUEST_BYTES + 1)
    except zlib.error as error:
        raise ConnectError("malformed join_request") from error
    if len(plain) > MAX_JOIN_REQUEST_BYTES:
        raise ConnectError("join_request too large")
    if not stream.eof:
        raise ConnectError("truncated join_request")
    return plain


def _is_true(value: str) -> bool:
    return value in ("1", "true")


def _number(query: Mapping[str, str], name: str) -> int:
    text = query.get(name, "")
    # Unknown or absurd numbers read as zero, like the reference server does.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _sdk(name: str) -> ClientInfo.SDK:
    known = _SDK_NAMES.get(name.lower())
    if known is not None:
        return known
    try:
        # The runtime's enum wrapper is typed to return int.
        return cast(ClientInfo.SDK, ClientInfo.SDK.Value(name.upper()))
    except ValueError:
        return ClientInfo.SDK.UNKNOWN


def _capabilities(names: str) -> list[ClientInfo.Capability]:
    known = set(ClientInfo.Capability.keys())
    return [
        cast(ClientInfo.Capability, ClientInfo.Capability.Value(n)) for n in names.split(",") if n in known
    ]


def _reconnect_reason(query: Mapping[str, str]) -> ReconnectReason:
    number = _number(query, "reconnect_reason")
    return cast(ReconnectReason, number if number in ReconnectReason.values() else 0)


def _attributes(encoded: str) -> dict[str, str]:
    if not encoded:
        return {}
    try:
        attributes = json.loads(_base64url(encoded))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise ConnectError("malformed attributes") from error
    if not isinstance(attributes, dict) or not all(isinstance(value, str) for value in attributes.values()):
        raise ConnectError("malformed attributes")
    return attributes
