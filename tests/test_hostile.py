"""A participant of the same room turns hostile: the call in progress receives every packet regardless.

How each attack is answered is tested next to what answers it (tests/signaling/test_rtc_socket.py,
tests/media/test_server.py). Here a scripted call goes on in lockstep: the next packet is sent only when the
one before has come through, so one lost packet is one failed test.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import random
import struct
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import httpx
import pytest
from aiortc.rtcsctptransport import SCTP_DATA_FIRST_FRAG, SCTP_DATA_LAST_FRAG, WEBRTC_BINARY, DataChunk
from google_crc32c import value as crc32c
from livekit.protocol.models import DataPacket, DisconnectReason, UserPacket
from livekit.protocol.rtc import SessionDescription, SignalRequest, WrappedJoinRequest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from media.packets import parse_rtp
from tests.node_process import NodeProcess, node_process
from tests.peers import Peer, Sent, opus
from tests.scripted_client import ScriptedClient, join_request, scripted_client, token, wrapped

pytestmark = pytest.mark.long

AUDIO = 1000
AFTERWARDS = 20  # packets that must still come when the attack is over
Attack = Callable[[str], Coroutine[Any, Any, None]]


class Call:
    """Two scripted participants, one talking."""

    def __init__(self, speaker: ScriptedClient, listener: ScriptedClient) -> None:
        self.speaker = speaker
        self.listener = listener
        self.sent = 0
        self.slowest_s = 0.0

    async def say_one(self) -> None:
        """Send a packet and wait for it."""
        started = time.monotonic()
        self.speaker.peer.send_rtp(opus(AUDIO, self.sent))
        self.sent += 1
        await self.listener.until(lambda: len(self.listener.rtp) >= self.sent)
        self.slowest_s = max(self.slowest_s, time.monotonic() - started)

    def numbers(self) -> list[int]:
        """Received sequence numbers, counted from the first."""
        received = [parse_rtp(packet).sequence_number for packet in self.listener.rtp]
        return [(number - received[0]) & 0xFFFF for number in received]


@contextlib.asynccontextmanager
async def a_call() -> AsyncIterator[tuple[NodeProcess, Call]]:
    async with (
        node_process() as node,
        scripted_client(node.url, "speaker", sends=[Sent("audio", AUDIO)]) as speaker,
        scripted_client(node.url, "listener", receives=("audio",)) as listener,
    ):
        yield node, Call(speaker, listener)


async def _strange_signals(url: str) -> None:
    """Frames that are no requests, of every size and form."""
    chance = random.Random(1)
    frames: list[bytes | str] = [chance.randbytes(chance.randrange(1, 3000)) for _ in range(10)]
    frames += ["{" * 10_000, "[" * 100_000, '{"offer": 1}', "\0" * 1000, "ｶﾞﾝﾊﾞ" * 1000]
    frames += [bytes(3 << 20), SignalRequest(offer=SessionDescription(sdp="x" * 100_000)).SerializeToString()]
    for frame in frames:
        assert await _say_raw(url, join_request(Peer(receives=("audio",))), frame)


async def _strange_joins(url: str) -> None:
    """Join requests that are too large, lie about themselves, or are nothing at all."""
    gzip_bomb = gzip.compress(bytes(64 << 20))
    zipped = WrappedJoinRequest.Compression.GZIP
    chance = random.Random(2)
    requests = [
        wrapped(gzip_bomb[:40_000], zipped),
        wrapped(gzip.compress(gzip_bomb), zipped),
        wrapped(b"no gzip at all", zipped),
        wrapped(bytes(40_000)),
        "A" * 60_000,
        "A" * 1_000_000,
        "%00%ff",
        *(wrapped(chance.randbytes(200)) for _ in range(20)),
    ]
    for request in requests:
        assert not await _say_raw(url, request)


async def _strange_offers(url: str) -> None:
    """Session descriptions with a byte here and there turned into another."""
    chance = random.Random(3)
    for _ in range(25):
        peer = Peer([Sent("video", 5000, 5001), Sent("audio", 5002)], ["audio", "video"], data=True)
        text = list(peer.offer())
        for _ in range(chance.randrange(1, 30)):
            text[chance.randrange(len(text))] = chance.choice("\n\r:=/ 0129azAZ-_\x00é")
        offer = SessionDescription(type="offer", sdp="".join(text), id=7)
        frame = SignalRequest(offer=offer).SerializeToString()
        assert await _say_raw(url, join_request(Peer(receives=("audio",))), frame)


async def _offer_storm(url: str) -> None:
    """The same valid offer, as fast as it can be sent."""
    async with scripted_client(url, "hostile", receives=("audio",)) as client:
        sdp = client.peer.offer()
        with contextlib.suppress(ConnectionClosed):
            for number in range(500):
                await client.say(offer=SessionDescription(type="offer", sdp=sdp, id=number + 2))
        await client.until(lambda: len(client.said) > 100)


async def _false_tokens(url: str) -> None:
    """Tokens that are forged, expired, for nobody, for another room's door, or not tokens."""
    header = "eyJhbGciOiJub25lIn0."  # {"alg": "none"}
    valid = token("hostile")
    tokens = [
        token("hostile", secret="f" * 32),
        token("hostile", now=time.time() - 7200),
        token(""),
        token("hostile", can_publish=False, api_key="unknown"),
        header + valid.split(".")[1] + ".",
        valid[:-3],
        valid + "x",
        "x" * 8000,
    ]
    for false in tokens * 3:
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{url}/rtc/v1/validate", params={"access_token": false})
        assert answer.status_code in (400, 401), answer.text
        with pytest.raises(InvalidHandshake):
            async with connect(_target(url, false, join_request(Peer(receives=("audio",)))), proxy=None):
                pass


async def _lossy_flood(url: str) -> None:
    """Ten thousand data packets in about a second, past every congestion control."""
    async with scripted_client(url, "hostile") as client:
        stream = _stream(client, "_lossy")
        for first in range(0, 10_000, 10):
            chunks = [_message(stream, first + index) for index in range(10)]
            await _send_chunks(client, chunks)
            await asyncio.sleep(0)  # the call in this process must have its turn


async def _reliable_flood(url: str) -> None:
    """The same on the reliable channel, where nothing may be dropped: the sender is sent away."""
    async with scripted_client(url, "hostile") as client:
        stream = _stream(client, "_reliable")
        for first in range(0, 10_000, 10):
            chunks = [_message(stream, first + index) for index in range(10)]
            await _send_chunks(client, chunks)
            await asyncio.sleep(0)
        assert (await client.heard("leave")).leave.reason == DisconnectReason.STATE_MISMATCH


async def _hoarding(url: str) -> None:
    """Ten thousand packets behind one that never comes: the server keeps only so many."""
    async with scripted_client(url, "hostile") as client:
        stream = _stream(client, "_lossy")
        for first in range(1, 10_001, 10):
            chunks = [_message(stream, first + index) for index in range(10)]
            await _send_chunks(client, chunks)
            await asyncio.sleep(0)
        await client.heard("leave")


ATTACKS = (
    _strange_signals,
    _strange_joins,
    _strange_offers,
    _offer_storm,
    _false_tokens,
    _lossy_flood,
    _reliable_flood,
    _hoarding,
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__.strip("_"))
def test_call_receives_every_packet_during(attack: Attack) -> None:
    async def scene() -> None:
        async with a_call() as (node, call):
            async with asyncio.TaskGroup() as tasks:
                running = tasks.create_task(attack(node.url))
                while not running.done():
                    await call.say_one()
            for _ in range(AFTERWARDS):
                await call.say_one()

            assert call.numbers() == list(range(call.sent))
            usage = await node.usage()
            assert usage["rooms"] == 1

    asyncio.run(scene())


def _target(url: str, access_token: str, request: str) -> str:
    query = f"access_token={access_token}&join_request={request}"
    return f"{url.replace('http', 'ws', 1)}/rtc/v1?{query}"


async def _say_raw(url: str, request: str, frame: bytes | str | None = None) -> bool:
    """Join as far as the server lets us, say one thing, wait for its end; whether we were let in at all."""
    was_let_in = False
    try:
        async with connect(_target(url, token("hostile"), request), proxy=None, close_timeout=1) as socket:
            await socket.recv()
            was_let_in = True
            if frame is not None:
                await socket.send(frame)
                async with asyncio.timeout(0.2):  # some of it may be harmless
                    async for _ in socket:
                        pass
    except (InvalidHandshake, ConnectionClosed, TimeoutError, OSError):
        pass  # a refusal is what it deserves
    return was_let_in


def _stream(client: ScriptedClient, label: str) -> tuple[int, int, int]:
    """Number of a channel's stream, where our TSNs and its messages go on, past aiortc's own sending."""
    association = client.peer.secure._sctp
    assert association is not None
    stream = client.peer.secure._channels[label].id
    assert stream is not None
    return stream, association._local_tsn, association._outbound_stream_seq.get(stream, 0)


def _message(stream: tuple[int, int, int], index: int) -> bytes:
    """One data packet as an SCTP chunk, the `index`th from now on (RFC 9260 section 3.3.1)."""
    stream_id, tsn, sequence = stream
    packet = DataPacket(user=UserPacket(payload=b"x" * 20, topic="flood"))
    chunk = DataChunk(flags=SCTP_DATA_FIRST_FRAG | SCTP_DATA_LAST_FRAG)
    chunk.tsn, chunk.stream_id, chunk.protocol = (tsn + index) & 0xFFFFFFFF, stream_id, WEBRTC_BINARY
    chunk.stream_seq = (sequence + index) & 0xFFFF
    chunk.user_data = packet.SerializeToString()
    return bytes(chunk)


async def _send_chunks(client: ScriptedClient, chunks: list[bytes]) -> None:
    association = client.peer.secure._sctp
    assert association is not None
    tag = association._remote_verification_tag
    head, body = struct.pack("!HHL", 5000, 5000, tag), b"".join(chunks)
    checksum = struct.pack("<L", crc32c(head + bytes(4) + body))
    with contextlib.suppress(ConnectionError):  # the server has had enough
        await client.peer.secure._dtls._send_data(head + checksum + body)
