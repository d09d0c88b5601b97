"""When residents are written to: nothing at night, three a week, each thing once; a day of 5,000 people."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_assist.concierge.notice_plan import (
    DAILY,
    LONGEST_DIGEST,
    WEEK,
    Rhythm,
    Urgency,
    Waiting,
    is_quiet,
    last_digest,
    plan,
)
from field_assist.work_hours import JST

MONDAY = datetime(2026, 11, 23, tzinfo=JST)
RHYTHMS = st.builds(
    Rhythm,
    per_week=st.integers(1, 3),
    quiet_from=st.integers(12, 23),
    quiet_until=st.integers(5, 10),
    wakes_for_same_day=st.booleans(),
    digest_on=st.integers(0, DAILY),
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of the week that begins on Monday 23 November 2026, in Japan."""
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def thing(name: str, urgency: Urgency, made_at: datetime, expires_at: datetime | None = None) -> Waiting:
    return Waiting(name, urgency, made_at, expires_at)


@dataclass
class Letterbox:
    """One person, as the product keeps them between two looks."""

    rhythm: Rhythm
    waiting: list[Waiting] = field(default_factory=list)
    mails: list[tuple[datetime, tuple[str, ...], bool]] = field(default_factory=list)
    over: list[str] = field(default_factory=list)

    def look(self, now: datetime) -> datetime | None:
        found = plan(self.rhythm, self.waiting, [mail[0] for mail in self.mails], now)
        if found.send:
            assert found.until is not None and found.until > now
            self.mails.append((now, found.send, found.is_digest))
        gone = {*found.send, *found.left_out, *found.expired}
        self.over += [*found.left_out, *found.expired]
        self.waiting = [each for each in self.waiting if each.id not in gone]
        return found.look_at

    def live(self, arrivals: Sequence[Waiting], until: datetime) -> None:
        """Look whenever something arrives and whenever the plan said so."""
        now = look_at = None
        coming = sorted(arrivals, key=lambda each: each.made_at)
        while True:
            moments = [each.made_at for each in coming[:1]] + ([look_at] if look_at else [])
            if not moments or min(moments) > until:
                return
            assert now is None or min(moments) >= now
            now = min(moments)
            while coming and coming[0].made_at <= now:
                self.waiting.append(coming.pop(0))
            look_at = self.look(now)
            assert look_at is None or look_at > now, "it would turn in circles"
            assert look_at is not None or not self.waiting, "something would wait for ever"


def test_what_can_wait_comes_with_the_digest_on_tuesday_at_ten() -> None:
    box = Letterbox(Rhythm())
    box.live([thing("a", Urgency.DIGEST, at(2, 9)), thing("b", Urgency.DIGEST, at(6, 23))], at(20, 0))

    assert box.mails == [(at(8, 10), ("a", "b"), True)]


def test_the_digest_comes_on_the_day_somebody_chose_or_every_day_while_mails_last() -> None:
    things = [thing(str(day), Urgency.DIGEST, at(day, 9)) for day in range(2, 7)]
    friday, daily = Letterbox(Rhythm(digest_on=4)), Letterbox(Rhythm(digest_on=DAILY))
    for box in (friday, daily):
        box.live(things, at(20, 0))

    assert friday.mails == [(at(4, 10), ("2", "3", "4"), True), (at(11, 10), ("5", "6"), True)]
    assert daily.mails == [
        (at(2, 10), ("2",), True),
        (at(3, 10), ("3",), True),
        (at(4, 10), ("4",), True),
        (at(9, 10), ("5", "6"), True),
    ]


def test_what_cannot_wait_goes_alone_and_never_at_night() -> None:
    box = Letterbox(Rhythm())
    box.live([thing("a", Urgency.SOON, at(2, 21)), thing("b", Urgency.SOON, at(4, 14))], at(6, 0))

    assert box.mails == [(at(3, 8), ("a",), False), (at(4, 14), ("b",), False)]


def test_one_mail_of_the_week_is_left_for_the_digest() -> None:
    box = Letterbox(Rhythm())
    box.live([thing(f"s{day}", Urgency.SOON, at(day, 12)) for day in (2, 3, 4, 5)], at(9, 0))

    assert box.mails == [
        (at(2, 12), ("s2",), False),
        (at(3, 12), ("s3",), False),
        (at(8, 10), ("s4", "s5"), True),
    ]


def test_what_ends_before_the_digest_may_take_its_place() -> None:
    box = Letterbox(Rhythm(per_week=1))
    box.live([thing("a", Urgency.DIGEST, at(2, 9), expires_at=at(4, 0))], at(20, 0))

    assert box.mails == [(at(2, 9), ("a",), False)]


def test_a_slot_of_the_same_day_wakes_only_those_who_asked_for_it() -> None:
    slot = thing("slot", Urgency.SAME_DAY, at(2, 21), expires_at=at(2, 22))
    awake, asleep = Letterbox(Rhythm(wakes_for_same_day=True)), Letterbox(Rhythm())
    for box in (awake, asleep):
        box.live([slot, thing("other", Urgency.SOON, at(2, 20))], at(2, 23))

    assert awake.mails == [(at(2, 21), ("slot",), False)]
    assert (asleep.mails, asleep.over) == ([], ["slot"])


def test_a_mail_that_would_reach_into_the_night_waits_for_the_morning() -> None:
    box = Letterbox(Rhythm())
    box.live([thing("a", Urgency.SOON, at(2, 19, 59))], at(4, 0))

    assert box.mails == [(at(3, 8), ("a",), False)]
    found = plan(Rhythm(), [thing("b", Urgency.SOON, at(2, 19))], [], at(2, 19))
    assert found.until == at(2, 19, 58)


def test_a_server_that_was_away_on_tuesday_sends_the_digest_when_it_is_back() -> None:
    found = plan(Rhythm(), [thing("a", Urgency.DIGEST, at(0, 9))], [], at(2, 15))

    assert (found.send, found.is_digest) == (("a",), True)


def test_a_long_digest_says_the_most_important_things() -> None:
    many = [
        Waiting(f"{number:02}", Urgency.DIGEST, at(0, 9), rank=number % 2)
        for number in range(LONGEST_DIGEST + 3)
    ]
    found = plan(Rhythm(), many, [], at(1, 10))

    assert len(found.send) == LONGEST_DIGEST
    assert found.send[0] == "00" and set(found.left_out) == {"09", "11", "13"}


def test_a_rhythm_that_hides_the_digest_cannot_be_chosen() -> None:
    with pytest.raises(ValueError, match="nobody"):
        Rhythm(digest_on=8)
    for per_week, quiet_from, quiet_until in ((3, 20, 11), (3, 8, 8), (0, 20, 8), (4, 20, 8)):
        with pytest.raises(ValueError, match=r"nobody|night"):
            Rhythm(per_week, quiet_from, quiet_until)


@given(
    rhythm=RHYTHMS,
    arrivals=st.lists(
        st.tuples(
            st.sampled_from(list(Urgency)),
            st.integers(0, 21 * 24 * 60),
            st.none() | st.integers(1, 10 * 24 * 60),
            st.integers(0, 2),
        ),
        max_size=40,
    ),
)
def test_whatever_happens_nights_are_quiet_and_weeks_are_short_and_nothing_comes_twice(
    rhythm: Rhythm, arrivals: list[tuple[Urgency, int, int | None, int]]
) -> None:
    things = []
    for number, (urgency, minute, lasts, rank) in enumerate(arrivals):
        made_at = MONDAY + timedelta(minutes=minute)
        expires_at = None if lasts is None else made_at + timedelta(minutes=lasts)
        things.append(Waiting(str(number), urgency, made_at, expires_at, rank))
    box = Letterbox(rhythm)
    box.live(things, MONDAY + timedelta(days=80))

    told = Counter(name for _, names, _ in box.mails for name in names)
    assert not told or max(told.values()) == 1
    assert set(told).isdisjoint(box.over)
    assert set(told) | set(box.over) == {each.id for each in things}, "nothing is forgotten"
    by_id = {each.id: each for each in things}
    for sent_at, names, is_digest in box.mails:
        assert all(not by_id[name].is_over(sent_at) for name in names)
        if is_quiet(rhythm, sent_at):
            assert rhythm.wakes_for_same_day
            assert all(by_id[name].urgency is Urgency.SAME_DAY for name in names)
        assert not is_digest or last_digest(sent_at, rhythm.digest_on) >= min(
            by_id[name].made_at for name in names
        )
    times = [sent_at for sent_at, _, _ in box.mails]
    for first in times:
        assert sum(first <= each < first + WEEK for each in times) <= rhythm.per_week


def test_a_day_of_five_thousand_people_ends_with_each_thing_told_once_and_a_quiet_night() -> None:
    random = Random(8)
    tuesday = at(1, 0)
    boxes, things = [], 0
    started = time.perf_counter()
    for person in range(5_000):
        box = Letterbox(Rhythm(random.choice((1, 2, 3)), random.choice((20, 21, 22)), random.choice((6, 8))))
        arrivals = [
            thing(
                f"{person}/{number}",
                random.choice((Urgency.DIGEST, Urgency.SOON)),
                tuesday + timedelta(minutes=random.randrange(-3 * 24 * 60, 24 * 60)),
            )
            for number in range(random.randrange(4))
        ]
        box.live(arrivals, tuesday + timedelta(days=1))
        things += len(arrivals)
        boxes.append((box, arrivals))
    took_s = time.perf_counter() - started

    for box, arrivals in boxes:
        told = Counter(name for _, names, _ in box.mails for name in names)
        assert not told or max(told.values()) == 1
        before_digest = {each.id for each in arrivals if each.made_at <= at(1, 10)}
        assert before_digest <= set(told), "the digest of the day leaves nothing behind"
        assert not any(is_quiet(box.rhythm, sent_at) for sent_at, _, _ in box.mails)
    assert things > 5_000
    assert took_s < 20, f"{took_s:.1f} s for {things} things"
    assert MONDAY.astimezone(UTC) == datetime(2026, 11, 22, 15, tzinfo=UTC)
