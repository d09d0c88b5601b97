"""What a proposal leans on, as its record keeps it: seen by who proposes, and named by its hash."""

from collections.abc import Sequence

from field_assist import DecisionRecord as Record
from field_assist import (
    DocumentUnknown,
    LineUnknown,
    Person,
    Session,
    StillUnknown,
    calls,
    cases,
    decision_chain,
    documents,
    people,
    seals,
    stills,
    transcripts,
)
from signaling.api import withholding


def documents_of(session: Session, person: Person, version_ids: Sequence[str]) -> list[Record]:
    """Documents in the version that was looked at. Raises DocumentUnknown."""
    found = []
    for version_id in dict.fromkeys(version_ids):
        version = documents.version(session, version_id)
        facts = documents.facts_of(session, version.document_id)
        if not people.may_see_document(person, facts):
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
