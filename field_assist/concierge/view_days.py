"""How many people looked at a record on a day, in the database: numbers alone, kept for five weeks."""

from collections.abc import Iterator
from datetime import date

from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, delete, select, update

from field_assist.concierge.entries import Key, Kind
from field_assist.concierge.trending import ViewDay, since


class ServiceViewDay(SQLModel, table=True):
    """One record on one day of Japan's; of who looked, nothing."""

    __tablename__ = "service_view_day"
    __table_args__ = (UniqueConstraint("day", "kind", "owner_code", "entry_id"),)

    id: int | None = Field(default=None, primary_key=True)
    day: date = Field(index=True)
    kind: str = Field(max_length=12)
    owner_code: str = Field(max_length=6)
    entry_id: str = Field(max_length=100)
    viewers: int


def count(session: Session, key: Key, day: date) -> None:
    """One viewer more."""
    counted = update(ServiceViewDay).where(
        col(ServiceViewDay.day) == day,
        col(ServiceViewDay.kind) == key.kind.value,
        col(ServiceViewDay.owner_code) == key.owner_code,
        col(ServiceViewDay.entry_id) == key.entry_id,
    )
    if session.exec(counted.values(viewers=ServiceViewDay.viewers + 1)).rowcount:
        return
    row = ServiceViewDay(
        day=day, kind=key.kind.value, owner_code=key.owner_code, entry_id=key.entry_id, viewers=1
    )
    session.add(row)


def all_since(session: Session, day: date) -> Iterator[ViewDay]:
    """What was counted on this day and after it."""
    for row in session.exec(select(ServiceViewDay).where(ServiceViewDay.day >= day)):
        yield ViewDay(Key(Kind(row.kind), row.owner_code, row.entry_id), row.day, row.viewers)


def forget_old(session: Session, today: date) -> None:
    """Housekeeping: what no trend needs any more."""
    session.exec(delete(ServiceViewDay).where(col(ServiceViewDay.day) < since(today)))
