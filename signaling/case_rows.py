"""The rows of a case as JSON, so that another installation can keep it (`genba restore`).

`collect` says what a bundle's readers may see anyway, in the shape of the tables; `put` adds what is not
there yet and changes nothing that is. Both run inside the caller's transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from field_assist import (
    Person,
    Purpose,
    Session,
    add_missing,
    calls,
    cases,
    consents,
    documents,
    matching,
    staff,
    stills,
    transcripts,
)
from recordings import catalogue

Json = dict[str, Any]  # JSON
VERSION = 1
_PEOPLE = (
    "owner_id",
    "host_id",
    "staff_id",
    "added_by",
    "linked_by",
    "taken_by",
    "created_by",
    "started_by",
    "held_by",
    "disposed_by",
)
_KNOWN_OF_STAFF = {"id", "staff_no", "name", "kana", "role", "post", "department", "office", "created_at"}
Row = TypeVar("Row", bound=BaseModel)


@dataclass(slots=True)
class Added:
    """What was not here yet; files belong to the stills, versions and tracks, by their ids."""

    case: cases.Case
    is_new: bool
    calls: int = 0
    lines: int = 0
    people: list[str] = field(default_factory=list)
    stills: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    tracks: list[str] = field(default_factory=list)


def collect(
    session: Session,
    case: cases.Case,
    said: Mapping[str, Sequence[transcripts.TranscriptLine]],
    taken: Sequence[tuple[stills.Still, bytes]],
    papers: Sequence[tuple[documents.Document, documents.DocumentVersion]],
    call_ids: Iterable[str],
) -> Json:
    """All of a case but its recordings; `said` are the lines that may leave, by call.

    Calls are those of the case and these others, in which decisions of it were proposed.
    """
    own = [call.id for call in cases.calls_of(session, case.id)]
    sheets = calls.sheets(session, [*own, *call_ids])
    found: Json = {
        "v": VERSION,
        "case": _said(case),
        "events": [_said(event) for event in cases.events(session, case.id)],
        "calls": [_said(sheet.call) for sheet in sheets.values()],
        "members": [_said(row) for row in matching(session, calls.CallMember, "call_id", list(sheets))],
        "links": [_said(row) for row in matching(session, cases.CaseCall, "case_id", [case.id])],
        "consents": [_said(row) for call_id in own for row in consents.of_call(session, call_id)],
        "lines": [_said(line) for lines in said.values() for line in lines],
        "keys": [
            _said(stills.key_of(session, key_id)) | {"public_key": key.hex()}
            for key_id, key in {still.key_id: key for still, key in taken}.items()
        ],
        "stills": [_said(still) for still, _ in taken],
        "documents": [_said(document) for document, _ in papers],
        "versions": [_said(version) for _, version in papers],
        "document_links": [
            _said(row)
            for row in matching(session, documents.DocumentCase, "case_id", [case.id])
            if row.document_id in {document.id for document, _ in papers}
        ],
        "recordings": [_said(row) for call_id in said if (row := catalogue.find(session, call_id))],
        "tracks": [],
    }
    found["staff"] = [
        {name: value for name, value in _said(row).items() if name in _KNOWN_OF_STAFF}
        for row in matching(session, staff.Staff, "id", _people(found))
    ]
    return found


def missing(session: Session, rows: Json) -> set[str]:
    """Ids of stills, versions and tracks that are not here, whose files `put` will want."""
    tracks = [each["row"] for each in rows["tracks"]]
    kinds = (
        (stills.Still, rows["stills"]),
        (documents.DocumentVersion, rows["versions"]),
        (catalogue.RecordedTrack, tracks),
    )
    return {row["id"] for kind, found in kinds for row in found if session.get(kind, row["id"]) is None}


def put(session: Session, rows: Json, owner: Person | None, at: datetime) -> Added:
    """Keep what is not here yet. `owner` takes charge of it; without one, whoever had it.

    Raises ValueError where this is not what `collect` says.
    """
    if rows["v"] != VERSION:
        raise ValueError("rows of another version")
    people = [_add_person(session, row, at) for row in rows["staff"]]
    case = _read(cases.Case, rows["case"])
    if owner is not None:
        case.owner_id, case.department, case.office = owner.id, owner.department, owner.office
    was = case.number
    is_new = cases.restore(session, case)
    kept = cases.sheet(session, case.id)
    added = Added(kept.case, is_new, people=[name for name in people if name])
    _put_calls(session, rows, owner, added, at)
    _put_papers(session, rows, added)
    recordings = [
        row
        for row in (_read(catalogue.Recording, each) for each in rows["recordings"])
        if row.due_at is None or row.due_at > at
    ]
    add_missing(session, recordings)
    kept_recordings = {row.id for row in recordings}
    tracks = [_read(catalogue.RecordedTrack, each["row"]) for each in rows["tracks"]]
    new = add_missing(session, [track for track in tracks if track.recording_id in kept_recordings])
    if is_new:
        cases.happened(session, kept.case, cases.EventKind.RESTORED, kept.owner, at, was)
    _obey(session, rows, at)
    added.tracks = [track.id for track in new if track.deleted_at is None]
    return added


def _put_calls(session: Session, rows: Json, owner: Person | None, added: Added, at: datetime) -> None:
    for each in rows["calls"]:
        call = _read(calls.Call, each)
        call.ended_at = call.ended_at or at  # nobody is in it here
        if not calls.restore(session, call):
            continue
        added.calls += 1
        said = [row | {"seq": None} for row in rows["consents"] if row["call_id"] == call.id]
        add_missing(session, [_read(consents.Consent, row) for row in said])
        if owner is not None:
            calls.add_member(session, call.id, owner.id, owner.id, at)
    add_missing(session, [_read(calls.CallMember, row) for row in rows["members"]])
    add_missing(session, [_read(cases.CaseCall, row) for row in rows["links"]])
    add_missing(session, [_read(cases.CaseEvent, row) for row in rows["events"]])
    lines = [_read(transcripts.TranscriptLine, row | {"revision": 1}) for row in rows["lines"]]
    added.lines = len(add_missing(session, lines))


def _put_papers(session: Session, rows: Json, added: Added) -> None:
    for row in rows["keys"]:
        add_missing(
            session, [_read(stills.DeviceKey, row | {"public_key": bytes.fromhex(row["public_key"])})]
        )
    added.stills = [
        row.id for row in add_missing(session, [_read(stills.Still, row) for row in rows["stills"]])
    ]
    papers = [_read(documents.Document, row | {"current_version_id": None}) for row in rows["documents"]]
    new = add_missing(session, papers)
    unread = {"state": documents.VersionState.READING.value, "pages": 0, "media_type": "", "reason": ""}
    versions = [_read(documents.DocumentVersion, row | unread) for row in rows["versions"]]
    known = {document.id for document in new}
    added.versions = [
        row.id for row in add_missing(session, [each for each in versions if each.document_id in known])
    ]
    add_missing(session, [_read(documents.DocumentCase, row) for row in rows["document_links"]])
    for document in new:
        documents.reindex(session, document.id)


def _obey(session: Session, rows: Json, at: datetime) -> None:
    """What somebody wished deleted, here or where the case comes from, is not brought back."""
    here = {row["id"] for row in rows["calls"]}
    for wish in consents.deletions(session):
        if wish.call_id not in here:
            continue
        if wish.purpose is Purpose.TRANSCRIPT:
            transcripts.forget(session, wish.call_id, wish.identity, wish.before)
        recording = catalogue.find(session, wish.call_id)
        if wish.purpose is Purpose.RECORDING and recording is not None:
            catalogue.delete_of(session, recording, wish.identity, wish.before, at)


def _add_person(session: Session, row: Json, at: datetime) -> str:
    """Somebody who is not here: named in records and unable to sign in. Answers their name if new."""
    person = _read(staff.Staff, row | {"skills": [], "disabled_at": at.isoformat()})
    if session.get(staff.Staff, person.id) is not None:
        return ""
    if staff.by_number(session, person.staff_no) is not None:
        person.staff_no = f"{person.staff_no[:20]}/{person.id[-8:]}"
    add_missing(session, [person])
    return person.name


def _said(row: BaseModel) -> Json:
    return row.model_dump(mode="json", exclude={"public_key"})


def _read(kind: type[Row], row: Json) -> Row:
    return kind.model_validate(row)


def _people(found: Json) -> set[str]:
    everything = [found["case"], *(row for rows in found.values() if isinstance(rows, list) for row in rows)]
    return {row[name] for row in everything for name in _PEOPLE if row.get(name)}
