"""Requests and their record."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, tuple_, update
from sqlalchemy import select as rows_of
from sqlmodel import col, select

from bot.flows.events import Event
from bot.flows.people import Person
from bot.flows.request import Request, Turn
from storage.hands import Hands, Part
from storage.prepared import Prepared
from storage.search import Search
from storage.tables import (
    AGENDA,
    EVENT,
    REQUEST,
    SEEN,
    SERIES,
    TASK,
    AgendaRow,
    DeadlineRow,
    EventRow,
    RequestRow,
)
from storage.tasks import turn_of

_REST = (
    "extraordinary",
    "returned",
    "returns",
    "given",
    "staff",
    "declined",
    "numbers",
    "next_key",
    "opened_as",
    "on_behalf",
    "parent",
    "settled",
    "questions",
    "urgent",
)


_OLD = rows_of(*SEEN.primary_key).where(SEEN.c.at < bindparam("before")).order_by(SEEN.c.at).limit(bindparam("most"))
_FORGET = Prepared(delete(SEEN).where(tuple_(*SEEN.primary_key).in_(_OLD)))
# What begins within so long of something else, one person cannot attend too.
_CLOSE = timedelta(hours=2)
_LATELY = 300
# Nobody needs to know how many more there are.
MOST_COUNTED = 100
_STATES = ("open", "closed")


class StaleRequestError(Exception):
    """The request changed since it was read; decide again."""


@dataclass(frozen=True)
class Recorded:
    """A line of the record as kept: its number, and the hash that ties it to the one before."""

    seq: int
    event: Event
    hash: str


@dataclass(frozen=True)
class Reminder:
    """A turn that must be looked at again."""

    id: int
    request: int
    turn: int


_SERIES = Prepared(
    rows_of(SERIES.c.next)
    .where(SERIES.c.manual == bindparam("manual"), SERIES.c.series == bindparam("series"))
    .where(SERIES.c.year == bindparam("year"))
    .with_for_update()
)
_THE_ONE = rows_of(REQUEST).where(REQUEST.c.id == bindparam("id"))
_ONE, _ONE_LOCKED = Prepared(_THE_ONE), Prepared(_THE_ONE.with_for_update(key_share=True))
_TURNS = Prepared(
    rows_of(TASK).where(TASK.c.request_id == bindparam("request"), TASK.c.state == "open").order_by(TASK.c.key)
)
_MINE = REQUEST.c.requester == bindparam("person")
_ANSWERS = Prepared(rows_of(REQUEST.c.answers).where(_MINE).order_by(REQUEST.c.id.desc()).limit(bindparam("most")))
# From one procedure to the next, and of each the last: to group them would be to read all that was ever filed.
_KINDS = rows_of(func.min(REQUEST.c.procedure).label("procedure")).where(_MINE).cte("kinds", recursive=True)
_KINDS = _KINDS.union_all(
    rows_of(
        rows_of(func.min(REQUEST.c.procedure)).where(_MINE, REQUEST.c.procedure > _KINDS.c.procedure).scalar_subquery()
    ).where(_KINDS.c.procedure.is_not(None))
)
_RECENT = Prepared(
    rows_of(_KINDS.c.procedure)
    .where(_KINDS.c.procedure.is_not(None))
    .order_by(
        rows_of(func.max(REQUEST.c.id)).where(_MINE, REQUEST.c.procedure == _KINDS.c.procedure).scalar_subquery().desc()
    )
)
_OF_AREA = (REQUEST.c.manual == bindparam("manual"), REQUEST.c.area == bindparam("area"))
_COUNTED = Prepared(
    rows_of(func.count()).where(
        *_OF_AREA,
        REQUEST.c.sent_at >= bindparam("since"),
        REQUEST.c.sent_at <= bindparam("until"),
        REQUEST.c.id <= bindparam("id"),
    )
)
_LAST_ALIKE = Prepared(
    rows_of(REQUEST)
    .where(*_OF_AREA, REQUEST.c.procedure == bindparam("procedure"), REQUEST.c.id < bindparam("id"))
    .order_by(REQUEST.c.id.desc())
    .limit(1)
)
_RECORD = Prepared(rows_of(EVENT).where(EVENT.c.request_id == bindparam("request")).order_by(EVENT.c.seq))
_LAST_LINE = Prepared(
    rows_of(EVENT.c.seq, EVENT.c.hash)
    .where(EVENT.c.request_id == bindparam("request"))
    .order_by(EVENT.c.seq.desc())
    .limit(1)
)
_CLASHES = Prepared(
    rows_of(AGENDA.c.title)
    .join(REQUEST, REQUEST.c.id == AGENDA.c.request_id)
    .where(AGENDA.c.manual == bindparam("manual"), AGENDA.c.role == bindparam("role"))
    .where(AGENDA.c.request_id != bindparam("but"), REQUEST.c.state == "open")
    .where(AGENDA.c.starts > bindparam("after"), AGENDA.c.starts < bindparam("before"))
    .order_by(AGENDA.c.starts)
)


class Requests(Part):
    def __init__(self, hands: Hands, search: Search) -> None:
        super().__init__(hands)
        self._search = search

    async def seen(self, manual: str, platform: str, update_id: str, *, now: datetime) -> bool:
        """Note an update, and tell whether it had been dealt with before."""
        return not await self._hands.add_unless_there(SEEN, manual=manual, platform=platform, update=update_id, at=now)

    async def number(self, manual: str, series: str, *, year: int) -> int:
        """Take the next number of a series. A transaction that fails gives it back, so there are no holes."""
        which: dict[str, Any] = {"manual": manual, "series": series, "year": year}
        taken = (await self._run(_SERIES, which)).scalar()
        if taken is None:
            await self._hands.add_unless_there(SERIES, **which, next=1)
            return await self.number(manual, series, year=year)
        await self._hands.change(SERIES, which, next=taken + 1)
        return int(taken)

    async def file(self, request: Request) -> Request:
        """Write down a new request; its id is the database's. Turns and record follow with `save`."""
        key = await self._hands.add(REQUEST, **_columns(request), revision=0)
        request = request.but(id=key, revision=0)
        await self._search.keep(request)
        return request

    async def get(self, key: int, *, lock: bool = False) -> Request | None:
        row = (await self._run(_ONE_LOCKED if lock else _ONE, {"id": key})).first()
        return await self._request(row) if row is not None else None

    async def by_folio(self, manual: str | None, folio: str) -> Request | None:
        query = select(RequestRow).where(RequestRow.folio == folio.strip().upper())
        if manual is not None:
            query = query.where(RequestRow.manual == manual)
        row = (await self._session.exec(query)).first()
        return await self._request(row) if row is not None else None

    async def of(self, person: int, *, limit: int, before: int | None = None) -> list[Request]:
        """What a person filed, the newest first; `before` is the id at which the last page ended."""
        query = select(RequestRow).where(RequestRow.requester == person)
        if before is not None:
            query = query.where(col(RequestRow.id) < before)
        rows = await self._session.exec(query.order_by(col(RequestRow.id).desc()).limit(limit))
        return [await self._request(row) for row in rows]

    async def recent_procedures(self, person: int) -> list[str]:
        """The codes of what a person has filed, the last first, each once."""
        return list((await self._run(_RECENT, {"person": person})).scalars())

    async def questioned(self, person: int) -> list[Request]:
        """What a person filed, is still open and was asked about, the oldest first."""
        rows = await self._session.exec(
            select(RequestRow)
            .where(RequestRow.requester == person, RequestRow.state == "open")
            .order_by(col(RequestRow.id))
        )
        return [await self._request(row) for row in rows.all() if row.rest.get("questions")]

    async def filed(
        self,
        person: Person,
        areas: Collection[str] | None,
        *,
        state: str | None = None,
        limit: int,
        before: int | None = None,
        after: int | None = None,
    ) -> list[Request]:
        """What a person filed, or anybody of these areas, the newest first.

        `before` is the id at which the last page ended; with `after` it is the page of those that are newer.
        """
        number = col(RequestRow.id)
        rows: list[RequestRow] = []
        for one in _filed_by(person, areas):
            query = select(RequestRow).where(*one)
            if state is not None:
                query = query.where(RequestRow.state == state)
            if before is not None:
                query = query.where(number < before)
            if after is not None:
                query = query.where(number > after)
            rows.extend(
                await self._session.exec(query.order_by(number.desc() if after is None else number).limit(limit))
            )
        rows.sort(key=lambda row: row.id or 0, reverse=True)
        return [await self._request(row) for row in (rows[:limit] if after is None else rows[-limit:])]

    async def filed_counts(self, person: Person, areas: Collection[str] | None) -> dict[str, int]:
        """How many of them there are, by their state: no more are counted than `MOST_COUNTED`."""
        counts = dict.fromkeys(_STATES, 0)
        for one in _filed_by(person, areas):
            for state in _STATES:
                some = select(RequestRow.id).where(*one, RequestRow.state == state).limit(MOST_COUNTED).subquery()
                counts[state] += (await self._session.exec(select(func.count()).select_from(some))).one()
        return {state: min(count, MOST_COUNTED) for state, count in counts.items() if count}

    async def asked_before(self, request: Request, *, since: datetime) -> tuple[int, Request | None]:
        """Which of its area's requests this is since a moment, and the last that the area filed of the same kind."""
        area = {"manual": request.manual, "area": request.area, "id": request.id}
        place = (await self._run(_COUNTED, {**area, "since": since, "until": request.sent_at})).scalar_one()
        row = (await self._run(_LAST_ALIKE, {**area, "procedure": request.procedure})).first()
        return int(place), await self._request(row) if row is not None else None

    async def recent_answers(self, person: int, *, limit: int = 5) -> list[dict[str, Any]]:
        """Give the answers of a person's last requests of any procedure, the newest first."""
        rows = await self._run(_ANSWERS, {"person": person, "most": limit})
        return [dict(answers) for answers in rows.scalars()]

    async def notes_of(self, person: int, option: str | None, *, procedure: str | None, limit: int = 20) -> list[str]:
        """What somebody wrote the last times that they chose an option, or withdrew where there is none."""
        lately = (
            select(EventRow.id)
            .where(EventRow.actor == person)
            .order_by(col(EventRow.id).desc())
            .limit(_LATELY)
            .subquery()
        )
        query = select(EventRow.note).where(col(EventRow.id).in_(select(lately.c.id)), col(EventRow.note).is_not(None))
        if option is None:
            query = query.where(EventRow.kind == "withdrawn")
        else:
            query = query.join(RequestRow, col(RequestRow.id) == EventRow.request_id)
            query = query.where(EventRow.option == option, RequestRow.procedure == procedure)
        rows = await self._session.exec(query.order_by(col(EventRow.id).desc()).limit(limit))
        return [note for note in rows if note]

    async def save(
        self,
        before: Request,
        after: Request,
        events: Sequence[Event],
        *,
        now: datetime,
        option: str | None = None,
    ) -> Request:
        """Write what a gesture did, unless the request changed since it was read.

        Raises:
            StaleRequestError: somebody else's gesture came first.

        """
        as_read = {"id": before.id, "revision": before.revision}
        if not await self._hands.change(REQUEST, as_read, **_columns(after), revision=before.revision + 1):
            raise StaleRequestError
        await self._turns(before, after, events, now=now, option=option)
        await self._append(after.id, events)
        if _known_by(before) != _known_by(after):
            await self._search.keep(after)
        return after.but(revision=before.revision + 1)

    async def record(self, key: int) -> list[Recorded]:
        """Every line of a request's record, in order."""
        rows = await self._run(_RECORD, {"request": key})
        return [Recorded(row.seq, _event(row), row.hash) for row in rows]

    async def first_break(self, key: int) -> int | None:
        """Tell at which line a record was tampered with; nothing if its chain holds."""
        before = ""
        expected = 1
        rows = await self._run(_RECORD, {"request": key})
        for row in rows:
            if row.seq != expected or row.before != before or row.hash != _hash(before, row.seq, _event(row)):
                return int(row.seq)
            before, expected = row.hash, expected + 1
        return None

    async def book(self, request: Request, *, role: str, title: str, starts: datetime, ends: datetime | None) -> None:
        """Put a request in a role's agenda, in place of an earlier entry of the same."""
        row = (
            await self._session.exec(
                select(AgendaRow).where(AgendaRow.request_id == request.id, AgendaRow.role == role)
            )
        ).first() or AgendaRow(manual=request.manual, request_id=request.id, role=role, title=title, starts=starts)
        row.title, row.starts, row.ends = title, starts, ends
        self._session.add(row)
        await self._session.flush()

    async def agenda(self, request: int) -> list[tuple[str, datetime]]:
        """Where a request stands in agendas: for which role, and when it begins."""
        rows = await self._session.exec(
            select(AgendaRow.role, AgendaRow.starts).where(AgendaRow.request_id == request).order_by(col(AgendaRow.id))
        )
        return [(role, starts) for role, starts in rows]

    async def clashes(self, manual: str, role: str, starts: datetime, *, but: int) -> list[str]:
        """The titles of what that role has within two hours of a moment."""
        near = {"after": starts - _CLOSE, "before": starts + _CLOSE}
        rows = await self._run(_CLASHES, {"manual": manual, "role": role, "but": but, **near})
        return list(rows.scalars())

    async def remind(self, request: Request, turn: int, *, kind: str, at: datetime) -> None:
        self._session.add(
            DeadlineRow(manual=request.manual, request_id=request.id, turn=turn, kind=kind, at=at, done=False)
        )
        await self._session.flush()

    async def reminders(self, manuals: Collection[str], *, now: datetime, limit: int) -> list[Reminder]:
        """What has become due in these municipalities, each locked for whoever asks."""
        rows = await self._session.exec(
            select(DeadlineRow)
            .where(DeadlineRow.done == False, col(DeadlineRow.at) <= now)  # noqa: E712 (SQL)
            .where(exists().where(col(RequestRow.id) == DeadlineRow.request_id, col(RequestRow.manual).in_(manuals)))
            .order_by(col(DeadlineRow.at))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [Reminder(row.id or 0, row.request_id, row.turn) for row in rows]

    async def forget_updates(self, *, before: datetime, limit: int) -> int:
        """Forget some of the updates that are too old to be brought again, and tell how many."""
        return await self._hands.do(_FORGET, {"before": before, "most": limit})

    async def reminded(self, key: int) -> None:
        await self._session.exec(update(DeadlineRow).where(col(DeadlineRow.id) == key).values(done=True))

    async def _request(self, row: Any) -> Request:
        turns = tuple(turn_of(one) for one in await self._run(_TURNS, {"request": row.id}))
        return Request.model_validate(
            {
                "id": row.id,
                "manual": row.manual,
                "folio": row.folio,
                "procedure": row.procedure,
                "edition": row.edition,
                "requester": row.requester,
                "area": row.area,
                "answers": row.answers,
                "activity": row.activity,
                "round": row.round,
                "state": row.state,
                "outcome": row.outcome,
                "revision": row.revision,
                "sent_at": row.sent_at,
                "received_at": row.received_at,
                "wanted": row.wanted,
                "turns": turns,
                **row.rest,
            }
        )

    async def _turns(
        self, before: Request, after: Request, events: Sequence[Event], *, now: datetime, option: str | None
    ) -> None:
        open_now = {turn.key: turn for turn in after.turns}
        known = {turn.key for turn in before.turns}
        actor = next((one.name for one in events if one.actor is not None), None)
        for turn in before.turns:
            if turn.key in open_now:
                if open_now[turn.key] != turn:
                    now_is = open_now[turn.key]
                    await self._change_turn(
                        after.id, turn.key, person_id=now_is.person, progress=now_is.progress, due=now_is.due
                    )
                continue
            await self._change_turn(
                after.id, turn.key, state="done", closed_at=now, closed_by=actor, closed_with=option
            )
        for turn in after.turns:
            if turn.key not in known:
                await self._hands.add(TASK, **_task(after, turn, now))

    async def _change_turn(self, request: int, key: int, **changes: Any) -> None:
        await self._hands.change(TASK, {"request_id": request, "key": key}, **changes)

    async def _append(self, key: int, events: Sequence[Event]) -> None:
        last = (await self._run(_LAST_LINE, {"request": key})).first()
        seq, before = (last.seq, last.hash) if last is not None else (0, "")
        for one in events:
            seq += 1
            digest = _hash(before, seq, one)
            await self._hands.add(EVENT, request_id=key, seq=seq, before=before, hash=digest, **_line(one))
            before = digest


def _filed_by(person: Person, areas: Collection[str] | None) -> list[tuple[ColumnElement[bool], ...]]:
    """Whose they are, for each area: in one alone they stand in order."""
    if areas is None:
        return [(col(RequestRow.requester) == person.id,)]
    return [(col(RequestRow.manual) == person.manual, col(RequestRow.area) == area) for area in sorted(areas)]


def _known_by(request: Request) -> tuple[Any, ...]:
    """What a request is found by, of all that may change."""
    return (request.answers, request.staff, request.numbers, request.on_behalf, request.requester, request.area)


def _task(request: Request, turn: Turn, now: datetime) -> dict[str, Any]:
    return {
        "manual": request.manual,
        "request_id": request.id,
        "key": turn.key,
        "activity": turn.activity,
        "stage": turn.stage,
        "role": turn.role,
        "area": turn.area,
        "pool": turn.pool,
        "person_id": turn.person,
        "progress": turn.progress,
        "branch": turn.branch,
        "item": turn.item,
        "due": turn.due,
        "state": "open",
        "opened_at": now,
    }


def _columns(request: Request) -> dict[str, Any]:
    plain = request.model_dump(mode="json", include=set(_REST))
    return {
        "manual": request.manual,
        "folio": request.folio,
        "procedure": request.procedure,
        "edition": request.edition,
        "requester": request.requester,
        "area": request.area,
        "answers": request.answers,
        "rest": plain,
        "activity": request.activity,
        "round": request.round,
        "state": request.state,
        "outcome": request.outcome,
        "sent_at": request.sent_at,
        "received_at": request.received_at,
        "wanted": request.wanted,
    }


def _event(row: Any) -> Event:
    return Event.model_validate(
        {
            "at": row.at,
            "activity": row.activity,
            "kind": row.kind,
            "actor": row.actor,
            "name": row.name,
            "role": row.role,
            "option": row.option,
            "note": row.note,
            "files": row.files or (),
        }
    )


def _line(event: Event) -> dict[str, Any]:
    return {**event.model_dump(), "files": list(event.files) or None}


def _hash(before: str, seq: int, event: Event) -> str:
    # Lines without files are hashed as they were before a line could have any.
    told = event.model_dump(mode="json", exclude=None if event.files else {"files"})
    line = json.dumps([before, seq, told], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(line.encode()).hexdigest()
