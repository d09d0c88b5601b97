"""What every test stands on: nothing may leak, property tests repeat, and services are real.

Warnings are errors (pyproject.toml lists the exceptions). A missing service program fails the test with the
command that installs it: a skipped test is a promise nobody checked.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from field_assist import Store
from signaling import migrations
from tests import installation
from tests.leaks import nothing_is_left_behind
from tests.services import PostgreSQL, Redis

__all__ = ["nothing_is_left_behind"]  # a fixture every test gets by its presence here

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """The same tests over the other database."""
    parser.addoption("--postgresql", action="store_true", help="installations of tests live in PostgreSQL")
    parser.addoption("--pictures", metavar="FOLDER", help="browser tests keep pictures of their screens here")


def pytest_collection_finish() -> None:
    """What is loaded is no garbage: else each collection goes through a million objects again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _database(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where installations of tests live."""
    if request.config.getoption("--postgresql"):
        installation.database = request.getfixturevalue("postgresql_server").database
    yield
    installation.database = None


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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A migrated database of each kind."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/store.sqlite3" if is_sqlite else request.getfixturevalue("postgresql_url")
    opened = Store(url)
    migrations.upgrade(opened.engine)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the tree under test."""
    return Path(__file__).resolve().parent.parent
