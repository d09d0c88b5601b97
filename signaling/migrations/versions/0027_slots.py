"""Free slots, notices by push, on behalf of somebody, and on the day somebody chose."""

from typing import Any

import sqlalchemy as sa
from alembic import op


revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
def _added() -> dict[str, tuple[sa.Column[Any], ...]]:
    return {
        "subscriber": (
            sa.Column("digest_on", sa.Integer(), nullable=False, server_default="1"),
            sa.Column("channel", sa.String(4), nullable=False, server_default="mail"),
            sa.Column("proxy_of", sa.String(26), nullable=True),
            sa.Column("proxy_until", sa.Date(), nullable=True),
            sa.Column("proxy_topics", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("proxy_sealed", sa.String(), nullable=False, server_default=""),
        ),
        "subscriber_follow": (
            sa.Column("weekdays", sa.String(8), nullable=False, server_default=""),
            sa.Column("from_hour", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("until_hour", sa.Integer(), nullable=False, server_default="24"),
        ),
        "notice": (sa.Column("ended_at", _TIME, nullable=True),),
        "notice_mailing": (
            sa.Column("channel", sa.String(4), nullable=False, server_default="mail"),
            sa.Column("until", _TIME, nullable=True),
            sa.Column("due_at", _TIME, nullable=True),
            sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        ),
    }


_INDEXED = (
    *(("subscriber", "proxy_of"), ("notice", "item"), ("subscriber_device", "subscriber_id")),
    *(("slot", "feed_id"), ("slot", "facility"), ("slot", "is_untold")),
)


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    op.create_table(
        "subscriber_device",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("subscriber_id", sa.String(26), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("keys", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("added_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("endpoint"),
    )
    op.create_table(
        "slot_feed",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("form", sa.String(4), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("owner_code", sa.String(6), nullable=False),
        sa.Column("facility_id", sa.String(100), nullable=False),
        sa.Column("every_s", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("tried_at", _TIME, nullable=True),
        sa.Column("fetched_at", _TIME, nullable=True),
        sa.Column("horizon_at", _TIME, nullable=True),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.String(70), nullable=False),
        sa.Column("feed_id", sa.String(26), nullable=False),
        sa.Column("facility", sa.String(130), nullable=False),
        sa.Column("facility_id", sa.String(100), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("starts_at", _TIME, nullable=False),
        sa.Column("ends_at", _TIME, nullable=False),
        sa.Column("free", sa.Integer(), nullable=False),
        sa.Column("price", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("opened_at", _TIME, nullable=True),
        sa.Column("is_untold", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["slot_feed.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for table, name in _INDEXED:
        op.create_index(f"ix_{table}_{name}", table, [name], unique=False)


def downgrade() -> None:
    for table in ("slot", "slot_feed", "subscriber_device"):
        op.drop_table(table)
    for table, name in (("subscriber", "proxy_of"), ("notice", "item")):
        op.drop_index(f"ix_{table}_{name}", table)
    for table, columns in _added().items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)
