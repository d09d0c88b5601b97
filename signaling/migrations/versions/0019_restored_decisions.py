"""Rows of other installations' decisions, which came with a case that was restored: append-only as ours are."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER restored_decision_no_{verb.lower()} BEFORE {verb} ON restored_decision "
        "BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE TRIGGER restored_decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON restored_decision "
        "FOR EACH STATEMENT EXECUTE FUNCTION decision_append_only()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "restored_decision",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.String(26), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(26), nullable=True),
        sa.Column("call_id", sa.String(26), nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("seal", sa.String(128), nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"]),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.PrimaryKeyConstraint("hash"),
    )
    for column in ("decision_id", "case_id", "call_id"):
        op.create_index(f"ix_restored_decision_{column}", "restored_decision", [column], unique=False)
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("restored_decision")
