"""Interim transport-wide arrivals. Sans-IO."""

from __future__ import annotations

from .rtcp import TransportFeedback


class Arrivals:
    def __init__(self, sender_ssrc: int) -> None:
        self._ssrc = sender_ssrc
        self._seen: dict[int, float] = {}
        self._highest: int | None = None
        self._next: int | None = None
        self._count = 0
        self._at = 0.0

    def receive(self, now: float, transport_sequence: int) -> None:
        if self._highest is None:
            ext = transport_sequence
            self._next = ext
        else:
            d = (transport_sequence - self._highest) & 0xFFFF
            ext = self._highest + (d if d < 0x8000 else d - 0x10000)
        self._highest = ext if self._highest is None else max(ext, self._highest)
        self._seen[ext] = now

    def feedback(self, now: float) -> TransportFeedback | None:
        if not self._seen or now - self._at < 0.05 or self._next is None or self._highest is None:
            return None
        self._at = now
        base = min(self._seen)
        first_time = self._seen[base]
        ref = int(first_time * 1000 / 64) * 64
        last = ref * 4
        deltas: list[int | None] = []
        for n in range(base, min(self._highest + 1, base + 1000)):
            t = self._seen.get(n)
            if t is None:
                deltas.append(None)
                continue
            q = round(t * 4000)
            deltas.append(max(-32768, min(32767, q - last)))
            last = q
        self._seen.clear()
        self._count = (self._count + 1) & 0xFF
        return TransportFeedback(self._ssrc, 0, base & 0xFFFF, ref, self._count, tuple(deltas))
