"""What is looked at together, as it travels: answers under /api, and packets of topic `genba.shown`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, Field, StringConstraints

from field_assist import Disclosure, MarkRow, Paper, Presentation, SurfaceView, drawing, surfaces
from signaling.api.presentable import About
from signaling.api.schema import Request, Text

SurfaceKey = Annotated[str, StringConstraints(min_length=6, max_length=surfaces.MAX_KEY_CHARS)]
SurfacePath = Annotated[str, Path(min_length=6, max_length=surfaces.MAX_KEY_CHARS)]
MAX_MARKS = 50
"""In one request."""

PRINTED_RATE = 0.7
YEN_PER_SHEET = 3.0
"""印刷したはず率 and 単価 (白黒): defaults of domain appendix C."""
Viewed = Sequence[tuple[SurfaceView, About | None]]

ToolName = Literal[
    "pen", "highlighter", "line", "arrow", "rect", "ellipse", "text", "stamp", "scale", "measure"
]
ColourName = Literal["orange", "red", "blue", "green", "purple", "black"]
AudienceName = Literal["all", "staff", "own"]


class MarkContent(BaseModel):
    """What was drawn. Points are x, y, x, y ... in 10000ths of the surface's own width and height."""

    id: str
    revision: int
    tool: ToolName
    colour: ColourName
    width: int
    points: list[int]
    text: str
    audience: AudienceName


class MarkEntry(MarkContent):
    """A mark and whose it is; an even revision is undone."""

    author: str
    author_name: str
    author_role: str
    drawn_at: datetime


class MarksAnswer(BaseModel):
    """Marks of one surface, undone ones too."""

    surface: str
    marks: list[MarkEntry]


class PagesMarksAnswer(BaseModel):
    """Marks of all pages of something that have any."""

    pages: list[MarksAnswer]


class MarkRequest(Request):
    """A mark from its author's device."""

    id: Annotated[str, StringConstraints(min_length=8, max_length=32)]
    revision: Annotated[int, Field(ge=1, le=drawing.MAX_REVISION)]
    tool: ToolName
    colour: ColourName
    width: Annotated[int, Field(ge=1, le=drawing.MAX_WIDTH)]
    points: Annotated[list[int], Field(min_length=2, max_length=2 * drawing.MAX_POINTS)]
    text: Annotated[Text, StringConstraints(strip_whitespace=True, max_length=drawing.MAX_TEXT_CHARS)] = ""
    audience: AudienceName = "all"


class MarksRequest(Request):
    """Marks of one person on one surface."""

    surface: SurfaceKey
    marks: Annotated[list[MarkRequest], Field(min_length=1, max_length=MAX_MARKS)]


class PresentRequest(Request):
    """What to put before the call; without a surface, a new board."""

    surface: SurfaceKey | None = None


class LookRequest(Request):
    """What this page shows now; null = nothing any more."""

    surface: SurfaceKey | None = None


class ShownDocument(BaseModel):
    """What a page belongs to: people see which version of what, of when, and for whom it is (R35)."""

    id: str
    title: str
    label: str
    issued_on: str
    disclosure: Literal["public", "presentable", "staff"]
    office: str


class Shown(BaseModel):
    """A surface that is or was presented, with its presenter; `pages` of the whole it belongs to."""

    document: ShownDocument | None
    width: float | None
    height: float | None

    surface: str
    serial: int
    audience: AudienceName
    pages: int
    presenter: str
    presenter_name: str
    presenter_role: str
    started_at: datetime


class Look(BaseModel):
    """Somebody looks at a surface."""

    surface: str
    identity: str
    name: str
    role: str


class Seen(Look):
    """Somebody looked at a surface from when to when; `document` and `label` say at what."""

    seen_at: datetime
    ended_at: datetime | None
    document: str
    label: str


class PaperAnswer(BaseModel):
    """紙削減 (R13, domain appendix C): sheets = opened x rate, yen = sheets x price; the inputs beside it."""

    pages: int
    people: int
    opened: int
    rate: float
    sheets: float
    yen_per_sheet: float
    yen: float
    seen: list[Seen]


class Presented(BaseModel):
    """What stands before the call now, and all that ever did, the last first."""

    shown: Shown | None
    before: list[Shown]


class Together(Presented):
    """The same with who looks at what."""

    looking: list[Look]


class Kept(BaseModel):
    """A picture that stays with the call: the last shown of its subject, or one with so many marks on it."""

    surface: str
    marks: int
    shown: Shown


class KeptAnswer(BaseModel):
    """All of them, in the order in which their subjects were shown."""

    kept: list[Kept]


class Packet(BaseModel):
    """A packet to the room: one of these."""

    presented: Presented | None = None
    looking: list[Look] | None = None
    marks: MarksAnswer | None = None


def mark_view(row: MarkRow) -> MarkEntry:
    """A mark as those see it who may."""
    mark = row.mark()
    content = mark.content
    return MarkEntry(
        id=mark.id,
        revision=mark.revision,
        tool=content.tool.value,
        colour=content.colour.value,
        width=content.width,
        points=list(content.points),
        text=content.text,
        audience=content.audience.value,
        author=row.author,
        author_name=row.author_name,
        author_role=row.author_role,
        drawn_at=row.drawn_at,
    )


def shown_view(row: Presentation, about: About) -> Shown:
    """A presentation as those see it who may."""
    size = about.sizes.get(surfaces.parse(row.surface).page or 1)  # a still has one page and no number
    document = (
        ShownDocument(
            id=about.document_id,
            title=about.title,
            label=about.label,
            issued_on=about.issued_on,
            disclosure=Disclosure(about.disclosure).value,
            office=about.office,
        )
        if about.document_id
        else None
    )
    return Shown(
        document=document,
        width=size[0] if size else None,
        height=size[1] if size else None,
        surface=row.surface,
        serial=row.serial,
        audience=drawing.Audience(row.audience).value,
        pages=about.pages,
        presenter=row.presenter,
        presenter_name=row.presenter_name,
        presenter_role=row.presenter_role,
        started_at=row.started_at,
    )


def paper_view(views: Viewed, paper: Paper) -> PaperAnswer:
    """Who saw what, and what was not printed."""
    sheets = paper.opened * PRINTED_RATE
    return PaperAnswer(
        pages=paper.pages,
        people=paper.people,
        opened=paper.opened,
        rate=PRINTED_RATE,
        sheets=round(sheets, 1),
        yen_per_sheet=YEN_PER_SHEET,
        yen=round(sheets * YEN_PER_SHEET),
        seen=[
            Seen(
                surface=row.surface,
                identity=row.identity,
                name=row.name,
                role=row.role,
                seen_at=row.seen_at,
                ended_at=row.ended_at,
                document=about.title if about is not None else "",
                label=about.label if about is not None else "",
            )
            for row, about in views
        ],
    )


def look_view(row: SurfaceView) -> Look:
    """Who looks at what."""
    return Look(surface=row.surface, identity=row.identity, name=row.name, role=row.role)
