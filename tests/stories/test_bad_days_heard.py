"""What people say comes slowly, late, twice or the wrong way round, or somebody else listens: nothing is lost."""

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot import app
from bot.channels import telegram
from tests.sandbox.pictures import png
from tests.stories.test_cobertura import ana_files
from tests.stories.trouble import fault, names_an_event
from tests.story import Phone, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

API = f"/bot{app.sandbox_tokens(['chalco'])['chalco']}"
HOUR = 3600


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram, "_PAUSE", 0.05)
    monkeypatch.setattr(telegram, "_COURTESY", 0.3)


# Slow


@pytest.mark.parametrize("slow", ["slow", "slow_answer"])
async def test_a_file_on_a_bad_line_keeps_nobody_else_waiting(world: World, ana: Phone, raul: Phone, slow: str) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.hears("Nombre del evento · Paso 1 de 4")
    await fault(world, slow, method="file", seconds=HOUR)
    await ana.sends(png(20, 20), "cartel.png")
    await ana.says("Feria")
    await names_an_event(raul, "Posada")
    await raul.says("viernes 27 de noviembre 5 pm")
    await raul.hears("✓ Fecha y hora", "Paso 3 de 4")
    await ana.waits()
    assert ana.unread() == []  # her own words wait for her file

    await world.call("DELETE", "/sandbox/faults")
    refused = await ana.hears("cartel.png")
    taken = await ana.hears("✓ Nombre del evento: Feria", "Paso 2 de 4")
    assert refused.id < taken.id
    assert len(await ana.ever_heard("cartel.png")) == 1
    assert len(await raul.ever_heard("✓ Nombre del evento: Posada")) == 1


async def test_a_spinner_that_hangs_keeps_nobody_waiting(world: World, ana: Phone, rosa: Phone, raul: Phone) -> None:
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await fault(world, "slow", method="answerCallbackQuery", seconds=HOUR)
    await rosa.presses("Sí cumple")
    await rosa.hears(folio, "✓ Sí cumple")
    await names_an_event(raul, "Posada")
    await rosa.says("bandeja")
    await rosa.hears("No tienes pendientes")
    assert await world.walked(folio) == ["1", "2", "5", "6"]


# Twice, late, the wrong way round


async def test_a_press_that_is_brought_again_hours_later_changes_nothing(
    world: World, ana: Phone, rosa: Phone, mariana: Phone
) -> None:
    folio = await ana_files(ana)
    card = await rosa.hears(folio, "¿Cumple")
    pressed = await rosa.presses("Sí cumple", on=card)
    await rosa.hears(folio, "✓ Sí cumple")
    await rosa.presses("Deshacer")
    await rosa.hears(folio, "¿Cumple", absent=["✓"])
    before = len(await mariana.ever_heard(folio))
    await world.later(hours=3)
    await world.call("POST", "/sandbox/redeliver", update_id=pressed)
    await rosa.says("bandeja")
    await rosa.hears("Bandeja · 1 pendiente")
    assert (await world.record(folio))[0].activity == "2"
    assert len(await mariana.ever_heard(folio)) == before


async def test_what_comes_the_wrong_way_round_is_heard_in_its_order(
    world: World, ana: Phone, rosa: Phone, raul: Phone
) -> None:
    folio = await ana_files(ana)
    card = await rosa.hears(folio, "¿Cumple")
    await raul.says("/nueva GCH-CCS-P01-2023")
    await raul.hears("Nombre del evento · Paso 1 de 4")
    # They are late, so that all of it comes at once.
    await fault(world, "late", seconds=60, times=5)
    await fault(world, "reversed")
    await rosa.presses("No cumple", on=card)
    await rosa.says("2 listo")
    for said in ("Posada", "viernes 27 de noviembre 5 pm", "Plaza Cívica"):
        await raul.says(said)
    await world.later(seconds=60)
    await raul.hears("✓ Lugar y dirección: Plaza Cívica", "Paso 4 de 4")
    assert raul.heard("✓ Nombre del evento: Posada") == raul.heard("✓ Fecha y hora: viernes 27") == 1
    await rosa.hears("¿Qué debe corregir el área?")
    assert await world.call("GET", "/sandbox/faults") == []


async def test_what_is_late_is_heard_late_and_by_then_others_have_gone_on(
    world: World, ana: Phone, rosa: Phone, raul: Phone, mariana: Phone
) -> None:
    folio = await ana_files(ana)
    card = await rosa.hears(folio, "¿Cumple")
    await names_an_event(ana, "Feria")
    await fault(world, "late", seconds=4 * HOUR, chat=ana.person, times=2)
    await ana.says("sábado 28 de noviembre 5 pm")
    await ana.says("Plaza Cívica")
    await fault(world, "late", seconds=4 * HOUR, chat=rosa.person)
    await rosa.presses("Sí cumple", on=card)
    await names_an_event(raul, "Posada")
    await mariana.hears(folio, "¿Cumple")
    await mariana.presses("Sí cumple")
    await mariana.hears(folio, "✓ Sí cumple · Mariana Paz")
    assert ana.unread() == []

    await world.later(hours=4)
    await ana.hears("✓ Lugar y dirección: Plaza Cívica", "Paso 4 de 4")
    assert ana.heard("✓ Fecha y hora: sábado 28") == 1
    # A press is not worth telling after so long: whoever pressed sees what has become of it.
    await rosa.hears(folio, "✓ Sí cumple · Mariana Paz")
    assert await world.walked(folio) == ["1", "2", "5", "6"]


# Somebody else


async def test_while_somebody_else_polls_nothing_is_lost(world: World, ana: Phone, raul: Phone) -> None:
    await names_an_event(ana, "Feria")
    with capture_logs() as logs:
        async with aiohttp.ClientSession(world.url) as rival:
            while not any(line["event"] == "somebody_else_polls" for line in logs):
                async with rival.post(f"{API}/getUpdates", json={"timeout": 1}) as answer:
                    assert answer.status in {200, 409}
            await ana.says("viernes 27 de noviembre 5 pm")
            async with rival.post(f"{API}/getUpdates", json={"timeout": 1}) as answer:
                assert answer.status in {200, 409}
        await ana.hears("✓ Fecha y hora: viernes 27", "Paso 3 de 4")
        await names_an_event(raul, "Posada")
    assert len(await ana.ever_heard("✓ Fecha y hora: viernes 27")) == 1


async def test_a_webhook_that_somebody_sets_while_we_poll_is_taken_away(world: World, ana: Phone) -> None:
    await names_an_event(ana, "Feria")
    with capture_logs() as logs:
        async with world.http.post(f"{world.url}{API}/setWebhook", json={"url": f"{world.url}/nobody"}) as answer:
            assert (await answer.json())["ok"]
        await ana.says("viernes 27 de noviembre 5 pm")
        await ana.hears("✓ Fecha y hora: viernes 27", "Paso 3 de 4")
    assert "webhook_in_the_way" in [line["event"] for line in logs]
    assert len(await ana.ever_heard("✓ Fecha y hora: viernes 27")) == 1


async def test_a_bot_that_asks_for_its_name_on_a_bad_day_hears_its_group(world: World, rosa: Phone) -> None:
    await rosa.says("menú")
    await rosa.hears("¿Qué necesitas?")
    await fault(world, "500", method="getMe", times=0)
    there = rosa.into(await world.group("Comunicación", rosa))
    await there.says("/nueva")
    await there.hears("escríbeme en privado")
