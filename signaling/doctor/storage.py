"""Looking at what a server on this machine stands on: its data directory and its database."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from field_assist import Store, StoreUnavailable, exclusive
from signaling.doctor.findings import Finding, green, not_checked, red

MIN_FREE_BYTES = 1 << 30  # a day of documents and recordings does not fit in less


def check_storage(data_dir: Path, store_url: str) -> Finding:
    """Whether the database takes a write and the data directory has room."""
    if not data_dir.is_dir():
        return not_checked(
            "storage",
            f"there is no data directory {data_dir} here",
            "Run this on the server's machine and name its directory with --data.",
        )
    free_bytes = shutil.disk_usage(data_dir).free
    free = f"{free_bytes / 2**30:.1f} GiB free"
    try:
        with tempfile.TemporaryFile(dir=data_dir) as file:
            file.write(bytes(4096))
            file.flush()
    except OSError as error:
        return red(
            "storage",
            f"the data directory {data_dir} cannot be written ({error.strerror}), {free}",
            "Give the user that runs the server the right to write there, or make room on the disk.",
        )
    started = time.monotonic()
    problem = _database_problem(store_url)
    if problem:
        return red(
            "storage",
            f"the database takes no write ({problem}), {free}",
            "Is the database running, and its disk not full? No other program may hold a SQLite file.",
        )
    write_ms = (time.monotonic() - started) * 1000
    if free_bytes < MIN_FREE_BYTES:
        return red(
            "storage",
            f"the database takes writes, but the data directory has only {free}",
            "Make room, or move the data directory to a larger disk.",
        )
    return green(
        "storage",
        f"the database takes writes ({write_ms:.0f} ms), {free}",
        write_ms=write_ms,
        free_gib=free_bytes / 2**30,
    )


def _database_problem(store_url: str) -> str:
    """Why an empty write transaction fails; empty when it does not."""
    path = store_url.removeprefix("sqlite:///")
    if path != store_url and not Path(path).exists():
        return "there is none yet: genba serve makes it"
    store = Store(store_url)
    try:
        store.write_now(lambda session: exclusive(session, "doctor"))
    except StoreUnavailable as error:
        return _first_line(error.__cause__ or error)
    except Exception as error:  # a file that is no database, a missing driver: all the same to who asks
        return _first_line(error)
    finally:
        store.close()
    return ""


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
