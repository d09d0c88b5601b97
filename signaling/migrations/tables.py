"""All tables of all packages, for Alembic to compare with."""

from sqlmodel import SQLModel

from field_assist import (
    appointments,
    call_backs,
    calls,
    cases,
    consultations,
    documents,
    holds,
    leases,
    marks,
    notes,
    presence,
    presentations,
    questions,
    recaps,
    rings,
    sharing,
    staff,
    supervision,
)
from signaling.accounts import access_log, credentials, invitations
from signaling.mail import outbox
from signaling.push import devices

MODULES_WITH_TABLES = (
    *(staff, presence, calls, cases, sharing, consultations, call_backs, rings, leases, holds, supervision),
    *(appointments, notes, questions, recaps, documents, marks, presentations),
    *(credentials, invitations, access_log, outbox, devices),
)
METADATA = SQLModel.metadata
