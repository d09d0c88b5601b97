"""A media server alone in its process, told what to do by JSON lines, so that its CPU can be read."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import uvloop

from media import MediaServer, MediaSettings, Producer, ReceiveOptions, Transport, TransportState


class _Silent:
    def transport_state_changed(self, transport: Transport, state: TransportState) -> None: ...
    def data_received(self, transport: Transport, label: str, payload: bytes) -> None: ...
    def data_channels_open(self, transport: Transport) -> None: ...
    def producer_started(self, transport: Transport, producer: Producer) -> None: ...


async def serve() -> None:
    """Answer offers: publishers first, then viewers of everything published so far."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with MediaServer(MediaSettings(host="127.0.0.1", port=0)) as media:
        router = media.create_router()
        producers: list[Producer] = []
        while line := await reader.readline():
            request: dict[str, Any] = json.loads(line)
            if request["op"] == "counters":
                print(json.dumps(media.counters() | media.usage()), flush=True)
                continue
            transport = router.create_transport(_Silent())
            offer = transport.set_remote_offer(request["sdp"])
            for section in offer.sending:
                producers.append(transport.receive(section.mid, f"TR_{len(producers)}", ReceiveOptions()))
            if not offer.sending:
                for producer in producers:
                    transport.consume(producer, stream_id=f"PA|{producer.id}", track_id=producer.id)
            print(json.dumps({"sdp": transport.create_answer().sdp}), flush=True)


if __name__ == "__main__":
    uvloop.run(serve())
