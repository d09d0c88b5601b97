"""Signalling lost and found again: who stays, for how long, what a client that comes back is told."""

from __future__ import annotations

import pytest
from livekit.protocol.models import (
    ConnectionQuality,
    DataPacket,
    DisconnectReason,
    ParticipantInfo,
    TrackInfo,
    UserPacket,
)
from livekit.protocol.rtc import (
    DataChannelReceiveState,
    LeaveRequest,
    MuteTrackRequest,
    SyncState,
    TrackPublishedResponse,
    UpdateSubscription,
    UpdateTrackSettings,
)

from signaling.rtc.data_relay import KEPT_BYTES
from signaling.rtc.session import GOING_AWAY
from tests.signaling.scripted_room import Client, Script

Action = LeaveRequest.Action
State = ParticipantInfo.State
BOTH_MODES = pytest.mark.parametrize("is_single", [False, True], ids=["dual", "single"])


def resumed(client: Client, **parameters: object) -> Client:
    """The client over a new socket, which must be possible."""
    again = client.resume(**parameters)
    assert again is not None
    return again


def hush(client: Client) -> None:
    """Nothing comes from the client's media any more."""
    client.up.is_audible = False


# -- what a resumed client is told


@BOTH_MODES
def test_reconnect_comes_first_then_everything_that_may_have_changed(is_single: bool) -> None:
    script = Script()
    other, client = script.joined("other"), script.joined("me", is_single=is_single)
    sid = client.member.sid

    client.lose_socket()
    again = resumed(client, participant_sid=sid)

    first, *rest = again.outbox()
    assert first.reconnect.server_info.version == "1.13.6"
    told = [response.WhichOneof("message") for response in rest]
    assert told == ["update", "room_update", "refresh_token", "connection_quality"] + (
        [] if is_single else ["offer"]
    )
    assert {info.identity: info.sid for info in rest[0].update.participants} == {
        "me": sid,
        "other": other.member.sid,
    }
    assert not other.updates(), "nobody else notices"


@BOTH_MODES
def test_nobody_is_told_that_a_resumed_client_left(is_single: bool) -> None:
    script = Script()
    script.joined("other")
    client = script.joined("me", is_single=is_single)
    before = script.event_names()

    client.lose_socket()
    script.elapse(10)
    again = resumed(client)
    if not is_single:
        again.answer()
    script.elapse(100)

    assert client.is_here
    assert script.event_names() == before


def test_server_restarts_ice_where_it_offers() -> None:
    script = Script()
    client = script.joined("me", is_single=False)

    client.lose_socket()
    again = resumed(client)

    assert client.up.ice_restarts == 1
    (offer,) = again.told("offer")
    again.answer(offer.id)
    script.elapse(60)
    assert again.is_here


def test_resume_while_an_offer_is_outstanding_makes_a_new_one() -> None:
    script = Script()
    client, publisher = script.joined("me", is_single=False), script.joined("publisher")
    publisher.publish("c")
    script.elapse(1)
    (lost,) = client.told("offer")

    client.lose_socket()
    script.elapse(20)
    again = resumed(client)

    (offer,) = again.told("offer")
    assert offer.id > lost.id
    again.answer(offer.id)
    script.elapse(30)
    assert again.is_here


def test_those_who_left_meanwhile_are_named_and_those_who_came_back_are_not() -> None:
    script = Script()
    client = script.joined("me")
    gone, back = script.joined("gone"), script.joined("back")
    script.elapse(100)

    client.lose_socket()
    gone.say(leave=LeaveRequest())
    back.say(leave=LeaveRequest())
    script.joined("back")
    again = resumed(client)

    states = {(info.identity, info.state) for info in again.updates()}
    assert ("gone", State.DISCONNECTED) in states
    assert ("back", State.DISCONNECTED) not in states


def test_answers_that_were_not_read_are_sent_again() -> None:
    script = Script()
    client = script.joined("me")
    client.say(mute=MuteTrackRequest(sid="TR_unknown", muted=True))
    sid = client.add_track("c")  # announced, and its answer perhaps lost in the old socket
    client.say(mute=MuteTrackRequest(sid="TR_unknown", muted=True))

    client.lose_socket()
    again = resumed(client)

    messages = again.outbox()
    assert messages[0].WhichOneof("message") == "reconnect"
    assert [m.request_response.mute.sid for m in messages if m.HasField("request_response")] == ["TR_unknown"]
    assert [m.track_published.track.sid for m in messages if m.HasField("track_published")] == [sid]


def test_old_socket_is_closed_and_has_nothing_to_say_any_more() -> None:
    script = Script()
    client = script.joined("me")
    old = client.member.outbox

    resumed(client)
    client.lose_socket()
    client.say(leave=LeaveRequest())

    assert old.close_reason is not None
    assert client.is_here and client.member.presence.is_signalled


def test_storm_of_resumes_leaves_one_participant() -> None:
    script = Script()
    client = script.joined("me", is_single=False)

    last = client
    for _ in range(50):
        last = resumed(last)
    (*_, offer) = last.told("offer")
    last.answer(offer.id)
    script.elapse(60)

    assert last.is_here and len(script.room.members) == 1


# -- who cannot resume


def test_unknown_replaced_failed_and_other_modes_are_sent_away() -> None:
    script = Script()
    client = script.joined("me")
    never_up, failed = script.join("never up"), script.joined("failed")
    failed.up.become("failed")

    assert never_up.resume() is None
    assert failed.resume() is None
    assert client.resume(single_peer_connection=False) is None
    assert client.resume(participant_sid="PA_of_somebody_else") is None
    client.say(leave=LeaveRequest())
    assert client.resume() is None


def test_resume_does_not_take_over_the_newcomer_with_the_same_identity() -> None:
    script = Script()
    first = script.joined("me")
    first.lose_socket()
    second = script.joined("me")

    assert first.resume(participant_sid=first.member.sid) is None
    assert second.is_here and second.leave is None


# -- how long one without signalling stays


def test_cut_socket_is_borne_as_long_as_media_flows() -> None:
    script = Script()
    client = script.joined("me")

    client.lose_socket()
    script.elapse(3600)

    assert client.is_here


def test_silence_on_every_way_is_borne_for_half_a_minute_and_ends_after_a_minute() -> None:
    script = Script()
    witness, client = script.joined("witness"), script.joined("me")
    client.lose_socket()
    hush(client)

    script.elapse(45)
    assert client.is_here
    script.elapse(20)

    assert not client.is_here
    assert witness.updates()[-1].disconnect_reason == DisconnectReason.CONNECTION_TIMEOUT


@pytest.mark.parametrize("media_first", [True, False])
def test_closed_tab_is_gone_at_once(media_first: bool) -> None:
    script = Script()
    witness, client = script.joined("witness"), script.joined("me")

    if media_first:
        client.up.become("failed")
    client.lose_socket()
    if not media_first:
        client.up.become("failed")
    script.elapse(3)

    assert not client.is_here
    assert witness.updates()[-1].disconnect_reason == DisconnectReason.SIGNAL_CLOSE


def test_browser_that_closes_its_page_is_gone_once_its_media_is_silent() -> None:
    script = Script()
    witness, client = script.joined("witness"), script.joined("me")

    client.lose_socket(GOING_AWAY)
    script.elapse(30)
    assert client.is_here, "whoever is heard is here"
    hush(client)
    script.elapse(6)

    assert not client.is_here
    assert witness.updates()[-1].disconnect_reason == DisconnectReason.SIGNAL_CLOSE


def test_socket_lost_before_media_came_up_ends_the_visit() -> None:
    script = Script()
    client = script.join("me")

    client.lose_socket()

    assert not client.is_here


def test_client_whose_media_fell_silent_is_told_to_resume_and_in_the_end_to_start_again() -> None:
    script = Script()
    client = script.joined("me")
    hush(client)

    script.elapse(16)
    assert client.is_here and not client.member.presence.is_signalled

    again = resumed(client)
    client.outbox()
    script.elapse(16)
    assert client.is_here and not client.member.presence.is_signalled
    script.elapse(60)
    assert not again.is_here


def test_others_see_a_silent_participant_as_lost_and_itself_never_does() -> None:
    script = Script()
    witness, client = script.joined("witness"), script.joined("me")
    client.lose_socket()
    hush(client)

    script.elapse(14)
    (lost,) = witness.told("connection_quality")
    assert [(u.participant_sid, u.quality) for u in lost.updates] == [
        (client.member.sid, ConnectionQuality.LOST)
    ]

    for transport in script.router.transports:
        transport.is_audible = True
    again = resumed(client)
    qualities = [update for told in again.told("connection_quality") for update in told.updates]
    assert all(update.quality == ConnectionQuality.EXCELLENT for update in qualities)
    script.elapse(16)
    assert [u.quality for told in witness.told("connection_quality") for u in told.updates] == [
        ConnectionQuality.EXCELLENT
    ]


# -- what the client says about itself


def test_sync_state_with_an_unknown_track_starts_the_client_anew() -> None:
    script = Script()
    client = script.joined("me")

    unknown = TrackPublishedResponse(cid="c", track=TrackInfo(sid="TR_unknown"))
    client.say(sync_state=SyncState(publish_tracks=[unknown]))

    farewell = client.leave
    assert farewell is not None
    assert (farewell.reason, farewell.action) == (DisconnectReason.STATE_MISMATCH, Action.RECONNECT)


def test_sync_state_brings_wishes_up_to_date() -> None:
    script = Script()
    publisher, client = script.joined("publisher"), script.joined("me")
    shown = publisher.publish("shown", is_video=True, mid="0")
    hidden = publisher.publish("hidden", is_video=True, mid="1")
    unwanted = publisher.publish("unwanted", mid="2")
    client.say(track_setting=UpdateTrackSettings(track_sids=[shown], disabled=True))
    published = client.publish("mine", mid="5")

    client.lose_socket()
    again = resumed(client)
    mine = TrackPublishedResponse(cid="mine", track=TrackInfo(sid=published))
    again.say(
        sync_state=SyncState(
            publish_tracks=[mine],
            track_sids_disabled=[hidden],
            subscription=UpdateSubscription(track_sids=[unwanted], subscribe=False),
        )
    )

    assert set(again.consumers) == {shown, hidden}
    assert not again.consumers[shown].is_paused and again.consumers[hidden].is_paused
    assert again.is_here


# -- reliable data

ANOTHER = DataChannelReceiveState(publisher_sid="PA_another", last_seq=1)


def reliable(sequence: int, *, to: str = "") -> bytes:
    """A numbered packet of a client."""
    packet = DataPacket(sequence=sequence, user=UserPacket(payload=str(sequence).encode()))
    if to:
        packet.destination_identities.append(to)
    return packet.SerializeToString()


def received(client: Client) -> list[int]:
    """Numbers of the reliable packets sent to a client since last time."""
    packets = [DataPacket.FromString(payload) for label, payload in client.up.sent if label == "_reliable"]
    client.up.sent.clear()
    return [packet.sequence for packet in packets]


def test_reliable_data_the_client_misses_is_sent_again_and_nothing_else() -> None:
    script = Script()
    sender, client, other = (script.joined(name) for name in ("sender", "me", "other"))
    for sequence in (1, 2, 3):
        sender.up.hear("_reliable", reliable(sequence))
    sender.up.hear("_reliable", reliable(4, to="other"))
    sender.up.hear("_reliable", reliable(5))
    assert received(client) == [1, 2, 3, 5] and received(other) == [1, 2, 3, 4, 5]

    client.lose_socket()
    again = resumed(client)
    state = DataChannelReceiveState(publisher_sid=sender.member.sid, last_seq=2)
    again.say(sync_state=SyncState(datachannel_receive_states=[state]))

    assert received(again) == [3, 5] and received(other) == []


def test_what_was_said_before_a_client_came_is_not_told_to_it_when_it_resumes() -> None:
    script = Script()
    sender = script.joined("sender")
    sender.up.hear("_reliable", reliable(1))
    client = script.joined("me")
    sender.up.hear("_reliable", reliable(2))
    received(client)

    client.lose_socket()
    again = resumed(client)
    again.say(sync_state=SyncState(datachannel_receive_states=[ANOTHER]))
    assert received(again) == [2]

    again.say(sync_state=SyncState())
    assert received(again) == [], "a client that keeps no account would not notice the second one"


def test_data_sent_again_by_the_client_is_delivered_once() -> None:
    script = Script()
    other, client = script.joined("other"), script.joined("me")
    for sequence in (1, 2):
        client.up.hear("_reliable", reliable(sequence))

    client.lose_socket()
    again = resumed(client)
    (reconnect,) = again.told("reconnect")
    assert reconnect.last_message_seq == 2
    for sequence in (2, 3):
        client.up.hear("_reliable", reliable(sequence))

    assert received(other) == [1, 2, 3]


def test_memory_for_missed_data_is_bounded() -> None:
    script = Script()
    sender, client = script.joined("sender"), script.joined("me")
    big = 40_000
    for sequence in range(1, 101):
        packet = DataPacket(sequence=sequence, user=UserPacket(payload=bytes(big)))
        sender.up.hear("_reliable", packet.SerializeToString())
    received(client)

    resumed(client).say(sync_state=SyncState(datachannel_receive_states=[ANOTHER]))

    again = received(client)
    assert again[-1] == 100 and len(again) <= KEPT_BYTES // big
