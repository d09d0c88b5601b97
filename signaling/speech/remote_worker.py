"""`genba transcribe`: workers on any machine, which take utterances from a Redis and send back the text.

An utterance belongs to whoever took it while that one is heard of; when it is silent another takes it over,
and one that three workers died of is answered as failed. The answer, and that the utterance is done and its
sound gone, are one step. A worker whose model dies goes on with what it had.
"""

import asyncio
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from signaling.beside import beside, is_cancelled, told_to_stop
from signaling.speech.dispatch import MOST_TRIES
from signaling.speech.exchange import open_group, open_redis, time_ms
from signaling.speech.messages import Message, PipeBroken
from signaling.speech.parcels import ANSWER_MS, BEAT_S, DEAD_MS, GROUP, RETRY_S, Parcels
from signaling.speech.workers import LocalWorker, Plan, hired

_WAIT_MS: Final = 2_000
_FORGOTTEN_MS: Final = 60_000
_START_AGAIN_S: Final = 2.0

log = logging.getLogger(__name__)

Taken = tuple[bytes, dict[bytes, bytes], int]
"""An entry of the stream of work, what it says, and how many took it, us included."""


async def work(plan: Plan, workers: int, url: str, parcels: Parcels) -> None:
    """Recognise by so many workers until a signal; what was begun is finished, a second one does not wait."""
    async with open_redis(url) as redis, asyncio.TaskGroup() as tasks:
        consumers = [_Consumer(redis, parcels) for _ in range(workers)]
        running = {tasks.create_task(each.work_for_ever(plan)): each for each in consumers}
        with _stopping(running):
            await asyncio.wait(running)


@contextmanager
def _stopping(running: "dict[asyncio.Task[None], _Consumer]") -> Iterator[None]:

    def stop() -> None:
        for task, consumer in running.items():
            if consumer.is_stopping or not consumer.is_busy:
                task.cancel()
            consumer.is_stopping = True

    with told_to_stop(stop):
        yield


class _Consumer:
    """One worker of this machine, under a name that nobody had before."""

    def __init__(self, redis: Redis, parcels: Parcels) -> None:
        self.is_busy = False
        self.is_stopping = False
        self._redis = redis
        self._parcels = parcels
        self._name = secrets.token_hex(8)
        self._in_hand: bytes | None = None

    async def work_for_ever(self, plan: Plan) -> None:
        """With a new process when the old one died."""
        while not self.is_stopping:
            try:
                async with hired(plan) as worker, beside(self._beat()):
                    await self._work(worker)
            except* (PipeBroken, TimeoutError):
                log.warning("speech_process_died", extra={"worker": self._name})
                await asyncio.sleep(_START_AGAIN_S)

    async def _work(self, worker: LocalWorker) -> None:
        """The model outlives a Redis that is away: loading it takes longer than that does."""
        is_linked = False
        while not self.is_stopping and not is_cancelled():
            try:
                if not is_linked:
                    await open_group(self._redis, self._parcels)
                    await self._tidy()
                    is_linked = True
                    log.info("speech_worker_ready", extra={"worker": self._name})
                taken = await self._left() or await self._next()
                if taken is not None:
                    self.is_busy = True
                    await self._recognise(worker, taken)
            except (RedisError, OSError) as error:
                log.warning("speech_exchange_lost", extra={"reason": type(error).__name__})
                is_linked = False
                await asyncio.sleep(RETRY_S)
            finally:
                self.is_busy, self._in_hand = False, None

    # -- what to do next

    async def _left(self) -> Taken | None:
        """What a dead worker left behind, or a dead process of ours."""
        for whose, idle_ms in ((self._name, 0), (None, DEAD_MS)):
            # Any: what a command answers is of no type the library knows.
            found: Any = await self._redis.xpending_range(
                self._parcels.work, GROUP, "-", "+", 1, consumername=whose, idle=idle_ms or None
            )
            for each in found:
                entry, times = each["message_id"], int(each["times_delivered"])
                claimed: Any = await self._redis.xclaim(
                    self._parcels.work, GROUP, self._name, idle_ms, [entry]
                )
                for _, facts in claimed:
                    if facts:
                        log.warning("speech_taken_over", extra={"worker": self._name, "times": times})
                        return entry, facts, times + 1
                if not await self._redis.xrange(self._parcels.work, entry, entry):
                    await self._redis.xack(self._parcels.work, GROUP, entry)  # nobody waits for it
        return None

    async def _next(self) -> Taken | None:
        found: Any = await self._redis.xreadgroup(
            GROUP, self._name, {self._parcels.work: ">"}, count=1, block=_WAIT_MS
        )
        for _, entries in found or ():
            for entry, facts in entries:
                return entry, facts, 1
        return None

    # -- what becomes of it

    async def _recognise(self, worker: LocalWorker, taken: Taken) -> None:
        entry, facts, times = taken
        number, node = (facts.get(name, b"").decode(errors="replace") for name in (b"number", b"node"))
        # Any: what a command answers is of no type the library knows.
        sealed: Any = await self._redis.get(self._parcels.sound(number))
        try:
            question = None if sealed is None else self._parcels.open(sealed, number)
        except PipeBroken:  # a stranger's
            log.warning("speech_question_refused")
            question = None
        answer = None
        if question is not None and (times > MOST_TRIES or (times > 1 and facts.get(b"final") != b"1")):
            answer = Message({"failed": True})
        elif question is not None:
            self._in_hand = entry
            answer = await worker.ask(None, question)
        await self._done(entry, number, node, answer)

    async def _done(self, entry: bytes, number: str, node: str, answer: Message | None) -> None:
        answers = self._parcels.answers(node)
        async with self._redis.pipeline() as steps:
            if answer is not None:
                sealed = self._parcels.seal(answer, f"answer {number}")
                steps.xadd(answers, {"number": number, "answer": sealed})
                steps.pexpire(answers, ANSWER_MS)
                steps.delete(self._parcels.sound(number))
            steps.xack(self._parcels.work, GROUP, entry)
            steps.xdel(self._parcels.work, entry)
            await steps.execute()

    # -- being there

    async def _beat(self) -> None:
        """Say every now and then that this worker is there, and that what it has is in good hands."""
        work, alive = self._parcels.work, self._parcels.alive
        while not is_cancelled():
            with suppress(RedisError, OSError):
                await self._redis.zadd(alive, {self._name: await time_ms(self._redis)})
                if self._in_hand is not None:
                    await self._redis.xclaim(work, GROUP, self._name, 0, [self._in_hand], justid=True)
            await asyncio.sleep(BEAT_S)

    async def _tidy(self) -> None:
        """Forget workers that are gone, and had nothing any more."""
        since = await time_ms(self._redis) - _FORGOTTEN_MS
        await self._redis.zremrangebyscore(self._parcels.alive, "-inf", since)
        for each in await self._redis.xinfo_consumers(self._parcels.work, GROUP):
            if not each["pending"] and await self._redis.zscore(self._parcels.alive, each["name"]) is None:
                await self._redis.xgroup_delconsumer(self._parcels.work, GROUP, each["name"])
