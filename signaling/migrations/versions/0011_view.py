"""What is looked at together: marks, presentations, who saw what."""

import sqlalchemy as sa
from alembic import op


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mark",
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("surface", sa.String(120), nullable=False),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("author_role", sa.String(), nullable=False),
        sa.Column("tool", sa.String(12), nullable=False),
        sa.Column("colour", sa.String(8), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("points", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("audience", sa.String(5), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.PrimaryKeyConstraint("call_id", "author", "id"),
    )
    op.create_index("ix_mark_call_surface", "mark", ["call_id", "surface"], unique=False)
    op.create_table(
        "presentation",
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(120), nullable=False),
        sa.Column("audience", sa.String(5), nullable=False),
        sa.Column("presenter", sa.String(40), nullable=False),
        sa.Column("presenter_name", sa.String(), nullable=False),
        sa.Column("presenter_role", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.PrimaryKeyConstraint("call_id", "serial"),
    )
    op.create_table(
        "surface_view",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("call_id", sa.String(26), nullable=False),
        sa.Column("surface", sa.String(120), nullable=False),
        sa.Column("identity", sa.String(40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_surface_view_call_identity", "surface_view", ["call_id", "identity"], unique=False)


def downgrade() -> None:
    op.drop_table("surface_view")
    op.drop_table("presentation")
    op.drop_table("mark")
