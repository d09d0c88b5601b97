"""What leaves a downlink, put together as it would be on the wire, for tests that need no sockets."""

from __future__ import annotations

import struct
from collections.abc import Callable

from media.downlink import Downlink, Write
from media.packets import RtpPacket, parse_rtp


def write_to(receive: Callable[[bytes], object]) -> Write:
    """A downlink's `write` that hands over whole packets."""

    def write(
        first: int, second: int, number: int, timestamp: int, ssrc: int, block: bytes, payload: bytes
    ) -> None:
        receive(struct.pack("!BBHII", first, second, number, timestamp, ssrc) + block + payload)

    return write


def open_downlink(receive: Callable[[RtpPacket], object]) -> Downlink:
    """A downlink to a client that reports no arrivals: everything leaves at once."""
    return Downlink(write_to(lambda packet: receive(parse_rtp(packet))), lambda at: None)
