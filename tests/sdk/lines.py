"""Everybody in a room on a line of their own, and what is asked for again over it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

import pytest

from media import MediaSettings, Producer
from media.consumer import Consumer
from media.producer import Stream
from media.rtcp import Nack, RtcpPacket
from tests.livekit_node import LiveKitNode
from tests.network import Access, UdpRelay
from tests.sdk.guests import Stage

SOON_S = 0.055  # a round trip of 40 ms and what the ends need


def report(what: str, **figures: float) -> None:
    """Figures for those who read them."""
    print(f"{what}: " + ", ".join(f"{name}={value:.4g}" for name, value in figures.items()))


class Lines:
    """Everybody's media goes through a relay; `access` is the line of whoever joined while it was named."""

    def __init__(self) -> None:
        self.accesses: dict[str, Access] = {}
        self._stage: Stage

    async def open(self, stage: Stage) -> None:
        """Put the relay where the node says that its media is."""
        self._stage = stage
        port = stage.node.media.port
        await stage.enter(UdpRelay(("127.0.0.1", port), ("127.0.0.2", port), self._of))

    def _of(self, fragment: str) -> Access:
        room = self._stage.node.rooms.find("room")
        for member in room.members if room is not None else ():
            if any(fragment in transport.fragments for transport in member.peer.transports()):
                return self.accesses.setdefault(member.identity, Access())
        return self.accesses.setdefault("", Access())


def relayed_node() -> LiveKitNode:
    """A node whose media is reached at an address where a relay listens."""
    return LiveKitNode(media=MediaSettings(host="127.0.0.1", port=0, advertised=("127.0.0.2",), tcp=False))


class Requests:
    """When each packet of one stretch was asked for first and last."""

    def __init__(self) -> None:
        self._first: dict[int, float] = {}
        self._last: dict[int, float] = {}

    def note(self, now: float, number: int) -> None:
        """It is asked for."""
        self._first.setdefault(number, now)
        self._last[number] = now

    def answered_within(self, seconds: float) -> float:
        """The share that nobody asked for any more after so long; an impatient client asks before."""
        return sum(last - self._first[n] < seconds for n, last in self._last.items()) / len(self._last)


def requests(
    monkeypatch: pytest.MonkeyPatch, producer: Producer, streams: Iterable[Stream]
) -> tuple[Requests, Requests]:
    """What is asked for of a track with one viewer from now on.

    By us of these streams' publisher, and by the viewer of us, where we have it.
    """
    up, down = Requests(), Requests()
    ssrcs = {stream.ssrc for stream in streams}
    (consumer,) = producer.consumers
    assert isinstance(consumer, Consumer)
    send, handle_nack = producer._send_rtcp, consumer.handle_nack

    def sent(packets: Sequence[RtcpPacket]) -> object:
        for packet in packets:
            if isinstance(packet, Nack) and packet.media_ssrc in ssrcs:
                for number in packet.lost:
                    up.note(time.monotonic(), packet.media_ssrc << 16 | number)
        return send(packets)

    def asked(now: float, lost: Sequence[int]) -> None:
        for number in lost:
            found, last = consumer._line.original(number), consumer._line.last_out
            # Left out: what was lost on its way to us, and what a key frame has made useless.
            is_at_hand = found is not None and bool(found[0].source.cache.get(found[1]))
            if is_at_hand and last - ((last - number) & 0xFFFF) > consumer._repairs._given_up:
                down.note(now, number)
        handle_nack(now, lost)

    monkeypatch.setattr(producer, "_send_rtcp", sent)
    monkeypatch.setattr(consumer, "handle_nack", asked)
    return up, down
