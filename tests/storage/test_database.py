"""What the database does on a bad day, and what it does not tell."""

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database, UnavailableError


async def test_an_error_does_not_repeat_what_people_wrote(database: Database) -> None:
    async with AsyncSession(database.engine) as session:
        with pytest.raises(DBAPIError) as error:
            await session.execute(text("INSERT INTO nowhere VALUES (:said)"), {"said": "mi domicilio"})
    assert "nowhere" in str(error.value)
    assert "domicilio" not in str(error.value)


async def hang_up(url: str) -> None:
    """Do what PostgreSQL does to its clients when it is restarted."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("reading", [True, False])
async def test_a_server_that_restarts_is_away_and_then_back(
    database: Database, database_url: str, *, reading: bool
) -> None:
    async def interrupted() -> None:
        async with database.transaction() as work:
            await work.people.areas("chalco")
            await hang_up(database_url)
            if reading:
                await work.people.areas("chalco")

    for _ in range(5):
        with pytest.raises(UnavailableError):
            await interrupted()
    await hang_up(database_url)
    async with database.transaction() as work:
        assert await work.people.areas("chalco") == []


async def test_a_server_that_is_not_there_is_away() -> None:
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    assert not await database.answers()
    with pytest.raises(UnavailableError):
        async with database.transaction() as work:
            await work.people.areas("chalco")
    await database.close()
