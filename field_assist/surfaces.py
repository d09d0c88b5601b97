"""What people look at together: a page of a document, a still, a whiteboard page, a live picture, a screen.

Each is a *surface* with a key, a string that every message about it carries: `page:{version}:{n}`,
`still:{id}`, `board:{id}:{n}`, `video:{participant}:{track}`, `screen:{participant}:{track}`. What is
presented as a whole (a version of a document, a board) is its *subject*: the key without the page. Sans-IO.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_KEY_CHARS = 120
MAX_BOARD_PAGES = 50
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PAGE = re.compile(r"[1-9][0-9]{0,3}")


class SurfaceKind(StrEnum):
    """What kind of thing is looked at."""

    PAGE = "page"
    STILL = "still"
    BOARD = "board"
    VIDEO = "video"
    SCREEN = "screen"


LIVE_KINDS = frozenset({SurfaceKind.VIDEO, SurfaceKind.SCREEN})
PAGED_KINDS = frozenset({SurfaceKind.PAGE, SurfaceKind.BOARD})


class SurfaceUnknown(Exception):
    """No such surface, or none this person may look at in this call: the answer is the same."""


@dataclass(frozen=True, slots=True)
class Surface:
    """A key taken apart. `name` is the version, still, board or participant; `page` counts from 1, else 0."""

    kind: SurfaceKind
    name: str
    page: int = 0
    track: str = ""

    @property
    def key(self) -> str:
        """The string it came from."""
        rest = str(self.page) if self.kind in PAGED_KINDS else self.track
        return ":".join([self.kind.value, self.name, *([rest] if rest else [])])

    @property
    def subject(self) -> str:
        """What is presented as a whole: the key without the page."""
        return f"{self.kind.value}:{self.name}"


def parse_subject(key: str) -> Surface:
    """The first page of a subject with pages; raises SurfaceUnknown for anything else."""
    first = parse(f"{key}:1")
    if first.kind not in PAGED_KINDS:
        raise SurfaceUnknown
    return first


def parse(key: str) -> Surface:
    """The surface of a key; raises SurfaceUnknown for anything else."""
    kind, *names = key.split(":") if len(key) <= MAX_KEY_CHARS else [""]
    if kind not in set(SurfaceKind) or not all(_NAME.fullmatch(name) for name in names):
        raise SurfaceUnknown
    match SurfaceKind(kind), names:
        case (SurfaceKind.PAGE | SurfaceKind.BOARD) as paged, [name, page] if _PAGE.fullmatch(page):
            if paged is SurfaceKind.BOARD and int(page) > MAX_BOARD_PAGES:
                raise SurfaceUnknown
            return Surface(paged, name, int(page))
        case (SurfaceKind.VIDEO | SurfaceKind.SCREEN) as live, [name, track]:
            return Surface(live, name, track=track)
        case SurfaceKind.STILL, [name]:
            return Surface(SurfaceKind.STILL, name)
    raise SurfaceUnknown
