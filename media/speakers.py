"""Who is speaking, from the audio levels clients put on their packets (RFC 6464).

As in LiveKit: windows of 400 ms, a speaker is whoever was loud for two fifths of one, the level is smoothed
over about two windows. Nothing is decoded. Sans-IO.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

_WINDOW_S = 0.4
_LOUD_DBOV = 35  # -35 dBov and above; RFC 6464 counts downwards from full scale
_SILENT_DBOV = 127
_ACTIVE_FRACTION = 0.4
_SMOOTHING = 2 / 3  # 2 / (n + 1) for an average over n = 2 windows

# A packet stands for the time since the one before it, so that packets of any length count right, also
# when jitter bunches them. After a longer pause (DTX sends one packet in 400 ms) it stands for itself only.
_LONGEST_PACKET_S = 0.12
_USUAL_PACKET_S = 0.02


@dataclass(frozen=True, slots=True)
class Speaker:
    """A producer whose voice is heard; `level` is linear, 0..1."""

    producer_id: str
    level: float


class _Voice:
    __slots__ = ("has_detector", "heard_at", "is_active", "level", "loud_s", "loudest", "started_at")

    def __init__(self, now: float) -> None:
        self.started_at = now
        self.heard_at = now - _USUAL_PACKET_S
        self.loud_s = 0.0
        self.loudest = _SILENT_DBOV
        self.level = 0.0
        self.is_active = False
        self.has_detector = False

    def close_window(self, now: float) -> None:
        fraction = min(1.0, self.loud_s / (now - self.started_at))
        self.is_active = fraction >= _ACTIVE_FRACTION
        if self.is_active:
            # Louder the longer it lasted, so that a cough does not outrank a sentence.
            dbov = self.loudest - 20 * log10(fraction)
            self.level += (10 ** (-dbov / 20) - self.level) * _SMOOTHING
        else:
            self.level = 0.0
        self.started_at = now
        self.loud_s = 0.0
        self.loudest = _SILENT_DBOV


class Speakers:
    """Levels of the producers of one room. Times must not go backwards."""

    __slots__ = ("_voices",)

    def __init__(self) -> None:
        self._voices: dict[str, _Voice] = {}

    def level(self, now: float, producer_id: str, dbov: int, voice: bool) -> None:
        """Note one packet: its level below full scale, 0 (loudest) to 127 (silent), and the voice flag.

        The flag is optional in RFC 6464: only of a client that has ever set it, unflagged noise is ignored.
        """
        state = self._voices.get(producer_id)
        if state is None:
            state = self._voices[producer_id] = _Voice(now)
        elif now - state.started_at >= _WINDOW_S:
            state.close_window(now)
        elapsed = now - state.heard_at
        state.heard_at = now
        if voice:
            state.has_detector = True
        if dbov <= _LOUD_DBOV and (voice or not state.has_detector):
            state.loud_s += elapsed if elapsed <= _LONGEST_PACKET_S else _USUAL_PACKET_S
            if dbov < state.loudest:
                state.loudest = dbov

    def active(self, now: float) -> list[Speaker]:
        """Who speaks, loudest first; call about every 400 ms."""
        speakers = []
        for producer_id, state in self._voices.items():
            if now - state.started_at >= _WINDOW_S:
                state.close_window(now)
            if state.is_active:
                speakers.append(Speaker(producer_id, state.level))
        speakers.sort(key=lambda speaker: speaker.level, reverse=True)
        return speakers

    def forget(self, producer_id: str) -> None:
        """The producer is gone; harmless when it never spoke."""
        self._voices.pop(producer_id, None)
