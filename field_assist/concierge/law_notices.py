"""制度改正: what keepers of the catalogue tell of a change of the law, to whom, and how far that went.

A notice is a draft until it is sent; then the round of notices tells everybody whom it concerns once, page by
page, each page and how far it is in one transaction. Nothing is kept, and so nothing sent, without its
source: where it is written, since when, and from when it is in force.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import JSON, Column, Field, Session, SQLModel, and_, col, func, or_, select
from sqlmodel.sql.expression import Select

from field_assist.concierge.entries import Source
from field_assist.concierge.following import Draft, Topic
from field_assist.concierge.notice_plan import Urgency
from field_assist.concierge.notice_words import law_said
from field_assist.concierge.subscribers import FollowRow, Notice, NoticeState, State, Subscriber
from field_assist.store import UtcDateTime, exclusive
from field_assist.work_hours import JST

LAWS = "law_notices"
SOON = timedelta(days=14)
SHOWN = 50


class LawUnknown(Exception):
    """No such notice."""


class LawSent(Exception):
    """It was sent or withdrawn, and is no draft any more."""


class LawReachesFewer(Exception):
    """Fewer are reached now than was said: somebody looks again first."""


class LawState(StrEnum):
    """How a notice of a change of the law stands."""

    DRAFT = "draft"
    SENDING = "sending"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


class LawNotice(SQLModel, table=True):
    """One of them. `titles` and `texts` are by language, Japanese always; `told_until` is who was told last.

    It concerns who holds one of the `licences` (keys of entries), and who follows one of the `categories`
    in `area` (a municipality's code, "" for all).
    """

    __tablename__ = "law_notice"

    id: str = Field(primary_key=True, max_length=26)
    state: str = Field(index=True, max_length=9)
    titles: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    texts: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    in_force_on: date
    basis: str
    source: str
    source_url: str
    source_on: date
    contact: str
    phone: str
    licences: list[str] = Field(sa_column=Column(JSON, nullable=False))
    categories: list[str] = Field(sa_column=Column(JSON, nullable=False))
    area: str = Field(max_length=6)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_until: str = Field(default="", max_length=26)
    previewed: int = 0
    reached: int = 0
    """How many were told, without those who receive it on somebody's behalf."""

    @property
    def item(self) -> str:
        """What its notices are about."""
        return f"law/{self.id}"

    def words(self, language: str) -> tuple[str, str]:
        """Title and text, in Japanese where it is not whole in this language."""
        found = language if self.titles.get(language) and self.texts.get(language) else "ja"
        return self.titles[found], self.texts[found]


@dataclass(frozen=True, slots=True)
class Audience:
    """How many people a notice reaches now at least, by the language they read."""

    languages: Mapping[str, int]

    @property
    def people(self) -> int:
        """All of them."""
        return sum(self.languages.values())


def add(session: Session, row: LawNotice) -> LawNotice:
    """A new draft."""
    session.add(row)
    session.flush()
    return row


def by_id(session: Session, law_id: str) -> LawNotice:
    """One; raises LawUnknown."""
    row = session.get(LawNotice, law_id, populate_existing=True)
    if row is None:
        raise LawUnknown
    return row


def draft_of(session: Session, law_id: str) -> LawNotice:
    """One that was not sent yet, until the transaction ends; raises LawUnknown and LawSent."""
    exclusive(session, LAWS)
    row = by_id(session, law_id)
    if row.state != LawState.DRAFT:
        raise LawSent
    return row


def change(session: Session, row: LawNotice, written: LawNotice) -> None:
    """Another wording, source or audience for a draft."""
    for name in LawNotice.model_fields:
        if name not in ("id", "state"):
            setattr(row, name, getattr(written, name))
    session.add(row)
    session.flush()


def audience(session: Session, row: LawNotice) -> Audience:
    """Whom it would reach now; who switched that kind off is left out, proxies come on top."""
    found: dict[str, str] = {}
    for person, kept in session.exec(_concerned(row)):
        if kept.topic not in person.switched_off:
            found[person.id] = person.language
    return Audience(Counter(found.values()))


def send(session: Session, row: LawNotice, previewed: int, at: datetime) -> None:
    """Let the round tell it; raises LawReachesFewer than whoever sends it was told."""
    if audience(session, row).people < previewed:
        raise LawReachesFewer
    row.state, row.sent_at, row.previewed = LawState.SENDING.value, at, previewed
    session.add(row)
    session.flush()


def sending(session: Session) -> list[str]:
    """Which are to be told, the oldest first."""
    query = select(LawNotice.id).where(LawNotice.state == LawState.SENDING.value)
    return list(session.exec(query.order_by(col(LawNotice.id))))


def page(session: Session, row: LawNotice, limit: int) -> list[tuple[Subscriber, FollowRow]]:
    """The next people, each with the nearest reason of theirs that is not switched off; at most `limit`."""
    query = _concerned(row).where(col(Subscriber.id) > row.told_until)
    query = query.order_by(col(Subscriber.id), col(FollowRow.topic).desc(), col(FollowRow.id))
    found: dict[str, tuple[Subscriber, FollowRow]] = {}
    for person, kept in session.exec(query):
        if kept.topic in person.switched_off:
            continue
        if person.id not in found and len(found) == limit:
            break
        found.setdefault(person.id, (person, kept))
    return list(found.values())


def draft(row: LawNotice, kept: FollowRow, language: str, at: datetime) -> Draft:
    """What one person is told."""
    title, text = row.words(language)
    is_soon = row.in_force_on <= (at.astimezone(JST) + SOON).date()
    follow = kept.follow
    return Draft(
        topic=follow.topic,
        item=row.item,
        change="sent",
        told=law_said(
            (title, text), (row.in_force_on, row.basis), follow.label or follow.key, follow.topic, language
        ),
        source=Source(row.source, "", "", at, row.source_on),
        urgency=Urgency.SOON if is_soon else Urgency.DIGEST,
        made_at=at,
        contact=row.contact,
        phone=row.phone,
        url=row.source_url,
        rank=1,
    )


def have_told(session: Session, row: LawNotice, until: str, told: int) -> None:
    """So many more were told, up to this person; "" ends it."""
    row.reached += told
    if until:
        row.told_until = until
    else:
        row.state = LawState.SENT.value
    session.add(row)
    session.flush()


def withdraw(session: Session, row: LawNotice) -> None:
    """Nobody more is told; raises LawSent for what was withdrawn before, or never sent."""
    if row.state not in (LawState.SENDING, LawState.SENT):
        raise LawSent
    row.state = LawState.WITHDRAWN.value
    session.add(row)
    session.flush()


def newest(session: Session) -> list[LawNotice]:
    """The last ones, newest first."""
    return list(session.exec(select(LawNotice).order_by(col(LawNotice.id).desc()).limit(SHOWN)))


def counts(session: Session, items: Collection[str]) -> dict[str, Counter[NoticeState]]:
    """How the notices of each stand, proxies included, while notices are kept."""
    query = select(Notice.item, Notice.state, func.count()).where(col(Notice.item).in_(items))
    found: dict[str, Counter[NoticeState]] = {}
    for item, state, number in session.exec(query.group_by(Notice.item, Notice.state)):
        found.setdefault(item, Counter())[NoticeState(state)] = number
    return found


def _concerned(row: LawNotice) -> Select[Subscriber, FollowRow]:
    topic, key, area = col(FollowRow.topic), col(FollowRow.key), col(FollowRow.area)
    holds: ColumnElement[bool] = and_(topic == Topic.LICENCE.value, key.in_(row.licences))
    follows: ColumnElement[bool] = and_(topic == Topic.CATEGORY.value, key.in_(row.categories))
    if row.area:
        follows = and_(follows, area.in_(["", row.area]))
    query = select(Subscriber, FollowRow).where(col(FollowRow.subscriber_id) == Subscriber.id)
    return query.where(Subscriber.state == State.CONFIRMED.value, or_(holds, follows))
