"""Who holds a role."""

from datetime import UTC, datetime, timedelta

from storage.database import Database

NOON = datetime(2026, 11, 18, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def test_a_role_that_was_taken_away_stays_so_though_the_clock_is_set_back(database: Database) -> None:
    async with database.transaction() as work:
        ana = await work.people.meet("chalco", "telegram", "1101", name="Ana", now=NOON - HOUR)
        for role in ("enlace", "coordinador"):
            await work.people.give(ana, role, None, now=NOON - HOUR)
        await work.people.take_away(ana.id, "coordinador", None, now=NOON)
    async with database.transaction() as work:
        contact = await work.people.at("chalco", "telegram", "1101", now=NOON - HOUR / 2)
        assert contact is not None
        assert [grant.role for grant in contact.person.grants] == ["enlace"]
        assert await work.people.holders("chalco", "coordinador", None, now=NOON - HOUR / 2) == []
