"""A journal's file as a view of its bytes: what reads an hour of it touches the heads of its blocks alone."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recordings.journal import JournalDamaged

UNREADABLE = (OSError, ValueError, JournalDamaged)
"""What reading a journal raises that was never written, is empty, or not even begun."""


@contextmanager
def mapped(path: Path, size: int = 0) -> Iterator[memoryview]:
    """The first `size` bytes, 0 for all, while the block runs. Raises OSError, ValueError if empty."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as content:
        with memoryview(content) as view:
            yield view
