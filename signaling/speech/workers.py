"""Who recognises: a process beside us, which is given one utterance after another and may die at any moment.

Where several machines share the work it is `exchange` that gives it away, and a `Worker` is a seat there.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from signaling.beside import beside
from signaling.speech.dispatch import Work
from signaling.speech.messages import Message
from signaling.speech.processes import Process, started

_LOAD_S: Final = 300.0  # the largest model from a slow disk
_ANSWER_S: Final = 180.0  # 18 s of speech by a model that is ten times too slow


class Unanswered(Exception):
    """This utterance was not recognised, and whoever was asked is fit for the next one."""

    def __init__(self, *, is_for_good: bool) -> None:
        super().__init__(is_for_good)
        self.is_for_good = is_for_good


class Worker(Protocol):
    """Somebody who recognises."""

    @property
    def is_there(self) -> bool:
        """Whether to ask at all."""

    async def ask(self, work: Work, question: Message) -> Message:
        """The answer; raises PipeBroken or TimeoutError where the worker is lost with it, else Unanswered."""


Hire = Callable[[], AbstractAsyncContextManager[Worker]]
"""Has a worker while the block runs."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which model a worker loads, and how many threads it takes (0: as torch likes)."""

    checkpoint: Path
    threads: int = 0


class LocalWorker:
    """A process of this machine with its model loaded."""

    is_there = True

    def __init__(self, process: Process) -> None:
        self._process = process

    async def ask(self, work: Work | None, question: Message) -> Message:
        """As `Worker` has it."""
        async with asyncio.timeout(_ANSWER_S):
            self._process.send(question)
            return await self._process.receive()


@asynccontextmanager
async def hired(plan: Plan) -> AsyncIterator[LocalWorker]:
    """A worker whose model is loaded; raises PipeBroken once it is gone, also while nobody asks."""
    arguments = {"checkpoint": str(plan.checkpoint.resolve()), "threads": plan.threads}
    async with started("worker", json.dumps(arguments)) as process, beside(process.until_gone()):
        async with asyncio.timeout(_LOAD_S):
            await process.receive()
        yield LocalWorker(process)
