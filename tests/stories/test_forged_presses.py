"""Presses of buttons that never were: each is answered, and changes nothing."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.server import Sandbox
from bot.sandbox.updates import CALLBACK_LIFE
from tests.fuzz.oracle import Reader, changed
from tests.stories.quickly import person
from tests.stories.stage import staged
from tests.stories.test_cobertura import ana_files
from tests.story import PATIENCE, Heard, Phone, World


@dataclass
class Town:
    world: World
    server: Sandbox

    def press(self, phone: Phone, data: str, *, on: int, chat: int | None = None) -> str:
        """Bring a press that no app of Telegram's would make, though Telegram itself might; gives its id."""
        state = self.server._state
        query = state.callbacks.press(self.world.manual, phone.person)
        there = {"id": chat or phone.person, "type": "private", "first_name": phone.name}
        bot = {"id": 7000000001, "is_bot": True, "first_name": "Bot"}
        pressed: dict[str, Any] = {
            "id": query,
            "from": {"id": phone.person, "is_bot": False, "first_name": phone.name},
            "message": {"message_id": on, "date": 1795017600, "chat": there, "from": bot, "text": "…"},
            "chat_instance": "1",
            "data": data,
        }
        state.bots[self.world.manual].queue.push(
            "callback_query", pressed, lane=f"user:{phone.person}", life=CALLBACK_LIFE
        )
        return query

    async def answers(self, phone: Phone, queries: Sequence[str]) -> None:
        """Wait until none of these has its spinner any more."""
        for _ in range(int(PATIENCE * 10)):
            if all(self.server._state.callbacks._pressed[one]["answered"] for one in queries):
                return
            await phone.waits()
        raise AssertionError("somebody's spinner still turns")

    async def does_nothing(self, phone: Phone, *forged: str, on: Heard) -> None:
        """Let somebody press all this on one message, one after the other."""
        reader = Reader(self.world.database)
        before = await reader.state()
        await self.answers(phone, [self.press(phone, data, on=on.id) for data in forged])
        assert changed(before, await reader.state()) == {}, phone.name
        async with self.world.database.transaction() as work:
            said = [one.template for one in await work.letters.everything(self.world.manual)]
        assert "unexpected" not in said, phone.name  # they are no mistake of ours to be sorry for


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with staged(database_url, tmp_path) as stage:
        yield Town(stage.world, stage.server)


@pytest.fixture
def world(town: Town) -> World:
    return town.world


@dataclass
class Standing:
    """What stands there to be forged: a request that Rosa has before her, and a form of Ana's."""

    request: int
    turn: int
    card: Heard
    form: Heard
    draft: int
    step: int
    people: dict[str, int]

    def by_number(self, number: str) -> list[str]:
        """Every button that names a number, with that one in each place of it."""
        request, turn, draft = self.request, self.turn, self.draft
        return [
            *(f"{kind}:{number}" for kind in ("v", "c", "w", "z", "y", "r", "b", "a", "u", "g", "urge")),
            *(f"{kind}:{number}:{number}" for kind in ("k", "y", "o", "s", "l")),
            f"t:{number}:{turn}:cumple", f"t:{request}:{number}:cumple", f"h:{request}:{number}:take",
            f"q:{number}:{self.step}:back", f"q:{draft}:{number}:back", f"k:{request}:{turn}:w{number}",
            f"a:{request}:{turn}:{number}", f"u:{number}:enlace:cultura:yes",
            f"u:{self.people['Ana']}:{number}:{number}:yes", f"g:{number}:tecnico", f"m:people:{number}", f"x:{number}",
        ]  # fmt: skip


@pytest.fixture
async def standing(world: World, ana: Phone, rosa: Phone, diego: Phone) -> Standing:
    folio = await ana_files(ana)
    card = await rosa.hears(folio, "¿Cumple con los requisitos?")
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.hears("Nombre del evento · Paso 1 de 4")
    await ana.says("Feria del libro")
    form = await ana.hears("Fecha y hora · Paso 2 de 4")
    request, _ = await world.record(folio)
    people = {phone.name: (await person(world, phone)).id for phone in (ana, diego)}
    async with world.database.transaction() as work:
        before = await work.people.before(people["Ana"])
        draft = await work.drafts.get(before.draft or 0, person=people["Ana"])
    assert draft is not None
    return Standing(request.id, request.turns[0].key, card, form, draft.id, draft.step, people)


async def it_still_stands(world: World, ana: Phone, rosa: Phone, card: Heard) -> None:
    """The real buttons do what they say."""
    await ana.says("viernes 4 de diciembre 5 pm")
    await ana.hears("✓ Fecha y hora: viernes 4 de diciembre", "Paso 3 de 4")
    await rosa.presses("Sí cumple", on=card)
    await rosa.hears("✓ Sí cumple")
    assert await world.walked("CHA-P01-2026-0001") == ["1", "2", "5", "6"]


NUMBERS = (
    "", "-1", "2147483648", "9999999999", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
    "9" * 50, "²", "1_0",
)  # fmt: skip


async def test_numbers_that_nothing_of_ours_has(
    town: Town, world: World, standing: Standing, ana: Phone, rosa: Phone, lucia: Phone
) -> None:
    await lucia.says("menú")
    menu = await lucia.hears("¿Qué necesitas?")
    for phone, on in ((ana, standing.form), (rosa, standing.card), (lucia, menu)):
        await town.does_nothing(phone, *(data for number in NUMBERS for data in standing.by_number(number)), on=on)
    await it_still_stands(world, ana, rosa, standing.card)


async def test_numbers_in_other_digits_are_not_ours(
    town: Town, world: World, standing: Standing, ana: Phone, rosa: Phone
) -> None:
    """Python reads them as numbers; no button of ours was ever written so."""
    for zero in "٠०０𝟎":

        def said(number: int, zero: str = zero) -> str:
            return "".join(chr(ord(zero) + int(digit)) for digit in str(number))

        request, turn = said(standing.request), said(standing.turn)
        await town.does_nothing(
            rosa, f"t:{request}:{turn}:cumple", f"c:{request}", f"t:{standing.request}:{turn}:cumple", on=standing.card
        )
        draft, step = said(standing.draft), said(standing.step)
        await town.does_nothing(
            ana, f"q:{draft}:{step}:back", f"q:{standing.draft}:{step}:back", f"z:{request}", f"x:{draft}",
            on=standing.form,
        )  # fmt: skip
    await it_still_stands(world, ana, rosa, standing.card)


async def test_more_than_a_button_holds(town: Town, world: World, standing: Standing, ana: Phone, rosa: Phone) -> None:
    """Telegram gives a button 64 bytes; whoever has the webhook's secret may write as many as they like."""
    request, turn = standing.request, standing.turn
    much = ("x" * 65, "x" * 5000, "\N{SNOWMAN}" * 2000, ":" * 5000, "1" * 5000, "<b>" * 1000)
    for phone, on in ((ana, standing.form), (rosa, standing.card)):
        await town.does_nothing(
            phone,
            *(f"{start}{more}" for more in much for start in (
                "", "n:", "m:", "v:", "tell:", f"v:{request}:", f"t:{request}:{turn}:",
                f"q:{standing.draft}:0:", f"h:{request}:{turn}:", f"k:{request}:{turn}:", "i:", "b:1:", "f:", "l:",
            )),
            "m:mine",
            f"r:{standing.draft}",
            on=on,
        )  # fmt: skip
    await it_still_stands(world, ana, rosa, standing.card)


@pytest.mark.parametrize("never", [2**31 - 1, 2**63, 0, -7])
async def test_a_press_on_a_message_that_never_was_is_answered_below(
    town: Town, standing: Standing, ana: Phone, never: int
) -> None:
    await town.answers(ana, [town.press(ana, "m:help", on=never)])
    shown = await ana.hears("Ayuda")
    assert shown.id > standing.form.id
    assert not shown.edited


async def test_a_press_on_somebody_elses_message_leaves_it_alone(
    town: Town, world: World, standing: Standing, ana: Phone, rosa: Phone
) -> None:
    """Who pressed counts, and not whose chat it is said to be."""
    card = standing.card
    act = f"t:{standing.request}:{standing.turn}:cumple"
    reader = Reader(world.database)
    before = await reader.state()
    await town.answers(ana, [town.press(ana, act, on=card.id), town.press(ana, act, on=card.id, chat=rosa.person)])
    await ana.sees("Tu rol de hoy no lo permite")
    assert changed(before, await reader.state()) == {}
    await world.has_said_all()
    await rosa.waits()
    assert rosa.shown(card.id) == card
    await it_still_stands(world, ana, rosa, card)
