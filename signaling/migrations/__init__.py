"""The database's shape through time: Alembic revisions, applied at start and by `genba migrate`.

Alembic itself is loaded only when there is something to apply: it takes as long as half the program.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect

if TYPE_CHECKING:
    from alembic.config import Config

LOCATION = "signaling:migrations"


def upgrade(engine: Engine) -> None:
    """Bring a database to the newest shape; nothing happens when it has it. Blocks.

    Two servers starting at once take turns: the whole upgrade is one write transaction on SQLite, and one
    transaction under an advisory lock on PostgreSQL.
    """
    with engine.connect() as connection:
        writing = connection.execution_options(genba_write=True)
        with writing.begin():
            if engine.dialect.name == "postgresql":
                writing.exec_driver_sql("SELECT pg_advisory_xact_lock(4720653001)")
            if _revision(writing) == newest():
                return
            from alembic import command

            command.upgrade(configuration(writing), "head")


def configuration(connection: Connection) -> Config:
    """Alembic's configuration, for our packaged revisions on an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", LOCATION)
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The newest revision of this program: their files begin with their numbers, in order."""
    names = (file.name for file in (resources.files(__package__) / "versions").iterdir())
    return max(name.partition("_")[0] for name in names if name[:1].isdecimal())


def _revision(connection: Connection) -> str | None:
    """Which one the database has; None when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
