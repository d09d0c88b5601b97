"""The database, SQLite or PostgreSQL by URL, and the only way to it: a function run in a thread.

Callers hand `read` or `write` a function of a session; it runs in one transaction on a worker thread, so
SQL never blocks the event loop. On SQLite a write transaction begins IMMEDIATE: it waits for its turn at
the start and never fails half way because another writer was faster. `exclusive` gives one named critical
section inside a write transaction on both databases.
"""

import asyncio
import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    TypeDecorator,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlmodel import Session as Session
from sqlmodel import SQLModel, select

T = TypeVar("T")
Row = TypeVar("Row", bound=SQLModel)

SQL_THREADS = 8
BUSY_TIMEOUT_MS = 10_000
"""How long a SQLite writer waits for another one; longer than any of our transactions by far."""


class StoreUnavailable(Exception):
    """The database does not answer, is full or stayed locked too long; trying again may help."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite forgets time zones, so they are taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime never reaches the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Store:
    """One engine and its worker threads. `close` it, or use it as an async context manager."""

    def __init__(self, url: str, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> None:
        self.engine = create_store_engine(url, busy_timeout_ms)
        self._threads = ThreadPoolExecutor(SQL_THREADS, thread_name_prefix="genba-sql")

    async def __aenter__(self) -> "Store":
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Waits for running statements, then closes all connections."""
        self._threads.shutdown()
        self.engine.dispose()

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a read transaction on a worker thread; all its questions see the same moment."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.read_now, work)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a write transaction on a worker thread; commits when it returns."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.write_now, work)

    def read_now(self, work: Callable[[Session], T]) -> T:
        """`read` for callers that own their thread (the command line)."""
        with _translated(), Session(self.engine, expire_on_commit=False) as session:
            if session.get_bind().dialect.name == "postgresql":  # SQLite's transactions do so by themselves
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            return work(session)

    def write_now(self, work: Callable[[Session], T]) -> T:
        """`write` for callers that own their thread (the command line)."""
        with _translated(), Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={"genba_write": True})
            outcome = work(session)
            session.commit()
            return outcome


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise StoreUnavailable from error


def exclusive(session: Session, name: str) -> None:
    """Hold the critical section `name` until this write transaction ends.

    SQLite has one writer anyway; PostgreSQL gets a transaction-scoped advisory lock.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def matching(session: Session, kind: type[Row], column: str, values: Collection[str]) -> list[Row]:
    """All rows of a table in which this column has one of these values, in no order."""
    return list(session.exec(select(kind).where(getattr(kind, column).in_(values))))


def add_missing(session: Session, rows: Sequence[Row]) -> list[Row]:
    """Add those rows whose keys are not there, and answer them; what is there stays as it is."""
    added = []
    for row in rows:
        names = [each.name for each in inspect(type(row)).primary_key]
        key = tuple(getattr(row, name) for name in names)
        if None in key or session.get(type(row), key) is None:
            session.add(row)
            added.append(row)
    session.flush()
    return added


def create_store_engine(url: str, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Engine:
    """An engine with our connection settings; `postgresql://` means the psycopg driver."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=SQL_THREADS, pool_pre_ping=True)
    engine = create_engine(url)
    event.listen(engine, "connect", partial(_configure_sqlite, busy_timeout_ms))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(
    busy_timeout_ms: int,
    connection: Any,  # the DBAPI's own connection class
    _record: object,
) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        f"busy_timeout = {busy_timeout_ms}",
        "journal_mode = WAL",
        "foreign_keys = ON",
        "synchronous = FULL",  # a row that was answered for survives a power cut
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    is_write = connection.get_execution_options().get("genba_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")
