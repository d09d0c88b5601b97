"""The tables in the database are the tables in the program, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from field_assist import NewStaff, Role, Session, Store, create_store_engine, documents, staff
from field_assist.documents import Particulars
from signaling import migrations
from signaling.migrations.tables import METADATA, is_ours
from tests.clock import START
from tests.field_assist.library_shelf import add_version, shelve


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


def test_documents_of_an_older_installation_are_found_after_the_upgrade(url: str) -> None:
    store = Store(url)
    migrations.upgrade(store.engine)

    def fill(session: Session) -> None:
        owner = staff.add(
            session, NewStaff("F1", "早瀬", "はやせ", Role.FIELD, "", "道路課", "東部"), START
        ).person()
        document = shelve(session, owner, Particulars("橋の手引", "手引", tags=["橋"]), ["断水のとき"])
        add_version(session, document, owner, ["断水のあと"], START + timedelta(days=1))
        documents.add(session, owner, Particulars("まだ空", "案内"), START)

    store.write_now(fill)
    with store.engine.connect() as connection:
        writing = connection.execution_options(genba_write=True)
        before = _entries(writing)
        writing.rollback()
        with writing.begin():
            configuration = migrations.configuration(writing)
            earlier = ScriptDirectory.from_config(configuration).get_revision("0031").down_revision
            command.downgrade(configuration, str(earlier))
    migrations.upgrade(store.engine)

    with store.engine.connect() as connection:
        after = _entries(connection)
    store.close()
    assert after == before
    assert [shown is not None for _, shown, _ in after] == [False, True]
    assert len({key for *_, key in after}) == 2


def _entries(connection: Connection) -> list[tuple[int, int | None, int]]:
    columns = "SELECT head_entry, shown_entry, facet_key FROM document ORDER BY title"
    return [(row[0], row[1], row[2]) for row in connection.execute(text(columns))]
