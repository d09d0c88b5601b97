"""What a case consists of when it leaves as one file (案件一式): read in one transaction, said as JSON.

The case and its timeline, its decisions with their rows of the chain, its stills as evidence, the documents
whoever asks may see, and of its calls what was said and what was recorded, as far as that person may read
the record. What of it is hidden (不開示) stays here, with a row that says so.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from field_assist import (
    CaseUnknown,
    Document,
    DocumentVersion,
    Person,
    RedactionRecord,
    Session,
    Still,
    TranscriptLine,
    calls,
    cases,
    decision_chain,
    decisions,
    documents,
    evidence,
    minutes_draft,
    people,
    redactions,
    stills,
    transcripts,
)
from recordings import Whole, catalogue
from signaling import case_page, case_rows
from signaling.api import bundle_hiding, case_timeline, withholding
from signaling.api.bundle_hiding import Hiding
from signaling.api.call_desk import Forbidden
from signaling.api.case_schema import CaseEntry
from signaling.api.decision_sheets import DecisionSheet, Reader
from signaling.api.minutes_desk import CallMinutes, ReadSentence, disclosed

MEDIA = "media/"
PARTS = {
    minutes_draft.Part.TALK: "議事",
    minutes_draft.Part.DECIDED: "決定事項",
    minutes_draft.Part.OWED: "宿題",
}


@dataclass(frozen=True, slots=True)
class Record:
    """What was said in a call, and what was recorded of it and may leave, but for what is `hidden`."""

    call: calls.Call
    lines: list[TranscriptLine]
    tracks: list[catalogue.RecordedTrack]
    hidden: list[RedactionRecord]
    minutes: CallMinutes


@dataclass(frozen=True, slots=True)
class Sources:
    """What a case consists of. `is_running`: one of its calls is being recorded at this moment."""

    case: cases.CaseSheet
    timeline: list[CaseEntry]
    decisions: list[DecisionSheet]
    rows: list[decision_chain.Link]
    stills: list[tuple[Still, bytes]]
    papers: list[tuple[Document, DocumentVersion]]
    records: list[Record]
    away: Hiding
    """What stays here because of when it was."""
    hidden: list[decision_chain.Link]
    """Rows of the chain that say what of it is hidden."""
    basis: str
    """Which words, tracks and hidden spans it is made of (`withholding.basis`)."""
    is_running: bool
    table_rows: dict[str, Any]
    """The same for a program, of `case_rows`, without what was recorded."""
    restored: dict[str, list[decision_chain.Link]]
    """Rows of decisions that came with the case from elsewhere, by the key that sealed them."""

    @property
    def size_bytes(self) -> int:
        """About how much that is without what was recorded."""
        files = [still.size_bytes for still, _ in self.stills]
        return sum(files) + sum(version.size_bytes for _, version in self.papers)

    @property
    def tracks(self) -> list[catalogue.RecordedTrack]:
        """All that was recorded and may leave."""
        return [track for record in self.records for track in record.tracks]


Copies = Mapping[str, Whole]
"""What was made of recorded tracks, by their ids."""


def must_export(session: Session, person: Person, case_id: str) -> cases.CaseSheet:
    """The case, for whoever may take it along. Raises CaseUnknown, Forbidden."""
    sheet = cases.sheet(session, case_id)
    if not people.may_see_case(person, sheet.facts):
        raise CaseUnknown
    if not people.may_export_case(person, sheet.facts):
        raise Forbidden
    return sheet


def read(session: Session, person: Person, case_id: str) -> Sources:
    """All of it. Raises CaseUnknown, Forbidden."""
    sheet, reader = must_export(session, person, case_id), Reader(session)
    of_case = cases.calls_of(session, case_id)
    papers = []
    for document in documents.of_case(session, case_id):
        facts = documents.facts_of(session, document.id)
        if document.current_version_id and people.may_see_document(person, facts):
            papers.append((document, documents.version(session, document.current_version_id)))
    running = [catalogue.find(session, call.id) for call in of_case]
    found = decisions.of_case(session, case_id)
    taken = [
        (still, stills.key_of(session, still.key_id).public_key)
        for still in stills.complete_of(session, [call.id for call in of_case])
    ]
    call_ids = [call.id for call in of_case]
    away = bundle_hiding.find(
        session, call_ids, found, [still for still, _ in taken], [version for _, version in papers]
    )
    found = [kept for kept in found if kept.row.decision_id not in away.decisions]
    taken = [(still, key) for still, key in taken if still.id not in away.stills]
    papers = [(document, version) for document, version in papers if document.id not in away.papers]
    records = _records(session, person, of_case)
    said = {record.call.id: record.lines for record in records}
    proposed_in = [kept.row.call_id for kept in found if kept.row.call_id]
    timeline = case_timeline.entries(case_timeline.read(session, sheet))
    table_rows = case_rows.collect(session, sheet.case, said, taken, papers, proposed_in)
    restored = decisions.restored_of_case(session, case_id)
    return Sources(
        case=sheet,
        timeline=[away.outside(_in_words(entry)) for entry in timeline],
        decisions=[reader.sheet(kept) for kept in found],
        rows=away.rows(decisions.rows_of_case(session, case_id)),
        stills=taken,
        papers=papers,
        records=records,
        away=away,
        hidden=_hiding(session, call_ids),
        basis=withholding.basis(session, call_ids),
        is_running=any(row is not None and row.stopped_at is None for row in running),
        table_rows=table_rows | {"events": away.events(table_rows["events"])},
        restored={key: rows for key, links in restored.items() if (rows := away.rows(links))},
    )


def basis(session: Session, case_id: str) -> str:
    """`Sources.basis` as it is now."""
    return withholding.basis(session, [call.id for call in cases.calls_of(session, case_id)])


def _hiding(session: Session, call_ids: list[str]) -> list[decision_chain.Link]:
    return [row.link for call_id in call_ids for row in redactions.of_call(session, call_id)]


def _records(session: Session, person: Person, of_case: list[calls.Call]) -> list[Record]:
    """Of the calls whose words this person may read."""
    found = []
    for call in of_case:
        sheet = calls.sheet(session, call.id)
        facts = sheet.facts
        if people.may_read_record(person, facts):
            hidden = withholding.hidden_from(session, None, facts)
            lines = [_outside(session, line, hidden) for line in transcripts.readable(session, call.id)]
            tracks = catalogue.takeable(session, call.id)
            words = [line for line in lines if line.text]
            found.append(Record(call, words, tracks, hidden, disclosed(session, sheet)))
    return found


def _outside(session: Session, line: TranscriptLine, hidden: list[RedactionRecord]) -> TranscriptLine:
    """A line as it leaves: what is hidden says so instead of its words."""
    record = withholding.covering(hidden, line)
    if record is not None:
        session.expunge(line)  # what is handed out is changed, not what is kept
        line.text, line.name = withholding.instead(record), ""
    return line


def said(found: Sources, copies: Copies) -> dict[str, object]:
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
        ]
        + [_no_decision(record) for record in found.away.decisions.values()],
        "recordings": [
            _recording_said(record, copies)
            for record in found.records
            if any(track.id in copies for track in record.tracks)
        ],
        "minutes": [
            minutes_said(record.call, record.minutes) for record in found.records if record.minutes.row
        ],
        "transcript": [_line_said(record.call, line) for record in found.records for line in record.lines],
        "stills": [_still_said(still) for still, _ in found.stills]
        + [_no_still(record) for record in found.away.stills.values()],
        "documents": [
            {
                "title": document.title,
                "ver": version.label,
                "path": paper_path(version),
                "sha256": version.sha256,
            }
            for document, version in found.papers
        ]
        + [_no_paper(record) for record in found.away.papers.values()],
    }


def _no_decision(record: RedactionRecord) -> dict[str, object]:
    lists: dict[str, object] = {
        name: [] for name in ("rejected", "basis", "docs", "people", "evidence", "cites")
    }
    words = {name: "" for name in ("no", "reason", "due", "state", "hash")}
    return lists | words | {"what": withholding.instead(record), "decided_at": None}


def _no_still(record: RedactionRecord) -> dict[str, object]:
    empty: dict[str, object] = {name: "" for name in ("id", "file", "taken_at", "taker", "sha256")}
    return empty | {"words": withholding.instead(record)}


def _no_paper(record: RedactionRecord) -> dict[str, object]:
    return {"title": withholding.instead(record), "ver": "", "path": "", "sha256": ""}


def _in_words(entry: CaseEntry) -> CaseEntry:
    """A line as official papers have it: what was taken back stands there by its name."""
    if entry.kind != "withdrawn":
        return entry
    what = "、".join(case_page.PURPOSES[purpose] for purpose in entry.text.split(","))
    return entry.model_copy(update={"text": f"{what}（削除）" if entry.state == "delete" else what})


def _recording_said(record: Record, copies: Copies) -> dict[str, object]:
    """Times of tracks are milliseconds since the call began."""
    return {
        "call": record.call.number,
        "at": decision_chain.written_time(record.call.started_at),
        "tracks": [
            {
                "path": media_path(record.call, track, copies[track.id]),
                "kind": track.kind,
                "name": track.name,
                "source": track.source,
                "start_ms": round(copies[track.id].start_ms),
                "end_ms": round(copies[track.id].end_ms),
            }
            for track in record.tracks
            if track.id in copies
        ],
    }


def rows(found: Sources, copies: Copies) -> dict[str, Any]:
    """What rows.json holds; a recording whose media stays here is not said to be there."""
    tracks: list[dict[str, Any]] = [
        {
            "row": track.model_dump(mode="json"),
            "path": media_path(record.call, track, copies[track.id]),
            "start_ms": copies[track.id].start_ms,
        }
        for record in found.records
        for track in record.tracks
        if track.id in copies
    ]
    with_media = {each["row"]["recording_id"] for each in tracks}
    recordings = [
        row for row in found.table_rows["recordings"] if row["disposed_at"] or row["id"] in with_media
    ]
    return found.table_rows | {"recordings": recordings, "tracks": tracks}


def _line_said(call: calls.Call, line: TranscriptLine) -> dict[str, object]:
    return {
        "call": call.number,
        "at": decision_chain.written_time(call.started_at + timedelta(milliseconds=line.started_ms)),
        "start_ms": line.started_ms,
        "end_ms": line.ended_ms,
        "name": line.name,
        "text": line.text,
        "state": line.state,
    }


def minutes_said(call: calls.Call, found: CallMinutes) -> dict[str, object]:
    """Minutes as they leave: what is hidden says so instead of its words."""
    form, row = found.form, found.row
    return {
        "call": call.number,
        "version": row.version if row else 0,
        "is_confirmed": bool(row and row.is_confirmed),
        "author": row.author_name if row else "",
        "at": decision_chain.written_time(row.at) if row else "",
        "subject": form.subject,
        "held": form.held,
        "place": form.place,
        "attendees": form.attendees,
        "parts": [
            {
                "title": title,
                "sentences": [_sentence_said(each) for each in found.sentences if each.sentence.part is part],
            }
            for part, title in PARTS.items()
        ],
    }


def _sentence_said(each: ReadSentence) -> dict[str, object]:
    sentence, record = each.sentence, each.redaction
    if sentence.origin is minutes_draft.Origin.WITHDRAWN:
        words, speaker = "（本人の申出により削除）", ""
    elif record is not None:
        words, speaker = withholding.instead(record), ""
    else:
        words, speaker = sentence.text, sentence.speaker
    return {"at_ms": sentence.at_ms, "speaker": speaker, "text": words, "is_confirmed": each.is_confirmed}


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


def paper_path(version: DocumentVersion) -> str:
    """Named by us: what strangers call their files never becomes a path."""
    kind = Path(version.file_name).suffix.lower()
    return f"documents/{version.id}{kind if kind[1:].isalnum() and kind.isascii() else ''}"


def media_path(call: calls.Call, track: catalogue.RecordedTrack, made: Whole) -> str:
    """Where a recorded track is in the archive."""
    return f"{MEDIA}{call.number}/{track.id}{made.suffix}"
