"""Calimaya 1.2: three working days are asked, eight days are only recommended."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot import app
from bot.sandbox.clock import SandboxClock
from bot.settings import Settings
from tests.story import Phone, World


@pytest.fixture
async def calimaya(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    settings = Settings(data=tmp_path, database=database_url, rate=1000.0, chat_burst=1000)
    async with (
        app.sandbox(settings, port=0, manual="calimaya", clock=SandboxClock()) as (server, running),
        aiohttp.ClientSession() as http,
    ):
        world = World(server.url, http, running.database, "calimaya")
        await world.at("2026-11-18T10:00")
        yield world


async def test_a_recommended_notice_is_said_and_never_asked_about(calimaya: World) -> None:
    people = await calimaya.call("GET", "/sandbox/people?manual=calimaya")
    enlace = next(one for one in people if one["roles"] == ["enlace"])
    phone = Phone(calimaya, enlace["id"], enlace["name"])
    await phone.says("/nueva 1.2")
    await phone.hears("Paso 1 de")
    await phone.says("Feria del Alfeñique")
    await phone.hears("Fecha y hora", "El manual recomienda 8 días (Políticas 1.3)")
    await phone.says("martes 24 de noviembre 10:00")  # four working days ahead, six days
    await phone.hears("✓ Fecha y hora: martes 24", "Paso 3 de", absent=["El manual pide"])
