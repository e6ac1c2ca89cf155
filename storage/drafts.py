"""Forms being filled in: each answer is here before it is acknowledged."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, or_
from sqlalchemy import select as rows_of
from sqlmodel import col, func, select

from bot.flows.draft import Draft
from storage.hands import Part
from storage.prepared import Prepared
from storage.tables import DRAFT, DraftRow, TaskRow

_ONE = Prepared(rows_of(DRAFT).where(DRAFT.c.id == bindparam("id")))
_OF = Prepared(
    rows_of(DRAFT)
    .where(DRAFT.c.person_id == bindparam("person"))
    .order_by(DRAFT.c.touched_at.desc(), DRAFT.c.id.desc())
)
_DOOMED = Prepared(
    rows_of(func.count()).where(
        DRAFT.c.person_id == bindparam("person"),
        DRAFT.c.touched_at <= bindparam("since"),
        DRAFT.c.warned_at.is_not(None),
    )
)
_DISCARD = Prepared(delete(DRAFT).where(DRAFT.c.id == bindparam("id")))


class Drafts(Part):
    async def open(self, draft: Draft, *, now: datetime) -> Draft:
        """Write down a new draft; its id is the database's."""
        return draft.but(id=await self._hands.add(DRAFT, **_columns(draft, now)))

    async def get(self, key: int, *, person: int) -> Draft | None:
        """Find a draft, if it is that person's."""
        row = (await self._run(_ONE, {"id": key})).first()
        return _draft(row) if row is not None and row.person_id == person else None

    async def save(self, draft: Draft, *, now: datetime) -> None:
        if not await self._hands.change(DRAFT, {"id": draft.id}, **_columns(draft, now)):
            raise KeyError(draft.id)

    async def discard(self, key: int) -> None:
        await self._hands.do(_DISCARD, {"id": key})

    async def of(self, person: int) -> list[Draft]:
        """Every draft of a person, the last touched first."""
        return [_draft(row) for row in await self._run(_OF, {"person": person})]

    async def fading(self, manuals: Collection[str], *, since: datetime, limit: int) -> list[Draft]:
        """The requests not sent and not touched since then, of which nobody was warned; locked for whoever asks."""
        unwarned = and_(col(DraftRow.purpose) == "file", col(DraftRow.warned_at).is_(None))
        return await self._untouched(manuals, since, unwarned, limit)

    async def warned(self, key: int, *, now: datetime) -> None:
        """Note that whoever fills it in was told that it will go."""
        await self._hands.change(DRAFT, {"id": key}, warned_at=now)

    async def spent(
        self, manuals: Collection[str], *, since: datetime, warned_before: datetime, limit: int
    ) -> list[Draft]:
        """The drafts not touched since then that may go; locked for whoever asks.

        A request that was not sent goes only after a warning; a correction, once its turn is gone.
        """
        awaited = exists().where(
            col(TaskRow.request_id) == col(DraftRow.request_id),
            col(TaskRow.key) == col(DraftRow.turn),
            col(TaskRow.state) == "open",
        )
        may_go = or_(
            and_(col(DraftRow.purpose) == "file", col(DraftRow.warned_at) <= warned_before),
            and_(col(DraftRow.purpose) == "correct", ~awaited),
            col(DraftRow.purpose).not_in(["file", "correct"]),
        )
        return await self._untouched(manuals, since, may_go, limit)

    async def doomed(self, person: int, *, since: datetime) -> int:
        """How many drafts of a person, not touched since then, are about to go."""
        return int((await self._run(_DOOMED, {"person": person, "since": since})).scalar_one())

    async def _untouched(
        self, manuals: Collection[str], since: datetime, wanted: ColumnElement[bool], limit: int
    ) -> list[Draft]:
        rows = await self._session.exec(
            select(DraftRow)
            .where(col(DraftRow.touched_at) <= since, col(DraftRow.manual).in_(manuals), wanted)
            .order_by(col(DraftRow.touched_at))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [_draft(row) for row in rows]


def _columns(draft: Draft, now: datetime) -> dict[str, Any]:
    return {
        "manual": draft.manual,
        "person_id": draft.person,
        "purpose": draft.purpose,
        "procedure": draft.procedure,
        "edition": draft.edition,
        "request_id": draft.request,
        "turn": draft.turn,
        "option": draft.option,
        "area": draft.area,
        "answers": draft.answers,
        "skipped": list(draft.skipped),
        "asking": draft.asking,
        "step": draft.step,
        "pending": draft.pending,
        "misses": draft.misses,
        "prompt": draft.prompt,
        "touched_at": now,
        "origin": draft.origin.model_dump(mode="json") if draft.origin else None,
        "warned_at": None,
    }


def _draft(row: Any) -> Draft:
    return Draft.model_validate(
        {
            "id": row.id,
            "person": row.person_id,
            "manual": row.manual,
            "purpose": row.purpose,
            "procedure": row.procedure,
            "edition": row.edition,
            "request": row.request_id,
            "turn": row.turn,
            "option": row.option,
            "area": row.area,
            "answers": row.answers,
            "skipped": row.skipped,
            "asking": row.asking,
            "step": row.step,
            "pending": row.pending,
            "misses": row.misses,
            "prompt": row.prompt,
            "touched_at": row.touched_at,
            "origin": row.origin,
        }
    )
