"""Scripted conversations: each request, what comes back, and what the others see."""

from __future__ import annotations

from typing import Any

import pytest
from livekit.protocol.models import (
    AudioTrackFeature,
    DisconnectReason,
    ParticipantInfo,
    TrackSource,
    TrackType,
    VideoLayer,
    VideoQuality,
)
from livekit.protocol.rtc import (
    AddTrackRequest,
    LeaveRequest,
    MuteTrackRequest,
    Ping,
    RequestResponse,
    SimulcastCodec,
    TrickleRequest,
    UpdateLocalAudioTrack,
    UpdateLocalVideoTrack,
    UpdateParticipantMetadata,
)

from signaling.rtc.wire import WireError
from tests.signaling.scripted_room import EPOCH_S, Client, Script

Reason = RequestResponse.Reason
State = ParticipantInfo.State


@pytest.mark.parametrize("is_single", [False, True])
def test_join_response_comes_first_and_is_complete(is_single: bool) -> None:
    script = Script()
    script.joined("other")

    client = script.join("me", is_single=is_single, name="Me", attributes={"a": "b"})

    first, *rest = client.outbox()
    join = first.join
    assert (join.room.name, join.room.sid[:3]) == ("room", "RM_")
    assert (join.participant.identity, join.participant.name) == ("me", "Me")
    assert join.participant.permission.can_publish
    assert [other.identity for other in join.other_participants] == ["other"]
    assert join.subscriber_primary is not is_single
    assert join.ping_interval > 0 and join.ping_timeout > join.ping_interval
    assert join.server_info.version == "1.13.6" and join.server_info.protocol == 17
    mimes = [codec.mime for codec in join.enabled_publish_codecs]
    assert mimes == ["video/VP8", "video/H264", "video/VP9", "video/AV1", "audio/opus"]
    later = [response.WhichOneof("message") for response in rest]
    assert later == ["refresh_token", "update"] + ([] if is_single else ["offer"])


def test_states_go_up_and_versions_grow() -> None:
    script = Script()
    witness = script.joined("witness")
    client = script.join("me")
    client.offer("recv audio 0")
    client.up.become("connected")

    records = [info for info in witness.updates() if info.identity == "me"]

    assert [info.state for info in records] == [State.JOINED, State.ACTIVE]
    assert [info.version for info in records] == sorted({info.version for info in records})


def test_hidden_participant_is_seen_by_nobody_but_itself() -> None:
    script = Script()
    witness = script.joined("witness")
    ghost = script.join("ghost", hidden=True)
    ghost.offer("recv audio 0")
    ghost.up.become("connected")

    assert not witness.updates()
    assert {info.identity for info in ghost.updates()} == {"ghost"}
    assert not script.join("late").outbox()[0].join.other_participants[1:]


def test_answer_carries_the_offers_id_and_the_section_map() -> None:
    script = Script()
    client = script.joined("me")

    client.offer("recv audio 0", offer_id=77)

    (answer,) = client.told("answer")
    assert (answer.type, answer.id, dict(answer.mid_to_track_id)) == ("answer", 77, {"9": "TR_X"})


def test_track_is_acknowledged_at_once_and_announced_with_its_section() -> None:
    script = Script()
    witness = script.joined("witness")
    client = script.joined("me")

    client.say(
        add_track=AddTrackRequest(cid="c", type=TrackType.AUDIO, source=TrackSource.MICROPHONE, name="n")
    )

    (published,) = client.told("track_published")
    assert published.cid == "c"
    assert published.track.sid.startswith("TR_AM")
    assert (published.track.mime_type, published.track.stream) == ("audio/opus", "camera")
    assert not witness.updates()

    client.offer("send audio 0 c")

    (record,) = witness.updates()
    assert [track.sid for track in record.tracks] == [published.track.sid]
    assert record.is_publisher
    assert list(witness.consumers) == [published.track.sid]
    consumer = witness.consumers[published.track.sid]
    assert consumer.stream_id == f"{client.member.sid}|{published.track.sid}"
    assert not client.updates(), "the publisher is not told about itself"
    assert script.event_names()[-1] == "track_published"


def test_offer_may_come_before_the_announcement() -> None:
    script = Script()
    witness = script.joined("witness")
    client = script.joined("me")

    client.offer("send video 0 changed-id")
    assert not witness.updates()
    sid = client.add_track("c", is_video=True)

    assert list(witness.consumers) == [sid]


def test_sections_find_their_tracks_by_cid_then_codec_cid_then_kind() -> None:
    script = Script()
    client = script.joined("me")
    by_kind = client.add_track("x", is_video=True)
    by_codec = client.add_track("y", is_video=True, simulcast_codecs=[SimulcastCodec(codec="vp8", cid="yy")])
    by_cid = client.add_track("z", is_video=True)

    client.offer("send video 0 other, send video 1 yy, send video 2 z")

    tracks = client.member.publications.published
    assert {sid: track.mid for sid, track in tracks.items()} == {by_kind: "0", by_codec: "1", by_cid: "2"}
    assert tracks[by_kind].info.codecs[0].sdp_cid == "other"
    assert tracks[by_cid].info.codecs[0].sdp_cid == ""


def test_simulcast_track_has_layers_from_low_to_high() -> None:
    script = Script()
    client = script.joined("me")
    layers = [
        VideoLayer(quality=VideoQuality.HIGH, width=1280, height=720),
        VideoLayer(quality=VideoQuality.LOW, width=320, height=180),
        VideoLayer(quality=VideoQuality.MEDIUM, width=640, height=360),
    ]
    codec = SimulcastCodec(codec="VP8", cid="c", layers=layers)
    sid = client.add_track("c", is_video=True, simulcast_codecs=[codec], width=1280, height=720)
    client.offer("send video 0 c f h q")

    info = client.member.publications.published[sid].info
    assert info.simulcast
    assert [(layer.rid, layer.width, layer.spatial_layer) for layer in info.layers] == [
        ("q", 320, 0),
        ("h", 640, 1),
        ("f", 1280, 2),
    ]
    assert info.mime_type == info.codecs[0].mime_type == "video/VP8"
    assert client.publisher.options["0"].rids == ("q", "h", "f")


@pytest.mark.parametrize(
    ("is_video", "asked", "given"),
    [
        (True, "h264", "video/H264"),
        (True, "video/vp9", "video/VP9"),
        (True, "h265", "video/VP8"),
        (True, "opus", "video/VP8"),
        (True, "", "video/VP8"),
        (False, "opus", "audio/opus"),
        (False, "red", "audio/opus"),
    ],
)
def test_codec_we_cannot_forward_is_substituted(is_video: bool, asked: str, given: str) -> None:
    script = Script()
    client = script.joined("me")
    sid = client.add_track("c", is_video=is_video, simulcast_codecs=[SimulcastCodec(codec=asked, cid="c")])

    track = client.member.publications.find(sid)
    assert track is not None and track.info.mime_type == given


def test_codec_not_named_is_the_clients_first() -> None:
    script = Script()
    client = script.joined("me")
    sid = client.publish("c", is_video=True)

    info = client.member.publications.published[sid].info
    assert info.mime_type == info.codecs[0].mime_type == "video/H264"


@pytest.mark.parametrize(
    ("grants", "sid", "reason"),
    [
        ({"can_publish": False}, "", Reason.NOT_ALLOWED),
        ({"can_publish_sources": (TrackSource.CAMERA,)}, "", Reason.NOT_ALLOWED),
        ({}, "TR_UNKNOWN", Reason.NOT_FOUND),
    ],
)
def test_refused_track_is_answered(grants: dict[str, Any], sid: str, reason: RequestResponse.Reason) -> None:
    script = Script()
    client = script.joined("me", **grants)

    client.say(add_track=AddTrackRequest(cid="c", source=TrackSource.MICROPHONE, sid=sid))

    (response,) = client.told("request_response")
    assert response.reason == reason
    assert response.add_track.cid == "c"


def test_pending_tracks_are_limited() -> None:
    script = Script()
    client = script.joined("me")
    for number in range(20):
        client.add_track(f"c{number}")

    client.say(add_track=AddTrackRequest(cid="one too many"))

    assert client.told("request_response")[0].reason == Reason.LIMIT_EXCEEDED


def test_published_tracks_are_limited() -> None:
    script = Script()
    client = script.joined("me")
    for number in range(64):
        client.add_track(f"c{number}")
        client.offer(", ".join(f"send audio {mid} c{mid}" for mid in range(number + 1)))

    client.say(add_track=AddTrackRequest(cid="one too many"))

    assert client.told("request_response")[0].message == "too many tracks"


def test_backup_codec_is_acknowledged_under_the_same_track() -> None:
    script = Script()
    client = script.joined("me")
    sid = client.publish("c", is_video=True)
    client.outbox()

    assert client.add_track("backup", is_video=True, sid=sid) == sid
    assert not client.member.publications.pending


def test_mute_is_told_to_others_only() -> None:
    script = Script()
    witness, client = script.joined("witness"), script.joined("me")
    sid = client.publish("c")
    witness.outbox()
    client.outbox()

    client.say(mute=MuteTrackRequest(sid=sid, muted=True))
    client.say(mute=MuteTrackRequest(sid=sid, muted=True))

    (record,) = witness.updates()
    assert record.tracks[0].muted
    assert client.publisher.producers["0"].is_muted
    assert not client.outbox()


@pytest.mark.parametrize(
    "request_",
    [
        {"mute": MuteTrackRequest(sid="TR_X")},
        {"update_audio_track": UpdateLocalAudioTrack(track_sid="TR_X")},
        {"update_video_track": UpdateLocalVideoTrack(track_sid="TR_X")},
    ],
)
def test_unknown_track_is_not_found(request_: dict[str, Any]) -> None:
    script = Script()
    client = script.joined("me")

    client.say(**request_)

    (response,) = client.told("request_response")
    assert response.reason == Reason.NOT_FOUND
    assert response.WhichOneof("request") == next(iter(request_))


def test_changed_capture_is_told_to_others() -> None:
    script = Script()
    witness, client = script.joined("witness"), script.joined("me")
    audio, video = client.publish("a"), client.add_track("v", is_video=True)
    client.offer("send audio 0 a, send video 1 v")
    witness.outbox()

    client.say(
        update_audio_track=UpdateLocalAudioTrack(track_sid=audio, features=[AudioTrackFeature.TF_STEREO])
    )
    client.say(update_video_track=UpdateLocalVideoTrack(track_sid=video, width=640, height=360))

    tracks = {track.sid: track for track in witness.updates()[-1].tracks}
    assert list(tracks[audio].audio_features) == [AudioTrackFeature.TF_STEREO]
    assert (tracks[video].width, tracks[video].height) == (640, 360)


def test_ended_section_unpublishes() -> None:
    script = Script()
    witness, client = script.joined("witness"), script.joined("me")
    sid = client.publish("c")
    producer = client.publisher.producers["0"]
    consumer = witness.consumers[sid]
    witness.outbox()

    client.offer("stop 0")

    assert [list(record.tracks) for record in witness.updates()] == [[]]
    assert producer.is_closed and consumer.is_closed
    assert not witness.consumers
    assert script.event_names()[-1] == "track_unpublished"


def test_same_capture_published_again_in_the_same_section() -> None:
    script = Script()
    witness, client = script.joined("witness"), script.joined("me")
    first = client.publish("c")

    second = client.publish("c")

    assert first != second
    assert list(client.member.publications.published) == [second]
    assert list(witness.consumers) == [second]


def test_both_pings_are_answered() -> None:
    script = Script()
    client = script.joined("me")

    client.say(ping=123)
    client.say(ping_req=Ping(timestamp=456, rtt=7))

    first, second = client.outbox()
    wall_ms = int((script.now + EPOCH_S) * 1000)
    assert first.pong == wall_ms
    assert (second.pong_resp.last_ping_timestamp, second.pong_resp.timestamp) == (456, wall_ms)


def test_own_metadata_is_changed_answered_and_echoed() -> None:
    script = Script()
    witness = script.joined("witness")
    client = script.joined("me", can_update_own_metadata=True, attributes={"keep": "1", "drop": "1"})

    change = UpdateParticipantMetadata(name="New", attributes={"drop": "", "add": "2"}, request_id=9)
    client.say(update_metadata=change)

    messages = client.outbox()
    assert [m.WhichOneof("message") for m in messages] == ["update", "refresh_token", "request_response"]
    assert messages[0].update.participants[0].name == "New"
    assert dict(messages[0].update.participants[0].attributes) == {"keep": "1", "add": "2"}
    assert (messages[2].request_response.request_id, messages[2].request_response.reason) == (9, Reason.OK)
    assert witness.updates()[-1].name == "New"


@pytest.mark.parametrize(
    ("may", "change", "reason"),
    [
        (False, UpdateParticipantMetadata(name="x", request_id=9), Reason.NOT_ALLOWED),
        (True, UpdateParticipantMetadata(name="x" * 300, request_id=9), Reason.LIMIT_EXCEEDED),
        (True, UpdateParticipantMetadata(metadata="x" * 600_000, request_id=9), Reason.LIMIT_EXCEEDED),
        (
            True,
            UpdateParticipantMetadata(attributes={"k": "x" * 70_000}, request_id=9),
            Reason.LIMIT_EXCEEDED,
        ),
    ],
)
def test_refused_metadata_is_answered(
    may: bool, change: UpdateParticipantMetadata, reason: RequestResponse.Reason
) -> None:
    script = Script()
    client = script.joined("me", can_update_own_metadata=may)

    client.say(update_metadata=change)

    (response,) = client.told("request_response")
    assert (response.request_id, response.reason) == (9, reason)
    assert client.member.name == ""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (DisconnectReason.UNKNOWN_REASON, DisconnectReason.CLIENT_INITIATED),
        (DisconnectReason.USER_REJECTED, DisconnectReason.USER_REJECTED),
        (DisconnectReason.SERVER_SHUTDOWN, DisconnectReason.CLIENT_INITIATED),
    ],
)
def test_leaving_tells_the_others_why(said: DisconnectReason, told: DisconnectReason) -> None:
    script = Script()
    witness, client = script.joined("witness"), script.joined("me")
    client.publish("c")
    witness.outbox()

    client.say(leave=LeaveRequest(reason=said))

    last = witness.updates()[-1]
    assert (last.state, last.disconnect_reason) == (State.DISCONNECTED, told)
    assert not last.tracks
    assert not witness.consumers
    assert len(script.discarded) == 1
    client.say(ping=1)
    assert client.member.outbox.close_reason == DisconnectReason.Name(told).lower()


@pytest.mark.parametrize("text", ["not json", "[]", "[" * 100_000])
def test_malformed_candidate_is_answered(text: str) -> None:
    script = Script()
    client = script.joined("me")

    client.say(trickle=TrickleRequest(candidateInit=text))
    client.say(trickle=TrickleRequest(candidateInit='{"candidate": ""}'))

    (response,) = client.told("request_response")
    assert response.reason == Reason.UNCLASSIFIED_ERROR


def test_requests_without_meaning_here_are_ignored() -> None:
    script = Script()
    client = script.joined("me")

    client.say(simulate={"server_leave": True})
    client.say(sync_state={})
    client.say()

    assert not client.outbox() and client.is_here


def _malformed_offer(client: Client) -> None:
    client.offer("v=0")


def _malformed_answer(client: Client) -> None:
    client.answer(sdp="v=0")


def _malformed_frame(client: Client) -> None:
    client.session.refused(WireError("malformed signal message"), client.script.now)


def _flood(client: Client) -> None:
    for _ in range(700):
        client.say(ping=1)


def _crash(client: Client) -> None:
    client.session.crashed(client.script.now)


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        (_malformed_offer, "session description refused"),
        (_malformed_answer, "session description refused"),
        (_malformed_frame, "malformed signal message"),
        (_flood, "too many signal messages"),
        (_crash, "internal error"),
    ],
)
def test_hostile_client_ends_alone(attack: Any, reason: str) -> None:
    script = Script()
    witness = script.joined("witness")
    client = script.join("me", is_single=False)

    attack(client)

    assert not client.is_here
    assert client.member.outbox.close_reason == reason
    assert witness.is_here
    assert script.room.end_reason is None
