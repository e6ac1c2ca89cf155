"""The SQLite that lives in this process: what is asked of it is done where it is asked.

aiosqlite takes every statement to a thread of its own, and the way there and back costs forty
times what SQLite needs for a row that it has in memory. Only the end of a transaction is worth
the way: there it waits for the disk, and meanwhile everybody else goes on.

SQLite has one writer. What waits for its turn together is written in one transaction, each in a
savepoint of its own, and is on the disk together: it waits for the disk once.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, cast

import aiosqlite
from sqlalchemy import URL, event
from sqlalchemy import Connection as Talk
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_dbapi
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util.concurrency import await_, in_greenlet

from storage.prepared import as_usual

# How long to wait, in seconds, for another process that writes (a command beside the bot), and how often to look.
_PATIENCE = 30.0
_LOOK = 0.02

_FIRST = f"PRAGMA busy_timeout={_PATIENCE * 1000:.0f}"
# From then on it is waited for in `_begin_to_write`: to wait in SQLite would stop everybody.
_THEN = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA busy_timeout=0")


class _Cursor(sqlite3.Cursor):
    """What SQLAlchemy asks of a cursor that is awaited, beside the rest."""

    async def _async_soft_close(self) -> None:
        """There is nothing to wait for: the rows are at hand."""


class _Connection(AsyncAdapt_aiosqlite_connection):
    """As SQLAlchemy's, but for where its statements run: only `commit` and `close` go to the thread.

    `kept`: the `Writer` begins and ends its transactions. SQLAlchemy believes that it does.
    """

    __slots__ = ("kept",)

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.kept = False

    @property
    def here(self) -> sqlite3.Connection:
        here: sqlite3.Connection = self._connection._conn  # noqa: SLF001 (its own door leads to the thread)
        return here

    def cursor(self, server_side: bool = False) -> Any:  # noqa: FBT001, FBT002 (SQLAlchemy's own)
        del server_side
        if in_greenlet():  # somebody awaits it, and SQLAlchemy insists that they did wait
            await_(_no_time())
        return self.here.cursor(_Cursor)

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        return self.here.execute(operation, parameters or ())

    async def write(self) -> None:
        """Commit; meanwhile everybody else goes on."""
        await self._connection.commit()

    def commit(self) -> None:
        if not self.kept:
            super().commit()

    def rollback(self) -> None:
        if not self.kept:
            self.here.rollback()


async def _no_time() -> None:
    pass


class _Driver(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *given: Any, **named: Any) -> _Connection:
        opened = super().connect(*given, **named)
        return _Connection(self, opened._connection)  # noqa: SLF001 (as above)


def engine(url: URL) -> AsyncEngine:
    """An engine for a SQLite file; write-ahead log, every commit on the disk before it is acknowledged."""
    made = create_async_engine(
        url,
        module=_Driver(aiosqlite, sqlite3),
        # Where a statement runs is ours to say, and none runs in two places at once. We begin transactions
        # ourselves: the driver's own would begin too late.
        connect_args={"check_same_thread": False, "isolation_level": None},
        # An error that is logged must not carry what people wrote.
        hide_parameters=True,
    )
    event.listen(made.sync_engine, "connect", _prepare)
    event.listen(made.sync_engine, "begin", _begin)
    return made


def _prepare(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    for setting in (_FIRST, *_THEN):
        cursor.execute(setting)
    cursor.close()


def _begin(connection: Talk) -> None:
    driver = _driver(connection)
    if not driver.kept:
        await_(_begin_to_write(driver.here))


async def _begin_to_write(here: sqlite3.Connection) -> None:
    """Begin as soon as no other process writes.

    At once: reading first and upgrading later is how two writers end in `database is locked`.
    """
    now = asyncio.get_running_loop().time
    end = now() + _PATIENCE
    while True:
        try:
            return _run(here, "BEGIN IMMEDIATE")
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY or now() >= end:
                raise
        await asyncio.sleep(_LOOK)


def _run(here: sqlite3.Connection, sql: str) -> None:
    try:
        here.execute(sql)
    except sqlite3.Error as error:
        raise as_usual(sql, error) from error


def _driver(connection: Talk | None) -> _Connection:
    return cast("_Connection", connection.connection.dbapi_connection if connection is not None else None)


class _Batch:
    """What is written together. `over` ends when it is on the disk, or fails if nothing of it is and will be."""

    def __init__(self) -> None:
        self.lost: BaseException | None = None
        self.over: asyncio.Task[None]


class Writer:
    """Writes for everybody, in turns, on a connection that it keeps."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._turn = asyncio.Lock()
        self._connection: AsyncConnection | None = None
        self._batch: _Batch | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[tuple[AsyncConnection, sqlite3.Connection]]:
        """Everything inside is on the disk when this ends, or nothing of it is and will be.

        Raises:
            DBAPIError: as SQLAlchemy would.

        """
        async with self._turn:
            connection = self._connection or await self._connect()
            driver = _driver(connection.sync_connection)
            batch = self._batch or await self._begin(driver)
            with self._apart(batch, driver.here):
                yield connection, driver.here
        await asyncio.shield(batch.over)

    async def close(self) -> None:
        async with self._turn:
            connection, self._connection = self._connection, None
            if connection is not None:
                await connection.close()

    async def _connect(self) -> AsyncConnection:
        connection = self._connection = await self._engine.connect()
        _driver(connection.sync_connection).kept = True
        await connection.run_sync(lambda here: here.detach())  # the pool must not have it back
        return connection

    async def _begin(self, driver: _Connection) -> _Batch:
        await _begin_to_write(driver.here)
        batch = self._batch = _Batch()
        # It stands in the same line as everybody: whoever waits for their turn already is written before.
        batch.over = asyncio.create_task(self._end(batch, driver))  # noqa: TID251 (everybody who is in it waits for it)
        batch.over.add_done_callback(_known)
        return batch

    @contextmanager
    def _apart(self, batch: _Batch, here: sqlite3.Connection) -> Iterator[None]:
        """What fails inside is undone alone; unless SQLite gave all of it up, as it may when the disk is full."""
        try:
            _run(here, "SAVEPOINT one")
            yield
            _run(here, "RELEASE one")  # fails as well where SQLite gave it all up and nobody heard of that
        except BaseException as error:
            if not _undone(here):
                batch.lost, self._batch = error, None
            raise

    async def _end(self, batch: _Batch, driver: _Connection) -> None:
        async with self._turn:
            if batch.lost is not None:
                raise as_usual("COMMIT", _given_up_for(batch.lost)) from batch.lost
            self._batch = None
            try:
                await driver.write()
            except sqlite3.Error as error:
                driver.here.rollback()
                raise as_usual("COMMIT", error) from error


def _undone(here: sqlite3.Connection) -> bool:
    """Undo what was done since the savepoint; where that cannot be, everything, and say so."""
    try:
        here.execute("ROLLBACK TO one")
        here.execute("RELEASE one")
    except sqlite3.Error:
        here.rollback()
        return False
    return True


def _given_up_for(lost: BaseException) -> sqlite3.Error:
    """What SQLite gave a transaction up for, told to everybody who was in it."""
    error = lost.orig if isinstance(lost, DBAPIError) else lost
    return error if isinstance(error, sqlite3.Error) else sqlite3.OperationalError("the transaction was given up")


def _known(over: asyncio.Task[None]) -> None:
    """Whoever was written has heard of it, or has gone meanwhile."""
    if not over.cancelled():
        over.exception()
