"""Where the marks of a call are kept: one row a mark, drawn or undone, with who drew it and when.

The rules of merging and the limits are `drawing`'s; who may see a surface is decided before this is called.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Field, Index, Session, SQLModel, and_, col, func, or_, select

from field_assist import drawing
from field_assist.calls import Sender
from field_assist.drawing import Audience, Colour, Content, Mark, MarksFull, Tool
from field_assist.store import UtcDateTime, exclusive


class MarkRow(SQLModel, table=True):
    """One mark in one call. The author's name and role are kept as they were when it was drawn."""

    __tablename__ = "mark"
    __table_args__ = (Index("ix_mark_call_surface", "call_id", "surface"),)

    call_id: str = Field(primary_key=True, foreign_key="call.id", max_length=26)
    author: str = Field(primary_key=True, max_length=40)
    id: str = Field(primary_key=True, max_length=32)
    surface: str = Field(max_length=120)
    author_name: str
    author_role: str
    tool: str = Field(max_length=12)
    colour: str = Field(max_length=8)
    width: int
    points: str
    text: str
    audience: str = Field(max_length=5)
    revision: int
    drawn_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)

    def mark(self) -> Mark:
        """As the rules know it."""
        content = Content(
            Tool(self.tool),
            Colour(self.colour),
            self.width,
            tuple(json.loads(self.points)),
            self.text,
            Audience(self.audience),
        )
        return Mark(self.id, self.author, self.revision, content)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads marks: whom they belong to, and for guests on hold, since when nothing new is for them."""

    identity: str
    is_staff: bool
    until: datetime | None = None


def put(
    session: Session, place: tuple[str, str], author: Sender, new: Sequence[Mark], at: datetime
) -> list[MarkRow]:
    """Merge marks of one author into a surface (call id, key); answers what changed. Raises MarksFull."""
    call_id, surface = place
    exclusive(session, f"marks.{call_id}")
    wanted = drawing.merge(new)
    known = {row.id: row for row in _of_author(session, call_id, author.identity, [mark.id for mark in new])}
    fresh = [mark for mark in wanted.values() if mark.id not in known]
    if fresh:
        _check_room(session, place, author.identity, len(fresh))
    changed = [_row(place, author, mark, at) for mark in fresh]
    for mark in wanted.values():
        row = known.get(mark.id)
        if row is not None and row.surface == surface and mark.revision > row.revision:
            row.revision, row.changed_at = mark.revision, at
            changed.append(row)
    session.add_all(changed)
    session.flush()
    return changed


def on_surface(session: Session, call_id: str, surface: str, reader: Reader) -> list[MarkRow]:
    """The marks somebody may see on a surface, undone ones too, in the order they were drawn."""
    query = select(MarkRow).where(MarkRow.call_id == call_id, MarkRow.surface == surface)
    query = query.where(_visible(reader))
    return list(session.exec(query.order_by(col(MarkRow.drawn_at), col(MarkRow.author), col(MarkRow.id))))


def on_subject(session: Session, call_id: str, subject: str, reader: Reader) -> dict[str, list[MarkRow]]:
    """The same for each page of a subject that has any, by the page's key."""
    is_of_it = func.substr(MarkRow.surface, 1, len(subject) + 1) == f"{subject}:"
    query = select(MarkRow).where(MarkRow.call_id == call_id, is_of_it, _visible(reader))
    found: dict[str, list[MarkRow]] = {}
    for row in session.exec(query.order_by(col(MarkRow.drawn_at), col(MarkRow.author), col(MarkRow.id))):
        found.setdefault(row.surface, []).append(row)
    return found


def counted(session: Session, call_id: str, reader: Reader) -> dict[str, int]:
    """How many marks somebody may see stand on each surface of a call, where any does."""
    query = select(MarkRow.surface, func.count()).where(MarkRow.call_id == call_id, _visible(reader))
    query = query.where(col(MarkRow.revision) % 2 == 1)  # drawn, see `drawing.Mark`
    return dict(session.exec(query.group_by(MarkRow.surface)).all())


def _visible(reader: Reader) -> ColumnElement[bool]:
    audiences = [Audience.ALL.value, *([Audience.STAFF.value] if reader.is_staff else [])]
    is_own = MarkRow.author == reader.identity
    is_there = or_(col(MarkRow.audience).in_(audiences), is_own)
    if reader.until is None:
        return is_there
    return and_(is_there, or_(MarkRow.changed_at <= reader.until, is_own))


def _of_author(session: Session, call_id: str, author: str, ids: list[str]) -> list[MarkRow]:
    query = select(MarkRow).where(MarkRow.call_id == call_id, MarkRow.author == author)
    return list(session.exec(query.where(col(MarkRow.id).in_(ids))))


def _check_room(session: Session, place: tuple[str, str], author: str, more: int) -> None:
    here = select(MarkRow.author, func.count()).where(
        MarkRow.call_id == place[0], MarkRow.surface == place[1]
    )
    counts = dict(session.exec(here.group_by(MarkRow.author)).all())
    is_full = counts.get(author, 0) + more > drawing.MAX_MARKS_OF_AUTHOR
    if is_full or sum(counts.values()) + more > drawing.MAX_MARKS_OF_SURFACE:
        raise MarksFull


def _row(place: tuple[str, str], author: Sender, mark: Mark, at: datetime) -> MarkRow:
    content = mark.content
    return MarkRow(
        call_id=place[0],
        author=author.identity,
        id=mark.id,
        surface=place[1],
        author_name=author.name,
        author_role=author.role.value,
        tool=content.tool.value,
        colour=content.colour.value,
        width=content.width,
        points=json.dumps(content.points, separators=(",", ":")),
        text=content.text,
        audience=content.audience.value,
        revision=mark.revision,
        drawn_at=at,
        changed_at=at,
    )
