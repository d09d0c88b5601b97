"""The media server of one node: sockets, certificate and the task group all transports live in."""

from __future__ import annotations

import asyncio
import ipaddress
from collections import Counter
from dataclasses import dataclass
from types import TracebackType

import ifaddr

from .batch import Batch
from .ice import GONE_TIMEOUT_S, host_candidate
from .router import Router
from .secure import Certificate
from .sockets import Path, Peer, Sockets
from .transport import Transport, TransportListener

CLAIMS_PER_S = 200  # keys tried on media from unknown addresses: 1 ms of work a second, whoever floods


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """Where media flows.

    ``host`` is one local address or ``0.0.0.0`` / ``::`` for all; ``port`` serves UDP and TCP alike (0: a
    free one). ``advertised`` replaces the addresses told to clients, for a server behind NAT. A client
    whose connectivity checks stop for ``consent_timeout_s`` counts as gone.
    """

    host: str = "0.0.0.0"  # noqa: S104  # media is meant for every interface; packets are authenticated
    port: int = 7882
    advertised: tuple[str, ...] = ()
    udp: bool = True
    tcp: bool = True
    consent_timeout_s: float = GONE_TIMEOUT_S


class MediaServer:
    """Async context manager; routers are made while it is open."""

    def __init__(self, settings: MediaSettings) -> None:
        self.settings = settings
        self.loop: asyncio.AbstractEventLoop
        self.tasks: asyncio.TaskGroup
        self.certificate = Certificate.generateCertificate()
        self.candidates: tuple[str, ...] = ()
        self.consent_timeout_s = settings.consent_timeout_s
        self._transports: dict[str, Transport] = {}  # by ICE username fragment
        self._sockets: Sockets
        self._counters: Counter[str] = Counter()
        self._routers: list[Router] = []
        self._claims_left = CLAIMS_PER_S
        self._claims_since = 0.0

    async def __aenter__(self) -> MediaServer:
        self.loop = asyncio.get_running_loop()
        self._sockets = Sockets(self.loop, self._find, self._claim)
        addresses = local_addresses(self.settings.host)
        await self._sockets.open(addresses, self.settings.port, udp=self.settings.udp, tcp=self.settings.tcp)
        self.tasks = asyncio.TaskGroup()
        await self.tasks.__aenter__()
        told = self.settings.advertised or tuple(addresses)
        protocols = [p for p, on in (("udp", self.settings.udp), ("tcp", self.settings.tcp)) if on]
        self.candidates = tuple(
            host_candidate(index, protocol, address, self.port)
            for protocol in protocols
            for index, address in enumerate(told)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for router in tuple(self._routers):
            await router.close()
        for transport in tuple(self._transports.values()):
            await transport.close()
        await self._sockets.close()
        await self.tasks.__aexit__(kind, error, traceback)

    @property
    def port(self) -> int:
        """The port really bound."""
        return self._sockets.port

    @property
    def batch(self) -> Batch:
        """Where outgoing media gathers."""
        return self._sockets.batch

    def create_router(self) -> Router:
        """A router for one room."""

        def make(router: Router, listener: TransportListener, reuse_sections: bool) -> Transport:
            return Transport(self, router, listener, reuse_sections=reuse_sections)

        router = Router(make, self._routers.remove)
        self._routers.append(router)
        return router

    def counters(self) -> dict[str, int]:
        """What was dropped and why, since the start."""
        total = self._counters + self._sockets.counters
        for transport in set(self._transports.values()):
            total.update(transport.streams.drops)
        return dict(total)

    def usage(self) -> dict[str, int]:
        """What is open now; all zero when nobody is connected."""
        return {
            "transports": len(set(self._transports.values())),
            "routers": len(self._routers),
            "paths": self._sockets.paths,
        }

    def register(self, fragment: str, transport: Transport) -> None:
        """Checks for a username fragment go to this transport."""
        self._transports[fragment] = transport

    def unregister(self, fragment: str) -> None:
        """The fragment is valid no longer."""
        self._transports.pop(fragment, None)

    def count(self, event: str, amount: int = 1) -> None:
        """Count a drop."""
        self._counters[event] += amount

    def _find(self, fragment: str) -> Peer | None:
        return self._transports.get(fragment)

    def _claim(self, now: float, data: bytes, path: Path) -> Peer | None:
        """The transport whose keys open this packet, among those that fell silent where they were."""
        if now - self._claims_since >= 1.0:
            self._claims_since, self._claims_left = now, CLAIMS_PER_S
        for transport in dict.fromkeys(self._transports.values()):
            if not transport.may_have_moved(now):
                continue
            if self._claims_left <= 0:
                return None
            self._claims_left -= 1
            if transport.handle_moved(now, data, path):
                self._counters["addresses_changed"] += 1
                return transport
        return None


def local_addresses(host: str) -> list[str]:
    """Addresses to bind: the given one, or all of this machine, loopback last.

    Link-local IPv6 addresses are left out: they mean nothing without a zone.
    """
    address = ipaddress.ip_address(host)
    if not address.is_unspecified:
        return [host]
    found: list[ipaddress.IPv4Address | ipaddress.IPv6Address] = []
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            text = ip.ip if isinstance(ip.ip, str) else ip.ip[0]
            candidate = ipaddress.ip_address(text)
            if candidate.is_link_local or (candidate.version == 6 and address.version == 4):
                continue
            found.append(candidate)
    found.sort(key=lambda ip: (ip.is_loopback, ip.version, int(ip)))
    return [str(ip) for ip in dict.fromkeys(found)]
