"""Fails the test that leaves something running: the one place leaks of tasks and threads can be seen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

# Idle threads of executors live on by design; a library's own tasks are its makers' business.
LASTING_THREADS = ("asyncio_", "ThreadPoolExecutor", "AnyIO worker thread")
NOT_OUR_TASKS = ("/livekit/", "/playwright/", "/anyio/", "/asyncio/")


@pytest.fixture(autouse=True)
def nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail the test whose asyncio.run ends with unfinished tasks, or that leaves a thread running."""
    threads_before = set(threading.enumerate())
    unfinished: list[str] = []
    cancel_all_tasks: Callable[[asyncio.AbstractEventLoop], None] = asyncio.runners._cancel_all_tasks  # type: ignore[attr-defined]

    def remember_and_cancel(loop: asyncio.AbstractEventLoop) -> None:
        # asyncio.Runner cancels leftovers in silence when it closes: the one moment to see them.
        unfinished.extend(_describe(task) for task in asyncio.all_tasks(loop) if _is_ours(task))
        cancel_all_tasks(loop)

    monkeypatch.setattr(asyncio.runners, "_cancel_all_tasks", remember_and_cancel)

    yield

    if unfinished:
        pytest.fail(f"left unfinished: {', '.join(sorted(unfinished))}", pytrace=False)
    threads = [
        thread.name
        for thread in set(threading.enumerate()) - threads_before
        if not thread.daemon and not thread.name.startswith(LASTING_THREADS)
    ]
    if threads:
        pytest.fail(f"left running: {', '.join(sorted(threads))}", pytrace=False)


def _is_ours(task: asyncio.Task[object]) -> bool:
    code = getattr(task.get_coro(), "cr_code", None)
    return code is None or not any(folder in code.co_filename for folder in NOT_OUR_TASKS)


def _describe(task: asyncio.Task[object]) -> str:
    return f"{task.get_name()} ({getattr(task.get_coro(), '__qualname__', 'a coroutine')})"
