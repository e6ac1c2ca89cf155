"""What is asked at every other message is found by an index, however much has ended."""

import pytest
from sqlalchemy import text

from storage.database import Database

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("statement", "found_by"),
    [
        ("SELECT * FROM request WHERE requester = 1 AND state = 'open' ORDER BY id", "requester=? AND state=?"),
        (
            "SELECT * FROM request WHERE manual = 'm' AND area IN ('a') AND state = 'open' ORDER BY id DESC LIMIT 7",
            "manual=? AND area=? AND state=?",
        ),
        ("SELECT state, count(*) FROM request WHERE requester = 1 GROUP BY state", "COVERING INDEX"),
        ("SELECT procedure FROM request WHERE requester = 1 GROUP BY procedure", "COVERING INDEX"),
        (
            "SELECT person_id, count(*) FROM task WHERE manual = 'm' AND state = 'open' AND person_id IN (1, 2)"
            " GROUP BY person_id",
            "person_id=? AND manual=? AND state=?",
        ),
        (
            "SELECT person_id, max(coalesce(closed_at, opened_at)) FROM task WHERE manual = 'm'"
            " AND person_id IN (1, 2) GROUP BY person_id",
            "COVERING INDEX",
        ),
    ],
)
async def test_what_is_open_is_found_without_what_has_ended(database: Database, statement: str, found_by: str) -> None:
    async with database.engine.connect() as connection:
        plan = await connection.run_sync(lambda here: here.execute(text(f"EXPLAIN QUERY PLAN {statement}")).all())
    assert found_by in plan[0].detail
