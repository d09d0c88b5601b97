"""How long the words of a call are kept, and what went of them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transcript_keeping",
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.String(26), nullable=True),
        sa.Column("hold_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.ForeignKeyConstraint(["held_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("call_id"),
    )
    op.create_table(
        "transcript_disposal",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_transcript_disposal_call_id", "transcript_disposal", ["call_id"], unique=False)


def downgrade() -> None:
    op.drop_table("transcript_disposal")
    op.drop_table("transcript_keeping")
