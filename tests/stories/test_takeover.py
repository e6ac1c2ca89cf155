"""Two whole processes poll for the same bot on one PostgreSQL: one of them does, and then the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot import app, shelf
from bot.desk.incoming import Incoming, Popup
from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from bot.sandbox.world import DemoPerson, Municipality
from bot.settings import MANUALS, Settings
from storage import line as lines
from storage import migrate
from tests.stories.stage import WEDNESDAY
from tests.story import Phone, World

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


class Twin:
    """One of two processes, in this one; its desk notes what it hears."""

    def __init__(self, running: app.App) -> None:
        self.app = running
        self.heard: list[str] = []
        self._desk = running.ears["chalco"]._desk
        running.ears["chalco"]._desk = self

    async def receive(self, incoming: Incoming) -> Popup | None:
        popup = await self._desk.receive(incoming)
        self.heard.append(incoming.update)
        return popup


@pytest.fixture
async def twins(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Twin]]:
    monkeypatch.setattr(lines, "_LOOK", 0.05)
    monkeypatch.setattr(lines, "_HANDOVER", 0.1)
    clock = SandboxClock()
    tokens = app.sandbox_tokens(["chalco"])
    town = Municipality(id="chalco", title="Chalco", token=tokens["chalco"], username="oficialia_chalco_bot")
    people = [DemoPerson(one.id, "chalco", one.name, (), None) for one in shelf.demo(MANUALS, "chalco").people]
    server = Sandbox([town], people, data=tmp_path, clock=clock)
    await migrate.upgrade(database_url)
    await server.start()
    settings = Settings(data=tmp_path, database=database_url, telegram_api=server.url, rate=1000.0, chat_burst=1000)
    catalogue = shelf.catalogue(MANUALS)
    twins = [Twin(app.App(settings, catalogue, tokens, clock=clock, names={})) for _ in range(2)]
    await app._move_in(twins[0].app.database, settings, ["chalco"])
    async with AsyncExitStack() as stack:
        stack.push_async_callback(server.stop)
        yield twins


async def test_what_one_leaves_the_other_takes_up(twins: list[Twin]) -> None:
    first, second = twins
    url = first.app.settings.telegram_api
    with capture_logs() as logs:
        async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
            world = World(url, http, first.app.database)
            await world.at(WEDNESDAY)
            ana = Phone(world, 1101, "Ana")
            # Both at once, on an empty database: what each writes down when it starts is there once.
            tasks = [group.create_task(one.app.run()) for one in twins]
            await ana.says("/nueva GCH-CCS-P01-2023")
            await ana.hears("Nombre del evento · Paso 1 de 4")
            if second.heard:
                first, second, tasks = second, first, tasks[::-1]
            await ana.says("Feria")
            await ana.hears("✓ Nombre del evento: Feria", "Paso 2 de 4")
            assert (len(first.heard), len(second.heard)) == (2, 0)

            tasks[0].cancel()
            await ana.says("viernes 27 de noviembre 5 pm")
            await ana.hears("✓ Fecha y hora: viernes 27", "Paso 3 de 4")
            await ana.says("Plaza Cívica")
            await ana.hears("✓ Lugar y dirección: Plaza Cívica", "Paso 4 de 4")
            assert len(second.heard) >= 2
            assert len(set(first.heard) | set(second.heard)) == 4
            tasks[1].cancel()
    taken = [line["kind"] for line in logs if line["event"] == "on_duty"]
    assert taken.count("listen") == 2
    assert taken.count("send") in {1, 2}  # the other one may have spoken from the beginning
    assert not [line for line in logs if line["event"] == "somebody_else_polls"]
