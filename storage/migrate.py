"""The door to the migrations: what the product calls when it starts, without an `alembic.ini`.

A run is one transaction, on both databases: either every revision on the way is
applied or the schema stays as it was.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, NullPool, event, func, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

SCRIPTS = Path(__file__).parent / "migrations"

# Whoever migrates holds this advisory lock of PostgreSQL. Any number does, if it never changes.
LOCK = int.from_bytes(b"oficiali", "big")


async def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database to a revision, and make it first if it is a file.

    Processes that start together wait for each other. Inside one process, different
    databases go one after the other: Alembic keeps what it is doing in globals.
    """
    await _migrate(url, lambda config: command.upgrade(config, revision))


async def downgrade(url: str, revision: str) -> None:
    """Go back to a revision; `base` is before the first, and takes everything with it."""
    await _migrate(url, lambda config: command.downgrade(config, revision))


async def revise(url: str, revision: str) -> None:
    """Write the draft of a revision: what leads from the database at `url` to `storage.tables`."""

    def write(config: Config) -> None:
        command.revision(config, revision, autogenerate=True, rev_id=revision)

    await _migrate(url, write)


async def current(url: str) -> str | None:
    """Tell the revision a database is at. To ask creates nothing."""
    file = _file(make_url(url))
    if file is not None and not file.exists():
        return None
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_revision)
    finally:
        await engine.dispose()


def head() -> str:
    revision = ScriptDirectory(SCRIPTS).get_current_head()
    if revision is None:
        raise LookupError(f"no revision in {SCRIPTS}")
    return revision


async def pending(url: str) -> bool:
    """Tell whether a database is not at the revision this code was written for."""
    return await current(url) != head()


async def _migrate(url: str, step: Callable[[Config], None]) -> None:
    engine = _engine(make_url(url))
    try:
        async with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
            await connection.run_sync(lambda sync: step(_config(sync)))
            if engine.dialect.name == "sqlite":
                await _refuse_orphans(connection)
    finally:
        await engine.dispose()


def _engine(url: URL) -> AsyncEngine:
    # Not the bot's engine: its SQLite enforces foreign keys, and a table that is
    # rebuilt (SQLite's only way to alter most things) is for a moment not there.
    if url.get_backend_name() != "sqlite":
        # Whoever waited for the lock must see what the other one did meanwhile.
        return create_async_engine(url, poolclass=NullPool, isolation_level="READ COMMITTED")
    file = _file(url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url, poolclass=NullPool, connect_args={"timeout": 30})
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    # The driver's own transactions would leave CREATE and DROP outside.
    connection.isolation_level = None
    cursor = connection.cursor()
    # Inside a transaction SQLite ignores this one.
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # Of two processes that start together, the second waits here.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


async def _refuse_orphans(connection: AsyncConnection) -> None:
    rows = await connection.execute(text("PRAGMA foreign_key_check"))
    tables = sorted({row.table for row in rows})
    if tables:
        raise RuntimeError(f"not migrated: rows of {', '.join(tables)} would refer to rows that are gone")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    # Alembic would read a lone % as the start of a variable.
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["connection"] = connection
    return config


def _file(url: URL) -> Path | None:
    """Tell which file a SQLite is kept in, when it is kept in one."""
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database))
