"""Questions of residents; after the call: recaps, letters to residents, and mail that waits to be sent."""

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recap",
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("happened", sa.String(), nullable=False),
        sa.Column("agreed", sa.String(), nullable=False),
        sa.Column("next_step", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("edited_by", sa.String(26), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(26), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.ForeignKeyConstraint(["edited_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("call_id"),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("code_sealed", sa.String(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("agreed", sa.String(), nullable=False),
        sa.Column("next_step", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_letter_call_id", "letter", ["call_id"], unique=False)
    op.create_index("ix_letter_code_digest", "letter", ["code_digest"], unique=True)
    op.create_index("ix_letter_expires_at", "letter", ["expires_at"], unique=False)
    op.create_table(
        "mail",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("about", sa.String(26), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mail_about", "mail", ["about"], unique=False)
    op.create_index("ix_mail_state", "mail", ["state"], unique=False)
    op.create_table(
        "question",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(40), nullable=False),
        sa.Column("asked_name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.String(26), nullable=True),
        sa.Column("owner_id", sa.String(26), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["chat_message.id"]),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index("ix_question_call_id", "question", ["call_id"], unique=False)
    op.create_index("ix_question_owner_id", "question", ["owner_id"], unique=False)
    op.create_table(
        "call_back",
        sa.Column("consultation_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone_sealed", sa.String(), nullable=False),
        sa.Column("closed_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.PrimaryKeyConstraint("consultation_id"),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("code_sealed", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("host_id", sa.String(26), nullable=False),
        sa.Column("made_by", sa.String(26), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consultation_id", sa.String(26), nullable=True),
        sa.Column("call_id", sa.String(26), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"]),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_appointment_code_digest", "appointment", ["code_digest"], unique=True)
    op.create_index("ix_appointment_starts_at", "appointment", ["starts_at"], unique=False)
    op.create_index("ix_appointment_host_id", "appointment", ["host_id"], unique=False)


def downgrade() -> None:
    op.drop_table("appointment")
    op.drop_table("call_back")
    op.drop_table("question")
    op.drop_table("mail")
    op.drop_table("letter")
    op.drop_table("recap")
