"""How long a gesture can be taken back."""

from datetime import UTC, datetime, timedelta

from storage.database import Database
from tests.filing import request_by

NOON = datetime(2026, 11, 18, 18, 0, tzinfo=UTC)


async def test_a_gesture_can_be_taken_back_within_a_minute_and_at_no_earlier_hour(database: Database) -> None:
    async with database.transaction() as work:
        ana = await work.people.meet("chalco", "telegram", "1101", name="Ana", now=NOON)
        request = await work.requests.file(request_by(ana.id, at=NOON))
        await work.undos.keep(request, request, person=ana.id, letter=None, now=NOON)
        undo = await work.undos.get(request.id, request.revision)
        assert undo is not None
        for seconds, holds, over in (
            (0, True, False),
            (60, True, False),
            (61, False, True),
            (-1, False, False),  # by a clock that began to look at it before, or that goes behind
            (-60, False, False),
            (-61, False, True),
            (-3600, False, True),
        ):
            now = NOON + timedelta(seconds=seconds)
            assert undo.holds(now) is holds
            assert await work.undos.last_of(ana.id, now=now) == (undo if holds else None)
            assert await work.undos.over(["chalco"], now=now, limit=9) == (
                [(undo.request, undo.revision)] if over else []
            )
