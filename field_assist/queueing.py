"""待ち行列: who asks for help, who is rung for it, and what becomes of each request. Sans-IO.

A request names *circles* of people, nearest first: the specialists of a topic, then those who stand in for
them. Everybody of the circles reached so far who is free is rung; the first who accepts has it. Nobody is
rung for two requests at once, and whoever becomes free is offered the oldest request that nobody is rung
for, else the oldest: so within a topic the order of asking is kept. Each request ends in exactly one of
three ways: answered, taken back, or a ticket for a call-back.

Times are seconds of any clock that does not go back; identities are the caller's. What happens comes out of
`events`, in order; when something will happen next, out of `poll_timeout`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from math import inf
from typing import NamedTuple

NEXT_CIRCLE_S = 20.0  # D1.3: at 20 s the next desk rings,
RING_S = 60.0  # and at 60 s of ringing without an answer there is a ticket
LONGEST_WAIT_S = 900.0  # while everybody is talking to somebody else
LATER_S = 300.0  # 「5分後に」
FIRST_ANSWER_S = 8.0  # from the first ring, until some have been measured
FIRST_GUESS_S = 480.0  # a consultation takes, until some of a topic have been measured
_GUESSES = 4  # the first guess counts as so many
_MEMORY = 1 / 16  # of one consultation in the mean, once there were many
_LEAST_LEFT = 0.15  # of the mean is left of a consultation that has taken longer than the mean


@dataclass(frozen=True, slots=True)
class Patience:
    """How long somebody rings, in seconds: until the next circle rings too, and until there is a ticket."""

    next_circle_s: float = NEXT_CIRCLE_S
    ring_s: float = RING_S


class Ring(NamedTuple):
    """Somebody is to be rung for a request."""

    request: str
    person: str


class Quiet(NamedTuple):
    """Somebody is not to be rung for it any more."""

    request: str
    person: str


class Answered(NamedTuple):
    """Somebody has it."""

    request: str
    person: str


class Ticketed(NamedTuple):
    """Nobody could be found: somebody will call back."""

    request: str


Event = Ring | Quiet | Answered | Ticketed


@dataclass(slots=True)
class Request:
    """Somebody asks. `circles` are ids of people, nearest first; more `urgency` than 0 comes first."""

    id: str
    topic: str
    asked_at: float
    circles: tuple[tuple[str, ...], ...]
    urgency: int = 0
    declined: set[str] = field(default_factory=set)
    later: dict[str, float] = field(default_factory=dict)  # by person: not before
    rung_s: float = 0.0  # for so long somebody has been rung, until `rung_since`
    rung_since: float = inf
    circle: int = 0  # the last one reached

    @property
    def order(self) -> tuple[int, float, str]:
        """Smaller comes first."""
        return -self.urgency, self.asked_at, self.id

    def reached(self) -> list[str]:
        """Everybody who may be rung by now, nearest first, but for those who said no."""
        people = [person for circle in self.circles[: self.circle + 1] for person in circle]
        return [person for person in dict.fromkeys(people) if person not in self.declined]

    def everybody(self) -> frozenset[str]:
        """Everybody who may ever be rung for it."""
        return frozenset(person for circle in self.circles for person in circle) - self.declined


class Queue:
    """All requests and everybody who answers them. Call `handle_timeout` when `poll_timeout` says."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self._waiting: dict[str, Request] = {}
        self._free_since: dict[str, float] = {}  # who can be rung
        self._busy: dict[str, tuple[str, float]] = {}  # who talks: about which topic, since when
        self._rung: dict[str, str] = {}  # by person: the request they are rung for
        self._means: dict[str, tuple[float, int]] = {}  # by topic: seconds, and of how many
        self._answer_s = FIRST_ANSWER_S
        self._events: list[Event] = []

    # -- what happens ------------------------------------------------------------------------------

    def ask(self, now: float, request: Request) -> None:
        """A new request, or one read back after a restart; asking twice is asking once."""
        if request.id not in self._waiting:
            self._waiting[request.id] = request
            self._settle(now)

    def withdraw(self, now: float, request_id: str) -> bool:
        """Whoever asked takes it back; False when it is over already."""
        return self._end(now, request_id) is not None

    def accept(self, now: float, request_id: str, person: str) -> bool:
        """The first who accepts has it; False for everybody else, and for whoever is not asked."""
        request = self._waiting.get(request_id)
        if request is None or self._rung.get(person) != request_id:
            return False
        del self._rung[person]
        self._pass_time(now, request)
        self._answer_s += (request.rung_s - self._answer_s) * _MEMORY
        self._free_since.pop(person, None)
        self._busy[person] = request.topic, now
        self._events.append(Answered(request_id, person))
        self._end(now, request_id)
        return True

    def decline(self, now: float, request_id: str, person: str) -> None:
        """Not me: they are not rung for it again."""
        if (request := self._waiting.get(request_id)) is not None:
            request.declined.add(person)
            self._settle(now)

    def later(self, now: float, request_id: str, person: str, wait_s: float = LATER_S) -> None:
        """Not now: they are rung for it again after a while, if it still waits."""
        if (request := self._waiting.get(request_id)) is not None:
            request.later[person] = now + wait_s
            self._settle(now)

    def free(self, now: float, person: str) -> None:
        """Somebody can be rung: they came, or have ended what they were doing."""
        topic, since = self._busy.pop(person, ("", now))
        if topic:
            self.learn(topic, now - since)
        self._free_since.setdefault(person, now)
        self._settle(now)

    def busy(self, now: float, person: str, topic: str = "") -> None:
        """Somebody talks to somebody; they will be free again."""
        self._free_since.pop(person, None)
        self._busy.setdefault(person, (topic, now))
        self._settle(now)

    def gone(self, now: float, person: str) -> None:
        """Somebody cannot be rung, and nobody knows until when."""
        self._free_since.pop(person, None)
        self._busy.pop(person, None)
        self._settle(now)

    def handle_timeout(self, now: float) -> None:
        """Go on to the next circle, give up, ring again, where it is time."""
        self._settle(now)

    def events(self) -> list[Event]:
        """What has happened since this was last asked."""
        events, self._events = self._events, []
        return events

    def poll_timeout(self) -> float | None:
        """When something happens by itself; None while nothing waits."""
        times = [time for request in self._waiting.values() for time in self._times(request)]
        return min(times, default=None)

    def learn(self, topic: str, took_s: float) -> None:
        """A consultation of this topic took so long: one the queue saw, or one from before a restart."""
        mean_s, count = self._means.get(topic, (FIRST_GUESS_S, 0))
        weight = max(1 / (count + 1 + _GUESSES), _MEMORY)
        self._means[topic] = mean_s + (took_s - mean_s) * weight, count + 1

    # -- what is so --------------------------------------------------------------------------------

    def waiting(self) -> list[Request]:
        """All requests that wait, first ones first."""
        return sorted(self._waiting.values(), key=lambda request: request.order)

    def rung_for(self, request_id: str) -> list[str]:
        """Who is rung for it now."""
        return [person for person, rung in self._rung.items() if rung == request_id]

    def ringing(self) -> dict[str, list[str]]:
        """Everybody who is rung now, by request."""
        found: dict[str, list[str]] = {}
        for person, request_id in self._rung.items():
            found.setdefault(request_id, []).append(person)
        return found

    def position(self, request_id: str) -> int:
        """1 for the next one among those who wait for the same people; 0 when it does not wait."""
        request = self._waiting.get(request_id)
        return len(self._before(request)) + 1 if request is not None else 0

    def expected_wait_s(self, now: float, request_id: str) -> float | None:
        """How long until somebody is free for it; None when nobody who could be is there at all.

        As it would go if everything took its mean from now on: those before it take whoever is free first.
        """
        request = self._waiting.get(request_id)
        if request is None:
            return None
        times = [
            max(self._left_s(now, person), request.asked_at + self.patience.next_circle_s * number - now)
            for number, circle in enumerate(request.circles)
            for person in circle
            if person not in request.declined and self._are_there((person,))
        ]
        heapify(times)
        for other in self._before(request) if times else ():
            heappush(times, heappop(times) + self._answer_s + self._mean_s(other.topic))
        return times[0] + self._answer_s if times else None

    # -- how it goes -------------------------------------------------------------------------------

    def _settle(self, now: float) -> None:
        before = dict(self._rung)
        for request in self.waiting():
            self._pass_time(now, request)
            self._escalate(now, request)
        self._rung = {
            person: request_id
            for person, request_id in self._rung.items()
            if person in self._free_since and self._may_ring(request_id, person)
        }
        requests = self.waiting()
        for person in sorted(self._free_since, key=self._free_since.__getitem__):  # the longest free first
            if person not in self._rung:
                self._offer(person, requests)
        self._share(requests)
        for person, request_id in before.items():
            if self._rung.get(person) != request_id:
                self._events.append(Quiet(request_id, person))
        for person, request_id in self._rung.items():
            self._waiting[request_id].rung_since = now
            if before.get(person) != request_id:
                self._events.append(Ring(request_id, person))

    def _pass_time(self, now: float, request: Request) -> None:
        request.rung_s += max(0.0, now - request.rung_since)
        request.rung_since = inf
        for person in [person for person, until in request.later.items() if until <= now]:
            del request.later[person]

    def _escalate(self, now: float, request: Request) -> None:
        while request.circle + 1 < len(request.circles) and (
            now >= request.asked_at + self.patience.next_circle_s * (request.circle + 1)
            or not self._are_there(request.reached())
        ):
            request.circle += 1
        is_over = request.rung_s >= self.patience.ring_s or now >= request.asked_at + LONGEST_WAIT_S
        is_alone = now >= request.asked_at + self.patience.ring_s and not self._are_there(request.everybody())
        if is_over or is_alone:
            del self._waiting[request.id]
            self._events.append(Ticketed(request.id))

    def _offer(self, person: str, requests: Sequence[Request]) -> None:
        possible = [request for request in requests if self._may_ring(request.id, person)]
        alone = [request for request in possible if request.id not in self._rung.values()]
        if possible:
            self._rung[person] = (alone or possible)[0].id

    def _share(self, requests: Sequence[Request]) -> None:
        """A request that nobody is rung for gets one of those who are rung together with others."""
        for request in requests:
            rung = list(self._rung.values())
            if request.id in rung:
                continue
            for person, other in reversed(list(self._rung.items())):
                if rung.count(other) > 1 and self._may_ring(request.id, person):
                    del self._rung[person]
                    self._rung[person] = request.id
                    break

    def _may_ring(self, request_id: str, person: str) -> bool:
        request = self._waiting.get(request_id)
        return request is not None and person not in request.later and person in request.reached()

    def _are_there(self, people: Iterable[str]) -> bool:
        return any(person in self._free_since or person in self._busy for person in people)

    def _times(self, request: Request) -> list[float]:
        times = [
            request.rung_since + self.patience.ring_s - request.rung_s,
            request.asked_at + LONGEST_WAIT_S,
            *request.later.values(),
        ]
        if request.circle + 1 < len(request.circles):
            times.append(request.asked_at + self.patience.next_circle_s * (request.circle + 1))
        if not self._are_there(request.everybody()):
            times.append(request.asked_at + self.patience.ring_s)
        return times

    def _end(self, now: float, request_id: str) -> Request | None:
        request = self._waiting.pop(request_id, None)
        if request is not None:
            self._settle(now)
        return request

    # -- how long things take ----------------------------------------------------------------------

    def _before(self, request: Request) -> list[Request]:
        people = request.everybody()
        return [
            other for other in self.waiting() if other.order < request.order and people & other.everybody()
        ]

    def _left_s(self, now: float, person: str) -> float:
        if person in self._free_since:
            return 0.0
        topic, since = self._busy[person]
        mean_s = self._mean_s(topic)
        return max(mean_s - (now - since), _LEAST_LEFT * mean_s)

    def _mean_s(self, topic: str) -> float:
        return self._means.get(topic, (FIRST_GUESS_S, 0))[0]
