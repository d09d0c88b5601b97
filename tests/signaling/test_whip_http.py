"""The WHIP and WHEP doors over HTTP: statuses, headers, and what hostile or unlucky requests cost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from livekit.protocol.models import DisconnectReason
from livekit.protocol.rtc import LeaveRequest

from signaling.rtc.ice_servers import TurnSettings
from signaling.rtc.room_settings import RoomSettings
from signaling.rtc.tokens import mint
from tests.livekit_node import API_KEY, API_SECRET, SETTINGS, LiveKitNode
from tests.signaling.test_stand_in import RECEIVED, SENT

SDP = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}


def bearer(identity: str = "encoder", **grants: Any) -> dict[str, str]:  # Any: what mint takes
    """The Authorization header of a fresh room token."""
    token = mint(
        api_key=API_KEY,
        api_secret=API_SECRET,
        identity=identity,
        name="",
        room="room",
        now=time.time(),
        ttl_s=6 * 3600,  # made when the file is read, used when its turn comes
        **grants,
    )
    return {"Authorization": f"Bearer {token}"}


def play(
    scene: Callable[[httpx.AsyncClient, LiveKitNode], Awaitable[None]], settings: RoomSettings = SETTINGS
) -> None:
    """One scene against a fresh node."""

    async def run() -> None:
        async with LiveKitNode(settings) as node, httpx.AsyncClient(base_url=node.url) as client:
            await scene(client, node)

    asyncio.run(run())


def test_an_accepted_offer_is_answered_as_the_rfc_says() -> None:
    turn = TurnSettings(("turns:turn.example.jp:443?transport=tcp",), "shared")

    async def scene(client: httpx.AsyncClient, node: LiveKitNode) -> None:
        answer = await client.post("/whip/v1", content=SENT, headers=bearer() | SDP)

        assert answer.status_code == 201, answer.text
        assert answer.headers["content-type"] == "application/sdp"
        assert answer.headers["location"].startswith("/whip/v1/")
        assert answer.headers["etag"].startswith('"')
        assert "ETag" in answer.headers["access-control-expose-headers"]
        link = answer.headers["link"]
        assert link.startswith('<turns:turn.example.jp:443?transport=tcp>; rel="ice-server"; username="')
        assert 'credential-type="password"' in link
        candidates = [line for line in answer.text.splitlines() if line.startswith("a=candidate:")]
        assert {line.split()[2] for line in candidates} == {"udp", "tcp"}
        [participant] = node.rooms.participants("room")
        assert [track.name for track in participant.tracks] == ["microphone", "camera"]

    play(scene, replace(SETTINGS, turn=turn))


@pytest.mark.parametrize(
    ("path", "content", "headers", "status"),
    [
        ("/whip/v1", SENT, SDP, 401),
        ("/whip/v1", SENT, SDP | {"Authorization": "Basic abc"}, 401),
        ("/whip/v1", SENT, SDP | {"Authorization": "Bearer nonsense"}, 401),
        ("/whip/v1", SENT, SDP | bearer(can_publish=False), 403),
        ("/whep/v1", RECEIVED, SDP | bearer(can_subscribe=False), 403),
        ("/whip/v1", SENT, SDP | bearer() | {"Accept": "text/html"}, 406),
        ("/whip/v1", SENT, bearer() | {"Content-Type": "application/json"}, 415),
        ("/whip/v1", "v=0\r\n" * 20_000, SDP | bearer(), 413),
        ("/whip/v1", "\x00\xff garbage", SDP | bearer(), 422),
        ("/whip/v1", RECEIVED, SDP | bearer(), 422),
        ("/whep/v1", SENT, SDP | bearer(), 422),
        ("/whip/v1", SENT.replace("VP8", "H261").replace("opus", "none"), SDP | bearer(), 422),
        ("/whip/v1/no-such-session", "", SDP | bearer(), 405),
    ],
)
def test_what_cannot_be_served_costs_a_status_and_nothing_else(
    path: str, content: str, headers: dict[str, str], status: int
) -> None:
    async def scene(client: httpx.AsyncClient, node: LiveKitNode) -> None:
        answer = await client.post(path, content=content, headers=headers)

        assert answer.status_code == status, answer.text
        assert answer.headers["access-control-allow-origin"] == "*"
        assert ("www-authenticate" in answer.headers) == (status == 401)
        assert node.rooms.participants("room") == []

    play(scene)


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        (replace(SETTINGS, auto_create=False), 404),
        (replace(SETTINGS, max_participants_on_node=1), 503),
        (replace(SETTINGS, limits=replace(SETTINGS.limits, max_participants=1)), 403),
    ],
    ids=["no room", "node full", "room full"],
)
def test_rooms_admit_by_the_rules_of_rtc(settings: RoomSettings, status: int) -> None:
    async def scene(client: httpx.AsyncClient, node: LiveKitNode) -> None:
        if settings.auto_create:
            first = await client.post("/whip/v1", content=SENT, headers=bearer("first") | SDP)
            assert first.status_code == 201
        other = bearer("second") if status == 403 else _of_room("other")
        answer = await client.post("/whip/v1", content=SENT, headers=other | SDP)

        assert answer.status_code == status, answer.text
        assert ("retry-after" in answer.headers) == (status == 503)

    play(scene, settings)


def _of_room(room: str) -> dict[str, str]:
    token = mint(
        api_key=API_KEY,
        api_secret=API_SECRET,
        identity="second",
        name="",
        room=room,
        now=time.time(),
        ttl_s=6 * 3600,
    )
    return {"Authorization": f"Bearer {token}"}


def test_options_say_what_is_taken() -> None:
    async def scene(client: httpx.AsyncClient, node: LiveKitNode) -> None:
        for path in ("/whip/v1", "/whep/v1"):
            answer = await client.options(path)
            assert (answer.status_code, answer.headers["accept-post"]) == (204, "application/sdp")
            assert "POST" in answer.headers["access-control-allow-methods"]
            assert "Authorization" in answer.headers["access-control-allow-headers"]
            refused = await client.get(path)
            assert (refused.status_code, refused.headers["allow"]) == (405, "OPTIONS, POST")

    play(scene)


def test_a_session_obeys_its_own_token_and_etag_only() -> None:
    async def scene(client: httpx.AsyncClient, node: LiveKitNode) -> None:
        mine = bearer()
        answer = await client.post("/whip/v1", content=SENT, headers=mine | SDP)
        location, etag = answer.headers["location"], answer.headers["etag"]
        candidate = "a=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"

        async def patch(headers: dict[str, str], content: str = candidate) -> int:
            return (await client.patch(location, content=content, headers=FRAGMENT | headers)).status_code

        assert await patch(mine | {"If-Match": etag}) == 204
        assert await patch(mine) == 428
        assert await patch(mine | {"If-Match": '"other"'}) == 412
        assert await patch(mine | {"If-Match": "*"}, "a=ice-ufrag:x\r\n") == 422
        assert await patch(mine | {"If-Match": etag} | SDP) == 415
        assert await patch(mine | {"If-Match": etag}, "a=candidate:" * 2000) == 413
        assert await patch({"If-Match": etag}) == 401
        assert await patch(bearer("thief") | {"If-Match": etag}) == 401
        assert (await client.delete(location, headers=bearer("thief"))).status_code == 401
        assert (await client.delete("/whip/v1/unknown", headers=mine)).status_code == 404
        assert (await client.delete(location, headers=mine)).status_code == 200
        assert await patch(mine | {"If-Match": etag}) == 404

    play(scene)


def test_an_encoder_that_comes_back_takes_its_own_place() -> None:
    async def scene(client: httpx.AsyncClient, node: LiveKitNode) -> None:
        mine = bearer()
        first = await client.post("/whip/v1", content=SENT, headers=mine | SDP)
        again = await client.post("/whip/v1", content=SENT, headers=mine | SDP)

        assert (first.status_code, again.status_code) == (201, 201)
        assert len(node.rooms.participants("room")) == 1
        assert (await client.delete(first.headers["location"], headers=mine)).status_code == 404
        assert (await client.delete(again.headers["location"], headers=mine)).status_code == 200

    play(scene)


def test_a_silent_viewer_overflows_nothing() -> None:
    """Thousands of messages reach its participant; they are heard, none waits."""

    async def scene(client: httpx.AsyncClient, node: LiveKitNode) -> None:
        await client.post("/whep/v1", content=RECEIVED, headers=bearer("viewer") | SDP)
        room = node.rooms.find("room")
        assert room is not None
        for number in range(5000):
            room.change_metadata(str(number))
            if number % 1000 == 0:
                await asyncio.sleep(0)

        assert [one.identity for one in node.rooms.participants("room")] == ["viewer"]

    play(scene)


def test_a_client_whose_media_is_silent_is_waited_for_once() -> None:
    """The room asks such a participant to resume; its stand-in does, since the client cannot hear it."""

    async def scene(client: httpx.AsyncClient, node: LiveKitNode) -> None:
        mine = bearer()
        answer = await client.post("/whip/v1", content=SENT, headers=mine | SDP)
        room = node.rooms.find("room")
        assert room is not None
        member = room.members.find("encoder")
        assert member is not None
        member.was_active = True

        def fall_silent() -> None:
            member.part(DisconnectReason.CONNECTION_TIMEOUT, LeaveRequest.Action.RESUME, "media is silent")
            room.signal_lost(member, node.rooms.now())

        fall_silent()
        await asyncio.sleep(0)
        assert member.presence.is_signalled
        headers = mine | FRAGMENT | {"If-Match": answer.headers["etag"]}
        patched = await client.patch(answer.headers["location"], content="", headers=headers)
        assert patched.status_code == 204

        fall_silent()
        await asyncio.sleep(0)
        assert node.rooms.participants("room") == []
        assert (await client.delete(answer.headers["location"], headers=mine)).status_code == 404

    play(scene)
