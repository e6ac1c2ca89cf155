"""A transaction, as everything in `storage` works with it."""

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from sqlalchemy import Executable, Result, Table, bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.dialect import insert_or_change, insert_unless_there
from storage.prepared import Prepared, Values


class Hands:
    """Two ways to work in the same transaction: prepared statements, and mapped objects.

    What happens at every update that anybody sends is a statement made once and `run` with its
    values: as an object of a session it costs ten times as much. The rest reads better as objects
    of `session`, which must be flushed before a statement is to see what they changed.

    `here` is the SQLite that lives in this process; on PostgreSQL there is none.
    """

    def __init__(self, connection: AsyncConnection, here: sqlite3.Connection | None) -> None:
        self._connection = connection
        self._here = here
        self._session: AsyncSession | None = None

    @property
    def shared(self) -> bool:
        """Whether other processes may be at work in this database: whether it is PostgreSQL."""
        return self._here is None

    @property
    def session(self) -> AsyncSession:
        if self._session is None:
            self._session = AsyncSession(self._connection, expire_on_commit=False)
        return self._session

    async def run(self, statement: Prepared, given: Values) -> Result[Any]:
        """Run a statement with its values, and give the rows."""
        if self._here is not None:
            return statement.read(self._here, given)
        return await self._connection.execute(statement.statement, given)

    async def run_once(self, statement: Executable, given: Values | Sequence[Values] | None = None) -> Result[Any]:
        """Run a statement that was made for this once."""
        return await self._connection.execute(statement, given)

    async def do(self, statement: Prepared, given: Values | Sequence[Values]) -> int:
        """Run a statement that changes something, once with each set of values, and tell how many rows it touched."""
        if self._here is None:
            return (await self._connection.execute(statement.statement, given)).rowcount
        if isinstance(given, Mapping):
            return statement.write(self._here, given).rowcount
        return statement.write_all(self._here, given).rowcount

    async def add(self, table: Table, **values: Any) -> int:
        """Write a row down, and give the number that the database made for it."""
        statement = _adding(table, tuple(values))
        if self._here is not None:
            return statement.write(self._here, values).lastrowid or 0
        done = await self._connection.execute(statement.statement, values)
        return int(done.inserted_primary_key[0]) if done.inserted_primary_key else 0

    async def add_unless_there(self, table: Table, **values: Any) -> bool:
        """Write a row down, and leave one that is there already as it is; tells whether it was not there."""
        return bool(await self.do(_adding_unless_there(table, tuple(values), self.shared), values))

    async def add_or_change(self, table: Table, names: tuple[str, ...], **values: Any) -> None:
        """Write a row down, or bring these columns of one that is there already up to date."""
        await self.do(_adding_or_changing(table, names, tuple(values), self.shared), values)

    async def change(self, table: Table, where: Mapping[str, Any], **values: Any) -> int:
        """Change the rows whose columns are as `where` says, and tell how many they are."""
        nulls = tuple(name for name, value in where.items() if value is None)
        given = {f"is_{name}": value for name, value in where.items() if value is not None}
        return await self.do(_changing(table, tuple(where), nulls, tuple(values)), {**values, **given})

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[None]:
        """What fails inside is undone alone."""
        async with self.session.begin_nested():
            await self.session.connection()  # only then is there a savepoint, for plain statements too
            yield

    async def finish(self) -> None:
        """Say what the session has not said yet."""
        if self._session is not None:
            await self._session.flush()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
        if self._here is not None and self._connection.in_transaction():
            await self._connection.rollback()


class Part:
    """A part of what a transaction may read and write."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._run = hands.run

    @property
    def _session(self) -> AsyncSession:
        return self._hands.session


def _binds(table: Table, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: bindparam(name, type_=table.c[name].type) for name in names}


@cache
def _adding(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(insert(table).values(_binds(table, names)))


@cache
def _adding_unless_there(table: Table, names: tuple[str, ...], shared: bool) -> Prepared:  # noqa: FBT001 (of a cache)
    return Prepared(insert_unless_there(table, shared=shared).values(_binds(table, names)))


@cache
def _adding_or_changing(
    table: Table,
    changing: tuple[str, ...],
    names: tuple[str, ...],
    shared: bool,  # noqa: FBT001 (of a cache)
) -> Prepared:
    return Prepared(insert_or_change(table, changing, shared=shared).values(_binds(table, names)))


@cache
def _changing(table: Table, where: tuple[str, ...], nulls: tuple[str, ...], names: tuple[str, ...]) -> Prepared:
    statement = update(table).values(_binds(table, names))
    for name in where:
        column = table.c[name]
        is_so = column.is_(None) if name in nulls else column == bindparam(f"is_{name}", type_=column.type)
        statement = statement.where(is_so)
    return Prepared(statement)
