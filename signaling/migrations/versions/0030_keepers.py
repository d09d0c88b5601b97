"""Feeds of free slots with terms and a pause; notices of changes of the law."""

import sqlalchemy as sa
from alembic import op


revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("slot_feed", sa.Column("licence", sa.String(80), nullable=False, server_default=""))
    op.add_column("slot_feed", sa.Column("is_paused", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "law_notice",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("basis", "source", "source_url")),
        sa.Column("source_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("contact", "phone")),
        sa.Column("licences", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("area", sa.String(6), nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.Column("sent_at", _TIME, nullable=True),
        sa.Column("told_until", sa.String(26), nullable=False),
        sa.Column("previewed", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_law_notice_state", "law_notice", ["state"], unique=False)


def downgrade() -> None:
    op.drop_table("law_notice")
    with op.batch_alter_table("slot_feed") as batch:
        batch.drop_column("is_paused")
        batch.drop_column("licence")
