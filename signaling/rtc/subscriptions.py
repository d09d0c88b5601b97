"""What one participant wants to receive, and what a publisher allows: pure decisions, no media.

Intent is remembered per track even while the track does not exist or may not be seen, so that a wish
expressed early comes true later. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Iterable

from livekit.protocol.rtc import (
    SubscriptionPermission,
    TrackPermission,
    UpdateSubscription,
    UpdateTrackSettings,
)

from media import Consumer

MAX_INTENTS = 4000


class Subscriptions:
    """One subscriber's wishes, settings and running consumers, by track sid."""

    def __init__(self, *, is_automatic: bool, is_adaptive: bool, may_pause: bool = True) -> None:
        self.is_automatic = is_automatic
        self.is_adaptive = is_adaptive
        self.may_pause = may_pause  # the client understands pictures that stop for want of bandwidth
        self.consumers: dict[str, Consumer] = {}
        self.settings: dict[str, UpdateTrackSettings] = {}
        self._intents: dict[str, bool] = {}

    def wants(self, track_sid: str) -> bool:
        """Whether the subscriber would like this track, now or once it exists."""
        return self._intents.get(track_sid, self.is_automatic)

    def update(self, track_sids: Iterable[str], *, is_wanted: bool) -> None:
        """Remember the wish; beyond `MAX_INTENTS` unknown tracks are ignored."""
        for sid in track_sids:
            if sid in self._intents or len(self._intents) < MAX_INTENTS:
                self._intents[sid] = is_wanted

    def forget(self, track_sid: str) -> None:
        """The track is gone for good."""
        self._intents.pop(track_sid, None)
        self.settings.pop(track_sid, None)


def named_tracks(update: UpdateSubscription) -> list[str]:
    """The track sids an UpdateSubscription speaks about, from both of its lists."""
    return [*update.track_sids, *(sid for tracks in update.participant_tracks for sid in tracks.track_sids)]


class AllowedSubscribers:
    """Who may subscribe to one publisher's tracks; everybody until the publisher says otherwise."""

    def __init__(self) -> None:
        self._everybody = True
        self._by_sid: dict[str, TrackPermission] = {}
        self._by_identity: dict[str, TrackPermission] = {}

    def replace(self, permission: SubscriptionPermission) -> None:
        """Take over the publisher's whole new list."""
        self._everybody = permission.all_participants
        self._by_sid = {entry.participant_sid: entry for entry in permission.track_permissions}
        self._by_identity = {entry.participant_identity: entry for entry in permission.track_permissions}
        self._by_sid.pop("", None)
        self._by_identity.pop("", None)

    def allows(self, sid: str, identity: str, track_sid: str) -> bool:
        """Whether the participant may subscribe to the publisher's track."""
        if self._everybody:
            return True
        entry = self._by_identity.get(identity) or self._by_sid.get(sid)
        return entry is not None and (entry.all_tracks or track_sid in entry.track_sids)
