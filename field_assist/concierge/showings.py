"""案内 in a call (R22, R51): which card the resident was shown, by whom, from when to when, and who saw it.

A row holds its own copy of the card; nothing is written without a source. What staff take back (しまう) stays
on record and is no longer the resident's to read. A *look* is written once for each person, when the card
stands on their screen.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import cast

from sqlmodel import JSON, Column, Field, Session, SQLModel, col, func, select

from field_assist.calls import Sender
from field_assist.concierge.cards import Card, SourceMissing
from field_assist.identifiers import new_id
from field_assist.store import UtcDateTime, exclusive

MAX_CARDS = 60


class CardUnknown(Exception):
    """No such card, or none this person may know of."""


class CardsFull(Exception):
    """The call holds as many cards as it may."""


class ShownCard(SQLModel, table=True):
    """One card before the guests of a call, until `put_away_at`."""

    __tablename__ = "shown_card"

    id: str = Field(primary_key=True, max_length=26)
    call_id: str = Field(foreign_key="call.id", index=True, max_length=26)
    kind: str = Field(max_length=10)
    entry_key: str = Field(max_length=110)
    content: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))
    shown_by: str = Field(max_length=40)
    shown_name: str
    shown_post: str
    shown_at: datetime = Field(sa_type=UtcDateTime)
    put_away_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    put_away_by: str | None = Field(default=None, max_length=40)

    @property
    def card(self) -> Card:
        """What it says."""
        return cast(Card, self.content)  # written by `show` alone

    @property
    def is_open(self) -> bool:
        """Whether it is still the guests' to read."""
        return self.put_away_at is None


class CardLook(SQLModel, table=True):
    """Somebody had the card on their screen, first at `seen_at`."""

    __tablename__ = "card_look"

    card_id: str = Field(primary_key=True, foreign_key="shown_card.id", max_length=26)
    identity: str = Field(primary_key=True, max_length=40)
    name: str
    seen_at: datetime = Field(sa_type=UtcDateTime)


def show(session: Session, call_id: str, card: Card, by: Sender, post: str, at: datetime) -> ShownCard | None:
    """Put it before the guests; None where it stands there already. Raises SourceMissing, CardsFull."""
    if not card["owner"].strip():
        raise SourceMissing
    exclusive(session, f"cards.{call_id}")
    query = select(ShownCard).where(
        ShownCard.call_id == call_id,
        ShownCard.kind == card["kind"],
        ShownCard.entry_key == card["id"],
        col(ShownCard.put_away_at).is_(None),
    )
    if session.exec(query).first() is not None:
        return None
    count = select(func.count()).select_from(ShownCard).where(ShownCard.call_id == call_id)
    if session.exec(count).one() >= MAX_CARDS:
        raise CardsFull
    row = ShownCard(
        id=new_id(at),
        call_id=call_id,
        kind=card["kind"],
        entry_key=card["id"],
        content=dict(card),
        shown_by=by.identity,
        shown_name=by.name,
        shown_post=post,
        shown_at=at,
    )
    session.add(row)
    session.flush()
    return row


def put_away(session: Session, row: ShownCard, by: str, at: datetime) -> bool:
    """Take it back; False when it was taken back already."""
    if row.put_away_at is not None:
        return False
    row.put_away_at, row.put_away_by = at, by
    session.add(row)
    session.flush()
    return True


def see(session: Session, row: ShownCard, by: Sender, at: datetime) -> bool:
    """Somebody has it on their screen; False when that was known."""
    exclusive(session, f"card_look.{row.id}")
    if session.get(CardLook, (row.id, by.identity)) is not None:
        return False
    session.add(CardLook(card_id=row.id, identity=by.identity, name=by.name, seen_at=at))
    session.flush()
    return True


def by_id(session: Session, call_id: str, card_id: str) -> ShownCard:
    """One card of a call; raises CardUnknown."""
    row = session.get(ShownCard, card_id)
    if row is None or row.call_id != call_id:
        raise CardUnknown
    return row


def of_calls(session: Session, call_ids: Collection[str]) -> list[ShownCard]:
    """All cards of these calls, oldest first."""
    query = select(ShownCard).where(col(ShownCard.call_id).in_(call_ids))
    return list(session.exec(query.order_by(col(ShownCard.shown_at), col(ShownCard.id))))


def looks(session: Session, card_ids: Collection[str]) -> dict[str, list[CardLook]]:
    """Who saw these cards, first to last, by card."""
    query = select(CardLook).where(col(CardLook.card_id).in_(card_ids))
    found: dict[str, list[CardLook]] = {card_id: [] for card_id in card_ids}
    for look in session.exec(query.order_by(col(CardLook.seen_at), col(CardLook.identity))):
        found[look.card_id].append(look)
    return found


def for_guests(rows: Iterable[ShownCard], held_since: datetime | None) -> list[ShownCard]:
    """What is the guests' to read: nothing that was taken back, and on hold nothing that came later."""
    return [row for row in rows if row.is_open and (held_since is None or row.shown_at <= held_since)]
