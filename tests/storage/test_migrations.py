"""The schema's way up and down, on both databases."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import JSON, Boolean, Column, Connection, Date, Integer, NullPool, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from storage import migrate
from storage.database import Database
from storage.tables import METADATA, Moment, is_described

T = TypeVar("T")
Rows = dict[str, list[tuple[object, ...]]]

MOMENT = datetime(2026, 11, 18, 17, 30, tzinfo=UTC)

REBUILDS = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0999_rebuilds", {head!r}


def upgrade() -> None:
    with op.batch_alter_table("person", recreate="auto") as person:
        person.alter_column("name", existing_type=sa.String(), type_=sa.Text())


def downgrade() -> None:
    with op.batch_alter_table("person", recreate="auto") as person:
        person.alter_column("name", existing_type=sa.Text(), type_=sa.String())
"""

ORPHANS = """
from alembic import op

revision, down_revision = "0999_orphans", {head!r}


def upgrade() -> None:
    op.execute("CREATE TABLE souvenir (id INTEGER)")
    op.execute("DELETE FROM person")
"""


async def within(url: str, do: Callable[[Connection], T]) -> T:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(do)
    finally:
        await engine.dispose()


def history() -> list[Script]:
    """Tell the revisions, the first one first."""
    return list(ScriptDirectory(migrate.SCRIPTS).walk_revisions())[::-1]


def an_example(column: Column[object]) -> object:
    if column.foreign_keys or isinstance(column.type, Integer):
        return 1
    examples = {Boolean: True, Date: MOMENT.date(), JSON: {"señas": ["lona", 3]}, Moment: MOMENT}
    return examples.get(type(column.type), f"una {column.name}")


def fill(connection: Connection) -> None:
    """Put a row in each table, every one of them referring to the others."""
    for table in METADATA.sorted_tables:
        connection.execute(table.insert().values({column.name: an_example(column) for column in table.columns}))


def rows(connection: Connection) -> Rows:
    return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in METADATA.sorted_tables}


def tables(connection: Connection) -> set[str]:
    names = inspect(connection).get_table_names()
    return {name for name in names if name != "alembic_version" and is_described(name, "table", {})}


def left_behind(connection: Connection) -> list[str]:
    """Tell what is there besides tables."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    else:
        query = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    return list(connection.execute(text(query)).scalars())


def inside(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the migrations to add to, in a folder whose name Alembic could misread."""
    copy = tmp_path / "100%(rev)s"
    shutil.copytree(migrate.SCRIPTS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "SCRIPTS", copy)
    return copy


# The way


async def test_every_revision_goes_up_and_down_and_up(empty_database_url: str) -> None:
    url = empty_database_url
    for script in history():
        assert isinstance(script.down_revision, str | None), "the history has one line"
        await migrate.upgrade(url, script.revision)
        assert await migrate.current(url) == script.revision
        await migrate.downgrade(url, script.down_revision or "base")
        assert await migrate.current(url) == script.down_revision
        await migrate.upgrade(url, script.revision)
    assert await migrate.current(url) == migrate.head()
    await migrate.downgrade(url, "base")
    assert await within(url, tables) == set()
    assert await within(url, left_behind) == []


async def test_the_revisions_lead_to_the_tables(database_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection, opts={"compare_server_default": True, "include_name": is_described}
        )
        keys = [
            f"the primary key of {table.name}"
            for table in METADATA.sorted_tables
            if inspect(connection).get_pk_constraint(table.name)["constrained_columns"]
            != table.primary_key.columns.keys()
        ]
        return [*compare_metadata(context, METADATA), *keys]

    assert await within(database_url, differences) == []


async def test_two_that_start_together_migrate_once(empty_database_url: str) -> None:
    # Two that do not wait for each other may well wait for ever.
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(migrate.upgrade(empty_database_url))
    assert await migrate.current(empty_database_url) == migrate.head()


async def test_a_database_tells_where_it_is(empty_database_url: str) -> None:
    assert await migrate.current(empty_database_url) is None
    assert await migrate.pending(empty_database_url)
    await migrate.upgrade(empty_database_url)
    assert await migrate.current(empty_database_url) == migrate.head() == history()[-1].revision
    assert not await migrate.pending(empty_database_url)


async def test_the_folder_of_a_file_is_made_by_migrating_and_not_by_asking(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/chalco/datos/oficialia.sqlite"
    assert await migrate.pending(url)
    assert inside(tmp_path) == []
    await migrate.upgrade(url)
    assert not await migrate.pending(url)


# What was there


async def test_rows_survive_migrating_again(database_url: str) -> None:
    await within(database_url, fill)
    before = await within(database_url, rows)
    await migrate.upgrade(database_url)
    assert await within(database_url, rows) == before
    assert all(before.values())


async def test_rows_survive_a_table_that_is_built_again(database_url: str, scripts: Path) -> None:
    (scripts / "versions" / "0999_rebuilds.py").write_text(REBUILDS.format(head=migrate.head()))
    await within(database_url, fill)
    before = await within(database_url, rows)
    await migrate.upgrade(database_url)
    assert await within(database_url, rows) == before
    await migrate.downgrade(database_url, "-1")
    assert await within(database_url, rows) == before


async def test_a_revision_that_leaves_orphans_changes_nothing(database_url: str, scripts: Path) -> None:
    head = migrate.head()
    (scripts / "versions" / "0999_orphans.py").write_text(ORPHANS.format(head=head))
    await within(database_url, fill)
    before = await within(database_url, rows)
    # PostgreSQL refuses the statement, and we what SQLite lets through.
    with pytest.raises((IntegrityError, RuntimeError), match=r"foreign key|address, .*, task"):
        await migrate.upgrade(database_url)
    assert await within(database_url, rows) == before
    assert "souvenir" not in await within(database_url, tables)
    assert await migrate.current(database_url) == head


# The history of a request


@pytest.mark.parametrize("change", ["UPDATE request_event SET note = 'otra'", "DELETE FROM request_event"])
async def test_what_happened_is_neither_changed_nor_erased(database: Database, change: str) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(fill)
    with pytest.raises(IntegrityError, match="request_event is append only"):
        async with database.engine.begin() as connection:
            await connection.run_sync(lambda here: here.execute(text(change)))
    async with database.transaction() as work:
        kept = await work._hands.run_once(text("SELECT note FROM request_event"))
    assert kept.scalars().all() == ["una note"]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_what_happened_is_not_emptied_at_once(database: Database) -> None:
    with pytest.raises(IntegrityError, match="request_event is append only"):
        async with database.engine.begin() as connection:
            await connection.execute(text("TRUNCATE request_event CASCADE"))


# A revision to come


async def test_a_revision_is_written_without_classes_of_ours(empty_database_url: str, scripts: Path) -> None:
    shutil.rmtree(scripts / "versions")
    (scripts / "versions").mkdir()
    await migrate.revise(empty_database_url, "0001_again")
    written = (scripts / "versions" / "0001_again.py").read_text()
    assert "sa.DateTime(timezone=True)" in written
    assert not {"Moment", "AutoString", "sqlmodel"} & set(written.replace(".", " ").replace("(", " ").split())
    await migrate.upgrade(empty_database_url)
    assert await within(empty_database_url, tables) == set(METADATA.tables)


# The databases of the suite


@pytest.mark.parametrize("time", ["first", "second"])
async def test_a_test_finds_its_database_empty(database_url: str, time: str) -> None:
    del time
    assert not any((await within(database_url, rows)).values())
    await within(database_url, fill)


@pytest.mark.parametrize("time", ["first", "second"])
async def test_a_test_finds_its_database_as_migrated(database_url: str, time: str) -> None:
    del time
    assert await within(database_url, tables) == set(METADATA.tables)
    await within(database_url, lambda connection: connection.execute(text("CREATE TABLE souvenir (id INTEGER)")))
