"""What the SDK offers beyond the plain call: metadata, permissions, subscriptions, speakers, streams."""

from __future__ import annotations

import asyncio

import pytest
from livekit import api, rtc

from tests.sdk.guests import Guest, Stage, play, server_api, until

pytestmark = pytest.mark.sdk

RED, BLUE = (220, 20, 20), (20, 20, 220)


def test_41_nothing_comes_unasked_without_auto_subscribe(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        publisher = await stage.guest("a", is_single=is_single)
        viewer = await stage.guest("b", is_single=is_single, auto_subscribe=False)
        picture = await publisher.publish_colour(RED)
        tone = await publisher.publish_tone()
        await viewer.until_heard("track_published", 2)
        publication = viewer.publication(picture.sid)
        assert publication is not None

        publication.set_subscribed(True)
        await viewer.watches(picture.sid, RED)
        other = viewer.publication(tone.sid)
        assert other is not None and other.track is None

        publication.set_subscribed(False)
        await viewer.until_heard("track_unsubscribed")

    play(script)


def test_43_name_metadata_and_attributes_change(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        guest = await stage.guest("a", is_single=is_single, can_update_own_metadata=True)
        witness = await stage.guest("b", is_single=is_single)
        local = guest.room.local_participant

        async with asyncio.timeout(10):
            await local.set_name("新しい名前")
            await local.set_metadata("m")
            await local.set_attributes({"k": "v"})

        seen = witness.sees("a")
        assert seen is not None
        await witness.until(
            lambda: (seen.name, seen.metadata, seen.attributes) == ("新しい名前", "m", {"k": "v"}),
            "all changes",
        )
        await guest.until(lambda: local.attributes == {"k": "v"}, "its own attributes")

    play(script)


def test_43_metadata_is_refused_without_the_grant(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        guest = await stage.guest("a", is_single=is_single)

        async with asyncio.timeout(10):
            # Returns with the server's refusal, which this SDK does not raise.
            await guest.room.local_participant.set_metadata("m")

        assert [found.metadata for found in stage.node.rooms.participants("room")] == [""]

    play(script)


def test_44_hidden_participant_watches_unseen(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        publisher = await stage.guest("a", is_single=is_single)
        ghost = await stage.guest("ghost", is_single=is_single, hidden=True)
        late = await stage.guest("late", is_single=is_single)

        picture = await publisher.publish_colour(RED)

        await ghost.watches(picture.sid, RED)
        assert list(publisher.room.remote_participants) == ["late"]
        assert list(late.room.remote_participants) == ["a"]

    play(script)


def test_45_taking_the_permission_away_unpublishes(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        publisher = await stage.guest("a", is_single=is_single)
        viewer = await stage.guest("b", is_single=is_single)
        picture = await publisher.publish_colour(RED)
        await viewer.watches(picture.sid, RED)

        async with server_api(stage) as client:
            await client.room.update_participant(
                api.UpdateParticipantRequest(
                    room="room", identity="a", permission=api.ParticipantPermission(can_subscribe=True)
                )
            )

        await viewer.until_heard("track_unpublished")
        await publisher.until_heard("participant_permissions_changed")

    play(script)


def test_46_kicked_guest_learns_why(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        guest = await stage.guest("a", is_single=is_single)

        async with server_api(stage) as client:
            await client.room.remove_participant(api.RoomParticipantIdentity(room="room", identity="a"))

        (reason,) = await guest.until_heard("disconnected")
        assert reason == rtc.DisconnectReason.PARTICIPANT_REMOVED

    play(script)


def test_46_server_data_arrives_without_a_sender(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        guest = await stage.guest("a", is_single=is_single)

        await stage.node.rooms.send_data("room", "こんにちは".encode(), topic="genba.chat")

        (packet,) = await guest.until_heard("data_received")
        assert packet.data.decode() == "こんにちは"
        assert (packet.topic, packet.participant) == ("genba.chat", None)

    play(script)


def test_47_remote_mute_reaches_the_publisher(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        publisher = await stage.guest("a", is_single=is_single)
        viewer = await stage.guest("b", is_single=is_single)
        tone = await publisher.publish_tone()
        await viewer.hears_tone(tone.sid)

        async with server_api(stage) as client:
            await client.room.mute_published_track(
                api.MuteRoomTrackRequest(room="room", identity="a", track_sid=tone.sid, muted=True)
            )

        await viewer.until_heard("track_muted")
        await publisher.until(lambda: tone.muted, "muted by the server")

    play(script)


def test_36_speaker_is_named_and_then_silent(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        speaker = await stage.guest("a", is_single=is_single)
        listener = await stage.guest("b", is_single=is_single)
        tone = await speaker.publish_tone()
        await listener.hears_tone(tone.sid)

        def named(*identities: str) -> bool:
            heard = listener.heard("active_speakers_changed")
            return bool(heard) and [found.identity for found in heard[-1][0]] == list(identities)

        await listener.until(lambda: named("a"), "a speaks")
        assert tone.track is not None
        tone.track.mute()
        await listener.until(lambda: named(), "nobody speaks")

    play(script)


def test_48_rpc_between_participants(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        caller = await stage.guest("a", is_single=is_single)
        callee = await stage.guest("b", is_single=is_single)

        # The decorator is typed for no function at all.
        @callee.room.local_participant.register_rpc_method("double")  # type: ignore[arg-type]
        async def double(invocation: rtc.RpcInvocationData) -> str:
            return invocation.payload * 2

        async with asyncio.timeout(10):
            answer = await caller.room.local_participant.perform_rpc(
                destination_identity="b", method="double", payload="ab"
            )
        assert answer == "abab"

    play(script)


def test_49_long_text_arrives_whole(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        sender = await stage.guest("a", is_single=is_single)
        receiver = await stage.guest("b", is_single=is_single)
        text = "現場" * 40_000
        readers: list[rtc.TextStreamReader] = []
        receiver.room.register_text_stream_handler("t", lambda reader, identity: readers.append(reader))

        async with asyncio.timeout(15):
            await sender.room.local_participant.send_text(text, topic="t")
            reader = await receiver.until(lambda: next(iter(readers), None), "a stream")
            assert await reader.read_all() == text

    play(script)


def test_57_publisher_learns_of_its_first_subscriber(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        publisher = await stage.guest("a", is_single=is_single)
        tone = await publisher.publish_tone()
        assert not publisher.heard("local_track_subscribed")

        await stage.guest("b", is_single=is_single)

        async with asyncio.timeout(10):
            await tone.wait_for_subscription()

    play(script)


def test_38_ten_tracks_at_once(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        publisher = await stage.guest("a", is_single=is_single)
        viewer = await stage.guest("b", is_single=is_single)
        published: list[rtc.LocalTrackPublication] = []

        async def publish(number: int) -> None:
            published.append(await publisher.publish_colour(BLUE, f"p{number}", size=(160, 96)))

        async with asyncio.TaskGroup() as tasks:
            for number in range(10):
                tasks.create_task(publish(number))

        for publication in published:
            await viewer.watches(publication.sid, BLUE)

    play(script)


def test_18_many_joins_and_leaves_leave_nothing_behind(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        host = await stage.guest("host", is_single=is_single)
        tone = await host.publish_tone()
        media = stage.node.media

        async def visit(number: int) -> None:
            guest: Guest = await stage.guest(f"guest{number}", is_single=is_single)
            await guest.received(tone.sid)
            await guest.leave()

        for number in range(12):
            await visit(number)

        own = 1 if is_single else 2
        await until(lambda: media.usage()["transports"] == own, "only the host's transports")
        assert [found.identity for found in stage.node.rooms.participants("room")] == ["host"]

    play(script)
