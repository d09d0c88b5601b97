"""What supervisors do: whispers in force, sentences to an office."""

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "whisper",
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("staff_id", sa.String(26), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("call_id", "staff_id"),
    )
    op.create_table(
        "announcement",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(26), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_announcement_office", "announcement", ["office"], unique=False)
    op.create_index("ix_announcement_sent_at", "announcement", ["sent_at"], unique=False)


def downgrade() -> None:
    op.drop_table("announcement")
    op.drop_table("whisper")
