"""The database's shape through time: Alembic revisions, applied at start and by `genba migrate`."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

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
            command.upgrade(configuration(writing), "head")


def configuration(connection: Connection) -> Config:
    """Alembic's configuration, for our packaged revisions on an open connection."""
    config = Config()
    config.set_main_option("script_location", LOCATION)
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The newest revision of this program."""
    config = Config()
    config.set_main_option("script_location", LOCATION)
    head = ScriptDirectory.from_config(config).get_current_head()
    return head or ""
