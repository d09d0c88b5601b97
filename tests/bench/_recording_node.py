"""A media server with many rooms that are recorded on request, in its process; told by JSON lines."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import uvloop

from media import MediaServer, MediaSettings, Producer, ReceiveOptions, Router, Tap
from recordings import Opening, TrackSink, Writer, Written
from tests.bench._media_node import _Silent


class _Recording:
    """Taps at every track, into journals of a folder."""

    def __init__(self, writer: Writer, folder: Path, producers: list[Producer]) -> None:
        now, self.written = time.monotonic(), list[Written]()
        began_us = time.time_ns() // 1000
        self._taps = []
        for producer in producers:
            sink = TrackSink(began_us - int(now * 1e6), is_picture=producer.kind == "video")
            opening = Opening(
                *(producer.id, "call", "S-1", "camera", producer.kind, producer.mime_type),
                *(producer.clock_rate_hz, -1, began_us),
            )
            sink.paper = writer.open(folder / f"{producer.id}.journal", opening, self.written.append)
            sink.on_close = lambda sink=sink: sink.finish(time.monotonic())  # type: ignore[misc]
            self._taps.append(Tap(producer, sink, now))

    def stop(self, writer: Writer) -> dict[str, int]:
        """What was written of it."""
        for tap in self._taps:
            tap.close()
        writer.settle()
        return {
            "files": len(self.written),
            "bytes": sum(entry.size_bytes for entry in self.written),
            "missing": sum(entry.missing for entry in self.written),
        }


class _Node:
    """The rooms, by number, and who sends what in them."""

    def __init__(self, media: MediaServer, writer: Writer) -> None:
        self._media = media
        self._writer = writer
        self._rooms: dict[int, tuple[Router, list[tuple[int, Producer]]]] = {}
        self._recording: _Recording | None = None

    def _producers(self) -> list[Producer]:
        return [producer for _, entries in self._rooms.values() for _, producer in entries]

    def join(self, room: int, who: int, offered: str) -> str:
        """What is sent is published; who sends nothing receives all others."""
        if room not in self._rooms:
            self._rooms[room] = self._media.create_router(), []
        router, producers = self._rooms[room]
        transport = router.create_transport(_Silent())
        offer = transport.set_remote_offer(offered)
        for section in offer.sending:
            name = f"TR_{room}_{who}_{section.mid}"
            producers.append((who, transport.receive(section.mid, name, ReceiveOptions())))
        if not offer.sending:
            for other, producer in producers:
                if other != who:
                    transport.consume(producer, stream_id=f"PA|{producer.id}", track_id=producer.id)
        return transport.create_answer().sdp

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """One question."""
        match asked["op"]:
            case "join":
                return {"sdp": self.join(asked["room"], asked["who"], asked["sdp"])}
            case "record":
                self._recording = _Recording(self._writer, Path(asked["folder"]), self._producers())
            case "stop" if self._recording is not None:
                return self._recording.stop(self._writer)
            case "count":
                streams = [stream for each in self._producers() for stream in each.streams.values()]
                return {"packets": sum(stream.reception.packets for stream in streams)}
        return {}


async def serve() -> None:
    """Answer questions until there are no more."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with MediaServer(MediaSettings(host=sys.argv[1], port=0)) as media:
        with Writer(Path(sys.argv[2])) as writer:
            node = _Node(media, writer)
            while line := await reader.readline():
                print(json.dumps(node.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    uvloop.run(serve())
