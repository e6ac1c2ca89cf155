"""The index of words, on both databases: who finds what, page by page, and that it is always in step."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.flows.edition import editions
from bot.flows.people import Area, Grant, Person
from bot.flows.request import Request, Turn
from bot.flows.search import wanted
from storage import migrate
from storage.database import Database, Work
from tests.flows.shipped import AREAS, CATALOGUE, CHALCO, COVERAGE, ZONE

NOW = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
EDITION = editions(CATALOGUE)["chalco", COVERAGE.code]
ROSA = Grant(role="coordinador")


async def somebody(work: Work, account: str, *grants: Grant) -> Person:
    met = await work.people.meet("chalco", "telegram", account, name=f"Persona {account}", now=NOW)
    return met.model_copy(update={"grants": grants})


async def open_house(work: Work) -> tuple[Person, Person]:
    """The areas, the procedure, an enlace of Cultura and one of ODAPAS."""
    for key in AREAS:
        await work.people.open_area("chalco", Area(id=key, name=AREAS[key]))
    await work.editions.publish("chalco", COVERAGE, EDITION, now=NOW)
    ana = await somebody(work, "1", Grant(role="enlace", area="cultura"))
    return ana, await somebody(work, "2", Grant(role="enlace", area="odapas"))


async def file(work: Work, by: Person, event: str, **more: object) -> Request:
    number = await work.requests.number("chalco", "P01", year=2026)
    one = Request.model_validate(
        {
            "id": 0,
            "manual": "chalco",
            "procedure": COVERAGE.code,
            "edition": EDITION,
            "folio": f"CHA-P01-2026-{number:04d}",
            "requester": by.id,
            "area": by.areas[0],
            "answers": {"evento": event, "fecha": "2026-12-11T17:00-06:00", "formato": "foto"},
            "sent_at": NOW,
            "received_at": NOW,
            "activity": "2",
            **more,
        }
    )
    return await work.requests.file(one)


async def found(work: Work, person: Person, said: str, **more: int) -> list[str]:
    """The folios' numbers that somebody finds."""
    sought = wanted(said, manual=CHALCO, areas=AREAS, now=NOW.astimezone(ZONE))
    assert sought is not None
    ids = await work.search.find(person, CHALCO, sought, **{"limit": 6, **more})
    folios = [(await work.requests.get(one) or pytest.fail("gone")).folio for one in ids]
    return [one[-4:] for one in folios]


async def test_each_finds_what_they_may_see_the_newest_first(database: Database) -> None:
    async with database.transaction() as work:
        ana, raul = await open_house(work)
        rosa = await somebody(work, "3", ROSA)
        tono = await somebody(work, "4", Grant(role="tecnico"))
        for event in ("Feria del libro", "Feria del mole", "Desfile"):
            await file(work, ana, event)
        await file(work, raul, "Feria del agua", staff={"tecnico": tono.id})
        assert await found(work, rosa, "feria") == ["0004", "0002", "0001"]
        assert await found(work, rosa, "fer") == ["0004", "0002", "0001"]
        assert await found(work, rosa, "feria cultura") == ["0002", "0001"]
        assert await found(work, rosa, "feria diciembre odapas") == ["0004"]
        assert await found(work, ana, "feria") == ["0002", "0001"]
        assert await found(work, raul, "feria") == ["0004"]
        assert await found(work, tono, "feria") == ["0004"]
        assert await found(work, tono, "desfile") == []
        assert await found(work, await somebody(work, "5"), "feria") == []
        assert await found(work, rosa, "P01 4") == ["0004"]


async def test_what_is_asked_reaches_no_language_of_the_database(database: Database) -> None:
    async with database.transaction() as work:
        ana, raul = await open_house(work)
        await file(work, ana, "Feria")
        for said in (
            '" OR 1', 'x" OR words : "feria', "feria OR 1=1", "feria' | 'x", "NEAR(feria x)", "feria & !x", "feria:*",
            "{feria}", "feria^2", "-feria x", "feria); DROP TABLE request; --", "\\' | feria", "feria <-> x", "(((",
        ):  # fmt: skip
            sought = wanted(said, manual=CHALCO, areas=AREAS, now=NOW.astimezone(ZONE))
            if sought is not None:
                assert await work.search.find(raul, CHALCO, sought, limit=6) == [], said
        assert await found(work, ana, "feria:*") == ["0001"]


async def test_pages_hold_while_others_file(database: Database) -> None:
    async with database.transaction() as work:
        ana, _ = await open_house(work)
        ids = [(await file(work, ana, f"Feria {place}")).id for place in range(9)]
        assert await found(work, ana, "feria", limit=3) == ["0009", "0008", "0007"]
        await file(work, ana, "Feria nueva")
        assert await found(work, ana, "feria", limit=3, before=ids[6]) == ["0006", "0005", "0004"]
        assert await found(work, ana, "feria", limit=3, after=ids[2]) == ["0006", "0005", "0004"]
        assert await found(work, ana, "feria", limit=3, after=ids[8]) == ["0010"]
        assert await found(work, ana, "feria", limit=3, before=ids[0]) == []


async def test_the_index_is_in_step_with_what_is_corrected_and_reassigned(database: Database) -> None:
    async with database.transaction() as work:
        ana, _ = await open_house(work)
        tono, elena = [await somebody(work, one, Grant(role="tecnico")) for one in "34"]
        before = await file(work, ana, "Feria", staff={"tecnico": tono.id})
        mended = before.but(answers={**before.answers, "evento": "Verbena"})
        after = await work.requests.save(before, mended, [], now=NOW)
        assert await found(work, ana, "feria") == []
        assert await found(work, ana, "verbena") == ["0001"]
        handed = await work.requests.save(after, after.but(staff={"tecnico": elena.id}), [], now=NOW)
        assert await found(work, tono, "verbena") == []
        assert await found(work, elena, "verbena") == ["0001"]
        await work.requests.save(handed, handed.but(numbers={"fs": "CHA-FS-2026-0031"}), [], now=NOW)
        assert await found(work, ana, "fs 31") == ["0001"]


async def test_whose_turn_it_is_finds_it_while_it_is(database: Database) -> None:
    async with database.transaction() as work:
        ana, raul = await open_house(work)
        tono = await somebody(work, "3", Grant(role="tecnico"))
        before = await file(work, ana, "Feria")
        turns = (
            Turn(key=1, activity="4", stage="act", role="enlace", area="odapas", branch="odapas", item="ODAPAS"),
            Turn(key=2, activity="7", stage="act", role="gobierno_digital", pool="tecnico"),
        )
        after = await work.requests.save(before, before.but(turns=turns), [], now=NOW)
        assert await found(work, raul, "feria") == ["0001"]
        assert await found(work, tono, "feria") == ["0001"]
        await work.requests.save(after, after.but(turns=()), [], now=NOW)
        assert await found(work, raul, "feria") == []
        assert await found(work, tono, "feria") == []


async def test_a_revision_indexes_what_was_there_before(database: Database, database_url: str) -> None:
    async with database.transaction() as work:
        ana, _ = await open_house(work)
        for event in ("Feria del libro", "Desfile", "Ñandú x <b>"):
            await file(work, ana, event, staff={"tecnico": 7}, numbers={"fs": "CHA-FS-2026-0002"})
        before = await lines(work)
    await migrate.downgrade(database_url, "0004_quiet")
    await migrate.upgrade(database_url)
    async with database.transaction() as work:
        assert await lines(work) == before
        assert await found(work, ana, "libro") == ["0001"]


async def lines(work: Work) -> Sequence[tuple[int, str]]:
    rows = await work._hands.run_once(text("SELECT request_id, words FROM search_entry ORDER BY request_id"))
    return [(row.request_id, row.words) for row in rows]


async def test_a_common_word_is_found_among_many(database: Database) -> None:
    """Beyond what is looked through first, and in another order than that of the index."""
    async with database.transaction() as work:
        ana, raul = await open_house(work)
        rosa = await somebody(work, "3", ROSA)
        rare = await file(work, raul, "Verbena")
        many = [{"id": rare.id + place, "folio": f"X-{place}", "rare": rare.id} for place in range(1, 2600)]
        await work._hands.run_once(
            text(
                "INSERT INTO request SELECT :id, manual, :folio, procedure, edition, requester, area, answers, rest,"
                " activity, round, state, outcome, revision, sent_at, received_at, wanted FROM request"
                " WHERE id = :rare"
            ),
            many,
        )
        await work._hands.run_once(
            text(
                "INSERT INTO search_entry (request_id, words) SELECT :id, words || ' comun' FROM search_entry"
                " WHERE request_id = :rare"
            ),
            many,
        )
        sought = wanted("comun", manual=CHALCO, areas=AREAS, now=NOW.astimezone(ZONE))
        assert sought is not None
        newest = rare.id + 2599
        assert await work.search.find(rosa, CHALCO, sought, limit=2) == [newest, newest - 1]
        assert await work.search.find(rosa, CHALCO, sought, limit=2, before=rare.id + 3) == [rare.id + 2, rare.id + 1]
        assert await work.search.find(rosa, CHALCO, sought, limit=2, after=newest - 2) == [newest, newest - 1]
        assert await work.search.find(ana, CHALCO, sought, limit=2) == []
        alone = wanted("verbena 1", manual=CHALCO, areas=AREAS, now=NOW.astimezone(ZONE))
        assert alone is not None
        assert rare.id in await work.search.find(raul, CHALCO, alone, limit=9999)
