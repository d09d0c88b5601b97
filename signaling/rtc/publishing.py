"""The life of tracks in one room: announced, bound to media, muted, ended; and who is told.

Others learn of a track when its section is negotiated, muted ones included, and always before the description
that carries its media to them. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from livekit.protocol.models import AudioTrackFeature, TrackInfo
from livekit.protocol.rtc import (
    AddTrackRequest,
    MuteTrackRequest,
    RequestResponse,
    SignalResponse,
    TrackPublishedResponse,
    TrackUnpublishedResponse,
)

from media import RemoteOffer, SendingSection
from signaling.rtc.members import Members
from signaling.rtc.participant import Participant
from signaling.rtc.subscribing import Subscribing
from signaling.rtc.tracks import (
    Track,
    announced_track,
    bound,
    receive_options,
    track_sid_prefix,
)

Notify = Callable[[str, Participant, TrackInfo], None]


class Publishing:
    """Tracks of one room. `notify` hears of `track_published` and `track_unpublished`."""

    def __init__(
        self, members: Members, subscribing: Subscribing, new_id: Callable[[str], str], notify: Notify
    ) -> None:
        self._members = members
        self._subscribing = subscribing
        self._new_id = new_id
        self._notify = notify

    def add_track(self, publisher: Participant, request: AddTrackRequest, now: float) -> None:
        """The client announces a track; it is answered at once, before any media."""
        existing = publisher.publications.find(request.sid) if request.sid else None
        if request.sid and existing is None:
            self._refuse(publisher, request, RequestResponse.Reason.NOT_FOUND, "no such track")
        elif not publisher.may_publish(request.source):
            self._refuse(
                publisher, request, RequestResponse.Reason.NOT_ALLOWED, "may not publish this source"
            )
        elif publisher.publications.is_full:
            self._refuse(publisher, request, RequestResponse.Reason.LIMIT_EXCEEDED, "too many tracks")
        elif existing is not None:
            # A second codec for a published track: acknowledged, and never asked for by this server.
            self._acknowledge(publisher, request.cid, existing)
        else:
            track = announced_track(request, self._new_id(track_sid_prefix(request)))
            publisher.publications.pending.append(track)
            self._acknowledge(publisher, request.cid, track)
            self.bind(publisher, now)

    def acknowledge_pending(self, publisher: Participant) -> None:
        """Answer again what was announced and carries no media yet: the answers may have been lost."""
        for track in publisher.publications.pending:
            self._acknowledge(publisher, track.cid, track)

    def offered(self, publisher: Participant, offer: RemoteOffer, now: float) -> None:
        """The client's offer was taken over: end what it stopped sending, start what it sends."""
        for track in publisher.publications.by_mids(offer.ended):
            self.end(publisher, track, now)
        publisher.publications.offered(offer.sending)
        by_mid = {section.mid: section for section in offer.sending}
        for track in publisher.publications.republished(offer.sending):
            self.end(publisher, track, now)
            publisher.publications.free(by_mid[track.mid])
        self.bind(publisher, now)

    def bind(self, publisher: Participant, now: float) -> None:
        """Join announced tracks with sections of the offer, as far as both are there."""
        for track, section in publisher.publications.claims():
            self._start(publisher, track, section, now)

    def _start(self, publisher: Participant, track: Track, section: SendingSection, now: float) -> None:
        producer = publisher.peer.receive(section.mid, track.sid, receive_options(track, section))
        producer.set_muted(track.info.muted)
        bound(track, section, producer)
        publisher.publications.published[track.sid] = track
        self._members.announce(publisher, to_self=False)
        self._notify("track_published", publisher, track.info)
        self._subscribing.track_started(publisher, track, now)

    def end(self, publisher: Participant, track: Track, now: float) -> None:
        """A published track ends."""
        if publisher.publications.published.pop(track.sid, None) is None:
            return
        self._subscribing.track_ended(publisher, track, now)
        if track.producer is not None:
            track.producer.close()
        self._members.announce(publisher, to_self=False)
        self._notify("track_unpublished", publisher, track.info)

    def end_forbidden(self, publisher: Participant, now: float) -> None:
        """The publisher's permission shrank: end what it no longer covers, and tell the client."""
        publications = publisher.publications
        publications.pending = [t for t in publications.pending if publisher.may_publish(t.info.source)]
        for track in list(publications.published.values()):
            if not publisher.may_publish(track.info.source):
                publisher.send(
                    SignalResponse(track_unpublished=TrackUnpublishedResponse(track_sid=track.sid))
                )
                self.end(publisher, track, now)

    def mute(self, publisher: Participant, request: MuteTrackRequest) -> TrackInfo | None:
        """Note a mute and tell the others; None if there is no such track."""
        track = publisher.publications.find(request.sid)
        if track is None:
            return None
        if track.info.muted != request.muted:
            track.info.muted = request.muted
            if track.producer is not None:
                track.producer.set_muted(request.muted)
                self._members.announce(publisher, to_self=False)
        return track.info

    def change_audio(self, publisher: Participant, sid: str, features: Sequence[AudioTrackFeature]) -> bool:
        """Note how an audio track is processed; False if there is no such track."""
        track = publisher.publications.find(sid)
        if track is None:
            return False
        del track.info.audio_features[:]
        track.info.audio_features.extend(features)
        self._members.announce(publisher, to_self=False)
        return True

    def change_video(self, publisher: Participant, sid: str, width: int, height: int) -> bool:
        """Note the new size of a picture; False if there is no such track."""
        track = publisher.publications.find(sid)
        if track is None:
            return False
        track.info.width, track.info.height = width, height
        self._members.announce(publisher, to_self=False)
        return True

    def _acknowledge(self, publisher: Participant, cid: str, track: Track) -> None:
        published = TrackPublishedResponse(cid=cid, track=track.info)
        publisher.send(SignalResponse(track_published=published))

    def _refuse(
        self, publisher: Participant, request: AddTrackRequest, reason: RequestResponse.Reason, message: str
    ) -> None:
        response = RequestResponse(reason=reason, message=message, add_track=request)
        publisher.send(SignalResponse(request_response=response))
