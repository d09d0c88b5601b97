"""Cards shown in calls and who saw them, the cards of a letter, and words proposed for こんなとき."""

import sqlalchemy as sa
from alembic import op


revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "shown_card",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("entry_key", sa.String(110), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("shown_by", sa.String(40), nullable=False),
        sa.Column("shown_name", sa.String(), nullable=False),
        sa.Column("shown_post", sa.String(), nullable=False),
        sa.Column("shown_at", _TIME, nullable=False),
        sa.Column("put_away_at", _TIME, nullable=True),
        sa.Column("put_away_by", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_shown_card_call_id", "shown_card", ["call_id"], unique=False)
    op.create_table(
        "card_look",
        sa.Column("card_id", sa.String(26), nullable=False),
        sa.Column("identity", sa.String(40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["shown_card.id"]),
        sa.PrimaryKeyConstraint("card_id", "identity"),
    )
    op.create_table(
        "need_proposal",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("folded", sa.String(240), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("entry_key", sa.String(110), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("first_at", _TIME, nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("taken_kind", sa.String(10), nullable=False),
        sa.Column("taken_key", sa.String(110), nullable=False),
        sa.Column("decided_by", sa.String(26), nullable=True),
        sa.Column("decided_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_need_proposal_same", "need_proposal", ["folded", "kind", "entry_key"], unique=True)
    op.create_index("ix_need_proposal_last_at", "need_proposal", ["last_at"], unique=False)
    op.create_index("ix_need_proposal_state", "need_proposal", ["state"], unique=False)
    op.add_column("letter", sa.Column("cards", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("letter", "cards")
    for table in ("need_proposal", "card_look", "shown_card"):
        op.drop_table(table)
