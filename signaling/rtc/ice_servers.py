"""TURN servers told to one participant, with credentials of its own that expire.

As coturn's `use-auth-secret` has it (draft-uberti-behave-turn-rest), the user name is `expiry:participant`
and the password its HMAC-SHA1 under a secret that only this server and the relay know. The relay's log and
quota see a participant by a pseudonym: an identity may be somebody's name. Sans-IO.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, field

from livekit.protocol.rtc import ICEServer

MIN_TTL_S = 60
_PSEUDONYM_LENGTH = 16


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """Where the relay is and what its credentials are signed with; no `urls`, no relay."""

    urls: tuple[str, ...] = ()
    secret: str = field(default="", repr=False)
    ttl_s: int = 12 * 3600


def ice_servers(settings: TurnSettings, identity: str, now: float) -> list[ICEServer]:
    """What a participant may relay through, for `ttl_s` from `now` (epoch seconds); empty without a relay."""
    if not settings.urls:
        return []
    username = f"{int(now) + settings.ttl_s}:{_pseudonym(settings.secret, identity)}"
    # SHA-1 is what the protocol says; as an HMAC it is not known to be weak.
    signature = hmac.digest(settings.secret.encode(), username.encode(), "sha1")
    credential = base64.b64encode(signature).decode()
    return [ICEServer(urls=settings.urls, username=username, credential=credential)]


def _pseudonym(secret: str, identity: str) -> str:
    """The same for one identity, so that the relay's quota per user holds; nothing to anybody else."""
    return hmac.digest(secret.encode(), f"turn {identity}".encode(), "sha256").hex()[:_PSEUDONYM_LENGTH]
