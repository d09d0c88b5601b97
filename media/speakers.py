"""Who speaks, from RFC 6464 levels. Interim. Sans-IO."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Speaker:
    """A producer whose voice is heard; level 0..1."""

    producer_id: str
    level: float


class Speakers:
    def __init__(self) -> None:
        self._levels: dict[str, list[int]] = {}
        self._smooth: dict[str, float] = {}

    def level(self, now: float, producer_id: str, dbov: int, voice: bool) -> None:
        self._levels.setdefault(producer_id, []).append(dbov)

    def active(self, now: float) -> list[Speaker]:
        result = []
        for producer_id, levels in self._levels.items():
            loud = [level for level in levels if level <= 35]
            if levels and len(loud) >= 0.4 * len(levels):
                result.append(Speaker(producer_id, 10 ** (-sum(loud) / len(loud) / 20)))
        self._levels.clear()
        return sorted(result, key=lambda s: -s.level)

    def forget(self, producer_id: str) -> None:
        self._levels.pop(producer_id, None)
