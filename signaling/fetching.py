"""Calling an address that somebody typed or a browser named, and reading what stands there.

Each is a stranger's word, even when it is an operator's: the name must be public, and it is the address that
was looked at that is called (`push.endpoints`). Who is led elsewhere is looked at again, where that is
allowed at all. `allowed` are origins that may be called whatever their address is.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from signaling.push.endpoints import EndpointRefused, Target, resolve

if TYPE_CHECKING:
    import httpx

_LED_ELSEWHERE = frozenset((301, 302, 303, 307, 308))


class NotFetched(Exception):
    """`reason`: refused, unreachable, too_long, or status_ and the number of the answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fetched:
    """`content` is None where nothing became different since `tag` (an ETag, RFC 9110)."""

    content: bytes | None
    tag: str


def client(answer_s: float) -> "httpx.AsyncClient":
    """What calls: no proxy of the environment, nobody followed by itself. Use it as a context."""
    import httpx  # with the first call: no start should wait for an HTTP client and its certificates

    return httpx.AsyncClient(timeout=httpx.Timeout(answer_s), trust_env=False, follow_redirects=False)


@asynccontextmanager
async def answered(
    calling: "httpx.AsyncClient",
    method: str,
    address: str,
    allowed: tuple[str, ...],
    *,
    headers: Callable[[Target], Mapping[str, str]] = lambda target: {},
    content: bytes | None = None,
) -> AsyncIterator["httpx.Response"]:
    """The answer, its body not read yet; raises NotFetched where nobody may be called or answers."""
    import httpx

    try:
        targets = await resolve(address, allowed)
    except EndpointRefused:
        raise NotFetched("refused") from None
    except (OSError, TimeoutError):
        raise NotFetched("unreachable") from None
    for target in targets:
        request = calling.build_request(
            method,
            target.url,
            content=content,
            headers={**headers(target), "Host": target.port_host},
            extensions={"sni_hostname": target.host},
        )
        try:
            answer = await calling.send(request, stream=True)
        except (httpx.HTTPError, OSError):
            continue
        try:
            yield answer
        except (httpx.HTTPError, OSError):
            raise NotFetched("unreachable") from None
        finally:
            await answer.aclose()
        return
    raise NotFetched("unreachable")


async def fetch(
    calling: "httpx.AsyncClient",
    address: str,
    allowed: tuple[str, ...],
    max_bytes: int,
    *,
    tag: str = "",
    hops: int = 0,
) -> Fetched:
    """What stands at an address, or at that to which it leads in `hops` steps at most; raises NotFetched."""
    known = {"If-None-Match": tag} if tag else {}
    async with answered(calling, "GET", address, allowed, headers=lambda target: known) as answer:
        status, elsewhere = answer.status_code, answer.headers.get("Location", "")
        if status == 304:  # Not Modified
            return Fetched(None, tag)
        if status == 200:
            return Fetched(await _whole(answer, max_bytes), answer.headers.get("ETag", "")[:200])
    if status in _LED_ELSEWHERE and elsewhere and hops:
        return await fetch(calling, urljoin(address, elsewhere), allowed, max_bytes, hops=hops - 1)
    raise NotFetched(f"status_{status}")


async def _whole(answer: "httpx.Response", max_bytes: int) -> bytes:
    pieces, size = [], 0
    async for piece in answer.aiter_bytes():
        size += len(piece)
        if size > max_bytes:
            raise NotFetched("too_long")
        pieces.append(piece)
    return b"".join(pieces)
