"""How many people looked at a public service on a day: numbers, and nothing of who."""

import sqlalchemy as sa
from alembic import op


revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_view_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("owner_code", sa.String(6), nullable=False),
        sa.Column("entry_id", sa.String(100), nullable=False),
        sa.Column("viewers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("day", "kind", "owner_code", "entry_id"),
    )
    op.create_index("ix_service_view_day_day", "service_view_day", ["day"], unique=False)


def downgrade() -> None:
    op.drop_table("service_view_day")
