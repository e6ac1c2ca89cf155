"""What can still be taken back: how a request was before its last gesture."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, func, select

from bot.flows.request import Request
from storage.hands import Part
from storage.tables import AgendaRow, EventRow, UndoRow

UNDO_FOR = timedelta(seconds=60)


@dataclass(frozen=True)
class Undo:
    """A gesture that its author may take back `until` then, if the request still has that `revision`.

    `letter` shows the gesture's outcome in the author's chat, with the button that takes it back. `lines`
    is how long the record was then.
    """

    request: int
    revision: int
    person: int
    until: datetime
    before: Request
    letter: int | None
    lines: int

    def holds(self, now: datetime) -> bool:
        """Whether it can be taken back now; once the clock is set back to before it happened, it cannot."""
        return self.until - UNDO_FOR <= now <= self.until


class Undos(Part):
    async def keep(self, before: Request, after: Request, *, person: int, letter: int | None, now: datetime) -> None:
        """Keep how a request was, for a minute.

        To be called before the gesture changes the agenda: its entries are kept too.
        """
        agenda = await self._session.exec(select(AgendaRow).where(AgendaRow.request_id == before.id))
        lines = await self._session.exec(select(func.max(EventRow.seq)).where(EventRow.request_id == before.id))
        kept = {
            "lines": lines.one() or 0,
            "request": before.model_dump(mode="json"),
            "agenda": [row.model_dump(mode="json", exclude={"id"}) for row in agenda],
            "letter": letter,
        }
        until = now + UNDO_FOR
        row = UndoRow(
            request_id=after.id,
            revision=after.revision,
            manual=after.manual,
            person_id=person,
            until=until,
            before=kept,
        )
        await self._session.merge(row)
        await self._session.flush()

    async def get(self, request: int, revision: int) -> Undo | None:
        row = await self._session.get(UndoRow, (request, revision))
        return _undo(row) if row is not None else None

    async def last_of(self, person: int, *, now: datetime) -> Undo | None:
        """What a person may take back now, the latest first."""
        rows = await self._session.exec(
            select(UndoRow)
            .where(UndoRow.person_id == person, col(UndoRow.until).between(now, now + UNDO_FOR))
            .order_by(col(UndoRow.until).desc())
            .limit(1)
        )
        row = rows.first()
        return _undo(row) if row is not None else None

    async def forget(self, request: int, revision: int) -> None:
        mine = (col(UndoRow.request_id) == request, col(UndoRow.revision) == revision)
        await self._session.exec(delete(UndoRow).where(*mine))

    async def over(self, manuals: Collection[str], *, now: datetime, limit: int) -> list[tuple[int, int]]:
        """What can no longer be taken back in these municipalities: request and revision, locked for whoever asks.

        `now` may be a moment ago, and by another process' clock: what came since has its minute before it. What is
        further ahead was done before the clock was set back.
        """
        rows = await self._session.exec(
            select(UndoRow.request_id, UndoRow.revision)
            .where(col(UndoRow.manual).in_(manuals), ~col(UndoRow.until).between(now, now + 2 * UNDO_FOR))
            .order_by(col(UndoRow.until))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [(request, revision) for request, revision in rows]

    async def restore_agenda(self, undo: Undo) -> None:
        """Put a request's agenda back as it was."""
        row = await self._session.get(UndoRow, (undo.request, undo.revision))
        if row is None:
            return
        await self._session.exec(delete(AgendaRow).where(col(AgendaRow.request_id) == undo.request))
        for entry in row.before["agenda"]:
            self._session.add(AgendaRow.model_validate(entry))
        await self._session.flush()


def _undo(row: UndoRow) -> Undo:
    kept: dict[str, Any] = row.before
    before = Request.model_validate(kept["request"])
    return Undo(row.request_id, row.revision, row.person_id, row.until, before, kept["letter"], kept.get("lines", 0))
