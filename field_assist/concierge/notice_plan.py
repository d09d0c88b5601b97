"""When a resident is written to: quiet hours, one digest a week, few mails, nothing that is over. Sans-IO.

Whatever concerns somebody waits here until its moment. In general that is the digest at 10:00, on Tuesdays
unless they chose another day, or every day;
what cannot wait so long goes alone, as long as one of the week's mails is left for the digest. A week is any
seven days, not Monday to Sunday, so two full weeks never meet. At night nothing is sent at all, but for a
slot of the same day where the person asked for that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from field_assist.work_hours import JST

WEEK = timedelta(days=7)
DIGEST_WEEKDAY, DIGEST_AT = 1, time(10)
DAILY = 7
"""In place of a weekday: the digest comes every day, as long as the week's mails last."""
MOST_PER_WEEK = 3
LONGEST_DIGEST = 12
"""So many things in one mail at most; the others are on the person's page."""
_HAND_OVER = timedelta(minutes=2)
"""A mail server may take so long: what is not on its way by then waits until morning."""


class Urgency(StrEnum):
    """How soon somebody has to know."""

    DIGEST = "digest"
    SOON = "soon"
    SAME_DAY = "same_day"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What the person chose; the quiet hours are full hours of Japan's time and always contain midnight.

    `digest_on` is a weekday, 0 = Monday, or `DAILY`.
    """

    per_week: int = MOST_PER_WEEK
    quiet_from: int = 20
    quiet_until: int = 8
    wakes_for_same_day: bool = False
    digest_on: int = DIGEST_WEEKDAY

    def __post_init__(self) -> None:
        if not (1 <= self.per_week <= MOST_PER_WEEK and 12 <= self.quiet_from <= 23):
            raise ValueError("a rhythm nobody can choose")
        if not 0 <= self.digest_on <= DAILY:
            raise ValueError("a rhythm nobody can choose")
        if not 5 <= self.quiet_until <= DIGEST_AT.hour:
            raise ValueError("the digest would come at night")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to be told. It is over at `expires_at`; a lower `rank` matters more."""

    id: str
    urgency: Urgency
    made_at: datetime
    expires_at: datetime | None = None
    rank: int = 0

    def is_over(self, now: datetime) -> bool:
        """Whether nobody can make use of it any more."""
        return self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens now: one mail with the things of `send` (none when empty), which must be off by `until`.

    `left_out` had no room in it, `expired` came to nothing; `look_at` is when to ask again, None for never.
    """

    send: tuple[str, ...] = ()
    is_digest: bool = False
    until: datetime | None = None
    left_out: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()
    look_at: datetime | None = None


def plan(rhythm: Rhythm, waiting: Sequence[Waiting], mailed: Sequence[datetime], now: datetime) -> Plan:
    """What one person gets now; `mailed` are the times of the mails they got in the last week, or before."""
    expired = tuple(each.id for each in waiting if each.is_over(now))
    ready = sorted((each for each in waiting if not each.is_over(now)), key=lambda each: (each.rank, each.id))
    week = sorted(at for at in mailed if at > now - WEEK)
    free = rhythm.per_week - len(week)
    due, is_digest, until = _due(rhythm, ready, free, now)
    sent = due[:LONGEST_DIGEST]
    if sent:
        until = min([until, *(each.expires_at for each in sent if each.expires_at is not None)])
    taken = {each.id for each in due}
    rest = [each for each in ready if each.id not in taken]
    return Plan(
        send=tuple(each.id for each in sent),
        is_digest=is_digest,
        until=until if sent else None,
        left_out=tuple(each.id for each in due[LONGEST_DIGEST:]),
        expired=expired,
        look_at=_look_at(rhythm, rest, week, now),
    )


def is_quiet(rhythm: Rhythm, now: datetime) -> bool:
    """Whether this moment is at night, for this person."""
    hour = now.astimezone(JST).hour
    return hour >= rhythm.quiet_from or hour < rhythm.quiet_until


def next_digest(now: datetime, digest_on: int = DIGEST_WEEKDAY) -> datetime:
    """The next digest after this moment: 10:00 on that weekday, or tomorrow's."""
    return last_digest(now, digest_on) + (timedelta(days=1) if digest_on == DAILY else WEEK)


def last_digest(now: datetime, digest_on: int = DIGEST_WEEKDAY) -> datetime:
    """The last digest, now included."""
    local = now.astimezone(JST)
    back, apart = (0, timedelta(days=1)) if digest_on == DAILY else ((local.weekday() - digest_on) % 7, WEEK)
    slot = datetime.combine(local.date() - timedelta(days=back), DIGEST_AT, JST)
    return slot if slot <= local else slot - apart


def _due(
    rhythm: Rhythm, ready: list[Waiting], free: int, now: datetime
) -> tuple[list[Waiting], bool, datetime]:
    """What goes into a mail now, whether it is the digest, and until when it may be on its way."""
    evening = _next_at(rhythm.quiet_from, now) - _HAND_OVER
    if free < 1:
        return [], False, evening
    if is_quiet(rhythm, now) or evening <= now:
        same_day = [each for each in ready if each.urgency is Urgency.SAME_DAY]
        return same_day if rhythm.wakes_for_same_day else [], False, now + timedelta(hours=1)
    slot = last_digest(now, rhythm.digest_on)
    if any(each.made_at <= slot for each in ready):
        return ready, True, evening
    cannot_wait = next_digest(now, rhythm.digest_on)
    hurried = [each for each in ready if each.urgency is not Urgency.DIGEST or _ends(each, cannot_wait)]
    is_pressing = any(_ends(each, cannot_wait) for each in hurried)
    return hurried if free > 1 or is_pressing else [], False, evening


def _ends(each: Waiting, before: datetime) -> bool:
    return each.expires_at is not None and each.expires_at <= before


def _look_at(rhythm: Rhythm, rest: list[Waiting], week: list[datetime], now: datetime) -> datetime | None:
    """The first moment at which something could change for what still waits."""
    if not rest:
        return None
    ends = [each.expires_at for each in rest if each.expires_at is not None]
    moments = [
        next_digest(now, rhythm.digest_on),
        _next_at(rhythm.quiet_until, now),
        *ends,
        *(at + WEEK for at in week),
    ]
    return min(moment for moment in moments if moment > now)


def _next_at(hour: int, now: datetime) -> datetime:
    local = now.astimezone(JST)
    at = datetime.combine(local.date(), time(hour), JST)
    return at if at > local else at + timedelta(days=1)
