"""The one fake of `media`: transports that negotiate by numbers and remember what was asked of them.

An "offer" here is text such as `send audio 0 cid-a, recv video 1, stop 2`; anything else is refused like
malformed SDP. Tests read and set the public fields.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from media import (
    Consumer,
    Description,
    LineReport,
    MediaServer,
    Producer,
    Rank,
    ReceiveOptions,
    RemoteOffer,
    SdpError,
    SendingSection,
    Shortage,
    Speaker,
    TransportListener,
    TransportState,
)


@dataclass(eq=False)
class FakeProducer:
    """A received track."""

    id: str
    kind: str
    mime_type: str
    is_muted: bool = False
    is_closed: bool = False
    taps: int = 0

    def set_muted(self, is_muted: bool) -> None:
        self.is_muted = is_muted

    def close(self) -> None:
        self.is_closed = True


@dataclass(eq=False)
class FakeConsumer:
    """A sent track."""

    producer: FakeProducer
    stream_id: str
    id: str
    is_closed: bool = False
    is_paused: bool = False
    is_withheld: bool = False
    quality: int | None = None
    on_attached: object = None
    on_starved: object = None
    may_starve: bool = True
    is_starved: bool = False
    rank: Rank = Rank.VIDEO
    priority: int = 0

    def close(self) -> None:
        self.is_closed = True

    def set_paused(self, now: float, is_paused: bool) -> None:
        self.is_paused = is_paused

    def set_withheld(self, now: float, is_withheld: bool) -> None:
        self.is_withheld = is_withheld

    def set_quality(self, now: float, quality: int) -> None:
        self.quality = quality

    def attach(self) -> None:
        """What happens when the client has agreed on the section."""
        if callable(self.on_attached):
            self.on_attached(self)


@dataclass(eq=False)
class FakeTransport:
    """One peer connection."""

    router: FakeRouter
    listener: TransportListener
    reuse_sections: bool = True
    consumers: list[FakeConsumer] = field(default_factory=list)
    producers: dict[str, FakeProducer] = field(default_factory=dict)
    options: dict[str, ReceiveOptions] = field(default_factory=dict)
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    missing: Shortage = field(default_factory=lambda: Shortage(0, 0))
    needs_negotiation: bool = False
    has_data_channels: bool = False
    is_closed: bool = False
    breaks: bool = False
    heard_at: float | None = None
    line: LineReport = field(default_factory=LineReport)
    limit_bps: int | None = None
    is_audible: bool = True
    ice_restarts: int = 0

    def set_remote_offer(self, sdp: str) -> RemoteOffer:
        sending: list[SendingSection] = []
        ended: list[str] = []
        for part in filter(None, (part.strip() for part in sdp.split(","))):
            match part.split():
                case ["send", ("audio" | "video") as kind, mid, track_id, *rids]:
                    bound = cast(Producer | None, self.producers.get(mid))
                    sending.append(SendingSection(mid, kind, "-", track_id, tuple(rids), (), bound))
                case ["recv", _, _]:
                    pass
                case ["stop", mid]:
                    ended.append(mid)
                case _:
                    raise SdpError("not a fake offer")
        return RemoteOffer(tuple(sending), tuple(ended))

    def receive(self, mid: str, producer_id: str, options: ReceiveOptions) -> Producer:
        kind = "video" if producer_id.startswith("TR_V") else "audio"
        default = "video/H264" if kind == "video" else "audio/opus"
        self.options[mid] = options
        self.producers[mid] = FakeProducer(producer_id, kind, options.mime_type or default)
        return cast(Producer, self.producers[mid])

    def create_answer(self) -> Description:
        self.needs_negotiation = False
        return Description("answer", {"9": "TR_X"})

    def create_offer(self, *, ice_restart: bool = False) -> Description:
        self.needs_negotiation = False
        self.ice_restarts += ice_restart
        return Description(
            self.router.described or "offer", {c.id: c.id for c in self.consumers if not c.is_closed}
        )

    def set_remote_answer(self, sdp: str) -> None:
        if sdp != "answer":
            raise SdpError("not a fake answer")

    def consume(self, producer: FakeProducer, *, stream_id: str, track_id: str) -> Consumer:
        if self.breaks:
            raise RuntimeError("a bug in this transport")
        consumer = FakeConsumer(producer, stream_id, track_id)
        self.consumers.append(consumer)
        self.needs_negotiation = True
        return cast(Consumer, consumer)

    def shortage(self) -> Shortage:
        return self.missing

    def limit_downlink(self, bps: int | None) -> None:
        self.limit_bps = bps

    def line_report(self) -> LineReport:
        return self.line

    def open_data_channels(self) -> None:
        self.has_data_channels = True

    def send_data(self, label: str, payload: bytes) -> bool:
        self.sent.append((label, payload))
        return True

    async def close(self) -> None:
        self.is_closed = True

    # what the network would do

    def become(self, state: TransportState) -> None:
        """The connection changes its state."""
        self.listener.transport_state_changed(cast("object", self), state)  # type: ignore[arg-type]

    def open_channels(self) -> None:
        """Data channels are open."""
        self.listener.data_channels_open(cast("object", self))  # type: ignore[arg-type]

    def hear(self, label: str, payload: bytes) -> None:
        """The client sends a data message."""
        self.listener.data_received(cast("object", self), label, payload)  # type: ignore[arg-type]


class FakeRouter:
    """One room's media."""

    def __init__(self) -> None:
        self.transports: list[FakeTransport] = []
        self.speakers: list[Speaker] = []
        self.is_closed = False
        self.described = ""  # the offers of its transports, where it matters

    def create_transport(self, listener: TransportListener, *, reuse_sections: bool = True) -> FakeTransport:
        self.transports.append(FakeTransport(self, listener, reuse_sections))
        return self.transports[-1]

    def active_speakers(self, now: float) -> list[Speaker]:
        return self.speakers

    async def close(self) -> None:
        self.is_closed = True


class FakeMediaServer:
    """Makes fake routers."""

    def __init__(self) -> None:
        self.routers: list[FakeRouter] = []

    def create_router(self) -> FakeRouter:
        self.routers.append(FakeRouter())
        return self.routers[-1]

    def as_media(self) -> MediaServer:
        """Under the type the rooms expect."""
        return cast(MediaServer, self)
