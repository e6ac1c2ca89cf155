"""Telegram has a bad day: the bot goes on listening, and says what it could not do."""

import pytest

from tests.sandbox.pictures import png
from tests.stories.test_cobertura import ana_files
from tests.story import Phone, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("fault", ["500", "502", "drop", "429", "lose_response"])
async def test_updates_that_cannot_be_fetched_are_fetched_later(world: World, ana: Phone, fault: str) -> None:
    await world.call("POST", "/sandbox/faults", fault=fault, method="getUpdates", retry_after=1)
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.hears("Nombre del evento")
    await ana.says("Feria")
    await ana.hears("✓ Nombre del evento: Feria")
    assert [len(await ana.ever_heard(one)) for one in ("Paso 1 de 4", "Paso 2 de 4")] == [1, 1]


@pytest.mark.parametrize("fault", ["500", "502", "drop", "429", "lose_response", "expired"])
async def test_a_press_whose_spinner_cannot_be_stopped_counts(
    world: World, ana: Phone, rosa: Phone, fault: str
) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await world.call("POST", "/sandbox/faults", fault=fault, method="answerCallbackQuery", retry_after=1)
    await rosa.presses("Sí cumple")
    await rosa.hears(folio, "✓ Sí cumple")
    await rosa.says("bandeja")
    await rosa.hears("No tienes pendientes")


@pytest.mark.parametrize("method", ["getFile", "file"])
@pytest.mark.parametrize("fault", ["500", "502", "drop", "429"])
async def test_a_file_that_cannot_be_fetched_is_asked_for_again(
    world: World, ana: Phone, method: str, fault: str
) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.hears("Nombre del evento")
    await world.call("POST", "/sandbox/faults", fault=fault, method=method, retry_after=1, times=2)
    await ana.sends(png(20, 20), "cartel.png")
    await ana.hears("No pude bajar «cartel.png»")
    await ana.says("Feria")
    await ana.hears("✓ Nombre del evento: Feria")


@pytest.mark.parametrize("fault", ["500", "502", "drop"])
async def test_what_could_not_be_said_is_said_later(world: World, ana: Phone, fault: str) -> None:
    await world.call("POST", "/sandbox/faults", fault=fault, method="sendMessage", chat=ana.person)
    await ana.says("/nueva GCH-CCS-P01-2023")
    await world.later(seconds=3)
    await ana.hears("Nombre del evento")
