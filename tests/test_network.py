"""The simulated link does what its conditions say, the same for the same seed, and relays pass it on."""

from __future__ import annotations

import asyncio
import socket
from itertools import pairwise

import pytest
from aioice import stun

from tests.network import Access, Conditions, Link, TcpRelay, UdpRelay


def deliver(conditions: Conditions, seed: int = 1, messages: int = 20_000) -> tuple[Link[int], list[int]]:
    link: Link[int] = Link(conditions, seed)
    for number in range(messages):
        link.send(number / 1000, number)
    return link, link.receive(1e9)


def test_a_perfect_link_delivers_in_order_at_once() -> None:
    link: Link[str] = Link(Conditions(), seed=1)

    link.send(1.0, "a")
    link.send(1.0, "b")

    assert link.poll_timeout() == 1.0
    assert link.receive(0.9) == []
    assert link.receive(1.0) == ["a", "b"]
    assert link.poll_timeout() is None


def test_jitter_delays_and_keeps_the_order() -> None:
    link: Link[int] = Link(Conditions(delay_s=0.1, jitter_s=0.05), seed=1)
    arrivals = []
    for number in range(100):
        link.send(number / 100, number)
    while (now := link.poll_timeout()) is not None:
        arrivals += [(now - number / 100, number) for number in link.receive(now)]

    assert [number for _, number in arrivals] == list(range(100))
    assert all(0.1 - 1e-9 <= delay <= 0.15 + 1e-9 for delay, _ in arrivals)
    assert max(arrivals)[0] - min(arrivals)[0] > 0.03


def test_random_loss_is_as_frequent_as_asked() -> None:
    link, arrived = deliver(Conditions(loss=0.05))

    assert link.sent == 20_000
    assert link.lost == 20_000 - len(arrived)
    assert link.lost / link.sent == pytest.approx(0.05, rel=0.1)


def test_bursts_are_as_long_as_asked() -> None:
    _, arrived = deliver(Conditions(burst=0.01, burst_messages=8), messages=100_000)

    gaps = [b - a - 1 for a, b in pairwise(arrived) if b - a > 1]

    assert sum(gaps) / len(gaps) == pytest.approx(8, rel=0.1)


def test_reordering_lets_others_overtake_and_loses_nothing() -> None:
    _, arrived = deliver(Conditions(reorder=0.02, reorder_s=0.01))

    late = sum(1 for a, b in pairwise(arrived) if b < a)

    assert sorted(arrived) == list(range(20_000))
    assert late / 20_000 == pytest.approx(0.02, rel=0.2)


def test_the_same_seed_gives_the_same_journey() -> None:
    conditions = Conditions(jitter_s=0.02, loss=0.1, burst=0.01, reorder=0.1)

    assert deliver(conditions, 7)[1] == deliver(conditions, 7)[1]
    assert deliver(conditions, 7)[1] != deliver(conditions, 8)[1]


def test_a_narrow_link_lets_through_its_rate_and_queues_the_rest() -> None:
    conditions = Conditions(delay_s=0.05, rate_bps=80_000, queue_s=0.4, overhead_bytes=28)
    link: Link[bytes] = Link(conditions, 1, size_of=len)
    for tick in range(1000):  # 10 s of 160 kbit/s: twice what fits
        link.send(tick / 100, bytes(172))

    arrived = link.receive(1e9)

    assert len(arrived) * 200 * 8 / 10.4 == pytest.approx(80_000, rel=0.03)
    assert link.queueing_s(10.0) == pytest.approx(0.4, abs=0.03)


def test_a_link_that_is_down_loses_what_is_sent_and_what_is_under_way() -> None:
    link: Link[str] = Link(Conditions(delay_s=0.1), seed=1)
    link.send(0.0, "under way")

    link.conditions = Conditions(delay_s=0.1, is_down=True)
    link.send(0.05, "into the hole")
    assert link.receive(1.0) == []
    link.conditions = Conditions(delay_s=0.1)
    link.send(2.0, "afterwards")

    assert link.receive(3.0) == ["afterwards"]
    assert link.lost == 2


class _Echo(asyncio.DatagramProtocol):
    """A server that answers every datagram and remembers from where it came."""

    def __init__(self) -> None:
        self.sources: list[tuple[str, int]] = []
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # the selector's is not a subclass

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.sources.append(addr)
        self.transport.sendto(data, addr)


def _check(fragment: str) -> bytes:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{fragment}:client"
    return bytes(message)


def test_a_relay_knows_whose_packets_it_carries_and_can_change_their_address() -> None:
    async def script() -> None:
        loop = asyncio.get_running_loop()
        transport, server = await loop.create_datagram_endpoint(_Echo, local_addr=("127.0.0.1", 0))
        asked: list[str] = []
        access = Access()
        check = _check("ufrag")

        def access_of(fragment: str) -> Access:
            asked.append(fragment)
            return access

        server_address = transport.get_extra_info("sockname")
        async with UdpRelay(server_address, ("127.0.0.2", 0), access_of) as relay:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.connect(relay.listen)
                client.setblocking(False)
                client.send(b"\x80 before any check")
                client.send(check)
                assert await loop.sock_recv(client, 2048) == check

                access.rebind()
                client.send(b"\x80 media")
                assert await loop.sock_recv(client, 2048) == b"\x80 media"

                access.set(is_down=True)
                client.send(b"\x80 lost")
                await asyncio.sleep(0)
                await asyncio.sleep(0)  # two turns of the loop, in which the relay reads
                access.set(is_down=False)
                client.send(b"\x80 found")
                assert await loop.sock_recv(client, 2048) == b"\x80 found"
                assert access.up.lost == 1
        transport.close()

        assert asked == ["ufrag"]
        assert len(set(server.sources)) == 2

    asyncio.run(script())


def test_signalling_can_fall_silent_and_be_cut() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(data)
        writer.close()

    async def script() -> None:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        async with TcpRelay(server.sockets[0].getsockname()) as relay:
            reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
            writer.write(b"hello")
            assert await reader.readexactly(5) == b"hello"

            relay.set_down(True)
            writer.write(b"later")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await reader.readexactly(1)
            relay.set_down(False)
            assert await reader.readexactly(5) == b"later"

            relay.cut()
            with pytest.raises(ConnectionError):
                while await reader.read(10):
                    pass
                raise ConnectionResetError
            writer.close()
        server.close()
        await server.wait_closed()

    asyncio.run(script())


def test_who_gave_up_on_a_dead_line_never_reaches_the_server() -> None:
    """Else a client's given-up attempts would arrive after the one that works, and displace it."""

    async def script() -> None:
        said: list[bytes] = []
        heard = asyncio.Event()

        async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            said.append(await reader.readexactly(4))
            heard.set()
            writer.close()

        server = await asyncio.start_server(hear, "127.0.0.1", 0)
        async with TcpRelay(server.sockets[0].getsockname()) as relay:
            relay.set_down(True)
            writers = []
            for words in (b"gone", b"here"):
                _, writer = await asyncio.open_connection("127.0.0.1", relay.port)
                writer.write(words)
                writers.append(writer)
            writers[0].close()
            await writers[0].wait_closed()
            relay.set_down(False)
            await heard.wait()
            writers[1].close()
        server.close()
        await server.wait_closed()
        assert said == [b"here"]

    asyncio.run(script())
