"""What is presented in a call, by whom and from when to when, and who looked at what and when.

One surface is presented at a time; every turn of a page is a row of its own, so the rows are the history of
what everybody was shown. A *view* is one person's look at one surface, reported by their page once it is on
the screen, until the next one: who saw which page of which version when. Whether a guest is shown a row is
said by its audience and, while the call is on hold, by whether it is older than the hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Index, Session, SQLModel, col, func, select

from field_assist.calls import Sender
from field_assist.drawing import Audience
from field_assist.identifiers import new_id
from field_assist.store import UtcDateTime, exclusive
from field_assist.surfaces import Surface, SurfaceKind, parse


class Presentation(SQLModel, table=True):
    """A surface in front of everybody, or of staff only. `serial` counts within the call, turns included."""

    __tablename__ = "presentation"

    call_id: str = Field(primary_key=True, foreign_key="call.id", max_length=26)
    serial: int = Field(primary_key=True)
    surface: str = Field(max_length=120)
    audience: str = Field(max_length=5)
    presenter: str = Field(max_length=40)
    presenter_name: str
    presenter_role: str
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SurfaceView(SQLModel, table=True):
    """One person's look at one surface; open until `ended_at`."""

    __tablename__ = "surface_view"
    __table_args__ = (Index("ix_surface_view_call_identity", "call_id", "identity"),)

    id: str = Field(primary_key=True, max_length=26)
    call_id: str = Field(foreign_key="call.id", max_length=26)
    surface: str = Field(max_length=120)
    identity: str = Field(max_length=40)
    name: str
    role: str
    seen_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Paper:
    """What was not printed (R13): pages of documents, and how often each was opened by another person."""

    pages: int
    people: int
    opened: int


def present(
    session: Session, call_id: str, surface: Surface, audience: Audience, by: Sender, at: datetime
) -> Presentation:
    """Put a surface in front of the call; what was there ends."""
    exclusive(session, f"presentation.{call_id}")
    last = session.exec(
        select(Presentation).where(Presentation.call_id == call_id).order_by(col(Presentation.serial).desc())
    ).first()
    if last is not None and last.ended_at is None:
        last.ended_at = at
        session.add(last)
    row = Presentation(
        call_id=call_id,
        serial=last.serial + 1 if last is not None else 1,
        surface=surface.key,
        audience=audience.value,
        presenter=by.identity,
        presenter_name=by.name,
        presenter_role=by.role.value,
        started_at=at,
    )
    session.add(row)
    session.flush()
    return row


def stop(session: Session, call_id: str, at: datetime) -> bool:
    """Take away what is presented; False where nothing is."""
    exclusive(session, f"presentation.{call_id}")
    row = current(session, call_id)
    if row is None:
        return False
    row.ended_at = at
    session.add(row)
    session.flush()
    return True


def current(session: Session, call_id: str) -> Presentation | None:
    """What is presented now."""
    query = select(Presentation).where(Presentation.call_id == call_id, col(Presentation.ended_at).is_(None))
    return session.exec(query.order_by(col(Presentation.serial).desc())).first()


def history(session: Session, call_id: str) -> list[Presentation]:
    """All that was presented in a call, oldest first."""
    query = select(Presentation).where(Presentation.call_id == call_id)
    return list(session.exec(query.order_by(col(Presentation.serial))))


def for_guests(rows: Iterable[Presentation], held_since: datetime | None) -> list[Presentation]:
    """What guests were shown: never what was for staff, and on hold nothing that began later."""
    return [
        row
        for row in rows
        if row.audience == Audience.ALL and (held_since is None or row.started_at <= held_since)
    ]


def shown_to_guests(rows: Iterable[Presentation], held_since: datetime | None) -> Presentation | None:
    """What stands before guests now: on hold, what stood there when it began."""
    shown = [
        row
        for row in for_guests(rows, held_since)
        if row.ended_at is None or (held_since is not None and row.ended_at > held_since)
    ]
    return shown[-1] if shown else None


def see(session: Session, call_id: str, surface: str | None, by: Sender, at: datetime) -> bool:
    """Somebody looks at a surface now, and no longer at another; None = at none. Whether that is news."""
    exclusive(session, f"views.{call_id}")
    mine = select(SurfaceView).where(
        SurfaceView.call_id == call_id,
        SurfaceView.identity == by.identity,
        col(SurfaceView.ended_at).is_(None),
    )
    open_ones = list(session.exec(mine))
    for row in open_ones:
        if row.surface != surface:
            row.ended_at = at
            session.add(row)
    is_new = surface is not None and all(row.surface != surface for row in open_ones)
    if surface is not None and is_new:
        session.add(
            SurfaceView(
                id=new_id(at),
                call_id=call_id,
                surface=surface,
                identity=by.identity,
                name=by.name,
                role=by.role.value,
                seen_at=at,
            )
        )
    session.flush()
    return is_new or any(row.surface != surface for row in open_ones)


def looking(session: Session, call_id: str) -> list[SurfaceView]:
    """Who looks at what now."""
    query = select(SurfaceView).where(SurfaceView.call_id == call_id, col(SurfaceView.ended_at).is_(None))
    return list(session.exec(query.order_by(col(SurfaceView.seen_at), col(SurfaceView.id))))


def views(session: Session, call_id: str) -> list[SurfaceView]:
    """Who looked at what, oldest first."""
    query = select(SurfaceView).where(SurfaceView.call_id == call_id)
    return list(session.exec(query.order_by(col(SurfaceView.seen_at), col(SurfaceView.id))))


def paper(session: Session, call_ids: list[str]) -> Paper:
    """Pages of documents that were opened in these calls; a page counts once for each person in each call."""
    query = select(SurfaceView.call_id, SurfaceView.surface, SurfaceView.identity).where(
        col(SurfaceView.call_id).in_(call_ids),
        func.substr(SurfaceView.surface, 1, 5) == f"{SurfaceKind.PAGE.value}:",
    )
    found = {(call, surface, identity) for call, surface, identity in session.exec(query.distinct())}
    return Paper(
        pages=len({(call, parse(surface).key) for call, surface, _ in found}),
        people=len({identity for _, _, identity in found}),
        opened=len(found),
    )
