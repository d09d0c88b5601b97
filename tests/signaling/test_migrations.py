"""The tables in the database are the tables in the program, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from field_assist import create_store_engine
from signaling import migrations
from signaling.migrations.tables import METADATA, is_ours


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new.sqlite3"
    return str(request.getfixturevalue("postgresql_url"))


def test_autogenerate_finds_nothing_to_add(url: str) -> None:
    engine = create_store_engine(url)
    migrations.upgrade(engine)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        differences = compare_metadata(context, METADATA)
        at = context.get_current_revision()
    engine.dispose()

    assert differences == []
    assert at == migrations.newest() == _head()


def _head() -> str | None:
    config = Config()
    config.set_main_option("script_location", migrations.LOCATION)
    return ScriptDirectory.from_config(config).get_current_head()


def test_upgrading_again_changes_nothing_and_two_at_once_take_turns(url: str) -> None:
    engine = create_store_engine(url)
    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(migrations.upgrade, engine) for _ in range(2)]:
            done.result()
    migrations.upgrade(engine)

    names = set(inspect(engine).get_table_names())
    engine.dispose()

    ours = {name for name in names if is_ours(name, "table", {})}
    assert ours == {*METADATA.tables, "alembic_version"}
    assert "document_fts" in names
