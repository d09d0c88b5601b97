"""DTLS, SRTP and SCTP of one connection, by aiortc's parts.

The only file that touches aiortc, and its private seams (pinned in pyproject.toml; a version that changes
them fails tests/media/test_batch.py and every test with a connection): the DTLS transport takes any object
with ``_recv`` and ``_send`` in place of its ICE transport, and its SRTP sessions are used directly, so that
a packet is decrypted and forwarded within the reading of its datagram. Media never waits in a queue; DTLS
records, which carry the handshake and the data channels, do.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Any

import pylibsrtp
from aiortc import RTCCertificate as Certificate
from aiortc import RTCDataChannel, RTCDataChannelParameters
from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_PROFILES,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from aiortc.rtcsctptransport import RTCSctpCapabilities, RTCSctpTransport
from pylibsrtp._binding import ffi, lib

log = logging.getLogger(__name__)

HANDSHAKE_TIMEOUT_S = 20.0
CLOSE_TIMEOUT_S = 1.0
RECORD_BACKLOG = 512  # records waiting for the handshake or SCTP; more are dropped as if lost
LOSSY_BACKLOG_BYTES = 64 << 10
RELIABLE_BACKLOG_BYTES = 8 << 20
WINDOW_SLACK_BYTES = 256 << 10
MAX_OUT_OF_ORDER = 2000  # packets behind a gap; aiortc sorts them for each new one
MAX_FRAGMENTS = 4000  # of messages that are not whole yet
MAX_CHANNELS = 32
LABELS = ("_reliable", "_lossy", "_data_track")

# AES-128-GCM first: a quarter cheaper than 256 per packet, and the strongest that all browsers share.
PROFILES = sorted(SRTP_PROFILES, key=lambda profile: profile is not SRTP_AEAD_AES_128_GCM)

SrtpError = (pylibsrtp.Error, ValueError)  # what protect and unprotect raise
Send = Callable[[bytes], object]

SLOT_BYTES = 2048
Pointer = Any  # cffi's; it has no types
Slot = tuple[Pointer, memoryview]
Sealer = Callable[[Pointer, int], int]  # encrypts a packet of so many bytes in its slot; its new size


def make_slots(count: int) -> list[Slot]:
    """Memory in which packets are built and encrypted without being copied again."""
    pointers = [ffi.new("unsigned char[]", SLOT_BYTES) for _ in range(count)]
    return [(pointer, memoryview(ffi.buffer(pointer))) for pointer in pointers]


def sealer(session: pylibsrtp.Session) -> Sealer:
    """`session.protect` without its three copies: half the time."""
    protect, length = lib.srtp_protect, ffi.new("int *")

    def seal(pointer: Pointer, size: int) -> int:
        length[0] = size
        status = protect(session._srtp[0], pointer, length)
        if status:
            raise pylibsrtp.Error(f"srtp_protect: {status}")
        return int(length[0])

    return seal


class _Records:
    """Stands where aiortc expects its ICE transport; ``check`` may raise ConnectionError to end it all."""

    def __init__(self, send: Send, check: Callable[[], object]) -> None:
        self.role = "controlled"
        self.state = "completed"
        self.queue: asyncio.Queue[bytes] = asyncio.Queue(RECORD_BACKLOG)
        self._send_now = send
        self._check = check

    async def _recv(self) -> bytes:
        data = await self.queue.get()
        # A queue that is not empty never waits, and neither does SCTP: without this a flood of messages
        # would hold up everybody's media until the whole backlog has been read.
        await asyncio.sleep(0)
        self._check()
        return data

    async def _send(self, data: bytes) -> None:
        self._send_now(data)


class SecureConnection:
    """Keys and data channels of one peer. ``send`` puts a datagram on the way to it.

    ``protect``, ``unprotect`` and their RTCP twins are pylibsrtp's; None before the handshake is done.
    """

    def __init__(
        self,
        certificate: Certificate,
        send: Send,
        *,
        on_message: Callable[[str, bytes], object],
        on_open: Callable[[], object],
        on_lost: Callable[[], object],
    ) -> None:
        self.protect: Any = None  # pylibsrtp has no types
        self.seal: Sealer | None = None  # `protect` in place
        self.unprotect: Any = None
        self.protect_rtcp: Any = None
        self.unprotect_rtcp: Any = None
        self._records = _Records(send, self._refuse_hoarding)
        self._dtls = RTCDtlsTransport(self._records, [certificate])  # type: ignore[arg-type]  # see above
        self._dtls._srtp_profiles = PROFILES
        self._sctp: RTCSctpTransport | None = None
        self._channels: dict[str, RTCDataChannel] = {}
        self._is_associated = False
        self._was_open = False
        self._is_closing = False
        self._on_message = on_message
        self._on_open = on_open
        self._on_lost = on_lost

    async def handshake(self, fingerprints: Sequence[tuple[str, str]], *, is_client: bool) -> bool:
        """Agree on keys with the peer that has one of these certificates; False when that fails."""
        parameters = RTCDtlsParameters(fingerprints=[RTCDtlsFingerprint(a, v) for a, v in fingerprints])
        self._dtls._set_role("client" if is_client else "server")
        try:
            async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
                await self._dtls.start(parameters)
        except (TimeoutError, ConnectionError, ValueError) as error:
            log.info("dtls_failed reason=%s", type(error).__name__)
        except Exception:
            log.exception("dtls_failed")  # a bug or a hostile record: this client only
        if self._dtls.state != "connected" or self._is_closing:
            return False
        outgoing, incoming = self._dtls._tx_srtp, self._dtls._rx_srtp
        self.protect, self.protect_rtcp = outgoing.protect, outgoing.protect_rtcp
        self.seal = sealer(outgoing)
        self.unprotect, self.unprotect_rtcp = incoming.unprotect, incoming.unprotect_rtcp
        self._dtls.on("statechange", self._state_changed)
        return True

    def handle_record(self, data: bytes) -> bool:
        """Queue one DTLS record; False when too many wait already."""
        try:
            self._records.queue.put_nowait(data)
        except asyncio.QueueFull:
            return False
        return True

    def _state_changed(self) -> None:
        if self._dtls.state == "closed" and not self._is_closing:
            self._on_lost()

    # -- data channels (RFC 8831, RFC 8832) --------------------------------------------------------

    async def associate(self, port: int, max_message_size: int) -> None:
        """Start SCTP, once; after that channels open."""
        if self._is_associated or self._is_closing:
            return
        self._is_associated = True
        try:
            await self._association().start(RTCSctpCapabilities(maxMessageSize=max_message_size), port)
        except (ConnectionError, ValueError) as error:
            log.info("sctp_failed reason=%s", type(error).__name__)

    def open_channels(self) -> None:
        """Open LiveKit's three channels from our side as soon as SCTP is up."""
        for label in LABELS:
            if label not in self._channels:
                lossy = label != "_reliable"
                parameters = RTCDataChannelParameters(
                    label=label, ordered=not lossy, maxRetransmits=0 if lossy else None
                )
                channel = RTCDataChannel(self._association(), parameters)
                channel.on("open", self._channel_ready)
                self._listen(channel)

    def send(self, label: str, payload: bytes) -> bool:
        """Queue one message. False: the channel is not open, or the client reads too slowly."""
        channel = self._channels.get(label)
        if channel is None or channel.readyState != "open":
            return False
        limit = RELIABLE_BACKLOG_BYTES if label == "_reliable" else LOSSY_BACKLOG_BYTES
        if channel.bufferedAmount + len(payload) > limit:
            return False
        channel.send(payload)
        return True

    def _refuse_hoarding(self) -> None:
        """aiortc keeps what does not fit together yet, without limit: a client that exploits it is cut off.

        Beyond the window that was announced to it, no honest client sends; the rest is far beyond what
        LiveKit's channels need.
        """
        sctp = self._sctp
        if sctp is None:
            return
        streams = sctp._inbound_streams
        if (
            sctp._advertised_rwnd < -WINDOW_SLACK_BYTES
            or len(sctp._sack_misordered) > MAX_OUT_OF_ORDER
            or max(len(streams), len(sctp._data_channels)) > MAX_CHANNELS
            or sum(len(stream.reassembly) for stream in streams.values()) > MAX_FRAGMENTS
        ):
            log.info("sctp_hoarding")
            raise ConnectionError("data that never fits together")

    def _association(self) -> RTCSctpTransport:
        if self._sctp is None:
            self._sctp = RTCSctpTransport(self._dtls)
            self._sctp.on("datachannel", self._channel_opened)
        return self._sctp

    def _channel_opened(self, channel: RTCDataChannel) -> None:
        self._listen(channel)
        self._channel_ready()

    def _listen(self, channel: RTCDataChannel) -> None:
        label = channel.label
        self._channels[label] = channel

        def received(message: str | bytes) -> None:
            self._on_message(label, message.encode() if isinstance(message, str) else message)

        channel.on("message", received)

    def _channel_ready(self) -> None:
        needed = [self._channels.get(label) for label in LABELS[:2]]
        if not self._was_open and all(c is not None and c.readyState == "open" for c in needed):
            self._was_open = True
            self._on_open()

    async def close(self) -> None:
        """Tell the peer and leave no task behind."""
        self._is_closing = True
        task = self._dtls._task
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                if self._sctp is not None and self._is_associated:
                    await self._sctp.stop()
                await self._dtls.stop()
        if task is not None:
            await asyncio.wait([task], timeout=CLOSE_TIMEOUT_S)
            if task.done() and not task.cancelled():
                task.exception()  # retrieved here; aiortc has logged it
        self._dtls.remove_all_listeners()
        if self._sctp is not None:
            self._sctp.remove_all_listeners()


__all__ = [
    "LABELS",
    "SLOT_BYTES",
    "Certificate",
    "Sealer",
    "SecureConnection",
    "SrtpError",
    "make_slots",
    "sealer",
]
