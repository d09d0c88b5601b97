"""A cheap LiveKit client: real WebSocket signalling on `/rtc/v1`, a scripted peer for the media.

It can leave as clients do in life: with good manners, by losing its socket, or by vanishing from the network
without a word. Used where hundreds of joins must fit into a test.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from livekit.protocol.models import ClientInfo, DataPacket, TrackSource, TrackType, UserPacket
from livekit.protocol.rtc import (
    AddTrackRequest,
    ConnectionSettings,
    JoinRequest,
    LeaveRequest,
    SessionDescription,
    SignalRequest,
    SignalResponse,
    WrappedJoinRequest,
)
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from signaling.rtc.tokens import mint
from tests.livekit_node import API_KEY, API_SECRET
from tests.peers import Peer, Sent

PATIENCE_S = 15.0
CHECK_INTERVAL_S = 0.5
_SOURCES = {
    "audio": (TrackType.AUDIO, TrackSource.MICROPHONE),
    "video": (TrackType.VIDEO, TrackSource.CAMERA),
}


class ScriptedClient:
    """One participant. `peer` is its media, `said` everything the server told it."""

    def __init__(self, socket: ClientConnection, peer: Peer) -> None:
        self.socket = socket
        self.peer = peer
        self.said: list[SignalResponse] = []
        self.rtp: list[bytes] = []
        self._news = asyncio.Event()
        self._is_present = True
        self.is_ghost = False
        peer.on_rtp = self._received

    async def say(self, **request: Any) -> None:
        """Send one SignalRequest."""
        await self.socket.send(SignalRequest(**request).SerializeToString())

    async def heard(self, variant: str) -> SignalResponse:
        """The first answer of a kind."""
        await self.until(lambda: any(r.WhichOneof("message") == variant for r in self.said))
        return next(r for r in self.said if r.WhichOneof("message") == variant)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until packets or messages make something true."""
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def send_data(self, payload: bytes, *, reliable: bool = False) -> bool:
        """Publish a data packet; whether the channel took it."""
        packet = DataPacket(user=UserPacket(payload=payload, topic="test"))
        return self.peer.secure.send("_reliable" if reliable else "_lossy", packet.SerializeToString())

    async def leave(self) -> None:
        """Say good-bye on every channel."""
        self._is_present = False
        await self.say(leave=LeaveRequest())
        await self.peer.close()
        await self.socket.close()

    async def cut(self) -> None:
        """The socket dies; the media says good-bye."""
        self._is_present = False
        self.socket.transport.abort()
        await self.peer.close()

    async def vanish(self) -> None:
        """Nothing is sent or read any more, on no channel, until `bury`: the server must notice by itself."""
        self._is_present = False
        self.is_ghost = True
        self.socket.transport.pause_reading()
        await self.peer.disappear()

    def bury(self) -> None:
        """Close the socket of a client that vanished."""
        self.socket.transport.abort()

    async def listen(self) -> None:
        """Keep what the server says until the socket closes."""
        try:
            async for frame in self.socket:
                if isinstance(frame, bytes):
                    self.said.append(SignalResponse.FromString(frame))
                    self._news.set()
        except ConnectionClosed:
            pass

    async def stay_reachable(self) -> None:
        """Check connectivity as a client does, for as long as it is there."""
        while self._is_present:
            self.peer.send_raw(self.peer.check())
            await asyncio.sleep(CHECK_INTERVAL_S)

    def _received(self, packet: bytes) -> None:
        self.rtp.append(packet)
        self._news.set()


def token(identity: str, room: str = "room", **grants: Any) -> str:
    """A participant's token for the test node."""
    now = grants.pop("now", time.time())
    return mint(
        api_key=grants.pop("api_key", API_KEY),
        api_secret=grants.pop("secret", API_SECRET),
        identity=identity,
        name=identity,
        room=room,
        now=now,
        ttl_s=grants.pop("ttl_s", 600),
        **grants,
    )


def join_request(peer: Peer) -> str:
    """The `join_request` parameter of a client that brings its offer and announces its tracks."""
    request = JoinRequest(
        client_info=ClientInfo(sdk=ClientInfo.SDK.JS, protocol=16),
        connection_settings=ConnectionSettings(auto_subscribe=True),
        publisher_offer=SessionDescription(type="offer", sdp=peer.offer(), id=1),
    )
    for track in peer.sends:
        kind, source = _SOURCES[track.kind]
        cid = f"{track.kind}{track.ssrc}"
        request.add_track_requests.append(AddTrackRequest(cid=cid, type=kind, source=source, name=track.kind))
    return wrapped(request.SerializeToString())


def wrapped(packed: bytes, compression: WrappedJoinRequest.Compression = 0) -> str:  # type: ignore[assignment]  # protobuf enums are ints
    """Bytes as a `join_request` parameter."""
    wrapper = WrappedJoinRequest(compression=compression, join_request=packed)
    return base64.urlsafe_b64encode(wrapper.SerializeToString()).decode()


@asynccontextmanager
async def scripted_client(
    url: str, identity: str, room: str = "room", *, sends: Sequence[Sent] = (), receives: Sequence[str] = ()
) -> AsyncIterator[ScriptedClient]:
    """A connected participant; whatever is left of it goes when the block ends."""
    peer = Peer(sends, receives, data=True)
    peer.secure.open_channels()
    query = f"access_token={token(identity, room)}&join_request={join_request(peer)}"
    target = f"{url.replace('http', 'ws', 1)}/rtc/v1?{query}"
    socket = await connect(target, proxy=None, ping_interval=None, close_timeout=1)
    client = ScriptedClient(socket, peer)
    try:
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(client.listen())
            try:
                answer = await client.heard("answer")
                await peer.connect(answer.answer.sdp)
                checking = tasks.create_task(client.stay_reachable())
                async with asyncio.timeout(PATIENCE_S):
                    await peer.channels_open.wait()
                yield client
                checking.cancel()
            finally:
                await peer.close()
                listening.cancel()
    finally:
        if not client.is_ghost:
            await socket.close()
