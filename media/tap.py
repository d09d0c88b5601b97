"""Tap: the server's own ear at one producer, beside the consumers.

A tap has no line that could be narrow, so it takes the best encoding that is sent, packets as they came: in
the order of arrival, under the publisher's own numbers, repairs included. Nothing is decoded. A new encoding
begins with a key frame. Sans-IO.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from .packets import RtpPacket
from .producer import Producer, Stream
from .rtcp import SenderReport


class TapSink(Protocol):
    """Who takes what a tap hears. It is called between packets of a call: it must not wait, nor raise."""

    def handle_packet(self, now: float, packet: RtpPacket) -> None:
        """One packet; ``packet.ssrc`` changes when another encoding begins. It may be late, never twice."""

    def handle_report(self, now: float, report: SenderReport) -> None:
        """The publisher's clock: which NTP time belongs to which RTP timestamp (RFC 3550 section 6.4.1)."""

    def handle_close(self) -> None:
        """Nothing more comes: the track ended, or the tap was closed."""


class Tap:
    """A listener to one producer, from now until it is closed or the track ends."""

    def __init__(self, producer: Producer, sink: TapSink, now: float) -> None:
        self.pending_since = now
        self.is_closed = False
        self.codecs = producer.codecs  # what the payload types of the packets mean
        self.is_encrypted = producer.is_encrypted  # end to end: what is heard cannot be played
        self.on_close: Callable[[], object] = lambda: None
        self._producer = producer
        self._sink = sink
        self._stream: Stream | None = None  # whose packets are taken now
        self._target: Stream | None = None  # whose key frame is awaited
        producer.consumers.append(self)
        producer.taps += 1
        self.choose(now)

    def choose(self, now: float) -> None:
        """Wait for the best living encoding, where another one is taken now."""
        best = self._producer.best(now, most=2)
        if best is None or best is self._target:
            return
        if self._target is not None:
            self.leave(self._target)
        if best is not self._stream:
            self._target = best
            self.pending_since = now
            best.pending.append(self)
            self._producer.start_key_frame(now, best)

    def switch(self, now: float, stream: Stream, packet: RtpPacket) -> None:
        """Take this stream from this packet on."""
        stream.pending.remove(self)
        self._target = None
        if self._stream is not None:
            self._stream.consumers.remove(self)
        stream.consumers.append(self)
        self._stream = stream

    def leave(self, stream: Stream) -> None:
        """Take nothing from this stream any more, nor wait for it."""
        if self._stream is stream:
            stream.consumers.remove(self)
            self._stream = None
        if self._target is stream:
            stream.pending.remove(self)
            self._target = None

    def forward(self, now: float, packet: RtpPacket, payload: bytes) -> None:
        """One packet of the current stream."""
        self._sink.handle_packet(now, packet)

    def skip(self, sequence_number: int) -> None:
        """A packet of padding: it carries nothing."""

    def key_frame_begins(self, now: float) -> None:
        """Nothing waits here that a key frame could make useless."""

    def ask_key_frame(self, now: float) -> None:
        """Have the publisher send one, though none was lost; it costs every viewer's line."""
        if self._stream is not None:
            self._producer.repair_key_frame(now, self._stream)

    def send_report(self, now: float, report: SenderReport) -> None:
        """The publisher's clock reading of the current stream."""
        self._sink.handle_report(now, report)

    def close(self) -> None:
        """Stop for good."""
        if self.is_closed:
            return
        self.is_closed = True
        for stream in (self._stream, self._target):
            if stream is not None:
                self.leave(stream)
        self._producer.consumers.remove(self)
        self._producer.taps -= 1
        self.on_close()
        self._sink.handle_close()
