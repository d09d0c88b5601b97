"""Placeholder with the agreed API of the SFU; replaced at merge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

TransportState = Literal["new", "connecting", "connected", "failed", "closed"]


class SdpError(ValueError):
    """A session description that cannot be used."""


@dataclass(frozen=True, slots=True)
class MediaSettings:
    host: str = "0.0.0.0"  # noqa: S104
    port: int = 7882
    advertised: tuple[str, ...] = ()
    udp: bool = True
    tcp: bool = True


@dataclass(frozen=True, slots=True)
class Speaker:
    producer_id: str
    level: float


@dataclass(frozen=True, slots=True)
class Description:
    sdp: str
    track_ids: dict[str, str]


@dataclass(frozen=True, slots=True)
class Shortage:
    audio: int = 0
    video: int = 0


@dataclass(frozen=True, slots=True)
class ReceiveOptions:
    mime_type: str | None = None
    rids: tuple[str, ...] = ()
    stereo: bool = False
    dtx: bool = True


@dataclass(frozen=True, slots=True)
class SendingSection:
    mid: str
    kind: Literal["audio", "video"]
    stream_id: str
    track_id: str
    rids: tuple[str, ...] = ()
    codecs: tuple[str, ...] = ()
    producer: Producer | None = None


@dataclass(frozen=True, slots=True)
class RemoteOffer:
    sending: tuple[SendingSection, ...] = ()
    ended: tuple[str, ...] = ()


class Producer:
    id: str
    kind: Literal["audio", "video"]
    mime_type: str
    muted: bool

    def set_muted(self, muted: bool) -> None: ...
    def close(self) -> None: ...
    def request_key_frame(self) -> None: ...


class Consumer:
    id: str
    producer: Producer
    on_attached: Callable[[], None] | None = None

    def close(self) -> None: ...
    def set_paused(self, paused: bool) -> None: ...
    def set_quality(self, quality: int) -> None: ...


class TransportListener(Protocol):
    def transport_state_changed(self, transport: Transport, state: TransportState) -> None: ...
    def data_received(self, transport: Transport, label: str, payload: bytes) -> None: ...
    def data_channels_open(self, transport: Transport) -> None: ...
    def producer_started(self, transport: Transport, producer: Producer) -> None: ...


@dataclass
class Transport:
    needs_negotiation: bool = False
    state: TransportState = "new"
    extra: dict[str, str] = field(default_factory=dict)

    def set_remote_offer(self, sdp: str) -> RemoteOffer:
        raise NotImplementedError

    def receive(self, mid: str, producer_id: str, options: ReceiveOptions) -> Producer:
        raise NotImplementedError

    def create_answer(self) -> Description:
        raise NotImplementedError

    def create_offer(self, *, ice_restart: bool = False) -> Description:
        raise NotImplementedError

    def set_remote_answer(self, sdp: str) -> None:
        raise NotImplementedError

    def consume(self, producer: Producer, *, stream_id: str, track_id: str) -> Consumer:
        raise NotImplementedError

    def shortage(self) -> Shortage:
        raise NotImplementedError

    def open_data_channels(self) -> None:
        raise NotImplementedError

    def send_data(self, label: str, payload: bytes) -> bool:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


class Router:
    def create_transport(self, listener: TransportListener) -> Transport:
        raise NotImplementedError

    def active_speakers(self, now: float) -> list[Speaker]:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


class MediaServer:
    def create_router(self) -> Router:
        raise NotImplementedError
