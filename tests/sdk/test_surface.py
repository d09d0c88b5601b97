"""The rest of the SDK's surface (conformance tier T3): permissions, files, agents, encryption."""

from __future__ import annotations

import asyncio
import hashlib
import time
from pathlib import Path

import httpx
import numpy as np
import pytest
from livekit import api, rtc

from tests.livekit_node import API_KEY, API_SECRET
from tests.network import Access
from tests.scripted_client import token
from tests.sdk.guests import Guest, Stage, play, server_api
from tests.sdk.hearing import hearing
from tests.sdk.lines import Lines, relayed_node

pytestmark = pytest.mark.sdk

GREEN = (20, 200, 20)
CHUNK_BYTES = 15_000


def test_42_publisher_decides_who_may_subscribe(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        publisher = await stage.guest("a", is_single=is_single)
        friend = await stage.guest("friend", is_single=is_single)
        stranger = await stage.guest("stranger", is_single=is_single)
        tone = await publisher.publish_tone()
        ear = await stage.enter(hearing(stranger))

        publisher.room.local_participant.set_track_subscription_permissions(
            allow_all_participants=False,
            participant_permissions=[
                rtc.ParticipantTrackPermission(participant_identity="friend", allow_all=True)
            ],
        )

        await ear.until_silence()
        await friend.hears_tone(tone.sid)
        publisher.room.local_participant.set_track_subscription_permissions(allow_all_participants=True)
        await ear.until_sound(time.monotonic())

    play(script)


def test_45_sources_restrict_and_the_server_unpublishes(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        publisher = await stage.guest("a", is_single=is_single)
        viewer = await stage.guest("b", is_single=is_single)
        tone, picture = await publisher.publish_tone(), await publisher.publish_colour(GREEN)
        await viewer.watches(picture.sid, GREEN)
        only_sound = api.ParticipantPermission(
            can_subscribe=True, can_publish=True, can_publish_sources=[api.TrackSource.MICROPHONE]
        )

        async with server_api(stage) as client:
            request = api.UpdateParticipantRequest(room="room", identity="a", permission=only_sound)
            await client.room.update_participant(request)

        await viewer.until_heard("track_unpublished")
        await publisher.until_heard("participant_permissions_changed")
        await viewer.hears_tone(tone.sid)
        remote = viewer.sees("a")
        assert remote is not None and list(remote.track_publications) == [tone.sid]

    play(script)


@pytest.mark.parametrize("size_bytes", [5 << 20])
def test_49_a_file_of_five_megabytes_arrives_whole(tmp_path: Path, size_bytes: int, is_single: bool) -> None:
    original = np.random.default_rng(1).bytes(size_bytes)
    path = tmp_path / "橋梁点検.pdf"
    path.write_bytes(original)

    async def script(stage: Stage) -> None:
        sender = await stage.guest("a", is_single=is_single)
        receiver = await stage.guest("b", is_single=is_single)
        readers: list[rtc.ByteStreamReader] = []
        receiver.room.register_byte_stream_handler("files", lambda reader, identity: readers.append(reader))

        async with asyncio.timeout(120):
            await sender.room.local_participant.send_file(str(path), topic="files")
            reader = await receiver.until(lambda: next(iter(readers), None), "a stream")
            assert reader.info.name == path.name
            digest = hashlib.sha256()
            async for chunk in reader:
                digest.update(chunk)
        assert digest.digest() == hashlib.sha256(original).digest()

    play(script)


def test_50_transcription_passes_from_agents_and_from_nobody_else(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        speaker = await stage.guest("speaker", is_single=is_single)
        tone = await speaker.publish_tone()
        reader = await stage.guest("reader", is_single=is_single)
        await reader.hears_tone(tone.sid)
        grants = api.VideoGrants(room_join=True, room="room")
        agent_token = api.AccessToken(API_KEY, API_SECRET).with_identity("agent").with_kind("agent")
        agent_token.with_grants(grants)
        agent = await stage.guest_with(agent_token.to_jwt(), "agent", is_single=is_single)
        await reader.until(lambda: reader.sees("agent"), "the agent")

        def said(text: str) -> rtc.Transcription:
            segment = rtc.TranscriptionSegment(
                id="1", text=text, start_time=0, end_time=1, language="ja", final=True
            )
            return rtc.Transcription(participant_identity="speaker", track_sid=tone.sid, segments=[segment])

        await speaker.room.local_participant.publish_transcription(said("made up"))
        await speaker.room.local_participant.publish_data(b"after it", reliable=True)
        await reader.until_heard("data_received")
        await agent.room.local_participant.publish_transcription(said("橋にひびがあります"))

        segments, participant, _ = await reader.until_heard("transcription_received")
        assert [segment.text for segment in segments] == ["橋にひびがあります"]
        assert participant.identity == "speaker"
        assert len(reader.heard("transcription_received")) == 1

    play(script)


def test_51_telephone_keys_pass(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        caller = await stage.guest("a", is_single=is_single)
        exchange = await stage.guest("b", is_single=is_single)

        await caller.room.local_participant.publish_dtmf(code=5, digit="5")

        (pressed,) = await exchange.until_heard("sip_dtmf_received")
        assert (pressed.code, pressed.digit) == (5, "5")

    play(script)


async def _encrypted(stage: Stage, identity: str, key: bytes, *, is_single: bool) -> Guest:
    guest = Guest(stage, identity)
    options = rtc.RoomOptions(
        single_peer_connection=is_single,
        encryption=rtc.E2EEOptions(key_provider_options=rtc.KeyProviderOptions(shared_key=key)),
    )
    await guest.room.connect(stage.node.url.replace("http", "ws"), token(identity), options)
    stage.keep(guest)
    return guest


def test_52_encrypted_media_and_data_pass_opaque(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        sender = await _encrypted(stage, "a", b"secret of two", is_single=is_single)
        friend = await _encrypted(stage, "b", b"secret of two", is_single=is_single)
        outsider = await stage.guest("outsider", is_single=is_single)
        picture, tone = await sender.publish_colour(GREEN), await sender.publish_tone()

        await friend.watches(picture.sid, GREEN)
        await friend.hears_tone(tone.sid)
        await sender.room.local_participant.publish_data(b"between us", reliable=True)
        (packet,) = await friend.until_heard("data_received")
        assert packet.data == b"between us"
        assert not any(packet.data == b"between us" for (packet,) in outsider.heard("data_received"))

    play(script)


def test_39_a_slow_data_reader_does_not_hold_up_the_others(is_single: bool) -> None:
    count = 100

    async def script(stage: Stage) -> None:
        lines = Lines()
        await lines.open(stage)
        sender = await stage.guest("sender", is_single=is_single)
        slow = await stage.guest("slow", is_single=is_single)
        quick = await stage.guest("quick", is_single=is_single)
        tone = await sender.publish_tone()
        await slow.hears_tone(tone.sid)
        line: Access = lines.accesses["slow"]
        line.set_down(rate_bps=64_000)

        began = time.monotonic()
        for number in range(count):
            payload = number.to_bytes(4) + bytes(CHUNK_BYTES)
            await sender.room.local_participant.publish_data(payload, reliable=True)
        await quick.until_heard("data_received", count)

        numbers = [int.from_bytes(packet.data[:4]) for (packet,) in quick.heard("data_received")]
        assert numbers == list(range(count))
        assert len(slow.heard("data_received")) < count
        print(f"1.5 MB past a slow reader in {time.monotonic() - began:.1f} s")
        await quick.hears_tone(tone.sid)

    play(script, relayed_node())


def test_67_reasons_for_leaving(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        witness = await stage.guest("witness", is_single=is_single)
        reasons = {
            "leaves": rtc.DisconnectReason.CLIENT_INITIATED,
            "removed": rtc.DisconnectReason.PARTICIPANT_REMOVED,
        }
        guests = {name: await stage.guest(name, is_single=is_single) for name in reasons}

        await guests["leaves"].leave()
        await stage.node.rooms.remove_participant("room", "removed")

        await witness.until_heard("participant_disconnected", 2)
        seen = {
            gone.identity: gone.disconnect_reason for (gone,) in witness.heard("participant_disconnected")
        }
        assert seen == reasons
        await stage.node.rooms.delete_room("room")
        (reason,) = await witness.until_heard("disconnected")
        assert reason == rtc.DisconnectReason.ROOM_DELETED

    play(script)


def test_62_frames_of_a_data_track_reach_those_who_subscribed(is_single: bool) -> None:
    count = 20

    async def script(stage: Stage) -> None:
        publisher = await stage.guest("a", is_single=is_single)
        viewer = await stage.guest("b", is_single=is_single)
        await stage.guest("nobody asked", is_single=is_single)

        track = await publisher.room.local_participant.publish_data_track(name="gauge")
        (remote,) = await viewer.until_heard("data_track_published")
        assert (remote.info.name, remote.publisher_identity) == ("gauge", "a")
        stream = remote.subscribe()
        got: list[bytes] = []

        async def push() -> None:
            while len(got) < count:  # unreliable: said until enough of it was heard
                track.try_push(rtc.DataTrackFrame(payload=bytes(3000)))
                await asyncio.sleep(0.02)

        async with asyncio.timeout(15), asyncio.TaskGroup() as tasks:
            tasks.create_task(push())
            async for frame in stream:
                got.append(frame.payload)
                if len(got) == count:
                    break
        assert set(got) == {bytes(3000)}
        stream.close()
        await track.unpublish()
        await viewer.until_heard("data_track_unpublished")

    play(script)


def test_48_the_server_calls_a_participant(is_single: bool) -> None:
    async def script(stage: Stage) -> None:
        callee = await stage.guest("a", is_single=is_single)

        @callee.room.local_participant.register_rpc_method("double")  # type: ignore[arg-type]  # typed for nothing
        async def double(invocation: rtc.RpcInvocationData) -> str:
            if not invocation.payload:
                raise rtc.RpcError(1000, "nothing to double")
            return invocation.payload * 2

        admin = api.AccessToken(API_KEY, API_SECRET).with_grants(
            api.VideoGrants(room_admin=True, room="room")
        )
        headers = {"Authorization": f"Bearer {admin.to_jwt()}"}
        async with httpx.AsyncClient(base_url=stage.node.url, headers=headers, timeout=20) as client:

            async def perform(**call: str) -> httpx.Response:
                body = {"room": "room", "destinationIdentity": "a", "method": "double", **call}
                return await client.post("/twirp/livekit.RoomService/PerformRpc", json=body)

            assert (await perform(payload="ab")).json() == {"payload": "abab"}
            refused = await perform(payload="")
            assert (refused.status_code, refused.json()["msg"]) == (412, "1000: nothing to double")
            missing = await perform(method="none", payload="x")
            assert missing.json()["msg"].startswith("1400")
            assert (await perform(destinationIdentity="nobody")).status_code == 404

    play(script)
