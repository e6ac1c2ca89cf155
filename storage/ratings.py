"""What people thought of how they were attended: asked once for each request."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from storage.hands import Part
from storage.tables import RATING, RatingRow


@dataclass(frozen=True)
class Rating:
    """An answer, from 1 (bad) to 4 (very good); no `score` while there is none."""

    request: int
    person: int
    score: int | None
    comment: str | None


class Ratings(Part):
    async def ask(self, request: int, person: int, *, now: datetime) -> bool:
        """Note that a person is asked about a request; tells whether this is the first time."""
        return await self._hands.add_unless_there(RATING, request_id=request, person_id=person, at=now)

    async def get(self, request: int) -> Rating | None:
        row = await self._session.get(RatingRow, request)
        return Rating(row.request_id, row.person_id, row.score, row.comment) if row is not None else None

    async def open_of(self, person: int) -> Rating | None:
        """The last that a person was asked and has not answered."""
        rows = await self._session.exec(
            select(RatingRow)
            .where(RatingRow.person_id == person, col(RatingRow.score).is_(None))
            .order_by(col(RatingRow.at).desc(), col(RatingRow.request_id).desc())
            .limit(1)
        )
        row = rows.first()
        return Rating(row.request_id, row.person_id, None, None) if row is not None else None

    async def score(self, request: int, score: int, *, now: datetime) -> None:
        await self._change(request, score=score, at=now)

    async def remark(self, request: int, comment: str) -> None:
        await self._change(request, comment=comment)

    async def _change(self, request: int, **changes: object) -> None:
        await self._session.exec(update(RatingRow).where(col(RatingRow.request_id) == request).values(**changes))
