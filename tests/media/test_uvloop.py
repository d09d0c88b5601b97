"""The server's own event loop: what it lacks of asyncio's must not be used on the way of a packet."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import uvloop

from media import MediaServer, MediaSettings, Producer, ReceiveOptions, Transport, TransportState
from tests.peers import Peer, Sent, vp8

SSRC = 1000
ENOUGH = 40  # packets
BURST = 5  # per packet that arrived: more than the pacer lets through at once


class _Listener:
    def transport_state_changed(self, transport: Transport, state: TransportState) -> None: ...
    def data_received(self, transport: Transport, label: str, payload: bytes) -> None: ...
    def data_channels_open(self, transport: Transport) -> None: ...
    def producer_started(self, transport: Transport, producer: Producer) -> None: ...


def test_a_paced_viewer_breaks_nothing_on_uvloop() -> None:
    problems: list[dict[str, Any]] = []

    async def scene() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context))
        async with MediaServer(MediaSettings(host="127.0.0.1", port=0)) as media:
            router = media.create_router()
            publisher = Peer([Sent("video", SSRC)])
            viewer = Peer(receives=("video",), reports_arrivals=True)
            sending = router.create_transport(_Listener())
            sending.set_remote_offer(publisher.offer())
            producer = sending.receive("0", "TR_1", ReceiveOptions())
            await publisher.connect(sending.create_answer().sdp)
            watching = router.create_transport(_Listener())
            watching.set_remote_offer(viewer.offer())
            watching.consume(producer, stream_id="PA|1", track_id="TR_1")
            await viewer.connect(watching.create_answer().sdp)

            numbers = itertools.count()
            enough = asyncio.Event()

            def send_more(_: object = None) -> None:
                for number in itertools.islice(numbers, BURST):
                    publisher.send_rtp(vp8(SSRC, number, number * 600, key=number % 50 == 0, size=1100))
                if viewer.received >= ENOUGH:
                    enough.set()

            viewer.on_rtp = send_more
            send_more()
            async with asyncio.timeout(10):
                await enough.wait()
            for peer in (publisher, viewer):
                await peer.close()

    uvloop.run(scene())

    assert not problems
