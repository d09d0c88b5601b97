"""Who receives what in one room: brings running consumers in line with wishes, permissions and tracks.

`reconcile` is the whole idea: whatever changed, compare what a subscriber should receive with what it does,
and start or stop consumers. What the room's audience keeps from somebody is negotiated all the same and
withheld, so that it comes at once when it may. The negotiation that follows is the peer's business, what a
narrow line makes of it the media's: that is only told, to the subscriber as a stream state, and as wishes to
the publisher. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Sequence

from livekit.protocol.models import SpeakerInfo, TrackSource, VideoQuality
from livekit.protocol.rtc import (
    SignalResponse,
    SpeakersChanged,
    StreamState,
    StreamStateInfo,
    StreamStateUpdate,
    SubscriptionPermission,
    SubscriptionPermissionUpdate,
    SyncState,
    TrackSubscribed,
    UpdateSubscription,
    UpdateTrackSettings,
)

from media import Consumer, Rank
from signaling.rtc.audience import Audience
from signaling.rtc.dynacast import NOTHING, Dynacast
from signaling.rtc.members import Members
from signaling.rtc.participant import Participant
from signaling.rtc.subscriptions import named_tracks
from signaling.rtc.tracks import Track, wanted_quality


class Subscribing:
    """Subscriptions among the members of one room."""

    def __init__(self, members: Members, audience: Audience) -> None:
        self._members = members
        self._audience = audience
        self.dynacast = Dynacast()

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
        self._wish(publisher, track, now)

    def track_ended(self, publisher: Participant, track: Track, now: float) -> None:
        """A track is gone: stop its consumers."""
        for subscriber in self._members.others(publisher):
            with self._members.isolated(subscriber):
                self._stop(subscriber, track.sid, now)
                subscriber.subscriptions.forget(track.sid)
        self.dynacast.ended(track)

    def update(self, subscriber: Participant, update: UpdateSubscription, now: float) -> None:
        """The subscriber asks for tracks, or asks to be spared them."""
        subscriber.subscriptions.update(named_tracks(update), is_wanted=update.subscribe)
        self.reconcile(subscriber, now)

    def update_settings(self, subscriber: Participant, settings: UpdateTrackSettings, now: float) -> None:
        """The subscriber says how large it shows tracks, or that it does not show them."""
        for sid in settings.track_sids:
            found = self.find_track(sid)
            if found is None:
                continue
            publisher, track = found
            subscriber.subscriptions.settings[sid] = settings
            consumer = subscriber.subscriptions.consumers.get(sid)
            if consumer is not None:
                _apply(consumer, track, settings, now)
                self._wish(publisher, track, now)

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

    def audience_changed(self, now: float) -> None:
        """Bring what is kept from whom in line with the rule, from the very next packet on."""
        for subscriber in self._members:
            with self._members.isolated(subscriber):
                for publisher in self._members.others(subscriber):
                    self._keep_back(subscriber, publisher, now)

    def _keep_back(self, subscriber: Participant, publisher: Participant, now: float) -> None:
        falls_silent = False
        for track in publisher.publications.published.values():
            consumer = subscriber.subscriptions.consumers.get(track.sid)
            if consumer is None:
                continue
            is_withheld = not self._reaches(publisher, subscriber, track)
            falls_silent = falls_silent or (is_withheld and not consumer.is_withheld)
            consumer.set_withheld(now, is_withheld)
            self._wish(publisher, track, now)
        if falls_silent:  # who speaks is told as changes only
            silent = SpeakersChanged(speakers=[SpeakerInfo(sid=publisher.sid, level=0.0, active=False)])
            subscriber.send(SignalResponse(speakers_changed=silent))

    def _reaches(self, publisher: Participant, subscriber: Participant, track: Track) -> bool:
        return self._audience.reaches(publisher.identity, subscriber.identity, track.kind)

    def speaks(self, speaker_sids: Sequence[str]) -> None:
        """Whose picture matters more than others' where not all fit: those who speak, or spoke last."""
        if not speaker_sids:
            return
        for subscriber in self._members:
            for publisher in self._members.others(subscriber):
                is_heard = self._audience.reaches(publisher.identity, subscriber.identity, "audio")
                is_speaker = is_heard and publisher.sid in speaker_sids
                for sid in publisher.publications.published:
                    consumer = subscriber.subscriptions.consumers.get(sid)
                    if consumer is not None and consumer.rank is not Rank.SCREEN:
                        consumer.rank = Rank.SPEAKER if is_speaker else Rank.VIDEO

    def find_track(self, sid: str) -> tuple[Participant, Track] | None:
        """The published track with this sid and who publishes it; None when there is none."""
        for member in self._members:
            if (track := member.publications.published.get(sid)) is not None:
                return member, track
        return None

    def taps_changed(self, track_sid: str, now: float) -> None:
        """The server began or ceased to take a track: what it takes counts as watched."""
        found = self.find_track(track_sid)
        if found is not None:
            self._wish(*found, now)

    def _wish(self, publisher: Participant, track: Track, now: float) -> None:
        """Tell the publisher, sooner or later, how much of a picture is watched."""
        if track.kind != "video":
            return
        is_tapped = track.producer is not None and track.producer.taps > 0
        wanted = int(VideoQuality.HIGH) if is_tapped else NOTHING
        for subscriber in self._members.others(publisher):
            consumer = subscriber.subscriptions.consumers.get(track.sid)
            if consumer is not None and not consumer.is_withheld:
                settings = _settings(subscriber, track)
                if not settings.disabled:
                    wanted = max(wanted, wanted_quality(track, settings))
        self.dynacast.wanted(publisher, track, wanted, now)

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
        consumer.set_withheld(now, not self._reaches(publisher, subscriber, track))
        consumer.may_starve = subscriber.subscriptions.may_pause
        consumer.rank = Rank.SCREEN if track.info.source == TrackSource.SCREEN_SHARE else Rank.VIDEO
        consumer.on_starved = lambda starved: _tell_state(subscriber, publisher, track, starved)
        _apply(consumer, track, _settings(subscriber, track), now)
        self._wish(publisher, track, now)
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
            found = self.find_track(track_sid)
            if found is not None:
                self._wish(*found, now)


def _is_allowed(publisher: Participant, subscriber: Participant, track: Track) -> bool:
    return publisher.allowed_subscribers.allows(subscriber.sid, subscriber.identity, track.sid)


def _settings(subscriber: Participant, track: Track) -> UpdateTrackSettings:
    """What the client said; before it did, with adaptive stream low, not off: a client that has nothing to
    show never asks for more."""
    said = subscriber.subscriptions.settings.get(track.sid)
    if said is not None:
        return said
    is_low = subscriber.subscriptions.is_adaptive and track.kind == "video"
    return UpdateTrackSettings(quality=VideoQuality.LOW if is_low else VideoQuality.HIGH)


def _tell_state(subscriber: Participant, publisher: Participant, track: Track, consumer: Consumer) -> None:
    state = StreamState.PAUSED if consumer.is_starved else StreamState.ACTIVE
    info = StreamStateInfo(participant_sid=publisher.sid, track_sid=track.sid, state=state)
    subscriber.send(SignalResponse(stream_state_update=StreamStateUpdate(stream_states=[info])))


def _apply(consumer: Consumer, track: Track, settings: UpdateTrackSettings, now: float) -> None:
    if track.kind == "video":
        consumer.set_quality(now, wanted_quality(track, settings))
        consumer.priority = settings.priority
    consumer.set_paused(now, settings.disabled)
