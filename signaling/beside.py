"""Work that goes on beside the block that opened it, and ends with it."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:  # Any: what a coroutine is sent
    """Run this while the block runs."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(work)
        try:
            yield
        finally:
            task.cancel()


@contextmanager
def told_to_stop(stop: Callable[[], None]) -> Iterator[None]:
    """Call this at each SIGTERM and SIGINT while the block runs."""
    loop, numbers = asyncio.get_running_loop(), (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def is_cancelled() -> bool:
    """Whether this task was told to end, and a library (Redis') kept it from hearing so."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def woken(wake: asyncio.Event, within_s: float | None) -> None:
    """Wait until somebody sets it, but no longer than this (None: for ever); then it is unset again."""
    try:
        async with asyncio.timeout(within_s):
            await wake.wait()
    except TimeoutError:
        pass
    wake.clear()
