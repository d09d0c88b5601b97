"""ICE-lite agent (RFC 8445 section 2.5): requests in, responses out.

A lite agent gathers one host candidate per address and only answers connectivity checks, so one UDP
and one TCP port serve everybody, and a client that changes its address merely checks from the new one.
Restarting adds a set of credentials: the old ones stay valid while the client moves over. A client that
falls silent is sent nothing more after a while (consent, RFC 7675), but may come back long after that.
Sans-IO.
"""

from __future__ import annotations

import struct
from collections.abc import Hashable
from typing import Generic, TypeVar

from aioice import stun

# A client whose address changed without its knowledge checks again after 2.5 s at the latest (libwebrtc).
PROBATION_S = 5.0
CONSENT_TIMEOUT_S = 30.0  # RFC 7675 section 5.1: nothing is sent after this long without a check
# Not the end: a line that was dead for half a minute comes back, and a client's own patience is no longer.
GONE_TIMEOUT_S = 75.0
# Restarts that pile up (a client reconnecting again and again) must not take away the credentials in use.
MAX_CREDENTIALS = 4
# How long a client's credentials count as working after their last check; libwebrtc checks twice a second.
WORKING_S = 3.0
PathT = TypeVar("PathT", bound=Hashable)

Check = stun.Message  # a connectivity check

_MAGIC_COOKIE = b"\x21\x12\xa4\x42"


def is_stun(datagram: bytes) -> bool:
    """Whether a datagram is STUN (RFC 7983 section 7, RFC 8489 section 5)."""
    return len(datagram) >= 20 and datagram[0] < 4 and datagram[4:8] == _MAGIC_COOKIE


def parse_check(datagram: bytes) -> stun.Message | None:
    """The binding request in a datagram, or None for anything else, however malformed."""
    try:
        message = stun.parse_message(datagram)
    except (ValueError, IndexError, struct.error):  # a truncated attribute is a struct.error
        return None
    is_request = message.message_class == stun.Class.REQUEST and message.message_method == stun.Method.BINDING
    return message if is_request and "USERNAME" in message.attributes else None


def local_fragment(message: stun.Message) -> str:
    """Our own username fragment in a check: the part before the colon (RFC 8445 section 7.2.2)."""
    return _username(message).partition(":")[0]


def _username(message: stun.Message) -> str:
    username = message.attributes["USERNAME"]
    return username.decode("utf-8", "replace") if isinstance(username, bytes) else str(username)


class IceLite(Generic[PathT]):
    """Connectivity of one transport. A path is whatever the edge sends datagrams through."""

    def __init__(self, ufrag: str, pwd: str, gone_timeout_s: float = GONE_TIMEOUT_S) -> None:
        self._gone_timeout_s = gone_timeout_s
        self._credentials: dict[str, str] = {ufrag: pwd}
        self._in_use = ufrag
        self._checked_by: dict[str, tuple[str, float]] = {}  # by fragment: the client's own, and when last
        self._offered: set[str] = set()
        self.ufrag = ufrag
        self.pwd = pwd
        self.path: PathT | None = None
        self._checked_path: PathT | None = None  # to return to when a path on probation fails
        self._probation_ends_at: float | None = None
        self.last_check_at: float | None = None

    @property
    def fragments(self) -> tuple[str, ...]:
        """All username fragments under which checks are accepted."""
        return tuple(self._credentials)

    def restart(self, ufrag: str, pwd: str, *, is_offered: bool = False) -> str | None:
        """Take new credentials (RFC 8445 section 9); returns a fragment that is valid no longer.

        Those that we offer a client meets with its old credentials, then with new ones; those in an answer
        it meets with one kind only.
        """
        expired = None
        if is_offered:
            self._offered.add(ufrag)
        if len(self._credentials) >= MAX_CREDENTIALS:
            expired = next(fragment for fragment in self._credentials if fragment != self._in_use)
            del self._credentials[expired]
            self._checked_by.pop(expired, None)
            self._offered.discard(expired)
        self._credentials[ufrag] = pwd
        self.ufrag, self.pwd = ufrag, pwd
        return expired

    def answer_check(
        self, now: float, message: stun.Message, path: PathT, source: tuple[str, int]
    ) -> bytes | None:
        """Response to a check whose fragment is ours; None when its integrity does not hold.

        The first valid path carries media at once; afterwards USE-CANDIDATE moves it (latest wins).
        """
        fragment = local_fragment(message)
        pwd = self._credentials.get(fragment)
        if pwd is None or "MESSAGE-INTEGRITY" not in message.attributes:
            return None
        try:
            if not message.check_message_integrity(pwd.encode()):
                return None
        except ValueError:
            return None
        if self._comes_early(now, fragment, _username(message).partition(":")[2]):
            return None
        if self.path is None or self.path == path or "USE-CANDIDATE" in message.attributes:
            self.path = self._checked_path = path
            self._probation_ends_at = None
        self.last_check_at = now
        self._in_use = fragment
        response = stun.Message(
            message_method=stun.Method.BINDING,
            message_class=stun.Class.RESPONSE,
            transaction_id=message.transaction_id,
        )
        response.attributes["XOR-MAPPED-ADDRESS"] = source
        response.add_message_integrity(pwd.encode())  # and FINGERPRINT after it
        return bytes(response)

    def _comes_early(self, now: float, fragment: str, client_fragment: str) -> bool:
        """Whether a restarting client has no answer of ours yet: its new credentials meet our old ones.

        Were it answered, libwebrtc would move its media there and lose that way again when the answer comes:
        a gap of a round trip and more. Unanswered it stays where it is, which works.
        """
        known, checked_at = self._checked_by.get(fragment, (client_fragment, now))
        is_other = client_fragment != known and fragment not in self._offered
        if is_other and now - checked_at < WORKING_S:
            return True
        self._checked_by[fragment] = client_fragment, now
        return False

    def forget_path(self, path: PathT) -> None:
        """A TCP connection closed: do not send there any more."""
        if self._checked_path == path:
            self._checked_path = None
        if self.path == path:
            self.path = self._checked_path
            self._probation_ends_at = None

    def adopt(self, now: float, path: PathT) -> None:
        """Authenticated media came from another path: use it at once, on probation until a check confirms it.

        As in QUIC (RFC 9000 section 9.3): the keys prove the sender, not that it lives there, so without a
        check media returns to the old path.
        """
        self.path = path
        self._probation_ends_at = now + PROBATION_S

    def handle_timeout(self, now: float) -> None:
        """Leave a path whose probation ended without a check."""
        if self._probation_ends_at is not None and now >= self._probation_ends_at:
            self.path, self._probation_ends_at = self._checked_path, None

    def consent_expired(self, now: float) -> bool:
        """Whether the client has been silent for so long that it counts as gone.

        Long before that nothing is sent to it any more (RFC 7675); its next check makes it reachable again.
        """
        if self.last_check_at is None:
            return False
        silent_s = now - self.last_check_at
        if silent_s > min(CONSENT_TIMEOUT_S, self._gone_timeout_s):
            self.path = None
        return silent_s > self._gone_timeout_s


def host_candidate(index: int, protocol: str, address: str, port: int) -> str:
    """The value of an ``a=candidate`` line: host, passive for TCP (RFC 8839, RFC 6544)."""
    if protocol == "udp":
        priority = (126 << 24) | ((65535 - index) << 8) | 255
        return f"{index + 1} 1 udp {priority} {address} {port} typ host"
    priority = (90 << 24) | ((65535 - index) << 8) | 255
    return f"{index + 101} 1 tcp {priority} {address} {port} typ host tcptype passive"
