"""All tables of all packages, for Alembic to compare with."""

from sqlmodel import SQLModel

from field_assist import (
    appointments,
    call_backs,
    calls,
    cases,
    concierge,
    consents,
    consultations,
    decisions,
    document_index,
    documents,
    holds,
    leases,
    marks,
    minutes,
    notes,
    outside_members,
    presence,
    presentations,
    questions,
    recaps,
    redactions,
    returns,
    rings,
    sharing,
    staff,
    stills,
    supervision,
    transcript_keeping,
    transcripts,
)
from recordings import catalogue
from signaling.accounts import access_log, credentials, invitations
from signaling.mail import outbox
from signaling.push import devices

MODULES_WITH_TABLES = (
    *(staff, presence, calls, cases, sharing, consultations, call_backs, rings, leases, holds, supervision),
    *(appointments, notes, questions, recaps, marks, presentations, stills, documents, document_index),
    *(consents, decisions, outside_members, transcripts, transcript_keeping, catalogue),
    *(credentials, invitations, access_log, outbox, devices),
    *(minutes, redactions, returns),
    *(concierge.catalogue, concierge.search_index, concierge.subscribers, concierge.notices),
    concierge.view_days,
    concierge.slot_lists,
    concierge.law_notices,
    *(concierge.showings, concierge.proposals),
)
METADATA = SQLModel.metadata


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether Alembic compares it: the full-text index is not described as a table (revision 0013)."""
    return kind != "table" or name is None or not name.startswith("document_fts")
