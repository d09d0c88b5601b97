"""Members from outside who vote in a circulation: their sealed address and link, and the code mailed last."""

import sqlalchemy as sa
from alembic import op


revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "outside_member",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("decision_id", sa.String(26), nullable=False),
        sa.Column("address_sealed", sa.String(), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("code_sealed", sa.String(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("invited_at", _TIME, nullable=False),
        sa.Column("opened_at", _TIME, nullable=True),
        sa.Column("withdrawn_at", _TIME, nullable=True),
        sa.Column("remind_at", _TIME, nullable=True),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("proof_digest", sa.String(64), nullable=False),
        sa.Column("proof_sent_at", _TIME, nullable=True),
        sa.Column("proof_tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_digest"),
    )
    for column in ("decision_id", "remind_at", "expires_at"):
        op.create_index(f"ix_outside_member_{column}", "outside_member", [column], unique=False)


def downgrade() -> None:
    op.drop_table("outside_member")
