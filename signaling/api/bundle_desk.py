"""A case as one file (案件一式): put together by a fresh code, fetched by who made it, gone after an hour.

What goes in is read in one transaction (`bundle_sources`). What was recorded is copied as media by processes
beside the server, the archive is written in a thread. When something that was recorded is deleted, so are all
files that wait here, and one whose words or spans were changed since is not given out: nothing that was taken
back can still be fetched.
"""

import asyncio
import csv
import io
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from field_assist import Person, Session, Still, Store, bundles, decision_chain, evidence, new_id, seals
from recordings import Whole, catalogue, polite_processes
from signaling import case_archive, case_page, case_press, chains
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.accounts.sign_in import SignedIn, SignInDesk
from signaling.accounts.vault import Vault
from signaling.api import bundle_sources, decision_table, withholding
from signaling.api.bundle_sources import Sources
from signaling.api.case_schema import CaseEntry
from signaling.api.document_desk import MIN_FREE_BYTES, StorageFull
from signaling.api.recording_desk import RecordingDesk
from signaling.api.still_desk import FOLDER as STILLS
from signaling.clock import Clock
from signaling.library.shelf import Shelf

FOLDER = "bundles"
PLAYER = Path(case_page.__file__).with_name("case_player.js")
KEPT_FOR = timedelta(hours=1)
_NICE = 5
_TIMES_ON_DISK = 2  # as media, and in the archive
Copied = dict[str, tuple[Whole, Path]]
"""What was made of recorded tracks, and where that is, by their ids."""


class BundleUnknown(Exception):
    """No such file, not this person's, or it is gone already."""


class BundleOutdated(Exception):
    """Something in it was taken back, hidden, masked or corrected since: it has to be made again."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A case as one file, ready to be fetched."""

    id: str
    name: str
    path: Path


class BundleDesk:
    """One per installation. `address` is where the acting person's request came from."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        desks: tuple[SignInDesk, RecordingDesk],
        data_dir: Path,
        clock: Clock,
    ) -> None:
        self._store = store
        self._key = vault.signing_key
        self._sign_ins, self._recordings = desks
        self._data_dir = data_dir
        self._folder = data_dir / FOLDER
        self._shelf = Shelf(data_dir)
        self._clock = clock
        self._recordings.observe_erased(lambda folder: _sweep(self._folder, None))

    async def outline(self, person: Person, case_id: str) -> Sources:
        """What would go in, and how large that is. Raises CaseUnknown, Forbidden."""
        return await self._store.read(lambda session: bundle_sources.read(session, person, case_id))

    async def make(
        self, signed_in: SignedIn, case_id: str, code: str, address: str, *, with_media: bool
    ) -> Bundle:
        """Put a case together, with what was recorded or without.

        Raises CaseUnknown, Forbidden, OtpWrong, OtpUsed, SignInLocked, StorageFull, BundleOutdated.
        """
        person = signed_in.person
        await self._store.read(lambda session: bundle_sources.must_export(session, person, case_id))
        await self._sign_ins.step_up(signed_in, code, address)
        found = await self.outline(person, case_id)
        tracks = found.tracks if with_media else []
        await asyncio.to_thread(self._must_have_room, found.size_bytes, tracks)
        at = self._clock.wall()
        bundle = Bundle(new_id(at), f"{found.case.case.number}.zip", Path())
        name = f"{person.id}-{bundle.id}-{case_id}-{found.basis}.zip"
        path, media = self._folder / name, self._folder / bundle.id
        try:
            copies = await self._copied(found, tracks, media)
            digest = await self._put_together(path, found, copies, (person, at))
            await self._store.write(partial(self._written_down, person, address, found, copies, digest))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        finally:
            await asyncio.to_thread(shutil.rmtree, media, ignore_errors=True)
        return Bundle(bundle.id, bundle.name, path)

    async def find(self, person: Person, bundle_id: str) -> Path:
        """Where a bundle of this person's is. Raises BundleUnknown, BundleOutdated."""
        if not (bundle_id.isalnum() and bundle_id.isascii()):
            raise BundleUnknown
        found = await asyncio.to_thread(lambda: list(self._folder.glob(f"{person.id}-{bundle_id}-*.zip")))
        if not found:
            raise BundleUnknown
        case_id, basis = found[0].stem.split("-")[2:]
        if await self._store.read(lambda session: bundle_sources.basis(session, case_id)) != basis:
            await asyncio.to_thread(found[0].unlink, missing_ok=True)
            raise BundleOutdated
        return found[0]

    async def forget_old(self) -> None:
        """Housekeeping: what was there to be fetched long enough."""
        before = (self._clock.wall() - KEPT_FOR).timestamp()
        await asyncio.to_thread(_sweep, self._folder, before)

    def _must_have_room(self, size_bytes: int, tracks: Sequence[catalogue.RecordedTrack]) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        needed = size_bytes + _TIMES_ON_DISK * sum(track.size_bytes for track in tracks)
        if shutil.disk_usage(self._folder).free < MIN_FREE_BYTES + needed:
            raise StorageFull

    async def _copied(
        self, found: Sources, tracks: Sequence[catalogue.RecordedTrack], folder: Path
    ) -> Copied:
        """Tracks as media; those of which nothing came are left out."""
        if not tracks:
            return {}
        await asyncio.to_thread(folder.mkdir, 0o700)
        belongs = {track.id: record for record in found.records for track in record.tracks}
        async with asyncio.TaskGroup() as tasks:
            doing = {
                track.id: tasks.create_task(self._copy(belongs[track.id], track, folder / track.id))
                for track in tracks
            }
        made = {track_id: task.result() for track_id, task in doing.items()}
        return {track_id: (whole, folder / track_id) for track_id, whole in made.items() if whole is not None}

    async def _copy(
        self, record: bundle_sources.Record, track: catalogue.RecordedTrack, target: Path
    ) -> Whole | None:
        hidden = withholding.stretches(record.hidden)
        return await self._recordings.copy(track, record.call.started_at, target, hidden)

    async def _put_together(
        self, path: Path, found: Sources, copies: Copied, made: tuple[Person, datetime]
    ) -> str:
        """Write the archive; answers the SHA-256 of its listing."""
        case, (person, at) = found.case.case, made
        about = {
            "case": {"id": case.id, "number": case.number, "title": case.title},
            "made_at": decision_chain.written_time(at),
            "made_by": {"id": person.id, "name": person.name, "post": person.post},
        }
        wholes = {track_id: whole for track_id, (whole, _) in copies.items()}
        contents = bundle_sources.said(found, wholes)
        said = {**about, **contents, "key": seals.fingerprint(self._key.public_key())}
        files, known = await asyncio.to_thread(self._files, found, copies, said)
        pictures = {
            name: file
            for name, file in files.items()
            if name.startswith(case_archive.STILLS) and isinstance(file, Path)
        }
        listed = {name: (each.sha256, each.size_bytes) for name, each in known.items()}
        files[case_press.NAME] = await _printed(case_press.Paper(said, listed, pictures))
        known |= case_archive.found({case_press.NAME: files[case_press.NAME]})
        return await asyncio.to_thread(case_archive.write, path, files, known, about, self._key)

    def _files(
        self, found: Sources, copies: Copied, said: case_page.Json
    ) -> tuple[dict[str, bytes | Path], dict[str, bundles.Found]]:
        """All but the paper, and what each of them is."""
        case = found.case.case
        wholes = {track_id: whole for track_id, (whole, _) in copies.items()}
        rows: list[str] = []
        chains.export(found.rows, self._key.public_key(), rows.append, case.number)
        hidden: list[str] = []
        chains.export(found.hidden, self._key.public_key(), hidden.append, case.number, kind="redactions")
        files: dict[str, bytes | Path] = {
            "index.html": case_page.html(said, PLAYER.read_text(encoding="utf-8")).encode(),
            "case.json": decision_chain.canonical(said).encode(),
            "timeline.csv": _table(found.timeline),
            "decisions.csv": decision_table.written(found.decisions),
            case_archive.ROWS: decision_chain.canonical(bundle_sources.rows(found, wholes)).encode(),
            case_archive.DECISIONS: "".join(rows).encode(),
            case_archive.REDACTIONS: "".join(hidden).encode(),
        }
        for place, (key, links) in enumerate(found.restored.items(), 1):
            others: list[str] = []
            chains.export(links, seals.read(key), others.append, case.number)
            files[f"{case_archive.RESTORED}{place}.jsonl"] = "".join(others).encode()
        for still, device_key in found.stills:
            files |= self._still(still, device_key)
        for _, version in found.papers:
            files[bundle_sources.paper_path(version)] = self._shelf.original(version.id)
        for record in found.records:
            for track in record.tracks:
                if track.id in copies:
                    whole, file = copies[track.id]
                    files[bundle_sources.media_path(record.call, track, whole)] = file
        return files, case_archive.found(files)

    def _written_down(
        self, person: Person, address: str, found: Sources, copies: Copied, digest: str, session: Session
    ) -> None:
        """What leaves, unless something in it may not any more. Raises BundleOutdated."""
        at = self._clock.wall()
        if bundle_sources.basis(session, found.case.case.id) != found.basis:
            raise BundleOutdated
        for record in found.records:
            taken = {track.id for track in record.tracks} & set(copies)
            if taken - {track.id for track in catalogue.takeable(session, record.call.id)}:
                raise BundleOutdated
            if taken:
                access_log.acted(
                    session, person, address, Action.RECORDING_TAKEN, record.call.id, at, "case bundle"
                )
        case_id = found.case.case.id
        access_log.acted(session, person, address, Action.CASE_EXPORTED, case_id, at, digest)

    def _still(self, still: Still, key: bytes) -> dict[str, bytes | Path]:
        folder, manifest = f"{case_archive.STILLS}{still.id}/", still.manifest.encode()
        signature = evidence.signature_file(manifest, bytes.fromhex(still.signature), key)
        return {
            f"{folder}{evidence.ORIGINALS[still.media_type]}": self._data_dir / STILLS / still.id,
            f"{folder}{evidence.MANIFEST}": manifest,
            f"{folder}{evidence.SIGNATURE}": signature,
            f"{folder}{evidence.PUBLIC_KEY}": key,
        }


async def _printed(paper: case_press.Paper) -> bytes:
    pool = polite_processes(1, _NICE)
    try:
        return await asyncio.wrap_future(pool.submit(case_press.pdf, paper))
    finally:
        await asyncio.to_thread(pool.shutdown, cancel_futures=True)


def _table(entries: Sequence[CaseEntry]) -> bytes:
    target = io.StringIO()
    table = csv.writer(target, lineterminator="\r\n")
    table.writerow(("時刻", "こと", "人", "内容"))
    for entry in entries:
        cells = (
            case_page.when(entry.at.isoformat()),
            case_page.KINDS.get(entry.kind, entry.kind),
            entry.actor,
            entry.text,
        )
        table.writerow([decision_table.plain(cell) for cell in cells])
    return target.getvalue().encode("utf-8-sig")


def _sweep(folder: Path, before: float | None) -> None:
    """Remove files, and what a crash left half done, from before this POSIX time; None: every file."""
    for path in folder.iterdir() if folder.is_dir() else ():
        is_file = path.suffix == ".zip"
        if path.stat().st_mtime < before if before is not None else is_file:
            path.unlink(missing_ok=True) if is_file else shutil.rmtree(path, ignore_errors=True)
