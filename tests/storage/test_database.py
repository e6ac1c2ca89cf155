"""What the database does on a bad day, and what it does not tell."""

import asyncio
import traceback
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import shelf
from storage import database as databases
from storage.database import Database, UnavailableError, UnstorableError, Work
from storage.letters import Letter
from tests.bench.drive import FIRST
from tests.bench.growth import Town
from tests.processes.cable import Cable


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
        assert await work.people.areas("chalco") == ()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_server_that_never_answers_is_away_and_then_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was swallowed on its way is never answered: whoever waits for it must not wait for ever."""
    monkeypatch.setattr(databases, "_PATIENCE", 0.5)
    cable = Cable(database_url)
    await cable.connect()
    database = Database(cable.url)

    async def interrupted() -> None:
        async with database.transaction() as work:
            await work.people.areas("chalco")
            cable.go_dead()
            await work.people.areas("chalco")

    async with asyncio.timeout(60):
        with pytest.raises(UnavailableError, match="TimeoutError"):
            await interrupted()
        assert not await database.answers()
        cable.forget()
        async with database.transaction() as work:
            assert await work.people.areas("chalco") == ()
    await database.close()
    await cable.remove()


@pytest.mark.parametrize("host", ["127.0.0.1", "255.255.255.255"])
async def test_a_server_that_is_not_there_is_away(host: str) -> None:
    """Whether nobody listens there, or no way leads there."""
    database = Database(f"postgresql+asyncpg://nobody@{host}:1/nothing")
    assert not await database.answers()
    with pytest.raises(UnavailableError):
        async with database.transaction() as work:
            await work.people.areas("chalco")
    await database.close()


on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
NOW = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
ANA, ROSA = "1101", "1102"


@on_postgres
async def test_what_it_cannot_hold_is_refused_and_not_repeated(database: Database) -> None:
    with pytest.raises(UnstorableError) as refusal:
        async with database.transaction() as work:
            await work.people.meet("chalco", "telegram", ANA, name="mi domicilio \0", now=NOW)
    assert "INSERT INTO person" in str(refusal.value)
    assert "domicilio" not in "".join(traceback.format_exception(refusal.value))
    with pytest.raises(UnstorableError):  # what cannot even be put on the wire is no reason to try again
        async with database.transaction() as work:
            await work.requests.get(2**70)


async def test_what_fails_apart_leaves_the_rest(database: Database) -> None:
    async def fails(work: Work) -> None:
        async with work.apart():
            await work.people.meet("chalco", "telegram", ROSA, name="Rosa", now=NOW)
            await work.people.meet("chalco", "telegram", ANA, name="Otra Ana", now=NOW)

    async with database.transaction() as work:
        await work.people.meet("chalco", "telegram", ANA, name="Ana", now=NOW)
        with pytest.raises(UnstorableError):
            await fails(work)
    async with database.transaction() as work:
        assert await work.people.at("chalco", "telegram", ROSA, now=NOW) is None
        assert [one.name for one in await work.people.everybody("chalco", now=NOW)] == ["Ana"]


@on_postgres
async def test_a_stranger_is_met_once_though_two_processes_hear_them(database: Database) -> None:
    other = Database(database.engine.url.render_as_string(hide_password=False))
    here, there = asyncio.Event(), asyncio.Event()

    async def meets(where: Database, came: asyncio.Event, *, after: asyncio.Event | None) -> bool:
        if after is not None:
            await after.wait()
        async with where.transaction() as work:
            came.set()
            known = await work.people.at("chalco", "telegram", ANA, now=NOW)
            if known is None:
                await there.wait()
                await work.people.meet("chalco", "telegram", ANA, name="Ana", now=NOW)
            return known is not None

    async with asyncio.timeout(20):
        found = await asyncio.gather(meets(database, here, after=None), meets(other, there, after=here))
    assert sorted(found) == [False, True]
    await other.close()


@on_postgres
async def test_two_who_write_to_each_other_do_not_wait_for_ever(database: Database) -> None:
    """Who is at the desk is locked against themselves, and not against those who write to them."""
    async with database.transaction() as work:
        people = {one: (await work.people.meet("chalco", "telegram", one, name=one, now=NOW)).id for one in (ANA, ROSA)}
    both = asyncio.Barrier(2)

    async def writes(who: str, whom: str) -> None:
        async with database.transaction() as work:
            assert await work.people.at("chalco", "telegram", who, now=NOW) is not None
            await both.wait()
            letter = Letter("chalco", "telegram", whom, "words", person=people[whom])
            await work.letters.post([letter], now=NOW)
            await both.wait()  # neither of them was kept waiting by the other

    async with asyncio.timeout(20):
        await asyncio.gather(writes(ANA, ROSA), writes(ROSA, ANA))


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_database_that_only_reads_for_a_while_loses_nothing(database: Database) -> None:
    """As a standby does that is to take over, and a provider's whose disk is full."""

    async def writes() -> None:
        async with database.transaction() as work:
            await work._hands.run_once(text("SET TRANSACTION READ ONLY"))
            await work.people.meet("chalco", "telegram", ANA, name="Ana", now=NOW)

    with pytest.raises(UnavailableError):
        await writes()


def damage(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_comes_while_the_file_is_damaged_is_not_taken_as_dealt_with(database_url: str) -> None:
    damage(Path(make_url(database_url).database or ""))
    database = Database(database_url)
    town = Town(database, shelf.catalogue(shelf.MANUALS), NOW)
    with pytest.raises(UnavailableError, match="SQLITE_CORRUPT"):
        await town.say(FIRST, "text", "hola")
    await database.close()
