"""Telegram on loopback, and one bot's voice."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from notifications.senders.pacing import Pace
from notifications.senders.telegram import TelegramSender
from tests.sandbox.doors import ANA, BETO, TOWN, Door


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    world = Sandbox([TOWN], [ANA, BETO], data=tmp_path, clock=SandboxClock())
    await world.start()
    yield world
    await world.stop()


@pytest.fixture
async def door(sandbox: Sandbox) -> AsyncIterator[Door]:
    async with aiohttp.ClientSession(sandbox.url) as session:
        yield Door(session, TOWN.token, TOWN.id)


@pytest.fixture
async def sender(sandbox: Sandbox) -> AsyncIterator[TelegramSender]:
    sender = TelegramSender(TOWN.token, api=sandbox.url, rate=1000, pace=Pace(burst=1000, per_second=1000))
    await sender.open()
    yield sender
    await sender.close()
