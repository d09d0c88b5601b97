"""Free slots in the database: feeds, what each said last, and what became free or was taken since.

A slot *opened* when it was taken before, or was not there although the list reached that far: the days that a
rolling list adds at its end were not cancelled by anybody. The first list of a feed opens nothing, nor does
one in which very many open at once: it was made anew.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from field_assist.concierge.entries import Kind, Source
from field_assist.concierge.slots import Slot
from field_assist.identifiers import new_id
from field_assist.store import UtcDateTime, exclusive

FEEDS = "slot_feeds"
EVERY_S = 30
"""A cancellation is known within half a minute, and told in less than one."""
LEAST_EVERY_S = 15
MOST_OPENED = 200
_WHAT = ("address", "form", "owner_code", "facility_id")
_LONGEST_WAIT_S = 600
_KEPT = timedelta(days=1)


FETCHED_STALE = timedelta(hours=1)
"""Of a feed with an address: half a dozen tries went wrong, and what is free changes by the minute."""
BROUGHT_STALE = timedelta(days=7)


class FeedUnknown(Exception):
    """No such feed."""


class FeedExists(Exception):
    """Another feed has that name."""


class FeedIsFetched(Exception):
    """Nobody brings a list to a feed with an address."""


class FeedIsBrought(Exception):
    """What people bring is fetched from nowhere."""


class SlotFeed(SQLModel, table=True):
    """One feed; `address` is empty where people bring it. `facility_id` is meant where it names none."""

    __tablename__ = "slot_feed"

    id: str = Field(primary_key=True, max_length=26)
    name: str = Field(unique=True, max_length=60)
    address: str
    form: str = Field(max_length=4)
    owner: str
    owner_code: str = Field(max_length=6)
    facility_id: str = Field(max_length=100)
    every_s: int
    tag: str = ""
    """ETag (RFC 9110) of what was taken in last."""
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fetched_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    horizon_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """How far the last list reached."""
    fault: str = ""
    faults: int = 0
    """How often it failed in a row."""
    licence: str = Field(default="", max_length=80)
    is_paused: bool = False

    def is_stale(self, at: datetime) -> bool:
        """Whether what it said last is too old to go by; a feed that said nothing yet is not stale."""
        longest = FETCHED_STALE if self.address else BROUGHT_STALE
        return self.fetched_at is not None and at > self.fetched_at + longest


class SlotRow(SQLModel, table=True):
    """One slot as it was last seen; `opened_at` is when it became free again, None where nobody gave it back,
    and `is_untold` whether those who wait for it have to be told of that.
    """

    __tablename__ = "slot"

    id: str = Field(primary_key=True, max_length=70)
    feed_id: str = Field(foreign_key="slot_feed.id", index=True, max_length=26)
    facility: str = Field(index=True, max_length=130)
    facility_id: str = Field(max_length=100)
    room: str
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    free: int
    price: str
    url: str
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_untold: bool = Field(default=False, index=True)

    @property
    def slot(self) -> Slot:
        """As the rules read it."""
        times = self.starts_at, self.ends_at
        return Slot(self.facility_id, self.room, *times, self.free, self.price, self.url)


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking in a feed did: how many slots opened, and the ids of those that are gone."""

    opened: int
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a feed would become: its rows by id, the slots that are not over, what opens and what is gone."""

    known: dict[str, SlotRow]
    seen: dict[str, Slot]
    opened: tuple[str, ...]
    gone: tuple[str, ...]


def put_feed(session: Session, feed: SlotFeed) -> SlotFeed:
    """A feed, or another description of the one with its name."""
    exclusive(session, FEEDS)
    known = session.exec(select(SlotFeed).where(SlotFeed.name == feed.name)).first()
    if known is None:
        known = feed
    else:
        _describe(known, feed)
    session.add(known)
    session.flush()
    return known


def add_feed(session: Session, feed: SlotFeed) -> SlotFeed:
    """A new one; raises FeedExists."""
    exclusive(session, FEEDS)
    _must_be_free(session, feed.name, "")
    session.add(feed)
    session.flush()
    return feed


def change_feed(session: Session, feed_id: str, described: SlotFeed) -> SlotFeed:
    """Another name, place or owner; raises FeedUnknown and FeedExists."""
    exclusive(session, FEEDS)
    known = by_id(session, feed_id)
    _must_be_free(session, described.name, known.id)
    known.name = described.name
    _describe(known, described)
    session.add(known)
    session.flush()
    return known


def stand_in(session: Session, feed_id: str, described: SlotFeed) -> None:
    """Let a description that is not kept be compared with what is known of this feed; raises FeedUnknown."""
    known = by_id(session, feed_id)
    described.id = known.id
    if _is_same(known, described):
        described.fetched_at, described.horizon_at = known.fetched_at, known.horizon_at


def pause(session: Session, feed: SlotFeed, *, is_paused: bool) -> None:
    """Not to be fetched until somebody says so again, or fetched at the next turn."""
    feed.is_paused, feed.tried_at, feed.faults = is_paused, None, 0
    session.add(feed)
    session.flush()


def new_feed(name: str, form: str, owner: tuple[str, str], at: datetime) -> SlotFeed:
    """One that people bring; `owner` is whose it is and their code."""
    who, code = owner
    return SlotFeed(
        id=new_id(at),
        name=name,
        address="",
        form=form,
        owner=who,
        owner_code=code,
        facility_id="",
        every_s=EVERY_S,
    )


def feeds(session: Session) -> list[SlotFeed]:
    """All of them, by name."""
    return list(session.exec(select(SlotFeed).order_by(col(SlotFeed.name))))


def by_name(session: Session, name: str) -> SlotFeed:
    """One; raises FeedUnknown."""
    row = session.exec(select(SlotFeed).where(SlotFeed.name == name)).first()
    if row is None:
        raise FeedUnknown
    return row


def by_id(session: Session, feed_id: str) -> SlotFeed:
    """One; raises FeedUnknown."""
    row = session.get(SlotFeed, feed_id)
    if row is None:
        raise FeedUnknown
    return row


def free_counts(session: Session, at: datetime) -> dict[str, int]:
    """How many slots of each feed are free and still to come."""
    query = select(SlotRow.feed_id, func.count()).where(SlotRow.free > 0, SlotRow.starts_at > at)
    return dict(session.exec(query.group_by(SlotRow.feed_id)).all())


def remove(session: Session, feed: SlotFeed) -> tuple[str, ...]:
    """Forget a feed; answers the ids of its slots, which are gone."""
    gone = tuple(session.exec(select(SlotRow.id).where(SlotRow.feed_id == feed.id, SlotRow.free > 0)))
    session.exec(delete(SlotRow).where(col(SlotRow.feed_id) == feed.id))
    session.delete(feed)
    session.flush()
    return gone


def claim_due(session: Session, at: datetime) -> list[SlotFeed]:
    """Feeds to be fetched now, for whoever asks first; one that fails waits longer each time."""
    exclusive(session, FEEDS)
    rows = session.exec(
        select(SlotFeed).where(SlotFeed.address != "", col(SlotFeed.is_paused).is_(False))
    ).all()
    due = [
        row for row in rows if row.tried_at is None or at >= row.tried_at + timedelta(seconds=_pause_s(row))
    ]
    for row in due:
        row.tried_at = at
        session.add(row)
    session.flush()
    return due


def failed(session: Session, feed_id: str, fault: str) -> None:
    """It was not taken in; what it said before stays."""
    row = session.get(SlotFeed, feed_id)
    if row is not None:
        row.fault, row.faults = fault, row.faults + 1
        session.add(row)
        session.flush()


def unchanged(session: Session, feed_id: str, at: datetime) -> None:
    """It says what it said before."""
    row = session.get(SlotFeed, feed_id)
    if row is not None:
        row.fault, row.faults, row.fetched_at = "", 0, at
        session.add(row)
        session.flush()


def difference(session: Session, feed: SlotFeed, found: Sequence[Slot], at: datetime) -> Difference:
    """What this list, as the whole of the feed, would open and end; changes nothing."""
    known = {row.id: row for row in session.exec(select(SlotRow).where(SlotRow.feed_id == feed.id))}
    horizon = feed.horizon_at if feed.fetched_at is not None else None
    opened: list[str] = []
    gone: list[str] = []
    seen: dict[str, Slot] = {}
    for slot in found:
        if slot.ends_at <= at:
            continue
        item = _item(feed, slot)
        seen[item] = slot
        row = known.get(item)
        if row is None:
            is_given_back = horizon is not None and slot.starts_at <= horizon
        else:
            is_given_back = row.free == 0
            if row.free > 0 and slot.free == 0:
                gone.append(item)
        if is_given_back and slot.free > 0 and slot.starts_at > at:
            opened.append(item)
    gone += [item for item, row in known.items() if item not in seen and row.free > 0]
    if len(opened) > MOST_OPENED or feed.fetched_at is None:
        opened = []
    return Difference(known, seen, tuple(opened), tuple(gone))


def take_in(session: Session, feed: SlotFeed, found: Sequence[Slot], tag: str, at: datetime) -> Taken:
    """The whole list as it is now; each slot is one row from the first time it was seen until it is over."""
    exclusive(session, f"{FEEDS}.{feed.id}")
    session.exec(delete(SlotRow).where(col(SlotRow.feed_id) == feed.id, col(SlotRow.ends_at) < at - _KEPT))
    made = difference(session, feed, found, at)
    rows = dict(made.known)
    for item, slot in made.seen.items():
        row = rows[item] = rows.get(item) or _new_row(feed, slot, item)
        row.free, row.ends_at, row.price, row.url = slot.free, slot.ends_at, slot.price, slot.url
        row.facility = facility_key(feed, slot)
    for item in made.gone:
        rows[item].free = 0
    for item in made.opened:
        rows[item].opened_at, rows[item].is_untold = at, True
    session.add_all(rows.values())
    starts = [slot.starts_at for slot in found]
    horizon = feed.horizon_at if feed.fetched_at is not None else None
    feed.horizon_at = max([*starts, *([horizon] if horizon else [])], default=None)
    feed.fault, feed.faults, feed.fetched_at, feed.tag = "", 0, at, tag
    session.add(feed)
    session.flush()
    return Taken(len(made.opened), made.gone)


def untold(session: Session) -> list[tuple[SlotRow, SlotFeed]]:
    """Slots that opened and of which nobody was told yet, the oldest first."""
    query = select(SlotRow, SlotFeed).where(col(SlotRow.feed_id) == SlotFeed.id, col(SlotRow.is_untold))
    return list(session.exec(query.order_by(col(SlotRow.opened_at), col(SlotRow.id))))


def is_open(session: Session, row: SlotRow) -> bool:
    """Whether it is free still, since the same opening."""
    now = session.get(SlotRow, row.id, populate_existing=True)
    return now is not None and now.free > 0 and now.opened_at == row.opened_at


def have_told(session: Session, row: SlotRow) -> None:
    """Everybody was told of this opening, or it is over."""
    now = session.get(SlotRow, row.id, populate_existing=True)
    if now is not None and now.opened_at == row.opened_at:
        now.is_untold = False
        session.add(now)
        session.flush()


def is_known_free(session: Session, feed: SlotFeed, starts_at: datetime) -> bool:
    """Whether anything of this feed that begins then is free."""
    query = select(SlotRow.id).where(SlotRow.feed_id == feed.id, SlotRow.starts_at == starts_at)
    return session.exec(query.where(SlotRow.free > 0)).first() is not None


def facilities(session: Session) -> list[str]:
    """The keys of facilities whose slots are known (`following.entry_key`)."""
    return sorted(set(session.exec(select(SlotRow.facility).distinct())))


def facility_key(feed: SlotFeed, slot: Slot) -> str:
    """The facility's key (`following.entry_key`)."""
    return f"{Kind.FACILITY}/{feed.owner_code}/{slot.facility_id}"


def source_of(feed: SlotFeed, at: datetime) -> Source:
    """Whose word it is that something is free."""
    return Source(feed.owner, feed.owner_code, feed.licence, feed.fetched_at or at, None)


def forget_old(session: Session, at: datetime) -> None:
    """Housekeeping: what is over, also of feeds that come no more."""
    session.exec(delete(SlotRow).where(col(SlotRow.ends_at) < at - _KEPT))


def _describe(known: SlotFeed, feed: SlotFeed) -> None:
    """What it is from now on; of another list the first time opens nothing, as of a new feed."""
    if not _is_same(known, feed):
        known.fetched_at = known.horizon_at = None
    for name in (*_WHAT, "owner", "every_s", "licence"):
        setattr(known, name, getattr(feed, name))
    known.tag, known.tried_at, known.fault, known.faults = "", None, "", 0


def _is_same(known: SlotFeed, feed: SlotFeed) -> bool:
    return all(getattr(known, name) == getattr(feed, name) for name in _WHAT)


def _must_be_free(session: Session, name: str, own_id: str) -> None:
    other = session.exec(select(SlotFeed.id).where(SlotFeed.name == name, SlotFeed.id != own_id)).first()
    if other is not None:
        raise FeedExists


def _pause_s(feed: SlotFeed) -> float:
    return (
        max(feed.every_s, min(_LONGEST_WAIT_S, feed.every_s * 2**feed.faults)) if feed.fault else feed.every_s
    )


def _item(feed: SlotFeed, slot: Slot) -> str:
    words = "\0".join((slot.facility_id, slot.room, slot.starts_at.astimezone(UTC).isoformat()))
    return f"slot/{feed.id}/{hashlib.sha256(words.encode()).hexdigest()[:32]}"


def _new_row(feed: SlotFeed, slot: Slot, item: str) -> SlotRow:
    return SlotRow(
        id=item,
        feed_id=feed.id,
        facility=facility_key(feed, slot),
        facility_id=slot.facility_id,
        room=slot.room,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        free=slot.free,
        price=slot.price,
        url=slot.url,
    )
