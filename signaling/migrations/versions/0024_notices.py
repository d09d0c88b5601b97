"""Residents who want to be told: who said yes, what they follow, what waits for them and what went out."""

import sqlalchemy as sa
from alembic import op


revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "subscriber",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("address_digest", sa.String(64), nullable=True),
        sa.Column("address_sealed", sa.String(), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("code_sealed", sa.String(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("text_version", sa.String(20), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("confirmed_at", _TIME, nullable=True),
        sa.Column("stopped_at", _TIME, nullable=True),
        sa.Column("switched_off", sa.JSON(), nullable=False),
        sa.Column("per_week", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("wakes_for_same_day", sa.Boolean(), nullable=False),
        sa.Column("bounces", sa.Integer(), nullable=False),
        sa.Column("look_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("address_digest"),
        sa.UniqueConstraint("code_digest"),
    )
    op.create_table(
        "subscriber_follow",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("subscriber_id", sa.String(26), nullable=False),
        sa.Column("topic", sa.String(10), nullable=False),
        sa.Column("key", sa.String(130), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("area", sa.String(6), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("radius_m", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("check_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("subscriber_id", sa.String(26), nullable=False),
        sa.Column("follow_id", sa.String(26), nullable=False),
        sa.Column("once", sa.String(64), nullable=False),
        sa.Column("topic", sa.String(10), nullable=False),
        sa.Column("item", sa.String(130), nullable=False),
        sa.Column("change", sa.String(64), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_day", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(8), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("mailing_id", sa.String(26), nullable=True),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("once"),
    )
    op.create_table(
        "notice_mailing",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("subscriber_id", sa.String(26), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("is_digest", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "notice_progress",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("read_until", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    for table, columns in _INDEXED.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column], unique=False)


_INDEXED = {
    "subscriber": ("state", "look_at"),
    "subscriber_follow": ("subscriber_id", "topic", "key", "check_on"),
    "notice": ("subscriber_id", "follow_id", "state", "mailing_id"),
    "notice_mailing": ("subscriber_id", "state"),
}


def downgrade() -> None:
    for table in ("notice_progress", "notice_mailing", "notice", "subscriber_follow", "subscriber"):
        op.drop_table(table)
