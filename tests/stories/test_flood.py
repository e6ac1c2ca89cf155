"""One person sends two hundred messages at once: it is they who wait for the answers, and nobody else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.sandbox.updates import Queue
from tests.stories.stage import staged
from tests.stories.webhook.calling import SECRET, free_port
from tests.story import Phone, World

FLOOD = 200
BEFORE = 180  # so many before Rosa says something: she is among getUpdates' second hundred, as they are in part


@dataclass
class Town:
    world: World
    queue: Queue


@pytest.fixture(params=["polling", "webhook"])
async def town(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    called: dict[str, Any] = {}
    if request.param == "webhook":
        port = free_port()
        called = {"webhook_url": f"http://127.0.0.1:{port}", "webhook_port": port, "webhook_secret": SecretStr(SECRET)}
    async with staged(database_url, tmp_path, **called) as stage:
        yield Town(stage.world, stage.server._state.bots["chalco"].queue)


@pytest.fixture
def world(town: Town) -> World:
    return town.world


def said(phone: Phone, number: int, text: str) -> dict[str, Any]:
    who = {"id": phone.person, "first_name": phone.name}
    message = {"message_id": 50_000 + number, "date": 1795017600, "text": text}
    return {**message, "chat": {**who, "type": "private"}, "from": {**who, "is_bot": False}}


async def test_a_flood_slows_only_whoever_sends_it(town: Town, world: World, ana: Phone, rosa: Phone) -> None:
    for phone in (ana, rosa):
        await phone.says("menú")
        await phone.hears("¿Qué necesitas?")
    for number in range(FLOOD):  # no await among them: they are all there before the first is brought
        if number == BEFORE:
            town.queue.push("message", said(rosa, FLOOD, "bandeja"), lane=f"chat:{rosa.person}")
        town.queue.push("message", said(ana, number, f"/baila{number}"), lane=f"chat:{ana.person}")
    await rosa.hears("Bandeja")
    answers = await ana.ever_heard("No conozco /baila")
    async with world.database.transaction() as work:
        chats = [one.chat for one in await work.letters.everything("chalco")]
    answered = chats.index(str(rosa.person), 2)  # the first two are the menus
    assert answered - 2 < BEFORE
    assert [one.text.split()[2].strip(".,") for one in answers] == [f"/baila{number}" for number in range(FLOOD)]
