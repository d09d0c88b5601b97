"""All rooms of this node: the edge that gives rooms time, tasks and randomness.

One task per room polls it when its next deadline comes; transports are closed in tasks of their own, so that
a client that does not say good-bye delays nobody.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from types import TracebackType

from livekit.protocol.models import (
    ConnectionQuality,
    DataPacket,
    DisconnectReason,
    ParticipantInfo,
    RoomEndReason,
    Transcription,
    UserPacket,
)
from livekit.protocol.models import Room as RoomInfo
from livekit.protocol.rtc import LeaveRequest, SignalRequest
from livekit.protocol.webhook import WebhookEvent

from media import MediaServer, Producer, Tap, TapSink, Transport, TransportState
from signaling.rtc.audience import Rule, everybody
from signaling.rtc.client_connect import ClientConnect
from signaling.rtc.outbox import Outbox
from signaling.rtc.participant import Participant
from signaling.rtc.resuming import find_resumable, resume
from signaling.rtc.room import Outside, Room
from signaling.rtc.room_settings import RoomLimits, RoomSettings
from signaling.rtc.session import Session
from signaling.rtc.tokens import Grants

log = logging.getLogger(__name__)

CLOSE_TIMEOUT_S = 5.0
_ID_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
Observer = Callable[[WebhookEvent], None]


class RoomFull(Exception):
    """The room, or with `is_node` the whole node, has no place left."""

    def __init__(self, name: str, *, is_node: bool = False) -> None:
        super().__init__(name)
        self.is_node = is_node


class RoomNotFound(Exception):
    """There is no such room, and it may not be made."""


class ShuttingDown(Exception):
    """Nobody is admitted any more; soon another server answers here."""


class Rooms:
    """Async context manager; when it ends every room is closed and nothing runs."""

    def __init__(self, media: MediaServer, settings: RoomSettings) -> None:
        self.settings = settings
        self._media = media
        self._rooms: dict[str, Room] = {}
        self._wakes: dict[Room, asyncio.Event] = {}
        self._audiences: dict[str, tuple[Rule, str]] = {}  # of rooms that need not be open
        self._recorded: set[str] = set()  # names, likewise
        self._observers: list[Observer] = []
        self._stack = AsyncExitStack()
        self._tasks: asyncio.TaskGroup
        self._loop: asyncio.AbstractEventLoop
        self._is_closing = False

    async def __aenter__(self) -> Rooms:
        self._loop = asyncio.get_running_loop()
        self._tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.shut_down()
        await self._stack.aclose()

    def shut_down(self) -> None:
        """End all rooms; everybody is asked to come back, to the server that starts next.

        A server that does not start again costs clients a minute of trying; the other advice, to leave for
        good, would end every call with each update.
        """
        self._is_closing = True
        reason, end_reason = DisconnectReason.SERVER_SHUTDOWN, RoomEndReason.ROOM_END_SERVER_SHUTDOWN
        for room in list(self._rooms.values()):
            room.close(reason, end_reason, self._loop.time(), action=LeaveRequest.Action.RECONNECT)

    @property
    def epoch_s(self) -> float:
        """What turns the loop's time into wall-clock seconds, now."""
        return time.time() - self._loop.time()

    # -- participants

    def check(self, name: str, identity: str, grants: Grants) -> None:
        """Whether a join would be admitted. Raises `ShuttingDown`, `RoomNotFound` or `RoomFull`."""
        if self._is_closing:
            raise ShuttingDown
        room = self._rooms.get(name)
        if room is None:
            if not self.settings.auto_create and not grants.room_create:
                raise RoomNotFound(name)
            limit = self.settings.max_participants_on_node
            if limit and sum(len(other.members) for other in self._rooms.values()) >= limit:
                raise RoomFull(name, is_node=True)
        elif not room.has_space_for(identity):
            raise RoomFull(name)

    def join(
        self, name: str, identity: str, grants: Grants, connect: ClientConnect, wake: Callable[[], None]
    ) -> Session:
        """A new session in the room, which is made if need be. Raises like `check`."""
        self.check(name, identity, grants)
        room = self._rooms.get(name)
        if room is None:
            room = self._open(name, self.settings.limits.configured(grants.room_config))
        now = self._loop.time()
        member = room.join(identity, grants, connect, Outbox(wake), now)
        return self._session(room, member, connect)

    def resume(
        self, name: str, identity: str, connect: ClientConnect, wake: Callable[[], None]
    ) -> Session | None:
        """Another session of a participant whose socket was lost; None when it is not here any more."""
        room = self._rooms.get(name)
        member = find_resumable(room, identity, connect) if room is not None else None
        if room is None or member is None:
            return None
        resume(room, member, Outbox(wake), self._loop.time())
        return self._session(room, member, connect)

    def _session(self, room: Room, member: Participant, connect: ClientConnect) -> Session:
        """The session, after it heard what the client brought along with its connection."""
        session = Session(room, member, self.epoch_s)
        brought = [
            # After JoinResponse and the announced tracks, so that the first answer may carry media.
            SignalRequest(offer=connect.offer) if connect.offer is not None else None,
            SignalRequest(sync_state=connect.sync_state) if connect.sync_state is not None else None,
        ]
        for request in filter(None, brought):
            self.step(session, functools.partial(session.handle, request))
        return session

    def step(self, session: Session, act: Callable[[float], None]) -> None:
        """Let a session act; a bug in it ends this session and no other."""
        now = self._loop.time()
        try:
            act(now)
        except Exception:
            log.exception("session_crashed", extra={"participant": session.member.sid})
            session.crashed(now)

    # -- the server's own doings

    async def create_room(self, name: str, limits: RoomLimits | None = None) -> RoomInfo:
        """The room with this name, made now if there is none."""
        room = self._rooms.get(name)
        if room is None:
            room = self._open(name, limits or self.settings.limits)
        return room.info()

    async def delete_room(self, name: str) -> None:
        """End a room for everybody in it; nothing happens if there is none."""
        room = self._rooms.get(name)
        if room is None:
            return
        room.close(DisconnectReason.ROOM_DELETED, RoomEndReason.ROOM_END_API_DELETE, self._loop.time())
        self._forget(room)

    async def remove_participant(self, room: str, identity: str) -> bool:
        """Send somebody away; False if not there."""
        found = self.find(room)
        member = found.members.find(identity) if found is not None else None
        if found is None or member is None:
            return False
        found.leave(member, DisconnectReason.PARTICIPANT_REMOVED, self._loop.time())
        return True

    def set_audience(self, room: str, rule: Rule | None, metadata: str = "") -> None:
        """Decide who may hear and see whom in a room, now and whenever it opens again; None lifts it.

        The room's metadata is what everybody in it is told of this, from now on too.
        """
        if rule is None:
            self._audiences.pop(room, None)
        else:
            self._audiences[room] = rule, metadata
        found = self.find(room)
        if found is not None:
            found.change_audience(rule or everybody, self._loop.time())
            found.change_metadata(metadata)

    def set_recorded(self, room: str, *, is_recorded: bool) -> None:
        """Have everybody told that a room is recorded, now and whenever it opens again."""
        (self._recorded.add if is_recorded else self._recorded.discard)(room)
        found = self.find(room)
        if found is not None:
            found.change_recorded(is_recorded=is_recorded)

    async def send_data(
        self, room: str, payload: bytes, *, topic: str, identities: Sequence[str] = ()
    ) -> None:
        """Send a reliable packet to everybody in the room, or to some; nobody there, nothing sent."""
        packet = UserPacket(payload=payload, topic=topic, destination_identities=identities)
        found = self.find(room)
        if found is not None:
            found.send_data(packet, DataPacket.Kind.RELIABLE, self._loop.time())

    def caption(self, room: str, said: Transcription) -> None:
        """Show what somebody said to everybody who may hear them."""
        found = self.find(room)
        if found is not None:
            found.data.caption(said, self._loop.time())
            found.changed(self._loop.time())

    def participants(self, room: str) -> list[ParticipantInfo]:
        """Records of everybody in the room; empty for an unknown one."""
        found = self.find(room)
        return [member.info() for member in found.members] if found is not None else []

    def qualities(self, room: str) -> dict[str, ConnectionQuality]:
        """How well each visible participant's line carries, by identity; empty for an unknown room."""
        found = self.find(room)
        return found.attendance.qualities() if found is not None else {}

    def rooms(self) -> list[RoomInfo]:
        """Records of all rooms."""
        return [room.info() for room in self._rooms.values()]

    def find(self, name: str) -> Room | None:
        """The open room with this name."""
        return self._rooms.get(name)

    def now(self) -> float:
        """The time rooms are polled by."""
        return self._loop.time()

    def tap(self, room: str, track_sid: str, sink: TapSink) -> Tap | None:
        """Have everything of a track heard by the server itself; None when there is no such track now."""
        opened = self._rooms.get(room)
        found = opened.subscribing.find_track(track_sid) if opened is not None else None
        producer = found[1].producer if found is not None else None
        if opened is None or found is None or producer is None:
            return None
        tap = Tap(producer, sink, self._loop.time())
        tap.on_close = lambda: opened.subscribing.taps_changed(track_sid, self._loop.time())
        tap.on_close()
        return tap

    def observe(self, observer: Observer) -> None:
        """Call `observer` with every event from now on; it must not block."""
        self._observers.append(observer)

    # -- rooms and their tasks

    def _open(self, name: str, limits: RoomLimits) -> Room:
        if self._is_closing:
            raise ShuttingDown
        wake = asyncio.Event()
        outside = Outside(
            new_id=new_id,
            epoch_s=self.epoch_s,
            listener=lambda room, member: _Ears(room, member, self._loop),
            emit=self._emit,
            discard=self._discard,
            wake=wake.set,
        )
        rule, metadata = self._audiences.get(name, (everybody, limits.metadata))
        limits = replace(limits, metadata=metadata)
        room = Room(name, self._media, self.settings, limits, outside, self._loop.time())
        room.change_audience(rule, self._loop.time())
        room.change_recorded(is_recorded=name in self._recorded)
        self._rooms[name] = room
        self._wakes[room] = wake
        self._tasks.create_task(self._run(room, wake))
        log.info("room_opened", extra={"room": room.sid})
        return room

    async def _run(self, room: Room, wake: asyncio.Event) -> None:
        """Poll one room until it ends."""
        try:
            while room.end_reason is None:
                wake.clear()
                try:
                    async with asyncio.timeout_at(room.next_deadline()):
                        await wake.wait()
                except TimeoutError:
                    pass
                self._poll(room)
        finally:
            self._forget(room)
            await self._close_router(room)
            log.info("room_closed", extra={"room": room.sid})

    def _poll(self, room: Room) -> None:
        now = self._loop.time()
        deadline = room.next_deadline()
        if room.end_reason is not None or deadline is None or now < deadline:
            return
        try:
            room.poll(now)
        except Exception:
            log.exception("room_broken", extra={"room": room.sid})
            room.close(DisconnectReason.ROOM_CLOSED, RoomEndReason.ROOM_END_UNKNOWN, now)

    def _forget(self, room: Room) -> None:
        if self._rooms.get(room.name) is room:
            del self._rooms[room.name]
        self._wakes.pop(room, None)

    def _emit(self, event: WebhookEvent) -> None:
        event.created_at = int(time.time())
        for observer in self._observers:
            try:
                observer(event)
            except Exception:
                log.exception("observer_failed", extra={"event": event.event})

    def _discard(self, transport: Transport) -> None:
        self._tasks.create_task(_close(transport))

    async def _close_router(self, room: Room) -> None:
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await room.router.close()
        except Exception:
            log.exception("router_not_closed", extra={"room": room.sid})


async def _close(transport: Transport) -> None:
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await transport.close()
    except Exception:
        log.exception("transport_not_closed")


class _Ears:
    """Hears one participant's transports, reads the clock once and tells the room."""

    def __init__(self, room: Room, member: Participant, loop: asyncio.AbstractEventLoop) -> None:
        self._room = room
        self._member = member
        self._loop = loop

    def transport_state_changed(self, transport: Transport, state: TransportState) -> None:
        self._hear(lambda now: self._room.transport_state_changed(self._member, transport, state, now))

    def data_received(self, transport: Transport, label: str, payload: bytes) -> None:
        self._hear(lambda now: self._room.data_received(self._member, label, payload, now))

    def data_channels_open(self, transport: Transport) -> None:
        self._hear(lambda now: self._room.data_channels_open(self._member, transport, now))

    def producer_started(self, transport: Transport, producer: Producer) -> None:
        """Tracks are announced when negotiated, so the first packet is no news."""

    def _hear(self, act: Callable[[float], None]) -> None:
        now = self._loop.time()
        try:
            act(now)
        except Exception:
            log.exception("participant_broken", extra={"participant": self._member.sid})
            self._room.fail(self._member, "internal error", now)


def new_id(prefix: str) -> str:
    """A random identifier such as `PA_x8aTqPz4nVbK`."""
    return prefix + "".join(secrets.choice(_ID_ALPHABET) for _ in range(12))
