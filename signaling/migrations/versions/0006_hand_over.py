"""Calls on hold, and hand-overs with their notes."""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_hold",
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("started_by", sa.String(26), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.ForeignKeyConstraint(["started_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("call_id"),
    )
    op.create_table(
        "hand_over",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("from_id", sa.String(26), nullable=False),
        sa.Column("to_id", sa.String(26), nullable=False),
        sa.Column("consultation_id", sa.String(26), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("agreed", sa.String(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.ForeignKeyConstraint(["from_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["to_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_hand_over_call_id", "hand_over", ["call_id"], unique=False)
    op.create_index("ix_hand_over_state", "hand_over", ["state"], unique=False)


def downgrade() -> None:
    op.drop_table("hand_over")
    op.drop_table("call_hold")
