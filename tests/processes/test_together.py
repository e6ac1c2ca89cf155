"""Three listeners, two couriers and two clocks on one PostgreSQL, under load; some of them are killed midway."""

import asyncio
import re
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest

from bot import app
from bot.channels import TELEGRAM
from bot.flows.people import Area
from bot.flows.quiet import Prefs
from bot.sandbox.clock import SandboxClock
from bot.sandbox.world import DemoPerson, Municipality
from storage.database import Database
from tests.notes import Call, Telegram
from tests.processes.machines import Process, Proxy, free_ports

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)

RATE = 20
ENLACES = range(5001, 5025)
ROSA = 5100
NOW = datetime.now(UTC)  # noqa: TID251 (the processes go by the real clock)
DAY = (NOW + timedelta(days=30)).strftime("%d/%m/%Y")


class Deployment:
    """All of it, and the load."""

    def __init__(
        self,
        telegram: Telegram,
        proxy: Proxy,
        database: Database,
        http: aiohttp.ClientSession,
        settings: dict[str, str],
    ) -> None:
        self.telegram = telegram
        self.proxy = proxy
        self.database = database
        self.running: dict[str, list[Process]] = defaultdict(list)
        self._http = http
        self._settings = settings

    async def starts(self, part: str, readers: asyncio.TaskGroup, **more: str) -> None:
        process = await Process.start(part, **self._settings, **more)
        self.running[part].append(process)
        readers.create_task(process.read())

    def everybody(self) -> list[Process]:
        return [process for processes in self.running.values() for process in processes]

    async def types(self, person: int) -> None:
        """Fill a whole form without waiting for a single answer."""
        path = f"{self.telegram.url}/sandbox/people/{person}/messages"
        for text in (
            "/nueva GCH-CCS-P01-2023", f"Feria {person}", f"{DAY} 10:00", f"Plaza {person}", "foto", "enviar"
        ):  # fmt: skip
            async with self._http.post(path, json={"manual": "chalco", "text": text}) as answer:
                assert answer.status == 200, await answer.text()

    async def rows(self, query: str) -> list[Any]:
        connection = await asyncpg.connect(self._settings["database"].replace("+asyncpg", ""))
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()

    async def deadlocks(self) -> int:
        """How often two transactions waited for each other in this database."""
        [row] = await self.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(row["deadlocks"])

    async def populate(self) -> None:
        """Know the enlaces and a coordinadora, past the aviso de privacidad and told things at any hour."""
        async with self.database.transaction() as work:
            await work.people.open_area("chalco", Area(id="cultura", name="Dirección de Cultura", kind="central"))
            for person in (*ENLACES, ROSA):
                known = await work.people.meet("chalco", TELEGRAM, str(person), name=f"Persona {person}", now=NOW)
                await work.people.accept_privacy(known.id, now=NOW)
                await work.people.prefer(known.id, Prefs(night=True, digest=False))
                role, area = ("enlace", "cultura") if person in ENLACES else ("coordinador", None)
                await work.people.give(known, role, area, now=NOW)

    async def remind_of_everything(self) -> int:
        """Let the hour have come of every turn that is open now; tells how many."""
        async with self.database.transaction() as work:
            turns = 0
            for row in await self.rows("SELECT folio FROM request"):
                request = await work.requests.by_folio("chalco", row["folio"])
                assert request is not None
                for turn in request.turns:
                    await work.requests.remind(request, turn.key, kind="term", at=NOW)
                    turns += 1
        return turns


@pytest.fixture
async def deployment(database_url: str, tmp_path: Path) -> AsyncIterator[Deployment]:
    token = app.sandbox_tokens(["chalco"])["chalco"]
    town = Municipality(id="chalco", title="Chalco", token=token, username="oficialia_chalco_bot")
    people = [DemoPerson(person, "chalco", f"Persona {person}", (), None) for person in (*ENLACES, ROSA)]
    ports = free_ports(3)
    async with AsyncExitStack() as stack:
        telegram, proxy = Telegram([town], people, data=tmp_path / "telegram", clock=SandboxClock()), Proxy(ports)
        for one in (telegram, proxy):
            await one.start()
            stack.push_async_callback(one.stop)
        database = Database(database_url)
        stack.push_async_callback(database.close)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        settings = {
            "token": token,
            "manual": "chalco",
            "data": str(tmp_path / "data"),
            "database": database_url,
            "telegram_api": telegram.url,
            "webhook_url": proxy.url,
            "webhook_secret": "nobody-guesses-it_7",
            "rate": str(RATE),
            "chat_burst": "1000",
        }
        deployment = Deployment(telegram, proxy, database, http, settings)
        await deployment.populate()
        readers = await stack.enter_async_context(asyncio.TaskGroup())
        try:
            for port in ports:
                await deployment.starts("listen", readers, webhook_port=str(port))
            for _ in range(2):
                await deployment.starts("send", readers)
            yield deployment
        finally:
            for process in deployment.everybody():
                process.send(signal.SIGKILL)
                # Shown where the test fails.
                sys.stdout.writelines(f"{process.name}: {line}\n" for line in process.lines[-40:])


def repeats(said: list[Call]) -> list[list[Call]]:
    """What some chat was told more than once."""
    told: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for one in said:
        if one.method == "sendMessage":
            told[one.chat, one.text].append(one)
    return [times for times in told.values() if len(times) > 1]


def busiest(said: list[Call], seconds: float) -> int:
    """The most that was said within so many seconds."""
    at = [one.at for one in said]
    return max(sum(1 for one in at[place:] if one < start + seconds) for place, start in enumerate(at))


async def test_whoever_is_killed_takes_nothing_along(deployment: Deployment) -> None:
    telegram, running = deployment.telegram, deployment.running
    deadlocks = await deployment.deadlocks()
    time = asyncio.get_running_loop().time
    async with asyncio.TaskGroup() as group:
        for process in deployment.everybody():
            await process.until("running")
        for person in ENLACES:
            group.create_task(deployment.types(person))

        # Midway, the courier that speaks and one of the listeners are killed.
        await telegram.until(lambda: len(telegram.said) >= 40)
        [speaking] = [courier for courier in running["send"] if courier.events("on_duty")]
        [standby] = [courier for courier in running["send"] if courier is not speaking]
        killed = time()
        for process in (speaking, running["listen"][0]):
            process.send(signal.SIGKILL)
            assert await process.ended() == -signal.SIGKILL
        assert len(telegram.said) < 120
        await standby.until("on_duty")
        assert time() - killed < 15

        # Two clocks find the same hours come.
        await telegram.until(lambda: sum("Tu folio es" in one.text for one in telegram.said) >= 5)
        turns = await deployment.remind_of_everything()
        assert turns >= 5
        for _ in range(2):
            await deployment.starts("clock", group)

        await telegram.until(lambda: sum("Ya pasó la hora prevista" in one.text for one in telegram.said) >= turns)
        async with asyncio.timeout(60):
            while await deployment.rows("SELECT id FROM letter WHERE state = 'pending'"):
                await telegram.something()

        for process in deployment.everybody():
            process.send(signal.SIGTERM)
        codes = [await process.ended() for process in deployment.everybody()]
        assert sorted(codes) == sorted([-signal.SIGKILL] * 2 + [0] * (len(codes) - 2))

    await everything_is_stored(deployment)
    await everything_was_said_in_order(deployment)

    # Only what was on its way when the courier was killed was said twice: of each chat one letter at most.
    again = repeats(telegram.said)
    assert all(killed - 3 < times[0].at < killed + 1 and len(times) == 2 for times in again)
    assert len({times[0].chat for times in again}) == len(again)
    # Two couriers said no more together than one bot may: nor while one took over from the other.
    assert {one.status for one in telegram.refused} <= {400}  # never 429; a change made twice is refused as no change
    assert len(telegram.refused) <= len(ENLACES)
    assert busiest(telegram.said, 3) <= 3 * RATE * 1.2
    assert busiest(telegram.said, 3) >= 3 * RATE * 0.3  # so much that two would have been caught
    for process in deployment.everybody():
        assert not [line for line in process.lines if line.get("level") == "error"]
    assert await deployment.deadlocks() == deadlocks


async def everything_is_stored(deployment: Deployment) -> None:
    """Each enlace's form was filed once, every answer under its own question."""
    folios = []
    for person in ENLACES:
        async with deployment.database.transaction() as work:
            contact = await work.people.at("chalco", TELEGRAM, str(person), now=NOW)
            assert contact is not None
            [request] = await work.requests.of(contact.person.id, limit=10)
            assert await work.drafts.of(contact.person.id) == []
            assert await work.requests.first_break(request.id) is None
        assert request.answers["evento"] == f"Feria {person}"
        assert request.answers["lugar"] == {"text": f"Plaza {person}"}
        assert request.answers["formato"] == "foto"
        folios.append(request.folio)
    year = datetime.now(UTC).year  # noqa: TID251 (as above)
    assert sorted(folios) == [f"CHA-P01-{year}-{number:04}" for number in range(1, len(ENLACES) + 1)]
    assert not await deployment.rows("SELECT id FROM deadline WHERE NOT done AND at <= now()")
    reminders = await deployment.rows(
        "SELECT request_id, turn, count(*) FROM letter WHERE template = 'reminder' GROUP BY 1, 2"
    )
    assert reminders
    assert {row["count"] for row in reminders} == {1}


async def everything_was_said_in_order(deployment: Deployment) -> None:
    """Every letter was delivered, and each enlace heard the questions in the order in which they were asked."""
    states = await deployment.rows("SELECT state, count(*) FROM letter GROUP BY state")
    assert [row["state"] for row in states] == ["sent"]
    for person in ENLACES:
        letters = await deployment.rows(
            f"SELECT message::bigint FROM letter WHERE chat = '{person}' AND kind = 'send' ORDER BY id"  # noqa: S608 (our own number)
        )
        messages = [row["message"] for row in letters]
        assert messages == sorted(messages)
        assert len(messages) == len(set(messages))
        steps = [
            step
            for one in deployment.telegram.said
            if one.chat == str(person)
            for step in re.findall(r"Paso (\d)", one.text)
        ]
        assert list(dict.fromkeys(steps)) == ["1", "2", "3", "4"], steps
        assert Counter(steps).most_common(1)[0][1] <= 2
