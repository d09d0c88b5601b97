"""Residents who want to be told: who confirmed it, what they follow, what waits for them, what went out.

Somebody is known by a mail address alone, sealed, and by the code of their link; nothing goes to an address
before its owner opened the link and said yes (double opt-in). Whoever stops is forgotten at once, but for the
row that says when they agreed and when they stopped.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlmodel import JSON, Column, Field, Session, SQLModel, col, delete, select

from field_assist.concierge import notice_plan
from field_assist.concierge.following import Follow, Topic
from field_assist.concierge.notice_plan import Rhythm
from field_assist.identifiers import new_id
from field_assist.store import UtcDateTime, exclusive
from field_assist.work_hours import JST

ASKED_LASTS = timedelta(days=2)
"""So long the link of the first mail waits for a yes; then the address is forgotten."""
MAX_FOLLOWS = 20
MAX_PROXIES = 3
MAX_DEVICES = 5
NOTICES_KEPT = timedelta(days=90)
PROOF_KEPT = timedelta(days=365)


class SubscriberUnknown(Exception):
    """No such link, or one that is no more."""


class FollowsFull(Exception):
    """Nobody follows so much."""


class ProxiesFull(Exception):
    """Nobody has so many people who receive their notices."""


class FollowUnknown(Exception):
    """No such thing is followed by this person."""


class State(StrEnum):
    """How a subscription stands."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    STOPPED = "stopped"
    BOUNCED = "bounced"


class Channel(StrEnum):
    """By what somebody is told: never by both."""

    MAIL = "mail"
    PUSH = "push"


class NoticeState(StrEnum):
    """How a notice stands: `LISTED` was never mailed for want of room, and is on the person's page."""

    WAITING = "waiting"
    MAILED = "mailed"
    LISTED = "listed"
    EXPIRED = "expired"


class Subscriber(SQLModel, table=True):
    """One person. `look_at` is when to plan for them again, None while nothing waits.

    Whoever receives the notices of somebody else (`proxy_of`), of some topics and until a day, is one as
    well, with a yes, quiet hours and a way out of their own; `proxy_sealed` is what the two call each
    other.
    """

    __tablename__ = "subscriber"

    id: str = Field(primary_key=True, max_length=26)
    address_digest: str | None = Field(default=None, unique=True, max_length=64)
    address_sealed: str
    code_digest: str = Field(unique=True, max_length=64)
    code_sealed: str
    language: str = Field(max_length=8)
    state: str = Field(index=True, max_length=9)
    text_version: str = Field(max_length=20)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    switched_off: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    per_week: int = notice_plan.MOST_PER_WEEK
    quiet_from: int = 20
    quiet_until: int = 8
    wakes_for_same_day: bool = False
    digest_on: int = notice_plan.DIGEST_WEEKDAY
    channel: str = Field(default="mail", max_length=4)
    bounces: int = 0
    look_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    proxy_of: str | None = Field(default=None, index=True, max_length=26)
    proxy_until: date | None = None
    proxy_topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    proxy_sealed: str = ""

    @property
    def rhythm(self) -> Rhythm:
        """When they may be written to."""
        quiet = self.quiet_from, self.quiet_until
        return Rhythm(self.per_week, *quiet, self.wakes_for_same_day, self.digest_on)

    def is_proxy_on(self, today: date) -> bool:
        """Whether they still receive somebody's notices; the last day included."""
        is_of_somebody = self.proxy_of is not None and self.state == State.CONFIRMED
        return is_of_somebody and self.proxy_until is not None and today <= self.proxy_until


class FollowRow(SQLModel, table=True):
    """One thing a person follows; `check_on` is a licence's next day, `done_on` the 満了日 dealt with."""

    __tablename__ = "subscriber_follow"

    id: str = Field(primary_key=True, max_length=26)
    subscriber_id: str = Field(foreign_key="subscriber.id", index=True, max_length=26)
    topic: str = Field(index=True, max_length=10)
    key: str = Field(index=True, max_length=130)
    label: str
    area: str = Field(max_length=6)
    latitude: float
    longitude: float
    radius_m: int
    expires_on: date | None = None
    done_on: date | None = None
    check_on: date | None = Field(default=None, index=True)
    weekdays: str = Field(default="", max_length=8)
    from_hour: int = 0
    until_hour: int = 24

    @property
    def follow(self) -> Follow:
        """As the rules read it."""
        return Follow(
            topic=Topic(self.topic),
            key=self.key,
            label=self.label,
            area=self.area,
            latitude=self.latitude,
            longitude=self.longitude,
            radius_m=self.radius_m,
            expires_on=self.expires_on,
            weekdays=self.weekdays,
            from_hour=self.from_hour,
            until_hour=self.until_hour,
        )


class ResidentDevice(SQLModel, table=True):
    """One browser of a person that shows notices; `keys` are sealed, as those of staff devices are."""

    __tablename__ = "subscriber_device"

    id: str = Field(primary_key=True, max_length=26)
    subscriber_id: str = Field(foreign_key="subscriber.id", index=True, max_length=26)
    endpoint: str = Field(unique=True)
    keys: str
    label: str
    added_at: datetime = Field(sa_type=UtcDateTime)


class Notice(SQLModel, table=True):
    """One thing told to one person, in their language when it was made; `text` is a line each.

    `ended_at` is when it came to an end before its time: a free slot that was taken.
    """

    __tablename__ = "notice"

    id: str = Field(primary_key=True, max_length=26)
    subscriber_id: str = Field(foreign_key="subscriber.id", index=True, max_length=26)
    follow_id: str = Field(index=True, max_length=26)
    once: str = Field(unique=True, max_length=64)
    topic: str = Field(max_length=10)
    item: str = Field(index=True, max_length=130)
    change: str = Field(max_length=64)
    title: str
    text: str
    reason: str
    source: str
    source_day: date | None = None
    contact: str
    phone: str
    url: str
    urgency: str = Field(max_length=8)
    rank: int
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: str = Field(index=True, max_length=8)
    mailing_id: str | None = Field(default=None, index=True, max_length=26)


@dataclass(frozen=True, slots=True)
class Key:
    """What a new subscriber is known by: digests to find them, seals to write to them."""

    id: str
    address: tuple[str, str]  # digest, sealed
    code: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mandate:
    """What a proxy receives, and until when, that day included."""

    until: date
    topics: frozenset[Topic]


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody may set; topics of `switched_off` are not told."""

    rhythm: Rhythm
    language: str
    switched_off: frozenset[Topic] = frozenset()
    channel: Channel = Channel.MAIL


def ask(session: Session, key: Key, language: str, text_version: str, at: datetime) -> Subscriber:
    """Whoever has this address, asked for a first time or known already: who knows is not told."""
    exclusive(session, "subscribers")
    known = session.exec(select(Subscriber).where(Subscriber.address_digest == key.address[0])).first()
    if known is not None:
        return known
    row = Subscriber(
        id=key.id,
        address_digest=key.address[0],
        address_sealed=key.address[1],
        code_digest=key.code[0],
        code_sealed=key.code[1],
        language=language,
        state=State.ASKED.value,
        text_version=text_version,
        asked_at=at,
    )
    session.add(row)
    session.flush()
    return row


def by_code(session: Session, digest: str, at: datetime) -> Subscriber:
    """Who holds this link; raises SubscriberUnknown, also where nobody said yes in time."""
    row = session.exec(select(Subscriber).where(Subscriber.code_digest == digest)).first()
    if row is None or row.state == State.STOPPED or _is_late(row, at):
        raise SubscriberUnknown
    return row


def by_id(session: Session, subscriber_id: str) -> Subscriber:
    """One, in whatever state; raises SubscriberUnknown."""
    row = session.get(Subscriber, subscriber_id)
    if row is None:
        raise SubscriberUnknown
    return row


def confirm(session: Session, row: Subscriber, at: datetime) -> bool:
    """They said yes, by their link; False when they had. A yes also makes an address good that bounced."""
    if row.state == State.CONFIRMED:
        return False
    row.state, row.bounces = State.CONFIRMED.value, 0
    row.confirmed_at = row.confirmed_at or at
    session.add(row)
    session.flush()
    return True


def choose(session: Session, row: Subscriber, chosen: Choices, at: datetime) -> None:
    """Settings; what was planned is planned anew, and what is switched off does not wait any more."""
    rhythm, off = chosen.rhythm, sorted(topic.value for topic in chosen.switched_off)
    row.per_week, row.quiet_from, row.quiet_until = rhythm.per_week, rhythm.quiet_from, rhythm.quiet_until
    row.wakes_for_same_day, row.digest_on = rhythm.wakes_for_same_day, rhythm.digest_on
    row.language, row.switched_off, row.channel = chosen.language, off, chosen.channel.value
    row.look_at = at
    session.add(row)
    for notice in waiting(session, row.id):
        if notice.topic in off:
            _end(session, notice, NoticeState.LISTED)
    for kept in follows(session, row.id):
        if kept.expires_on is not None and kept.expires_on != kept.done_on:
            kept.check_on = at.astimezone(JST).date()  # what was missed while it was switched off
            session.add(kept)
    session.flush()


def stop(session: Session, row: Subscriber, at: datetime) -> bool:
    """Forget address, link and all they follow; False when they had stopped before."""
    if row.state == State.STOPPED:
        return False
    row.state, row.stopped_at, row.look_at = State.STOPPED.value, at, None
    row.address_digest, row.address_sealed, row.code_sealed, row.proxy_sealed = None, "", "", ""
    session.add(row)
    for proxy in proxies(session, row.id):
        stop(session, proxy, at)
    session.exec(delete(ResidentDevice).where(col(ResidentDevice.subscriber_id) == row.id))
    session.exec(delete(FollowRow).where(col(FollowRow.subscriber_id) == row.id))
    session.exec(delete(Notice).where(col(Notice.subscriber_id) == row.id))
    session.flush()
    return True


def proxies(session: Session, subscriber_id: str) -> list[Subscriber]:
    """Who was asked to receive this person's notices as well, said yes or not yet."""
    query = select(Subscriber).where(Subscriber.proxy_of == subscriber_id)
    query = query.where(Subscriber.state != State.STOPPED.value)
    return list(session.exec(query.order_by(col(Subscriber.id))))


def ask_proxy(session: Session, row: Subscriber, key: Key, asked: Mandate, at: datetime) -> Subscriber:
    """Somebody is to receive these topics of theirs until a day, once they say yes; raises ProxiesFull.

    Asked again with the same address, only topics and the day become different.
    """
    exclusive(session, f"proxies.{row.id}")
    known = proxies(session, row.id)
    proxy = next((each for each in known if each.address_digest == key.address[0]), None)
    if proxy is None:
        if len(known) >= MAX_PROXIES:
            raise ProxiesFull
        proxy = ask(session, key, row.language, row.text_version, at)
        proxy.proxy_of = row.id
    proxy.proxy_until, proxy.proxy_topics = asked.until, sorted(topic.value for topic in asked.topics)
    session.add(proxy)
    session.flush()
    return proxy


def devices(session: Session, subscriber_id: str) -> list[ResidentDevice]:
    """The browsers of one person, oldest first."""
    query = select(ResidentDevice).where(ResidentDevice.subscriber_id == subscriber_id)
    return list(session.exec(query.order_by(col(ResidentDevice.id))))


def add_device(session: Session, row: Subscriber, made: ResidentDevice) -> ResidentDevice:
    """One more; the same endpoint moves to whoever has it now, and the oldest of many gives way."""
    exclusive(session, "subscriber.devices")
    session.exec(delete(ResidentDevice).where(col(ResidentDevice.endpoint) == made.endpoint))
    session.add(made)
    row.channel = Channel.PUSH.value
    session.add(row)
    session.flush()
    for old in devices(session, row.id)[:-MAX_DEVICES]:
        session.delete(old)
    session.flush()
    return made


def drop_device(session: Session, row: Subscriber, device_id: str) -> bool:
    """One less, False where there is none; without any they are told by mail again."""
    known = devices(session, row.id)
    gone = [each for each in known if each.id == device_id]
    for each in gone:
        session.delete(each)
    if len(known) == len(gone):
        row.channel = Channel.MAIL.value
        session.add(row)
    session.flush()
    return bool(gone)


def follows(session: Session, subscriber_id: str) -> list[FollowRow]:
    """What one person follows, oldest first."""
    query = select(FollowRow).where(FollowRow.subscriber_id == subscriber_id)
    return list(session.exec(query.order_by(col(FollowRow.id))))


def add_follow(session: Session, row: Subscriber, new: Follow, at: datetime) -> FollowRow:
    """One more, or the same thing again with other values; raises FollowsFull."""
    exclusive(session, f"follows.{row.id}")
    known = follows(session, row.id)
    same = [each for each in known if each.topic == new.topic and each.key == new.key and new.key]
    if not same and len(known) >= MAX_FOLLOWS:
        raise FollowsFull
    kept = FollowRow(
        id=same[0].id if same else new_id(at),
        subscriber_id=row.id,
        topic=new.topic.value,
        key=new.key,
        label=new.label,
        area=new.area,
        latitude=new.latitude,
        longitude=new.longitude,
        radius_m=new.radius_m,
        expires_on=new.expires_on,
        check_on=at.astimezone(JST).date() if new.expires_on is not None else None,
        weekdays=new.weekdays,
        from_hour=new.from_hour,
        until_hour=new.until_hour,
    )
    kept = session.merge(kept)
    session.flush()
    return kept


def drop_follow(session: Session, row: Subscriber, follow_id: str) -> None:
    """They do not follow it any more; what waits about it does not go out. Raises FollowUnknown."""
    kept = follow_of(session, row, follow_id)
    _unwait(session, kept)
    session.delete(kept)
    session.flush()


def follow_of(session: Session, row: Subscriber, follow_id: str) -> FollowRow:
    """One of theirs; raises FollowUnknown."""
    kept = session.get(FollowRow, follow_id)
    if kept is None or kept.subscriber_id != row.id:
        raise FollowUnknown
    return kept


def renewed(session: Session, kept: FollowRow) -> None:
    """They have dealt with this 満了日: nothing more is told about it."""
    kept.done_on, kept.check_on = kept.expires_on, None
    session.add(kept)
    _unwait(session, kept)
    session.flush()


def waiting(session: Session, subscriber_id: str) -> list[Notice]:
    """What waits for one person."""
    query = select(Notice).where(Notice.subscriber_id == subscriber_id)
    return list(session.exec(query.where(Notice.state == NoticeState.WAITING.value)))


def forget_old(session: Session, at: datetime) -> None:
    """Housekeeping: addresses of which nobody said yes, what was told long ago, and old proofs."""
    silent = [
        row.id
        for row in session.exec(select(Subscriber).where(Subscriber.state == State.ASKED.value))
        if _is_late(row, at)
    ]
    gone = select(Subscriber.id).where(col(Subscriber.stopped_at) < at - PROOF_KEPT)
    silent += list(session.exec(gone))
    today = at.astimezone(JST).date()
    for over in session.exec(select(Subscriber).where(col(Subscriber.proxy_until) < today)):
        stop(session, over, at)
    session.exec(delete(FollowRow).where(col(FollowRow.subscriber_id).in_(silent)))
    ended = col(Notice.state) != NoticeState.WAITING.value
    session.exec(delete(Notice).where(ended, col(Notice.made_at) < at - NOTICES_KEPT))
    session.exec(delete(Subscriber).where(col(Subscriber.id).in_(silent)))


def _is_late(row: Subscriber, at: datetime) -> bool:
    return row.state == State.ASKED and at >= row.asked_at + ASKED_LASTS


def _unwait(session: Session, kept: FollowRow) -> None:
    is_waiting = col(Notice.state) == NoticeState.WAITING.value
    session.exec(delete(Notice).where(is_waiting, col(Notice.follow_id) == kept.id))


def _end(session: Session, notice: Notice, state: NoticeState) -> None:
    notice.state = state.value
    session.add(notice)
