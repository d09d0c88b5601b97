"""Who receives what in one room: brings running consumers in line with wishes, permissions and tracks.

`reconcile` is the whole idea: whatever changed, compare what a subscriber should receive with what it does,
and start or stop consumers. The negotiation that follows is the peer's business. Sans-IO.
"""

from __future__ import annotations

from livekit.protocol.models import VideoQuality
from livekit.protocol.rtc import (
    SignalResponse,
    SubscriptionPermission,
    SubscriptionPermissionUpdate,
    SyncState,
    TrackSubscribed,
    UpdateSubscription,
    UpdateTrackSettings,
)

from media import Consumer
from signaling.rtc.members import Members
from signaling.rtc.participant import Participant
from signaling.rtc.subscriptions import named_tracks
from signaling.rtc.tracks import Track, wanted_quality


class Subscribing:
    """Subscriptions among the members of one room."""

    def __init__(self, members: Members) -> None:
        self._members = members

    def reconcile(self, subscriber: Participant, now: float) -> None:
        """Start and stop this subscriber's consumers as its situation demands."""
        for publisher in self._members.others(subscriber):
            for track in publisher.publications.published.values():
                self._reconcile_track(subscriber, publisher, track, now)

    def track_started(self, publisher: Participant, track: Track, now: float) -> None:
        """A track has media now: everybody who wants it gets it."""
        for subscriber in self._members.others(publisher):
            with self._members.isolated(subscriber):
                self._reconcile_track(subscriber, publisher, track, now)

    def track_ended(self, publisher: Participant, track: Track, now: float) -> None:
        """A track is gone: stop its consumers."""
        for subscriber in self._members.others(publisher):
            with self._members.isolated(subscriber):
                self._stop(subscriber, track.sid, now)
                subscriber.subscriptions.forget(track.sid)

    def update(self, subscriber: Participant, update: UpdateSubscription, now: float) -> None:
        """The subscriber asks for tracks, or asks to be spared them."""
        subscriber.subscriptions.update(named_tracks(update), is_wanted=update.subscribe)
        self.reconcile(subscriber, now)

    def update_settings(self, subscriber: Participant, settings: UpdateTrackSettings, now: float) -> None:
        """The subscriber says how large it shows tracks, or that it does not show them."""
        for sid in settings.track_sids:
            track = self._find_track(sid)
            if track is None:
                continue
            subscriber.subscriptions.settings[sid] = settings
            consumer = subscriber.subscriptions.consumers.get(sid)
            if consumer is not None:
                _apply(consumer, track, settings, now)

    def synchronise(self, subscriber: Participant, state: SyncState, now: float) -> None:
        """Wishes as a client that resumed remembers them: first what it does not show, then what it wants."""
        disabled = set(state.track_sids_disabled)
        known = subscriber.subscriptions.settings
        changed = disabled | {sid for sid, settings in known.items() if settings.disabled}
        for sid in changed:
            settings = UpdateTrackSettings(track_sids=[sid], quality=VideoQuality.HIGH)
            settings.MergeFrom(known.get(sid, settings))
            settings.disabled = sid in disabled
            self.update_settings(subscriber, settings, now)
        self.update(subscriber, state.subscription, now)

    def update_permission(
        self, publisher: Participant, permission: SubscriptionPermission, now: float
    ) -> None:
        """The publisher restricts who may subscribe; those affected are told."""
        tracks = list(publisher.publications.published.values())
        pairs = [(other, track) for other in self._members.others(publisher) for track in tracks]
        before = [_is_allowed(publisher, other, track) for other, track in pairs]
        publisher.allowed_subscribers.replace(permission)
        for (other, track), was_allowed in zip(pairs, before, strict=True):
            allowed = _is_allowed(publisher, other, track)
            if allowed == was_allowed:
                continue
            with self._members.isolated(other):
                update = SubscriptionPermissionUpdate(
                    participant_sid=publisher.sid, track_sid=track.sid, allowed=allowed
                )
                other.send(SignalResponse(subscription_permission_update=update))
                self._reconcile_track(other, publisher, track, now)

    def _find_track(self, sid: str) -> Track | None:
        found = (member.publications.published.get(sid) for member in self._members)
        return next((track for track in found if track is not None), None)

    def _reconcile_track(
        self, subscriber: Participant, publisher: Participant, track: Track, now: float
    ) -> None:
        wanted = (
            subscriber.permission.can_subscribe
            and subscriber.subscriptions.wants(track.sid)
            and _is_allowed(publisher, subscriber, track)
        )
        if not wanted:
            self._stop(subscriber, track.sid, now)
        elif track.sid not in subscriber.subscriptions.consumers:
            self._start(subscriber, publisher, track, now)

    def _start(self, subscriber: Participant, publisher: Participant, track: Track, now: float) -> None:
        if track.producer is None:
            return
        consumer = subscriber.peer.consume(
            track.producer, stream_id=f"{publisher.sid}|{track.sid}", track_id=track.sid, now=now
        )
        if consumer is None:
            return
        subscriber.subscriptions.consumers[track.sid] = consumer
        settings = subscriber.subscriptions.settings.get(track.sid)
        if settings is None:
            # With adaptive stream low, not off: a client that has nothing to show never asks for more.
            is_low = subscriber.subscriptions.is_adaptive and track.kind == "video"
            settings = UpdateTrackSettings(quality=VideoQuality.LOW if is_low else VideoQuality.HIGH)
        _apply(consumer, track, settings, now)
        if not subscriber.is_hidden:
            consumer.on_attached = lambda _: self._attached(publisher, track)

    def _attached(self, publisher: Participant, track: Track) -> None:
        if not track.was_subscribed:
            track.was_subscribed = True
            publisher.send(SignalResponse(track_subscribed=TrackSubscribed(track_sid=track.sid)))

    def _stop(self, subscriber: Participant, track_sid: str, now: float) -> None:
        consumer = subscriber.subscriptions.consumers.pop(track_sid, None)
        if consumer is not None:
            subscriber.subscriptions.settings.pop(track_sid, None)
            consumer.close()
            subscriber.peer.changed(now)


def _is_allowed(publisher: Participant, subscriber: Participant, track: Track) -> bool:
    return publisher.allowed_subscribers.allows(subscriber.sid, subscriber.identity, track.sid)


def _apply(consumer: Consumer, track: Track, settings: UpdateTrackSettings, now: float) -> None:
    if track.kind == "video":
        consumer.set_quality(now, wanted_quality(track, settings))
    consumer.set_paused(now, settings.disabled)
