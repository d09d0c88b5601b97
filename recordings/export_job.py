"""What is to be exported: the server writes it down, the process that draws (`export`) reads it.

Apart from that process, which stands on more than a server needs that starts.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from recordings.captions import Caption

Layout = Literal["grid", "speaker"]


@dataclass(frozen=True, slots=True)
class Part:
    """One track of the recording."""

    path: str
    identity: str
    name: str
    kind: str
    mime_type: str


@dataclass(frozen=True, slots=True)
class Job:
    """What to make: `zero_us` is when the call began, `watermark` stands across all pictures.

    What is `hidden` (stretches in milliseconds since the call began) is silent and dark in it.
    Captions are a track of their own, and drawn into the pictures where they are to be `burnt_in`.
    """

    target: str
    zero_us: int
    layout: Layout
    watermark: str
    parts: tuple[Part, ...]
    hidden: tuple[tuple[float, float], ...] = ()
    captions: tuple[Caption, ...] = ()
    burnt_in: bool = False

    def write(self, path: Path) -> None:
        """For the process to read."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Job:
        """What `write` wrote."""
        asked = json.loads(path.read_text(encoding="utf-8"))
        parts = tuple(Part(**part) for part in asked["parts"])
        captions = tuple(Caption(**caption) for caption in asked["captions"])
        hidden = tuple((from_ms, to_ms) for from_ms, to_ms in asked["hidden"])
        return cls(**(asked | {"parts": parts, "captions": captions, "hidden": hidden}))
