"""Where we are reached, and whether a request comes from there.

A browser says where an unsafe request comes from (`Origin`, `Sec-Fetch-Site`); anything but our own pages
is refused before a route runs. Clients that are no browsers send neither header and have no cookies of ours
to steal. The base URL for links is a setting, or what the request itself was sent to.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


def is_same_origin(method: str, host: str, public_url: str, headers: Mapping[str, str]) -> bool:
    """Whether a request may change things; `headers` with lower-case names."""
    if method in SAFE_METHODS:
        return True
    origin = headers.get("origin", "")
    if origin:
        ours = {host, urlsplit(public_url).netloc} - {""}
        return urlsplit(origin).netloc in ours
    return headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def base_url(public_url: str, scheme: str, host: str) -> str:
    """The URL our pages are under, without a slash at the end."""
    if public_url:
        return public_url.rstrip("/")
    return f"{scheme}://{plain_host(host)}"


def plain_host(host: str) -> str:
    """A Host header that is a host and nothing else; anything odd becomes localhost."""
    return host if _HOST.fullmatch(host) else "localhost"
