"""The only sockets of the SFU: one UDP and one TCP port for everybody.

A datagram is told apart by its first byte (RFC 7983) and belongs to the transport whose connectivity
check last came from its source. A client that can not send UDP connects to the TCP port and frames the
same datagrams (RFC 6544, RFC 4571). One UDP socket is bound per local address, so that an answer always
leaves from the address the client wrote to. Media from an unknown source may be a client whose address
changed: whose keys fit it, owns it. Whatever cannot be assigned is counted and dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import struct
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from .batch import Batch
from .ice import Check, is_stun, local_fragment, parse_check

FREE_PORT_ATTEMPTS = 16
RECEIVE_BUFFER_BYTES = 4 << 20  # asyncio reads late under load; 4 MiB is a second of 30 Mbit/s
BATCH = 64  # datagrams read per turn of the loop: more would starve signalling
MAX_DATAGRAM_BYTES = 2048
TCP_BACKLOG_BYTES = 256 << 10  # what may wait for a slow TCP client before packets are dropped
TCP_PATIENCE_S = 10.0  # a connection must bring a valid check within this time
MAX_TCP_CONNECTIONS = 2000

# UDP generic segmentation offload (linux/udp.h, Linux 4.18): one call sends many datagrams of one size.
_UDP_SEGMENT = 103
_MAX_SEGMENTS = 64
_MAX_SEGMENTED_BYTES = 65_000  # the whole must fit one IP packet
_SIZE = struct.Struct("=H")


class Peer(Protocol):
    """What the sockets need of a transport."""

    def handle_check(self, now: float, message: Check, path: Path) -> bytes | None:
        """Answer to a connectivity check; None refuses it."""

    def handle_datagram(self, now: float, data: bytes) -> None:
        """DTLS, SRTP or SRTCP."""

    def path_lost(self, path: Path) -> None:
        """The path does not exist any more."""


class Path(Protocol):
    """A way to a client."""

    remote: tuple[str, int]
    protocol: str
    pending: list[memoryview]

    def send(self, data: bytes) -> None:
        """Send one datagram, or drop it when the way is full."""

    def flush(self) -> None:
        """Send what a batch left pending (see Way)."""

    def forget(self, peer: Peer) -> None:
        """The transport is closed."""

    def __hash__(self) -> int: ...


class UdpPath:
    """One remote address, seen from one of our sockets."""

    __slots__ = ("_port", "address", "pending", "protocol", "remote")

    def __init__(self, port: UdpPort, address: tuple[str, int]) -> None:
        self._port = port
        self.address = address
        self.pending: list[memoryview] = []
        self.remote = (address[0], address[1])
        self.protocol = "udp"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UdpPath) and (self._port, self.address) == (other._port, other.address)

    def __hash__(self) -> int:
        return hash((id(self._port), self.address))

    def send(self, data: bytes) -> None:
        self._port.send(data, self.address)

    def flush(self) -> None:
        pending, self.pending = self.pending, []
        if len(pending) == 1:
            self._port.send(pending[0], self.address)
        else:
            self._port.send_all(pending, self.address)

    def forget(self, peer: Peer) -> None:
        """The transport is closed: its address is unknown again."""
        if self._port.peers.get(self.address) is peer:
            del self._port.peers[self.address]


class UdpPort:
    """One bound UDP socket."""

    def __init__(self, sockets: Sockets, bound: socket.socket) -> None:
        self.peers: dict[tuple[str, int], Peer] = {}
        self._sockets = sockets
        self._socket = bound
        self._sendto = bound.sendto
        self._counters = sockets.counters
        self._can_segment = _can_segment(bound)
        sockets.loop.add_reader(bound.fileno(), self._readable)

    def send(self, data: bytes | memoryview, address: tuple[str, int]) -> None:
        """Send now; a full socket buffer or an unreachable address costs this datagram only."""
        try:
            self._sendto(data, address)
        except OSError:
            self._counters["udp_not_sent"] += 1

    def send_all(self, datagrams: list[memoryview], address: tuple[str, int]) -> None:
        """Send in order, stretches of one size in one call each; the last of a stretch may be shorter."""
        if not self._can_segment:
            for datagram in datagrams:
                self.send(datagram, address)
            return
        run: list[memoryview] = []
        size = most = 0
        for datagram in datagrams:
            length = len(datagram)
            if run and length <= size and len(run) < most:
                run.append(datagram)
                if length == size:
                    continue
                self._send_run(run, size, address)
                run = []
            else:
                if run:
                    self._send_run(run, size, address)
                run, size = [datagram], length
                most = min(_MAX_SEGMENTS, _MAX_SEGMENTED_BYTES // size)
        if run:
            self._send_run(run, size, address)

    def _send_run(self, run: list[memoryview], size: int, address: tuple[str, int]) -> None:
        if len(run) == 1:
            self.send(run[0], address)
            return
        try:
            self._socket.sendmsg(run, [(socket.IPPROTO_UDP, _UDP_SEGMENT, _SIZE.pack(size))], 0, address)
        except BlockingIOError:
            self._counters["udp_not_sent"] += len(run)
        except OSError as error:
            # EIO: this network card cannot; other errors concern one route, whose packets may be too large.
            self._can_segment = error.errno != errno.EIO
            for datagram in run:
                self.send(datagram, address)

    def close(self) -> None:
        self._sockets.loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def _readable(self) -> None:
        receive, peers, clock = self._socket.recvfrom, self.peers, self._sockets.loop.time
        with self._sockets.batch:
            for _ in range(BATCH):
                try:
                    data, address = receive(MAX_DATAGRAM_BYTES)
                except BlockingIOError:
                    return
                except OSError:  # an ICMP error of an earlier send
                    continue
                peer = peers.get(address)
                if peer is not None and data and data[0] >= 20:
                    peer.handle_datagram(clock(), data)
                else:
                    self._unassigned(clock(), data, address)

    def _unassigned(self, now: float, data: bytes, address: tuple[str, int]) -> None:
        path = UdpPath(self, address)
        if is_stun(data):
            peer = self._sockets.check(now, data, path)
        elif data and 128 <= data[0] < 192:
            peer = self._sockets.claim(now, data, path)
        else:
            peer = None
            self._counters["udp_unassigned"] += 1
        if peer is not None:
            self.peers[address] = peer


class TcpPath(asyncio.Protocol):
    """One TCP connection of a client, carrying framed datagrams (RFC 4571)."""

    def __init__(self, sockets: Sockets) -> None:
        self.remote = ("", 0)
        self.protocol = "tcp"
        self.pending: list[memoryview] = []
        self._sockets = sockets
        self._transport: asyncio.Transport | None = None
        self._peer: Peer | None = None
        self._buffer = bytearray()
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # uvloop's is not a subclass
        peername = transport.get_extra_info("peername") or ("", 0)
        self.remote = (peername[0], peername[1])
        if len(self._sockets.connections) >= MAX_TCP_CONNECTIONS:
            self._sockets.counters["tcp_refused"] += 1
            transport.close()
            return
        self._sockets.connections.add(self)
        self._deadline = self._sockets.loop.call_later(TCP_PATIENCE_S, self.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._sockets.connections.discard(self)
        if self._deadline is not None:
            self._deadline.cancel()
        peer, self._peer = self._peer, None
        if peer is not None:
            peer.path_lost(self)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        with self._sockets.batch:
            while len(buffer) >= 2:
                length = buffer[0] << 8 | buffer[1]
                if length > MAX_DATAGRAM_BYTES or length == 0:
                    self._sockets.counters["tcp_malformed"] += 1
                    self.close()
                    return
                if len(buffer) < length + 2:
                    return
                frame = bytes(buffer[2 : length + 2])
                del buffer[: length + 2]
                self._frame(frame)

    def _frame(self, frame: bytes) -> None:
        now = self._sockets.loop.time()
        if frame[0] >= 20 and self._peer is not None:
            self._peer.handle_datagram(now, frame)
            return
        peer = self._sockets.check(now, frame, self) if is_stun(frame) else None
        if peer is not None:
            self._peer = peer
            if self._deadline is not None:
                self._deadline.cancel()
        elif self._peer is None:
            self._sockets.counters["tcp_unassigned"] += 1
            self.close()

    def send(self, data: bytes) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() > TCP_BACKLOG_BYTES:
            self._sockets.counters["tcp_not_sent"] += 1
            return
        transport.write(len(data).to_bytes(2, "big") + data)

    def flush(self) -> None:
        pending, self.pending = self.pending, []
        for datagram in pending:
            self.send(bytes(datagram))  # the transport may keep it, the batch will not

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def forget(self, peer: Peer) -> None:
        """The transport is closed: so is its connection."""
        if self._peer is peer:
            self._peer = None
            self.close()


class Sockets:
    """All sockets.

    ``find`` gives the peer of an ICE username fragment; ``claim`` the one that media from an unknown path
    turned out to come from, having taken it.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        find: Callable[[str], Peer | None],
        claim: Callable[[float, bytes, Path], Peer | None],
    ) -> None:
        self.loop = loop
        self.counters: Counter[str] = Counter()
        self.batch = Batch(self.counters)
        self.connections: set[TcpPath] = set()
        self.port = 0
        self._find = find
        self._claim = claim
        self._udp: list[UdpPort] = []
        self._tcp: list[asyncio.Server] = []

    async def open(self, addresses: list[str], port: int, *, udp: bool, tcp: bool) -> None:
        """Bind every address to one port number; 0 chooses a free one. Raises OSError."""
        for attempts_left in reversed(range(1 if port else FREE_PORT_ATTEMPTS)):
            self.port = port
            try:
                await self._open_all(addresses, udp=udp, tcp=tcp)
            except OSError:
                # The port that was free for the first socket may be taken for the next.
                await self.close()
                self._udp, self._tcp = [], []
                if not attempts_left:
                    raise
            else:
                return

    async def _open_all(self, addresses: list[str], *, udp: bool, tcp: bool) -> None:
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            if udp:
                self._open_udp(family, address)
            if tcp:
                listening = socket.socket(family, socket.SOCK_STREAM)
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                self._bind(listening, family, address)
                self._tcp.append(await self.loop.create_server(lambda: TcpPath(self), sock=listening))

    def _open_udp(self, family: int, address: str) -> None:
        bound = socket.socket(family, socket.SOCK_DGRAM)
        bound.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            bound.setsockopt(socket.SOL_SOCKET, option, RECEIVE_BUFFER_BYTES)
        self._bind(bound, family, address)
        self._udp.append(UdpPort(self, bound))

    def _bind(self, made: socket.socket, family: int, address: str) -> None:
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            made.bind((address, self.port))
        except OSError:
            made.close()
            raise
        self.port = made.getsockname()[1]

    def check(self, now: float, data: bytes, path: Path) -> Peer | None:
        """Answer a connectivity check; the peer it authenticated as, or None."""
        message = parse_check(data)
        peer = self._find(local_fragment(message)) if message is not None else None
        if message is None or peer is None or (response := peer.handle_check(now, message, path)) is None:
            self.counters["stun_refused"] += 1
            return None
        path.send(response)
        return peer

    def claim(self, now: float, data: bytes, path: Path) -> Peer | None:
        """Whose encrypted media this is, when it did not come from where it used to."""
        peer = self._claim(now, data, path)
        if peer is None:
            self.counters["udp_unassigned"] += 1
        return peer

    @property
    def paths(self) -> int:
        """Remote addresses and connections that belong to a transport."""
        return sum(len(port.peers) for port in self._udp) + len(self.connections)

    async def close(self) -> None:
        for port in self._udp:
            port.close()
        for server in self._tcp:
            server.close()
        for connection in tuple(self.connections):
            connection.close()
        for server in self._tcp:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await server.wait_closed()


def _can_segment(bound: socket.socket) -> bool:
    try:
        bound.setsockopt(socket.IPPROTO_UDP, _UDP_SEGMENT, 0)
    except OSError:
        return False  # not Linux, or an old one: a call per datagram
    return True
