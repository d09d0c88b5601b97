"""A room on fake media, with scripted clients and a clock that moves only when told."""

from __future__ import annotations

from itertools import count
from typing import Any, cast

from livekit.protocol.models import ClientInfo, ParticipantInfo, TrackSource, TrackType
from livekit.protocol.rtc import (
    AddTrackRequest,
    LeaveRequest,
    SessionDescription,
    SignalRequest,
    SignalResponse,
)
from livekit.protocol.webhook import WebhookEvent

from media import Producer, Transport, TransportListener, TransportState
from signaling.rtc.client_connect import ClientConnect
from signaling.rtc.outbox import Outbox
from signaling.rtc.participant import Participant
from signaling.rtc.resuming import find_resumable, resume
from signaling.rtc.room import Outside, Room
from signaling.rtc.room_settings import RoomLimits, RoomSettings
from signaling.rtc.session import Session
from signaling.rtc.tokens import Grants
from tests.signaling.fake_media import FakeConsumer, FakeMediaServer, FakeRouter, FakeTransport

EPOCH_S = 1_800_000_000.0
START = 100.0


class Script:
    """One room and its time."""

    def __init__(
        self, settings: RoomSettings = RoomSettings(keys={"key": "s" * 32}), limits: RoomLimits = RoomLimits()
    ) -> None:
        self.now = START
        self.events: list[WebhookEvent] = []
        self.discarded: list[Transport] = []
        self._numbers = count(1)
        self.media = FakeMediaServer()
        outside = Outside(
            new_id=lambda prefix: f"{prefix}{next(self._numbers)}",
            epoch_s=EPOCH_S,
            listener=lambda room, member: _Ears(self, member),
            emit=self.events.append,
            discard=self.discarded.append,
            wake=lambda: None,
        )
        self.room = Room("room", self.media.as_media(), settings, limits, outside, self.now)

    @property
    def router(self) -> FakeRouter:
        """The room's fake media."""
        return self.media.routers[0]

    def join(
        self,
        identity: str,
        *,
        is_single: bool = True,
        offer: str | None = None,
        auto_subscribe: bool = True,
        adaptive_stream: bool = False,
        client: ClientInfo | None = None,
        **grants: Any,  # any field of Grants
    ) -> Client:
        """A client that has just connected; nothing is up yet."""
        whole = {"api_key": "key", "identity": identity, "has_video_grant": True, "room": "room", **grants}
        connect = ClientConnect(
            client or ClientInfo(protocol=16, client_protocol=1),
            single_peer_connection=is_single,
            auto_subscribe=auto_subscribe,
            adaptive_stream=adaptive_stream,
        )
        before = len(self.router.transports)
        member = self.room.join(identity, Grants(**whole), connect, Outbox(lambda: None), self.now)
        made = self.router.transports[before:]
        joined = Client(self, member, made[0] if made else None)
        if offer is not None:
            joined.offer(offer)
        return joined

    def joined(self, identity: str, **options: Any) -> Client:
        """A client whose connection and channels are up, and whose greeting is forgotten."""
        client = self.join(identity, **options)
        if client.member.is_single_peer_connection:
            client.offer("recv audio 8, recv video 9")
        elif client.transport is not None:
            client.answer()
        if client.transport is None:
            client.offer("")
        client.up.become("connected")
        client.up.open_channels()
        self.elapse(0.5)
        for known in self.clients:
            known.outbox()
        return client

    def elapse(self, seconds: float) -> None:
        """Time passes; the room does what is due on the way."""
        end = self.now + seconds
        while (deadline := self.room.next_deadline()) is not None and deadline <= end:
            self.now = max(self.now, deadline)
            for transport in self.router.transports:
                if transport.is_audible:
                    transport.heard_at = self.now
            if self.room.end_reason is not None:
                break
            self.room.poll(self.now)
        self.now = end

    def event_names(self) -> list[str]:
        """Names of all events so far."""
        return [event.event for event in self.events]

    @property
    def clients(self) -> list[Client]:
        """Handles on everybody present."""
        return [Client(self, member, None) for member in self.room.members]


class Client:
    """One scripted client."""

    def __init__(self, script: Script, member: Participant, transport: FakeTransport | None) -> None:
        self.script = script
        self.member = member
        self.transport = transport
        self.session = Session(script.room, member, EPOCH_S)

    @property
    def up(self) -> FakeTransport:
        """The transport that decides whether the client is active."""
        return cast(FakeTransport, self.member.peer.primary)

    @property
    def publisher(self) -> FakeTransport:
        """The transport the client offers on."""
        return cast(FakeTransport, self.member.peer.transports()[0])

    def say(self, **message: Any) -> None:  # any variant of SignalRequest
        """Send a signal request."""
        self.session.handle(SignalRequest(**message), self.script.now)

    def offer(self, text: str, offer_id: int = 1) -> None:
        """Send an offer in the fake's language."""
        self.say(offer=SessionDescription(type="offer", sdp=text, id=offer_id))

    def answer(self, answer_id: int = 0, sdp: str = "answer") -> None:
        """Answer the server's offer."""
        self.say(answer=SessionDescription(type="answer", sdp=sdp, id=answer_id))

    def add_track(
        self, cid: str, *, is_video: bool = False, **fields: Any
    ) -> str:  # any AddTrackRequest field
        """Announce a track; its sid."""
        source = TrackSource.CAMERA if is_video else TrackSource.MICROPHONE
        kind = TrackType.VIDEO if is_video else TrackType.AUDIO
        self.say(add_track=AddTrackRequest(**{"cid": cid, "type": kind, "source": source, **fields}))
        published = [r.track_published for r in self.outbox() if r.HasField("track_published")]
        return published[-1].track.sid

    def publish(self, cid: str, *, is_video: bool = False, mid: str = "0", **fields: Any) -> str:
        """Announce a track and offer its section; its sid."""
        sid = self.add_track(cid, is_video=is_video, **fields)
        self.offer(f"send {'video' if is_video else 'audio'} {mid} {cid}")
        return sid

    def lose_socket(self, close_code: int | None = None) -> None:
        """The socket ends without a farewell."""
        self.session.disconnected(close_code, self.script.now)

    def resume(self, **parameters: Any) -> Client | None:  # any field of ClientConnect
        """The same client over another socket; None when it is sent away."""
        whole = {"single_peer_connection": self.member.is_single_peer_connection, **parameters}
        connect = ClientConnect(self.member.client, is_reconnect=True, **whole)
        member = find_resumable(self.script.room, self.member.identity, connect)
        if member is None:
            return None
        resume(self.script.room, member, Outbox(lambda: None), self.script.now)
        return Client(self.script, member, self.transport)

    def outbox(self) -> list[SignalResponse]:
        """Take what was sent to this client since last time."""
        return self.member.outbox.drain()

    def told(self, variant: str) -> list[Any]:
        """Messages of one variant since last time; the others are forgotten."""
        return [getattr(response, variant) for response in self.outbox() if response.HasField(variant)]

    def variants(self) -> list[str]:
        """Variants of the messages since last time, in order."""
        return [response.WhichOneof("message") or "" for response in self.outbox()]

    def updates(self) -> list[ParticipantInfo]:
        """Participant records since last time."""
        return [info for update in self.told("update") for info in update.participants]

    @property
    def leave(self) -> LeaveRequest | None:
        """The farewell among the messages since last time."""
        farewells = self.told("leave")
        return farewells[-1] if farewells else None

    @property
    def consumers(self) -> dict[str, FakeConsumer]:
        """What the client receives, by track sid."""
        found = self.member.subscriptions.consumers.items()
        return {sid: cast(FakeConsumer, consumer) for sid, consumer in found}

    @property
    def is_here(self) -> bool:
        """Whether the room still knows the client."""
        return self.script.room.members.find(self.member.identity) is self.member


class _Ears:
    def __init__(self, script: Script, member: Participant) -> None:
        self._script = script
        self._member = member

    def transport_state_changed(self, transport: Transport, state: TransportState) -> None:
        self._script.room.transport_state_changed(self._member, transport, state, self._script.now)

    def data_received(self, transport: Transport, label: str, payload: bytes) -> None:
        self._script.room.data_received(self._member, label, payload, self._script.now)

    def data_channels_open(self, transport: Transport) -> None:
        self._script.room.data_channels_open(self._member, transport, self._script.now)

    def producer_started(self, transport: Transport, producer: Producer) -> None: ...


def listener_of(transport: FakeTransport) -> TransportListener:
    """Who hears a fake transport."""
    return transport.listener
