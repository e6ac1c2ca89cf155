"""The database goes away while people work, or its disk is full: nothing is lost, and nothing is done twice."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests import story
from tests.crash import audit
from tests.crash.town import Deployment, Load, Outcome, Town, lived_through, town_of
from tests.crash.troubles import Away, FullDisk, Held, Silent, Trouble
from tests.crash.wire import Trap
from tests.notes import PATIENCE
from tests.processes.cable import Cable
from tests.processes.machines import Process

SEED = 7
ALONE = Deployment("sqlite", 1, "polling")


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story, "PATIENCE", PATIENCE)  # whoever waits for an answer lives through all of it


def the_process(town: Town) -> Process:
    process = town.victims[0].process
    assert process is not None
    return process


async def befalls(town: Town, load: Load, trouble: Trouble) -> None:
    """Let a trouble begin as Telegram takes some message, and wait until it is felt by whoever writes to the bot."""
    process, begun = the_process(town), asyncio.Event()

    def begin() -> None:
        trouble.begins()
        begun.set()

    town.telegram.trap = Trap("taken", town.chance.randint(5, 15), 0.0, begin)
    async with asyncio.timeout(PATIENCE):
        await begun.wait()
        before = len(process.lines)
        await load.visitors[0].says("/ayuda")
        while not town.telegram.unheard() or not is_told(process, trouble, before):
            await town.telegram.something()
            await holds_what_it_confirmed(town)


def is_told(process: Process, trouble: Trouble, before: int) -> bool:
    return trouble.felt_as is None or trouble.felt_as in {line["event"] for line in process.lines[before:]}


async def holds_what_it_confirmed(town: Town) -> None:
    # Asked in this order: what is acknowledged meanwhile must not count.
    acknowledged = town.telegram.acknowledged()
    assert audit.acknowledged_is_stored(acknowledged, await audit.seen(town.database_url)) == []


def is_well(outcome: Outcome) -> None:
    assert outcome.wrong == []
    assert outcome.counts["repeats"] == 0
    assert outcome.counts["requests"] >= 8


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("hears", ["webhook", "polling"])
async def test_a_postgresql_that_goes_away_and_comes_back_takes_nothing_along(
    database_url: str, hears: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    deployment = Deployment("postgres", 1, hears)
    async with AsyncExitStack() as stack:
        cable = Cable(database_url)
        await cable.connect()
        stack.push_async_callback(cable.remove)
        town, load = await stack.enter_async_context(town_of(deployment, database_url, tmp_path, SEED))
        town.way = cable.url
        troubles: list[Trouble] = [Away(cable), Silent(cable, for_good=hears == "webhook")]

        async def happens(_: asyncio.TaskGroup) -> None:
            for trouble in troubles:
                await befalls(town, load, trouble)
                await trouble.ends()

        outcome = await lived_through(town, load, happens)
    record_property("crash", f"{deployment}: 2 troubles, {outcome}")
    is_well(outcome)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_full_disk_and_another_writer_lose_nothing(
    database_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    file = Path(make_url(database_url).database or "")
    async with town_of(ALONE, database_url, tmp_path, SEED) as (town, load):
        full = FullDisk(lambda: the_process(town))

        async def happens(_: asyncio.TaskGroup) -> None:
            await befalls(town, load, full)
            visitor = load.visitors[1]
            await visitor.sends_some_file(kind="document")
            await is_told_why(town, "File too large")
            await full.ends()
            await visitor.hears("archivo-1.png")
            troubles: list[Trouble] = [Held(file), full]
            for trouble in troubles:
                await befalls(town, load, trouble)
                await trouble.ends()

        outcome = await lived_through(town, load, happens)
    record_property("crash", f"{ALONE}: 3 troubles, {outcome}")
    is_well(outcome)
    kept = [one.name for one in (tmp_path / "data" / "files").glob("*/*")]
    assert all(len(name) == 64 for name in kept)
    assert set(load.visitors[1].sent) <= set(kept)
    told = {line["error"] for line in the_process(town).events("not_stored_yet")}
    assert told == {"SQLITE_IOERR_WRITE", "File too large"}


async def is_told_why(town: Town, error: str) -> None:
    """Wait until the bot has written that it could not store something, for that reason."""
    async with asyncio.timeout(PATIENCE):
        while error not in {line["error"] for line in the_process(town).events("not_stored_yet")}:
            await town.telegram.something()
