"""Alembic's revisions, in order of their numbers."""
