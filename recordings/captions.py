"""What was said as captions of a film: lines of several people at once, as one row of cues. Sans-IO."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

SHORTEST_MS = 1_500
"""Nobody reads anything faster."""
_UNSAFE = str.maketrans(
    {"{": "｛", "}": "｝", "\\": "＼", "\n": " ", "\r": " "}
)  # they mean something in ASS


@dataclass(frozen=True, slots=True)
class Caption:
    """One line that was said, who said it among its words; milliseconds since the call began."""

    from_ms: int
    to_ms: int
    words: str


def cues(captions: Sequence[Caption]) -> list[Caption]:
    """The same without overlaps: while several are said at once, they stand under one another."""
    shown = [
        Caption(each.from_ms, max(each.to_ms, each.from_ms + SHORTEST_MS), each.words.translate(_UNSAFE))
        for each in sorted(captions, key=lambda each: each.from_ms)
        if each.words.strip()
    ]
    edges = sorted({edge for each in shown for edge in (each.from_ms, each.to_ms)})
    found = []
    for since, until in pairwise(edges):
        lines = [each.words for each in shown if each.from_ms <= since < each.to_ms]
        if lines:
            found.append(Caption(since, until, "\n".join(lines)))
    return found


def wrapped(words: str, most: int) -> list[str]:
    """Lines of at most so many characters, as Japanese is broken anywhere."""
    return [line[at : at + most] for line in words.split("\n") for at in range(0, len(line), most)]
