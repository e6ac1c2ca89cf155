"""Calimaya 1.2: three working days are asked, eight days are only recommended."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.stage import staged
from tests.story import Phone, World


@pytest.fixture
async def calimaya(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with staged(database_url, tmp_path, manual="calimaya") as stage:
        yield stage.world


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
