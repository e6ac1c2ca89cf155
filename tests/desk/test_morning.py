"""The morning's digest is made a few people at a time: everybody hears it once, and nobody who writes waits for it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.incoming import Wrote
from tests.bench.drive import FIRST
from tests.bench.growth import MANUAL, NOW, PLATFORM, Town, settled

# A Thursday, at half past eight in Chalco.
MORNING = datetime(2030, 11, 28, 14, 30, tzinfo=UTC)
MANY = 45


@asynccontextmanager
async def crowded(url: str) -> AsyncIterator[Town]:
    """A town in which many may decide on the one request that waits."""
    async with settled(url) as town:
        async with town.database.transaction() as work:
            for place in range(MANY):
                somebody = await work.people.meet(MANUAL, PLATFORM, f"8{place}", name=f"Persona {place}", now=NOW)
                await work.people.give(somebody, "coordinador", None, now=NOW)
                await work.people.accept_privacy(somebody.id, now=NOW)
        yield town


async def told(town: Town) -> Counter[str]:
    """How many digests each chat was sent."""
    async with town.database.transaction() as work:
        return Counter(one.chat for one in await work.letters.everything(MANUAL) if one.template == "digest")


async def all_passes(town: Town) -> None:
    while await town.desk.pass_time():
        pass


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_writes_while_the_digest_is_made_does_not_wait_for_all_of_it(database_url: str) -> None:
    async with crowded(database_url) as town:
        town.now = MORNING

        async def writes() -> int:
            async with asyncio.timeout(20):
                while not await told(town):  # until the digest has begun
                    pass
            await town.do(FIRST, "w", Wrote("mis solicitudes"))
            return sum((await told(town)).values())

        _, before = await asyncio.gather(all_passes(town), writes())
        assert 0 < before < MANY * 3 / 4
        assert sum((await told(town)).values()) == MANY + 1  # and whoever decided before


async def test_of_several_clocks_each_person_hears_one_digest_a_day(database_url: str) -> None:
    async with crowded(database_url) as town:
        for day in range(2):
            town.now = MORNING + timedelta(days=day)
            await asyncio.gather(*(all_passes(town) for _ in range(4)))
            await all_passes(town)
            town.now -= timedelta(minutes=20)  # the clock is set back, and on again
            await all_passes(town)
            town.now += timedelta(minutes=40)
            await all_passes(town)
            assert set((await told(town)).values()) == {day + 1}


async def test_who_came_that_morning_or_cannot_be_reached_is_told_nothing(database_url: str) -> None:
    async with crowded(database_url) as town:
        town.now = MORNING
        async with town.database.transaction() as work:
            for chat, since in (("late", MORNING), ("early", MORNING - timedelta(minutes=1))):
                somebody = await work.people.meet(MANUAL, PLATFORM, chat, name=chat, now=since)
                await work.people.give(somebody, "coordinador", None, now=since)
                await work.people.accept_privacy(somebody.id, now=since)
            await work.people.reachable(MANUAL, PLATFORM, "80", state="blocked")
        await all_passes(town)
        assert {"late", "80"}.isdisjoint(await told(town))
        assert {"early", "81"} <= set(await told(town))
        async with town.database.transaction() as work:  # who comes back in the morning still hears it
            await work.people.reachable(MANUAL, PLATFORM, "80", state="ok")
        await all_passes(town)
        assert (await told(town))["80"] == 1


async def test_updates_too_old_to_come_again_are_forgotten_however_many(database_url: str) -> None:
    async with settled(database_url) as town:
        async with town.database.transaction() as work:
            for number in range(1200):
                await work.requests.seen(MANUAL, PLATFORM, f"old {number}", now=NOW)
        town.now = NOW + timedelta(days=8)
        await town.do(FIRST, "new", Wrote("hola"))
        await all_passes(town)
        async with town.database.transaction() as work:
            assert not await work.requests.seen(MANUAL, PLATFORM, "old 1199", now=town.now)
            assert await work.requests.seen(MANUAL, PLATFORM, "new", now=town.now)
