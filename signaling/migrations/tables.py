"""All tables of all packages, for Alembic to compare with."""

from sqlmodel import SQLModel

from field_assist import (
    appointments,
    call_backs,
    calls,
    consultations,
    notes,
    presence,
    questions,
    recaps,
    staff,
)
from signaling.accounts import access_log, credentials, invitations
from signaling.mail import outbox

MODULES_WITH_TABLES = (
    *(staff, presence, calls, consultations, call_backs, appointments, notes, questions, recaps),
    *(credentials, invitations, access_log, outbox),
)
METADATA = SQLModel.metadata
