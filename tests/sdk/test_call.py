"""A call works (conformance tier T1): the unmodified Python SDK against a real node, in both modes."""

from __future__ import annotations

import time

import pytest
from livekit import rtc

from media import MediaSettings
from signaling.rtc.tokens import mint
from tests.livekit_node import API_KEY, API_SECRET, LiveKitNode
from tests.sdk.guests import Stage, play, until

pytestmark = pytest.mark.sdk

RED, GREEN, BLUE, YELLOW = (220, 20, 20), (20, 200, 20), (20, 20, 220), (220, 220, 20)


def test_t1_01_02_join_connects_and_tells_the_room(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        guest = await stage.guest("a", is_single=is_single, attributes={"genba.role": "field"})

        assert guest.sid.startswith("PA_")
        assert (await guest.room.sid).startswith("RM_")
        assert guest.room.local_participant.attributes == {"genba.role": "field"}

    play(script)


def test_t1_04_falls_back_to_two_peer_connections_without_v1() -> None:
    async def script(stage: Stage) -> None:
        guest = await stage.guest("a", is_single=True)

        assert guest.room.isconnected()

    play(script, LiveKitNode(has_v1=False))


@pytest.mark.parametrize("fault", ["expired", "forged", "no room"])
def test_t1_05_bad_token_is_refused_with_the_reason(fault: str, is_single: bool) -> None:
    secret = "other" if fault == "forged" else API_SECRET
    now = time.time() - (10_000 if fault == "expired" else 0)
    room = "" if fault == "no room" else "room"
    token = mint(api_key=API_KEY, api_secret=secret, identity="a", name="", room=room, now=now, ttl_s=60)
    reasons = {"expired": "token is expired", "forged": "invalid token signature", "no room": "no room name"}

    async def script(stage: Stage) -> None:
        with pytest.raises(rtc.ConnectError, match=reasons[fault]):
            await stage.guest_with(token, "a", is_single=is_single)

    play(script)


def test_t1_06_two_participants_see_each_other_come_and_go(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        first = await stage.guest("a", is_single=is_single)
        second = await stage.guest("b", is_single=is_single)

        await first.until_heard("participant_active")
        assert second.sees("a") is not None

        await second.leave()
        (gone,) = await first.until_heard("participant_disconnected")
        assert gone.identity == "b"
        assert gone.disconnect_reason == rtc.DisconnectReason.CLIENT_INITIATED

    play(script)


def test_t1_07_audio_is_heard(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        first = await stage.guest("a", is_single=is_single)
        second = await stage.guest("b", is_single=is_single)

        publication = await first.publish_tone()

        assert publication.sid.startswith("TR_AM")
        await second.hears_tone(publication.sid)
        await first.until_heard("local_track_subscribed")

    play(script)


def test_t1_08_vp8_video_is_seen(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        first = await stage.guest("a", is_single=is_single)
        second = await stage.guest("b", is_single=is_single)

        publication = await first.publish_colour(RED)

        frame = await second.watches(publication.sid, RED)
        assert second.codec_of(publication.sid) == "video/VP8"
        assert (frame.width, frame.height) == (320, 180)

    play(script)


def test_t1_09_tracks_of_two_publishers_are_not_confused(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        publishers = [await stage.guest(name, is_single=is_single) for name in ("a", "b")]
        viewer = await stage.guest("viewer", is_single=is_single)
        colours = {"a": (RED, GREEN), "b": (BLUE, YELLOW)}

        published = [
            (guest.identity, colour, await guest.publish_colour(colour, f"{guest.identity}{index}"))
            for guest in publishers
            for index, colour in enumerate(colours[guest.identity])
        ]

        for identity, colour, publication in published:
            await viewer.watches(publication.sid, colour)
            remote = viewer.sees(identity)
            assert remote is not None
            assert remote.track_publications[publication.sid].name == publication.name

    play(script)


@pytest.mark.parametrize("codec", [rtc.VideoCodec.H264, rtc.VideoCodec.VP9, rtc.VideoCodec.AV1])
def test_t1_10_other_codecs_pass_through(codec: rtc.VideoCodec.ValueType, is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        first = await stage.guest("a", is_single=is_single)
        second = await stage.guest("b", is_single=is_single)

        publication = await first.publish_colour(GREEN, codec=codec)

        await second.watches(publication.sid, GREEN)
        assert second.codec_of(publication.sid) == f"video/{rtc.VideoCodec.Name(codec)}"

    play(script)


def test_t1_11_mute_and_unmute_are_seen(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        first = await stage.guest("a", is_single=is_single)
        second = await stage.guest("b", is_single=is_single)
        publication = await first.publish_tone()
        await second.hears_tone(publication.sid)
        assert publication.track is not None

        publication.track.mute()
        _, muted = await second.until_heard("track_muted")
        assert muted.sid == publication.sid

        publication.track.unmute()
        await second.until_heard("track_unmuted")
        await second.hears_tone(publication.sid)

    play(script)


def test_t1_12_unpublished_track_goes_and_another_can_come(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        first = await stage.guest("a", is_single=is_single)
        second = await stage.guest("b", is_single=is_single)
        publication = await first.publish_colour(RED)
        await second.watches(publication.sid, RED)

        await first.room.local_participant.unpublish_track(publication.sid)
        await second.until_heard("track_unpublished")
        again = await first.publish_colour(BLUE, "again")

        assert again.sid != publication.sid
        await second.watches(again.sid, BLUE)
        remote = second.sees("a")
        assert remote is not None
        assert list(remote.track_publications) == [again.sid]

    play(script)


@pytest.mark.parametrize("is_reliable", [True, False], ids=["reliable", "lossy"])
def test_t1_13_14_15_data_reaches_others_under_the_senders_name(is_reliable: bool, is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        sender, one, other = [await stage.guest(name, is_single=is_single) for name in ("a", "b", "c")]
        send = sender.room.local_participant.publish_data
        if not is_reliable:
            await until(lambda: _all_channels_open(stage), "open channels: nothing lossy waits for them")

        await send(b"to all", reliable=is_reliable, topic="t")
        await send(b"to b", reliable=is_reliable, destination_identities=["b"])
        await send(b"last", reliable=is_reliable)

        for guest, expected in ((one, [b"to all", b"to b", b"last"]), (other, [b"to all", b"last"])):
            await guest.until_heard("data_received", len(expected))
            packets = [packet for (packet,) in guest.heard("data_received")]
            assert [packet.data for packet in packets] == expected
            assert {packet.participant.sid for packet in packets} == {sender.sid}
            assert packets[0].topic == "t"
        assert not sender.heard("data_received")

    play(script)


def test_t1_16_late_joiner_gets_what_is_there(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        first = await stage.guest("a", is_single=is_single)
        video = await first.publish_colour(RED)
        audio = await first.publish_tone()

        late = await stage.guest("late", is_single=is_single)

        await late.watches(video.sid, RED)
        await late.hears_tone(audio.sid)

    play(script)


def test_t1_17_more_tracks_than_sections_offered_at_first() -> None:
    async def script(stage: Stage) -> None:
        viewer = await stage.guest("viewer", is_single=True)
        publisher = await stage.guest("a", is_single=False)

        tones = [await publisher.publish_tone(f"tone{index}") for index in range(5)]
        pictures = [await publisher.publish_colour(BLUE, f"picture{index}") for index in range(5)]

        for publication in tones:
            await viewer.hears_tone(publication.sid)
        for publication in pictures:
            await viewer.watches(publication.sid, BLUE)

    play(script)


def test_t1_18_leaving_frees_the_room(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        rooms, media = stage.node.rooms, stage.node.media
        guest = await stage.guest("a", is_single=is_single)
        await guest.publish_tone()
        assert [room.name for room in rooms.rooms()] == ["room"]

        await guest.leave()

        await until(lambda: not rooms.rooms(), "room gone after its departure timeout")
        await until(lambda: not any(media.usage().values()), "media freed")

    play(script)


def test_t1_20_same_identity_replaces_the_first(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        first = await stage.guest("a", is_single=is_single)
        witness = await stage.guest("w", is_single=is_single)

        second = await stage.guest("a", is_single=is_single)

        (reason,) = await first.until_heard("disconnected")
        assert reason == rtc.DisconnectReason.DUPLICATE_IDENTITY
        seen = await witness.until(
            lambda: (found := witness.sees("a")) is not None and found.sid == second.sid, "the newcomer"
        )
        assert seen
        assert second.room.isconnected()

    play(script)


def test_both_modes_share_one_room() -> None:
    async def script(stage: Stage) -> None:
        dual = await stage.guest("dual", is_single=False)
        single = await stage.guest("single", is_single=True)

        from_dual = await dual.publish_colour(RED)
        from_single = await single.publish_colour(BLUE)

        await single.watches(from_dual.sid, RED)
        await dual.watches(from_single.sid, BLUE)

    play(script)


def test_t2_35_everything_flows_over_tcp_where_udp_is_refused(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        first = await stage.guest("a", is_single=is_single)
        second = await stage.guest("b", is_single=is_single)

        publication = await first.publish_colour(RED)

        await second.watches(publication.sid, RED)
        room = stage.node.rooms.find("room")
        assert room is not None
        used = {transport.protocol for member in room.members for transport in member.peer.transports()}
        assert used == {"tcp"}

    play(script, LiveKitNode(media=MediaSettings(host="127.0.0.1", port=0, udp=False)))


def _all_channels_open(stage: Stage) -> bool:
    room = stage.node.rooms.find("room")
    return room is not None and all(member.peer.has_data_channels for member in room.members)
