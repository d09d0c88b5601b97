"""Whom a voice reaches: the rule of a room, for those who are there, come later, and are told who speaks."""

from __future__ import annotations

from livekit.protocol.models import DataPacket, DataStream, UserPacket

from media import Speaker
from signaling.rtc.audience import Audience, Kind
from tests.signaling.scripted_room import Client, Script


def staff_only(speaker: str, listener: str, kind: Kind) -> bool:
    return listener.startswith("S-")


def voices_only(speaker: str, listener: str, kind: Kind) -> bool:
    return kind == "video" or listener.startswith("S-")


def test_what_is_kept_back_is_negotiated_and_withheld_also_from_those_who_come_later() -> None:
    script = Script()
    staff, colleague, resident = (script.joined(who) for who in ("S-1", "S-2", "G-1"))
    sid = staff.publish("a")

    script.room.change_audience(staff_only, script.now)
    late = script.joined("G-2")

    assert resident.consumers[sid].is_withheld and late.consumers[sid].is_withheld
    assert not colleague.consumers[sid].is_withheld

    script.room.change_audience(lambda *_: True, script.now)

    assert not any(client.consumers[sid].is_withheld for client in (resident, late, colleague))


def test_a_whisper_leaves_the_picture() -> None:
    script = Script()
    staff, resident = script.joined("S-1"), script.joined("G-1")
    script.room.change_audience(voices_only, script.now)
    staff.add_track("a")
    staff.add_track("v", is_video=True)
    staff.offer("send audio 0 a, send video 1 v")

    withheld = {consumer.producer.kind: consumer.is_withheld for consumer in resident.consumers.values()}

    assert withheld == {"audio": True, "video": False}


def test_who_may_not_hear_is_not_told_who_speaks() -> None:
    script = Script()
    staff, colleague, resident = (script.joined(who) for who in ("S-1", "S-2", "G-1"))
    sid = staff.publish("a")
    script.router.speakers = [Speaker(sid, 0.5)]
    script.elapse(1.0)
    assert [speaker.active for told in resident.told("speakers_changed") for speaker in told.speakers] == [
        True
    ]

    script.room.change_audience(staff_only, script.now)
    script.elapse(1.0)
    assert [speaker.active for told in resident.told("speakers_changed") for speaker in told.speakers] == [
        False
    ], "whoever was speaking falls silent"

    script.router.speakers = []
    script.elapse(1.0)
    script.router.speakers = [Speaker(sid, 0.9)]
    script.elapse(1.0)
    assert not resident.told("speakers_changed")
    assert colleague.told("speakers_changed")


def test_stills_and_files_go_where_the_sender_may_be_seen() -> None:
    script = Script()
    staff, colleague, resident = (script.joined(who) for who in ("S-1", "S-2", "G-1"))
    script.room.change_audience(staff_only, script.now)
    header = DataStream.Header(stream_id="still", mime_type="image/jpeg")
    state = DataPacket(user=UserPacket(payload=b"weak", topic="rung"))

    for packet in (DataPacket(stream_header=header), state):
        staff.up.hear("_reliable", packet.SerializeToString())

    def heard(client: Client) -> list[str | None]:
        return [DataPacket.FromString(frame).WhichOneof("value") for _, frame in client.up.sent]

    assert heard(colleague) == ["stream_header", "user"]
    assert heard(resident) == ["user"], "and what a line is like"


def test_a_rule_that_fails_reaches_nobody_from_then_on() -> None:
    def broken(speaker: str, listener: str, kind: Kind) -> bool:
        if listener == "unknown":
            raise KeyError(listener)
        return True

    audience = Audience(broken)

    assert audience.reaches("S-1", "S-2", "audio")
    assert not audience.reaches("S-1", "unknown", "audio")
    assert not audience.reaches("S-1", "S-2", "audio")
