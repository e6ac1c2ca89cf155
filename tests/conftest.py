"""The databases of the suite: a test that asks for one runs on SQLite and on PostgreSQL.

Each test has its own, migrated and empty. One that asks for `database_url` can be
kept to one of them: `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
"""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import URL, make_url

from storage import migrate
from storage.database import Database
from storage.tables import METADATA

T = TypeVar("T")

# Nothing here is timed, and what is generated is the same each time: `make fuzz` and `make stateful` look for the new.
settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

BACKENDS = ["sqlite", "postgres"]
POSTGRES = os.environ.get("OFICIALIA_TEST_POSTGRES", "postgresql+asyncpg://postgres@127.0.0.1:5432")
POSTGRES_REQUIRED = os.environ.get("OFICIALIA_REQUIRE_POSTGRES") == "1"

# Everything about a schema that a test could change: whatever is made again gets another number.
SCHEMA = """
SELECT md5(string_agg(line, ' ' ORDER BY line)) FROM (
    SELECT a::text AS line FROM pg_attribute a WHERE attrelid >= 16384
    UNION ALL SELECT c::text FROM pg_constraint c WHERE oid >= 16384
    UNION ALL SELECT t::text FROM pg_trigger t
    UNION ALL SELECT p::text FROM pg_proc p WHERE oid >= 16384
) AS schema
"""
HANG_UP = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
EMPTY = ";".join(
    [
        "BEGIN",
        "ALTER TABLE request_event DISABLE TRIGGER USER",
        *(str(table.delete()) for table in reversed(METADATA.sorted_tables)),
        "ALTER TABLE request_event ENABLE TRIGGER USER",
        "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence",
        "COMMIT",
    ]
)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give a fresh database at the newest revision."""
    if request.param == "sqlite":
        file = tmp_path / "oficialia.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield _sqlite(file)
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    name = server.migrated()
    yield server.url(name)
    server.take_back(name)


@pytest.fixture(params=BACKENDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give a database that no migration has touched."""
    if request.param == "sqlite":
        yield _sqlite(tmp_path / "empty.sqlite")
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    name = server.bare()
    yield server.url(name)
    server.take_back(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "oficialia.sqlite"

    async def make() -> None:
        await migrate.upgrade(_sqlite(file))
        # Opened once as the bot does, so that its copies are born with a write-ahead log.
        database = Database(_sqlite(file))
        await database.answers()
        await database.close()

    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, make()).result()
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator["Postgres"]:
    server = Postgres(make_url(POSTGRES))
    try:
        refusal = server.connect()
        if refusal:
            absent = pytest.fail if POSTGRES_REQUIRED else pytest.skip
            absent(f"{refusal} (set OFICIALIA_TEST_POSTGRES)")
        yield server
    finally:
        server.close()


class Postgres:
    """A server that lends databases, and in the end drops those it made and no other.

    To make and drop one takes longer than most tests, so one that comes back with
    its schema as it was is emptied and lent again. The server is spoken to from a
    thread of its own, because each test has its own event loop; what comes back is
    dealt with there while the next test runs.
    """

    def __init__(self, url: URL) -> None:
        self._url = url
        self._run = f"oficialia_{os.getpid()}_{secrets.token_hex(3)}"
        self._made = 0
        self._alive: set[str] = set()
        self._empty: list[str] = []
        self._template: str | None = None
        self._schema: str | None = None
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._loop = asyncio.Runner()
        self._connection: asyncpg.Connection[Any] | None = None
        self._tidying: list[Future[None]] = []

    def url(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def connect(self) -> str | None:
        """Reach the server, or tell why not."""
        place = f"{self._url.host or '127.0.0.1'}:{self._url.port or 5432}"
        try:
            self._connection = self._soon(self._connect(self._url.database or "postgres")).result()
        except (OSError, TimeoutError):
            return f"no PostgreSQL answers at {place}"
        except asyncpg.PostgresError as refusal:
            return f"the PostgreSQL at {place} lets nobody in: {refusal}"
        return None

    def migrated(self) -> str:
        name = self._soon(self._migrated()).result()
        self._tidied()
        return name

    def bare(self) -> str:
        return self._soon(self._create("template0")).result()

    def take_back(self, name: str) -> None:
        self._tidying.append(self._soon(self._take_back(name)))

    def close(self) -> None:
        try:
            self._soon(self._leave()).result()
            self._tidied()
        finally:
            self._thread.submit(self._loop.close).result()
            self._thread.shutdown()

    def _soon(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return self._thread.submit(self._loop.run, work)

    def _tidied(self) -> None:
        while self._tidying:
            self._tidying.pop().result()

    async def _connect(self, name: str) -> "asyncpg.Connection[Any]":
        url = self._url.set(drivername="postgresql", database=name)
        return await asyncpg.connect(url.render_as_string(hide_password=False), timeout=5)

    async def _migrated(self) -> str:
        if self._empty:
            return self._empty.pop()
        if self._template is None:
            self._template = await self._create("template0")
            await migrate.upgrade(self.url(self._template))
            async with self._inside(self._template) as template:
                self._schema = await template.fetchval(SCHEMA)
        return await self._create(self._template)

    async def _take_back(self, name: str) -> None:
        async with self._inside(name) as connection:
            # Nobody stays to write behind the back of the next test.
            await connection.execute(HANG_UP)
            reusable = await connection.fetchval(SCHEMA) == self._schema
            if reusable:
                await connection.execute(EMPTY)
        if reusable:
            self._empty.append(name)
        else:
            await self._drop(name)

    @asynccontextmanager
    async def _inside(self, name: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
        connection = await self._connect(name)
        try:
            yield connection
        finally:
            await connection.close()

    async def _create(self, template: str) -> str:
        self._made += 1
        name = f"{self._run}_{self._made}"
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        self._alive.add(name)
        # What is thrown away a moment later need not wait for the disk.
        await self._execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        return name

    async def _drop(self, name: str) -> None:
        await self._execute(f"DROP DATABASE {name} WITH (FORCE)")
        self._alive.remove(name)

    async def _execute(self, statement: str) -> None:
        assert self._connection is not None
        await self._connection.execute(statement)

    async def _leave(self) -> None:
        if self._connection is None:
            return
        for name in sorted(self._alive):
            await self._drop(name)
        await self._connection.close()


def _sqlite(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print which exits of each procedure the walker took, how long what it was told is, and what kills did."""
    passed = terminalreporter.getreports("passed")
    told = [(name, str(value)) for one in passed if one.when == "call" for name, value in one.user_properties]
    for property_, title in (("exits", "procedure × exit"), ("plain", "length of what was told"), ("crash", "kills")):
        lines = sorted(value for name, value in told if name == property_)
        if lines:
            terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
