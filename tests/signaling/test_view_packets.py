"""What pages say to each other about what they look at: nobody speaks for the server or across a hold."""

from __future__ import annotations

import pytest
from livekit.protocol.models import DataPacket, UserPacket

from field_assist import people
from signaling.rtc.data_relay import LOSSY, RELIABLE
from tests.signaling.scripted_room import Client, Script


def saying(topic: str) -> bytes:
    return DataPacket(user=UserPacket(payload=b"hi", topic=topic)).SerializeToString()


def heard(client: Client, label: str) -> int:
    return sum(name == label for name, _ in client.up.sent)


@pytest.mark.parametrize("topic", ["genba.shown", "genba.chat"])
def test_a_participant_cannot_speak_where_the_server_is_believed(topic: str) -> None:
    script = Script()
    hostile, other = script.joined("G-hostile"), script.joined("S-other")

    for label in (RELIABLE, LOSSY):
        hostile.up.hear(label, saying(topic))

        assert heard(other, label) == 0


def test_pointers_and_lines_do_not_cross_a_hold_and_the_state_of_a_line_does() -> None:
    script = Script()
    staff, guest, colleague = script.joined("S-1"), script.joined("G-1"), script.joined("S-2")
    script.room.change_audience(lambda one, other, kind: people.are_on_one_side(one, other), script.now)

    staff.up.hear(LOSSY, saying("genba.view"))
    staff.up.hear(RELIABLE, saying("genba.line"))

    assert (heard(colleague, LOSSY), heard(guest, LOSSY)) == (1, 0)
    assert (heard(colleague, RELIABLE), heard(guest, RELIABLE)) == (1, 1)
