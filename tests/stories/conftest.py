"""The cast of the stories, in the world they live in: Wednesday 18 November 2026, ten in the morning."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.stage import staged
from tests.story import Phone, World


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with staged(database_url, tmp_path) as stage:
        yield stage.world


@pytest.fixture
def ana(world: World) -> Phone:
    """The enlace of Cultura."""
    return Phone(world, 1101, "Ana")


@pytest.fixture
def raul(world: World) -> Phone:
    """The enlace of ODAPAS."""
    return Phone(world, 1106, "Raúl")


@pytest.fixture
def rosa(world: World) -> Phone:
    """A coordinadora."""
    return Phone(world, 1102, "Rosa")


@pytest.fixture
def mariana(world: World) -> Phone:
    """The other coordinadora."""
    return Phone(world, 1107, "Mariana")


@pytest.fixture
def diego(world: World) -> Phone:
    """Comunicación e Imagen."""
    return Phone(world, 1103, "Diego")


@pytest.fixture
def gabriela(world: World) -> Phone:
    """Gobierno Digital."""
    return Phone(world, 1105, "Gabriela")


@pytest.fixture
def tono(world: World) -> Phone:
    """A técnico."""
    return Phone(world, 1104, "Toño")


@pytest.fixture
def elena(world: World) -> Phone:
    """The other técnica."""
    return Phone(world, 1108, "Elena")


@pytest.fixture
def lucia(world: World) -> Phone:
    """The administradora."""
    return Phone(world, 1109, "Lucía")
