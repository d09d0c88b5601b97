"""Whom staff answer to, who stands in for them, when they work, and where they say they are."""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("boss_id", sa.String(26), nullable=True))
    op.add_column("staff", sa.Column("deputy_ids", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("staff", sa.Column("hours", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "presence",
        sa.Column("staff_id", sa.String(26), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("staff_id"),
    )


def downgrade() -> None:
    op.drop_table("presence")
    op.drop_column("staff", "hours")
    op.drop_column("staff", "deputy_ids")
    op.drop_column("staff", "boss_id")
