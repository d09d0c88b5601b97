"""The connection self-test's server side, with real media on loopback and aiortc as the browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedOK

from media import MediaServer, MediaSettings
from signaling.rtc import line_check
from signaling.rtc.ice_servers import TurnSettings
from signaling.rtc.line_check import LineCheck, LineCheckBusy, OfferRefused, Way
from tests.installation import Browser, Installation, key_of, play
from tests.livekit_node import LiveKitNode
from tests.sdk.guests import until

PATIENCE_S = 10.0
TURN = TurnSettings(("turn:relay.example.jp:3478",), "shared", ttl_s=43_200)
REFERENCE = "K7Q2-9F"


@asynccontextmanager
async def browser_offer() -> AsyncIterator[tuple[RTCPeerConnection, str]]:
    """A peer connection with one data channel, and its offer."""
    connection = RTCPeerConnection(RTCConfiguration([]))
    connection.createDataChannel("_lossy", ordered=False, maxRetransmits=0)
    await connection.setLocalDescription(await connection.createOffer())
    try:
        yield connection, connection.localDescription.sdp
    finally:
        await connection.close()


def check(
    scene: Callable[[LineCheck, MediaServer], Awaitable[None]],
    turn: TurnSettings = TURN,
    *,
    udp: bool = True,
) -> None:
    """One scene; afterwards nothing of it is left in the media server."""

    async def run() -> None:
        async with MediaServer(MediaSettings(host="127.0.0.1", port=0, udp=udp)) as media:
            async with LineCheck(media, turn) as lines:
                await scene(lines, media)
            assert media.usage() == {"transports": 0, "routers": 0, "paths": 0}

    asyncio.run(run())


async def echoed(connection: RTCPeerConnection, answer: str) -> bytes:
    """What comes back for a message."""
    back: asyncio.Queue[bytes] = asyncio.Queue()
    channel = connection.createDataChannel("_reliable")
    channel.on("open", lambda: channel.send("hello"))
    channel.on("message", back.put_nowait)
    await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    async with asyncio.timeout(PATIENCE_S):
        return await back.get()


@pytest.mark.parametrize(("way", "protocol"), [("udp", "udp"), ("tcp", "tcp"), ("relay", "udp")])
def test_an_answer_names_one_way_in_alone(way: Way, protocol: str) -> None:
    async def scene(lines: LineCheck, media: MediaServer) -> None:
        async with browser_offer() as (_, offer):
            answer = lines.answer(way, offer, REFERENCE)

        named = [line.split()[2] for line in answer.splitlines() if line.startswith("a=candidate:")]
        assert named and set(named) == {protocol}

    check(scene)


def test_messages_come_back_until_the_caller_goes() -> None:
    async def scene(lines: LineCheck, media: MediaServer) -> None:
        async with browser_offer() as (connection, offer):
            assert await echoed(connection, lines.answer("udp", offer, REFERENCE)) == b"hello"
            assert media.usage()["transports"] == 1
        await until(lambda: not media.usage()["transports"], "the echo ended")

    check(scene)


def test_only_so_many_at_once_and_each_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_check, "LIFE_S", 0.5)

    async def scene(lines: LineCheck, media: MediaServer) -> None:
        async with browser_offer() as (_, offer):
            for _ in range(line_check.MAX_AT_ONCE):
                lines.answer("udp", offer, REFERENCE)
            with pytest.raises(LineCheckBusy):
                lines.answer("udp", offer, REFERENCE)
            await until(lambda: not media.usage()["routers"], "all echoes ended")
            lines.answer("udp", offer, REFERENCE)

    check(scene)


@pytest.mark.parametrize(
    "change",
    [
        lambda offer: "garbage",
        lambda offer: offer + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:9\r\na=rtpmap:0 PCMU/8000\r\n",
        lambda offer: offer.replace("a=ice-pwd", "a=ice-lost"),
        lambda offer: offer.replace("a=fingerprint", "a=lost"),
    ],
    ids=["garbage", "with audio", "without credentials", "without fingerprint"],
)
def test_an_offer_that_is_no_data_channel_is_refused(change: Callable[[str], str]) -> None:
    async def scene(lines: LineCheck, media: MediaServer) -> None:
        async with browser_offer() as (_, offer):
            with pytest.raises(OfferRefused):
                lines.answer("udp", change(offer), REFERENCE)

    check(scene)


@pytest.mark.parametrize(
    ("turn", "udp", "ways"),
    [(TURN, True, ["udp", "tcp", "relay"]), (TurnSettings(), True, ["udp", "tcp"]), (TURN, False, ["tcp"])],
)
def test_the_ways_are_those_the_server_has(turn: TurnSettings, udp: bool, ways: list[Way]) -> None:
    async def scene(lines: LineCheck, media: MediaServer) -> None:
        assert lines.ways() == ways

    check(scene, turn, udp=udp)


def test_strangers_get_credentials_for_minutes() -> None:
    async def scene(lines: LineCheck, media: MediaServer) -> None:
        [server] = lines.relays(REFERENCE)
        remaining_s = int(server.username.split(":")[0]) - datetime.now(UTC).timestamp()
        assert 0 < remaining_s <= line_check.RELAY_TTL_S

    check(scene)


def test_anybody_may_check_but_not_without_end(tmp_path: Path) -> None:
    async def scene(genba: Installation) -> None:
        nobody: Browser = genba.browser()
        plan = (await nobody.get("/check")).json()
        assert plan["ways"] == ["udp", "tcp"] and plan["office_phone"]
        async with browser_offer() as (_, offer):
            body = {"way": "udp", "sdp": offer, "reference": plan["reference"]}
            assert "a=candidate:" in (await nobody.post("/check", body)).json()["sdp"]
        body["sdp"] = "garbage"
        assert key_of(await nobody.post("/check", body)) == (422, "check.offer")
        statuses = {(await nobody.get("/check")).status_code for _ in range(50)}
        assert statuses == {200, 429}
        assert (await genba.browser("198.51.100.9").get("/check")).status_code == 200

    play(tmp_path, scene, has_media=True, at=datetime.now(UTC))


def test_the_socket_echoes_a_little_and_closes() -> None:
    async def scene() -> None:
        async with LiveKitNode() as node, connect(f"{node.url.replace('http', 'ws')}/rtc/check") as socket:
            for _ in range(line_check.MAX_SOCKET_FRAMES):
                await socket.send("x" * 100)
                assert await socket.recv() == "x" * line_check.MAX_SOCKET_CHARACTERS
            with pytest.raises(ConnectionClosedOK):
                await socket.recv()

    asyncio.run(scene())
