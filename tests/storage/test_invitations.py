"""An invitation is spent once, however many bring it and whichever process they reach."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.people import INVITE_LIFE, Invite

NOW = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
SECRET = "nobody-guesses-it"


async def lucia_invites(database: Database) -> None:
    async with database.transaction() as work:
        await work.people.invite("chalco", SECRET, role="coordinador", area=None, made_by=None, now=NOW)


async def redeemed(database: Database, at: datetime, *, manual: str = "chalco", secret: str = SECRET) -> Invite | None:
    async with database.transaction() as work:
        return await work.people.redeem(manual, secret, now=at)


async def test_it_is_good_for_a_week_once_and_where_it_was_made(database: Database) -> None:
    await lucia_invites(database)
    assert await redeemed(database, NOW, manual="calimaya") is None
    assert await redeemed(database, NOW, secret=SECRET[:-1]) is None
    assert await redeemed(database, NOW + INVITE_LIFE + timedelta(seconds=1)) is None
    given = await redeemed(database, NOW + INVITE_LIFE)
    assert given is not None
    assert (given.role, given.area) == ("coordinador", None)
    assert await redeemed(database, NOW) is None


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_of_several_who_bring_it_in_the_same_instant_one_has_it(database: Database) -> None:
    """Each already in a transaction of its own, as several processes would be."""
    await lucia_invites(database)
    all_here = asyncio.Barrier(4)

    async def brings_it() -> Invite | None:
        async with database.transaction() as work:
            await work.people.areas("chalco")  # so that the transaction has begun
            await all_here.wait()
            return await work.people.redeem("chalco", SECRET, now=NOW)

    async with asyncio.TaskGroup() as group:
        crowd = [group.create_task(brings_it()) for _ in range(4)]
    assert sorted(one.result() is not None for one in crowd) == [False, False, False, True]
