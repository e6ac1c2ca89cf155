"""A small world to try the sandbox in: two towns, three people, and a folder that remembers."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from tests.sandbox.doors import ANA, BETO, CARO, OTHER_TOWN, TOWN, Door


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock()


@pytest.fixture
def build(tmp_path: Path) -> Callable[[SandboxClock], Sandbox]:
    """Build the world again and again on the same folder."""

    def sandbox(clock: SandboxClock) -> Sandbox:
        return Sandbox([TOWN, OTHER_TOWN], [ANA, BETO, CARO], data=tmp_path, clock=clock)

    return sandbox


@pytest.fixture
async def sandbox(build: Callable[[SandboxClock], Sandbox], clock: SandboxClock) -> AsyncIterator[Sandbox]:
    world = build(clock)
    await world.start()
    yield world
    await world.stop()


@pytest.fixture
async def door(sandbox: Sandbox) -> AsyncIterator[Door]:
    async with aiohttp.ClientSession(sandbox.url) as session:
        yield Door(session, TOWN.token, TOWN.id)


@pytest.fixture
def other(door: Door) -> Door:
    """Open the doors of the other town's bot."""
    return Door(door.session, OTHER_TOWN.token, OTHER_TOWN.id)
