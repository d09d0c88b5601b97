"""The archive of a case (案件一式): written so that its bytes depend on the files alone, and examined.

Files are stored uncompressed, in their order and without times, so an archive can be written again from what
is in it: a byte that was changed outside of every file shows as well. Blocks; callers have a thread for it.
"""

import filecmp
import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from field_assist import bundles, decision_chain, evidence, redaction_chain, seals

Files = Mapping[str, bytes | Path]
DECISIONS, RESTORED, STILLS, ROWS = "decisions.jsonl", "decisions/", "stills/", "rows.json"
REDACTIONS = "redactions.jsonl"
WORDS = {"missing": "is missing", "unexpected": "does not belong to it", "changed": "was changed"}
_TIME = (1980, 1, 1, 0, 0, 0)
_PIECE_BYTES = 1 << 20


def found(files: Files) -> dict[str, bundles.Found]:
    """What each is."""
    return {path: _found(content) for path, content in files.items()}


def write(
    target: Path,
    files: Files,
    known: Mapping[str, bundles.Found],
    about: Mapping[str, Any],
    key: Ed25519PrivateKey,
) -> str:
    """Write the archive with its listing and seal; `known` is what was found.

    Answers the SHA-256 of the listing.
    """
    text = bundles.listing(about, known, key.public_key())
    sealed = {bundles.LISTING: text.encode(), bundles.SEAL: bundles.seal(text, key).encode()}
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _pack(target, {**sealed, **files})
    return seals.digest(text)


def is_one(path: Path) -> bool:
    """Whether this looks like the archive of a case."""
    try:
        with zipfile.ZipFile(path) as archive:
            return bundles.LISTING in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


@dataclass(frozen=True, slots=True)
class Opened:
    """An archive that was examined: what is wrong by file, and where nothing is, its files and listing."""

    faults: tuple[tuple[str, str], ...]
    files: Mapping[str, Path]
    listing: Mapping[str, Any]  # JSON

    @property
    def key(self) -> Ed25519PublicKey:
        """Whose seal it bears."""
        return seals.read(self.listing["public_key"])

    def decisions(self) -> Iterator[tuple[Ed25519PublicKey, list[decision_chain.Link]]]:
        """The rows of its decisions by the key that sealed them."""
        for name in self.files:
            if name == DECISIONS or name.startswith(RESTORED):
                yield _links(self.files[name])


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Examine an archive; its files are there while the block runs."""
    with TemporaryDirectory(prefix="genba-case-") as folder:
        faults, files, listing = _examine(path, Path(folder))
        yield Opened(tuple(faults), {} if faults else files, listing)


def verify(path: Path, say: Callable[[str], None]) -> bool:
    """Say what is wrong with an archive, by file, or that it is whole."""
    with opened(path) as found:
        for file, words in found.faults:
            say(f"FAILED {path}: {file} {words}")
        if not found.faults:
            case, made = found.listing["case"], found.listing["made_at"]
            fingerprint, count = seals.fingerprint(found.key), len(found.listing["files"])
            say(f"whole  {path}: case {case['number']}, {count} files, {made}, key {fingerprint}")
    return not found.faults


def _examine(path: Path, folder: Path) -> tuple[list[tuple[str, str]], Mapping[str, Path], Mapping[str, Any]]:
    names, damaged = _unpack(path, folder)
    if damaged:
        return [(name, WORDS["changed"]) for name in damaged], {}, {}
    papers = {name: names.pop(name) for name in (bundles.LISTING, bundles.SEAL) if name in names}
    if len(papers) < 2:
        return [(bundles.SEAL, WORDS["missing"])], {}, {}
    text, sealed = (papers[name].read_bytes().decode(errors="replace") for name in papers)
    verdict = bundles.examine(text, sealed, {name: _found(file) for name, file in names.items()})
    faults = [(fault.file, WORDS[fault.what]) for fault in verdict.faults]
    if not faults:
        key = seals.read(verdict.listing["public_key"])
        faults = [*_decisions(names, key), *_stills(names)]
    if not faults:
        again = folder / "again.zip"
        _pack(again, {**papers, **names})
        faults = [] if filecmp.cmp(path, again, shallow=False) else [(path.name, WORDS["changed"])]
    return faults, names, verdict.listing


def _decisions(names: Mapping[str, Path], key: Ed25519PublicKey) -> list[tuple[str, str]]:
    if DECISIONS not in names:
        return [(DECISIONS, WORDS["missing"])]
    faults = []
    for name in names:
        if name == DECISIONS or name.startswith(RESTORED):
            sealed_by, links = _links(names[name])
            by = key if name == DECISIONS else sealed_by
            if (fault := decision_chain.examine(links, by, is_part=True).fault) is not None:
                faults.append((name, f"line {fault.seq}: {fault.what.value}"))
    if REDACTIONS in names:  # older ones have none
        _, links = _links(names[REDACTIONS])
        if (fault := redaction_chain.examine(links, key, is_part=True).fault) is not None:
            faults.append((REDACTIONS, f"line {fault.seq}: {fault.what.value}"))
    return faults


def _links(file: Path) -> tuple[Ed25519PublicKey, list[decision_chain.Link]]:
    """Rows as `chains.export` wrote them, and the key it names."""
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    return seals.read(json.loads(head)["public_key"]), [
        decision_chain.Link(**json.loads(line)) for line in lines
    ]


def _stills(names: Mapping[str, Path]) -> list[tuple[str, str]]:
    folders: dict[str, dict[str, bytes]] = {}
    for name, file in names.items():
        if name.startswith(STILLS):
            folder, _, rest = name.removeprefix(STILLS).partition("/")
            folders.setdefault(folder, {})[rest] = file.read_bytes()
    return [
        (f"{STILLS}{folder}/{fault.file}", WORDS[fault.what])
        for folder, files in folders.items()
        for fault in evidence.examine(files).faults
    ]


def _unpack(path: Path, folder: Path) -> tuple[dict[str, Path], list[str]]:
    """Files by the name they have in the archive, each under a name of ours, and those that are damaged."""
    found: dict[str, Path] = {}
    damaged = []
    try:
        with zipfile.ZipFile(path) as archive:
            for place, entry in enumerate(archive.infolist()):
                target = folder / str(place)
                try:
                    if entry.compress_type != zipfile.ZIP_STORED:
                        raise zipfile.BadZipFile
                    with archive.open(entry) as source, target.open("wb") as out:
                        shutil.copyfileobj(source, out, _PIECE_BYTES)
                except Exception:  # zipfile has a dozen ways to say that bytes are wrong
                    damaged.append(entry.filename)
                found[entry.filename] = target
    except Exception:
        return {}, [path.name]
    return found, damaged


def _pack(target: Path, files: Files) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = 3
            if isinstance(content, bytes):
                entry.file_size = len(content)
                with archive.open(entry, "w") as out:
                    out.write(content)
            else:
                entry.file_size = content.stat().st_size
                with content.open("rb") as source, archive.open(entry, "w") as out:
                    shutil.copyfileobj(source, out, _PIECE_BYTES)


def _found(content: bytes | Path) -> bundles.Found:
    if isinstance(content, bytes):
        return bundles.Found(hashlib.sha256(content).hexdigest(), len(content))
    with content.open("rb") as file:
        return bundles.Found(hashlib.file_digest(file, "sha256").hexdigest(), content.stat().st_size)
