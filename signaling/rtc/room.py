"""One room: its members, its lifetime, and everything that happens between them.

Every entry point takes `now`, changes state, queues messages in outboxes and ends with `_settle`, which
removes members that broke or overflowed on the way. Nothing here waits, reads a clock or touches a socket.
Sans-IO.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from livekit.protocol.models import (
    Codec,
    DataPacket,
    DisconnectReason,
    ParticipantInfo,
    ParticipantPermission,
    RoomEndReason,
    TrackInfo,
    UserPacket,
)
from livekit.protocol.models import Room as RoomInfo
from livekit.protocol.rtc import (
    LeaveRequest,
    RequestResponse,
    RoomUpdate,
    SignalResponse,
)
from livekit.protocol.webhook import WebhookEvent

from media import MediaServer, Transport, TransportListener, TransportState
from signaling.rtc import data_tracks
from signaling.rtc.attendance import Attendance
from signaling.rtc.audience import Audience, Rule
from signaling.rtc.client_connect import ClientConnect
from signaling.rtc.data_relay import DataRelay
from signaling.rtc.data_tracks import DataTracks
from signaling.rtc.join_response import join_response
from signaling.rtc.members import Members
from signaling.rtc.outbox import Outbox
from signaling.rtc.participant import Participant
from signaling.rtc.peer import Peer
from signaling.rtc.presence import Presence
from signaling.rtc.publishing import Publishing
from signaling.rtc.room_settings import RoomLimits, RoomSettings
from signaling.rtc.simulation import pretended_speakers
from signaling.rtc.speaker_reports import SpeakerReports
from signaling.rtc.subscribing import Subscribing
from signaling.rtc.token_renewal import renewed_token
from signaling.rtc.tokens import Grants
from signaling.rtc.tracks import PUBLISH_CODECS
from signaling.rtc.user_agents import reuses_sections

log = logging.getLogger(__name__)

SPEAKER_INTERVAL_S = 0.4
ROOM_UPDATE_INTERVAL_S = 2.0
TOKEN_INTERVAL_S = 300.0


@dataclass(frozen=True, slots=True)
class Outside:
    """What a room needs from the edge around it."""

    new_id: Callable[[str], str]
    epoch_s: float  # wall clock minus monotonic clock
    listener: Callable[[Room, Participant], TransportListener]
    emit: Callable[[WebhookEvent], None]
    discard: Callable[[Transport], None]
    wake: Callable[[], None]


@dataclass(slots=True, eq=False)
class _Timers:
    speakers_at: float | None = None
    room_update_at: float | None = None
    empty_since: float | None = None
    tokens: dict[Participant, float] = field(default_factory=dict)


class Room:
    """A LiveKit room."""

    def __init__(
        self,
        name: str,
        media: MediaServer,
        settings: RoomSettings,
        limits: RoomLimits,
        outside: Outside,
        now: float,
    ) -> None:
        self.name = name
        self.sid = outside.new_id("RM_")
        self.limits = limits
        self.metadata = limits.metadata
        self.members = Members()
        self.router = media.create_router()
        self.end_reason: RoomEndReason | None = None
        self._is_recorded = False
        self.settings = settings
        self._outside = outside
        self._created_at_s = now + outside.epoch_s
        self._was_joined = False
        self.tcp_only: set[str] = set()
        self._timers = _Timers(empty_since=now)
        self._sif_trailer = outside.new_id("").encode()
        self.audience = Audience()
        self.subscribing = Subscribing(self.members, self.audience)
        self.publishing = Publishing(self.members, self.subscribing, outside.new_id, self._track_event)
        self.data = DataRelay(self.members, self.audience)
        self.data_tracks = DataTracks(self.members, self.audience, outside.new_id)
        self._speakers = SpeakerReports(self.members, self.audience)
        self.attendance = Attendance(self.members)
        self._emit("room_started")

    # -- what others read

    def info(self) -> RoomInfo:
        """The room's record."""
        counted = [member for member in self.members if not member.is_hidden]
        return RoomInfo(
            sid=self.sid,
            name=self.name,
            empty_timeout=self.limits.empty_timeout_s,
            departure_timeout=self.limits.departure_timeout_s,
            max_participants=self.limits.max_participants,
            creation_time=int(self._created_at_s),
            creation_time_ms=int(self._created_at_s * 1000),
            enabled_codecs=[Codec(mime=mime) for mime in PUBLISH_CODECS],
            metadata=self.metadata,
            num_participants=len(counted),
            num_publishers=sum(member.is_publisher for member in counted),
            active_recording=self._is_recorded or any(m.permission.recorder for m in self.members),
        )

    def has_space_for(self, identity: str) -> bool:
        """Whether one more person fits; a returning identity takes its own place."""
        taken = sum(not member.is_service and member.identity != identity for member in self.members)
        return not self.limits.max_participants or taken < self.limits.max_participants

    def wall_s(self, now: float) -> float:
        """`now` in epoch seconds."""
        return now + self._outside.epoch_s

    # -- coming and going

    def join(
        self, identity: str, grants: Grants, connect: ClientConnect, outbox: Outbox, now: float
    ) -> Participant:
        """A new participant, greeted with JoinResponse; one with the same identity is sent away first."""
        outside = self._outside
        previous = self.members.find(identity)
        if previous is not None:
            self.remove(previous, DisconnectReason.DUPLICATE_IDENTITY, now)
        presence = Presence(now, self.settings.join_timeout_s, self.settings.absence_timeout_s)
        sid, joined_at_s = outside.new_id("PA_"), now + outside.epoch_s
        member = Participant(sid, identity, grants, connect, outbox, presence, joined_at_s)
        member.peer = Peer(member, lambda: self._transport(member))
        member.peer.is_tcp_only = identity in self.tcp_only
        self._was_joined = True
        self.members.add(member)
        self.attendance.begin(member, now)
        member.state = ParticipantInfo.State.JOINED
        self._greet(member, now)
        with self.members.isolated(member):
            member.peer.start()
            self.subscribing.reconcile(member, now)
            for request in connect.tracks:
                self.publishing.add_track(member, request, now)
            if member.uses_subscriber_connection:
                member.peer.offer(now)
        self._membership_changed(now)
        log.info("participant_joined", extra={"room": self.sid, "participant": member.sid})
        self._settle(now)
        return member

    def _transport(self, member: Participant) -> Transport:
        listener = self._outside.listener(self, member)
        return self.router.create_transport(listener, reuse_sections=reuses_sections(member.client))

    def _greet(self, member: Participant, now: float) -> None:
        others, epoch_now_s = self.members.visible_to(member), self.wall_s(now)
        response = join_response(self.info(), member, others, self.settings, self._sif_trailer, epoch_now_s)
        member.send(SignalResponse(join=response))
        self.renew_token(member, now)
        self.members.announce(member)

    def remove(
        self,
        member: Participant,
        reason: DisconnectReason,
        now: float,
        *,
        action: LeaveRequest.Action = LeaveRequest.Action.DISCONNECT,
        text: str = "",
    ) -> None:
        """Send `member` away: told why, its tracks ended, its connections closed, the others informed."""
        if not self.members.remove(member):
            return
        member.part(reason, action, text or DisconnectReason.Name(reason).lower())
        was_active = member.was_active
        for track in list(member.publications.published.values()):
            self.publishing.end(member, track, now)
        for consumer in member.subscriptions.consumers.values():
            consumer.close()
        member.subscriptions.consumers.clear()
        for transport in member.peer.transports():
            self._outside.discard(transport)
        self.data.left(member)
        self.data_tracks.left(member)
        self.attendance.end(member)
        self._timers.tokens.pop(member, None)
        member.state = ParticipantInfo.State.DISCONNECTED
        member.disconnect_reason = reason
        # A replacement is announced by its new sid alone; "gone" would remove the newcomer at some clients.
        if reason != DisconnectReason.DUPLICATE_IDENTITY:
            self.members.departed(member, now)
        self._emit("participant_left" if was_active else "participant_connection_aborted", member)
        self._membership_changed(now)
        log.info(
            "participant_left", extra={"room": self.sid, "participant": member.sid, "reason": int(reason)}
        )

    def leave(self, member: Participant, reason: DisconnectReason, now: float) -> None:
        """`member` went by itself, or was sent away."""
        self.remove(member, reason, now)
        self._settle(now)

    def fail(self, member: Participant, reason: str, now: float) -> None:
        """`member` did something impossible: end its connection, only its."""
        self.remove(member, DisconnectReason.STATE_MISMATCH, now, text=reason)
        self._settle(now)

    def close(
        self,
        reason: DisconnectReason,
        end_reason: RoomEndReason,
        now: float,
        *,
        action: LeaveRequest.Action = LeaveRequest.Action.DISCONNECT,
    ) -> None:
        """End the room for everybody."""
        if self.end_reason is not None:
            return
        for member in self.members:
            self.remove(member, reason, now, action=action)
        self.end_reason = end_reason
        self._emit("room_finished", end_reason=end_reason)
        self._outside.wake()

    # -- signalling lost and found

    def signal_lost(self, member: Participant, now: float, *, is_going_away: bool = False) -> None:
        """The socket of `member` ended without a farewell: it may come back with another."""
        if member.was_active:
            self.attendance.signal_lost(member, now, is_going_away=is_going_away)
            log.info("signal_lost", extra={"room": self.sid, "participant": member.sid})
        else:
            self.remove(member, DisconnectReason.SIGNAL_CLOSE, now)
        self._settle(now)

    # -- what the media says

    def transport_state_changed(
        self, member: Participant, transport: Transport, state: TransportState, now: float
    ) -> None:
        """A connection came up or broke."""
        if self.members.find(member.identity) is not member:
            return
        if state == "connected" and transport is member.peer.primary:
            self._activate(member, now)
        elif state == "failed":
            self.attendance.media_failed(member, now)
        self._settle(now)

    def _activate(self, member: Participant, now: float) -> None:
        if member.was_active:
            return
        member.was_active = True
        member.state = ParticipantInfo.State.ACTIVE
        self.members.announce(member)
        self.attendance.activated(member, now)
        self._emit("participant_joined", member)

    def data_received(self, member: Participant, label: str, payload: bytes, now: float) -> None:
        """A data channel message from `member`."""
        if self.members.find(member.identity) is member:
            if label == data_tracks.LABEL:
                self.data_tracks.receive(member, payload, now)
            elif not self.data.receive(member, label, payload, now):
                self.fail(member, "too many data packets", now)
            self._settle(now)

    def send_data(self, packet: UserPacket, kind: DataPacket.Kind, now: float) -> None:
        """A packet from the server itself."""
        self.data.send(packet, kind, now)
        self._settle(now)

    def data_channels_open(self, member: Participant, transport: Transport, now: float) -> None:
        """`member` can be sent data on `transport`."""
        if transport is member.peer.primary:
            self.data.channels_open(member, now)
            self._settle(now)

    # -- changes from above

    def change_metadata(self, metadata: str) -> None:
        """Replace the room's metadata and tell everybody at once."""
        self.metadata = metadata
        self._update_room()

    def change_recorded(self, *, is_recorded: bool) -> None:
        """The server records, or stopped to: everybody is told at once."""
        if is_recorded != self._is_recorded:
            self._is_recorded = is_recorded
            self._update_room()

    def change_audience(self, rule: Rule, now: float) -> None:
        """Decide anew who may hear and see whom; in force from the next packet on."""
        self.audience.rule = rule
        self.subscribing.audience_changed(now)
        self._settle(now)

    def change_permission(self, member: Participant, permission: ParticipantPermission, now: float) -> None:
        """Replace what `member` may do; what it no longer may, ends."""
        was_hidden = member.is_hidden
        member.change_permission(permission)
        self.publishing.end_forbidden(member, now)
        self.subscribing.reconcile(member, now)
        if member.is_hidden and not was_hidden:
            self._hide(member)
        self.members.announce(member)
        self.renew_token(member, now)
        self._settle(now)

    def _hide(self, member: Participant) -> None:
        member.permission.hidden = False
        state, member.state = member.state, ParticipantInfo.State.DISCONNECTED
        self.members.announce(member, to_self=False)
        member.state, member.permission.hidden = state, True

    def change_profile(
        self, member: Participant, name: str, metadata: str, attributes: Mapping[str, str], now: float
    ) -> RequestResponse.Reason:
        """Change how `member` presents itself; everybody including it sees the new record."""
        outcome = member.change_profile(name=name, metadata=metadata, attributes=attributes)
        if outcome == RequestResponse.Reason.OK:
            self.members.announce(member)
            self.renew_token(member, now)
        return outcome

    def renew_token(self, member: Participant, now: float) -> None:
        """Send a token good for coming back later, with the member's current rights."""
        token = renewed_token(member, self.name, self.settings.keys, self.wall_s(now))
        if token:
            member.send(SignalResponse(refresh_token=token))
            self._timers.tokens[member] = now + TOKEN_INTERVAL_S

    # -- time

    def changed(self, now: float) -> None:
        """A member's session acted on the room: clean up and look at the deadlines again."""
        self._settle(now)

    def poll(self, now: float) -> None:
        """Do everything that is due."""
        timers = self._timers
        for member in self.members:
            with self.members.isolated(member):
                if member.presence.is_signalled and member.peer.poll(now) == "timeout":
                    action = LeaveRequest.Action.RECONNECT
                    self.remove(member, DisconnectReason.STATE_MISMATCH, now, action=action)
        for member, verdict in self.attendance.poll(now):
            self.remove(member, verdict.reason, now, action=verdict.action)
        for member in [m for m, due in timers.tokens.items() if now >= due]:
            self.renew_token(member, now)
        if timers.speakers_at is not None and now >= timers.speakers_at:
            timers.speakers_at = now + SPEAKER_INTERVAL_S
            speaking = self._speakers.update(
                [*self.router.active_speakers(now), *pretended_speakers(self.members, now)]
            )
            if speaking:  # in a silence whoever spoke last stays in the picture
                self.subscribing.speaks(speaking)
        self.subscribing.dynacast.poll(now)
        if timers.room_update_at is not None and now >= timers.room_update_at:
            self._update_room()
        empty_at = self._empty_deadline()
        if empty_at is not None and now >= empty_at:
            self.close(DisconnectReason.ROOM_CLOSED, RoomEndReason.ROOM_END_IDLE_TIMEOUT, now)
        self._settle(now)

    def next_deadline(self) -> float | None:
        """When `poll` has something to do."""
        timers = self._timers
        times = [timers.speakers_at, timers.room_update_at, self._empty_deadline()]
        # Whoever has no socket cannot be negotiated with.
        times += [member.peer.next_deadline() for member in self.members if member.presence.is_signalled]
        times += [self.attendance.next_deadline(), *timers.tokens.values()]
        times.append(self.subscribing.dynacast.next_deadline())
        return min((time for time in times if time is not None), default=None)

    def _empty_deadline(self) -> float | None:
        since = self._timers.empty_since
        if since is None:
            return None
        limits = self.limits
        return since + (limits.departure_timeout_s if self._was_joined else limits.empty_timeout_s)

    def _membership_changed(self, now: float) -> None:
        timers = self._timers
        if any(not member.is_service for member in self.members):
            timers.empty_since = None
        elif timers.empty_since is None:
            timers.empty_since = now
        if timers.room_update_at is None:
            timers.room_update_at = now + ROOM_UPDATE_INTERVAL_S
        if not len(self.members):
            timers.speakers_at = None
        elif timers.speakers_at is None:
            timers.speakers_at = now + SPEAKER_INTERVAL_S

    def _update_room(self) -> None:
        self._timers.room_update_at = None
        response = SignalResponse(room_update=RoomUpdate(room=self.info()))
        for member in self.members:
            member.send(response)

    def _settle(self, now: float) -> None:
        """Remove members that broke or read too slowly, until nobody does."""
        while True:
            broken = self.members.broken
            self.members.broken = []
            slow = [member for member in self.members if member.outbox.is_overflowed]
            if not broken and not slow:
                break
            for member in broken:
                self.remove(member, DisconnectReason.UNKNOWN_REASON, now, text="internal error")
            for member in slow:
                self.remove(member, DisconnectReason.CONNECTION_TIMEOUT, now, text="signal client too slow")
        self._outside.wake()

    # -- events

    def _track_event(self, name: str, publisher: Participant, track: TrackInfo) -> None:
        self._emit(name, publisher, track)
        if self._timers.room_update_at is None:
            self._timers.room_update_at = 0.0

    def _emit(
        self,
        name: str,
        member: Participant | None = None,
        track: TrackInfo | None = None,
        *,
        end_reason: RoomEndReason = RoomEndReason.ROOM_END_UNKNOWN,
    ) -> None:
        event = WebhookEvent(
            event=name, id=self._outside.new_id("EV_"), room=self.info(), room_end_reason=end_reason
        )
        if member is not None:
            event.participant.CopyFrom(member.info())
        if track is not None:
            event.track.CopyFrom(track)
        self._outside.emit(event)
