"""What each participant receives: wishes, permissions, layers, and the negotiation that follows."""

from __future__ import annotations

import pytest
from livekit.protocol.models import DisconnectReason, VideoLayer, VideoQuality
from livekit.protocol.rtc import (
    LeaveRequest,
    SubscriptionPermission,
    TrackPermission,
    UpdateSubscription,
    UpdateTrackSettings,
)

from media import Shortage
from tests.signaling.scripted_room import Script


def test_publisher_hears_once_that_somebody_subscribed() -> None:
    script = Script()
    one, two, client = script.joined("one"), script.joined("two"), script.joined("me")
    sid = client.publish("c")
    client.outbox()

    one.consumers[sid].attach()
    two.consumers[sid].attach()

    (subscribed,) = client.told("track_subscribed")
    assert subscribed.track_sid == sid


def test_v0_offers_one_at_a_time_and_collapses_changes() -> None:
    script = Script()
    viewer = script.join("viewer", is_single=False)
    assert viewer.up.has_data_channels
    (first,) = viewer.told("offer")
    publisher = script.joined("me")
    publisher.publish("a")
    publisher.add_track("v", is_video=True)
    publisher.offer("send audio 0 a, send video 1 v")
    script.elapse(1)

    assert not viewer.told("offer"), "the first offer is not answered yet"

    viewer.answer(first.id)
    script.elapse(1)

    (second,) = viewer.told("offer")
    assert second.id == first.id + 1
    assert len(second.mid_to_track_id) == 2


def test_v0_stale_answer_is_ignored_and_zero_is_taken() -> None:
    script = Script()
    viewer = script.join("viewer", is_single=False)

    viewer.answer(answer_id=99)
    script.elapse(14)
    assert viewer.is_here
    viewer.answer(answer_id=0)
    viewer.answer(answer_id=0)
    script.elapse(14)

    assert viewer.is_here


def test_v0_client_that_never_answers_is_told_to_reconnect() -> None:
    script = Script()
    viewer = script.join("viewer", is_single=False)

    script.elapse(16)

    farewell = viewer.leave
    assert farewell is not None
    assert farewell.action == LeaveRequest.Action.RECONNECT
    assert farewell.reason == DisconnectReason.STATE_MISMATCH
    assert not viewer.is_here


def test_v1_missing_sections_are_asked_for_once() -> None:
    script = Script()
    viewer, publisher = script.joined("viewer"), script.joined("me")
    viewer.up.missing = Shortage(1, 0)
    publisher.publish("a")
    script.elapse(0.1)
    assert [(r.num_audios, r.num_videos) for r in viewer.told("media_sections_requirement")] == [(1, 0)]

    viewer.up.missing = Shortage(2, 1)
    publisher.add_track("b")
    publisher.add_track("v", is_video=True)
    publisher.offer("send audio 0 a, send audio 1 b, send video 2 v")
    script.elapse(1)
    assert [(r.num_audios, r.num_videos) for r in viewer.told("media_sections_requirement")] == [(1, 1)]

    viewer.up.missing = Shortage(0, 0)
    viewer.offer("recv audio 0")
    script.elapse(5)
    assert not viewer.told("media_sections_requirement")


def test_v1_change_without_shortage_asks_for_a_plain_offer() -> None:
    script = Script()
    viewer, publisher = script.joined("viewer"), script.joined("me")

    publisher.publish("a")
    script.elapse(0.1)

    assert [(r.num_audios, r.num_videos) for r in viewer.told("media_sections_requirement")] == [(0, 0)]


def test_v1_useless_requests_grow_rare() -> None:
    script = Script()
    viewer, publisher = script.joined("viewer"), script.joined("me")
    viewer.up.missing = Shortage(1, 0)
    publisher.publish("a")
    requests = 0
    for _ in range(600):
        script.elapse(0.1)
        if viewer.told("media_sections_requirement"):
            requests += 1
            viewer.offer("recv audio 0")

    assert 5 < requests < 25


def test_v1_nothing_is_asked_before_the_first_offer() -> None:
    script = Script()
    publisher = script.joined("me")
    publisher.publish("a")

    viewer = script.join("viewer")
    viewer.up.missing = Shortage(1, 0)
    script.elapse(5)

    assert not viewer.told("media_sections_requirement")


def test_without_auto_subscribe_only_what_was_asked_for_comes() -> None:
    script = Script()
    viewer = script.joined("viewer", auto_subscribe=False)
    publisher = script.joined("me")
    wanted = publisher.publish("a")
    assert not viewer.consumers

    viewer.say(subscription=UpdateSubscription(track_sids=[wanted], subscribe=True))
    assert list(viewer.consumers) == [wanted]

    viewer.say(subscription=UpdateSubscription(track_sids=[wanted], subscribe=False))
    assert not viewer.consumers


def test_wish_for_an_absent_track_is_remembered() -> None:
    script = Script()
    viewer = script.joined("viewer", auto_subscribe=False)
    publisher = script.joined("me")
    coming = publisher.add_track("a")

    viewer.say(subscription=UpdateSubscription(track_sids=[coming], subscribe=True))
    publisher.offer("send audio 0 a")

    assert list(viewer.consumers) == [coming]


@pytest.mark.parametrize("names", ["identity", "sid"])
def test_publisher_decides_who_may_subscribe(names: str) -> None:
    script = Script()
    friend, stranger, publisher = script.joined("friend"), script.joined("stranger"), script.joined("me")
    sid = publisher.publish("a")
    permission = TrackPermission(track_sids=[sid])
    setattr(permission, f"participant_{names}", "friend" if names == "identity" else friend.member.sid)
    stranger.outbox()

    publisher.say(subscription_permission=SubscriptionPermission(track_permissions=[permission]))

    assert list(friend.consumers) == [sid]
    assert not stranger.consumers
    (told,) = stranger.told("subscription_permission_update")
    assert (told.participant_sid, told.track_sid, told.allowed) == (publisher.member.sid, sid, False)

    publisher.say(subscription_permission=SubscriptionPermission(all_participants=True))

    assert list(stranger.consumers) == [sid]


@pytest.mark.parametrize(
    ("settings", "quality"),
    [
        (UpdateTrackSettings(quality=VideoQuality.MEDIUM), 1),
        (UpdateTrackSettings(quality=VideoQuality.OFF), 2),
        (UpdateTrackSettings(width=320, height=180), 0),
        (UpdateTrackSettings(width=321, height=180), 1),
        (UpdateTrackSettings(width=4000, height=3000), 2),
    ],
)
def test_wanted_size_chooses_the_layer(settings: UpdateTrackSettings, quality: int) -> None:
    script = Script()
    viewer, publisher = script.joined("viewer", adaptive_stream=True), script.joined("me")
    sizes = enumerate([(320, 180), (640, 360), (1280, 720)])
    layers = [VideoLayer(quality=VideoQuality.Name(q), width=w, height=h) for q, (w, h) in sizes]
    sid = publisher.publish("v", is_video=True, layers=layers)
    assert viewer.consumers[sid].quality == 0, "adaptive stream starts low"

    settings.track_sids.append(sid)
    viewer.say(track_setting=settings)

    assert viewer.consumers[sid].quality == quality


def test_disabled_track_is_paused_without_negotiation() -> None:
    script = Script()
    viewer, publisher = script.joined("viewer"), script.joined("me")
    sid = publisher.publish("a")
    script.elapse(1)
    viewer.outbox()

    viewer.say(track_setting=UpdateTrackSettings(track_sids=[sid, "TR_UNKNOWN"], disabled=True))
    script.elapse(0.1)

    assert viewer.consumers[sid].is_paused
    assert "media_sections_requirement" not in viewer.variants()
