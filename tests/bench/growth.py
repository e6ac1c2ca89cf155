"""What a gesture costs when the database is full of what has ended, as a ratio to an empty one.

`python -m tests.bench.growth [--requests N …] [--database URL]`; each database that is given must be empty.
"""

import argparse
import asyncio
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Insert,
    Integer,
    MetaData,
    NullPool,
    String,
    Table,
    cast,
    func,
    literal,
    select,
    text,
    true,
)
from sqlalchemy.ext.asyncio import create_async_engine

from bot import shelf
from bot.desk.desk import Desk
from bot.desk.incoming import Incoming, Pressed, What, Wrote
from bot.flows.catalogue import Catalogue
from bot.flows.procedure import Manual
from bot.flows.request import Request
from bot.flows.search import document
from storage.database import Database
from storage.tables import ADDRESS, AGENDA, DEADLINE, EVENT, LETTER, RATING, REQUEST, SEARCH, SEEN, TASK, Moment
from tests.bench.__main__ import prepare, sqlite
from tests.bench.drive import FIRST, PEOPLE, STEPS

MANUAL, PLATFORM = "chalco", "telegram"
NOW = datetime(2030, 11, 27, 18, 0, tzinfo=UTC)
DECIDES = FIRST + PEOPLE
_AT_ONCE = 50_000
_VARIANTS = 4000
_TIMES = 24
_ZONE = ZoneInfo("America/Mexico_City")
_ASKS = ADDRESS.c.account != str(DECIDES)
# What the copies differ in; they take them in turns.
_VARIANT = Table(
    "growth_variant",
    MetaData(),
    Column("place", Integer, primary_key=True),
    Column("person", Integer),
    Column("chat", String),
    Column("area", String),
    Column("answers", JSON),
    Column("words", String),
    Column("sent", Moment()),
    prefixes=["TEMPORARY"],
)
Costs = dict[str, float]
Spent = dict[str, list[float]]


class Town:
    """A desk, and whoever writes to it; `now` is what its clock says."""

    def __init__(self, database: Database, catalogue: Catalogue, now: datetime) -> None:
        self.database = database
        self.manual = catalogue.manuals[MANUAL]
        self.now = now
        self.desk = Desk(
            database,
            catalogue,
            shelf.house(),
            clock=lambda: self.now,
            secret=lambda: "secret",
            link=lambda manual, query: f"https://t.me/{manual}?{query}",
            bell=lambda: None,
        )
        self._numbers = itertools.count(1)

    async def say(self, account: int, kind: str, said: str) -> None:
        number = str(next(self._numbers))
        await self.do(account, number, Wrote(said) if kind == "text" else Pressed(said, number))

    async def do(self, account: int, number: str, what: What) -> None:
        await self.desk.receive(Incoming(MANUAL, PLATFORM, number, str(account), str(account), "Ana", what))

    async def deliver(self) -> None:
        """Everything that is promised arrives."""
        while True:
            async with self.database.transaction() as work:
                due = await work.letters.due(now=self.now)
                marks = [(one.id, one.chat, one.message or f"m{one.id}") for one in due]
                await work.letters.delivered(marks, now=self.now)
            if not due:
                return

    async def dialogue(self, account: int, event: str, spent: Spent) -> None:
        for place, (kind, said, _) in enumerate(STEPS):
            words = event if place == 2 else said  # the event's name
            which = "the last step of the dialogue" if said == STEPS[-1][1] else "a step of the dialogue"
            spent.setdefault(which, []).append(await _timed(partial(self.say, account, kind, words)))
        await self.deliver()


async def _timed(what: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await what()
    return time.perf_counter() - began


@asynccontextmanager
async def settled(url: str) -> AsyncIterator[Town]:
    """A town in an empty database, where one request was filed: what all the others are copied from."""
    await prepare(url)
    catalogue = shelf.catalogue(shelf.MANUALS)
    town = Town(Database(url), catalogue, NOW)
    try:
        await town.desk.open()
        await town.dialogue(FIRST, STEPS[2][1], {})  # it warms up, too
        yield town
    finally:
        await town.database.close()


async def measure(sizes: Mapping[str, int]) -> list[Costs]:
    """The seconds of each gesture in databases that hold so many closed requests, and 33 open ones.

    In turns, one after the other: what else the machine does is then the same for all. Of each, a quarter was faster.
    """
    async with AsyncExitStack() as stack:
        towns = [await stack.enter_async_context(settled(url)) for url in sizes]
        for town, (url, requests) in zip(towns, sizes.items(), strict=True):
            began = time.perf_counter()
            await fill(town, url, requests)
            print(f"{requests:,} requests in {time.perf_counter() - began:.0f} s", file=sys.stderr)  # noqa: T201 (it may take minutes)
        spent: list[Spent] = [{} for _ in towns]
        for place in range(PEOPLE):
            event = "Apertura de la Fonoteca" if place == 0 else STEPS[2][1]
            for town, mine in zip(towns, spent, strict=True):
                await town.dialogue(FIRST + place, event, mine)
        for town in towns:
            await town.desk.pass_time()  # what is done once a day
        for _ in range(_TIMES):
            for town, mine in zip(towns, spent, strict=True):
                await _ask(town, mine)
        return [{name: statistics.quantiles(values, n=4)[0] for name, values in mine.items()} for mine in spent]


async def _ask(town: Town, spent: Spent) -> None:
    async def due() -> None:
        async with town.database.transaction() as work:
            await work.letters.due(now=NOW)

    async def troubled() -> None:
        async with town.database.transaction() as work:
            await work.letters.troubled(MANUAL)

    async def busy() -> None:
        async with town.database.transaction() as work:
            await work.tasks.last_busy(MANUAL, range(1, PEOPLE + 1))

    async def rated() -> None:
        async with town.database.transaction() as work:
            await work.ratings.open_of(1)

    area = next(iter(town.manual.areas.values())).name.split()[-1]
    gestures: dict[str, Callable[[], Awaitable[object]]] = {
        name: partial(town.say, account, "text", said)
        for name, (account, said) in {
            "the tray of a coordinador": (DECIDES, "bandeja"),
            "a button typed, of 33 cards": (DECIDES, "sí cumple"),
            "«mis solicitudes»": (FIRST, "mis solicitudes"),
            "what can be asked for": (FIRST, "nueva"),
            "a search, a rare word": (DECIDES, "buscar fonoteca"),
            "a search, a common word": (DECIDES, "buscar cultura"),
            "a search, area and date": (DECIDES, f"buscar {area} 15 de diciembre de 2031"),
            "the same, by an enlace": (FIRST, f"buscar {area} 15 de diciembre de 2031"),
        }.items()
    }
    gestures["who has least to do"] = busy
    gestures["what is not rated yet"] = rated
    gestures["what does not arrive"] = troubled
    gestures["a tick of the clock"] = town.desk.pass_time
    gestures["what is due to be sent"] = due
    for name, gesture in gestures.items():
        spent.setdefault(name, []).append(await _timed(gesture))
    await town.deliver()


async def fill(town: Town, url: str, requests: int) -> None:
    """Copy the first request so often, closed, over every area and person, with all that belongs to it."""
    if not requests:
        return
    async with town.database.transaction() as work:
        run = work._hands.run_once
        key = (await run(select(func.max(REQUEST.c.id)))).scalar_one()
        model = await work.requests.get(key)
        assert model is not None
        people = list(
            (await run(select(ADDRESS.c.person_id, ADDRESS.c.chat).where(_ASKS).order_by(ADDRESS.c.id))).all()
        )
    variants = [_variant(town.manual, model, people, place) for place in range(_VARIANTS)]
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        if not work._hands.shared:  # what is copied need not survive a cut of the current
            for setting in ("synchronous=OFF", "cache_size=-500000"):
                await connection.execute(text(f"PRAGMA {setting}"))
        await connection.run_sync(_VARIANT.create)
        await connection.execute(_VARIANT.insert(), variants)
        for first in range(1, requests + 1, _AT_ONCE):
            for statement in _copies(model, first, min(first + _AT_ONCE - 1, requests)):
                await connection.execute(statement)
        if work._hands.shared:  # as the server does by itself, a minute later
            await connection.execute(text("SELECT setval('request_id_seq', (SELECT max(id) FROM request))"))
            await connection.execute(text("VACUUM ANALYZE"))
    await engine.dispose()


def _variant(manual: Manual, model: Request, people: Sequence[Any], place: int) -> dict[str, Any]:
    """Whose a copy is and what it is about: a year and a half of them, wanted on one of some five hundred days."""
    law = next(one for one in manual.procedures if one.code == model.procedure)
    person, chat = people[place % len(people)]
    area = list(manual.areas)[place % len(manual.areas)]
    sent = NOW - timedelta(minutes=1 + place * 780_000 // _VARIANTS)
    day = f"{2031 - place % 17 % 2}-{1 + place % 12:02}-{1 + place % 27:02}"
    answers = {name: _on(value, day) for name, value in model.answers.items()}
    copy = model.but(area=area, requester=person, answers=answers, sent_at=sent)
    words = document(law, copy, area=manual.areas[area].name, requester=f"Persona {chat}", zone=_ZONE)
    return {
        "place": place,
        "person": person,
        "chat": chat,
        "area": area,
        "answers": answers,
        "words": words,
        "sent": sent,
    }


def _on(value: Any, day: str) -> Any:
    return value.replace("2031-12-15", day) if isinstance(value, str) else value


def _copies(model: Request, first: int, last: int) -> Iterator[Insert]:
    """Rows of each table for the copies with these numbers.

    One request, two events, six turns for five, three letters (one of them the card), and an entry in the index and in
    the agenda, a deadline, a rating and an update each.
    """
    counted = select(literal(first).label("n")).cte("counted", recursive=True)
    counted = counted.union_all(select(counted.c.n + 1).where(counted.c.n < last))
    number, mark = counted.c.n, literal(f"h{model.id}-") + cast(counted.c.n, String)
    varied = counted.join(_VARIANT, _VARIANT.c.place == number % _VARIANTS)
    key = number + model.id
    now = {"request_id": key}

    def copied(table: Table, which: ColumnElement[bool], /, **changes: Any) -> Insert:
        columns = [one for one in table.c if one.name != "id" or "id" in changes]
        values = [changes.get(one.name, one) for one in columns]
        said = [
            one if isinstance(one, ColumnElement) else literal(one, column.type)
            for one, column in zip(values, columns, strict=True)
        ]
        return table.insert().from_select(
            [one.name for one in columns], select(*said).select_from(varied.join(table, which))
        )

    mine = REQUEST.c.id == model.id
    whose = {"requester": _VARIANT.c.person, "area": _VARIANT.c.area, "answers": _VARIANT.c.answers}
    closed = {"state": "closed", "outcome": "done", "sent_at": _VARIANT.c.sent}
    yield copied(REQUEST, mine, id=key, folio=REQUEST.c.folio + "-" + mark, **whose, **closed)
    yield copied(EVENT, EVENT.c.request_id == model.id, **now, actor=_VARIANT.c.person)
    turn = (TASK.c.request_id == model.id) & (TASK.c.key == 1)
    ended = {**now, "state": "done", "closed_at": _VARIANT.c.sent, "closed_by": "Ana", "person_id": _VARIANT.c.person}
    yield copied(TASK, turn, **ended)
    yield copied(TASK, turn & (number % 5 == 0), **ended, key=2)
    said = {**now, "state": "sent", "sent_at": _VARIANT.c.sent, "edits": None}
    card = (LETTER.c.request_id == model.id) & LETTER.c.turn.is_not(None)
    yield copied(LETTER, card, **said, message=mark + "-card")
    receipt = (LETTER.c.request_id == model.id) & LETTER.c.turn.is_(None)
    theirs = {**said, "chat": _VARIANT.c.chat, "person_id": _VARIANT.c.person}
    for one in ("-filed", "-closed"):
        yield copied(LETTER, receipt, **theirs, message=mark + one)
    yield copied(SEARCH, SEARCH.c.request_id == model.id, **now, words=_VARIANT.c.words + " " + mark)
    at = literal(NOW - timedelta(days=1), Moment())
    booked = [REQUEST.c.manual, key, literal("comunicacion"), REQUEST.c.folio, _VARIANT.c.sent]
    entry = select(*booked).select_from(varied.join(REQUEST, REQUEST.c.id == model.id))
    yield AGENDA.insert().from_select(["manual", "request_id", "role", "title", "starts"], entry)
    reminder = select(literal(MANUAL), key, literal(1), literal("remind"), _VARIANT.c.sent, true()).select_from(varied)
    yield DEADLINE.insert().from_select(["manual", "request_id", "turn", "kind", "at", "done"], reminder)
    asked = select(key, _VARIANT.c.person, at).select_from(varied)
    yield RATING.insert().from_select(["request_id", "person_id", "at"], asked)
    seen = select(literal(MANUAL), literal(PLATFORM), mark, at).select_from(counted)
    yield SEEN.insert().from_select(["manual", "platform", "update", "at"], seen)


def report(sizes: Sequence[int], costs: Sequence[Costs]) -> str:
    """Milliseconds in the first, and how many times as much in the others."""
    lines = [
        "| | " + " | ".join([f"{sizes[0]:,} (ms)", *(f"{size:,}" for size in sizes[1:])]) + " |",
        "| --- |" + " --: |" * len(sizes),
    ]
    for name, first in costs[0].items():
        others = [f"× {other[name] / first:.2f}" for other in costs[1:]]
        lines.append(f"| {name} | " + " | ".join([f"{first * 1000:.1f}", *others]) + " |")
    return "\n".join(lines)


async def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, nargs="+", default=[0, 100_000])
    parser.add_argument("--database", nargs="+", help="other databases than SQLite, empty, one for each number")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        files = [sqlite(Path(folder) / str(place)) for place, _ in enumerate(given.requests)]
        costs = await measure(dict(zip(given.database or files, given.requests, strict=True)))
    print(report(given.requests, costs))  # noqa: T201 (what it is for)


if __name__ == "__main__":
    asyncio.run(main())
