"""Files that arrive in pieces: beside the database, written and synced before a row says how much is here.

A crash in between leaves a longer file, which the next piece overwrites from where the row ends. One file
takes one piece at a time: its lock is held from reading the row to writing it.
"""

import asyncio
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from weakref import WeakValueDictionary


class ArrivingFiles:
    """The files of one kind, each under its identifier: a UUID, the schema lets nothing else in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def lock(self, name: str) -> asyncio.Lock:
        """Held around every step of this file."""
        return self._locks.setdefault(name, asyncio.Lock())

    def path(self, name: str) -> Path:
        """Where it is, or will be."""
        return self._folder / name

    async def write(self, name: str, offset: int, piece: bytes) -> None:
        """The piece at its place, on the disk when this answers; what stood behind it is gone."""
        await asyncio.to_thread(self._write, name, offset, piece)

    async def read(self, name: str) -> bytes:
        """All of it; empty when there is none."""
        return await asyncio.to_thread(self._read, name)

    async def sha256(self, name: str) -> str:
        """Of all of it, or of nothing when there is none, in hexadecimal; calls go on meanwhile."""
        return await asyncio.to_thread(self._sha256, name)

    async def remove(self, names: Iterable[str]) -> None:
        """Forget these."""
        await asyncio.to_thread(self._remove, list(names))

    def _write(self, name: str, offset: int, piece: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path(name), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(handle, piece, offset)
            os.ftruncate(handle, offset + len(piece))
            os.fsync(handle)
        finally:
            os.close(handle)

    def _read(self, name: str) -> bytes:
        path = self.path(name)
        return path.read_bytes() if path.exists() else b""

    def _sha256(self, name: str) -> str:
        if not self.path(name).exists():
            return hashlib.sha256().hexdigest()
        with self.path(name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _remove(self, names: list[str]) -> None:
        for name in names:
            self.path(name).unlink(missing_ok=True)
