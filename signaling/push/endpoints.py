"""Where a push may go: what a browser names is an address of a stranger's choice, and we would call it.

So it must be https with a public name; when it is called, every address of that name must be public, and it
is one of those addresses that is called (no second look-up in between). `services` are origins that the
operator allows all the same: a push service inside a closed network, or that of a test.
"""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

MAX_ENDPOINT = 1_000  # characters; the services' own have 200 to 500
LOOK_UP_S = 5.0


class EndpointRefused(Exception):
    """Nothing is sent there."""


@dataclass(frozen=True, slots=True)
class Target:
    """What to call: `url` names an address, `host` and `port_host` whom it belongs to (TLS, Host header)."""

    url: str
    host: str
    port_host: str
    origin: str


def check(endpoint: str, services: tuple[str, ...]) -> SplitResult:
    """The endpoint's parts; raises EndpointRefused for what is refused without a look-up."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        raise EndpointRefused from None
    host = parts.hostname or ""
    is_plain = endpoint.isascii() and endpoint.isprintable() and " " not in endpoint
    if not is_plain or len(endpoint) > MAX_ENDPOINT or not host or "@" in parts.netloc or parts.fragment:
        raise EndpointRefused
    if origin_of(parts) in services:
        return parts
    if parts.scheme != "https" or port not in (None, 443) or "." not in host or _is_address(host):
        raise EndpointRefused
    return parts


async def resolve(endpoint: str, services: tuple[str, ...]) -> list[Target]:
    """What to call, in order; raises EndpointRefused, and OSError when the name is not found."""
    parts = check(endpoint, services)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(LOOK_UP_S):
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    is_allowed = origin_of(parts) in services
    if not is_allowed and not all(ipaddress.ip_address(address).is_global for address in addresses):
        raise EndpointRefused
    return [
        Target(
            url=parts._replace(netloc=f"{f'[{address}]' if ':' in address else address}:{port}").geturl(),
            host=host,
            port_host=parts.netloc,
            origin=origin_of(parts),
        )
        for address in addresses
    ]


def origin_of(parts: SplitResult) -> str:
    """Scheme, host and port, as in https://push.example.jp."""
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.rsplit(".", 1)[-1].isdecimal()  # 127.1 and its like are addresses to some resolvers
    return True
