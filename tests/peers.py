"""Scripted WebRTC peers: they speak to the SFU's ports directly, packet by packet.

A peer offers, as LiveKit's single peer connection does, or answers, as other servers want it; it is the ICE
controlling side, and the DTLS client unless the server wants to be. Its keys come from the same aiortc parts
as the server's. Used where a test must decide every byte (loss, hostility) and where a bench needs many cheap
receivers.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from aioice import stun
from aiortc import RTCCertificate

from media import sdp
from media.arrivals import Arrivals
from media.capabilities import TRANSPORT_CC
from media.packets import build_rtp, is_rtcp, parse_rtp
from media.rtcp import RtcpPacket, compose
from media.secure import SecureConnection

CERTIFICATE = RTCCertificate.generateCertificate()
VP8 = 96
VP8_RTX = 97
OPUS = 111

_AUDIO = """m=audio 9 UDP/TLS/RTP/SAVPF 111
a=mid:{mid}
a={direction}
{msid}a=rtcp-mux
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
"""
_VIDEO = """m=video 9 UDP/TLS/RTP/SAVPF 96 97
a=mid:{mid}
a={direction}
{msid}a=rtcp-mux
a=extmap:4 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
"""
# What a browser adds to each section so that the sender can estimate the bandwidth.
_FEEDBACK = {
    "audio": f"a=extmap:4 {TRANSPORT_CC}\na=rtcp-fb:111 transport-cc\n",
    "video": "a=rtcp-fb:96 transport-cc\n",
}
FEEDBACK_INTERVAL_S = 0.05
REACH_TIMEOUT_S = 5.0
CHECK_AGAIN_S = 0.5
_DATA = """m=application 9 UDP/DTLS/SCTP webrtc-datachannel
a=mid:{mid}
a=sctp-port:5000
a=max-message-size:65536
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A track of the peer: its SSRCs."""

    kind: str
    ssrc: int
    rtx_ssrc: int = 0


class Peer:
    """One scripted peer connection over UDP or TCP.

    Received, decrypted packets go to ``on_rtp`` and ``on_rtcp``; everything else is the test's business.
    """

    def __init__(
        self,
        sends: Sequence[Sent] = (),
        receives: Sequence[str] = (),
        *,
        data: bool = False,
        reports_arrivals: bool = False,
        host: str = "",
    ) -> None:
        """``reports_arrivals``: answer with transport-wide feedback where the server agrees to it.

        ``host``: the local address, for a server that has to be told a candidate.
        """
        self.sends = tuple(sends)
        self.receives = tuple(receives)
        self.has_data = data
        self.ufrag = secrets.token_hex(4)
        self.pwd = secrets.token_hex(12)
        self.on_rtp: Callable[[bytes], object] = lambda packet: None
        self.on_rtcp: Callable[[bytes], object] = lambda packet: None
        self.messages: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self.channels_open = asyncio.Event()
        self.received = 0
        self.reachable = asyncio.Event()
        self.is_cut_off = asyncio.Event()  # the server closed the TCP connection
        self.answer: sdp.Description | None = None
        self.secure = SecureConnection(
            CERTIFICATE,
            self._send,
            on_message=lambda label, payload: self.messages.put_nowait((label, payload)),
            on_open=self.channels_open.set,
            on_lost=lambda: None,
        )
        self._socket: socket.socket | None = None
        self._stream: bytearray | None = None  # what came over TCP and is no whole frame yet (RFC 4571)
        self._loop = asyncio.get_running_loop()
        self._has_answered = False
        self._candidate = ""
        if host:
            self._socket = _udp_socket()
            self._socket.bind((host, 0))
            port = self._socket.getsockname()[1]
            self._candidate = f"1 1 udp 2130706431 {host} {port} typ host"
        self._reports_arrivals = reports_arrivals
        self._arrivals = Arrivals(1)
        self._arrival_extension = 0  # number of the header extension, 0 when it was not agreed
        self._reporting: asyncio.TimerHandle | None = None
        self.reports = 0

    def offer(self) -> str:
        """The peer's offer: what it sends first, then what it would receive, then data."""
        fingerprint = next(f for f in CERTIFICATE.getFingerprints() if f.algorithm == "sha-256")
        bodies: list[str] = []
        for track in self.sends:
            template = _VIDEO if track.kind == "video" else _AUDIO
            text = template.replace("{direction}", "sendonly")
            text = text.replace("{msid}", f"a=msid:stream {track.kind}{track.ssrc}\n")
            if track.rtx_ssrc:
                text += f"a=ssrc-group:FID {track.ssrc} {track.rtx_ssrc}\n"
            text += f"a=ssrc:{track.ssrc} cname:peer\n"
            bodies.append(text)
        for kind in self.receives:
            template = _VIDEO if kind == "video" else _AUDIO
            text = template.replace("{direction}", "recvonly").replace("{msid}", "")
            bodies.append(text + _FEEDBACK[kind] if self._reports_arrivals else text)
        if self.has_data:
            bodies.append(_DATA)
        mids = " ".join(str(i) for i in range(len(bodies)))
        head = (
            f"v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE {mids}\na=ice-ufrag:{self.ufrag}\n"
            f"a=ice-pwd:{self.pwd}\na=fingerprint:sha-256 {fingerprint.value}\na=setup:actpass\n"
        )
        if self._candidate:
            bodies[0] += f"a=candidate:{self._candidate}\na=end-of-candidates\n"
        return head + "".join(body.replace("{mid}", str(i)) for i, body in enumerate(bodies))

    def answer_to(self, offer: str) -> str:
        """Accept all a server offers to send; ``connect`` then takes the offer in place of an answer.

        The server becomes the DTLS client, which begins when its side of the path is ready.
        """
        self._has_answered = True
        described = sdp.parse(offer)
        algorithms = ((f.algorithm, f.value) for f in CERTIFICATE.getFingerprints())
        sections = tuple(
            sdp.MediaSection(
                section.kind,
                section.mid,
                "recvonly",
                codecs=section.codecs,
                extensions=tuple(
                    (number, uri)
                    for number, uri in section.extensions
                    if uri != TRANSPORT_CC or self._reports_arrivals
                ),
            )
            for section in described.sections
        )
        answer = replace(
            described,
            sections=sections,
            ice_ufrag=self.ufrag,
            ice_pwd=self.pwd,
            fingerprints=tuple(f for f in algorithms if f[0] == "sha-256"),
            setup="passive",
            is_ice_lite=False,
            candidates=(self._candidate,),
        )
        return sdp.write(answer, "peer")

    async def connect(self, answer: str) -> None:
        """Take the answer, reach the first UDP candidate and agree on keys. Raises on failure."""
        await self.reach(answer)
        assert self.answer is not None
        is_client = self.answer.setup != "active" and not self._has_answered
        assert await self.secure.handshake(self.answer.fingerprints, is_client=is_client)
        agreed = (e for section in self.answer.sections for e in section.extensions)
        number = next((number for number, uri in agreed if uri == TRANSPORT_CC), 0)
        if self._reports_arrivals and number:
            self.report_arrivals(number)
        if self.has_data:
            await self.secure.associate(5000, 65536)

    async def reach(self, answer: str) -> None:
        """Only the connectivity check, over UDP where the answer offers it, else over TCP."""
        self.answer = sdp.parse(answer)
        lines = [line for line in answer.splitlines() if line.startswith("a=candidate:")]
        candidates = [fields for line in lines if ":" not in (fields := line[12:].split())[4]]
        udp = [(fields[4], int(fields[5])) for fields in candidates if fields[2] == "udp"]
        if udp:
            self._socket = self._socket or _udp_socket()
            self._socket.connect(udp[0])
        else:
            tcp = next(fields for fields in candidates if fields[2] == "tcp")
            self._socket = socket.create_connection((tcp[4], int(tcp[5])))
            self._stream = bytearray()
        self._socket.setblocking(False)
        self._loop.add_reader(self._socket.fileno(), self._readable)
        async with asyncio.timeout(REACH_TIMEOUT_S):
            while not self.reachable.is_set():
                self._send(self.check())
                with contextlib.suppress(TimeoutError):  # a check or its answer can be lost
                    async with asyncio.timeout(CHECK_AGAIN_S):
                        await self.reachable.wait()

    async def face(self, other: Peer) -> None:
        """Connect two peers that have a ``host`` to each other, without a server between them."""
        for near, far in ((self, other), (other, self)):
            assert near._socket is not None and far._socket is not None
            near._socket.connect(far._socket.getsockname())
            near._socket.setblocking(False)
            self._loop.add_reader(near._socket.fileno(), near._readable)
        certificates = [(f.algorithm, f.value) for f in CERTIFICATE.getFingerprints()]
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.secure.handshake(certificates, is_client=True))
            tasks.create_task(other.secure.handshake(certificates, is_client=False))
        assert self.secure.protect is not None and other.secure.unprotect is not None

    def check(self, *, pwd: str | None = None) -> bytes:
        """A nominating connectivity check."""
        assert self.answer is not None
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{self.answer.ice_ufrag}:{self.ufrag}"
        request.attributes["PRIORITY"] = 1
        request.attributes["ICE-CONTROLLING"] = 1
        request.attributes["USE-CANDIDATE"] = None
        request.add_message_integrity((pwd or self.answer.ice_pwd).encode())
        return bytes(request)

    def send_rtp(self, packet: bytes) -> None:
        """Encrypt and send."""
        self._send(self.secure.protect(packet))

    def send_rtcp(self, *packets: RtcpPacket) -> None:
        """Encrypt and send one compound."""
        self._send(self.secure.protect_rtcp(compose(packets)))

    def move(self) -> None:
        """Go on from another address, without a word, as behind a NAT that forgot."""
        assert self._socket is not None and self._stream is None
        server = self._socket.getpeername()
        self._close_socket()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect(server)
        self._socket.setblocking(False)
        self._loop.add_reader(self._socket.fileno(), self._readable)

    def send_raw(self, datagram: bytes) -> None:
        """Send exactly these bytes."""
        self._send(datagram)

    def _answer_check(self, data: bytes) -> None:
        """A server that is not quite ICE-lite checks back before it uses the path (libnice)."""
        assert self._socket is not None
        request = stun.parse_message(data)
        response = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, request.transaction_id)
        response.attributes["XOR-MAPPED-ADDRESS"] = self._socket.getpeername()
        response.add_message_integrity(self.pwd.encode())
        self._send(bytes(response))

    def report_arrivals(self, extension: int) -> None:
        """From now on answer with transport-wide feedback about packets that carry this header extension."""
        self._arrival_extension = extension
        self._report()

    def _report(self) -> None:
        while (report := self._arrivals.feedback(self._loop.time())) is not None:
            self.reports += 1
            self.send_rtcp(report)
        self._reporting = self._loop.call_later(FEEDBACK_INTERVAL_S, self._report)

    def _note_arrival(self, data: bytes) -> None:
        packet = parse_rtp(data)
        number = packet.extension(self._arrival_extension)
        if number is not None:
            self._arrivals.receive(self._loop.time(), int.from_bytes(number, "big"), packet.ssrc)

    async def close(self) -> None:
        """Say goodbye and close the socket."""
        await self.secure.close()
        self._close_socket()

    async def disappear(self) -> None:
        """Close the socket first, so that no goodbye leaves."""
        self._close_socket()
        await self.secure.close()

    def _close_socket(self) -> None:
        if self._reporting is not None:
            self._reporting.cancel()
        if self._socket is not None:
            self._loop.remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None

    def _send(self, data: bytes) -> None:
        if self._socket is not None:
            try:
                self._socket.send(data if self._stream is None else len(data).to_bytes(2, "big") + data)
            except OSError:
                pass  # the test's server may be gone

    def _readable(self) -> None:
        assert self._socket is not None
        for _ in range(256):
            try:
                data = self._socket.recv(2048)
            except OSError:
                return
            if self._stream is None:
                self._datagram(data)
            elif data:
                self._frames(self._stream, data)
            else:
                self._loop.remove_reader(self._socket.fileno())
                self.is_cut_off.set()
                return

    def _frames(self, stream: bytearray, data: bytes) -> None:
        stream += data
        while len(stream) >= 2 and len(stream) >= 2 + (length := int.from_bytes(stream[:2], "big")):
            frame = bytes(stream[2 : 2 + length])
            del stream[: 2 + length]
            self._datagram(frame)

    def _datagram(self, data: bytes) -> None:
        if data[:2] == b"\x00\x01":
            self._answer_check(data)
        elif data[0] < 4:
            self.reachable.set()
        elif data[0] >= 128:
            if self.secure.unprotect is None:
                return
            if is_rtcp(data):
                self.on_rtcp(self.secure.unprotect_rtcp(data))
            else:
                self.received += 1
                packet = self.secure.unprotect(data)
                if self._arrival_extension:
                    self._note_arrival(packet)
                self.on_rtp(packet)
        else:
            self.secure.handle_record(data)


def _udp_socket() -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    return opened


def vp8(
    ssrc: int, number: int, timestamp: int, *, key: bool = False, marker: bool = True, size: int = 0
) -> bytes:
    """A VP8 packet with 15-bit picture id ``number`` that starts a frame (RFC 7741)."""
    descriptor = bytes((0x90, 0xE0, 0x80 | number >> 8 & 0x7F, number & 0xFF, number & 0xFF, 0x00))
    frame = bytes.fromhex("10 02 00 9d 01 2a 80 02 e0 01") if key else bytes.fromhex("11 02 00 00 00 00 00")
    payload = descriptor + frame
    payload += bytes(max(0, size - len(payload)))
    return build_rtp(
        payload_type=VP8,
        marker=marker,
        sequence_number=number & 0xFFFF,
        timestamp=timestamp & 0xFFFFFFFF,
        ssrc=ssrc,
        extensions=(),
        payload=payload,
    )


def opus(ssrc: int, number: int, *, size: int = 80, dbov: int = 20) -> bytes:
    """An Opus packet of 20 ms with an audio level."""
    return build_rtp(
        payload_type=OPUS,
        marker=False,
        sequence_number=number & 0xFFFF,
        timestamp=number * 960 & 0xFFFFFFFF,
        ssrc=ssrc,
        extensions=((1, bytes((0x80 | dbov,))),),
        payload=bytes(size),
    )
