"""How one subscriber's Opus is packed: several frames into a packet, and earlier ones sent once more.

At 50 packets a second headers alone take 25.6 kbps. On a narrow link up to four frames (80 ms) share a
packet; on a lossy one each packet repeats the one or two before it (RED, RFC 2198), as far as the bandwidth
allows. Delay is traded for either, never order: frames keep their timestamps, pauses (DTX) stay pauses, and
none waits longer than 100 ms. With bandwidth and without loss everything passes as it is. Sans-IO.
"""

from __future__ import annotations

from collections import deque
from typing import Literal, NamedTuple

from .layer_rates import WIRE_OVERHEAD_BYTES
from .opus_frames import are_alike, duration, join_packets
from .red import FARTHEST, HEADER_BYTES, LONGEST_BLOCK_BYTES, Block, build_red

CLOCK_HZ = 48_000
LONGEST_WAIT_S = 0.1
LONGEST_PACKET = 3840  # 80 ms in clock ticks
MOST_GENERATIONS = 2
_SLACK_S = 0.02  # a frame may be this late before it is taken for lost
_RESIDUAL = 0.01  # loss left over that is worth no further repetition: concealment hides it
_KEEP = 0.85  # a packing dearer than the one in use must leave some of the affordable rate
_SMOOTHING = 1 / 32  # of one frame in the average size
_LATEST = 1000  # packets; what is farther behind comes after many that passed without being pushed
_LONGEST_PAYLOAD_BYTES = 1150  # below every path's largest packet


class Conditions(NamedTuple):
    """What the line is like: bits per second audio may take with all headers, and share lost, 0..1."""

    affordable_bps: float = float("inf")
    loss: float = 0.0


class Outgoing(NamedTuple):
    """One packet to send, in the producer's timestamps; the caller numbers it."""

    timestamp: int
    kind: Literal["opus", "red"]
    payload: bytes
    marker: bool


class _Frame(NamedTuple):
    sequence_number: int
    timestamp: int
    marker: bool
    payload: bytes
    ticks: int


class AudioPacker:
    """Packs the primary Opus payloads of one producer for one subscriber.

    ``opus_type`` is the subscriber's payload type, written into RED blocks; without ``has_red`` nothing is
    repeated. While `is_transparent` the caller may forward packets without asking.
    """

    __slots__ = (
        "_deadline",
        "_frame_bytes",
        "_frame_ticks",
        "_has_red",
        "_newest",
        "_opus_type",
        "_sent",
        "_waiting",
        "frames",
        "generations",
    )

    def __init__(self, opus_type: int, *, has_red: bool) -> None:
        self.frames = 1  # per packet
        self.generations = 0
        self._opus_type = opus_type
        self._has_red = has_red
        self._waiting: list[_Frame] = []
        self._deadline = 0.0
        self._sent: deque[tuple[int, bytes]] = deque(maxlen=MOST_GENERATIONS)  # (timestamp, payload)
        self._newest: int | None = None  # sequence number
        self._frame_bytes = 0.0
        self._frame_ticks = 960

    @property
    def is_transparent(self) -> bool:
        """Whether each packet would leave as it comes."""
        return self.frames == 1 and not self.generations and not self._waiting

    def adapt(self, conditions: Conditions, frame_bytes: float = 0.0) -> None:
        """Decide anew; call when the estimate moves, or about once a second.

        Repetition comes first, in packets as small as the rate allows; what cannot be afforded at 80 ms a
        packet is repeated less. ``frame_bytes`` is the producer's average payload; needed after packets
        have passed without being pushed.
        """
        if frame_bytes:
            self._frame_bytes = frame_bytes
        most = max(1, LONGEST_PACKET // self._frame_ticks)
        now_bps = self.rate_bps(self.frames, self.generations)
        for generations in range(self._wanted_generations(conditions.loss), -1, -1):
            for frames in range(1, most + 1):
                rate_bps = self.rate_bps(frames, generations)
                if rate_bps <= conditions.affordable_bps * (_KEEP if rate_bps > now_bps else 1.0):
                    self.frames, self.generations = frames, generations
                    return
        self.frames, self.generations = most, 0

    def rate_bps(self, frames: int, generations: int) -> float:
        """What a packing costs on the wire, judged by the latest frames."""
        payload = frames * self._frame_bytes + (2 + frames if frames > 1 else 0)
        size = WIRE_OVERHEAD_BYTES + payload * (1 + generations)
        if generations:
            size += 1 + HEADER_BYTES * generations
        return 8 * size * CLOCK_HZ / (frames * self._frame_ticks)

    def push(
        self, now: float, sequence_number: int, timestamp: int, marker: bool, payload: bytes
    ) -> list[Outgoing]:
        """Take a packet; what is to be sent now."""
        ticks = duration(payload)
        frame = _Frame(sequence_number, timestamp, marker, payload, ticks)
        if not ticks:  # not Opus as we know it: none of our business
            return [*self._flush(), Outgoing(timestamp, "opus", payload, marker)]
        self._measure(frame)
        newest = self._newest
        if newest is not None and (newest - sequence_number) & 0xFFFF < _LATEST:
            return self._push_late(frame)
        self._newest = sequence_number
        outgoing = []
        if self._waiting and not self._continues(frame):
            outgoing = self._flush()
        if not self._waiting:
            self._deadline = now + min(LONGEST_WAIT_S, self.frames * ticks / CLOCK_HZ + _SLACK_S)
        self._waiting.append(frame)
        if len(self._waiting) >= self.frames:
            outgoing += self._flush()
        return outgoing

    def forget(self) -> None:
        """Drop what waits, and never repeat what was sent."""
        self._waiting.clear()
        self._sent.clear()
        self._newest = None

    def poll_timeout(self) -> float | None:
        """When waiting frames have to leave, None when there are none."""
        return self._deadline if self._waiting else None

    def handle_timeout(self, now: float) -> list[Outgoing]:
        """Send what has waited long enough: its successors were lost, or a pause began."""
        return self._flush() if self._waiting and now >= self._deadline else []

    def _measure(self, frame: _Frame) -> None:
        self._frame_ticks = frame.ticks
        size = len(frame.payload)
        self._frame_bytes += (size - self._frame_bytes) * (_SMOOTHING if self._frame_bytes else 1.0)

    def _wanted_generations(self, loss: float) -> int:
        if not self._has_red:
            return 0
        # Fewer than now only when they would do at one and a half times the loss.
        enough = [n for n in range(MOST_GENERATIONS) if loss ** (n + 1) <= _RESIDUAL]
        wanted = min(enough, default=MOST_GENERATIONS)
        if wanted < self.generations and (1.5 * loss) ** (wanted + 1) > _RESIDUAL:
            return self.generations
        return wanted

    def _continues(self, frame: _Frame) -> bool:
        last = self._waiting[-1]
        return (
            frame.sequence_number == (last.sequence_number + 1) & 0xFFFF
            and frame.timestamp == (last.timestamp + last.ticks) & 0xFFFFFFFF
            and not frame.marker
            and are_alike(frame.payload, last.payload)
            and sum(waiting.ticks for waiting in self._waiting) + frame.ticks <= LONGEST_PACKET
        )

    def _push_late(self, frame: _Frame) -> list[Outgoing]:
        """A packet overtaken by others joins them if they still wait; else it leaves alone."""
        if self._waiting:
            first = self._waiting[0]
            self._waiting.insert(0, frame)
            rest, self._waiting = self._waiting[1:], self._waiting[:1]
            fits = self._continues(first)
            self._waiting = [frame, *rest] if fits else rest
            if fits:
                return self._flush() if len(self._waiting) >= self.frames else []
        return [Outgoing(frame.timestamp, "opus", frame.payload, frame.marker)]

    def _flush(self) -> list[Outgoing]:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return []
        timestamp, marker = waiting[0].timestamp, waiting[0].marker
        try:
            payload = join_packets([frame.payload for frame in waiting])
        except ValueError:  # a packet that contradicts itself is the receiver's to judge
            return [Outgoing(frame.timestamp, "opus", frame.payload, frame.marker) for frame in waiting]
        blocks = self._repeat(timestamp, len(payload))
        self._sent.append((timestamp, payload))
        if not blocks:
            return [Outgoing(timestamp, "opus", payload, marker)]
        red = build_red([*blocks, Block(self._opus_type, 0, payload)])
        return [Outgoing(timestamp, "red", red, marker)]

    def _repeat(self, timestamp: int, size: int) -> list[Block]:
        """The last packets as redundant blocks, oldest first, as far as they can be written."""
        blocks: list[Block] = []
        if not self.generations:
            return blocks
        for earlier, payload in list(self._sent)[-self.generations :][::-1]:
            distance = (timestamp - earlier) & 0xFFFFFFFF
            size += HEADER_BYTES + len(payload)
            if distance > FARTHEST or len(payload) > LONGEST_BLOCK_BYTES or size > _LONGEST_PAYLOAD_BYTES:
                break
            blocks.insert(0, Block(self._opus_type, distance, payload))
        return blocks
