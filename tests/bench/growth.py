"""What a gesture costs when the database is full of what has ended, as a ratio to an empty one.

`python -m tests.bench.growth [--requests N …] [--database URL]`; each database that is given must be empty.
"""

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, func, select, text

from bot import shelf
from bot.desk.desk import Desk
from bot.desk.incoming import Incoming, Pressed, Wrote
from bot.flows.procedure import Manual
from bot.flows.request import Request
from bot.flows.search import document
from storage import tables
from storage.database import Database
from tests.bench.__main__ import prepare, sqlite
from tests.bench.drive import FIRST, PEOPLE, STEPS

MANUAL, PLATFORM = "chalco", "telegram"
NOW = datetime(2030, 11, 27, 18, 0, tzinfo=UTC)
DECIDES = FIRST + PEOPLE
_AT_ONCE = 5000
_TIMES = 15
_ZONE = ZoneInfo("America/Mexico_City")
Costs = dict[str, float]


@dataclass
class Town:
    """A desk, and whoever writes to it."""

    database: Database
    desk: Desk
    manual: Manual
    numbers: "itertools.count[int]"

    async def say(self, account: int, kind: str, said: str) -> None:
        number = str(next(self.numbers))
        what = Wrote(said) if kind == "text" else Pressed(said, number)
        await self.desk.receive(Incoming(MANUAL, PLATFORM, number, str(account), str(account), "Ana", what))

    async def deliver(self) -> None:
        """Everything that is promised arrives."""
        while True:
            async with self.database.transaction() as work:
                due = await work.letters.due(now=NOW)
                marks = [(one.id, one.chat, one.message or f"m{one.id}") for one in due]
                await work.letters.delivered(marks, now=NOW)
            if not due:
                return

    async def dialogue(self, account: int, event: str, spent: dict[str, list[float]]) -> None:
        for place, (kind, said, _) in enumerate(STEPS):
            words = event if place == 2 else said  # the event's name
            which = "the last step of the dialogue" if said == STEPS[-1][1] else "a step of the dialogue"
            spent.setdefault(which, []).append(await _timed(partial(self.say, account, kind, words)))
        await self.deliver()


async def _timed(what: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await what()
    return time.perf_counter() - began


async def measure(url: str, requests: int) -> Costs:
    """The median seconds of each gesture in a database that holds so many ended requests, and 33 open ones."""
    await prepare(url)
    catalogue = shelf.catalogue(shelf.MANUALS)
    database = Database(url)
    desk = Desk(
        database,
        catalogue,
        shelf.house(),
        clock=lambda: NOW,
        secret=lambda: "secret",
        link=lambda manual, query: f"https://t.me/{manual}?{query}",
        bell=lambda: None,
    )
    town = Town(database, desk, catalogue.manuals[MANUAL], itertools.count(1))
    try:
        await desk.open()
        await town.dialogue(FIRST, STEPS[2][1], {})  # what all the others are copied from; and it warms up
        await fill(town, requests)
        spent: dict[str, list[float]] = {}
        for place in range(PEOPLE):
            event = "Apertura de la Fonoteca" if place == 0 else STEPS[2][1]
            await town.dialogue(FIRST + place, event, spent)
        await _ask(town, spent)
        return {name: statistics.median(values) for name, values in spent.items()}
    finally:
        await database.close()


async def _ask(town: Town, spent: dict[str, list[float]]) -> None:
    async def due() -> None:
        async with town.database.transaction() as work:
            await work.letters.due(now=NOW)

    area = next(iter(town.manual.areas.values())).name.split()[-1]
    asked = {
        "the tray of a coordinador": (DECIDES, "bandeja"),
        "«mis solicitudes»": (FIRST, "mis solicitudes"),
        "a search, a rare word": (DECIDES, "buscar fonoteca"),
        "a search, a common word": (DECIDES, "buscar cultura"),
        "a search, area and date": (DECIDES, f"buscar {area} 15 de diciembre de 2031"),
        "the same, by an enlace": (FIRST, f"buscar {area} 15 de diciembre de 2031"),
    }
    await town.desk.pass_time()  # what is done once a day
    for _ in range(_TIMES):
        for name, (account, said) in asked.items():
            spent.setdefault(name, []).append(await _timed(partial(town.say, account, "text", said)))
        spent.setdefault("a tick of the clock", []).append(await _timed(town.desk.pass_time))
        spent.setdefault("what is due to be sent", []).append(await _timed(due))
        await town.deliver()


async def fill(town: Town, requests: int) -> None:
    """Copy the first request so often, ended, over every area and person, with all that belongs to it."""
    async with town.database.transaction() as work:
        run = work._hands.run
        key = (await run(select(func.max(tables.REQUEST.c.id)))).scalar_one()
        model = await work.requests.get(key)
        assert model is not None
        kept = {
            table.name: [dict(row) for row in (await run(select(table).where(table.c[by] == key))).mappings()]
            for table, by in _BELONG
        }
        people = list((await run(select(tables.ADDRESS.c.person_id, tables.ADDRESS.c.chat))).all())
        for first in range(0, requests, _AT_ONCE):
            rows = _copies(town.manual, model, kept, people, range(first, min(first + _AT_ONCE, requests)))
            for table, several in rows:
                await run(table.insert(), several)
        if work._hands.shared:  # as the server does by itself, a minute later
            await run(text("SELECT setval('request_id_seq', (SELECT max(id) FROM request))"))
            await run(text("ANALYZE"))


_BELONG: tuple[tuple[Table, str], ...] = (
    (tables.REQUEST, "id"),
    (tables.EVENT, "request_id"),
    (tables.TASK, "request_id"),
    (tables.LETTER, "request_id"),
)


def _copies(
    manual: Manual,
    model: Request,
    kept: dict[str, list[dict[str, Any]]],
    people: Sequence[Any],
    numbers: range,
) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Rows of each table: one request, two events, six turns for five, three letters, an entry, an update."""
    law, areas = next(one for one in manual.procedures if one.code == model.procedure), list(manual.areas)
    [request], [event, *_], [task, *_], [letter, *_] = (
        [{name: value for name, value in row.items() if name != "id"} for row in kept[table.name]]
        for table, _ in _BELONG
    )
    rows: dict[Table, list[dict[str, Any]]] = {table: [] for table, _ in _BELONG}
    entries, updates = [], []
    for number in numbers:
        key, (person, chat) = model.id + 1 + number, people[number % len(people)]
        area, folio = areas[number % len(areas)], f"{model.folio}-H{number}"
        # A year and a half of them, wanted on one of some five hundred days.
        sent = NOW - timedelta(minutes=1 + number % 780_000)
        day = f"{2031 - number % 17 % 2}-{1 + number % 12:02}-{1 + number % 27:02}"
        answers = {name: _on(value, day) for name, value in request["answers"].items()}
        copy = model.but(id=key, folio=folio, area=area, requester=person, answers=answers, sent_at=sent)
        names = manual.areas[area].name, f"Persona {chat}"
        ended = {"state": "ended", "outcome": "done", "area": area, "requester": person, "sent_at": sent}
        rows[tables.REQUEST].append({**request, **ended, "id": key, "folio": folio, "answers": answers})
        rows[tables.EVENT].extend({**event, "request_id": key, "seq": seq, "actor": person} for seq in (1, 2))
        rows[tables.TASK].extend(
            {**task, "request_id": key, "key": turn, "state": "done", "closed_at": sent, "closed_by": "Ana"}
            for turn in range(1, 3 if number % 5 == 0 else 2)
        )
        said = {"request_id": key, "chat": chat, "person_id": person, "state": "sent", "sent_at": sent}
        rows[tables.LETTER].extend({**letter, **said, "message": f"h{number}-{one}"} for one in range(3))
        words = document(law, copy, area=names[0], requester=names[1], zone=_ZONE)
        entries.append({"request_id": key, "words": words})
        updates.append({"manual": MANUAL, "platform": PLATFORM, "update": f"h{number}", "at": NOW - timedelta(days=1)})
    yield from rows.items()
    yield tables.SEARCH, entries
    yield tables.SEEN, updates


def _on(value: Any, day: str) -> Any:
    return value.replace("2031-12-15", day) if isinstance(value, str) else value


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
    costs = []
    for place, size in enumerate(given.requests):
        with tempfile.TemporaryDirectory() as folder:
            costs.append(await measure(given.database[place] if given.database else sqlite(Path(folder)), size))
    print(report(given.requests, costs))  # noqa: T201 (what it is for)


if __name__ == "__main__":
    asyncio.run(main())
