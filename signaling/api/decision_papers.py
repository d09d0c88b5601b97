"""What a proposal leans on, as its record keeps it: seen by who proposes, and named by its hash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from field_assist import (
    CallSheet,
    CaseSheet,
    DocumentUnknown,
    LineUnknown,
    Person,
    Session,
    StillUnknown,
    SurfaceKind,
    calls,
    cases,
    decision_chain,
    documents,
    people,
    presentations,
    seals,
    stills,
    surfaces,
    transcripts,
)
from field_assist import DecisionRecord as Record
from signaling.api import withholding


@dataclass(frozen=True, slots=True)
class OfferedPaper:
    """A document that could be leaned on; `page` is the one last shown in the call, open now or before.

    `is_for_outside`: voters from outside may be shown it.
    """

    version_id: str
    title: str
    label: str
    page: int | None = None
    is_open: bool = False
    is_for_outside: bool = False


def offered(
    session: Session, person: Person, case: CaseSheet | None, call: CallSheet | None
) -> list[OfferedPaper]:
    """What lies at hand for a proposal: what was shown in the call, the last first, then the case's."""
    found: dict[str, OfferedPaper] = {}
    for row in reversed(presentations.history(session, call.call.id) if call else []):
        surface = surfaces.parse(row.surface)
        if surface.kind is SurfaceKind.PAGE and surface.name not in found:
            paper = _paper(session, person, surface.name)
            if paper is not None:
                found[surface.name] = replace(paper, page=surface.page, is_open=row.ended_at is None)
    for document in documents.of_case(session, case.case.id) if case else []:
        if document.current_version_id and document.current_version_id not in found:
            paper = _paper(session, person, document.current_version_id)
            if paper is not None:
                found[paper.version_id] = paper
    return list(found.values())


def _paper(session: Session, person: Person, version_id: str) -> OfferedPaper | None:
    try:
        version = documents.version(session, version_id)
    except DocumentUnknown:
        return None
    facts = documents.facts_of(session, version.document_id)
    if not people.may_see_document(person, facts):
        return None
    title = documents.document(session, version.document_id).title
    return OfferedPaper(version.id, title, version.label, is_for_outside=people.is_for_guests(facts))


def documents_of(
    session: Session, person: Person, version_ids: Sequence[str], pages: Mapping[str, int]
) -> list[Record]:
    """Documents in the version that was looked at, some at a page of it. Raises DocumentUnknown."""
    found = []
    for version_id in dict.fromkeys(version_ids):
        version = documents.version(session, version_id)
        facts = documents.facts_of(session, version.document_id)
        page = pages.get(version_id)
        if not people.may_see_document(person, facts) or not 1 <= (page or 1) <= max(1, version.pages):
            raise DocumentUnknown
        title = documents.document(session, version.document_id).title
        found.append(
            {
                "id": version.document_id,
                "version": version.id,
                "ver": version.label,
                "title": title,
                "sha256": version.sha256,
            }
            | ({"page": page} if page else {})
        )
    return found


def cites_of(session: Session, person: Person, line_ids: Sequence[str]) -> list[Record]:
    """What was said, as it was read: only its hash, as words may have to go. Raises LineUnknown."""
    found = []
    for line_id in dict.fromkeys(line_ids):
        line = transcripts.revisions(session, line_id)[-1]
        facts = calls.sheet(session, line.call_id).facts
        is_hidden = withholding.covering(withholding.hidden_from(session, person, facts), line) is not None
        if is_hidden or not people.may_read_record(person, facts):
            raise LineUnknown
        digest = seals.digest(line.text)
        found.append({"id": line_id, "revision": line.revision, "sha256": digest})
    return found


def evidence_of(session: Session, person: Person, still_ids: Sequence[str]) -> list[Record]:
    """Stills as evidence. Raises StillUnknown."""
    found = []
    for still_id in dict.fromkeys(still_ids):
        still = stills.complete_one(session, still_id)
        call, case = calls.sheet(session, still.call_id), cases.case_of_call(session, still.call_id)
        if not people.may_see_still(person, call.facts, case.facts if case else None):
            raise StillUnknown
        taken_at = decision_chain.written_time(still.taken_at)
        found.append({"id": still.id, "kind": "photo", "sha256": still.sha256, "at": taken_at})
    return found
