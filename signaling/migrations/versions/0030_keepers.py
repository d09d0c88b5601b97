"""Feeds of free slots with terms and a pause; notices of changes of the law."""

import sqlalchemy as sa
from alembic import op


revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("slot_feed", sa.Column("licence", sa.String(80), nullable=False, server_default=""))
    op.add_column("slot_feed", sa.Column("is_paused", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("slot_feed") as batch:
        batch.drop_column("is_paused")
        batch.drop_column("licence")
