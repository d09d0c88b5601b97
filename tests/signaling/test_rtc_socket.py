"""The signalling doors over real HTTP and WebSockets: who gets in, who is told why not, and hostility."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import gzip
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from aiortc import RTCPeerConnection
from livekit.protocol.models import ClientInfo, DisconnectReason
from livekit.protocol.rtc import (
    ConnectionSettings,
    JoinRequest,
    LeaveRequest,
    SessionDescription,
    SignalRequest,
    SignalResponse,
    WrappedJoinRequest,
)
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from signaling.rtc.room_settings import RoomLimits, RoomSettings
from signaling.rtc.tokens import mint
from tests.livekit_node import API_KEY, API_SECRET, KEYS, LiveKitNode

PATIENCE_S = 10
UNSUPPORTED = RoomSettings(keys=KEYS, auto_create=False)
SMALL = RoomSettings(keys=KEYS, limits=RoomLimits(max_participants=1))
TINY_NODE = RoomSettings(keys=KEYS, max_participants_on_node=1)


def token(identity: str = "me", *, secret: str = API_SECRET, room: str = "room", **grants: Any) -> str:
    return mint(
        api_key=API_KEY,
        api_secret=secret,
        identity=identity,
        name=identity,
        room=room,
        now=time.time(),
        ttl_s=6 * 3600,  # made when the file is read, used when its turn comes
        **grants,
    )


def join_request(offer: str = "", **fields: Any) -> str:
    request = JoinRequest(
        client_info=ClientInfo(sdk=ClientInfo.SDK.JS, protocol=16),
        connection_settings=ConnectionSettings(auto_subscribe=True),
        **fields,
    )
    if offer:
        request.publisher_offer.CopyFrom(SessionDescription(type="offer", sdp=offer, id=5))
    wrapper = WrappedJoinRequest(
        compression=WrappedJoinRequest.Compression.GZIP,
        join_request=gzip.compress(request.SerializeToString()),
    )
    return base64.urlsafe_b64encode(wrapper.SerializeToString()).decode()


async def browser_offer() -> str:
    """An offer like a client's first one: one section to receive, and data."""
    connection = RTCPeerConnection()
    connection.createDataChannel("_reliable")
    connection.addTransceiver("audio", direction="recvonly")
    offer = await connection.createOffer()
    await connection.setLocalDescription(offer)
    text = connection.localDescription.sdp
    await connection.close()
    return text


class Signals:
    """A raw WebSocket client."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def next(self, variant: str) -> Any:  # the variant's message
        """The next message of this variant; others are skipped."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = await self.socket.recv()
                assert isinstance(frame, bytes)
                response = SignalResponse.FromString(frame)
                if response.WhichOneof("message") == variant:
                    return getattr(response, variant)

    async def say(self, **message: Any) -> None:  # any variant of SignalRequest
        await self.socket.send(SignalRequest(**message).SerializeToString())

    async def close_reason(self) -> str:
        """Why the server closed."""
        async with asyncio.timeout(PATIENCE_S):
            with contextlib.suppress(ConnectionClosed):
                while True:
                    await self.socket.recv()
        return self.socket.close_reason or ""


@contextlib.asynccontextmanager
async def signals(node: LiveKitNode, path: str = "/rtc", **query: str) -> AsyncIterator[Signals]:
    parameters = {"access_token": token(), **query}
    url = str(httpx.URL(node.url.replace("http", "ws") + path, params=parameters))
    async with connect(url, proxy=None) as socket:
        yield Signals(socket)


def on_node(script: Callable[[LiveKitNode], Awaitable[None]], settings: RoomSettings | None = None) -> None:
    async def run() -> None:
        async with LiveKitNode(settings) if settings else LiveKitNode() as node:
            await script(node)

    asyncio.run(run())


REFUSALS = [
    ({"access_token": ""}, {}, 401, "no access token"),
    ({"access_token": token(secret="wrong")}, {}, 401, "invalid token signature"),
    ({}, {"Authorization": "Basic abc"}, 401, "invalid authorization header, must start with Bearer"),
    ({"access_token": token("")}, {}, 400, "identity cannot be empty"),
    ({"access_token": token(room="")}, {}, 400, "no room name in token"),
    ({"access_token": token("x" * 300)}, {}, 400, "room, name or identity too long"),
    ({"join_request": "!!!"}, {}, 400, "malformed join_request"),
    ({"attributes": "!!!"}, {}, 400, "malformed attributes"),
    (
        {"join_request": join_request(participant_attributes={"a": "b"})},
        {},
        401,
        "token does not permit setting metadata or attributes",
    ),
    (
        {"publish": "screen", "access_token": token(can_publish=False)},
        {},
        401,
        "token does not permit publishing",
    ),
]


@pytest.mark.parametrize(("query", "headers", "status", "reason"), REFUSALS)
def test_refusal_is_the_same_for_validate_and_socket(
    query: dict[str, str], headers: dict[str, str], status: int, reason: str
) -> None:
    async def script(node: LiveKitNode) -> None:
        parameters = {"access_token": token(), **query}
        async with httpx.AsyncClient() as client:
            response = await client.get(f"{node.url}/rtc/validate", params=parameters, headers=headers)
        assert (response.status_code, response.text) == (status, reason)
        assert response.headers["access-control-allow-origin"] == "*"

        url = str(httpx.URL(f"{node.url.replace('http', 'ws')}/rtc", params=parameters))
        with pytest.raises(InvalidStatus) as refusal:
            await connect(url, additional_headers=headers, proxy=None)
        assert refusal.value.response.status_code == status
        assert refusal.value.response.body == reason.encode()

    on_node(script)


@pytest.mark.parametrize(
    ("path", "query", "status", "text"),
    [
        ("/rtc/validate", {}, 200, "success"),
        ("//rtc/validate", {}, 200, "success"),
        ("/rtc/v1/validate", {"join_request": join_request()}, 200, "success"),
        ("//rtc/v1/validate", {}, 400, "join_request is required"),
        ("/rtc/v1/validate", {}, 400, "join_request is required"),
        ("/rtc", {}, 404, "expected a WebSocket"),
        ("/rtc/v1", {}, 404, "expected a WebSocket"),
    ],
)
def test_paths_over_plain_http(path: str, query: dict[str, str], status: int, text: str) -> None:
    async def script(node: LiveKitNode) -> None:
        async with httpx.AsyncClient() as client:
            headers = {"Authorization": f"Bearer {token()}"}
            response = await client.get(f"{node.url}{path}", params=query, headers=headers)
            preflight = await client.options(f"{node.url}/rtc/v1/validate")

        assert (response.status_code, response.text) == (status, text)
        assert response.headers["access-control-allow-origin"] == "*"
        assert preflight.headers["access-control-allow-headers"] == "*"

    on_node(script)


@pytest.mark.parametrize(
    ("settings", "identity", "status", "text"),
    [
        (SMALL, "second", 403, "the room is full"),
        (TINY_NODE, "second", 503, "the server has reached its limit of participants"),
        (UNSUPPORTED, "second", 404, "requested room does not exist"),
        (SMALL, "me", 200, "success"),
    ],
)
def test_full_and_missing_rooms(settings: RoomSettings, identity: str, status: int, text: str) -> None:
    async def script(node: LiveKitNode) -> None:
        if settings is UNSUPPORTED:
            await node.rooms.create_room("room")
        async with signals(node) as first:
            await first.next("join")
            room = "room" if settings is SMALL else "another"
            query = {"access_token": token(identity, room=room)}
            async with httpx.AsyncClient() as client:
                response = await client.get(f"{node.url}/rtc/validate", params=query)
            assert (response.status_code, response.text) == (status, text)
            if status != 200:
                with pytest.raises(InvalidStatus) as refusal:
                    async with signals(node, **query):
                        pass
                assert refusal.value.response.status_code == status

    on_node(script, settings)


def test_t1_01_join_comes_first_and_both_pings_are_answered() -> None:
    async def script(node: LiveKitNode) -> None:
        async with signals(node, sdk="js", protocol="16") as client:
            frame = await client.socket.recv()
            assert isinstance(frame, bytes)
            assert SignalResponse.FromString(frame).WhichOneof("message") == "join"
            assert (await client.next("offer")).type == "offer"
            await client.say(ping=1)
            assert abs(await client.next("pong") / 1000 - time.time()) < 5
            await client.say(ping_req={"timestamp": 42})
            assert (await client.next("pong_resp")).last_ping_timestamp == 42
            await client.say(leave={"reason": DisconnectReason.CLIENT_INITIATED})
            assert await client.close_reason() == "client_initiated"

    on_node(script)


@pytest.mark.parametrize("path", ["/rtc/v1", "//rtc/v1", "/rtc"])
def test_t1_02_offer_in_the_join_request_is_answered(path: str) -> None:
    async def script(node: LiveKitNode) -> None:
        async with signals(node, path, join_request=join_request(await browser_offer())) as client:
            join = await client.next("join")
            assert not join.subscriber_primary
            answer = await client.next("answer")
            assert (answer.type, answer.id) == ("answer", 5)
            assert "a=ice-lite" in answer.sdp

    on_node(script)


def test_t1_03_single_connection_without_offer_waits_for_one() -> None:
    async def script(node: LiveKitNode) -> None:
        async with signals(node, "/rtc/v1", join_request=join_request()) as client:
            await client.next("join")
            await client.say(offer={"type": "offer", "sdp": await browser_offer(), "id": 9})
            assert (await client.next("answer")).id == 9

    on_node(script)


def test_json_client_is_answered_in_json() -> None:
    async def script(node: LiveKitNode) -> None:
        async with signals(node) as client:
            await client.next("offer")
            await client.socket.send('{"pingReq": {"timestamp": "7"}}')
            while True:
                frame = await client.socket.recv()
                if isinstance(frame, str):
                    break
            assert json.loads(frame)["pongResp"]["lastPingTimestamp"] == "7"

    on_node(script)


@pytest.mark.parametrize("path", ["/rtc", "/rtc/v1"])
def test_reconnect_is_sent_to_a_full_join(path: str) -> None:
    async def script(node: LiveKitNode) -> None:
        query = {"reconnect": "1", "sid": "PA_gone"}
        if path == "/rtc/v1":
            query = {"join_request": join_request(reconnect=True, participant_sid="PA_gone")}
        async with signals(node, path, **query) as client:
            leave = await client.next("leave")
            assert leave.action == LeaveRequest.Action.RECONNECT
            assert leave.reason == DisconnectReason.STATE_MISMATCH

    on_node(script)


async def _garbage(client: Signals) -> None:
    await client.socket.send(b"\xff\xff\xff")


async def _oversized(client: Signals) -> None:
    await client.socket.send(b"\x00" * ((2 << 20) + 1))


async def _bad_json(client: Signals) -> None:
    await client.socket.send("{" * 5000)


async def _bad_offer(client: Signals) -> None:
    await client.say(offer={"type": "offer", "sdp": "v=0\r\nm=nonsense"})


async def _bad_answer(client: Signals) -> None:
    await client.say(answer={"type": "answer", "sdp": "v=0"})


async def _flood(client: Signals) -> None:
    with contextlib.suppress(ConnectionClosed):
        for _ in range(1000):
            await client.say(ping=1)


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        (_garbage, "malformed signal message"),
        (_oversized, "signal message too large"),
        (_bad_json, "malformed signal message"),
        (_bad_offer, "session description refused"),
        (_bad_answer, "session description refused"),
        (_flood, "too many signal messages"),
    ],
)
def test_hostile_client_is_told_why_and_nobody_else_notices(
    attack: Callable[[Signals], Awaitable[None]], reason: str
) -> None:
    async def script(node: LiveKitNode) -> None:
        async with signals(node, access_token=token("witness")) as witness:
            await witness.next("offer")
            async with signals(node, access_token=token("hostile")) as hostile:
                await hostile.next("offer")
                await attack(hostile)
                assert await hostile.close_reason() == reason
            await witness.say(ping=1)
            await witness.next("pong")
            assert [member.identity for member in node.rooms.participants("room")] == ["witness"]

    on_node(script)


def test_lost_socket_frees_the_participant() -> None:
    async def script(node: LiveKitNode) -> None:
        async with signals(node, access_token=token("witness")) as witness:
            await witness.next("offer")
            async with signals(node, access_token=token("lost")) as lost:
                await lost.next("offer")
                joined = await witness.next("update")
                while joined.participants[0].identity != "lost":
                    joined = await witness.next("update")
                lost.socket.transport.abort()
                gone = await witness.next("update")
                assert gone.participants[0].disconnect_reason == DisconnectReason.SIGNAL_CLOSE

    on_node(script)


def test_a_whole_conversation_logs_no_token(caplog: pytest.LogCaptureFixture) -> None:
    secret = token("me", metadata="private")

    async def script(node: LiveKitNode) -> None:
        async with signals(node, access_token=secret) as client:
            await client.next("offer")
            await client.say(leave={})
            await client.close_reason()
        async with httpx.AsyncClient() as client:
            await client.get(f"{node.url}/rtc/validate", params={"access_token": secret + "x"})

    with caplog.at_level(logging.DEBUG, logger="signaling"):
        on_node(script)

    # The test's own HTTP client writes URLs; the server must not.
    ours = [record for record in caplog.records if record.name.startswith(("signaling", "media", "uvicorn"))]
    assert ours
    assert secret not in " ".join(f"{record.getMessage()} {record.__dict__}" for record in ours)
