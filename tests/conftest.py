"""What every test stands on: nothing may leak, property tests repeat, and services are real.

Warnings are errors (pyproject.toml lists the exceptions). A missing service program fails the test with the
command that installs it: a skipped test is a promise nobody checked.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.services import PostgreSQL, Redis

# Derandomised: the same examples everywhere, so a red run is red for everybody.
# `--hypothesis-profile=explore` in a developer's hands looks further.
settings.register_profile(
    "gate",
    derandomize=True,
    deadline=None,
    max_examples=100,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.register_profile("explore", deadline=None, max_examples=5_000)
settings.load_profile("gate")

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


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A real Redis on an ephemeral port; shared, so a test uses a prefix of its own or flushes."""
    with Redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: Redis) -> str:
    """Address of an empty Redis."""
    redis_server.empty()
    return redis_server.url


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """A real PostgreSQL on an ephemeral port, run as an ordinary user."""
    with PostgreSQL() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: PostgreSQL) -> Iterator[str]:
    """SQLAlchemy URL of an empty database of this test's own."""
    with postgresql_server.database() as url:
        yield url


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the tree under test."""
    return Path(__file__).resolve().parent.parent
