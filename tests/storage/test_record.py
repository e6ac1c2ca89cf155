"""The chain of a record: what was written long ago still holds, and what is written now cannot be changed unseen."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.flows.events import Event
from bot.flows.request import Request
from storage import requests
from storage.database import Database
from tests.filing import request_by

NOW = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
COMMENT = Event(at=NOW, activity="2", kind="commented", name="Rosa Ibarra", note="Falta la dirección")


def test_a_line_without_files_is_hashed_as_before_lines_had_any() -> None:
    line = COMMENT.model_copy(update={"actor": 7})
    assert requests._hash("", 1, line) == "ee8f854e4e1b73709f555348af91db489c4dfabeba682e6e88889eb08deecd1f"
    assert requests._hash("", 1, line.model_copy(update={"files": (3,)})) != requests._hash("", 1, line)


async def filed(database: Database) -> Request:
    async with database.transaction() as work:
        person = await work.people.meet("chalco", "telegram", "1", name="Ana Robles", now=NOW)
        request = await work.requests.file(request_by(person.id, at=NOW, activity="1"))
        events = [COMMENT, COMMENT.model_copy(update={"files": (4, 3)})]
        return await work.requests.save(request, request, events, now=NOW)


async def test_files_are_part_of_the_chain(database: Database) -> None:
    request = await filed(database)
    async with database.transaction() as work:
        assert [line.event.files for line in await work.requests.record(request.id)] == [(), (4, 3)]
        assert await work.requests.first_break(request.id) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("forged", ["'[3, 4]'", "NULL"])
async def test_a_forged_list_of_files_breaks_the_chain(database: Database, forged: str) -> None:
    request = await filed(database)
    async with database.transaction() as work:
        for row in (await work._hands.run_once(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))).all():
            await work._hands.run_once(text(f"DROP TRIGGER {row.name}"))
        await work._hands.run_once(text(f"UPDATE request_event SET files = {forged} WHERE seq = 2"))  # noqa: S608 (ours)
    async with database.transaction() as work:
        assert await work.requests.first_break(request.id) == 2
