"""A transaction, as everything in `storage` works with it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, Insert, Table, Update, bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

Given = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class Hands:
    """Two ways to work in the same transaction: plain statements, and mapped objects.

    What happens at every update that anybody sends is a statement made once and `run` with its
    values: as an object of a session it costs three times as much. The rest reads better as objects
    of `session`, which must be flushed before a statement is to see what they changed.
    """

    def __init__(self, connection: AsyncConnection, *, in_place: bool) -> None:
        self._connection = connection
        self._sync: Connection | None = connection.sync_connection if in_place else None
        self._session: AsyncSession | None = None

    @property
    def shared(self) -> bool:
        """Whether other processes may be at work in this database: whether it is PostgreSQL."""
        return self._sync is None

    @property
    def session(self) -> AsyncSession:
        if self._session is None:
            self._session = AsyncSession(self._connection, expire_on_commit=False)
        return self._session

    async def run(self, statement: Executable, given: Given = None) -> CursorResult[Any]:
        """Run a statement on tables (not on mapped classes) with its values."""
        if self._sync is not None:
            return self._sync.execute(statement, given)
        return await self._connection.execute(statement, given)

    async def add(self, table: Table, **values: Any) -> int:
        """Write a row down, and give the number that the database made for it."""
        done = await self.run(_adding(table), values)
        return int(done.inserted_primary_key[0]) if done.inserted_primary_key else 0

    async def change(self, table: Table, where: Mapping[str, Any], **values: Any) -> int:
        """Change the rows whose columns are as `where` says, and tell how many they are."""
        nulls = tuple(name for name, value in where.items() if value is None)
        given = {f"is_{name}": value for name, value in where.items() if value is not None}
        done = await self.run(_changing(table, tuple(where), nulls, tuple(values)), {**values, **given})
        return int(done.rowcount)

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


class Part:
    """A part of what a transaction may read and write."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._run = hands.run

    @property
    def _session(self) -> AsyncSession:
        return self._hands.session


@cache
def _adding(table: Table) -> Insert:
    return insert(table)


@cache
def _changing(table: Table, where: tuple[str, ...], nulls: tuple[str, ...], names: tuple[str, ...]) -> Update:
    statement = update(table).values({name: bindparam(name, type_=table.c[name].type) for name in names})
    for name in where:
        column = table.c[name]
        is_so = column.is_(None) if name in nulls else column == bindparam(f"is_{name}", type_=column.type)
        statement = statement.where(is_so)
    return statement
