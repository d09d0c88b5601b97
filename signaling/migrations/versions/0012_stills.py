"""Evidence stills, and the device keys that sign them."""

import sqlalchemy as sa
from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device_key",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(26), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_device_key_staff_id", "device_key", ["staff_id"], unique=False)
    op.create_table(
        "still",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("taken_by", sa.String(26), nullable=False),
        sa.Column("taker_name", sa.String(), nullable=False),
        sa.Column("taker_role", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("manifest", sa.String(), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_bytes", sa.Integer(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["key_id"], ["device_key.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_still_call_id", "still", ["call_id"], unique=False)
    op.create_index("ix_still_created_at", "still", ["created_at"], unique=False)


def downgrade() -> None:
    op.drop_table("still")
    op.drop_table("device_key")
