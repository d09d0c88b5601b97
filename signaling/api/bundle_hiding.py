"""What of a case stays here because of when it was: in a span of a call that is hidden.

A decision is hidden where it was proposed in such a span or leans on a line said there; its rows go with it,
as they say in words what was said. A still is hidden by the moment it was taken, a document where it was
shown, in whichever version, in hidden spans and nowhere else. That something is hidden, and on which
ground, is said in its place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from field_assist import (
    CallSheet,
    DocumentVersion,
    KeptDecision,
    RedactionRecord,
    Session,
    Still,
    SurfaceKind,
    calls,
    decision_chain,
    decision_steps,
    documents,
    presentations,
    redactions,
    surfaces,
    transcripts,
)
from signaling.api import withholding
from signaling.api.case_schema import CaseEntry


@dataclass(frozen=True, slots=True)
class Hiding:
    """What hides decisions, stills and documents of a case, by their ids."""

    decisions: Mapping[str, RedactionRecord]
    stills: Mapping[str, RedactionRecord]
    papers: Mapping[str, RedactionRecord]

    def rows(self, links: Sequence[decision_chain.Link]) -> list[decision_chain.Link]:
        """Rows of a chain without those of hidden decisions."""
        return [link for link in links if json.loads(link.record)["id"] not in self.decisions]

    def outside(self, entry: CaseEntry) -> CaseEntry:
        """A line of the timeline as it leaves."""
        record = self._of(entry)
        if record is None:
            return entry
        return entry.model_copy(update={"text": withholding.instead(record), "still_id": None})

    def events(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The case's own events, as `case_rows` has them, without the titles of hidden documents."""
        return [
            row | {"text": withholding.instead(record)}
            if (record := self.papers.get(str((row["detail"] or {}).get("document"))))
            else row
            for row in rows
        ]

    def _of(self, entry: CaseEntry) -> RedactionRecord | None:
        if entry.kind == "decision":
            return self.decisions.get(entry.decision_id or "")
        if entry.kind == "still":
            return self.stills.get(entry.still_id or "")
        return self.papers.get(entry.document_id or "")


def find(
    session: Session,
    call_ids: Sequence[str],
    judged: Sequence[KeptDecision],
    taken: Sequence[Still],
    papers: Sequence[DocumentVersion],
) -> Hiding:
    """What is hidden of these; `call_ids` are the calls of the case."""
    proposed_in = [kept.row.call_id for kept in judged if kept.row.call_id]
    sheets = calls.sheets(session, sorted({*call_ids, *proposed_in}))
    hidden = {call_id: redactions.standing(session, call_id) for call_id in sheets}
    found = {kept.row.decision_id: _decided(session, kept, sheets, hidden) for kept in judged}
    seen = {still.id: _moment(sheets, hidden, still.call_id, still.taken_at) for still in taken}
    return Hiding(
        {key: record for key, record in found.items() if record is not None},
        {key: record for key, record in seen.items() if record is not None},
        _shown(session, _versions(session, papers), sheets, hidden),
    )


Sheets = Mapping[str, CallSheet]
Hidden = Mapping[str, list[RedactionRecord]]


def _moment(sheets: Sheets, hidden: Hidden, call_id: str, at: datetime) -> RedactionRecord | None:
    sheet = sheets.get(call_id)
    return withholding.at_moment(hidden[call_id], sheet.call.started_at, at) if sheet is not None else None


def _decided(session: Session, kept: KeptDecision, sheets: Sheets, hidden: Hidden) -> RedactionRecord | None:
    call_id, record = kept.row.call_id, kept.record
    if not call_id or not hidden.get(call_id):
        return None
    at = decision_steps.time(record["people"][0]["at"])
    if (by := _moment(sheets, hidden, call_id, at)) is not None:
        return by
    cited = {cite["id"] for cite in record["cites"]}
    lines = [line for line in transcripts.of_call(session, call_id) if line.line_id in cited]
    covering = (withholding.covering(hidden[call_id], line) for line in lines)
    return next((each for each in covering if each is not None), None)


def _versions(session: Session, papers: Sequence[DocumentVersion]) -> dict[str, str]:
    """Every version of these documents, and whose it is: an older one shown gives a later one away."""
    return {
        version.id: paper.document_id
        for paper in papers
        for version in documents.versions(session, paper.document_id)
    }


def _shown(
    session: Session, papers: Mapping[str, str], sheets: Sheets, hidden: Hidden
) -> dict[str, RedactionRecord]:
    """By document: what hides every showing of it."""
    found: dict[str, RedactionRecord] = {}
    openly = set()
    for call_id, records in hidden.items():
        for row in presentations.history(session, call_id):
            surface = surfaces.parse(row.surface)
            if surface.kind is not SurfaceKind.PAGE or surface.name not in papers:
                continue
            record = _moment(sheets, hidden, call_id, row.started_at) if records else None
            if record is None:
                openly.add(papers[surface.name])
            else:
                found[papers[surface.name]] = record
    return {document: record for document, record in found.items() if document not in openly}
