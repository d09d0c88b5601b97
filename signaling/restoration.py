"""`genba restore BUNDLE`: a case comes back from its file, into the installation it left or another one.

The file is examined first, by its seal too: one that another installation's key sealed is taken only where
the operator names that key's fingerprint, as the other office told it. Files are put in their places before
the rows that name them, which are one transaction; those that no row names go again: nothing is half
restored. What is here already stays as it is, so that the same file can be taken in again; and what somebody
wished deleted meanwhile stays deleted.
"""

# ruff: noqa: T201 - a command line prints

import argparse
import json
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from field_assist import Person, Session, Store, evidence, people, seals, staff, staff_list
from field_assist import decisions as decision_rows
from recordings import NotOurs, Opening, catalogue, journal, rewrite
from signaling import case_archive, case_rows
from signaling.accounts import access_log
from signaling.accounts.access_log import COMMAND_LINE, Action, Entry
from signaling.accounts.vault import open_vault
from signaling.api.recorder import FOLDER as RECORDINGS
from signaling.api.still_desk import FOLDER as STILLS
from signaling.case_archive import Opened
from signaling.library.shelf import Shelf

_ID = re.compile(r"[0-9A-Za-z-]{1,40}")


class NotRestored(Exception):
    """Nothing was taken in; the sentence says why."""


def restore(options: argparse.Namespace, store: Store, data_dir: Path) -> int:
    """Take in a case. Raises NotRestored."""
    at = datetime.now(UTC)
    if not options.path.is_file():
        raise NotRestored(f"{options.path}: no such file")
    with case_archive.opened(options.path) as bundle:
        if bundle.faults:
            file, words = bundle.faults[0]
            raise NotRestored(f"{options.path}: {file} {words}; nothing was taken in")
        _must_be_trusted(bundle, options.key, data_dir)
        owner = _owner(store, options.owner) if options.owner else None
        rows, placed = _rows(bundle), dict[str, Path]()
        store.read_now(lambda session: _must_have_owner(session, rows, owner))

        def work(session: Session) -> case_rows.Added:
            added = case_rows.put(session, rows, owner, at)
            for key, links in bundle.decisions():
                decision_rows.restore(session, links, seals.written(key))
            detail = seals.fingerprint(bundle.key)
            entry = Entry(COMMAND_LINE, Action.CASE_RESTORED, added.case.id, detail=detail)
            access_log.append(session, entry, at)
            return added

        used: set[str] = set()
        try:
            _place(placed, bundle, rows, store.read_now(lambda s: case_rows.missing(s, rows)), data_dir)
            added = store.write_now(work)
            used |= {*added.stills, *added.versions, *added.tracks}
        except (ValueError, KeyError, TypeError, NotOurs, OSError) as error:
            why = f"{type(error).__name__}: {error}"
            raise NotRestored(f"{options.path}: cannot be taken in here ({why})") from error
        finally:
            for unwanted in set(placed) - used:
                placed[unwanted].unlink(missing_ok=True)
    _tell(added, rows)
    return 0


def _must_be_trusted(bundle: Opened, named: str | None, data_dir: Path) -> None:
    """A seal proves who made a file only to those who know the key."""
    fingerprint = seals.fingerprint(bundle.key)
    ours = seals.fingerprint(open_vault(data_dir).signing_key.public_key())
    if fingerprint not in (ours, (named or "").lower()):
        raise NotRestored(
            f"sealed by another installation's key, {fingerprint}:"
            " compare it with what that office told you, and give it with --key"
        )


def _owner(store: Store, staff_no: str) -> Person:
    member = store.read_now(lambda session: staff.by_number(session, staff_list.normal_no(staff_no)))
    if member is None or member.disabled_at is not None or not people.may_own_case(member.person()):
        raise NotRestored(f"--owner {staff_no}: nobody here who takes calls")
    return member.person()


def _must_have_owner(session: Session, rows: case_rows.Json, owner: Person | None) -> None:
    before = session.get(staff.Staff, rows["case"]["owner_id"])
    if owner is None and (before is None or before.disabled_at is not None):
        raise NotRestored("whoever had this case is not here: --owner NUMBER says who takes charge of it")


def _rows(bundle: Opened) -> case_rows.Json:
    if case_archive.ROWS not in bundle.files:
        raise NotRestored(
            "made by an earlier version, which cases cannot be restored from: it can be read only"
        )
    found: dict[str, Any] = json.loads(bundle.files[case_archive.ROWS].read_text(encoding="utf-8"))
    named = [row["id"] for name in ("stills", "versions", "recordings") for row in found[name]]
    named += [each["row"]["id"] for each in found["tracks"]]
    if not all(_ID.fullmatch(each) for each in named):
        raise NotRestored("names files as no installation does")
    return found


def _place(
    placed: dict[str, Path], bundle: Opened, rows: case_rows.Json, wanted: set[str], data_dir: Path
) -> None:
    """Put the files of these stills, versions and tracks where the program looks for them; notes each.

    Outside of any transaction, since it may take minutes. Sizes and digests of tracks become those of the
    journals that are written for them.
    """

    def put(of: str, target: Path, write: Callable[[Path], object]) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.restoring")
        try:
            write(draft)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        placed[of] = target

    for row in rows["stills"]:
        name = f"{case_archive.STILLS}{row['id']}/{evidence.ORIGINALS[row['media_type']]}"
        if row["id"] in wanted:
            put(row["id"], data_dir / STILLS / row["id"], partial(shutil.copyfile, bundle.files[name]))
    for row in rows["versions"]:
        if row["id"] in wanted:
            [name] = [each for each in bundle.files if each.startswith(f"documents/{row['id']}")]
            put(row["id"], Shelf(data_dir).original(row["id"]), partial(shutil.copyfile, bundle.files[name]))
    call_of = {row["id"]: row["call_id"] for row in rows["recordings"]}
    began = {row["id"]: datetime.fromisoformat(row["started_at"]) for row in rows["calls"]}
    for each in rows["tracks"]:
        if each["row"]["id"] in wanted:
            call_id = call_of[each["row"]["recording_id"]]
            track = catalogue.RecordedTrack.model_validate(each["row"])
            begin_us = journal.microseconds(began[call_id]) + round(each["start_ms"] * 1000)
            media = bundle.files[each["path"]]
            opening = track.opening(call_id, journal.microseconds(track.started_at))
            write = partial(_write_journal, each["row"], media, opening, begin_us)
            put(track.id, track.file_in(data_dir / RECORDINGS), write)


def _write_journal(row: case_rows.Json, media: Path, opening: Opening, begin_us: int, target: Path) -> None:
    written = rewrite(media, opening, begin_us, target)
    row |= {"size_bytes": written.size_bytes, "sha256": written.sha256}


def _tell(added: case_rows.Added, rows: case_rows.Json) -> None:
    was, number = rows["case"]["number"], added.case.number
    renamed = f" (was {was})" if was != number else ""
    print(f"case {number}{renamed}: {'restored' if added.is_new else 'was here; what was missing was added'}")
    print(
        f"{added.calls} calls, {added.lines} lines, {len(added.stills)} stills,"
        f" {len(added.versions)} documents, {len(added.tracks)} recorded tracks were added"
    )
    if added.people:
        print(f"{len(added.people)} people were noted who have no account here; they cannot sign in")
    if added.versions:
        print("a running server reads the documents within a minute")
