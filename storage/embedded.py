"""The SQLite that lives in this process: what is asked of it is done where it is asked.

aiosqlite takes every statement to a thread of its own, and the way there and back costs forty
times what SQLite needs for a row that it has in memory. Only the end of a transaction is worth
the way: there it waits for the disk, and meanwhile everybody else goes on.
"""

import asyncio
import sqlite3
from typing import Any

import aiosqlite
from sqlalchemy import URL, event
from sqlalchemy import Connection as Talk
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_dbapi
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util.concurrency import await_, in_greenlet

# How long to wait, in seconds, for another process that writes (a command beside the bot), and how often to look.
_PATIENCE = 30.0
_LOOK = 0.02

_FIRST = f"PRAGMA busy_timeout={_PATIENCE * 1000:.0f}"
# From then on it is waited for in `_begin`: to wait in SQLite would stop everybody.
_THEN = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA busy_timeout=0")


class _Cursor(sqlite3.Cursor):
    """What SQLAlchemy asks of a cursor that is awaited, beside the rest."""

    async def _async_soft_close(self) -> None:
        """There is nothing to wait for: the rows are at hand."""


class _Connection(AsyncAdapt_aiosqlite_connection):
    """As SQLAlchemy's, but for where its statements run: only `commit` and `close` go to the thread."""

    __slots__ = ()

    @property
    def _here(self) -> sqlite3.Connection:
        here: sqlite3.Connection = self._connection._conn  # noqa: SLF001 (its own door leads to the thread)
        return here

    def cursor(self, server_side: bool = False) -> Any:  # noqa: FBT001, FBT002 (SQLAlchemy's own)
        del server_side
        if in_greenlet():  # somebody awaits it, and SQLAlchemy insists that they did wait
            await_(_no_time())
        return self._here.cursor(_Cursor)

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        return self._here.execute(operation, parameters or ())

    def rollback(self) -> None:
        self._here.rollback()


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
    """Begin to write as soon as no other process does.

    At once: reading first and upgrading later is how two writers end in `database is locked`.
    """
    now = asyncio.get_running_loop().time
    end = now() + _PATIENCE
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY or now() >= end:
                raise
        else:
            return
        await_(asyncio.sleep(_LOOK))
