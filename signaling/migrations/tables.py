"""All tables of all packages, for Alembic to compare with."""

from sqlmodel import SQLModel

from field_assist import calls, staff
from signaling import access_log, accounts, invitations

MODULES_WITH_TABLES = (staff, calls, accounts, invitations, access_log)
METADATA = SQLModel.metadata
