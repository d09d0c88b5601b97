"""One subscriber's copy of a voice: as it comes, without its repetitions, joined, or repeated more.

A publisher's RED passes as it is where there is plenty of room. Where there is not, the primary alone goes
on; a narrow line gets several frames a packet, a lossy one earlier frames again (`AudioPacker`). Receivers
without RED get the primary in any case. Encrypted voices are not for us to take apart. To a client that has
just been let in on a voice nothing is repeated that it was not meant to hear. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import capabilities
from .audio_packing import AudioPacker, Conditions, Outgoing
from .packets import RtpPacket
from .red import primary_of
from .sdp import Codec

PLENTY_BPS = 200_000  # for one voice: more than any packing of it takes
# A publisher's own repetitions reach back at most 0.34 s (RFC 2198); the rest is how late a packet may come.
BARE_S = 10.0


class Voice:
    """How a voice is packed for one client; ``own`` are the producer's codecs, ``client`` its own.

    One that ``is_opaque`` is encrypted: it passes as it is, or not at all.
    """

    __slots__ = ("_bare_until", "_has_plenty", "_is_opaque", "_packer", "_red_types", "_types")

    def __init__(self, own: Sequence[Codec], client: Sequence[Codec], *, is_opaque: bool = False) -> None:
        self._is_opaque = is_opaque
        self._bare_until = float("-inf")
        self._red_types = frozenset(c.payload_type for c in own if capabilities.is_red(c))
        self._types = {
            "red" if capabilities.is_red(c) else "opus": c.payload_type
            for c in client
            if capabilities.is_red(c) or c.name.lower() == "opus"
        }
        self._has_plenty = True
        self._packer = AudioPacker(self._types.get("opus", 0), has_red="red" in self._types)

    def begin_anew(self, now: float) -> None:
        """From now on as if nothing had been said before: nothing of it waits or is repeated."""
        self._packer.forget()
        self._bare_until = now + BARE_S

    def passes(self, now: float, payload_type: int) -> bool:
        """Whether a packet may be forwarded as it is."""
        is_red = payload_type in self._red_types
        if is_red and now < self._bare_until:
            return False
        if self._is_opaque:
            return True
        return self._packer.is_transparent and (not is_red or (self._has_plenty and "red" in self._types))

    def adapt(self, affordable_bps: float, loss: float, frame_bytes: float) -> None:
        """Follow the line: what a voice may take, the share lost, and the average size of a frame."""
        if self._is_opaque:
            return
        self._has_plenty = affordable_bps >= PLENTY_BPS
        self._packer.adapt(Conditions(affordable_bps, loss), frame_bytes)

    def push(self, now: float, packet: RtpPacket, payload: bytes) -> list[Outgoing]:
        """Take a packet that does not pass; what is to be sent now. Unreadable RED is dropped."""
        if self._is_opaque:
            return []
        if packet.payload_type in self._red_types:
            try:
                payload = primary_of(payload).payload
            except ValueError:
                return []
        return self._packer.push(now, packet.sequence_number, packet.timestamp, packet.marker, payload)

    def payload_type(self, outgoing: Outgoing) -> int:
        """The subscriber's payload type for a packet."""
        return self._types.get(outgoing.kind, 0)

    def poll_timeout(self) -> float | None:
        """When frames that wait for company have to leave."""
        return self._packer.poll_timeout()

    def handle_timeout(self, now: float) -> list[Outgoing]:
        """Send what has waited long enough."""
        return self._packer.handle_timeout(now)
