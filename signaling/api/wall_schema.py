"""The words of the supervisor's wall, and how rows become them."""

from datetime import datetime
from typing import Annotated, Literal

from livekit.protocol.models import ConnectionQuality
from pydantic import BaseModel, StringConstraints

from field_assist import Announcement as AnnouncementRow
from field_assist import wall
from signaling.api import schema as schema
from signaling.api.services import Services
from signaling.api.views import call_view, consultation_view
from signaling.api.wall_desk import Tile
from signaling.api.wall_desk import Wall as WallNow

Quality = Literal["excellent", "good", "poor", "lost"]
_QUALITIES: dict[int, Quality] = {
    ConnectionQuality.EXCELLENT: "excellent",
    ConnectionQuality.GOOD: "good",
    ConnectionQuality.POOR: "poor",
    ConnectionQuality.LOST: "lost",
}


class WallLine(BaseModel):
    """How well one participant's line carries."""

    identity: str
    quality: Quality


class WallTile(BaseModel):
    """One call: which limits it breaks, gravest first, since when what it is about goes on, and its lines.

    `consultation` is its request that rings, or the call back that is owed; null where neither is.
    """

    call: schema.Call
    breaches: list[Literal["unattended", "wait", "ticket", "lost", "long"]]
    since: datetime
    consultation: schema.Consultation | None
    lines: list[WallLine]


class WallDesk(BaseModel):
    """One topic: how many could answer, talk, and wait."""

    topic: str
    free: int
    talking: int
    waiting: int


class WallLimits(BaseModel):
    """How long is too long, in seconds."""

    wait_s: float
    unattended_s: float
    ticket_s: float
    call_s: float


class Wall(BaseModel):
    """GET /api/wall. `free` of `specialists` who are here could answer; no `longest_wait_s`: nobody waits."""

    at: datetime
    tiles: list[WallTile]
    desks: list[WallDesk]
    free: int
    specialists: int
    longest_wait_s: float | None
    limits: WallLimits


class WhisperRequest(schema.Request):
    """Whether only the own staff is to hear."""

    on: bool


class Whisper(BaseModel):
    """Whether only the own staff hear."""

    on: bool


class AnnounceRequest(schema.Request):
    """One sentence."""

    text: Annotated[schema.Line, StringConstraints(min_length=1)]


class Announcement(BaseModel):
    """One sentence to an office, with the sender's name and post as they were."""

    id: str
    sender: str
    text: str
    sent_at: datetime


def wall_view(parts: Services, now: WallNow, limits: wall.Limits) -> Wall:
    """The wall as its supervisor sees it."""
    return Wall(
        at=now.at,
        tiles=[_tile(parts, tile, now.at) for tile in now.tiles],
        desks=[
            WallDesk(topic=desk.topic, free=desk.free, talking=desk.talking, waiting=desk.waiting)
            for desk in now.desks
        ],
        free=now.free,
        specialists=now.specialists,
        longest_wait_s=now.longest_wait_s,
        limits=WallLimits(
            wait_s=limits.wait_s,
            unattended_s=limits.unattended_s,
            ticket_s=limits.ticket_s,
            call_s=limits.call_s,
        ),
    )


def announcement_view(row: AnnouncementRow) -> Announcement:
    """A sentence as the office reads it."""
    return Announcement(id=row.id, sender=row.sender, text=row.text, sent_at=row.sent_at)


def _tile(parts: Services, tile: Tile, at: datetime) -> WallTile:
    return WallTile(
        call=call_view(parts, tile.state, at),
        breaches=[breach.value for breach in tile.breaches],
        since=tile.since or at,
        consultation=consultation_view(tile.waiting) if tile.waiting is not None else None,
        lines=[
            WallLine(identity=identity, quality=_QUALITIES[quality])
            for identity, quality in sorted(tile.qualities.items())
        ],
    )
