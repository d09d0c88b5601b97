"""Where the library's files lie: originals as they came, pictures of pages that can be drawn again.

    documents/incoming/  what is arriving, and scratch folders; nothing here outlives a day
    documents/originals/ by version
    documents/drawn/     by version: `{page}-{width}.webp`, and `converted.pdf` of an Office file

Names are made here of identifiers of ours; nothing a stranger wrote is ever part of a path. All of it blocks:
callers have a thread for it.
"""

import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp, mkstemp
from typing import Self

LEFT_BEHIND_S = 24 * 3600
MAX_MADE_BYTES = 256 * 1024 * 1024
_CONVERTED = "converted.pdf"
_PICTURE = re.compile(r"[1-9]\d{0,4}-\d{2,4}\.webp")


class Incoming:
    """A file on its way in; it is gone again unless it was kept. A context manager."""

    def __init__(self, folder: Path) -> None:
        handle, name = mkstemp(dir=folder)
        self.path = Path(name)
        self._file = os.fdopen(handle, "wb")
        self._hash = hashlib.sha256()
        self.size_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)

    @property
    def sha256(self) -> str:
        """Of what was written."""
        return self._hash.hexdigest()

    def write(self, piece: bytes) -> None:
        """The next bytes."""
        self._file.write(piece)
        self._hash.update(piece)
        self.size_bytes += len(piece)

    def keep_as(self, target: Path) -> None:
        """Under its name for good, on the disk and not only in its cache."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self.path.rename(target)
        _sync(target.parent)


class Shelf:
    """The folders of one installation."""

    def __init__(self, data_dir: Path) -> None:
        self._root = data_dir / "documents"

    def open(self) -> None:
        """Make the folders; what was left half done long ago is swept away, of another process as well."""
        for name in ("incoming", "originals", "drawn"):
            self._folder(name).mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in self._folder("incoming").iterdir():
            if time.time() - path.stat().st_mtime > LEFT_BEHIND_S:
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def free_bytes(self) -> int:
        """Room on the disk."""
        return shutil.disk_usage(self._root).free

    def incoming(self) -> Incoming:
        """A new file."""
        return Incoming(self._folder("incoming"))

    def original(self, version_id: str) -> Path:
        """The file as it came."""
        return self._folder("originals") / version_id

    def drawable(self, version_id: str) -> Path:
        """The file whose pages can be drawn: the original, or what an Office file was made into."""
        made = self._folder("drawn") / version_id / _CONVERTED
        return made if made.exists() else self.original(version_id)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for one worker, gone afterwards."""
        folder = Path(mkdtemp(dir=self._folder("incoming")))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def picture(self, version_id: str, number: int, width: int) -> bytes | None:
        """A page's picture, if it was drawn."""
        try:
            return (self._folder("drawn") / version_id / f"{number}-{width}.webp").read_bytes()
        except FileNotFoundError:
            return None

    def has_picture(self, version_id: str, number: int, width: int) -> bool:
        """Whether a page was drawn."""
        return (self._folder("drawn") / version_id / f"{number}-{width}.webp").exists()

    def take(self, version_id: str, scratch: Path) -> None:
        """What a worker made, as far as it is what it should be: it may have been made to write anything."""
        folder = self._folder("drawn") / version_id
        folder.mkdir(mode=0o700, exist_ok=True)
        for path in scratch.iterdir():
            is_picture = _PICTURE.fullmatch(path.name) and _is_file(path, b"RIFF....WEBP")
            if is_picture or (path.name == _CONVERTED and _is_file(path, b"%PDF-")):
                path.rename(folder / path.name)

    def trim(self, most_bytes: int) -> int:
        """Throw away the pictures that were drawn longest ago until the rest is no more; how many went."""
        drawn = sorted(
            (path.stat().st_mtime, path.stat().st_size, path)
            for path in self._folder("drawn").glob("*/*.webp")
            if not path.name.endswith("-320.webp")
        )
        held, gone = sum(size for _, size, _ in drawn), 0
        for _, size, path in drawn:
            if held <= most_bytes:
                break
            path.unlink(missing_ok=True)
            held, gone = held - size, gone + 1
        return gone

    def forget(self, version_id: str) -> None:
        """All of a version."""
        self.original(version_id).unlink(missing_ok=True)
        shutil.rmtree(self._folder("drawn") / version_id, ignore_errors=True)

    def _folder(self, name: str) -> Path:
        return self._root / name


def _is_file(path: Path, begins: bytes) -> bool:
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_MADE_BYTES:
        return False
    with path.open("rb") as file:
        return re.match(begins, file.read(len(begins)), re.DOTALL) is not None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
