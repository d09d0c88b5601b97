"""Bad networks, the same for the same seed: a link in simulated time, and relays between real programs.

`Link` is one direction of a path. Like everything sans-IO here it has no clock: what is sent at `now` comes
out of `receive` once its time has come, and `poll_timeout` says when that is. `UdpRelay` runs two links per
*access* (one person's way to the server) between real clients and the server's UDP port; `TcpRelay` does the
same for signalling, where loss shows as delay.
"""

from __future__ import annotations

import asyncio
import select
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from math import inf
from random import Random
from types import TracebackType
from typing import Generic, Self, TypeVar

Message = TypeVar("Message")
Address = tuple[str, int]

UDP_OVERHEAD_BYTES = 28  # IPv4 and UDP headers: a narrow link carries them too


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a link does to messages; probabilities are per message, 0..1.

    Jitter is uniform on top of the delay and keeps the order, as queues do; `reorder` of the messages are
    held back by `reorder_s` while others overtake. Burst loss is a Gilbert model: `burst` is the
    probability that a burst begins, in which everything is lost for `burst_messages` on average.

    With a finite `rate_bps` messages leave one after another, `overhead_bytes` larger than they are, and
    those that would wait longer than `queue_s` are lost, as in a router's drop-tail queue. A link that
    `is_down` loses everything, also what is on the way.
    """

    delay_s: float = 0.0
    jitter_s: float = 0.0
    loss: float = 0.0
    burst: float = 0.0
    burst_messages: float = 5.0
    reorder: float = 0.0
    reorder_s: float = 0.01
    rate_bps: float = inf
    queue_s: float = 0.5
    overhead_bytes: int = UDP_OVERHEAD_BYTES
    is_down: bool = False


PERFECT = Conditions()


class Link(Generic[Message]):
    """One direction of a path; counts what it `sent` and `lost`. `conditions` may be replaced at any time.

    `size_of` gives a message's bytes; it is asked only where the rate is limited.
    """

    def __init__(
        self, conditions: Conditions, seed: int, size_of: Callable[[Message], int] | None = None
    ) -> None:
        self.conditions = conditions
        self.sent = 0
        self.lost = 0
        self._size_of = size_of
        self._random = Random(seed)
        self._is_in_burst = False
        self._last_arrival = 0.0
        self._free_at = 0.0  # when the last message in the queue has left
        self._queue: list[tuple[float, int, Message]] = []

    def send(self, now: float, message: Message) -> None:
        """Put a message on the link."""
        self.sent += 1
        conditions = self.conditions
        leaves_at = self._enqueue(now, message)
        if leaves_at is None or conditions.is_down or self._loses():
            self.lost += 1
            return
        arrival = leaves_at + conditions.delay_s + self._random.uniform(0, conditions.jitter_s)
        if self._random.random() < conditions.reorder:
            arrival += conditions.reorder_s
        else:
            arrival = self._last_arrival = max(arrival, self._last_arrival)
        heappush(self._queue, (arrival, self.sent, message))

    def queueing_s(self, now: float) -> float:
        """How long a message sent now would wait for those before it."""
        return max(0.0, self._free_at - now)

    def poll_timeout(self) -> float | None:
        """When the next message arrives, None when nothing is under way."""
        return self._queue[0][0] if self._queue else None

    def receive(self, now: float) -> list[Message]:
        """Everything that has arrived by now, in order of arrival."""
        if self.conditions.is_down:
            self.lost += len(self._queue)
            self._queue.clear()
        arrived = []
        while self._queue and self._queue[0][0] <= now:
            arrived.append(heappop(self._queue)[2])
        return arrived

    def _enqueue(self, now: float, message: Message) -> float | None:
        """When the message has left the narrow place; None when the queue before it is full."""
        conditions = self.conditions
        if conditions.rate_bps == inf:
            return now
        assert self._size_of is not None, "a link with a rate needs to know sizes"
        waits_s = self.queueing_s(now)
        if waits_s > conditions.queue_s:
            return None
        size_bits = 8 * (self._size_of(message) + conditions.overhead_bytes)
        self._free_at = now + waits_s + size_bits / conditions.rate_bps
        return self._free_at

    def _loses(self) -> bool:
        conditions = self.conditions
        if self._is_in_burst:
            self._is_in_burst = self._random.random() >= 1 / conditions.burst_messages
        else:
            self._is_in_burst = self._random.random() < conditions.burst
        return self._is_in_burst or self._random.random() < conditions.loss


class Access:
    """One person's way to the server and back; every connection of theirs shares both links."""

    def __init__(self, seed: int = 1) -> None:
        self.up: Link[tuple[_Flow, bytes]] = Link(PERFECT, seed, lambda entry: len(entry[1]))
        self.down: Link[tuple[_Flow, bytes]] = Link(PERFECT, seed + 1, lambda entry: len(entry[1]))
        self.bytes_down = 0
        self.flows: list[_Flow] = []

    def set(self, **changes: float | bool) -> None:
        """Change conditions in both directions."""
        self.set_up(**changes)
        self.set_down(**changes)

    def set_up(self, **changes: float | bool) -> None:
        """Change conditions towards the server."""
        self.up.conditions = replace(self.up.conditions, **changes)  # type: ignore[arg-type]  # by field name

    def set_down(self, **changes: float | bool) -> None:
        """Change conditions towards the client."""
        self.down.conditions = replace(self.down.conditions, **changes)  # type: ignore[arg-type]  # by field name

    def rebind(self) -> None:
        """The client's address as the server sees it changes, as when a NAT forgets or Wi-Fi becomes LTE."""
        for flow in self.flows:
            flow.rebind()


@dataclass(eq=False)
class _Flow:
    """One client socket and its counterpart towards the server."""

    relay: UdpRelay
    client: Address
    access: Access
    upstream: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self._open()

    def _open(self) -> None:
        self.upstream = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.upstream.setblocking(False)
        self.upstream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.upstream.connect(self.relay.server)
        self.relay.loop.add_reader(self.upstream.fileno(), self.relay.from_server, self)

    def rebind(self) -> None:
        """Speak to the server from another port."""
        self.close()
        self._open()

    def close(self) -> None:
        """Stop listening to the server."""
        self.relay.loop.remove_reader(self.upstream.fileno())
        self.upstream.close()


class UdpRelay:
    """Async context manager: an address in front of a server's UDP port; `access_of` chooses the link.

    `access_of` is asked once per client socket, with the server's ICE username fragment that its first
    connectivity check names; by default everybody shares one access.
    """

    def __init__(
        self,
        server: Address,
        listen: Address,
        access_of: Callable[[str], Access] | None = None,
        seed: int = 1,
    ) -> None:
        self.server = server
        self.listen = listen
        self.shared = Access(seed)
        self.loop: asyncio.AbstractEventLoop
        self._access_of = access_of or (lambda fragment: self.shared)
        self._flows: dict[Address, _Flow] = {}
        self._accesses: list[Access] = []
        self._socket: socket.socket
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self.loop = asyncio.get_running_loop()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.bind(self.listen)
        self.listen = self._socket.getsockname()
        self.loop.add_reader(self._socket.fileno(), self._from_clients)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self.loop.remove_reader(self._socket.fileno())
        self._socket.close()
        for flow in self._flows.values():
            flow.close()

    def _from_clients(self) -> None:
        now = self.loop.time()
        for _ in range(256):
            try:
                data, client = self._socket.recvfrom(2048)
            except OSError:
                break
            flow = self._flows.get(client) or self._new_flow(client, data)
            if flow is not None:
                flow.access.up.send(now, (flow, data))
        self._deliver()

    def _new_flow(self, client: Address, data: bytes) -> _Flow | None:
        fragment = _server_fragment(data)
        if fragment is None:
            return None  # nothing comes before a connectivity check
        access = self._access_of(fragment)
        flow = _Flow(self, client, access)
        access.flows.append(flow)
        if access not in self._accesses:
            self._accesses.append(access)
        self._flows[client] = flow
        return flow

    def from_server(self, flow: _Flow) -> None:
        """What the server sent to a client."""
        now = self.loop.time()
        for _ in range(256):
            try:
                data = flow.upstream.recv(2048)
            except OSError:
                break
            flow.access.down.send(now, (flow, data))
        self._deliver()

    def _deliver(self) -> None:
        """Pass on what has arrived and wake up for what comes next."""
        now = self.loop.time()
        next_at = inf
        for access in self._accesses:
            for flow, data in access.up.receive(now):
                _try_send(lambda flow=flow, data=data: flow.upstream.send(data))  # type: ignore[misc]  # bound now
            for flow, data in access.down.receive(now):
                access.bytes_down += len(data)
                _try_send(lambda flow=flow, data=data: self._socket.sendto(data, flow.client))  # type: ignore[misc]
            next_at = min(next_at, access.up.poll_timeout() or inf, access.down.poll_timeout() or inf)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if next_at == inf else self.loop.call_at(next_at, self._deliver)


class TcpRelay:
    """Async context manager: a port in front of a server's TCP port, for signalling. `url_port` is ours.

    `delay_s` holds every chunk back; while `is_down` nothing passes, connections stay open, and new ones
    are accepted into silence, as behind a dead radio link. `cut` ends all connections with a reset.
    """

    def __init__(self, server: Address, host: str = "127.0.0.1", delay_s: float = 0.0) -> None:
        self.server = server
        self.host = host
        self.delay_s = delay_s
        self.port = 0
        self._is_up = asyncio.Event()
        self._is_up.set()
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._serving: set[asyncio.Task[object]] = set()
        self._listening: asyncio.Server

    async def __aenter__(self) -> Self:
        self._listening = await asyncio.start_server(self._serve, self.host, 0)
        self.port = self._listening.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._listening.close()
        self._is_up.set()
        self.cut()
        if self._serving:
            await asyncio.wait(self._serving, timeout=5)

    def set_down(self, is_down: bool) -> None:
        """Silence, or the end of it."""
        if is_down:
            self._is_up.clear()
        else:
            self._is_up.set()

    def cut(self) -> None:
        """Reset every connection."""
        for pair in tuple(self._pairs):
            for writer in pair:
                writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        await self._is_up.wait()
        if _has_hung_up(writer):  # who gave up on a dead line was never there for the server
            writer.transport.abort()
            return
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection(*self.server)
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, upstream_writer)
        self._pairs.add(pair)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._pump(reader, upstream_writer))
                tasks.create_task(self._pump(upstream_reader, writer))
        finally:
            self._pairs.discard(pair)
            for end in pair:
                end.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                await self._is_up.wait()
                writer.write(data)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()
        except OSError:
            writer.transport.abort()


def _has_hung_up(writer: asyncio.StreamWriter) -> bool:
    """Whether the other end closed or reset the connection, also when what it said first is still unread."""
    if writer.transport.is_closing():
        return True
    ended = select.poll()
    ended.register(writer.get_extra_info("socket").fileno(), select.POLLRDHUP)
    return bool(ended.poll(0))


def _server_fragment(data: bytes) -> str | None:
    """The first half of a connectivity check's USERNAME (RFC 8489 section 14.3), None for anything else."""
    if len(data) < 20 or data[0] > 3:
        return None
    offset = 20
    while offset + 4 <= len(data):
        kind, length = (
            int.from_bytes(data[offset : offset + 2]),
            int.from_bytes(data[offset + 2 : offset + 4]),
        )
        if kind == 0x0006:
            return data[offset + 4 : offset + 4 + length].decode("utf-8", "replace").partition(":")[0]
        offset += 4 + (length + 3 & ~3)
    return None


def _try_send(send: Callable[[], object]) -> None:
    try:
        send()
    except OSError:
        pass  # the other end is gone, or its buffer is full: lost, as on any network
