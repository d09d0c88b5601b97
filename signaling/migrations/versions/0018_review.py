"""会議録, every version of a call's minutes; 不開示, the chain of what of records is hidden, append-only; and what is
returned to whoever answered for it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER redaction_no_{verb.lower()} BEFORE {verb} ON redaction "
        "BEGIN SELECT RAISE(ABORT, 'redactions are append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION redaction_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'redactions are append-only'; END $$",
        "CREATE TRIGGER redaction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON redaction "
        "FOR EACH STATEMENT EXECUTE FUNCTION redaction_append_only()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "minutes",
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("held", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("attendees", sa.String(), nullable=False),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.String(26), nullable=False),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("call_id", "version"),
    )
    op.create_table(
        "redaction",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("redaction_id", sa.String(26), nullable=False),
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(128), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("hash"),
    )
    op.create_table(
        "returned",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("line_id", sa.String(26), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.String(26), nullable=False),
        sa.Column("by_id", sa.String(26), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.ForeignKeyConstraint(["to_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("call_id", "to_id"):
        op.create_index(f"ix_returned_{column}", "returned", [column], unique=False)
    for column in ("redaction_id", "call_id"):
        op.create_index(f"ix_redaction_{column}", "redaction", [column], unique=False)
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("returned")
    op.drop_table("redaction")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION redaction_append_only()")
    op.drop_table("minutes")
