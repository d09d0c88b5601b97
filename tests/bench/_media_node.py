"""Our media server alone in its process, told what to do by JSON lines, so that its CPU can be read.

`media_node` is the side that tells it; the module run by itself is the process.
"""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvloop

from media import MediaServer, MediaSettings, Producer, ReceiveOptions, Transport, TransportState
from tests.peers import Peer


class MediaNode:
    """A running media server, as `_load` measures it."""

    def __init__(self, process: Process) -> None:
        self.pid = process.pid
        self._process = process

    async def publish(self, peer: Peer) -> None:
        """Connect a peer that sends."""
        await peer.connect((await self.ask({"op": "join", "sdp": peer.offer()}))["sdp"])

    async def watch(self, peer: Peer) -> None:
        """Connect a peer that receives everything published so far."""
        await self.publish(peer)

    async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """One question, one answer."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        reply: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return reply


@asynccontextmanager
async def media_node(address: str) -> AsyncIterator[MediaNode]:
    """Start a media server on this address, and end it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench._media_node", address, stdin=PIPE, stdout=PIPE
    )
    assert process.stdin is not None
    try:
        yield MediaNode(process)
    finally:
        process.stdin.close()
        await process.wait()


class _Silent:
    def transport_state_changed(self, transport: Transport, state: TransportState) -> None: ...
    def data_received(self, transport: Transport, label: str, payload: bytes) -> None: ...
    def data_channels_open(self, transport: Transport) -> None: ...
    def producer_started(self, transport: Transport, producer: Producer) -> None: ...


async def serve() -> None:
    """Answer offers: publishers first, then viewers of everything published so far."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with MediaServer(MediaSettings(host=sys.argv[1], port=0)) as media:
        router = media.create_router()
        producers: list[Producer] = []
        while line := await reader.readline():
            request: dict[str, Any] = json.loads(line)
            if request["op"] == "counters":
                print(json.dumps(media.counters() | media.usage()), flush=True)
                continue
            transport = router.create_transport(_Silent())
            offer = transport.set_remote_offer(request["sdp"])
            for section in offer.sending:
                producers.append(transport.receive(section.mid, f"TR_{len(producers)}", ReceiveOptions()))
            if not offer.sending:
                for producer in producers:
                    transport.consume(producer, stream_id=f"PA|{producer.id}", track_id=producer.id)
            print(json.dumps({"sdp": transport.create_answer().sdp}), flush=True)


if __name__ == "__main__":
    uvloop.run(serve())
