"""The index the library is searched by: FTS5 on SQLite, tsvector with GIN on PostgreSQL."""

import sqlalchemy as sa
from alembic import op


revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.String(26), nullable=False),
        sa.Column("version_id", sa.String(26), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["version_id"], ["document_version.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("version_id"),
    )
    op.create_index("ix_document_entry_document_id", "document_entry", ["document_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE document_fts (rowid bigint PRIMARY KEY, vector tsvector NOT NULL)")
        op.execute("CREATE INDEX ix_document_fts_vector ON document_fts USING gin (vector) WITH (fastupdate = off)")
    else:  # every character beyond ASCII is part of a word: the words come cut already
        op.execute("CREATE VIRTUAL TABLE document_fts USING fts5(title, beside, body, pairs, tokenize='ascii')")


def downgrade() -> None:
    op.drop_table("document_fts")
    op.drop_table("document_entry")
