"""Who must act: what is in each tray, and how a turn ended."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, false, nulls_last, or_, true
from sqlalchemy import select as rows_of
from sqlmodel import col, func, select

from bot.flows.people import Person
from bot.flows.procedure import Manual
from bot.flows.request import Turn
from storage.hands import Part
from storage.prepared import Prepared
from storage.tables import PERSON, TASK, RequestRow, TaskRow


@dataclass(frozen=True)
class Waiting:
    """A turn in somebody's tray."""

    request: int
    folio: str
    procedure: str
    edition: str
    area: str
    on_behalf: str | None
    answers: dict[str, Any]
    extraordinary: bool
    turn: Turn


@dataclass(frozen=True)
class Sieve:
    """Which of the turns in a tray are wanted.

    What is late or wanted today is judged at `now`, on the municipality's day from `dawn` to `dusk`.
    """

    name: str
    now: datetime
    dawn: datetime
    dusk: datetime

    def is_late(self, due: datetime) -> bool:
        """Whether its moment has passed; what is wanted for a day, and no hour of it, has that day."""
        return due < self.now and due != self.dawn

    def clauses(self, person: int) -> dict[str, ColumnElement[bool]]:
        """What each sieve lets through, by its name."""
        due = col(TaskRow.due)
        return {
            "all": true(),
            "decide": col(TaskRow.stage) == "choose",
            "late": and_(due < self.now, due != self.dawn),
            "today": and_(due >= self.dawn, due < self.dusk),
            "extra": col(RequestRow.rest)["extraordinary"].as_string().is_not(None),
            "mine": col(TaskRow.person_id) == person,
        }


@dataclass(frozen=True)
class Place:
    """Where a turn stands, or stood: how many open ones are ahead of it, and whether it is still there itself."""

    ahead: int
    there: bool


@dataclass(frozen=True)
class Ended:
    """How a turn ended: who took it, when (UTC) and with which option; of several, which `item` it was."""

    activity: str
    item: str | None
    by: str | None
    at: datetime | None
    option: str | None


_OF_PERSON = (TASK.c.person_id == PERSON.c.id, TASK.c.manual == bindparam("manual"))
# The last of each kind stands at an end of the index, however many came before.
_LAST_BUSY = Prepared(
    rows_of(
        PERSON.c.id,
        rows_of(func.max(TASK.c.opened_at))
        .where(*_OF_PERSON, TASK.c.state == "open", TASK.c.closed_at.is_(None))
        .scalar_subquery()
        .label("given"),
        rows_of(func.max(TASK.c.closed_at)).where(*_OF_PERSON, TASK.c.state == "done").scalar_subquery().label("taken"),
    ).where(PERSON.c.id.in_(bindparam("people", expanding=True)))
)


class Tasks(Part):
    async def tray(
        self, person: Person, manual: Manual, *, sieve: Sieve | None = None, limit: int = 50, offset: int = 0
    ) -> list[Waiting]:
        """What waits for a person, by the moment for which it is wanted."""
        query = (
            select(TaskRow, RequestRow)
            .join(RequestRow, col(RequestRow.id) == TaskRow.request_id)
            .where(TaskRow.manual == manual.id, TaskRow.state == "open", reach(person, manual))
        )
        if sieve is not None:
            query = query.where(sieve.clauses(person.id)[sieve.name])
        rows = await self._session.exec(
            query.order_by(nulls_last(col(TaskRow.due)), col(TaskRow.id)).limit(limit).offset(offset)
        )
        return [_line(task, request) for task, request in rows]

    async def counts(self, person: Person, manual: Manual, sieve: Sieve) -> dict[str, int]:
        """How many turns each sieve lets through."""
        clauses = sieve.clauses(person.id)
        columns: list[Any] = [func.count(case((clause, 1))) for clause in clauses.values()]
        found = await self._session.exec(
            select(*columns)
            .select_from(TaskRow)
            .join(RequestRow, col(RequestRow.id) == TaskRow.request_id)
            .where(TaskRow.manual == manual.id, TaskRow.state == "open", reach(person, manual))
        )
        return dict(zip(clauses, found.one(), strict=True))

    async def place(self, person: Person, manual: Manual, request: int, key: int, sieve: Sieve) -> Place | None:
        """Say where in a sieve a turn is, or would be if it were still open; nothing if it never was."""
        row = await self._row(request, key)
        if row is None or row.manual != manual.id:
            return None
        due, number = col(TaskRow.due), col(TaskRow.id)
        ahead = (
            or_(due.is_not(None), number < row.id)
            if row.due is None
            else or_(due < row.due, and_(due == row.due, number < row.id))
        )
        found = await self._session.exec(
            select(func.count(case((ahead, 1))), func.count(case((number == row.id, 1))))
            .select_from(TaskRow)
            .join(RequestRow, col(RequestRow.id) == TaskRow.request_id)
            .where(TaskRow.manual == manual.id, TaskRow.state == "open", reach(person, manual))
            .where(sieve.clauses(person.id)[sieve.name])
        )
        count, there = found.one()
        return Place(count, bool(there))

    async def count(self, person: Person, manual: Manual) -> int:
        found = await self._session.exec(
            select(func.count())
            .select_from(TaskRow)
            .where(TaskRow.manual == manual.id, TaskRow.state == "open", reach(person, manual))
        )
        return found.one()

    async def ended(self, request: int, key: int) -> Ended | None:
        """Say how a turn ended; nothing while it is open or if it never was."""
        row = await self._row(request, key)
        if row is None or row.state == "open":
            return None
        return Ended(row.activity, row.item, row.closed_by, row.closed_at, row.closed_with)

    async def _row(self, request: int, key: int) -> TaskRow | None:
        query = select(TaskRow).where(TaskRow.request_id == request, TaskRow.key == key)
        return (await self._session.exec(query)).first()

    async def loads(self, manual: str, people: Sequence[int]) -> dict[int, int]:
        """How many open turns each of these people has been handed."""
        rows = await self._session.exec(
            select(TaskRow.person_id, func.count())
            .where(TaskRow.manual == manual, TaskRow.state == "open", col(TaskRow.person_id).in_(people))
            .group_by(col(TaskRow.person_id))
        )
        loads = dict.fromkeys(people, 0)
        loads.update({person: count for person, count in rows if person is not None})
        return loads

    async def last_busy(self, manual: str, people: Sequence[int]) -> dict[int, datetime]:
        """The last moment (UTC) at which a turn was given to each of these people, or taken off them."""
        rows = (await self._run(_LAST_BUSY, {"manual": manual, "people": list(people)})).all()
        found = {row.id: [one for one in (row.given, row.taken) if one is not None] for row in rows}
        return {person: max(moments) for person, moments in found.items() if moments}

    async def held(self, manual: str, person: int) -> list[Waiting]:
        """The open turns that were handed to a person, by the moment for which they are wanted."""
        return await self._waiting(TaskRow.manual == manual, col(TaskRow.person_id) == person)

    async def unassigned(self, manual: str, pools: Collection[str]) -> list[Waiting]:
        """The open turns of these pools that nobody has, the oldest first."""
        mine = and_(col(TaskRow.pool).in_(sorted(pools)), col(TaskRow.person_id).is_(None))
        return await self._waiting(TaskRow.manual == manual, mine, oldest=True)

    async def _waiting(self, *which: Any, oldest: bool = False) -> list[Waiting]:
        order = [col(TaskRow.opened_at), col(TaskRow.id)] if oldest else [nulls_last(col(TaskRow.due)), col(TaskRow.id)]
        rows = await self._session.exec(
            select(TaskRow, RequestRow)
            .join(RequestRow, col(RequestRow.id) == TaskRow.request_id)
            .where(TaskRow.state == "open", *which)
            .order_by(*order)
        )
        return [_line(task, request) for task, request in rows]


def turn_of(row: Any) -> Turn:
    return Turn(
        key=row.key,
        activity=row.activity,
        stage=row.stage,
        role=row.role,
        area=row.area,
        pool=row.pool,
        person=row.person_id,
        progress=row.progress,
        branch=row.branch,
        item=row.item,
        due=row.due,
    )


def _line(task: TaskRow, request: RequestRow) -> Waiting:
    return Waiting(
        request=request.id or 0,
        folio=request.folio,
        procedure=request.procedure,
        edition=request.edition,
        area=request.area,
        on_behalf=request.rest.get("on_behalf"),
        answers=request.answers,
        extraordinary=request.rest.get("extraordinary") is not None,
        turn=turn_of(task),
    )


def reach(person: Person, manual: Manual) -> ColumnElement[bool]:
    """The same as `may_act`, said to the database."""
    clauses: list[ColumnElement[bool]] = [false()]
    for grant in person.grants:
        role = manual.roles.get(grant.role)
        if role is None:
            continue
        counts_as = [name for name in manual.roles if grant.role in manual.with_role(name)]
        if role.of_area:
            clauses.append(and_(col(TaskRow.role).in_(counts_as), col(TaskRow.area) == grant.area))
        else:
            clauses.append(col(TaskRow.role).in_(counts_as))
        if role.serves is not None:
            mine = or_(col(TaskRow.person_id).is_(None), col(TaskRow.person_id) == person.id)
            clauses.append(and_(col(TaskRow.pool) == grant.role, mine))
    return or_(*clauses)
