"""The media side of one participant: its transports and their negotiation, the same for both protocol modes.

Two peer connections (v0): the client offers what it sends on one, the server offers what it receives on
the other. Single peer connection (v1): the client offers everything, the server asks for sections. A
participant who may not subscribe has only the first connection of v0. Sans-IO.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from livekit.protocol.rtc import SessionDescription, SignalResponse

from media import Consumer, LineReport, Producer, ReceiveOptions, RemoteOffer, SdpError, Transport
from signaling.rtc.negotiation import SectionRequests, ServerOffers
from signaling.rtc.participant import Participant

_UDP_CANDIDATE = re.compile(r"a=candidate:\S+ \d+ udp [^\n]*\n", re.IGNORECASE)
_TCP_CANDIDATE = re.compile(r"a=candidate:\S+ \d+ tcp ", re.IGNORECASE)


class Peer:
    """Transports of one participant."""

    def __init__(self, participant: Participant, create_transport: Callable[[], Transport]) -> None:
        self._participant = participant
        self._create_transport = create_transport
        self._publisher: Transport | None = None
        self._subscriber: Transport | None = None
        self._is_subscriber_primary = participant.uses_subscriber_connection
        self._offers = ServerOffers()
        self._requests = SectionRequests()
        self.has_data_channels = False
        self.is_tcp_only = False

    def start(self) -> None:
        """Create the transport that carries media to the client, where the mode has one from the start."""
        if self._participant.is_single_peer_connection:
            self._publisher = self._create_transport()
        elif self._is_subscriber_primary:
            self._subscriber = self._create_transport()
            self._subscriber.open_data_channels()

    @property
    def is_single(self) -> bool:
        """Whether one peer connection carries both directions."""
        return self._participant.is_single_peer_connection

    @property
    def primary(self) -> Transport | None:
        """The connection that decides whether the participant is active; data goes out on it."""
        return self._subscriber if self._is_subscriber_primary else self._publisher

    @property
    def heard_at(self) -> float | None:
        """When the client was last heard on any connection."""
        heard = (transport.heard_at for transport in self.transports())
        return max((at for at in heard if at is not None), default=None)

    def transports(self) -> list[Transport]:
        """All transports, to be closed when the participant leaves."""
        return [transport for transport in (self._publisher, self._subscriber) if transport is not None]

    def line_reports(self) -> list[LineReport]:
        """How well packets travel both ways, for each connection."""
        return [transport.line_report() for transport in self.transports()]

    def limit_downlink(self, bps: int | None) -> None:
        """Send no more than so much, whatever the line carries; None lifts the limit."""
        for transport in self.transports():
            transport.limit_downlink(bps)

    def receive_offer(self, description: SessionDescription) -> RemoteOffer:
        """Take over what the client wants to send. Raises `SdpError`."""
        if self._publisher is None:
            self._publisher = self._create_transport()
        return self._publisher.set_remote_offer(description.sdp)

    def receive(self, mid: str, track_sid: str, options: ReceiveOptions) -> Producer:
        """Receive a section of the last offer as this track. Raises `SdpError`."""
        if self._publisher is None:
            raise SdpError("nothing was offered")
        return self._publisher.receive(mid, track_sid, options)

    def answer_offer(self, offer_id: int, now: float) -> None:
        """Answer the offer received last, under its id."""
        publisher = self._publisher
        if publisher is None:
            return
        answer = publisher.create_answer()
        self._participant.send(
            SignalResponse(
                answer=SessionDescription(
                    type="answer",
                    sdp=self._reachable(answer.sdp),
                    id=offer_id,
                    mid_to_track_id=answer.track_ids,
                )
            )
        )
        if self.is_single:
            shortage = publisher.shortage()
            is_incomplete = bool(shortage.audio or shortage.video) or publisher.needs_negotiation
            self._requests.offer_answered(now, is_incomplete=is_incomplete)

    def _reachable(self, sdp: str) -> str:
        """The description with the candidates the client shall use; never without any."""
        if not self.is_tcp_only or not _TCP_CANDIDATE.search(sdp):
            return sdp
        return _UDP_CANDIDATE.sub("", sdp)

    def receive_answer(self, description: SessionDescription, now: float) -> None:
        """The client's answer to the server's offer; a stale one is ignored. Raises `SdpError`."""
        if self._subscriber is None or not self._offers.is_current(description.id):
            return
        self._subscriber.set_remote_answer(description.sdp)
        self._offers.answered(now)
        if self._subscriber.needs_negotiation:
            self._offers.changed(now)

    def resumed(self, now: float) -> None:
        """The client signals over another socket: what was under way on the old one is void.

        The client restarts ICE where it offers, which also answers a request for sections; where the server
        offers, it has to.
        """
        self._offers.abandoned()
        self.offer(now, ice_restart=True)

    def offer(self, now: float, *, ice_restart: bool = False) -> None:
        """Send the server's offer at once, where the mode has one."""
        if self._subscriber is None:
            return
        offer = self._subscriber.create_offer(ice_restart=ice_restart)
        offer_id = self._offers.offered(now)
        self._participant.send(
            SignalResponse(
                offer=SessionDescription(
                    type="offer", sdp=self._reachable(offer.sdp), id=offer_id, mid_to_track_id=offer.track_ids
                )
            )
        )

    def consume(self, producer: Producer, *, stream_id: str, track_id: str, now: float) -> Consumer | None:
        """Start sending `producer` to the client; None if the mode has no way to."""
        if not self.is_single and self._subscriber is None:
            # The permission to subscribe came later than the participant.
            self._subscriber = self._create_transport()
        transport = self._publisher if self.is_single else self._subscriber
        if transport is None:
            return None
        consumer = transport.consume(producer, stream_id=stream_id, track_id=track_id)
        self.changed(now)
        return consumer

    def changed(self, now: float) -> None:
        """What the client should receive changed; negotiation follows soon."""
        if self.is_single:
            self._requests.changed(now)
        elif self._subscriber is not None:
            self._offers.changed(now)

    def poll(self, now: float) -> Literal["timeout"] | None:
        """Do what negotiation is due; `timeout` when the client does not answer."""
        if self.is_single:
            self._poll_single(now)
            return None
        due = self._offers.poll(now)
        if due == "timeout":
            return "timeout"
        if due == "offer":
            self.offer(now)
        return None

    def _poll_single(self, now: float) -> None:
        if self._publisher is None:
            return
        deadline = self._requests.next_deadline()
        if deadline is None or now < deadline:
            return
        request = self._requests.poll(now, self._publisher.shortage(), self._publisher.needs_negotiation)
        if request is not None:
            self._participant.send(SignalResponse(media_sections_requirement=request))

    def next_deadline(self) -> float | None:
        """When `poll` will have something to do."""
        return self._requests.next_deadline() if self.is_single else self._offers.next_deadline()

    def send_data(self, label: str, payload: bytes) -> bool:
        """Whether the packet went out on the primary connection's channel."""
        primary = self.primary
        return primary is not None and self.has_data_channels and primary.send_data(label, payload)
