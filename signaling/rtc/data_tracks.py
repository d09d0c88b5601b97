"""Data tracks: named streams of frames that viewers subscribe to, on the unreliable `_data_track` channel.

A packet names its track by a 16-bit handle of its sender's choosing. The server knows which track that is and
passes the packet on under each subscriber's own handle for it, told before in `DataTrackSubscriberHandles`;
frames, fragments and encryption are the clients' business. Nobody is subscribed unasked. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from livekit.protocol.models import DataTrackInfo
from livekit.protocol.rtc import (
    DataTrackSubscriberHandles,
    PublishDataTrackRequest,
    PublishDataTrackResponse,
    RequestResponse,
    SignalResponse,
    UnpublishDataTrackResponse,
    UpdateDataSubscription,
)

from signaling.rate_limits import Rate, RateLimiter
from signaling.rtc.audience import Audience
from signaling.rtc.members import Members
from signaling.rtc.participant import Participant

LABEL = "_data_track"
MAX_NAME_LENGTH = 256
MAX_HANDLE = 65_535
MAX_TRACKS = 64  # of one participant, published or subscribed
PACKET_RATE = Rate(burst=2000, per_minute=60_000)
_HEADER_BYTES = 12
Reason = RequestResponse.Reason


class DataTracks:
    """Data tracks of one room."""

    def __init__(self, members: Members, audience: Audience, new_id: Callable[[str], str]) -> None:
        self._members = members
        self._audience = audience
        self._new_id = new_id
        self._subscribers: dict[str, dict[str, int]] = {}  # by track sid: handle by subscriber's sid
        self._rate = RateLimiter(PACKET_RATE)

    def publish(self, publisher: Participant, request: PublishDataTrackRequest) -> None:
        """A client announces a track, or is told why not."""
        refusal = _refusal(publisher, request)
        if refusal is not None:
            response = RequestResponse(
                reason=refusal, message="data track refused", publish_data_track=request
            )
            publisher.send(SignalResponse(request_response=response))
            return
        track = DataTrackInfo(
            pub_handle=request.pub_handle,
            sid=self._new_id("DTR_"),
            name=request.name,
            encryption=request.encryption,
        )
        if request.HasField("frame_encoding"):
            track.frame_encoding.CopyFrom(request.frame_encoding)
        if request.HasField("schema"):
            track.schema.CopyFrom(request.schema)
        publisher.data_tracks[track.pub_handle] = track
        self._subscribers[track.sid] = {}
        publisher.send(SignalResponse(publish_data_track_response=PublishDataTrackResponse(info=track)))
        self._members.announce(publisher, to_self=False)

    def unpublish(self, publisher: Participant, handle: int) -> None:
        """A client ends a track; an unknown one is ignored."""
        track = publisher.data_tracks.pop(handle, None)
        if track is None:
            return
        publisher.send(SignalResponse(unpublish_data_track_response=UnpublishDataTrackResponse(info=track)))
        self._members.announce(publisher, to_self=False)
        self._end(track)

    def update(self, subscriber: Participant, update: UpdateDataSubscription) -> None:
        """A client asks for tracks, or asks to be spared them; it is told its handles."""
        taken = {
            handles[subscriber.sid] for handles in self._subscribers.values() if subscriber.sid in handles
        }
        for entry in update.updates:
            handles = self._subscribers.get(entry.track_sid)
            if handles is None or not subscriber.permission.can_subscribe:
                continue
            if not entry.subscribe:
                handles.pop(subscriber.sid, None)
            elif subscriber.sid not in handles and len(taken) < MAX_TRACKS:
                handles[subscriber.sid] = next(n for n in range(1, MAX_HANDLE) if n not in taken)
                taken.add(handles[subscriber.sid])
        self.tell_handles(subscriber)

    def resumed(self, subscriber: Participant) -> None:
        """Tell the handles again to one who has some."""
        if any(subscriber.sid in handles for handles in self._subscribers.values()):
            self.tell_handles(subscriber)

    def tell_handles(self, subscriber: Participant) -> None:
        """Which handles mean which tracks to this subscriber."""
        told = DataTrackSubscriberHandles()
        for publisher in self._members.others(subscriber):
            for track in publisher.data_tracks.values():
                handle = self._subscribers[track.sid].get(subscriber.sid)
                if handle is not None:
                    entry = told.sub_handles[handle]
                    entry.publisher_identity, entry.publisher_sid = publisher.identity, publisher.sid
                    entry.track_sid = track.sid
        subscriber.send(SignalResponse(data_track_subscriber_handles=told))

    def receive(self, publisher: Participant, packet: bytes, now: float) -> None:
        """Pass a packet on; what belongs to no track of the sender is dropped."""
        if len(packet) < _HEADER_BYTES or self._rate.take(publisher.identity, now) > 0:
            return
        track = publisher.data_tracks.get(int.from_bytes(packet[2:4]))
        if track is None or not publisher.permission.can_publish_data:
            return
        handles = self._subscribers[track.sid]
        for subscriber in self._members.others(publisher):
            handle = handles.get(subscriber.sid)
            is_seen = self._audience.reaches(publisher.identity, subscriber.identity, "video")
            if handle is not None and is_seen and subscriber.permission.can_subscribe:
                with self._members.isolated(subscriber):
                    subscriber.peer.send_data(LABEL, packet[:2] + handle.to_bytes(2) + packet[4:])

    def left(self, member: Participant) -> None:
        """Forget a member and what it published."""
        for handles in self._subscribers.values():
            handles.pop(member.sid, None)
        for track in member.data_tracks.values():
            self._end(track)
        member.data_tracks.clear()

    def _end(self, track: DataTrackInfo) -> None:
        sids = self._subscribers.pop(track.sid, {})
        for subscriber in _those(self._members, sids):
            self.tell_handles(subscriber)


def _those(members: Iterable[Participant], sids: Iterable[str]) -> list[Participant]:
    wanted = set(sids)
    return [member for member in members if member.sid in wanted]


def _refusal(publisher: Participant, request: PublishDataTrackRequest) -> Reason | None:
    tracks = publisher.data_tracks
    if not publisher.permission.can_publish_data:
        return Reason.NOT_ALLOWED
    if not 1 <= request.pub_handle <= MAX_HANDLE:
        return Reason.INVALID_HANDLE
    if not 1 <= len(request.name) <= MAX_NAME_LENGTH:
        return Reason.INVALID_NAME
    if request.pub_handle in tracks:
        return Reason.DUPLICATE_HANDLE
    if any(track.name == request.name for track in tracks.values()):
        return Reason.DUPLICATE_NAME
    return Reason.LIMIT_EXCEEDED if len(tracks) >= MAX_TRACKS else None
