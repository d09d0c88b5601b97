"""What a client is still told when its socket changes."""

from __future__ import annotations

from livekit.protocol.models import DisconnectReason
from livekit.protocol.rtc import LeaveRequest, SignalResponse

from signaling.rtc.outbox import Outbox
from tests.signaling.scripted_room import Script


def test_a_closed_outbox_keeps_its_farewell_for_its_own_socket() -> None:
    old, new = Outbox(lambda: None), Outbox(lambda: None)
    old.put(SignalResponse(leave=LeaveRequest(action=LeaveRequest.Action.RESUME)))
    old.close("media is silent: resume")

    new.inherit(old)

    assert new.drain() == []
    assert [response.WhichOneof("message") for response in old.drain()] == ["leave"]


def test_a_client_told_to_resume_hears_it_on_the_socket_it_has() -> None:
    script = Script()
    client = script.joined("a")
    outbox = client.member.outbox
    client.outbox()

    client.member.part(DisconnectReason.CONNECTION_TIMEOUT, LeaveRequest.Action.RESUME, "media is silent")
    client.lose_socket()

    (leave,) = [response.leave for response in outbox.drain() if response.HasField("leave")]
    assert leave.action == LeaveRequest.Action.RESUME
