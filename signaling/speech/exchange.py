"""A node's end of the work that several machines share: gives utterances to workers over a Redis.

The node stays answerable: it keeps every utterance until its answer is there, hands it in again when Redis
lost it, and takes it out when its voice is forgotten or nobody waits any more. A worker that dies is replaced
by another at the other end (`remote_worker`). There are as many seats as workers were heard of lately, so
what waits does so here, where finished utterances go first, and little lies in Redis.
"""

import asyncio
import itertools
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from signaling.beside import beside, is_cancelled
from signaling.speech.dispatch import Work
from signaling.speech.engine import EngineState
from signaling.speech.messages import Message, PipeBroken
from signaling.speech.parcels import (
    CONNECT_S,
    DEAD_MS,
    GROUP,
    LEASE_MS,
    RETRY_S,
    SOCKET_S,
    Parcels,
)
from signaling.speech.workers import Hire, Unanswered, Worker

SEATS: Final = 32
"""Utterances of one node at workers at most: 18 MB in Redis."""
_LOOK_S: Final = 0.5
_INTERIM_S: Final = 5.0  # what is shown later than that is of no use
_ANSWERED: Final = {"text": str, "engine": str} | dict.fromkeys(
    ("confidence", "no_speech", "compression", "took_s"), float
)

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Asked:
    """An utterance that waits for its answer; `entry` is its place in the stream of work."""

    number: str
    work: Work
    sealed: bytes = field(repr=False)
    answer: asyncio.Future[Message]
    entry: bytes | None = None
    is_missing: bool = False


class Exchange:
    """One per node; use `running` around it. `workers` is how many there are, of all machines."""

    def __init__(self, url: str, parcels: Parcels) -> None:
        self.workers = 0
        self._parcels = parcels
        self._redis = open_redis(url)
        self._node = secrets.token_hex(8)
        self._numbers = itertools.count(1)
        self._asked: dict[str, _Asked] = {}
        self._changed = asyncio.Condition()

    @property
    def state(self) -> EngineState:
        """Whether somebody recognises."""
        return EngineState.READY if self.workers else EngineState.NO_WORKER

    @property
    def seats(self) -> list[Hire]:
        """For a `Transcriber`: each is there while that many workers are."""
        return [lambda index=index: self._seat(index) for index in range(SEATS)]  # type: ignore[misc]

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[Exchange]":
        """Be there while the block runs; an unreachable Redis is waited for beside it."""
        async with self._redis, beside(self._keep()):
            yield self

    @asynccontextmanager
    async def _seat(self, index: int) -> AsyncIterator[Worker]:
        seat = _Seat(self, index)
        async with self._changed:
            await self._changed.wait_for(lambda: seat.is_there)
        yield seat

    # -- what this node asks

    async def ask(self, work: Work, question: Message) -> Message:
        """See `Worker`; what is finished waits as long as it must."""
        number = f"{self._node}.{next(self._numbers)}"
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        asked = _Asked(number, work, self._parcels.seal(question, number), future)
        self._asked[number] = asked
        try:
            with suppress(RedisError, OSError):  # else it is found missing
                await self._hand(asked)
            if is_cancelled():
                raise asyncio.CancelledError
            async with asyncio.timeout(None if work.is_final else _INTERIM_S):
                return await future
        except TimeoutError:
            raise Unanswered(is_for_good=False) from None
        finally:
            del self._asked[number]
            if not future.done() or future.cancelled() or future.exception() is not None:
                await self._withdraw(asked)

    async def _hand(self, asked: _Asked) -> None:
        facts = {"number": asked.number, "node": self._node, "final": int(asked.work.is_final)}
        async with self._redis.pipeline() as steps:
            steps.set(self._parcels.sound(asked.number), asked.sealed, px=LEASE_MS)
            steps.xadd(self._parcels.work, facts)  # type: ignore[arg-type]  # the library wants a wider mapping
            asked.entry = (await steps.execute())[-1]
        asked.is_missing = False

    async def _withdraw(self, asked: _Asked) -> None:
        with suppress(RedisError, OSError):  # then it goes when its time is over
            async with self._redis.pipeline() as steps:
                steps.delete(self._parcels.sound(asked.number))
                if asked.entry is not None:
                    steps.xdel(self._parcels.work, asked.entry)
                await steps.execute()

    # -- what goes on beside

    async def _keep(self) -> None:
        is_linked = False
        while not is_cancelled():
            try:
                await open_group(self._redis, self._parcels)
                while not is_cancelled():
                    await self._count()
                    await self._renew()
                    if not is_linked:
                        is_linked = True
                        log.info("speech_exchange_linked", extra={"workers": self.workers})
                    await self._read(until=asyncio.get_running_loop().time() + _LOOK_S)
            except (RedisError, OSError) as error:
                if is_linked or isinstance(error, ResponseError):
                    log.warning("speech_exchange_lost", extra={"reason": type(error).__name__})
                is_linked = False
                await self._now_there(0)
                await asyncio.sleep(RETRY_S)

    async def _count(self) -> None:
        since = await time_ms(self._redis) - DEAD_MS
        await self._now_there(int(await self._redis.zcount(self._parcels.alive, since, "+inf")))

    async def _now_there(self, workers: int) -> None:
        if workers != self.workers:
            log.info("speech_workers", extra={"workers": workers})
            async with self._changed:
                self.workers = workers
                self._changed.notify_all()

    async def _renew(self) -> None:
        """Prolong what waits, hand in again what Redis lost, and end what nobody may hear any more."""
        for asked in list(self._asked.values()):
            if asked.answer.done():
                continue
            if asked.work.voice.is_forgotten:
                asked.answer.set_exception(Unanswered(is_for_good=True))
            elif await self._redis.pexpire(self._parcels.sound(asked.number), LEASE_MS):
                asked.is_missing = False
            elif not asked.is_missing:
                asked.is_missing = True  # its answer may be on the way
            elif asked.number in self._asked:
                log.warning("speech_handed_in_again", extra={"number": asked.number})
                await self._hand(asked)
                if asked.number not in self._asked:  # given up in this moment
                    await self._withdraw(asked)

    async def _read(self, until: float) -> None:
        stream, now = self._parcels.answers(self._node), asyncio.get_running_loop().time
        while (rest_s := until - now()) > 0 and not is_cancelled():
            # Any: what a command answers is of no type the library knows.
            found: Any = await self._redis.xread({stream: "0"}, block=max(1, round(rest_s * 1000)))
            for _, entries in found or ():
                await self._redis.xdel(stream, *(entry for entry, _ in entries))
                for _, facts in entries:
                    self._answered(facts)

    def _answered(self, facts: dict[bytes, bytes]) -> None:
        asked = self._asked.get(facts.get(b"number", b"").decode(errors="replace"))
        if asked is None or asked.answer.done():
            return
        try:
            message = self._parcels.open(facts.get(b"answer", b""), f"answer {asked.number}")
        except PipeBroken:  # of a stranger
            log.warning("speech_answer_refused")
            return
        if message.facts.get("failed") is True:
            asked.answer.set_exception(Unanswered(is_for_good=True))
        elif all(isinstance(message.facts.get(name), kind) for name, kind in _ANSWERED.items()):
            asked.answer.set_result(message)
        else:
            log.warning("speech_answer_refused")


@dataclass(frozen=True, slots=True)
class _Seat:
    _exchange: Exchange
    _index: int

    @property
    def is_there(self) -> bool:
        """As `Worker` has it."""
        return self._index < self._exchange.workers

    async def ask(self, work: Work, question: Message) -> Message:
        """As `Worker` has it."""
        return await self._exchange.ask(work, question)


def open_redis(url: str) -> Redis:
    """A connection to it, which is made when it is needed."""
    return Redis.from_url(url, socket_connect_timeout=CONNECT_S, socket_timeout=SOCKET_S)


async def time_ms(redis: Redis) -> int:
    """Redis' own clock, so that machines need not agree on the time."""
    seconds, microseconds = await redis.time()
    return int(seconds) * 1000 + int(microseconds) // 1000


async def open_group(redis: Redis, parcels: Parcels) -> None:
    """Make the stream of work and its group, where they are not there."""
    try:
        await redis.xgroup_create(parcels.work, GROUP, id="0", mkstream=True)
    except ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise
