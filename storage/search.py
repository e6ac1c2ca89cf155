"""The index by which requests are found again, and the search in it.

What is kept is the same in both databases: a line of plain words for each request. What looks into it is not: an
FTS5 table that triggers keep in step, or a GIN index. Only words of ours, in small letters and figures, reach either.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Column, Connection, Integer, String, bindparam, column, func, select, table, text
from sqlmodel import col
from sqlmodel import select as rows_of

from bot.flows.people import Person
from bot.flows.procedure import Manual, Procedure
from bot.flows.request import Request
from bot.flows.search import AnyOf, Term, Wanted, document, visible
from storage.editions import Editions
from storage.hands import Hands, Part
from storage.prepared import Prepared
from storage.tables import AREA, PERSON, SEARCH, Moment, SearchRow, TaskRow
from storage.tasks import reach

ZONE = ZoneInfo("America/Mexico_City")
# More turns than these wait for nobody who is not of the office.
_MOST_TURNS = 1000
_AT_ONCE = 500

_FTS5 = "SELECT rowid FROM search_words WHERE search_words MATCH :said{more} ORDER BY rowid {order} LIMIT :most"
# What is common is soon found among the nearest. What is not is found first and put in order then: the planner must
# not walk through all requests in the hope that the next has it.
_NEAREST = 500
# `OFFSET 0`: whatever word it was planned for, the nearest are what is read, and never the list of a word.
_NEAR = (
    "SELECT request_id FROM (SELECT request_id, search_words FROM search_entry"
    " WHERE request_id BETWEEN :low AND :high ORDER BY request_id {order} OFFSET 0) AS near"
    " WHERE search_words @@ to_tsquery('simple', :said) ORDER BY request_id {order} LIMIT :most"
)
# Among a few it is they that are looked at, and not all that has the words.
_AMONG = (
    "SELECT rowid FROM (SELECT request_id AS rowid, search_words FROM search_entry) AS entry"
    " WHERE search_words @@ to_tsquery('simple', :said){more} ORDER BY rowid {order} LIMIT :most"
)
_FAR = (
    "WITH found AS MATERIALIZED"
    " (SELECT request_id AS rowid FROM search_entry WHERE search_words @@ to_tsquery('simple', :said))"
    " SELECT rowid FROM found WHERE true{more} ORDER BY rowid {order} LIMIT :most"
)


_NAMES = Prepared(
    select(
        select(AREA.c.name)
        .where(AREA.c.manual == bindparam("manual"), AREA.c.id == bindparam("area"))
        .scalar_subquery()
        .label("area"),
        select(PERSON.c.name).where(PERSON.c.id == bindparam("person")).scalar_subquery().label("person"),
    )
)


class Search(Part):
    """`zones` are the municipalities' own, by which a day is told from the next."""

    def __init__(self, hands: Hands, editions: Editions, zones: Mapping[str, ZoneInfo]) -> None:
        super().__init__(hands)
        self._editions = editions
        self._zones = zones

    async def keep(self, request: Request) -> None:
        """Write down by which words a request is known now."""
        law = await self._editions.get(request.manual, request.procedure, request.edition)
        if law is None:
            return
        who = {"manual": request.manual, "area": request.area, "person": request.requester}
        names = (await self._run(_NAMES, who)).one()
        words = document(
            law,
            request,
            area=names.area or "",
            requester=names.person or "",
            zone=self._zones.get(request.manual, ZONE),
        )
        await self._hands.add_or_change(SEARCH, ("words",), request_id=request.id, words=words)

    async def find(
        self,
        person: Person,
        manual: Manual,
        wanted: Wanted,
        *,
        limit: int,
        before: int | None = None,
        after: int | None = None,
    ) -> list[int]:
        """The requests that are looked for, of those that a person may see, the newest first.

        `before` is the one at which the last page ended; with `after` it is the page of those that are newer.
        """
        own = visible(person, manual)
        groups = wanted.groups if own is None else (*wanted.groups, own)
        found = await self._found(groups, limit=limit, before=before, after=after)
        if own is not None:  # whose turn it is may look too, whosever it is
            turns = await self._turns(person, manual)
            found |= await self._found(wanted.groups, among=turns, limit=limit, before=before, after=after)
        newest = sorted(found, reverse=True)
        return newest[:limit] if after is None else newest[-limit:]

    async def _turns(self, person: Person, manual: Manual) -> list[int]:
        rows = await self._session.exec(
            rows_of(TaskRow.request_id)
            .where(TaskRow.manual == manual.id, TaskRow.state == "open", reach(person, manual))
            .order_by(col(TaskRow.id).desc())
            .limit(_MOST_TURNS)
        )
        return sorted(set(rows))

    async def _found(
        self,
        groups: Sequence[AnyOf],
        *,
        limit: int,
        before: int | None,
        after: int | None,
        among: Sequence[int] | None = None,
    ) -> set[int]:
        if among is not None and not among:
            return set()
        limits: dict[str, Any] = {"before": before, "after": after, "among": among}
        clauses = {"before": "rowid < :before", "after": "rowid > :after", "among": "rowid IN :among"}
        given = {name: value for name, value in limits.items() if value is not None}
        more = "".join(f" AND {clauses[name]}" for name in given)
        order = "DESC" if after is None else "ASC"
        said = _said(groups, _tsquery if self._hands.shared else _fts5)
        if self._hands.shared and among is None:
            low, high, more_beyond = await self._nearest(before, after)
            near = _NEAR.format(order=order)
            found = await self._numbers(near, {"said": said, "most": limit, "low": low, "high": high})
            if len(found) == limit or not more_beyond:
                return found
        query = (_FAR if among is None else _AMONG) if self._hands.shared else _FTS5
        return await self._numbers(query.format(more=more, order=order), {"said": said, "most": limit, **given})

    async def _nearest(self, before: int | None, after: int | None) -> tuple[int, int, bool]:
        """The first and last of the nearest, and whether there are any beyond them."""
        newest = (await self._session.exec(rows_of(func.max(SearchRow.request_id)))).one() or 0
        if after is not None:
            return after + 1, after + _NEAREST, after + _NEAREST < newest
        high = newest if before is None else before - 1
        return high - _NEAREST, high, high - _NEAREST > 1

    async def _numbers(self, query: str, given: dict[str, Any]) -> set[int]:
        statement = text(query)
        if "among" in given:
            statement = statement.bindparams(bindparam("among", expanding=True))
        rows = await self._hands.run_once(statement, given)
        return set(rows.scalars())


def _said(groups: Sequence[AnyOf], term: Callable[[Term], str]) -> str:
    """The same in the words of a database: all of the groups, any of a group, all of its terms."""
    conjunction, disjunction = (" & ", " | ") if term is _tsquery else (" AND ", " OR ")
    return conjunction.join(
        "(" + disjunction.join("(" + conjunction.join(term(one) for one in every) + ")" for every in group) + ")"
        for group in groups
    )


def _fts5(one: Term) -> str:
    return f'"{one.word}"*' if one.prefix else f'"{one.word}"'


def _tsquery(one: Term) -> str:
    return f"'{one.word}':*" if one.prefix else f"'{one.word}'"


_REQUESTS = table(
    "request",
    Column("id", Integer),
    *(Column(name, String) for name in ("manual", "folio", "procedure", "edition", "area")),
    Column("requester", Integer),
    Column("answers", JSON),
    Column("rest", JSON),
    Column("sent_at", Moment),
)
_EDITIONS = table(
    "procedure_edition",
    *(Column(name, String) for name in ("manual", "procedure", "edition")),
    Column("content", JSON),
)
_AREAS = table("area", column("manual"), column("id"), column("name"))
_PEOPLE = table("person", column("id"), column("name"))
_ENTRIES = table("search_entry", column("request_id"), column("words"))


def refill(connection: Connection) -> None:
    """Write down every request of a database that has no lines yet: for a revision, which knows no mapped class."""
    laws = {
        (row.manual, row.procedure, row.edition): Procedure.model_validate(row.content)
        for row in connection.execute(select(_EDITIONS))
    }
    areas = {(row.manual, row.id): row.name for row in connection.execute(select(_AREAS))}
    people = {row.id: row.name for row in connection.execute(select(_PEOPLE))}
    last = 0
    while rows := connection.execute(
        select(_REQUESTS).where(_REQUESTS.c.id > last).order_by(_REQUESTS.c.id).limit(_AT_ONCE)
    ).all():
        last = rows[-1].id
        lines = []
        for row in rows:
            words = document(
                laws[row.manual, row.procedure, row.edition],
                _request(row),
                area=areas.get((row.manual, row.area), ""),
                requester=people.get(row.requester, ""),
                zone=ZONE,
            )
            lines.append({"request_id": row.id, "words": words})
        connection.execute(_ENTRIES.insert(), lines)


def _request(row: Any) -> Request:
    """As much of a request as its line of words needs."""
    return Request(
        id=row.id,
        manual=row.manual,
        folio=row.folio,
        procedure=row.procedure,
        edition=row.edition,
        requester=row.requester,
        area=row.area,
        answers=row.answers,
        sent_at=row.sent_at,
        received_at=row.sent_at,
        activity="",
        numbers=row.rest.get("numbers", {}),
        staff=row.rest.get("staff", {}),
        on_behalf=row.rest.get("on_behalf"),
    )
