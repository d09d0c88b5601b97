"""All tables of all packages, for Alembic to compare with."""

from sqlmodel import SQLModel

from field_assist import calls, consultations, holds, notes, presence, staff, supervision
from signaling.accounts import access_log, credentials, invitations

MODULES_WITH_TABLES = (
    staff,
    presence,
    calls,
    consultations,
    supervision,
    holds,
    notes,
    credentials,
    invitations,
    access_log,
)
METADATA = SQLModel.metadata
