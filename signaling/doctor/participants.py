"""Participants of the doctor's room, on the unmodified LiveKit SDK: joining, and what their connections use.

Importing this needs the `doctor` extra.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from livekit import rtc
from livekit.rtc._proto import stats_pb2  # the SDK exports no names for single statistics

JOIN_TIMEOUT_S = 20.0
LEAVE_TIMEOUT_S = 5.0
TRACK_TIMEOUT_S = 10.0
PATH_INTERVAL_S = 0.2


class JoinFailed(Exception):
    """The SDK could not join; the message is its own."""


@dataclass(frozen=True, slots=True)
class MediaPath:
    """What one peer connection uses: `udp` or `tcp` to a port of the server."""

    protocol: str
    server: str
    port: int
    round_trip_ms: float
    bytes_received: int


class Guest:
    """One participant in the doctor's room."""

    def __init__(self, room: rtc.Room) -> None:
        self.room = room
        self.messages: asyncio.Queue[bytes] = asyncio.Queue()
        self._tracks: dict[int, rtc.Track] = {}
        self._has_track = asyncio.Event()
        room.on("track_subscribed", self._subscribed)
        room.on("data_received", lambda packet: self.messages.put_nowait(packet.data))

    async def track(self, kind: int) -> rtc.Track:
        """The subscribed track of a kind. Raises TimeoutError when none comes."""
        async with asyncio.timeout(TRACK_TIMEOUT_S):
            while kind not in self._tracks:
                self._has_track.clear()
                await self._has_track.wait()
        return self._tracks[kind]

    async def paths(self, protocol: str, timeout_s: float) -> list[MediaPath]:
        """Path of every peer connection that has one; waits a little until all use `protocol`."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        while True:
            try:
                stats = await self.room.get_rtc_stats()
            except RuntimeError:  # the SDK's word for a connection that is gone
                return []
            found = [
                path for side in (stats.publisher_stats, stats.subscriber_stats) if (path := _path(side))
            ]
            is_settled = found and all(path.protocol == protocol and path.bytes_received for path in found)
            if is_settled or loop.time() >= deadline:
                return found
            await asyncio.sleep(PATH_INTERVAL_S)

    def _subscribed(self, track: rtc.Track, *_: object) -> None:
        self._tracks[track.kind] = track
        self._has_track.set()


@asynccontextmanager
async def joined(
    url: str,
    token: str,
    *,
    is_single: bool,
    timeout_s: float = JOIN_TIMEOUT_S,
    may_use: rtc.IceTransportType.ValueType = rtc.IceTransportType.TRANSPORT_ALL,
) -> AsyncIterator[Guest]:
    """A participant for as long as the block runs, on one peer connection or on two. Raises JoinFailed."""
    guest = Guest(rtc.Room())
    try:
        async with asyncio.timeout(timeout_s):
            options = rtc.RoomOptions(
                single_peer_connection=is_single,
                rtc_config=rtc.RtcConfiguration(ice_transport_type=may_use),
            )
            await guest.room.connect(url, token, options)
    except TimeoutError as error:
        raise JoinFailed(f"no connection within {timeout_s:.0f} s") from error
    except rtc.ConnectError as error:
        raise JoinFailed(error.message) from error
    try:
        yield guest
    finally:
        try:
            async with asyncio.timeout(LEAVE_TIMEOUT_S):
                await guest.room.disconnect()
        except TimeoutError:
            pass  # the server notices by itself


def _path(stats: Sequence[stats_pb2.RtcStats]) -> MediaPath | None:
    """The selected candidate pair in one peer connection's statistics."""
    transports = [s.transport.transport for s in stats if s.HasField("transport")]
    pairs = {s.candidate_pair.rtc.id: s.candidate_pair.candidate_pair for s in stats}
    remotes = {s.remote_candidate.rtc.id: s.remote_candidate.candidate for s in stats}
    for transport in transports:
        pair = pairs.get(transport.selected_candidate_pair_id)
        remote = remotes.get(pair.remote_candidate_id) if pair is not None else None
        if pair is not None and remote is not None and remote.port:
            return MediaPath(
                protocol=remote.protocol,
                server=remote.address,
                port=remote.port,
                round_trip_ms=pair.current_round_trip_time * 1000,
                bytes_received=pair.bytes_received,
            )
    return None
