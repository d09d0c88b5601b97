"""Data tracks: who may publish, whose handle is whose, and what a packet becomes on the way."""

from __future__ import annotations

import pytest
from livekit.protocol.models import DataTrackInfo
from livekit.protocol.rtc import (
    LeaveRequest,
    PublishDataTrackRequest,
    PublishDataTrackResponse,
    RequestResponse,
    SyncState,
    UnpublishDataTrackRequest,
    UpdateDataSubscription,
)

from tests.signaling.scripted_room import Client, Script

Reason = RequestResponse.Reason


def publish(client: Client, handle: int = 7, name: str = "gauge") -> str:
    """Announce a track; its sid."""
    client.say(publish_data_track_request=PublishDataTrackRequest(pub_handle=handle, name=name))
    sid: str = client.told("publish_data_track_response")[-1].info.sid
    return sid


def subscribe(client: Client, sid: str, *, is_wanted: bool = True) -> dict[int, str]:
    """Ask for a track; the client's handles and what they mean."""
    update = UpdateDataSubscription.Update(track_sid=sid, subscribe=is_wanted)
    client.say(update_data_subscription=UpdateDataSubscription(updates=[update]))
    told = client.told("data_track_subscriber_handles")[-1].sub_handles
    return {handle: entry.track_sid for handle, entry in told.items()}


def packet(handle: int, payload: bytes = b"frame") -> bytes:
    """A packet of a track, its other fields recognisable."""
    return b"\x18\x00" + handle.to_bytes(2) + b"SQFRTIME" + payload


def packets(client: Client) -> list[bytes]:
    """What the client received on the channel."""
    return [payload for label, payload in client.up.sent if label == "_data_track"]


def test_packets_reach_subscribers_under_their_own_handles() -> None:
    script = Script()
    publisher, viewer, bystander = (script.joined(name) for name in ("a", "b", "c"))
    first, second = publish(publisher, 7, "first"), publish(publisher, 9, "second")
    assert [[t.name for t in info.data_tracks] for info in viewer.updates()][-1] == ["first", "second"]

    subscribe(viewer, first)
    handles = subscribe(viewer, second)
    publisher.up.hear("_data_track", packet(9))

    (handle,) = [handle for handle, sid in handles.items() if sid == second]
    assert packets(viewer) == [packet(handle)]
    assert packets(bystander) == [] and packets(publisher) == []


def test_what_belongs_to_no_track_is_dropped() -> None:
    script = Script()
    publisher, viewer = script.joined("a"), script.joined("b")
    subscribe(viewer, publish(publisher))

    for bad in (packet(8), b"short", b""):
        publisher.up.hear("_data_track", bad)

    assert packets(viewer) == []


@pytest.mark.parametrize(
    ("handle", "name", "reason"),
    [
        (0, "x", Reason.INVALID_HANDLE),
        (65_536, "x", Reason.INVALID_HANDLE),
        (1, "", Reason.INVALID_NAME),
        (1, "n" * 257, Reason.INVALID_NAME),
        (7, "x", Reason.DUPLICATE_HANDLE),
        (1, "gauge", Reason.DUPLICATE_NAME),
    ],
)
def test_refusals(handle: int, name: str, reason: RequestResponse.Reason) -> None:
    client = Script().joined("me")
    publish(client)

    client.say(publish_data_track_request=PublishDataTrackRequest(pub_handle=handle, name=name))

    assert [told.reason for told in client.told("request_response")] == [reason]


def test_without_permission_nothing_is_published() -> None:
    client = Script().joined("me", can_publish_data=False)

    client.say(publish_data_track_request=PublishDataTrackRequest(pub_handle=1, name="x"))

    assert [told.reason for told in client.told("request_response")] == [Reason.NOT_ALLOWED]


@pytest.mark.parametrize("is_leaving", [False, True])
def test_a_track_that_ends_takes_its_handles_along(is_leaving: bool) -> None:
    script = Script()
    publisher, viewer = script.joined("a"), script.joined("b")
    subscribe(viewer, publish(publisher))

    if is_leaving:
        publisher.say(leave=LeaveRequest())
    else:
        publisher.say(unpublish_data_track_request=UnpublishDataTrackRequest(pub_handle=7))

    assert not viewer.told("data_track_subscriber_handles")[-1].sub_handles


def test_resumed_client_keeps_its_tracks_and_is_told_its_handles() -> None:
    script = Script()
    publisher, viewer = script.joined("a"), script.joined("b")
    sid = publish(publisher)
    handles = subscribe(viewer, sid)

    viewer.lose_socket()
    again = viewer.resume()
    assert again is not None
    (told,) = again.told("data_track_subscriber_handles")
    assert {handle: entry.track_sid for handle, entry in told.sub_handles.items()} == handles

    for known, stays in ((sid, True), ("DTR_unknown", False)):
        mine = PublishDataTrackResponse(info=DataTrackInfo(sid=known, pub_handle=7))
        publisher.say(sync_state=SyncState(publish_data_tracks=[mine]))
        assert publisher.is_here is stays
