"""One peer connection: ICE-lite and negotiation joined to keys, data channels and streams.

An edge: it owns the timer and the tasks of one client and passes everything on to the parts that think.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from . import sdp
from .batch import Batch
from .capabilities import ReceiveOptions, mime_type
from .consumer import Consumer
from .downlink import Downlink
from .ice import Check, IceLite
from .negotiation import LocalTransport, Negotiation, Outgoing
from .packets import is_rtcp
from .producer import Producer
from .router import Router
from .rtcp import RtcpPacket, compose
from .sdp import Kind, MediaSection
from .secure import Certificate, SecureConnection, SrtpError
from .sockets import Path
from .streams import LineReport, Streams

TransportState = Literal["new", "connecting", "connected", "failed", "closed"]

PUBLISHING_INTERVAL_S = 0.1
IDLE_INTERVAL_S = 1.0
LEAST_INTERVAL_S = 0.005  # between looks at what a client's tracks miss
SILENCE_S = 0.1  # a client from whose address nothing came for so long may have another one now


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
    certificate: Certificate
    candidates: tuple[str, ...]
    consent_timeout_s: float

    @property
    def batch(self) -> Batch: ...
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
        self._ice: IceLite[Path] = IceLite(ufrag, pwd, host.consent_timeout_s)
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
        self.downlink = Downlink(self._write, self._wake_downlink)
        self.streams = Streams(_ssrc(), cname, router.speakers, self.downlink, self._send_rtcp)
        self.streams.wake = self._wake
        self.streams.on_started = lambda producer: listener.producer_started(self, producer)
        self._producers: dict[str, Producer] = {}  # by mid
        self._consumers: dict[str, Consumer] = {}  # by track id
        self._paths: set[Path] = set()
        self._has_begun = False
        self._heard_at = 0.0
        self._batch = host.batch
        self._downlink_timer: asyncio.TimerHandle | None = None
        self._downlink_at = 0.0  # of that timer: uvloop's handles do not always tell
        self._secure = SecureConnection(
            host.certificate,
            self._send_record,
            on_message=lambda label, payload: listener.data_received(self, label, payload),
            on_open=lambda: listener.data_channels_open(self),
            on_lost=lambda: self._set_state("failed"),
        )
        self._ticked_at = host.loop.time()
        self._tick_at = self._ticked_at + IDLE_INTERVAL_S
        self._timer = host.loop.call_at(self._tick_at, self._tick)
        host.register(ufrag, self)
        router.join(self)

    # -- negotiation -------------------------------------------------------------------------------

    @property
    def path(self) -> Path | None:
        """Where datagrams to the client go now."""
        return self._ice.path

    @property
    def fragments(self) -> tuple[str, ...]:
        """Our ICE username fragments that a client may check under."""
        return self._ice.fragments

    @property
    def heard_at(self) -> float | None:
        """When the client last proved that it is there; None before its first check."""
        checked_at = self._ice.last_check_at
        return None if checked_at is None else max(checked_at, self._heard_at)

    def limit_downlink(self, bps: int | None) -> None:
        """Send no more than so many bits per second, whatever the line carries; None lifts the limit."""
        self.downlink.limit_bps = bps

    def line_report(self) -> LineReport:
        """How well packets have travelled both ways since this was last asked."""
        return self.streams.line_report()

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
        """Offer everything to be sent. Raises SdpError while an offer is unanswered, a restart apart."""
        if ice_restart:
            self._restart_ice(is_offered=True)
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
        consumer = Consumer(track_id, producer, _ssrc(), _ssrc(), self.downlink, self._send_rtcp)
        consumer.on_close = self._consumer_closed
        self._consumers[track_id] = consumer
        outgoing = Outgoing(producer.kind, stream_id, track_id, consumer.ssrc, consumer.rtx_ssrc)
        self._negotiation.add(outgoing)
        consumer.prepare(self._host.loop.time())
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
                self.downlink.negotiated(now, parameters.transport_cc)
                consumer.attach(now, parameters)

    def _producer_closed(self, producer: Producer) -> None:
        self.streams.unbind(producer)
        self._producers = {mid: p for mid, p in self._producers.items() if p is not producer}

    def _consumer_closed(self, consumer: Consumer) -> None:
        if self._consumers.get(consumer.id) is consumer:
            del self._consumers[consumer.id]
            self._negotiation.remove(consumer.id)

    # -- connectivity ------------------------------------------------------------------------------

    def handle_check(self, now: float, message: Check, path: Path) -> bytes | None:
        """Answer a connectivity check (see IceLite.answer_check)."""
        response = self._ice.answer_check(now, message, path, path.remote)
        if response is not None:
            self._paths.add(path)
            if not self._has_begun:  # checks go on for the whole call; what follows is begun once
                self._begin()
        return response

    def path_lost(self, path: Path) -> None:
        """A TCP connection of the client closed."""
        self._paths.discard(path)
        self._ice.forget_path(path)

    def _restart_ice(self, *, is_offered: bool = False) -> None:
        ufrag, pwd = _credentials()
        self._local.ufrag, self._local.pwd = ufrag, pwd
        expired = self._ice.restart(ufrag, pwd, is_offered=is_offered)
        self._host.register(ufrag, self)
        if expired is not None:
            self._host.unregister(expired)

    def _begin(self) -> None:
        """Start DTLS once the client is reachable and its fingerprint known, SCTP once agreed."""
        remote = self._negotiation.remote
        if self.state in ("failed", "closed") or remote is None or self._ice.path is None:
            return
        if not self._has_begun:
            self._has_begun = True
            self._set_state("connecting")
            self._host.tasks.create_task(self._connect(remote))
        elif self.state == "connected":
            self._begin_data()

    async def _connect(self, remote: sdp.Description) -> None:
        # A client that answers "passive" wants us to be the DTLS client (RFC 8842 section 5.3).
        connected = await self._secure.handshake(remote.fingerprints, is_client=remote.setup == "passive")
        if not connected:
            self._host.count("dtls_failed")
            self._set_state("failed")
            return
        self._set_state("connected")
        self._begin_data()
        self._attach()

    def _begin_data(self) -> None:
        remote = self._negotiation.remote
        section = next((s for s in remote.sections if s.kind == "application"), None) if remote else None
        if section is not None and not section.rejected:
            self._host.tasks.create_task(self._secure.associate(section.sctp_port, section.max_message_size))

    def _set_state(self, state: TransportState) -> None:
        if self.state != state and self.state != "closed":
            self.state = state
            self._listener.transport_state_changed(self, state)

    # -- datagrams ---------------------------------------------------------------------------------

    def handle_datagram(self, now: float, data: bytes) -> None:
        """One datagram that is not STUN (RFC 7983). Whatever is wrong with it is counted and dropped."""
        first = data[0]
        if 128 <= first < 192:
            secure, is_control = self._secure, is_rtcp(data)
            unprotect = secure.unprotect_rtcp if is_control else secure.unprotect
            if unprotect is None:
                self._host.count("srtp_early")
                return
            try:
                packet = unprotect(data)
            except SrtpError:
                self._host.count("srtp_refused")
                return
            self._heard_at = now
            if is_control:
                self.streams.handle_rtcp(now, packet)
            else:
                self.streams.handle_rtp(now, packet)
        elif 20 <= first < 64:
            if not self._secure.handle_record(data):
                self._host.count("dtls_dropped")
        else:
            self._host.count("unknown_protocol")

    def may_have_moved(self, now: float) -> bool:
        """Whether the client has keys and has been silent where it was (see `handle_moved`)."""
        return self._secure.unprotect is not None and now - self._heard_at > SILENCE_S

    def handle_moved(self, now: float, data: bytes, path: Path) -> bool:
        """Media from an unknown path: whether this client's keys open it. Then that is where it lives now."""
        unprotect = self._secure.unprotect_rtcp if is_rtcp(data) else self._secure.unprotect
        try:
            packet = unprotect(data)
        except SrtpError:
            return False
        self._heard_at = now
        self._paths.add(path)
        self._ice.adopt(now, path)
        if is_rtcp(data):
            self.streams.handle_rtcp(now, packet)
        else:
            self.streams.handle_rtp(now, packet)
        return True

    def _write(
        self,
        first: int,
        second: int,
        sequence_number: int,
        timestamp: int,
        ssrc: int,
        block: bytes,
        payload: bytes,
    ) -> None:
        """Encrypt and send one RTP packet, now or never."""
        path, seal = self._ice.path, self._secure.seal
        if path is not None and seal is not None:
            self._batch.put(path, seal, first, second, sequence_number, timestamp, ssrc, block, payload)

    def _wake_downlink(self, at: float) -> None:
        timer = self._downlink_timer
        if timer is None or self._downlink_at > at:
            if timer is not None:
                timer.cancel()
            if self.state != "closed":
                self._downlink_at = at
                self._downlink_timer = self._host.loop.call_at(at, self._tick_downlink)

    def _tick_downlink(self) -> None:
        now = self._host.loop.time()
        # A bug met once must not leave this client without pictures for the rest of the call.
        self._downlink_timer = None
        self._wake_downlink(now + IDLE_INTERVAL_S)
        with self._batch:
            self.downlink.handle_timeout(now)
        timeout = self.downlink.poll_timeout()
        if timeout is not None:
            self._wake_downlink(timeout)

    def _send_rtcp(self, packets: Sequence[RtcpPacket]) -> None:
        path = self._ice.path
        if path is None or self._secure.protect_rtcp is None:
            return
        try:
            data = self._secure.protect_rtcp(compose(packets))
        except SrtpError:
            self._host.count("srtp_not_protected")
            return
        path.send(data)

    def _send_record(self, data: bytes) -> None:
        if self._ice.path is not None:
            self._ice.path.send(data)

    def _tick(self) -> None:
        self._ticked_at = now = self._host.loop.time()
        interval_s = PUBLISHING_INTERVAL_S if self.streams.is_publishing else IDLE_INTERVAL_S
        self._tick_at = now + interval_s
        self._timer = self._host.loop.call_at(self._tick_at, self._tick)
        self._ice.handle_timeout(now)
        if self._ice.consent_expired(now):
            self._set_state("failed")
        elif self.streams.is_publishing:
            self.streams.handle_timeout(now)
            self._wake(self.streams.poll_timeout())

    def _wake(self, at: float) -> None:
        """Look after the client's tracks then, not at the next regular time."""
        if at >= self._tick_at or self.state == "closed":
            return
        at = max(at, self._ticked_at + LEAST_INTERVAL_S)
        if at < self._tick_at:
            self._timer.cancel()
            self._tick_at = at
            self._timer = self._host.loop.call_at(at, self._tick)

    # -- data channels -----------------------------------------------------------------------------

    def open_data_channels(self) -> None:
        """Have our next offer open LiveKit's three channels from the server's side."""
        self._negotiation.open_data()
        self._secure.open_channels()

    def send_data(self, label: str, payload: bytes) -> bool:
        """Queue one message. False: the channel is not open, or the client reads too slowly."""
        sent = self._secure.send(label, payload)
        if not sent:
            self._host.count("data_not_sent")
        return sent

    # -- end ---------------------------------------------------------------------------------------

    async def close(self) -> None:
        """End the connection with its producers and consumers; the client is told by DTLS."""
        if self.state == "closed":
            return
        self._set_state("closed")
        self._timer.cancel()
        if self._downlink_timer is not None:
            self._downlink_timer.cancel()
        for producer in tuple(self._producers.values()):
            producer.close()
        for consumer in tuple(self._consumers.values()):
            consumer.close()
        self._router.leave(self)
        await self._secure.close()
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
