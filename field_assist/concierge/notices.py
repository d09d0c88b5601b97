"""What residents are told: each notice once, planned and mailed in one transaction, and how its mail went.

A notice exists once for a person, a thing and a change: the database refuses a second one. Whoever plans for
somebody notes what goes out in the transaction that puts the mail into the outbox, so a crash finds either
both or neither. What surely did not leave waits again; of what is unclear nothing is sent a second time.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from sqlalchemy import ColumnElement
from sqlmodel import Field, Session, SQLModel, and_, col, delete, or_, select, update

from field_assist.concierge import notice_plan, subscribers
from field_assist.concierge.entries import Entry, Kind
from field_assist.concierge.following import Change, Draft, Topic, entry_key
from field_assist.concierge.notice_plan import Plan, Urgency, Waiting
from field_assist.concierge.notice_words import for_proxy
from field_assist.concierge.subscribers import (
    Channel,
    FollowRow,
    Notice,
    NoticeState,
    State,
    Subscriber,
    waiting,
)
from field_assist.identifiers import new_id
from field_assist.store import UtcDateTime
from field_assist.work_hours import JST

MAILINGS_KEPT = timedelta(days=365)
BOUNCES = 2
"""After so many mails that came back nothing more is sent."""
_BOX = 0.1
"""Degrees around a work, more than the largest radius anybody can choose; the exact distance comes after."""


class EntrySource(Protocol):
    """The catalogue, as notices read it."""

    def entries(self, session: Session, kinds: Collection[Kind]) -> Iterable[Entry]:
        """All present entries of these kinds."""

    def entry(self, session: Session, key: str) -> Entry | None:
        """The present entry with this key (`following.entry_key`)."""

    def changes_since(self, session: Session, since: datetime) -> Iterable[Change]:
        """What became new or different after this moment, oldest first."""

    def version(self, session: Session) -> str:
        """Another one whenever an entry became different."""


class MailingState(StrEnum):
    """How a mailing went. `LEAVING`: a push that is handed over right now; `UNCLEAR`: a crash between sending
    and noting; it is not sent again.
    """

    OUT = "out"
    LEAVING = "leaving"
    SENT = "sent"
    MISSED = "missed"
    UNCLEAR = "unclear"
    REFUSED = "refused"


COUNTED = tuple(
    state.value for state in (MailingState.OUT, MailingState.LEAVING, MailingState.SENT, MailingState.UNCLEAR)
)
"""Mails that the person has, or may have."""


class Mailing(SQLModel, table=True):
    """One mail, or push, of notices to one person: the audit of every sending, without address and words.

    A push is sent from here, not before `due_at` and not after `until`; a mail waits in the outbox.
    """

    __tablename__ = "notice_mailing"

    id: str = Field(primary_key=True, max_length=26)
    subscriber_id: str = Field(foreign_key="subscriber.id", index=True, max_length=26)
    at: datetime = Field(sa_type=UtcDateTime)
    is_digest: bool
    count: int
    state: str = Field(index=True, max_length=8)
    channel: str = Field(default=Channel.MAIL.value, max_length=4)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0


class Progress(SQLModel, table=True):
    """How far the changes of the catalogue were read."""

    __tablename__ = "notice_progress"

    name: str = Field(primary_key=True, max_length=20)
    read_until: datetime = Field(sa_type=UtcDateTime)


def tell(session: Session, row: Subscriber, made: Draft, follow_id: str) -> Notice | None:
    """Put it down for them; None when this change of this thing was told before, or its kind is off.

    Whoever receives that kind on their behalf is told the same, once as well.
    """
    if made.topic in row.switched_off:
        return None
    notice = _tell(session, row, made, follow_id)
    for proxy in subscribers.proxies(session, row.id) if notice is not None else ():
        if made.topic in proxy.proxy_topics and proxy.is_proxy_on(made.made_at.astimezone(JST).date()):
            told_as = replace(made.told, reason=for_proxy(made.told.reason, row.language))
            _tell(session, proxy, replace(made, told=told_as), follow_id)
    return notice


def _tell(session: Session, row: Subscriber, made: Draft, follow_id: str) -> Notice | None:
    once = hashlib.sha256("\0".join((row.id, made.item, made.change)).encode()).hexdigest()
    is_known = session.exec(select(Notice.id).where(Notice.once == once)).first() is not None
    if is_known or row.state != State.CONFIRMED or made.topic in row.switched_off:
        return None
    notice = Notice(
        id=new_id(made.made_at),
        subscriber_id=row.id,
        follow_id=follow_id,
        once=once,
        topic=made.topic.value,
        item=made.item,
        change=made.change,
        title=made.told.title,
        text="\n".join(made.told.lines),
        reason=made.told.reason,
        source=made.source.owner,
        source_day=made.source.updated,
        contact=made.contact,
        phone=made.phone,
        url=made.url,
        urgency=made.urgency.value,
        rank=made.rank,
        made_at=made.made_at,
        expires_at=made.expires_at,
        state=NoticeState.WAITING.value,
    )
    session.add(notice)
    row.look_at = made.made_at if row.look_at is None else min(row.look_at, made.made_at)
    session.add(row)
    session.flush()
    return notice


def told(session: Session, subscriber_id: str, limit: int = 30) -> list[Notice]:
    """What they were told, newest first; what came to nothing is left out, but for slots that were free."""
    query = select(Notice).where(Notice.subscriber_id == subscriber_id)
    is_told = col(Notice.state).in_([NoticeState.MAILED.value, NoticeState.LISTED.value])
    query = query.where(or_(is_told, Notice.topic == Topic.SLOT.value))
    return list(session.exec(query.order_by(col(Notice.id).desc()).limit(limit)))


def due(session: Session, at: datetime, limit: int) -> list[Subscriber]:
    """For whom something is to be planned, the longest first."""
    query = select(Subscriber).where(Subscriber.state == State.CONFIRMED.value, col(Subscriber.look_at) <= at)
    return list(session.exec(query.order_by(col(Subscriber.look_at)).limit(limit)))


def planned(session: Session, row: Subscriber, at: datetime) -> tuple[Plan, dict[str, Notice]]:
    """What this person gets now by the rules, and all that waits for them by id."""
    open_notices = {notice.id: notice for notice in waiting(session, row.id)}
    mailed = session.exec(
        select(Mailing.at).where(
            Mailing.subscriber_id == row.id,
            col(Mailing.at) > at - notice_plan.WEEK,
            col(Mailing.state).in_(COUNTED),
        )
    )
    things = [
        Waiting(each.id, Urgency(each.urgency), each.made_at, each.expires_at, each.rank)
        for each in open_notices.values()
    ]
    plan = notice_plan.plan(row.rhythm, things, list(mailed), at)
    return plan, open_notices


def carry_out(
    session: Session,
    row: Subscriber,
    planned: tuple[Plan, Mapping[str, Notice]],
    mailing: tuple[str, Channel],
    at: datetime,
) -> None:
    """Note what was planned, in the transaction that puts the mail into the outbox."""
    (plan, open_notices), (mailing_id, channel) = planned, mailing
    states = {each: NoticeState.MAILED for each in plan.send}
    states |= {each: NoticeState.LISTED for each in plan.left_out}
    states |= {each: NoticeState.EXPIRED for each in plan.expired}
    for notice_id, state in states.items():
        notice = open_notices[notice_id]
        notice.mailing_id = mailing_id if state is NoticeState.MAILED else None
        notice.state = state.value
        session.add(notice)
    if plan.send:
        session.add(
            Mailing(
                id=mailing_id,
                subscriber_id=row.id,
                at=at,
                is_digest=plan.is_digest,
                count=len(plan.send),
                state=MailingState.OUT.value,
                channel=channel.value,
                until=plan.until,
                due_at=at,
            )
        )
    row.look_at = plan.look_at
    session.add(row)
    session.flush()


def out(session: Session, after: str, limit: int) -> list[str]:
    """The ids of mails of which it is not noted yet how they went, in order."""
    query = select(Mailing.id).where(Mailing.state == MailingState.OUT.value, col(Mailing.id) > after)
    query = query.where(Mailing.channel == Channel.MAIL.value)
    return list(session.exec(query.order_by(col(Mailing.id)).limit(limit)))


def out_of(session: Session, subscriber_id: str) -> list[str]:
    """The mailings of one person that may still be on their way."""
    query = select(Mailing.id).where(Mailing.state == MailingState.OUT.value)
    return list(session.exec(query.where(Mailing.subscriber_id == subscriber_id)))


def claim_pushes(session: Session, at: datetime, claim: timedelta, limit: int) -> list[Mailing]:
    """Pushes to send now, for whoever asks first; late ones wait for another plan, lost ones are unclear."""
    is_push = Mailing.channel == Channel.PUSH.value
    is_due = col(Mailing.due_at) <= at
    for lost in session.exec(
        select(Mailing).where(is_push, Mailing.state == MailingState.LEAVING.value, is_due)
    ):
        settle(session, lost, MailingState.UNCLEAR, at)
    waiting_ones = select(Mailing).where(is_push, Mailing.state == MailingState.OUT.value)
    for late in session.exec(waiting_ones.where(col(Mailing.until) <= at)):
        settle(session, late, MailingState.MISSED, at)
    rows = list(session.exec(waiting_ones.where(is_due).order_by(col(Mailing.id)).limit(limit)))
    for row in rows:
        row.state, row.due_at, row.tries = MailingState.LEAVING.value, at + claim, row.tries + 1
        session.add(row)
    session.flush()
    return rows


def later(session: Session, mailing: Mailing, at: datetime, wait: timedelta) -> None:
    """No push service took it; another try comes."""
    mailing.state, mailing.due_at = MailingState.OUT.value, at + wait
    session.add(mailing)
    session.flush()


def of_mailing(session: Session, mailing_id: str) -> list[Notice]:
    """What a mailing tells, the most important first."""
    query = select(Notice).where(Notice.mailing_id == mailing_id)
    return list(session.exec(query.order_by(col(Notice.rank), col(Notice.id))))


def end(session: Session, items: Collection[str], at: datetime) -> list[str]:
    """These things are over: what waits of them is never sent. Answers mails that may be on their way."""
    mailings = []
    for notice in session.exec(
        select(Notice).where(col(Notice.item).in_(items), col(Notice.ended_at).is_(None))
    ):
        notice.ended_at = at
        notice.expires_at = at if notice.expires_at is None else min(at, notice.expires_at)
        if notice.state == NoticeState.WAITING:
            notice.state = NoticeState.EXPIRED.value
        elif notice.mailing_id is not None:
            mailings.append(notice.mailing_id)
        session.add(notice)
    session.flush()
    query = select(Mailing).where(col(Mailing.id).in_(mailings), Mailing.state == MailingState.OUT.value)
    on_their_way = list(session.exec(query))
    for mailing in on_their_way:
        if mailing.channel == Channel.PUSH:
            settle(session, mailing, MailingState.MISSED, at)
    return [mailing.id for mailing in on_their_way if mailing.channel == Channel.MAIL]


def have_arrived(session: Session, mailing_ids: Collection[str]) -> None:
    """The mail server took all of these."""
    sent = update(Mailing).where(col(Mailing.id).in_(mailing_ids))
    session.exec(sent.values(state=MailingState.SENT.value))
    whose = select(Mailing.subscriber_id).where(col(Mailing.id).in_(mailing_ids))
    bounced = update(Subscriber).where(col(Subscriber.id).in_(whose), col(Subscriber.bounces) > 0)
    session.exec(bounced.values(bounces=0))


def settle(session: Session, mailing: Mailing, state: MailingState, at: datetime) -> None:
    """Note how it went: what surely did not leave waits again, and an address that refuses is left alone."""
    mailing.state = state.value
    session.add(mailing)
    row = session.get_one(Subscriber, mailing.subscriber_id)
    if state is MailingState.SENT:
        row.bounces = 0
    if state is MailingState.REFUSED:
        row.bounces += 1
        row.state = State.BOUNCED.value if row.bounces >= BOUNCES else row.state
    if state is MailingState.MISSED:
        for notice in session.exec(select(Notice).where(Notice.mailing_id == mailing.id)):
            notice.mailing_id = None
            notice.state = NoticeState.WAITING.value
            session.add(notice)
        row.look_at = at
    session.add(row)
    session.flush()


def followers(session: Session, change: Change, after: str, limit: int) -> list[tuple[Subscriber, FollowRow]]:
    """Confirmed people by id with what of theirs this change could concern; nobody is cut in two."""
    query = (
        select(Subscriber, FollowRow)
        .where(col(FollowRow.subscriber_id) == Subscriber.id, Subscriber.state == State.CONFIRMED.value)
        .where(col(Subscriber.id) > after, or_(*_concerned(change.entry)))
        .order_by(col(Subscriber.id), col(FollowRow.id))
    )
    rows = list(session.exec(query.limit(limit)))
    if len(rows) < limit:
        return rows
    last = rows[-1][0].id
    return [row for row in rows if row[0].id != last]


def waiting_for_slots(
    session: Session, facility: str, after: str, limit: int
) -> list[tuple[Subscriber, FollowRow]]:
    """Confirmed people who wait for a slot of this facility, by the id of what they follow."""
    query = (
        select(Subscriber, FollowRow)
        .where(col(FollowRow.subscriber_id) == Subscriber.id, Subscriber.state == State.CONFIRMED.value)
        .where(FollowRow.key == facility, FollowRow.topic == Topic.SLOT.value, col(FollowRow.id) > after)
    )
    return list(session.exec(query.order_by(col(FollowRow.id)).limit(limit)))


def holders(session: Session, today: date, limit: int) -> list[tuple[Subscriber, FollowRow]]:
    """Confirmed people with a licence whose day to look at has come."""
    query = (
        select(Subscriber, FollowRow)
        .where(col(FollowRow.subscriber_id) == Subscriber.id, Subscriber.state == State.CONFIRMED.value)
        .where(col(FollowRow.check_on) <= today)
    )
    return list(session.exec(query.order_by(col(FollowRow.id)).limit(limit)))


def checked(session: Session, kept: FollowRow, next_on: date | None) -> None:
    """A licence was looked at; the next time is then."""
    kept.check_on = next_on
    session.add(kept)
    session.flush()


def read_until(session: Session, name: str, at: datetime) -> datetime:
    """How far `name` was read; what was before the first question counts as read."""
    row = session.get(Progress, name)
    if row is None:
        row = Progress(name=name, read_until=at)
        session.add(row)
        session.flush()
    return row.read_until


def have_read(session: Session, name: str, until: datetime) -> None:
    """It was read up to here."""
    row = session.get_one(Progress, name)
    row.read_until = max(row.read_until, until)
    session.add(row)
    session.flush()


def forget_old(session: Session, at: datetime) -> None:
    """Housekeeping: the audit of mails of long ago."""
    session.exec(delete(Mailing).where(col(Mailing.at) < at - MAILINGS_KEPT))


def _concerned(entry: Entry) -> list[ColumnElement[bool]]:
    topic, key = col(FollowRow.topic), col(FollowRow.key)
    found = [key == entry_key(entry)]
    if entry.categories:
        found.append(and_(topic == Topic.CATEGORY.value, key.in_(entry.categories)))
    if entry.kind is Kind.EVENT:
        of_licence = topic == Topic.LICENCE.value
        ends = (key.endswith(f"/{each}", autoescape=True) for each in entry.related)
        found += [and_(of_licence, each) for each in ends]
        found.append(
            and_(topic == Topic.SERIES.value, key.startswith(f"{Kind.EVENT}/{entry.source.owner_code}/"))
        )
    if entry.kind is Kind.WORK and entry.latitude is not None and entry.longitude is not None:
        found.append(
            and_(
                topic == Topic.WORKS.value,
                col(FollowRow.latitude).between(entry.latitude - _BOX, entry.latitude + _BOX),
                col(FollowRow.longitude).between(entry.longitude - _BOX, entry.longitude + _BOX),
            )
        )
    return found
