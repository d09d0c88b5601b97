"""What a search reads of every document in sight as columns of the document: its entries, its kind as a number."""

import hashlib
import json

import sqlalchemy as sa
from alembic import op


revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_KINDS = "SELECT id, disclosure, kind, department, office, CAST(tags AS TEXT) AS tags FROM document"


def upgrade() -> None:
    op.add_column("document", sa.Column("head_entry", sa.Integer(), nullable=True))
    op.add_column("document", sa.Column("shown_entry", sa.Integer(), nullable=True))
    op.add_column("document", sa.Column("facet_key", sa.BigInteger(), nullable=True))
    op.execute(
        "INSERT INTO document_entry (document_id) SELECT id FROM document WHERE id NOT IN"
        " (SELECT document_id FROM document_entry WHERE version_id IS NULL)"
    )
    op.execute(
        "UPDATE document SET head_entry = (SELECT min(e.id) FROM document_entry AS e"
        " WHERE e.document_id = document.id AND e.version_id IS NULL),"
        " shown_entry = (SELECT e.id FROM document_entry AS e"
        " WHERE e.version_id = document.current_version_id)"
    )
    connection = op.get_bind()
    keys = [{"id": row.id, "key": _key(*row[1:])} for row in connection.execute(sa.text(_KINDS))]
    if keys:
        connection.execute(sa.text("UPDATE document SET facet_key = :key WHERE id = :id"), keys)
    op.create_index("ix_document_head_entry", "document", ["head_entry"], unique=True)


def _key(disclosure: str, kind: str, department: str, office: str, tags: str) -> int:
    """`document_index.facet_key` as it was when this was written."""
    written = json.dumps([disclosure, kind, department or office, tags]).encode()
    return int.from_bytes(hashlib.sha256(written).digest()[:7], "big") | 1


def downgrade() -> None:
    op.drop_index("ix_document_head_entry", "document")
    for name in ("facet_key", "shown_entry", "head_entry"):
        op.drop_column("document", name)
