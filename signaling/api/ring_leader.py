"""Who rings now: the queue in step with the database, led by one node at a time.

Every act on a request is a row of the database first; whoever wrote it calls `step`. The node that has the
lease brings its queue up to date with the rows, lets time pass in it, and writes down whom it rings and what
became a ticket, in one transaction that holds only while the lease does. So a request is rung, escalated and
ticketed once, however many nodes there are, and another one goes on within seconds where the leader died. Its
clock is the wall's, so that whoever goes on does so with the same deadlines.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Set
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from field_assist import (
    CallSheet,
    Consultation,
    ConsultationState,
    Session,
    Store,
    StoreUnavailable,
    calls,
    consultations,
    leases,
    people,
    queueing,
    rings,
)
from signaling.accounts import access_log
from signaling.accounts.access_log import SYSTEM, Action, Entry
from signaling.api.call_desk import publish_change
from signaling.api.directory import Directory
from signaling.api.event_streams import EventHub, Only
from signaling.beside import beside, woken
from signaling.bus import Body, Bus
from signaling.clock import Clock

RINGS_CHANGED = "rings"
LEASE = "rings"
LEASE_FOR = timedelta(seconds=10)  # after which another node goes on where the leader died
RENEW_S = 3.0
FOLLOW_S = 2.0  # how often a node looks whether the leader is still there, while somebody waits
LOOK_AGAIN_S = 30.0
ALONE_S = 3.0  # instead, while other nodes cannot say that something happened
RETRY_S = 1.0
JOIN_GRACE = timedelta(seconds=30)
"""Whoever accepted counts as talking for so long before they are in the room."""
QUEUE, TURN = "queue", "turn"
SAY_AGAIN_S = 1.0
MAX_SAID = 50
"""Requests whose place other nodes are told; it changes with every step, and costs as many looks as wait."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a request stands in the queue; `next_circle`, by id, is rung at `next_at`, the wall's seconds."""

    position: int = 0
    expected_wait_s: float | None = None
    next_circle: tuple[str, ...] = ()
    next_at: float | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    """What the database says: who waits, and who took something lately."""

    waiting: dict[str, consultations.Said]
    fresh: list[Consultation]  # of those that wait, the ones this node does not know
    taken: list[Consultation]


class RingLeader:
    """One per node; use `running` around it. `on_changes` hears whom the leading node rings, and no more."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        hub: EventHub,
        clock: Clock,
        bus: Bus,
        *,
        patience: queueing.Patience,
    ) -> None:
        self.on_changes: Callable[[rings.Changes], object] = lambda changes: None
        self._store = store
        self._directory = directory
        self._hub = hub
        self._clock = clock
        self._bus = bus
        self._queue = queueing.Queue(patience)
        self._now = 0.0
        self._there: set[str] = set()
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        self._wake.set()
        self._leads = False
        self._waits = False  # somebody does, as far as this node knows
        self._heard: dict[str, Standing] = {}  # of the leading node
        self._said_at = -1.0
        self._tickets: list[str] = []  # the database does not know of yet
        self._written: tuple[dict[str, list[str]], float] = {}, -1.0  # who rings by it, and since when
        directory.on_change = self._wake.set
        bus.listen(TURN, lambda node, body: self._wake.set())
        bus.listen(QUEUE, self._hear)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Read back how long things take; ring, escalate and give up while this runs and this node leads."""
        for topic, took_s in await self._store.read(consultations.talks):
            self._queue.learn(topic, took_s)
        async with beside(self._run()):
            yield
        try:
            await self._store.write(lambda session: leases.release(session, LEASE, self._bus.node))
        except StoreUnavailable:
            log.warning("ringing_lease_left")
        self._bus.tell(TURN, {})

    async def step(self) -> None:
        """Go on after something was written down."""
        await self._step()
        if not self._leads:
            self._bus.tell(TURN, {})

    @property
    def leads(self) -> bool:
        """Whether this node does, as far as it knows."""
        return self._leads

    def standing(self, consultation_id: str) -> Standing:
        """How a request stands, by this node's queue or what the leading one said of its own."""
        own = next((each for each in self._queue.waiting() if each.id == consultation_id), None)
        return self._own(own) if own is not None else self._heard.get(consultation_id, Standing())

    async def _run(self) -> None:
        while True:
            await woken(self._wake, self._pause_s())
            try:
                await self._step()
            except StoreUnavailable:
                log.warning("ringing_waits_for_the_database")
                await asyncio.sleep(RETRY_S)
            except Exception:  # a fault of ours here must not end the calls that go on beside it
                log.exception("ringing_failed")
                await asyncio.sleep(RETRY_S)

    def _pause_s(self) -> float:
        if self._leads:
            due = self._queue.poll_timeout()
            soon = RENEW_S if due is None else min(RENEW_S, max(0.0, due - self._time()))
            return RETRY_S if self._tickets else soon
        if self._waits:
            return FOLLOW_S
        return LOOK_AGAIN_S if self._bus.is_linked else ALONE_S

    async def _step(self) -> None:
        async with self._turn:
            at = self._clock.wall()
            known = {request.id for request in self._queue.waiting()} | set(self._tickets)
            look = await self._store.read(lambda session: _look(session, known, at - JOIN_GRACE))
            await self._look_around({row.answered_by: row.ended_at for row in look.taken})
            self._waits = bool(look.waiting)
            if not self._leads and not (look.waiting and await self._take_the_lead(at)):
                self._forget()
                return
            self._catch_up(look)
            self._queue.handle_timeout(self._time())
            await self._write(at)
            if not look.waiting:
                self._leads = False
                await self._store.write(lambda session: leases.release(session, LEASE, self._bus.node))

    async def _take_the_lead(self, at: datetime) -> bool:
        node = self._bus.node
        self._leads = await self._store.write(lambda s: leases.hold(s, LEASE, node, at, LEASE_FOR))
        if self._leads:
            log.info("ringing_led")
        return self._leads

    def _forget(self) -> None:
        """Another node leads: its queue counts."""
        self._leads = False
        self._tickets.clear()
        self._written = {}, -1.0
        for request in self._queue.waiting():
            self._queue.withdraw(self._time(), request.id)
        self._queue.events()

    async def _look_around(self, taken: dict[str | None, datetime | None]) -> None:
        """Tell the queue who is there, free or talking; `taken` says who took something, and when."""
        present = {colleague.person.id: colleague for colleague in await self._directory.present()}
        now = self._time()
        for person_id in self._there - present.keys():
            self._queue.gone(now, person_id)
        self._there = set(present)
        for person_id, colleague in present.items():
            if colleague.is_in_call or person_id in taken:
                self._queue.busy(now, person_id)
            elif colleague.may_ring and people.may_be_member(colleague.person):
                self._queue.free(now, person_id)
            else:
                self._queue.gone(now, person_id)

    def _catch_up(self, look: _Look) -> None:
        """Bring the queue to what the rows say: who asks, who says no or not now, what is over."""
        now = self._time()
        known = {request.id: request for request in self._queue.waiting()}
        answered = {row.id: row.answered_by for row in look.taken}
        for gone in known.keys() - look.waiting.keys():
            if not self._queue.accept(now, gone, answered.get(gone) or ""):
                self._queue.withdraw(now, gone)
        for row in look.fresh:
            self._queue.ask(now, row.request())
        for request_id, said in look.waiting.items():
            request = known.get(request_id)
            if request is None:
                continue
            for person in set(said.declined) - request.declined:
                self._queue.decline(now, request_id, person)
            for person, later in said.later.items():
                until = datetime.fromisoformat(later).timestamp()
                if until > now and request.later.get(person) != until:
                    self._queue.later(now, request_id, person, until - now)

    async def _write(self, at: datetime) -> None:
        """Write down what became of requests, if this node still leads, then tell whom it concerns."""
        events = self._queue.events()
        self._tickets += [event.request for event in events if isinstance(event, queueing.Ticketed)]
        wanted = self._queue.ringing()
        who, since = self._written
        if wanted == who and not self._tickets and self._time() - since < RENEW_S:
            return
        node, tickets = self._bus.node, list(self._tickets)

        def work(session: Session) -> tuple[rings.Changes, list[CallSheet]] | None:
            if not leases.hold(session, LEASE, node, at, LEASE_FOR):
                return None
            ended = [
                each for each in tickets if consultations.end(session, each, ConsultationState.TICKET, at)
            ]
            changes = rings.follow(session, wanted, at)
            touched = {told.request for told in (*changes.started, *changes.stopped)} | set(tickets)
            rows = [consultations.by_id(session, request) for request in sorted(touched)]
            sheets = list(calls.sheets(session, {row.call_id for row in rows}).values())
            for ticket in ended:
                access_log.append(session, Entry(SYSTEM, Action.CONSULTATION_TICKET, ticket), at)
            return changes, sheets

        written = await self._store.write(work)
        if written is None:
            self._forget()
            return
        self._tickets = [ticket for ticket in self._tickets if ticket not in tickets]
        self._written = wanted, self._time()
        self._tell(*written)

    def _tell(self, changes: rings.Changes, sheets: list[CallSheet]) -> None:
        concerned = frozenset(told.person for told in (*changes.started, *changes.stopped))
        if concerned:
            self._hub.publish(RINGS_CHANGED, Only(concerned))
            self.on_changes(changes)
        for sheet in sheets:
            publish_change(self._hub, sheet)
        if self._time() - self._said_at >= SAY_AGAIN_S:
            self._said_at = self._time()
            said = {request.id: self._own(request) for request in self._queue.waiting()[:MAX_SAID]}
            self._bus.tell(QUEUE, {"requests": {request: asdict(each) for request, each in said.items()}})

    def _hear(self, _node: str, body: Body) -> None:
        self._heard = {str(request): Standing(**each) for request, each in body["requests"].items()}
        if self._heard and not self._waits:
            self._wake.set()

    def _own(self, request: queueing.Request) -> Standing:
        number = request.circle + 1
        has_next = number < len(request.circles)
        return Standing(
            position=self._queue.position(request.id),
            expected_wait_s=self._queue.expected_wait_s(self._time(), request.id),
            next_circle=request.circles[number] if has_next else (),
            next_at=request.asked_at + self._queue.patience.next_circle_s * number if has_next else None,
        )

    def _time(self) -> float:
        """The wall's seconds, but never back: a clock that is put right must not ring anybody twice."""
        self._now = max(self._now, self._clock.wall().timestamp())
        return self._now


def _look(session: Session, known: Set[str], since: datetime) -> _Look:
    waiting = consultations.said_while_waiting(session)
    fresh = [consultations.by_id(session, request) for request in waiting if request not in known]
    return _Look(waiting, fresh, consultations.answered_since(session, since))
