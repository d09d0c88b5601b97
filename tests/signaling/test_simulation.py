"""Faults on request: what each scenario does, and that only a development node listens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from livekit.protocol.models import DisconnectReason
from livekit.protocol.rtc import CandidateProtocol, LeaveRequest, SimulateScenario

from signaling.rtc.room_settings import RoomSettings
from tests.signaling.scripted_room import Client, Script

SETTINGS = RoomSettings(keys={"key": "s" * 32}, may_simulate=True)
TWO_CANDIDATES = (
    "a=candidate:1 1 udp 2113 192.0.2.1 7882 typ host\r\n"
    "a=candidate:101 1 tcp 1510 192.0.2.1 7882 typ host tcptype passive\r\n"
)


def ask(client: Client, **scenario: Any) -> None:  # any field of SimulateScenario
    """Ask for a fault."""
    client.say(simulate=SimulateScenario(**scenario))


def test_nothing_happens_on_a_node_that_does_not_allow_it() -> None:
    script = Script(replace(SETTINGS, may_simulate=False))
    client = script.joined("me")

    ask(client, server_leave=True)

    assert client.is_here and client.leave is None


def test_speaker_update_says_that_the_participant_speaks_for_a_while() -> None:
    script = Script(SETTINGS)
    witness, client = script.joined("witness"), script.joined("me")
    client.publish("c")

    ask(client, speaker_update=3)
    script.elapse(1)
    assert [(s.sid, s.active) for t in witness.told("speakers_changed") for s in t.speakers] == [
        (client.member.sid, True)
    ]
    script.elapse(3)
    assert [s.active for t in witness.told("speakers_changed") for s in t.speakers] == [False]


@pytest.mark.parametrize("scenario", ["node_failure", "migration"])
def test_a_lost_node_says_nothing_and_knows_nobody(scenario: str) -> None:
    script = Script(SETTINGS)
    client = script.joined("me")

    ask(client, **{scenario: True})

    assert client.leave is None and client.member.outbox.close_reason is not None
    assert client.resume() is None


@pytest.mark.parametrize(
    ("scenario", "reason", "action"),
    [
        ("server_leave", DisconnectReason.SERVER_SHUTDOWN, LeaveRequest.Action.DISCONNECT),
        ("leave_request_full_reconnect", DisconnectReason.STATE_MISMATCH, LeaveRequest.Action.RECONNECT),
    ],
)
def test_farewells(scenario: str, reason: DisconnectReason, action: LeaveRequest.Action) -> None:
    script = Script(SETTINGS)
    client = script.joined("me")

    ask(client, **{scenario: True})

    farewell = client.leave
    assert farewell is not None
    assert (farewell.reason, farewell.action) == (reason, action)


def test_signalling_fails_once_after_a_resume() -> None:
    script = Script(SETTINGS)
    client = script.joined("me")
    ask(client, disconnect_signal_on_resume=True)

    first = client.resume()
    assert first is not None
    assert first.variants()[0] == "reconnect" and first.member.outbox.close_reason == "simulated"
    first.lose_socket()
    second = first.resume()

    assert second is not None and second.member.outbox.close_reason is None


def test_signalling_fails_before_any_message_of_a_resume() -> None:
    script = Script(SETTINGS)
    client = script.joined("me")
    ask(client, disconnect_signal_on_resume_no_messages=True)

    first = client.resume()
    assert first is not None
    assert first.variants() == [] and first.member.outbox.close_reason == "simulated"
    first.lose_socket()
    second = first.resume()

    assert second is not None and second.variants()[0] == "reconnect"


def test_subscriber_bandwidth_is_kept_until_taken_back() -> None:
    script = Script(SETTINGS)
    client = script.joined("me")

    ask(client, subscriber_bandwidth=150_000)
    assert client.up.limit_bps == 150_000
    ask(client, subscriber_bandwidth=0)
    assert client.up.limit_bps is None


def test_switching_the_protocol_offers_only_tcp_now_and_after_joining_anew() -> None:
    script = Script(SETTINGS)
    client = script.joined("me", is_single=False)
    script.router.described = TWO_CANDIDATES

    ask(client, switch_candidate_protocol=CandidateProtocol.TCP)
    (offer,) = client.told("offer")
    assert " tcp " in offer.sdp and " udp " not in offer.sdp

    again = script.join("me", is_single=False)
    (offer,) = again.told("offer")
    assert " udp " not in offer.sdp
