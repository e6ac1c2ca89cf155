"""What a gesture or a tick of the clock asks is found by an index, and costs the same however much has been closed.

The statements are those that ran, on a database with a history: people write to the desk, letters go out, time passes.
"""

import json
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from bot.desk.incoming import Reachable, Upload
from storage.database import Database
from storage.tables import REQUEST
from tests.bench.drive import FIRST
from tests.bench.growth import DECIDES, MANUAL, NOW, PLATFORM, Town, fill, settled

ADMINISTERS = DECIDES + 1

GROWS = {
    "request", "request_event", "task", "letter", "search_entry", "search_words", "seen_update", "agenda_entry",
    "rating", "deadline",
}  # fmt: skip
# What is of one municipality and one platform is everything, in most places.
EVERYTHING = {"manual", "platform"}
# And what is in one of these states is most of it.
USUAL = {"sent", "done", "closed"}

# The lists of who has a word; what an area asked for this month, to count it.
MAY_GROW = ("search_words MATCH", "request.sent_at >= ?")

# Every statement, and how it was first run: as it was sent, with its values in it or beside it.
Asked = dict[str, tuple[str, Any]]
_TICK = 10
_VALUE = re.compile(r"'(?:[^']|'')*'|(?<![\w.])-?\d+(?:\.\d+)?(?!\w)")


@asynccontextmanager
async def heard(database: Database) -> AsyncIterator[Asked]:
    """Every statement that is run meanwhile."""
    asked: Asked = {}

    def hear(_: Any, __: Any, statement: str, given: Any, ___: Any, many: bool) -> None:  # noqa: FBT001 (SQLAlchemy's own)
        asked.setdefault(statement, (statement, given[0] if many else given))

    if database.embedded:
        here = await driver_of(database)
        here.set_trace_callback(lambda said: asked.setdefault(_VALUE.sub("?", said), (said, ())))
        yield asked
        here.set_trace_callback(None)
    else:
        event.listen(database.engine.sync_engine, "before_cursor_execute", hear)
        yield asked
        event.remove(database.engine.sync_engine, "before_cursor_execute", hear)


async def driver_of(database: Database) -> sqlite3.Connection:
    """The connection on which all is written."""
    async with database.transaction() as work:
        assert work._hands._here is not None
        return work._hands._here


@asynccontextmanager
async def peopled(url: str) -> AsyncIterator[Town]:
    """A town with somebody who administers it."""
    async with settled(url) as town:
        async with town.database.transaction() as work:
            somebody = await work.people.meet(MANUAL, PLATFORM, str(ADMINISTERS), name="Lucía", now=NOW)
            await work.people.give(somebody, "administrador", None, now=NOW)
            await work.people.accept_privacy(somebody.id, now=NOW)
        yield town


async def asks(town: Town) -> None:
    """An enlace asks for something, looks for what was asked before, and says something about it."""
    await town.dialogue(FIRST, "Verbena", {})
    key = await newest(town)
    for said in ("nueva", "mis solicitudes", "buscar verbena", "buscar cultura 15 de diciembre de 2031", "comentar"):
        await town.say(FIRST, "text", said)
    for data in (
        "f:me:closed",
        f"f:me:closed:n:{key - 9}",
        f"f:me:all:p:{key - 9}",
        "f:area:open",
        f"v:{key}",
        f"v:{key}:log",
        f"c:{key}",
    ):
        await town.say(FIRST, "press", data)
    await town.say(FIRST, "text", "Lleven la lona")
    await town.say(FIRST, "press", f"c:{key}")
    for number in ("a1", "a2"):
        picture = Upload("lona.png", "image/png", 9, photo=True, sha256="0" * 64, album="lona")
        await town.do(FIRST, number, picture)
    await town.deliver()


async def decides(town: Town) -> None:
    """A coordinador goes through the tray, decides, takes it back, decides again and looks for something."""
    key = await newest(town)
    for kind, said in (
        ("text", "bandeja"), ("press", "l:late"), ("press", f"k:{key}:1:all"), ("press", f"j:all:n:{key}:1"),
        ("text", "sí cumple"), ("press", f"t:{key}:1:cumple"), ("press", "m:undo"), ("press", f"t:{key}:2:no_cumple"),
        ("text", "Falta el lugar"), ("text", "buscar verbena"), ("text", "buscar cultura"),
    ):  # fmt: skip
        await town.say(DECIDES, kind, said)
    await town.deliver()


async def administers(town: Town) -> None:
    """What does not arrive is looked at."""
    await town.do(FIRST + 1, "b1", Reachable("blocked"))
    for data in ("m:troubles", "m:people", "m:groups"):
        await town.say(ADMINISTERS, "press", data)
    await town.do(FIRST + 1, "b2", Reachable("ok"))
    await town.deliver()


async def passes_on(town: Town) -> None:
    """What storage is asked where work is handed on to people in person, and by whoever carries letters."""
    async with town.database.transaction() as work:
        await work.tasks.loads(MANUAL, [1, 2])
        await work.tasks.last_busy(MANUAL, [1, 2])
        await work.tasks.held(MANUAL, 1)
        await work.tasks.unassigned(MANUAL, ["tecnico"])
        await work.ratings.open_of(1)
        await work.letters.due(now=town.now, bots=[(MANUAL, PLATFORM)], paused=[(MANUAL, "other")])


async def sleeps(town: Town) -> None:
    """A night passes: what is said in it waits, and in the morning everybody hears what there is to do."""
    key = await newest(town)
    began, town.now = town.now, NOW + timedelta(hours=11)
    await town.desk.pass_time()
    await town.say(FIRST, "press", f"c:{key}")
    await town.say(FIRST, "text", "Y el templete")
    for hours in (20.75, 48, 24 * 40):
        town.now = NOW + timedelta(hours=hours)
        while await town.desk.pass_time():
            await town.deliver()
    town.now = began


GESTURES = (asks, decides, administers, passes_on, sleeps)


async def newest(town: Town) -> int:
    async with town.database.transaction() as work:
        return int((await work._hands.run_once(select(func.max(REQUEST.c.id)))).scalar_one())


async def walks(database: Database, asked: Asked) -> dict[str, str]:
    """The statements that go through all of a table that grows, and what the database says of how it would."""
    found: dict[str, str] = {}
    async with database.engine.connect() as connection:
        for statement, (said, given) in asked.items():
            if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
                how = "EXPLAIN QUERY PLAN" if database.embedded else "EXPLAIN (FORMAT JSON)"
                plan = (await connection.exec_driver_sql(f"{how} {said}", given)).all()
                if database.embedded:
                    wrong = [row.detail for row in plan if is_walk(row.detail, said)]
                else:
                    wrong = [str(node) for node in nodes(plan[0][0]) if is_scan(node)]
                if wrong:
                    found[statement] = "; ".join(wrong)
    return found


def is_walk(line: str, said: str) -> bool:
    """Whether a line of SQLite's plan means to go through everything."""
    what = re.match(r"(SCAN|SEARCH) (\w+?)(?:_\d+)?(?: |$)(.*)", line)
    if what is None or what[2] not in GROWS:
        return False
    if what[2] == "search_words":
        return ":M" not in what[3]
    by = set(re.findall(r"(\w+)[=<>]", what[3].rpartition("(")[2]))
    usual = {"state"} if any(f"'{one}'" in said for one in USUAL) else set()
    # By nothing at all is found what stands at an end of it.
    return what[1] == "SCAN" or (bool(by) and by <= EVERYTHING | usual)


def nodes(plan: Any) -> Iterator[Mapping[str, Any]]:
    """Every node of PostgreSQL's plan; `in turn` is one that need not be read to its end."""
    tree = json.loads(plan) if isinstance(plan, str) else plan
    queue = [one["Plan"] for one in tree]
    while queue:
        node = queue.pop()
        limited = node["Node Type"] == "Limit"
        queue.extend({**one, "in turn": limited} for one in node.get("Plans", ()))
        yield node


def is_scan(node: Mapping[str, Any]) -> bool:
    """Whether a node of PostgreSQL's plan means to go through everything."""
    if node.get("Relation Name") not in GROWS or node["Node Type"] == "ModifyTable":
        return False
    if node["Node Type"] == "Seq Scan":
        return True
    by = set(re.findall(r"\(?(\w+) (?:=|<|>|@@|IS)", node.get("Index Cond", "") + node.get("Recheck Cond", "")))
    # One person's are so many of the newest that PostgreSQL may look for theirs among those.
    return by <= EVERYTHING and not node["in turn"]


async def test_no_gesture_goes_through_all_that_was_ever_asked_for(database_url: str) -> None:
    async with peopled(database_url) as town:
        await fill(town, database_url, 2000)
        async with heard(town.database) as asked:
            for gesture in GESTURES:
                await gesture(town)
        assert await walks(town.database, asked) == {}
        async with town.database.engine.begin() as connection:
            await connection.execute(text("DROP INDEX ix_letter_card"))
        await town.database.engine.dispose()  # a connection may remember its plans
        assert await walks(town.database, asked) != {}


async def steps(url: str, requests: int) -> dict[str, int]:
    """How many steps SQLite takes for each statement, at most, among so many closed requests."""
    taken: dict[str, int] = {}
    async with peopled(url) as town:
        await fill(town, url, requests)
        now, count = "", 0

        def tick() -> None:
            nonlocal count
            count += _TICK

        def hear(said: str) -> None:
            nonlocal now, count
            if not said.startswith("--"):  # which is part of another: the index of words at work
                taken[now] = max(count, taken.get(now, 0))
                now, count = _VALUE.sub("?", said), 0

        here = await driver_of(town.database)
        here.set_progress_handler(tick, _TICK)
        here.set_trace_callback(hear)
        for gesture in GESTURES:
            await gesture(town)
        await town.say(FIRST, "text", "mis solicitudes")
        async with town.database.transaction() as work:
            [shown, *_] = await work.said._last(MANUAL, PLATFORM, str(FIRST))
        assert "(99+)" in str(shown.buttons), "nobody counts further"
    return taken


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_statement_takes_more_steps_among_more_closed_requests(database_url: str, tmp_path: Path) -> None:
    some = await steps(database_url, 3500)
    more = await steps(f"sqlite+aiosqlite:///{tmp_path}/more.sqlite", 7000)
    grown = {one: (some[one], more[one]) for one in some if more[one] > some[one] * 1.1 + 3 * _TICK}
    assert [one for one in grown if not any(words in one for words in MAY_GROW)] == [], grown
