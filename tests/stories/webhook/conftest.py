"""A town whose bot Telegram calls, and the door at which anybody may."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.webhook.calling import Door, called
from tests.story import World


@pytest.fixture
async def worlds(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[World, Door]]:
    async with called(database_url, tmp_path) as both:
        yield both


@pytest.fixture
def world(worlds: tuple[World, Door]) -> World:
    return worlds[0]


@pytest.fixture
def door(worlds: tuple[World, Door]) -> Door:
    return worlds[1]
