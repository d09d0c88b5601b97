"""Who agreed to what in which call: rows that are only ever added."""

import sqlalchemy as sa
from alembic import op


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER consent_no_{verb.lower()} BEFORE {verb} ON consent "
        "BEGIN SELECT RAISE(ABORT, 'consents are append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION consent_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'consents are append-only'; END $$",
        "CREATE TRIGGER consent_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent "
        "FOR EACH STATEMENT EXECUTE FUNCTION consent_append_only()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(length=26), nullable=False),
        sa.Column("identity", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("text_version", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("about", sa.String(length=36), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_consent_call_id", "consent", ["call_id"], unique=False)
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("consent")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION consent_append_only()")
