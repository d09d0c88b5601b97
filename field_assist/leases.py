"""Which node does a thing that only one may do: for a while, renewed by whoever does it, free when they die.

It stands in the database, which all nodes write to anyhow, so that it holds also while they cannot talk to
each other; whoever acts asks for it in the transaction of the act. Their clocks may differ by less than it
lasts.
"""

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel

from field_assist.store import UtcDateTime, exclusive


class Lease(SQLModel, table=True):
    """Who has `name`, and until when."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True, max_length=32)
    holder: str = Field(max_length=32)
    until: datetime = Field(sa_type=UtcDateTime)


def hold(session: Session, name: str, holder: str, at: datetime, lasts: timedelta) -> bool:
    """Take or renew it; False while another has it."""
    exclusive(session, f"lease.{name}")
    row = session.get(Lease, name, populate_existing=True)
    if row is not None and row.holder != holder and row.until > at:
        return False
    session.merge(Lease(name=name, holder=holder, until=at + lasts))
    session.flush()
    return True


def release(session: Session, name: str, holder: str) -> None:
    """Let go of it, if one has it."""
    exclusive(session, f"lease.{name}")
    row = session.get(Lease, name, populate_existing=True)
    if row is not None and row.holder == holder:
        session.delete(row)
        session.flush()
