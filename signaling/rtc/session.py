"""One participant's signalling: each request in, what happens in the room, replies out.

Follows `SignalRequest` in `livekit_rtc.proto`. Requests a client may get wrong are answered with a
`RequestResponse`; what no honest client sends ends this session, and only this one. Sans-IO.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from livekit.protocol.models import DisconnectReason
from livekit.protocol.rtc import (
    AddTrackRequest,
    LeaveRequest,
    MuteTrackRequest,
    Ping,
    Pong,
    PublishDataTrackRequest,
    RequestResponse,
    SessionDescription,
    SignalRequest,
    SignalResponse,
    SimulateScenario,
    SubscriptionPermission,
    SyncState,
    TrickleRequest,
    UnpublishDataTrackRequest,
    UpdateDataSubscription,
    UpdateLocalAudioTrack,
    UpdateLocalVideoTrack,
    UpdateParticipantMetadata,
    UpdateSubscription,
    UpdateTrackSettings,
)

from media import SdpError
from signaling.rate_limits import Rate, RateLimiter
from signaling.rtc.participant import Participant
from signaling.rtc.resuming import synchronise
from signaling.rtc.room import Room
from signaling.rtc.simulation import simulate
from signaling.rtc.wire import WireError

GOING_AWAY = 1001  # browsers say so when a page is closed; a page itself cannot
# Generous: adaptive stream sends one request per picture that changes size.
REQUEST_RATE = Rate(burst=600, per_minute=6000)
_HONOURED_REASONS = (
    DisconnectReason.USER_UNAVAILABLE,
    DisconnectReason.USER_REJECTED,
    DisconnectReason.AGENT_ERROR,
)


class Session:
    """The conversation with one participant over one socket, from join or resume until that socket ends.

    `epoch_s` turns `now` into wall-clock seconds.
    """

    def __init__(self, room: Room, member: Participant, epoch_s: float) -> None:
        self.room = room
        self.member = member
        self.outbox = member.outbox
        self._epoch_s = epoch_s
        self._rate = RateLimiter(REQUEST_RATE)

    def handle(self, request: SignalRequest, now: float) -> None:
        """Act on one request of the client."""
        if not self._is_current:
            return
        if self._rate.take("requests", now) > 0:
            self.room.fail(self.member, "too many signal messages", now)
            return
        handler = _HANDLERS.get(request.WhichOneof("message") or "")
        if handler is None:
            return
        try:
            handler(self, request, now)
        except SdpError:
            self.room.fail(self.member, "session description refused", now)
            return
        self.room.changed(now)

    @property
    def _is_current(self) -> bool:
        """Whether the participant is here and signals over this socket; an old one has nothing to say."""
        member = self.member
        return self.room.members.find(member.identity) is member and member.outbox is self.outbox

    def refused(self, error: WireError, now: float) -> None:
        """The client sent a frame that is no request."""
        if self._is_current:
            self.room.fail(self.member, str(error), now)

    def crashed(self, now: float) -> None:
        """A request of this client met a bug."""
        self.room.fail(self.member, "internal error", now)

    def disconnected(self, close_code: int | None, now: float) -> None:
        """The socket ended, the client giving this code or none; the participant may come back."""
        if self._is_current:
            self.room.signal_lost(self.member, now, is_going_away=close_code == GOING_AWAY)

    # -- media

    def offer(self, description: SessionDescription, now: float) -> None:
        """The client offers; the answer carries the same id."""
        remote = self.member.peer.receive_offer(description)
        self.room.publishing.offered(self.member, remote, now)
        self.member.peer.answer_offer(description.id, now)

    def _answer(self, description: SessionDescription, now: float) -> None:
        self.member.peer.receive_answer(description, now)

    def _trickle(self, request: TrickleRequest, now: float) -> None:
        # An ICE-lite server learns the client's addresses from its checks; candidates are only read.
        try:
            is_candidate = isinstance(json.loads(request.candidateInit or "{}"), dict)
        except (ValueError, RecursionError):
            is_candidate = False
        if not is_candidate:
            self._respond(
                RequestResponse(
                    reason=RequestResponse.Reason.UNCLASSIFIED_ERROR, message="malformed candidate"
                )
            )

    def _add_track(self, request: AddTrackRequest, now: float) -> None:
        self.room.publishing.add_track(self.member, request, now)

    def _mute(self, request: MuteTrackRequest, now: float) -> None:
        if self.room.publishing.mute(self.member, request) is None:
            self._not_found(RequestResponse(mute=request))

    def _update_audio_track(self, update: UpdateLocalAudioTrack, now: float) -> None:
        if not self.room.publishing.change_audio(self.member, update.track_sid, update.features):
            self._not_found(RequestResponse(update_audio_track=update))

    def _update_video_track(self, update: UpdateLocalVideoTrack, now: float) -> None:
        size = update.width, update.height
        if not self.room.publishing.change_video(self.member, update.track_sid, *size):
            self._not_found(RequestResponse(update_video_track=update))

    def _publish_data_track(self, request: PublishDataTrackRequest, now: float) -> None:
        self.room.data_tracks.publish(self.member, request)

    def _unpublish_data_track(self, request: UnpublishDataTrackRequest, now: float) -> None:
        self.room.data_tracks.unpublish(self.member, request.pub_handle)

    def _data_subscription(self, update: UpdateDataSubscription, now: float) -> None:
        self.room.data_tracks.update(self.member, update)

    # -- subscriptions

    def _subscription(self, update: UpdateSubscription, now: float) -> None:
        self.room.subscribing.update(self.member, update, now)

    def _track_setting(self, settings: UpdateTrackSettings, now: float) -> None:
        self.room.subscribing.update_settings(self.member, settings, now)

    def _subscription_permission(self, permission: SubscriptionPermission, now: float) -> None:
        self.room.subscribing.update_permission(self.member, permission, now)

    # -- the participant

    def _leave(self, request: LeaveRequest, now: float) -> None:
        reason = request.reason if request.reason in _HONOURED_REASONS else DisconnectReason.CLIENT_INITIATED
        self.room.leave(self.member, reason, now)

    def _simulate(self, scenario: SimulateScenario, now: float) -> None:
        if self.room.settings.may_simulate:
            simulate(self.room, self.member, scenario, now)

    def _sync_state(self, state: SyncState, now: float) -> None:
        synchronise(self.room, self.member, state, now)

    def _ping(self, timestamp_ms: int, now: float) -> None:
        self.member.send(SignalResponse(pong=self._wall_ms(now)))

    def _ping_req(self, ping: Ping, now: float) -> None:
        pong = Pong(last_ping_timestamp=ping.timestamp, timestamp=self._wall_ms(now))
        self.member.send(SignalResponse(pong_resp=pong))

    def _update_metadata(self, update: UpdateParticipantMetadata, now: float) -> None:
        if self.member.permission.can_update_metadata:
            outcome = self.room.change_profile(
                self.member, update.name, update.metadata, update.attributes, now
            )
        else:
            outcome = RequestResponse.Reason.NOT_ALLOWED
        # Clients wait for this answer, successful or not.
        self._respond(
            RequestResponse(request_id=update.request_id, reason=outcome, message=_MESSAGES.get(outcome, ""))
        )

    def _wall_ms(self, now: float) -> int:
        return int((now + self._epoch_s) * 1000)

    def _not_found(self, response: RequestResponse) -> None:
        response.reason = RequestResponse.Reason.NOT_FOUND
        response.message = "no such track"
        self._respond(response)

    def _respond(self, response: RequestResponse) -> None:
        self.member.send(SignalResponse(request_response=response))


_MESSAGES: dict[RequestResponse.Reason, str] = {
    RequestResponse.Reason.NOT_ALLOWED: "does not have permission to update own metadata",
    RequestResponse.Reason.LIMIT_EXCEEDED: "name, metadata or attributes too large",
}

# Variants that are missing here (update_layers, ...) are ignored.
_HANDLERS: dict[str, Callable[[Session, SignalRequest, float], None]] = {
    "offer": lambda session, request, now: session.offer(request.offer, now),
    "answer": lambda session, request, now: session._answer(request.answer, now),
    "trickle": lambda session, request, now: session._trickle(request.trickle, now),
    "add_track": lambda session, request, now: session._add_track(request.add_track, now),
    "mute": lambda session, request, now: session._mute(request.mute, now),
    "subscription": lambda session, request, now: session._subscription(request.subscription, now),
    "track_setting": lambda session, request, now: session._track_setting(request.track_setting, now),
    "leave": lambda session, request, now: session._leave(request.leave, now),
    "subscription_permission": lambda session, request, now: session._subscription_permission(
        request.subscription_permission, now
    ),
    "ping": lambda session, request, now: session._ping(request.ping, now),
    "ping_req": lambda session, request, now: session._ping_req(request.ping_req, now),
    "sync_state": lambda session, request, now: session._sync_state(request.sync_state, now),
    "simulate": lambda session, request, now: session._simulate(request.simulate, now),
    "update_metadata": lambda session, request, now: session._update_metadata(request.update_metadata, now),
    "update_audio_track": lambda session, request, now: session._update_audio_track(
        request.update_audio_track, now
    ),
    "update_video_track": lambda session, request, now: session._update_video_track(
        request.update_video_track, now
    ),
    "unpublish_data_track_request": lambda session, request, now: session._unpublish_data_track(
        request.unpublish_data_track_request, now
    ),
    "update_data_subscription": lambda session, request, now: session._data_subscription(
        request.update_data_subscription, now
    ),
    "publish_data_track_request": lambda session, request, now: session._publish_data_track(
        request.publish_data_track_request, now
    ),
}
