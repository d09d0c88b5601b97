"""The server API, called with the official `livekit-api` client and, for what it cannot say, by hand."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from livekit import api
from livekit.protocol.models import DataPacket, DisconnectReason, ParticipantPermission, TrackInfo
from livekit.protocol.rtc import AddTrackRequest

from signaling.rtc.room_settings import RoomSettings
from tests.livekit_node import API_KEY, API_SECRET, KEYS, LiveKitNode
from tests.signaling.test_rtc_socket import signals, token

Script = Callable[[LiveKitNode, api.LiveKitAPI], Awaitable[None]]


def on_node(script: Script, settings: RoomSettings | None = None) -> None:
    async def run() -> None:
        async with LiveKitNode(settings) if settings else LiveKitNode() as node:
            async with api.LiveKitAPI(node.url, API_KEY, API_SECRET) as client:
                await script(node, client)

    asyncio.run(run())


def admin_token(**grants: Any) -> str:  # any VideoGrants field
    made = api.AccessToken(API_KEY, API_SECRET).with_ttl(datetime.timedelta(minutes=1))
    return made.with_grants(api.VideoGrants(**grants)).to_jwt()


def test_rooms_are_made_listed_changed_and_deleted() -> None:
    async def script(node: LiveKitNode, client: api.LiveKitAPI) -> None:
        request = api.CreateRoomRequest(name="r", empty_timeout=9, max_participants=4, metadata="m")
        made = await client.room.create_room(request)
        again = await client.room.create_room(api.CreateRoomRequest(name="r"))
        await client.room.create_room(api.CreateRoomRequest(name="other"))
        assert made.sid.startswith("RM_") and again.sid == made.sid
        assert (made.empty_timeout, made.max_participants, made.metadata) == (9, 4, "m")

        listed = await client.room.list_rooms(api.ListRoomsRequest(names=["r"]))
        assert [room.name for room in listed.rooms] == ["r"]
        assert len((await client.room.list_rooms(api.ListRoomsRequest())).rooms) == 2

        changed = await client.room.update_room_metadata(
            api.UpdateRoomMetadataRequest(room="r", metadata="n")
        )
        assert changed.metadata == "n"

        await client.room.delete_room(api.DeleteRoomRequest(room="r"))
        assert [room.name for room in node.rooms.rooms()] == ["other"]

    on_node(script)


def test_deleted_room_sends_everybody_away() -> None:
    async def script(node: LiveKitNode, client: api.LiveKitAPI) -> None:
        async with signals(node) as guest:
            await guest.next("offer")
            await client.room.delete_room(api.DeleteRoomRequest(room="room"))
            assert (await guest.next("leave")).reason == DisconnectReason.ROOM_DELETED

    on_node(script)


def test_participants_are_listed_changed_and_removed() -> None:
    async def script(node: LiveKitNode, client: api.LiveKitAPI) -> None:
        async with signals(node, access_token=token("guest", attributes={"k": "v"})) as guest:
            await guest.next("offer")
            who = api.RoomParticipantIdentity(room="room", identity="guest")
            listed = await client.room.list_participants(api.ListParticipantsRequest(room="room"))
            assert [found.identity for found in listed.participants] == ["guest"]
            assert (await client.room.get_participant(who)).attributes == {"k": "v"}

            changed = await client.room.update_participant(
                api.UpdateParticipantRequest(
                    room="room",
                    identity="guest",
                    name="New",
                    metadata="m",
                    attributes={"k": ""},
                    permission=ParticipantPermission(can_subscribe=True),
                )
            )
            assert (changed.name, changed.metadata, dict(changed.attributes)) == ("New", "m", {})
            assert not changed.permission.can_publish
            await guest.say(add_track=AddTrackRequest(cid="c"))
            assert (await guest.next("request_response")).message == "may not publish this source"

            await client.room.remove_participant(who)
            assert (await guest.next("leave")).reason == DisconnectReason.PARTICIPANT_REMOVED

    on_node(script)


@pytest.mark.parametrize("may_unmute", [False, True])
def test_tracks_are_muted_and_unmuted_only_where_allowed(may_unmute: bool) -> None:
    async def script(node: LiveKitNode, client: api.LiveKitAPI) -> None:
        async with signals(node) as guest:
            await guest.say(add_track=AddTrackRequest(cid="c"))
            track: TrackInfo = (await guest.next("track_published")).track
            order = api.MuteRoomTrackRequest(room="room", identity="me", track_sid=track.sid, muted=True)

            muted = await client.room.mute_published_track(order)
            assert muted.track.muted
            assert (await guest.next("mute")).muted

            order.muted = False
            if may_unmute:
                assert not (await client.room.mute_published_track(order)).track.muted
            else:
                with pytest.raises(api.TwirpError, match="remote unmute") as refusal:
                    await client.room.mute_published_track(order)
                assert refusal.value.status == 412

    on_node(script, RoomSettings(keys=KEYS, may_unmute_remotely=may_unmute))


def test_subscriptions_and_data_are_accepted() -> None:
    async def script(node: LiveKitNode, client: api.LiveKitAPI) -> None:
        async with signals(node) as guest:
            await guest.next("offer")
            await client.room.update_subscriptions(
                api.UpdateSubscriptionsRequest(room="room", identity="me", track_sids=["TR"], subscribe=False)
            )
            room = node.rooms.find("room")
            member = room.members.find("me") if room is not None else None
            assert member is not None and not member.subscriptions.wants("TR")

            data = api.SendDataRequest(room="room", data=b"x", kind=DataPacket.Kind.RELIABLE, topic="t")
            await client.room.send_data(data)

    on_node(script)


@pytest.mark.parametrize(
    ("method", "body", "grants", "status", "code"),
    [
        ("CreateRoom", {"name": "r"}, {}, 401, "unauthenticated"),
        ("ListRooms", {}, {"room_create": True}, 401, "unauthenticated"),
        ("DeleteRoom", {"room": "r"}, {"room_list": True}, 401, "unauthenticated"),
        ("ListParticipants", {"room": "r"}, {"room_admin": True, "room": "s"}, 401, "unauthenticated"),
        ("CreateRoom", {"name": ""}, {"room_create": True}, 400, "invalid_argument"),
        ("CreateRoom", {"name": "r" * 300}, {"room_create": True}, 400, "invalid_argument"),
        (
            "CreateRoom",
            {"name": "r", "metadata": "x" * 600_000},
            {"room_create": True},
            400,
            "invalid_argument",
        ),
        ("CreateRoom", {"name": 5}, {"room_create": True}, 400, "malformed"),
        ("DeleteRoom", {"room": "r"}, {"room_create": True}, 404, "not_found"),
        ("ListParticipants", {"room": "r"}, {"room_admin": True, "room": "r"}, 404, "not_found"),
        (
            "GetParticipant",
            {"room": "here", "identity": "x"},
            {"room_admin": True, "room": "here"},
            404,
            "not_found",
        ),
        (
            "SendData",
            {"room": "here", "nonce": "eA=="},
            {"room_admin": True, "room": "here"},
            400,
            "invalid_argument",
        ),
        ("MoveParticipant", {}, {}, 404, "bad_route"),
    ],
)
def test_errors(method: str, body: dict[str, Any], grants: dict[str, Any], status: int, code: str) -> None:
    async def script(node: LiveKitNode, client: api.LiveKitAPI) -> None:
        await node.rooms.create_room("here")
        async with httpx.AsyncClient() as http:
            response = await http.post(
                f"{node.url}/twirp/livekit.RoomService/{method}",
                json=body,
                headers={"Authorization": f"Bearer {admin_token(**grants)}"},
            )
        assert (response.status_code, response.json()["code"]) == (status, code)
        assert response.headers["access-control-allow-origin"] == "*"

    on_node(script)


@pytest.mark.parametrize(
    ("headers", "content", "status", "code"),
    [
        ({}, b"", 401, "unauthenticated"),
        ({"Authorization": "Basic x"}, b"", 401, "unauthenticated"),
        ({"Authorization": "Bearer x"}, b"", 401, "unauthenticated"),
        ({"Content-Type": "text/plain"}, b"", 404, "bad_route"),
        ({"Content-Type": "application/protobuf"}, b"\xff\xff", 400, "malformed"),
        ({"Content-Type": "application/json"}, b"[" * 100_000, 400, "malformed"),
        ({"Content-Type": "application/protobuf"}, b"\x00" * ((10 << 20) + 1), 429, "resource_exhausted"),
    ],
)
def test_hostile_calls(headers: dict[str, str], content: bytes, status: int, code: str) -> None:
    async def script(node: LiveKitNode, client: api.LiveKitAPI) -> None:
        whole = {"Authorization": f"Bearer {admin_token(room_create=True)}", **headers}
        if not headers:
            whole = {}
        async with httpx.AsyncClient() as http:
            url = f"{node.url}/twirp/livekit.RoomService/CreateRoom"
            response = await http.post(url, content=content, headers=whole)
        assert (response.status_code, response.json()["code"]) == (status, code)

    on_node(script)


def test_services_of_the_cloud_are_declined_without_retries() -> None:
    async def script(node: LiveKitNode, client: api.LiveKitAPI) -> None:
        with pytest.raises(api.TwirpError) as refusal:
            await client.egress.list_egress(api.ListEgressRequest())
        assert (refusal.value.code, refusal.value.status) == ("bad_route", 404)

    on_node(script)


def test_json_is_answered_in_json() -> None:
    async def script(node: LiveKitNode, client: api.LiveKitAPI) -> None:
        async with httpx.AsyncClient() as http:
            response = await http.post(
                f"{node.url}//twirp/livekit.RoomService/CreateRoom",
                json={"name": "r", "emptyTimeout": 5, "departure_timeout": 6},
                headers={"Authorization": f"Bearer {admin_token(room_create=True)}"},
            )
        assert response.headers["content-type"] == "application/json"
        made = response.json()
        assert (made["name"], made["empty_timeout"], made["departure_timeout"]) == ("r", 5, 6)

    on_node(script)
