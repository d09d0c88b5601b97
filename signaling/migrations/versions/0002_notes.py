"""Notes left for a call, and the chat lines they become."""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("sender_identity", sa.String(40), nullable=False),
        sa.Column("sender_name", sa.String(), nullable=False),
        sa.Column("sender_role", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_bytes", sa.Integer(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["call.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_note_call_id", "note", ["call_id"], unique=False)
    op.create_index("ix_note_created_at", "note", ["created_at"], unique=False)
    # Without a foreign key: SQLite cannot add one to a table that exists.
    op.add_column("chat_message", sa.Column("note_id", sa.String(36), nullable=True))
    op.add_column("chat_message", sa.Column("note_ms", sa.Integer(), nullable=True))
    op.create_index("ix_chat_message_note_id", "chat_message", ["note_id"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_chat_message_note_id", "chat_message")
    op.drop_column("chat_message", "note_ms")
    op.drop_column("chat_message", "note_id")
    op.drop_table("note")
