"""A signalling relay that hides all but one kind of ICE candidate from a client.

An unmodified SDK cannot be told to avoid UDP. Between it and the server stands this relay, which passes every
signal message on and takes the other candidates out of the server's descriptions: what then flows, flows over
the kind that is left.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from livekit.protocol.rtc import SignalResponse
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

CLOSE_TIMEOUT_S = 2.0


@asynccontextmanager
async def only_candidates(url: str, protocol: Literal["udp", "tcp"]) -> AsyncIterator[str]:
    """While open, the yielded ws:// URL leads to the server at `url` (ws:// or wss://)."""

    async def relay(client: ServerConnection) -> None:
        request = client.request
        if request is None:  # never inside a handler
            return
        headers = request.headers
        passed = {"Authorization": headers["Authorization"]} if "Authorization" in headers else {}
        target = url.rstrip("/") + request.path
        async with connect(
            target, additional_headers=passed, close_timeout=CLOSE_TIMEOUT_S, proxy=None
        ) as server:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_carry(client, server))
                tasks.create_task(_carry_filtered(server, client, protocol))

    async with serve(relay, "127.0.0.1", 0, close_timeout=CLOSE_TIMEOUT_S) as listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"ws://127.0.0.1:{port}"


async def _carry(source: ServerConnection, sink: ClientConnection) -> None:
    try:
        async for frame in source:
            await sink.send(frame)
    except ConnectionClosed:
        pass  # the other side is closed below either way
    await sink.close()


async def _carry_filtered(source: ClientConnection, sink: ServerConnection, protocol: str) -> None:
    try:
        async for frame in source:
            await sink.send(filtered(frame, protocol) if isinstance(frame, bytes) else frame)
    except ConnectionClosed:
        pass
    await sink.close()


def filtered(frame: bytes, protocol: str) -> bytes:
    """The same SignalResponse with candidates of `protocol` only."""
    response = SignalResponse.FromString(frame)
    variant = response.WhichOneof("message")
    if variant not in ("offer", "answer"):
        return frame
    description = getattr(response, variant)
    description.sdp = "".join(
        line
        for line in description.sdp.splitlines(keepends=True)
        if not line.startswith("a=candidate:") or line.split()[2].lower() == protocol
    )
    return response.SerializeToString()
