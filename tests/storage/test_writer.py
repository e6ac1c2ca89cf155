"""SQLite's one writer: who waits together is on the disk together, and who fails, fails alone."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from types import NoneType

import pytest

from storage import embedded
from storage.database import Database, UnavailableError, Work

NOW = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class TroubledError(Exception):
    pass


async def meets(database: Database, name: str) -> None:
    async with database.transaction() as work:
        await work.people.meet("chalco", "telegram", name, name=name, now=NOW)


async def names(database: Database) -> set[str]:
    async with database.transaction() as work:
        return {one.name for one in await work.people.everybody("chalco", now=NOW)}


def driver(work: Work) -> sqlite3.Connection:
    assert work._hands._here is not None
    return work._hands._here


@asynccontextmanager
async def held(database: Database) -> AsyncIterator[list[str]]:
    """Keep everybody waiting who writes meanwhile; gives what SQLite is asked from then on."""
    asked: list[str] = []
    has, waits = asyncio.Event(), asyncio.Event()

    async def holds() -> None:
        async with database.transaction() as work:
            driver(work).set_trace_callback(asked.append)
            has.set()
            await waits.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(holds())
        await has.wait()
        await one_round()
        yield asked
        await one_round()
        waits.set()


async def one_round() -> None:
    """Let everybody come as far as they can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_who_waits_together_is_on_the_disk_together(database: Database) -> None:
    await meets(database, "Lucía")
    async with asyncio.TaskGroup() as group, held(database) as asked:
        for number in range(20):
            group.create_task(meets(database, f"Persona {number}"))
    assert asked.count("COMMIT") == 2  # of whoever kept them waiting, and of theirs
    assert len(await names(database)) == 21


async def test_who_fails_among_others_fails_alone(database: Database) -> None:
    async def fails() -> None:
        async with database.transaction() as work:
            await work.people.meet("chalco", "telegram", "Nadie", name="Nadie", now=NOW)
            raise TroubledError

    async with held(database):
        ends = [what for number in range(3) for what in (meets(database, f"Persona {number}"), fails())]
        together = asyncio.gather(*ends, return_exceptions=True)
        await one_round()
    assert [type(one) for one in await together] == [NoneType, TroubledError] * 3
    assert await names(database) == {"Persona 0", "Persona 1", "Persona 2"}


@pytest.mark.parametrize("how", ["ROLLBACK", "RELEASE one"])
async def test_what_sqlite_gives_up_fails_for_everybody_in_it_and_for_nobody_after(
    database: Database, how: str
) -> None:
    """As SQLite may when the disk is full: what was in the same transaction is gone, whoever wrote it."""

    async def gives_up() -> None:
        async with database.transaction() as work:
            await work.people.meet("chalco", "telegram", "Rosa", name="Rosa", now=NOW)
            driver(work).execute(how)

    async with held(database):
        before = asyncio.gather(meets(database, "Ana"), gives_up(), return_exceptions=True)
        await one_round()
        after = asyncio.gather(meets(database, "Omar"))
        await one_round()
    assert [type(one) for one in await before] == [UnavailableError, UnavailableError]
    await after
    assert await names(database) == {"Omar"}


async def test_what_sqlite_gives_up_is_told_to_everybody_by_its_name(database: Database) -> None:
    await meets(database, "Lucía")

    async def fills() -> None:
        async with database.transaction() as work:
            driver(work).execute("PRAGMA max_page_count=1")  # it says how many there are, and takes no more
            await work.people.meet("chalco", "telegram", "Rosa", name="Rosa" * 5000, now=NOW)

    async with held(database):
        together = asyncio.gather(meets(database, "Ana"), fills(), return_exceptions=True)
        await one_round()
    assert [str(one) for one in await together] == ["SQLITE_FULL", "SQLITE_FULL"]
    assert await names(database) == {"Lucía"}


async def test_who_leaves_before_their_turn_delays_nobody(database: Database) -> None:
    async with held(database):
        leaves, stays = asyncio.gather(meets(database, "Ana")), asyncio.gather(meets(database, "Rosa"))
        await one_round()
        leaves.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaves
    await stays
    assert await names(database) == {"Rosa"}


async def test_who_is_stopped_while_the_disk_writes_has_written(database: Database) -> None:
    async with held(database):
        stopped = asyncio.gather(meets(database, "Ana"))
        others = asyncio.gather(meets(database, "Rosa"))
        await one_round()
    await one_round()
    stopped.cancel()
    with suppress(asyncio.CancelledError):
        await stopped
    await others
    assert await names(database) == {"Ana", "Rosa"}


async def test_while_a_slow_disk_writes_nobody_is_told_and_who_comes_is_written_together(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await meets(database, "Lucía")
    written, done = embedded._Connection.write, asyncio.Event()

    async def slowly(connection: embedded._Connection) -> None:
        await done.wait()
        await written(connection)

    monkeypatch.setattr(embedded._Connection, "write", slowly)
    first = asyncio.gather(meets(database, "Ana"))
    await one_round()
    others = asyncio.gather(*(meets(database, name) for name in ("Rosa", "Omar", "Inés")))
    await one_round()
    assert not first.done()
    assert not others.done()
    with sqlite3.connect(str(database.engine.url.database)) as other:
        assert other.execute("SELECT name FROM person").fetchall() == [("Lucía",)]
    other.close()
    done.set()
    await first
    await others
    assert await names(database) == {"Lucía", "Ana", "Rosa", "Omar", "Inés"}
