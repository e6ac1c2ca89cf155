"""Whoever guesses at invitations learns nothing from the answers, and leaves nothing behind."""

import asyncio
import re

import pytest

from tests.stories.test_people import stranger
from tests.story import Phone, World


async def invitation(lucia: Phone) -> str:
    """Make an invitation for a coordinador; gives what the link carries."""
    await lucia.says("invitar")
    await lucia.hears("¿Para qué rol")
    await lucia.says("coordinador")
    made = await lucia.hears("Invitación: Coordinador")
    found = re.search(r"start=(inv-[\w-]+)", made.text)
    assert found is not None
    return found[1]


async def coordinadores(world: World) -> int:
    async with world.database.transaction() as work:
        return len(await work.people.holders("chalco", "coordinador", None, now=await world.now()))


async def test_every_wrong_guess_has_the_same_answer(world: World, lucia: Phone, ana: Phone) -> None:
    good = await invitation(lucia)
    zoe = await stranger(world, "Zoé")
    others = chr(ord(good[-1]) ^ 1)
    guesses = (
        good[:-1], f"{good}x", good[:-1] + others, good.swapcase().replace("INV-", "inv-"), "inv-", "inv-%", "inv-_",
        "inv-' OR 1=1 --", "inv-administrador", "inv-1", f"inv-{'a' * 3000}", "inv-\N{SNOWMAN}",
    )  # fmt: skip
    async with world.database.transaction() as work:
        before = await work.people.everybody("chalco", now=await world.now())
    answers = set()
    for phone in (zoe, ana):
        for guess in guesses:
            await phone.says(f"/start {guess}")
            heard = await phone.hears("ya se usó o venció")
            answers.add((heard.text, tuple(heard.labels)))
    assert len(answers) == 1
    async with world.database.transaction() as work:
        assert await work.people.everybody("chalco", now=await world.now()) == before
    await zoe.says(f"/start {good}")  # no guess has spent it
    await zoe.hears("Aviso de privacidad", "Coordinador")


@pytest.mark.parametrize("wait", [0, 8])
async def test_used_expired_and_guessed_are_answered_alike(world: World, lucia: Phone, wait: int) -> None:
    good = await invitation(lucia)
    if wait:
        await world.later(days=wait)
    else:
        first = await stranger(world, "La primera")
        await first.says(f"/start {good}")
        await first.hears("Aviso de privacidad")
    zoe = await stranger(world, "Zoé")
    await zoe.says(f"/start {good}")
    real = await zoe.hears("ya se usó o venció")
    await zoe.says("/start inv-adivinando")
    guessed = await zoe.hears("ya se usó o venció")
    assert (real.text, real.labels) == (guessed.text, guessed.labels)
    await zoe.says("bandeja")
    await zoe.hears("atiendo a su personal por invitación")


async def test_an_invitation_is_good_until_its_week_is_over(world: World, lucia: Phone) -> None:
    good = await invitation(lucia)
    await world.later(days=6, hours=23)
    zoe = await stranger(world, "Zoé")
    await zoe.says(f"/start {good}")
    await zoe.hears("Aviso de privacidad", "Coordinador")


async def test_of_many_who_open_one_link_at_once_one_enters(world: World, lucia: Phone) -> None:
    good = await invitation(lucia)
    before = await coordinadores(world)
    crowd = [await stranger(world, f"Persona {number}") for number in range(8)]
    await asyncio.gather(*(phone.says(f"/start {good}") for phone in crowd))
    for phone in crowd:
        await phone.ever_heard("nothing")  # once all is said
    assert sorted(phone.heard("Aviso de privacidad") for phone in crowd) == [0] * 7 + [1]
    assert sorted(phone.heard("ya se usó o venció") for phone in crowd) == [0] + [1] * 7
    assert await coordinadores(world) == before + 1
