"""A room's life: who comes and goes, when it ends, what travels between its members."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol.models import (
    ClientInfo,
    ConnectionQuality,
    DataPacket,
    DisconnectReason,
    ParticipantInfo,
    ParticipantPermission,
    RoomEndReason,
    Transcription,
    UserPacket,
)
from livekit.protocol.rtc import LeaveRequest

from media import Speaker
from signaling.rtc.data_relay import DATA_RATE, HELD_BYTES, LOSSY, RELIABLE
from signaling.rtc.room_settings import RoomLimits
from signaling.rtc.tokens import verify
from tests.signaling.scripted_room import EPOCH_S, Client, Script

Kind = ParticipantInfo.Kind


def packet(text: str = "hi", **fields: Any) -> bytes:  # any DataPacket field
    return DataPacket(user=UserPacket(payload=text.encode()), **fields).SerializeToString()


def received(client: Client, label: str = RELIABLE) -> list[DataPacket]:
    sent, client.up.sent = client.up.sent, []
    return [DataPacket.FromString(frame) for name, frame in sent if name == label]


def texts(client: Client, label: str = RELIABLE) -> list[str]:
    return [data.user.payload.decode() for data in received(client, label)]


# -- coming and going


def test_same_identity_replaces_the_first_without_saying_it_left() -> None:
    script = Script()
    witness, first = script.joined("witness"), script.joined("me")
    first.publish("c")
    witness.outbox()

    second = script.join("me")

    farewell = first.leave
    assert farewell is not None
    assert (farewell.reason, farewell.action) == (
        DisconnectReason.DUPLICATE_IDENTITY,
        LeaveRequest.Action.DISCONNECT,
    )
    assert not first.is_here and second.is_here
    records = witness.updates()
    assert ParticipantInfo.State.DISCONNECTED not in [record.state for record in records]
    assert records[-1].sid == second.member.sid
    first.lose_socket()
    assert second.is_here, "the old socket's end does not concern the newcomer"


def test_client_that_never_connects_is_removed_after_a_minute() -> None:
    script = Script()
    client = script.join("me")

    script.elapse(61)

    farewell = client.leave
    assert farewell is not None and farewell.reason == DisconnectReason.JOIN_FAILURE
    assert "participant_connection_aborted" in script.event_names()


def test_broken_connection_is_told_to_reconnect_after_a_moment() -> None:
    script = Script()
    client = script.joined("me")

    client.up.become("failed")
    assert client.is_here
    script.elapse(3)

    farewell = client.leave
    assert farewell is not None
    assert (farewell.reason, farewell.action) == (
        DisconnectReason.CONNECTION_TIMEOUT,
        LeaveRequest.Action.RECONNECT,
    )


def test_farewell_after_closed_media_counts_as_leaving() -> None:
    script = Script()
    witness, client = script.joined("witness"), script.joined("me")

    client.up.become("failed")
    client.say(leave=LeaveRequest())

    assert witness.updates()[-1].disconnect_reason == DisconnectReason.CLIENT_INITIATED


def test_slow_reader_is_removed_and_the_others_go_on() -> None:
    script = Script()
    witness, slow = script.joined("witness"), script.joined("slow")

    for number in range(3000):
        script.room.change_metadata(str(number))
        witness.outbox()
    script.room.changed(script.now)

    assert not slow.is_here and witness.is_here
    assert slow.member.outbox.close_reason == "signal client too slow"


def test_bug_in_one_participants_media_removes_only_it() -> None:
    script = Script()
    witness, broken, client = script.joined("witness"), script.joined("broken"), script.joined("me")
    broken.up.breaks = True

    sid = client.publish("c")

    assert not broken.is_here
    assert client.is_here and list(witness.consumers) == [sid]


def test_events_follow_a_participants_life() -> None:
    script = Script()
    client = script.joined("me")
    client.publish("c")
    client.say(leave=LeaveRequest())
    script.elapse(25)

    assert script.event_names() == [
        "room_started",
        "participant_joined",
        "track_published",
        "track_unpublished",
        "participant_left",
        "room_finished",
    ]
    assert script.events[1].participant.identity == "me"
    assert script.events[2].track.sid.startswith("TR_")
    assert len({event.id for event in script.events}) == 6


# -- how long a room lasts


@pytest.mark.parametrize(("limits", "seconds"), [(RoomLimits(), 300), (RoomLimits(empty_timeout_s=5), 5)])
def test_room_nobody_enters_ends(limits: RoomLimits, seconds: float) -> None:
    script = Script(limits=limits)

    script.elapse(seconds - 1)
    assert script.room.end_reason is None
    script.elapse(2)

    assert script.room.end_reason == RoomEndReason.ROOM_END_IDLE_TIMEOUT


def test_room_ends_after_the_last_person_and_takes_agents_along() -> None:
    script = Script(limits=RoomLimits(departure_timeout_s=20))
    person, agent = script.joined("person"), script.joined("agent", kind=Kind.AGENT)
    script.elapse(1000)
    assert script.room.end_reason is None

    person.say(leave=LeaveRequest())
    script.elapse(19)
    assert script.room.end_reason is None
    script.elapse(2)

    farewell = agent.leave
    assert farewell is not None and farewell.reason == DisconnectReason.ROOM_CLOSED


def test_somebody_coming_back_keeps_the_room() -> None:
    script = Script()
    script.joined("me").say(leave=LeaveRequest())
    script.elapse(10)
    script.joined("me")

    script.elapse(100)

    assert script.room.end_reason is None


def test_agents_and_recorders_do_not_fill_a_room() -> None:
    script = Script(limits=RoomLimits(max_participants=1))
    script.joined("agent", kind=Kind.AGENT)
    script.joined("recorder", recorder=True)
    assert script.room.has_space_for("me")

    script.joined("me")

    assert not script.room.has_space_for("other")
    assert script.room.has_space_for("me")


def test_counts_and_metadata_reach_everybody() -> None:
    script = Script()
    client = script.joined("me")
    script.joined("ghost", hidden=True)
    client.publish("c")
    script.elapse(3)

    updates = client.told("room_update")
    assert updates[-1].room.num_participants == 1
    assert updates[-1].room.num_publishers == 1

    script.room.change_metadata("new")
    assert client.told("room_update")[-1].room.metadata == "new"


# -- permissions and tokens


def test_shrunk_permission_ends_tracks_and_subscriptions() -> None:
    script = Script()
    other, client = script.joined("other"), script.joined("me")
    other.publish("a")
    sid = client.publish("c")
    client.outbox()

    script.room.change_permission(client.member, ParticipantPermission(can_publish_data=True), script.now)

    messages = client.outbox()
    assert [m.track_unpublished.track_sid for m in messages if m.HasField("track_unpublished")] == [sid]
    assert not client.consumers and not other.consumers
    assert any(m.HasField("refresh_token") for m in messages)
    records = [info for m in messages for info in m.update.participants]
    assert not records[-1].permission.can_publish


def test_permission_to_subscribe_may_come_later() -> None:
    script = Script()
    client = script.joined("me", is_single=False, can_subscribe=False)
    other = script.joined("other")
    sid = other.publish("a")
    assert not client.consumers

    script.room.change_permission(client.member, ParticipantPermission(can_subscribe=True), script.now)
    script.elapse(1)

    assert list(client.consumers) == [sid]
    assert client.told("offer")[0].type == "offer"


def test_browsers_that_overlook_reused_sections_get_new_ones() -> None:
    script = Script()
    safari, chrome = ClientInfo(browser="safari"), ClientInfo(browser="chrome")

    assert not script.join("me", client=safari).up.reuse_sections
    assert script.join("other", client=chrome).up.reuse_sections


def test_becoming_hidden_looks_like_leaving() -> None:
    script = Script()
    witness, client = script.joined("witness"), script.joined("me")

    hidden = ParticipantPermission(can_subscribe=True, hidden=True)
    script.room.change_permission(client.member, hidden, script.now)

    assert [info.state for info in witness.updates()] == [ParticipantInfo.State.DISCONNECTED]
    assert client.is_here and client.member.is_hidden


def test_tokens_are_renewed_with_the_present_rights() -> None:
    script = Script()
    client = script.join("me", expires_at_s=EPOCH_S + 200, can_publish=False, attributes={"a": "b"})
    client.offer("recv audio 0")
    client.up.become("connected")
    (first,) = client.told("refresh_token")
    script.elapse(301)
    (second,) = client.told("refresh_token")

    for token, at in ((first, 100.0), (second, 401.0)):
        grants = verify(token, {"key": "s" * 32}, EPOCH_S + at)
        assert (grants.identity, grants.room, grants.can_publish) == ("me", "room", False)
        assert grants.expires_at_s >= int(EPOCH_S + at + 599)
        assert grants.attributes == {"a": "b"}


# -- who speaks, and how well


def test_speakers_are_told_as_changes_to_those_who_hear_them() -> None:
    script = Script()
    listener, deaf = script.joined("listener"), script.joined("deaf", can_subscribe=False, is_single=False)
    client = script.joined("me")
    sid = client.publish("c")
    deaf.outbox()
    script.router.speakers = [Speaker(sid, 0.5), Speaker("TR_GONE", 1.0)]
    script.elapse(1)

    (started,) = listener.told("speakers_changed")
    assert [(s.sid, s.active, s.level) for s in started.speakers] == [(client.member.sid, True, 0.5)]
    assert len(client.told("speakers_changed")) == 1
    assert not deaf.told("speakers_changed")

    script.router.speakers = []
    script.elapse(1)

    (stopped,) = listener.told("speakers_changed")
    assert [(s.sid, s.active) for s in stopped.speakers] == [(client.member.sid, False)]


def test_quality_is_excellent_and_said_once() -> None:
    script = Script()
    witness = script.joined("witness")
    client = script.join("me")
    client.offer("recv audio 0")
    client.up.become("connected")

    both = [witness.member.sid, client.member.sid]
    for receiver, told in ((witness, [client.member.sid]), (client, both)):
        updates = [info for update in receiver.told("connection_quality") for info in update.updates]
        assert [info.participant_sid for info in updates] == told
        assert {info.quality for info in updates} == {ConnectionQuality.EXCELLENT}


# -- data


def test_data_goes_to_everybody_else_under_the_senders_name() -> None:
    script = Script()
    one, two, sender = script.joined("one"), script.joined("two"), script.joined("me", is_single=False)
    forged = packet(participant_identity="boss", participant_sid="PA_BOSS", kind=DataPacket.Kind.LOSSY)

    sender.up.hear(RELIABLE, forged)

    for receiver in (one, two):
        (data,) = received(receiver)
        assert (data.participant_identity, data.participant_sid) == ("me", sender.member.sid)
        assert (data.user.participant_identity, data.user.participant_sid) == ("me", sender.member.sid)
        assert data.kind == DataPacket.Kind.RELIABLE
    assert not sender.up.sent


@pytest.mark.parametrize("where", ["packet", "user", "sid"])
def test_data_goes_only_where_it_is_addressed(where: str) -> None:
    script = Script()
    one, two, sender = script.joined("one"), script.joined("two"), script.joined("me")
    user = UserPacket(payload=b"hi")
    data = DataPacket(user=user)
    if where == "packet":
        data.destination_identities.append("one")
    elif where == "user":
        data.user.destination_identities.append("one")
    else:
        data.user.destination_sids.append(one.member.sid)

    sender.up.hear(LOSSY, data.SerializeToString())

    (got,) = received(one, LOSSY)
    assert list(got.destination_identities) == list(got.user.destination_identities)
    assert not two.up.sent


def test_forbidden_malformed_and_foreign_data_is_dropped() -> None:
    script = Script()
    listener, mute = script.joined("listener"), script.joined("mute", can_publish_data=False)
    sender = script.joined("me")

    mute.up.hear(RELIABLE, packet())
    sender.up.hear(RELIABLE, b"\xff\xff")
    sender.up.hear(RELIABLE, b"")
    sender.up.hear("_data_track", packet())
    sender.up.hear(RELIABLE, packet("x" * 70_000))
    sender.up.hear(RELIABLE, DataPacket(transcription=Transcription()).SerializeToString())

    assert not listener.up.sent
    assert sender.is_here


def test_agents_may_send_transcriptions() -> None:
    script = Script()
    listener, agent = script.joined("listener"), script.joined("agent", kind=Kind.AGENT)

    agent.up.hear(RELIABLE, DataPacket(transcription=Transcription(track_id="TR")).SerializeToString())

    assert received(listener)[0].transcription.track_id == "TR"


def test_hidden_sender_stays_nameless() -> None:
    script = Script()
    listener, ghost = script.joined("listener"), script.joined("ghost", hidden=True)

    ghost.up.hear(RELIABLE, packet())

    (data,) = received(listener)
    assert (data.participant_identity, data.participant_sid) == ("", "")


@given(st.lists(st.integers(min_value=1, max_value=20), max_size=40))
def test_reliable_sequence_is_kept_and_never_goes_back(numbers: list[int]) -> None:
    script = Script()
    listener, sender = script.joined("listener"), script.joined("me")

    for number in numbers:
        sender.up.hear(RELIABLE, packet(sequence=number))

    heard = [data.sequence for data in received(listener)]
    assert heard == sorted(set(heard))
    assert set(heard) <= set(numbers)
    if numbers:
        assert heard[0] == numbers[0] and heard[-1] == max(numbers)


def test_messages_sent_while_channels_open_are_replayed() -> None:
    script = Script()
    sender = script.joined("me")
    late = script.join("late")
    late.offer("recv audio 0")
    sender.up.hear(RELIABLE, packet("too old", sequence=1))
    script.room.send_data(UserPacket(payload=b"from the server"), DataPacket.Kind.RELIABLE, script.now)
    script.elapse(3)
    sender.up.hear(RELIABLE, packet("fresh", sequence=2))
    sender.up.hear(LOSSY, packet("lossy"))
    assert not late.up.sent

    late.up.open_channels()

    assert texts(late) == ["from the server", "fresh"]


def test_what_waits_for_channels_is_bounded() -> None:
    script = Script()
    sender = script.joined("me")
    late = script.join("late")
    late.offer("recv audio 0")

    for number in range(1, 100):
        sender.up.hear(RELIABLE, packet(f"{number}" + "x" * 5000, sequence=number))
    late.up.open_channels()

    held = texts(late)
    assert sum(len(text) for text in held) <= HELD_BYTES
    assert held[-1].startswith("99x")


def test_server_data_has_no_sender_and_repeats_are_dropped_by_nonce() -> None:
    script = Script()
    one, two = script.joined("one"), script.joined("two")
    user = UserPacket(payload=b"hi", topic="t", destination_identities=["one"], nonce=b"n" * 16)

    script.room.send_data(user, DataPacket.Kind.RELIABLE, script.now)
    script.room.send_data(user, DataPacket.Kind.RELIABLE, script.now)

    (data,) = received(one)
    assert (data.participant_identity, data.user.topic) == ("", "t")
    assert not two.up.sent


@pytest.mark.parametrize("label", [LOSSY, RELIABLE])
def test_flood_of_data_is_cut_where_it_may_be_and_ends_its_sender_where_not(label: str) -> None:
    script = Script()
    listener, sender, other = script.joined("listener"), script.joined("me"), script.joined("other")

    for number in range(DATA_RATE.burst + 10):
        sender.up.hear(label, packet(str(number)))
    other.up.hear(label, packet("still here"))

    assert texts(listener, label) == [*map(str, range(DATA_RATE.burst)), "still here"]
    assert sender.is_here == (label == LOSSY)
    if label == RELIABLE:
        assert sender.member.outbox.close_reason == "too many data packets"
