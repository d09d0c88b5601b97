"""書き込み (R13, R34): what people draw on a surface, as a set that merges the same way in any order.

A mark belongs to its author, by the author's device's own id, and its content never changes. What changes is
its revision, upwards only: odd revisions are drawn, even ones undone. Two copies of a mark merge by the
higher revision; two contents under one id, which only a broken device makes, by the lesser. Both are joins
of an order, so marks may come late, twice and in any order (a causal-length set: Yu and Rostad, PaPoC 2020).
The same rules stand in `web_client/src/view/marks.ts`.

Points are whole numbers 0..10000 of the surface's own width and height, never of a screen. Sans-IO.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

UNIT = 10_000
MAX_POINTS = 600
MAX_TEXT_CHARS = 200
MAX_WIDTH = 400
MAX_REVISION = 1_000
MAX_MARKS_OF_AUTHOR = 500
"""Of one author on one surface, undone ones too."""
MAX_MARKS_OF_SURFACE = 2_000
_ID = re.compile(r"[A-Za-z0-9_-]{8,32}")


class Tool(StrEnum):
    """What a mark was drawn with; `scale` is a length that is known, `measure` one measured by it."""

    PEN = "pen"
    HIGHLIGHTER = "highlighter"
    LINE = "line"
    ARROW = "arrow"
    RECT = "rect"
    ELLIPSE = "ellipse"
    TEXT = "text"
    STAMP = "stamp"
    SCALE = "scale"
    MEASURE = "measure"


class Colour(StrEnum):
    """Colours by name; the client has them light and dark."""

    ORANGE = "orange"
    RED = "red"
    BLUE = "blue"
    GREEN = "green"
    PURPLE = "purple"
    BLACK = "black"


class Audience(StrEnum):
    """Who sees something: everybody who sees the surface, only staff, only the author."""

    ALL = "all"
    STAFF = "staff"
    OWN = "own"


FREEHAND = frozenset({Tool.PEN, Tool.HIGHLIGHTER})
AT_ONE_POINT = frozenset({Tool.TEXT, Tool.STAMP})
WITH_WORDS = frozenset({Tool.TEXT, Tool.STAMP, Tool.SCALE, Tool.MEASURE})


class MarkMalformed(Exception):
    """What arrived is no mark."""


class MarksFull(Exception):
    """The surface holds as many marks as it may."""


@dataclass(frozen=True, slots=True)
class Content:
    """What was drawn; `points` are x, y, x, y ..., `width` is of the surface's width (1..400 of 10000)."""

    tool: Tool
    colour: Colour
    width: int
    points: tuple[int, ...]
    text: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark. `author` is a participant identity as the server knows it, never as a message says."""

    id: str
    author: str
    revision: int
    content: Content

    @property
    def is_drawn(self) -> bool:
        """Whether it is to be seen; else it was undone."""
        return self.revision % 2 == 1


Key = tuple[str, str]
"""Author and id: nobody can take, or undo, what somebody else drew."""


def check(mark: Mark) -> Mark:
    """The mark, when it keeps the limits; raises MarkMalformed."""
    content = mark.content
    count, rest = divmod(len(content.points), 2)
    is_well_formed = (
        _ID.fullmatch(mark.id) is not None
        and 1 <= mark.revision <= MAX_REVISION
        and 1 <= content.width <= MAX_WIDTH
        and rest == 0
        and all(0 <= value <= UNIT for value in content.points)
        and len(content.text) <= MAX_TEXT_CHARS
        and (content.text != "") == (content.tool in WITH_WORDS)
        and _has_points(content.tool, count)
    )
    if not is_well_formed:
        raise MarkMalformed
    return mark


def _has_points(tool: Tool, count: int) -> bool:
    if tool in AT_ONE_POINT:
        return count == 1
    if tool in FREEHAND:
        return 1 <= count <= MAX_POINTS
    return count == 2


def join(one: Mark, other: Mark) -> Mark:
    """Two copies of a mark in one."""
    content = min(one.content, other.content, key=_order)
    return Mark(one.id, one.author, max(one.revision, other.revision), content)


def _order(content: Content) -> tuple[object, ...]:
    """Any total order will do, as long as every language has the same: strings by UTF-16, as JavaScript."""
    text = content.text.encode("utf-16-be", "surrogatepass")
    return content.tool, content.colour, content.width, content.points, text, content.audience


def merge(*sets: Iterable[Mark]) -> Mapping[Key, Mark]:
    """All marks of all sets, each once."""
    merged: dict[Key, Mark] = {}
    for mark in (mark for each in sets for mark in each):
        key = mark.author, mark.id
        known = merged.get(key)
        merged[key] = mark if known is None else join(known, mark)
    return merged
