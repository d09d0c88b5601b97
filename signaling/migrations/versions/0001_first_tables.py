"""Accounts, calls, invitations and the access log."""

import sqlalchemy as sa
from alembic import op


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# The access log is append-only for everybody who comes through SQL; the hash chain is for the rest.
APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER access_log_no_{verb.lower()} BEFORE {verb} ON access_log "
        "BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION access_log_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the access log is append-only'; END $$",
        "CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION access_log_append_only()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_access_log_action", "access_log", ["action"], unique=False)
    op.create_index("ix_access_log_actor", "access_log", ["actor"], unique=False)
    op.create_index("ix_access_log_at", "access_log", ["at"], unique=False)
    op.create_index("ix_access_log_object", "access_log", ["object"], unique=False)

    op.create_table(
        "guess_tally",
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject"),
    )
    op.create_index("ix_guess_tally_last_failed_at", "guess_tally", ["last_failed_at"], unique=False)

    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("staff_no", sa.String(32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kana", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_staff_staff_no", "staff", ["staff_no"], unique=True)

    op.create_table(
        "call",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("host_id", sa.String(26), nullable=False),
        sa.Column("host_office", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["host_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("fiscal_year", "serial"),
    )
    op.create_index("ix_call_ended_at", "call", ["ended_at"], unique=False)
    op.create_index("ix_call_host_id", "call", ["host_id"], unique=False)
    op.create_index("ix_call_started_at", "call", ["started_at"], unique=False)

    op.create_table(
        "credential",
        sa.Column("staff_id", sa.String(26), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("otp_secret", sa.String(), nullable=True),
        sa.Column("pending_otp_secret", sa.String(), nullable=True),
        sa.Column("last_used_step", sa.Integer(), nullable=True),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_recovery_code_staff_id", "recovery_code", ["staff_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(26), nullable=False),
        sa.Column("stage", sa.String(8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("token_digest"),
    )
    op.create_index("ix_sign_in_expires_at", "sign_in", ["expires_at"], unique=False)
    op.create_index("ix_sign_in_staff_id", "sign_in", ["staff_id"], unique=False)

    op.create_table(
        "call_member",
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("staff_id", sa.String(26), nullable=False),
        sa.Column("added_by", sa.String(26), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["call.id"],
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("call_id", "staff_id"),
    )
    op.create_index("ix_call_member_staff_id", "call_member", ["staff_id"], unique=False)

    op.create_table(
        "chat_message",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("sender_identity", sa.String(40), nullable=False),
        sa.Column("sender_name", sa.String(), nullable=False),
        sa.Column("sender_role", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["call.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_chat_message_call_id", "chat_message", ["call_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("code_sealed", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("shown_name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["call.id"],
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_invitation_call_id", "invitation", ["call_id"], unique=False)
    op.create_index("ix_invitation_code_digest", "invitation", ["code_digest"], unique=True)

    op.create_table(
        "guest_session",
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("invitation_id", sa.String(26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
        ),
        sa.PrimaryKeyConstraint("token_digest"),
    )
    op.create_index("ix_guest_session_expires_at", "guest_session", ["expires_at"], unique=False)
    op.create_index("ix_guest_session_invitation_id", "guest_session", ["invitation_id"], unique=False)

    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the first revision: restore a backup instead")
