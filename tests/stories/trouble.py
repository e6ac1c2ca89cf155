"""What the stories of bad days have in common."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.story import PATIENCE, Phone, World


async def fault(world: World, kind: str, **more: object) -> None:
    await world.call("POST", "/sandbox/faults", fault=kind, **more)


async def names_an_event(phone: Phone, name: str) -> None:
    """A whole exchange, which takes a few updates."""
    await phone.says("/nueva GCH-CCS-P01-2023")
    await phone.hears("Nombre del evento · Paso 1 de 4")
    await phone.says(name)
    await phone.hears(f"✓ Nombre del evento: {name}", "Paso 2 de 4")


async def until(world: World, phone: Phone, holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that no phone shows."""
    for _ in range(int(PATIENCE * 20)):
        if await holds():
            return
        await world.call("GET", f"/sandbox/people/{phone.person}/chat?manual=chalco&after=999999999&wait=0.05")
    raise AssertionError("it never came to that")


def waits_for(world: World, phone: Phone, count: int) -> Callable[[], Awaitable[bool]]:
    """Whether so many letters wait for somebody."""

    async def waiting() -> bool:
        async with world.database.transaction() as work:
            letters = await work.letters.everything("chalco")
        waiting = [one for one in letters if one.kind != "strip" and one.message is None]
        return len([one for one in waiting if one.chat == str(phone.person)]) == count

    return waiting


def order(phone: Phone, *fragments: str) -> list[int]:
    """The first message with each of these fragments."""
    return [min(key for key, one in phone._messages.items() if fragment in one.text) for fragment in fragments]


async def troubles(lucia: Phone, *lines: str) -> None:
    await lucia.says("sin entregar")
    await lucia.hears("Mensajes sin entregar", *lines)


async def left(world: World) -> list[Any]:
    """The faults that there are still, with what they have met."""
    found: list[Any] = await world.call("GET", "/sandbox/faults")
    return found
