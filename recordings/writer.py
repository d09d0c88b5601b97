"""Writes journals from one thread beside the event loop, which only appends to queues.

Every `DRAIN_S` what came is written as one block of each journal, so a killed process loses no more than
that; every `SYNC_S` a second thread has the file system force all of them to the disk at once (syncfs(2); a
call for each of hundreds of files costs more than writing them), so a power cut loses little more. Memory is
bounded: while the disk is too slow, packets are not taken and the journal says so with a `Gap`. A disk that
refuses is asked again at the next turn; what it refused becomes a gap too.
"""

from __future__ import annotations

import ctypes
import hashlib
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from recordings import journal
from recordings.journal import End, Gap, Note, Opening

T = TypeVar("T")

log = logging.getLogger(__name__)

DRAIN_S = 0.5
SYNC_S = 1.0
MOST_HELD = 60_000
"""Packets that wait for the disk at most, each up to 1,500 bytes: some seconds of thirty rooms."""


@dataclass(frozen=True, slots=True)
class Written:
    """A journal that ended: bytes on the disk, and their SHA-256 as hexadecimal digits."""

    path: Path
    size_bytes: int
    sha256: str
    missing: int  # packets that are not in it


class Journal:
    """One journal as the event loop sees it; made by `Writer.open`, `close` it once."""

    __slots__ = (
        "_lost",
        "_writer",
        "closed_at_us",
        "file",
        "notes",
        "on_written",
        "opening",
        "packets",
        "path",
    )

    def __init__(
        self, writer: Writer, path: Path, opening: Opening, on_written: Callable[[Written], object]
    ) -> None:
        self.path = path
        self.on_written = on_written
        self.file: _File | None = None
        self.closed_at_us: int | None = None
        self.opening = opening
        self.packets: deque[tuple[int, bytes]] = deque()  # appended here, taken by the thread; so are notes
        self.notes: deque[Note] = deque()
        self._writer = writer
        self._lost: Gap | None = None

    def packet(self, at_us: int, data: bytes) -> None:
        """Take a packet as it came."""
        if self.closed_at_us is not None:
            return
        writer = self._writer
        if writer.taken - writer.done >= writer.most_held:
            lost = self._lost
            since, count = (lost.at_us, lost.packets) if lost is not None else (at_us, 0)
            self._lost = Gap(since, at_us, count + 1, "slow disk")
            return
        if self._lost is not None:
            self.notes.append(self._lost)
            self._lost = None
        writer.taken += 1
        self.packets.append((at_us, data))

    def note(self, note: Note) -> None:
        """Take a note."""
        if self.closed_at_us is None:
            self.notes.append(note)

    def close(self, at_us: int, why: str) -> None:
        """The last entry; `on_written` is called, from the writer's thread, once all is on the disk."""
        if self.closed_at_us is None:
            if self._lost is not None:
                self.notes.append(self._lost)
            self.notes.append(End(at_us, why))
            self.closed_at_us = at_us


class Writer:
    """One per process; use it as a context manager. Everything but the thread's work is non-blocking."""

    def __init__(self, folder: Path, most_held: int = MOST_HELD) -> None:
        self.most_held = most_held
        self._folder = folder
        self.taken = 0  # packets, counted by the event loop
        self.done = 0  # and by the thread
        self._arriving: deque[Journal] = deque()
        self._open: list[Journal] = []
        self._wake = threading.Event()
        self._turned = threading.Condition()
        self._turns = 0
        self._is_ending = False
        self._is_dirty = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="genba-journals")
        self._syncing = threading.Thread(target=self._sync, name="genba-journals-sync")

    def __enter__(self) -> Writer:
        """Begin; journals live below the folder, which is made."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        self._syncing.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End every journal that still is open, and wait until all are on the disk. Blocks."""
        self._is_ending = True
        self._wake.set()
        self._thread.join()
        self._ended.set()
        self._syncing.join()

    def open(self, path: Path, opening: Opening, on_written: Callable[[Written], object]) -> Journal:
        """Begin a journal; its file and folder are made soon."""
        made = Journal(self, path, opening, on_written)
        self._arriving.append(made)
        return made

    def hurry(self) -> None:
        """Write what is there now: somebody waits for it."""
        self._wake.set()

    def settle(self) -> None:
        """Return once everything taken so far is in the files. Blocks."""
        with self._turned:
            wanted = self._turns + 2  # the one under way may have passed what came a moment ago
            while self._turns < wanted and self._thread.is_alive():
                self._wake.set()
                self._turned.wait(DRAIN_S)

    # What follows runs in the thread.

    def _run(self) -> None:
        while not self._is_ending:
            self._wake.wait(DRAIN_S)
            self._wake.clear()
            self._turn()
        now_us = time.time_ns() // 1000
        for open_one in (*self._open, *self._arriving):
            open_one.close(now_us, "server ended")
        self._turn()

    def _turn(self) -> None:
        while self._arriving:
            self._open.append(self._arriving.popleft())
        for entry in tuple(self._open):
            try:
                self._write(entry)
            except Exception:
                log.exception("journal_broken", extra={"track": entry.opening.track_id})
                self._open.remove(entry)
                entry.close(time.time_ns() // 1000, "broken")
                self.done += len(_drained(entry.packets))
        with self._turned:
            self._turns += 1
            self._turned.notify_all()

    def _write(self, entry: Journal) -> None:
        is_closed = entry.closed_at_us is not None  # asked first: what is closed now gets nothing more
        file = entry.file = entry.file or _File(entry.path, entry.opening)
        packets = _drained(entry.packets)
        notes = _drained(entry.notes)
        if packets or notes:
            file.write(packets, notes)
            self._is_dirty = True
        self.done += len(packets)
        if is_closed:
            self._open.remove(entry)
            entry.on_written(file.close())

    def _sync(self) -> None:
        library = ctypes.CDLL(None, use_errno=True)
        handle = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            while not self._ended.wait(SYNC_S):
                if self._is_dirty:
                    self._is_dirty = False
                    if library.syncfs(handle):
                        log.error("journals_not_synced", extra={"errno": ctypes.get_errno()})
        finally:
            os.close(handle)


class _File:
    """The file behind a journal. A failed write is a gap in it."""

    def __init__(self, path: Path, opening: Opening) -> None:
        self._path = path
        self._hash = hashlib.sha256()
        self._size = 0
        self._missing = 0
        self._head = journal.opening_block(opening)
        self._failed: Gap | None = None
        self._handle: int | None = None

    def write(self, packets: list[tuple[int, bytes]], notes: list[Note]) -> None:
        self._missing += sum(note.packets for note in notes if isinstance(note, Gap))
        if self._failed is not None:
            notes.insert(0, self._failed)
        content = journal.packets_blocks(packets) + (journal.notes_block(notes) if notes else b"")
        try:
            self._append(content)
            self._failed = None
        except OSError as error:
            times = [at_us for at_us, _ in packets] or [note.at_us for note in notes]
            since = self._failed.at_us if self._failed is not None else times[0]
            before = self._failed.packets if self._failed is not None else 0
            self._failed = Gap(since, times[-1], before + len(packets), "disk error")
            self._missing += len(packets)
            log.error("journal_not_written", extra={"file": self._path.name, "errno": error.errno})

    def _append(self, content: bytes) -> None:
        if self._handle is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
            self._handle = os.open(self._path, flags, 0o600)
        rest = memoryview(self._head + content)
        while rest:
            count = os.write(self._handle, rest)
            self._hash.update(rest[:count])
            self._size += count
            rest = rest[count:]
        self._head = b""

    def close(self) -> Written:
        if self._handle is not None:
            try:
                os.fdatasync(self._handle)
            except OSError as error:
                log.error("journal_not_synced", extra={"file": self._path.name, "errno": error.errno})
            os.close(self._handle)
        return Written(self._path, self._size, self._hash.hexdigest(), self._missing)


def _drained(queue: deque[T]) -> list[T]:
    """What is in it now; the event loop may append meanwhile."""
    return [queue.popleft() for _ in range(len(queue))]
