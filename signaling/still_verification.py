"""`genba verify PATH...`: says of exported stills and cases whether they are whole, and names what is not.

Needs no installation: what was exported is complete in itself. Whether its key is one of this office's
devices, or this installation's, is for the reader to compare.
"""

from collections.abc import Callable
from pathlib import Path

from field_assist import evidence
from signaling import case_archive

WORDS = {"missing": "is missing", "unexpected": "does not belong to it", "changed": "was changed"}


def run(paths: list[Path], say: Callable[[str], None]) -> int:
    """Examine each; answers the exit status: 0 when all are whole."""
    verdicts = [_examine(path, say) for path in paths]
    return 0 if all(verdicts) else 1


def _examine(path: Path, say: Callable[[str], None]) -> bool:
    if case_archive.is_one(path):
        return case_archive.verify(path, say)
    try:
        if path.is_dir():
            files = {each.name: _read(each) for each in sorted(path.iterdir())}
            verdict = evidence.examine(files)
        else:
            verdict = evidence.examine_archive(path.name, _read(path))
    except OSError as error:
        say(f"FAILED {path}: cannot be read ({error.strerror})")
        return False
    for fault in verdict.faults:
        say(f"FAILED {path}: {fault.file} {WORDS[fault.what]}")
    if verdict.is_whole:
        said = verdict.manifest
        taken, number = said.get("taken_at"), said.get("call", {}).get("number")
        say(f"whole  {path}: taken {taken}, call {number}, key {verdict.key_sha256}")
    return verdict.is_whole


def _read(path: Path) -> bytes:
    """A file of no more than a still has; anything longer cannot be one, and is cut where that shows."""
    if not path.is_file():
        return b""
    with path.open("rb") as opened:
        return opened.read(2 * evidence.MAX_FILE_BYTES)
