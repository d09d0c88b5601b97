"""Whose a letter is: the guest whose consents it opens."""

import sqlalchemy as sa
from alembic import op


revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("letter") as letter:
        letter.add_column(sa.Column("guest_id", sa.String(26), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("letter") as letter:
        letter.drop_column("guest_id")
