"""The process is killed with SIGKILL and started again: nothing that was answered is lost."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from storage.database import Database
from tests.story import Phone, World

ROOT = Path(__file__).parents[2]


class Machine:
    """The sandbox as a person starts it, in a process of its own."""

    def __init__(self, data: Path, database_url: str) -> None:
        self._data = data
        self._environment = {**os.environ, "OFICIALIA_DATABASE": database_url, "PYTHONPATH": str(ROOT)}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> str:
        """Start it and give its address."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "sandbox", "--port", "0", "--data", str(self._data), "--manual", "chalco",
            "--headless", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=self._environment,
        )  # fmt: skip
        assert self._process.stdout is not None
        line = (await asyncio.wait_for(self._process.stdout.readline(), 60)).decode()
        found = re.search(r"http://\S+", line)
        assert found is not None, line
        return found[0]

    async def end(self, how: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(how)
        return await asyncio.wait_for(self._process.wait(), 30)

    async def run(self, *arguments: str) -> str:
        """Run another command beside it."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, stdout=asyncio.subprocess.PIPE, env=self._environment
        )
        said, _ = await process.communicate()
        assert process.returncode == 0
        return said.decode()


@asynccontextmanager
async def world_at(url: str) -> AsyncIterator[World]:
    async with aiohttp.ClientSession() as http:
        yield World(url, http, Database("sqlite+aiosqlite://"))


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    machine = Machine(tmp_path, "")
    yield machine
    if machine._process is not None and machine._process.returncode is None:
        await machine.end(signal.SIGKILL)


async def test_a_form_left_half_filled_is_finished_after_a_kill(machine: Machine, tmp_path: Path) -> None:
    async with world_at(await machine.start()) as world:
        ana = Phone(world, 1101, "Ana")
        await ana.says("/nueva GCH-CCS-P01-2023")
        await ana.lives_through(("Nombre del evento", "Feria"), ("Paso 2 de 4", "lunes 7 de diciembre 10:00"))
        await ana.hears("Lugar y dirección · Paso 3 de 4")
        await ana.says("Plaza Cívica")  # killed before or after the bot reads it: it must not matter
        await machine.end(signal.SIGKILL)
        world.url = await machine.start()
        await ana.hears("✓ Lugar y dirección: Plaza Cívica", "Paso 4 de 4")
        await ana.says("foto")
        await ana.hears("Revisa antes de enviar", "Feria", "Plaza Cívica")
        await ana.says("enviar")
        filed = await ana.hears("Tu folio es CHA-P01-")
        folio = filed.text.partition("Tu folio es ")[2].partition(".")[0]
        rosa = Phone(world, 1102, "Rosa")
        card = await rosa.hears(folio, "¿Cumple")
        await machine.end(signal.SIGKILL)
        world.url = await machine.start()
        await rosa.presses("Sí cumple", on=card)
        await rosa.hears(folio, "✓ Sí cumple")

        said = json.loads(await machine.run("record", folio, "--json", "--data", str(tmp_path)))
        assert said["activity"] == "7"
        assert [event["activity"] for event in said["events"]] == ["1", "2", "5", "6"]
        assert said["answers"]["evento"] == "Feria"
        assert said["state"] == "open"
    assert await machine.end(signal.SIGTERM) == 0


async def test_a_second_process_on_the_same_folder_is_refused(machine: Machine, tmp_path: Path) -> None:
    await machine.start()
    second = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "sandbox", "--port", "0", "--data", str(tmp_path), "--headless",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    _, said = await asyncio.wait_for(second.communicate(), 60)
    assert second.returncode == 1
    assert "otro proceso ya usa la carpeta" in said.decode()
    assert "Traceback" not in said.decode()
