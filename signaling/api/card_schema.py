"""The words of cards: what a resident was shown of the concierge, in the REST interface."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, StringConstraints

from field_assist import concierge
from signaling.api.schema import Request, Text

CardLook: TypeAlias = concierge.showings.CardLook
ShownCard: TypeAlias = concierge.showings.ShownCard
ShownKind = Literal["programme", "facility", "event", "work", "licence"]
FoundBy = Literal["typed", "talk", "document", "choice"]
Typed = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=400)]


class ServiceShown(Request):
    """Which service is shown to everybody in a call, and how staff came upon it.

    `words` are those that staff typed, empty otherwise: what was said or is presented the server knows.
    """

    id: Annotated[str, StringConstraints(min_length=1, max_length=110)]
    kind: ShownKind
    found_by: FoundBy = "choice"
    words: Typed = ""


class CardLine(BaseModel):
    """One line: a day, words of the list, or both; the client has the words for `label`."""

    label: concierge.cards.Line
    day: date | None
    text: str


class CardReading(BaseModel):
    """What it is called and what it is, in one language."""

    language: Literal["ja", "ja-easy", "en"]
    title: str
    summary: str


class CardReason(BaseModel):
    """Why it is shown: a reason of the search with its words, or that a member of staff chose it."""

    why: Literal["need", "words", "meaning", "open_then", "linked", "staff"]
    words: str


class ServiceCard(BaseModel):
    """What a resident is shown; `readings` always has Japanese, `reasons` and `owner` are never empty.

    `is_old`: its owner did not look at it for a year, or never said when.
    """

    id: str
    kind: ShownKind
    readings: list[CardReading]
    lines: list[CardLine]
    reasons: list[CardReason]
    owner: str
    updated: date | None
    is_old: bool
    contact: str
    phone: str
    url: str
    place: str
    latitude: float | None
    longitude: float | None


class CardSeen(BaseModel):
    """Who had it on their screen, and since when."""

    name: str
    at: datetime


class CallCard(BaseModel):
    """A card in a call. Guests are told of their own look only; `put_away_at`: staff took it back."""

    card_id: str
    card: ServiceCard
    shown_at: datetime
    presenter: str
    """The identity in the call of who shows it."""
    shown_by: str
    shown_post: str
    seen: list[CardSeen]
    put_away_at: datetime | None


class CallCards(BaseModel):
    """Cards of a call, in the order in which they were shown."""

    cards: list[CallCard]


class LinkCards(BaseModel):
    """The cards of a call for whoever holds an invitation to it, until `until`."""

    cards: list[CallCard]
    until: datetime | None


def card_view(card: concierge.cards.Card, today: date) -> ServiceCard:
    """A card as pages get it."""
    return ServiceCard(
        id=card["id"],
        kind=card["kind"],
        readings=[
            CardReading(language=language.value, **card["readings"][language])
            for language in concierge.cards.Language
            if language in card["readings"]
        ],
        lines=[
            CardLine(
                label=concierge.cards.Line(line["label"]),
                day=date.fromisoformat(line["day"]) if line["day"] else None,
                text=line["text"],
            )
            for line in card["lines"]
        ],
        reasons=[CardReason.model_validate(reason) for reason in card["reasons"]],
        owner=card["owner"],
        updated=date.fromisoformat(card["updated"]) if card["updated"] else None,
        is_old=concierge.cards.is_old(card, today),
        contact=card["contact"],
        phone=card["phone"],
        url=card["url"],
        place=card["place"],
        latitude=card["latitude"],
        longitude=card["longitude"],
    )


def call_card(row: ShownCard, looks: Sequence[CardLook], today: date) -> CallCard:
    """A card with who saw it."""
    return CallCard(
        card_id=row.id,
        card=card_view(row.card, today),
        shown_at=row.shown_at,
        presenter=row.shown_by,
        shown_by=row.shown_name,
        shown_post=row.shown_post,
        seen=[CardSeen(name=look.name, at=look.seen_at) for look in looks],
        put_away_at=row.put_away_at,
    )


def call_cards(
    rows: Sequence[ShownCard],
    looks: Mapping[str, Sequence[CardLook]],
    today: date,
) -> list[CallCard]:
    """All of them."""
    return [call_card(row, looks.get(row.id, ()), today) for row in rows]
