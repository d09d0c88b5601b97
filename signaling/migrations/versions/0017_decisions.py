"""判断記録: the chain of decisions, append-only by triggers as the access log is, and the table of 決裁規程."""

import sqlalchemy as sa
from alembic import op


revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER decision_no_{verb.lower()} BEFORE {verb} ON decision "
        "BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION decision_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'decisions are append-only'; END $$",
        "CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision "
        "FOR EACH STATEMENT EXECUTE FUNCTION decision_append_only()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decision_id", sa.String(26), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(26), nullable=True),
        sa.Column("call_id", sa.String(26), nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(128), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("hash"),
    )
    for column in ("decision_id", "number", "case_id", "call_id", "state"):
        op.create_index(f"ix_decision_{column}", "decision", [column], unique=False)
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
    op.create_table(
        "approval_rule",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("up_to_yen", sa.Integer(), nullable=True),
        sa.Column("post", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("place"),
    )


def downgrade() -> None:
    op.drop_table("approval_rule")
    op.drop_table("decision")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION decision_append_only()")
