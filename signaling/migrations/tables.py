"""All tables of all packages, for Alembic to compare with."""

from sqlmodel import SQLModel

from field_assist import calls, cases, consultations, notes, presence, sharing, staff
from signaling.accounts import access_log, credentials, invitations

MODULES_WITH_TABLES = (
    staff,
    presence,
    calls,
    cases,
    sharing,
    consultations,
    notes,
    credentials,
    invitations,
    access_log,
)
METADATA = SQLModel.metadata
