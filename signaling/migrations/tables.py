"""All tables of all packages, for Alembic to compare with."""

from sqlmodel import SQLModel

from field_assist import calls, consultations, leases, notes, presence, rings, staff
from signaling.accounts import access_log, credentials, invitations
from signaling.push import devices

MODULES_WITH_TABLES = (
    *(staff, presence, calls, consultations, rings, leases, notes),
    *(credentials, invitations, access_log, devices),
)
METADATA = SQLModel.metadata
