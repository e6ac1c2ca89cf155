"""People and groups that are gone, for a while or for good: nobody knocks again, and what waits comes in order."""

import pytest

from tests.stories.test_cobertura import ana_files
from tests.stories.test_groups import linked, said_in
from tests.stories.trouble import fault, left, names_an_event, order, troubles
from tests.story import Phone, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DECIDED, COVERED, COMMENTED = "Ahora: actividad 7", "Ahora: actividad 8", "¿Traen luces?"


async def goes_on_without(world: World, folio: str, rosa: Phone, diego: Phone) -> None:
    """Three things happen that whoever asked would hear of."""
    await rosa.hears(folio, "¿Cumple")
    await rosa.presses("Sí cumple")
    await diego.hears(folio, "Actividad 7 de 8")
    await diego.presses("Comentar")
    await diego.hears("Escribe el comentario")
    await diego.says(COMMENTED)
    await diego.hears("Comentario agregado")
    await world.at("2026-11-27T19:30")
    await diego.presses("Cobertura realizada")
    await diego.hears(folio, "Actividad 8 de 8")


async def hears_it_all(ana: Phone) -> None:
    for said in (DECIDED, COMMENTED, COVERED):
        assert len(await ana.ever_heard(said)) == 1
    came = order(ana, DECIDED, COMMENTED, COVERED)
    assert came == sorted(came)


async def test_who_blocks_the_bot_and_comes_back_hears_what_happened_in_order(
    world: World, ana: Phone, rosa: Phone, diego: Phone, raul: Phone, lucia: Phone
) -> None:
    folio = await ana_files(ana)
    await world.call("POST", f"/sandbox/people/{ana.person}/block", blocked=True)
    await world.reaches(ana.person, reachable=False)
    await names_an_event(raul, "Posada")
    await goes_on_without(world, folio, rosa, diego)
    await troubles(lucia, "Ana Robles: 3 mensajes. Bloqueó al bot; se entregan cuando vuelva.")
    # To take the block back is enough: she need not write.
    await world.call("POST", f"/sandbox/people/{ana.person}/block", blocked=False)
    await ana.hears(COVERED)
    await hears_it_all(ana)
    await troubles(lucia, "Todo está entregado")


async def test_whose_account_is_gone_is_not_knocked_at_and_an_administrator_knows(
    world: World, ana: Phone, rosa: Phone, diego: Phone, raul: Phone, lucia: Phone
) -> None:
    folio = await ana_files(ana)
    await fault(world, "deactivated", chat=ana.person, times=0)
    await goes_on_without(world, folio, rosa, diego)
    await names_an_event(raul, "Posada")
    await troubles(lucia, "Ana Robles: 3 mensajes. Su cuenta de Telegram ya no existe; se entregan cuando vuelva.")
    [met] = await left(world)
    assert met["met"] == 1
    await world.call("DELETE", "/sandbox/faults")
    await ana.says("hola")
    await ana.hears(COVERED)
    await hears_it_all(ana)


async def test_a_block_that_we_hear_of_late_changes_nothing(
    world: World, ana: Phone, rosa: Phone, diego: Phone, lucia: Phone
) -> None:
    """First our own message is refused, and hours later Telegram tells why."""
    folio = await ana_files(ana)
    await fault(world, "late", seconds=7200, chat=ana.person, update="my_chat_member")
    await world.call("POST", f"/sandbox/people/{ana.person}/block", blocked=True)
    await rosa.hears(folio, "¿Cumple")
    await rosa.presses("Sí cumple")
    await diego.hears(folio, "Actividad 7 de 8")
    await world.reaches(ana.person, reachable=False)
    await troubles(lucia, "Ana Robles: 1 mensaje. Bloqueó al bot")
    await world.later(hours=2)
    await troubles(lucia, "Ana Robles: 1 mensaje. Bloqueó al bot")
    await world.call("POST", f"/sandbox/people/{ana.person}/block", blocked=False)
    await ana.hears(DECIDED)
    assert len(await ana.ever_heard(DECIDED)) == 1


async def test_a_group_that_throws_us_out_before_we_hear_of_it_is_told_of_once(
    world: World, ana: Phone, rosa: Phone, mariana: Phone, lucia: Phone
) -> None:
    group = await linked(world, rosa, mariana)
    await fault(world, "late", seconds=7200, chat=group, times=0)
    await world.place_bot(group, "kicked", by=mariana)
    folio = await ana_files(ana)
    await rosa.hears(folio, "¿Cumple")
    await rosa.hears("Ya no estoy en el grupo «Comunicación»")
    await mariana.hears(folio, "¿Cumple")
    await mariana.presses("Sí cumple")
    await ana.hears(folio, DECIDED)
    await troubles(lucia, "Todo está entregado")
    await world.later(hours=2)
    await lucia.says("grupos")
    await lucia.hears("Grupos · 0")
    assert len(await rosa.ever_heard("Ya no estoy en el grupo")) == 1


async def test_a_group_that_moves_before_we_hear_of_it_gets_everything_once(
    world: World, ana: Phone, rosa: Phone, mariana: Phone, lucia: Phone
) -> None:
    group = await linked(world, rosa, mariana)
    first = await ana_files(ana)
    await rosa.into(group).hears(first, "¿Cumple")
    await fault(world, "late", seconds=7200, times=0, update="message", chat=group)
    moved = -1_000_000_000_000 + group
    await fault(world, "late", seconds=7200, times=0, chat=moved)
    await world.call("POST", f"/sandbox/groups/{group}/upgrade")
    second = await ana_files(ana, when="sábado 28 de noviembre 5 pm")
    there = rosa.into(moved)
    for folio in (second, first):  # what was asked in the old one already is asked again behind it
        await there.hears(folio, "¿Cumple")
    await there.presses("Sí cumple", on=there.latest(first))
    await there.hears(first, "✓ Sí cumple · Rosa Ibarra", buttons=[])
    await world.later(hours=2)
    await troubles(lucia, "Todo está entregado")
    for folio in (first, second):
        assert len([one for one in await said_in(world, rosa, moved) if one.startswith(folio)]) == 1
    await lucia.says("grupos")
    await lucia.hears("Grupos · 1", "Comunicación: tarjetas de Coordinador")
