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
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiortc.rtcsctptransport import SCTP_DATA_FIRST_FRAG, SCTP_DATA_LAST_FRAG, SCTP_DATA_UNORDERED, DataChunk
from google_crc32c import value as crc32c
from livekit.protocol.models import DataPacket, UserPacket
from livekit.protocol.rtc import SessionDescription, WrappedJoinRequest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from media.packets import parse_rtp
from tests.node_process import NodeProcess, node_process
from tests.peers import Peer, Sent, opus
from tests.scripted_client import ScriptedClient, join_request, scripted_client, token, wrapped

pytestmark = pytest.mark.long

AUDIO = 1000
AFTERWARDS = 20  # packets that must still come when the attack is over
Attack = Callable[[str], Awaitable[None]]


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


async def _data_flood(url: str) -> None:
    """10,000 data packets in about a second, past every congestion control."""
    async with scripted_client(url, "hostile") as client:
        association = client.peer.secure._sctp
        assert association is not None
        channel = client.peer.secure._channels["_lossy"]
        packet = DataPacket(user=UserPacket(payload=b"x" * 20, topic="flood")).SerializeToString()
        tsn = association._local_tsn
        for _ in range(1000):
            chunks = b""
            for _ in range(10):
                chunk = DataChunk(flags=SCTP_DATA_FIRST_FRAG | SCTP_DATA_LAST_FRAG | SCTP_DATA_UNORDERED)
                chunk.tsn, tsn = tsn, tsn + 1 & 0xFFFFFFFF
                chunk.stream_id, chunk.protocol, chunk.user_data = channel.id, 53, packet
                chunks += bytes(chunk)
            head = (5000).to_bytes(2, "big") * 2 + association._remote_verification_tag.to_bytes(4, "big")
            checksum = crc32c(head + bytes(4) + chunks).to_bytes(4, "little")
            await client.peer.secure._dtls._send_data(head + checksum + chunks)
            await asyncio.sleep(0)


def test_x() -> None:
    async def scene() -> None:
        async with a_call() as (node, call):
            for _ in range(20): await call.say_one()
            print("quiet", call.slowest_s); call.slowest_s=0
            t=time.time()
            async with asyncio.TaskGroup() as tasks:
                attack = tasks.create_task(_data_flood(node.url))
                while not attack.done():
                    await call.say_one()
            print("attack", time.time()-t, call.sent, call.slowest_s)
            for i in range(5):
                call.slowest_s=0
                t=time.time()
                for _ in range(100): await call.say_one()
                print("after", time.time()-t, call.slowest_s)
            assert call.numbers()==list(range(call.sent))
            print(await node.usage(), call.listener.peer.messages.qsize())
    asyncio.run(scene())
