"""A case as one file (案件一式): put together by a fresh code, fetched by who made it, gone after an hour.

What goes in is read in one transaction: the case and its timeline, its decisions with their rows of the
chain, its stills as evidence, and the documents whoever asks may see. The archive is written in a thread.
"""

import asyncio
import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from field_assist import (
    CaseUnknown,
    Document,
    DocumentVersion,
    Person,
    Session,
    Still,
    Store,
    TranscriptLine,
    calls,
    cases,
    decision_chain,
    decisions,
    documents,
    evidence,
    new_id,
    people,
    redactions,
    seals,
    stills,
    transcripts,
)
from signaling import case_archive, case_page, chains
from signaling.accounts import access_log
from signaling.accounts.access_log import Action
from signaling.accounts.sign_in import SignedIn, SignInDesk
from signaling.accounts.vault import Vault
from signaling.api import case_timeline, decision_table, withholding
from signaling.api.call_desk import Forbidden
from signaling.api.case_schema import CaseEntry
from signaling.api.decision_sheets import DecisionSheet, Reader
from signaling.api.still_desk import FOLDER as STILLS
from signaling.clock import Clock
from signaling.library.shelf import Shelf

FOLDER = "bundles"
KEPT_FOR = timedelta(hours=1)


class BundleUnknown(Exception):
    """No such file, not this person's, or it is gone already."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A case as one file, ready to be fetched."""

    id: str
    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class _Sources:
    """What a case consists of."""

    case: cases.CaseSheet
    timeline: list[CaseEntry]
    decisions: list[DecisionSheet]
    rows: list[decision_chain.Link]
    stills: list[tuple[Still, bytes]]
    papers: list[tuple[Document, DocumentVersion]]
    said: list[tuple[str, datetime, TranscriptLine]]
    """What was said, with its call's number and start."""
    hidden: list[decision_chain.Link]
    """The rows that say what of it is hidden."""


class BundleDesk:
    """One per installation. `address` is where the acting person's request came from."""

    def __init__(
        self, store: Store, vault: Vault, sign_ins: SignInDesk, data_dir: Path, clock: Clock
    ) -> None:
        self._store = store
        self._key = vault.signing_key
        self._sign_ins = sign_ins
        self._data_dir = data_dir
        self._shelf = Shelf(data_dir)
        self._clock = clock

    async def make(self, signed_in: SignedIn, case_id: str, code: str, address: str) -> Bundle:
        """Put a case together. Raises CaseUnknown, Forbidden, OtpWrong, OtpUsed, SignInLocked."""
        person = signed_in.person
        await self._store.read(lambda session: _must_export(session, person, case_id))
        await self._sign_ins.step_up(signed_in, code, address)
        found = await self._store.read(lambda session: _read(session, person, case_id))
        at = self._clock.wall()
        bundle = Bundle(new_id(at), f"{found.case.case.number}.zip", Path())
        path = self._path(person, bundle.id)
        digest = await asyncio.to_thread(self._write, path, found, person, at)
        await self._store.write(
            lambda session: access_log.acted(
                session, person, address, Action.CASE_EXPORTED, case_id, at, digest
            )
        )
        return Bundle(bundle.id, bundle.name, path)

    def find(self, person: Person, bundle_id: str) -> Path:
        """Where a bundle of this person's is. Raises BundleUnknown."""
        path = self._path(person, bundle_id)
        if not (bundle_id.isalnum() and path.is_file()):
            raise BundleUnknown
        return path

    async def forget_old(self) -> None:
        """Housekeeping: what was there to be fetched long enough."""
        before = (self._clock.wall() - KEPT_FOR).timestamp()
        await asyncio.to_thread(_sweep, self._data_dir / FOLDER, before)

    def _path(self, person: Person, bundle_id: str) -> Path:
        return self._data_dir / FOLDER / f"{person.id}-{bundle_id}.zip"

    def _write(self, path: Path, found: _Sources, person: Person, at: datetime) -> str:
        case = found.case.case
        about = {
            "case": {"id": case.id, "number": case.number, "title": case.title},
            "made_at": decision_chain.written_time(at),
            "made_by": {"id": person.id, "name": person.name, "post": person.post},
        }
        said = {**about, **_said(found), "key": seals.fingerprint(self._key.public_key())}
        rows: list[str] = []
        chains.export(found.rows, self._key.public_key(), rows.append, case.number)
        hidden: list[str] = []
        chains.export(found.hidden, self._key.public_key(), hidden.append, case.number, kind="redactions")
        files: dict[str, bytes | Path] = {
            "index.html": case_page.html(said).encode(),
            "case.json": decision_chain.canonical(said).encode(),
            "timeline.csv": _table(found.timeline),
            "decisions.csv": decision_table.written(found.decisions),
            case_archive.DECISIONS: "".join(rows).encode(),
            case_archive.REDACTIONS: "".join(hidden).encode(),
        }
        for still, key in found.stills:
            files |= self._still(still, key)
        for _, version in found.papers:
            files[_paper_path(version)] = self._shelf.original(version.id)
        return case_archive.write(path, files, about, self._key)

    def _still(self, still: Still, key: bytes) -> dict[str, bytes | Path]:
        folder, manifest = f"{case_archive.STILLS}{still.id}/", still.manifest.encode()
        signature = evidence.signature_file(manifest, bytes.fromhex(still.signature), key)
        return {
            f"{folder}{evidence.ORIGINALS[still.media_type]}": self._data_dir / STILLS / still.id,
            f"{folder}{evidence.MANIFEST}": manifest,
            f"{folder}{evidence.SIGNATURE}": signature,
            f"{folder}{evidence.PUBLIC_KEY}": key,
        }


def _must_export(session: Session, person: Person, case_id: str) -> cases.CaseSheet:
    sheet = cases.sheet(session, case_id)
    if not people.may_see_case(person, sheet.facts):
        raise CaseUnknown
    if not people.may_export_case(person, sheet.facts):
        raise Forbidden
    return sheet


def _read(session: Session, person: Person, case_id: str) -> _Sources:
    sheet, reader = _must_export(session, person, case_id), Reader(session)
    call_ids = [call.id for call in cases.calls_of(session, case_id)]
    papers = []
    for document in documents.of_case(session, case_id):
        facts = documents.facts_of(session, document.id)
        if document.current_version_id and people.may_see_document(person, facts):
            papers.append((document, documents.version(session, document.current_version_id)))
    return _Sources(
        case=sheet,
        timeline=case_timeline.entries(case_timeline.read(session, sheet)),
        decisions=[reader.sheet(kept) for kept in decisions.of_case(session, case_id)],
        rows=decisions.rows_of_case(session, case_id),
        stills=[
            (still, stills.key_of(session, still.key_id).public_key)
            for still in stills.complete_of(session, call_ids)
        ],
        papers=papers,
        said=_lines(session, person, case_id),
        hidden=[row.link for call_id in call_ids for row in redactions.of_call(session, call_id)],
    )


def _lines(session: Session, person: Person, case_id: str) -> list[tuple[str, datetime, TranscriptLine]]:
    """Of the calls whose words this person may read; what is hidden says so instead of its words."""
    found = []
    for call in cases.calls_of(session, case_id):
        facts = calls.sheet(session, call.id).facts
        if people.may_read_record(person, facts):
            hidden = withholding.hidden_from(session, None, facts)
            for line in transcripts.of_call(session, call.id):
                record = withholding.covering(hidden, line)
                if record is not None:
                    session.expunge(line)  # what is handed out is changed, not what is kept
                    line.text, line.name = withholding.instead(record), ""
                if line.text:
                    found.append((call.number, call.started_at, line))
    return found


def _said(found: _Sources) -> dict[str, object]:
    """What case.json holds beside who made it when."""
    case, owner = found.case.case, found.case.owner
    pictures = {still.id: evidence.ORIGINALS[still.media_type] for still, _ in found.stills}
    return {
        "case": {
            "id": case.id,
            "number": case.number,
            "title": case.title,
            "kind": case.kind,
            "place": case.place,
            "office": case.office,
            "department": case.department,
            "owner": owner.name,
            "status": case.status,
            "opened_at": decision_chain.written_time(case.opened_at),
            "closed_at": decision_chain.written_time(case.closed_at) if case.closed_at else None,
        },
        "timeline": [json.loads(entry.model_dump_json()) for entry in found.timeline],
        "decisions": [
            sheet.kept.record
            | {
                "hash": sheet.kept.row.hash,
                "evidence": [
                    each | {"file": pictures.get(each["id"], "")} for each in sheet.kept.record["evidence"]
                ],
            }
            for sheet in found.decisions
        ],
        "transcript": [
            {
                "call": number,
                "at": decision_chain.written_time(began + timedelta(milliseconds=line.started_ms)),
                "name": line.name,
                "text": line.text,
                "state": line.state,
            }
            for number, began, line in found.said
        ],
        "stills": [_still_said(still) for still, _ in found.stills],
        "documents": [
            {
                "title": document.title,
                "ver": version.label,
                "path": _paper_path(version),
                "sha256": version.sha256,
            }
            for document, version in found.papers
        ],
    }


def _still_said(still: Still) -> dict[str, object]:
    board = json.loads(still.manifest).get("board", {})
    words = " ".join(str(board.get(name, "")) for name in ("work", "spot", "measured")).strip()
    return {
        "id": still.id,
        "file": evidence.ORIGINALS[still.media_type],
        "taken_at": decision_chain.written_time(still.taken_at),
        "taker": still.taker_name,
        "words": words,
        "sha256": still.sha256,
    }


def _paper_path(version: DocumentVersion) -> str:
    """Named by us: what strangers call their files never becomes a path."""
    kind = Path(version.file_name).suffix.lower()
    return f"documents/{version.id}{kind if kind[1:].isalnum() and kind.isascii() else ''}"


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


def _sweep(folder: Path, before: float) -> None:
    files: Iterable[Path] = folder.glob("*.zip") if folder.is_dir() else ()
    for path in files:
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
