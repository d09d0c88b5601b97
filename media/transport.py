"""One peer connection: ICE-lite, DTLS, SRTP and SCTP joined to the streams of one client.

The only file that touches aiortc, and the only one that touches its private seams (pinned in
pyproject.toml, checked by tests/media/test_transport.py): the DTLS transport takes any object with
``_recv`` and ``_send`` in place of its ICE transport, and its SRTP sessions are used directly, so that a
packet is decrypted and forwarded within the reading of its datagram. Media never waits in a queue; DTLS
records, which carry the handshake and data channels, do.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import pylibsrtp
from aiortc import RTCCertificate, RTCDataChannel, RTCDataChannelParameters
from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_PROFILES,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from aiortc.rtcsctptransport import RTCSctpCapabilities, RTCSctpTransport

from . import sdp
from .capabilities import ReceiveOptions, mime_type
from .forwarding import Consumer, Producer
from .ice import Check, IceLite
from .negotiation import LocalTransport, Negotiation, Outgoing
from .packets import is_rtcp
from .router import Router
from .rtcp import RtcpPacket, compose
from .sdp import Kind, MediaSection, SdpError
from .sockets import Path, TcpPath, UdpPath
from .streams import Streams

log = logging.getLogger(__name__)

TransportState = Literal["new", "connecting", "connected", "failed", "closed"]

FEEDBACK_INTERVAL_S = 0.02
IDLE_INTERVAL_S = 1.0
HANDSHAKE_TIMEOUT_S = 20.0
CLOSE_TIMEOUT_S = 1.0
DTLS_BACKLOG = 512  # records waiting for the handshake or SCTP; more are dropped as if lost
LOSSY_BACKLOG_BYTES = 64 << 10
RELIABLE_BACKLOG_BYTES = 8 << 20
LABELS = ("_reliable", "_lossy", "_data_track")

# AES-128-GCM first: a quarter cheaper than 256 per packet, and the strongest that all browsers share.
PROFILES = sorted(SRTP_PROFILES, key=lambda profile: profile is not SRTP_AEAD_AES_128_GCM)


class TransportListener(Protocol):
    """What the owner of a transport hears. Called on the loop; must not block."""

    def transport_state_changed(self, transport: Transport, state: TransportState) -> None: ...
    def data_received(self, transport: Transport, label: str, payload: bytes) -> None: ...
    def data_channels_open(self, transport: Transport) -> None: ...
    def producer_started(self, transport: Transport, producer: Producer) -> None: ...


class Host(Protocol):
    """What a transport needs of the media server."""

    loop: asyncio.AbstractEventLoop
    tasks: asyncio.TaskGroup
    certificate: RTCCertificate
    candidates: tuple[str, ...]

    def register(self, fragment: str, transport: Transport) -> None: ...
    def unregister(self, fragment: str) -> None: ...
    def count(self, event: str, amount: int = 1) -> None: ...


@dataclass(frozen=True, slots=True)
class SendingSection:
    """A section on which the client sends. ``producer`` is set once it has been received."""

    mid: str
    kind: Kind
    stream_id: str
    track_id: str
    rids: tuple[str, ...]
    codecs: tuple[str, ...]
    producer: Producer | None


@dataclass(frozen=True, slots=True)
class RemoteOffer:
    """What an offer says about the client's own tracks; ``ended`` lists mids that stopped sending."""

    sending: tuple[SendingSection, ...]
    ended: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """Our offer or answer, and which track each section carries (LiveKit's mid_to_track_id)."""

    sdp: str
    track_ids: dict[str, str]


@dataclass(frozen=True, slots=True)
class Shortage:
    """Tracks for which the client has not offered a section yet."""

    audio: int
    video: int


class _Datagrams:
    """Stands where aiortc expects its ICE transport."""

    def __init__(self, transport: Transport) -> None:
        self.role = "controlled"
        self.state = "completed"
        self.queue: asyncio.Queue[bytes] = asyncio.Queue(DTLS_BACKLOG)
        self._transport = transport

    async def _recv(self) -> bytes:
        return await self.queue.get()

    async def _send(self, data: bytes) -> None:
        path = self._transport.path
        if path is not None:
            path.send(data)


class Transport:
    """One peer connection with one client. Made by ``Router.create_transport``."""

    def __init__(
        self, host: Host, router: Router, listener: TransportListener, *, reuse_sections: bool = True
    ) -> None:
        self.state: TransportState = "new"
        self._host = host
        self._router = router
        self._listener = listener
        ufrag, pwd = _credentials()
        self._ice: IceLite[Path] = IceLite(ufrag, pwd)
        self._local = LocalTransport(
            ufrag=ufrag,
            pwd=pwd,
            fingerprints=tuple(
                (f.algorithm, f.value) for f in host.certificate.getFingerprints() if f.algorithm == "sha-256"
            ),
            candidates=host.candidates,
            session_id=secrets.randbits(62),
        )
        self._negotiation = Negotiation(self._local, reuse_sections=reuse_sections)
        cname = secrets.token_hex(8)
        self._cname = cname
        self.streams = Streams(_ssrc(), cname, router.speakers, self._send_rtcp)
        self.streams.on_started = lambda producer: listener.producer_started(self, producer)
        self._producers: dict[str, Producer] = {}  # by mid
        self._consumers: dict[str, Consumer] = {}  # by track id
        self._paths: set[UdpPath | TcpPath] = set()
        self._datagrams = _Datagrams(self)
        self._dtls = RTCDtlsTransport(self._datagrams, [host.certificate])  # type: ignore[arg-type]
        self._dtls._srtp_profiles = PROFILES
        self._sctp: RTCSctpTransport | None = None
        self._sctp_started = False
        self._channels: dict[str, RTCDataChannel] = {}
        self._channels_were_open = False
        self._handshaking = False
        self._protect: Any = None  # pylibsrtp has no types
        self._unprotect: Any = None
        self._timer = host.loop.call_later(IDLE_INTERVAL_S, self._tick)
        host.register(ufrag, self)
        router.join(self)

    # -- negotiation -------------------------------------------------------------------------------

    @property
    def path(self) -> Path | None:
        """Where datagrams to the client go now."""
        return self._ice.path

    @property
    def protocol(self) -> str | None:
        """``udp`` or ``tcp`` once the client is reachable."""
        return self._ice.path.protocol if self._ice.path is not None else None

    @property
    def needs_negotiation(self) -> bool:
        """Whether something changed since the last description."""
        return self._negotiation.needs_negotiation

    def set_remote_offer(self, text: str) -> RemoteOffer:
        """Take the client's offer. Raises SdpError."""
        offer = sdp.parse(text)
        before = self._negotiation.remote
        sections = self._negotiation.set_remote_offer(offer)
        if before is not None and (before.ice_ufrag, before.ice_pwd) != (offer.ice_ufrag, offer.ice_pwd):
            self._restart_ice()
        for section in sections:
            self.streams.renew(section)
        sending = {section.mid for section in sections}
        ended = tuple(mid for mid in self._producers if mid not in sending)
        self._begin()
        return RemoteOffer(tuple(self._sending_section(s) for s in sections), ended)

    def receive(self, mid: str, producer_id: str, options: ReceiveOptions) -> Producer:
        """Bind what the client sends on a section to a track. Raises SdpError."""
        parameters = self._negotiation.receive(mid, options)
        section = self._negotiation.section(mid)
        previous = self._producers.pop(mid, None)
        if previous is not None:
            previous.close()
        producer = Producer(producer_id, section.kind, parameters, options, self._send_rtcp)
        producer.on_close = self._producer_closed
        self._producers[mid] = producer
        self.streams.bind(producer, section, parameters)
        self._timer.cancel()
        self._tick()
        return producer

    def create_answer(self) -> Description:
        """Answer the last offer. Raises SdpError."""
        answer = self._negotiation.answer()
        self._attach()
        return Description(sdp.write(answer, self._cname), self._negotiation.track_ids())

    def create_offer(self, *, ice_restart: bool = False) -> Description:
        """Offer everything to be sent. Raises SdpError while an earlier offer is unanswered."""
        if ice_restart:
            self._restart_ice()
        offer = self._negotiation.offer()
        return Description(sdp.write(offer, self._cname), self._negotiation.track_ids())

    def set_remote_answer(self, text: str) -> None:
        """Take the client's answer to our offer. Raises SdpError."""
        self._negotiation.set_remote_answer(sdp.parse(text))
        self._begin()
        self._attach()

    def shortage(self) -> Shortage:
        """How many more sections the client must offer."""
        return Shortage(self._negotiation.shortage("audio"), self._negotiation.shortage("video"))

    def consume(self, producer: Producer, *, stream_id: str, track_id: str) -> Consumer:
        """Send a copy of a producer to this client, from the next negotiation on."""
        if producer.is_closed or self.state == "closed":
            raise ValueError("producer or transport is closed")
        consumer = Consumer(track_id, producer, _ssrc(), _ssrc(), self.send_rtp, self._send_rtcp)
        consumer.on_close = self._consumer_closed
        self._consumers[track_id] = consumer
        self.streams.add_consumer(consumer)
        outgoing = Outgoing(producer.kind, stream_id, track_id, consumer.ssrc, consumer.rtx_ssrc)
        self._negotiation.add(outgoing)
        return consumer

    def _sending_section(self, section: MediaSection) -> SendingSection:
        return SendingSection(
            mid=section.mid,
            kind=section.kind,
            stream_id=section.stream_id,
            track_id=section.track_id,
            rids=section.rids,
            codecs=tuple(mime_type(section.kind, codec) for codec in section.codecs if not codec.is_rtx),
            producer=self._producers.get(section.mid),
        )

    def _attach(self) -> None:
        if self.state != "connected":
            return
        now = self._host.loop.time()
        for outgoing, parameters in self._negotiation.sending():
            consumer = self._consumers.get(outgoing.track_id)
            if consumer is not None:
                consumer.attach(now, parameters)

    def _producer_closed(self, producer: Producer) -> None:
        self.streams.unbind(producer)
        self._producers = {mid: p for mid, p in self._producers.items() if p is not producer}

    def _consumer_closed(self, consumer: Consumer) -> None:
        self.streams.remove_consumer(consumer)
        if self._consumers.get(consumer.id) is consumer:
            del self._consumers[consumer.id]
            self._negotiation.remove(consumer.id)

    # -- connectivity ------------------------------------------------------------------------------

    def handle_check(self, now: float, message: Check, path: UdpPath | TcpPath) -> bytes | None:
        """Answer a connectivity check (see IceLite.answer_check)."""
        response = self._ice.answer_check(now, message, path, path.remote)
        if response is not None:
            self._paths.add(path)
            self._begin()
        return response

    def path_lost(self, path: Path) -> None:
        """A TCP connection of the client closed."""
        self._paths.discard(path)  # type: ignore[arg-type]
        self._ice.forget_path(path)

    def _restart_ice(self) -> None:
        ufrag, pwd = _credentials()
        self._local.ufrag, self._local.pwd = ufrag, pwd
        expired = self._ice.restart(ufrag, pwd)
        self._host.register(ufrag, self)
        if expired is not None:
            self._host.unregister(expired)

    def _begin(self) -> None:
        """Start DTLS once the client is reachable and its fingerprint known, SCTP once agreed."""
        remote = self._negotiation.remote
        if self.state == "closed" or remote is None or self._ice.path is None:
            return
        if not self._handshaking:
            self._handshaking = True
            self._set_state("connecting")
            self._host.tasks.create_task(self._handshake(remote))
        elif self.state == "connected":
            self._begin_data()

    async def _handshake(self, remote: sdp.Description) -> None:
        fingerprints = [RTCDtlsFingerprint(algorithm, value) for algorithm, value in remote.fingerprints]
        # A client that answers "passive" wants us to be the DTLS client (RFC 8842 section 5.3).
        self._dtls._set_role("client" if remote.setup == "passive" else "server")
        try:
            async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
                await self._dtls.start(RTCDtlsParameters(fingerprints=fingerprints))
        except (TimeoutError, ConnectionError, ValueError) as error:
            log.info("dtls_failed reason=%s", type(error).__name__)
        except Exception:
            log.exception("dtls_failed")  # a bug or a hostile record: this client only
        if self.state == "closed":
            return
        if self._dtls.state != "connected":
            self._host.count("dtls_failed")
            self._set_state("failed")
            return
        self._protect = self._dtls._tx_srtp.protect
        self._unprotect = self._dtls._rx_srtp.unprotect
        self._dtls.on("statechange", self._dtls_changed)
        self._set_state("connected")
        self._begin_data()
        self._attach()

    def _dtls_changed(self) -> None:
        if self._dtls.state == "closed":
            self._set_state("failed")

    def _set_state(self, state: TransportState) -> None:
        if self.state != state and self.state != "closed":
            self.state = state
            self._listener.transport_state_changed(self, state)

    # -- datagrams ---------------------------------------------------------------------------------

    def handle_datagram(self, now: float, data: bytes) -> None:
        """One datagram that is not STUN (RFC 7983)."""
        if 128 <= data[0] < 192:
            if self._unprotect is None:
                self._host.count("srtp_early")
            elif is_rtcp(data):
                self._handle_srtcp(now, data)
            else:
                self._handle_srtp(now, data)
        elif 20 <= data[0] < 64:
            try:
                self._datagrams.queue.put_nowait(data)
            except asyncio.QueueFull:
                self._host.count("dtls_dropped")
        else:
            self._host.count("unknown_protocol")

    def _handle_srtp(self, now: float, data: bytes) -> None:
        try:
            packet = self._unprotect(data)
        except (pylibsrtp.Error, ValueError):
            self._host.count("srtp_refused")
            return
        self.streams.handle_rtp(now, packet)

    def _handle_srtcp(self, now: float, data: bytes) -> None:
        try:
            packet = self._dtls._rx_srtp.unprotect_rtcp(data)
        except (pylibsrtp.Error, ValueError):
            self._host.count("srtcp_refused")
            return
        self.streams.handle_rtcp(now, packet)

    def send_rtp(self, packet: bytes) -> None:
        """Encrypt and send one RTP packet of a consumer, now or never."""
        path = self._ice.path
        if path is None or self._protect is None:
            return
        try:
            data = self._protect(packet)
        except (pylibsrtp.Error, ValueError):
            self._host.count("srtp_not_protected")
            return
        path.send(data)

    def _send_rtcp(self, packets: Sequence[RtcpPacket]) -> None:
        path = self._ice.path
        if path is None or self._protect is None:
            return
        try:
            data = self._dtls._tx_srtp.protect_rtcp(compose(packets))
        except (pylibsrtp.Error, ValueError):
            self._host.count("srtcp_not_protected")
            return
        path.send(data)

    def _tick(self) -> None:
        now = self._host.loop.time()
        interval_s = IDLE_INTERVAL_S
        if self._ice.consent_expired(now):
            self._set_state("failed")
        elif self.streams.is_publishing:
            interval_s = FEEDBACK_INTERVAL_S
            self.streams.handle_timeout(now)
        self._timer = self._host.loop.call_later(interval_s, self._tick)

    # -- data channels -----------------------------------------------------------------------------

    def open_data_channels(self) -> None:
        """Have our next offer open LiveKit's three channels from the server's side."""
        self._negotiation.open_data()
        for label in LABELS:
            self._channels.setdefault(label, self._open_channel(label))

    def send_data(self, label: str, payload: bytes) -> bool:
        """Queue one message. False: the channel is not open, or the client reads too slowly."""
        channel = self._channels.get(label)
        if channel is None or channel.readyState != "open":
            return False
        limit = RELIABLE_BACKLOG_BYTES if label == "_reliable" else LOSSY_BACKLOG_BYTES
        if channel.bufferedAmount + len(payload) > limit:
            self._host.count("data_not_sent")
            return False
        channel.send(payload)
        return True

    def _association(self) -> RTCSctpTransport:
        if self._sctp is None:
            self._sctp = RTCSctpTransport(self._dtls)
            self._sctp.on("datachannel", self._channel_opened)
        return self._sctp

    def _open_channel(self, label: str) -> RTCDataChannel:
        lossy = label != "_reliable"
        parameters = RTCDataChannelParameters(
            label=label, ordered=not lossy, maxRetransmits=0 if lossy else None
        )
        channel = RTCDataChannel(self._association(), parameters)
        channel.on("open", self._channel_ready)
        self._listen(channel)
        return channel

    def _channel_opened(self, channel: RTCDataChannel) -> None:
        self._channels[channel.label] = channel
        self._listen(channel)
        self._channel_ready()

    def _listen(self, channel: RTCDataChannel) -> None:
        label = channel.label

        def received(message: str | bytes) -> None:
            payload = message.encode() if isinstance(message, str) else message
            self._listener.data_received(self, label, payload)

        channel.on("message", received)

    def _channel_ready(self) -> None:
        needed = [self._channels.get(label) for label in LABELS[:2]]
        if self._channels_were_open or any(c is None or c.readyState != "open" for c in needed):
            return
        self._channels_were_open = True
        self._listener.data_channels_open(self)

    def _begin_data(self) -> None:
        remote = self._negotiation.remote
        section = next((s for s in remote.sections if s.kind == "application"), None) if remote else None
        if section is None or section.rejected or self._sctp_started:
            return
        self._sctp_started = True
        capabilities = RTCSctpCapabilities(maxMessageSize=section.max_message_size)
        self._host.tasks.create_task(self._associate(capabilities, section.sctp_port))

    async def _associate(self, capabilities: RTCSctpCapabilities, port: int) -> None:
        try:
            await self._association().start(capabilities, port)
        except (ConnectionError, ValueError) as error:
            log.info("sctp_failed reason=%s", type(error).__name__)

    # -- end ---------------------------------------------------------------------------------------

    async def close(self) -> None:
        """End the connection with its producers and consumers; the client is told by DTLS."""
        if self.state == "closed":
            return
        self._set_state("closed")
        self._timer.cancel()
        for producer in tuple(self._producers.values()):
            producer.close()
        for consumer in tuple(self._consumers.values()):
            consumer.close()
        self._router.leave(self)
        task = self._dtls._task
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                if self._sctp is not None and self._sctp_started:
                    await self._sctp.stop()
                await self._dtls.stop()
        if task is not None:
            await asyncio.wait([task], timeout=CLOSE_TIMEOUT_S)
            if task.done() and not task.cancelled():
                task.exception()  # retrieved: aiortc has logged it
        self._dtls.remove_all_listeners()
        if self._sctp is not None:
            self._sctp.remove_all_listeners()
        for fragment in self._ice.fragments:
            self._host.unregister(fragment)
        for path in self._paths:
            path.forget(self)
        self._paths.clear()


def _credentials() -> tuple[str, str]:
    """ICE ufrag and password (RFC 8839 section 5.4: at least 24 and 128 bits)."""
    return secrets.token_hex(8), secrets.token_hex(16)


def _ssrc() -> int:
    return secrets.randbelow(0xFFFFFFFE) + 1


__all__ = [
    "Description",
    "RemoteOffer",
    "SdpError",
    "SendingSection",
    "Shortage",
    "Transport",
    "TransportListener",
    "TransportState",
]
