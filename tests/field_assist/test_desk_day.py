"""A day of the consultation desk in simulated time, with the real table.

200 residents come to 60 field workers, who ask 12 specialists. People answer late, never, decline or put it
off; lines drop while it rings, while somebody waits and in the middle of a talk; the server restarts twice
and knows afterwards only what the rows say, and who tells that they are there.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from random import Random
from time import perf_counter

import pytest
from sqlmodel import Session, SQLModel, create_engine, select

from field_assist.calls import Call
from field_assist.calls import end as end_call
from field_assist.consultations import (
    Consultation,
    State,
    answer,
    ask,
    circles,
    decline,
    end,
    talks,
    waiting,
)
from field_assist.people import Person, Role
from field_assist.queueing import LATER_S, Answered, Event, Queue, Ring, Ticketed
from tests.field_assist.agenda import Agenda

RESIDENTS, FIELD_WORKERS = 200, 60
OFFICES = ("east", "west", "north", "south")
TOPICS = ("road", "slope", "building", "farm", "welfare", "interpreting")
BEGIN_S = datetime(2026, 11, 24, 8, 30, tzinfo=UTC).timestamp()
LENGTH_S = 8.75 * 3600


def directory() -> dict[str, Person]:
    """Two specialists for each topic; field workers and a supervisor for each office."""
    found = [
        Person(f"{topic}-{at}", f"{topic}-{at}", topic, "", Role.SPECIALIST, skills=(topic,))
        for topic in TOPICS
        for at in range(2)
    ]
    found += [
        Person(f"boss-{office}", office, office, "", Role.SUPERVISOR, office=office) for office in OFFICES
    ]
    found += [
        Person(
            f"field-{at:02}",
            str(at),
            "",
            "",
            Role.FIELD,
            office=OFFICES[at % 4],
            boss_id=f"boss-{OFFICES[at % 4]}",
        )
        for at in range(FIELD_WORKERS)
    ]
    return {person.id: person for person in found}


@dataclass
class Day:
    """One day; `answered` and `told` are by request, what was heard of it."""

    session: Session
    seed: int
    queue: Queue = field(default_factory=Queue)
    asked: int = 0
    heard: dict[str, list[str]] = field(default_factory=dict)
    expected: dict[str, float] = field(default_factory=dict)
    waited: dict[str, float] = field(default_factory=dict)
    overtaken: int = 0

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        self._people = directory()
        self._agenda = Agenda(BEGIN_S)
        self._talking: dict[str, float] = {}  # by person: until when
        self._away: set[str] = set()

    @property
    def now(self) -> float:
        """Seconds."""
        return self._agenda.now

    def run(self) -> None:
        """From the first resident to the last ticket."""
        self._remember()
        for person in self._people.values():
            if person.role is not Role.FIELD:
                self.queue.free(self.now, person.id)
                for _ in range(self._random.randrange(4)):
                    self._agenda.at(
                        BEGIN_S + self._random.uniform(0, LENGTH_S), partial(self._drop, person.id)
                    )
        for _ in range(RESIDENTS):
            at = BEGIN_S + self._random.triangular(0, LENGTH_S, 0.35 * LENGTH_S)
            self._agenda.at(at, self._come)
        for part in (1, 2):
            self._agenda.at(BEGIN_S + part * LENGTH_S / 3, self._restart)
        self._agenda.run(lambda: self.queue, self._hear)

    def _remember(self) -> None:
        for topic, took_s in talks(self.session):
            self.queue.learn(topic, took_s)

    def _wall(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    def _come(self) -> None:
        """A resident stands before a field worker, who asks a specialist, or sometimes their superior."""
        worker = self._random.choice([each for each in self._people.values() if each.role is Role.FIELD])
        self._ask(worker, self._random.choice(TOPICS) if self._random.random() < 0.9 else "")

    def _ask(self, worker: Person, topic: str) -> None:
        found = circles(worker, list(self._people.values()), topic=topic)
        self.asked += 1
        call = Call(
            id=f"{self.seed}-{self.asked}",
            fiscal_year=self.seed,
            serial=self.asked,
            title="",
            topic=topic,
            place="",
            host_id=worker.id,
            host_office="",
            started_at=self._wall(),
        )
        self.session.add(call)
        row = ask(self.session, call.id, worker, topic, found, self._wall())
        self.queue.ask(self.now, row.request())
        wait_s = self.queue.expected_wait_s(self.now, row.id)
        if wait_s is not None and not self.queue.rung_for(row.id):
            self.expected[row.id] = wait_s
        if self._random.random() < 0.05:
            self._agenda.at(self.now + self._random.uniform(5, 300), lambda: self._withdraw(row.id))

    def _withdraw(self, name: str) -> None:
        """The line dropped and did not come back, or it is settled."""
        if end(self.session, name, State.WITHDRAWN, self._wall()):
            assert self.queue.withdraw(self.now, name)

    def _drop(self, person: str) -> None:
        """Somebody's page is gone for minutes, also while it rings there."""
        if person not in self._talking:
            self._away.add(person)
            self.queue.gone(self.now, person)
            self._agenda.at(self.now + self._random.uniform(20, 600), lambda: self._back(person))

    def _back(self, person: str) -> None:
        self._away.discard(person)
        if person not in self._talking:
            self.queue.free(self.now, person)

    def _restart(self) -> None:
        """The rows come back, and pages tell anew who is there and who is in a call; nothing else."""
        self.queue = Queue()
        self._remember()
        for row in waiting(self.session):
            self.queue.ask(self.now, row.request())
        for person in self._people.values():
            if person.role is Role.FIELD or person.id in self._away:
                continue
            if person.id in self._talking:
                self.queue.busy(self.now, person.id)
            else:
                self.queue.free(self.now, person.id)

    def _hear(self, event: Event) -> None:
        match event:
            case Ring(name, person):
                self._look_for_somebody_overtaken(name, person)
                self._react(name, person)
            case Answered(name, person):
                self.heard.setdefault(name, []).append("answered")
                self._talk(name, person)
            case Ticketed(name):
                self.heard.setdefault(name, []).append("ticket")
                assert end(self.session, name, State.TICKET, self._wall()), "a ticket of what was over"

    def _talk(self, name: str, person: str) -> None:
        row = self.session.get_one(Consultation, name)
        self.waited[name] = self.now - row.asked_at.timestamp()
        took_s = self._random.lognormvariate(6.5, 0.4)
        is_dropped = self._random.random() < 0.04
        until = self.now + (took_s * self._random.random() if is_dropped else took_s)
        self._talking[person] = until
        self._agenda.at(until, lambda: self._over(row.call_id, person))
        if is_dropped:  # in the middle of the talk: they ask again, which is a request of its own
            worker = self._people[row.asked_by]
            self._agenda.at(until + 15, lambda: self._ask(worker, row.topic))

    def _over(self, call_id: str, person: str) -> None:
        end_call(self.session, call_id, self._wall())
        del self._talking[person]
        if person not in self._away:
            self.queue.free(self.now, person)

    def _react(self, name: str, person: str) -> None:
        at, chance = self.now + self._random.uniform(2, 12), self._random.random()
        if chance < 0.1:
            return  # not at the desk
        if chance < 0.15:
            self._agenda.at(at, lambda: self._decline(name, person, None))
        elif chance < 0.18:
            self._agenda.at(at, lambda: self._decline(name, person, self.now + LATER_S))
        else:
            self._agenda.at(at, lambda: self._accept(name, person))

    def _decline(self, name: str, person: str, until: float | None) -> None:
        decline(self.session, name, person, datetime.fromtimestamp(until, UTC) if until else None)
        if until is None:
            self.queue.decline(self.now, name, person)
        else:
            self.queue.later(self.now, name, person, until - self.now)

    def _accept(self, name: str, person: str) -> None:
        """As the desk does it: the row decides, and whoever is not rung any more is told so."""
        if name in (each.id for each in self.queue.waiting()) and person in self.queue.rung_for(name):
            assert answer(self.session, name, person, self._wall()), "the row was over, the queue not"
            assert self.queue.accept(self.now, name, person)

    def _look_for_somebody_overtaken(self, name: str, person: str) -> None:
        rung = next((each for each in self.queue.waiting() if each.id == name), None)
        for other in self.queue.waiting():
            is_earlier = rung is not None and other.topic == rung.topic and other.order < rung.order
            is_possible = person in other.reached() and person not in other.later
            self.overtaken += is_earlier and is_possible and not self.queue.rung_for(other.id)


@pytest.fixture
def session() -> Iterator[Session]:
    """The real table, in memory."""
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as opened:
        yield opened
    engine.dispose()


@pytest.mark.parametrize("seed", range(5))
def test_a_day_of_the_desk_loses_and_doubles_nothing_and_keeps_the_order(session: Session, seed: int) -> None:
    day = Day(session, seed)
    began = perf_counter()

    day.run()

    rows = list(session.exec(select(Consultation)))
    states = [row.state for row in rows]
    print(
        f"seed {seed}: {len(rows)} requests in {perf_counter() - began:.1f} s:"
        f" {', '.join(f'{states.count(state)} {state}' for state in sorted(set(states)))}"
    )
    assert len(rows) == day.asked >= RESIDENTS, "none is lost"
    assert State.WAITING not in states, "every request ends"
    assert all(len(heard) == 1 for heard in day.heard.values()), "and is told once"
    told = {name: heard[0] for name, heard in day.heard.items()}
    assert told == {row.id: row.state for row in rows if row.state != State.WITHDRAWN}, "as the rows say"
    assert day.overtaken == 0, (
        "nobody is rung for a later request of a topic while an earlier one waits unrung"
    )
    assert states.count(State.ANSWERED) > 0.85 * len(rows)


def test_the_expected_waits_of_the_desk_hold(session: Session) -> None:
    errors = []
    for seed in range(8):  # days in a row: the first begins with the first guess, later ones know more
        day = Day(session, seed)
        day.run()
        errors += [
            abs(expected_s - day.waited[name]) / day.waited[name]
            for name, expected_s in day.expected.items()
            if name in day.waited
        ]

    print(f"median error of {len(errors)} waits: {statistics.median(errors):.1%}")
    assert len(errors) > 100
    assert statistics.median(errors) <= 0.3
