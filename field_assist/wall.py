"""The supervisor's wall (責任者の画面): every call of an office at a glance, what breaks a limit first.

A limit that is broken is a `Breach`; posts stand in the order of their gravest one, then the oldest first.
Sans-IO.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from field_assist.topics import TOPICS


class Breach(StrEnum):
    """What is wrong with a call, gravest first."""

    UNATTENDED = "unattended"  # a guest is in it, and nobody of the staff
    WAIT = "wait"  # it rings for longer than it should
    TICKET = "ticket"  # a call back is owed for longer than it should
    LOST = "lost"  # somebody in it is not heard of
    LONG = "long"  # it goes on for longer than expected


_GRAVITY = tuple(Breach)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long is too long."""

    wait_s: float = 180.0
    unattended_s: float = 60.0
    ticket_s: float = 3600.0
    call_s: float = 3600.0


@dataclass(frozen=True, slots=True)
class Post:
    """One call as the wall sees it. Times are when something began, None where it did not.

    `started_at` is None for a call that is over and only owes a call back.
    """

    id: str
    started_at: datetime | None
    waiting_since: datetime | None = None
    ticket_since: datetime | None = None
    staff_in: int = 0
    guests_in: int = 0
    has_lost: bool = False

    @property
    def since(self) -> datetime | None:
        """What its age counts from."""
        return self.waiting_since or self.ticket_since or self.started_at


def breaches(at: datetime, post: Post, limits: Limits) -> tuple[Breach, ...]:
    """Which limits the call breaks, gravest first."""

    def is_over(since: datetime | None, limit_s: float) -> bool:
        return since is not None and (at - since).total_seconds() > limit_s

    is_alone = post.guests_in > 0 and not post.staff_in
    found = {
        Breach.UNATTENDED: is_alone and is_over(post.started_at, limits.unattended_s),
        Breach.WAIT: is_over(post.waiting_since, limits.wait_s),
        Breach.TICKET: is_over(post.ticket_since, limits.ticket_s),
        Breach.LOST: post.has_lost,
        Breach.LONG: is_over(post.started_at, limits.call_s),
    }
    return tuple(breach for breach in _GRAVITY if found[breach])


def in_order(at: datetime, posts: Iterable[Post], limits: Limits) -> list[tuple[Post, tuple[Breach, ...]]]:
    """The posts with their breaches, as they stand on the wall."""
    found = [(post, breaches(at, post, limits)) for post in posts]

    def place(entry: tuple[Post, tuple[Breach, ...]]) -> tuple[int, datetime]:
        post, broken = entry
        return (_GRAVITY.index(broken[0]) if broken else len(_GRAVITY), post.since or at)

    return sorted(found, key=place)


@dataclass(frozen=True, slots=True)
class Specialist:
    """Somebody with skills: whether a ring would reach them, and whether they talk."""

    skills: Sequence[str]
    may_ring: bool
    is_in_call: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """One topic's 窓口: who could answer now, who talks, how many requests wait."""

    topic: str
    free: int
    talking: int
    waiting: int


def desks(specialists: Sequence[Specialist], waiting_topics: Sequence[str]) -> list[Desk]:
    """Staffing by topic, where there is anybody or anything at all."""
    found = []
    for topic in (each.key for each in TOPICS):
        skilled = [one for one in specialists if topic in one.skills]
        waiting = sum(1 for waiting_topic in waiting_topics if waiting_topic == topic)
        if skilled or waiting:
            free = sum(1 for one in skilled if one.may_ring and not one.is_in_call)
            found.append(Desk(topic, free, sum(1 for one in skilled if one.is_in_call), waiting))
    return found
