"""One participant of a room: who they are, what they may, publish and want, and how others see them.

State only: rooms decide, sockets carry. Follows `ParticipantInfo` in `livekit_models.proto`. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from livekit.protocol.models import (
    DataTrackInfo,
    DisconnectReason,
    ParticipantInfo,
    ParticipantPermission,
    TrackSource,
)
from livekit.protocol.rtc import LeaveRequest, RequestResponse, SignalResponse

from signaling.rtc.client_connect import ClientConnect
from signaling.rtc.outbox import Outbox
from signaling.rtc.presence import Presence
from signaling.rtc.simulation import Faults
from signaling.rtc.subscriptions import AllowedSubscribers, Subscriptions
from signaling.rtc.tokens import Grants, permission
from signaling.rtc.tracks import Publications

if TYPE_CHECKING:
    from signaling.rtc.peer import Peer

MAX_METADATA_BYTES = 512_000
MAX_ATTRIBUTES_BYTES = 64_000
MAX_NAME_LENGTH = 256
_SERVICE_KINDS = (ParticipantInfo.Kind.AGENT, ParticipantInfo.Kind.EGRESS)


class Participant:
    """One identity's stay in a room, from join to leave."""

    peer: Peer

    def __init__(
        self,
        sid: str,
        identity: str,
        grants: Grants,
        connect: ClientConnect,
        outbox: Outbox,
        presence: Presence,
        joined_at_s: float,
    ) -> None:
        self.sid = sid
        self.identity = identity
        self.grants = grants
        self.client = connect.client
        self.outbox = outbox
        self.presence = presence
        self.faults = Faults()
        self.name = grants.name
        self.metadata = connect.metadata or grants.metadata
        self.attributes = {**grants.attributes, **connect.attributes}
        self.permission = permission(grants)
        if connect.publish_leg:
            self.permission.can_subscribe = False
        self.state: ParticipantInfo.State = ParticipantInfo.State.JOINING
        self.disconnect_reason: DisconnectReason = DisconnectReason.UNKNOWN_REASON
        self.publications = Publications()
        self.data_tracks: dict[int, DataTrackInfo] = {}  # by the handle the publisher chose
        self.allowed_subscribers = AllowedSubscribers()
        self.subscriptions = Subscriptions(
            is_automatic=connect.auto_subscribe,
            is_adaptive=connect.adaptive_stream,
            may_pause=connect.allow_pause,
        )
        self.is_single_peer_connection = connect.single_peer_connection
        self.was_active = False
        self._joined_at_s = joined_at_s
        self._version = 0

    @property
    def is_hidden(self) -> bool:
        """Whether others must not know about this participant."""
        return self.permission.hidden

    @property
    def is_service(self) -> bool:
        """Agents, egress and recorders: they neither fill a room nor keep it open."""
        return self.grants.kind in _SERVICE_KINDS or self.permission.agent or self.permission.recorder

    @property
    def is_publisher(self) -> bool:
        """Whether the participant publishes media."""
        return bool(self.publications.published)

    @property
    def uses_subscriber_connection(self) -> bool:
        """Whether the server offers a second peer connection for what the participant receives."""
        return not self.is_single_peer_connection and self.permission.can_subscribe

    def may_publish(self, source: TrackSource) -> bool:
        """Whether the permission covers a track of this source."""
        sources = self.permission.can_publish_sources
        return self.permission.can_publish and (not sources or source in sources)

    def info(self) -> ParticipantInfo:
        """The record others see; each call has a higher version than the one before."""
        self._version += 1
        is_gone = self.state == ParticipantInfo.State.DISCONNECTED
        return ParticipantInfo(
            sid=self.sid,
            identity=self.identity,
            state=self.state,
            tracks=[] if is_gone else self.publications.infos(),
            data_tracks=[] if is_gone else list(self.data_tracks.values()),
            metadata=self.metadata,
            joined_at=int(self._joined_at_s),
            joined_at_ms=int(self._joined_at_s * 1000),
            name=self.name,
            version=self._version,
            permission=self.permission,
            is_publisher=self.is_publisher,
            kind=self.grants.kind,
            kind_details=self.grants.kind_details,
            attributes=self.attributes,
            disconnect_reason=self.disconnect_reason,
            client_protocol=self.client.client_protocol,
            capabilities=self.client.capabilities,
        )

    def send(self, response: SignalResponse) -> None:
        """Queue a message for the client."""
        self.outbox.put(response)

    def connect(self, outbox: Outbox, reason: str) -> None:
        """Send through `outbox` from now on; the connection before it ends with `reason`."""
        outbox.inherit(self.outbox)
        self.outbox.close(reason)
        self.outbox = outbox

    def part(self, reason: DisconnectReason, action: LeaveRequest.Action, text: str) -> None:
        """Tell the client to leave, then close its socket with `text`."""
        can_reconnect = action != LeaveRequest.Action.DISCONNECT
        leave = LeaveRequest(can_reconnect=can_reconnect, reason=reason, action=action)
        self.send(SignalResponse(leave=leave))
        self.outbox.close(text)

    def change_profile(
        self, *, name: str, metadata: str, attributes: Mapping[str, str]
    ) -> RequestResponse.Reason:
        """Take over what is given: empty means unchanged, an attribute set to "" is removed."""
        merged = {**self.attributes, **attributes}
        merged = {key: value for key, value in merged.items() if value}
        if len(name) > MAX_NAME_LENGTH or len(metadata.encode()) > MAX_METADATA_BYTES:
            return RequestResponse.Reason.LIMIT_EXCEEDED
        if (
            sum(len(key.encode()) + len(value.encode()) for key, value in merged.items())
            > MAX_ATTRIBUTES_BYTES
        ):
            return RequestResponse.Reason.LIMIT_EXCEEDED
        self.name = name or self.name
        self.metadata = metadata or self.metadata
        self.attributes = merged
        return RequestResponse.Reason.OK

    def change_permission(self, new: ParticipantPermission) -> None:
        """Take over a permission set by the server's API."""
        self.permission = ParticipantPermission()
        self.permission.CopyFrom(new)
