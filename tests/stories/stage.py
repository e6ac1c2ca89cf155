"""A story's stage: Telegram's server as the sandbox plays it, the real bot, and the people of a municipality."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot import app
from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from tests.story import Phone, World

WEDNESDAY = "2026-11-18T10:00"


@dataclass(frozen=True)
class Stage:
    """A world, and what only those behind it see."""

    world: World
    server: Sandbox
    app: app.App


@asynccontextmanager
async def staged(database_url: str, data: Path, *, manual: str = "chalco", **settings: Any) -> AsyncIterator[Stage]:
    """A municipality on Wednesday 18 November 2026, at ten in the morning; `settings` besides the usual ones."""
    given = Settings(data=data, database=database_url, rate=1000.0, chat_burst=1000, **settings)
    async with (
        app.sandbox(given, port=0, manual=manual, clock=SandboxClock()) as (server, running),
        aiohttp.ClientSession() as http,
    ):
        world = World(server.url, http, running.database, manual, desk=running.desk)
        await world.at(WEDNESDAY)
        yield Stage(world, server, running)


async def asked_for_logos(ana: Phone) -> None:
    """Ana asks for a lona, and is asked for the logos that go on it: files, as many as she likes."""
    await ana.says("/nueva gch-ccs-p06-2023")
    await ana.lives_through(
        ("Justificación", "Difundir la feria"),
        ("Tipo de material", "lona"),
        ("Formato", "pdf listo"),
        ("Digital o para impresión", "digital"),
        ("Plataforma", "Facebook"),
        ("Texto", "Te invitamos"),
        ("Eslogan", "omitir"),
    )
    await ana.hears("Logotipos")
